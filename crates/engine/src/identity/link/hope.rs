//! What a pair can be worth at most, told from its rows without reading any text.
//!
//! Nine in ten pairs that share a key are strangers, and most of them are told so by what differs:
//! values that are not equal, and sketches that have too little in common for a slip.

use super::compare::{self, Levels};
use super::level::{
    self as l, ASPECTS, CITY, GIVEN, POSTCODE, SEX, STREET, SURNAME, UNIQUE, WORD, given as g,
    street as s, unique as u, word as w,
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

/// All places but that of street and number together.
const PLACES: usize = slot::ADDRESS;

/// Where the bound of each aspect stands: in the place that it compares, if it compares one.
const BOUND: [usize; ASPECTS] = {
    let mut bound = [slot::STREET; ASPECTS];
    let mut at = 0;
    while at < PLACED.len() {
        bound[PLACED[at].0] = PLACED[at].1;
        at += 1;
    }
    bound[l::FURTHER] = slot::FURTHER;
    bound[SEX] = PLACES;
    bound[l::GENERATION] = PLACES + 1;
    bound[l::AGE] = PLACES + 2;
    bound[l::MAIL_GIVEN] = PLACES + 3;
    bound[l::MAIL_SURNAME] = PLACES + 4;
    bound
};
const BOUNDS: usize = PLACES + 5;

/// What two values of a place can be worth at most, place by place and in whole parts of a bit, so that a
/// processor reckons several at once. A place that no aspect compares alone is worth nothing.
#[derive(Clone, Debug)]
pub(super) struct Best {
    same: [i32; PLACES],
    unequal: [i32; PLACES],
    /// All bits set where rarity counts.
    rarity: [i32; PLACES],
}

/// So many parts make a bit. Bounds are rounded up.
const PARTS: f32 = 256.0;
/// And so many an eighth of a bit, by which rarity is counted.
const RARITY_PARTS: i32 = 32;

impl Best {
    /// From what aspects are worth at most where two values are the same, without rarity, and where they
    /// differ.
    pub(super) fn of(same: &[f32; ASPECTS], unequal: &[f32; ASPECTS]) -> Self {
        let nothing = [0; PLACES];
        let mut best = Self { same: nothing, unequal: nothing, rarity: nothing };
        for (at, place) in PLACED {
            best.same[place] = (same[at] * PARTS).ceil() as i32;
            best.unequal[place] = (unequal[at] * PARTS).ceil() as i32;
            best.rarity[place] = !0;
        }
        best
    }
}

/// A row that is compared with others, with what each of its values can be worth at most beside theirs.
#[derive(Debug)]
pub(super) struct One<'r> {
    /// The record's number.
    pub(super) number: u32,
    pub(super) row: &'r Row,
    same: [i32; PLACES],
    unequal: [i32; PLACES],
}

impl<'r> One<'r> {
    pub(super) fn of(number: u32, row: &'r Row, weights: &Weights) -> Self {
        let mut one = Self { number, row, same: [0; PLACES], unequal: [0; PLACES] };
        let best = &weights.best;
        for place in (0..PLACES).filter(|place| row.own(*place) != 0) {
            let rarity = (i32::from(row.rarity[place]) * RARITY_PARTS) & best.rarity[place];
            one.same[place] = best.same[place] + rarity;
            one.unequal[place] = best.unequal[place];
        }
        one
    }

    /// What its values can be worth beside another row's, place by place.
    #[inline]
    fn beside(&self, other: &Row) -> [i32; PLACES] {
        let mut most = [0; PLACES];
        for (place, most) in most.iter_mut().enumerate() {
            let (mine, theirs) = (self.row.ids[place], other.ids[place]);
            let same = if mine == theirs { !0 } else { 0 };
            let missing = if theirs == 0 { !0 } else { 0 };
            *most = (same & self.same[place]) | (!(same | missing) & self.unequal[place]);
        }
        most
    }
}

/// Upper bounds in bits against strangers, aspect by aspect.
pub(super) struct Hopes {
    of: [f32; BOUNDS],
    /// The prior and all bounds together.
    pub(super) total: f32,
    /// Which bounds are of aspects that can be compared at all: a bit each.
    there: u32,
}

impl Hopes {
    /// Bounds from which values are equal.
    pub(super) fn of(one: &One<'_>, right: &Row, weights: &Weights) -> Self {
        let left = one.row;
        let hidden = left.shared | right.shared;
        let mut most = one.beside(right);
        if right.shared != 0 {
            for place in (0..PLACES).filter(|place| right.shared >> place & 1 == 1) {
                most[place] = 0;
            }
        }
        let places = most.iter().sum::<i32>() as f32 / PARTS;
        let there = left.present & right.present & !hidden & ALONE;
        let mut hopes = Self { of: [0.0; BOUNDS], total: weights.prior + places, there };
        for (of, most) in hopes.of.iter_mut().zip(most) {
            *of = most as f32 / PARTS;
        }
        if left.own(slot::STREET) != 0 && right.own(slot::STREET) != 0 {
            hopes.put(STREET, street(left, right, weights));
        }
        // A surname that is missing may stand in the given name's place.
        if (left.own(slot::SURNAME) == 0) != (right.own(slot::SURNAME) == 0) {
            hopes.put(SURNAME, weights.unequal_best[SURNAME]);
        }
        if says_more(left, right) {
            for at in [l::FURTHER, SEX, l::GENERATION, l::AGE, l::MAIL_GIVEN, l::MAIL_SURNAME] {
                if there_is(at, left, right) {
                    hopes.put(at, weights.unequal_best[at]);
                }
            }
        }
        hopes
    }

    /// What an aspect can be worth; `None` where it cannot be compared.
    #[inline]
    pub(super) fn of_aspect(&self, at: usize) -> Option<f32> {
        (self.there >> BOUND[at] & 1 == 1).then(|| self.of[BOUND[at]])
    }

    fn put(&mut self, at: usize, bits: f32) {
        self.total += bits - self.of[BOUND[at]];
        self.of[BOUND[at]] = bits;
        self.there |= 1 << BOUND[at];
    }

    /// Settles what numbers alone tell: dates of birth that are not the same, and numbers whose sketches
    /// have too little in common. Their levels go into `levels`.
    pub(super) fn look_at_numbers(
        &mut self,
        left: &Row,
        right: &Row,
        weights: &Weights,
        levels: &mut Levels,
    ) {
        if differ(left, right, slot::BIRTH) {
            self.settle(l::BIRTH, compare::birth_dates(left, right), weights, levels);
        }
        if differ(left, right, slot::POSTCODE)
            && let Some(level) = compare::postcodes_of_digits(left, right)
        {
            self.settle(POSTCODE, level, weights, levels);
        }
        for (at, place, level) in
            [(UNIQUE, slot::UNIQUE, u::DIFFERENT), (l::PHONE, slot::PHONE, l::phone::DIFFERENT)]
        {
            if differ(left, right, place) && !left.may_be_alike(right, place) {
                self.settle(at, level, weights, levels);
            }
        }
    }

    /// Lowers the bounds of words that are not equal where their sketches say that they are not alike
    /// either.
    pub(super) fn look_at_sketches(&mut self, left: &Row, right: &Row, weights: &Weights) {
        let unlike = |place: usize| differ(left, right, place) && !left.may_be_alike(right, place);
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
        for (at, place) in [(l::MORE, slot::MORE), (WORD, slot::WORD)] {
            if unlike(place) {
                self.lower(at, bits(at, w::DIFFERENT));
            }
        }
    }

    /// Puts what an aspect is worth in place of its bound. Its level is one without rarity.
    fn settle(&mut self, at: usize, level: u8, weights: &Weights, levels: &mut Levels) {
        let bits = weights.table[at][usize::from(level)].stranger;
        self.total += bits - self.of[BOUND[at]];
        self.of[BOUND[at]] = bits;
        self.there &= !(1 << BOUND[at]);
        levels[at] = level;
    }

    fn lower(&mut self, at: usize, bits: f32) {
        let bound = &mut self.of[BOUND[at]];
        if bits < *bound {
            self.total += bits - *bound;
            *bound = bits;
        }
    }
}

fn street(left: &Row, right: &Row, weights: &Weights) -> f32 {
    let (one, other) = (left.own(slot::STREET), right.own(slot::STREET));
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

/// The places that are compared alone: a bit each.
const ALONE: u32 = {
    let mut places = 0;
    let mut at = 0;
    while at < PLACED.len() {
        places |= 1 << PLACED[at].1;
        at += 1;
    }
    places
};

/// Whether both rows have a value in a place, and not the same.
#[inline]
fn differ(left: &Row, right: &Row, place: usize) -> bool {
    let (one, other) = (left.own(place), right.own(place));
    one != 0 && other != 0 && one != other
}

/// Whether there may be something to compare beside what stands in one place.
#[inline]
fn says_more(left: &Row, right: &Row) -> bool {
    const NAMES: u32 = 1 << slot::GIVEN | 1 << slot::SURNAME;
    let (one, other) = (left.present & !left.shared, right.present & !right.shared);
    (one ^ other) & NAMES != 0
        || (one & other) >> slot::FURTHER & 1 == 1
        || left.sex != 0
        || left.generation != 0
        || left.age != 0
}

/// Whether both rows say something of an aspect that is not of one place.
fn there_is(at: usize, left: &Row, right: &Row) -> bool {
    match at {
        l::FURTHER => left.ids[slot::FURTHER] != 0 && right.ids[slot::FURTHER] != 0,
        SEX => left.sex != 0 && right.sex != 0,
        l::GENERATION => left.generation != 0 && right.generation != 0,
        l::AGE => left.age != 0 && right.age != 0,
        l::MAIL_GIVEN => (left.own(slot::GIVEN) == 0) != (right.own(slot::GIVEN) == 0),
        l::MAIL_SURNAME => (left.own(slot::SURNAME) == 0) != (right.own(slot::SURNAME) == 0),
        _ => true,
    }
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
