//! Who holds which identifier, and which were erased.
//!
//! Pairs are appended batch by batch and read in order at start: a new identifier dirties no page
//! of its own, and the look-up is in memory.

use regulars_engine::identity::{IdentifierKey, PersonId};
use rusqlite::Connection;

use super::number::word;
use crate::error::StoreError;
use crate::index::KeyMap;
use crate::index::packed::{put_word, take_word};

/// Appends who holds what.
pub(super) fn append(
    connection: &Connection,
    entries: &[(IdentifierKey, Option<PersonId>)],
) -> rusqlite::Result<()> {
    if entries.is_empty() {
        return Ok(());
    }
    let mut bytes = Vec::with_capacity(entries.len() * 16);
    for (key, person) in entries {
        put_word(&mut bytes, key.0);
        put_word(&mut bytes, person.map_or(0, |person| person.0));
    }
    connection
        .prepare_cached("INSERT INTO identifier (entries) VALUES (?1)")?
        .execute([bytes])
        .map(drop)
}

/// Takes pairs into the look-up.
pub(super) fn apply(holders: &mut KeyMap, entries: &[(IdentifierKey, Option<PersonId>)]) {
    for (key, person) in entries {
        match person {
            Some(person) => holders.set(key.0, person.0),
            None => holders.remove(key.0),
        }
    }
}

/// The pairs of a row.
pub(super) fn pairs(mut bytes: &[u8]) -> impl Iterator<Item = (u64, u64)> + '_ {
    std::iter::from_fn(move || Some((take_word(&mut bytes)?, take_word(&mut bytes)?)))
}

/// Reads all pairs; the last one of a key counts.
pub(super) fn load(connection: &Connection) -> Result<KeyMap, StoreError> {
    let mut holders = KeyMap::default();
    let mut statement = connection.prepare("SELECT entries FROM identifier ORDER BY seq")?;
    let mut rows = statement.query([])?;
    while let Some(row) = rows.next()? {
        let bytes = row.get_ref(0)?.as_blob().map_err(rusqlite::Error::from)?;
        for (key, person) in pairs(bytes) {
            match person {
                0 => holders.remove(key),
                person => holders.set(key, person),
            }
        }
    }
    Ok(holders)
}

/// Reads the keys that were erased.
pub(super) fn load_erased(connection: &Connection) -> Result<KeyMap, StoreError> {
    let mut erased = KeyMap::default();
    let mut statement = connection.prepare("SELECT key FROM erased")?;
    let mut rows = statement.query([])?;
    while let Some(row) = rows.next()? {
        erased.set(word(row, 0)?, 1);
    }
    Ok(erased)
}
