//! Turns of membership on their way into the blocks of [`super::members`].
//!
//! An event turns a membership or so, and the thousand of a batch lie in hundreds of blocks, each of
//! which would be read, packed and written anew for one of them. So a commit appends its turns in one
//! row, and a block is written anew once for all that have come to wait for it. Whoever reads members
//! takes what waits on top of the blocks: a later turn of the same member stands.
//!
//! **Invariant:** putting a turn in that is in already changes nothing as long as all later ones of
//! the row still wait. So a stretch of rows goes in block by block, over as many commits as it takes,
//! and its rows go when the last block is in; after a crash it begins anew.

use std::collections::BTreeMap;

use regulars_engine::identity::PersonId;
use regulars_engine::packed::{folded, unfolded};
use regulars_engine::segment::Membership;
use regulars_engine::time::Timestamp;
use rusqlite::Connection;

use super::members::{self, BLOCK_BITS, Member};
use super::number::{size, sql, word};
use crate::error::StoreError;
use crate::index::packed::{put_number, take_number};

/// So many may wait before commits put them in: reading them all takes a third of a millisecond.
/// Before that they are put in while nobody asks for anything.
const WAITING_MAX: usize = 65_536;
/// Blocks that are written anew at a time while nobody asks for anything: half a millisecond.
const BLOCKS_A_SLICE: usize = 64;

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

    /// Appends them, with the counts and the sizes of the hour of `at`.
    pub(super) fn write(&self, connection: &Connection, at: Timestamp) -> Result<(), StoreError> {
        let mut grown: BTreeMap<u32, i64> = BTreeMap::new();
        let (mut bytes, mut before) = (Vec::with_capacity(4 * self.count()), 0_i64);
        for ((segment, id), comes) in self.0.values().flatten() {
            *grown.entry(*segment).or_default() += if *comes { 1 } else { -1 };
            put_number(&mut bytes, u64::from(*segment) << 1 | u64::from(*comes));
            put_number(&mut bytes, folded(id.cast_signed().wrapping_sub(before)));
            before = id.cast_signed();
        }
        if !bytes.is_empty() {
            connection
                .prepare_cached("INSERT INTO member_turn (turns, entries) VALUES (?1, ?2)")?
                .execute((size(self.count()), bytes))?;
        }
        grown.retain(|_, more| *more != 0);
        members::count(connection, &grown, at)
    }

    /// How many they are.
    pub(super) fn count(&self) -> usize {
        self.0.values().map(BTreeMap::len).sum()
    }
}

/// A turn: who, in which segment, and whether they come.
type Turn = (Member, bool);

/// The turns of a row.
fn unpacked(mut bytes: &[u8]) -> impl Iterator<Item = Result<Turn, StoreError>> + '_ {
    let mut id = 0_i64;
    let mut step = move || {
        let segment = take_number(&mut bytes)?;
        id = id.wrapping_add(unfolded(take_number(&mut bytes)?));
        let member = (u32::try_from(segment >> 1).ok()?, id.cast_unsigned());
        Some((bytes.is_empty(), (member, segment & 1 == 1)))
    };
    let mut over = false;
    std::iter::from_fn(move || {
        if over {
            return None;
        }
        let turn = step();
        over = turn.is_none_or(|(last, _)| last);
        Some(turn.map(|(_, turn)| turn).ok_or_else(damaged))
    })
}

fn damaged() -> StoreError {
    StoreError::damaged("turns of segments")
}

/// What waits for each block, of each member the last turn, by block and member.
pub(super) type ByBlock = BTreeMap<u64, Vec<Turn>>;

/// Reads those turns that wait and are wanted, and the number of the last row that waits.
pub(super) fn waiting(
    connection: &Connection,
    wanted: impl Fn(&Member) -> bool,
) -> Result<(ByBlock, u64), StoreError> {
    let all = "SELECT seq, turns, entries FROM member_turn ORDER BY seq";
    let mut statement = connection.prepare_cached(all)?;
    let mut rows = statement.query([])?;
    let (mut turns, mut last): (Vec<Turn>, u64) = (Vec::new(), 0);
    while let Some(row) = rows.next()? {
        last = word(row, 0)?;
        let mut count = 0;
        for turn in unpacked(row.get_ref(2)?.as_blob().map_err(rusqlite::Error::from)?) {
            turns.extend(Some(turn?).filter(|(member, _)| wanted(member)));
            count += 1;
        }
        if count != word(row, 1)? {
            return Err(damaged());
        }
    }
    // Equal members stay in the order of their rows, and the last of them stands.
    turns.sort_by_key(|((segment, id), _)| (id >> BLOCK_BITS, *segment, *id));
    let mut found = ByBlock::new();
    for of_block in turns.chunk_by(|left, right| left.0.1 >> BLOCK_BITS == right.0.1 >> BLOCK_BITS)
    {
        let of_members = of_block.chunk_by(|left, right| left.0 == right.0);
        let last = of_members.filter_map(|same| same.last().copied());
        found.insert(of_block[0].0.1 >> BLOCK_BITS, last.collect());
    }
    Ok((found, last))
}

/// How many turns wait, and those that are being put in.
#[derive(Debug, Default)]
pub(super) struct Waiting {
    count: usize,
    taken: Option<Taken>,
}

/// A stretch of rows on its way into the blocks.
#[derive(Debug)]
struct Taken {
    /// How many turns its rows have.
    count: usize,
    /// The number of its last row.
    through: u64,
    /// What is still to be put in.
    blocks: ByBlock,
}

/// What a transaction put in.
#[derive(Debug, Default)]
pub(super) struct PutIn {
    /// Up to this block.
    through: Option<u64>,
    /// All of the stretch: its rows are gone.
    finished: bool,
}

impl Waiting {
    /// How many wait in a store that is opened.
    pub(super) fn open(connection: &Connection) -> Result<Self, StoreError> {
        let all = "SELECT coalesce(sum(turns), 0) FROM member_turn";
        let count: i64 = connection.query_row(all, [], |row| row.get(0))?;
        Ok(Self { count: usize::try_from(count).unwrap_or(usize::MAX), taken: None })
    }

    /// Takes all that wait where they are too many, or where somebody has the time for it.
    pub(super) fn take(&mut self, connection: &Connection, idle: bool) -> Result<(), StoreError> {
        let many = if idle { self.count > 0 } else { self.count > WAITING_MAX };
        if many && self.taken.is_none() {
            let (blocks, through) = waiting(connection, |_| true)?;
            self.taken = Some(Taken { count: self.count, through, blocks });
        }
        Ok(())
    }

    /// Puts the next of those that are taken in: a commit twice as many as it appends, so that they
    /// become fewer.
    pub(super) fn put_in(
        &self,
        connection: &Connection,
        appended: Option<usize>,
    ) -> Result<PutIn, StoreError> {
        let Some(taken) = &self.taken else { return Ok(PutIn::default()) };
        let (mut turns, mut through) = (0, None);
        for (number, (block, waiting)) in taken.blocks.iter().enumerate() {
            let enough = match appended {
                Some(appended) => turns >= 2 * appended,
                None => number >= BLOCKS_A_SLICE,
            };
            if enough {
                return Ok(PutIn { through, finished: false });
            }
            members::put_in(connection, *block, waiting)?;
            (turns, through) = (turns + waiting.len(), Some(*block));
        }
        forget_through(connection, taken.through)?;
        Ok(PutIn { through, finished: true })
    }

    /// Takes in that a transaction was committed which appended so many and put some in.
    pub(super) fn apply(&mut self, appended: usize, put_in: &PutIn) {
        self.count += appended;
        let Some(taken) = &mut self.taken else { return };
        if let Some(through) = put_in.through {
            taken.blocks = taken.blocks.split_off(&(through + 1));
        }
        if put_in.finished {
            self.count -= taken.count;
            self.taken = None;
        }
    }

    /// Whether none wait.
    pub(super) fn empty(&self) -> bool {
        self.count == 0
    }
}

fn forget_through(connection: &Connection, seq: u64) -> rusqlite::Result<()> {
    let mut gone = connection.prepare_cached("DELETE FROM member_turn WHERE seq <= ?1")?;
    gone.execute([sql(seq)]).map(drop)
}

/// Puts all that wait in at once: where nothing may be left of somebody.
pub(super) fn put_all_in(connection: &Connection) -> Result<(), StoreError> {
    let (blocks, through) = waiting(connection, |_| true)?;
    for (block, waiting) in &blocks {
        members::put_in(connection, *block, waiting)?;
    }
    Ok(forget_through(connection, through)?)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use regulars_engine::segment::Within;

    use super::*;
    use crate::SqliteStore;

    fn membership(segments: &BTreeSet<u32>) -> Membership {
        let within = |segment: &u32| Within { segment: *segment, since: Timestamp(1) };
        Membership { within: segments.iter().map(within).collect(), ..Membership::default() }
    }

    type Persons = BTreeMap<u64, BTreeSet<u32>>;

    /// What every reader must find, by segment.
    fn by_segment(persons: &Persons) -> BTreeMap<u32, Vec<PersonId>> {
        let mut found: BTreeMap<u32, Vec<PersonId>> = BTreeMap::new();
        for (id, segments) in persons {
            for segment in segments {
                found.entry(*segment).or_default().push(PersonId(*id));
            }
        }
        found
    }

    fn right(connection: &Connection, persons: &Persons) {
        let wanted = by_segment(persons);
        assert_eq!(members::all(connection).unwrap(), wanted);
        let counts: BTreeMap<u32, u64> =
            wanted.iter().map(|(segment, all)| (*segment, all.len() as u64)).collect();
        assert_eq!(members::counts(connection).unwrap(), counts);
        for (segment, all) in &wanted {
            let mut paged = Vec::new();
            loop {
                let after = paged.last().copied().unwrap_or(PersonId(0));
                let page = members::after(connection, *segment, after, 2).unwrap();
                if page.is_empty() {
                    break;
                }
                paged.extend(page);
            }
            assert_eq!(paged, *all);
        }
        let Some((first, all)) = wanted.first_key_value() else { return };
        let shared = members::overlaps(connection, *first).unwrap();
        for (segment, others) in &wanted {
            let both = all.iter().filter(|id| others.contains(id)).count() as u64;
            assert_eq!(shared.get(segment).copied().unwrap_or(0), both);
        }
    }

    /// Steps of a generator that is the same everywhere.
    struct Steps(u64);

    impl Steps {
        fn below(&mut self, bound: u64) -> u64 {
            self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695);
            (self.0 >> 33) % bound
        }
    }

    /// Turns that a few persons' memberships changing at random make.
    fn some_turns(steps: &mut Steps, persons: &mut Persons) -> Turns {
        let before = persons.clone();
        for _ in 0..=steps.below(12) {
            // A stretch of 2^12 ids is a block: these lie in a dozen.
            let held = persons.entry((1 + steps.below(40)) * 1_500).or_default();
            let segment = u32::try_from(steps.below(6)).unwrap();
            if !held.remove(&segment) {
                held.insert(segment);
            }
        }
        let mut turns = Turns::default();
        for (id, segments) in persons {
            let held = before.get(id).cloned().unwrap_or_default();
            turns.note(PersonId(*id), &membership(&held), &membership(segments));
        }
        turns
    }

    /// Whatever waits, is on its way in, or is in: readers find the same members, through
    /// transactions that fail and starts in the middle as well.
    #[test]
    fn readers_find_the_same_whatever_waits() {
        for seed in 0..10 {
            let store = SqliteStore::in_memory().unwrap();
            let connection = store.handle.lock();
            let mut steps = Steps(seed);
            let (mut persons, mut waiting) = (Persons::new(), Waiting::default());
            for _ in 0..25 {
                let (turns, then) = (some_turns(&mut steps, &mut persons), steps.below(6));
                waiting.take(&connection, then == 0).unwrap();
                turns.write(&connection, Timestamp(1)).unwrap();
                let put_in = waiting.put_in(&connection, Some(turns.count().min(2))).unwrap();
                waiting.apply(turns.count(), &put_in);
                match then {
                    1 => waiting = Waiting::open(&connection).unwrap(),
                    2 => {
                        let failed = connection.unchecked_transaction().unwrap();
                        waiting.put_in(&failed, None).unwrap();
                        failed.rollback().unwrap();
                    }
                    3 => {
                        put_all_in(&connection).unwrap();
                        waiting = Waiting::default();
                    }
                    _ => {}
                }
                right(&connection, &persons);
            }
            while !waiting.empty() {
                waiting.take(&connection, true).unwrap();
                let put_in = waiting.put_in(&connection, None).unwrap();
                waiting.apply(0, &put_in);
                right(&connection, &persons);
            }
            let left = "SELECT count(*) FROM member_turn";
            let left: i64 = connection.query_row(left, [], |row| row.get(0)).unwrap();
            assert_eq!(left, 0);
        }
    }

    #[test]
    fn turns_that_end_in_the_middle_are_damaged() {
        for bytes in [&[0x81_u8][..], &[3], &[3, 2, 5]] {
            assert!(unpacked(bytes).any(|turn| turn.is_err()), "{bytes:?}");
        }
        assert_eq!(unpacked(&[3, 2]).next().unwrap().unwrap(), ((1, 1), true));
    }
}
