//! From text to tree: brackets, `and`, `or`, `not`. What single statements say is in `statement.rs`.
//!
//! Every mistake is noted with its place and a cure; behind one, reading goes on at the next `and`
//! or `or`, so that one look finds them all.

use std::ops::Range;

use super::ast::Condition;
use super::complete::{Hint, Suggests};
use super::figure::Figure;
use super::problem::{Problem, listed};
use super::token::{Token, TokenKind, tokens};
use crate::nearest::nearest;

/// A mistake was noted; the statement cannot be read to its end.
#[derive(Debug)]
pub(super) struct Failed;

/// What a reader of a part of a statement makes of it.
pub(super) type Read<T> = Result<T, Failed>;

/// The most brackets within brackets; more than [`Condition::DEPTH_MAX`], since some say nothing.
const BRACKETS_MAX: usize = 64;

/// A text on its way to a tree.
#[derive(Debug)]
pub(super) struct Parser<'t> {
    text: &'t str,
    tokens: Vec<Token>,
    at: usize,
    problems: Vec<Problem>,
    /// What could stand behind the last token, for completion.
    hints: Vec<Hint>,
    /// Whether the statement at hand cannot be read: nothing stands behind it.
    broken: bool,
}

/// What could stand behind the end of a text, in the order in which it was looked for.
pub(super) fn expected_at_end(text: &str) -> Vec<Hint> {
    if text.len() > Condition::LENGTH_MAX {
        return Vec::new();
    }
    let (tokens, problems) = tokens(text);
    let mut parser = Parser { text, tokens, at: 0, problems, hints: Vec::new(), broken: false };
    parser.whole();
    parser.hints
}

impl Condition {
    /// Parses `text`.
    ///
    /// # Errors
    /// All mistakes that could be told apart, by their place, at least one.
    pub fn parse(text: &str) -> Result<Self, Vec<Problem>> {
        if text.len() > Self::LENGTH_MAX {
            return Err(vec![too_long(text)]);
        }
        let (tokens, problems) = tokens(text);
        let mut parser = Parser { text, tokens, at: 0, problems, hints: Vec::new(), broken: false };
        if parser.tokens.is_empty() {
            if parser.problems.is_empty() {
                let cure = "write one, for example: cart is open; or: always";
                parser.problem(0..text.len(), "the condition is empty", cure);
            }
            return Err(parser.problems);
        }
        let condition = parser.whole();
        if parser.problems.is_empty() && condition.depth() > Self::DEPTH_MAX {
            parser.too_deep(0..text.len());
        }
        if parser.problems.is_empty() && condition.to_string().len() > Self::LENGTH_MAX {
            parser.problems.push(too_long(text));
        }
        if parser.problems.is_empty() {
            return Ok(condition);
        }
        parser.problems.sort_by_key(|problem| (problem.at.start, problem.at.end));
        parser.problems.dedup();
        Err(parser.problems)
    }
}

impl Figure {
    /// Parses what a computed trait is made of: `most frequent category of orders`.
    ///
    /// # Errors
    /// All mistakes that could be told apart, by their place, at least one.
    pub fn parse(text: &str) -> Result<Self, Vec<Problem>> {
        if text.len() > Condition::LENGTH_MAX {
            return Err(vec![too_long(text)]);
        }
        let (tokens, problems) = tokens(text);
        let mut parser = Parser { text, tokens, at: 0, problems, hints: Vec::new(), broken: false };
        match parser.figure_alone() {
            Ok(figure) if parser.problems.is_empty() => Ok(figure),
            Ok(_) | Err(Failed) => {
                parser.problems.sort_by_key(|problem| (problem.at.start, problem.at.end));
                parser.problems.dedup();
                Err(parser.problems)
            }
        }
    }
}

fn too_long(text: &str) -> Problem {
    let mut start = Condition::LENGTH_MAX.min(text.len());
    while !text.is_char_boundary(start) {
        start -= 1;
    }
    Problem {
        at: start..text.len(),
        message: format!("the condition is longer than {} bytes", Condition::LENGTH_MAX),
        cure: "make segments of its parts and name them: in segment \"...\"".to_owned(),
    }
}

impl Parser<'_> {
    /// The whole text, with what stands behind a bracket too many.
    fn whole(&mut self) -> Condition {
        loop {
            let condition = self.either(0);
            let Some(token) = self.peek() else { return condition };
            // Everything but a closing bracket is taken in by `both`.
            let at = token.at.clone();
            self.problem(at, "this bracket was never opened", "leave it out");
            self.at += 1;
            if self.connective().is_some() {
                self.at += 1;
            }
            if self.peek().is_none() {
                return condition;
            }
        }
    }

    fn either(&mut self, depth: usize) -> Condition {
        let mut parts = vec![self.both(depth)];
        while self.connective() == Some("or") {
            self.at += 1;
            parts.push(self.both(depth));
        }
        if parts.len() == 1 { parts.remove(0) } else { Condition::Any(parts) }
    }

    fn both(&mut self, depth: usize) -> Condition {
        let mut parts = vec![self.one(depth)];
        loop {
            self.hint(&["and", "or"]);
            match self.connective() {
                Some("and") => self.at += 1,
                Some(_) => break,
                None if self.peek().is_none_or(|token| token.kind == TokenKind::Close) => break,
                None => {
                    self.missing_connective();
                    match self.connective() {
                        Some("and") => self.at += 1,
                        Some(_) => break,
                        None if self.peek().is_none_or(|t| t.kind == TokenKind::Close) => break,
                        None => {}
                    }
                }
            }
            parts.push(self.one(depth));
        }
        if parts.len() == 1 { parts.remove(0) } else { Condition::All(parts) }
    }

    fn one(&mut self, depth: usize) -> Condition {
        self.broken = false;
        if depth > BRACKETS_MAX {
            let at = self.here();
            self.too_deep(at);
            self.at = self.tokens.len();
            return Condition::Never;
        }
        if self.peek_word() == Some("not".to_owned()) {
            self.at += 1;
            return Condition::Not(Box::new(self.one(depth + 1)));
        }
        let Some(token) = self.peek() else {
            self.hint(super::statement::SUBJECTS);
            self.hint(&["not"]);
            let at = self.here();
            let after =
                self.before().map_or_else(String::new, |word| format!(" behind \"{word}\""));
            let cure = "write a statement, for example: cart is open";
            self.problem(at, format!("a statement is missing{after}"), cure);
            return Condition::Never;
        };
        if token.kind == TokenKind::Open {
            return self.bracket(depth);
        }
        match self.statement() {
            Ok(condition) => condition,
            Err(Failed) => {
                self.broken = true;
                self.skip();
                Condition::Never
            }
        }
    }

    fn bracket(&mut self, depth: usize) -> Condition {
        let open = self.here();
        self.at += 1;
        let inner = self.either(depth + 1);
        if self.peek().is_some() {
            self.at += 1;
        } else {
            self.problem(open, "this bracket is never closed", "put a ) behind its last part");
        }
        inner
    }

    fn too_deep(&mut self, at: Range<usize>) {
        let message =
            format!("brackets and negations go deeper than {} levels", Condition::DEPTH_MAX);
        let cure = "make segments of its parts and name them: in segment \"...\"";
        if !self.problems.iter().any(|held| held.message == message) {
            self.problem(at, message, cure);
        }
    }

    /// Something stands where `and` or `or` should. If it cannot begin a statement, it is skipped.
    fn missing_connective(&mut self) {
        let at = self.here();
        let found = self.text[at.clone()].to_owned();
        let begins = self.begins_statement();
        let message = format!("{} cannot stand behind a finished statement", quoted(&found));
        let cure = if found == "," {
            "write \"and\" or \"or\" instead of the comma".to_owned()
        } else if let Some(near) = nearest(&found, ["and", "or"]).filter(|_| !begins) {
            format!("write \"{near}\"")
        } else if begins {
            "put \"and\" or \"or\" before it".to_owned()
        } else {
            "leave it out, or put \"and\" or \"or\" and a statement".to_owned()
        };
        self.problem(at, message, cure);
        if !begins {
            let slip = nearest(&found, ["and", "or"]).is_some() || found == ",";
            self.at += 1;
            if !slip || !self.begins_statement() {
                self.skip();
            }
        }
    }

    fn begins_statement(&self) -> bool {
        match self.peek() {
            Some(Token { kind: TokenKind::Open, .. }) => true,
            Some(Token { kind: TokenKind::Word, .. }) => {
                let word = self.peek_word().unwrap_or_default();
                word == "not" || super::statement::SUBJECTS.contains(&word.as_str())
            }
            Some(_) | None => false,
        }
    }

    /// Goes to the next `and`, `or` or closing bracket of this level.
    fn skip(&mut self) {
        let mut depth = 0_usize;
        while let Some(token) = self.peek() {
            match token.kind {
                TokenKind::Open => depth += 1,
                TokenKind::Close if depth == 0 => return,
                TokenKind::Close => depth -= 1,
                TokenKind::Word if depth == 0 && self.connective().is_some() => return,
                TokenKind::Word | TokenKind::Number | TokenKind::Text(_) | TokenKind::Comma => {}
            }
            self.at += 1;
        }
    }

    fn connective(&self) -> Option<&'static str> {
        match self.peek_word()?.as_str() {
            "and" => Some("and"),
            "or" => Some("or"),
            _ => None,
        }
    }
}

/// What statements are read with.
impl Parser<'_> {
    /// The next token.
    pub(super) fn peek(&self) -> Option<&Token> {
        self.tokens.get(self.at)
    }

    /// The token `ahead` places behind the next one, if it is a word, in small letters.
    pub(super) fn word_ahead(&self, ahead: usize) -> Option<String> {
        let token = self.tokens.get(self.at + ahead)?;
        (token.kind == TokenKind::Word).then(|| self.text[token.at.clone()].to_lowercase())
    }

    /// The next token, if it is a word, in small letters.
    pub(super) fn peek_word(&self) -> Option<String> {
        self.word_ahead(0)
    }

    /// Whether the token `ahead` places behind the next one is one of these words.
    pub(super) fn is_ahead_word(&self, ahead: usize, words: &[&str]) -> bool {
        self.word_ahead(ahead).is_some_and(|word| words.contains(&word.as_str()))
    }

    /// Whether the token `ahead` places behind the next one is of this kind.
    pub(super) fn is_ahead(&self, ahead: usize, kind: &TokenKind) -> bool {
        self.tokens.get(self.at + ahead).is_some_and(|token| token.kind == *kind)
    }

    /// Whether the next `count` tokens follow the byte `end` without a space between them.
    pub(super) fn adjoins(&self, count: usize, mut end: usize) -> bool {
        self.tokens.iter().skip(self.at).take(count).all(|token| {
            let joins = token.at.start == end;
            end = token.at.end;
            joins
        })
    }

    /// The next token as it is written.
    pub(super) fn written(&self) -> &str {
        self.peek().map_or("", |token| &self.text[token.at.clone()])
    }

    /// Takes the next token.
    pub(super) fn advance(&mut self) {
        self.at += 1;
    }

    /// Notes what could stand here, if the text ends here.
    pub(super) fn hint(&mut self, words: &[&'static str]) {
        if self.peek().is_none() && !self.broken {
            self.hints.extend(words.iter().map(|word| Hint::Word(word)));
        }
    }

    /// Notes that a name of this kind could stand here, if the text ends here.
    pub(super) fn hint_name(&mut self, kind: Suggests) {
        if self.peek().is_none() && !self.broken {
            self.hints.push(Hint::Name(kind));
        }
    }

    /// Notes that something of this form could stand here, if the text ends here.
    pub(super) fn hint_value(&mut self, form: &'static str) {
        if self.peek().is_none() && !self.broken {
            self.hints.push(Hint::Value(form));
        }
    }

    /// Takes the next token if it is this word.
    pub(super) fn take(&mut self, word: &'static str) -> bool {
        self.hint(&[word]);
        let found = self.peek_word().as_deref() == Some(word);
        if found {
            self.at += 1;
        }
        found
    }

    /// Takes the next tokens if they are these words.
    pub(super) fn take_words(&mut self, words: &[&'static str]) -> bool {
        self.hint(&words[..1]);
        let found =
            words.iter().enumerate().all(|(n, word)| self.word_ahead(n).as_deref() == Some(*word));
        if found {
            self.at += words.len();
        }
        found
    }

    /// The place of the next token; the end of the last one where none is left.
    pub(super) fn here(&self) -> Range<usize> {
        match self.peek() {
            Some(token) => token.at.clone(),
            None => {
                let end = self.tokens.last().map_or(0, |token| token.at.end);
                end..end
            }
        }
    }

    /// The last token taken, as it is written.
    pub(super) fn before(&self) -> Option<&str> {
        let token = self.tokens.get(self.at.checked_sub(1)?)?;
        Some(&self.text[token.at.clone()])
    }

    /// Notes a mistake.
    pub(super) fn problem(
        &mut self,
        at: Range<usize>,
        message: impl Into<String>,
        cure: impl Into<String>,
    ) {
        self.problems.push(Problem { at, message: message.into(), cure: cure.into() });
    }

    /// Notes that something else belongs here: `wanted` in words.
    pub(super) fn expected<T>(&mut self, wanted: &str, cure: impl Into<String>) -> Read<T> {
        let at = self.here();
        let place = match self.before() {
            Some(before) => format!("behind {} comes {wanted}", quoted(before)),
            None => format!("here comes {wanted}"),
        };
        let found = match self.peek() {
            Some(_) => format!(", not {}", quoted(self.written())),
            None => ", and nothing is there".to_owned(),
        };
        self.problem(at, format!("{place}{found}"), cure);
        Err(Failed)
    }

    /// Takes one of these words; `example` is a whole statement.
    pub(super) fn one_of(&mut self, words: &[&'static str], example: &str) -> Read<&'static str> {
        self.hint(words);
        let found = self.peek_word().unwrap_or_default();
        if let Some(word) = words.iter().find(|word| **word == found) {
            self.at += 1;
            return Ok(word);
        }
        let cure = match nearest(&found, words.iter().copied()) {
            Some(near) => format!("write \"{near}\""),
            None => format!("for example: {example}"),
        };
        self.expected(&listed(words), cure)
    }
}

/// Text of the condition in a message, without a second pair of quotes and not too long.
pub(super) fn quoted(text: &str) -> String {
    let mut short: String =
        text.chars().map(|c| if c.is_control() { ' ' } else { c }).take(40).collect();
    if text.chars().nth(40).is_some() {
        short.push('…');
    }
    if short.starts_with('"') { short } else { format!("\"{short}\"") }
}
