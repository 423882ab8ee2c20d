# An offer for one person, given by whoever talks to them.

gift-title = Give an offer
gift-line = A code for this person, by the rules by which messages give it: nobody gets one on what was bought, and one for a person and period.
gift-who = For whom
gift-may = What may be given now
gift-look = Look
gift-product = What it is for
gift-product-line = A product of the shop, by its id or code. Left empty, it is for what is open in the cart.
gift-cart = Open in the cart:
gift-cart-empty = Nothing is open in the cart.
gift-none = No offer is defined yet.
gift-yes = may be given
gift-no = may not be given
gift-unknown = not known for certain
gift-do = Give a code
gift-once = Note it down or tell it: it is not shown again.
gift-until = It may be used until
gift-before = This was given already, and the code is not shown again.
gift-not = Nothing was given of { $offer }.
gift-given = What was given
gift-given-none = No code was given yet.
gift-when = Given
gift-last-day = May be used until
disclosure-offers = Codes that were given
