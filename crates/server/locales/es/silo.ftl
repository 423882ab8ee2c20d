# Lo que habría enviado una herramienta que solo oye a la tienda online, junto a Regulars.

silo-title = Lo que habría enviado una herramienta solo de la tienda online
silo-line = { $days ->
    [one] Los mismos recorridos, pasados dos veces por el registro de la propia tienda del último día: una oyendo solo a la tienda online, como la mayoría de las herramientas de envío, y otra oyéndolo todo.
   *[other] Los mismos recorridos, pasados dos veces por el registro de la propia tienda de los últimos { $days } días: una oyendo solo a la tienda online, como la mayoría de las herramientas de envío, y otra oyéndolo todo.
}
silo-open = Comparar
silo-never = Nadie lo ha calculado desde que arrancó el programa. Tarda de segundos a minutos, no envía nada y no cambia nada.
silo-begin = Calcularlo
silo-again = Calcularlo otra vez
silo-stopped = Se detuvo.
silo-failed = Ha fallado. El registro del programa dice por qué.
silo-nothing = En estos días los recorridos no habrían enviado nada con lo que cuenta la tienda online: no hay nada que comparar.
silo-picture = Una marca por mensaje
silo-alone = Solo la tienda online
silo-regulars = Regulars
silo-wrong-of = { $count ->
    [one] de { $messages } mensajes está mal
   *[other] de { $messages } mensajes están mal
}
silo-money = { $count ->
    [one] Uno lleva una oferta: { $money } menos de lo ya pagado.
   *[other] { $count } llevan una oferta: { $money } menos de lo ya pagado.
}
silo-otherwise = Mal por otro motivo
silo-well = Bien
silo-unit = { $count ->
    [one] Una marca es { $count } mensaje.
   *[other] Una marca son { $count } mensajes.
}
silo-figures = Lo mismo en cifras
silo-wrong = Mensajes que no deben salir
silo-offers = Ofertas en ellos
silo-worth = Lo que descuentan de lo ya pagado
silo-people = Personas detrás de las cifras
silo-would = lo habría enviado el { $at }.
silo-sent-nothing = no envió nada
silo-given = Su oferta descuenta { $money } de lo ya pagado.
silo-how = Cómo se hizo
silo-how-line = El registro guardado se pasó tal como llegó, por los recorridos vigentes hoy, con sus límites y horas de silencio. Cada mensaje que habría salido se pesó después con todo lo que se sabe hoy: si ya se había comprado, si la persona había dicho que no, si había una consulta abierta. Ambos lados se pesan con las mismas reglas. No se envió nada.
silo-unheard = La herramienta de la tienda online no oye ni a las tiendas ni a la atención al cliente: { $sources }. De ellas vienen { $count } de { $events } eventos.
silo-too-late = Lo que Regulars tiene mal aquí es lo que nadie podía saber entonces: una fuente lo contó más tarde.
silo-counted = El dinero regalado se dice cuando la oferta es un porcentaje o un importe.

mistake-bought = Después de la compra
mistake-refused = Después de un no
mistake-ticket = Con una consulta abierta en la atención al cliente
mistake-over = Después de acabar el recorrido por otro motivo
