//! Makes the plain text of a message from its HTML, once for the template: tokens stay tokens.
//!
//! Links keep their address in parentheses, blocks become lines, lists get dashes; what the reader of
//! the HTML does not see (the head, comments, hidden elements) is left out.

use super::html::{self, Node};

/// The readable text of `html`.
pub(super) fn from_html(html: &str) -> String {
    let mut writer = Writer::default();
    let mut hidden: Vec<&str> = Vec::new(); // Open elements inside an element that is not shown.
    for node in html::nodes(html) {
        match node {
            Node::Comment(_) | Node::Raw { .. } => {}
            Node::Open { name, attributes } => {
                if !hidden.is_empty() || is_hidden(name, attributes) {
                    if !is_void(name) && !attributes.ends_with('/') {
                        hidden.push(name);
                    }
                } else {
                    writer.open(name, attributes);
                }
            }
            Node::Close { name } => match hidden.last() {
                Some(open) if open.eq_ignore_ascii_case(name) => {
                    hidden.pop();
                }
                Some(_) => {}
                None => writer.close(name),
            },
            Node::Text(text) => {
                if hidden.is_empty() {
                    writer.text(&html::decode(text));
                }
            }
        }
    }
    tidy(&writer.out)
}

/// At most one empty line in a row, and no spaces around lines. Rendered text needs it again, since
/// conditions leave gaps.
pub(super) fn tidy(text: &str) -> String {
    let mut tidy = String::with_capacity(text.len());
    let mut gap = 0;
    for line in text.lines().map(str::trim) {
        if line.is_empty() {
            gap += 1;
            continue;
        }
        if !tidy.is_empty() {
            tidy.push_str(if gap > 0 { "\n\n" } else { "\n" });
        }
        gap = 0;
        tidy.push_str(line);
    }
    if !tidy.is_empty() {
        tidy.push('\n');
    }
    tidy
}

#[derive(Default)]
struct Writer {
    out: String,
    space: bool,
    links: Vec<Link>,
}

struct Link {
    address: String,
    text_start: usize,
}

impl Writer {
    fn text(&mut self, text: &str) {
        for c in text.chars() {
            // Zero-width fillers are there to push other text out of a preview.
            if matches!(c, '\u{200B}' | '\u{200C}' | '\u{200D}' | '\u{AD}' | '\u{FEFF}' | '\u{34F}')
            {
                continue;
            }
            if c.is_whitespace() {
                self.space = true;
                continue;
            }
            if std::mem::take(&mut self.space) && !self.out.is_empty() && !self.out.ends_with('\n')
            {
                self.out.push(' ');
            }
            self.out.push(c);
        }
    }

    fn open(&mut self, name: &str, attributes: &str) {
        let is = |other: &str| name.eq_ignore_ascii_case(other);
        let attribute = |wanted: &str| {
            html::attributes(attributes)
                .find(|attribute| attribute.name.eq_ignore_ascii_case(wanted))
                .map(|attribute| html::decode(attribute.value).into_owned())
        };
        if is("a") {
            let address = attribute("href").unwrap_or_default();
            self.links.push(Link { address, text_start: self.out.len() });
        } else if is("img") {
            self.text(attribute("alt").unwrap_or_default().trim());
        } else if is("li") {
            self.lines(1);
            self.out.push_str("- ");
        } else if is("br") {
            self.lines(1);
        } else if is("hr") {
            self.lines(1);
            self.out.push_str("---");
            self.lines(1);
        } else if is("td") || is("th") {
            self.space = true;
        } else {
            self.lines(block_gap(name));
        }
    }

    fn close(&mut self, name: &str) {
        if !name.eq_ignore_ascii_case("a") {
            self.lines(block_gap(name));
            return;
        }
        let Some(link) = self.links.pop() else { return };
        let text = self.out.get(link.text_start..).unwrap_or("").trim();
        let bare = link.address.trim_start_matches("mailto:").trim_start_matches("tel:");
        if !text.is_empty() && !bare.is_empty() && text != bare && !bare.starts_with('#') {
            self.out.push_str(&format!(" ({bare})"));
        }
    }

    /// Ends the line, and leaves at least `count - 1` empty lines; 0 does nothing.
    fn lines(&mut self, count: usize) {
        if count == 0 {
            return;
        }
        self.space = false;
        let ended = self.out.bytes().rev().take_while(|byte| *byte == b'\n').count();
        self.out.extend(std::iter::repeat_n('\n', count.saturating_sub(ended)));
    }
}

/// How many line ends an element stands between.
fn block_gap(name: &str) -> usize {
    const PARAGRAPHS: [&str; 9] = ["p", "h1", "h2", "h3", "h4", "h5", "h6", "ul", "ol"];
    const LINES: [&str; 10] = [
        "div",
        "tr",
        "table",
        "tbody",
        "section",
        "center",
        "blockquote",
        "li",
        "header",
        "footer",
    ];
    let is_in = |names: &[&str]| names.iter().any(|other| name.eq_ignore_ascii_case(other));
    if is_in(&PARAGRAPHS) { 2 } else { usize::from(is_in(&LINES)) }
}

fn is_hidden(name: &str, attributes: &str) -> bool {
    let dropped = ["head", "style", "script", "title"];
    dropped.iter().any(|other| name.eq_ignore_ascii_case(other))
        || html::attributes(attributes).any(|attribute| {
            let plain: String = attribute.value.split_whitespace().collect();
            attribute.name.eq_ignore_ascii_case("hidden")
                || (attribute.name.eq_ignore_ascii_case("style") && plain.contains("display:none"))
        })
}

fn is_void(name: &str) -> bool {
    ["br", "hr", "img", "input", "link", "meta", "col", "wbr", "area", "base", "source", "track"]
        .iter()
        .any(|other| name.eq_ignore_ascii_case(other))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn blocks_become_lines_and_links_keep_their_address() {
        let html = "<head><title>x</title><style>p{}</style></head><body>\
            <div style=\"display: none\">pre<b>view</b><br></div>\
            <h1>Hello&nbsp;Ana</h1><p>Your  cart\n waits:</p>\
            <ul><li>Boots</li><li>Hat</li></ul>\
            <p><a href=\"https://shop.example/?a=1&amp;b=2\">Go &amp; see</a> now</p>\
            <a href=\"https://x.example\">https://x.example</a>\
            <a href=\"https://y.example\"><img src=\"i\" alt=\"\"></a>\
            <!--[if mso]><p>Outlook</p><![endif]--><hr><p>End</p></body>";
        assert_eq!(
            from_html(html),
            "Hello Ana\n\nYour cart waits:\n\n- Boots\n- Hat\n\n\
             Go & see (https://shop.example/?a=1&b=2) now\n\nhttps://x.example\n---\n\nEnd\n"
        );
    }

    #[test]
    fn gaps_are_closed() {
        assert_eq!(tidy("\n\n a \n\n\n\n b\nc\n\n"), "a\n\nb\nc\n");
        assert_eq!(tidy("  \n"), "");
    }
}
