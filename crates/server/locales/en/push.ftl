# Push messages to browsers.

push-leaves = goes to the browsers' push services
push-line = Messages that a browser shows though the site is not open. A visitor is asked by the browser itself, and only after a click of theirs on your site. Care and promotion leave between 8:00 and 21:00 in the person's own zone, unless the shop states quiet hours of its own.
push-subscribed = { $people ->
    [one] { $people } person has a browser that takes them.
   *[other] { $people } people have a browser that takes them.
  }
push-no-key = There is no key yet, so no push message leaves this machine. Stop the server, make one with this command, and start it again:
push-restart = The key was made after the server started. Start it again to send.
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
