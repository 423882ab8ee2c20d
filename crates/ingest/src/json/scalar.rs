//! Values as sources write them: an id may be a number, a price may be text, an empty list may
//! stand for an empty map (PHP). Nothing here fails on a value's type.

use std::borrow::Cow;
use std::fmt;

use regulars_engine::event::{Map, Value};
use serde::de::{Deserialize, DeserializeSeed, Deserializer, MapAccess, SeqAccess, Visitor};

/// One value that is expected to be no list and no map; text is borrowed where it can be.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) enum Scalar<'a> {
    /// Not there, `null`, or text without a visible character.
    #[default]
    Absent,
    /// Trimmed, and not empty.
    Text(Cow<'a, str>),
    Whole(i64),
    Fraction(f64),
    Bool(bool),
    /// A list or a map, where none was expected.
    Nested(Value),
}

impl<'a> Scalar<'a> {
    pub(crate) fn present(&self) -> bool {
        !matches!(self, Self::Absent)
    }

    /// The value as text: an id that was sent as a number is the digits of the number.
    pub(crate) fn text(&self) -> Option<Cow<'_, str>> {
        match self {
            Self::Absent | Self::Nested(_) => None,
            Self::Text(text) => Some(Cow::Borrowed(text)),
            Self::Whole(number) => Some(Cow::Owned(number.to_string())),
            Self::Fraction(number) => Some(Cow::Owned(number.to_string())),
            Self::Bool(yes) => Some(Cow::Borrowed(if *yes { "true" } else { "false" })),
        }
    }

    /// Every text in it: of a list, each text of the list.
    pub(crate) fn each_text(&self, mut use_text: impl FnMut(&str)) {
        match self {
            Self::Nested(Value::List(items)) => {
                items.iter().filter_map(Value::as_text).for_each(use_text);
            }
            Self::Absent
            | Self::Text(_)
            | Self::Whole(_)
            | Self::Fraction(_)
            | Self::Bool(_)
            | Self::Nested(_) => {
                if let Some(text) = self.text() {
                    use_text(&text);
                }
            }
        }
    }

    /// The value to keep; `None` if there is none.
    pub(crate) fn into_value(self) -> Option<Value> {
        Some(match self {
            Self::Absent => return None,
            Self::Text(text) => Value::Text(text.into_owned()),
            Self::Whole(number) => Value::Integer(number),
            Self::Fraction(number) => Value::Number(number),
            Self::Bool(yes) => Value::Bool(yes),
            Self::Nested(value) => value,
        })
    }

    /// White space around a text is nobody's meaning.
    fn of_text(text: Cow<'a, str>) -> Self {
        let bytes = text.as_bytes();
        let visible = |byte: Option<&u8>| byte.is_some_and(u8::is_ascii_graphic);
        if visible(bytes.first()) && visible(bytes.last()) {
            return Self::Text(text);
        }
        let trimmed = match text {
            Cow::Borrowed(text) => Cow::Borrowed(text.trim()),
            Cow::Owned(text) => Cow::Owned(text.trim().to_owned()),
        };
        if trimmed.is_empty() { Self::Absent } else { Self::Text(trimmed) }
    }
}

struct ScalarVisitor;

impl<'de> Visitor<'de> for ScalarVisitor {
    type Value = Scalar<'de>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a value")
    }

    fn visit_unit<E>(self) -> Result<Self::Value, E> {
        Ok(Scalar::Absent)
    }

    fn visit_bool<E>(self, yes: bool) -> Result<Self::Value, E> {
        Ok(Scalar::Bool(yes))
    }

    fn visit_i64<E>(self, number: i64) -> Result<Self::Value, E> {
        Ok(Scalar::Whole(number))
    }

    fn visit_u64<E>(self, number: u64) -> Result<Self::Value, E> {
        // Beyond 63 bits it can only be an id: its digits are what matters.
        Ok(i64::try_from(number)
            .map_or_else(|_| Scalar::Text(Cow::Owned(number.to_string())), Scalar::Whole))
    }

    fn visit_f64<E>(self, number: f64) -> Result<Self::Value, E> {
        Ok(Scalar::Fraction(number))
    }

    fn visit_borrowed_str<E>(self, text: &'de str) -> Result<Self::Value, E> {
        Ok(Scalar::of_text(Cow::Borrowed(text)))
    }

    fn visit_str<E>(self, text: &str) -> Result<Self::Value, E> {
        Ok(Scalar::of_text(Cow::Owned(text.to_owned())))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, list: A) -> Result<Self::Value, A::Error> {
        HeldVisitor.visit_seq(list).map(|held| Scalar::Nested(held.0))
    }

    fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<Self::Value, A::Error> {
        HeldVisitor.visit_map(map).map(|held| Scalar::Nested(held.0))
    }
}

impl<'de> Deserialize<'de> for Scalar<'de> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(ScalarVisitor)
    }
}

/// A value that is kept as it came.
#[derive(Debug)]
pub(crate) struct Held(pub(crate) Value);

struct HeldVisitor;

impl<'de> Visitor<'de> for HeldVisitor {
    type Value = Held;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a value")
    }

    fn visit_unit<E>(self) -> Result<Held, E> {
        Ok(Held(Value::Null))
    }

    fn visit_bool<E>(self, yes: bool) -> Result<Held, E> {
        Ok(Held(Value::Bool(yes)))
    }

    fn visit_i64<E>(self, number: i64) -> Result<Held, E> {
        Ok(Held(Value::Integer(number)))
    }

    #[expect(clippy::cast_precision_loss, reason = "JSON has no whole numbers beyond 53 bits")]
    fn visit_u64<E>(self, number: u64) -> Result<Held, E> {
        Ok(Held(i64::try_from(number).map_or(Value::Number(number as f64), Value::Integer)))
    }

    fn visit_f64<E>(self, number: f64) -> Result<Held, E> {
        Ok(Held(Value::Number(number)))
    }

    fn visit_str<E>(self, text: &str) -> Result<Held, E> {
        Ok(Held(Value::Text(text.to_owned())))
    }

    fn visit_string<E>(self, text: String) -> Result<Held, E> {
        Ok(Held(Value::Text(text)))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Held, A::Error> {
        let mut items = Vec::new();
        while let Some(Held(item)) = list.next_element()? {
            items.push(item);
        }
        Ok(Held(Value::List(items)))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut entries: A) -> Result<Held, A::Error> {
        let mut map = Map::new();
        while let Some(name) = entries.next_key::<String>()? {
            let Held(value) = entries.next_value()?;
            map.insert(name, value);
        }
        Ok(Held(Value::Map(map)))
    }
}

impl<'de> Deserialize<'de> for Held {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(HeldVisitor)
    }
}

/// Something that is read from a JSON object field by field, and is empty when the source sent
/// anything but an object.
pub(crate) trait Shape<'de>: Default {
    /// Reads the value of the field `name`, which comes next in `entries`.
    fn field<A: MapAccess<'de>>(
        &mut self,
        name: Cow<'de, str>,
        entries: &mut A,
    ) -> Result<(), A::Error>;

    /// Notes that there was something, but no object. An empty list is an empty object in PHP.
    fn not_an_object(&mut self, _value: Value) {}
}

/// Text that is borrowed where JSON needs no unescaping.
struct Key<'de>(Cow<'de, str>);

impl<'de> Deserialize<'de> for Key<'de> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct KeyVisitor;
        impl<'de> Visitor<'de> for KeyVisitor {
            type Value = Key<'de>;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a name")
            }
            fn visit_borrowed_str<E>(self, text: &'de str) -> Result<Key<'de>, E> {
                Ok(Key(Cow::Borrowed(text)))
            }
            fn visit_str<E>(self, text: &str) -> Result<Key<'de>, E> {
                Ok(Key(Cow::Owned(text.to_owned())))
            }
        }
        deserializer.deserialize_str(KeyVisitor)
    }
}

/// Fills a [`Shape`] where it stands: these are large, and moving them costs more than reading.
pub(crate) struct Fill<'t, T>(pub(crate) &'t mut T);

impl<'de, T: Shape<'de>> DeserializeSeed<'de> for Fill<'_, T> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de, T: Shape<'de>> Visitor<'de> for Fill<'_, T> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut entries: A) -> Result<(), A::Error> {
        while let Some(Key(name)) = entries.next_key()? {
            self.0.field(name, &mut entries)?;
        }
        Ok(())
    }

    fn visit_unit<E>(self) -> Result<(), E> {
        Ok(())
    }

    fn visit_bool<E>(self, yes: bool) -> Result<(), E> {
        self.0.not_an_object(Value::Bool(yes));
        Ok(())
    }

    fn visit_i64<E>(self, number: i64) -> Result<(), E> {
        self.0.not_an_object(Value::Integer(number));
        Ok(())
    }

    fn visit_u64<E>(self, number: u64) -> Result<(), E> {
        self.0.not_an_object(Value::Text(number.to_string()));
        Ok(())
    }

    fn visit_f64<E>(self, number: f64) -> Result<(), E> {
        self.0.not_an_object(Value::Number(number));
        Ok(())
    }

    fn visit_str<E>(self, text: &str) -> Result<(), E> {
        if !text.trim_ascii().is_empty() {
            self.0.not_an_object(Value::Text(text.to_owned()));
        }
        Ok(())
    }

    fn visit_seq<A: SeqAccess<'de>>(self, list: A) -> Result<(), A::Error> {
        let Held(value) = HeldVisitor.visit_seq(list)?;
        if value != Value::List(Vec::new()) {
            self.0.not_an_object(value);
        }
        Ok(())
    }
}
