//! E-mail addresses and telephone numbers as linking sees them.

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
pub(super) fn phone(text: &str) -> Option<String> {
    let digits: String = text.chars().filter(char::is_ascii_digit).collect();
    let digits = digits.strip_prefix("00").filter(|rest| rest.len() > 8).unwrap_or(&digits);
    let from = digits.len().saturating_sub(10);
    (digits.len() >= 5).then(|| digits[from..].to_owned())
}

/// A unique number: letters and digits only, upper and lower case alike.
pub(super) fn unique(text: &str) -> String {
    text.chars().filter(char::is_ascii_alphanumeric).map(|c| c.to_ascii_lowercase()).collect()
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
        assert_eq!(unique("294-66-9999"), "294669999");
    }
}
