//! Decimal numbers as sources write them, exact where they were written in decimal.

use regulars_engine::event::parse_decimal;

use crate::json::Scalar;

/// `number` times ten to the power of minus `scale`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Decimal {
    number: i64,
    scale: u32,
}

impl Decimal {
    pub(crate) const ONE: Self = Self { number: 1, scale: 0 };

    /// The number a field states; `None` if it is none.
    pub(crate) fn of(scalar: Scalar<'_>) -> Option<Self> {
        match scalar {
            Scalar::Whole(number) => Some(Self { number, scale: 0 }),
            Scalar::Number(written) => Self::parse(written).or_else(|| Self::nearly(written)),
            Scalar::Text(text) => Self::parse(text),
            Scalar::Escaped(_) => Self::parse(&scalar.text()?),
            Scalar::Absent | Scalar::Bool(_) | Scalar::Nested(_) => None,
        }
    }

    /// The number written in `text` with a point.
    pub(crate) fn parse(text: &str) -> Option<Self> {
        parse_decimal(text).map(|(number, scale)| Self { number, scale })
    }

    /// A number with more decimals than count, the result of some division: to nine decimals, or to
    /// fewer where it is large. What is beyond all amounts is the largest number there is.
    fn nearly(written: &str) -> Option<Self> {
        let value = written.parse::<f64>().ok()?;
        for (scale, factor) in [(9, 1e9), (6, 1e6), (3, 1e3), (0, 1.0)] {
            let scaled = (value * factor).round();
            if scaled.abs() < 9e15 {
                #[expect(clippy::cast_possible_truncation, reason = "below 53 bits, and whole")]
                return Some(Self { number: scaled as i64, scale });
            }
        }
        let number = if value < 0.0 { -i64::MAX } else { i64::MAX };
        Some(Self { number, scale: 0 })
    }

    pub(crate) fn negative(self) -> bool {
        self.number < 0
    }

    pub(crate) fn less_than(self, other: Self) -> bool {
        // Both scales are at most 18, so neither side leaves 128 bits.
        let scaled = |one: Self, scale: u32| i128::from(one.number) * 10_i128.pow(scale.min(18));
        scaled(self, other.scale) < scaled(other, self.scale)
    }

    /// In units of ten to the power of minus `digits`, halves away from zero; `None` beyond 64 bits.
    pub(crate) fn units(self, digits: u8) -> Option<i64> {
        Self::rounded(i128::from(self.number), self.scale, digits)
    }

    /// The product with `other` in units of ten to the power of minus `digits`, rounded once.
    pub(crate) fn times(self, other: Self, digits: u8) -> Option<i64> {
        let product = i128::from(self.number) * i128::from(other.number);
        Self::rounded(product, self.scale + other.scale, digits)
    }

    fn rounded(number: i128, scale: u32, digits: u8) -> Option<i64> {
        let wanted = u32::from(digits);
        let units = if scale <= wanted {
            number.checked_mul(10_i128.checked_pow(wanted - scale)?)?
        } else {
            let divisor = 10_i128.checked_pow(scale - wanted)?;
            let half = if number < 0 { -divisor / 2 } else { divisor / 2 };
            number.checked_add(half)? / divisor
        };
        i64::try_from(units).ok()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn minor(scalar: Scalar<'_>) -> Option<i64> {
        Decimal::of(scalar)?.units(2)
    }

    #[test]
    fn prices_mean_what_was_written() {
        assert_eq!(minor(Scalar::Number("19.99")), Some(1999));
        assert_eq!(minor(Scalar::Number("1.005")), Some(101));
        assert_eq!(minor(Scalar::Number("-1.005")), Some(-101));
        assert_eq!(minor(Scalar::Number("0.001")), Some(0));
        assert_eq!(minor(Scalar::Number("0.005")), Some(1));
        assert_eq!(minor(Scalar::Text(" 19.99 ")), Some(1999));
        assert_eq!(minor(Scalar::Text("19,99")), None);
        assert_eq!(minor(Scalar::Whole(20)), Some(2000));
        assert_eq!(minor(Scalar::Number("1e300")), None);
        assert_eq!(minor(Scalar::Number("12345678.12345678901234567")), Some(1_234_567_812));
        assert!(Decimal::of(Scalar::Number("1e30")).is_some_and(|huge| huge.units(2).is_none()));
        assert_eq!(minor(Scalar::Number("-1e-300")), Some(0));
        assert_eq!(minor(Scalar::Number("19.990000000000000000123")), Some(1999));
    }

    #[test]
    fn a_product_is_rounded_once() {
        let price = Decimal::parse("0.333").unwrap();
        let quantity = Decimal::parse("1.5").unwrap();
        assert_eq!(price.times(quantity, 2), Some(50));
        assert_eq!(
            Decimal::parse("0.335").unwrap().times(Decimal::parse("3").unwrap(), 2),
            Some(101)
        );
    }
}
