//! The weight of a pair: Fellegi and Sunter's, against two rivals at once.
//!
//! Two records are of one person, of two strangers, or of two people who share a household. The
//! weight is the log odds of the first against the other two together, so that an address or a
//! telephone in common counts for nothing once it is known that people share it.

use super::cluster::{LIKELY_BITS, Pair};
use super::compare::{self, Levels};
use super::hope::{Hopes, One};
use super::level::{ASPECTS, MISSING, Rarity};
use super::lexicon::Lexicon;
use super::model::{FOUND_BITS, LIKE_BITS, Weights, Worth};
use super::row::{Row, slot};

/// What an aspect is worth in bits: against strangers, and against a household.
#[inline]
pub(super) fn worth(
    at: usize,
    level: u8,
    left: &Row,
    right: &Row,
    weights: &Weights,
) -> (f32, f32) {
    if level == MISSING {
        return (0.0, 0.0);
    }
    let worth = &weights.table[at][usize::from(level)];
    (worth.of_rarity(rarity(worth.rarity, left, right)), worth.household)
}

/// How rare the values are that a level of two rows goes by, in eighths of a bit; 0 where that does not
/// count.
#[inline]
pub(super) fn rarity(rarity: Rarity, left: &Row, right: &Row) -> u8 {
    let commoner = |place: usize| left.rarity[place].min(right.rarity[place]);
    match rarity {
        Rarity::None => 0,
        // Streets that are alike are not equally rare.
        Rarity::Same(place) | Rarity::Found(place) => commoner(place),
        Rarity::Address => commoner(slot::ADDRESS),
        Rarity::Like(place) => left.rarity[place].max(right.rarity[place]),
    }
}

impl Worth {
    /// What the level is worth against strangers, in bits, where values are so rare; see [`rarity`].
    #[inline]
    pub(super) fn of_rarity(&self, eighths: u8) -> f32 {
        let bits = f32::from(eighths) / 8.0;
        match self.rarity {
            Rarity::None => self.stranger,
            Rarity::Same(_) => self.stranger + bits,
            Rarity::Found(_) => self.stranger + bits.min(FOUND_BITS),
            Rarity::Address => self.stranger + bits.min(ADDRESS_BITS),
            Rarity::Like(_) => {
                self.stranger + ((bits - self.usual_bits) * 0.75).clamp(-LIKE_BITS, LIKE_BITS)
            }
        }
    }
}

/// Rarer than this no address is: streets of one name stand in many towns.
pub(super) const ADDRESS_BITS: f32 = 18.0;

/// Log odds of one person, from the sums against strangers and against a household.
pub(super) fn combine(stranger: f32, household: f32, weights: &Weights) -> f32 {
    let (one, other) = (weights.prior + stranger, weights.prior_household + household);
    let (low, high) = if one < other { (one, other) } else { (other, one) };
    // -log2(2^-low + 2^-high), written so that neither power overflows.
    low - (1.0 + (low - high).exp2()).log2()
}

/// The order in which aspects are compared where a pair may be given up: what is cheap and says
/// much comes first.
const ORDER: [usize; ASPECTS] =
    [3, 10, 11, 12, 13, 8, 9, 21, 20, 24, 14, 5, 0, 1, 22, 23, 6, 7, 4, 2, 15, 16, 17, 18, 19];

/// Sums in another order differ by less than this: hope is not given up for it.
const ROUNDING_BITS: f32 = 0.01;

/// Compares two rows; nothing if they are surely strangers, or surely nobody and a neighbour.
///
/// What comes out is the same whichever row is the left one.
pub(super) fn pair(
    first: &One<'_>,
    (number, other): (u32, &Row),
    lexicon: &Lexicon,
    weights: &Weights,
) -> Option<Pair> {
    let one = first.row;
    // What joins must not hang on what one wants to be told of.
    let possible = weights.possible.min(LIKELY_BITS);
    let least = possible - ROUNDING_BITS;
    let mut hopes = Hopes::of(first, other, weights);
    let mut levels = [MISSING; ASPECTS];
    hopes.look_at_numbers(weights, &mut levels);
    if hopes.bits() < least {
        return None;
    }
    hopes.look_at_names(weights, &mut levels);
    if hopes.bits() < least {
        return None;
    }
    hopes.look_at_words(weights);
    let mut bits = hopes.bits();
    for &at in &ORDER {
        let Some(hope) = hopes.of_aspect(at) else { continue };
        if bits < least {
            return None;
        }
        levels[at] = compare::aspect(at, one, other, lexicon, &levels);
        bits += worth(at, levels[at], one, other, weights).0 - hope;
    }
    let (stranger, household) = sums(&levels, one, other, weights);
    let together = weights.prior + stranger;
    let weight = combine(stranger, household, weights);
    (together >= possible && weight >= NEIGHBOUR_BITS).then_some(Pair {
        left: first.number.min(number),
        right: first.number.max(number),
        weight,
        together,
    })
}

/// Below this weight two records of one household are two people.
const NEIGHBOUR_BITS: f32 = -6.0;

/// The weight of a pair whose levels are known.
pub(super) fn of_levels(levels: &Levels, left: &Row, right: &Row, weights: &Weights) -> f32 {
    let (stranger, household) = sums(levels, left, right, weights);
    combine(stranger, household, weights)
}

/// What all aspects are worth, against strangers and against a household; added up in the order of
/// aspects, always.
pub(super) fn sums(levels: &Levels, left: &Row, right: &Row, weights: &Weights) -> (f32, f32) {
    let (mut stranger, mut household) = (0.0, 0.0);
    for (at, level) in levels.iter().enumerate() {
        let (one, other) = worth(at, *level, left, right, weights);
        stranger += one;
        household += other;
    }
    (stranger, household)
}
