# Why two are one person, or are not.

identity-alike = Alike in what was stated
against-title = What keeps them apart
against-kept-apart = Staff say that the { $one } and the { $other } are two people’s.
against-too-many = The { $one } was seen with the { $other }, but one person would then have { $values }.
against-shared = Both were seen with the { $value }, which { $people ->
    [one] { $people } person uses
   *[other] { $people } people use
}: it joins nobody.
against-its-own = { $people ->
    [one] { $people } person uses
   *[other] { $people } people use
} the { $value }: it joins nobody.
against-given = Both were seen with the { $value }, which { $people ->
    [one] { $people } person uses
   *[other] { $people } people use
}: staff say whose it is, and it joins nobody else.
against-turns = Both were seen with the { $value }, one after the other.
against-its-own-turns = Several people were seen with the { $value }, one after the other.
against-nothing = Nothing that was seen connects them.

who-one = They are one person: { $one }.
who-two = They are two people: { $one } and { $other }.
who-possibly = They are possibly one: { $because }.
who-records = What their records say, in bits:
who-joined = What joined, the strongest first
who-alone = one identifier alone
tied-seen = The { $one } was seen with the { $other }.
tied-alike = The { $one } and the { $other } are alike in { $points }: { $percent } % likely one person’s.
tied-same = Staff say that the { $one } and the { $other } are one person’s.
tied-taken-back = Staff took back what they said of the { $one } and the { $other }.
tied-unsure = Staff could not tell whether the { $one } and the { $other } are one person’s.
tied-home-same = Staff say that those who bear the { $one } and the { $other } live together.
tied-home-apart = Staff say that those who bear the { $one } and the { $other } do not live together.
tied-home-taken-back = Staff took back what they said of where the { $one } and the { $other } live.
