//! Computed traits: figures to which a shop gives a name, read like traits that are stated.
//!
//! Where a definition and an event speak of the same name, the definition holds. What a trait
//! comes to is reckoned whenever it is asked for, on the profile as it is, by the one evaluator.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::ask::Asked;
use super::ast::{Condition, Number, TraitTest};
use super::figure::{Digest, Figure, Of, Outcome, scaled};
use super::filter::{FieldType, type_in_events, type_in_orders};
use super::world::{Feeds, World};
use super::{person, summed};
use crate::event::{Currency, Value, parse_decimal};
use crate::profile::Atom;
use crate::time::DAY;
use crate::truth::Truth;

/// A figure with a name.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct ComputedTrait {
    /// Its name.
    pub name: String,
    /// What it comes to.
    pub figure: Figure,
    /// The currency of its amounts; those of others are not counted. `None`: it is no amount.
    pub currency: Option<Currency>,
}

/// The computed traits of a shop, by name.
pub type ComputedTraits = BTreeMap<String, Arc<ComputedTrait>>;

impl ComputedTrait {
    /// The most of one shop: each is reckoned for every message.
    pub const COUNT_MAX: usize = 100;

    /// A figure under a name; amounts are counted in `currency`.
    #[must_use]
    pub fn new(name: &str, figure: Figure, currency: Currency) -> Self {
        let field = figure.field.as_deref();
        let kind = field.map(|field| match &figure.of {
            Of::Orders => type_in_orders(field),
            Of::Event(kind) => type_in_events(kind, field),
        });
        let currency = (kind == Some(FieldType::Amount)).then_some(currency);
        Self { name: name.to_owned(), figure, currency }
    }

    /// What it comes to, as known: a number, a value that was picked, or an amount such as
    /// `30.00 EUR`. Of times between, days to one digit behind the point. `None`: there is nothing
    /// to reckon it from, or that is still being folded from the log.
    #[must_use]
    pub fn value(&self, asked: &Asked<'_>) -> Option<Value> {
        let feeds = Feeds::complete(asked);
        let world = World::new(asked, asked.profile, &feeds);
        let outcome = summed::known(&world, &self.figure, self.currency)?;
        if let (Digest::TimeBetween, Outcome::Ratio(number, of, _)) = (self.figure.digest, &outcome)
        {
            return decimal(number * 10 / (of * self.unit(&outcome)) / SCALE, 1);
        }
        outcome.value()
    }

    /// Whether what it comes to passes the test of a trait: an amount by its main units, a time
    /// between by its days.
    pub(super) fn passes(&self, outcome: &Outcome, test: &TraitTest) -> bool {
        if let (Outcome::Ratio(number, of, _), TraitTest::Number(limit)) = (outcome, test) {
            // The quotient is not rounded before it is compared.
            let bound = scaled((limit.value.digits, limit.value.places)).unwrap_or(0);
            let bound = bound.saturating_mul(*of).saturating_mul(self.unit(outcome));
            return limit.comparison.test(*number, *number, bound) == Truth::True;
        }
        self.plain(outcome).is_some_and(|value| person::test(&value, test))
    }

    /// What it comes to as a number or the value that was picked.
    fn plain(&self, outcome: &Outcome) -> Option<Value> {
        match outcome {
            Outcome::Nothing => None,
            Outcome::One(Atom::Value(value)) => (*value != Value::Null).then(|| value.clone()),
            Outcome::One(Atom::Amount(money)) => {
                let written = money.to_string();
                Some(Value::Text(written.split(' ').next().unwrap_or_default().to_owned()))
            }
            Outcome::Ratio(number, of, _) => decimal(number / (of * self.unit(outcome)), 6),
        }
    }

    /// How many of the units in which the outcome counts make one of those in which it is told.
    fn unit(&self, outcome: &Outcome) -> i128 {
        match outcome {
            Outcome::Ratio(_, _, Some(currency)) => 10_i128.pow(u32::from(currency.digits())),
            _ if self.figure.digest == Digest::TimeBetween => i128::from(DAY),
            Outcome::Ratio(..) | Outcome::One(_) | Outcome::Nothing => 1,
        }
    }
}

/// The scale of an outcome's numbers.
const SCALE: i128 = 1_000_000;

/// A number whose last `places` digits stand behind the point, as a value.
fn decimal(digits: i128, places: u32) -> Option<Value> {
    let digits = i64::try_from(digits).ok()?;
    let (digits, places) = parse_decimal(&Number { digits, places }.to_string())?;
    Some(match places {
        0 => Value::Integer(digits),
        _ => Value::Text(Number { digits, places }.to_string()),
    })
}

impl Condition {
    /// Lets what it asks of traits that are computed be reckoned.
    pub fn take_traits(&mut self, traits: &ComputedTraits) {
        if let Self::Trait { name, computed, .. } = self {
            *computed = traits.get(name).cloned();
        } else if let Self::Not(part) = self {
            part.take_traits(traits);
        } else if let Self::All(parts) | Self::Any(parts) = self {
            parts.iter_mut().for_each(|part| part.take_traits(traits));
        }
    }
}
