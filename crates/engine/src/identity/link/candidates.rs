//! Candidates: the pairs that share a key, each once.

use std::collections::HashMap;
use std::hash::BuildHasherDefault;
use std::ops::Range;

use super::block::{Atoms, Common, CommonLookup, Counted, KEY_BITS, join};
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

/// The atoms of all records, taken apart once: counted, joined and sorted from there.
struct Taken {
    atoms: Vec<Counted>,
    /// Where each record's atoms begin; one more than there are records.
    starts: Vec<u32>,
}

/// A record of a shop has about so many atoms.
const ATOMS_USUAL: usize = 20;
/// And about so many keys.
const KEYS_USUAL: usize = 32;

impl Taken {
    fn of(population: &Population) -> Self {
        let mut taken = Self {
            atoms: Vec::with_capacity(population.len() * ATOMS_USUAL),
            starts: Vec::with_capacity(population.len() + 1),
        };
        taken.starts.push(0);
        let mut atoms = Atoms::default();
        for row in population.rows.iter() {
            atoms.read(row, &population.lexicon);
            taken.atoms.extend(atoms.uncounted());
            taken.starts.push(u32::try_from(taken.atoms.len()).expect("under four billion atoms"));
        }
        taken
    }

    /// Writes to each atom how many records share it, and sorts the atoms of each record.
    fn count(&mut self, lookup: &CommonLookup<'_>) {
        for range in self.starts.windows(2) {
            let atoms = &mut self.atoms[range[0] as usize..range[1] as usize];
            atoms.iter_mut().for_each(|atom| *atom = lookup.counted(*atom));
            atoms.sort_unstable();
        }
    }

    fn join(&self, record: usize, lookup: &CommonLookup<'_>, keys: &mut Vec<u64>) {
        let (from, to) = (self.starts[record] as usize, self.starts[record + 1] as usize);
        join(&self.atoms[from..to], lookup, keys);
    }
}

/// So many records tell how common joined keys are.
const SAMPLED_MAX: usize = 125_000;

/// Learns which keys must be joined with others, since more than `most` records share them, and puts
/// records into blocks by the keys that are left.
pub(super) fn learn_keys(population: &Population, most: u32) -> (Common, Blocks) {
    let mut common = Common::new(most, population.len() as u64);
    let mut taken = Taken::of(population);
    let atoms = taken.atoms.iter().map(|atom| atom.key());
    common.add(frequent(atoms, taken.atoms.len(), most));
    taken.count(&CommonLookup::hashed(&common));
    let every = population.len().div_ceil(SAMPLED_MAX).max(1);
    let mut joined = Vec::new();
    // Memory that is asked for and never written to costs nothing; memory that grows is copied.
    let mut keys: Vec<u64> = Vec::with_capacity(population.len() / every * KEYS_USUAL);
    for _ in 0..2 {
        keys.clear();
        let lookup = CommonLookup::hashed(&common);
        for record in (0..population.len()).filter(|at| chosen(*at, every)) {
            taken.join(record, &lookup, &mut joined);
            keys.extend_from_slice(&joined);
        }
        drop(lookup);
        let scale = u32::try_from(every).expect("records are below 2^24");
        let limit = (most * 3).div_ceil(scale).max(3);
        let mut more = frequent(keys.iter().copied(), keys.len(), limit);
        more.iter_mut().for_each(|(_, count)| *count = count.saturating_mul(scale));
        if more.is_empty() {
            break;
        }
        common.add(more);
    }
    drop(keys);
    let lookup = CommonLookup::hashed(&common);
    let placed = Placed::of(population.len(), |record, keys| taken.join(record, &lookup, keys));
    drop(lookup);
    drop(taken);
    let blocks = Blocks::build(placed, population.len());
    (common, blocks)
}

/// One in `every` records, whatever the order of the file repeats.
fn chosen(record: usize, every: usize) -> bool {
    every == 1 || mix(record as u64, 4).is_multiple_of(every as u64)
}

/// Keys that occur more often than `limit`, counted through a small table first, in which many keys share
/// a place.
fn frequent(keys: impl Iterator<Item = u64> + Clone, count: usize, limit: u32) -> Vec<(u64, u32)> {
    let size = (count / 2).next_power_of_two().clamp(1 << 10, 1 << 22);
    let place = |key: u64| (key as usize) & (size - 1);
    let mut rough = vec![0_u8; size];
    for key in keys.clone() {
        let count = &mut rough[place(key)];
        *count = count.saturating_add(1);
    }
    let limit_rough = u8::try_from(limit).unwrap_or(u8::MAX).min(u8::MAX - 1);
    let mut numbers: HashMap<u64, u32, BuildHasherDefault<Plain>> = HashMap::default();
    let mut counts: Vec<(u64, u32)> = Vec::new();
    for key in keys.filter(|key| rough[place(*key)] > limit_rough) {
        let next = u32::try_from(counts.len()).expect("record numbers are u32");
        let number = *numbers.entry(key).or_insert(next);
        if number == next {
            counts.push((key, 0));
        }
        counts[number as usize].1 += 1;
    }
    counts.retain(|(_, count)| *count > limit);
    counts
}

/// Keys with the numbers of their records, in lots by the end of the key: what lies in one is sorted in a
/// processor's own cache, and let go of once it was put into blocks. The beginnings of keys are no good for
/// that: of many joined keys those with the least numbers stay, so most are small.
struct Placed(Vec<Vec<u64>>);

/// So many records tell how many keys there will be.
const SIZED_BY: usize = 1_000;
/// A lot holds about so many keys.
const LOT: usize = 1 << 14;
const LOTS_MAX: usize = 1 << 11;

impl Placed {
    fn of(records: usize, mut keys_of: impl FnMut(usize, &mut Vec<u64>)) -> Self {
        assert!(records < 1 << NUMBER_BITS, "the caller bounds the number of records");
        let mut keys = Vec::new();
        let (mut some, mut sum) = (0, 0);
        for record in (0..records).step_by((records / SIZED_BY).max(1)) {
            keys_of(record, &mut keys);
            some += 1;
            sum += keys.len();
        }
        let expected = records * sum / some.max(1);
        let lots = (expected / LOT).next_power_of_two().min(LOTS_MAX);
        let lot_of = |key: u64| key as usize & (lots - 1);
        let mut placed: Vec<Vec<u64>> =
            (0..lots).map(|_| Vec::with_capacity(expected / lots * 9 / 8)).collect();
        for record in 0..records {
            keys_of(record, &mut keys);
            for key in &keys {
                placed[lot_of(*key)].push(key << NUMBER_BITS | record as u64);
            }
        }
        Self(placed)
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
        let mut atoms = Atoms::default();
        let placed = Placed::of(population.len(), |record, keys| {
            atoms.read(&population.rows[record], &population.lexicon);
            atoms.join(&lookup, keys);
        });
        Self::build(placed, population.len())
    }

    fn build(placed: Placed, records: usize) -> Self {
        let keys = placed.0.iter().map(Vec::len).sum();
        let (members, starts) = (Vec::with_capacity(keys), Vec::with_capacity(keys / 2 + 1));
        let slices = Vec::with_capacity(keys / 2);
        let mut blocks = Self { later: vec![0; records], members, starts, slices };
        blocks.starts.push(0);
        let lot_bits = placed.0.len().trailing_zeros();
        let mut spare = Vec::new();
        for mut some in placed.0 {
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
    use super::*;

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
