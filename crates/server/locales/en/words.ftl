# The words of the domain: one family a kind of thing.

channel-web = Web
channel-app = App
channel-store = Store
channel-email = E-mail
channel-sms = SMS
channel-push = Push
channel-ads = Ads
channel-social = Social
channel-search = Search
channel-service = Service desk
channel-reviews = Reviews
channel-loyalty = Loyalty
channel-webhook = Webhook
channel-other = Other

purpose-transactional = Transactional
purpose-care = Care
purpose-promotion = Promotion

notice-segment-saved = Saved; it is being computed for everybody.
notice-segment-removed = The segment was removed.
notice-replayed = The row was accepted.
notice-replayed-many = The rows were offered again. Those still refused stay here with their reason.
notice-still-refused = The row was refused again. Its reason stands below.
notice-sending-paused = Sending is paused. Nothing goes out until someone resumes it.
notice-sending-resumed = Sending goes on.
notice-form-expired = The form was too old, so nothing was done. Try it once more.

decision-enter = Entered
decision-decline = Not taken in
decision-send = Claimed
decision-sent = Sent
decision-sent-not-knowing = Sent not knowing
decision-hold = Held
decision-skip = Skipped
decision-suppressed = Suppressed
decision-exit = Left
decision-done = Completed
decision-failed = Failed
decision-uncertain = Uncertain
decision-taken-back = Taken back
decision-assign = Drawn
decision-goal = Goal reached
decision-set = Set
decision-notify = Asks staff
decision-move = Moved

identifier-login = Login
identifier-customer = Customer id
identifier-loyalty-card = Loyalty card
identifier-email = E-mail
identifier-phone = Phone
identifier-browser = Browser
identifier-app-install = App install
identifier-payment-card = Payment card
identifier-name-and-address = Name and address
identifier-social = Social account
identifier-name = Name
identifier-order = Order number
identifier-cart-token = Cart
identifier-other = Other

class-unique = belongs to one person
class-contact = contact, may be shared
class-device = device
class-hint = hint

identifier-use-joins = Joins
identifier-use-shared = Shared, joins nobody
identifier-use-blocked = Says nothing

journey-state-live = Live
journey-state-paused = Paused
journey-state-closing = Closing

step-wait = Wait
step-wait-until = Wait until
step-wait-for = Wait for
step-branch = If
step-split = Split
step-test = Test
step-holdout = Hold out
step-send = Send
step-offer = Offer
step-set = Set
step-webhook = Call
step-notify = Tell

message-sending = Being sent
message-outbox = In the outbox
message-sent = Sent
message-delivered = Delivered
message-opened = Opened
message-clicked = Clicked
message-bounced = Came back
message-complained = Reported
message-failed = Failed
message-taken-back = Taken back
message-uncertain = Uncertain

consent-granted = Said yes
consent-soft-opt-in = Recent customer, may be asked
consent-never-asked = Never asked
consent-withdrawn = Said no
consent-not-needed = No consent needed

closed-bought = Bought
closed-removed = Taken out
closed-cleared = Cart emptied

enrollment-waiting = Waiting
enrollment-held = Held
enrollment-exited = Left
enrollment-completed = Completed
enrollment-not-entered = Not taken in

order-state-kept = Kept
order-state-partly-returned = Partly returned
order-state-returned = Returned
order-state-cancelled = Cancelled

quarantine-state-waiting = Waiting
quarantine-state-replayed = Accepted
quarantine-state-dismissed = Put aside

source-kind-web = Web shop
source-kind-app = App
source-kind-till = Tills
source-kind-service = Service desk
source-kind-provider = Message provider
source-kind-ads = Ads and social
source-kind-loyalty = Reviews and loyalty
source-kind-file = Files
source-kind-other = Other

feed-speaks-live = Event by event
feed-speaks-batch = File by file

watermark-known = Complete
watermark-presumed = Presumed complete
watermark-behind = Behind
watermark-never = Never heard

notice-brought-back = The row is back.
notice-too-late = It is too late to bring that row back. Send it again from its source.
notice-joined = They are one person now. “Why these records are one person” takes it back.
notice-kept-apart = They are kept apart. “Why these records are one person” takes it back.
notice-taken-back = What was said is taken back.
edge-seen = seen together
edge-said-same = Staff say: the same person
edge-said-apart = Staff say: not the same person
watermark-imported = Imported
