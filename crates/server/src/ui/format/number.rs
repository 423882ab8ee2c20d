//! Whole numbers and shares.

use crate::ui::language::Language;

/// A space that does not break a line, between groups of digits and before units.
pub(crate) const NO_BREAK: char = '\u{a0}';

/// `number` with its digits grouped by three: `12,345`, `12.345`, `12 345`.
///
/// Spanish and Russian leave four digits together (`1234`), as their academies advise.
pub fn whole(language: Language, number: i64) -> String {
    let digits = number.unsigned_abs().to_string();
    let (separator, ungrouped_max) = match language {
        Language::English => (',', 3),
        Language::Spanish => ('.', 4),
        Language::Russian => (NO_BREAK, 4),
    };
    let mut out = String::with_capacity(digits.len() + 6);
    if number < 0 {
        out.push('\u{2212}');
    }
    if digits.len() <= ungrouped_max {
        out.push_str(&digits);
        return out;
    }
    for (place, digit) in digits.chars().enumerate() {
        if place > 0 && (digits.len() - place).is_multiple_of(3) {
            out.push(separator);
        }
        out.push(digit);
    }
    out
}

/// A share in thousandths as a percentage of whole percents: `81%`, `81 %`.
///
/// A share that is neither nothing nor all never rounds to 0 or 100, which would claim certainty.
pub fn percent(language: Language, permille: u16) -> String {
    let rounded = match permille {
        0 => 0,
        1..=9 => 1,
        991..=999 => 99,
        1000.. => 100,
        10..=990 => (permille + 5) / 10,
    };
    match language {
        Language::English => format!("{rounded}%"),
        Language::Spanish | Language::Russian => format!("{rounded}{NO_BREAK}%"),
    }
}

/// A share from 0 to 1 in thousandths.
pub fn permille(share: f64) -> u16 {
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "0 to 1000")]
    let permille = (share.clamp(0.0, 1.0) * 1_000.0).round() as u16;
    permille
}

/// A number with so many digits after the sign between whole and fraction.
pub fn decimal(language: Language, value: f64, digits: usize) -> String {
    format!("{value:.digits$}").replace('.', decimal_sign(language).encode_utf8(&mut [0; 4]))
}

/// The sign between whole and fraction.
pub(crate) const fn decimal_sign(language: Language) -> char {
    match language {
        Language::English => '.',
        Language::Spanish | Language::Russian => ',',
    }
}

#[cfg(test)]
mod tests {
    use super::{percent, whole};
    use crate::ui::language::Language::{English, Russian, Spanish};

    #[test]
    fn digits_are_grouped_as_each_language_does() {
        assert_eq!(whole(English, 1_234_567), "1,234,567");
        assert_eq!(whole(English, -1_234), "\u{2212}1,234");
        assert_eq!(whole(English, 999), "999");
        assert_eq!(whole(Spanish, 1_234), "1234");
        assert_eq!(whole(Spanish, 12_345), "12.345");
        assert_eq!(whole(Russian, 12_345), "12\u{a0}345");
        assert_eq!(whole(English, i64::MIN), "\u{2212}9,223,372,036,854,775,808");
    }

    #[test]
    fn a_maybe_never_rounds_to_certainty() {
        assert_eq!(percent(English, 999), "99%");
        assert_eq!(percent(English, 996), "99%");
        assert_eq!(percent(English, 3), "1%");
        assert_eq!(percent(English, 1000), "100%");
        assert_eq!(percent(Spanish, 814), "81\u{a0}%");
    }
}
