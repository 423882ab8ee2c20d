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
