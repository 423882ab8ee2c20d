//! Who is in which segment: an index beside the persons' rows that say so, packed in blocks, with
//! counts and sizes over time.

use std::cmp::Ordering;
use std::collections::BTreeMap;
use std::ops::ControlFlow;

use regulars_engine::identity::PersonId;
use regulars_engine::time::{DAY, HOUR, Timestamp};
use rusqlite::{Connection, OptionalExtension};

use super::number::{sql, word};
use super::turns;
use crate::error::StoreError;
use crate::index::packed::{put_number, put_word, take_bytes, take_number, take_word};

/// Ids of a stretch of this many bits share a row, with all their segments: what one event turns
/// is one row. An event takes 32 ids, so a row holds whoever was first named by 128 events: a dozen
/// persons or so, 100 where they came by import. Larger ones would cost each event more, smaller
/// ones a search for a segment's members.
pub(super) const BLOCK_BITS: u32 = 12;
/// For how long sizes are kept by the hour; before, by the day.
const HOURLY_MS: i64 = 14 * DAY;

/// Somebody in a segment: the segment's number, then the person's.
pub(super) type Member = (u32, u64);

/// Writes a block anew after some came and some went, by member.
pub(super) fn put_in(
    connection: &Connection,
    block: u64,
    turns: &[(Member, bool)],
) -> Result<(), StoreError> {
    let held = block_of(connection, block)?;
    let wanted = turned(block, &held, turns)?;
    Ok(put_block(connection, block, (held.is_empty(), &wanted))?)
}

/// The members of one segment in a block: how much higher each of their ids is than the one before,
/// as numbers of variable length.
#[derive(Clone, Copy, Debug)]
struct Group<'b> {
    segment: u32,
    ids: &'b [u8],
}

/// The segments of a packed block, ascending: of each how much higher its number is, how many bytes
/// its members take, and they. So what nobody asks for is passed over.
#[derive(Debug)]
struct Groups<'b> {
    block: u64,
    bytes: &'b [u8],
    segment: u32,
}

impl<'b> Groups<'b> {
    fn of(block: u64, bytes: &'b [u8]) -> Self {
        Self { block, bytes, segment: 0 }
    }

    fn step(&mut self) -> Option<Group<'b>> {
        let higher = u32::try_from(take_number(&mut self.bytes)?).ok()?;
        self.segment = self.segment.checked_add(higher)?;
        let length = take_number(&mut self.bytes)?;
        let ids = take_bytes(&mut self.bytes, length)?;
        Some(Group { segment: self.segment, ids })
    }
}

impl<'b> Iterator for Groups<'b> {
    type Item = Result<Group<'b>, StoreError>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.bytes.is_empty() {
            return None;
        }
        let group = self.step().ok_or_else(|| damaged(self.block));
        if group.is_err() {
            self.bytes = &[];
        }
        Some(group)
    }
}

impl Group<'_> {
    fn persons(&self, block: u64) -> Result<Vec<u64>, StoreError> {
        let (mut bytes, mut id) = (self.ids, block << BLOCK_BITS);
        let mut persons = Vec::with_capacity(bytes.len());
        while !bytes.is_empty() {
            id += take_number(&mut bytes)
                .filter(|more| more >> BLOCK_BITS == 0)
                .ok_or_else(|| damaged(block))?;
            persons.push(id);
        }
        Ok(persons)
    }
}

fn damaged(block: u64) -> StoreError {
    StoreError::damaged(format!("block {block} of the members of segments"))
}

/// A block while it is written.
#[derive(Debug, Default)]
struct Packing {
    bytes: Vec<u8>,
    segment: u32,
}

impl Packing {
    /// Puts a segment behind the others, as it is packed already; one without members is left out.
    fn put(&mut self, group: Group<'_>) {
        if group.ids.is_empty() {
            return;
        }
        put_number(&mut self.bytes, u64::from(group.segment - self.segment));
        put_number(&mut self.bytes, u64::try_from(group.ids.len()).unwrap_or(u64::MAX));
        self.bytes.extend_from_slice(group.ids);
        self.segment = group.segment;
    }

    /// Puts a segment with these members, ascending, behind the others.
    fn put_persons(&mut self, block: u64, segment: u32, persons: &[u64]) {
        let (mut ids, mut before) = (Vec::with_capacity(persons.len()), block << BLOCK_BITS);
        for id in persons {
            put_number(&mut ids, id - before);
            before = *id;
        }
        self.put(Group { segment, ids: &ids });
    }
}

/// A packed block after some came and some went, by member. Segments in which nobody turns are not
/// even read.
fn turned(block: u64, held: &[u8], turns: &[(Member, bool)]) -> Result<Vec<u8>, StoreError> {
    let mut packing =
        Packing { bytes: Vec::with_capacity(held.len() + 4 * turns.len()), segment: 0 };
    let mut groups = Groups::of(block, held).peekable();
    for of_segment in turns.chunk_by(|left, right| left.0.0 == right.0.0) {
        let segment = of_segment[0].0.0;
        let mut own = Vec::new();
        while let Some(group) =
            groups.next_if(|group| group.as_ref().is_ok_and(|g| g.segment <= segment))
        {
            let group = group?;
            if group.segment == segment {
                own = group.persons(block)?;
            } else {
                packing.put(group);
            }
        }
        packing.put_persons(block, segment, &merged(&own, of_segment));
    }
    for group in groups {
        packing.put(group?);
    }
    Ok(packing.bytes)
}

/// The members of a segment after some came and some went, ascending.
fn merged(held: &[u64], turns: &[(Member, bool)]) -> Vec<u64> {
    let mut wanted = Vec::with_capacity(held.len() + turns.len());
    let mut rest = held;
    for ((_, id), comes) in turns {
        let (before, behind) = rest.split_at(rest.partition_point(|held| held < id));
        wanted.extend_from_slice(before);
        wanted.extend(comes.then_some(*id));
        rest = behind.strip_prefix(&[*id]).unwrap_or(behind);
    }
    wanted.extend_from_slice(rest);
    wanted
}

/// Segments whose counts share a row: what a commit turns is a row or two.
const PAGE: u32 = 64;
/// What a count takes in its row: the number of members, then the hour.
const SLOT: usize = 16;
/// The hour of a count of which no hour is known.
const NO_HOUR: i64 = i64::MIN;

/// How many are in a segment, and the hour in which that last changed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Count {
    members: i64,
    hour: i64,
}

/// The counts of one page, in the order of their segments.
fn counts_of(connection: &Connection, page: u32) -> Result<Option<Vec<Count>>, StoreError> {
    let bytes: Option<Vec<u8>> = connection
        .prepare_cached("SELECT counts FROM segment_count WHERE page = ?1")?
        .query_row([page], |row| row.get(0))
        .optional()?;
    bytes.map(|bytes| unpacked(&bytes)).transpose()
}

fn unpacked(mut bytes: &[u8]) -> Result<Vec<Count>, StoreError> {
    let damaged = || StoreError::damaged("the counts of segments");
    let mut counts = Vec::with_capacity(bytes.len() / SLOT);
    while !bytes.is_empty() {
        let mut word = || take_word(&mut bytes).map(u64::cast_signed).ok_or_else(damaged);
        counts.push(Count { members: word()?, hour: word()? });
    }
    Ok(counts)
}

fn put_counts(
    connection: &Connection,
    page: u32,
    (held, counts): (bool, &[Count]),
) -> rusqlite::Result<()> {
    let mut bytes = Vec::with_capacity(counts.len() * SLOT);
    for Count { members, hour } in counts {
        put_word(&mut bytes, members.cast_unsigned());
        put_word(&mut bytes, hour.cast_unsigned());
    }
    let text = if held {
        "UPDATE segment_count SET counts = ?2 WHERE page = ?1"
    } else {
        "INSERT INTO segment_count (page, counts) VALUES (?1, ?2)"
    };
    connection.prepare_cached(text)?.execute((page, bytes)).map(drop)
}

/// Adds to the counts of some segments what they grew by.
pub(super) fn count(
    connection: &Connection,
    grown: &BTreeMap<u32, i64>,
    at: Timestamp,
) -> Result<(), StoreError> {
    // Where nothing was decided it is an erasure, whose moment nobody needs to know.
    let hour = if at == Timestamp::default() { NO_HOUR } else { at.0.div_euclid(HOUR) };
    let grown: Vec<(u32, i64)> = grown.iter().map(|(segment, more)| (*segment, *more)).collect();
    for of_page in grown.chunk_by(|left, right| left.0 / PAGE == right.0 / PAGE) {
        let page = of_page[0].0 / PAGE;
        let held = counts_of(connection, page)?;
        let there = held.is_some();
        let mut counts = held.unwrap_or_default();
        for (segment, more) in of_page {
            let slot = usize::try_from(segment % PAGE).unwrap_or(0);
            if counts.len() <= slot {
                counts.resize(slot + 1, Count { members: 0, hour: NO_HOUR });
            }
            let count = &mut counts[slot];
            if count.hour != NO_HOUR && count.hour < hour {
                note_size(connection, *segment, *count)?;
                thin(connection, *segment, hour - HOURLY_MS / HOUR)?;
            }
            *count = Count { members: count.members + more, hour: count.hour.max(hour) };
        }
        put_counts(connection, page, (there, &counts))?;
    }
    Ok(())
}

/// Notes how many were in a segment at the end of an hour.
fn note_size(connection: &Connection, segment: u32, count: Count) -> rusqlite::Result<()> {
    connection
        .prepare_cached(
            "INSERT OR REPLACE INTO segment_size (segment, hour, members) VALUES (?1, ?2, ?3)",
        )?
        .execute((segment, count.hour, count.members))
        .map(drop)
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

/// The packed members of a block; empty where it has no row.
fn block_of(connection: &Connection, block: u64) -> Result<Vec<u8>, StoreError> {
    let bytes: Option<Vec<u8>> = connection
        .prepare_cached("SELECT persons FROM member WHERE block = ?1")?
        .query_row([sql(block)], |row| row.get(0))
        .optional()?;
    Ok(bytes.unwrap_or_default())
}

/// Writes a block; `new` says that it has no row yet.
fn put_block(
    connection: &Connection,
    block: u64,
    (new, members): (bool, &[u8]),
) -> rusqlite::Result<()> {
    let text = match (new, members.is_empty()) {
        (true, true) => return Ok(()),
        (true, false) => "INSERT INTO member (block, persons) VALUES (?1, ?2)",
        (false, false) => "UPDATE member SET persons = ?2 WHERE block = ?1",
        (false, true) => {
            let mut gone = connection.prepare_cached("DELETE FROM member WHERE block = ?1")?;
            return gone.execute([sql(block)]).map(drop);
        }
    };
    connection.prepare_cached(text)?.execute((sql(block), members)).map(drop)
}

/// Gives each block from one on, packed, with what waits for it: of all segments, or of one alone,
/// whose members are right then and no others.
fn blocks(
    connection: &Connection,
    from: u64,
    only: Option<u32>,
    mut take: impl FnMut(u64, &[u8]) -> Result<ControlFlow<()>, StoreError>,
) -> Result<(), StoreError> {
    let wanted = |(segment, id): &Member| {
        id >> BLOCK_BITS >= from && only.is_none_or(|only| only == *segment)
    };
    let (waiting, _) = turns::waiting(connection, wanted)?;
    let mut waiting = waiting.into_iter().peekable();
    let all = "SELECT block, persons FROM member WHERE block >= ?1 ORDER BY block";
    let mut statement = connection.prepare_cached(all)?;
    let mut rows = statement.query([sql(from)])?;
    while let Some(row) = rows.next()? {
        let block = word(row, 0)?;
        let bytes = row.get_ref(1)?.as_blob().map_err(rusqlite::Error::from)?;
        while let Some((new, turns)) = waiting.next_if(|(waits, _)| *waits < block) {
            if take(new, &turned(new, &[], &turns)?)?.is_break() {
                return Ok(());
            }
        }
        let done = match waiting.next_if(|(waits, _)| *waits == block) {
            Some((_, turns)) => take(block, &turned(block, bytes, &turns)?)?,
            None => take(block, bytes)?,
        };
        if done.is_break() {
            return Ok(());
        }
    }
    for (new, turns) in waiting {
        if take(new, &turned(new, &[], &turns)?)?.is_break() {
            break;
        }
    }
    Ok(())
}

/// The persons of a segment in a packed block.
fn of_segment(block: u64, bytes: &[u8], segment: u32) -> Result<Vec<u64>, StoreError> {
    for group in Groups::of(block, bytes) {
        let group = group?;
        if group.segment == segment {
            return group.persons(block);
        }
        if group.segment > segment {
            break;
        }
    }
    Ok(Vec::new())
}

/// Members of a segment by ascending id after `after`.
pub(super) fn after(
    connection: &Connection,
    segment: u32,
    after: PersonId,
    limit: usize,
) -> Result<Vec<PersonId>, StoreError> {
    let mut found = Vec::new();
    blocks(connection, after.0 >> BLOCK_BITS, Some(segment), |block, bytes| {
        let persons = of_segment(block, bytes, segment)?.into_iter().map(PersonId);
        let room = limit - found.len();
        found.extend(persons.filter(|id| *id > after).take(room));
        Ok(if found.len() < limit { ControlFlow::Continue(()) } else { ControlFlow::Break(()) })
    })?;
    Ok(found)
}

/// Who is in each segment, by number, ascending.
pub(super) fn all(connection: &Connection) -> Result<BTreeMap<u32, Vec<PersonId>>, StoreError> {
    let mut found: BTreeMap<u32, Vec<PersonId>> = BTreeMap::new();
    blocks(connection, 0, None, |block, bytes| {
        for group in Groups::of(block, bytes) {
            let group = group?;
            let persons = group.persons(block)?.into_iter().map(PersonId);
            found.entry(group.segment).or_default().extend(persons);
        }
        Ok(ControlFlow::Continue(()))
    })?;
    Ok(found)
}

/// How many are in each segment, by number; those with nobody are left out.
pub(super) fn counts(connection: &Connection) -> Result<BTreeMap<u32, u64>, StoreError> {
    let mut statement = connection.prepare_cached("SELECT page, counts FROM segment_count")?;
    let mut rows = statement.query([])?;
    let mut found = BTreeMap::new();
    while let Some(row) = rows.next()? {
        let page: u32 = row.get(0)?;
        let counts = unpacked(row.get_ref(1)?.as_blob().map_err(rusqlite::Error::from)?)?;
        let numbered = (page * PAGE..).zip(counts);
        let some = numbered.filter(|(_, count)| count.members != 0);
        found.extend(some.map(|(segment, count)| (segment, count.members.cast_unsigned())));
    }
    Ok(found)
}

/// How many were in a segment at the end of each hour in which that changed, ascending.
pub(super) fn sizes(
    connection: &Connection,
    segment: u32,
) -> Result<Vec<(Timestamp, u64)>, StoreError> {
    let mut statement = connection.prepare_cached(
        "SELECT hour, members FROM segment_size WHERE segment = ?1 ORDER BY hour",
    )?;
    let at = |hour: i64| Timestamp(hour * HOUR);
    let rows = statement.query_map([segment], |row| Ok((at(row.get(0)?), word(row, 1)?)))?;
    let mut sizes = rows.collect::<rusqlite::Result<Vec<_>>>()?;
    let counts = counts_of(connection, segment / PAGE)?.unwrap_or_default();
    let slot = usize::try_from(segment % PAGE).unwrap_or(0);
    let last = counts.get(slot).filter(|count| count.hour != NO_HOUR);
    sizes.extend(last.map(|count| (at(count.hour), count.members.cast_unsigned())));
    Ok(sizes)
}

/// How many members of one segment are in each segment, itself included, by number.
pub(super) fn overlaps(
    connection: &Connection,
    segment: u32,
) -> Result<BTreeMap<u32, u64>, StoreError> {
    let mut shared: BTreeMap<u32, u64> = BTreeMap::new();
    blocks(connection, 0, None, |block, bytes| {
        let own = of_segment(block, bytes, segment)?;
        for group in Groups::of(block, bytes).take_while(|_| !own.is_empty()) {
            let group = group?;
            *shared.entry(group.segment).or_default() += in_both(&own, &group.persons(block)?);
        }
        Ok(ControlFlow::Continue(()))
    })?;
    shared.retain(|_, both| *both > 0);
    Ok(shared)
}

/// How many persons two ascending lists share.
fn in_both(left: &[u64], right: &[u64]) -> u64 {
    let (mut i, mut j, mut both) = (0, 0, 0);
    while i < left.len() && j < right.len() {
        match left[i].cmp(&right[j]) {
            Ordering::Less => i += 1,
            Ordering::Greater => j += 1,
            Ordering::Equal => {
                (i, j, both) = (i + 1, j + 1, both + 1);
            }
        }
    }
    both
}

/// Forgets everything of a segment whose name is gone. Nothing waits for its block afterwards.
pub(super) fn forget(connection: &Connection, segment: u32) -> Result<(), StoreError> {
    turns::put_all_in(connection)?;
    let mut left: Vec<(u64, Vec<u8>)> = Vec::new();
    blocks(connection, 0, None, |block, bytes| {
        if !of_segment(block, bytes, segment)?.is_empty() {
            let mut packing = Packing::default();
            for group in Groups::of(block, bytes) {
                let group = group?;
                if group.segment != segment {
                    packing.put(group);
                }
            }
            left.push((block, packing.bytes));
        }
        Ok(ControlFlow::Continue(()))
    })?;
    for (block, members) in left {
        put_block(connection, block, (false, &members))?;
    }
    let slot = usize::try_from(segment % PAGE).unwrap_or(0);
    if let Some(mut counts) = counts_of(connection, segment / PAGE)? {
        if let Some(count) = counts.get_mut(slot) {
            *count = Count { members: 0, hour: NO_HOUR };
        }
        put_counts(connection, segment / PAGE, (true, &counts))?;
    }
    connection.prepare_cached("DELETE FROM segment_size WHERE segment = ?1")?.execute([segment])?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    const BLOCK: u64 = 7;
    const BASE: u64 = BLOCK << BLOCK_BITS;

    /// Everybody in a packed block.
    fn everybody(bytes: &[u8]) -> Result<Vec<Member>, StoreError> {
        let mut members = Vec::new();
        for group in Groups::of(BLOCK, bytes) {
            let group = group?;
            members.extend(group.persons(BLOCK)?.into_iter().map(|id| (group.segment, id)));
        }
        Ok(members)
    }

    fn coming(members: &[Member]) -> Vec<(Member, bool)> {
        members.iter().map(|member| (*member, true)).collect()
    }

    #[test]
    fn members_of_a_block_are_packed_and_read_back() {
        let last = BASE + (1 << BLOCK_BITS) - 1;
        let lists: [&[Member]; 3] = [
            &[(0, BASE)],
            &[(3, BASE), (3, BASE + 1)],
            &[(3, BASE + 131), (900, last), (u32::MAX, last)],
        ];
        for members in lists {
            let packed = turned(BLOCK, &[], &coming(members)).unwrap();
            assert_eq!(everybody(&packed).unwrap(), members);
        }
        for damaged in
            [&[0xff, 0xff, 0xff, 0xff, 0xff, 1][..], &[3, 2, 1], &[0x83], &[3], &[3, 1, 0x80]]
        {
            assert!(everybody(damaged).is_err(), "{damaged:?}");
            assert!(turned(BLOCK, damaged, &coming(&[(3, BASE)])).is_err());
        }
    }

    #[test]
    fn who_comes_twice_is_there_once() {
        let member = |segment: u32, id: u64| (segment, BASE + id);
        let held = [member(1, 1), member(1, 2), member(1, 3), member(4, 1), member(9, 1)];
        let packed = turned(BLOCK, &[], &coming(&held)).unwrap();
        let turns = [
            (member(1, 1), true),
            (member(1, 2), false),
            (member(1, 4), false),
            (member(2, 5), true),
            (member(9, 1), false),
        ];
        let wanted = turned(BLOCK, &packed, &turns);
        let left = [member(1, 1), member(1, 3), member(2, 5), member(4, 1)];
        assert_eq!(everybody(&wanted.unwrap()).unwrap(), left);
    }

    #[test]
    fn whoever_is_in_both_is_counted() {
        assert_eq!(in_both(&[1, 3, 5, 9], &[2, 3, 9]), 2);
        assert_eq!(in_both(&[], &[1]), 0);
    }
}
