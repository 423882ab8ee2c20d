# Hoy y la salida.

today-begin = Empezar
today-begin-line = Ninguna fuente envía nada todavía. Conecta la tienda web, una caja o un fichero y aquí aparecerán personas.
today-begin-action = Conectar una fuente
today-happened = Qué ha pasado
today-since = desde { $since }
today-looked = Marcar como visto
today-nothing-happened = No se ha decidido nada desde tu última mirada.
today-needs-you = Te necesita
today-calm = Nada te necesita. Todo marcha.
today-held = Mensajes en espera
today-held-more = { $count ->
    [one] y { $count } más
   *[other] y { $count } más
}
held-since = en espera desde
today-uncertain-line = Puede que el proveedor lo aceptara. Cuenta como enviado y nunca se repite.
today-silent-since = Último aviso { $ago }.
today-never-heard = Aún no se ha oído nada.
today-expected = Se esperaba: { $expected }.
today-holding = { $count ->
    [one] retiene { $count } mensaje
   *[other] retiene { $count } mensajes
}
sending-is-paused = El envío está en pausa.
sending-paused-by = Lo pausó { $name } ({ $since }).
sending-marketing-paused = Ofertas, recordatorios y consejos están en pausa; los mensajes sobre pedidos siguen.
sending-alarm-complaints = { $count ->
    [one] { $count } queja de { $sent } mensajes en 7 días: más del 0,3 %.
   *[other] { $count } quejas de { $sent } mensajes en 7 días: más del 0,3 %.
}
sending-alarm-bounces = { $count ->
    [one] { $count } de { $sent } mensajes volvió en 7 días: más del 5 %.
   *[other] { $count } de { $sent } mensajes volvieron en 7 días: más del 5 %.
}
sending-alarm-next = Mire qué salió último y para quién, y luego reanude: se cuenta desde cero.
sending-resume = Reanudar el envío

messages = Mensajes
outbox-line = Lo que el programa habría enviado. No hay servidor de correo, así que nada sale de esta máquina.
outbox-empty = Todavía no hay mensajes.
message-html = Así se ve
message-frame = El mensaje «{ $subject }»
message-pictures = Las imágenes de la red no se cargan.
message-plain = Texto sin formato
message-envelope = Sobre
message-for = Persona
message-from = De
message-to = Para
message-headers = Cabeceras
journey = Recorrido

sending-pause = Pausar el envío
today-takings = Pedidos y ventas
takings-orders = Pedidos
takings-net = Ventas netas
takings-line = Menos devoluciones, en el día del pedido, según lo contado por las fuentes.
takings-counting = Aún se cuentan sucesos anteriores.
today-latest = la última { $ago }
sending-paused-restore = Los datos vienen de una copia de seguridad. Compruébalos y reanuda.
takings-foreign = { $count ->
    [one] { $count } pedido en otra moneda no está en las sumas.
   *[other] { $count } pedidos en otras monedas no están en las sumas.
}
