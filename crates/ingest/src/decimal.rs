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
    pub(crate) fn of(scalar: &Scalar<'_>) -> Option<Self> {
        match scalar {
            Scalar::Whole(number) => Some(Self { number: *number, scale: 0 }),
            Scalar::Fraction(number) => Self::of_float(*number),
            Scalar::Text(text) => Self::parse(text),
            Scalar::Absent | Scalar::Bool(_) | Scalar::Nested(_) => None,
        }
    }

    /// The number written in `text` with a point.
    pub(crate) fn parse(text: &str) -> Option<Self> {
        parse_decimal(text).map(|(number, scale)| Self { number, scale })
    }

    /// The decimal number that was written and read as a binary one. Prices have few decimals, so
    /// nearly all are found by scaling; the rest by the shortest text that means the same number.
    fn of_float(float: f64) -> Option<Self> {
        if float.abs() < 1e-9 {
            return Some(Self { number: 0, scale: 0 }); // No currency and no scale counts so finely.
        }
        let mut power = 1.0;
        for scale in 0..=4 {
            let scaled = float * power;
            let whole = scaled.round();
            if whole.abs() >= 9e15 {
                break;
            }
            if (scaled - whole).abs() <= 1e-12 * scaled.abs() {
                #[expect(
                    clippy::cast_possible_truncation,
                    reason = "below 53 bits, checked above"
                )]
                return Some(Self { number: whole as i64, scale });
            }
            power *= 10.0;
        }
        Self::parse(&float.to_string())
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
        Decimal::of(&scalar)?.units(2)
    }

    #[test]
    fn prices_mean_what_was_written() {
        assert_eq!(minor(Scalar::Fraction(19.99)), Some(1999));
        assert_eq!(minor(Scalar::Fraction(1.005)), Some(101));
        assert_eq!(minor(Scalar::Fraction(-1.005)), Some(-101));
        assert_eq!(minor(Scalar::Fraction(0.001)), Some(0));
        assert_eq!(minor(Scalar::Fraction(0.005)), Some(1));
        assert_eq!(minor(Scalar::Text(" 19.99 ".into())), Some(1999));
        assert_eq!(minor(Scalar::Text("19,99".into())), None);
        assert_eq!(minor(Scalar::Whole(20)), Some(2000));
        assert_eq!(minor(Scalar::Fraction(1e300)), None);
        assert_eq!(minor(Scalar::Fraction(-1e-300)), Some(0));
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
