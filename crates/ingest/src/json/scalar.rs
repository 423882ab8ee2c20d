//! Values as sources write them: an id may be a number, a price may be text, an empty list may
//! stand for an empty map (PHP). Nothing here fails on a value's type.

use std::borrow::Cow;

use regulars_engine::event::Value;

use super::tokens::{Content, Node, number};

/// One value that is expected to be no list and no map; text is borrowed where it can be.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) enum Scalar<'a> {
    /// Not there, `null`, or text without a visible character.
    #[default]
    Absent,
    /// Trimmed, and not empty.
    Text(Cow<'a, str>),
    Whole(i64),
    /// A number with a point or an exponent, or too large to be whole, as it was written.
    Number(&'a str),
    Bool(bool),
    /// A list or a map, where none was expected.
    Nested(Value),
}

impl<'a> Scalar<'a> {
    pub(crate) fn of(node: Node<'a, '_>) -> Self {
        match node.content() {
            Content::Null => Self::Absent,
            Content::Bool(yes) => Self::Bool(yes),
            Content::Number(written) => written.parse().map_or(Self::Number(written), Self::Whole),
            Content::Text(text) => Self::of_text(text),
            Content::List | Content::Map => Self::Nested(node.value()),
        }
    }

    pub(crate) fn present(&self) -> bool {
        !matches!(self, Self::Absent)
    }

    /// The value as text: an id that was sent as a number is the digits of the number.
    pub(crate) fn text(&self) -> Option<Cow<'_, str>> {
        match self {
            Self::Absent | Self::Nested(_) => None,
            Self::Text(text) => Some(Cow::Borrowed(text)),
            Self::Whole(number) => Some(Cow::Owned(number.to_string())),
            // A spreadsheet made 17850.0 of the id 17850.
            Self::Number(written) => Some(match number(written).as_number() {
                Some(number) if written.contains('.') => Cow::Owned(number.to_string()),
                Some(_) | None => Cow::Borrowed(written),
            }),
            Self::Bool(yes) => Some(Cow::Borrowed(if *yes { "true" } else { "false" })),
        }
    }

    /// The value as text of its own.
    pub(crate) fn into_text(self) -> Option<String> {
        if let Self::Text(text) = self {
            return Some(text.into_owned());
        }
        self.text().map(Cow::into_owned)
    }

    /// Every text in it: of a list, each text of the list.
    pub(crate) fn each_text(&self, mut use_text: impl FnMut(&str)) {
        match self {
            Self::Absent => {}
            Self::Nested(Value::List(items)) => {
                items.iter().filter_map(Value::as_text).for_each(use_text);
            }
            Self::Text(_) | Self::Whole(_) | Self::Number(_) | Self::Bool(_) | Self::Nested(_) => {
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
            Self::Number(written) => number(written),
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

/// Something that is read from a JSON object field by field, and is empty when the source sent
/// anything but an object.
pub(crate) trait Shape<'a> {
    /// Takes one field.
    fn field(&mut self, name: Cow<'a, str>, value: Node<'a, '_>);

    /// Notes that there was something, but no object.
    fn not_an_object(&mut self, _value: Value) {}
}

/// Fills `shape` where it stands: these are large, and moving them costs more than reading.
pub(crate) fn fill<'a>(shape: &mut impl Shape<'a>, node: Node<'a, '_>) {
    match node.content() {
        Content::Map => node.entries().for_each(|(name, value)| shape.field(name, value)),
        Content::Null => {}
        Content::Text(text) if text.trim_ascii().is_empty() => {}
        // PHP writes an empty map as an empty list.
        Content::List if node.items().next().is_none() => {}
        Content::Text(_) | Content::Bool(_) | Content::Number(_) | Content::List => {
            shape.not_an_object(node.value());
        }
    }
}
