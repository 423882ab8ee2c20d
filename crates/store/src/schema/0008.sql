-- Ground: the log, and what was promised.

-- The log: up to 32 events a row, compressed, with a checksum inside. Positions have no gaps.
CREATE TABLE frame (
  first INTEGER PRIMARY KEY,
  count INTEGER NOT NULL,
  events BLOB NOT NULL
) STRICT;

-- Events of documents that have a new version.
CREATE TABLE overtaken (old INTEGER PRIMARY KEY, new INTEGER NOT NULL) STRICT;

-- Who was joined and parted, in order: a row a commit, from the change with the number `first` on.
CREATE TABLE identity_change (
  first INTEGER PRIMARY KEY,
  count INTEGER NOT NULL,
  changes BLOB NOT NULL
) STRICT;

-- The same by the day (UTC), so that a plot need not count rows.
CREATE TABLE identity_day (
  day INTEGER PRIMARY KEY,
  joined INTEGER NOT NULL,
  parted INTEGER NOT NULL
) STRICT;

CREATE TABLE decision (
  id INTEGER PRIMARY KEY,
  at INTEGER NOT NULL,
  person INTEGER NOT NULL,
  -- The decision about the same person before this one; 0: there is none.
  before INTEGER NOT NULL,
  journey TEXT NOT NULL,
  step TEXT NOT NULL,
  verdict INTEGER NOT NULL,
  body BLOB NOT NULL
) STRICT;
CREATE INDEX decision_at ON decision (at);
CREATE INDEX decision_journey ON decision (journey, verdict);

-- The last decision about each person who is no more: joined into another, or erased.
CREATE TABLE decided (person INTEGER PRIMARY KEY, last INTEGER NOT NULL) STRICT;

-- Decisions by the hour, so that totals need not count rows.
CREATE TABLE tally (
  hour INTEGER NOT NULL,
  journey TEXT NOT NULL,
  step TEXT NOT NULL,
  verdict INTEGER NOT NULL,
  decisions INTEGER NOT NULL,
  PRIMARY KEY (hour, journey, step, verdict)
) STRICT, WITHOUT ROWID;

-- How many enrollments came to each step of a version of a journey, left the journey there ("out")
-- and went on from it: counted as they move. Whoever came and did neither is there now.
CREATE TABLE passage (
  journey TEXT NOT NULL,
  version INTEGER NOT NULL,
  step INTEGER NOT NULL,
  came INTEGER NOT NULL,
  out INTEGER NOT NULL,
  done INTEGER NOT NULL,
  PRIMARY KEY (journey, version, step)
) STRICT, WITHOUT ROWID;

CREATE TABLE message (
  id INTEGER PRIMARY KEY,
  person INTEGER NOT NULL,
  state INTEGER NOT NULL,
  recipient INTEGER NOT NULL,
  body BLOB NOT NULL
) STRICT;
CREATE INDEX message_person ON message (person);
CREATE INDEX message_state ON message (state);
CREATE INDEX message_recipient ON message (recipient);

-- Codes of offers under keyed hashes: the order of keys is kept by their highest bit.
CREATE TABLE offer_code (
  key INTEGER PRIMARY KEY,
  offer TEXT NOT NULL,
  state INTEGER NOT NULL,
  -- To whom it was given; 0: nobody, or they were erased.
  person INTEGER NOT NULL,
  -- The keyed hash of the order that it was used for; 0: none is known.
  placed INTEGER NOT NULL,
  body BLOB NOT NULL
) STRICT;
CREATE INDEX offer_code_state ON offer_code (offer, state, key);
CREATE INDEX offer_code_person ON offer_code (person) WHERE person <> 0;
CREATE INDEX offer_code_placed ON offer_code (placed) WHERE placed <> 0;

-- How many codes there are in a state, and what used ones cost: counted as they change. The day is
-- the last one of an issued code, and that of its use of a used one.
CREATE TABLE offer_count (
  offer TEXT NOT NULL,
  state INTEGER NOT NULL,
  day INTEGER NOT NULL,
  currency TEXT NOT NULL,
  codes INTEGER NOT NULL,
  cost INTEGER NOT NULL,
  PRIMARY KEY (offer, state, day, currency)
) STRICT, WITHOUT ROWID;

-- What journeys asked staff to see to. Ground, as all that was promised.
CREATE TABLE notice (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  person INTEGER NOT NULL,
  open INTEGER NOT NULL,
  -- Whether an address of staff is still to be told.
  mail_due INTEGER NOT NULL,
  body BLOB NOT NULL
) STRICT;
CREATE INDEX notice_person ON notice (person);
CREATE INDEX notice_open ON notice (open, id);
CREATE INDEX notice_mail ON notice (id) WHERE mail_due <> 0;

-- What journeys tell other programs: a promise, kept until it was taken or given up.
CREATE TABLE call (
  -- Never given twice: what comes of a call that was erased meanwhile is noted of no other.
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  person INTEGER NOT NULL,
  destination TEXT NOT NULL,
  journey TEXT NOT NULL,
  step TEXT NOT NULL,
  -- The number of its state.
  state INTEGER NOT NULL,
  -- When it is tried next; NULL: it is not.
  due INTEGER,
  -- When it is thinned out; NULL: it is not.
  kept_until INTEGER,
  body BLOB NOT NULL
) STRICT;
CREATE INDEX call_person ON call (person);
CREATE INDEX call_due ON call (destination, due) WHERE due IS NOT NULL;
CREATE INDEX call_kept ON call (kept_until) WHERE kept_until IS NOT NULL;
CREATE INDEX call_state ON call (destination, state);
CREATE INDEX call_step ON call (journey, step);

-- How many calls there are in a state: counted as they come, change and go.
CREATE TABLE call_count (
  destination TEXT NOT NULL,
  state INTEGER NOT NULL,
  calls INTEGER NOT NULL,
  PRIMARY KEY (destination, state)
) STRICT, WITHOUT ROWID;

-- Keyed hashes of identifiers that were erased.
CREATE TABLE erased (key INTEGER PRIMARY KEY) STRICT;

CREATE TABLE quarantine (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  source TEXT NOT NULL,
  code TEXT NOT NULL,
  body BLOB NOT NULL
) STRICT;
CREATE INDEX quarantine_source ON quarantine (source, code);
CREATE TABLE quarantine_outcome (
  source TEXT NOT NULL,
  outcome INTEGER NOT NULL,
  rows INTEGER NOT NULL,
  PRIMARY KEY (source, outcome)
) STRICT, WITHOUT ROWID;

CREATE TABLE definition (
  name TEXT PRIMARY KEY,
  text TEXT NOT NULL,
  hash INTEGER NOT NULL,
  published_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- The server's own small rows: settings, users, keys.
CREATE TABLE small (
  space TEXT NOT NULL,
  key TEXT NOT NULL,
  value BLOB NOT NULL,
  PRIMARY KEY (space, key)
) STRICT, WITHOUT ROWID;

-- Derived: everything below can be made again from the log.

-- Message keys (16 bytes) and content hashes (8 bytes) of the events from `first` on.
CREATE TABLE message_key (
  first INTEGER PRIMARY KEY,
  keys BLOB NOT NULL,
  contents BLOB NOT NULL
) STRICT;

-- Which events hang on which anchor: for every anchor a chunk of positions and the position
-- before them, packed by batch. The latest position of an anchor is known in memory.
CREATE TABLE pointer (first INTEGER PRIMARY KEY, chunks BLOB NOT NULL) STRICT;

-- Events that are statements of staff.
CREATE TABLE statement (position INTEGER PRIMARY KEY) STRICT;

-- Who holds which identifier: pairs of key and person in the order in which they were written;
-- the last one counts, person 0 is nobody.
CREATE TABLE identifier (seq INTEGER PRIMARY KEY, entries BLOB NOT NULL) STRICT;

-- By which keys of linking a card is found: the identifier key's order is kept by its highest bit.
CREATE TABLE link_key (
  key INTEGER NOT NULL,
  card INTEGER NOT NULL,
  PRIMARY KEY (key, card)
) STRICT, WITHOUT ROWID;

CREATE TABLE person (
  id INTEGER PRIMARY KEY,
  version INTEGER NOT NULL,
  due_at INTEGER,
  -- When a segment may turn by time; `due_at` is not later.
  turns_at INTEGER,
  -- The last decision about the person; 0: there is none.
  decided INTEGER NOT NULL,
  -- Hashes of the person's rows in `search_term`, `wait` and `member`, 0 for none: they are
  -- written only when they change.
  terms INTEGER NOT NULL,
  waits INTEGER NOT NULL,
  segments INTEGER NOT NULL,
  -- Journey, version, step and state of each enrollment that runs, as `account` counts them.
  stands BLOB NOT NULL,
  -- A hash of `record`.
  checksum INTEGER NOT NULL,
  record BLOB NOT NULL,
  -- Zeros, so that a row that grows is written in its place.
  room BLOB NOT NULL
) STRICT;

-- When persons are due: pairs of person and moment in the order in which they were written; the
-- last one counts, the least number is never.
CREATE TABLE due (seq INTEGER PRIMARY KEY, entries BLOB NOT NULL) STRICT;

CREATE TABLE wait (
  source TEXT NOT NULL,
  feed TEXT NOT NULL,
  needed_until INTEGER NOT NULL,
  person INTEGER NOT NULL,
  PRIMARY KEY (source, feed, needed_until, person)
) STRICT, WITHOUT ROWID;
CREATE INDEX wait_person ON wait (person);

-- How many enrollments run, of each kind: counted as they change.
CREATE TABLE account (
  journey TEXT NOT NULL,
  version INTEGER NOT NULL,
  step INTEGER NOT NULL,
  state INTEGER NOT NULL,
  enrollments INTEGER NOT NULL,
  PRIMARY KEY (journey, version, step, state)
) STRICT, WITHOUT ROWID;

-- Who is in which segment: ids of a stretch of 2^12 together with all their segments, packed.
CREATE TABLE member (
  block INTEGER PRIMARY KEY,
  persons BLOB NOT NULL
) STRICT;

-- Who came into which segment and who went, a row a commit, until it is put into `member`: whoever
-- reads that table takes these on top of it, in their order.
CREATE TABLE member_turn (
  seq INTEGER PRIMARY KEY,
  turns INTEGER NOT NULL,
  entries BLOB NOT NULL
) STRICT;

-- How many are in each of 64 segments: counted as they come and go, with the hour in which that last
-- changed, in 16 bytes each.
CREATE TABLE segment_count (
  page INTEGER PRIMARY KEY,
  counts BLOB NOT NULL
) STRICT;

-- How many were in it at the end of earlier hours in which that changed; of old days the last one.
CREATE TABLE segment_size (
  segment INTEGER NOT NULL,
  hour INTEGER NOT NULL,
  members INTEGER NOT NULL,
  PRIMARY KEY (segment, hour)
) STRICT, WITHOUT ROWID;

-- Words by which people find a person.
CREATE TABLE search_term (
  term TEXT NOT NULL,
  person INTEGER NOT NULL,
  PRIMARY KEY (term, person)
) STRICT, WITHOUT ROWID;

CREATE TABLE feed (
  source TEXT NOT NULL,
  feed TEXT NOT NULL,
  state BLOB NOT NULL,
  PRIMARY KEY (source, feed)
) STRICT, WITHOUT ROWID;

CREATE TABLE source_count (
  source TEXT PRIMARY KEY,
  accepted INTEGER NOT NULL,
  duplicates INTEGER NOT NULL,
  conflicts INTEGER NOT NULL,
  quarantined INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE learned (
  kind INTEGER NOT NULL,
  value TEXT NOT NULL,
  product TEXT NOT NULL,
  at INTEGER NOT NULL,
  PRIMARY KEY (kind, value)
) STRICT, WITHOUT ROWID;
