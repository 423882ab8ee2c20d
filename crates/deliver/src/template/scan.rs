//! Finds the placeholders of a text: `{{ ... }}`, `{% ... %}` and `{# ... #}`.
//!
//! The scan agrees with the template engine on where a tag ends (quotes hide the end). Should they
//! ever differ, the engine sees the final text as a whole again, and refuses.

use super::error::{Part, Problem, TemplateError};
use super::source::{LEVELS_MAX, TAG_SIZE_MAX, TAGS_MAX};

/// A stretch of a template.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Piece<'a> {
    /// What is printed as it stands.
    Literal(&'a str),
    /// What is replaced or steers.
    Tag(Tag<'a>),
    /// A comment: printed nowhere, kept here for the count of lines.
    Comment(&'a str),
}

impl<'a> Piece<'a> {
    /// What is printed as it stands, if it is that.
    pub(super) fn literal(&self) -> Option<&'a str> {
        match self {
            Self::Literal(text) => Some(text),
            Self::Tag(_) | Self::Comment(_) => None,
        }
    }
}

/// One placeholder.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Tag<'a> {
    /// With its braces.
    pub(super) source: &'a str,
    pub(super) kind: TagKind,
    pub(super) part: Part,
    /// The line it starts on, from 1.
    pub(super) line: usize,
}

/// Whether a placeholder prints or steers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum TagKind {
    /// `{{ ... }}`
    Print,
    /// `{% ... %}`
    Statement,
}

/// Splits `source` into literals and tags, within the bounds.
pub(super) fn scan(part: Part, source: &str) -> Result<Vec<Piece<'_>>, TemplateError> {
    let mut pieces = Vec::new();
    let mut rest = source;
    let mut line = 1;
    let mut tags = 0;
    let mut levels = Levels::default();
    while let Some(start) = find_opening(rest) {
        let (literal, from_tag) = rest.split_at(start);
        if !literal.is_empty() {
            pieces.push(Piece::Literal(literal));
        }
        line += count_lines(literal);
        let error = |problem| TemplateError::new(part, line, problem);
        let opening = &from_tag[..2];
        let not_closed = || error(Problem::NotClosed { opening: opening.to_owned() });
        let end = find_end(from_tag, opening).ok_or_else(not_closed)?;
        let (source, after) = from_tag.split_at(end);
        if opening == "{#" {
            pieces.push(Piece::Comment(source));
        } else {
            tags += 1;
            if tags > TAGS_MAX {
                return Err(error(Problem::TooManyTags));
            }
            if source.len() > TAG_SIZE_MAX {
                return Err(error(Problem::TagTooLong));
            }
            let kind = if opening == "{{" { TagKind::Print } else { TagKind::Statement };
            let tag = Tag { source, kind, part, line };
            levels.follow(&tag).map_err(error)?;
            pieces.push(Piece::Tag(tag));
        }
        line += count_lines(source);
        rest = after;
    }
    if !rest.is_empty() {
        pieces.push(Piece::Literal(rest));
    }
    Ok(pieces)
}

/// The same text with nothing but its tags and line ends, so that the engine's line numbers hold.
pub(super) fn skeleton(pieces: &[Piece<'_>]) -> String {
    let mut skeleton = String::new();
    for piece in pieces {
        match piece {
            Piece::Tag(tag) => skeleton.push_str(tag.source),
            Piece::Literal(text) | Piece::Comment(text) => {
                skeleton.extend(text.chars().filter(|c| *c == '\n'));
            }
        }
    }
    skeleton
}

/// Line ends in `text`.
pub(super) fn count_lines(text: &str) -> usize {
    text.bytes().filter(|byte| *byte == b'\n').count()
}

fn find_opening(text: &str) -> Option<usize> {
    let bytes = text.as_bytes();
    (0..bytes.len().saturating_sub(1))
        .find(|at| bytes[*at] == b'{' && matches!(bytes[at + 1], b'{' | b'%' | b'#'))
}

/// The offset behind the end of the tag that `text` starts with.
fn find_end(text: &str, opening: &str) -> Option<usize> {
    let end: &[u8] = match opening {
        "{#" => return text.find("#}").map(|at| at + 2),
        "{{" => b"}}",
        _ => b"%}",
    };
    let bytes = text.as_bytes();
    let mut quote = None;
    let mut brackets = 0_usize;
    let mut at = 2;
    while at < bytes.len() {
        match (quote, bytes[at]) {
            (Some(_), b'\\') => at += 1,
            (Some(open), byte) if byte == open => quote = None,
            (Some(_), _) => {}
            (None, byte @ (b'"' | b'\'')) => quote = Some(byte),
            (None, _) if brackets == 0 && bytes[at..].starts_with(end) => return Some(at + 2),
            (None, b'{' | b'(' | b'[') => brackets += 1,
            (None, b'}' | b')' | b']') => brackets = brackets.saturating_sub(1),
            (None, _) => {}
        }
        at += 1;
    }
    None
}

/// How deep statements stand inside each other. Each `elif` counts: the engine nests it.
#[derive(Default)]
struct Levels {
    open: Vec<usize>, // For every open statement, the levels it takes.
    depth: usize,
}

impl Levels {
    fn follow(&mut self, tag: &Tag<'_>) -> Result<(), Problem> {
        if tag.kind == TagKind::Print {
            return Ok(());
        }
        let word = keyword(tag.source);
        if word == "raw" {
            // The engine would end it by rules of its own; nobody needs it in a message.
            return Err(Problem::Statement { name: word.to_owned() });
        }
        if word.starts_with("end") {
            self.depth -= self.open.pop().unwrap_or(0);
        } else if word == "elif" {
            if let Some(levels) = self.open.last_mut() {
                *levels += 1;
            }
            self.depth += 1;
        } else if !matches!(word, "else" | "set" | "include") {
            self.open.push(1);
            self.depth += 1;
        }
        if self.depth > LEVELS_MAX { Err(Problem::TooDeep) } else { Ok(()) }
    }
}

/// The first word of a statement.
pub(super) fn keyword(source: &str) -> &str {
    let inside = source.trim_start_matches(['{', '%', '-', '+']).trim_start();
    let end = inside.find(|c: char| !c.is_ascii_alphanumeric() && c != '_');
    &inside[..end.unwrap_or(inside.len())]
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tags(source: &str) -> Vec<&str> {
        let pieces = scan(Part::Body, source).unwrap();
        let tags = pieces.iter().filter_map(|piece| match piece {
            Piece::Tag(tag) => Some(tag.source),
            Piece::Literal(_) | Piece::Comment(_) => None,
        });
        tags.collect()
    }

    #[test]
    fn quotes_and_braces_hide_the_end() {
        assert_eq!(tags("a {{ '}}' }} b"), ["{{ '}}' }}"]);
        assert_eq!(tags(r#"{{ "\"}}" }}{% if x %}"#), [r#"{{ "\"}}" }}"#, "{% if x %}"]);
        assert_eq!(tags("{{ {'a': {}} }}"), ["{{ {'a': {}} }}"]);
        assert_eq!(tags("{# {{ x }} #}{{ y }}"), ["{{ y }}"]);
        assert_eq!(tags("@media { .a { color: red } }"), Vec::<&str>::new());
    }

    #[test]
    fn the_skeleton_keeps_the_lines() {
        let pieces = scan(Part::Body, "a\n<b>\n{{ x\n}} {#\n#}{% if y %}").unwrap();
        assert_eq!(skeleton(&pieces), "\n\n{{ x\n}}\n{% if y %}");
        let lines: Vec<usize> = pieces
            .iter()
            .filter_map(|piece| match piece {
                Piece::Tag(tag) => Some(tag.line),
                Piece::Literal(_) | Piece::Comment(_) => None,
            })
            .collect();
        assert_eq!(lines, [3, 5]);
    }

    #[test]
    fn a_chain_of_elif_counts_as_depth() {
        let chain = format!("{{% if a %}}{}{{% endif %}}", "{% elif b %}".repeat(LEVELS_MAX));
        let error = scan(Part::Body, &chain).unwrap_err();
        assert_eq!(error.problem, Problem::TooDeep);
        let row = "{% if a %}{% elif b %}{% else %}{% endif %}".repeat(100);
        assert!(scan(Part::Body, &row).is_ok());
    }
}
