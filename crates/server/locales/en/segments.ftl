# Segments.

segments-line = Who is in which group of people, exact at every moment.
segments-empty = No segment yet. Write a condition, see at once whom it holds, and give it a name.
segment-new = New segment
segment = Segment
segment-condition = Condition
segment-members = Members
segment-sizes = Size over time
segment-sizes-of = Size of { $segment } over time
segment-hour = Hour
segment-computing = being computed
segment-who = Who is in it
segment-name = Name
segment-help = One sentence: orders, purchases, carts, traits, consents, segments, with “and”, “or”, “not”. The guide lists everything.
segment-suggestions = Suggestions
segment-by-files = managed by files
segment-patch = Patch to take home
segment-patch-line = This segment is managed by files. Put this in place of what they say, and publish it with “regulars apply”.
segment-save = Save and compute
segment-stale = Somebody else changed it meanwhile: look at it again before you save.
segment-remove = Remove this segment
segment-between = between { $low } and { $high }
segment-reachable = reachable
segment-promotable = with a yes to promotion
segment-counting = counting everybody
segment-cure = Cure:
segment-nobody = Nobody yet.
segment-some = Some of them
segment-why = Why is somebody in it, or not?
segment-in = in it
segment-out = not in it
segment-since = since
segment-uncertain = That is not certain yet, because:
segment-turns = Time alone can change that:
segment-told-in = { $name } is in segment “{ $segment }”, because:
segment-told-since = { $name } has been in segment “{ $segment }” since { $since }, because:
segment-told-out = { $name } is not in segment “{ $segment }”, because:
segment-told-so = That holds of { $name }, because:
segment-told-not-so = That does not hold of { $name }, because:
segment-told-computing = The segment is still being computed for everybody.
segment-turn-entered = entered
segment-turn-left = left
segment-turn-event = by an event
segment-turn-time = by time
segment-turn-found = found when it was computed
segment-reach = Whom messages reach
segment-reach-computing = This is still being computed for everybody.
segment-overlaps = Shared with other segments
segment-both = In both
segment-share = Share of this segment
segment-count = { $count ->
    [one] { $count } member
   *[other] { $count } members
}
segment-of-people = { $count ->
    [one] of { $count } person
   *[other] of { $count } people
}
segment-exactly = { $count ->
    [one] exactly { $count } person
   *[other] exactly { $count } people
}

list-title = Static lists
list-name = Name of the list
list-rows = Identifiers, one a line, or a table whose first column they are
list-try = Only look what would become of them
list-add = Put on the list
list-remove = Take off the list
list-tried = (nothing was changed)
list-matched = Known:
list-unchanged = of them without a change:
list-new = New persons:
list-unmatched = Nobody known, left out:
list-erased = Erased, left out:
list-repeated = Repeated rows:
list-unreadable = Rows not understood:
