# The single view of a customer.

spent = Spent and kept
orders-kept = Orders
with-returns = { $count ->
    [one] { $count } with a return
   *[other] { $count } with returns
}
known-since = Known since
first-seen = First seen
last-seen-label = Last seen
events = Events
not-known-yet = Not known yet

person-reach = Can we contact this person?
person-reach-short = Contact
reach-empty = No channel is set up.
reach-yes = Yes
reach-no = No
reach-later = Not now
reach-later-until = Not before { $until }
no-address = no address

person-cart = Cart
cart-empty = Nothing was ever put in the cart.
cart-nothing-open = Nothing is open.
cart-closed = Closed
added = added
closed-at = in { $place }

enrollments-empty = In no journey yet.
ended = ended
due = due
entered-at = entered
steps-passed = { $passed } of { $all } steps passed

person-decisions = Decisions
decisions-empty = Nothing was decided about this person yet.

person-path = Path
path-empty = No contact yet.
before-known = Before we knew who this was
known-again = Known again
became-known = became known
later-by = { $span } later

person-timeline = Timeline
timeline-empty = Nothing in this channel.
arrived-later = arrived { $span } later

person-orders = Orders and returns
orders-empty = No order yet, in any channel.
order = Order
where = Where
products = Products
state = State
total = Total
no-lines = not told
not-told = not told
seen-by = reported by { $sources }

messages-empty = No message yet.

person-identity = Why these records are one person
person-identity-short = Identity
identity-empty = One record alone.
identity-evidence = Seen together
identity-twins = Possibly the same person
twins-none = No other record comes close.
likely-same = likely the same
speaks-for = speaks for it
speaks-against = speaks against it

identity-said = Said by staff
take-back = Take back
twin-same = The same person
twin-apart = Not the same
seen-with = { $count ->
    [one] seen with { $count } other
   *[other] seen with { $count } others
}
