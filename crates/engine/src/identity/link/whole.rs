//! Linking a whole population, in slices that may be compared side by side.

use super::candidates::Blocks;
use super::cluster::{Pair, Rules, clusters};
use super::model::{Model, Weights};
use super::population::Population;
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
}

/// Memory that comparing one slice after another uses again.
#[derive(Debug, Default)]
pub struct Scratch {
    seen: Vec<u32>,
    found: Vec<u32>,
}

/// The pairs of one slice.
#[derive(Clone, Debug)]
pub struct Slice {
    number: u32,
    pairs: Vec<Pair>,
    compared: u64,
}

/// Early records have more later ones to be compared with than late records have: slices are small,
/// so that they can be shared out evenly.
const RECORDS_A_SLICE: u32 = 4096;

impl<'a> Linking<'a> {
    /// Finds which records share keys.
    ///
    /// # Panics
    /// If there are 2^24 records or more.
    pub fn begin(population: &'a mut Population, model: &Model) -> Self {
        population.apply(model);
        let print = model.print();
        let blocks = match population.blocks.take() {
            Some((of, blocks)) if of == print => blocks,
            Some(_) | None => Blocks::of(population, &model.common),
        };
        Self { population, weights: Weights::of(model), blocks }
    }

    /// How many slices there are to compare.
    #[must_use]
    pub fn slices(&self) -> u32 {
        u32::try_from(self.population.len()).expect("fewer than 2^24").div_ceil(RECORDS_A_SLICE)
    }

    /// Compares the records of one slice with all later ones that share a key.
    #[must_use]
    pub fn compare(&self, number: u32, scratch: &mut Scratch) -> Slice {
        let rows = &self.population.rows;
        scratch.seen.resize(rows.len(), 0);
        let mut slice = Slice { number, pairs: Vec::new(), compared: 0 };
        let from = number * RECORDS_A_SLICE;
        let to = (from + RECORDS_A_SLICE).min(u32::try_from(rows.len()).expect("fewer than 2^24"));
        for left in from..to {
            self.blocks.later(left, &mut scratch.seen, &mut scratch.found);
            scratch.found.sort_unstable();
            slice.compared += scratch.found.len() as u64;
            // Rows lie far apart in memory: asking for all at once, nothing depending on the last,
            // waits for them together.
            let asked = scratch.found.iter().fold(0, |asked, right| {
                let row = &rows[*right as usize];
                asked ^ row.ids[0] ^ row.ids[16] ^ row.sketches[8]
            });
            std::hint::black_box(asked);
            let row = &rows[left as usize];
            for right in &scratch.found {
                let other = &rows[*right as usize];
                let lexicon = &self.population.lexicon;
                slice.pairs.extend(score::pair(left, *right, row, other, lexicon, &self.weights));
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
