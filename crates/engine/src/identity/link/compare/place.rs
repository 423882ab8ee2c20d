//! Places: address, postcode, town, state; the wider place counts only where the narrower is new.

use super::super::level::{KNOWN, MISSING, postcode as p, street as s};
use super::super::lexicon::{Lexicon, ValueId};
use super::super::row::{Row, slot};
use super::super::text::distance;
use super::both;
use super::name::{Likeness, likeness};

pub(super) fn street(left: &Row, right: &Row, lexicon: &Lexicon) -> u8 {
    let Some((one, other)) = both(left, right, slot::STREET) else { return MISSING };
    let same = one == other;
    let Some((number, other_number)) = both(left, right, slot::NUMBER) else {
        return if same || alike(one, other, lexicon) { s::STREET } else { s::OTHER_STREET };
    };
    if same && number == other_number {
        let other_unit = both(left, right, slot::UNIT).is_some_and(|(l, r)| l != r);
        return if other_unit { s::OTHER_UNIT } else { s::SAME };
    }
    if number == other_number {
        return if alike(one, other, lexicon) { s::NEAR } else { s::SAME_NUMBER };
    }
    if !same && !alike(one, other, lexicon) {
        return s::DIFFERENT;
    }
    let (left, right) = (lexicon.text(number), lexicon.text(other_number));
    let slip = left.len().max(right.len()) >= 2 && distance(left, right) == 1;
    // Neighbours' numbers differ in one digit too; only a lost, added or swapped one is a slip.
    let slip = slip && (left.len() != right.len() || sorted(left) == sorted(right));
    if slip && same { s::NEAR } else { s::OTHER_NUMBER }
}

fn sorted(digits: &[u8]) -> Vec<u8> {
    let mut digits = digits.to_vec();
    digits.sort_unstable();
    digits
}

fn alike(one: ValueId, other: ValueId, lexicon: &Lexicon) -> bool {
    match likeness(one, other, lexicon) {
        Likeness::Slip | Likeness::Alike => true,
        Likeness::Part => shares_long_part(one, other, lexicon),
        Likeness::None => false,
    }
}

/// "dr" and "st" are parts of many streets: the longer words must agree.
fn shares_long_part(one: ValueId, other: ValueId, lexicon: &Lexicon) -> bool {
    let (left, right) = (lexicon.text(one), lexicon.text(other));
    let common = left.iter().zip(right).take_while(|(l, r)| l == r).count();
    let ending = left.iter().rev().zip(right.iter().rev()).take_while(|(l, r)| l == r).count();
    common.max(ending) >= 5
}

pub(super) fn postcode(left: &Row, right: &Row, lexicon: &Lexicon) -> u8 {
    let Some((one, other)) = both(left, right, slot::POSTCODE) else { return MISSING };
    if one == other {
        return p::SAME;
    }
    let (left, right) = (lexicon.text(one), lexicon.text(other));
    if left.len().abs_diff(right.len()) <= 1 && distance(left, right) == 1 {
        return p::SLIP;
    }
    let wide = (left.len().min(right.len()) * 3 / 5).max(2);
    let common = left.iter().zip(right).take_while(|(l, r)| l == r).count();
    if common >= wide { p::NEAR } else { p::DIFFERENT }
}

pub(super) fn city(left: &Row, right: &Row, lexicon: &Lexicon, known: bool) -> u8 {
    wider(left, right, slot::CITY, lexicon, known)
}

pub(super) fn state(left: &Row, right: &Row, lexicon: &Lexicon, known: bool) -> u8 {
    wider(left, right, slot::STATE, lexicon, known)
}

fn wider(left: &Row, right: &Row, at: usize, lexicon: &Lexicon, known: bool) -> u8 {
    let Some((one, other)) = both(left, right, at) else { return MISSING };
    let level = if one == other {
        0
    } else if matches!(likeness(one, other, lexicon), Likeness::None) {
        2
    } else {
        1
    };
    if known { level + KNOWN } else { level }
}
