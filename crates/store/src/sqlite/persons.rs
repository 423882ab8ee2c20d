//! The rows of persons, and what is found by them: due times and waits.

use std::collections::BTreeMap;
use std::hash::Hasher;

use regulars_engine::commit::PersonWrite;
use regulars_engine::identity::PersonId;
use regulars_engine::record::Record;
use regulars_engine::source::FeedName;
use regulars_engine::time::Timestamp;
use rusqlite::{Connection, OptionalExtension};
use siphasher::sip::SipHasher13;

use super::enrollments::{self, EnrollmentRow};
use super::number::{size, sql, word};
use super::{search, small};
use crate::codec::{decode_fast, encode_fast};
use crate::error::{CommitError, StoreError};
use crate::store::Versioned;

/// The person has rows in `wait`.
const WAITS: i64 = 1;
/// The person has rows in `enrollment`.
const ENROLLED: i64 = 2;

/// What is stored beside a person's record.
struct Row {
    version: u64,
    extras: i64,
    terms: u64,
}

/// What writing rows of persons adds to the counts, gathered over a commit.
#[derive(Debug, Default)]
pub(super) struct Changes {
    /// How many persons there are more.
    persons: i64,
    /// How many enrollments there are more of each kind.
    pub(super) enrollments: BTreeMap<EnrollmentRow, i64>,
}

impl Changes {
    /// Adds them.
    pub(super) fn write(&self, connection: &Connection) -> Result<(), StoreError> {
        small::add_persons(connection, self.persons)?;
        enrollments::count(connection, &self.enrollments)
    }
}

/// Writes a person's row and all that is found by it, if it still has the version that was read.
///
/// The new version is larger than every earlier one of this id, even if the person was gone in
/// between: `next_position` only grows, and so a version that was read long ago never fits again.
pub(super) fn write(
    connection: &Connection,
    write: &PersonWrite,
    next_position: u64,
    changes: &mut Changes,
) -> Result<(), CommitError> {
    let id = write.person;
    let held = held(connection, id)?;
    if held.as_ref().map_or(0, |held| held.version) != write.read_version {
        return Err(CommitError::Conflict);
    }
    let held = held.unwrap_or(Row { version: 0, extras: 0, terms: 0 });
    let (was, is) = (i64::from(held.version != 0), i64::from(write.record.is_some()));
    match &write.record {
        Some(record) => {
            let version = (held.version + 1).max(next_position);
            put(connection, (id, version), &held, record, changes)?;
        }
        None => remove(connection, id, &held, changes)?,
    }
    changes.persons += is - was;
    Ok(())
}

fn put(
    connection: &Connection,
    (id, version): (PersonId, u64),
    held: &Row,
    record: &Record,
    changes: &mut Changes,
) -> Result<(), StoreError> {
    let words = record.search_terms();
    let terms = terms_hash(&words);
    if terms != held.terms {
        let before = if held.terms == 0 {
            Vec::new()
        } else {
            get(connection, id)?.map(|(_, _, record)| record.search_terms()).unwrap_or_default()
        };
        search::replace(connection, id, &before, &words)?;
    }
    let extras = extras(record);
    if (extras | held.extras) & WAITS != 0 {
        write_waits(connection, id, &record.waits_for())?;
    }
    if (extras | held.extras) & ENROLLED != 0 {
        enrollments::write(connection, id, &record.enrollments, changes)?;
    }
    let bytes = encode_fast(record);
    let row = (
        sql(id.0),
        sql(version),
        record.due_at().map(|at| at.0),
        extras,
        sql(terms),
        sql(checksum(&bytes)),
        &bytes,
    );
    // An update in place spares the look-up for a row to replace.
    let text = if held.version == 0 {
        "INSERT INTO person (id, version, due_at, extras, terms, checksum, record)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)"
    } else {
        "UPDATE person SET version = ?2, due_at = ?3, extras = ?4, terms = ?5, checksum = ?6,
         record = ?7 WHERE id = ?1"
    };
    connection.prepare_cached(text)?.execute(row)?;
    Ok(())
}

/// Which further tables have rows of the person.
pub(super) fn extras(record: &Record) -> i64 {
    let waits = if record.waits_for().is_empty() { 0 } else { WAITS };
    waits | if record.enrollments.is_empty() { 0 } else { ENROLLED }
}

/// Takes a person's row away, whatever its version. Returns whether there was one.
pub(super) fn take_away(
    connection: &Connection,
    id: PersonId,
    changes: &mut Changes,
) -> Result<bool, StoreError> {
    let held = held(connection, id)?;
    if let Some(held) = &held {
        remove(connection, id, held, changes)?;
        changes.persons -= 1;
    }
    Ok(held.is_some())
}

fn held(connection: &Connection, id: PersonId) -> rusqlite::Result<Option<Row>> {
    connection
        .prepare_cached("SELECT version, extras, terms FROM person WHERE id = ?1")?
        .query_row([sql(id.0)], |row| {
            Ok(Row { version: word(row, 0)?, extras: row.get(1)?, terms: word(row, 2)? })
        })
        .optional()
}

fn remove(
    connection: &Connection,
    id: PersonId,
    held: &Row,
    changes: &mut Changes,
) -> Result<(), StoreError> {
    if held.version == 0 {
        return Ok(());
    }
    if held.terms != 0
        && let Some((_, _, record)) = get(connection, id)?
    {
        search::replace(connection, id, &record.search_terms(), &[])?;
    }
    if held.extras & WAITS != 0 {
        write_waits(connection, id, &[])?;
    }
    if held.extras & ENROLLED != 0 {
        enrollments::write(connection, id, &[], changes)?;
    }
    connection.prepare_cached("DELETE FROM person WHERE id = ?1")?.execute([sql(id.0)])?;
    Ok(())
}

/// A hash of the words a person is found by; 0 for none.
pub(super) fn terms_hash(terms: &[String]) -> u64 {
    if terms.is_empty() {
        return 0;
    }
    let mut hasher = SipHasher13::new();
    for term in terms {
        hasher.write(term.as_bytes());
        hasher.write_u8(0xff);
    }
    hasher.finish().max(1)
}

/// A hash of a record's bytes, by which a changed bit is seen.
pub(super) fn checksum(bytes: &[u8]) -> u64 {
    let mut hasher = SipHasher13::new();
    hasher.write(bytes);
    hasher.finish()
}

fn write_waits(
    connection: &Connection,
    id: PersonId,
    waits: &[(FeedName, Timestamp)],
) -> rusqlite::Result<()> {
    connection.prepare_cached("DELETE FROM wait WHERE person = ?1")?.execute([sql(id.0)])?;
    for (name, until) in waits {
        connection
            .prepare_cached(
                "INSERT INTO wait (source, feed, needed_until, person) VALUES (?1, ?2, ?3, ?4)",
            )?
            .execute((&name.source, &name.feed, until.0, sql(id.0)))?;
    }
    Ok(())
}

/// A person's row.
pub(super) fn get(connection: &Connection, id: PersonId) -> Result<Option<Versioned>, StoreError> {
    let mut statement =
        connection.prepare_cached("SELECT version, record FROM person WHERE id = ?1")?;
    let mut rows = statement.query([sql(id.0)])?;
    match rows.next()? {
        Some(row) => {
            let bytes = row.get_ref(1)?.as_blob().map_err(rusqlite::Error::from)?;
            Ok(Some((id, word(row, 0)?, read(id, bytes)?)))
        }
        None => Ok(None),
    }
}

pub(super) fn read(id: PersonId, bytes: &[u8]) -> Result<Record, StoreError> {
    decode_fast(bytes, || format!("the row of person {id}"))
}

/// Rows by ascending id after `after`.
pub(super) fn after(
    connection: &Connection,
    after: PersonId,
    limit: usize,
) -> Result<Vec<Versioned>, StoreError> {
    let mut statement = connection.prepare_cached(
        "SELECT id, version, record FROM person WHERE id > ?1 ORDER BY id LIMIT ?2",
    )?;
    let mut rows = statement.query((sql(after.0), size(limit)))?;
    let mut found = Vec::new();
    while let Some(row) = rows.next()? {
        let id = PersonId(word(row, 0)?);
        let bytes = row.get_ref(2)?.as_blob().map_err(rusqlite::Error::from)?;
        found.push((id, word(row, 1)?, read(id, bytes)?));
    }
    Ok(found)
}

/// Persons whose due time has come, the longest due first.
pub(super) fn due(
    connection: &Connection,
    now: Timestamp,
    limit: usize,
) -> Result<Vec<PersonId>, StoreError> {
    let mut statement = connection
        .prepare_cached("SELECT id FROM person WHERE due_at <= ?1 ORDER BY due_at, id LIMIT ?2")?;
    let rows = statement.query_map((now.0, size(limit)), |row| word(row, 0).map(PersonId))?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}

/// The earliest due time.
pub(super) fn next_due(connection: &Connection) -> Result<Option<Timestamp>, StoreError> {
    let at: Option<i64> = connection
        .prepare_cached("SELECT min(due_at) FROM person WHERE due_at IS NOT NULL")?
        .query_row([], |row| row.get(0))?;
    Ok(at.map(Timestamp))
}

/// Persons who wait for a feed that is complete now.
pub(super) fn waiting_for(
    connection: &Connection,
    feed: &FeedName,
    complete_to: Timestamp,
    limit: usize,
) -> Result<Vec<PersonId>, StoreError> {
    let mut statement = connection.prepare_cached(
        "SELECT person FROM wait WHERE source = ?1 AND feed = ?2 AND needed_until <= ?3
         GROUP BY person ORDER BY min(needed_until), person LIMIT ?4",
    )?;
    let parameters = (&feed.source, &feed.feed, complete_to.0, size(limit));
    let rows = statement.query_map(parameters, |row| word(row, 0).map(PersonId))?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}
