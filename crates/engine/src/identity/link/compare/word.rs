//! Other words: occupation, place of birth, second address line.

use super::super::level::{MISSING, word as w};
use super::super::lexicon::Lexicon;
use super::super::row::Row;
use super::both;
use super::name::{Likeness, likeness};

pub(super) fn word(left: &Row, right: &Row, at: usize, lexicon: &Lexicon) -> u8 {
    let Some((one, other)) = both(left, right, at) else { return MISSING };
    if one == other {
        return w::SAME;
    }
    match likeness(one, other, lexicon) {
        Likeness::Slip | Likeness::Alike => w::SLIP,
        Likeness::Part => w::PART,
        Likeness::None => w::DIFFERENT,
    }
}
