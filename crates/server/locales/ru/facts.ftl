# Факты за причинами. `told-` и код движка.
# Ниже стоит то, что вставляется: товары, места и прочее. `$place` и `$of` приносят свой пробел.

told-erased = стёрто вместе с человеком
told-segment_in = входит в сегмент { $segment }
told-segment_not_in = не входит в сегмент { $segment }
told-segment_circle = сегмент { $segment } ссылается сам на себя через другие
told-segment_missing = сегмента { $segment } нет
told-segment_entered = вошёл в сегмент { $segment }
told-segment_left = вышел из сегмента { $segment }
told-trait_holds = { $condition }
told-trait_differs = признак { $name } имеет другое значение
told-trait_unknown = признак { $name } неизвестен
told-said_yes = согласие: { $purpose }, { $channel }
told-said_no = отказ: { $purpose }, { $channel }
told-never_said_yes = согласия не было: { $purpose }, { $channel }
told-no_yes_for_address = ни для одного из адресов нет согласия: { $purpose }, { $channel }
told-address_found = адрес есть: { $channel }
told-address_stopped = все адреса под полным запретом: { $channel }
told-address_unreached = провайдер не может доставить сообщение: { $channel }
told-number_begins = номер начинается с +{ $code }
told-address_missing = адреса нет: { $channel }
told-bounced = письмо с адреса вернулось
told-complained = с адреса поступила жалоба
told-asked_for_break = просьба о перерыве на { $span }
told-ticket_open = обращение в поддержку открыто
told-ticket_none = открытых обращений в поддержку нет
told-ticket_asked = обращение в поддержку
told-ticket_closed = поддержка закрыла обращение
told-ticket_never_asked = за это время обращений в поддержку не известно
told-ticket_never_closed = закрытых за это время обращений не известно
told-first_seen = первая встреча: { $channel }
told-never_seen = ещё ни разу не встречался
told-seen_over = встреча: { $channel }
told-not_seen_over = встреч не было: { $channel }
told-last_seen = последняя встреча
told-happened = { $event }
told-not_happened = неизвестно, чтобы это случилось: { $event }
told-times_in_all = всего не меньше { $count } раз
told-older_than = прошло больше чем { $span }
told-entered_before = снова войти можно через { $span }; последний вход
told-counts_until = то, что было после этого, учитывается до
told-since_entry_outside = «since entry» имеет смысл только внутри сценария
told-cart_touched = в корзине что-то меняли
told-cart_untouched = с тех пор в корзине ничего не менялось
told-cart_empty = в корзине ничего не было
told-not_in_cart = ничего такого в корзине нет
told-in_cart = в корзине { $product }
told-cart_line_not_bought = покупка неизвестна: { $product }
told-cart_line_unmapped = { $product } не ведёт ни к какому товару
told-price_unknown = цена неизвестна: { $product }
told-price_in_another_currency = цена в другой валюте: { $product }, { $price }
told-bought = покупка: { $goods }{ $place }
told-ordered = заказ: { $goods }{ $place }
told-returned = возврат: { $goods }{ $place }
told-no_purchase = о покупках{ $of } ничего не известно
told-no_purchase_kept = о покупках{ $of } без возврата ничего не известно
told-no_return = о возвратах{ $of } ничего не известно
told-no_order = о таких заказах ничего не известно
told-orders_in_all = всего заказов: { $count }
told-spent_in_all = всего { $amount }
told-order_unmapped = в заказе{ $place } есть код, который не ведёт ни к какому товару
told-order_without_lines = в заказе{ $place } не сказано, что куплено
told-sale_missing = от заказа{ $place } известен только возврат
told-other_currency = заказ на { $amount } в другой валюте
told-currency_unknown = заказ в другой валюте
told-not_kept = сколько событий приходится на это время, не хранится
told-feed_silent = { $feed } молчит с { $since }
told-feed_never_heard = { $feed } ещё ничего не сообщал
told-twin_shares = с вероятностью { $percent } % тот же человек: общее значение «{ $identifier }», которым пользуются { $users } чел.
told-twin_alike = с вероятностью { $percent } % тот же человек: похожи { $points }
told-condition_says = { $condition }
told-offer_left_out = без своего предложения, { $offer }
told-offer_missing = предложения { $offer } больше нет
told-offer_not_now = предложение { $offer } сейчас не даётся
told-offer_pool_empty = кодов предложения { $offer } не осталось
told-offer_budget_spent = бюджет предложения { $offer } исчерпан
told-offer_had = уже получено предложение { $offer }
told-offer_excludes = предложение не действует на { $product }
told-offer_bought = { $product } уже покупали: на это предложений не дают
told-score_is = оценка { $score }: { $value }
told-score_unfitted = оценка { $score } ещё не вычислена
told-stage_is = стадия: { $stage }
told-stage_is_not = стадия не «{ $stage }»
told-stage_unknown = стадия ещё не вычислена
told-in_list = есть в списке { $list }
told-not_in_list = нет в списке { $list }
told-notice_says = { $text }
told-moved_by = так решил { $by }; шаг был { $step }
told-step_was = шаг был { $step }
told-list_missing = списка { $list } нет
told-trait_computed = { $name } вычисляется так: { $figure }
told-figure_sum = { $field }, всего: { $value }
told-figure_average = { $field }, в среднем: { $value }
told-figure_smallest = { $field }, наименьшее: { $value }
told-figure_largest = { $field }, наибольшее: { $value }
told-figure_different = { $field }, разных значений: { $value }
told-figure_first = { $field }, первое: { $value }
told-figure_last = { $field }, последнее: { $value }
told-figure_most_frequent = { $field }, чаще всего: { $value }
told-figure_time = от одного до следующего в среднем проходит { $span }
told-figure_nothing = { $field } вычислить не из чего
told-order_undated = дата заказа{ $place } указана слишком грубо
told-today_is = у человека { $weekday }
told-anniversary_on = следующая годовщина { $day }
told-no_anniversary = годовщины пока нет
told-due_for = срок прошёл { $span } назад
told-messages_lately = { $messages } за { $window }, последнее
told-local_time = у человека сейчас { $clock }
told-drawn_into = { $experiment }: { $way }
told-date_come = наступило: { $date }
told-trait_stated = задан признак { $name }
told-kept_out_by_shop = магазин исключает { $permille } из 1000 человек
told-higher_due = у { $journey } выше приоритет, и его время подходит
told-promotions_in_a_row = { $messages } подряд с просьбами за { $window }, последнее
told-pace_to_all = не больше { $messages } за { $window }
told-pace_to = не больше { $messages } за { $window } на { $provider }
told-pace_to_others = не больше { $messages } за { $window } каждому из остальных провайдеров
told-warm_up_to = день { $day } прогрева: { $messages } в день на { $provider }
told-warm_up_to_others = день { $day } прогрева: { $messages } в день каждому провайдеру
told-mostly_here_at = человек обычно здесь около { $clock }
told-entered_since = участие началось, и с тех пор может пройти не больше { $span }

# Что говорится рядом с фактом.

aside-day_only = { $fact }, время дня неизвестно
aside-perhaps_outside = { $fact }: попадает ли это в нужное время, неизвестно
aside-not_counted = { $fact }; считается, что этого нет
aside-at = { $fact } ({ $clock })

# Что вставляется в факты.

goods-order = заказ
goods-products = { $count ->
    [one] { $count } товар
    [few] { $count } товара
    [many] { $count } товаров
   *[other] { $count } товара
}
place-store-named = в магазине { $store }
place-store = в магазине
place-web = на сайте
place-app = в приложении
place-over = через канал «{ $channel }»
point-name = имя
point-birth-date = дата рождения
point-address = адрес
point-email = почта
point-phone = телефон
point-card = карта
sort-product = товара { $name }
sort-category = категории { $name }
feed-part = { $feed } источника { $source }
feed-whole = источник { $source }
count-messages = { $count ->
    [one] { $count } сообщение
    [few] { $count } сообщения
    [many] { $count } сообщений
   *[other] { $count } сообщения
}

# Стадии в жизни клиента.

stage-consideration = присматривается
stage-first-purchase = первая покупка
stage-active = активный
stage-loyal = верный
stage-lapsing = отдаляется
stage-lost = потерян
stage-won-back = вернулся
stage-advocacy = рекомендует магазин
