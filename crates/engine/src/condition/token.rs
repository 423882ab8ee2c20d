//! Tokens: words, numbers, texts in quotes, brackets and commas, each with its place.

use std::ops::Range;

use super::problem::Problem;

/// What a token is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum TokenKind {
    /// A word: letters, digits, `_`, `-`, and points between them.
    Word,
    /// A number.
    Number,
    /// A text in double quotes, as it reads.
    Text(String),
    /// `(`
    Open,
    /// `)`
    Close,
    /// `,`
    Comma,
}

/// One token of a text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Token {
    pub(super) kind: TokenKind,
    pub(super) at: Range<usize>,
}

/// Cuts a text into tokens. What is no token is a problem and left out.
pub(super) fn tokens(text: &str) -> (Vec<Token>, Vec<Problem>) {
    let mut cutter = Cutter { text, at: 0, tokens: Vec::new(), problems: Vec::new() };
    while let Some(first) = cutter.rest().chars().next() {
        cutter.cut(first);
    }
    (cutter.tokens, cutter.problems)
}

struct Cutter<'t> {
    text: &'t str,
    at: usize,
    tokens: Vec<Token>,
    problems: Vec<Problem>,
}

impl<'t> Cutter<'t> {
    fn rest(&self) -> &'t str {
        &self.text[self.at..]
    }

    fn cut(&mut self, first: char) {
        let next = self.rest().chars().nth(1);
        match first {
            c if c.is_whitespace() => self.at += c.len_utf8(),
            '(' => self.sign(TokenKind::Open),
            ')' => self.sign(TokenKind::Close),
            ',' => self.sign(TokenKind::Comma),
            '"' => self.text(),
            '-' if next.is_some_and(|c| c.is_ascii_digit()) => self.number(),
            c if c.is_ascii_digit() => self.number(),
            c if c.is_alphanumeric() || c == '_' => self.word(),
            c => self.stray(c),
        }
    }

    fn push(&mut self, kind: TokenKind, length: usize) {
        self.tokens.push(Token { kind, at: self.at..self.at + length });
        self.at += length;
    }

    fn sign(&mut self, kind: TokenKind) {
        self.push(kind, 1);
    }

    fn word(&mut self) {
        let length = run(self.rest(), |c| c.is_alphanumeric() || c == '_');
        self.push(TokenKind::Word, length);
    }

    fn number(&mut self) {
        let sign = usize::from(self.rest().starts_with('-'));
        let length = sign + run(&self.rest()[sign..], |c| c.is_ascii_alphanumeric());
        let digits = &self.rest()[sign..length];
        let plain = digits.bytes().all(|b| b.is_ascii_digit() || b == b'.')
            && digits.bytes().filter(|b| *b == b'.').count() <= 1;
        if plain {
            self.push(TokenKind::Number, length);
            return;
        }
        // `30days` and `2fa` begin with a digit: the first is two tokens, the second is a word
        // that only a trait's name can be.
        let digits = sign + run(&self.rest()[sign..], |c| c.is_ascii_digit());
        let unit = &self.rest()[digits..length];
        if !unit.is_empty() && unit.bytes().all(|b| b.is_ascii_alphabetic()) {
            self.push(TokenKind::Number, digits);
        } else {
            self.push(TokenKind::Word, length);
        }
    }

    fn text(&mut self) {
        let start = self.at;
        let mut value = String::new();
        let mut signs = self.rest().char_indices().skip(1);
        while let Some((index, c)) = signs.next() {
            match c {
                '"' => return self.push(TokenKind::Text(value), index + 1),
                '\\' => match signs.next() {
                    Some((_, escaped @ ('"' | '\\'))) => value.push(escaped),
                    Some((_, other)) => {
                        let length = 1 + other.len_utf8();
                        self.problems.push(Problem {
                            at: start + index..start + index + length,
                            message: "a backslash stands only before a quote or a backslash"
                                .to_owned(),
                            cure: "write two of them to mean one".to_owned(),
                        });
                        value.push(other);
                    }
                    None => break,
                },
                c => value.push(c),
            }
        }
        self.problems.push(Problem {
            at: start..self.text.len(),
            message: "this quote is never closed".to_owned(),
            cure: "put a \" behind the text".to_owned(),
        });
        let length = self.rest().len();
        self.push(TokenKind::Text(value), length);
    }

    /// A text in quotes of another kind: one problem, and what stands in them is taken as meant.
    fn foreign_text(&mut self, first: char) -> bool {
        let last: &[char] = match first {
            '\'' | '`' => &['\'', '`'],
            '‘' | '’' => &['’', '‘'],
            '“' | '”' | '„' => &['”', '“'],
            '«' => &['»'],
            _ => return false,
        };
        let inner = &self.rest()[first.len_utf8()..];
        let Some(end) = inner.find(last) else { return false };
        let closing = inner[end..].chars().next().map_or(0, char::len_utf8);
        let length = first.len_utf8() + end + closing;
        self.problems.push(Problem {
            at: self.at..self.at + length,
            message: format!("{first} is no quote that stands around a text here"),
            cure: format!("use straight double quotes: \"{}\"", &inner[..end]),
        });
        let value = inner[..end].to_owned();
        self.push(TokenKind::Text(value), length);
        true
    }

    fn stray(&mut self, c: char) {
        if self.foreign_text(c) {
            return;
        }
        let length = run(self.rest(), |other| {
            other == c || "<>=!&|".contains(other) && "<>=!&|".contains(c)
        })
        .max(c.len_utf8());
        let stray = &self.text[self.at..self.at + length];
        let cure = match stray {
            ">=" => "write \"at least\"",
            "<=" => "write \"at most\"",
            ">" => "write \"more than\"",
            "<" => "write \"less than\"",
            "=" | "==" => "write \"is\", or \"exactly\" before a number",
            "!=" | "<>" => "write \"is not\"",
            "!" => "write \"not\"",
            "&" | "&&" => "write \"and\"",
            "|" | "||" => "write \"or\"",
            "€" => "write the currency behind the number: 30 EUR",
            "$" => "write the currency behind the number: 30 USD",
            "£" => "write the currency behind the number: 30 GBP",
            "." => "leave it out: a condition ends without a full stop",
            "'" | "‘" | "’" | "“" | "”" | "„" | "«" | "»" | "`" => {
                "use straight double quotes: \"\""
            }
            "[" | "]" | "{" | "}" => "use round brackets: ( )",
            "%" => "leave it out",
            _ => "leave it out",
        };
        self.problems.push(Problem {
            at: self.at..self.at + length,
            message: format!("\"{stray}\" has no meaning here"),
            cure: cure.to_owned(),
        });
        self.at += length;
    }
}

/// The length of the longest beginning made of such signs, with single points and hyphens between
/// two of them.
fn run(text: &str, belongs: impl Fn(char) -> bool) -> usize {
    let mut end = 0;
    let mut signs = text.char_indices().peekable();
    while let Some((index, c)) = signs.next() {
        let joins = matches!(c, '.' | '-')
            && index == end
            && end > 0
            && signs.peek().is_some_and(|(_, next)| belongs(*next));
        if belongs(c) && index == end {
            end = index + c.len_utf8();
        } else if joins {
            end = index + 1;
        } else {
            break;
        }
    }
    end
}
