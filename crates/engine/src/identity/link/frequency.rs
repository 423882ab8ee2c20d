//! How frequent values are among the people of a shop, and which values are nobody's own.

use std::collections::HashMap;
use std::hash::BuildHasherDefault;

use minicbor::{Decode, Encode};

use super::lexicon::{Family, Plain};
use super::text::mix;

/// How often a value is expected before anything was counted, by family: common sense.
const EXPECTED: [f64; Family::COUNT] = [
    0.002,
    0.0003,
    0.000_04,
    0.0003,
    0.005,
    0.05,
    0.0003,
    0.003,
    0.1,
    0.000_000_5,
    0.000_000_5,
    0.000_002,
    0.0003,
    0.003,
    0.003,
    0.01,
    0.01,
    0.000_001,
    0.000_000_5,
    0.000_000_5,
    0.000_000_5,
    0.000_000_5,
];
/// How many of a value's other holders are strangers: of a name most, of a contact few, since
/// contacts are given out once and those that are nobody's own are left out.
const OTHERS: [f64; Family::COUNT] = {
    let mut others = [1.0; Family::COUNT];
    others[Family::Email as usize] = 0.03;
    others[Family::Phone as usize] = 0.06;
    others[Family::Device as usize] = 0.1;
    others[Family::Unique1 as usize] = 0.03;
    others[Family::Unique2 as usize] = 0.03;
    others[Family::Unique3 as usize] = 0.03;
    others[Family::Unique4 as usize] = 0.03;
    others
};
/// So many holders of a value are one person or one household: only those beyond are others.
const OWN_HOLDERS: [u32; Family::COUNT] = {
    let mut own = [2; Family::COUNT];
    own[Family::Address as usize] = 8;
    own
};
/// So many records' worth of belief is put in what is expected.
const BELIEF: f64 = 300.0;
/// Values seen so often or less are as rare as each other: they are not kept.
pub(super) const RARE_MAX: u32 = 3;

/// Counts of values, family by family.
#[derive(Clone, Debug, Default, Encode, Decode)]
pub(super) struct Frequencies {
    /// Records with a value, by family.
    #[n(0)]
    totals: Vec<u64>,
    /// Hash of family and value, and how many records have it; sorted by hash.
    #[n(1)]
    counts: Vec<(u64, u32)>,
    /// Hashes of values that are nobody's own; sorted.
    #[n(2)]
    shared: Vec<u64>,
}

impl Frequencies {
    /// From how many records have a value, family by family; how often each value was seen that was seen
    /// more than [`RARE_MAX`] times; and values that are nobody's own.
    pub(super) fn new(totals: Vec<u64>, mut counts: Vec<(u64, u32)>, mut shared: Vec<u64>) -> Self {
        counts.sort_unstable();
        shared.sort_unstable();
        Self { totals, counts, shared }
    }

    /// Folds what keys depend on into a hash: values that are nobody's own make none.
    pub(super) fn print(&self, state: u64) -> u64 {
        self.shared.iter().fold(state, |state, key| mix(state, *key))
    }

    /// Folds everything into a hash.
    pub(super) fn print_of_all(&self) -> u64 {
        let state = self.totals.iter().fold(self.print(1), |state, total| mix(state, *total));
        self.counts
            .iter()
            .fold(state, |state, (key, count)| mix(mix(state, *key), u64::from(*count)))
    }

    /// Rarity in eighths of a bit of a value seen `count` times: `-8 log2` of its frequency.
    ///
    /// One of the records is left out, since it is the one that is asked about.
    fn rarity(&self, family: usize, count: u32) -> u8 {
        let total = self.totals.get(family).copied().unwrap_or(0) as f64;
        let own = OWN_HOLDERS[family];
        let others = f64::from(count.max(RARE_MAX).max(own) - own) * OTHERS[family];
        let frequency = (others + BELIEF * EXPECTED[family]) / (total + BELIEF);
        let eighths = (-8.0 * frequency.log2()).round().clamp(0.0, 255.0);
        eighths as u8
    }
}

/// Frequencies, ready to be looked up.
#[derive(Debug)]
pub(super) struct Lookup<'a> {
    frequencies: &'a Frequencies,
    rare: [u8; Family::COUNT],
    counts: HashMap<u64, u32, BuildHasherDefault<Plain>>,
}

/// The key of a value in tables of values.
pub(super) fn table_key(hash: u64, family: u8) -> u64 {
    mix(hash, u64::from(family) + 1)
}

impl<'a> Lookup<'a> {
    pub(super) fn new(frequencies: &'a Frequencies) -> Self {
        let mut rare = [0; Family::COUNT];
        for (family, rare) in rare.iter_mut().enumerate() {
            *rare = frequencies.rarity(family, 0);
        }
        Self { frequencies, rare, counts: HashMap::default() }
    }

    /// For many look-ups: the table in the shape of a hash map.
    pub(super) fn hashed(frequencies: &'a Frequencies) -> Self {
        let mut lookup = Self::new(frequencies);
        lookup.counts = frequencies.counts.iter().copied().collect();
        lookup
    }

    /// The rarity of a value, in eighths of a bit.
    pub(super) fn rarity(&self, hash: u64, family: u8) -> u8 {
        let key = table_key(hash, family);
        let table = &self.frequencies.counts;
        let count = if self.counts.is_empty() {
            table.binary_search_by_key(&key, |(key, _)| *key).ok().map(|at| table[at].1)
        } else {
            self.counts.get(&key).copied()
        };
        match count {
            Some(count) => self.frequencies.rarity(usize::from(family), count),
            None => self.rare[usize::from(family)],
        }
    }

    /// Whether a value is nobody's own.
    pub(super) fn shared(&self, hash: u64, family: u8) -> bool {
        !self.frequencies.shared.is_empty()
            && self.frequencies.shared.binary_search(&table_key(hash, family)).is_ok()
    }
}
