# Push messages to browsers.

push-leaves = goes to the browsers' push services
push-line = Messages that a browser shows though the site is not open. A visitor is asked by the browser itself, and only after a click of theirs on your site. Care and promotion leave between 8:00 and 21:00 in the person's own zone, unless the shop states quiet hours of its own.
push-subscribed = { $people ->
    [one] { $people } person has a browser that takes them.
   *[other] { $people } people have a browser that takes them.
  }
push-no-key = There is no key yet, so push messages stay in the outbox. Push services know your shop by it: browsers subscribe to its public half.
push-make = Make the key
push-key-made = The key is made and in force. State it beside the script of your pages, and browsers can subscribe.
push-key-taken = There is a key already, and browsers have subscribed to it. Another one is made below.
push-replace = Make another key in its place
push-replace-ends = { $people ->
    [0] Nobody has subscribed under this key.
    [one] The subscription of { $people } person under this key ends.
   *[other] The subscriptions of { $people } people under this key end.
  }
push-replace-ends-uncounted = Every subscription under this key ends.
push-replace-line = Push services take no message from another key than the one that a browser subscribed under. Messages look for another channel, and a browser is reached again once its reader has subscribed anew on a page that states the new key. This cannot be undone.
push-replace-sure = I am sure: everybody must subscribe again
push-replace-do = Make another key
push-key = Public key
push-worker = Service worker
push-worker-line = Put this file at the root of your own site: browsers take it from nowhere else.
push-script = State the key beside the script of your pages:
push-call = Ask behind a button, and say what somebody agrees to:
push-as-shown = As a notification
push-leads = Leads to
push-title = Title
push-text = Text
push-icon = Small picture
push-image = Large picture
push-link = Where it leads
push-addresses-line = A whole address, or a path of your site. May stay empty.
preferences-by-push = As notifications in your browser
ledger-ended = The subscription ended
event-push-subscribed = Push subscribed
event-push-ended = Push ended
event-push-dismissed = Push dismissed
