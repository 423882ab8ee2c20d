//! Dates of birth: swapped day and month, slips, the year alone.

use super::super::birth::BirthDate;
use super::super::level::{MISSING, age as a, birth as b};
use super::super::row::{Row, slot};
use super::super::text::distance;

pub(super) fn date(left: &Row, right: &Row) -> u8 {
    if left.own(slot::BIRTH) == 0 || right.own(slot::BIRTH) == 0 {
        return MISSING;
    }
    let (one, other) = (BirthDate(left.birth), BirthDate(right.birth));
    if one.day() == 0 || other.day() == 0 {
        return if one.year() == other.year() { b::YEAR } else { b::OTHER_YEAR };
    }
    if one == other {
        return b::SAME;
    }
    let same_year = one.year() == other.year();
    if same_year && one.day() == other.month() && one.month() == other.day() {
        return b::SWAPPED;
    }
    // A date apart in seven places has no two parts in common, and no slip explains it.
    let parts = u8::from(same_year)
        + u8::from(one.month() == other.month())
        + u8::from(one.day() == other.day());
    let (left, right) = (one.digits(), other.digits());
    let apart = left.iter().zip(&right).filter(|(l, r)| l != r).count();
    if apart == 1 || apart == 2 && distance(&left, &right) == 1 {
        return b::SLIP;
    }
    match (parts, same_year) {
        (2, _) => b::TWO_PARTS,
        (_, true) => b::SAME_YEAR,
        (_, false) => b::DIFFERENT,
    }
}

/// Ages say what dates of birth do not: where those agree they are nothing new.
pub(super) fn age(left: &Row, right: &Row, dates: u8) -> u8 {
    let years = BirthDate(left.birth).year().abs_diff(BirthDate(right.birth).year());
    if left.age == 0 || right.age == 0 || dates != MISSING && years <= 1 {
        return MISSING;
    }
    let apart = left.age.abs_diff(right.age);
    if dates != MISSING {
        return if apart <= 1 { a::FITS } else { a::NOR };
    }
    match apart {
        0 => a::SAME,
        1 => a::NEXT,
        2..=5 => a::NEAR,
        _ => a::DIFFERENT,
    }
}
