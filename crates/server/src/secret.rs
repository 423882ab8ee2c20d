//! Secrets: keys for machines, passwords for people. Only their hashes are kept.

use ring::digest::{SHA256, digest};
use ring::rand::{SecureRandom, SystemRandom};
use std::num::NonZeroU32;

/// Rounds of PBKDF2-HMAC-SHA256, as OWASP advises since 2023.
const ROUNDS: NonZeroU32 = NonZeroU32::new(600_000).unwrap();
const SALT_BYTES: usize = 16;
/// Rounds of PBKDF2-HMAC-SHA256 for codes on a till's list: of 100,000 codes with 60 random bits one
/// is found after 10^13 tries, some days of a fast machine, and a list takes seconds to make.
pub const CODE_ROUNDS: NonZeroU32 = NonZeroU32::new(200).unwrap();

/// `bytes` random bytes as hexadecimal digits.
///
/// # Panics
/// If the system has no randomness to give: then nothing that needs a secret may go on.
#[must_use]
pub fn random_hex(bytes: usize) -> String {
    let mut random = vec![0; bytes];
    SystemRandom::new().fill(&mut random).expect("the system gives random bytes");
    hex(&random)
}

/// 128 random bits, to make codes of.
///
/// # Panics
/// As [`random_hex`] does.
#[must_use]
pub fn random_bits() -> u128 {
    let mut random = [0; 16];
    SystemRandom::new().fill(&mut random).expect("the system gives random bytes");
    u128::from_le_bytes(random)
}

/// A new key that says what it is for: `wk_...`, `rk_...`; 160 random bits.
#[must_use]
pub fn new_key(prefix: &str) -> String {
    format!("{prefix}_{}", random_hex(20))
}

/// The hash under which a key is kept. Keys are random, so one round is enough.
#[must_use]
pub fn key_hash(key: &str) -> String {
    hex(digest(&SHA256, key.as_bytes()).as_ref())
}

/// The text under which a password is kept: salt and hash. Costs a large part of a second, on purpose.
#[must_use]
pub fn password_hash(password: &str) -> String {
    let salt = random_hex(SALT_BYTES);
    format!("{salt}${}", hex(&derived(password, &salt)))
}

/// Whether `password` is the one that was kept as `kept`.
#[must_use]
pub fn password_matches(password: &str, kept: &str) -> bool {
    let Some((salt, hash)) = kept.split_once('$') else { return false };
    let Some(hash) = unhex(hash) else { return false };
    ring::pbkdf2::verify(
        ring::pbkdf2::PBKDF2_HMAC_SHA256,
        ROUNDS,
        salt.as_bytes(),
        password.as_bytes(),
        &hash,
    )
    .is_ok()
}

/// The hash of a code on a till's list: 16 bytes as hexadecimal digits. `salt` is taken as text.
#[must_use]
pub fn code_hash(salt: &str, code: &str) -> String {
    let mut hash = [0; 16];
    let algorithm = ring::pbkdf2::PBKDF2_HMAC_SHA256;
    ring::pbkdf2::derive(algorithm, CODE_ROUNDS, salt.as_bytes(), code.as_bytes(), &mut hash);
    hex(&hash)
}

fn derived(password: &str, salt: &str) -> [u8; 32] {
    let mut hash = [0; 32];
    let algorithm = ring::pbkdf2::PBKDF2_HMAC_SHA256;
    ring::pbkdf2::derive(algorithm, ROUNDS, salt.as_bytes(), password.as_bytes(), &mut hash);
    hash
}

/// Bytes as hexadecimal digits.
pub(crate) fn hex(bytes: &[u8]) -> String {
    use std::fmt::Write;
    bytes.iter().fold(String::with_capacity(bytes.len() * 2), |mut text, byte| {
        write!(text, "{byte:02x}").expect("text takes what is written");
        text
    })
}

/// The bytes of hexadecimal digits.
pub(crate) fn unhex(text: &str) -> Option<Vec<u8>> {
    let pair = |at: usize| u8::from_str_radix(text.get(at..at + 2)?, 16).ok();
    text.len().is_multiple_of(2).then(|| (0..text.len()).step_by(2).map(pair).collect()).flatten()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_password_is_recognised_and_another_is_not() {
        let kept = password_hash("correct horse");
        assert!(password_matches("correct horse", &kept));
        assert!(!password_matches("correct hors", &kept));
        assert!(!password_matches("correct horse", "nonsense"));
    }

    #[test]
    fn keys_differ() {
        assert_ne!(new_key("wk"), new_key("wk"));
        assert_eq!(key_hash("a").len(), 64);
    }
}
