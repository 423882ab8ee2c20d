//! Places: address, postcode, town, state; the wider place counts only where the narrower is new.

use super::super::level::{KNOWN, MISSING, postcode as p, street as s};
use super::super::lexicon::{Lexicon, ValueId};
use super::super::row::{Row, slot};
use super::super::text::distance;
use super::birth::one_slip;
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
    postcodes_of_digits(left, right)
        .unwrap_or_else(|| as_texts(lexicon.text(one), lexicon.text(other)))
}

/// How alike two postcodes are that are not the same.
fn as_texts(left: &[u8], right: &[u8]) -> u8 {
    if left.len().abs_diff(right.len()) <= 1 && distance(left, right) == 1 {
        return p::SLIP;
    }
    let common = left.iter().zip(right).take_while(|(l, r)| l == r).count();
    if common >= wide(left.len().min(right.len())) { p::NEAR } else { p::DIFFERENT }
}

/// So many places that postcodes begin with alike make them neighbours.
fn wide(length: usize) -> usize {
    (length * 3 / 5).max(2)
}

/// The same of two that are digits, told from the rows alone.
pub(in super::super) fn postcodes_of_digits(left: &Row, right: &Row) -> Option<u8> {
    as_digits(left.sketch(slot::POSTCODE), right.sketch(slot::POSTCODE))
}

fn as_digits(one: u32, other: u32) -> Option<u8> {
    if one == 0 || other == 0 {
        return None;
    }
    let length = |digits: u32| (32 - digits.trailing_zeros()).div_ceil(4);
    let (shorter, longer) = if length(one) <= length(other) { (one, other) } else { (other, one) };
    let shortest = length(shorter);
    let begin = (one ^ other).leading_zeros() / 4;
    let slip = match length(longer) - shortest {
        0 => one_slip(one, other),
        // The longer without one digit is the shorter.
        1 => {
            u64::from(longer) << 4 << (begin * 4) & DIGITS
                == u64::from(shorter) << (begin * 4) & DIGITS
        }
        _ => false,
    };
    let near = begin.min(shortest) as usize >= wide(shortest as usize);
    Some(if slip {
        p::SLIP
    } else if near {
        p::NEAR
    } else {
        p::DIFFERENT
    })
}

/// The eight digits of a sketch.
const DIGITS: u64 = 0xffff_ffff;

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

#[cfg(test)]
mod tests {
    use super::super::super::lexicon::digits_in_order;
    use super::*;

    /// The quick look at two postcodes is no other look.
    #[test]
    fn postcodes_as_digits_are_postcodes_as_texts() {
        let mut codes: Vec<Vec<u8>> = (0..1 << 10)
            .map(|number: u32| {
                (0..number % 6 + 1).map(|at| b'0' + (number >> at & 3) as u8).collect()
            })
            .collect();
        codes.extend(
            [&b"28013"[..], b"28031", b"2801", b"12345678", b"1234567", b"21345678", b"99999999"]
                .map(<[u8]>::to_vec),
        );
        codes.sort();
        codes.dedup();
        for one in &codes {
            for other in codes.iter().filter(|other| *other != one) {
                let digits = as_digits(digits_in_order(one), digits_in_order(other));
                let texts = [String::from_utf8_lossy(one), String::from_utf8_lossy(other)];
                assert_eq!(digits, Some(as_texts(one, other)), "{texts:?}");
            }
        }
        assert_eq!(as_digits(digits_in_order(b"SW1A"), digits_in_order(b"2801")), None);
        assert_eq!(digits_in_order(b"123456789"), 0);
    }
}
