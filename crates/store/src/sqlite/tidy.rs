//! Merging small rows: live traffic commits a few events at a time, and a row for every few events
//! compresses badly and takes long to read at start.
//!
//! Neighbouring rows become one as long as it does not grow past the size of a row that a large
//! batch writes. A row is looked at once: how far this has come is kept. The last rows stay open,
//! since more is to come.

use std::collections::BTreeMap;

use rusqlite::Connection;

use super::dues::{self, Dues};
use super::identifiers;
use super::log::{FRAME_EVENTS, ROW_KEYS};
use super::number::{size, sql, word};
use super::open::SqliteStore;
use super::pointers::{self, Chunk, ROW_EVENTS};
use super::small;
use crate::codec::{compress, decompress};
use crate::error::StoreError;
use crate::index::KeyMap;
use crate::index::packed::put_word;

/// Rows looked at in one slice, of each kind.
const ROWS_A_SLICE: usize = 64;
/// Pairs of identifiers in a row.
const ROW_PAIRS: u64 = 4_096;

/// Neighbouring rows that can be one, by the first position of each.
#[derive(Default)]
struct Run {
    firsts: Vec<u64>,
}

impl SqliteStore {
    pub(super) fn merge_small_rows(&mut self) -> Result<bool, StoreError> {
        self.waiting.take(&self.handle.lock(), true)?;
        let (put_in, more) = self.transact(|transaction, store| {
            let put_in = store.waiting.put_in(transaction, None)?;
            let next = store.shared.read().next;
            let mut more = merge(transaction, &FRAMES, next, merge_frames)?;
            more |= merge(transaction, &KEYS, next, merge_keys)?;
            more |= merge(transaction, &POINTERS, next, merge_pointers)?;
            let end = behind(transaction, "SELECT coalesce(max(seq), 0) FROM identifier")?;
            more |= merge(transaction, &IDENTIFIERS, end, |connection, firsts| {
                merge_identifiers(connection, &store.shared.read().holders, firsts)
            })?;
            let end = behind(transaction, "SELECT coalesce(max(seq), 0) FROM due")?;
            more |= merge(transaction, &DUES, end, |connection, firsts| {
                merge_dues(connection, &store.dues, firsts)
            })?;
            Ok::<_, StoreError>((put_in, more))
        })?;
        self.key_row.forget();
        self.waiting.apply(0, &put_in);
        Ok(more || !self.waiting.empty())
    }
}

/// The number after the last row's.
fn behind(connection: &Connection, last: &str) -> rusqlite::Result<u64> {
    let last: i64 = connection.prepare_cached(last)?.query_row([], |row| row.get(0))?;
    Ok(last.cast_unsigned() + 1)
}

/// One kind of packed row.
struct Kind {
    /// Under which name it is kept how far merging has come.
    mark: &'static str,
    /// Reads the first position and the size of rows from a position on.
    rows: &'static str,
    /// The most a row may hold.
    most: u64,
    /// Whether sizes are distances to the next row and not counts.
    spans: bool,
}

const FRAMES: Kind = Kind {
    mark: "tidied frames",
    rows: "SELECT first, count FROM frame WHERE first >= ?1 ORDER BY first LIMIT ?2",
    most: FRAME_EVENTS as u64,
    spans: false,
};
const KEYS: Kind = Kind {
    mark: "tidied keys",
    rows: "SELECT first, length(keys) / 16 FROM message_key WHERE first >= ?1
           ORDER BY first LIMIT ?2",
    most: ROW_KEYS as u64,
    spans: false,
};
const POINTERS: Kind = Kind {
    mark: "tidied pointers",
    rows: "SELECT first, 0 FROM pointer WHERE first >= ?1 ORDER BY first LIMIT ?2",
    most: ROW_EVENTS as u64,
    spans: true,
};
const IDENTIFIERS: Kind = Kind {
    mark: "tidied identifiers",
    rows: "SELECT seq, length(entries) / 16 FROM identifier WHERE seq >= ?1 ORDER BY seq LIMIT ?2",
    most: ROW_PAIRS,
    spans: false,
};

const DUES: Kind = Kind {
    mark: "tidied dues",
    rows: "SELECT seq, length(entries) / 16 FROM due WHERE seq >= ?1 ORDER BY seq LIMIT ?2",
    most: ROW_PAIRS,
    spans: false,
};

/// Merges the next rows of a kind that can be. Returns whether there may be more.
fn merge(
    connection: &Connection,
    kind: &Kind,
    end: u64,
    mut join: impl FnMut(&Connection, &[u64]) -> Result<(), StoreError>,
) -> Result<bool, StoreError> {
    let from = small::tidied(connection, kind.mark)?;
    let mut statement = connection.prepare_cached(kind.rows)?;
    let rows = statement
        .query_map((sql(from), size(ROWS_A_SLICE + 1)), |row| Ok((word(row, 0)?, word(row, 1)?)))?;
    let mut rows: Vec<(u64, u64)> = rows.collect::<rusqlite::Result<_>>()?;
    // The row after the slice tells where its last one ends.
    let full = rows.len() > ROWS_A_SLICE;
    let end = if full { rows.pop().map_or(end, |(first, _)| first) } else { end };
    let (runs, open) = runs(&rows, kind, end);
    for run in runs.iter().filter(|run| run.firsts.len() > 1) {
        join(connection, &run.firsts)?;
    }
    if full && runs.is_empty() {
        // More rows fit into one than a slice looks at: what it saw is made one, to go on from.
        join(connection, &open.firsts)?;
    } else if let Some(open) = open.firsts.first().filter(|open| **open > from) {
        small::set_tidied(connection, kind.mark, *open)?;
    }
    Ok(full)
}

/// Cuts rows into runs that fit one row each. The last run stands apart, since what follows may
/// fit too. `end`: the position after the last row.
fn runs(rows: &[(u64, u64)], kind: &Kind, end: u64) -> (Vec<Run>, Run) {
    let mut runs: Vec<Run> = Vec::new();
    let mut held = 0;
    for (index, (first, count)) in rows.iter().enumerate() {
        let next = rows.get(index + 1).map_or(end, |(first, _)| *first);
        let grown = match runs.last() {
            Some(run) if kind.spans => next - run.firsts[0],
            Some(_) => held + count,
            None => u64::MAX,
        };
        match runs.last_mut() {
            Some(run) if grown <= kind.most => {
                run.firsts.push(*first);
                held += count;
            }
            Some(_) | None => {
                runs.push(Run { firsts: vec![*first] });
                held = *count;
            }
        }
    }
    let open = runs.pop().unwrap_or_default();
    (runs, open)
}

fn merge_frames(connection: &Connection, firsts: &[u64]) -> Result<(), StoreError> {
    let mut parts: Vec<u8> = Vec::new();
    let mut count = 0;
    for first in firsts {
        let (events, held): (Vec<u8>, i64) = connection
            .prepare_cached("SELECT events, count FROM frame WHERE first = ?1")?
            .query_row([sql(*first)], |row| Ok((row.get(0)?, row.get(1)?)))?;
        // Entries know nothing of their place, so a frame is the bytes of its parts.
        parts.extend(decompress(&events, || format!("the log frame at {first}"))?);
        count += held;
        connection.prepare_cached("DELETE FROM frame WHERE first = ?1")?.execute([sql(*first)])?;
    }
    let events = compress(&parts);
    connection
        .prepare_cached("INSERT INTO frame (first, count, events) VALUES (?1, ?2, ?3)")?
        .execute((sql(firsts[0]), count, events))?;
    Ok(())
}

fn merge_keys(connection: &Connection, firsts: &[u64]) -> Result<(), StoreError> {
    let (mut keys, mut contents) = (Vec::new(), Vec::new());
    for first in firsts {
        let (more_keys, more_contents): (Vec<u8>, Vec<u8>) = connection
            .prepare_cached("DELETE FROM message_key WHERE first = ?1 RETURNING keys, contents")?
            .query_row([sql(*first)], |row| Ok((row.get(0)?, row.get(1)?)))?;
        keys.extend(more_keys);
        contents.extend(more_contents);
    }
    connection
        .prepare_cached("INSERT INTO message_key (first, keys, contents) VALUES (?1, ?2, ?3)")?
        .execute((sql(firsts[0]), keys, contents))?;
    Ok(())
}

fn merge_pointers(connection: &Connection, firsts: &[u64]) -> Result<(), StoreError> {
    let mut merged: BTreeMap<u64, Chunk> = BTreeMap::new();
    for first in firsts {
        let chunks: Vec<u8> = connection
            .prepare_cached("DELETE FROM pointer WHERE first = ?1 RETURNING chunks")?
            .query_row([sql(*first)], |row| row.get(0))?;
        for (anchor, chunk) in pointers::read_row(*first, &chunks)? {
            let held = merged
                .entry(anchor)
                .or_insert_with(|| Chunk { before: chunk.before, positions: Vec::new() });
            held.positions.extend(chunk.positions);
        }
    }
    pointers::write_row(connection, firsts[0], &merged)
}

/// Keeps the last pair of each key, and leaves out those that a later row has overtaken. That
/// nobody holds a key is kept while it is so, since an earlier row may say otherwise.
fn merge_identifiers(
    connection: &Connection,
    holders: &KeyMap,
    seqs: &[u64],
) -> Result<(), StoreError> {
    let mut last: BTreeMap<u64, u64> = BTreeMap::new();
    for seq in seqs {
        let entries: Vec<u8> = connection
            .prepare_cached("DELETE FROM identifier WHERE seq = ?1 RETURNING entries")?
            .query_row([sql(*seq)], |row| row.get(0))?;
        last.extend(identifiers::pairs(&entries));
    }
    let mut entries = Vec::with_capacity(last.len() * 16);
    for (key, person) in last {
        if holders.get(key).unwrap_or(0) == person {
            put_word(&mut entries, key);
            put_word(&mut entries, person);
        }
    }
    connection
        .prepare_cached("INSERT INTO identifier (seq, entries) VALUES (?1, ?2)")?
        .execute((sql(seqs[0]), entries))?;
    Ok(())
}

/// Keeps the last pair of each person, and leaves out those that a later row has overtaken.
fn merge_dues(connection: &Connection, dues: &Dues, seqs: &[u64]) -> Result<(), StoreError> {
    let mut last: BTreeMap<u64, i64> = BTreeMap::new();
    for seq in seqs {
        let entries: Vec<u8> = connection
            .prepare_cached("DELETE FROM due WHERE seq = ?1 RETURNING entries")?
            .query_row([sql(*seq)], |row| row.get(0))?;
        last.extend(dues::pairs(&entries));
    }
    let held = last.into_iter().filter(|(person, at)| dues.holds(*person, *at));
    Ok(dues::insert(connection, Some(seqs[0]), held)?)
}
