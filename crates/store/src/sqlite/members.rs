//! Who is in which segment: an index beside the persons' rows that say so, packed in blocks, with
//! counts and sizes over time.

use std::cmp::Ordering;
use std::collections::BTreeMap;
use std::ops::ControlFlow;

use regulars_engine::identity::PersonId;
use regulars_engine::segment::Membership;
use regulars_engine::time::{DAY, HOUR, Timestamp};
use rusqlite::{Connection, OptionalExtension};

use super::number::{sql, word};
use crate::error::StoreError;

/// Ids of a stretch of this many bits share a row, with all their segments: what one event turns
/// is one row. An event takes 32 ids, so a row holds whoever was first named by 128 events: a dozen
/// persons or so, 100 where they came by import. Larger ones would cost each event more, smaller
/// ones a search for a segment's members.
const BLOCK_BITS: u32 = 12;
/// For how long sizes are kept by the hour; before, by the day.
const HOURLY_MS: i64 = 14 * DAY;

/// Somebody in a segment: the segment's number, then the person's.
type Member = (u32, u64);

/// Who comes and who goes, by block, gathered over a commit.
#[derive(Debug, Default)]
pub(super) struct Turns(BTreeMap<u64, BTreeMap<Member, bool>>);

impl Turns {
    /// Notes what another membership of one person changes.
    pub(super) fn note(&mut self, id: PersonId, held: &Membership, wanted: &Membership) {
        let goes = held.within.iter().filter(|within| !wanted.holds(within.segment));
        let comes = wanted.within.iter().filter(|within| !held.holds(within.segment));
        let turns = goes.map(|within| (within, false)).chain(comes.map(|within| (within, true)));
        for (within, comes) in turns {
            let block = self.0.entry(id.0 >> BLOCK_BITS).or_default();
            block.insert((within.segment, id.0), comes);
        }
    }

    /// Writes them, with the counts and the sizes of the hour of `at`.
    pub(super) fn write(&self, connection: &Connection, at: Timestamp) -> Result<(), StoreError> {
        let mut counts: BTreeMap<u32, i64> = BTreeMap::new();
        for (block, turns) in &self.0 {
            let held = block_of(connection, *block)?;
            let wanted = merged(&held, turns, |segment, more| {
                *counts.entry(segment).or_default() += more;
            });
            put_block(connection, *block, &wanted)?;
        }
        for (segment, more) in counts.into_iter().filter(|(_, more)| *more != 0) {
            count(connection, segment, more, at)?;
        }
        Ok(())
    }
}

/// The members of a block after some came and some went, ascending; says by how many each segment
/// grows.
fn merged(
    held: &[Member],
    turns: &BTreeMap<Member, bool>,
    mut grows: impl FnMut(u32, i64),
) -> Vec<Member> {
    let mut wanted = Vec::with_capacity(held.len() + turns.len());
    let mut rest = held;
    for (member, comes) in turns {
        let (before, behind) = rest.split_at(rest.partition_point(|held| held < member));
        wanted.extend_from_slice(before);
        wanted.extend(comes.then_some(*member));
        rest = behind.strip_prefix(&[*member]).unwrap_or(behind);
        grows(member.0, i64::from(*comes) - i64::from(rest.len() < behind.len()));
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

fn block_of(connection: &Connection, block: u64) -> Result<Vec<Member>, StoreError> {
    let bytes: Option<Vec<u8>> = connection
        .prepare_cached("SELECT persons FROM member WHERE block = ?1")?
        .query_row([sql(block)], |row| row.get(0))
        .optional()?;
    unpack(block, &bytes.unwrap_or_default())
}

fn put_block(connection: &Connection, block: u64, members: &[Member]) -> rusqlite::Result<()> {
    if members.is_empty() {
        return connection
            .prepare_cached("DELETE FROM member WHERE block = ?1")?
            .execute([sql(block)])
            .map(drop);
    }
    connection
        .prepare_cached("INSERT OR REPLACE INTO member (block, persons) VALUES (?1, ?2)")?
        .execute((sql(block), pack(members)))
        .map(drop)
}

/// Members of one block: of each segment how much higher its number is, how many persons it has,
/// and how much higher each of their ids is, as [`number`]s.
fn pack(members: &[Member]) -> Vec<u8> {
    let mut bytes = Vec::with_capacity(members.len() * 2);
    let mut segment = 0;
    for group in members.chunk_by(|left, right| left.0 == right.0) {
        let [(of, first), ..] = *group else { continue };
        number(&mut bytes, u64::from(of - segment));
        number(&mut bytes, u64::try_from(group.len()).unwrap_or(u64::MAX));
        segment = of;
        let mut before = first >> BLOCK_BITS << BLOCK_BITS;
        for (_, id) in group {
            number(&mut bytes, id - before);
            before = *id;
        }
    }
    bytes
}

/// Seven bits a byte, the low ones first.
fn number(bytes: &mut Vec<u8>, mut number: u64) {
    while number >= 0x80 {
        bytes.push(number.to_le_bytes()[0] | 0x80);
        number >>= 7;
    }
    bytes.push(number.to_le_bytes()[0]);
}

/// The number that comes next; `None`: none does.
fn next(bytes: &mut &[u8]) -> Option<u64> {
    let (mut number, mut shift) = (0, 0);
    while let Some((byte, behind)) = bytes.split_first().filter(|_| shift < 35) {
        *bytes = behind;
        number |= u64::from(byte & 0x7f) << shift;
        if byte & 0x80 == 0 {
            return Some(number);
        }
        shift += 7;
    }
    None
}

fn unpack(block: u64, mut bytes: &[u8]) -> Result<Vec<Member>, StoreError> {
    let damaged = || StoreError::damaged(format!("block {block} of the members of segments"));
    let mut members = Vec::with_capacity(bytes.len());
    let mut segment = 0_u32;
    while !bytes.is_empty() {
        let higher = next(&mut bytes).and_then(|higher| u32::try_from(higher).ok());
        segment = higher.and_then(|higher| segment.checked_add(higher)).ok_or_else(damaged)?;
        let mut id = block << BLOCK_BITS;
        for _ in 0..next(&mut bytes).ok_or_else(damaged)? {
            id += next(&mut bytes).ok_or_else(damaged)?;
            members.push((segment, id));
        }
    }
    Ok(members)
}

/// Gives each block from one on, with its members by segment and id.
fn blocks(
    connection: &Connection,
    from: u64,
    mut take: impl FnMut(u64, Vec<Member>) -> Result<ControlFlow<()>, StoreError>,
) -> Result<(), StoreError> {
    let all = "SELECT block, persons FROM member WHERE block >= ?1 ORDER BY block";
    let mut statement = connection.prepare_cached(all)?;
    let mut rows = statement.query([sql(from)])?;
    while let Some(row) = rows.next()? {
        let block = word(row, 0)?;
        let bytes = row.get_ref(1)?.as_blob().map_err(rusqlite::Error::from)?;
        if take(block, unpack(block, bytes)?)?.is_break() {
            break;
        }
    }
    Ok(())
}

/// The persons of a segment among the members of a block.
fn of_segment(members: &[Member], segment: u32) -> &[Member] {
    let from = members.partition_point(|(of, _)| *of < segment);
    let to = members.partition_point(|(of, _)| *of <= segment);
    &members[from..to]
}

/// Members of a segment by ascending id after `after`.
pub(super) fn after(
    connection: &Connection,
    segment: u32,
    after: PersonId,
    limit: usize,
) -> Result<Vec<PersonId>, StoreError> {
    let mut found = Vec::new();
    blocks(connection, after.0 >> BLOCK_BITS, |_, members| {
        let persons = of_segment(&members, segment).iter().map(|(_, id)| PersonId(*id));
        let room = limit - found.len();
        found.extend(persons.filter(|id| *id > after).take(room));
        Ok(if found.len() < limit { ControlFlow::Continue(()) } else { ControlFlow::Break(()) })
    })?;
    Ok(found)
}

/// Who is in each segment, by number, ascending.
pub(super) fn all(connection: &Connection) -> Result<BTreeMap<u32, Vec<PersonId>>, StoreError> {
    let mut found: BTreeMap<u32, Vec<PersonId>> = BTreeMap::new();
    blocks(connection, 0, |_, members| {
        for (segment, id) in members {
            found.entry(segment).or_default().push(PersonId(id));
        }
        Ok(ControlFlow::Continue(()))
    })?;
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
    let mut shared: BTreeMap<u32, u64> = BTreeMap::new();
    blocks(connection, 0, |_, members| {
        let own = of_segment(&members, segment);
        if own.is_empty() {
            return Ok(ControlFlow::Continue(()));
        }
        for group in members.chunk_by(|left, right| left.0 == right.0) {
            *shared.entry(group[0].0).or_default() += in_both(own, group);
        }
        Ok(ControlFlow::Continue(()))
    })?;
    shared.retain(|_, both| *both > 0);
    Ok(shared)
}

/// How many persons two ascending lists share.
fn in_both(left: &[Member], right: &[Member]) -> u64 {
    let (mut i, mut j, mut both) = (0, 0, 0);
    while i < left.len() && j < right.len() {
        match left[i].1.cmp(&right[j].1) {
            Ordering::Less => i += 1,
            Ordering::Greater => j += 1,
            Ordering::Equal => {
                (i, j, both) = (i + 1, j + 1, both + 1);
            }
        }
    }
    both
}

/// Forgets everything of a segment whose name is gone.
pub(super) fn forget(connection: &Connection, segment: u32) -> Result<(), StoreError> {
    let mut left: Vec<(u64, Vec<Member>)> = Vec::new();
    blocks(connection, 0, |block, mut members| {
        if !of_segment(&members, segment).is_empty() {
            members.retain(|(of, _)| *of != segment);
            left.push((block, members));
        }
        Ok(ControlFlow::Continue(()))
    })?;
    for (block, members) in left {
        put_block(connection, block, &members)?;
    }
    for table in ["segment_count", "segment_size"] {
        connection
            .prepare_cached(&format!("DELETE FROM {table} WHERE segment = ?1"))?
            .execute([segment])?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    const BLOCK: u64 = 7;
    const BASE: u64 = BLOCK << BLOCK_BITS;

    #[test]
    fn members_of_a_block_are_packed_and_read_back() {
        let last = BASE + (1 << BLOCK_BITS) - 1;
        let lists: [&[Member]; 3] = [
            &[(0, BASE)],
            &[(3, BASE), (3, BASE + 1)],
            &[(3, BASE + 131), (900, last), (u32::MAX, last)],
        ];
        for members in lists {
            assert_eq!(unpack(BLOCK, &pack(members)).unwrap(), members);
        }
        for damaged in [&[0xff, 0xff, 0xff, 0xff, 0xff, 1][..], &[3, 2, 1], &[0x83], &[3]] {
            assert!(unpack(BLOCK, damaged).is_err(), "{damaged:?}");
        }
    }

    #[test]
    fn who_comes_twice_is_there_once_and_counts_once() {
        let turns =
            BTreeMap::from([((1, 1), true), ((1, 2), false), ((1, 4), false), ((2, 5), true)]);
        let mut grown = Vec::new();
        let held = [(1, 1), (1, 2), (1, 3)];
        let wanted = merged(&held, &turns, |segment, more| grown.push((segment, more)));
        assert_eq!(wanted, [(1, 1), (1, 3), (2, 5)]);
        assert_eq!(grown, [(1, 0), (1, -1), (1, 0), (2, 1)]);
    }

    #[test]
    fn whoever_is_in_both_is_counted() {
        let members = [(1, 1), (1, 3), (1, 5), (1, 9), (4, 2), (4, 3), (4, 9)];
        assert_eq!(in_both(of_segment(&members, 1), of_segment(&members, 4)), 2);
        assert!(of_segment(&members, 2).is_empty());
    }
}
