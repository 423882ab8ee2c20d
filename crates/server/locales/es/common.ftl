# El marco de cada página, los tiempos y lo que dicen varias páginas.

skip-to-content = Ir al contenido
nav-label = Principal
nav-today = Hoy
nav-people = Personas
nav-segments = Segmentos
nav-journeys = Recorridos
nav-sources = Fuentes
nav-quarantine = Cuarentena
nav-outbox = Salida
nav-waiting = { $count ->
    [one] { $count } te espera
   *[other] { $count } te esperan
}
language-label = Idioma
sign-out = Salir
close = Cerrar
search = Buscar
see-all = Ver todo
all = Todo
never = Nunca
until = hasta
details = Detalles
show-as-table = Ver como tabla
contents-label = En esta página
filter-label = Filtro

help-title = Teclado
help-search = Buscar a una persona
help-rows = Fila siguiente, fila anterior
help-open = Abrir la fila
help-help = Esta ayuda
help-close = Cerrar

why = ¿Por qué?
why-of = ¿Por qué? { $what }
known-then = Decidido con todo lo que se sabía hasta la posición { $position } del registro.
held-until = en espera hasta { $until } como máximo
open-message = Abrir el mensaje
anonymous = Visitante anónimo

pager-label = Páginas
pager-newest = Lo último
pager-older = Anteriores
pager-total = { $count } en total
rows = { $count ->
    [one] { $count } fila
   *[other] { $count } filas
}
orders = { $count ->
    [0] sin pedidos
    [one] { $count } pedido
   *[other] { $count } pedidos
}

day-today = Hoy
day-yesterday = Ayer
moment-yesterday = ayer { $clock }
moment-tomorrow = mañana { $clock }
moment-date-clock = { $date } { $clock }
moment-just-now = ahora mismo
moment-ago = hace { $span }
moment-ahead = en { $span }
date-day-month = { $day } { $month }
date-day-month-year = { $day } { $month } { $year }
date-weekday-date = { $weekday }, { $date }
span-seconds = { $count } s
span-minutes = { $count } min
span-hours = { $count } h
span-days = { $count } d
time-not-told = No se dijo la hora
month-1 = ene
month-2 = feb
month-3 = mar
month-4 = abr
month-5 = may
month-6 = jun
month-7 = jul
month-8 = ago
month-9 = sept
month-10 = oct
month-11 = nov
month-12 = dic
weekday-1 = Lunes
weekday-2 = Martes
weekday-3 = Miércoles
weekday-4 = Jueves
weekday-5 = Viernes
weekday-6 = Sábado
weekday-7 = Domingo
weekday-short-1 = lun
weekday-short-2 = mar
weekday-short-3 = mié
weekday-short-4 = jue
weekday-short-5 = vie
weekday-short-6 = sáb
weekday-short-7 = dom

news = Hay novedades: mostrar
