//! Definitions, the server's own small rows, and what the store keeps about itself.

use regulars_engine::identity::KeySalt;
use regulars_engine::time::Timestamp;
use rusqlite::{Connection, OptionalExtension, Row};

use super::number::{sql, word};
use crate::error::StoreError;
use crate::store::{Definition, Published, Sending};

/// The space of what the store keeps about itself.
pub(super) const STORE: &str = "store";

fn definition_of(row: &Row<'_>) -> rusqlite::Result<Definition> {
    Ok(Definition {
        name: row.get(0)?,
        text: row.get(1)?,
        hash: word(row, 2)?,
        published_at: Timestamp(row.get(3)?),
    })
}

/// All definitions by name.
pub(super) fn definitions(connection: &Connection) -> Result<Vec<Definition>, StoreError> {
    let mut statement = connection
        .prepare_cached("SELECT name, text, hash, published_at FROM definition ORDER BY name")?;
    let rows = statement.query_map([], definition_of)?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}

/// One definition.
pub(super) fn definition(
    connection: &Connection,
    name: &str,
) -> Result<Option<Definition>, StoreError> {
    Ok(connection
        .prepare_cached("SELECT name, text, hash, published_at FROM definition WHERE name = ?1")?
        .query_row([name], definition_of)
        .optional()?)
}

/// Publishes by compare-and-set on the hash.
pub(super) fn publish(
    connection: &Connection,
    definition: &Definition,
    expected: Option<u64>,
) -> Result<Published, StoreError> {
    let held = self::definition(connection, &definition.name)?.map(|held| held.hash);
    if held != expected {
        return Ok(Published::Changed(held));
    }
    connection
        .prepare_cached(
            "INSERT OR REPLACE INTO definition (name, text, hash, published_at)
             VALUES (?1, ?2, ?3, ?4)",
        )?
        .execute((
            &definition.name,
            &definition.text,
            sql(definition.hash),
            definition.published_at.0,
        ))?;
    Ok(Published::Done)
}

/// Takes a definition away by compare-and-set on the hash.
pub(super) fn withdraw(
    connection: &Connection,
    name: &str,
    expected: u64,
) -> Result<Published, StoreError> {
    let held = definition(connection, name)?.map(|held| held.hash);
    if held != Some(expected) {
        return Ok(Published::Changed(held));
    }
    connection.prepare_cached("DELETE FROM definition WHERE name = ?1")?.execute([name])?;
    Ok(Published::Done)
}

/// Writes or takes away a small row.
pub(super) fn put(
    connection: &Connection,
    space: &str,
    key: &str,
    value: Option<&[u8]>,
) -> rusqlite::Result<()> {
    match value {
        Some(value) => connection
            .prepare_cached("INSERT OR REPLACE INTO small (space, key, value) VALUES (?1, ?2, ?3)")?
            .execute((space, key, value)),
        None => connection
            .prepare_cached("DELETE FROM small WHERE space = ?1 AND key = ?2")?
            .execute((space, key)),
    }
    .map(drop)
}

/// Reads a small row.
pub(super) fn get(
    connection: &Connection,
    space: &str,
    key: &str,
) -> Result<Option<Vec<u8>>, StoreError> {
    Ok(connection
        .prepare_cached("SELECT value FROM small WHERE space = ?1 AND key = ?2")?
        .query_row((space, key), |row| row.get(0))
        .optional()?)
}

/// All small rows of a space by key.
pub(super) fn list(
    connection: &Connection,
    space: &str,
) -> Result<Vec<(String, Vec<u8>)>, StoreError> {
    let mut statement =
        connection.prepare_cached("SELECT key, value FROM small WHERE space = ?1 ORDER BY key")?;
    let rows = statement.query_map([space], |row| Ok((row.get(0)?, row.get(1)?)))?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}

/// Whether messages may leave; they may in a new store.
pub(super) fn sending(connection: &Connection) -> Result<Sending, StoreError> {
    let word = get(connection, STORE, "sending")?;
    Ok(match word {
        None => Sending::On,
        Some(bytes) => Sending::parse(&String::from_utf8_lossy(&bytes)),
    })
}

/// Lets messages leave, or not.
pub(super) fn set_sending(connection: &Connection, sending: Sending) -> rusqlite::Result<()> {
    put(connection, STORE, "sending", Some(sending.word().as_bytes()))
}

/// The salt of the store, if it has one yet.
pub(super) fn salt(connection: &Connection) -> Result<Option<KeySalt>, StoreError> {
    let Some(bytes) = get(connection, STORE, "salt")? else { return Ok(None) };
    let halves = bytes.first_chunk::<8>().zip(bytes.last_chunk::<8>());
    let (low, high) = halves.ok_or_else(|| StoreError::damaged("the salt"))?;
    Ok(Some(KeySalt(u64::from_le_bytes(*low), u64::from_le_bytes(*high))))
}

/// Keeps the salt of a new store.
pub(super) fn set_salt(connection: &Connection, salt: KeySalt) -> rusqlite::Result<()> {
    let bytes = [salt.0.to_le_bytes(), salt.1.to_le_bytes()].concat();
    put(connection, STORE, "salt", Some(&bytes))
}

/// How many persons there are: counted as they come and go, since counting rows reads them all.
pub(super) fn persons(connection: &Connection) -> Result<u64, StoreError> {
    let Some(bytes) = get(connection, STORE, "persons")? else { return Ok(0) };
    let count = bytes.first_chunk::<8>().ok_or_else(|| StoreError::damaged("the count of persons"));
    count.map(|bytes| u64::from_le_bytes(*bytes))
}

/// Adds to the number of persons.
pub(super) fn add_persons(connection: &Connection, more: i64) -> Result<(), StoreError> {
    if more == 0 {
        return Ok(());
    }
    let count = persons(connection)?
        .checked_add_signed(more)
        .ok_or_else(|| StoreError::damaged("the count of persons"))?;
    Ok(put(connection, STORE, "persons", Some(&count.to_le_bytes()))?)
}

/// Whether erased bytes may still be in the free parts of the file.
pub(super) fn scrub_due(connection: &Connection) -> Result<bool, StoreError> {
    Ok(get(connection, STORE, "scrub")?.is_some())
}

/// Notes that the file is to be scrubbed, or that it was.
pub(super) fn set_scrub_due(connection: &Connection, due: bool) -> rusqlite::Result<()> {
    put(connection, STORE, "scrub", due.then_some(b"due".as_slice()))
}

/// How far small rows of a kind have been merged.
pub(super) fn tidied(connection: &Connection, kind: &str) -> Result<u64, StoreError> {
    let bytes = get(connection, STORE, kind)?.unwrap_or_default();
    Ok(bytes.first_chunk::<8>().map_or(0, |bytes| u64::from_le_bytes(*bytes)))
}

/// Notes how far small rows of a kind have been merged.
pub(super) fn set_tidied(connection: &Connection, kind: &str, to: u64) -> rusqlite::Result<()> {
    put(connection, STORE, kind, Some(&to.to_le_bytes()))
}
