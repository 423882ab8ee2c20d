# Fuentes y cuarentena.

sources-line = Lo que sabemos está tan completo como el canal de datos más lento.
sources-empty = Aún no hay fuentes. Crea una y apunta a ella un rastreador, una caja o un fichero.
sources-all = Todas las fuentes
source = Fuente
last-heard = Último aviso
complete-until = Completa hasta
normal-lag = Puede retrasarse
latest-event = Suceso más reciente
events-today = Sucesos hoy
feed-holding = { $count ->
    [one] retiene { $count } mensaje
   *[other] retiene { $count } mensajes
}
legend-known = Lo dijo ella misma, con un latido o una marca de agua.
legend-presumed = Habla tan a menudo como siempre, así que no debería faltar nada.
legend-behind = Debería haber hablado. Lo que aún pueda contar retiene mensajes.

rhythm-label = Sucesos de { $feed } por hora de la semana, últimas { $weeks } semanas
rhythm-caption = { $weeks ->
    [one] Sucesos por hora de la semana, última semana
   *[other] Sucesos por hora de la semana, últimas { $weeks } semanas
}
weekday = Día

quarantine-line = Aceptado y no entendido. Aquí no se pierde nada: repara una fila, o arregla su fuente y repite.
quarantine-none = No hay nada en cuarentena.
raw-masked = La fila tal como llegó, con los datos personales tapados
show-and-repair = Mostrar y reparar
hide = Ocultar
replay = Repetir
replay-all = { $count ->
    [one] Repetir { $count } fila
   *[other] Repetir { $count } filas
}
replay-all-line = ¿Asignación o catálogo arreglados?
repair = Guardar y repetir
repair-label = La fila, para editar
repair-problem = Sigue rechazada: { $problem }

duplicates = Repeticiones hasta ahora
conflicts = Mismo id, otro contenido hasta ahora
legend-imported = Trajo historia y no se espera que vuelva a hablar. Nada la espera.
dismiss = Apartar
bring-back = Recuperar
dismissed-line = Está fuera de la cuarentena. Durante diez minutos se puede recuperar.
