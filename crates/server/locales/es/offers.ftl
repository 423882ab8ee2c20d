# Ofertas.

offers-line = Qué se dio y se usó, qué queda y cuánto cuesta.
offers-empty = Aún no hay ofertas. Escribe una en un archivo, publícala con «regulars apply» y deja que la dé un mensaje de un recorrido:
offer = Oferta
offer-given = Entregados
offer-open = Aún se pueden usar
offer-used = Usados
offer-expired = Caducados
offer-taken-back = Retirados
offer-free = Quedan en la reserva
offer-cost = Coste hasta ahora
offer-liability = Aún puede costar
offer-unlimited = sin límite
offer-unpriced = Usados sin importe
offer-gone = ya no está definida
offer-low = quedan pocos códigos
offer-spent = presupuesto agotado
offer-stand = Cómo está
offer-pool = Reserva de códigos
offer-codes = Un código por línea, de 8 a 40 letras y cifras
offer-add = Añadir a la reserva
offer-pooled = Añadidos: { $added }. Ya estaban: { $repeated }. No son códigos: { $unreadable }.
offer-days = Usados por día
offer-day = Día
offer-no-days = Nadie ha usado un código todavía.
offer-rules = Sus reglas
offers-guesses = Códigos erróneos en los últimos 30 días
offers-no-guesses = Nadie probó un código que no existe.
offers-wrong = { $count ->
    [one] Se probó { $count } código que no existe.
   *[other] Se probaron { $count } códigos que no existen.
}
offers-unheard = { $count ->
    [one] Se rechazó { $count } petición por demasiados códigos erróneos.
   *[other] Se rechazaron { $count } peticiones por demasiados códigos erróneos.
}
