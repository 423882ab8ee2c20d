# Double opt-in: the page on which somebody confirms a yes, and what is said of it elsewhere.

confirm-title = Do you want messages from { $shop }?
confirm-line = Somebody asked for these messages to { $address }. None of them comes before you say yes here.
confirm-yes = Yes, write to me
confirm-not-you = Was it not you? Then do nothing, and nothing comes.
confirm-done = Thank you
confirm-done-line = It is confirmed. Every message tells how to stop them again.
confirm-expired = This link is too old
confirm-expired-line = Ask for the messages once more, and use the link in the new e-mail.
confirm-nothing = There is nothing to confirm
confirm-nothing-line = Nobody waits for a yes from this address any more: it was taken back, or the shop has stopped asking.

reason-consent_unconfirmed = The person has said yes and not confirmed it yet
reason-nothing_to_confirm = No yes waits to be confirmed
told-said_yes_unconfirmed = said yes to { $purpose } by { $channel } and has not confirmed it
consent-unconfirmed = Said yes, not confirmed yet
event-consent-confirmed = Confirmed a yes
ledger-confirmed = confirmed
