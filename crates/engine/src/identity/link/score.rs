//! The weight of a pair: Fellegi and Sunter's, against two rivals at once.
//!
//! Two records are of one person, of two strangers, or of two people who share a household. The
//! weight is the log odds of the first against the other two together, so that an address or a
//! telephone in common counts for nothing once it is known that people share it.

use super::cluster::Pair;
use super::compare::{self, Levels};
use super::level::{ASPECTS, MISSING, Rarity, STREET, SURNAME};
use super::lexicon::{Lexicon, may_be_alike};
use super::model::{FOUND_BITS, LIKE_BITS, Weights};
use super::row::{Row, slot};

/// What an aspect is worth in bits: against strangers, and against a household.
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
    let stranger = match worth.rarity {
        Rarity::None => worth.stranger,
        Rarity::Same(place) => worth.stranger + left.bits(place),
        Rarity::Found(place) => {
            worth.stranger + left.bits(place).min(right.bits(place)).min(FOUND_BITS)
        }
        Rarity::Address => worth.stranger + left.bits(slot::ADDRESS).min(ADDRESS_BITS),
        Rarity::Like(place) => {
            let rarer = left.bits(place).max(right.bits(place));
            worth.stranger + ((rarer - worth.usual_bits) * 0.75).clamp(-LIKE_BITS, LIKE_BITS)
        }
    };
    (stranger, worth.household)
}

/// Rarer than this no address is: streets of one name stand in many towns.
const ADDRESS_BITS: f32 = 18.0;

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

/// Compares two rows; nothing if they are surely strangers, or surely nobody and a neighbour.
///
/// What comes out is the same whichever row is the left one.
pub(super) fn pair(
    left: u32,
    right: u32,
    one: &Row,
    other: &Row,
    lexicon: &Lexicon,
    weights: &Weights,
) -> Option<Pair> {
    let mut hope = [0.0_f32; ASPECTS];
    let mut total = weights.prior;
    for &at in &ORDER {
        hope[at] = best(at, one, other, weights);
        total += hope[at];
    }
    let mut levels = [MISSING; ASPECTS];
    for &at in &ORDER {
        if total < weights.possible {
            return None;
        }
        levels[at] = compare::aspect(at, one, other, lexicon, &levels);
        total += worth(at, levels[at], one, other, weights).0 - hope[at];
    }
    let (stranger, household) = sums(&levels, one, other, weights);
    let together = weights.prior + stranger;
    let weight = combine(stranger, household, weights);
    (together >= weights.possible && weight >= NEIGHBOUR_BITS).then_some(Pair {
        left,
        right,
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

/// The most an aspect can be worth against strangers, told without reading any text.
fn best(at: usize, left: &Row, right: &Row, weights: &Weights) -> f32 {
    let Some(place) = place_of(at) else { return rest(at, left, right, weights) };
    let (one, other) = (left.own(place), right.own(place));
    if one == 0 || other == 0 {
        // Only a surname may be found though it is missing, in the given name's place.
        let crossed = at == SURNAME
            && one != other
            && (left.own(slot::GIVEN) == 0) != (right.own(slot::GIVEN) == 0);
        return if crossed || at == SURNAME && one != other {
            weights.unequal_best[at]
        } else {
            0.0
        };
    }
    let unequal = weights.unequal_best[at];
    if at == STREET {
        let bits = left.bits(slot::ADDRESS).min(ADDRESS_BITS);
        return if one == other {
            (weights.table[at][0].stranger + bits)
                .max(unequal)
                .max(weights.table[at][6].stranger + left.bits(place))
        } else if left.may_be_alike(right, place) {
            unequal.max(weights.table[at][6].stranger + left.bits(place))
        } else {
            weights.table[at][4].stranger.max(0.0)
        };
    }
    if one == other {
        return (weights.table[at][0].stranger + left.bits(place)).max(unequal);
    }
    if left.may_be_alike(right, place) {
        return unequal;
    }
    if at > SURNAME {
        return weights.table[at][weights.last[at]].stranger.max(0.0);
    }
    // A name in another place of the name needs its letters there.
    let elsewhere = at <= SURNAME && may_be_crossed(left, right);
    if elsewhere { unequal } else { weights.unlike_name }
}

/// Aspects that are not of one place.
fn rest(at: usize, left: &Row, right: &Row, weights: &Weights) -> f32 {
    use super::level as l;
    let there = match at {
        l::FURTHER => left.ids[slot::FURTHER] != 0 && right.ids[slot::FURTHER] != 0,
        l::SEX => left.sex != 0 && right.sex != 0,
        l::AGE => left.age != 0 && right.age != 0,
        l::GENERATION => left.generation != 0 && right.generation != 0,
        l::MAIL_GIVEN => (left.own(slot::GIVEN) == 0) != (right.own(slot::GIVEN) == 0),
        l::MAIL_SURNAME => (left.own(slot::SURNAME) == 0) != (right.own(slot::SURNAME) == 0),
        _ => true,
    };
    if there { weights.unequal_best[at] } else { 0.0 }
}

/// Whether a name of one record may stand in another place of the other's name.
fn may_be_crossed(left: &Row, right: &Row) -> bool {
    if left.ids[slot::FURTHER] != 0 || right.ids[slot::FURTHER] != 0 {
        return true;
    }
    let [one_given, one_surname, ..] = left.sketches;
    let [other_given, other_surname, ..] = right.sketches;
    may_be_alike(one_given, other_surname) || may_be_alike(one_surname, other_given)
}

fn place_of(at: usize) -> Option<usize> {
    use super::level as l;
    Some(match at {
        l::GIVEN => slot::GIVEN,
        l::SURNAME => slot::SURNAME,
        l::BIRTH => slot::BIRTH,
        l::STREET => slot::STREET,
        l::POSTCODE => slot::POSTCODE,
        l::CITY => slot::CITY,
        l::STATE => slot::STATE,
        l::EMAIL => slot::EMAIL,
        l::PHONE => slot::PHONE,
        l::DEVICE => slot::DEVICE,
        l::MORE => slot::MORE,
        _ if (l::UNIQUE..l::UNIQUE + 4).contains(&at) => slot::UNIQUE + at - l::UNIQUE,
        _ if (l::WORD..l::WORD + 4).contains(&at) => slot::WORD + at - l::WORD,
        _ => return None,
    })
}
