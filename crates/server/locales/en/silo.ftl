# What a tool that hears the online shop alone would have sent, beside Regulars.

silo-title = What a tool of the online shop alone would have sent
silo-line = { $days ->
    [one] The same journeys, run twice over the shop’s own log of the last day: once hearing the online shop alone, as most sending tools do, and once hearing everything.
   *[other] The same journeys, run twice over the shop’s own log of the last { $days } days: once hearing the online shop alone, as most sending tools do, and once hearing everything.
}
silo-open = Compare
silo-never = Nobody has worked it out since the program was started. It takes seconds to minutes, sends nothing and changes nothing.
silo-begin = Work it out
silo-again = Work it out again
silo-stopped = It was stopped.
silo-failed = It failed. The program’s log says why.
silo-nothing = In these days the journeys would have sent nothing on what the online shop tells: there is nothing to compare.
silo-picture = One mark for every message
silo-alone = Online shop alone
silo-regulars = Regulars
silo-wrong-of = { $count ->
    [one] of { $messages } messages is wrong
   *[other] of { $messages } messages are wrong
}
silo-money = { $count ->
    [one] One bears an offer: { $money } off what was paid already.
   *[other] { $count } bear an offer: { $money } off what was paid already.
}
silo-otherwise = Wrong for another reason
silo-well = Right
silo-unit = { $count ->
    [one] One mark is { $count } message.
   *[other] One mark is { $count } messages.
}
silo-figures = The same as figures
silo-wrong = Messages that should not go
silo-offers = Offers in them
silo-worth = What these take off what was paid already
silo-people = People behind the figures
silo-would = would have sent it on { $at }.
silo-sent-nothing = sent nothing
silo-given = Its offer takes { $money } off what was paid already.
silo-how = How this was made
silo-how-line = The stored log was played as it arrived, through the journeys that are live today, with their caps and quiet hours. Every message that would have gone was then weighed on all that is known today: had it been bought, had the person said no, was a question open. Both sides are weighed by the same rules. Nothing was sent.
silo-unheard = The tool of the online shop hears neither stores nor service desk: { $sources }. These told { $count } of { $events } events.
silo-too-late = What Regulars has wrong here is what nobody could know then: a source told it later.
silo-counted = Money that was given away is told where the offer is a percentage or an amount.

mistake-bought = After the purchase
mistake-refused = After a no
mistake-ticket = While a question to the service desk was open
mistake-over = After the journey was over for another reason
