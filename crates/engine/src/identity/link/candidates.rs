//! Candidates: the pairs that share a key, each once.

use super::block::{Atom, Atoms, Common, CommonLookup, KEY_BITS, join};
use super::population::Population;
use super::text::mix;

/// So many bits are left for a record's number beside a key.
const NUMBER_BITS: u32 = 64 - KEY_BITS;

/// Blocks of records that share a key.
#[derive(Debug, Default)]
pub(super) struct Blocks {
    members: Vec<u32>,
    /// Where each block begins in `members`; one more than there are blocks.
    starts: Vec<u32>,
    /// The blocks of each record.
    of_record: Vec<u32>,
    of_record_starts: Vec<u32>,
}

/// The atoms of all records, taken apart once: counted, joined and sorted from there.
struct Taken {
    words: Vec<u64>,
    /// Where each record's atoms begin; one more than there are records.
    starts: Vec<u32>,
}

impl Taken {
    fn of(population: &Population) -> Self {
        let mut taken =
            Self { words: Vec::new(), starts: Vec::with_capacity(population.len() + 1) };
        taken.starts.push(0);
        let mut atoms = Atoms::default();
        for row in &population.rows {
            atoms.read(row, &population.lexicon);
            taken.words.extend(atoms.all().iter().map(|atom| atom.packed()));
            taken.starts.push(u32::try_from(taken.words.len()).expect("under four billion atoms"));
        }
        taken
    }

    /// Writes to each atom how many records share it.
    fn count(&mut self, lookup: &CommonLookup<'_>) {
        for word in &mut self.words {
            *word = lookup.counted(Atom::unpacked(*word)).packed();
        }
    }

    fn join(&self, record: usize, lookup: &CommonLookup<'_>, keys: &mut Vec<u64>) {
        let (from, to) = (self.starts[record] as usize, self.starts[record + 1] as usize);
        join(self.words[from..to].iter().map(|word| Atom::unpacked(*word)), lookup, keys);
    }
}

/// So many records tell how common joined keys are.
const SAMPLED_MAX: usize = 250_000;

/// Learns which keys must be joined with others, since more than `most` records share them, and puts
/// records into blocks by the keys that are left.
pub(super) fn learn_keys(population: &Population, most: u32) -> (Common, Blocks) {
    let mut common = Common::new(most, population.len() as u64);
    let mut taken = Taken::of(population);
    let atoms = taken.words.iter().map(|word| Atom::unpacked(*word).key);
    common.add(frequent(atoms, taken.words.len(), most));
    taken.count(&CommonLookup::hashed(&common));
    let every = population.len().div_ceil(SAMPLED_MAX).max(1);
    let mut joined = Vec::new();
    let mut keys: Vec<u64> = Vec::new();
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
    let placed = Blocks::place(population.len(), |record, keys| taken.join(record, &lookup, keys));
    drop(lookup);
    drop(taken);
    let blocks = Blocks::build(&placed, population.len());
    (common, blocks)
}

/// One in `every` records, whatever the order of the file repeats.
fn chosen(record: usize, every: usize) -> bool {
    every == 1 || mix(record as u64, 4).is_multiple_of(every as u64)
}

/// Keys that occur more often than `limit`, counted through a small table first.
fn frequent(keys: impl Iterator<Item = u64> + Clone, count: usize, limit: u32) -> Vec<(u64, u32)> {
    let size = (count / 2).next_power_of_two().clamp(1 << 10, 1 << 22);
    let place = |key: u64| (key as usize) & (size - 1);
    let mut rough = vec![0_u32; size];
    for key in keys.clone() {
        rough[place(key)] += 1;
    }
    let mut kept: Vec<u64> = keys.filter(|key| rough[place(*key)] > limit).collect();
    kept.sort_unstable();
    let runs = kept.chunk_by(|left, right| left == right).filter(|run| run.len() > limit as usize);
    runs.map(|run| (run[0], u32::try_from(run.len()).expect("record numbers are u32"))).collect()
}

impl Blocks {
    pub(super) fn of(population: &Population, common: &Common) -> Self {
        let lookup = CommonLookup::hashed(common);
        let mut atoms = Atoms::default();
        let placed = Self::place(population.len(), |record, keys| {
            atoms.read(&population.rows[record], &population.lexicon);
            atoms.join(&lookup, keys);
        });
        Self::build(&placed, population.len())
    }

    /// Keys with the numbers of their records, in order.
    fn place(records: usize, mut keys_of: impl FnMut(usize, &mut Vec<u64>)) -> Vec<u64> {
        assert!(records < 1 << NUMBER_BITS, "the caller bounds the number of records");
        let mut keys = Vec::new();
        let mut placed: Vec<u64> = Vec::with_capacity(records * 12);
        for record in 0..records {
            keys_of(record, &mut keys);
            placed.extend(keys.iter().map(|key| key << NUMBER_BITS | record as u64));
        }
        placed.sort_unstable();
        placed
    }

    fn build(placed: &[u64], records: usize) -> Self {
        let mut blocks = Self::default();
        let number = |entry: u64| u32::try_from(entry & ((1 << NUMBER_BITS) - 1)).expect("24 bits");
        blocks.of_record_starts = vec![0; records + 1];
        blocks.starts.push(0);
        for run in placed.chunk_by(|l, r| l >> NUMBER_BITS == r >> NUMBER_BITS) {
            if run.len() < 2 {
                continue;
            }
            for entry in run {
                blocks.members.push(number(*entry));
                blocks.of_record_starts[number(*entry) as usize + 1] += 1;
            }
            blocks
                .starts
                .push(u32::try_from(blocks.members.len()).expect("fewer than four billion keys"));
        }
        for at in 0..records {
            blocks.of_record_starts[at + 1] += blocks.of_record_starts[at];
        }
        blocks.of_record = vec![0; blocks.members.len()];
        let mut next = blocks.of_record_starts.clone();
        for block in 0..blocks.starts.len() - 1 {
            for member in
                &blocks.members[blocks.starts[block] as usize..blocks.starts[block + 1] as usize]
            {
                let place = &mut next[*member as usize];
                blocks.of_record[*place as usize] = u32::try_from(block).expect("blocks are u32");
                *place += 1;
            }
        }
        blocks
    }

    /// The later records that share a key with this one, each once; `seen` is as long as there are
    /// records, and remembers by record.
    pub(super) fn later(&self, record: u32, seen: &mut [u32], found: &mut Vec<u32>) {
        found.clear();
        let mark = record + 1;
        let (from, to) =
            (self.of_record_starts[record as usize], self.of_record_starts[record as usize + 1]);
        for block in &self.of_record[from as usize..to as usize] {
            let block = *block as usize;
            let members =
                &self.members[self.starts[block] as usize..self.starts[block + 1] as usize];
            let first = members.partition_point(|member| *member <= record);
            for member in &members[first..] {
                if seen[*member as usize] != mark {
                    seen[*member as usize] = mark;
                    found.push(*member);
                }
            }
        }
    }
}
