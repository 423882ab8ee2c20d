//! Values that a source sent and that we keep as they are: traits and further properties.

use std::collections::BTreeMap;

use minicbor::{Decode, Encode};

/// Names and values in the order of the names, so that equal maps have equal bytes.
pub type Map = BTreeMap<String, Value>;

/// A value as JSON knows it, with whole numbers kept apart from fractions.
#[derive(Clone, Debug, PartialEq, Encode, Decode)]
pub enum Value {
    /// JSON's `null`.
    #[n(0)]
    Null,
    /// True or false.
    #[n(1)]
    Bool(#[n(0)] bool),
    /// A whole number.
    #[n(2)]
    Integer(#[n(0)] i64),
    /// Any other finite number.
    #[n(3)]
    Number(#[n(0)] f64),
    /// Text.
    #[n(4)]
    Text(#[n(0)] String),
    /// A list.
    #[n(5)]
    List(#[n(0)] Vec<Value>),
    /// A nested map.
    #[n(6)]
    Map(#[n(0)] Map),
}

impl Value {
    /// The text, if this is text.
    #[must_use]
    pub fn as_text(&self) -> Option<&str> {
        match self {
            Self::Text(text) => Some(text),
            Self::Null
            | Self::Bool(_)
            | Self::Integer(_)
            | Self::Number(_)
            | Self::List(_)
            | Self::Map(_) => None,
        }
    }

    /// A text, number or truth value as one word; `None` for what is none of them.
    #[must_use]
    pub fn as_word(&self) -> Option<String> {
        match self {
            Self::Text(text) => Some(text.clone()),
            Self::Integer(whole) => Some(whole.to_string()),
            Self::Number(number) => Some(number.to_string()),
            Self::Bool(yes) => Some(yes.to_string()),
            Self::Null | Self::List(_) | Self::Map(_) => None,
        }
    }

    /// The number, if this is one, as a fraction.
    #[must_use]
    pub fn as_number(&self) -> Option<f64> {
        match self {
            #[expect(clippy::cast_precision_loss, reason = "comparisons of sizes, not identities")]
            Self::Integer(whole) => Some(*whole as f64),
            Self::Number(number) => Some(*number),
            Self::Null | Self::Bool(_) | Self::Text(_) | Self::List(_) | Self::Map(_) => None,
        }
    }

    /// The same value for the outside world.
    #[must_use]
    pub fn to_json(&self) -> serde_json::Value {
        match self {
            Self::Null => serde_json::Value::Null,
            Self::Bool(yes) => (*yes).into(),
            Self::Integer(whole) => (*whole).into(),
            Self::Number(number) => serde_json::Number::from_f64(*number)
                .map_or(serde_json::Value::Null, serde_json::Value::Number),
            Self::Text(text) => text.clone().into(),
            Self::List(items) => items.iter().map(Self::to_json).collect(),
            Self::Map(map) => {
                map.iter().map(|(name, value)| (name.clone(), value.to_json())).collect()
            }
        }
    }

    /// A value that came from the outside world. Depth is bounded where the bytes are read.
    #[must_use]
    pub fn from_json(json: serde_json::Value) -> Self {
        match json {
            serde_json::Value::Null => Self::Null,
            serde_json::Value::Bool(yes) => Self::Bool(yes),
            serde_json::Value::Number(number) => number
                .as_i64()
                .map(Self::Integer)
                .or_else(|| number.as_f64().map(Self::Number))
                .unwrap_or(Self::Null),
            serde_json::Value::String(text) => Self::Text(text),
            serde_json::Value::Array(items) => {
                Self::List(items.into_iter().map(Self::from_json).collect())
            }
            serde_json::Value::Object(map) => Self::Map(
                map.into_iter().map(|(name, value)| (name, Self::from_json(value))).collect(),
            ),
        }
    }
}
