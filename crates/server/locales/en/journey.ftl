# One journey.

step-go-to = Go on at
step-exit = Leave
journey-report = What it caused
journey-rules = Who is in it, and for how long
journey-tree = Steps
journey-end = The end
journey-left-because = Why people left it in the last 30 days
journey-all-versions = Messages sent and left out are counted over all versions.
journey-older = This is an older version. Nobody enters it any more; whoever is inside goes on to its end.
journey-to-force = To the version in force
journey-versions = Versions
journey-versions-line = Whoever is inside keeps the version that was in force when they entered.
journey-in-force = in force
journey-inside = { $count ->
    [one] { $count } person in it
   *[other] { $count } people in it
}
journey-shown = shown here
journey-changes = What the version in force has otherwise
line-new = New:
line-gone = Gone:
way-then = Yes
way-else = No
way-time-is-up = The time is up
way-goes-on = Goes on below
tree-held-because = Why held: { $step }
tree-skipped-because = Why left out: { $step }
dry-run = Dry run
dry-run-line = { $days ->
    [one] Lets the stored events of the last { $days } day arrive again, through the same steps as live. Earlier events are known and start nothing. Nothing is sent, and nothing is kept.
   *[other] Lets the stored events of the last { $days } days arrive again, through the same steps as live. Earlier events are known and start nothing. Nothing is sent, and nothing is kept.
}
dry-run-begin = Begin the dry run
dry-run-again = Run it again
dry-run-stop = Stop
dry-run-stopped = It was stopped.
dry-run-busy = The journey { $journey } is being run dry. This one can begin when that has ended.
dry-run-failed = The dry run failed. The program’s log says why.
dry-run-too-long = { $count ->
    [one] The store holds { $count } event, and { $most } are run here at most, beside a server that has other things to do. Run it by the command line, on a copy if you like:
   *[other] The store holds { $count } events, and { $most } are run here at most, beside a server that has other things to do. Run it by the command line, on a copy if you like:
}
dry-run-running = { $done } of { $whole } events
dry-run-persons = { $count ->
    [one] something was decided about { $count } person
   *[other] something was decided about { $count } people
}
dry-run-events = { $count ->
    [one] { $count } event arrived
   *[other] { $count } events arrived
}
dry-run-former = This was another version than the one in force.
dry-run-whole = What the dry run came to, beside what was
dry-run-would = Dry run
dry-run-was = As it was
dry-run-held = Held at { $step }: { $count }
dry-run-skipped = Left out at { $step }: { $count }
dry-run-told = { $count ->
    [one] The last message
   *[other] The last { $count } decisions about messages
}
