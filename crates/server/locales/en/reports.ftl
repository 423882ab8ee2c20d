# Reports: what messages caused, and what they should not have.

nav-reports = Reports
reports-line = { $days ->
    [one] What messages of the last day caused, and what they should not have.
   *[other] What messages of the last { $days } days caused, and what they should not have.
}
reports-empty = No journey yet, so nothing was sent.
report-journey = Journey
report-purpose = Purpose
report-of = { $journey }: two points of view
report-messages = { $count ->
    [one] { $count } message of the last { $days } days.
   *[other] { $count } messages of the last { $days } days.
}
report-more = There are older ones; the command line looks at all of them.
report-left-out = { $count ->
    [one] { $count } cannot be told any more.
   *[other] { $count } cannot be told any more.
}
report-none = It sent nothing in this time.

view-channel = What the channel would claim
view-channel-line = { $days ->
    [one] Every order within a day of a message, by the strongest sign that it had to do with it.
   *[other] Every order within { $days } days of a message, by the strongest sign that it had to do with it.
}
view-customers = What the customers lived
view-customers-line = The same messages, on everything that is known today of each person, over every channel.
view-what = What
view-orders = Orders
view-messages = Messages
view-money = Money
view-kept = The till kept
view-telling = Where the two differ most
view-claims-kept = The channel claims { $claims }; the till kept { $kept }.

claim-coupon = Bears a coupon
claim-product = Had followed the link of what was bought
claim-clicked = Had followed a link
claim-opened = Had opened the message
claim-received = Had only received it

lived-returned-and-rebought = Gave it back and bought it again
lived-had-bought = Had bought it before the message came
lived-gave-back = Bought, and gave it back
lived-bought-elsewhere = Bought elsewhere, without the message
lived-bought = Bought
lived-opted-out = Wanted no more messages
lived-nothing = Nothing of that

trial-title = What it caused
trial-none = That cannot be told: nobody is kept out by chance. A step like this one keeps some out:
trial-of = What it caused: { $step }
trial-line = { $days ->
    [one] Orders over every channel within a day of the draw. Everybody counts where chance sent them, reached or not.
   *[other] Orders over every channel within { $days } days of the draw. Everybody counts where chance sent them, reached or not.
}
trial-running = { $count ->
    [one] { $count } has days to go
   *[other] { $count } have days to go
}
trial-broken = The arms are not of the sizes that were planned: assignment or counting is broken, and nothing here can be believed.
trial-bought = Bought at all
trial-orders = Orders a person
trial-revenue = Revenue a person
trial-mean = Mean
trial-control = Control
trial-lift = Lift
trial-interval = Where it lies, at every look
trial-higher = surely more
trial-lower = surely less
trial-not-told = may be chance
trial-too-early = too early to say
trial-open = “{ $arm }” leads; it is not sure that it is best.
trial-decided = “{ $arm }” is surely best: the test may stop.

regret-title = Messages that should not have gone
regret-line = Every message is judged again on what has arrived since: what forbids it, why it went all the same, and what that cost.
regret-open = Judge them
regret-judged = { $count ->
    [one] { $count } message of the last { $days } days was judged by what is known today.
   *[other] { $count } messages of the last { $days } days were judged by what is known today.
}
regret-none = None: on all that is known today, every message may have gone.
regret-causes = Why they went
regret-cause = Cause
regret-cost = Cost
regret-one-by-one = One by one
regret-late = { $source } told it { $late } after it happened
regret-late-source = A source told too late
regret-late-source-cure = Let the source say up to when it has told everything, or let the journey wait longer for it.
regret-missing-link = That it was the same person was learned too late
regret-missing-link-cure = Ask for the card or the address at the till.
regret-understood-later = It was understood later
regret-understood-later-cure = Put the codes of products into the catalogue.
regret-no-exit-rule = The journey has no rule that stops it
regret-no-exit-rule-cure = Add an exit rule: has bought any product of the cart.
