//! The model: everything linking has learned, as one immutable value that can be stored.

use minicbor::{Decode, Encode};

use super::block::Common;
use super::frequency::Frequencies;
use super::hope::{Best, parts};
use super::level::{ALL, ASPECTS, BIRTH, CITY, GIVEN, KNOWN, LEVELS, Rarity, STATE, birth, given};

/// The layout of the encoded model; another one is refused.
const FORMAT: u32 = 2;

/// What likeness is worth, how frequent values are, and where to draw the line.
///
/// A model never changes: linking with it gives the same answer for the same records for ever.
#[derive(Clone, Debug, Encode, Decode)]
pub struct Model {
    #[n(0)]
    format: u32,
    /// How many records it was trained on; 0: none, and all its numbers are defaults.
    #[n(1)]
    pub records: u64,
    /// The share of all pairs of records that are of one person.
    #[n(2)]
    pub(super) person: f64,
    /// The share of all pairs that are of two people of one household.
    #[n(3)]
    pub(super) household: f64,
    /// Frequencies of levels: of one person, strangers, household; aspect by aspect.
    #[n(4)]
    pub(super) levels: Vec<Vec<LevelRates>>,
    #[n(5)]
    pub(super) frequencies: Frequencies,
    #[n(6)]
    pub(super) common: Common,
    /// From this probability on, two records are surely of one person.
    #[n(7)]
    pub sure: f64,
    /// From this probability on, they may be.
    #[n(8)]
    pub possible: f64,
    /// Under which number it was put into force; models of one store have different ones, 0 is none.
    #[n(9)]
    pub generation: u32,
}

/// How often a level is seen, by kind of pair.
#[derive(Clone, Copy, Debug, Encode, Decode)]
pub(super) struct LevelRates {
    #[n(0)]
    pub(super) person: f64,
    #[n(1)]
    pub(super) stranger: f64,
    #[n(2)]
    pub(super) household: f64,
    /// The usual rarity of values at this level, in bits: what rarity is measured against.
    #[n(3)]
    pub(super) usual_bits: f64,
}

/// A model that could not be read.
#[derive(Debug, thiserror::Error)]
pub enum ModelError {
    /// The bytes are no model.
    #[error("the bytes are no linkage model")]
    NotAModel(#[from] minicbor::decode::Error),
    /// It was written by another version.
    #[error("the model has layout {found}, and this program reads layout {FORMAT}")]
    OtherFormat {
        /// The layout found.
        found: u32,
    },
}

impl Default for Model {
    fn default() -> Self {
        let rates = |aspect: &super::level::Aspect| {
            let of = |level: &super::level::Level| LevelRates {
                person: level.person,
                stranger: level.stranger,
                household: aspect.household * level.person
                    + (1.0 - aspect.household) * level.stranger,
                usual_bits: 12.0,
            };
            aspect.levels.iter().map(of).collect()
        };
        Self {
            format: FORMAT,
            records: 0,
            person: 1.0 / 50_000.0,
            household: 1.0 / 50_000.0,
            levels: ALL.iter().map(rates).collect(),
            frequencies: Frequencies::default(),
            common: Common::default(),
            sure: 0.95,
            possible: 0.5,
            generation: 0,
        }
    }
}

impl Model {
    /// The model that people are linked with as events arrive before anything was learned: common
    /// sense, and careful. The same name at the same address may still be father and son, so it takes
    /// something of one's own beside it (a date of birth, a card) to be sure; twins share a date of birth,
    /// and a wholly different one, or another given name, is rarely a slip.
    #[must_use]
    pub fn before_training() -> Self {
        let mut model = Self::default().with_thresholds(0.999, 0.5);
        let levels = &mut model.levels;
        levels[BIRTH][usize::from(birth::SAME)].household = 0.05;
        levels[BIRTH][usize::from(birth::SAME_YEAR)].person = 0.005;
        levels[BIRTH][usize::from(birth::DIFFERENT)].person = 0.002;
        levels[BIRTH][usize::from(birth::OTHER_YEAR)].person = 0.01;
        levels[GIVEN][usize::from(given::DIFFERENT)].person = 0.01;
        model
    }

    /// The model under which likeness joins nobody and holds nothing: only what was seen counts.
    #[must_use]
    pub fn of_nobody() -> Self {
        Self { sure: 1.0, possible: 1.0, ..Self::before_training() }
    }

    /// Whether anybody is ever joined, or held, by likeness.
    #[must_use]
    pub fn links(&self) -> bool {
        self.possible < 1.0
    }

    /// The model as bytes.
    #[must_use]
    pub fn encode(&self) -> Vec<u8> {
        minicbor::to_vec(self).expect("a vector takes all bytes")
    }

    /// Reads a model.
    ///
    /// # Errors
    /// When the bytes are no model, or one of another layout.
    pub fn decode(bytes: &[u8]) -> Result<Self, ModelError> {
        let model: Self = minicbor::decode(bytes)?;
        let whole = model.levels.len() == ASPECTS
            && model
                .levels
                .iter()
                .zip(&ALL)
                .all(|(rates, aspect)| rates.len() == aspect.levels.len());
        if model.format != FORMAT || !whole {
            return Err(ModelError::OtherFormat { found: model.format });
        }
        Ok(model)
    }

    /// Tells models with other keys apart.
    pub(super) fn print(&self) -> u64 {
        self.frequencies.print(self.common.print(0))
    }

    /// The model under another number.
    #[must_use]
    pub fn with_generation(mut self, generation: u32) -> Self {
        self.generation = generation;
        self
    }

    /// The model with other thresholds, as probabilities in (0, 1); `possible` is at most `sure`.
    #[must_use]
    pub fn with_thresholds(mut self, sure: f64, possible: f64) -> Self {
        self.sure = sure.clamp(0.001, 0.999_999);
        self.possible = possible.clamp(0.001, self.sure);
        self
    }
}

/// A level's worth in bits, ready to be added up.
#[derive(Clone, Copy, Debug)]
pub(super) struct Worth {
    /// Against strangers, without rarity.
    pub(super) stranger: f32,
    /// Against two people of one household.
    pub(super) household: f32,
    pub(super) rarity: Rarity,
    pub(super) usual_bits: f32,
    /// Against strangers, without rarity, as [`parts`] of a bit.
    pub(super) parts: i32,
}

/// The model's rates as weights.
#[derive(Clone, Debug)]
pub(super) struct Weights {
    pub(super) table: [[Worth; LEVELS]; ASPECTS],
    /// Log odds of one person against strangers, before anything is compared.
    pub(super) prior: f32,
    /// Log odds of one person against two of one household, before anything is compared.
    pub(super) prior_household: f32,
    /// Log odds from which on a pair is sure, and possible.
    pub(super) sure: f32,
    pub(super) possible: f32,
    /// Log odds from which on two records surely live together, wherever the other lines are: who is
    /// a rival for whom is no matter of how sure one wants to be.
    pub(super) together: f32,
    /// From this share on a group is one person's of its household.
    pub(super) household_share: f32,
    /// The most that values are worth, where they are equal and where they differ.
    pub(super) best: Best,
}

/// Weights against a household are within these bounds: a household's habits are known less well.
const HOUSEHOLD_BITS: f64 = 12.0;
const STRANGER_BITS: f64 = 16.0;

/// From this probability on two records are surely of people who live together.
const TOGETHER: f64 = 0.95;
/// Whose of its household a group is may be so much less certain than a pair that joins: with the usual
/// line, 0.92. A stricter line asks more here, too; a milder one asks no less.
const HOUSEHOLD_DOUBT: f64 = 1.6;

impl Weights {
    pub(super) fn of(model: &Model) -> Self {
        let nothing = Worth {
            stranger: 0.0,
            household: 0.0,
            rarity: Rarity::None,
            usual_bits: 0.0,
            parts: 0,
        };
        let mut table = [[nothing; LEVELS]; ASPECTS];
        let mut unequal_best = [0.0_f32; ASPECTS];
        for (at, (aspect, rates)) in ALL.iter().zip(&model.levels).enumerate() {
            for (number, (level, rates)) in aspect.levels.iter().zip(rates).enumerate() {
                let against = |rate: f64, bound: f64| {
                    (rates.person / rate).log2().clamp(-bound, bound) as f32
                };
                let mut stranger = against(rates.stranger, STRANGER_BITS);
                if matches!(level.rarity, Rarity::Same(_) | Rarity::Found(_) | Rarity::Address) {
                    // The value's own frequency takes the place of the level's.
                    stranger = rates.person.log2() as f32;
                }
                let household = against(rates.household, HOUSEHOLD_BITS);
                let usual_bits = rates.usual_bits as f32;
                let (rarity, parts) = (level.rarity, parts(stranger));
                table[at][number] = Worth { stranger, household, rarity, usual_bits, parts };
                let best = match level.rarity {
                    Rarity::Same(_) | Rarity::Address => continue,
                    Rarity::Found(_) => stranger + FOUND_BITS,
                    Rarity::Like(_) => stranger + LIKE_BITS,
                    Rarity::None => stranger,
                };
                unequal_best[at] = unequal_best[at].max(best);
            }
        }
        let mut same_best = [0.0_f32; ASPECTS];
        for (at, best) in same_best.iter_mut().enumerate() {
            *best = table[at][0].stranger;
            if matches!(at, CITY | STATE) {
                *best = best.max(table[at][usize::from(KNOWN)].stranger);
            }
        }
        let odds = |probability: f64| (probability / (1.0 - probability)).log2() as f32;
        let prior = (model.person / (1.0 - model.person - model.household)).log2() as f32;
        Self {
            table,
            prior,
            prior_household: (model.person / model.household).log2() as f32,
            sure: odds(model.sure),
            possible: odds(model.possible),
            together: odds(TOGETHER),
            household_share: (1.0 - HOUSEHOLD_DOUBT * (1.0 - model.sure).min(1.0 - TOGETHER))
                as f32,
            best: Best::of(prior, &same_best, &unequal_best),
        }
    }
}

/// The rarest that a name found in another place is taken to be.
pub(super) const FOUND_BITS: f32 = 11.0;
/// The most that rarity adds to, or takes from, a level of likeness.
pub(super) const LIKE_BITS: f32 = 4.0;

impl Model {
    /// The model's rates as a table for people.
    #[must_use]
    pub fn describe(&self) -> String {
        let mut text = format!(
            "records {}, one pair in {:.0} is of one person, one in {:.0} of one household\n",
            self.records,
            1.0 / self.person,
            1.0 / self.household
        );
        for (aspect, rates) in ALL.iter().zip(&self.levels) {
            text.push_str(&format!("{}\n", aspect.name));
            for (level, rates) in aspect.levels.iter().zip(rates) {
                text.push_str(&format!(
                    "  {:<46} {:.5} {:.7} {:.5} {:>6.1} bits\n",
                    level.words,
                    rates.person,
                    rates.stranger,
                    rates.household,
                    (rates.person / rates.stranger).log2()
                ));
            }
        }
        text
    }
}
