//! Values as sources write them: an id may be a number, a price may be text, an empty list may
//! stand for an empty map (PHP). Nothing here fails on a value's type.

use std::borrow::Cow;

use regulars_engine::event::Value;

use super::reader::{Reader, Token, number, unescape};

/// One value that is expected to be no list and no map, borrowed from where it stands.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(crate) enum Scalar<'a> {
    /// Not there, `null`, or text without a visible character.
    #[default]
    Absent,
    /// Trimmed, and not empty.
    Text(&'a str),
    /// Text with a visible character that must still be unescaped and trimmed.
    Escaped(&'a str),
    Whole(i64),
    /// A number with a point or an exponent, or too large to be whole, as it was written.
    Number(&'a str),
    Bool(bool),
    /// A list or a map as it was written, where none was expected.
    Nested(&'a str),
}

impl<'a> Scalar<'a> {
    /// Takes the next value; `None` where it is unusual.
    pub(crate) fn read(reader: &mut Reader<'a>) -> Option<Self> {
        Some(match reader.token()? {
            Token::Null => Self::Absent,
            Token::Bool(yes) => Self::Bool(yes),
            Token::Number(written) => written.parse().map_or(Self::Number(written), Self::Whole),
            Token::Text(text) => Self::of_text(text),
            Token::Escaped(written) if unescape(written).trim().is_empty() => Self::Absent,
            Token::Escaped(written) => Self::Escaped(written),
            Token::List | Token::Map => {
                let begin = reader.position();
                reader.skip()?;
                Self::Nested(reader.since(begin))
            }
        })
    }

    #[inline]
    pub(crate) fn present(self) -> bool {
        !matches!(self, Self::Absent)
    }

    /// The value as text: an id that was sent as a number is the digits of the number.
    pub(crate) fn text(self) -> Option<Cow<'a, str>> {
        match self {
            Self::Absent | Self::Nested(_) => None,
            Self::Text(text) => Some(Cow::Borrowed(text)),
            Self::Escaped(written) => Some(Cow::Owned(unescape(written).trim().to_owned())),
            Self::Whole(number) => Some(Cow::Owned(number.to_string())),
            // A spreadsheet made 17850.0 of the id 17850.
            Self::Number(written) => Some(match number(written).as_number() {
                Some(number) if written.contains('.') => Cow::Owned(number.to_string()),
                Some(_) | None => Cow::Borrowed(written),
            }),
            Self::Bool(yes) => Some(Cow::Borrowed(if yes { "true" } else { "false" })),
        }
    }

    /// Every text in it: of a list, each text of the list.
    pub(crate) fn each_text(self, mut use_text: impl FnMut(&str)) {
        match self {
            Self::Nested(_) => {
                if let Some(Value::List(items)) = self.value() {
                    items.iter().filter_map(Value::as_text).for_each(use_text);
                }
            }
            Self::Absent => {}
            Self::Text(text) => use_text(text),
            Self::Escaped(_) | Self::Whole(_) | Self::Number(_) | Self::Bool(_) => {
                if let Some(text) = self.text() {
                    use_text(&text);
                }
            }
        }
    }

    /// The value to keep; `None` if there is none.
    pub(crate) fn value(self) -> Option<Value> {
        match self {
            Self::Absent => None,
            Self::Text(text) => Some(Value::Text(text.to_owned())),
            Self::Escaped(_) => self.text().map(|text| Value::Text(text.into_owned())),
            Self::Whole(number) => Some(Value::Integer(number)),
            Self::Number(written) => Some(number(written)),
            Self::Bool(yes) => Some(Value::Bool(yes)),
            // It was skipped by the same grammar, so that it can be read.
            Self::Nested(written) => Reader::new(written).value(),
        }
    }

    /// White space around a text is nobody's meaning.
    fn of_text(text: &'a str) -> Self {
        let bytes = text.as_bytes();
        let visible = |byte: Option<&u8>| byte.is_some_and(u8::is_ascii_graphic);
        if visible(bytes.first()) && visible(bytes.last()) {
            return Self::Text(text);
        }
        match text.trim() {
            "" => Self::Absent,
            trimmed => Self::Text(trimmed),
        }
    }
}

/// Something that is read from a JSON object field by field, and is empty when the source sent
/// anything but an object.
pub(crate) trait Shape<'a> {
    /// Takes the value of one field; `None` where it is unusual.
    fn field(&mut self, name: &str, reader: &mut Reader<'a>) -> Option<()>;

    /// Notes that there was something, but no object.
    fn not_an_object(&mut self, _value: Value) {}
}

/// Fills `shape` where it stands: these are large, and moving them costs more than reading.
pub(crate) fn fill<'a>(shape: &mut impl Shape<'a>, reader: &mut Reader<'a>) -> Option<()> {
    if reader.peek()? == b'{' {
        return reader.map(|reader, name| shape.field(name, reader));
    }
    let value = reader.value()?;
    if !says_nothing(&value) {
        shape.not_an_object(value);
    }
    Some(())
}

/// Whether this stands for an empty map: PHP writes one as an empty list.
pub(crate) fn says_nothing(value: &Value) -> bool {
    match value {
        Value::Null => true,
        Value::Text(text) => text.trim_ascii().is_empty(),
        Value::List(items) => items.is_empty(),
        Value::Bool(_) | Value::Integer(_) | Value::Number(_) | Value::Map(_) => false,
    }
}
