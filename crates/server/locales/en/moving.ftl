# Moving people to the version of a journey that is in force.

moving-link = Move people to the version in force
moving-title = Move people
moving-who = In older versions
moving-nobody = Nobody is in an older version.
moving-gone = People whose step is gone:
moving-stay = stay in their version
moving-leave = leave the journey
moving-to-step = come to the step { $step }
moving-show = Show
moving-from = Step
moving-people = People
moving-to = Comes to
moving-do = { $count ->
    [one] Move { $count } person
   *[other] Move { $count } people
}
moving-line = Waits go on from when they began. A message on its way stays with its step. Moving cannot be undone.
notice-people-moved = People are being moved; the numbers below follow.
