//! Candidates: the pairs that share a key, each once.

use std::collections::HashMap;
use std::hash::BuildHasherDefault;
use std::ops::Range;

use super::block::{Atoms, COUNT_MAX, Common, CommonLookup, Counted, KEY_BITS, join};
use super::lexicon::Plain;
use super::population::Population;
use super::text::mix;

/// So many bits are left for a record's number beside a key.
const NUMBER_BITS: u32 = 64 - KEY_BITS;

/// Blocks of records that share a key.
#[derive(Debug, Default)]
pub(super) struct Blocks {
    /// The records of each block, ascending.
    members: Vec<u32>,
    /// Where each block begins in `members`; one more than there are blocks.
    starts: Vec<u32>,
    /// In which slices each block has records with later ones: a bit each; see [`Self::slice`].
    slices: Vec<u16>,
    /// How many later records the blocks of each record hold; a record that is in several of them
    /// counts in each.
    later: Vec<u32>,
}

/// The later records that share a key with each of a range of records. Memory that is used again.
#[derive(Debug, Default)]
pub(super) struct Later {
    /// The first of the range.
    first: u32,
    /// Where the later records of each begin; one more than the range has records.
    starts: Vec<usize>,
    /// How far each is filled.
    ends: Vec<usize>,
    records: Vec<u32>,
}

impl Later {
    /// Those of one record of the range, ascending, each once.
    pub(super) fn of(&mut self, record: u32) -> &[u32] {
        let at = (record - self.first) as usize;
        let found = &mut self.records[self.starts[at]..self.starts[at + 1]];
        found.sort_unstable();
        let mut kept = 0;
        for next in 0..found.len() {
            if kept == 0 || found[kept - 1] != found[next] {
                found[kept] = found[next];
                kept += 1;
            }
        }
        &found[..kept]
    }
}

/// Words in pieces of memory that are all of one size: what is read for the last time makes room for what
/// is written, so that the system clears less memory.
#[derive(Debug, Default)]
struct Room(Vec<Vec<u64>>); // Invariant: all are empty.

/// So many words a piece holds.
const PIECE: usize = 1 << 11;

impl Room {
    fn take(&mut self) -> Vec<u64> {
        self.0.pop().unwrap_or_else(|| Vec::with_capacity(PIECE))
    }

    fn give(&mut self, mut piece: Vec<u64>) {
        piece.clear();
        self.0.push(piece);
    }
}

/// The atoms of all records, taken apart once: counted, joined and sorted from there.
#[derive(Debug, Default)]
struct Taken {
    /// The atoms of one record after another; none has some in two pieces.
    pieces: Vec<Piece>,
}

/// Records whose atoms lie together.
#[derive(Debug, Default)]
struct Piece {
    /// [`Counted`] atoms as words.
    words: Vec<u64>,
    /// How many atoms each record has.
    counts: Vec<u8>,
}

impl Piece {
    /// The atoms of each record.
    fn records(&self) -> impl Iterator<Item = &[u64]> {
        let mut rest = &self.words[..];
        self.counts.iter().map(move |count| {
            let (atoms, later) = rest.split_at(usize::from(*count));
            rest = later;
            atoms
        })
    }
}

impl Taken {
    fn of(population: &Population) -> Self {
        let mut taken = Self::default();
        let mut atoms = Atoms::default();
        for row in population.rows.iter() {
            atoms.read(row, &population.lexicon);
            let count = u8::try_from(atoms.len()).expect("a record has some thirty atoms");
            let full = |piece: &Piece| piece.words.len() + usize::from(count) > PIECE;
            if taken.pieces.last().is_none_or(full) {
                taken.pieces.push(Piece { words: Vec::with_capacity(PIECE), counts: Vec::new() });
            }
            let last = taken.pieces.last_mut().expect("one was put there");
            last.words.extend(atoms.uncounted().map(Counted::word));
            last.counts.push(count);
        }
        taken
    }

    fn records(&self) -> impl Iterator<Item = &[u64]> {
        self.pieces.iter().flat_map(Piece::records)
    }

    /// Counts how many records share each atom, writes it to those that more than `most` share, and sorts the
    /// atoms of each record. Returns the common ones.
    fn count(&mut self, most: u32) -> Vec<(u64, u32)> {
        let key = |word: u64| Counted::of_word(word).key();
        let count = self.pieces.iter().map(|piece| piece.words.len()).sum();
        let mut rough = Rough::sized(count, most);
        for piece in &self.pieces {
            piece.words.iter().for_each(|word| rough.add(key(*word)));
        }
        // Until all are counted an atom bears the number of its count, so that it is looked for once.
        let mut tally = Tally::sized(count);
        for word in self.pieces.iter_mut().flat_map(|piece| &mut piece.words) {
            if rough.may_be_frequent(key(*word)) {
                let number = tally.add(key(*word)).saturating_add(1);
                *word = Counted::of_word(*word).shared_by(number).word();
            }
        }
        for piece in &mut self.pieces {
            let mut rest = &mut piece.words[..];
            for count in &piece.counts {
                let (atoms, later) = rest.split_at_mut(usize::from(*count));
                for word in atoms.iter_mut() {
                    let atom = Counted::of_word(*word);
                    let count = match atom.count() {
                        0 => continue,
                        COUNT_MAX => tally.of(atom.key()),
                        number => tally.counts[number as usize - 1].1,
                    };
                    *word = atom.shared_by(if count > most { count } else { 0 }).word();
                }
                atoms.sort_unstable();
                rest = later;
            }
        }
        tally.above(most)
    }
}

/// Joins the atoms of one record after another.
struct Joining<'a> {
    lookup: CommonLookup<'a>,
    atoms: Vec<Counted>,
    keys: Vec<u64>,
}

impl<'a> Joining<'a> {
    fn with(common: &'a Common) -> Self {
        let lookup = CommonLookup::hashed(common);
        Self { lookup, atoms: Vec::new(), keys: Vec::new() }
    }

    /// The keys of a record's atoms.
    fn keys(&mut self, words: &[u64]) -> &[u64] {
        self.atoms.clear();
        self.atoms.extend(words.iter().map(|word| Counted::of_word(*word)));
        join(&self.atoms, &self.lookup, &mut self.keys);
        &self.keys
    }
}

/// A record of a shop has about so many keys.
const KEYS_USUAL: usize = 32;

/// So many records tell how common joined keys are.
const SAMPLED_MAX: usize = 125_000;

/// Learns which keys must be joined with others, since more than `most` records share them, and puts
/// records into blocks by the keys that are left.
pub(super) fn learn_keys(population: &Population, most: u32) -> (Common, Blocks) {
    let mut common = Common::new(most, population.len() as u64);
    let mut taken = Taken::of(population);
    common.add(taken.count(most));
    let every = population.len().div_ceil(SAMPLED_MAX).max(1);
    // Memory that is asked for and never written to costs nothing; memory that grows is copied.
    let mut keys: Vec<u64> = Vec::with_capacity(population.len() / every * KEYS_USUAL);
    for _ in 0..2 {
        keys.clear();
        let mut joining = Joining::with(&common);
        let sampled = taken.records().enumerate().filter(|(record, _)| chosen(*record, every));
        for (_, atoms) in sampled {
            keys.extend_from_slice(joining.keys(atoms));
        }
        let scale = u32::try_from(every).expect("records are below 2^24");
        let limit = (most * 3).div_ceil(scale).max(3);
        let mut more = frequent(&keys, limit);
        more.iter_mut().for_each(|(_, count)| *count = count.saturating_mul(scale));
        if more.is_empty() {
            break;
        }
        common.add(more);
    }
    let expected = keys.len() * every;
    drop(keys);
    let mut joining = Joining::with(&common);
    let mut placed = Placed::sized(expected);
    let mut record = 0;
    for piece in taken.pieces {
        for atoms in piece.records() {
            placed.put(record, joining.keys(atoms));
            record += 1;
        }
        placed.room.give(piece.words);
    }
    drop(joining);
    let blocks = Blocks::build(placed, population.len());
    (common, blocks)
}

/// One in `every` records, whatever the order of the file repeats.
fn chosen(record: usize, every: usize) -> bool {
    every == 1 || mix(record as u64, 4).is_multiple_of(every as u64)
}

/// Keys that occur more often than `limit`.
fn frequent(keys: &[u64], limit: u32) -> Vec<(u64, u32)> {
    let mut rough = Rough::sized(keys.len(), limit);
    keys.iter().for_each(|key| rough.add(*key));
    let mut tally = Tally::sized(keys.len());
    for key in keys.iter().filter(|key| rough.may_be_frequent(**key)) {
        tally.add(*key);
    }
    tally.above(limit)
}

/// Keys counted in a small table, in which many share a place: most are found not to be frequent by it.
struct Rough {
    counts: Vec<u8>,
    limit: u8,
}

impl Rough {
    fn sized(keys: usize, limit: u32) -> Self {
        let size = (keys / 2).next_power_of_two().clamp(1 << 10, 1 << 22);
        let limit = u8::try_from(limit).unwrap_or(u8::MAX).min(u8::MAX - 1);
        Self { counts: vec![0; size], limit }
    }

    #[inline]
    fn place(&self, key: u64) -> usize {
        key as usize & (self.counts.len() - 1)
    }

    #[inline]
    fn add(&mut self, key: u64) {
        let place = self.place(key);
        let count = &mut self.counts[place];
        *count = count.saturating_add(1);
    }

    /// Whether a key may have been added more often than the limit; if not, it certainly was not.
    #[inline]
    fn may_be_frequent(&self, key: u64) -> bool {
        self.counts[self.place(key)] > self.limit
    }
}

/// Keys, and how often each was added.
struct Tally {
    numbers: HashMap<u64, u32, BuildHasherDefault<Plain>>,
    counts: Vec<(u64, u32)>,
    /// Keys that came lately, by their end, each with its number and 1; 0 where none did. Few keys make up
    /// most of what comes.
    lately: Vec<(u64, u32)>,
}

/// So many frequent keys are about the same.
const KEYS_A_KIND: usize = 64;
/// So many keys are found without a look into the table.
const LATELY: usize = 1 << 13;

impl Tally {
    /// For about so many keys, of which few are different.
    fn sized(keys: usize) -> Self {
        let kinds = keys / KEYS_A_KIND;
        let numbers = HashMap::with_capacity_and_hasher(kinds, BuildHasherDefault::default());
        Self { numbers, counts: Vec::with_capacity(kinds), lately: vec![(0, 0); LATELY] }
    }

    /// The place of the key among the counts.
    #[inline]
    fn add(&mut self, key: u64) -> u32 {
        let lately = &mut self.lately[key as usize & (LATELY - 1)];
        if lately.0 != key || lately.1 == 0 {
            let next = u32::try_from(self.counts.len()).expect("record numbers are u32");
            let number = *self.numbers.entry(key).or_insert(next);
            if number == next {
                self.counts.push((key, 0));
            }
            *lately = (key, number + 1);
        }
        let number = lately.1 - 1;
        self.counts[number as usize].1 += 1;
        number
    }

    fn of(&self, key: u64) -> u32 {
        self.numbers.get(&key).map_or(0, |number| self.counts[*number as usize].1)
    }

    fn above(mut self, limit: u32) -> Vec<(u64, u32)> {
        self.counts.retain(|(_, count)| *count > limit);
        self.counts
    }
}

/// Keys with the numbers of their records, in lots by the end of the key: what lies in one is sorted in a
/// processor's own cache, and let go of once it was put into blocks. The beginnings of keys are no good for
/// that: of many joined keys those with the least numbers stay, so most are small.
struct Placed {
    /// The piece of each lot that is being filled.
    open: Vec<Vec<u64>>,
    /// The full pieces of each lot.
    full: Vec<Vec<Vec<u64>>>,
    room: Room,
}

/// A lot holds about so many keys.
const LOT: usize = 1 << 14;
const LOTS_MAX: usize = 1 << 11;

impl Placed {
    /// For about so many keys.
    fn sized(expected: usize) -> Self {
        let lots = (expected / LOT).next_power_of_two().min(LOTS_MAX);
        let (open, full) = (vec![Vec::new(); lots], vec![Vec::new(); lots]);
        Self { open, full, room: Room::default() }
    }

    fn put(&mut self, record: usize, keys: &[u64]) {
        let end = self.open.len() - 1;
        for key in keys {
            let lot = *key as usize & end;
            let piece = &mut self.open[lot];
            if piece.len() == piece.capacity() {
                let filled = std::mem::replace(piece, self.room.take());
                if !filled.is_empty() {
                    self.full[lot].push(filled);
                }
            }
            piece.push(key << NUMBER_BITS | record as u64);
        }
    }

    /// How many keys there are.
    fn len(&self) -> usize {
        self.open.iter().chain(self.full.iter().flatten()).map(Vec::len).sum()
    }
}

/// Fewer keys than this are sorted by comparing them.
const COUNTED_MIN: usize = 1 << 11;
/// So many bits of a key are sorted by at a time.
const DIGIT_BITS: u32 = 10;

/// Sorts keys with their records by the key, whose bits below `begin` are all the same. Keys come in order
/// of their records and keep it: what is sorted by lower bits is dealt out by higher ones, again and again.
fn sort_by_key(keys: &mut Vec<u64>, spare: &mut Vec<u64>, begin: u32) {
    if keys.len() < COUNTED_MIN {
        keys.sort_unstable();
        return;
    }
    spare.clear();
    spare.resize(keys.len(), 0);
    for shift in (begin..u64::BITS).step_by(DIGIT_BITS as usize) {
        let digit = |key: u64| (key >> shift) as usize & ((1 << DIGIT_BITS) - 1);
        let mut next = [0_u32; 1 << DIGIT_BITS];
        for key in keys.iter() {
            next[digit(*key)] += 1;
        }
        let mut sum = 0;
        for next in &mut next {
            sum += std::mem::replace(next, sum);
        }
        for key in keys.iter() {
            let place = &mut next[digit(*key)];
            spare[*place as usize] = *key;
            *place += 1;
        }
        std::mem::swap(keys, spare);
    }
}

impl Blocks {
    pub(super) fn of(population: &Population, common: &Common) -> Self {
        let lookup = CommonLookup::hashed(common);
        let (mut atoms, mut keys) = (Atoms::default(), Vec::new());
        let mut placed = Placed::sized(population.len() * KEYS_USUAL);
        for (record, row) in population.rows.iter().enumerate() {
            atoms.read(row, &population.lexicon);
            atoms.join(&lookup, &mut keys);
            placed.put(record, &keys);
        }
        Self::build(placed, population.len())
    }

    fn build(placed: Placed, records: usize) -> Self {
        assert!(records < 1 << NUMBER_BITS, "the caller bounds the number of records");
        let keys = placed.len();
        let (members, starts) = (Vec::with_capacity(keys), Vec::with_capacity(keys / 2 + 1));
        let slices = Vec::with_capacity(keys / 2);
        let mut blocks = Self { later: vec![0; records], members, starts, slices };
        blocks.starts.push(0);
        let lot_bits = placed.open.len().trailing_zeros();
        let (mut some, mut spare) = (Vec::new(), Vec::new());
        for (full, open) in placed.full.into_iter().zip(placed.open) {
            some.clear();
            full.iter().chain([&open]).for_each(|piece| some.extend_from_slice(piece));
            sort_by_key(&mut some, &mut spare, NUMBER_BITS + lot_bits);
            some.dedup();
            for run in some.chunk_by(|l, r| l >> NUMBER_BITS == r >> NUMBER_BITS) {
                blocks.take(run);
            }
        }
        blocks
    }

    /// Takes the records of one key as a block, if there is more than one.
    fn take(&mut self, run: &[u64]) {
        if run.len() < 2 {
            return;
        }
        let mut left = u32::try_from(run.len()).expect("record numbers are u32");
        for entry in run {
            let record = u32::try_from(entry & ((1 << NUMBER_BITS) - 1)).expect("24 bits");
            left -= 1;
            self.members.push(record);
            self.later[record as usize] += left;
        }
        self.starts.push(u32::try_from(self.members.len()).expect("fewer than four billion keys"));
        self.slices.push(Self::ALL_SLICES);
    }

    /// How many later records the blocks of each record hold.
    pub(super) fn later_counts(&self) -> &[u32] {
        &self.later
    }

    /// All slices, which no slices at all were made of yet.
    pub(super) const ALL_SLICES: u16 = u16::MAX;

    /// Notes which blocks each slice has to be gathered from. Slices begin at `starts` among the records,
    /// where the last ends.
    pub(super) fn slice(&mut self, starts: &[u32]) {
        let mut slice_of = Vec::with_capacity(self.later.len());
        for (slice, range) in (0..).zip(starts.windows(2)) {
            slice_of.resize(range[1] as usize, 1_u16 << slice);
        }
        for (slices, block) in self.slices.iter_mut().zip(self.starts.windows(2)) {
            let earlier = &self.members[block[0] as usize..block[1] as usize - 1];
            *slices = earlier.iter().fold(0, |all, record| all | slice_of[*record as usize]);
        }
    }

    /// Gathers for each record of a range that is `chosen` the later ones that share a key with it.
    /// `slices` are those that the range lies in: a bit each.
    ///
    /// Block by block, since blocks lie side by side in memory, and the blocks of a record do not.
    pub(super) fn gather(
        &self,
        range: Range<u32>,
        slices: u16,
        chosen: impl Fn(u32) -> bool,
        into: &mut Later,
    ) {
        into.first = range.start;
        into.starts.clear();
        into.starts.push(0);
        let mut sum = 0;
        for record in range.clone() {
            sum += if chosen(record) { self.later[record as usize] as usize } else { 0 };
            into.starts.push(sum);
        }
        into.ends.clone_from(&into.starts);
        into.records.clear();
        into.records.resize(sum, 0);
        for (of, block) in self.slices.iter().zip(self.starts.windows(2)) {
            if of & slices == 0 {
                continue;
            }
            let members = &self.members[block[0] as usize..block[1] as usize];
            for (at, record) in members[..members.len() - 1].iter().enumerate() {
                if *record >= range.end {
                    break;
                }
                if *record < range.start || !chosen(*record) {
                    continue;
                }
                let end = &mut into.ends[(*record - range.start) as usize];
                for later in &members[at + 1..] {
                    into.records[*end] = *later;
                    *end += 1;
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;

    /// Keys with one end take each other's place among those that came lately, and lose no count by it.
    #[test]
    fn keys_with_one_end_are_counted_each_for_itself() {
        let key = |number: u64| mix(number, 7) % 3 * LATELY as u64 + mix(number, 8) % 2;
        let (mut tally, mut counts) = (Tally::sized(1), BTreeMap::new());
        for number in 0..600 {
            let count: &mut u32 = counts.entry(key(number)).or_default();
            *count += 1;
            let place = tally.add(key(number)) as usize;
            assert_eq!(tally.counts[place], (key(number), *count));
            assert_eq!(tally.of(key(number)), *count);
        }
        assert!(counts.len() == 6 && counts.contains_key(&0));
        let mut above = tally.above(100);
        above.sort_unstable();
        assert!(above.into_iter().eq(counts.into_iter().filter(|(_, count)| *count > 100)));
    }

    #[test]
    fn dealing_keys_out_sorts_them() {
        for (count, spread) in [(3, 37), (COUNTED_MIN as u64 * 5, 37), (COUNTED_MIN as u64, 22)] {
            let lot = 0b101 << NUMBER_BITS;
            let key = |record: u64| mix(record % (count / 2 + 1), 9) >> (64 - spread);
            let made = |record: u64| key(record) << (NUMBER_BITS + 3) | lot | record;
            let mut keys: Vec<u64> = (0..count).map(made).collect();
            let mut sorted = keys.clone();
            sorted.sort_unstable();
            sort_by_key(&mut keys, &mut Vec::new(), NUMBER_BITS + 3);
            assert_eq!(keys, sorted);
        }
    }
}
