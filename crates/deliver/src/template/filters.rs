//! The environment in which templates run: few filters, each of which refuses a missing value.
//!
//! The engine's own filters are not used: in strict mode some of them take a missing value for an
//! empty one, and some can make a text of any length.

use minijinja::value::{Value, ValueKind};
use minijinja::{
    AutoEscape, Environment, Error, ErrorKind, Output, State, UndefinedBehavior, tests,
};

use super::source::FUEL;
use crate::email::{breaks_line, turns_direction};

/// The filters that a template may use.
pub(super) const NAMES: [&str; 13] = [
    "default",
    "d",
    "upper",
    "lower",
    "capitalize",
    "title",
    "trim",
    "truncate",
    "length",
    "first",
    "last",
    "join",
    "urlencode",
];
/// The tests that a template may use after `is`.
pub(super) const TEST_NAMES: [&str; 6] =
    ["defined", "undefined", "none", "odd", "even", "divisibleby"];
/// The filter that [`super::place`] adds to placeholders in styles. Its name cannot be meant by
/// accident, and using it on purpose only makes a value stricter.
pub(super) const STYLE: &str = "__style";

/// The longest text that a filter returns, in bytes.
const TEXT_MAX: usize = 64 * 1024;

/// An environment without loaders, functions and globals.
pub(super) fn environment() -> Environment<'static> {
    let mut environment = Environment::empty();
    environment.set_undefined_behavior(UndefinedBehavior::Strict);
    environment.set_fuel(Some(FUEL));
    environment.set_auto_escape_callback(|name| {
        if name == super::render::HTML { AutoEscape::Html } else { AutoEscape::None }
    });
    environment.set_formatter(print);
    environment.add_filter("default", default);
    environment.add_filter("d", default);
    environment.add_filter("upper", |value: &Value| bounded(text(value)?.to_uppercase()));
    environment.add_filter("lower", |value: &Value| bounded(text(value)?.to_lowercase()));
    environment.add_filter("capitalize", |value: &Value| bounded(capitalize(&text(value)?)));
    environment.add_filter("title", title);
    environment.add_filter("trim", |value: &Value| bounded(text(value)?.trim().to_owned()));
    environment.add_filter("truncate", truncate);
    environment.add_filter("length", length);
    environment.add_filter("first", |value: &Value| end_of(value, |items| items.next()));
    environment.add_filter("last", |value: &Value| end_of(value, |items| items.last()));
    environment.add_filter("join", join);
    environment.add_filter("urlencode", |value: &Value| urlencode(&text(value)?));
    environment.add_filter(STYLE, style);
    environment.add_test("defined", tests::is_defined);
    environment.add_test("undefined", tests::is_undefined);
    environment.add_test("none", tests::is_none);
    environment.add_test("odd", tests::is_odd);
    environment.add_test("even", tests::is_even);
    environment.add_test("divisibleby", tests::is_divisibleby);
    environment
}

/// Prints a value in its place: escaped for HTML, on one line, in the direction of its surroundings.
fn print(out: &mut Output<'_>, state: &mut State<'_, '_>, value: &Value) -> Result<(), Error> {
    let text = text(value)?;
    let html = matches!(state.auto_escape(), AutoEscape::Html);
    let special = |c: char| {
        breaks_line(c) || turns_direction(c) || (html && matches!(c, '&' | '<' | '>' | '"' | '\''))
    };
    let mut rest = text.as_str();
    while let Some(at) = rest.find(special) {
        let (plain, tail) = rest.split_at(at);
        out.write_str(plain)?;
        let mut tail = tail.chars();
        out.write_str(match tail.next() {
            Some('&') => "&amp;",
            Some('<') => "&lt;",
            Some('>') => "&gt;",
            Some('"') => "&#34;",
            Some('\'') => "&#39;",
            Some(c) if turns_direction(c) => "",
            _ => " ",
        })?;
        rest = tail.as_str();
    }
    out.write_str(rest)?;
    Ok(())
}

/// `text` as it is printed outside of HTML.
pub(super) fn printed(text: &str) -> String {
    let one_place = |c: char| if breaks_line(c) { ' ' } else { c };
    text.chars().filter(|c| !turns_direction(*c)).map(one_place).collect()
}

/// A value as text. Lists, maps and truth values have none: printing a whole person, or "True" in the
/// middle of a sentence, is never meant.
fn text(value: &Value) -> Result<String, Error> {
    #[expect(clippy::wildcard_enum_match_arm, reason = "the engine may add kinds; none is a text")]
    match value.kind() {
        ValueKind::String | ValueKind::Number => Ok(value.to_string()),
        ValueKind::Undefined | ValueKind::None => Err(missing()),
        _ => Err(wrong_kind()),
    }
}

fn missing() -> Error {
    Error::new(ErrorKind::UndefinedError, "missing")
}

fn wrong_kind() -> Error {
    Error::new(ErrorKind::InvalidOperation, "wrong kind")
}

fn too_much() -> Error {
    Error::new(ErrorKind::OutOfFuel, "too long")
}

fn bounded(text: String) -> Result<String, Error> {
    if text.len() > TEXT_MAX { Err(too_much()) } else { Ok(text) }
}

/// The fallback for a value that is missing, null or blank.
fn default(value: &Value, fallback: Value) -> Value {
    let blank = value.as_str().is_some_and(|text| text.trim().is_empty());
    let absent = value.is_undefined() || value.is_none() || blank;
    if absent { fallback } else { value.clone() }
}

fn capitalize(text: &str) -> String {
    let mut chars = text.chars();
    let first = chars.next().map(|c| c.to_uppercase().collect::<String>()).unwrap_or_default();
    first + &chars.as_str().to_lowercase()
}

fn title(value: &Value) -> Result<String, Error> {
    let text = text(value)?;
    let words: Vec<String> = text.split(' ').map(capitalize).collect();
    bounded(words.join(" "))
}

/// The first `length` characters (default 60), with an ellipsis for what was cut.
fn truncate(value: &Value, length: Option<usize>) -> Result<String, Error> {
    let text = text(value)?;
    let length = length.unwrap_or(60);
    if text.chars().count() <= length {
        return bounded(text);
    }
    let kept: String = text.chars().take(length.saturating_sub(1)).collect();
    bounded(kept.trim_end().to_owned() + "…")
}

fn length(value: &Value) -> Result<usize, Error> {
    if value.is_undefined() || value.is_none() {
        return Err(missing());
    }
    value.len().ok_or_else(wrong_kind)
}

fn end_of(
    value: &Value,
    pick: impl Fn(&mut dyn Iterator<Item = Value>) -> Option<Value>,
) -> Result<Value, Error> {
    if value.is_undefined() || value.is_none() {
        return Err(missing());
    }
    pick(&mut value.try_iter()?).ok_or_else(missing)
}

fn join(value: &Value, separator: Option<String>) -> Result<String, Error> {
    if value.is_undefined() || value.is_none() {
        return Err(missing());
    }
    let separator = separator.unwrap_or_default();
    let mut joined = String::new();
    for (index, item) in value.try_iter()?.enumerate() {
        if index > 0 {
            joined.push_str(&separator);
        }
        joined.push_str(&text(&item)?);
        if joined.len() > TEXT_MAX {
            return Err(too_much());
        }
    }
    Ok(joined)
}

/// For one value inside a query or a path: everything but letters, digits and `-._~` is encoded.
fn urlencode(text: &str) -> Result<String, Error> {
    let mut encoded = String::with_capacity(text.len());
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) {
            encoded.push(char::from(byte));
        } else {
            encoded.push_str(&format!("%{byte:02X}"));
        }
    }
    bounded(encoded)
}

/// A value inside a style: one colour, number or word, and nothing that ends a property or loads
/// something.
fn style(value: &Value) -> Result<String, Error> {
    let text = text(value)?;
    let plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '#' | '.' | '%' | '-' | ' ');
    if text.len() <= 40 && text.chars().all(plain) {
        return Ok(text);
    }
    Err(Error::new(ErrorKind::BadEscape, "not for a style"))
}
