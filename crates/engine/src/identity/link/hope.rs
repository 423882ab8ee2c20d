//! What a pair can be worth at most, told from its rows without reading any text.
//!
//! Nine in ten pairs that share a key are strangers, and most of them are told so by what differs:
//! values that are not equal, and sketches that have too little in common for a slip.

use super::compare::{self, Levels};
use super::level::{
    self as l, ASPECTS, CITY, GIVEN, POSTCODE, SEX, STREET, SURNAME, UNIQUE, WORD, given as g,
    street as s, unique as u, word as w,
};
use super::lexicon::may_read_the_same;
use super::model::Weights;
use super::outline::may_be_initial;
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
    /// What aspects are worth where values differ, aspect by aspect.
    differing: [i32; ASPECTS],
    /// Before anything is compared.
    prior: i32,
}

/// So many parts make a bit.
const PARTS: f32 = 256.0;
/// And so many an eighth of a bit, by which rarity is counted.
const RARITY_PARTS: i32 = 32;

/// Bits as parts of a bit, rounded up: bounds are whole numbers, which add up the same in any order.
pub(super) fn parts(bits: f32) -> i32 {
    (bits * PARTS).ceil() as i32
}

impl Best {
    /// From what is known before, and what aspects are worth at most where two values are the same, without
    /// rarity, and where they differ.
    pub(super) fn of(prior: f32, same: &[f32; ASPECTS], unequal: &[f32; ASPECTS]) -> Self {
        let nothing = [0; PLACES];
        let differing = unequal.map(parts);
        let prior = parts(prior);
        let mut best = Self { same: nothing, unequal: nothing, rarity: nothing, differing, prior };
        for (at, place) in PLACED {
            best.same[place] = parts(same[at]);
            best.unequal[place] = differing[at];
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

/// Upper bounds against strangers, aspect by aspect, in [`parts`] of a bit.
pub(super) struct Hopes<'r> {
    left: &'r Row,
    right: &'r Row,
    /// In which places both rows have a value that says something: a bit each.
    both: u32,
    of: [i32; BOUNDS],
    /// The prior and all bounds together.
    total: i32,
    /// Which bounds are of aspects that can be compared at all: a bit each.
    there: u32,
}

impl<'r> Hopes<'r> {
    /// Bounds from which values are equal.
    pub(super) fn of(one: &One<'r>, right: &'r Row, weights: &Weights) -> Self {
        let left = one.row;
        let mut most = one.beside(right);
        if right.shared != 0 {
            for place in (0..PLACES).filter(|place| right.shared >> place & 1 == 1) {
                most[place] = 0;
            }
        }
        let total = weights.best.prior + most.iter().sum::<i32>();
        let (mine, theirs) = (left.owned(), right.owned());
        let both = mine & theirs;
        let mut hopes = Self { left, right, both, of: [0; BOUNDS], total, there: both & ALONE };
        hopes.of[..PLACES].copy_from_slice(&most);
        if both >> slot::STREET & 1 == 1 {
            hopes.put(STREET, street(left, right, weights));
        }
        // A surname that is missing may stand in the given name's place.
        if (mine ^ theirs) >> slot::SURNAME & 1 == 1 {
            hopes.put(SURNAME, weights.best.differing[SURNAME]);
        }
        if says_more(left, right) {
            for at in [l::FURTHER, SEX, l::GENERATION, l::AGE, l::MAIL_GIVEN, l::MAIL_SURNAME] {
                if there_is(at, left, right) {
                    hopes.put(at, weights.best.differing[at]);
                }
            }
        }
        hopes
    }

    /// What an aspect can be worth, in bits; `None` where it cannot be compared.
    #[inline]
    pub(super) fn of_aspect(&self, at: usize) -> Option<f32> {
        (self.there >> BOUND[at] & 1 == 1).then(|| self.of[BOUND[at]] as f32 / PARTS)
    }

    /// What the pair can be worth, in bits.
    #[inline]
    pub(super) fn bits(&self) -> f32 {
        self.total as f32 / PARTS
    }

    fn put(&mut self, at: usize, parts: i32) {
        self.total += parts - self.of[BOUND[at]];
        self.of[BOUND[at]] = parts;
        self.there |= 1 << BOUND[at];
    }

    /// Settles what numbers alone tell: dates of birth that are not the same, and numbers whose sketches
    /// have too little in common. Their levels go into `levels`.
    pub(super) fn look_at_numbers(&mut self, weights: &Weights, levels: &mut Levels) {
        if self.differ(slot::BIRTH) {
            let level = compare::birth_dates(self.left, self.right);
            self.settle(l::BIRTH, level, weights, levels);
        }
        if self.differ(slot::POSTCODE)
            && let Some(level) = compare::postcodes_of_digits(self.left, self.right)
        {
            self.settle(POSTCODE, level, weights, levels);
        }
        if self.unlike(slot::UNIQUE) {
            self.settle(UNIQUE, u::DIFFERENT, weights, levels);
        }
        if self.unlike(slot::PHONE) {
            self.settle(l::PHONE, l::phone::DIFFERENT, weights, levels);
        }
    }

    /// Settles names that are not equal where their sketches and outlines say that they are not alike
    /// either. What may be an initial only gets a lower bound.
    pub(super) fn look_at_names(&mut self, weights: &Weights, levels: &mut Levels) {
        let (given, surname) = (self.unlike(slot::GIVEN), self.unlike(slot::SURNAME));
        if !given && !surname || may_be_crossed(self.left, self.right) {
            return;
        }
        for (at, unlike) in [(GIVEN, given), (SURNAME, surname)] {
            if !unlike {
                continue;
            }
            let place = BOUND[at];
            if may_be_initial(self.left.outlines[place])
                || may_be_initial(self.right.outlines[place])
            {
                let parts = |level: u8| weights.table[at][usize::from(level)].parts;
                self.lower(at, parts(g::DIFFERENT).max(parts(g::OTHER_INITIAL)));
            } else {
                self.settle(at, g::DIFFERENT, weights, levels);
            }
        }
    }

    /// The same of other words.
    pub(super) fn look_at_words(&mut self, weights: &Weights) {
        let parts = |at: usize, level: u8| weights.table[at][usize::from(level)].parts;
        if self.unlike(slot::STREET) {
            let level = match (self.left.ids[slot::NUMBER], self.right.ids[slot::NUMBER]) {
                (0, _) | (_, 0) => s::OTHER_STREET,
                (one, other) if one == other => s::SAME_NUMBER,
                _ => s::DIFFERENT,
            };
            self.lower(STREET, parts(STREET, level));
        }
        if self.unlike(slot::CITY) {
            self.lower(CITY, parts(CITY, 2).max(parts(CITY, 2 + l::KNOWN)));
        }
        if self.unlike(slot::MORE) {
            self.lower(l::MORE, parts(l::MORE, w::DIFFERENT));
        }
        if self.unlike(slot::WORD) {
            self.lower(WORD, parts(WORD, w::DIFFERENT));
        }
    }

    /// Whether both rows have a value in a place, and not the same.
    #[inline]
    fn differ(&self, place: usize) -> bool {
        self.both >> place & 1 == 1 && self.left.ids[place] != self.right.ids[place]
    }

    /// Whether they do, and the values are certainly not alike.
    #[inline]
    fn unlike(&self, place: usize) -> bool {
        self.differ(place) && !self.left.may_be_alike(self.right, place)
    }

    /// Puts what an aspect is worth in place of its bound. Its level is one without rarity.
    fn settle(&mut self, at: usize, level: u8, weights: &Weights, levels: &mut Levels) {
        let parts = weights.table[at][usize::from(level)].parts;
        self.total += parts - self.of[BOUND[at]];
        self.of[BOUND[at]] = parts;
        self.there &= !(1 << BOUND[at]);
        levels[at] = level;
    }

    fn lower(&mut self, at: usize, parts: i32) {
        let bound = &mut self.of[BOUND[at]];
        if parts < *bound {
            self.total += parts - *bound;
            *bound = parts;
        }
    }
}

fn street(left: &Row, right: &Row, weights: &Weights) -> i32 {
    let (one, other) = (left.own(slot::STREET), right.own(slot::STREET));
    let parts_of = |level: u8| weights.table[STREET][usize::from(level)].parts;
    let rarity = |place: usize| i32::from(left.rarity[place]) * RARITY_PARTS;
    let (number, other_number) = (left.ids[slot::NUMBER], right.ids[slot::NUMBER]);
    if number == 0 || other_number == 0 {
        return (parts_of(s::STREET) + rarity(slot::STREET)).max(parts_of(s::OTHER_STREET));
    }
    if one == other && number == other_number {
        let same = parts_of(s::SAME) + rarity(slot::ADDRESS).min(parts(ADDRESS_BITS));
        return same.max(parts_of(s::OTHER_UNIT));
    }
    weights.best.differing[STREET]
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

/// Whether there may be something to compare beside what stands in one place.
#[inline]
fn says_more(left: &Row, right: &Row) -> bool {
    const NAMES: u32 = 1 << slot::GIVEN | 1 << slot::SURNAME;
    let (one, other) = (left.owned(), right.owned());
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
    may_read_the_same(one_given, other_surname) || may_read_the_same(one_surname, other_given)
}
