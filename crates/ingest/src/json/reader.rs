//! JSON text read strictly and in one pass: each value goes straight to where it is needed, and its
//! texts are borrowed.
//!
//! A [`Reader`] stops at anything unusual; then the tolerant [`Scanner`](super::Scanner) finds where
//! the message ends and what is wrong with it.

use regulars_engine::event::{Map, Value};

use super::scan::hex4;
use crate::limits::NESTING_MAX;

/// A place in JSON text that moves from value to value. Its methods return `None` at what is
/// unusual and stay near the place.
#[derive(Clone, Debug)]
pub(crate) struct Reader<'a> {
    text: &'a str,
    at: usize,
    /// Lists and maps that are open.
    depth: u32,
}

/// What the next value is.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Token<'a> {
    Null,
    Bool(bool),
    /// A number as it was written.
    Number(&'a str),
    /// Text without a backslash.
    Text(&'a str),
    /// Text that must be unescaped.
    Escaped(&'a str),
    /// A list, which [`Reader::list`] takes.
    List,
    /// A map, which [`Reader::map`] takes.
    Map,
}

/// How a string is written.
#[derive(Clone, Copy, Debug)]
enum Spelling {
    Plain,
    /// With escapes, all of them allowed and harmless.
    Escaped,
}

/// The place of the first quote, backslash or control character from `at` on. Eight bytes are looked
/// at together: subtracting makes the high bit of a byte that was too small (Mycroft's trick); bits
/// above the lowest one set may be wrong, so that only the lowest counts.
#[inline]
fn plain_until(bytes: &[u8], mut at: usize) -> usize {
    const ONES: u64 = 0x0101_0101_0101_0101;
    const HIGH: u64 = ONES << 7;
    let zero = |word: u64| word.wrapping_sub(ONES) & !word;
    while let Some(eight) = bytes.get(at..).and_then(|rest| rest.first_chunk::<8>()) {
        let word = u64::from_le_bytes(*eight);
        let quote = zero(word ^ (ONES * 0x22));
        let backslash = zero(word ^ (ONES * 0x5c));
        let control = word.wrapping_sub(ONES * 0x20) & !word;
        let found = (quote | backslash | control) & HIGH;
        if found != 0 {
            return at + (found.trailing_zeros() / 8) as usize;
        }
        at += 8;
    }
    while bytes.get(at).is_some_and(|byte| !matches!(byte, b'"' | b'\\' | 0..0x20)) {
        at += 1;
    }
    at
}

impl<'a> Reader<'a> {
    pub(crate) fn new(text: &'a str) -> Self {
        Self { text, at: 0, depth: 0 }
    }

    /// Bytes from the beginning.
    pub(crate) fn position(&self) -> usize {
        self.at
    }

    /// What was read since `begin`.
    #[inline]
    pub(crate) fn since(&self, begin: usize) -> &'a str {
        &self.text[begin..self.at]
    }

    /// The next byte that is no white space, without taking it.
    #[inline]
    pub(crate) fn peek(&mut self) -> Option<u8> {
        loop {
            let byte = *self.text.as_bytes().get(self.at)?;
            if !matches!(byte, b' ' | b'\n' | b'\r' | b'\t') {
                return Some(byte);
            }
            self.at += 1;
        }
    }

    /// Takes the next value, or says which kind of container begins there.
    #[inline]
    pub(crate) fn token(&mut self) -> Option<Token<'a>> {
        match self.peek()? {
            b'"' => self.string().map(|text| match text {
                (text, Spelling::Plain) => Token::Text(text),
                (written, Spelling::Escaped) => Token::Escaped(written),
            }),
            b'{' => Some(Token::Map),
            b'[' => Some(Token::List),
            b'-' | b'0'..=b'9' => self.number(),
            b't' => self.literal("true", Token::Bool(true)),
            b'f' => self.literal("false", Token::Bool(false)),
            b'n' => self.literal("null", Token::Null),
            _ => None,
        }
    }

    /// Takes the list that comes next; `each` takes one item.
    pub(crate) fn list(&mut self, mut each: impl FnMut(&mut Self) -> Option<()>) -> Option<()> {
        self.open()?;
        if self.peek()? == b']' {
            return self.close();
        }
        loop {
            each(self)?;
            match self.peek()? {
                b',' => self.at += 1,
                b']' => return self.close(),
                _ => return None,
            }
        }
    }

    /// Takes the map that comes next; `each` takes the value of the name it is told.
    pub(crate) fn map(
        &mut self,
        mut each: impl FnMut(&mut Self, &str) -> Option<()>,
    ) -> Option<()> {
        self.open()?;
        if self.peek()? == b'}' {
            return self.close();
        }
        loop {
            match self.name()? {
                (name, Spelling::Plain) => each(self, name)?,
                (written, Spelling::Escaped) => each(self, &unescape(written))?,
            }
            match self.peek()? {
                b',' => self.at += 1,
                b'}' => return self.close(),
                _ => return None,
            }
            self.peek()?;
        }
    }

    /// Takes one value that nobody needs.
    pub(crate) fn skip(&mut self) -> Option<()> {
        match self.token()? {
            Token::List => self.list(Self::skip),
            Token::Map => self.map(|reader, _| reader.skip()),
            Token::Null
            | Token::Bool(_)
            | Token::Number(_)
            | Token::Text(_)
            | Token::Escaped(_) => Some(()),
        }
    }

    /// Takes one value to keep as it came. It is at most [`NESTING_MAX`] levels deep.
    pub(crate) fn value(&mut self) -> Option<Value> {
        Some(match self.token()? {
            Token::Null => Value::Null,
            Token::Bool(yes) => Value::Bool(yes),
            Token::Number(written) => number(written),
            Token::Text(text) => Value::Text(text.to_owned()),
            Token::Escaped(written) => Value::Text(unescape(written)),
            Token::List => {
                let mut items = Vec::new();
                self.list(|reader| {
                    items.push(reader.value()?);
                    Some(())
                })?;
                Value::List(items)
            }
            Token::Map => {
                let mut map = Map::new();
                self.map(|reader, name| {
                    map.insert(name.to_owned(), reader.value()?);
                    Some(())
                })?;
                Value::Map(map)
            }
        })
    }

    fn open(&mut self) -> Option<()> {
        self.at += 1;
        self.depth += 1;
        (self.depth <= NESTING_MAX).then_some(())
    }

    fn close(&mut self) -> Option<()> {
        self.at += 1;
        self.depth -= 1;
        Some(())
    }

    fn name(&mut self) -> Option<(&'a str, Spelling)> {
        if self.text.as_bytes().get(self.at) != Some(&b'"') {
            return None;
        }
        let name = self.string()?;
        if self.peek()? != b':' {
            return None;
        }
        self.at += 1;
        Some(name)
    }

    /// What stands between the quotes.
    #[inline]
    fn string(&mut self) -> Option<(&'a str, Spelling)> {
        let begin = self.at + 1;
        self.at = plain_until(self.text.as_bytes(), begin);
        let spelling = match self.text.as_bytes().get(self.at)? {
            b'"' => Spelling::Plain,
            _ => self.escapes()?,
        };
        let text = self.since(begin);
        self.at += 1;
        Some((text, spelling))
    }

    /// Goes on to the closing quote of a string with escapes.
    #[cold]
    fn escapes(&mut self) -> Option<Spelling> {
        let bytes = self.text.as_bytes();
        loop {
            match bytes.get(self.at)? {
                b'"' => return Some(Spelling::Escaped),
                b'\\' => self.at = plain_until(bytes, self.escape(self.at + 1)?),
                _ => return None,
            }
        }
    }

    /// Where the string goes on after an escape that is allowed and harmless.
    fn escape(&self, at: usize) -> Option<usize> {
        let bytes = self.text.as_bytes();
        match bytes.get(at)? {
            b'"' | b'\\' | b'/' | b'b' | b'f' | b'n' | b'r' | b't' => Some(at + 1),
            b'u' => match hex4(bytes, at + 1)? {
                0 | 0xdc00..=0xdfff => None,
                0xd800..=0xdbff => {
                    let low = (bytes.get(at + 5..at + 7)? == b"\\u")
                        .then(|| hex4(bytes, at + 7))
                        .flatten()?;
                    (0xdc00..=0xdfff).contains(&low).then_some(at + 11)
                }
                _ => Some(at + 5),
            },
            _ => None,
        }
    }

    fn number(&mut self) -> Option<Token<'a>> {
        let bytes = self.text.as_bytes();
        let begin = self.at;
        self.at += usize::from(bytes[begin] == b'-');
        let first = bytes.get(self.at);
        match self.digits() {
            0 => return None,
            1 => {}
            _ if first == Some(&b'0') => return None,
            _ => {}
        }
        if bytes.get(self.at) == Some(&b'.') {
            self.at += 1;
            if self.digits() == 0 {
                return None;
            }
        }
        if matches!(bytes.get(self.at), Some(b'e' | b'E')) {
            self.at += 1;
            self.at += usize::from(matches!(bytes.get(self.at), Some(b'+' | b'-')));
            if self.digits() == 0 {
                return None;
            }
        }
        Some(Token::Number(self.since(begin)))
    }

    fn digits(&mut self) -> usize {
        let begin = self.at;
        while self.text.as_bytes().get(self.at).is_some_and(u8::is_ascii_digit) {
            self.at += 1;
        }
        self.at - begin
    }

    fn literal(&mut self, word: &str, token: Token<'a>) -> Option<Token<'a>> {
        if !self.text.as_bytes()[self.at..].starts_with(word.as_bytes()) {
            return None;
        }
        self.at += word.len();
        Some(token)
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

/// The text that was meant. The reader has checked every escape.
pub(super) fn unescape(written: &str) -> String {
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

/// The character of an escaped unit, `u` and four hexadecimal digits, or of two of them; and how many
/// bytes it is written with.
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
        let mut reader = Reader::new(std::str::from_utf8(json).ok()?);
        let value = reader.value()?;
        reader.peek().is_none().then_some(value)
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
                    assert_eq!(plain_until(&bytes, 0), length);
                    bytes.push(sign);
                    bytes.extend_from_slice(b"\"\\ and more");
                    assert_eq!(plain_until(&bytes, 0), length);
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
