//! Amounts of money.

use regulars_engine::event::Currency;

use crate::ui::language::Language;
use crate::ui::model::Money;

use super::number::{self, NO_BREAK};

/// The amount as the language writes it: `€1,234.50`, `1234,50 €`, `1234,50 ₽`.
pub fn format(language: Language, money: &Money) -> String {
    let decimals = decimals(&money.currency);
    let unit = 10_u64.pow(decimals);
    let absolute = money.minor.unsigned_abs();
    let sign = if money.minor < 0 { "\u{2212}" } else { "" };
    let mut amount = number::whole(language, i64::try_from(absolute / unit).unwrap_or(i64::MAX));
    if decimals > 0 {
        let places = decimals as usize;
        amount.push(number::decimal_sign(language));
        amount.push_str(&format!("{:0places$}", absolute % unit));
    }
    match (language, symbol(&money.currency)) {
        (Language::English, Some(symbol)) => format!("{sign}{symbol}{amount}"),
        (Language::English, None) => format!("{sign}{}{NO_BREAK}{amount}", money.currency),
        (Language::Spanish | Language::Russian, symbol) => {
            format!("{sign}{amount}{NO_BREAK}{}", symbol.unwrap_or(&money.currency))
        }
    }
}

/// An amount that was reckoned, in units of its currency.
pub fn of_units(language: Language, units: f64, currency: Currency) -> String {
    let minor = (units * 10_f64.powi(i32::from(currency.digits()))).round();
    #[expect(clippy::cast_possible_truncation, reason = "amounts are far below 2^63")]
    let minor = minor as i64;
    format(language, &Money { minor, currency: currency.code().to_owned() })
}

/// Digits after the decimal sign (ISO 4217); two unless the currency is known to differ.
const fn decimals(currency: &str) -> u32 {
    match currency.as_bytes() {
        b"JPY" | b"KRW" | b"CLP" | b"VND" | b"ISK" | b"PYG" | b"UGX" | b"XAF" | b"XOF" | b"XPF" => {
            0
        }
        b"BHD" | b"JOD" | b"KWD" | b"OMR" | b"TND" => 3,
        _ => 2,
    }
}

/// The sign of the currencies that every reader knows; others show their code.
const fn symbol(currency: &str) -> Option<&'static str> {
    match currency.as_bytes() {
        b"EUR" => Some("€"),
        b"USD" => Some("$"),
        b"GBP" => Some("£"),
        b"RUB" => Some("₽"),
        b"JPY" => Some("¥"),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::format;
    use crate::ui::language::Language::{English, Russian, Spanish};
    use crate::ui::model::Money;

    fn money(minor: i64, currency: &str) -> Money {
        Money { minor, currency: currency.to_owned() }
    }

    #[test]
    fn amounts_follow_the_language_and_the_currency() {
        assert_eq!(format(English, &money(123_450, "EUR")), "€1,234.50");
        assert_eq!(format(Spanish, &money(1_234_505, "EUR")), "12.345,05\u{a0}€");
        assert_eq!(format(Russian, &money(-2_990, "RUB")), "\u{2212}29,90\u{a0}₽");
        assert_eq!(format(English, &money(1_500, "JPY")), "¥1,500");
        assert_eq!(format(English, &money(1_500, "KWD")), "KWD\u{a0}1.500");
        assert_eq!(format(English, &money(5, "CHF")), "CHF\u{a0}0.05");
    }
}
