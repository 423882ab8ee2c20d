//! JSON in one pass: where each key and value begins and ends, checked against the grammar.
//!
//! [`Tokens::message`] is strict and stops at anything unusual; then the tolerant [`Scanner`] finds
//! where the message ends and what is wrong with it. So the usual message costs one pass, and its
//! texts are borrowed from the body.

use std::borrow::Cow;

use regulars_engine::event::{Map, Value};

use super::scan::{Facts, Malformed, Piece, Scanner, hex4};
use crate::limits::NESTING_MAX;

/// What a token is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Shape {
    Map,
    List,
    /// Text without a backslash.
    Text,
    /// Text that must be unescaped.
    Escaped,
    Number,
    True,
    False,
    Null,
}

/// One key or value. A map or list is followed by what is in it.
#[derive(Clone, Copy, Debug)]
struct Token {
    shape: Shape,
    /// From the beginning of the bytes; of text, what stands between the quotes.
    begin: u32,
    end: u32,
    /// The number of the token behind this value and all that is in it.
    next: u32,
}

/// The tokens of every message of a body, one after the other.
#[derive(Debug)]
pub(crate) struct Tokens<'a> {
    bytes: &'a [u8],
    tokens: Vec<Token>,
}

/// A message that was cut out: its bytes, and its first token if it follows the grammar, else
/// where it breaks it.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Cut<'a> {
    pub(crate) piece: Piece<'a>,
    /// Where its bytes begin in the body.
    begin: usize,
    pub(crate) first: Result<usize, usize>,
}

/// How many bytes stand before the first quote, backslash or control character. Eight are looked at
/// at once: subtracting makes the high bit of a byte that was too small (Mycroft's trick); bits above
/// the lowest one set may be wrong, so that only the lowest counts.
fn plain(bytes: &[u8]) -> usize {
    const ONES: u64 = 0x0101_0101_0101_0101;
    const HIGH: u64 = ONES << 7;
    let zero = |word: u64| word.wrapping_sub(ONES) & !word;
    let (eights, rest) = bytes.as_chunks::<8>();
    for (number, eight) in eights.iter().enumerate() {
        let word = u64::from_le_bytes(*eight);
        let quote = zero(word ^ (ONES * 0x22));
        let backslash = zero(word ^ (ONES * 0x5c));
        let control = word.wrapping_sub(ONES * 0x20) & !word;
        let found = (quote | backslash | control) & HIGH;
        if found != 0 {
            return number * 8 + (found.trailing_zeros() / 8) as usize;
        }
    }
    let end = rest.iter().position(|byte| matches!(byte, b'"' | b'\\' | 0..0x20));
    eights.len() * 8 + end.unwrap_or(rest.len())
}

impl<'a> Tokens<'a> {
    pub(crate) fn new(bytes: &'a [u8]) -> Self {
        // Bodies and files are bounded far below 4 GB before they come here.
        debug_assert!(u32::try_from(bytes.len()).is_ok());
        // A message of a shop has a token for each ten bytes or so.
        Self { bytes, tokens: Vec::with_capacity(bytes.len() / 10) }
    }

    /// Cuts out the value that comes next in `scanner`, which runs over the same bytes.
    pub(crate) fn message(&mut self, scanner: &mut Scanner<'a>) -> Result<Cut<'a>, Malformed> {
        scanner.peek();
        let begin = scanner.position();
        let first = self.tokens.len();
        let mut pass = Pass { bytes: self.bytes, at: begin, tokens: &mut self.tokens };
        match pass.value() {
            Some(()) => {
                let end = pass.at;
                scanner.move_to(end);
                let piece = Piece { bytes: &self.bytes[begin..end], facts: Facts::default() };
                Ok(Cut { piece, begin, first: Ok(first) })
            }
            None => {
                let stopped = pass.at;
                self.tokens.truncate(first);
                let piece = scanner.value()?;
                let stopped = stopped.saturating_sub(begin).min(piece.bytes.len());
                Ok(Cut { piece, begin, first: Err(stopped) })
            }
        }
    }

    /// The value that begins with the token `first`, once its bytes are known to be text.
    pub(crate) fn node<'t>(&'t self, cut: &Cut<'a>, text: &'a str, first: usize) -> Node<'a, 't> {
        Node { tokens: &self.tokens, text, base: cut.begin, index: first }
    }

    /// The value at `node` as a message of its own.
    pub(crate) fn cut(&self, node: &Node<'a, '_>) -> Cut<'a> {
        let token = node.token();
        // The quotes around a text are part of its bytes.
        let quotes = usize::from(matches!(token.shape, Shape::Text | Shape::Escaped));
        let (begin, end) = (long(token.begin) - quotes, long(token.end) + quotes);
        let piece = Piece { bytes: &self.bytes[begin..end], facts: Facts::default() };
        Cut { piece, begin, first: Ok(node.index) }
    }
}

/// The strict pass over one value.
struct Pass<'a, 't> {
    bytes: &'a [u8],
    at: usize,
    tokens: &'t mut Vec<Token>,
}

/// Levels that the strict pass goes down.
const LEVELS: usize = NESTING_MAX as usize;

impl Pass<'_, '_> {
    /// Takes one value; `None` where it is unusual, with `at` near the place.
    fn value(&mut self) -> Option<()> {
        let mut open = [0_usize; LEVELS];
        let mut depth = 0;
        loop {
            match self.visible()? {
                b'{' => {
                    *open.get_mut(depth)? = self.open(Shape::Map);
                    depth += 1;
                    if self.visible()? == b'}' {
                        self.close(open[depth - 1]);
                        depth -= 1;
                    } else {
                        self.key()?;
                        continue;
                    }
                }
                b'[' => {
                    *open.get_mut(depth)? = self.open(Shape::List);
                    depth += 1;
                    if self.visible()? == b']' {
                        self.close(open[depth - 1]);
                        depth -= 1;
                    } else {
                        continue;
                    }
                }
                b'"' => self.string()?,
                b'-' | b'0'..=b'9' => self.number()?,
                b't' => self.literal(b"true", Shape::True)?,
                b'f' => self.literal(b"false", Shape::False)?,
                b'n' => self.literal(b"null", Shape::Null)?,
                _ => return None,
            }
            // A value is complete: so may be what it stands in.
            loop {
                let Some(inner) = depth.checked_sub(1) else { return Some(()) };
                let map = self.tokens[open[inner]].shape == Shape::Map;
                match (self.visible()?, map) {
                    (b',', true) => {
                        self.at += 1;
                        self.visible()?;
                        self.key()?;
                        break;
                    }
                    (b',', false) => {
                        self.at += 1;
                        break;
                    }
                    (b'}', true) | (b']', false) => {
                        self.close(open[inner]);
                        depth = inner;
                    }
                    _ => return None,
                }
            }
        }
    }

    fn visible(&mut self) -> Option<u8> {
        loop {
            let byte = *self.bytes.get(self.at)?;
            if !matches!(byte, b' ' | b'\n' | b'\r' | b'\t') {
                return Some(byte);
            }
            self.at += 1;
        }
    }

    fn push(&mut self, shape: Shape, begin: usize, end: usize) {
        let next = self.tokens.len() + 1;
        self.tokens.push(Token { shape, begin: short(begin), end: short(end), next: short(next) });
    }

    fn open(&mut self, shape: Shape) -> usize {
        let index = self.tokens.len();
        self.push(shape, self.at, self.at);
        self.at += 1;
        index
    }

    fn close(&mut self, open: usize) {
        self.at += 1;
        let next = short(self.tokens.len());
        let token = &mut self.tokens[open];
        (token.end, token.next) = (short(self.at), next);
    }

    fn key(&mut self) -> Option<()> {
        if self.bytes.get(self.at) != Some(&b'"') {
            return None;
        }
        self.string()?;
        if self.visible()? != b':' {
            return None;
        }
        self.at += 1;
        Some(())
    }

    fn string(&mut self) -> Option<()> {
        let begin = self.at + 1;
        let mut at = begin;
        let mut shape = Shape::Text;
        loop {
            at += plain(self.bytes.get(at..)?);
            match self.bytes.get(at) {
                Some(b'"') => break,
                Some(b'\\') => {
                    shape = Shape::Escaped;
                    at = self.escape(at + 1).or_else(|| self.stop(at))?;
                }
                Some(_) | None => return self.stop(at),
            }
        }
        self.push(shape, begin, at);
        self.at = at + 1;
        Some(())
    }

    fn stop<T>(&mut self, at: usize) -> Option<T> {
        self.at = at;
        None
    }

    /// Where the string goes on after an escape that is allowed and harmless.
    fn escape(&self, at: usize) -> Option<usize> {
        match self.bytes.get(at)? {
            b'"' | b'\\' | b'/' | b'b' | b'f' | b'n' | b'r' | b't' => Some(at + 1),
            b'u' => match hex4(self.bytes, at + 1)? {
                0 | 0xdc00..=0xdfff => None,
                0xd800..=0xdbff => {
                    let low = (self.bytes.get(at + 5..at + 7)? == b"\\u")
                        .then(|| hex4(self.bytes, at + 7))
                        .flatten()?;
                    (0xdc00..=0xdfff).contains(&low).then_some(at + 11)
                }
                _ => Some(at + 5),
            },
            _ => None,
        }
    }

    fn number(&mut self) -> Option<()> {
        let begin = self.at;
        self.at += usize::from(self.bytes[begin] == b'-');
        match self.digits() {
            0 => return None,
            1 => {}
            _ if self.bytes[begin + usize::from(self.bytes[begin] == b'-')] == b'0' => return None,
            _ => {}
        }
        if self.bytes.get(self.at) == Some(&b'.') {
            self.at += 1;
            if self.digits() == 0 {
                return None;
            }
        }
        if matches!(self.bytes.get(self.at), Some(b'e' | b'E')) {
            self.at += 1;
            self.at += usize::from(matches!(self.bytes.get(self.at), Some(b'+' | b'-')));
            if self.digits() == 0 {
                return None;
            }
        }
        self.push(Shape::Number, begin, self.at);
        Some(())
    }

    fn digits(&mut self) -> usize {
        let begin = self.at;
        while self.bytes.get(self.at).is_some_and(u8::is_ascii_digit) {
            self.at += 1;
        }
        self.at - begin
    }

    fn literal(&mut self, word: &[u8], shape: Shape) -> Option<()> {
        let begin = self.at;
        if self.bytes.get(begin..begin + word.len())? != word {
            return None;
        }
        self.at += word.len();
        self.push(shape, begin, self.at);
        Some(())
    }
}

/// A place in bytes that are bounded far below 4 GB.
fn short(place: usize) -> u32 {
    u32::try_from(place).unwrap_or(u32::MAX)
}

fn long(place: u32) -> usize {
    usize::try_from(place).unwrap_or(usize::MAX)
}

/// One value of a message. Texts live as long as the body.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Node<'a, 't> {
    tokens: &'t [Token],
    text: &'a str,
    base: usize,
    index: usize,
}

/// What a value is.
#[derive(Clone, Debug)]
pub(crate) enum Content<'a> {
    Null,
    Bool(bool),
    /// A number as it was written.
    Number(&'a str),
    Text(Cow<'a, str>),
    List,
    Map,
}

impl<'a, 't> Node<'a, 't> {
    fn token(&self) -> Token {
        self.tokens[self.index]
    }

    fn written(&self) -> &'a str {
        let token = self.token();
        &self.text[long(token.begin) - self.base..long(token.end) - self.base]
    }

    pub(crate) fn content(&self) -> Content<'a> {
        match self.token().shape {
            Shape::Null => Content::Null,
            Shape::True => Content::Bool(true),
            Shape::False => Content::Bool(false),
            Shape::Number => Content::Number(self.written()),
            Shape::Text => Content::Text(Cow::Borrowed(self.written())),
            Shape::Escaped => Content::Text(Cow::Owned(unescape(self.written()))),
            Shape::List => Content::List,
            Shape::Map => Content::Map,
        }
    }

    /// What stands in a list.
    pub(crate) fn items(&self) -> impl Iterator<Item = Self> + use<'a, 't> {
        let (node, end) = (*self, long(self.token().next));
        let mut index = self.index + 1;
        std::iter::from_fn(move || {
            if index >= end {
                return None;
            }
            let item = Self { index, ..node };
            index = long(item.token().next);
            Some(item)
        })
    }

    /// The names and values of a map.
    pub(crate) fn entries(&self) -> impl Iterator<Item = (Cow<'a, str>, Self)> + use<'a, 't> {
        let mut nodes = self.items();
        std::iter::from_fn(move || {
            let (key, value) = (nodes.next()?, nodes.next()?);
            let name = match key.token().shape {
                Shape::Escaped => Cow::Owned(unescape(key.written())),
                Shape::Map
                | Shape::List
                | Shape::Text
                | Shape::Number
                | Shape::True
                | Shape::False
                | Shape::Null => Cow::Borrowed(key.written()),
            };
            Some((name, value))
        })
    }

    /// The value to keep as it came. It is at most [`NESTING_MAX`] levels deep.
    pub(crate) fn value(&self) -> Value {
        match self.content() {
            Content::Null => Value::Null,
            Content::Bool(yes) => Value::Bool(yes),
            Content::Number(written) => number(written),
            Content::Text(text) => Value::Text(text.into_owned()),
            Content::List => Value::List(self.items().map(|item| item.value()).collect()),
            Content::Map => {
                let mut map = Map::new();
                for (name, value) in self.entries() {
                    map.insert(name.into_owned(), value.value());
                }
                Value::Map(map)
            }
        }
    }
}

/// A number to keep: whole where it is written so and fits, else a fraction; beyond every fraction
/// its digits.
pub(crate) fn number(written: &str) -> Value {
    if let Ok(whole) = written.parse::<i64>() {
        return Value::Integer(whole);
    }
    match written.parse::<f64>() {
        Ok(number) if number.is_finite() => Value::Number(number),
        Ok(_) | Err(_) => Value::Text(written.to_owned()),
    }
}

/// The text that was meant. The pass has checked every escape.
fn unescape(written: &str) -> String {
    let mut text = String::with_capacity(written.len());
    let mut rest = written;
    while let Some(backslash) = rest.find('\\') {
        text.push_str(&rest[..backslash]);
        let escape = &rest[backslash + 1..];
        let (meant, length) = match escape.as_bytes().first() {
            Some(b'u') => escaped_unit(escape),
            Some(b'b') => ('\u{8}', 1),
            Some(b'f') => ('\u{c}', 1),
            Some(b'n') => ('\n', 1),
            Some(b'r') => ('\r', 1),
            Some(b't') => ('\t', 1),
            Some(sign) => (char::from(*sign), 1),
            None => break,
        };
        text.push(meant);
        rest = &escape[length..];
    }
    text.push_str(rest);
    text
}

/// The character of `uXXXX`, or of two of them, and how many bytes it is written with.
fn escaped_unit(escape: &str) -> (char, usize) {
    let unit = |at| hex4(escape.as_bytes(), at).unwrap_or(0xfffd);
    match unit(1) {
        high @ 0xd800..=0xdbff => {
            let code = 0x10000 + ((high - 0xd800) << 10) + (unit(7).wrapping_sub(0xdc00) & 0x3ff);
            (char::from_u32(code).unwrap_or(char::REPLACEMENT_CHARACTER), 11)
        }
        code => (char::from_u32(code).unwrap_or(char::REPLACEMENT_CHARACTER), 5),
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn strict(json: &[u8]) -> Option<Value> {
        let mut tokens = Tokens::new(json);
        let mut scanner = Scanner::new(json);
        let cut = tokens.message(&mut scanner).ok()?;
        let first = cut.first.ok()?;
        if scanner.peek().is_some() {
            return None;
        }
        let text = std::str::from_utf8(cut.piece.bytes).ok()?;
        Some(tokens.node(&cut, text, first).value())
    }

    fn reference(json: &[u8]) -> Option<Value> {
        serde_json::from_slice(json).ok().map(Value::from_json)
    }

    /// Equal but for the last bit of a fraction, where the reference reader rounds otherwise, and
    /// for `-0`, which is a fraction to it.
    fn alike(one: &Value, other: &Value) -> bool {
        match (one, other) {
            (Value::List(one), Value::List(other)) => {
                one.len() == other.len()
                    && one.iter().zip(other).all(|(one, other)| alike(one, other))
            }
            (Value::Map(one), Value::Map(other)) => {
                one.keys().eq(other.keys())
                    && one.values().zip(other.values()).all(|(one, other)| alike(one, other))
            }
            _ => match (one.as_number(), other.as_number()) {
                (Some(one), Some(other)) => {
                    (one - other).abs() <= one.abs() * 1e-14 + f64::MIN_POSITIVE
                }
                _ => one == other,
            },
        }
    }

    fn both_alike(json: &[u8]) -> bool {
        match (strict(json), reference(json)) {
            (Some(one), Some(other)) => alike(&one, &other),
            (None, None) => true,
            // The reference refuses numbers beyond every fraction; here they stay digits.
            (Some(_), None) => {
                json.windows(2)
                    .any(|pair| pair[0].is_ascii_digit() && matches!(pair[1], b'e' | b'E'))
                    || json.len() > 300
            }
            // Half characters and U+0000 are another pass's matter.
            (None, Some(_)) => json.windows(2).any(|pair| pair == b"\\u"),
        }
    }

    #[test]
    fn plain_bytes_end_at_the_first_sign() {
        for length in 0..40 {
            for sign in [b'"', b'\\', 0, b'\n', 0x1f] {
                for fill in [b'a', b' ', b'!', b'#', b'[', b']', 0x7f, 0x80, 0xa2, 0xdc, 0xff] {
                    let mut bytes = vec![fill; length];
                    assert_eq!(plain(&bytes), length);
                    bytes.push(sign);
                    bytes.extend_from_slice(b"\"\\ and more");
                    assert_eq!(plain(&bytes), length);
                }
            }
        }
    }

    #[test]
    fn values_are_what_they_are() {
        for json in [
            r#"{"a":[1,-2.5e3,true,false,null,{}],"b":{"c":[]},"":"\u00e9\ud83d\ude00\n\"\\\/"}"#,
            " [ ] ",
            "0",
            "-0.0",
            "\"\"",
            "123456789012345678901234567890",
            "[[[1]]]",
        ] {
            assert!(strict(json.as_bytes()).is_some() && both_alike(json.as_bytes()), "{json}");
        }
    }

    #[test]
    fn what_the_grammar_forbids_is_not_read() {
        for json in [
            "",
            "{",
            "[1,]",
            "{,}",
            "{\"a\"}",
            "{\"a\":}",
            "{\"a\":1,}",
            "[1 2]",
            "01",
            "-",
            "1.",
            ".5",
            "1e",
            "+1",
            "tru",
            "nul",
            "\"\n\"",
            "\"\\x\"",
            "\"\\u12\"",
            "{1:2}",
            "[}",
            "{]",
            "1 2",
            "'a'",
            "\"\\ud800\"",
            "\"\\u0000\"",
            "NaN",
        ] {
            assert_eq!(strict(json.as_bytes()), None, "{json}");
        }
        let deep = |levels| format!("{}{}", "[".repeat(levels), "]".repeat(levels));
        assert!(strict(deep(64).as_bytes()).is_some());
        assert!(strict(deep(65).as_bytes()).is_none());
    }

    fn json() -> impl Strategy<Value = serde_json::Value> {
        let leaf = prop_oneof![
            Just(serde_json::Value::Null),
            any::<bool>().prop_map(Into::into),
            any::<i64>().prop_map(Into::into),
            any::<f64>().prop_map(|number| serde_json::json!(number)),
            "[^\0]{0,8}".prop_map(Into::into),
        ];
        leaf.prop_recursive(6, 48, 6, |inner| {
            prop_oneof![
                proptest::collection::vec(inner.clone(), 0..6).prop_map(Into::into),
                proptest::collection::btree_map("[^\0]{0,6}", inner, 0..6)
                    .prop_map(|map| serde_json::Value::Object(map.into_iter().collect())),
            ]
        })
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(3_000))]

        /// Every JSON text is read as the reference reader reads it.
        #[test]
        fn json_is_read_as_the_reference_reads_it(json in json(), pretty in any::<bool>()) {
            let text = if pretty { serde_json::to_string_pretty(&json) } else { serde_json::to_string(&json) }.unwrap();
            prop_assert!(strict(text.as_bytes()).is_some() && both_alike(text.as_bytes()), "{}", text);
        }

        /// Damaged JSON is read only if the reference reader reads it too, and then alike.
        #[test]
        fn nothing_is_read_that_the_reference_does_not_read(
            json in json(),
            damages in proptest::collection::vec((any::<proptest::sample::Index>(), prop_oneof![
                any::<u8>(), proptest::sample::select(&b"{}[]\",:\\0-.eu "[..])
            ]), 0..3),
        ) {
            let mut bytes = json.to_string().into_bytes();
            for (index, byte) in damages {
                let place = index.index(bytes.len());
                bytes[place] = byte;
            }
            prop_assert!(both_alike(&bytes), "{:?}", bytes);
        }
    }
}
