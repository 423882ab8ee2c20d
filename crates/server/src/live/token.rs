//! Opaque tokens: they say which message a link belongs to, and nobody can make one up.

use std::hash::Hasher;

use regulars_engine::identity::KeySalt;
use siphasher::sip128::{Hasher128, SipHasher13};

/// What a token is for.
const STOPPING: &str = "unsubscribe";
const CONFIRMING: &str = "confirm";
const CLOSING: &str = "close";

/// A message's token: its id with a keyed mark of 128 bits. Holds no identifier.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Token {
    /// The message.
    pub message: u64,
}

impl Token {
    /// The token's text for an address: letters and digits alone.
    #[must_use]
    pub fn text(self, salt: KeySalt) -> String {
        self.written(STOPPING, salt)
    }

    /// Reads a token back; `None` unless this installation made it.
    #[must_use]
    pub fn parse(text: &str, salt: KeySalt) -> Option<Self> {
        Self::read(text, STOPPING, salt)
    }

    /// The text of the token that confirms a yes. It is another one, since the token that stops
    /// messages stands in a header that programs look at.
    #[must_use]
    pub fn confirming_text(self, salt: KeySalt) -> String {
        self.written(CONFIRMING, salt)
    }

    /// Reads such a token back; `None` unless this installation made it.
    #[must_use]
    pub fn parse_confirming(text: &str, salt: KeySalt) -> Option<Self> {
        Self::read(text, CONFIRMING, salt)
    }

    /// The text of the token by which a browser tells that a push message was closed: it does nothing
    /// else.
    #[must_use]
    pub fn closing_text(self, salt: KeySalt) -> String {
        self.written(CLOSING, salt)
    }

    /// Reads such a token back; `None` unless this installation made it.
    #[must_use]
    pub fn parse_closing(text: &str, salt: KeySalt) -> Option<Self> {
        Self::read(text, CLOSING, salt)
    }

    fn written(self, use_of: &str, salt: KeySalt) -> String {
        format!("{:x}-{:032x}", self.message, mark(salt, use_of, self.message))
    }

    fn read(text: &str, use_of: &str, salt: KeySalt) -> Option<Self> {
        let (message, marked) = text.split_once('-')?;
        let token = Self { message: u64::from_str_radix(message, 16).ok()? };
        let given = u128::from_str_radix(marked, 16).ok()?;
        // One comparison of whole numbers: nothing to learn from its time.
        (marked.len() == 32 && given == mark(salt, use_of, token.message)).then_some(token)
    }
}

/// What the token of a link is for.
const FOLLOWING: &str = "link";

/// A link of a message: the message's id and the link's number with a keyed mark of 128 bits. Holds no
/// identifier.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LinkToken {
    /// The message.
    pub message: u64,
    /// Which of its links, from 0.
    pub number: u32,
}

impl LinkToken {
    /// The token's text for an address: letters, digits and hyphens alone.
    #[must_use]
    pub fn text(self, salt: KeySalt) -> String {
        format!("{:x}-{:x}-{:032x}", self.message, self.number, self.mark(salt))
    }

    /// Reads a token back; `None` unless this installation made it.
    #[must_use]
    pub fn parse(text: &str, salt: KeySalt) -> Option<Self> {
        let mut parts = text.splitn(3, '-');
        let message = u64::from_str_radix(parts.next()?, 16).ok()?;
        let number = u32::from_str_radix(parts.next()?, 16).ok()?;
        let (token, marked) = (Self { message, number }, parts.next()?);
        let given = u128::from_str_radix(marked, 16).ok()?;
        (marked.len() == 32 && given == token.mark(salt)).then_some(token)
    }

    fn mark(self, salt: KeySalt) -> u128 {
        mark(salt, &format!("{FOLLOWING}-{}-", self.number), self.message)
    }
}

/// What stands behind the dot in the `Message-ID` of our messages: it tells them from others'.
#[must_use]
pub fn message_mark(salt: KeySalt) -> String {
    format!("{:x}", salt.0 >> 32)
}

/// The keyed mark of 128 bits on a number, for one use of it.
pub(crate) fn mark(salt: KeySalt, use_of: &str, message: u64) -> u128 {
    let mut hasher = SipHasher13::new_with_keys(salt.0, salt.1);
    hasher.write(use_of.as_bytes());
    hasher.write_u64(message);
    hasher.finish128().as_u128()
}

#[cfg(test)]
mod tests {
    use super::*;

    const SALT: KeySalt = KeySalt(3, 4);

    #[test]
    fn a_token_is_read_back_only_by_whoever_made_it() {
        let text = Token { message: 77 }.text(SALT);
        assert_eq!(Token::parse(&text, SALT), Some(Token { message: 77 }));
        assert_eq!(Token::parse(&text, KeySalt(3, 5)), None);
        assert_eq!(Token::parse(&text.replacen("4d", "4e", 1), SALT), None);
        assert_eq!(Token::parse("4d-0", SALT), None);
        let confirming = Token { message: 77 }.confirming_text(SALT);
        assert_eq!(Token::parse_confirming(&confirming, SALT), Some(Token { message: 77 }));
        assert_eq!(Token::parse(&confirming, SALT), None);
        let link = LinkToken { message: 77, number: 300 };
        assert_eq!(LinkToken::parse(&link.text(SALT), SALT), Some(link));
        assert_eq!(LinkToken::parse(&link.text(SALT), KeySalt(3, 5)), None);
        assert_eq!(LinkToken::parse(&link.text(SALT).replacen("12c", "12d", 1), SALT), None);
        assert_eq!(LinkToken::parse(&text, SALT), None);
        assert_eq!(Token::parse(&link.text(SALT), SALT), None);
        assert_eq!(Token::parse_confirming(&text, SALT), None);
    }
}
