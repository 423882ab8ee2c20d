# Journeys.

journeys-line = Who is where, and why.
journeys-empty = No journey yet. Begin one here, or write it as a file and apply it.
journeys-equation = At every step: in = left + waiting + done. Held are a part of those who wait; sent and skipped are parts of those who went on.
version = version
journey-entry = Starts
journey-goal = Goal
journey-exit = Ends at once
journey-entered = Entered
journey-reached = { $count ->
    [one] { $count } reached the goal
   *[other] { $count } reached the goal
}
journey-steps = Steps of { $journey }
step = Step
column-in = In
column-left = left
column-waiting = waiting
column-done = done
does-not-balance = does not add up
