//! One text message to one number.

use std::fmt;

/// A message ready to leave.
#[derive(Clone, PartialEq, Eq)]
pub struct TextMessage {
    /// The number in international form (E.164).
    pub to: String,
    /// What it says, 1 to 10 parts long: see [`super::count`].
    pub text: String,
    /// Our name for it, which comes back with what the provider tells of it.
    pub id: String,
}

/// Whether it is a number that a message can be sent to: a `+`, a country and a subscriber, 7 to 15
/// digits in all (ITU-T E.164 §6; no country has shorter ones that take text messages).
pub(super) fn is_number(text: &str) -> bool {
    let digits = text.strip_prefix('+').unwrap_or_default();
    (7..=15).contains(&digits.len())
        && digits.bytes().all(|byte| byte.is_ascii_digit())
        && !digits.starts_with('0')
}

impl fmt::Debug for TextMessage {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("TextMessage(***)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_names_its_country() {
        for good in ["+34600112233", "+12025550123", "+2901234"] {
            assert!(is_number(good), "{good}");
        }
        for bad in ["34600112233", "+0600112233", "+34 600", "600112233", "+123456", "", "+"] {
            assert!(!is_number(bad), "{bad}");
        }
        assert!(!is_number("+1234567890123456"));
    }
}
