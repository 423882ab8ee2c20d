//! Money: whole minor units with a currency. Sums never mix currencies.

use minicbor::{Decode, Encode};

/// An ISO 4217 currency code.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Encode, Decode)]
#[cbor(transparent)]
pub struct Currency(#[cbor(n(0), with = "minicbor::bytes")] [u8; 3]);

/// Codes of ISO 4217 whose minor unit is not a hundredth, with their digits.
const DIGITS: [([u8; 3], u8); 25] = [
    (*b"BHD", 3),
    (*b"BIF", 0),
    (*b"CLF", 4),
    (*b"CLP", 0),
    (*b"DJF", 0),
    (*b"GNF", 0),
    (*b"IQD", 3),
    (*b"ISK", 0),
    (*b"JOD", 3),
    (*b"JPY", 0),
    (*b"KMF", 0),
    (*b"KRW", 0),
    (*b"KWD", 3),
    (*b"LYD", 3),
    (*b"OMR", 3),
    (*b"PYG", 0),
    (*b"RWF", 0),
    (*b"TND", 3),
    (*b"UGX", 0),
    (*b"UYI", 0),
    (*b"UYW", 4),
    (*b"VND", 0),
    (*b"VUV", 0),
    (*b"XAF", 0),
    (*b"XOF", 0),
];

/// Codes of ISO 4217 whose minor unit is a hundredth.
const HUNDREDTHS: &str = "AED AFN ALL AMD ANG AOA ARS AUD AWG AZN BAM BBD BDT BGN BMD BND BOB BRL \
BSD BTN BWP BYN BZD CAD CDF CHF CNY COP CRC CUP CVE CZK DKK DOP DZD EGP ERN ETB EUR FJD FKP GBP \
GEL GHS GIP GMD GTQ GYD HKD HNL HTG HUF IDR ILS INR IRR JMD KES KGS KHR KPW KYD KZT LAK LBP LKR \
LRD LSL MAD MDL MGA MKD MMK MNT MOP MRU MUR MVR MWK MXN MYR MZN NAD NGN NIO NOK NPR NZD PAB PEN \
PGK PHP PKR PLN QAR RON RSD RUB SAR SBD SCR SDG SEK SGD SHP SLE SOS SRD SSP STN SVC SYP SZL THB \
TJS TMT TOP TRY TTD TWD TZS UAH USD UYU UZS VES WST XCD YER ZAR ZMW ZWG XCG";

impl Currency {
    /// The euro, the base currency where a shop states none.
    pub const EUR: Self = Self(*b"EUR");

    /// Parses a code in either case; `None` if ISO 4217 does not list it.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let mut code: [u8; 3] = text.trim().as_bytes().try_into().ok()?;
        code.make_ascii_uppercase();
        let text = std::str::from_utf8(&code).ok()?;
        let known = DIGITS.iter().any(|(listed, _)| *listed == code)
            || HUNDREDTHS.split(' ').any(|listed| listed == text);
        known.then_some(Self(code))
    }

    /// The code in capitals.
    #[must_use]
    pub fn code(&self) -> &str {
        std::str::from_utf8(&self.0).unwrap_or("???")
    }

    /// Digits after the decimal point.
    #[must_use]
    pub fn digits(self) -> u8 {
        DIGITS.iter().find(|(code, _)| *code == self.0).map_or(2, |(_, digits)| *digits)
    }
}

impl std::fmt::Debug for Currency {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.code())
    }
}

/// An amount of one currency.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Encode, Decode)]
pub struct Money {
    /// Minor units (cents); negative where money went back.
    #[n(0)]
    pub minor: i64,
    /// Whose minor units.
    #[n(1)]
    pub currency: Currency,
}

impl std::fmt::Display for Money {
    /// `19.99 EUR`
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let digits = usize::from(self.currency.digits());
        let scale = 10_u64.pow(u32::from(self.currency.digits()));
        let sign = if self.minor < 0 { "-" } else { "" };
        let (whole, rest) = (self.minor.unsigned_abs() / scale, self.minor.unsigned_abs() % scale);
        if digits == 0 {
            write!(f, "{sign}{whole} {}", self.currency.code())
        } else {
            write!(f, "{sign}{whole}.{rest:0digits$} {}", self.currency.code())
        }
    }
}

/// Parses a decimal number written with a point (`-12.345`, `3e2`) into its digits and the number
/// of digits after the point; `None` if it is no number or beyond 18 digits.
#[must_use]
pub fn parse_decimal(text: &str) -> Option<(i64, u32)> {
    let text = text.trim();
    let (mantissa, exponent) = match text.split_once(['e', 'E']) {
        Some((mantissa, exponent)) => (mantissa, exponent.parse::<i32>().ok()?),
        None => (text, 0),
    };
    let (sign, digits) = match mantissa.strip_prefix('-') {
        Some(rest) => (-1, rest),
        None => (1, mantissa.strip_prefix('+').unwrap_or(mantissa)),
    };
    let (whole, fraction) = digits.split_once('.').unwrap_or((digits, ""));
    let fraction = fraction.trim_end_matches('0');
    if (whole.is_empty() && fraction.is_empty())
        || !whole.bytes().chain(fraction.bytes()).all(|byte| byte.is_ascii_digit())
    {
        return None;
    }
    let mut number: i64 = 0;
    for byte in whole.bytes().chain(fraction.bytes()) {
        number = number.checked_mul(10)?.checked_add(i64::from(byte - b'0'))?;
    }
    let mut scale = i32::try_from(fraction.len()).ok()?.checked_sub(exponent)?;
    while scale < 0 {
        number = number.checked_mul(10)?;
        scale += 1;
    }
    (scale <= 18).then_some((sign * number, u32::try_from(scale).ok()?))
}

/// A decimal number times 10 to the power of `digits`, halves rounded away from zero: minor units
/// of a price, thousandths of a quantity. `None` if `text` is no number or too large.
#[must_use]
pub fn minor_units(text: &str, digits: u8) -> Option<i64> {
    let (number, scale) = parse_decimal(text)?;
    let wanted = u32::from(digits);
    if scale <= wanted {
        return number.checked_mul(10_i64.checked_pow(wanted - scale)?);
    }
    let divisor = 10_i64.checked_pow(scale - wanted)?;
    let half = divisor / 2;
    Some(if number < 0 { (number - half) / divisor } else { (number + half) / divisor })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn prices_become_minor_units_without_floating_error() {
        assert_eq!(minor_units("19.99", 2), Some(1999));
        assert_eq!(minor_units("0.125", 2), Some(13));
        assert_eq!(minor_units("-0.125", 2), Some(-13));
        assert_eq!(minor_units("2", 0), Some(2));
        assert_eq!(minor_units("1.5e3", 2), Some(150_000));
        assert_eq!(minor_units("12,50", 2), None);
        assert_eq!(minor_units(".", 2), None);
    }

    #[test]
    fn money_is_printed_with_the_digits_of_its_currency() {
        let money = |minor, code| Money { minor, currency: Currency::parse(code).unwrap() };
        assert_eq!(money(-5, "eur").to_string(), "-0.05 EUR");
        assert_eq!(money(500, "JPY").to_string(), "500 JPY");
        assert_eq!(money(1234, "KWD").to_string(), "1.234 KWD");
        assert_eq!(Currency::parse("XXY"), None);
    }
}
