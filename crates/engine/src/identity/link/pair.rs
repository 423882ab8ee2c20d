//! One pair, looked at closely: its weight, its probability, and what they are made of.

use super::block::{Atoms, CommonLookup};
use super::compare::all;
use super::frequency::Lookup;
use super::level::{self, MISSING};
use super::lexicon::Lexicon;
use super::model::{Model, Weights};
use super::population::Population;
use super::record::Record;
use super::row::{Row, slot};
use super::score;

/// How much speaks for two records being of one person.
#[derive(Clone, Debug, PartialEq)]
pub struct Comparison {
    /// Log odds in bits: 0 is even, 10 is a thousand to one for, -10 a thousand to one against.
    pub weight_bits: f32,
    /// The same as a probability in [0, 1].
    pub probability: f64,
    /// What the weight is made of; the parts' bits add up to it.
    pub parts: Vec<Part>,
}

/// One step of a comparison.
#[derive(Clone, Debug, PartialEq)]
pub struct Part {
    /// What was compared, in words.
    pub what: &'static str,
    /// What was found, in words.
    pub found: &'static str,
    /// What it says, in bits.
    pub bits: f32,
}

/// A model, ready to compare.
#[derive(Debug)]
pub struct Linker<'a> {
    lookup: Lookup<'a>,
    common: CommonLookup<'a>,
    pub(super) weights: Weights,
    trained: bool,
    /// See [`Model::generation`].
    pub(crate) generation: u32,
}

impl<'a> Linker<'a> {
    /// Makes a model ready; costs some microseconds, so that many records are better compared with one.
    #[must_use]
    pub fn new(model: &'a Model) -> Self {
        Self {
            lookup: Lookup::new(&model.frequencies),
            common: CommonLookup::new(&model.common),
            weights: Weights::of(model),
            trained: model.records > 0,
            generation: model.generation,
        }
    }

    /// Whether the model's numbers were learned from a shop's own records.
    #[must_use]
    pub fn trained(&self) -> bool {
        self.trained
    }

    /// The keys a record is found by: records that are ever compared share one.
    #[must_use]
    pub fn keys(&self, record: &Record) -> Vec<u64> {
        let mut lexicon = Lexicon::default();
        let row = self.row(record, &mut lexicon);
        self.keys_of(&row, &lexicon)
    }

    pub(super) fn keys_of(&self, row: &Row, lexicon: &Lexicon) -> Vec<u64> {
        let mut atoms = Atoms::default();
        let mut keys = Vec::new();
        atoms.read(row, lexicon);
        atoms.join(&self.common, &mut keys);
        keys.sort_unstable();
        keys.dedup();
        keys
    }

    /// Compares two records; which comes first makes no difference.
    #[must_use]
    pub fn compare(&self, left: &Record, right: &Record) -> Comparison {
        let mut lexicon = Lexicon::default();
        let left = self.row(left, &mut lexicon);
        let right = self.row(right, &mut lexicon);
        self.compare_rows(&left, &right, &lexicon)
    }

    /// Compares two records of a population that was trained on or linked with this model.
    ///
    /// # Panics
    /// If there are no records with these numbers.
    #[must_use]
    pub fn compare_in(&self, population: &Population, left: u32, right: u32) -> Comparison {
        let row = |number: u32| &population.rows[number as usize];
        self.compare_rows(row(left), row(right), &population.lexicon)
    }

    /// The row of a record with the model's frequencies.
    pub(super) fn row(&self, record: &Record, lexicon: &mut Lexicon) -> Row {
        let mut row = Row::of(record, lexicon);
        for at in (0..slot::COUNT).filter(|at| row.ids[*at] != 0) {
            let value = lexicon.value(row.ids[at]);
            row.rarity[at] = self.lookup.rarity(value.hash, value.family);
            row.shared |= u32::from(self.lookup.shared(value.hash, value.family)) << at;
        }
        row
    }

    pub(super) fn compare_rows(&self, left: &Row, right: &Row, lexicon: &Lexicon) -> Comparison {
        let levels = all(left, right, lexicon);
        let weights = &self.weights;
        let weight_bits = score::of_levels(&levels, left, right, weights);
        let mut parts = vec![Part { what: "before", found: BEFORE, bits: weights.prior }];
        let mut strangers = weights.prior;
        for (at, level) in levels.iter().enumerate().filter(|(_, level)| **level != MISSING) {
            let (bits, _) = score::worth(at, *level, left, right, weights);
            let aspect = &level::ALL[at];
            strangers += bits;
            parts.push(Part {
                what: aspect.name,
                found: aspect.levels[usize::from(*level)].words,
                bits,
            });
        }
        if (left.shared | right.shared) != 0 {
            parts.push(Part { what: "shared value", found: SHARED, bits: 0.0 });
        }
        let household = weight_bits - strangers;
        if household < -0.05 {
            parts.push(Part { what: "household", found: HOUSEHOLD, bits: household });
        }
        Comparison { weight_bits, probability: probability(weight_bits), parts }
    }
}

/// Everything that [`Part::found`] may say, some of it more than once: for whoever translates.
pub fn phrases() -> impl Iterator<Item = &'static str> {
    let levels = level::ALL.iter().flat_map(|aspect| aspect.levels.iter().map(|level| level.words));
    levels.chain([BEFORE, SHARED, HOUSEHOLD])
}

const BEFORE: &str = "two records taken at random";
const SHARED: &str = "a value that many people give counts for nothing";
const HOUSEHOLD: &str = "they may be two people of one household";

/// The keys a record is found by under a model; see [`Linker::keys`].
#[must_use]
pub fn keys(model: &Model, record: &Record) -> Vec<u64> {
    Linker::new(model).keys(record)
}

/// Compares two records under a model; see [`Linker::compare`].
#[must_use]
pub fn compare(model: &Model, left: &Record, right: &Record) -> Comparison {
    Linker::new(model).compare(left, right)
}

/// Log odds in bits as a probability.
#[must_use]
pub fn probability(weight_bits: f32) -> f64 {
    1.0 / (1.0 + f64::from(-weight_bits).exp2())
}
