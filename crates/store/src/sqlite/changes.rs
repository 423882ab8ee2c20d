//! Who was joined and parted, and what staff said: records of the log, found without reading it.

use regulars_engine::commit::Logged;
use regulars_engine::event::LogPosition;
use regulars_engine::identity::{Change, ChangeKind, PersonId};
use regulars_engine::time::DAY;
use rusqlite::{Connection, OptionalExtension};

use super::number::{size, sql, word};
use crate::codec::{decode, encode};
use crate::error::StoreError;
use crate::reader::{ChangeDay, NumberedChange};

/// Appends changes, in one row.
pub(super) fn append(connection: &Connection, changes: &[Change]) -> Result<(), StoreError> {
    if changes.is_empty() {
        return Ok(());
    }
    connection
        .prepare_cached("INSERT INTO identity_change (first, count, changes) VALUES (?1, ?2, ?3)")?
        .execute((sql(next(connection)?), size(changes.len()), encode(&changes.to_vec())))?;
    for change in changes {
        let (joined, parted) = match change.kind() {
            ChangeKind::Joined => (1, 0),
            ChangeKind::Parted => (0, 1),
            ChangeKind::Moved => (1, 1),
            ChangeKind::Erased => continue,
        };
        connection
            .prepare_cached(
                "INSERT INTO identity_day (day, joined, parted) VALUES (?1, ?2, ?3)
                 ON CONFLICT (day) DO UPDATE
                 SET joined = joined + excluded.joined, parted = parted + excluded.parted",
            )?
            .execute((change.at.0.div_euclid(DAY), joined, parted))?;
    }
    Ok(())
}

/// The number of the next change, from 1.
pub(super) fn next(connection: &Connection) -> rusqlite::Result<u64> {
    let last = connection
        .prepare_cached("SELECT first + count FROM identity_change ORDER BY first DESC LIMIT 1")?
        .query_row([], |row| word(row, 0))
        .optional()?;
    Ok(last.unwrap_or(1))
}

/// Changes with a number above `after`, ascending.
pub(super) fn after(
    connection: &Connection,
    after: u64,
    limit: usize,
) -> Result<Vec<NumberedChange>, StoreError> {
    let mut found = Vec::new();
    let mut statement = connection.prepare_cached(
        "SELECT first, changes FROM identity_change
         WHERE first >= coalesce(
           (SELECT max(first) FROM identity_change WHERE first <= ?1 + 1), 0)
         ORDER BY first",
    )?;
    let mut rows = statement.query([sql(after)])?;
    while found.len() < limit {
        let Some(row) = rows.next()? else { break };
        let numbered = read(row)?.into_iter().filter(|numbered| numbered.number > after);
        found.extend(numbered.take(limit - found.len()));
    }
    Ok(found)
}

/// Changes with a number below `before`, the latest first.
pub(super) fn latest(
    connection: &Connection,
    before: Option<u64>,
    limit: usize,
) -> Result<Vec<NumberedChange>, StoreError> {
    let mut found = Vec::new();
    let mut statement = connection.prepare_cached(
        "SELECT first, changes FROM identity_change WHERE first < ?1 ORDER BY first DESC",
    )?;
    let before = before.unwrap_or(i64::MAX.unsigned_abs());
    let mut rows = statement.query([sql(before)])?;
    while found.len() < limit {
        let Some(row) = rows.next()? else { break };
        let numbered = read(row)?.into_iter().rev().filter(|numbered| numbered.number < before);
        found.extend(numbered.take(limit - found.len()));
    }
    Ok(found)
}

fn read(row: &rusqlite::Row<'_>) -> Result<Vec<NumberedChange>, StoreError> {
    let first = word(row, 0)?;
    let bytes = row.get_ref(1)?.as_blob().map_err(rusqlite::Error::from)?;
    let changes: Vec<Change> = decode(bytes, || format!("the changes of who is who at {first}"))?;
    let numbered = changes.into_iter().zip(first..);
    Ok(numbered.map(|(change, number)| NumberedChange { number, change }).collect())
}

/// How much was joined and parted by day, from a day (of UTC, since 1970) on, ascending.
pub(super) fn by_day(connection: &Connection, from: i64) -> Result<Vec<ChangeDay>, StoreError> {
    let mut statement = connection.prepare_cached(
        "SELECT day, joined, parted FROM identity_day WHERE day >= ?1 ORDER BY day",
    )?;
    let rows = statement.query_map([from], |row| {
        Ok(ChangeDay { day: row.get(0)?, joined: word(row, 1)?, parted: word(row, 2)? })
    })?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}

/// Empties every change that one of the persons is in; its place and its moment stay.
pub(super) fn erase(connection: &Connection, persons: &[PersonId]) -> Result<(), StoreError> {
    let mut emptied = Vec::new();
    let mut statement = connection.prepare_cached("SELECT first, changes FROM identity_change")?;
    let mut rows = statement.query([])?;
    while let Some(row) = rows.next()? {
        let held = read(row)?;
        if held.iter().any(|numbered| numbered.change.concerns(persons)) {
            let changes = held.into_iter().map(|numbered| {
                let change = numbered.change;
                if change.concerns(persons) { change.erased() } else { change }
            });
            emptied.push((word(row, 0)?, changes.collect::<Vec<Change>>()));
        }
    }
    drop(rows);
    for (first, changes) in emptied {
        connection
            .prepare_cached("UPDATE identity_change SET changes = ?2 WHERE first = ?1")?
            .execute((sql(first), encode(&changes)))?;
    }
    Ok(())
}

/// Reads every change: what does not read is an error.
pub(super) fn check(connection: &Connection) -> Result<(), StoreError> {
    after(connection, 0, usize::MAX).map(drop)
}

/// Notes which events are statements of staff.
pub(super) fn note_statements(connection: &Connection, events: &[Logged]) -> rusqlite::Result<()> {
    for logged in events.iter().filter(|logged| logged.event.kind.stated_by_staff()) {
        connection
            .prepare_cached("INSERT OR IGNORE INTO statement (position) VALUES (?1)")?
            .execute([sql(logged.position.0)])?;
    }
    Ok(())
}

/// Positions of statements of staff below `before`, the latest first.
pub(super) fn statements(
    connection: &Connection,
    before: Option<LogPosition>,
    limit: usize,
) -> Result<Vec<LogPosition>, StoreError> {
    let before = before.map_or(i64::MAX, |before| sql(before.0));
    let mut statement = connection.prepare_cached(
        "SELECT position FROM statement WHERE position < ?1 ORDER BY position DESC LIMIT ?2",
    )?;
    let rows = statement.query_map((before, size(limit)), |row| word(row, 0).map(LogPosition))?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}
