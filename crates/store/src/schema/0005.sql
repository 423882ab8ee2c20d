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
