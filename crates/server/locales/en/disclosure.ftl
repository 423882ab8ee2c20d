# Everything known of a person, for the person, and erasing.

disclosure-link = Everything known
disclosure-title = Everything known of this person
disclosure-line = For a person who asks what is kept of them, or wants to take it along (GDPR, articles 15 and 20).
disclosure-what = What the file holds
disclosure-others = Addresses and numbers of others are hidden, and so is what somebody else's deeds decided.
disclosure-html = Page for the person
disclosure-json = JSON for programs
disclosure-of = What { $shop } knows of you
disclosure-person = Identifiers and traits
disclosure-why = Why these are one person
disclosure-computed = Computed traits
disclosure-scores = Scores
disclosure-segments = Segments
disclosure-consents = Consent history
disclosure-messages = Messages
disclosure-decisions = Decisions
disclosure-events = Events
disclosure-set-aside = Received and not understood
disclosure-left-out = There is more than fits into one file

erase-title = Erase this person
erase-line = Everything above goes for good: events, messages, decisions, and what waits in the quarantine. A later import does not bring it back. Give the person the file first if they asked for it.
erase-sure = I know that this cannot be undone
erase-do = Erase for good
erase-unsure = Nothing was erased. Say first that you know it cannot be undone.
notice-person-erased = The person was erased
