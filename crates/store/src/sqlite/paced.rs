//! How many messages were claimed lately, among the small rows: a row a lane and minute, of a day.

use regulars_engine::pace::{Kept, LaneKey};
use regulars_engine::source::FeedName;
use regulars_engine::time::Timestamp;
use rusqlite::Connection;

use super::number::word;
use super::small;
use crate::error::StoreError;
use crate::reader::Waiting;

const SPACE: &str = "pace";

/// The key of a row: those of earlier minutes come first.
fn key(minute: i64, lane: Option<LaneKey>) -> String {
    let lane = lane.map_or(String::new(), |lane| format!("{:016x}", lane.0));
    format!("{:010x}{lane}", minute.max(0))
}

/// Writes counts in place of those that were kept, and forgets what no limit counts any more.
pub(super) fn write(connection: &Connection, paced: &[Kept]) -> rusqlite::Result<()> {
    for Kept { lane, minute, claims, last } in paced {
        let mut value = claims.to_le_bytes().to_vec();
        value.extend(last.0.to_le_bytes());
        small::put(connection, SPACE, &key(*minute, Some(*lane)), Some(&value))?;
    }
    let Some(newest) = paced.iter().map(|kept| kept.minute).max() else { return Ok(()) };
    connection
        .prepare_cached("DELETE FROM small WHERE space = ?1 AND key < ?2")?
        .execute((SPACE, key(newest - Kept::MINUTES, None)))
        .map(drop)
}

/// All counts that are kept.
pub(super) fn list(connection: &Connection) -> Result<Vec<Kept>, StoreError> {
    let rows = small::list(connection, SPACE)?;
    rows.into_iter().map(|(key, value)| read(&key, &value)).collect()
}

fn read(key: &str, value: &[u8]) -> Result<Kept, StoreError> {
    let parts = key.split_at_checked(10).zip(value.split_first_chunk::<4>());
    let kept = parts.and_then(|((minute, lane), (claims, last))| {
        Some(Kept {
            lane: LaneKey(u64::from_str_radix(lane, 16).ok()?),
            minute: i64::from_str_radix(minute, 16).ok()?,
            claims: u32::from_le_bytes(*claims),
            last: Timestamp(i64::from_le_bytes(last.try_into().ok()?)),
        })
    });
    kept.ok_or_else(|| StoreError::damaged("a count of messages"))
}

/// How many persons wait for each feed of a source.
pub(super) fn waiting(connection: &Connection, source: &str) -> Result<Vec<Waiting>, StoreError> {
    let mut statement = connection.prepare_cached(
        "SELECT feed, count(DISTINCT person), min(needed_until) FROM wait
         WHERE source = ?1 GROUP BY feed ORDER BY feed",
    )?;
    let rows = statement.query_map([source], |row| {
        let feed = FeedName { source: source.to_owned(), feed: row.get(0)? };
        Ok(Waiting { feed, persons: word(row, 1)?, first: Timestamp(row.get(2)?) })
    })?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}
