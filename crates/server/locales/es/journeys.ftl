# Recorridos.

journeys-line = Quién está dónde, y por qué.
journeys-empty = Aún no hay recorridos. Empieza uno aquí, o escríbelo como fichero y aplícalo.
journeys-equation = En cada paso: entran = salen + esperan + siguen. Los retenidos son parte de los que esperan; los enviados y omitidos, parte de los que siguen.
version = versión
journey-entry = Empieza
journey-goal = Objetivo
journey-exit = Acaba al instante
journey-entered = Entraron
journey-reached = { $count ->
    [one] { $count } llegó a la meta
   *[other] { $count } llegaron a la meta
}
journey-steps = Pasos de { $journey }
step = Paso
column-in = Entran
column-left = salen
column-waiting = esperan
column-done = siguen
does-not-balance = no cuadra
