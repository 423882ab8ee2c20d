# La vista única de un cliente.

spent = Gastado y conservado
orders-kept = Pedidos
with-returns = { $count ->
    [one] { $count } con devolución
   *[other] { $count } con devolución
}
known-since = Se conoce desde
first-seen = Primera vez
last-seen-label = Última vez
events = Sucesos
not-known-yet = Aún sin conocer

person-reach = ¿Podemos escribir a esta persona?
person-reach-short = Contacto
reach-empty = No hay ningún canal configurado.
reach-yes = Sí
reach-no = No
reach-later = Ahora no
reach-later-until = No antes de { $until }
no-address = sin dirección

person-cart = Cesta
cart-empty = Nunca se puso nada en la cesta.
cart-nothing-open = No hay nada abierto.
cart-closed = Cerrado
added = añadido
closed-at = en { $place }

enrollments-empty = Todavía en ningún recorrido.
ended = terminó
due = próximo paso
entered-at = entró
steps-passed = { $passed } de { $all } pasos dados

person-decisions = Decisiones
decisions-empty = Todavía no se ha decidido nada sobre esta persona.

person-path = Camino
path-empty = Todavía ningún contacto.
before-known = Antes de saber quién era
known-again = De nuevo con nombre
became-known = se dio a conocer
later-by = { $span } después

person-timeline = Cronología
timeline-empty = Nada en este canal.
arrived-later = llegó { $span } después

person-orders = Pedidos y devoluciones
orders-empty = Ningún pedido todavía, en ningún canal.
order = Pedido
where = Dónde
products = Productos
state = Estado
total = Total
no-lines = sin indicar
not-told = sin indicar
seen-by = según { $sources }

messages-empty = Todavía ningún mensaje.

person-identity = Por qué estos registros son una persona
person-identity-short = Identidad
identity-empty = Un solo registro.
identity-evidence = Vistos juntos
identity-twins = Quizá la misma persona
twins-none = Ningún otro registro se acerca.
likely-same = probable que sea la misma
speaks-for = a favor
speaks-against = en contra

identity-said = Dicho por el personal
take-back = Retirar
twin-same = La misma persona
twin-apart = No es la misma
seen-with = { $count ->
    [one] visto con { $count } más
   *[other] visto con { $count } más
}
