# Sources and quarantine.

sources-line = What we know is as complete as the slowest feed.
sources-empty = No source yet. Create one, then point a tracker, a till or a file at it.
sources-all = All sources
source = Source
last-heard = Last heard
complete-until = Complete until
normal-lag = May be late by
latest-event = Latest event
events-today = Events today
feed-holding = { $count ->
    [one] holds { $count } message
   *[other] holds { $count } messages
}
legend-known = The feed said so itself, by a heartbeat or a watermark.
legend-presumed = It speaks as often as usual, so nothing should be missing.
legend-behind = It should have spoken. What it may still tell holds messages.

rhythm-label = Events of { $feed } by hour of the week, last { $weeks } weeks
rhythm-caption = { $weeks ->
    [one] Events by hour of the week, last week
   *[other] Events by hour of the week, last { $weeks } weeks
}
weekday = Day

quarantine-line = Accepted and not understood. Nothing here is lost: repair a row, or mend its source and replay.
quarantine-none = Nothing is in quarantine.
raw-masked = The row as received, with personal data masked
show-and-repair = Show and repair
hide = Hide
replay = Replay
replay-all = { $count ->
    [one] Replay { $count } row
   *[other] Replay { $count } rows
}
replay-all-line = Mapping or catalogue mended?
repair = Save and replay
repair-label = The row, to edit
repair-problem = Still refused: { $problem }

duplicates = Repeats so far
conflicts = Same id, other content so far
legend-imported = It brought history and is not expected to speak again. Nothing waits for it.
dismiss = Put aside
bring-back = Bring it back
dismissed-line = It is out of the quarantine. For ten minutes it can be brought back.
