# How fast messages leave.

pace-title = Pace
pace-line = How fast messages leave, over all people. What waits keeps its place; transactional messages go first, and each is looked at once more before it goes.
pace-waits = some wait
pace-flows = within the limits
pace-free = no limits
pace-empty = Nothing is limited: messages leave as fast as the server or provider takes them. A new sending domain should be warmed up.
pace-waiting = { $count ->
    [one] { $count } message waits
   *[other] { $count } messages wait
}
pace-next = the next go from
pace-warm-up = Warm-up of { $domain }
pace-plan = From { $day } on: { $first } a day to each provider, { $percent } % more every day, until { $full }.
pace-of-another = another sender
pace-ahead = not begun
pace-in-force = under way
pace-over = warm
pace-remove = Remove
pace-add-limit = Add a limit
pace-add-warm-up = Warm up a sending domain
pace-warm-up-line = Mailbox providers take little from a domain they do not know. Begin small, and grow as people read.
pace-messages = Messages at most
pace-per = In a
pace-second = second
pace-minute = minute
pace-hour = hour
pace-day = day
pace-channel = Channel
pace-to = To
pace-to-line = Empty: to everybody together. A domain such as gmail.com: to that provider under all its domains. The word "others": to each provider that no limit names.
pace-set = Set the limit
pace-domain = Sending domain
pace-since = First day
pace-first = Messages a day to each provider at first
pace-percent = Growth a day, in percent
pace-full = Warm from so many messages a day
pace-begin = Begin the warm-up
pace-wrong-number = The number of messages must be a whole number from 1 to 10,000,000.
pace-wrong-to = That is no domain: write what stands behind the @, such as gmail.com, or the word "others".
pace-wrong-day = That is no day.
pace-wrong-stale = Somebody published the shop in the meantime. Look again, and set it once more.
