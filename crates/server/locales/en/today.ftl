# Today and the outbox.

today-begin = Begin
today-begin-line = No source sends anything yet. Connect the web shop, a till or a file, and people appear here.
today-begin-action = Connect a source
today-happened = What happened
today-since = since { $since }
today-looked = Mark as seen
today-nothing-happened = Nothing was decided since you looked.
today-needs-you = Needs you
today-calm = Nothing needs you. Everything runs.
today-held = Held messages
today-held-more = { $count ->
    [one] and { $count } more
   *[other] and { $count } more
}
held-since = held since
today-uncertain-line = The provider may have taken it. It counts as sent and is never repeated.
today-silent-since = Last heard { $ago }.
today-never-heard = Nothing was heard yet.
today-expected = Expected by { $expected }.
today-holding = { $count ->
    [one] holds { $count } message
   *[other] holds { $count } messages
}
sending-is-paused = Sending is paused.
sending-paused-by = { $name } paused it, { $since }.
sending-marketing-paused = Offers, reminders and advice are paused; messages about orders go on.
sending-alarm-complaints = { $count ->
    [one] { $count } complaint of { $sent } messages in 7 days: more than 0.3 %.
   *[other] { $count } complaints of { $sent } messages in 7 days: more than 0.3 %.
}
sending-alarm-bounces = { $count ->
    [one] { $count } of { $sent } messages came back in 7 days: more than 5 %.
   *[other] { $count } of { $sent } messages came back in 7 days: more than 5 %.
}
sending-alarm-next = Look at what went last and to whom, then resume: counting begins anew.
sending-resume = Resume sending

messages = Messages
outbox-line = What the program would have sent. No mail server is set, so nothing leaves this machine.
outbox-empty = No message yet.
message-html = As it looks
message-frame = The message “{ $subject }”
message-pictures = Pictures from the network are not loaded.
message-plain = Plain text
message-envelope = Envelope
message-for = Person
message-from = From
message-to = To
message-headers = Headers
journey = Journey

sending-pause = Pause sending
today-takings = Orders and sales
takings-orders = Orders
takings-net = Net sales
takings-line = Less returns, on the day of the order, as far as sources have told.
takings-counting = Older events are still being counted.
today-latest = the latest { $ago }
sending-paused-restore = The data was restored from a backup. Check it, then resume.
takings-foreign = { $count ->
    [one] { $count } order in another currency is not in the sums.
   *[other] { $count } orders in other currencies are not in the sums.
}
