//! Linking a whole population, in slices that may be compared side by side.

use super::candidates::{Blocks, Later};
use super::cluster::{Pair, Rules, clusters};
use super::hope::One;
use super::model::{Model, Weights};
use super::population::{ASKED_AT_ONCE, Population};
use super::score;

/// What linking found.
#[derive(Clone, Debug, Default)]
pub struct Linkage {
    /// Pairs of one person or of one household, by left and right.
    pub pairs: Vec<Pair>,
    /// Each record's cluster: the lowest number of a record in it.
    pub clusters: Vec<u32>,
    /// How many pairs were compared.
    pub compared: u64,
}

/// Links all records of a population.
///
/// # Panics
/// If there are 2^24 records or more: more than that are linked one at a time.
pub fn link(population: &mut Population, model: &Model, rules: &Rules) -> Linkage {
    let linking = Linking::begin(population, model);
    let mut scratch = Scratch::default();
    let slices = (0..linking.slices()).map(|slice| linking.compare(slice, &mut scratch)).collect();
    linking.end(slices, rules)
}

/// A population about to be linked. Slices are compared in any order, by any number of threads of the
/// caller's, and come together in [`Linking::end`].
#[derive(Debug)]
pub struct Linking<'a> {
    population: &'a Population,
    weights: Weights,
    blocks: Blocks,
    /// Where each slice begins among the records; one more than there are slices.
    slices: Vec<u32>,
}

/// Memory that comparing one slice after another uses again.
#[derive(Debug, Default)]
pub struct Scratch(Later);

/// The pairs of one slice.
#[derive(Clone, Debug)]
pub struct Slice {
    number: u32,
    pairs: Vec<Pair>,
    compared: u64,
}

/// So many pairs a slice has at least, so that gathering it is worth a walk over all blocks.
const SLICE_PAIRS_MIN: u64 = 20_000;
/// The most slices: enough to share them out evenly and to tell how far it has come.
const SLICES_MAX: u64 = 12;
const _: () = assert!(SLICES_MAX <= u16::BITS as u64, "blocks tell slices by the bits of a word");

impl<'a> Linking<'a> {
    /// Finds which records share keys.
    ///
    /// # Panics
    /// If there are 2^24 records or more.
    pub fn begin(population: &'a mut Population, model: &Model) -> Self {
        population.apply(model);
        let print = model.print();
        let mut blocks = match population.blocks.take() {
            Some((of, blocks)) if of == print => blocks,
            Some(_) | None => Blocks::of(population, &model.common),
        };
        let slices = even(blocks.later_counts());
        blocks.slice(&slices);
        Self { population, weights: Weights::of(model), blocks, slices }
    }

    /// How many slices there are to compare.
    #[must_use]
    pub fn slices(&self) -> u32 {
        u32::try_from(self.slices.len() - 1).expect("a few")
    }

    /// Compares the records of one slice with all later ones that share a key.
    ///
    /// # Panics
    /// If there is no slice of this number.
    #[must_use]
    pub fn compare(&self, number: u32, scratch: &mut Scratch) -> Slice {
        let (rows, lexicon) = (&self.population.rows, &self.population.lexicon);
        let mut slice = Slice { number, pairs: Vec::new(), compared: 0 };
        let records = self.slices[number as usize]..self.slices[number as usize + 1];
        self.blocks.gather(records.clone(), 1 << number, |_| true, &mut scratch.0);
        for left in records {
            let one = One::of(left, &rows[left as usize], &self.weights);
            let found = scratch.0.of(left);
            slice.compared += found.len() as u64;
            for some in found.chunks(ASKED_AT_ONCE) {
                self.population.ask(some.iter().copied());
                for right in some {
                    let other = (*right, &rows[*right as usize]);
                    slice.pairs.extend(score::pair(&one, other, lexicon, &self.weights));
                }
            }
        }
        slice
    }

    /// Puts slices together and makes clusters of their pairs.
    #[must_use]
    pub fn end(self, mut slices: Vec<Slice>, rules: &Rules) -> Linkage {
        slices.sort_unstable_by_key(|slice| slice.number);
        let compared = slices.iter().map(|slice| slice.compared).sum();
        let pairs: Vec<Pair> = slices.into_iter().flat_map(|slice| slice.pairs).collect();
        let clusters = clusters(self.population, &pairs, &self.weights, rules);
        Linkage { pairs, clusters, compared }
    }
}

/// Where slices begin so that each has much the same number of pairs.
fn even(later: &[u32]) -> Vec<u32> {
    let all: u64 = later.iter().map(|count| u64::from(*count)).sum();
    let slices = (all / SLICE_PAIRS_MIN).clamp(1, SLICES_MAX);
    let mut starts = vec![0];
    let mut sum = 0;
    for (record, count) in (0..).zip(later) {
        if sum >= all * starts.len() as u64 / slices && sum > 0 && (starts.len() as u64) < slices {
            starts.push(record);
        }
        sum += u64::from(*count);
    }
    starts.push(u32::try_from(later.len()).expect("fewer than 2^24"));
    starts
}
