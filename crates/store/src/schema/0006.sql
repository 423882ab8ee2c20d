-- What journeys tell other programs: a promise, kept until it was taken or given up.
CREATE TABLE call (
  id INTEGER PRIMARY KEY,
  person INTEGER NOT NULL,
  destination TEXT NOT NULL,
  journey TEXT NOT NULL,
  step TEXT NOT NULL,
  -- The number of its state.
  state INTEGER NOT NULL,
  -- When it is tried next; NULL: it is not.
  due INTEGER,
  body BLOB NOT NULL
) STRICT;
CREATE INDEX call_person ON call (person);
CREATE INDEX call_due ON call (destination, due) WHERE due IS NOT NULL;
CREATE INDEX call_state ON call (destination, journey, step, state);
