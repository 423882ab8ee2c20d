//! A small reader of HTML: as much of it as is needed to find links, the places of placeholders and
//! the readable text.
//!
//! It follows the tokenizer of the HTML standard where a value could matter (quotes, attributes,
//! comments, raw text) and allocates nothing.

use std::borrow::Cow;

/// A stretch of HTML.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Node<'a> {
    /// Text between tags, entities as written.
    Text(&'a str),
    /// An opening tag: its name as written, and what stands between name and `>`.
    Open { name: &'a str, attributes: &'a str },
    /// A closing tag.
    Close { name: &'a str },
    /// What stands between `<!--` and `-->`.
    Comment(&'a str),
    /// The content of `style`, `script` and `title`, which is not parsed.
    Raw { name: &'a str, text: &'a str },
}

/// One attribute of a tag.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Attribute<'a> {
    pub(super) name: &'a str,
    /// As written; empty if there is none.
    pub(super) value: &'a str,
    pub(super) quoted: Quoted,
}

/// Whether the value of an attribute stands in quotes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Quoted {
    Yes,
    No,
}

/// Reads `html` from start to end.
pub(super) fn nodes(html: &str) -> Nodes<'_> {
    Nodes { rest: html, raw: None }
}

/// See [`nodes`].
pub(super) struct Nodes<'a> {
    rest: &'a str,
    raw: Option<&'a str>, // The element whose raw content comes next.
}

impl<'a> Iterator for Nodes<'a> {
    type Item = Node<'a>;

    fn next(&mut self) -> Option<Node<'a>> {
        if let Some(name) = self.raw.take() {
            let end = find_close(self.rest, name).unwrap_or(self.rest.len());
            if end > 0 {
                return Some(Node::Raw { name, text: self.take(end) });
            }
        }
        if self.rest.is_empty() {
            return None;
        }
        let Some(start) = find_markup(self.rest) else {
            return Some(Node::Text(self.take(self.rest.len())));
        };
        if start > 0 {
            return Some(Node::Text(self.take(start)));
        }
        Some(self.markup())
    }
}

impl<'a> Nodes<'a> {
    fn take(&mut self, length: usize) -> &'a str {
        let (taken, rest) = self.rest.split_at(length);
        self.rest = rest;
        taken
    }

    fn markup(&mut self) -> Node<'a> {
        if let Some(comment) = self.rest.strip_prefix("<!--") {
            // `<!-->` and `<!--->` are whole comments.
            let end = ["->", ">"].iter().find(|end| comment.starts_with(**end));
            let (length, after) = match end {
                Some(end) => (0, end.len()),
                None => find_comment_end(comment).map_or((comment.len(), 0), |at| (at, 3)),
            };
            self.rest = &comment[length + after..];
            return Node::Comment(&comment[..length]);
        }
        let inside = &self.rest[1..];
        if inside.starts_with(['!', '?']) {
            let end = inside.find('>').unwrap_or(inside.len());
            self.rest = inside.get(end + 1..).unwrap_or("");
            return Node::Comment(&inside[..end]);
        }
        let (close, inside) = match inside.strip_prefix('/') {
            Some(inside) => (true, inside),
            None => (false, inside),
        };
        let name_end = inside
            .find(|c: char| c.is_ascii_whitespace() || c == '/' || c == '>')
            .unwrap_or(inside.len());
        let (name, tail) = inside.split_at(name_end);
        let end = find_tag_end(tail);
        let attributes = &tail[..end];
        self.rest = tail.get(end + 1..).unwrap_or("");
        if close {
            return Node::Close { name };
        }
        self.raw = ["style", "script", "title", "textarea", "xmp", "noembed", "noframes"]
            .into_iter()
            .find(|raw| name.eq_ignore_ascii_case(raw));
        Node::Open { name, attributes }
    }
}

/// The attributes of an opening tag.
pub(super) fn attributes(text: &str) -> Attributes<'_> {
    Attributes { rest: text }
}

/// See [`attributes`].
pub(super) struct Attributes<'a> {
    rest: &'a str,
}

impl<'a> Iterator for Attributes<'a> {
    type Item = Attribute<'a>;

    fn next(&mut self) -> Option<Attribute<'a>> {
        let space = |c: char| c.is_ascii_whitespace();
        let rest = self.rest.trim_start_matches(|c: char| space(c) || c == '/');
        if rest.is_empty() {
            return None;
        }
        // An equals sign at the start belongs to the name.
        let first = rest.chars().next().map_or(0, char::len_utf8);
        let name_end = rest[first..]
            .find(|c: char| space(c) || c == '/' || c == '=')
            .map_or(rest.len(), |at| at + first);
        let (name, after) = rest.split_at(name_end);
        let Some(value) = after.trim_start_matches(space).strip_prefix('=') else {
            self.rest = after;
            return Some(Attribute { name, value: "", quoted: Quoted::Yes });
        };
        let value = value.trim_start_matches(space);
        let quote = value.chars().next().filter(|c| matches!(c, '"' | '\''));
        let (value, rest, quoted) = match quote {
            Some(quote) => {
                let value = &value[1..];
                let end = value.find(quote).unwrap_or(value.len());
                (&value[..end], value.get(end + 1..).unwrap_or(""), Quoted::Yes)
            }
            None => {
                let end = value.find(space).unwrap_or(value.len());
                (&value[..end], &value[end..], Quoted::No)
            }
        };
        self.rest = rest;
        Some(Attribute { name, value, quoted })
    }
}

/// The content of a comment that Outlook reads as HTML: `[if mso]> ... <![endif]`.
pub(super) fn conditional(comment: &str) -> Option<&str> {
    let inside = comment.trim_start().strip_prefix("[if")?;
    let (_, html) = inside.split_once("]>")?;
    Some(html)
}

/// Entities replaced by what they stand for; unknown ones stay as written.
pub(super) fn decode(text: &str) -> Cow<'_, str> {
    if !text.contains('&') {
        return Cow::Borrowed(text);
    }
    let mut decoded = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find('&') {
        decoded.push_str(&rest[..at]);
        let tail = &rest[at + 1..];
        match entity(tail) {
            Some((c, length)) => {
                decoded.push(c);
                rest = &tail[length..];
            }
            None => {
                decoded.push('&');
                rest = tail;
            }
        }
    }
    decoded.push_str(rest);
    Cow::Owned(decoded)
}

/// The character that the entity at the start of `tail` stands for, and its length.
fn entity(tail: &str) -> Option<(char, usize)> {
    if let Some(number) = tail.strip_prefix('#') {
        let (digits, radix, prefix) = match number.strip_prefix(['x', 'X']) {
            Some(hex) => (hex, 16, 2),
            None => (number, 10, 1),
        };
        let end = digits.find(|c: char| !c.is_digit(radix)).unwrap_or(digits.len());
        let code = u32::from_str_radix(digits.get(..end)?, radix).ok()?;
        let semicolon = usize::from(digits[end..].starts_with(';'));
        return Some((char::from_u32(code)?, prefix + end + semicolon));
    }
    const NAMED: [(&str, char); 24] = [
        ("amp", '&'),
        ("lt", '<'),
        ("gt", '>'),
        ("quot", '"'),
        ("apos", '\''),
        ("nbsp", '\u{A0}'),
        ("copy", '©'),
        ("reg", '®'),
        ("trade", '™'),
        ("euro", '€'),
        ("pound", '£'),
        ("hellip", '…'),
        ("ndash", '–'),
        ("mdash", '—'),
        ("lsquo", '‘'),
        ("rsquo", '’'),
        ("ldquo", '“'),
        ("rdquo", '”'),
        ("laquo", '«'),
        ("raquo", '»'),
        ("middot", '·'),
        ("bull", '•'),
        ("zwnj", '\u{200C}'),
        ("shy", '\u{AD}'),
    ];
    let longest = NAMED.iter().map(|(name, _)| name.len()).max()?;
    let end = tail.bytes().take(longest + 1).position(|byte| byte == b';')?;
    let (_, c) = NAMED.iter().find(|(name, _)| *name == &tail[..end])?;
    Some((*c, end + 1))
}

/// Where the next tag, comment or declaration starts; a lone `<` is text.
fn find_markup(text: &str) -> Option<usize> {
    let bytes = text.as_bytes();
    let starts = |at: usize| match bytes.get(at + 1) {
        Some(b'/') => bytes.get(at + 2).is_some_and(u8::is_ascii_alphabetic),
        Some(byte) => byte.is_ascii_alphabetic() || matches!(byte, b'!' | b'?'),
        None => false,
    };
    text.match_indices('<').map(|(at, _)| at).find(|at| starts(*at))
}

/// The offset of the `>` that ends a tag; quotes hide it only where a value starts.
fn find_tag_end(text: &str) -> usize {
    let bytes = text.as_bytes();
    let mut at = 0;
    let mut value_may_start = false;
    while at < bytes.len() {
        match bytes[at] {
            b'>' => return at,
            quote @ (b'"' | b'\'') if value_may_start => {
                let end = text[at + 1..].find(char::from(quote));
                at += end.map_or(bytes.len(), |end| end + 1);
                value_may_start = false;
            }
            b'=' => value_may_start = true,
            byte if byte.is_ascii_whitespace() => {}
            _ => value_may_start = false,
        }
        at += 1;
    }
    bytes.len()
}

/// Where `-->` starts.
fn find_comment_end(text: &str) -> Option<usize> {
    let ends = text.match_indices('>').map(|(at, _)| at);
    ends.filter_map(|at| at.checked_sub(2)).find(|at| text.as_bytes()[*at..].starts_with(b"-->"))
}

/// Where `</name` starts.
fn find_close(text: &str, name: &str) -> Option<usize> {
    let ends = |at: usize| {
        let Some(tail) = text.as_bytes()[at..].strip_prefix(b"</") else { return false };
        tail.len() >= name.len()
            && tail[..name.len()].eq_ignore_ascii_case(name.as_bytes())
            && tail.get(name.len()).is_none_or(|byte| !byte.is_ascii_alphanumeric())
    };
    text.match_indices('<').map(|(at, _)| at).find(|at| ends(*at))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(html: &str) -> Vec<Node<'_>> {
        nodes(html).collect()
    }

    #[test]
    fn tags_text_and_comments_are_told_apart() {
        assert_eq!(
            read("a<b class='x>y'>c < d</b><!-- e --><br/>"),
            [
                Node::Text("a"),
                Node::Open { name: "b", attributes: " class='x>y'" },
                Node::Text("c < d"),
                Node::Close { name: "b" },
                Node::Comment(" e "),
                Node::Open { name: "br", attributes: "/" },
            ]
        );
        assert_eq!(read("<!-->x"), [Node::Comment(""), Node::Text("x")]);
        assert_eq!(read("<!--a>b->c--d-->x-->"), [Node::Comment("a>b->c--d"), Node::Text("x-->")]);
        assert_eq!(read("<!---->x"), [Node::Comment(""), Node::Text("x")]);
        assert_eq!(read("<!--a>b-- >"), [Node::Comment("a>b-- >")]);
        assert_eq!(
            read("<style>a > b { } </b></style>"),
            [
                Node::Open { name: "style", attributes: "" },
                Node::Raw { name: "style", text: "a > b { } </b>" },
                Node::Close { name: "style" },
            ]
        );
    }

    #[test]
    fn attributes_are_read_as_a_browser_does() {
        let read = |text| attributes(text).map(|a| (a.name, a.value)).collect::<Vec<_>>();
        assert_eq!(
            read(r#" href = "a b" x=1 alt='' hidden/src=y"#),
            [("href", "a b"), ("x", "1"), ("alt", ""), ("hidden", ""), ("src", "y")]
        );
        assert_eq!(read("\"onload=\"x\" a"), [("\"onload", "x"), ("a", "")]);
    }

    #[test]
    fn entities_are_decoded() {
        assert_eq!(
            decode("&#106;avascript&#x3A;a &amp; b&nbsp;&unknown; &"),
            "javascript:a & b\u{A0}&unknown; &"
        );
    }

    #[test]
    fn broken_html_ends() {
        for html in ["<", "</", "<a", "<a href=\"", "<!--", "<!", "<style>", "<a b='>", "</a"] {
            assert!(read(html).len() <= 2, "{html}");
        }
    }
}
