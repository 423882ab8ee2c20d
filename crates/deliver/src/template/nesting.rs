//! Counts the levels of MJML before the MJML engine sees it.
//!
//! The engine descends one call for every level and has no bound of its own: too many levels end the
//! process. The count reads the very tokens that the engine reads, in a loop, and takes every opening
//! tag for a level that the engine could take for one.

use std::borrow::Cow;
use std::ops::Range;

use htmlparser::{ElementEnd, Token, Tokenizer};

use super::error::Problem;
use super::source::LEVELS_MAX;

/// Elements between whose children a statement would be lost or misplaced unless it is wrapped.
const BLOCKS: [&str; 6] =
    ["mj-body", "mj-wrapper", "mj-section", "mj-group", "mj-column", "mj-hero"];
/// The elements of MJML.
const KNOWN: [&str; 33] = [
    "mjml",
    "mj-head",
    "mj-body",
    "mj-accordion",
    "mj-accordion-element",
    "mj-accordion-text",
    "mj-accordion-title",
    "mj-all",
    "mj-attributes",
    "mj-breakpoint",
    "mj-button",
    "mj-carousel",
    "mj-carousel-image",
    "mj-class",
    "mj-column",
    "mj-divider",
    "mj-font",
    "mj-group",
    "mj-hero",
    "mj-image",
    "mj-navbar",
    "mj-navbar-link",
    "mj-preview",
    "mj-raw",
    "mj-section",
    "mj-social",
    "mj-social-element",
    "mj-spacer",
    "mj-style",
    "mj-table",
    "mj-text",
    "mj-title",
    "mj-wrapper",
];
/// The void elements of HTML, which the engine never descends into.
const VOID: [&str; 14] = [
    "area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "param", "source",
    "track", "wbr",
];

/// What the engine would do wrong, and how the text has to be changed so that it does not.
#[derive(Debug, Default)]
pub(super) struct Reading {
    /// Stretches of text directly between MJML elements, where the engine would misplace statements.
    pub(super) between: Vec<Range<usize>>,
    /// Values of attributes that it would print in the notation of source code (`\n` for a line
    /// end, `\"` for a quote), with what to write instead.
    pub(super) values: Vec<(Range<usize>, String)>,
}

/// Checks the levels and elements of `mjml`. A problem comes with the offset at which it was found.
pub(super) fn check(mjml: &str) -> Result<Reading, (usize, Problem)> {
    let mut open: Vec<&str> = Vec::new();
    let mut starting = "";
    let mut reading = Reading::default();
    // An error of the tokenizer ends the engine's reading at the same token, with its own message.
    for token in Tokenizer::from(mjml).map_while(Result::ok) {
        match token {
            Token::ElementStart { local, span, .. } => {
                starting = local.as_str();
                check_name(starting).map_err(|problem| (span.start(), problem))?;
            }
            Token::ElementEnd { end: ElementEnd::Open, span } => {
                if !VOID.contains(&starting) {
                    open.push(starting);
                }
                if open.len() > LEVELS_MAX {
                    return Err((span.start(), Problem::TooDeep));
                }
            }
            Token::ElementEnd { end: ElementEnd::Close(..), .. } => {
                open.pop();
            }
            Token::Text { text } if open.last().is_some_and(|name| BLOCKS.contains(name)) => {
                reading.between.push(text.range());
            }
            Token::Attribute { value: Some(value), .. } => {
                let plain: String = value.as_str().chars().map(plain_in_quotes).collect();
                if plain != value.as_str() {
                    reading.values.push((value.range(), plain));
                }
            }
            Token::ElementEnd { end: ElementEnd::Empty, .. }
            | Token::Text { .. }
            | Token::Attribute { value: None, .. }
            | Token::Comment { .. }
            | Token::ConditionalCommentStart { .. }
            | Token::ConditionalCommentEnd { .. }
            | Token::Declaration { .. }
            | Token::ProcessingInstruction { .. }
            | Token::DtdStart { .. }
            | Token::EmptyDtd { .. }
            | Token::EntityDeclaration { .. }
            | Token::DtdEnd { .. }
            | Token::Cdata { .. } => {}
        }
    }
    Ok(reading)
}

/// The engine prints elements that it does not know as they stand, so a slip would go out unseen.
fn check_name(name: &str) -> Result<(), Problem> {
    if name.eq_ignore_ascii_case("mj-include") {
        return Err(Problem::Include);
    }
    let lower = name.to_ascii_lowercase();
    if lower.starts_with("mj") && !KNOWN.contains(&name) {
        let detail = format!("there is no element \"{name}\"");
        return Err(Problem::Mjml { detail });
    }
    Ok(())
}

fn plain_in_quotes(c: char) -> Cow<'static, str> {
    match c {
        '"' => "&quot;".into(),
        '\n' | '\r' | '\t' => " ".into(),
        '\'' => "'".into(),
        c if c.escape_debug().len() > 1 => format!("&#{};", u32::from(c)).into(),
        c => c.to_string().into(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn nested(levels: usize, between: &str) -> String {
        format!("{}{between}{}", "<div>".repeat(levels), "</div>".repeat(levels))
    }

    #[test]
    fn levels_are_counted_and_bounded() {
        assert!(check(&nested(LEVELS_MAX, "x")).is_ok());
        assert_eq!(check(&nested(LEVELS_MAX + 1, "x")).unwrap_err().1, Problem::TooDeep);
        assert!(check(&"<p>a<br>b<img src='x'></p>".repeat(100)).is_ok());
    }

    #[test]
    fn closing_tags_in_comments_and_values_lower_nothing() {
        for hidden in ["<div><!-- </div> -->", "<div a='</div>'>", "<div title=\"/>\">"] {
            let error = check(&hidden.repeat(LEVELS_MAX + 1)).unwrap_err();
            assert_eq!(error.1, Problem::TooDeep, "{hidden}");
        }
    }

    #[test]
    fn values_that_the_engine_would_spoil_are_rewritten() {
        let reading = check("<a t='say \"hi\"\n\u{200b}' u=\"ñ 'q' \\\">").unwrap();
        let values: Vec<String> = reading.values.into_iter().map(|(_, value)| value).collect();
        assert_eq!(values, ["say &quot;hi&quot; &#8203;", "ñ 'q' &#92;"]);
    }

    #[test]
    fn an_unknown_element_is_refused() {
        assert!(matches!(check("<mj-txt>x</mj-txt>").unwrap_err().1, Problem::Mjml { .. }));
    }

    #[test]
    fn an_include_is_refused_in_any_spelling() {
        for include in ["<mj-include path='a'/>", "<MJ-Include path='a'></MJ-Include>"] {
            assert_eq!(check(include).unwrap_err().1, Problem::Include, "{include}");
        }
    }
}
