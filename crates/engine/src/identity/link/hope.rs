//! What a pair can be worth at most, told from its rows without reading any text.
//!
//! Nine in ten pairs that share a key are strangers, and most of them are told so by what differs:
//! values that are not equal, and sketches that have too little in common for a slip.

use super::level::{
    self as l, ASPECTS, CITY, GIVEN, POSTCODE, SEX, STREET, SURNAME, UNIQUE, WORD, given as g,
    postcode as p, street as s, unique as u,
};
use super::lexicon::may_be_alike;
use super::model::Weights;
use super::row::{Row, slot};
use super::score::ADDRESS_BITS;

/// Aspects that compare one place of a row, and the place.
const PLACED: [(usize, usize); 18] = [
    (GIVEN, slot::GIVEN),
    (SURNAME, slot::SURNAME),
    (l::BIRTH, slot::BIRTH),
    (POSTCODE, slot::POSTCODE),
    (CITY, slot::CITY),
    (l::STATE, slot::STATE),
    (l::EMAIL, slot::EMAIL),
    (l::PHONE, slot::PHONE),
    (UNIQUE, slot::UNIQUE),
    (UNIQUE + 1, slot::UNIQUE + 1),
    (UNIQUE + 2, slot::UNIQUE + 2),
    (UNIQUE + 3, slot::UNIQUE + 3),
    (l::DEVICE, slot::DEVICE),
    (l::MORE, slot::MORE),
    (WORD, slot::WORD),
    (WORD + 1, slot::WORD + 1),
    (WORD + 2, slot::WORD + 2),
    (WORD + 3, slot::WORD + 3),
];

/// Upper bounds in bits against strangers, aspect by aspect.
pub(super) struct Hopes {
    pub(super) of: [f32; ASPECTS],
    /// The prior and all bounds together.
    pub(super) total: f32,
}

impl Hopes {
    /// Bounds from which values are equal.
    pub(super) fn of(left: &Row, right: &Row, weights: &Weights) -> Self {
        let mut hopes = Self { of: [0.0; ASPECTS], total: weights.prior };
        let hidden = left.shared | right.shared;
        for (at, place) in PLACED {
            let (one, other) = (left.ids[place], right.ids[place]);
            if one != 0 && other != 0 && hidden >> place & 1 == 0 {
                hopes.of[at] = if one == other {
                    weights.same_best[at] + left.bits(place)
                } else {
                    weights.unequal_best[at]
                };
            }
        }
        hopes.of[STREET] = street(left, right, weights);
        // A surname that is missing may stand in the given name's place.
        if left.own(slot::SURNAME) != right.own(slot::SURNAME)
            && (left.own(slot::SURNAME) == 0 || right.own(slot::SURNAME) == 0)
        {
            hopes.of[SURNAME] = weights.unequal_best[SURNAME];
        }
        for at in [l::FURTHER, SEX, l::GENERATION, l::AGE, l::MAIL_GIVEN, l::MAIL_SURNAME] {
            hopes.of[at] = rest(at, left, right, weights);
        }
        hopes.total += hopes.of.iter().sum::<f32>();
        hopes
    }

    /// Lowers the bounds of values that are not equal where their sketches say that they are not
    /// alike either.
    pub(super) fn look_at_sketches(&mut self, left: &Row, right: &Row, weights: &Weights) {
        let unlike = |place: usize| {
            let (one, other) = (left.own(place), right.own(place));
            one != 0 && other != 0 && one != other && !left.may_be_alike(right, place)
        };
        let bits = |at: usize, level: u8| weights.table[at][usize::from(level)].stranger;
        if unlike(slot::GIVEN) || unlike(slot::SURNAME) {
            let crossed = may_be_crossed(left, right);
            for (at, place) in [(GIVEN, slot::GIVEN), (SURNAME, slot::SURNAME)] {
                if !crossed && unlike(place) {
                    self.lower(at, bits(at, g::DIFFERENT).max(bits(at, g::OTHER_INITIAL)));
                }
            }
        }
        if unlike(slot::STREET) {
            let (one, other) = (left.ids[slot::NUMBER], right.ids[slot::NUMBER]);
            let level = match (one, other) {
                (0, _) | (_, 0) => s::OTHER_STREET,
                _ if one == other => s::SAME_NUMBER,
                _ => s::DIFFERENT,
            };
            self.lower(STREET, bits(STREET, level));
        }
        if unlike(slot::CITY) {
            self.lower(CITY, bits(CITY, 2).max(bits(CITY, 2 + l::KNOWN)));
        }
        if unlike(slot::POSTCODE) {
            self.lower(POSTCODE, bits(POSTCODE, p::NEAR).max(bits(POSTCODE, p::DIFFERENT)));
        }
        if unlike(slot::PHONE) {
            self.lower(l::PHONE, bits(l::PHONE, l::phone::DIFFERENT));
        }
        for (at, place) in [(UNIQUE, slot::UNIQUE), (l::MORE, slot::MORE), (WORD, slot::WORD)] {
            if unlike(place) {
                self.lower(at, bits(at, u::DIFFERENT));
            }
        }
    }

    fn lower(&mut self, at: usize, bits: f32) {
        if bits < self.of[at] {
            self.total += bits - self.of[at];
            self.of[at] = bits;
        }
    }
}

fn street(left: &Row, right: &Row, weights: &Weights) -> f32 {
    let (one, other) = (left.own(slot::STREET), right.own(slot::STREET));
    if one == 0 || other == 0 {
        return 0.0;
    }
    let bits = |level: u8| weights.table[STREET][usize::from(level)].stranger;
    let (number, other_number) = (left.ids[slot::NUMBER], right.ids[slot::NUMBER]);
    if number == 0 || other_number == 0 {
        return (bits(s::STREET) + left.bits(slot::STREET)).max(bits(s::OTHER_STREET));
    }
    if one == other && number == other_number {
        let same = bits(s::SAME) + left.bits(slot::ADDRESS).min(ADDRESS_BITS);
        return same.max(bits(s::OTHER_UNIT));
    }
    weights.unequal_best[STREET]
}

/// Aspects that are not of one place.
fn rest(at: usize, left: &Row, right: &Row, weights: &Weights) -> f32 {
    let there = match at {
        l::FURTHER => left.ids[slot::FURTHER] != 0 && right.ids[slot::FURTHER] != 0,
        SEX => left.sex != 0 && right.sex != 0,
        l::GENERATION => left.generation != 0 && right.generation != 0,
        l::AGE => left.age != 0 && right.age != 0,
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
