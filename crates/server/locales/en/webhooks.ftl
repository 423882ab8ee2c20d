# Whom journeys may tell, and what became of it.

webhooks = Webhooks
webhooks-line = Whom journeys may tell, and what became of what they told.
webhooks-destinations = Destinations
webhooks-calls = Calls
webhooks-none = No journey can tell another program yet. Set where it listens, and write its name into a step “webhook”.
webhooks-no-calls = Nothing was told here yet. A step “webhook” of a journey makes the first call.
webhooks-told = is told
webhooks-paused = paused
webhooks-gone = wants no more calls
webhooks-gone-since = “{ $name }” wants no more calls since
webhooks-set-by = set by { $name },
webhooks-both-until = two secrets sign until
webhooks-paused-since = nothing is told since
webhooks-waiting = Waiting
webhooks-delivered = Delivered
webhooks-gave-up = Given up
webhooks-withdrawn = Withdrawn
webhooks-test = Send a test
webhooks-test-taken = The test was taken
webhooks-test-not-taken = The test was not taken
webhooks-answer = { $answer } ({ $ms } ms)
webhooks-pause = Pause
webhooks-resume = Resume
webhooks-rotate = New secret
webhooks-remove = Remove
webhooks-again = Deliver again
webhooks-again-all = Deliver again what was given up
webhooks-name = Name
webhooks-url = URL that takes the calls
webhooks-form-line = A new name gets a secret, which is shown once. A name that is here already is led to the new URL and keeps its secret.
webhooks-set = Set
webhooks-secret = The secret of “{ $name }” is shown this once. Put it into the program that takes the calls:
webhooks-unknown = The step “{ $step }” of the journey “{ $journey }” tells “{ $name }”, which is no destination yet.
webhooks-next = next attempt
webhooks-of-all = All destinations and steps
webhooks-of-step = What became of these calls
webhooks-wrong-name = A name has 1 to 64 letters, digits, spaces, -, _ and ., and begins with no point.
webhooks-wrong-url = That URL cannot be called: { $about }.
webhooks-taken = There is a destination “{ $about }” already.
webhooks-not-there = There is no destination “{ $about }” any more.
webhooks-used = The journey “{ $about }” tells it. Take that step out first.
webhooks-too-many = There are as many destinations as there may be. Remove those that nobody uses.
disclosure-told-to-others = What other programs were told
edit-webhook = Whom it tells (a destination)
edit-webhook-with = Traits and identifiers that are told (one a line)
decision-webhook = Tells another program
reason-webhook_asked = The journey tells another program
fact-webhook = Told to
told-told_to = it is told to { $destination }
webhooks-wait-for-it = { $count ->
    [0] What it tells will wait for one.
    [one] { $count } call waits for one.
   *[other] { $count } calls wait for one.
}
webhooks-being-made = { $count ->
    [0] There is nothing to make again.
    [one] { $count } call is made again, under the same id.
   *[other] { $count } calls are made again, under the same ids.
}
webhooks-attempts = { $count ->
    [one] { $count } attempt
   *[other] { $count } attempts
}
