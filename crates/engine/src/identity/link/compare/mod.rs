//! Compares two rows: one level of likeness an aspect.

mod birth;
mod contact;
mod mail;
mod name;
mod place;
mod word;

use super::level::{
    AGE, ASPECTS, BIRTH, CITY, DEVICE, EMAIL, FURTHER, GENERATION, GIVEN, MAIL_GIVEN, MAIL_SURNAME,
    MISSING, MORE, PHONE, POSTCODE, SEX, STATE, STREET, SURNAME, UNIQUE, WORD,
};
use super::lexicon::Lexicon;
use super::row::{Row, slot};

pub(super) use birth::date as birth_dates;
pub(super) use name::{ALIKE, slips_allowed};
#[cfg(test)]
pub(super) use name::{Likeness, likeness};
pub(super) use place::postcodes_of_digits;

/// The level of every aspect, [`MISSING`] where a value is missing.
pub(super) type Levels = [u8; ASPECTS];

/// Compares one aspect of two rows. `levels` holds what was compared before: the place's parts look
/// at what the narrower place said.
pub(super) fn aspect(at: usize, left: &Row, right: &Row, lexicon: &Lexicon, levels: &Levels) -> u8 {
    match at {
        GIVEN => name::given(left, right, lexicon),
        SURNAME => name::surname(left, right, lexicon),
        FURTHER => name::further(left, right, lexicon),
        BIRTH => birth::date(left, right),
        STREET => place::street(left, right, lexicon),
        POSTCODE => place::postcode(left, right, lexicon),
        CITY => place::city(left, right, lexicon, levels[POSTCODE] == 0),
        STATE => place::state(
            left,
            right,
            lexicon,
            levels[POSTCODE] == 0 || matches!(levels[CITY], 0 | 3),
        ),
        EMAIL => contact::email(left, right, lexicon),
        PHONE => contact::phone(left, right, lexicon),
        DEVICE => both(left, right, slot::DEVICE).map_or(MISSING, |(l, r)| u8::from(l != r)),
        MORE => word::word(left, right, slot::MORE, lexicon),
        AGE => birth::age(left, right, levels[BIRTH]),
        SEX => same_or_not(left.sex, right.sex),
        // The same address, however typed, tells no name anew.
        MAIL_GIVEN | MAIL_SURNAME if levels[EMAIL] < super::level::email::LIKE => MISSING,
        MAIL_GIVEN => mail::given(left, right, lexicon),
        MAIL_SURNAME => mail::surname(left, right, lexicon),
        GENERATION => same_or_not(left.generation, right.generation),
        _ if (UNIQUE..UNIQUE + 4).contains(&at) => {
            contact::unique(left, right, slot::UNIQUE + at - UNIQUE, lexicon)
        }
        _ => word::word(left, right, slot::WORD + at - WORD, lexicon),
    }
}

/// Compares all aspects.
pub(super) fn all(left: &Row, right: &Row, lexicon: &Lexicon) -> Levels {
    let mut levels = [MISSING; ASPECTS];
    for at in 0..ASPECTS {
        levels[at] = aspect(at, left, right, lexicon, &levels);
    }
    levels
}

fn same_or_not(left: u8, right: u8) -> u8 {
    if left == 0 || right == 0 { MISSING } else { u8::from(left != right) }
}

/// Both values of a place, if both are there and say something.
fn both(left: &Row, right: &Row, at: usize) -> Option<(u32, u32)> {
    let there = (left.owned() & right.owned()) >> at & 1 == 1;
    there.then(|| (left.ids[at], right.ids[at]))
}
