# What is written back to STOP, START and HELP, in English. Short: a text message has 160 signs.

sms-stopped = { $shop }: you will get no more messages. To get them again, reply START.
sms-started = { $shop }: you will get our messages. Reply STOP to stop.
sms-help = { $shop }: messages about your orders, and offers if you asked for them. Reply STOP to stop.
