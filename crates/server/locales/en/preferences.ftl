# The pages of people who get messages, and the ledger of consent.

preferences-title = What you want to get
preferences-line = Messages of { $shop } to { $address }. What you choose counts at once.
preferences-by-email = By e-mail
preferences-by-sms = By text message
preferences-on-site = On our site
preferences-promotion = Offers, news and reminders
preferences-care = Advice and help with what you bought
preferences-always = Messages about an order of yours, such as its receipt, always come.
preferences-save = Save
preferences-pause = { $days ->
    [one] Nothing for { $days } day
   *[other] Nothing for { $days } days
}
preferences-resume = End the break now
preferences-nothing = Stop all of these messages
preferences-paused = You asked for a break: nothing comes until { $until }.
preferences-address-stopped = Messages to this address came back or were reported as unwanted, so nothing comes whatever you choose. Write to us to change that.
preferences-done-saved = Saved. It counts from the next message on.
preferences-done-stopped = Done. You get no more of these messages.
preferences-done-paused = Done. Nothing comes for a while.
preferences-done-resumed = Done. What you chose comes again.
preferences-ask = Stop messages from { $shop }?
preferences-ask-line = You will get no more offers, reminders or advice by this way. Messages about an order of yours still come.
preferences-said-stop = Unsubscribe
preferences-stopped = Done
preferences-stopped-line = You will get no more of these messages.
preferences-choose = Choose what you want to get instead
preferences-unknown = This link leads nowhere
preferences-unknown-line = It is not one of ours, or the message it was in is gone. Use the link in a newer message.

ledger-title = Consent history
ledger-line = Everything that was ever said of whether this person may be written to, as it stands in the log: who told us, and the words that stood there. Nothing of it can be changed.
ledger-empty = Nothing was said yet.
ledger-when = When
ledger-said = What was said
ledger-about = About
ledger-wording = Words
ledger-message = message
ledger-yes = yes
ledger-no = no
ledger-pause = a break until { $until }
ledger-bounced = came back for good
ledger-complained = complained
ledger-all = care and promotion
