//! Opaque tokens of messages on the site: they say which message a browser was given, when, and as
//! whom, and nobody can make one up.

use std::hash::Hasher;

use regulars_engine::identity::{IdentifierKey, KeySalt};
use regulars_engine::time::Timestamp;
use siphasher::sip128::{Hasher128, SipHasher13};

use crate::live::mark;

/// What a token is for: no other token is one of these.
const SHOWING: &str = "site";

/// A token as it was read: made by this installation, for the visitor that it was read with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Token {
    /// The place of a message: see [`place`].
    pub place: u64,
    /// When it was given out.
    pub at: Timestamp,
}

impl Token {
    /// Its text: letters, digits, a dot and a dash. It names nobody and no journey.
    #[must_use]
    pub fn text(self, visitor: IdentifierKey, salt: KeySalt) -> String {
        format!("{:x}.{:x}-{:032x}", self.place, self.at.0, self.mark(visitor, salt))
    }

    /// Reads a token back; `None` unless this installation made it for this visitor.
    #[must_use]
    pub fn parse(text: &str, visitor: IdentifierKey, salt: KeySalt) -> Option<Self> {
        let (said, marked) = text.split_once('-')?;
        let (place, at) = said.split_once('.')?;
        let at = Timestamp(i64::from_str_radix(at, 16).ok()?);
        let token = Self { place: u64::from_str_radix(place, 16).ok()?, at };
        let given = u128::from_str_radix(marked, 16).ok()?;
        // One comparison of whole numbers: nothing to learn from its time.
        (marked.len() == 32 && given == token.mark(visitor, salt)).then_some(token)
    }

    fn mark(self, visitor: IdentifierKey, salt: KeySalt) -> u128 {
        mark(salt, &format!("{SHOWING}-{:x}-{:x}-", self.place, self.at.0), visitor.0)
    }
}

/// The number of a step that shows something: a keyed hash of the names of journey and step.
#[must_use]
pub(super) fn place((journey, step): (&str, &str), salt: KeySalt) -> u64 {
    let mut hasher = SipHasher13::new_with_keys(salt.0, salt.1);
    for name in [SHOWING, journey, step] {
        hasher.write_usize(name.len());
        hasher.write(name.as_bytes());
    }
    hasher.finish128().h1
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_is_good_for_its_visitor_alone() {
        let (salt, ana) = (KeySalt(3, 4), IdentifierKey(7));
        let token = Token { place: place(("cart", "hello"), salt), at: Timestamp(1_000) };
        let text = token.text(ana, salt);
        assert_eq!(Token::parse(&text, ana, salt), Some(token));
        assert_eq!(Token::parse(&text, IdentifierKey(8), salt), None);
        assert_eq!(Token::parse(&text, ana, KeySalt(3, 5)), None);
        assert_eq!(Token::parse(&text.replacen(".3e8-", ".3e9-", 1), ana, salt), None);
        assert!(!text.contains("cart"));
        assert_ne!(place(("cart", "hello"), salt), place(("car", "thello"), salt));
    }
}
