# Hechos detrás de las razones. `told-` y el código del motor.
# Lo que se inserta está abajo: géneros, lugares y demás. `$place` y `$of` traen su propio espacio.

told-erased = borrado con la persona
told-segment_in = está en el segmento { $segment }
told-segment_not_in = no está en el segmento { $segment }
told-segment_circle = el segmento { $segment } se nombra a sí mismo a través de otros
told-segment_missing = no hay ningún segmento { $segment }
told-segment_entered = entró en el segmento { $segment }
told-segment_left = salió del segmento { $segment }
told-trait_holds = { $condition }
told-trait_differs = el rasgo { $name } es otra cosa
told-trait_unknown = el rasgo { $name } no se conoce
told-said_yes = dijo que sí a { $purpose } por { $channel }
told-said_no = dijo que no a { $purpose } por { $channel }
told-never_said_yes = nunca dijo que sí a { $purpose } por { $channel }
told-no_yes_for_address = ninguna de sus direcciones tiene un sí a { $purpose } por { $channel }
told-address_found = hay una dirección para { $channel }
told-address_stopped = todas las direcciones para { $channel } están bajo un alto definitivo
told-address_unreached = el proveedor no llega a ninguna dirección por { $channel }
told-number_begins = el número empieza por +{ $code }
told-address_missing = no hay dirección para { $channel }
told-bounced = la dirección devolvió un mensaje
told-complained = hubo una queja en la dirección
told-asked_for_break = pidió una pausa de { $span }
told-ticket_open = hay una consulta abierta en atención al cliente
told-ticket_none = no hay ninguna consulta abierta en atención al cliente
told-ticket_asked = consultó algo a atención al cliente
told-ticket_closed = atención al cliente cerró una consulta
told-ticket_never_asked = no consta ninguna consulta a atención al cliente en ese tiempo
told-ticket_never_closed = no consta ninguna consulta cerrada por atención al cliente en ese tiempo
told-first_seen = visto por primera vez por { $channel }
told-never_seen = nunca visto
told-seen_over = visto por { $channel }
told-not_seen_over = no visto por { $channel }
told-last_seen = visto por última vez
told-happened = { $event }
told-not_happened = no consta que haya ocurrido: { $event }
told-times_in_all = al menos { $count } veces en total
told-older_than = tiene más de { $span }
told-entered_before = puede volver a entrar pasados { $span }; última entrada
told-counts_until = lo que vino después cuenta hasta
told-since_entry_outside = «since entry» solo tiene sentido dentro de un recorrido
told-cart_touched = se tocó la cesta
told-cart_untouched = no ha pasado nada en la cesta desde entonces
told-cart_empty = no había nada en la cesta
told-not_in_cart = no hay nada así en la cesta
told-in_cart = { $product } está en la cesta
told-cart_line_not_bought = no consta ninguna compra de { $product }
told-cart_line_unmapped = { $product } no lleva a ningún producto
told-price_unknown = no se conoce el precio de { $product }
told-price_in_another_currency = el precio de { $product } es { $price }, otra moneda
told-bought = compró { $goods }{ $place }
told-ordered = pidió { $goods }{ $place }
told-returned = devolvió { $goods }{ $place }
told-no_purchase = no consta ninguna compra{ $of }
told-no_purchase_kept = no consta ninguna compra{ $of } que se conservara
told-no_return = no consta ninguna devolución{ $of }
told-no_order = no consta ningún pedido así
told-orders_in_all = { $count } pedidos en total
told-spent_in_all = { $amount } en total
told-order_unmapped = un pedido{ $place } lleva un código que no es de ningún producto
told-order_without_lines = un pedido{ $place } no dice qué se compró
told-sale_missing = de un pedido{ $place } solo se conoce la devolución
told-other_currency = un pedido de { $amount } está en otra moneda
told-currency_unknown = un pedido está en otra moneda
told-not_kept = no se guarda cuántos de los sucesos caen en ese tiempo
told-feed_silent = { $feed } no ha informado desde { $since }
told-feed_never_heard = { $feed } nunca ha informado
told-twin_shares = con un { $percent } % es la misma persona: lo mismo en «{ $identifier }», que usan { $users } personas
told-twin_alike = con un { $percent } % es la misma persona: se parecen en { $points }
told-condition_says = { $condition }
told-offer_left_out = sin su oferta, { $offer }
told-offer_missing = la oferta { $offer } ya no existe
told-offer_not_now = la oferta { $offer } no se da en este momento
told-offer_pool_empty = no queda ningún código de la oferta { $offer }
told-offer_budget_spent = el presupuesto de la oferta { $offer } está agotado
told-offer_had = recibió la oferta { $offer }
told-offer_excludes = la oferta no vale para { $product }
told-offer_bought = { $product } ya se compró antes: eso no se ofrece con descuento
told-score_is = la puntuación { $score } es { $value }
told-score_unfitted = la puntuación { $score } aún no se ha calculado
told-stage_is = la etapa es: { $stage }
told-stage_is_not = la etapa no es: { $stage }
told-stage_unknown = la etapa aún no se ha calculado
told-in_list = está en la lista { $list }
told-not_in_list = no está en la lista { $list }
told-notice_says = { $text }
told-moved_by = lo dijo { $by }; el paso era { $step }
told-step_was = el paso era { $step }
told-list_missing = no existe la lista { $list }
told-trait_computed = { $name } se calcula así: { $figure }
told-figure_sum = { $field } en total: { $value }
told-figure_average = { $field } de media: { $value }
told-figure_smallest = { $field }, lo mínimo: { $value }
told-figure_largest = { $field }, lo máximo: { $value }
told-figure_different = { $field }, valores distintos: { $value }
told-figure_first = { $field }, lo primero: { $value }
told-figure_last = { $field }, lo último: { $value }
told-figure_most_frequent = { $field }, lo más frecuente: { $value }
told-figure_time = de uno al siguiente pasan { $span } de media
told-figure_nothing = no se sabe nada de lo que calcular { $field }
told-order_undated = la fecha de un pedido{ $place } es demasiado imprecisa
told-today_is = es { $weekday } para la persona
told-anniversary_on = el próximo aniversario es el { $day }
told-no_anniversary = aún no hay ningún aniversario
told-due_for = llevaba { $span } pendiente
told-messages_lately = { $messages } en { $window }, el último
told-local_time = para la persona son las { $clock }
told-drawn_into = { $experiment }: { $way }
told-date_come = llegó: { $date }
told-trait_stated = se fijó el atributo { $name }
told-kept_out_by_shop = la tienda deja fuera a { $permille } de cada 1000 personas
told-higher_due = { $journey } tiene más prioridad y le toca
told-promotions_in_a_row = { $messages } seguidos que pedían algo en { $window }, el último
told-pace_to_all = como máximo { $messages } en { $window }
told-pace_to = como máximo { $messages } en { $window } a { $provider }
told-pace_to_others = como máximo { $messages } en { $window } a cada uno de los demás proveedores
told-warm_up_to = el día { $day } del calentamiento permite { $messages } al día a { $provider }
told-warm_up_to_others = el día { $day } del calentamiento permite { $messages } al día a cada proveedor
told-mostly_here_at = la persona suele estar por aquí hacia las { $clock }
told-entered_since = entró, y eso puede haber sido hace { $span } como máximo

# Lo que se dice junto a un hecho.

aside-day_only = { $fact }, a una hora desconocida del día
aside-perhaps_outside = { $fact }: no se sabe si cae en el tiempo preguntado
aside-not_counted = { $fact }; cuenta como que no
aside-at = { $fact } ({ $clock })

# Lo que se inserta en los hechos.

goods-order = un pedido
goods-products = { $count ->
    [one] { $count } producto
   *[other] { $count } productos
}
place-store-named = en la tienda { $store }
place-store = en una tienda
place-web = en la web
place-app = en la app
place-over = por { $channel }
point-name = nombre
point-birth-date = fecha de nacimiento
point-address = dirección
point-email = correo
point-phone = teléfono
point-card = tarjeta
sort-product = de { $name }
sort-category = de la categoría { $name }
feed-part = { $feed } de la fuente { $source }
feed-whole = la fuente { $source }
count-messages = { $count ->
    [one] { $count } mensaje
   *[other] { $count } mensajes
}

# Etapas en la vida de un cliente.

stage-consideration = se lo piensa
stage-first-purchase = primera compra
stage-active = activo
stage-loyal = fiel
stage-lapsing = se aleja
stage-lost = perdido
stage-won-back = recuperado
stage-advocacy = recomienda la tienda
