//! Codes as people read and type them: 60 random bits in an alphabet without look-alikes, and a
//! character that tells a slip of the finger.

use std::hash::Hasher;

use siphasher::sip::SipHasher13;
use siphasher::sip128::{Hasher128, SipHasher13 as SipHasher128};

use crate::identity::KeySalt;

/// Crockford's base 32: no I, L, O, U.
const SIGNS: &[u8; 32] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";
/// Five bits each.
const RANDOM_SIGNS: usize = 12;
/// x^5 + x^2 + 1, which is primitive over GF(2).
const POLYNOMIAL: u8 = 0b10_0101;

/// The keyed hash by which a code is found. Holds no trace of the code.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct CodeKey(pub u64);

impl CodeKey {
    /// The shortest code of a pool, without hyphens: a shorter one is soon guessed.
    pub const LENGTH_MIN: usize = 8;
    /// The longest.
    pub const LENGTH_MAX: usize = 40;

    /// The key of a code as somebody typed it: case, blanks, hyphens and look-alikes do not count.
    /// `None` if no code looks like that.
    #[must_use]
    pub fn of(salt: KeySalt, text: &str) -> Option<Self> {
        let mut hasher = SipHasher13::new_with_keys(salt.0, salt.1);
        hasher.write(b"offer code");
        hasher.write(folded(text)?.as_bytes());
        Some(Self(hasher.finish()))
    }
}

/// A code without what does not count: capitals and digits, look-alikes as the digits they are taken
/// for; `None` if it holds anything else, or is too short or too long.
#[must_use]
pub fn folded(text: &str) -> Option<String> {
    let mut signs = String::with_capacity(16);
    for sign in text.chars().filter(|sign| !sign.is_whitespace() && *sign != '-') {
        match sign.to_ascii_uppercase() {
            'O' => signs.push('0'),
            'I' | 'L' => signs.push('1'),
            sign if sign.is_ascii_alphanumeric() => signs.push(sign),
            _ => return None,
        }
        if signs.len() > CodeKey::LENGTH_MAX {
            return None;
        }
    }
    (signs.len() >= CodeKey::LENGTH_MIN).then_some(signs)
}

/// The code of a message, of the random bits that the batch was given. 60 bits of a keyed hash:
/// whoever does not know `random` can only guess.
#[must_use]
pub fn generated(random: u128, message: u64) -> String {
    let low = u64::try_from(random & u128::from(u64::MAX)).expect("64 bits fit");
    let high = u64::try_from(random >> 64).expect("64 bits fit");
    let mut hasher = SipHasher128::new_with_keys(low, high);
    hasher.write_u64(message);
    printed(hasher.finish128().as_u128())
}

/// The code of 60 bits: `7Q4X-K2MB-9TZ3H`, the last sign of which checks the others.
#[must_use]
pub fn printed(bits: u128) -> String {
    let digit = |place: usize| u8::try_from((bits >> (5 * place)) & 31).expect("five bits fit");
    let digits: Vec<u8> = (0..RANDOM_SIGNS).map(digit).collect();
    let check = check(&digits);
    let mut code = String::with_capacity(RANDOM_SIGNS + 3);
    for (place, digit) in digits.into_iter().chain([check]).enumerate() {
        if place == 4 || place == 8 {
            code.push('-');
        }
        code.push(char::from(SIGNS[usize::from(digit)]));
    }
    code
}

/// The digit that makes the sum of all digits, each times its own power of a primitive element of
/// GF(32), nothing: a Reed-Solomon code with one check symbol. It tells every single wrong sign and
/// every two signs that were swapped.
fn check(digits: &[u8]) -> u8 {
    digits.iter().rev().fold(0, |sum, digit| doubled(sum ^ digit))
}

/// Times x in GF(32).
fn doubled(element: u8) -> u8 {
    let shifted = element << 1;
    if shifted & 32 == 0 { shifted } else { shifted ^ POLYNOMIAL }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SALT: KeySalt = KeySalt(3, 4);

    /// Whether the last sign fits the others.
    fn fits(code: &str) -> bool {
        let of = |sign: u8| SIGNS.iter().position(|known| *known == sign);
        let digits: Vec<u8> = code
            .bytes()
            .filter(|sign| *sign != b'-')
            .map(|sign| u8::try_from(of(sign).unwrap()).unwrap())
            .collect();
        let (last, others) = digits.split_last().unwrap();
        check(others) == *last
    }

    #[test]
    fn codes_differ_and_have_no_look_alikes() {
        let codes: std::collections::BTreeSet<String> =
            (0..1000).map(|message| generated(7, message)).collect();
        assert_eq!(codes.len(), 1000);
        assert!(codes.iter().all(|code| !code.contains(['I', 'L', 'O', 'U']) && fits(code)));
        assert_ne!(generated(7, 1), generated(8, 1), "another batch, another code");
    }

    #[test]
    fn every_wrong_sign_and_every_swap_is_told() {
        let code = generated(7, 1).replace('-', "");
        for place in 0..code.len() {
            for sign in SIGNS {
                let mut other = code.clone().into_bytes();
                let right = other[place] == *sign;
                other[place] = *sign;
                assert_eq!(fits(&String::from_utf8(other).unwrap()), right);
            }
            for other in 0..place {
                let mut swapped = code.clone().into_bytes();
                swapped.swap(place, other);
                let swapped = String::from_utf8(swapped).unwrap();
                assert_eq!(fits(&swapped), swapped == code);
            }
        }
    }

    #[test]
    fn a_code_is_found_however_it_is_typed() {
        let key = |text| CodeKey::of(SALT, text);
        assert_eq!(key("7Q4X-K2MB-90Z31"), key(" 7q4xk2mb 9oz3l "));
        assert_ne!(key("7Q4X-K2MB-90Z31"), key("7Q4X-K2MB-90Z32"));
        assert_ne!(key("7Q4XK2MB"), CodeKey::of(KeySalt(3, 5), "7Q4XK2MB"));
        assert_eq!(key("SALE10"), None, "soon guessed");
        assert_eq!(key("7Q4X%K2MB"), None);
        assert_eq!(key(&"A".repeat(41)), None);
    }
}
