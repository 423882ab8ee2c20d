# A qué ritmo salen los mensajes.

pace-title = Ritmo
pace-line = A qué ritmo salen los mensajes, entre todas las personas. Lo que espera conserva su lugar; los mensajes transaccionales van primero, y cada uno se mira otra vez antes de salir.
pace-waits = algunos esperan
pace-flows = dentro de los límites
pace-free = sin límites
pace-empty = Nada está limitado: los mensajes salen tan rápido como los acepta el servidor o el proveedor. Un dominio de envío nuevo conviene calentarlo.
pace-waiting = { $count ->
    [one] { $count } mensaje espera
   *[other] { $count } mensajes esperan
}
pace-next = los siguientes salen desde
pace-warm-up = Calentamiento de { $domain }
pace-plan = Desde { $day }: { $first } al día a cada proveedor, cada día un { $percent } % más, hasta { $full }.
pace-of-another = otro remitente
pace-ahead = no ha empezado
pace-in-force = en curso
pace-over = caliente
pace-remove = Quitar
pace-add-limit = Añadir un límite
pace-add-warm-up = Calentar un dominio de envío
pace-warm-up-line = Los proveedores de correo aceptan poco de un dominio que no conocen. Empiece con poco y crezca a medida que la gente lee.
pace-messages = Mensajes como máximo
pace-per = En un intervalo de
pace-second = segundo
pace-minute = minuto
pace-hour = hora
pace-day = día
pace-channel = Canal
pace-to = A
pace-to-line = Vacío: a todos juntos. Un dominio como gmail.com: a ese proveedor bajo todos sus dominios. La palabra "others": a cada proveedor que ningún límite nombra.
pace-set = Fijar el límite
pace-domain = Dominio de envío
pace-since = Primer día
pace-first = Mensajes al día a cada proveedor al principio
pace-percent = Crecimiento diario, en por ciento
pace-full = Caliente a partir de tantos mensajes al día
pace-begin = Empezar el calentamiento
pace-wrong-number = El número de mensajes debe ser entero, de 1 a 10 000 000.
pace-wrong-to = Eso no es un dominio: escriba lo que va detrás de la @, como gmail.com, o la palabra "others".
pace-wrong-day = Eso no es un día.
pace-wrong-stale = Alguien publicó la tienda mientras tanto. Mire de nuevo y vuelva a fijarlo.
