//! Who is in which segment: an index beside the persons' rows that say so, packed in blocks, with
//! counts and sizes over time.

use std::collections::BTreeMap;

use regulars_engine::identity::PersonId;
use regulars_engine::segment::Membership;
use regulars_engine::time::{DAY, HOUR, Timestamp};
use rusqlite::{Connection, OptionalExtension};

use super::number::{sql, word};
use crate::error::StoreError;

/// Ids of a stretch of this many bits share a row. An event takes 32 ids, so a row holds whoever
/// was first named by 1,024 events: a hundred persons or so, 2 bytes each. A turn rewrites a row, so
/// larger ones would cost each event more.
const BLOCK_BITS: u32 = 15;
/// For how long sizes are kept by the hour; before, by the day.
const HOURLY_MS: i64 = 14 * DAY;

/// Who comes and who goes, by segment and block, gathered over a commit.
#[derive(Debug, Default)]
pub(super) struct Turns(BTreeMap<(u32, u64), BTreeMap<u64, bool>>);

impl Turns {
    /// Notes what another membership of one person changes.
    pub(super) fn note(&mut self, id: PersonId, held: &Membership, wanted: &Membership) {
        let mut turn = |segment: u32, comes: bool| {
            let slot = (segment, id.0 >> BLOCK_BITS);
            self.0.entry(slot).or_default().insert(id.0, comes);
        };
        for within in held.within.iter().filter(|within| !wanted.holds(within.segment)) {
            turn(within.segment, false);
        }
        for within in wanted.within.iter().filter(|within| !held.holds(within.segment)) {
            turn(within.segment, true);
        }
    }

    /// Writes them, with the counts and the sizes of the hour of `at`.
    pub(super) fn write(&self, connection: &Connection, at: Timestamp) -> Result<(), StoreError> {
        let mut counts: BTreeMap<u32, i64> = BTreeMap::new();
        for ((segment, block), turns) in &self.0 {
            let held = block_of(connection, *segment, *block)?;
            let wanted = merged(&held, turns);
            let more = i64::try_from(wanted.len()).unwrap_or(i64::MAX)
                - i64::try_from(held.len()).unwrap_or(i64::MAX);
            *counts.entry(*segment).or_default() += more;
            put_block(connection, (*segment, *block), &wanted)?;
        }
        for (segment, more) in counts.into_iter().filter(|(_, more)| *more != 0) {
            count(connection, segment, more, at)?;
        }
        Ok(())
    }
}

/// The ids of a block after some came and some went, ascending.
fn merged(held: &[u64], turns: &BTreeMap<u64, bool>) -> Vec<u64> {
    let mut wanted = Vec::with_capacity(held.len() + turns.len());
    let mut rest = held;
    for (id, comes) in turns {
        let (before, behind) = rest.split_at(rest.partition_point(|held| held < id));
        wanted.extend_from_slice(before);
        wanted.extend(comes.then_some(*id));
        rest = behind.strip_prefix(&[*id]).unwrap_or(behind);
    }
    wanted.extend_from_slice(rest);
    wanted
}

fn count(
    connection: &Connection,
    segment: u32,
    more: i64,
    at: Timestamp,
) -> Result<(), StoreError> {
    // Where nothing was decided it is an erasure, whose moment nobody needs to know.
    let hour = (at != Timestamp::default()).then(|| at.0.div_euclid(HOUR));
    let held: Option<(i64, Option<i64>)> = connection
        .prepare_cached("SELECT members, hour FROM segment_count WHERE segment = ?1")?
        .query_row([segment], |row| Ok((row.get(0)?, row.get(1)?)))
        .optional()?;
    let (members, of) = held.unwrap_or_default();
    if let (Some(of), Some(hour)) = (of, hour)
        && of < hour
    {
        connection
            .prepare_cached(
                "INSERT OR REPLACE INTO segment_size (segment, hour, members) VALUES (?1, ?2, ?3)",
            )?
            .execute((segment, of, members))?;
        thin(connection, segment, hour - HOURLY_MS / HOUR)?;
    }
    connection
        .prepare_cached(
            "INSERT OR REPLACE INTO segment_count (segment, members, hour) VALUES (?1, ?2, ?3)",
        )?
        .execute((segment, members + more, hour.max(of)))?;
    Ok(())
}

/// Of the hours before `hour` keeps the last one of each day.
fn thin(connection: &Connection, segment: u32, hour: i64) -> rusqlite::Result<()> {
    connection
        .prepare_cached(
            "DELETE FROM segment_size WHERE segment = ?1 AND hour < ?2 AND EXISTS (
               SELECT 1 FROM segment_size AS later WHERE later.segment = segment_size.segment
               AND later.hour > segment_size.hour
               AND later.hour < (segment_size.hour / 24 + 1) * 24)",
        )?
        .execute((segment, hour))
        .map(drop)
}

fn block_of(connection: &Connection, segment: u32, block: u64) -> Result<Vec<u64>, StoreError> {
    let bytes: Option<Vec<u8>> = connection
        .prepare_cached("SELECT persons FROM member WHERE segment = ?1 AND block = ?2")?
        .query_row((segment, sql(block)), |row| row.get(0))
        .optional()?;
    unpack(block, &bytes.unwrap_or_default())
}

fn put_block(
    connection: &Connection,
    (segment, block): (u32, u64),
    ids: &[u64],
) -> rusqlite::Result<()> {
    if ids.is_empty() {
        return connection
            .prepare_cached("DELETE FROM member WHERE segment = ?1 AND block = ?2")?
            .execute((segment, sql(block)))
            .map(drop);
    }
    connection
        .prepare_cached(
            "INSERT OR REPLACE INTO member (segment, block, persons) VALUES (?1, ?2, ?3)",
        )?
        .execute((segment, sql(block), pack(ids)))
        .map(drop)
}

/// Ids of one block as differences, seven bits a byte, the low ones first.
fn pack(ids: &[u64]) -> Vec<u8> {
    let mut bytes = Vec::with_capacity(ids.len() * 2);
    let mut before = ids.first().map_or(0, |id| id >> BLOCK_BITS << BLOCK_BITS);
    for id in ids {
        let mut gap = id - before;
        before = *id;
        while gap >= 0x80 {
            bytes.push(gap.to_le_bytes()[0] | 0x80);
            gap >>= 7;
        }
        bytes.push(gap.to_le_bytes()[0]);
    }
    bytes
}

fn unpack(block: u64, bytes: &[u8]) -> Result<Vec<u64>, StoreError> {
    let mut ids = Vec::with_capacity(bytes.len() / 2 + 1);
    let (mut id, mut gap, mut shift) = (block << BLOCK_BITS, 0_u64, 0_u32);
    for byte in bytes {
        gap |= u64::from(byte & 0x7f) << shift;
        if byte & 0x80 != 0 {
            shift += 7;
            if shift > 21 {
                return Err(StoreError::damaged(format!("block {block} of a segment")));
            }
            continue;
        }
        id += gap;
        ids.push(id);
        (gap, shift) = (0, 0);
    }
    Ok(ids)
}

/// Members of a segment by ascending id after `after`.
pub(super) fn after(
    connection: &Connection,
    segment: u32,
    after: PersonId,
    limit: usize,
) -> Result<Vec<PersonId>, StoreError> {
    let mut statement = connection.prepare_cached(
        "SELECT block, persons FROM member WHERE segment = ?1 AND block >= ?2 ORDER BY block",
    )?;
    let mut rows = statement.query((segment, sql(after.0 >> BLOCK_BITS)))?;
    let mut found = Vec::new();
    while let Some(row) = rows.next()? {
        let bytes = row.get_ref(1)?.as_blob().map_err(rusqlite::Error::from)?;
        for id in unpack(word(row, 0)?, bytes)? {
            if found.len() == limit {
                return Ok(found);
            }
            if id > after.0 {
                found.push(PersonId(id));
            }
        }
    }
    Ok(found)
}

/// How many are in each segment, by number; those with nobody are left out.
pub(super) fn counts(connection: &Connection) -> Result<BTreeMap<u32, u64>, StoreError> {
    let mut statement = connection
        .prepare_cached("SELECT segment, members FROM segment_count WHERE members <> 0")?;
    let rows = statement.query_map([], |row| Ok((row.get(0)?, word(row, 1)?)))?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}

/// How many were in a segment at the end of each hour in which that changed, ascending.
pub(super) fn sizes(
    connection: &Connection,
    segment: u32,
) -> Result<Vec<(Timestamp, u64)>, StoreError> {
    let mut statement = connection.prepare_cached(
        "SELECT hour, members FROM segment_size WHERE segment = ?1 UNION ALL
         SELECT hour, members FROM segment_count WHERE segment = ?1 AND hour IS NOT NULL
         ORDER BY hour",
    )?;
    let rows = statement
        .query_map([segment], |row| Ok((Timestamp(row.get::<_, i64>(0)? * HOUR), word(row, 1)?)))?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}

/// How many members of one segment are in each segment, itself included, by number.
pub(super) fn overlaps(
    connection: &Connection,
    segment: u32,
) -> Result<BTreeMap<u32, u64>, StoreError> {
    let mut own: BTreeMap<u64, Vec<u64>> = BTreeMap::new();
    let mut shared: BTreeMap<u32, u64> = BTreeMap::new();
    let mut statement =
        connection.prepare_cached("SELECT block, persons FROM member WHERE segment = ?1")?;
    let mut rows = statement.query([segment])?;
    while let Some(row) = rows.next()? {
        let block = word(row, 0)?;
        let bytes = row.get_ref(1)?.as_blob().map_err(rusqlite::Error::from)?;
        own.insert(block, unpack(block, bytes)?);
    }
    let mut statement = connection.prepare_cached("SELECT segment, block, persons FROM member")?;
    let mut rows = statement.query([])?;
    while let Some(row) = rows.next()? {
        let block = word(row, 1)?;
        let Some(held) = own.get(&block) else { continue };
        let bytes = row.get_ref(2)?.as_blob().map_err(rusqlite::Error::from)?;
        let both = in_both(held, &unpack(block, bytes)?);
        *shared.entry(row.get(0)?).or_default() += both;
    }
    shared.retain(|_, both| *both > 0);
    Ok(shared)
}

/// How many numbers two ascending lists share.
fn in_both(left: &[u64], right: &[u64]) -> u64 {
    let (mut i, mut j, mut both) = (0, 0, 0);
    while i < left.len() && j < right.len() {
        match left[i].cmp(&right[j]) {
            std::cmp::Ordering::Less => i += 1,
            std::cmp::Ordering::Greater => j += 1,
            std::cmp::Ordering::Equal => {
                (i, j, both) = (i + 1, j + 1, both + 1);
            }
        }
    }
    both
}

/// Forgets everything of a segment whose name is gone.
pub(super) fn forget(connection: &Connection, segment: u32) -> rusqlite::Result<()> {
    for table in ["member", "segment_count", "segment_size"] {
        connection
            .prepare_cached(&format!("DELETE FROM {table} WHERE segment = ?1"))?
            .execute([segment])?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_of_a_block_are_packed_and_read_back() {
        let block = 7_u64;
        let base = block << BLOCK_BITS;
        for ids in [vec![base], vec![base, base + 1, base + 131, base + (1 << BLOCK_BITS) - 1]] {
            assert_eq!(unpack(block, &pack(&ids)).unwrap(), ids);
        }
        assert!(unpack(block, &[0xff, 0xff, 0xff, 0xff, 1]).is_err());
    }

    #[test]
    fn who_comes_twice_is_there_once() {
        let turns = BTreeMap::from([(1, true), (2, false), (5, true)]);
        assert_eq!(merged(&[1, 2, 3], &turns), [1, 3, 5]);
        assert_eq!(in_both(&[1, 3, 5, 9], &[2, 3, 9]), 2);
    }
}
