# Who may sign in, what each role may do, and what was done.

role-owner = Owner
role-marketer = Marketer
role-service-desk = Service desk
role-analyst = Analyst

right-look = See everything, and try what changes nothing
right-tell = With a key: redeem codes at tills, say how far a feed is
right-answer = Say who is who, and see to what journeys ask for
right-give = Give one person a code of an offer
right-repair = Repair or dismiss what was not understood
right-define = Write and publish segments, journeys and messages
right-switch = Pause sending, and resume it
right-disclose = Hand out everything that is kept of a person
right-erase = Erase a person
right-manage = Say who may do what; keys and channels

refused-needs = “{ $right }” is for these roles: { $roles }.
refused-yours = Yours is: { $role }. An owner can change that on the page “Who may sign in”.

users-title = Who may sign in
users-line = Everybody has one role. What a role may not do is not offered, and is refused if it is asked for.
users-people = People
users-you = (you)
users-role = Role
users-role-save = Change role
users-last-owner = The only owner: make somebody else an owner first.
users-remove = Remove
users-remove-who = Remove { $name }
users-new-password = New password
users-password-save = Set password
users-add-title = Somebody new
users-add = Add
users-rights = What each role may do
users-right = Right
users-scope = Scope of an API key
users-may = yes
users-may-not = no
users-acts = What was done
users-acts-none = Nothing yet.
users-act-when = When
users-act-who = Who
users-act-what = What
users-act-came = What came of it
users-act-done = done
users-act-refused = refused
users-act-failed = not done

account-title = Your account
account-may = What you may do
account-old-password = Password of today
account-new-password = New password

user-problem-name = Give a name of 1 to 100 characters.
user-problem-taken = Somebody has that name already. Change their role or password above.
user-problem-unknown = There is nobody of that name any more.
user-problem-incomplete = A new user needs a role and a password.
user-problem-password = A password has at least 8 characters.
user-problem-wrong-password = That is not your password of today.
user-problem-too-many = Too many attempts. Wait a quarter of an hour, then try again.
user-problem-last-owner = There must be an owner. Make somebody else one first.

notice-user-changed = Done: it is in force from this moment on.
erase-not-yours = Erasing takes an owner: ask one, and give them the address of this page.
