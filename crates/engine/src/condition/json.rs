//! The JSON form of a condition, for the API and the pages: the tree, with the words of the language.

use serde::de::Error;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use super::ast::{Comparison, Condition, Limit};
use super::problem::Problem;
use super::statement::kind_named;
use crate::event::{Channel, Currency, Kind, Money, Purpose, minor_units};

impl Condition {
    /// The tree as JSON.
    #[must_use]
    pub fn to_json(&self) -> serde_json::Value {
        serde_json::to_value(self).expect("a condition has text keys and finite numbers only")
    }

    /// The tree that JSON describes.
    ///
    /// # Errors
    /// If it is no tree, or one that the language cannot say.
    pub fn from_json(json: serde_json::Value) -> Result<Self, Problem> {
        let wrong = |message: String| Problem {
            at: 0..0,
            message,
            cure: "write it in words and let the program make the JSON".to_owned(),
        };
        let condition: Self = serde_json::from_value(json)
            .map_err(|error| wrong(format!("this JSON is no condition: {error}")))?;
        match Self::parse(&condition.to_string()) {
            Ok(read) if read == condition => Ok(condition),
            Ok(read) => Err(wrong(format!("this JSON says in another way: {read}"))),
            Err(mut problems) => Err(problems.remove(0)),
        }
    }
}

/// A channel as its word.
pub(super) mod channel {
    use super::*;

    pub(crate) fn serialize<S: Serializer>(channel: &Channel, s: S) -> Result<S::Ok, S::Error> {
        s.serialize_str(channel.word())
    }

    pub(crate) fn deserialize<'de, D: Deserializer<'de>>(d: D) -> Result<Channel, D::Error> {
        let word = String::deserialize(d)?;
        Channel::parse(&word).ok_or_else(|| D::Error::custom(format!("\"{word}\" is no channel")))
    }
}

/// A channel as its word, or nothing.
pub(super) mod maybe_channel {
    use super::*;

    pub(crate) fn serialize<S: Serializer>(
        channel: &Option<Channel>,
        s: S,
    ) -> Result<S::Ok, S::Error> {
        channel.map(Channel::word).serialize(s)
    }

    pub(crate) fn deserialize<'de, D: Deserializer<'de>>(
        d: D,
    ) -> Result<Option<Channel>, D::Error> {
        let Some(word) = Option::<String>::deserialize(d)? else { return Ok(None) };
        let channel = Channel::parse(&word);
        channel.map(Some).ok_or_else(|| D::Error::custom(format!("\"{word}\" is no channel")))
    }
}

/// A purpose as its word.
pub(super) mod purpose {
    use super::*;

    pub(crate) fn serialize<S: Serializer>(purpose: &Purpose, s: S) -> Result<S::Ok, S::Error> {
        s.serialize_str(purpose.word())
    }

    pub(crate) fn deserialize<'de, D: Deserializer<'de>>(d: D) -> Result<Purpose, D::Error> {
        let word = String::deserialize(d)?;
        Purpose::parse(&word).ok_or_else(|| D::Error::custom(format!("\"{word}\" is no purpose")))
    }
}

/// A kind of event as its name.
pub(super) mod kind {
    use super::*;

    pub(crate) fn serialize<S: Serializer>(kind: &Kind, s: S) -> Result<S::Ok, S::Error> {
        s.serialize_str(kind.name())
    }

    pub(crate) fn deserialize<'de, D: Deserializer<'de>>(d: D) -> Result<Kind, D::Error> {
        String::deserialize(d).map(|name| kind_named(&name))
    }
}

/// An amount as the language writes it: `"30.00 EUR"`.
pub(super) mod money_limit {
    use super::*;

    #[derive(Serialize, Deserialize)]
    struct Written {
        comparison: Comparison,
        value: String,
    }

    pub(crate) fn serialize<S: Serializer>(limit: &Limit<Money>, s: S) -> Result<S::Ok, S::Error> {
        Written { comparison: limit.comparison, value: limit.value.to_string() }.serialize(s)
    }

    pub(crate) fn deserialize<'de, D: Deserializer<'de>>(d: D) -> Result<Limit<Money>, D::Error> {
        let Written { comparison, value } = Written::deserialize(d)?;
        let money = value.split_once(' ').and_then(|(number, code)| {
            let currency = Currency::parse(code)?;
            Some(Money { minor: minor_units(number, currency.digits())?, currency })
        });
        let wrong = || D::Error::custom(format!("\"{value}\" is no amount such as 30.00 EUR"));
        Ok(Limit { comparison, value: money.ok_or_else(wrong)? })
    }
}
