# Facts behind reasons. `told-` and the engine's code; the English is the engine's own, word for word.
# What is put in stands below: goods, places and the like. `$place` and `$of` bring their own space.

told-erased = erased with the person
told-segment_in = is in segment { $segment }
told-segment_not_in = is not in segment { $segment }
told-segment_circle = segment { $segment } names itself through others
told-segment_missing = there is no segment { $segment }
told-segment_entered = entered segment { $segment }
told-segment_left = left segment { $segment }
told-trait_holds = { $condition }
told-trait_differs = trait { $name } is something else
told-trait_unknown = trait { $name } is not known
told-said_yes = said yes to { $purpose } by { $channel }
told-said_no = said no to { $purpose } by { $channel }
told-never_said_yes = never said yes to { $purpose } by { $channel }
told-no_yes_for_address = no yes to { $purpose } by { $channel } holds for any of the addresses
told-address_found = there is an address for { $channel }
told-address_stopped = every address is under a hard stop for { $channel }
told-address_unreached = the provider reaches no address by { $channel }
told-number_begins = the number begins with +{ $code }
told-address_missing = there is no address for { $channel }
told-bounced = the address bounced
told-complained = there was a complaint at the address
told-asked_for_break = asked for a break of { $span }
told-ticket_open = a question to the service desk is open
told-ticket_none = no question to the service desk is open
told-ticket_asked = asked the service desk something
told-ticket_closed = the service desk was done with a question
told-ticket_never_asked = no question to the service desk of that time is known
told-ticket_never_closed = no question that the service desk was done with in that time is known
told-first_seen = first seen through { $channel }
told-never_seen = never seen
told-seen_over = seen over { $channel }
told-not_seen_over = not seen over { $channel }
told-last_seen = the person was last seen
told-happened = { $event }
told-not_happened = { $event } is not known to have happened
told-times_in_all = { $count } times in all, at least
told-older_than = it is more than { $span } old
told-entered_before = may enter again after { $span }; last entered
told-counts_until = what came after that counts until
told-since_entry_outside = "since entry" has a meaning inside a journey only
told-cart_touched = the cart was touched
told-cart_untouched = nothing has happened to the cart since
told-cart_empty = nothing was in the cart
told-not_in_cart = nothing of the kind is in the cart
told-in_cart = { $product } is in the cart
told-cart_line_not_bought = no purchase of { $product } is known
told-cart_line_unmapped = { $product } leads to no product
told-price_unknown = the price of { $product } is not known
told-price_in_another_currency = the price of { $product } is { $price }, another currency
told-bought = bought { $goods }{ $place }
told-ordered = ordered { $goods }{ $place }
told-returned = returned { $goods }{ $place }
told-no_purchase = no purchase{ $of } is known
told-no_purchase_kept = no purchase{ $of } that was kept is known
told-no_return = no return{ $of } is known
told-no_order = no such order is known
told-orders_in_all = { $count } orders in all
told-spent_in_all = { $amount } in all
told-order_unmapped = an order{ $place } holds a code that leads to no product
told-order_without_lines = an order{ $place } does not say what was bought
told-sale_missing = of an order{ $place } only the return is known
told-other_currency = an order of { $amount } is in another currency
told-currency_unknown = an order is in another currency
told-not_kept = how many of the events lie in that time is not kept
told-feed_silent = { $feed } has not reported since { $since }
told-feed_never_heard = { $feed } has never reported
told-twin_shares = { $percent } % likely the same person: the same { $identifier }, which { $users } people use
told-twin_alike = { $percent } % likely the same person: alike in { $points }
told-condition_says = { $condition }
told-offer_left_out = without its offer, { $offer }
told-offer_missing = there is no offer { $offer } any more
told-offer_not_now = the offer { $offer } is not given at this time
told-offer_pool_empty = no code of the offer { $offer } is left
told-offer_budget_spent = the budget of the offer { $offer } is spent
told-offer_had = was given the offer { $offer }
told-offer_excludes = the offer is not for { $product }
told-offer_bought = { $product } was bought before: nobody gets an offer on that
told-score_is = the score { $score } is { $value }
told-score_unfitted = the score { $score } has not been computed yet
told-stage_is = the stage is { $stage }
told-stage_is_not = the stage is not { $stage }
told-stage_unknown = the stage has not been computed yet
told-in_list = is on the list { $list }
told-not_in_list = is not on the list { $list }
told-notice_says = { $text }
told-moved_by = { $by } said so; the step was { $step }
told-step_was = the step was { $step }
told-list_missing = there is no list { $list }
told-trait_computed = { $name } is computed: { $figure }
told-figure_sum = { $field } in all: { $value }
told-figure_average = { $field } on average: { $value }
told-figure_smallest = the smallest { $field }: { $value }
told-figure_largest = the largest { $field }: { $value }
told-figure_different = different values of { $field }: { $value }
told-figure_first = the first { $field }: { $value }
told-figure_last = the last { $field }: { $value }
told-figure_most_frequent = the most frequent { $field }: { $value }
told-figure_time = from one to the next it takes { $span } on average
told-figure_nothing = nothing is known to reckon { $field } from
told-order_undated = an order{ $place } is dated too roughly
told-today_is = it is { $weekday } for the person
told-anniversary_on = the next anniversary is on { $day }
told-no_anniversary = there is no anniversary yet
told-due_for = it had been due for { $span }
told-messages_lately = { $messages } in { $window }, the latest
told-local_time = it is { $clock } for the person
told-drawn_into = { $experiment }: { $way }
told-date_come = { $date } has come
told-trait_stated = trait { $name } was set
told-kept_out_by_shop = the shop keeps { $permille } of 1,000 people out
told-higher_due = { $journey } has a higher priority and is due
told-promotions_in_a_row = { $messages } in a row that asked for something in { $window }, the latest
told-pace_to_all = at most { $messages } in { $window }
told-pace_to = at most { $messages } in { $window } to { $provider }
told-pace_to_others = at most { $messages } in { $window } to each other provider
told-warm_up_to = day { $day } of the warm-up allows { $messages } a day to { $provider }
told-warm_up_to_others = day { $day } of the warm-up allows { $messages } a day to each provider
told-mostly_here_at = the person is mostly here around { $clock }
told-entered_since = entered, which may be { $span } ago at most

# What is said beside a fact.

aside-day_only = { $fact }, at an unknown time of the day
aside-perhaps_outside = { $fact }: whether that is in the time asked for is not known
aside-not_counted = { $fact }; counted as not so
aside-at = { $fact } at { $clock }

# What is put into facts.

goods-order = an order
goods-products = { $count ->
    [one] { $count } product
   *[other] { $count } products
}
place-store-named = in store { $store }
place-store = in a store
place-web = on the web
place-app = in the app
place-over = over { $channel }
point-name = name
point-birth-date = date of birth
point-address = address
point-email = e-mail
point-phone = phone
point-card = card
sort-product = of { $name }
sort-category = of category { $name }
feed-part = { $feed } of source { $source }
feed-whole = source { $source }
count-messages = { $count ->
    [one] { $count } message
   *[other] { $count } messages
}

# Stages in the life of a customer.

stage-consideration = consideration
stage-first-purchase = first purchase
stage-active = active
stage-loyal = loyal
stage-lapsing = lapsing
stage-lost = lost
stage-won-back = won back
stage-advocacy = advocacy
