//! A tolerant pass over raw bytes that finds where values begin and end, and what must not be parsed.
//!
//! It knows brackets, strings and separators only. So a bad token inside one message spoils that
//! message and not its batch, and depth is known before anything recurses.

use super::reader::Reader;
use crate::limits::{EVENT_BYTES_MAX, NESTING_MAX};
use crate::rejection::RejectionReason;

/// The bytes do not balance: no message can be cut out of them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Malformed {
    /// Where.
    pub(crate) offset: usize,
}

/// What the pass saw inside a value.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Facts {
    /// Levels of lists and maps; 0 for a scalar.
    pub(crate) depth: u32,
    /// An escaped U+0000.
    pub(crate) nul: bool,
    /// Half a surrogate pair.
    pub(crate) lone_surrogate: bool,
}

/// One value: its bytes and what was seen inside.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Piece<'a> {
    pub(crate) bytes: &'a [u8],
    pub(crate) facts: Facts,
}

impl Piece<'_> {
    /// Whether this may be parsed as an event.
    pub(crate) fn check(&self) -> Result<(), RejectionReason> {
        if self.bytes.len() > EVENT_BYTES_MAX {
            return Err(RejectionReason::EventTooLarge { bytes: self.bytes.len() });
        }
        if self.facts.depth > NESTING_MAX {
            return Err(RejectionReason::NestedTooDeep);
        }
        if self.facts.nul {
            return Err(RejectionReason::NulCharacter);
        }
        if self.facts.lone_surrogate {
            return Err(RejectionReason::LoneSurrogate);
        }
        Ok(())
    }
}

/// A message that was cut out of bytes in which something is unusual.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Cut<'a> {
    piece: Piece<'a>,
    /// Its text if it follows the grammar, else where it breaks it.
    strict: Result<&'a str, usize>,
}

impl<'a> Cut<'a> {
    /// The bytes as they came.
    pub(crate) fn bytes(&self) -> &'a [u8] {
        self.piece.bytes
    }

    /// The text of the message, which a [`Reader`] takes as one value.
    pub(crate) fn text(&self) -> Result<&'a str, RejectionReason> {
        self.piece.check()?;
        match self.strict {
            Ok(text) => Ok(text),
            Err(_) if std::str::from_utf8(self.piece.bytes).is_err() => {
                Err(RejectionReason::NotUtf8)
            }
            Err(offset) => Err(RejectionReason::NotJson { offset }),
        }
    }
}

/// What a byte means outside a string.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Class {
    Plain,
    Quote,
    Open,
    Close,
}

const CLASSES: [Class; 256] = {
    let mut classes = [Class::Plain; 256];
    classes[b'"' as usize] = Class::Quote;
    classes[b'{' as usize] = Class::Open;
    classes[b'[' as usize] = Class::Open;
    classes[b'}' as usize] = Class::Close;
    classes[b']' as usize] = Class::Close;
    classes
};

/// A place in the bytes that moves from value to value.
#[derive(Debug)]
pub(crate) struct Scanner<'a> {
    bytes: &'a [u8],
    at: usize,
}

impl<'a> Scanner<'a> {
    pub(crate) fn new(bytes: &'a [u8]) -> Self {
        // A byte order mark is no part of the text.
        let at = if bytes.starts_with(b"\xef\xbb\xbf") { 3 } else { 0 };
        Self { bytes, at }
    }

    /// Bytes from the beginning.
    pub(crate) fn position(&self) -> usize {
        self.at
    }

    /// Goes on behind a value that was read otherwise.
    pub(crate) fn move_to(&mut self, position: usize) {
        self.at = position;
    }

    pub(crate) fn malformed(&self) -> Malformed {
        Malformed { offset: self.at }
    }

    /// The next byte that is no white space, without taking it.
    pub(crate) fn peek(&mut self) -> Option<u8> {
        while let Some(byte) = self.bytes.get(self.at) {
            if !matches!(byte, b' ' | b'\t' | b'\n' | b'\r') {
                return Some(*byte);
            }
            self.at += 1;
        }
        None
    }

    /// Takes `byte` if it comes next.
    pub(crate) fn take(&mut self, byte: u8) -> bool {
        let there = self.peek() == Some(byte);
        self.at += usize::from(there);
        there
    }

    /// Takes one value, whatever it is.
    pub(crate) fn value(&mut self) -> Result<Piece<'a>, Malformed> {
        let mut facts = Facts::default();
        let first = self.peek().ok_or(self.malformed())?;
        let begin = self.at;
        match first {
            b'"' => self.string(&mut facts)?,
            b'{' | b'[' => self.container(&mut facts)?,
            b'}' | b']' | b',' | b':' => return Err(self.malformed()),
            _ => self.bare(),
        }
        Ok(Piece { bytes: &self.bytes[begin..self.at], facts })
    }

    /// Cuts out the value that comes next.
    pub(crate) fn message(&mut self) -> Result<Cut<'a>, Malformed> {
        let mut piece = self.value()?;
        let begin = self.at - piece.bytes.len();
        let text = piece.bytes.utf8_chunks().next().map_or("", |chunk| chunk.valid());
        let mut reader = Reader::new(text);
        let read = reader.skip();
        let end = reader.position();
        let strict = match read {
            // Behind a number may stand what only looks as if it belonged to it.
            Some(()) => {
                self.at = begin + end;
                piece.bytes = &piece.bytes[..end];
                Ok(&text[..end])
            }
            None => Err(end.min(piece.bytes.len())),
        };
        Ok(Cut { piece, strict })
    }

    /// A number, `true`, `null`, or what somebody took for one.
    fn bare(&mut self) {
        while let Some(byte) = self.bytes.get(self.at) {
            if matches!(byte, b',' | b']' | b'}' | b' ' | b'\t' | b'\n' | b'\r') {
                return;
            }
            self.at += 1;
        }
    }

    fn container(&mut self, facts: &mut Facts) -> Result<(), Malformed> {
        let mut depth: u32 = 0;
        // One bit a level, 1 for a map: enough to pair the brackets of everything that is parsed.
        let mut maps: u64 = 0;
        while let Some(&byte) = self.bytes.get(self.at) {
            match CLASSES[usize::from(byte)] {
                Class::Plain => self.at += 1,
                Class::Quote => self.string(facts)?,
                Class::Open => {
                    if depth < NESTING_MAX {
                        maps = maps & !(1 << depth) | u64::from(byte == b'{') << depth;
                    }
                    depth += 1;
                    facts.depth = facts.depth.max(depth);
                    self.at += 1;
                }
                Class::Close => {
                    depth -= 1;
                    if depth < NESTING_MAX && (maps >> depth & 1 == 1) != (byte == b'}') {
                        return Err(self.malformed());
                    }
                    self.at += 1;
                    if depth == 0 {
                        return Ok(());
                    }
                }
            }
        }
        Err(self.malformed())
    }

    /// A string, from its opening quote to behind its closing one.
    fn string(&mut self, facts: &mut Facts) -> Result<(), Malformed> {
        let mut at = self.at + 1;
        loop {
            let rest = self.bytes.get(at..).unwrap_or_default();
            let Some(found) = memchr::memchr2(b'"', b'\\', rest) else {
                return Err(Malformed { offset: self.bytes.len() });
            };
            at += found;
            if self.bytes[at] == b'"' {
                self.at = at + 1;
                return Ok(());
            }
            at = self.escape(at + 1, facts);
        }
    }

    /// What follows a backslash at `at - 1`; returns where the string goes on.
    fn escape(&self, at: usize, facts: &mut Facts) -> usize {
        if self.bytes.get(at) != Some(&b'u') {
            return at + 1;
        }
        let Some(unit) = hex4(self.bytes, at + 1) else { return at + 1 };
        match unit {
            0 => facts.nul = true,
            0xd800..=0xdbff => {
                let low = (self.bytes.get(at + 5..at + 7) == Some(b"\\u"))
                    .then(|| hex4(self.bytes, at + 7))
                    .flatten();
                if low.is_some_and(|low| (0xdc00..=0xdfff).contains(&low)) {
                    return at + 11;
                }
                facts.lone_surrogate = true;
            }
            0xdc00..=0xdfff => facts.lone_surrogate = true,
            _ => {}
        }
        at + 5
    }
}

/// The number of four hexadecimal digits at `at`.
pub(super) fn hex4(bytes: &[u8], at: usize) -> Option<u32> {
    bytes
        .get(at..at + 4)?
        .iter()
        .try_fold(0, |unit, byte| Some(unit * 16 + char::from(*byte).to_digit(16)?))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn facts(json: &str) -> Facts {
        Scanner::new(json.as_bytes()).value().unwrap().facts
    }

    #[test]
    fn values_end_where_they_end() {
        let piece = |json: &'static str| {
            std::str::from_utf8(Scanner::new(json.as_bytes()).value().unwrap().bytes).unwrap()
        };
        assert_eq!(piece(" {\"a\":[1,\"}\"]} , 2"), "{\"a\":[1,\"}\"]}");
        assert_eq!(piece("\"a\\\"b\", 1"), "\"a\\\"b\"");
        assert_eq!(piece("nope]"), "nope");
    }

    #[test]
    fn levels_are_counted() {
        assert_eq!(facts("1").depth, 0);
        assert_eq!(facts("{\"a\":[[1]],\"b\":{}}").depth, 3);
        let deep = format!("{}1{}", "[".repeat(65), "]".repeat(65));
        assert_eq!(facts(&deep).depth, 65);
    }

    #[test]
    fn half_characters_and_nul_are_seen() {
        assert!(facts(r#"["\u0000"]"#).nul);
        assert!(!facts(r#"["\\u0000"]"#).nul);
        assert!(facts(r#"["\ud83d"]"#).lone_surrogate);
        assert!(facts(r#"["\ude00"]"#).lone_surrogate);
        assert!(facts(r#"["\ud83d\ud83d\ude00"]"#).lone_surrogate);
        assert!(!facts(r#"["\ud83d\uDE00"]"#).lone_surrogate);
    }

    #[test]
    fn what_does_not_balance_is_malformed() {
        for json in ["{\"a\":1", "[1}", "\"abc", "", "]", "{\"a\\\""] {
            assert!(Scanner::new(json.as_bytes()).value().is_err(), "{json}");
        }
    }
}
