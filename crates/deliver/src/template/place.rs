//! Checks where each placeholder ended up in the HTML, and puts it back there.
//!
//! Escaping makes a value safe in text and in a quoted attribute. Everywhere else (names of elements
//! and attributes, values without quotes, scripts, style sheets) no escaping would do, so a
//! placeholder there is refused; in a `style` attribute the value is held to a plain one.

use std::collections::BTreeSet;

use super::error::Problem;
use super::filters::STYLE;
use super::html::{self, Node, Quoted};
use super::links::target;
use super::mjml::{TOKEN_START, find_token};
use super::scan::{Tag, TagKind, count_lines};

/// A text with its placeholders back, ready for the template engine.
#[derive(Debug)]
pub(super) struct Placed {
    pub(super) source: String,
    /// For each placeholder in order, the line of `source` on which its inside starts, and its tag.
    pub(super) lines: Vec<(usize, usize)>,
    /// How many of them print.
    pub(super) prints: usize,
}

/// The special places that placeholders were found in.
#[derive(Debug, Default)]
pub(super) struct Places {
    /// Offsets of the tokens in styles.
    styled: BTreeSet<usize>,
    /// Numbers of the tags that a link or image address starts with.
    pub(super) starts_link: BTreeSet<usize>,
}

/// Looks at every token; or tells the first problem, with the number of a tag near it if there is
/// one.
pub(super) fn check(html: &str) -> Result<Places, (Option<usize>, Problem)> {
    let mut places = Places::default();
    let offset = |inner: &str| inner.as_ptr() as usize - html.as_ptr() as usize;
    check_within(html, &offset, &mut places)?;
    Ok(places)
}

/// Elements that mail programs drop, or that change how the rest of the message is read.
const REFUSED: [&str; 13] = [
    "script",
    "iframe",
    "object",
    "embed",
    "applet",
    "frame",
    "frameset",
    "base",
    "xmp",
    "noembed",
    "noframes",
    "textarea",
    "plaintext",
];

fn check_within(
    html: &str,
    offset: &impl Fn(&str) -> usize,
    places: &mut Places,
) -> Result<(), (Option<usize>, Problem)> {
    let place = |text: &str, place| Err((first_token(text), Problem::Place { place }));
    for node in html::nodes(html) {
        match node {
            Node::Text(_) => {}
            Node::Close { name } if has_token(name) => return place(name, "in a closing tag"),
            Node::Close { .. } => {}
            Node::Comment(comment) => {
                if let Some(html) = html::conditional(comment) {
                    check_within(html, offset, places)?;
                }
            }
            Node::Raw { name, text } => {
                if has_token(text) && !name.eq_ignore_ascii_case("title") {
                    return place(text, "in a style sheet");
                }
            }
            Node::Open { name, attributes } => {
                if has_token(name) {
                    return place(name, "in the name of an element");
                }
                if REFUSED.iter().any(|refused| name.eq_ignore_ascii_case(refused)) {
                    let name = name.to_ascii_lowercase();
                    return Err((first_token(attributes), Problem::Element { name }));
                }
                check_attributes(name, attributes, offset, places)?;
            }
        }
    }
    Ok(())
}

fn check_attributes(
    element: &str,
    attributes: &str,
    offset: &impl Fn(&str) -> usize,
    places: &mut Places,
) -> Result<(), (Option<usize>, Problem)> {
    let place = |text: &str, place| Err((first_token(text), Problem::Place { place }));
    for attribute in html::attributes(attributes) {
        let is = |other: &str| attribute.name.eq_ignore_ascii_case(other);
        if has_token(attribute.name) {
            return place(attribute.name, "in a tag outside of the value of an attribute");
        }
        if attribute.name.as_bytes().get(..2).is_some_and(|on| on.eq_ignore_ascii_case(b"on")) {
            let name = attribute.name.to_ascii_lowercase();
            return Err((first_token(attribute.value), Problem::Script { name }));
        }
        if element.eq_ignore_ascii_case("meta")
            && is("http-equiv")
            && attribute.value.trim().eq_ignore_ascii_case("refresh")
        {
            let name = "meta refresh".to_owned();
            return Err((first_token(attributes), Problem::Element { name }));
        }
        if !has_token(attribute.value) {
            continue;
        }
        if attribute.quoted == Quoted::No {
            return place(attribute.value, "in the value of an attribute without quotes");
        }
        if is("srcset") || is("srcdoc") {
            return place(attribute.value, "in this attribute");
        }
        if attribute.value.starts_with(TOKEN_START) && target(element, attribute.name).is_some() {
            places.starts_link.extend(first_token(attribute.value));
        }
        if is("style") {
            let start = offset(attribute.value);
            places
                .styled
                .extend(attribute.value.match_indices(TOKEN_START).map(|(at, _)| start + at));
        }
    }
    Ok(())
}

fn has_token(text: &str) -> bool {
    text.contains(TOKEN_START)
}

fn first_token(text: &str) -> Option<usize> {
    find_token(text).map(|(_, number)| number)
}

/// Puts the tags back in place of their tokens. Each gets a line end inside, so that the engine's
/// line numbers tell them apart without a change to what is printed.
pub(super) fn put_back(text: &str, tags: &[Tag<'_>], places: &Places) -> Placed {
    let source = String::with_capacity(text.len() * 2);
    let mut placed = Placed { source, lines: Vec::new(), prints: 0 };
    let mut line = 1;
    let mut copied = 0;
    while let Some((range, number)) = find_token(&text[copied..]) {
        let literal = &text[copied..copied + range.start];
        placed.source.push_str(literal);
        line += count_lines(literal);
        if let Some(tag) = tags.get(number) {
            let written = written(tag, places.styled.contains(&(copied + range.start)));
            placed.lines.push((line + 1, number));
            placed.prints += usize::from(tag.kind == TagKind::Print);
            line += count_lines(&written);
            placed.source.push_str(&written);
        }
        copied += range.end;
    }
    placed.source.push_str(&text[copied..]);
    placed
}

fn written(tag: &Tag<'_>, styled: bool) -> String {
    let source = tag.source;
    let trims = |byte: Option<&u8>| byte.is_some_and(|byte| matches!(byte, b'-' | b'+'));
    let start = if trims(source.as_bytes().get(2)) { 3 } else { 2 };
    let end = source.len() - 2;
    let end = if end > start && trims(source.as_bytes().get(end - 1)) { end - 1 } else { end };
    let (opening, inside, closing) = (&source[..start], &source[start..end], &source[end..]);
    if styled && tag.kind == TagKind::Print {
        format!("{opening}\n({inside}) | {STYLE} {closing}")
    } else {
        format!("{opening}\n{inside}{closing}")
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::template::error::Part;
    use crate::template::mjml::token;

    fn problem(html: &str) -> Option<Problem> {
        check(&html.replace('T', &token(0))).err().map(|(_, problem)| problem)
    }

    #[test]
    fn text_and_quoted_attributes_are_places_for_values() {
        for html in [
            "<p>T</p>",
            "<a href=\"T\">",
            "<a title='a T b'>",
            "<title>T</title>",
            "<!-- T -->",
            "<!--[if mso]><td width=\"T\"><![endif]-->",
        ] {
            assert_eq!(problem(html), None, "{html}");
        }
    }

    #[test]
    fn everywhere_else_a_value_could_break_out() {
        for html in [
            "<T>",
            "<aT>",
            "</T>",
            "<a T>",
            "<a T=\"x\">",
            "<a href=T>",
            "<a href=xT>",
            "<style>T</style>",
            "<a style=T>",
            "<img srcset=\"T\">",
            "<!--[if mso]><td width=T><![endif]-->",
        ] {
            assert!(matches!(problem(html), Some(Problem::Place { .. })), "{html}");
        }
        for html in [
            "<script>x</script>",
            "<IFRAME src='https://x'>",
            "<base href='https://x'>",
            "<meta http-equiv='refresh' content='0'>",
        ] {
            assert!(matches!(problem(html), Some(Problem::Element { .. })), "{html}");
        }
        for html in ["<p onclick=\"x\">", "<svg/onload=x>"] {
            assert!(matches!(problem(html), Some(Problem::Script { .. })), "{html}");
        }
    }

    #[test]
    fn a_value_in_a_style_is_held_to_a_plain_one() {
        let tag = |source, kind| Tag { source, kind, part: Part::Body, line: 1 };
        let tags = [tag("{{- a -}}", TagKind::Print), tag("{% if b %}", TagKind::Statement)];
        let html = format!("{}<p style=\"color:{};{}\">", token(0), token(0), token(1));
        let placed = put_back(&html, &tags, &check(&html).unwrap());
        assert_eq!(
            placed.source,
            "{{-\n a -}}<p style=\"color:{{-\n( a ) | __style -}};{%\n if b %}\">"
        );
        assert_eq!(placed.lines, [(2, 0), (3, 0), (4, 1)]);
    }
}
