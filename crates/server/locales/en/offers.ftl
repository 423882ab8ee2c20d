# Offers.

offers-line = What was given and used, what is left, and what that costs.
offers-empty = No offer yet. Write one into a file, publish it with “regulars apply”, and let a journey's message give it:
offer = Offer
offer-given = Given
offer-open = May still be used
offer-used = Used
offer-expired = Valid no longer
offer-taken-back = Taken back
offer-free = Left in the pool
offer-cost = Cost so far
offer-liability = May still cost
offer-unlimited = not limited
offer-unpriced = Used without a price
offer-gone = not defined any more
offer-low = pool runs low
offer-spent = budget spent
offer-stand = How it stands
offer-pool = Pool of codes
offer-codes = One code a line, of 8 to 40 letters and digits
offer-add = Add to the pool
offer-pooled = Added: { $added }. There already: { $repeated }. No codes: { $unreadable }.
offer-days = Used by day
offer-day = Day
offer-no-days = Nobody has used a code yet.
offer-rules = Its rules
offers-guesses = Wrong codes in the last 30 days
offers-no-guesses = Nobody tried a code that is none.
offers-wrong = { $count ->
    [one] { $count } code that was none was tried.
   *[other] { $count } codes that were none were tried.
}
offers-unheard = { $count ->
    [one] { $count } request was turned away, since too many wrong codes had been tried.
   *[other] { $count } requests were turned away, since too many wrong codes had been tried.
}
