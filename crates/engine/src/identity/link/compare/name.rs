//! Names: nicknames, slips, sounds, initials, parts, and names in each other's place.

use super::super::level::{MISSING, further as f, given as n};
use super::super::lexicon::{
    Lexicon, PARTED, ValueId, apart, may_be_alike, may_read_the_same, short,
};
use super::super::row::{Row, slot};
use super::super::text::{distance, most_similar, similarity};

/// From this similarity on two names are alike.
pub(in super::super) const ALIKE: f32 = 0.88;

/// So many slips a text of a length may have.
pub(in super::super) fn slips_allowed(length: usize) -> u32 {
    match length {
        0..=2 => 0,
        3..=7 => 1,
        _ => 2,
    }
}

pub(super) fn given(left: &Row, right: &Row, lexicon: &Lexicon) -> u8 {
    let (one, other) = (left.own(slot::GIVEN), right.own(slot::GIVEN));
    if one == 0 || other == 0 {
        return MISSING;
    }
    if one == other {
        return n::SAME;
    }
    let straight = if unlike(left, right, slot::GIVEN) {
        n::DIFFERENT
    } else if may_be_initial(left, slot::GIVEN) || may_be_initial(right, slot::GIVEN) {
        given_names(one, other, lexicon)
    } else {
        whole_given_names(one, other, lexicon)
    };
    if straight == n::DIFFERENT
        && (may_stand(left, slot::GIVEN, right, slot::SURNAME)
            && found(one, right, Some(slot::SURNAME), lexicon)
            || may_stand(right, slot::GIVEN, left, slot::SURNAME)
                && found(other, left, Some(slot::SURNAME), lexicon))
    {
        return n::ELSEWHERE;
    }
    straight
}

/// Whether two names surely have nothing to do with each other, as far as their sketches tell. What may be
/// an initial tells too little.
fn unlike(left: &Row, right: &Row, at: usize) -> bool {
    !left.may_be_alike(right, at) && !may_be_initial(left, at) && !may_be_initial(right, at)
}

/// Whether a name may be an initial: whatever holds two letters is none.
fn may_be_initial(row: &Row, at: usize) -> bool {
    let letters = row.sketch(at) & !PARTED;
    letters & letters.wrapping_sub(1) == 0
}

/// Whether a name in a place of one row may stand in that place of the other, or among its further names.
fn may_stand(row: &Row, at: usize, other: &Row, place: usize) -> bool {
    other.ids[slot::FURTHER] != 0 || may_read_the_same(row.sketch(at), other.sketch(place))
}

fn given_names(one: ValueId, other: ValueId, lexicon: &Lexicon) -> u8 {
    if let Some(level) = initials(one, other, lexicon) {
        return level;
    }
    whole_given_names(one, other, lexicon)
}

fn whole_given_names(one: ValueId, other: ValueId, lexicon: &Lexicon) -> u8 {
    let (left, right) = (lexicon.nicknames(one), lexicon.nicknames(other));
    let related = left.iter().any(|family| *family != 0 && right.contains(family));
    if related {
        return n::NICKNAME;
    }
    match likeness(one, other, lexicon) {
        Likeness::Slip => n::SLIP,
        Likeness::Part => n::NICKNAME,
        Likeness::Alike => n::ALIKE,
        Likeness::None => n::DIFFERENT,
    }
}

/// Surnames share the numbers of levels, but "part of the surname" stands in the nickname's place.
pub(super) fn surname(left: &Row, right: &Row, lexicon: &Lexicon) -> u8 {
    let (one, other) = (left.own(slot::SURNAME), right.own(slot::SURNAME));
    if one == 0 || other == 0 {
        // A surname that was typed where the given name belongs.
        let crossed = (one != 0 && alone_in_given(one, right, lexicon))
            || (other != 0 && alone_in_given(other, left, lexicon));
        return if crossed { n::ELSEWHERE } else { MISSING };
    }
    if one == other {
        return n::SAME;
    }
    let straight = if unlike(left, right, slot::SURNAME) {
        n::DIFFERENT
    } else if (may_be_initial(left, slot::SURNAME) || may_be_initial(right, slot::SURNAME))
        && let Some(level) = initials(one, other, lexicon)
    {
        return level;
    } else {
        match likeness(one, other, lexicon) {
            Likeness::Slip => return n::SLIP,
            Likeness::Part => return n::NICKNAME,
            Likeness::Alike => n::ALIKE,
            Likeness::None => n::DIFFERENT,
        }
    };
    let further = found(one, right, None, lexicon) || found(other, left, None, lexicon);
    if further || swapped(one, other, left, right, lexicon) { n::ELSEWHERE } else { straight }
}

/// Whether surnames stand in the given names' place. "James Kent" and "Richard James" agree in one
/// word only, and the given names have counted it already.
fn swapped(one: ValueId, other: ValueId, left: &Row, right: &Row, lexicon: &Lexicon) -> bool {
    let stands = |surname: ValueId, given: ValueId| {
        given != 0 && (surname == given || same_text(surname, given, lexicon))
    };
    match (left.own(slot::GIVEN), right.own(slot::GIVEN)) {
        (0, given) => stands(one, given),
        (given, 0) => stands(other, given),
        (given, other_given) => {
            may_read_the_same(left.sketch(slot::SURNAME), right.sketch(slot::GIVEN))
                && may_read_the_same(right.sketch(slot::SURNAME), left.sketch(slot::GIVEN))
                && stands(one, other_given)
                && stands(other, given)
        }
    }
}

pub(super) fn further(left: &Row, right: &Row, lexicon: &Lexicon) -> u8 {
    let names = |row: &Row| {
        [row.ids[slot::FURTHER], row.ids[slot::FURTHER + 1], row.ids[slot::FURTHER + 2]]
    };
    let (one, other) = (names(left), names(right));
    if one[0] == 0 || other[0] == 0 {
        return MISSING;
    }
    let mut level = f::DIFFERENT;
    for left in one.into_iter().filter(|id| *id != 0) {
        for right in other.into_iter().filter(|id| *id != 0) {
            let same =
                left == right || matches!(given_names(left, right, lexicon), n::NICKNAME | n::SLIP);
            if same {
                return f::SAME;
            }
            if lexicon.text(left)[0] == lexicon.text(right)[0]
                && (lexicon.text(left).len() == 1 || lexicon.text(right).len() == 1)
            {
                level = f::INITIAL;
            }
        }
    }
    level
}

/// Whether a name of one record stands among the other's further names, or in one more place.
fn found(name: ValueId, in_row: &Row, more: Option<usize>, lexicon: &Lexicon) -> bool {
    let further = [slot::FURTHER, slot::FURTHER + 1, slot::FURTHER + 2];
    more.into_iter().chain(further).any(|at| {
        let id = in_row.own(at);
        id != 0 && (id == name || same_text(name, id, lexicon))
    })
}

fn alone_in_given(surname: ValueId, row: &Row, lexicon: &Lexicon) -> bool {
    let given = row.own(slot::GIVEN);
    given != 0 && row.own(slot::SURNAME) == 0 && same_text(surname, given, lexicon)
}

/// Whether two values read the same, whatever they are; a slip is allowed in longer ones.
fn same_text(one: ValueId, other: ValueId, lexicon: &Lexicon) -> bool {
    let (left, right) = (lexicon.value(one), lexicon.value(other));
    if left.hash == right.hash
        || lexicon.parts(one).contains(&short(right.hash))
        || lexicon.parts(other).contains(&short(left.hash))
    {
        return true;
    }
    if !may_read_the_same(left.sketch, right.sketch) {
        return false;
    }
    let (left, right) = (lexicon.text(one), lexicon.text(other));
    left.len().min(right.len()) >= 5
        && left.len().abs_diff(right.len()) <= 1
        && distance(left, right) <= 1
}

/// What an initial says of a whole name; none if neither is an initial.
fn initials(one: ValueId, other: ValueId, lexicon: &Lexicon) -> Option<u8> {
    let (left, right) = (lexicon.text(one), lexicon.text(other));
    if left.len() > 1 && right.len() > 1 {
        return None;
    }
    Some(if left.first() == right.first() { n::INITIAL } else { n::OTHER_INITIAL })
}

pub(in super::super) enum Likeness {
    Slip,
    Part,
    Alike,
    None,
}

/// How alike two different texts are.
pub(in super::super) fn likeness(one: ValueId, other: ValueId, lexicon: &Lexicon) -> Likeness {
    let sketches = (lexicon.value(one).sketch, lexicon.value(other).sketch);
    if !may_be_alike(sketches.0, sketches.1) {
        return Likeness::None;
    }
    let only = apart(sketches.0, sketches.1);
    let (left, right) = (lexicon.text(one), lexicon.text(other));
    let (shorter, longer) = if left.len() <= right.len() { (left, right) } else { (right, left) };
    let allowed = slips_allowed(shorter.len());
    if longer.len() - shorter.len() <= 2
        && only.0.max(only.1) <= allowed
        && distance(left, right) <= allowed
    {
        return Likeness::Slip;
    }
    if (sketches.0 | sketches.1) & PARTED != 0 && lexicon.share_part(one, other) {
        return Likeness::Part;
    }
    if shorter.len() >= 3
        && shorter.len() < longer.len()
        && (longer.starts_with(shorter) || longer.ends_with(shorter))
    {
        return Likeness::Part;
    }
    let similar = || most_similar(left, right, only) >= ALIKE && similarity(left, right) >= ALIKE;
    if lexicon.sound_alike(one, other) || similar() { Likeness::Alike } else { Likeness::None }
}
