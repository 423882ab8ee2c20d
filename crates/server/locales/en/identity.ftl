# Identity: who is possibly one, how identity does, what changed and what staff said.

nav-identity = Identity
identity-line = Who is one person, who may be, and how sure we are.
identity-tabs = Parts of this page
identity-tab-review = Review
identity-tab-health = Health
identity-tab-changes = Changes
identity-tab-said = Said by staff
identity-looking = Looking at everybody: { $done } of { $of }
undo = Undo
because = Why? Kept with the answer; may be empty.
open-person = Open the person

review-total = { $count ->
    [one] { $count } pair may be one person.
   *[other] { $count } pairs may be one person.
}
review-order = The answer that is worth most comes first: its probability times the money that is held or wasted until somebody knows.
review-keys = Keys:
review-alone = This pair alone
review-more = The next pairs come up as these are answered.
review-none = Nobody may be somebody else. There is nothing to answer.
review-pair = Are they one person?
review-worth = Worth { $amount }
review-held = Carts of { $amount } wait for this answer.
review-wasted = Both are in the same journey: carts of { $amount } would be written about twice.
review-unsure-since = nobody could tell,
answer-same = The same person
answer-not-the-same = Not the same
answer-unsure = Unsure
answer-taken-back = Taken back
answered-same = They are one person from here on.
answered-not-the-same = They are kept apart from here on.
answered-unsure = Nobody can tell: the pair comes last from here on.

compared = Compared
compared-name = Name
compared-birth-date = Date of birth
compared-address = Address
compared-orders = Orders kept
compared-seen = Seen
likeness-same = same
likeness-different = different
likeness-missing = missing

weights-title = What the records say
weights-sum = { $bits } bits in all: { $percent } likely one person
weights-line = What names, dates, places and contacts say by themselves. The guard goes by the share above.

health-persons = persons
health-identifiers = identifiers
health-pairs = pairs to review
health-shared = values that join nobody
health-contradictions = contradictions avoided
health-at = As of
health-days = Joined and parted by day
health-days-label = In 30 days { $joined } changes joined people and { $parted } parted them.
health-sizes = Identifiers per person
health-size-more = { $from } and more
health-largest = People with most identifiers
health-largest-none = Nobody has more than one identifier.
health-has = { $count ->
    [one] { $count } identifier
   *[other] { $count } identifiers
}
health-observed = { $count ->
    [one] { $count } observation
   *[other] { $count } observations
}
health-shared-title = Values that join nobody
health-shared-none = No value is used by more people than its kind allows.
health-shared-line = So many people use them that they prove nothing. What was joined by them was parted again.
health-people = { $count ->
    [one] { $count } person
   *[other] { $count } people
}
health-changes-hands = one after the other
health-block = Block it for good
health-block-line = A value that stands for nobody is best left out from the start. Publish this with your definitions:
health-contradictions-title = Contradictions avoided
health-contradictions-none = No observation contradicts another.
health-contradictions-line = Seen together, but one person has not so many of the kind: they stay apart until somebody says otherwise.
health-blocked = Values that stand for nobody
health-blocked-line = They are left out wherever they come from.

changes-none = Nobody was joined or parted yet.
changes-before = { $count ->
    [one] { $count } person before
   *[other] { $count } persons before
}
change-joined = Joined
change-parted = Parted
change-moved = Moved
change-erased = Erased
said-none = Nobody said anything of people yet.
said-by = said by { $name }

identity-history = How it came together
history-named = first seen:
history-joined = became one:
history-parted = were parted:
history-stated = staff said something of:
