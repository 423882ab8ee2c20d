//! From MJML to HTML, with the placeholders out of the engine's sight.
//!
//! Each placeholder is replaced by a short token of letters and digits before the MJML engine runs
//! and put back afterwards by [`super::place`]. So no placeholder can upset the engine, whatever
//! quotes or brackets it holds, and the engine cannot alter a placeholder.

use std::ops::Range;
use std::panic::{AssertUnwindSafe, catch_unwind};

use mrml::prelude::parser::{Error as ParseError, ParserOptions, Span};
use mrml::prelude::render::RenderOptions;

use super::error::{Part, Problem, TemplateError};
use super::html::{self, Node};
use super::nesting::{self, Reading};
use super::scan::{Piece, TagKind, count_lines};

/// Starts a token; the tag's number in decimal follows. Plain letters, since the engine rewrites
/// unusual characters in attributes.
pub(super) const TOKEN_START: &str = "zqtag";
/// Ends a token.
pub(super) const TOKEN_END: &str = "gatqz";

/// Translates the body. Token `n` of the result stands for tag `n` of `pieces`.
pub(super) fn to_html(pieces: &[Piece<'_>]) -> Result<String, TemplateError> {
    let protected = Protected::new(pieces);
    let error = |offset, problem| {
        TemplateError::new(Part::Body, protected.line_at(offset, pieces), problem)
    };
    let gave_up = || (0, Problem::Mjml { detail: "the engine gave up".into() });
    let reading = caught(|| nesting::check(&protected.text))
        .unwrap_or_else(|| Err(gave_up()))
        .map_err(|(offset, problem)| error(offset, problem))?;
    let edits = protected.edits(reading);
    translate(&apply(&protected.text, &edits)).map_err(|failure| {
        let offset = failure.offset.map_or(0, |offset| before_edits(offset, &edits));
        error(offset, Problem::Mjml { detail: failure.detail })
    })
}

/// The body with a token for every tag.
struct Protected {
    text: String,
    statements: Vec<Range<usize>>, // Where the tokens of statements stand.
}

/// A stretch to be replaced, and by what.
type Edit = (Range<usize>, String);

impl Protected {
    fn new(pieces: &[Piece<'_>]) -> Self {
        let mut text = String::new();
        let mut kinds = Vec::new();
        for piece in pieces {
            match piece {
                Piece::Literal(literal) => text.push_str(literal),
                Piece::Comment(comment) => {
                    text.extend(std::iter::repeat_n('\n', count_lines(comment)));
                }
                Piece::Tag(tag) => {
                    text.push_str(&token(kinds.len()));
                    kinds.push(tag.kind);
                }
            }
        }
        let text = apply(&text, &lone_brackets(&text));
        let mut statements = Vec::new();
        let mut from = 0;
        while let Some((range, number)) = find_token(&text[from..]) {
            if kinds.get(number) == Some(&TagKind::Statement) {
                statements.push(from + range.start..from + range.end);
            }
            from += range.end;
        }
        Self { text, statements }
    }

    /// Wraps the statements between MJML elements, and rewrites values that the engine would spoil.
    fn edits(&self, reading: Reading) -> Vec<Edit> {
        let between = |range: &&Range<usize>| {
            let after = reading.between.partition_point(|text| text.end <= range.start);
            reading.between.get(after).is_some_and(|text| text.contains(&range.start))
        };
        let wrap = |range: &Range<usize>| {
            (range.clone(), format!("<mj-raw>{}</mj-raw>", &self.text[range.clone()]))
        };
        let wrapped: Vec<Edit> = self.statements.iter().filter(between).map(wrap).collect();
        let mut edits = reading.values;
        edits.extend(wrapped);
        edits.sort_by_key(|(range, _)| range.start);
        edits
    }

    /// The line of the written body that stands at `offset`.
    fn line_at(&self, offset: usize, pieces: &[Piece<'_>]) -> usize {
        let before = self.text.get(..offset).unwrap_or(&self.text);
        let tags = pieces.iter().filter_map(|piece| match piece {
            Piece::Tag(tag) => Some(tag),
            Piece::Literal(_) | Piece::Comment(_) => None,
        });
        let passed = before.matches(TOKEN_END).count();
        let hidden: usize = tags.take(passed).map(|tag| count_lines(tag.source)).sum();
        1 + count_lines(before) + hidden
    }
}

/// The engine's tokenizer looks two bytes back from a `>` in text, and panics where that is the
/// middle of a character (`д > 5`).
fn lone_brackets(text: &str) -> Vec<Edit> {
    let mut edits = Vec::new();
    let mut element = "";
    for node in html::nodes(text) {
        match node {
            Node::Open { name, .. } | Node::Close { name } => element = name,
            Node::Text(part) | Node::Raw { text: part, .. } => {
                let start = part.as_ptr() as usize - text.as_ptr() as usize;
                let style = element.ends_with("style");
                let escaped = if style { "  >" } else { "&gt;" };
                let lone = part
                    .match_indices('>')
                    .map(|(at, _)| start + at)
                    .filter(|at| *at >= 2 && !text.is_char_boundary(at - 2));
                edits.extend(lone.map(|at| (at..at + 1, escaped.to_owned())));
            }
            Node::Comment(_) => {}
        }
    }
    edits
}

fn apply(text: &str, edits: &[Edit]) -> String {
    let mut edited = String::with_capacity(text.len() + 16 * edits.len());
    let mut copied = 0;
    for (range, replacement) in edits {
        edited.push_str(&text[copied..range.start]);
        edited.push_str(replacement);
        copied = range.end;
    }
    edited.push_str(&text[copied..]);
    edited
}

/// The offset in the text before the edits that `offset` in the edited text came from.
fn before_edits(offset: usize, edits: &[Edit]) -> usize {
    let mut shift = 0_usize; // How far the edited text is ahead; edits only ever lengthen it in sum.
    let mut cut = 0_usize;
    for (range, replacement) in edits {
        if range.start + shift - cut >= offset {
            break;
        }
        shift += replacement.len();
        cut += range.len();
    }
    (offset + cut).saturating_sub(shift)
}

/// The token for tag `number`.
pub(super) fn token(number: usize) -> String {
    format!("{TOKEN_START}{number}{TOKEN_END}")
}

/// The first token in `text`: where it stands, and the number of its tag.
pub(super) fn find_token(text: &str) -> Option<(Range<usize>, usize)> {
    text.match_indices(TOKEN_START).find_map(|(start, _)| {
        let digits = start + TOKEN_START.len();
        let length = text[digits..].find(|c: char| !c.is_ascii_digit())?;
        text[digits + length..].starts_with(TOKEN_END).then_some(())?;
        let number = text[digits..digits + length].parse().ok()?;
        Some((start..digits + length + TOKEN_END.len(), number))
    })
}

struct Failure {
    offset: Option<usize>,
    detail: String,
}

fn translate(mjml: &str) -> Result<String, Failure> {
    let run = || {
        let parsed = mrml::parse_with_options(mjml, &ParserOptions::default())
            .map_err(|error| describe(&error))?;
        parsed
            .element
            .render(&options())
            .map_err(|error| Failure { offset: None, detail: error.to_string() })
    };
    caught(run)
        .unwrap_or_else(|| Err(Failure { offset: None, detail: "the engine gave up".into() }))
}

/// The engine is code of others on input of others: a panic in it must not end more than it.
fn caught<T>(run: impl FnOnce() -> T) -> Option<T> {
    catch_unwind(AssertUnwindSafe(run)).ok()
}

/// No web fonts: they would tell a third party who opens what, and few mail programs load them.
fn options() -> RenderOptions {
    RenderOptions { fonts: Default::default(), ..RenderOptions::default() }
}

fn describe(error: &ParseError) -> Failure {
    let at = |position: &Span, detail: String| Failure { offset: Some(position.start), detail };
    match error {
        ParseError::UnexpectedElement { position, .. } => {
            at(position, "an element is unknown or stands where it cannot".into())
        }
        ParseError::UnexpectedToken { position, .. } => {
            at(position, "something stands where it cannot".into())
        }
        ParseError::MissingAttribute { name, position, .. } => {
            at(position, format!("the attribute {name} is missing"))
        }
        ParseError::InvalidAttribute { position, .. } => {
            at(position, "an attribute has a value that it cannot have".into())
        }
        ParseError::InvalidFormat { position, .. } => {
            at(position, "something is not written as it must be".into())
        }
        ParseError::EndOfStream { .. } => Failure { offset: None, detail: "it ends early".into() },
        ParseError::SizeLimit { .. } => Failure { offset: None, detail: "it is too long".into() },
        ParseError::ParserError { source, .. } => {
            // The tokenizer counts lines itself, of the protected text; offsets are not public.
            Failure { offset: None, detail: format!("{source}") }
        }
        ParseError::NoRootNode => {
            Failure { offset: Some(0), detail: "it must start with <mjml>".into() }
        }
        ParseError::IncludeLoaderError { position, .. } => at(position, "an include".into()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::template::scan::scan;

    fn html(body: &str) -> Result<String, TemplateError> {
        to_html(&scan(Part::Body, body).unwrap())
    }

    #[test]
    fn placeholders_survive_with_any_quotes_in_them() {
        let body = "<mjml><mj-body><mj-section><mj-column>\
            <mj-button href=\"{{ \"a\" | d('<b>') }}\">{{ x < \"y\" }}</mj-button>\
            </mj-column></mj-section></mj-body></mjml>";
        let html = html(body).unwrap();
        assert!(html.contains(&format!("href=\"{}\"", token(0))), "{html}");
        assert!(html.contains(&token(1)), "{html}");
    }

    #[test]
    fn statements_between_elements_stay_between_them() {
        let body = "<mjml><mj-body>{% for p in ps %}<mj-section><mj-column>\
            {% if p %}<mj-text>{{ p }}</mj-text>{% endif %}</mj-column></mj-section>{% endfor %}\
            </mj-body></mjml>";
        let html = html(body).unwrap();
        let at = |number| html.find(&token(number)).unwrap_or_else(|| panic!("{number}: {html}"));
        let order: Vec<usize> = (0..5).map(at).collect();
        assert!(order.is_sorted(), "{order:?}");
        assert!(!html.contains("mj-raw"), "{html}");
    }

    #[test]
    fn errors_name_the_line_as_written() {
        let body = "<mjml>\n<mj-body>\n{# two\nlines #}\n{% if\nx %}{% endif %}\n<mj-nothing/>\n";
        let error = html(&format!("{body}</mj-body></mjml>")).unwrap_err();
        assert_eq!(error.line, 7, "{error}");
    }

    #[test]
    fn attributes_reach_the_html_as_written() {
        let body = "<mjml><mj-body><mj-section><mj-column><mj-text><b title='a \"b\"\n\\c'>x</b>\
            </mj-text></mj-column></mj-section></mj-body></mjml>";
        let html = html(body).unwrap();
        assert!(html.contains("title=\"a &quot;b&quot; &#92;c\""), "{html}");
    }

    #[test]
    fn offsets_are_found_behind_edits() {
        let edits = [(2..3, "<w>x</w>".to_owned()), (4..9, "y".to_owned())];
        let text = "ab1c23456d";
        let edited = apply(text, &edits);
        assert_eq!(edited, "ab<w>x</w>cyd");
        for c in ["a", "b", "c", "d"] {
            assert_eq!(before_edits(edited.find(c).unwrap(), &edits), text.find(c).unwrap(), "{c}");
        }
    }

    #[test]
    fn a_bracket_after_a_wide_character_is_text() {
        let body = "<mjml><mj-head><mj-style>.д > a{}</mj-style></mj-head><mj-body><mj-section>\
            <mj-column><mj-text>цена > 5 →> x</mj-text></mj-column></mj-section></mj-body></mjml>";
        let html = html(body).unwrap();
        assert!(html.contains("цена &gt; 5 →&gt; x"), "{html}");
        assert!(html.contains(".д   > a{}"), "{html}");
    }

    #[test]
    fn no_fonts_are_loaded_from_third_parties() {
        let body = "<mjml><mj-body><mj-section><mj-column><mj-text>x</mj-text></mj-column>\
            </mj-section></mj-body></mjml>";
        assert!(!html(body).unwrap().contains("googleapis"));
    }
}
