# Households: who lives together.

household = Household
household-none = Nobody is known to live with this person.
household-line = They live together and stay persons of their own.
household-through = with { $name }
household-said = Staff say that they live together.
household-home = They state one address and a surname in common.
household-shared = { $people ->
    [one] Used by { $people } person:
   *[other] Used by { $people } people:
}
household-apart = They do not live together
household-together = They live together
edge-said-together = Staff say: they live together
edge-said-not-together = Staff say: they do not live together
answer-live-together = Live together
answer-live-apart = Do not live together
answer-household-taken-back = Household taken back
event-household = Said of where they live
notice-household-said = Noted. “Why these records are one person” takes it back.
