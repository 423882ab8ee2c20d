//! When persons are due: by time in memory, and as pairs on disk.
//!
//! Whoever is in a journey is due at another moment after almost every event. An index by time in
//! the database would cost two pages a person and event; pairs of person and moment are appended
//! batch by batch instead, one page for all of them, and read in order at start. A person whose
//! moment is known takes some 24 bytes of memory.

use std::collections::{BTreeMap, BTreeSet};

use regulars_engine::identity::PersonId;
use regulars_engine::time::Timestamp;
use rusqlite::Connection;

use super::number::sql;
use crate::error::StoreError;
use crate::index::packed::{put_word, take_word};

/// Stands for no moment.
const NEVER: i64 = i64::MIN;
/// Pairs in a row when all are written anew.
const ROW_PAIRS: usize = 4_096;
/// Pairs that may be overtaken before a start writes all anew, beside as many as hold.
const SPARE_PAIRS: usize = 65_536;

/// A person whose moment has changed: from when to when.
#[derive(Clone, Copy, Debug)]
pub(super) struct Move {
    pub(super) person: PersonId,
    pub(super) before: Option<i64>,
    pub(super) after: Option<i64>,
}

/// Persons by the moment at which they are due.
#[derive(Debug, Default)]
pub(super) struct Dues(BTreeSet<(i64, u64)>);

impl Dues {
    /// Reads them, and writes them anew where most pairs have been overtaken.
    pub(super) fn open(connection: &Connection) -> Result<Self, StoreError> {
        let (dues, pairs) = load(connection)?;
        let dues = Self(dues.into_iter().map(|(person, at)| (at, person)).collect());
        if pairs > 2 * dues.0.len() + SPARE_PAIRS {
            dues.write_anew(connection)?;
        }
        Ok(dues)
    }

    fn write_anew(&self, connection: &Connection) -> Result<(), StoreError> {
        let transaction = connection.unchecked_transaction()?;
        transaction.execute("DELETE FROM due", [])?;
        let all: Vec<(u64, i64)> = self.0.iter().map(|(at, person)| (*person, *at)).collect();
        for pairs in all.chunks(ROW_PAIRS) {
            insert(&transaction, None, pairs.iter().copied())?;
        }
        Ok(transaction.commit()?)
    }

    /// Takes in what a transaction wrote.
    pub(super) fn apply(&mut self, moves: &[Move]) {
        for Move { person, before, after } in moves {
            if let Some(at) = before {
                self.0.remove(&(*at, person.0));
            }
            if let Some(at) = after {
                self.0.insert((*at, person.0));
            }
        }
    }

    /// Whether this is when the person is due; that it never is, is not remembered.
    pub(super) fn holds(&self, person: u64, at: i64) -> bool {
        at == NEVER || self.0.contains(&(at, person))
    }

    /// Persons whose moment has come, the longest due first.
    pub(super) fn until(&self, now: Timestamp, limit: usize) -> Vec<PersonId> {
        let come = self.0.range(..=(now.0, u64::MAX));
        come.take(limit).map(|(_, person)| PersonId(*person)).collect()
    }

    /// Those of them for whom a segment may have turned by time.
    pub(super) fn turning(
        &self,
        connection: &Connection,
        now: Timestamp,
        limit: usize,
    ) -> Result<Vec<PersonId>, StoreError> {
        let mut statement =
            connection.prepare_cached("SELECT 1 FROM person WHERE id = ?1 AND turns_at <= ?2")?;
        let mut found = Vec::new();
        for (_, person) in self.0.range(..=(now.0, u64::MAX)) {
            if found.len() >= limit {
                break;
            }
            if statement.exists((sql(*person), now.0))? {
                found.push(PersonId(*person));
            }
        }
        Ok(found)
    }

    /// The earliest moment.
    pub(super) fn next(&self) -> Option<Timestamp> {
        self.0.first().map(|(at, _)| Timestamp(*at))
    }
}

/// Appends what changes.
pub(super) fn append(connection: &Connection, moves: &[Move]) -> rusqlite::Result<()> {
    if moves.is_empty() {
        return Ok(());
    }
    insert(connection, None, moves.iter().map(|m| (m.person.0, m.after.unwrap_or(NEVER))))
}

/// Writes a row, behind the others or in the place of number `seq`.
pub(super) fn insert(
    connection: &Connection,
    seq: Option<u64>,
    pairs: impl Iterator<Item = (u64, i64)>,
) -> rusqlite::Result<()> {
    let mut bytes = Vec::with_capacity(pairs.size_hint().0 * 16);
    for (person, at) in pairs {
        put_word(&mut bytes, person);
        put_word(&mut bytes, at.cast_unsigned());
    }
    connection
        .prepare_cached("INSERT INTO due (seq, entries) VALUES (?1, ?2)")?
        .execute((seq.map(sql), bytes))
        .map(drop)
}

/// The pairs of a row.
pub(super) fn pairs(mut bytes: &[u8]) -> impl Iterator<Item = (u64, i64)> + '_ {
    std::iter::from_fn(move || Some((take_word(&mut bytes)?, take_word(&mut bytes)?.cast_signed())))
}

/// Reads when each person is due, and how many pairs it took to say so.
pub(super) fn load(connection: &Connection) -> Result<(BTreeMap<u64, i64>, usize), StoreError> {
    let (mut dues, mut count) = (BTreeMap::new(), 0);
    let mut statement = connection.prepare("SELECT entries FROM due ORDER BY seq")?;
    let mut rows = statement.query([])?;
    while let Some(row) = rows.next()? {
        for (person, at) in pairs(row.get_ref(0)?.as_blob().map_err(rusqlite::Error::from)?) {
            count += 1;
            if at == NEVER {
                dues.remove(&person);
            } else {
                dues.insert(person, at);
            }
        }
    }
    Ok((dues, count))
}
