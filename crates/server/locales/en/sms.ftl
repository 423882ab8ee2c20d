# What is written back to STOP, START and HELP, in English. Short: a text message has 160 signs.

sms-stopped = { $shop }: you will get no more messages. To get them again, reply START.
sms-started = { $shop }: you will get our messages. Reply STOP to stop.
sms-help = { $shop }: messages about your orders, and offers if you asked for them. Reply STOP to stop.
sms-stop-line = Reply STOP to stop.

# Text messages on the pages.

channels-sms-line = Text messages of care and promotion leave between 8:00 and 21:00 in the person's own zone, unless the shop states quiet hours of its own. STOP, BAJA and СТОП stop them at once.
channels-sms-everywhere = Text messages go to numbers of every country. To keep to some, write their calling codes into the shop: sms to: [34, 351]
channels-sms-to = Text messages go to numbers that begin with { $codes }; others get none, and their messages look for another channel.
channels-sms-stays = No provider is set, so no text message leaves this machine. Start the server with --sms to send.
sms-counted = { $parts ->
    [one] { $parts } part
   *[other] { $parts } parts
  } · { $encoding } · { $units ->
    [one] { $units } unit
   *[other] { $units } units
  }
sms-costly = These signs make it longer than it need be, since they are not in the short alphabet of phones: { $signs }
sms-as-phone = On a phone
sms-parts = Length
message-text = Text
