# Pasar personas a la versión vigente de un recorrido.

moving-link = Pasar a las personas a la versión vigente
moving-title = Pasar personas
moving-who = En versiones anteriores
moving-nobody = Nadie está en una versión anterior.
moving-gone = Quienes estén en un paso que ya no existe:
moving-stay = siguen en su versión
moving-leave = salen del recorrido
moving-to-step = van al paso { $step }
moving-show = Mostrar
moving-from = Paso
moving-people = Personas
moving-to = Va a
moving-do = { $count ->
    [one] Pasar a { $count } persona
   *[other] Pasar a { $count } personas
}
moving-line = Las esperas cuentan desde que empezaron. Un mensaje en camino se queda con su paso. No se puede deshacer.
notice-people-moved = Se está pasando a las personas; los números de abajo lo siguen.
