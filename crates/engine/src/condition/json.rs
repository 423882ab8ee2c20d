//! The JSON form of a condition, for the API and the pages: the tree, with the words of the language.

use jiff::civil::Date;
use serde::de::Error;
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use serde_json::Value as JsonValue;

use super::ast::{Comparison, Condition, Limit};
use super::problem::Problem;
use super::statement::kind_named;
use crate::event::{Channel, Currency, Kind, Money, Purpose, minor_units};
use crate::nearest::nearest;

impl Condition {
    /// The tree as JSON.
    #[must_use]
    pub fn to_json(&self) -> serde_json::Value {
        serde_json::to_value(self).expect("a condition has text keys and finite numbers only")
    }

    /// The tree that JSON describes.
    ///
    /// # Errors
    /// If it is no tree, one with keys that mean nothing, or one that the language cannot say.
    pub fn from_json(json: serde_json::Value) -> Result<Self, Problem> {
        let wrong = |message: String, cure: Option<String>| Problem {
            at: 0..0,
            message,
            cure: cure.unwrap_or_else(|| {
                "write it in words and let the program make the JSON".to_owned()
            }),
        };
        let condition = Self::deserialize(&json).map_err(|error| {
            let error = error.to_string();
            let cure = meant(&error, &json);
            wrong(format!("this JSON is no condition: {error}"), cure)
        })?;
        if let Some((key, cure)) = meaningless(&json, &condition.to_json()) {
            return Err(wrong(format!("the key \"{key}\" means nothing where it stands"), cure));
        }
        match Self::parse(&condition.to_string()) {
            Ok(read) if read == condition => Ok(condition),
            Ok(read) => Err(wrong(format!("this JSON says in another way: {read}"), None)),
            Err(mut problems) => Err(problems.remove(0)),
        }
    }
}

/// Keys that may be left out, where they say what is so without them.
const LEFT_OUT: [&str; 4] = ["channel", "window", "filter", "within"];

/// The first key that the tree does not have, and what was meant by it: reading passes over what
/// it does not know, and a misspelt window would widen a condition to all times.
fn meaningless(json: &JsonValue, tree: &JsonValue) -> Option<(String, Option<String>)> {
    match (json, tree) {
        (JsonValue::Object(json), JsonValue::Object(tree)) => {
            json.iter().find_map(|(key, held)| {
                if let Some(read) = tree.get(key) {
                    return meaningless(held, read);
                }
                let none = held.as_array().is_some_and(Vec::is_empty);
                let said = held.is_null() || none || held.as_str() == Some("ever");
                if LEFT_OUT.contains(&key.as_str()) && said {
                    return None;
                }
                let known = tree.keys().map(String::as_str).chain(LEFT_OUT);
                let missing = known.filter(|known| !json.contains_key(*known));
                let cure = nearest(key, missing).map(|near| format!("did you mean \"{near}\"?"));
                Some((key.clone(), cure.or_else(|| Some("leave it out".to_owned()))))
            })
        }
        (JsonValue::Array(json), JsonValue::Array(tree)) => {
            json.iter().zip(tree).find_map(|(json, tree)| meaningless(json, tree))
        }
        _ => None,
    }
}

/// What was meant where a word is none of those expected, or a key is missing: the reader's error
/// names them between backticks.
fn meant(error: &str, json: &JsonValue) -> Option<String> {
    let mut named = error.split('`').skip(1).step_by(2);
    let first = named.next()?;
    if error.starts_with("unknown variant") {
        return nearest(first, named).map(|near| format!("did you mean \"{near}\"?"));
    }
    if !error.starts_with("missing field") {
        return None;
    }
    let mut keys = Vec::new();
    keys_in(json, &mut keys);
    let near = nearest(first, keys)?;
    Some(format!("write \"{first}\" in place of \"{near}\""))
}

fn keys_in<'j>(json: &'j JsonValue, keys: &mut Vec<&'j str>) {
    match json {
        JsonValue::Object(map) => {
            for (key, held) in map {
                keys.push(key);
                keys_in(held, keys);
            }
        }
        JsonValue::Array(items) => items.iter().for_each(|item| keys_in(item, keys)),
        JsonValue::Null | JsonValue::Bool(_) | JsonValue::Number(_) | JsonValue::String(_) => {}
    }
}

/// A day as `2026-11-27`.
pub(super) mod date {
    use super::*;

    pub(crate) fn serialize<S: Serializer>(date: &Date, s: S) -> Result<S::Ok, S::Error> {
        s.serialize_str(&date.to_string())
    }

    pub(crate) fn deserialize<'de, D: Deserializer<'de>>(d: D) -> Result<Date, D::Error> {
        read(&String::deserialize(d)?)
    }

    pub(super) fn read<E: Error>(text: &str) -> Result<Date, E> {
        super::super::part::date(text).ok_or_else(|| E::custom(format!("\"{text}\" is no day")))
    }
}

/// A first and a last day.
pub(super) mod dates {
    use super::*;

    pub(crate) fn serialize<S: Serializer>(days: &(Date, Date), s: S) -> Result<S::Ok, S::Error> {
        [days.0.to_string(), days.1.to_string()].serialize(s)
    }

    pub(crate) fn deserialize<'de, D: Deserializer<'de>>(d: D) -> Result<(Date, Date), D::Error> {
        let [first, last] = <[String; 2]>::deserialize(d)?;
        Ok((date::read(&first)?, date::read(&last)?))
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
