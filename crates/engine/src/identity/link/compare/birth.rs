//! Dates of birth: swapped day and month, slips, the year alone.

use super::super::birth::BirthDate;
use super::super::level::{MISSING, age as a, birth as b};
use super::super::row::{Row, slot};

pub(in super::super) fn date(left: &Row, right: &Row) -> u8 {
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
    if one_slip(left.birth_digits, right.birth_digits) {
        return b::SLIP;
    }
    match (parts, same_year) {
        (2, _) => b::TWO_PARTS,
        (_, true) => b::SAME_YEAR,
        (_, false) => b::DIFFERENT,
    }
}

/// Whether two numbers that are not the same differ in one digit, or in two neighbours that are swapped;
/// digits have four bits each.
pub(super) fn one_slip(left: u32, right: u32) -> bool {
    let differ = left ^ right;
    let places = (differ | differ >> 1 | differ >> 2 | differ >> 3) & 0x1111_1111;
    let first = places.trailing_zeros();
    let two = |digits: u32| (digits >> first & 15, digits >> first >> 4 & 15);
    let ((low, high), (other_low, other_high)) = (two(left), two(right));
    places.count_ones() == 1
        || places.count_ones() == 2
            && places >> first == 0x11
            && low == other_high
            && high == other_low
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
