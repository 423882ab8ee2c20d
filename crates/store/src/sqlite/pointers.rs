//! Which events hang on which anchor.
//!
//! A batch adds one row with a chunk for every anchor it touches: the positions, and the anchor's
//! position before them. So the chunks of an anchor are a chain from the latest to the first, and
//! appending dirties no page but the last. The latest position of each anchor is in memory.

use std::collections::BTreeMap;

use regulars_engine::commit::Logged;
use regulars_engine::event::LogPosition;
use regulars_engine::identity::IdentifierKey;
use rusqlite::{Connection, OptionalExtension};

use super::number::{sql, word};
use crate::error::StoreError;
use crate::index::KeyMap;
use crate::index::packed::{put_number, put_word, take_bytes, take_number, take_word};

/// Events whose anchors share a row: a look-up reads the row whole.
pub(super) const ROW_EVENTS: usize = 1_024;

/// The positions of one anchor in one row.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Chunk {
    /// The anchor's position before these; 0: there is none.
    pub(super) before: u64,
    /// Ascending, not empty.
    pub(super) positions: Vec<u64>,
}

/// Appends the positions of `events` and returns the new last position of each anchor.
pub(super) fn append(
    connection: &Connection,
    heads: &KeyMap,
    events: &[Logged],
) -> Result<BTreeMap<u64, u64>, StoreError> {
    let mut moved: BTreeMap<u64, u64> = BTreeMap::new();
    for events in events.chunks(ROW_EVENTS) {
        let mut chunks: BTreeMap<u64, Chunk> = BTreeMap::new();
        for logged in events {
            let Some(anchor) = logged.anchor.map(|anchor| anchor.0) else { continue };
            let chunk = chunks.entry(anchor).or_insert_with(|| Chunk {
                before: moved.get(&anchor).copied().or_else(|| heads.get(anchor)).unwrap_or(0),
                positions: Vec::new(),
            });
            chunk.positions.push(logged.position.0);
        }
        for (anchor, chunk) in &chunks {
            moved.insert(*anchor, *chunk.positions.last().expect("chunks are not empty"));
        }
        if !chunks.is_empty() {
            write_row(connection, events[0].position.0, &chunks)?;
        }
    }
    Ok(moved)
}

/// Writes a row, in place of the one with the same first position if there is one.
pub(super) fn write_row(
    connection: &Connection,
    first: u64,
    chunks: &BTreeMap<u64, Chunk>,
) -> Result<(), StoreError> {
    let mut bytes = Vec::with_capacity(chunks.len() * 24);
    let mut body = Vec::new();
    for (anchor, chunk) in chunks {
        body.clear();
        let last = *chunk.positions.last().expect("chunks are not empty");
        put_number(&mut body, last - first);
        put_number(&mut body, if chunk.before == 0 { 0 } else { first - chunk.before });
        let mut from = first;
        for position in &chunk.positions[..chunk.positions.len() - 1] {
            put_number(&mut body, position - from);
            from = *position;
        }
        put_word(&mut bytes, *anchor);
        put_number(&mut bytes, u64::try_from(body.len()).expect("rows are small"));
        bytes.extend_from_slice(&body);
    }
    connection
        .prepare_cached("INSERT OR REPLACE INTO pointer (first, chunks) VALUES (?1, ?2)")?
        .execute((sql(first), bytes))?;
    Ok(())
}

/// Anchors and bodies of a row.
fn bodies(mut bytes: &[u8]) -> impl Iterator<Item = Option<(u64, &[u8])>> {
    std::iter::from_fn(move || {
        if bytes.is_empty() {
            return None;
        }
        let mut next = || {
            let anchor = take_word(&mut bytes)?;
            let length = take_number(&mut bytes)?;
            Some((anchor, take_bytes(&mut bytes, length)?))
        };
        let body = next();
        if body.is_none() {
            bytes = &[];
        }
        Some(body)
    })
}

/// A chunk of its body; `None` if it does not read.
fn chunk(first: u64, mut body: &[u8]) -> Option<Chunk> {
    let last = first.checked_add(take_number(&mut body)?)?;
    let before = match take_number(&mut body)? {
        0 => 0,
        back => first.checked_sub(back)?,
    };
    let mut positions = Vec::new();
    let mut from = first;
    while !body.is_empty() {
        from = from.checked_add(take_number(&mut body)?)?;
        positions.push(from);
    }
    positions.push(last);
    positions.is_sorted_by(|a, b| a < b).then_some(Chunk { before, positions })
}

/// All chunks of a row.
pub(super) fn read_row(first: u64, bytes: &[u8]) -> Result<BTreeMap<u64, Chunk>, StoreError> {
    bodies(bytes)
        .map(|found| found.and_then(|(anchor, body)| Some((anchor, chunk(first, body)?))))
        .collect::<Option<_>>()
        .ok_or_else(|| damaged(first))
}

/// The row that begins at `first`.
pub(super) fn row(connection: &Connection, first: u64) -> Result<BTreeMap<u64, Chunk>, StoreError> {
    let chunks: Vec<u8> = connection
        .prepare_cached("SELECT chunks FROM pointer WHERE first = ?1")?
        .query_row([sql(first)], |row| row.get(0))?;
    read_row(first, &chunks)
}

pub(super) fn damaged(first: u64) -> StoreError {
    StoreError::damaged(format!("the pointers at {first}"))
}

/// The chunk of an anchor that holds `position`, with the first position of its row.
pub(super) fn chunk_at(
    connection: &Connection,
    anchor: u64,
    position: u64,
) -> Result<(u64, Chunk), StoreError> {
    let mut statement = connection.prepare_cached(
        "SELECT first, chunks FROM pointer WHERE first <= ?1 ORDER BY first DESC LIMIT 1",
    )?;
    let found = statement
        .query_row([sql(position)], |row| {
            let first = word(row, 0)?;
            let bytes = row.get_ref(1)?.as_blob()?;
            let body = bodies(bytes).flatten().find(|(found, _)| *found == anchor);
            Ok(body.and_then(|(_, body)| Some((first, chunk(first, body)?))))
        })
        .optional()?
        .flatten();
    found
        .filter(|(_, chunk)| chunk.positions.binary_search(&position).is_ok())
        .ok_or_else(|| damaged(position))
}

/// The positions of one anchor, the latest first.
#[derive(Debug)]
pub(super) struct Chain {
    anchor: u64,
    positions: Vec<u64>,
    before: u64,
}

impl Chain {
    /// The chain of an anchor whose latest position is `head`; `None`: nothing hangs on it.
    pub(super) fn new(anchor: u64, head: Option<u64>) -> Self {
        Self { anchor, positions: Vec::new(), before: head.unwrap_or(0) }
    }

    /// The next position without taking it.
    pub(super) fn peek(&mut self, connection: &Connection) -> Result<Option<u64>, StoreError> {
        if self.positions.is_empty() && self.before != 0 {
            let (_, chunk) = chunk_at(connection, self.anchor, self.before)?;
            // A chain that does not go back would be walked for ever.
            if chunk.before >= chunk.positions[0] {
                return Err(damaged(self.before));
            }
            self.before = chunk.before;
            self.positions = chunk.positions;
        }
        Ok(self.positions.last().copied())
    }

    /// Takes the next position.
    pub(super) fn next(&mut self, connection: &Connection) -> Result<Option<u64>, StoreError> {
        self.peek(connection)?;
        Ok(self.positions.pop())
    }
}

/// Where events hang on these anchors from a position on, ascending, each once; `heads` are their latest
/// positions.
pub(super) fn hanging(
    connection: &Connection,
    anchors: &[IdentifierKey],
    heads: &[Option<u64>],
    from: LogPosition,
) -> Result<Vec<LogPosition>, StoreError> {
    let mut positions = Vec::new();
    for (anchor, head) in anchors.iter().zip(heads) {
        let mut chain = Chain::new(anchor.0, *head);
        if head.is_none_or(|head| head < from.0) {
            continue;
        }
        while let Some(position) = chain.next(connection)?.filter(|at| *at >= from.0) {
            positions.push(LogPosition(position));
        }
    }
    positions.sort_unstable();
    positions.dedup();
    Ok(positions)
}

/// Reads the last position of every anchor.
pub(super) fn load(connection: &Connection) -> Result<KeyMap, StoreError> {
    let mut heads = KeyMap::default();
    let mut statement = connection.prepare("SELECT first, chunks FROM pointer ORDER BY first")?;
    let mut rows = statement.query([])?;
    while let Some(row) = rows.next()? {
        let first = word(row, 0)?;
        for found in bodies(row.get_ref(1)?.as_blob().map_err(rusqlite::Error::from)?) {
            let (anchor, mut body) = found.ok_or_else(|| damaged(first))?;
            let last = take_number(&mut body).ok_or_else(|| damaged(first))?;
            heads.set(anchor, first + last);
        }
    }
    Ok(heads)
}
