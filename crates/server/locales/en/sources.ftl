# Sources and quarantine.

sources-line = What we know is as complete as the slowest feed.
sources-empty = No source yet. Create one, then point a tracker, a till or a file at it.
sources-all = All sources
source = Source
last-event = Last event
complete-until = Complete until
delay = Usual delay
normal-lag = May be late by
events-today = Events today
feed-holding = { $count ->
    [one] holds { $count } message
   *[other] holds { $count } messages
}
legend-known = The feed said so itself, by a heartbeat or a watermark.
legend-presumed = It speaks as often as usual, so nothing should be missing.
legend-behind = It should have spoken. What it may still tell holds messages.

duplicates-today = Repeats today
conflicts-today = Same id, other content
skewed-today = Clocks corrected
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
show-is-noted = Who looked is noted in the audit.
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
