# La búsqueda de personas.

people-count = { $count ->
    [one] { $count } persona
   *[other] { $count } personas
}
people-search = Buscar a una persona
people-placeholder = Nombre, correo, teléfono, tarjeta o pedido
people-results = Personas encontradas
people-none = Nadie coincide con «{ $query }». Prueba con parte del nombre u otro identificador.
people-none-short = Nadie coincide.
people-found = { $count ->
    [one] { $count } persona encontrada
   *[other] { $count } personas encontradas
}
people-more = { $count ->
    [one] Se muestra la mejor. Escribe más para acotar.
   *[other] Se muestran las { $count } mejores. Escribe más para acotar.
}
people-hint = Una sola casilla para todo lo que lleva a una persona:
people-hint-name = un nombre, aunque tenga una errata
people-hint-email = un correo
people-hint-phone = un teléfono, escrito como sea
people-hint-card = una tarjeta de fidelidad
people-hint-order = un número de pedido o de tique
people-private = Lo que escribes no queda en la dirección ni en el historial del navegador.
last-seen = última vez
people-identity = ¿Quién puede ser la misma persona?
