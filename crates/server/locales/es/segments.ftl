# Segmentos.

segments-line = Quién está en qué grupo de personas, exacto en cada momento.
segments-empty = Aún no hay segmentos. Escriba una condición, vea al instante a quién abarca y póngale un nombre.
segment-new = Segmento nuevo
segment = Segmento
segment-condition = Condición
segment-members = Miembros
segment-sizes = Tamaño en el tiempo
segment-sizes-of = Tamaño de { $segment } en el tiempo
segment-hour = Hora
segment-computing = se está calculando
segment-who = Quién está en él
segment-name = Nombre
segment-help = Una frase: pedidos, compras, carritos, rasgos, consentimientos, segmentos, con «and», «or», «not». La guía lo enumera todo.
segment-suggestions = Sugerencias
segment-by-files = gestionado por archivos
segment-patch = Cambio para llevarse
segment-patch-line = Este segmento se gestiona con archivos. Ponga esto en lugar de lo que dicen y publíquelo con «regulars apply».
segment-save = Guardar y calcular
segment-stale = Otra persona lo cambió entretanto: mírelo de nuevo antes de guardar.
segment-remove = Quitar este segmento
segment-between = entre { $low } y { $high }
segment-reachable = localizables
segment-promotable = con un sí a la promoción
segment-counting = contando a todos
segment-cure = Remedio:
segment-nobody = Nadie todavía.
segment-some = Algunos de ellos
segment-why = ¿Por qué alguien está en él, o no?
segment-in = está en él
segment-out = no está en él
segment-since = desde
segment-uncertain = Todavía no es seguro, porque:
segment-turns = Solo el tiempo puede cambiarlo:
segment-told-in = { $name } está en el segmento «{ $segment }», porque:
segment-told-since = { $name } está en el segmento «{ $segment }» desde { $since }, porque:
segment-told-out = { $name } no está en el segmento «{ $segment }», porque:
segment-told-so = Se cumple para { $name }, porque:
segment-told-not-so = No se cumple para { $name }, porque:
segment-told-computing = El segmento todavía se está calculando para todos.
segment-turn-entered = entró
segment-turn-left = salió
segment-turn-event = por un evento
segment-turn-time = por el paso del tiempo
segment-turn-found = encontrado al calcularlo
segment-reach = A quién llegan los mensajes
segment-reach-computing = Todavía se está calculando para todas las personas.
segment-overlaps = Compartido con otros segmentos
segment-both = En ambos
segment-share = Parte de este segmento
segment-count = { $count ->
    [one] { $count } miembro
   *[other] { $count } miembros
}
segment-of-people = { $count ->
    [one] de { $count } persona
   *[other] de { $count } personas
}
segment-exactly = { $count ->
    [one] exactamente { $count } persona
   *[other] exactamente { $count } personas
}

list-title = Listas fijas
list-name = Nombre de la lista
list-rows = Identificadores, uno por línea, o una tabla cuya primera columna son
list-try = Solo mirar qué pasaría
list-add = Poner en la lista
list-remove = Quitar de la lista
list-tried = (no se cambió nada)
list-matched = Conocidos:
list-unchanged = de ellos sin cambio:
list-new = Personas nuevas:
list-unmatched = Nadie conocido, omitidos:
list-erased = Borrados, omitidos:
list-repeated = Filas repetidas:
list-unreadable = Filas no entendidas:
