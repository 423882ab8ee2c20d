//! By which keys of linking cards are found.

use regulars_engine::commit::LinkKeyWrite;
use regulars_engine::identity::IdentifierKey;
use rusqlite::Connection;

use super::number::{size, sql, word};
use crate::error::StoreError;

/// Identifier keys use all their bits; flipping the highest keeps their order as signed numbers.
const HIGHEST: u64 = 1 << 63;

/// Writes by which keys cards are found, and by which they no longer are.
pub(super) fn write(connection: &Connection, writes: &[LinkKeyWrite]) -> rusqlite::Result<()> {
    for LinkKeyWrite { key, card, found } in writes {
        let text = if *found {
            "INSERT OR IGNORE INTO link_key (key, card) VALUES (?1, ?2)"
        } else {
            "DELETE FROM link_key WHERE key = ?1 AND card = ?2"
        };
        connection.prepare_cached(text)?.execute((sql(*key), sql(card.0 ^ HIGHEST)))?;
    }
    Ok(())
}

/// For each key the cards found by it, those with the smallest identifier keys first.
pub(super) fn members(
    connection: &Connection,
    keys: &[u64],
    limit: usize,
) -> Result<Vec<Vec<IdentifierKey>>, StoreError> {
    let mut statement = connection
        .prepare_cached("SELECT card FROM link_key WHERE key = ?1 ORDER BY card LIMIT ?2")?;
    let mut found = Vec::with_capacity(keys.len());
    for key in keys {
        let rows = statement.query_map((sql(*key), size(limit)), |row| word(row, 0))?;
        let cards = rows.map(|card| card.map(|card| IdentifierKey(card ^ HIGHEST)));
        found.push(cards.collect::<rusqlite::Result<_>>()?);
    }
    Ok(found)
}

/// Takes all away.
pub(super) fn clear(connection: &Connection) -> rusqlite::Result<()> {
    connection.execute("DELETE FROM link_key", []).map(drop)
}
