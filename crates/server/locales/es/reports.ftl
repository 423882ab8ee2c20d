# Informes: qué causaron los mensajes, y qué no debieron causar.

nav-reports = Informes
reports-line = { $days ->
    [one] Qué causaron los mensajes del último día, y qué no debieron causar.
   *[other] Qué causaron los mensajes de los últimos { $days } días, y qué no debieron causar.
}
reports-empty = Aún no hay recorridos, así que no se ha enviado nada.
report-journey = Recorrido
report-purpose = Finalidad
report-of = { $journey }: dos puntos de vista
report-messages = { $count ->
    [one] { $count } mensaje de los últimos { $days } días.
   *[other] { $count } mensajes de los últimos { $days } días.
}
report-more = Hay otros más antiguos; la línea de órdenes los mira todos.
report-left-out = { $count ->
    [one] De { $count } ya no se puede decir nada.
   *[other] De { $count } ya no se puede decir nada.
}
report-none = No envió nada en este tiempo.

view-channel = Lo que el canal se atribuiría
view-channel-line = { $days ->
    [one] Todos los pedidos en el día siguiente a un mensaje, según la señal más fuerte de que tuvo que ver.
   *[other] Todos los pedidos en los { $days } días siguientes a un mensaje, según la señal más fuerte de que tuvo que ver.
}
view-customers = Lo que vivieron los clientes
view-customers-line = Los mismos mensajes, con todo lo que hoy se sabe de cada persona, en todos los canales.
view-what = Qué
view-orders = Pedidos
view-messages = Mensajes
view-money = Dinero
view-kept = En caja quedó
view-telling = Donde más difieren
view-claims-kept = El canal se atribuye { $claims }; en caja quedó { $kept }.

claim-coupon = Lleva un cupón
claim-product = Había seguido el enlace de lo que compró
claim-clicked = Había seguido un enlace
claim-opened = Había abierto el mensaje
claim-received = Solo lo había recibido

lived-returned-and-rebought = Lo devolvió y lo compró otra vez
lived-had-bought = Lo había comprado antes de que llegara el mensaje
lived-gave-back = Compró, y lo devolvió
lived-bought-elsewhere = Compró en otro sitio, sin el mensaje
lived-bought = Compró
lived-opted-out = No quiso más mensajes
lived-nothing = Nada de eso

trial-title = Lo que causó
trial-none = No se puede saber: no se deja fuera a nadie al azar. Un paso como este deja fuera a algunos:
trial-of = Lo que causó: { $step }
trial-line = { $days ->
    [one] Pedidos en todos los canales en el día siguiente al sorteo. Cada persona cuenta donde la envió el azar, le llegara o no.
   *[other] Pedidos en todos los canales en los { $days } días siguientes al sorteo. Cada persona cuenta donde la envió el azar, le llegara o no.
}
trial-running = { $count ->
    [one] a { $count } aún le quedan días
   *[other] a { $count } aún les quedan días
}
trial-broken = Los grupos no tienen los tamaños previstos: la asignación o el recuento falla, y nada de esto es creíble.
trial-bought = Compró algo
trial-orders = Pedidos por persona
trial-revenue = Ingresos por persona
trial-mean = Media
trial-control = Control
trial-lift = Efecto
trial-interval = Dónde está, se mire cuando se mire
trial-higher = seguro que más
trial-lower = seguro que menos
trial-not-told = puede ser azar
trial-too-early = demasiado pronto
trial-open = «{ $arm }» va por delante; no es seguro que sea el mejor.
trial-decided = «{ $arm }» es seguro el mejor: la prueba puede parar.

regret-title = Mensajes que no debieron salir
regret-line = Cada mensaje se juzga otra vez con lo que ha llegado después: qué lo prohíbe, por qué salió aun así y cuánto costó.
regret-open = Juzgarlos
regret-judged = { $count ->
    [one] Se juzgó { $count } mensaje de los últimos { $days } días con lo que hoy se sabe.
   *[other] Se juzgaron { $count } mensajes de los últimos { $days } días con lo que hoy se sabe.
}
regret-none = Ninguno: con todo lo que hoy se sabe, todos los mensajes podían salir.
regret-causes = Por qué salieron
regret-cause = Causa
regret-cost = Coste
regret-one-by-one = Uno por uno
regret-late = { $source } lo contó { $late } después de que pasara
regret-late-source = Una fuente lo contó demasiado tarde
regret-late-source-cure = Que la fuente diga hasta cuándo lo ha contado todo, o que el recorrido la espere más.
regret-missing-link = Que era la misma persona se supo demasiado tarde
regret-missing-link-cure = Pedir en caja la tarjeta o la dirección.
regret-understood-later = Se entendió después
regret-understood-later-cure = Poner los códigos de los productos en el catálogo.
regret-no-exit-rule = El recorrido no tiene regla que lo pare
regret-no-exit-rule-cure = Añadir una regla de salida: has bought any product of the cart.
