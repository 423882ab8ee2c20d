# How messages leave, and what vouches for them.

nav-channels = Channels
channels-line = How messages leave, what vouches for them, and what comes back.
channels-leaves = goes to the mail server
channels-provider = goes through { $name }
channels-trouble = is not taken
channels-trouble-since = Nothing has been taken since
channels-trouble-said = The last answer: { $words }
channels-trouble-next = Each message is tried again for two and a half hours. Look at the address and the key in the setting, and at what the mail server or provider says of itself.
channels-stays = stays in the outbox
channels-stays-line = No mail server or provider is set, so nothing leaves this machine. Start the server with --smtp or --mail-provider to send.
channels-sender = From { $name } <{ $address }>.
channels-no-sender = The shop has no sender address yet: state "from" in its definition.

dkim-title = Signature (DKIM)
dkim-line = A signed message shows receivers that it is the shop's. Unsigned mail lands in spam more often, and large mailbox providers refuse it from those who send much.
dkim-signed = signed
dkim-unsigned = not signed
dkim-empty = There is no key yet. Make one: the page shows what the DNS needs.
dkim-waiting = waits for the DNS
dkim-signing = signs
dkim-retired = replaced
dkim-record-name = TXT record
dkim-record-value = Value
dkim-waiting-next = Put the record into the DNS of the domain. Once it is there, let the key sign.

hooks-title = What providers tell
hooks-line = An e-mail provider calls an address of its own here whenever a message arrives, comes back, is opened or is complained of. Openings by machines are told apart.
hooks-empty = No provider tells anything yet. Make an address for yours, and put it into its settings.
hooks-confirm = Amazon SNS asks whether you want its messages. Confirm it once; this line goes with the first event.
hooks-confirm-button = Confirm at Amazon
dkim-provider-signs = signed by the provider
dkim-provider = { $name } builds every message itself and signs it with its own keys: set them up there, for the domain of the sender. Keys that are kept here sign nothing.
