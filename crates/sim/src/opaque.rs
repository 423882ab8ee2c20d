//! Opaque ids that only the truth can read: a keyed permutation of (person, day, number).
//!
//! The true person of an event is read from its message id alone, so that no table of millions of
//! ids has to be kept; the program under test sees random text.

use crate::rng::{Purpose, draw, mix};

/// (person, day, number) packed into one number.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub(crate) struct Key(pub(crate) u64);

impl Key {
    pub(crate) const NUMBER_MAX: u32 = (1 << 20) - 1;
    pub(crate) const DAYS_MAX: u32 = 1 << 12;

    pub(crate) fn new(person: u32, day: u32, number: u32) -> Self {
        debug_assert!(day < Self::DAYS_MAX && number <= Self::NUMBER_MAX);
        Self(u64::from(person) << 32 | u64::from(day) << 20 | u64::from(number))
    }

    pub(crate) fn person(self) -> u32 {
        (self.0 >> 32) as u32
    }

    pub(crate) fn day(self) -> u32 {
        ((self.0 >> 20) & 0xfff) as u32
    }
}

/// The kinds of id; one key makes a different text in each.
#[derive(Clone, Copy)]
pub(crate) enum Kind {
    Message,
    Cart,
    Order,
}

/// Writes the 32 hexadecimal digits of `key`: 16 permuted, 16 to check them by.
pub(crate) fn write(seed: u64, kind: Kind, key: Key, out: &mut Vec<u8>) {
    let cipher = permute(seed, kind, key.0);
    match kind {
        Kind::Message => uuid(cipher, check(seed, kind, key.0), out),
        Kind::Cart | Kind::Order => {
            hex(cipher, 16, out);
            hex(check(seed, kind, key.0) >> 48, 4, out);
        }
    }
}

/// Reads what [`write`] wrote; `None` for any other text.
pub(crate) fn read(seed: u64, kind: Kind, text: &str) -> Option<Key> {
    let digits: String = text.chars().filter(|c| *c != '-').collect();
    if !digits.is_ascii() || digits.len() < 20 {
        return None;
    }
    let cipher = u64::from_str_radix(&digits[..16], 16).ok()?;
    let key = Key(restore(seed, kind, cipher));
    let mut again = Vec::with_capacity(36);
    write(seed, kind, key, &mut again);
    (again == text.as_bytes()).then_some(key)
}

/// Writes two numbers as 8-4-4-4-12 hexadecimal digits.
pub(crate) fn uuid(high: u64, low: u64, out: &mut Vec<u8>) {
    hex(high >> 32, 8, out);
    out.push(b'-');
    hex(high >> 16 & 0xffff, 4, out);
    out.push(b'-');
    hex(high & 0xffff, 4, out);
    out.push(b'-');
    hex(low >> 48, 4, out);
    out.push(b'-');
    hex(low & 0xffff_ffff_ffff, 12, out);
}

/// Writes the lowest `digits` hexadecimal digits of `number`.
pub(crate) fn hex(number: u64, digits: u32, out: &mut Vec<u8>) {
    for place in (0..digits).rev() {
        out.push(b"0123456789abcdef"[(number >> (4 * place) & 15) as usize]);
    }
}

fn check(seed: u64, kind: Kind, key: u64) -> u64 {
    draw(seed, Purpose::Check, key, kind as u64)
}

const ROUNDS: u64 = 4;

fn round_key(seed: u64, kind: Kind, round: u64) -> u64 {
    draw(seed, Purpose::Opaque, kind as u64, round)
}

/// A Feistel network over two halves of 32 bits: a bijection for every seed and kind.
fn permute(seed: u64, kind: Kind, plain: u64) -> u64 {
    let (mut left, mut right) = (plain >> 32, plain & 0xffff_ffff);
    for round in 0..ROUNDS {
        (left, right) = (right, left ^ (mix(right ^ round_key(seed, kind, round)) >> 32));
    }
    left << 32 | right
}

fn restore(seed: u64, kind: Kind, cipher: u64) -> u64 {
    let (mut left, mut right) = (cipher >> 32, cipher & 0xffff_ffff);
    for round in (0..ROUNDS).rev() {
        (left, right) = (right ^ (mix(left ^ round_key(seed, kind, round)) >> 32), left);
    }
    left << 32 | right
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_id_is_read_back_only_by_its_own_seed_and_kind() {
        for number in 0..1000 {
            let key = Key::new(number * 977, number % 4096, number);
            let mut text = Vec::new();
            write(7, Kind::Message, key, &mut text);
            let text = String::from_utf8(text).unwrap();
            assert_eq!(text.len(), 36);
            assert_eq!(read(7, Kind::Message, &text), Some(key));
            assert_eq!(read(8, Kind::Message, &text), None);
            assert_eq!(read(7, Kind::Cart, &text), None);
        }
        assert_eq!(read(7, Kind::Message, "ñandú"), None);
    }
}
