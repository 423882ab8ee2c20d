# Sign-in, the first user, and pages that say what went wrong.

sign-in-title = Sign in
sign-in-line = to { $shop }
sign-in = Sign in
field-user = Name
field-password = Password
field-shop = Name of the shop
field-new-password = Password
field-password-again = Password once more
password-hint = { $count ->
    [one] At least { $count } character. A sentence is easy to remember.
   *[other] At least { $count } characters. A sentence is easy to remember.
}
first-run-title = Welcome to Regulars
first-run-line = Nobody can sign in yet. You are the first: create your user.
first-run = Create and sign in

access-problem-wrong-pair = Name and password do not belong together. Check both and try again.
access-problem-too-many = Too many attempts. Wait a minute, then try again.
access-problem-session-ended = You were signed out. Sign in to go on.
access-problem-password-too-short = The password is too short.
access-problem-passwords-differ = The two passwords differ. Type them again.
access-problem-name-missing = Give a name.
access-problem-form-expired = The form was too old. Try once more.

error-bad-request = This request makes no sense to us
error-forbidden = This is not for you to see
error-not-found = There is nothing here
error-conflict = Someone else was faster
error-internal = We broke something
error-unavailable = Busy at the moment
cure-bad-request = Go back and try again. If the address was typed by hand, check it.
cure-forbidden = Ask a colleague with the right role to give you access.
cure-not-found = The address may be mistyped, or what was here was erased or merged. Search for the person instead.
cure-conflict = Open the page again to see the change, then decide.
cure-internal = Nothing you did is lost. Try again; if it stays, give the reference below to whoever runs the server.
cure-unavailable = The server is starting or stopping. Try again in a few seconds.
error-reference = Reference: { $reference }
error-home = Go to Today
