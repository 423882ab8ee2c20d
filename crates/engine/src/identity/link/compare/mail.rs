//! Names in e-mail addresses: where one record lacks a name, its address may tell it.

use super::super::level::{MISSING, mail as m};
use super::super::lexicon::Lexicon;
use super::super::row::{Row, slot};

/// Asks only where a given name is missing on one side, so that nothing counts twice; where both
/// directions could be asked there is no name to ask about.
pub(super) fn given(left: &Row, right: &Row, lexicon: &Lexicon) -> u8 {
    let Some((nameless, named)) = one_sided(left, right, slot::GIVEN) else { return MISSING };
    let local = local(nameless, lexicon);
    let name = lexicon.text(named.own(slot::GIVEN));
    if local.len() < 4 || name.len() < 2 {
        return MISSING;
    }
    if name.len() >= 3 && holds(local, name) {
        return m::WHOLE;
    }
    let surname =
        [named.own(slot::SURNAME), nameless.own(slot::SURNAME)].into_iter().find(|id| *id != 0);
    let initial = surname.is_some_and(|id| {
        let surname = lexicon.text(id);
        let surname = &surname[..surname.len().min(6)];
        surname.len() >= 3
            && local[0] == name[0]
            && local[1..].strip_prefix(b".").unwrap_or(&local[1..]).starts_with(surname)
    });
    if initial { m::INITIAL } else { m::NOT }
}

pub(super) fn surname(left: &Row, right: &Row, lexicon: &Lexicon) -> u8 {
    let Some((nameless, named)) = one_sided(left, right, slot::SURNAME) else { return MISSING };
    let local = local(nameless, lexicon);
    let name = lexicon.text(named.own(slot::SURNAME));
    if local.len() < 4 || name.len() < 4 {
        return MISSING;
    }
    u8::from(!holds(local, name))
}

/// The row that has an e-mail address and lacks a name, and the row that has the name.
fn one_sided<'a>(left: &'a Row, right: &'a Row, at: usize) -> Option<(&'a Row, &'a Row)> {
    let (nameless, named) = match (left.own(at), right.own(at)) {
        (0, 1..) => (left, right),
        (1.., 0) => (right, left),
        _ => return None,
    };
    (nameless.own(slot::EMAIL) != 0).then_some((nameless, named))
}

fn local<'a>(row: &Row, lexicon: &'a Lexicon) -> &'a [u8] {
    let address = lexicon.text(row.own(slot::EMAIL));
    let at = address.iter().position(|byte| *byte == b'@').unwrap_or(address.len());
    &address[..at]
}

fn holds(text: &[u8], part: &[u8]) -> bool {
    text.windows(part.len()).any(|window| window == part)
}
