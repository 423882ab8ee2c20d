//! E-mail addresses and telephone numbers as linking sees them.

use std::borrow::Cow;

/// An e-mail address in its two parts, lower-cased; none without both.
pub(super) fn email(text: &str) -> Option<(String, String)> {
    // "Maria Sentosa<maria@shop.example>" carries its address in angle brackets.
    let inner = text.rsplit_once('<').map_or(text, |(_, rest)| rest);
    let inner = inner.trim_end_matches(['>', ' ', '"']).trim();
    let (local, domain) = inner.split_once('@')?;
    let local = local.split('+').next().unwrap_or(local);
    let plain = !local.is_empty() && domain.len() > 2 && !inner.contains(char::is_whitespace);
    plain.then(|| (local.to_ascii_lowercase(), domain.to_ascii_lowercase()))
}

/// A telephone number's last ten digits at most: whatever stands before is a country's or a trunk's
/// prefix, which the same number is written with and without.
pub(super) fn phone(text: &str) -> Option<Cow<'_, str>> {
    let digits = only(text, u8::is_ascii_digit, u8::is_ascii_digit);
    let prefix = if digits.starts_with("00") && digits.len() > 10 { 2 } else { 0 };
    let from = prefix.max(digits.len().saturating_sub(10));
    (digits.len() >= 5 + prefix).then(|| match digits {
        Cow::Borrowed(digits) => Cow::Borrowed(&digits[from..]),
        Cow::Owned(digits) => Cow::Owned(digits[from..].to_owned()),
    })
}

/// A unique number: letters and digits only, upper and lower case alike.
pub(super) fn unique(text: &str) -> Cow<'_, str> {
    let plain = |byte: &u8| byte.is_ascii_digit() || byte.is_ascii_lowercase();
    only(text, plain, u8::is_ascii_alphanumeric)
}

/// The text without what is not `kept`, in lower case. One that is all `plain` is so already, as most are.
fn only(text: &str, plain: impl Fn(&u8) -> bool, kept: impl Fn(&u8) -> bool) -> Cow<'_, str> {
    if text.as_bytes().iter().all(plain) {
        return Cow::Borrowed(text);
    }
    let bytes = text.bytes().filter(kept);
    Cow::Owned(bytes.map(|byte| char::from(byte.to_ascii_lowercase())).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn contacts_are_normalised() {
        let both = Some(("ana".to_owned(), "shop.example".to_owned()));
        assert_eq!(email("Ana Silva <ANA+till@Shop.Example>"), both);
        assert_eq!(email("none"), None);
        assert_eq!(phone("+7(4812)85-62-34"), phone("(4812)85-62-34"));
        assert_eq!(phone("12"), None);
        for (written, plain) in [("0049 151 2345678", "00491512345678"), ("00-12345", "0012345")] {
            assert_eq!(phone(written), phone(plain), "{plain}");
        }
        assert_eq!(phone("0049123456789").as_deref(), Some("9123456789"));
        assert_eq!(phone("00123456789").as_deref(), Some("123456789"));
        assert_eq!(unique("ab12"), unique("AB-12"));
        assert_eq!(unique("294-66-9999"), "294669999");
    }
}
