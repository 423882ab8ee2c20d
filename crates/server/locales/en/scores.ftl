# Scores: what is learned from people, and said of one.

nav-scores = Scores
nav-offers = Offers
scores-line = What people are likely to do, learned from your own customers, and how far to trust it.
person-scores = Scores
scores-empty = Nothing was learned yet. Once there are orders, fit a model: it takes seconds.
computed-from = Computed from: { $figure }
computed-nothing = Nothing to compute it from yet: { $figure }
scores-fit = Learn again
scores-fit-first = Learn now
scores-fitting = Learning: { $done } of { $whole }
score-not-yet = Not known yet: nothing was learned.

score-stage = Stage
stage-why-nothing = Has looked around and bought nothing yet.
stage-why-first-purchase = Bought for the first time { $silent ->
    [0] today
    [one] yesterday
   *[other] { $silent } days ago
}; the next purchase is usually due within { $rhythm } days.
stage-why-active = Usually buys every { $rhythm } days, and last did { $silent ->
    [0] today
    [one] yesterday
   *[other] { $silent } days ago
}.
stage-why-loyal = Has kept to a rhythm of about { $rhythm } days at least five times in a row; last bought { $silent ->
    [0] today
    [one] yesterday
   *[other] { $silent } days ago
}.
stage-why-lapsing = { $purchases ->
    [1] A second purchase is usual within { $rhythm } days, and the first was { $silent } days ago: more than twice as long.
   *[other] Usually buys every { $rhythm } days, and has not for { $silent }: more than twice as long.
}
stage-why-lost = { $purchases ->
    [1] A second purchase is usual within { $rhythm } days, and the first was { $silent } days ago: more than four times as long.
   *[other] Usually buys every { $rhythm } days, and has not for { $silent }: more than four times as long.
}
stage-why-won-back = Had been away for more than twice the usual { $rhythm } days, and bought again { $silent ->
    [0] today
    [one] yesterday
   *[other] { $silent } days ago
}.
stage-why-advocacy = Has spoken of the shop to others within the last year.

score-engagement = Engagement
score-engagement-why = More engaged than { $percent } % of people. What counts most: { $acts }.
score-engagement-none = Has done nothing lately.
act-visit = visits
act-look = looking at products
act-want = putting things into the cart
act-buy = purchases
act-click = following messages and ads
act-voice = reviews, posts and questions
score-alive = Still a customer
score-alive-why = How likely it is that another purchase will ever come, after { $purchases ->
    [one] { $purchases } purchase
   *[other] { $purchases } purchases
} and { $silent ->
    [one] { $silent } day
   *[other] { $silent } days
} of silence.
score-alive-assumed = Cannot be told: what was learned from your customers takes everybody who bought as often for a customer still. The stage and the churn risk tell more.
score-expected = Expected in { $days } days
score-expected-why = About { $orders } orders of { $each } each, if things go on as they do for people like this.
score-churn = Churn risk
score-churn-why = About { $percent } of people like this bought nothing within { $days } days.
score-rfm = RFM
score-rfm-why = Recency { $recency } of 5 ({ $silent ->
    [one] { $silent } day
   *[other] { $silent } days
} ago), frequency { $frequency } of 5 ({ $purchases ->
    [one] { $purchases } purchase
   *[other] { $purchases } purchases
}), money { $money } of 5 ({ $spent }).
rfm-champions = Champions
rfm-loyal = Loyal
rfm-potential-loyal = May become loyal
rfm-new = New
rfm-need-attention = Need attention
rfm-about-to-sleep = About to fall asleep
rfm-at-risk = At risk
rfm-cannot-lose = Not to be lost
rfm-hibernating = Asleep
score-likes = Likes best
score-likes-why = { $what }: { $share } of what this person buys and looks at; { $bought ->
    [0] looked at, and not bought so far
    [one] bought and kept in { $bought } order
   *[other] bought and kept in { $bought } orders
}.
score-outlier = Not a customer like others
score-outlier-why = Staff, a reseller, or more than { $days } days with a purchase: left out of what is learned.

scores-model = The model
scores-fitted = Learned { $when } from { $buyers ->
    [one] { $buyers } buyer
   *[other] { $buyers } buyers
}
scores-outliers = { $count ->
    [one] { $count } person was left out as no customer like others
   *[other] { $count } people were left out as no customers like others
}
scores-parameters = Parameters
scores-parameter-line = Each with its standard error
scores-likelihood = Log-likelihood
scores-used = used
scores-not-used = not used
scores-comparison = Checked against what came
scores-comparison-line = The latest part of the history was hidden from each model, forecast, and compared. Models that do not beat a plain rate are not used; the others are used together.
scores-comparison-none = The history is too short to hide a part of it: what is expected has not been checked yet.
scores-hidden = Hidden: { $from } to { $to }
scores-column-model = Model
scores-column-came = Came
scores-column-expected = Expected
scores-column-off = Off by, each
scores-column-total = In total
scores-plain-rate = plain rate
scores-churn = Churn risk, as told and as it came
scores-churn-line = Buyers by the risk they were told, in tenths: of each tenth, how many then bought nothing within { $days } days. On the line, risks are told as they come.
scores-churn-none = Too few buyers, or too short a history, to check risks.
scores-brier = Mean squared error { $brier }; of telling everybody the mean, { $mean }.
scores-column-told = Told
scores-column-buyers = Buyers
scores-rfm = Recency, frequency, money
scores-rfm-line = Buyers by how lately they bought (from the top) and how often and how much (to the right).
scores-cell = Recency { $recency }, frequency and money { $value }: { $people }
scores-groups = Groups
scores-migration = Where they came from
scores-migration-line = Groups 90 days before, and now.
scores-column-from = Before
scores-column-to = Now
scores-column-people = People
scores-had-not-bought = had not bought
scores-stages = Stages
scores-flow = Ways between stages
scores-flow-line = Stages 90 days before, and now.
scores-forecast = What to expect
scores-forecast-row = In { $days } days
scores-column-orders = Orders
scores-column-value = Value
scores-segments = Ready segments
scores-segments-line = Conditions to copy into a segment.
scores-segment-big = Big spenders
scores-segment-loyal = Loyal customers
scores-segment-future = Future spenders
scores-segment-lapsing = Lapsing customers worth winning back
scores-value = Value of an order
scores-weights = What engagement counts
scores-weights-learned = Learned from { $count ->
    [one] { $count } purchase
   *[other] { $count } purchases
}.
scores-weights-usual = The usual weights: there were too few purchases to learn others.
scores-cell-title = Recency { $recency }, frequency and money { $value }
scores-cell-line = { $people ->
    [one] { $people } buyer
   *[other] { $people } buyers
}. As a segment they follow by themselves: whoever comes into the cell is in it from then on.
scores-segment-make = Make a segment
