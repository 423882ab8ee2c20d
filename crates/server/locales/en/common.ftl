# The frame of every page, times, and what several pages say.

skip-to-content = Skip to content
nav-label = Main
nav-today = Today
nav-people = People
nav-segments = Segments
nav-journeys = Journeys
nav-sources = Sources
nav-quarantine = Quarantine
nav-outbox = Outbox
nav-waiting = { $count ->
    [one] { $count } waits for you
   *[other] { $count } wait for you
}
language-label = Language
sign-out = Sign out
close = Close
search = Search
see-all = See all
all = All
never = Never
until = until
details = Details
show-as-table = Show as table
contents-label = On this page
filter-label = Filter

help-title = Keyboard
help-search = Search for a person
help-rows = Next row, previous row
help-open = Open the row
help-help = This help
help-close = Close

why = Why?
why-of = Why? { $what }
known-then = Decided on everything known up to log position { $position }.
held-until = held until { $until } at most
open-message = Open the message
anonymous = Anonymous visitor

pager-label = Pages
pager-newest = Newest
pager-older = Older
pager-total = { $count } in all
rows = { $count ->
    [one] { $count } row
   *[other] { $count } rows
}
orders = { $count ->
    [0] no orders
    [one] { $count } order
   *[other] { $count } orders
}

day-today = Today
day-yesterday = Yesterday
moment-yesterday = yesterday { $clock }
moment-tomorrow = tomorrow { $clock }
moment-date-clock = { $date } { $clock }
moment-just-now = just now
moment-ago = { $span } ago
moment-ahead = in { $span }
date-day-month = { $day } { $month }
date-day-month-year = { $day } { $month } { $year }
date-weekday-date = { $weekday }, { $date }
span-seconds = { $count } s
span-minutes = { $count } min
span-hours = { $count } h
span-days = { $count } d
time-not-told = The time of day was not told
month-1 = Jan
month-2 = Feb
month-3 = Mar
month-4 = Apr
month-5 = May
month-6 = Jun
month-7 = Jul
month-8 = Aug
month-9 = Sep
month-10 = Oct
month-11 = Nov
month-12 = Dec
weekday-1 = Monday
weekday-2 = Tuesday
weekday-3 = Wednesday
weekday-4 = Thursday
weekday-5 = Friday
weekday-6 = Saturday
weekday-7 = Sunday
weekday-short-1 = Mon
weekday-short-2 = Tue
weekday-short-3 = Wed
weekday-short-4 = Thu
weekday-short-5 = Fri
weekday-short-6 = Sat
weekday-short-7 = Sun

news = Something new: show it
