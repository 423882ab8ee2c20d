# The search for people.

people-count = { $count ->
    [one] { $count } person
   *[other] { $count } people
}
people-search = Search for a person
people-placeholder = Name, e-mail, phone, card or order
people-results = People found
people-none = Nobody matches “{ $query }”. Try a part of the name, or another identifier.
people-none-short = Nobody matches.
people-found = { $count ->
    [one] { $count } person found
   *[other] { $count } people found
}
people-more = { $count ->
    [one] The best { $count } is shown. Type more to narrow it down.
   *[other] The best { $count } are shown. Type more to narrow it down.
}
people-hint = One box for everything that leads to a person:
people-hint-name = a name, also with a typo
people-hint-email = an e-mail address
people-hint-phone = a phone number, as written
people-hint-card = a loyalty card
people-hint-order = an order or receipt number
people-private = What you type is not kept in the address or the history of the browser.
last-seen = last seen
people-identity = Who may be one person?
