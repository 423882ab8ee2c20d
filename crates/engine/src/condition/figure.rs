//! Figures: what the values of a field come to over orders or events, such as their sum, their
//! average, the last or the most frequent of them.
//!
//! Numbers count to six digits behind the point, so that sums are exact. A figure of nothing
//! passes no test.

use serde::{Deserialize, Serialize};

use super::ast::{Comparison, Length, Limit, Number, TraitTest, Unit, Window};
use super::filter::Filter;
use super::json;
use super::person;
use crate::event::{Channel, Currency, Kind, Money, Value, parse_decimal};
use crate::profile::Atom;
use crate::time::{DAY, HOUR, MINUTE, SECOND, Timestamp};
use crate::truth::Truth;

/// What is made of the values of a field.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Figure {
    /// How they are made one.
    pub digest: Digest,
    /// Which field; `None` only for [`Digest::TimeBetween`].
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub field: Option<String>,
    /// Of what.
    pub of: Of,
    /// Of which of them.
    #[serde(default, skip_serializing_if = "Filter::is_empty")]
    pub filter: Filter,
    /// Orders over which channel; `None`: over any.
    #[serde(default, skip_serializing_if = "Option::is_none", with = "json::maybe_channel")]
    pub channel: Option<Channel>,
    /// When.
    #[serde(default, skip_serializing_if = "Window::is_ever")]
    pub window: Window,
}

/// Whose fields.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Of {
    /// Of the orders that were kept.
    Orders,
    /// Of events of a kind.
    Event(#[serde(with = "json::kind")] Kind),
}

/// How values are made one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Digest {
    /// Their sum.
    Sum,
    /// Their sum divided by their number.
    Average,
    /// The smallest.
    Smallest,
    /// The largest.
    Largest,
    /// How many different ones there are.
    Different,
    /// The first.
    First,
    /// The last.
    Last,
    /// The most frequent; of several, the one that came last.
    MostFrequent,
    /// The average time from one to the next.
    TimeBetween,
}

impl Digest {
    /// Every one.
    pub const ALL: [Self; 9] = [
        Self::Sum,
        Self::Average,
        Self::Smallest,
        Self::Largest,
        Self::Different,
        Self::First,
        Self::Last,
        Self::MostFrequent,
        Self::TimeBetween,
    ];

    /// As it stands in a condition.
    #[must_use]
    pub const fn words(self) -> &'static str {
        match self {
            Self::Sum => "sum of",
            Self::Average => "average",
            Self::Smallest => "smallest",
            Self::Largest => "largest",
            Self::Different => "number of different",
            Self::First => "first",
            Self::Last => "last",
            Self::MostFrequent => "most frequent",
            Self::TimeBetween => "time between",
        }
    }

    /// Whether it is one of the values rather than a number made of them.
    pub(super) const fn picks(self) -> bool {
        matches!(self, Self::First | Self::Last | Self::MostFrequent)
    }
}

/// What a figure is compared with.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FigureTest {
    /// A number.
    Number(Limit<Number>),
    /// An amount; values of other currencies are not counted.
    Amount(#[serde(with = "json::money_limit")] Limit<Money>),
    /// The value that was picked passes.
    Is(TraitTest),
    /// There is one, and it does not.
    IsNot(TraitTest),
    /// A length of elapsed time; months count 30 days and years 365.
    Time {
        /// On which side of it.
        comparison: Comparison,
        /// How long.
        length: Length,
    },
}

impl FigureTest {
    /// The currency it speaks of.
    pub(super) fn currency(&self) -> Option<Currency> {
        match self {
            Self::Amount(limit) => Some(limit.value.currency),
            Self::Number(_) | Self::Is(_) | Self::IsNot(_) | Self::Time { .. } => None,
        }
    }
}

/// The scale of numbers: six digits behind the point.
const PLACES: u32 = 6;
const SCALE: i128 = 1_000_000;

/// What a figure comes to.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Outcome {
    /// Nothing: there are no values.
    Nothing,
    /// A number times [`SCALE`], divided by a count, of a currency or none.
    Ratio(i128, i128, Option<Currency>),
    /// One of the values.
    One(Atom),
}

/// What the values of some moments come to; they are in the order of their moments.
pub(super) fn digest(
    digest: Digest,
    currency: Option<Currency>,
    parts: &[(Timestamp, &[Atom])],
) -> Outcome {
    let values = || parts.iter().flat_map(|(_, values)| values.iter());
    let numbers = || values().filter_map(|atom| number(atom, currency));
    let count = |count: usize| i128::try_from(count).unwrap_or(i128::MAX);
    let ratio = |number: Option<i128>| match number {
        Some(number) => Outcome::Ratio(number, 1, currency),
        None => Outcome::Nothing,
    };
    let one = |atom: Option<&Atom>| atom.map_or(Outcome::Nothing, |a| Outcome::One(a.clone()));
    match digest {
        Digest::Sum => ratio((numbers().next().is_some()).then(|| numbers().sum())),
        Digest::Average => match numbers().count() {
            0 => Outcome::Nothing,
            of => Outcome::Ratio(numbers().sum(), count(of), currency),
        },
        Digest::Smallest => ratio(numbers().min()),
        Digest::Largest => ratio(numbers().max()),
        Digest::Different => {
            let mut seen: Vec<String> = values().filter_map(word).collect();
            seen.sort_unstable();
            seen.dedup();
            Outcome::Ratio(count(seen.len()) * SCALE, 1, None)
        }
        Digest::First => one(values().next()),
        Digest::Last => one(values().last()),
        Digest::MostFrequent => one(most_frequent(values())),
        Digest::TimeBetween => match parts {
            [(first, _), .., (last, _)] => {
                Outcome::Ratio(i128::from(last.since(*first)) * SCALE, count(parts.len() - 1), None)
            }
            _ => Outcome::Nothing,
        },
    }
}

fn most_frequent<'v>(values: impl Iterator<Item = &'v Atom>) -> Option<&'v Atom> {
    let mut counts: std::collections::BTreeMap<String, (usize, usize, &Atom)> =
        std::collections::BTreeMap::new();
    for (place, atom) in values.enumerate() {
        let Some(word) = word(atom) else { continue };
        let held = counts.entry(word).or_insert((0, 0, atom));
        *held = (held.0 + 1, place, atom);
    }
    counts.into_values().max_by_key(|(count, last, _)| (*count, *last)).map(|(_, _, atom)| atom)
}

/// A value by which equal ones are known: case does not count.
fn word(atom: &Atom) -> Option<String> {
    match atom {
        Atom::Value(value) => value.as_word().map(|word| word.to_lowercase()),
        Atom::Amount(money) => Some(money.to_string()),
    }
}

/// A number at the scale of figures; an amount where a currency is asked for and it is of it.
fn number(atom: &Atom, currency: Option<Currency>) -> Option<i128> {
    match (atom, currency) {
        (Atom::Amount(money), Some(currency)) if money.currency == currency => {
            Some(i128::from(money.minor) * SCALE)
        }
        (Atom::Value(value), None) => scaled(parse_decimal(&numeral(value)?)?),
        (Atom::Value(value), Some(currency)) => {
            // A property holds an amount in its main unit; that it is of this currency is believed.
            let minor = crate::event::minor_units(&numeral(value)?, currency.digits())?;
            Some(i128::from(minor) * SCALE)
        }
        (Atom::Amount(_), _) => None,
    }
}

fn numeral(value: &Value) -> Option<String> {
    match value {
        Value::Integer(_) | Value::Number(_) | Value::Text(_) => value.as_word(),
        Value::Null | Value::Bool(_) | Value::List(_) | Value::Map(_) => None,
    }
}

pub(super) fn scaled((digits, places): (i64, u32)) -> Option<i128> {
    let digits = i128::from(digits);
    Some(if places <= PLACES {
        digits * 10_i128.pow(PLACES - places)
    } else {
        digits / 10_i128.pow(places - PLACES)
    })
}

/// Whether an outcome passes a test.
pub(super) fn passes(outcome: &Outcome, test: &FigureTest) -> bool {
    let compare = |comparison: Comparison, number: i128, of: i128, bound: i128| {
        let bound = bound.saturating_mul(of);
        comparison.test(number, number, bound) == Truth::True
    };
    match (outcome, test) {
        (Outcome::Ratio(number, of, _), FigureTest::Number(limit)) => {
            let Number { digits, places } = limit.value;
            let bound = scaled((digits, places)).unwrap_or(0);
            compare(limit.comparison, *number, *of, bound)
        }
        (Outcome::Ratio(number, of, _), FigureTest::Amount(limit)) => {
            compare(limit.comparison, *number, *of, i128::from(limit.value.minor) * SCALE)
        }
        (Outcome::Ratio(number, of, _), FigureTest::Time { comparison, length }) => {
            compare(*comparison, *number, *of, i128::from(elapsed(*length)) * SCALE)
        }
        (Outcome::One(Atom::Value(value)), FigureTest::Is(test)) => person::test(value, test),
        (Outcome::One(Atom::Value(value)), FigureTest::IsNot(test)) => !person::test(value, test),
        (Outcome::One(atom), FigureTest::Amount(limit)) => {
            let number = number(atom, Some(limit.value.currency));
            let bound = i128::from(limit.value.minor) * SCALE;
            number.is_some_and(|number| compare(limit.comparison, number, 1, bound))
        }
        (Outcome::One(Atom::Amount(_)), FigureTest::Is(test)) => *test == TraitTest::Known,
        (Outcome::One(_), FigureTest::IsNot(_)) => true,
        (Outcome::Nothing, _)
        | (Outcome::One(_), FigureTest::Number(_) | FigureTest::Time { .. })
        | (Outcome::Ratio(..), FigureTest::Is(_) | FigureTest::IsNot(_)) => false,
    }
}

/// Milliseconds of a length as figures count them.
pub(super) fn elapsed(length: Length) -> i64 {
    let unit = match length.unit {
        Unit::Seconds => SECOND,
        Unit::Minutes => MINUTE,
        Unit::Hours => HOUR,
        Unit::Days => DAY,
        Unit::Weeks => 7 * DAY,
        Unit::Months => 30 * DAY,
        Unit::Years => 365 * DAY,
    };
    unit.saturating_mul(i64::from(length.count))
}

impl Outcome {
    /// What it comes to as a value for people; `None`: nothing.
    pub(super) fn value(&self) -> Option<Value> {
        match self {
            Self::Nothing => None,
            Self::One(Atom::Value(value)) => Some(value.clone()),
            Self::One(Atom::Amount(money)) => Some(Value::Text(money.to_string())),
            Self::Ratio(number, of, currency) => {
                let quotient = number / (*of).max(1);
                if let Some(currency) = currency {
                    let minor = i64::try_from(quotient / SCALE).ok()?;
                    return Some(Value::Text(Money { minor, currency: *currency }.to_string()));
                }
                let digits = i64::try_from(quotient).ok()?;
                let (digits, places) =
                    parse_decimal(&Number { digits, places: PLACES }.to_string())?;
                if places == 0 {
                    return Some(Value::Integer(digits));
                }
                Some(Value::Text(Number { digits, places }.to_string()))
            }
        }
    }
}
