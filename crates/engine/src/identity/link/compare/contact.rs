//! E-mail addresses, telephone numbers, and numbers that one person has.

use super::super::level::{MISSING, email as e, phone as p, unique as u};
use super::super::lexicon::{Lexicon, may_be_slips};
use super::super::row::{Row, slot};
use super::super::text::distance;
use super::both;

pub(super) fn email(left: &Row, right: &Row, lexicon: &Lexicon) -> u8 {
    let Some((one, other)) = both(left, right, slot::EMAIL) else { return MISSING };
    if one == other {
        return e::SAME;
    }
    let same_local = lexicon.value(one).sound == lexicon.value(other).sound;
    let (left, right) = (lexicon.text(one), lexicon.text(other));
    if left.len().abs_diff(right.len()) > 2 && !same_local {
        return e::DIFFERENT;
    }
    let (local, domain) = apart(left);
    let (other_local, other_domain) = apart(right);
    let domains = distance(domain, other_domain);
    if same_local {
        return if domains <= 2 { e::SLIP } else { e::LOCAL };
    }
    if domains > 2 {
        return e::DIFFERENT;
    }
    let steps = distance(local, other_local);
    let length = local.len().min(other_local.len());
    // Numbers tell namesakes apart: a digit more or less is another address, not a slip.
    let slip = steps <= 1 && length >= 5 && digits(local).eq(digits(other_local));
    match (slip, steps) {
        (true, _) => e::SLIP,
        (false, ..=2) if length >= 6 => e::LIKE,
        (false, _) => e::DIFFERENT,
    }
}

fn digits(text: &[u8]) -> impl Iterator<Item = u8> {
    text.iter().copied().filter(u8::is_ascii_digit)
}

fn apart(address: &[u8]) -> (&[u8], &[u8]) {
    let at = address.iter().position(|byte| *byte == b'@').unwrap_or(address.len());
    (&address[..at], &address[at..])
}

pub(super) fn phone(left: &Row, right: &Row, lexicon: &Lexicon) -> u8 {
    let Some((one, other)) = both(left, right, slot::PHONE) else { return MISSING };
    if one == other {
        return p::SAME;
    }
    if !left.may_be_alike(right, slot::PHONE) {
        return p::DIFFERENT;
    }
    let (left, right) = (lexicon.text(one), lexicon.text(other));
    let (shorter, longer) = if left.len() <= right.len() { (left, right) } else { (right, left) };
    if shorter.len() >= 7 && shorter.len() < longer.len() && longer.ends_with(shorter) {
        return p::ENDING;
    }
    let slip = longer.len() - shorter.len() <= 1 && distance(left, right) == 1;
    if slip { p::SLIP } else { p::DIFFERENT }
}

pub(super) fn unique(left: &Row, right: &Row, at: usize, lexicon: &Lexicon) -> u8 {
    let Some((one, other)) = both(left, right, at) else { return MISSING };
    if one == other {
        return u::SAME;
    }
    if !left.may_be_alike(right, at)
        || at != slot::UNIQUE
            && !may_be_slips(lexicon.value(one).sketch, lexicon.value(other).sketch)
    {
        return u::DIFFERENT;
    }
    let (left, right) = (lexicon.text(one), lexicon.text(other));
    let length = left.len().min(right.len());
    if left.len().abs_diff(right.len()) > 2 || length < 5 {
        return u::DIFFERENT;
    }
    match distance(left, right) {
        0 | 1 => u::SLIP,
        2 if length >= 6 => u::SLIPS,
        _ => u::DIFFERENT,
    }
}
