//! Puts other addresses into the links of a rendered message.

use super::html::{self, Attribute, Node, Quoted};

/// The word in `rel` of a link that stays as it is.
const LEFT_ALONE: &str = "notrack";

/// `html` with each link to the web replaced by what `replace` says of its target, entities decoded;
/// `None` leaves it as it is. Links of Outlook's own shapes are among them, as they stand in comments.
/// A link whose `rel` says `notrack` is not asked about. Cost: one pass.
pub fn replace_links(html: &str, replace: &mut dyn FnMut(&str) -> Option<String>) -> String {
    let mut out = String::with_capacity(html.len() + html.len() / 4);
    let mut copied = 0;
    for value in links(html) {
        let Some(address) = replace(&html::decode(value)) else { continue };
        // A value is a slice of the text it was found in, so its place is the distance of the two.
        let at = value.as_ptr().addr() - html.as_ptr().addr();
        out.push_str(&html[copied..at]);
        for c in address.chars() {
            match c {
                '&' => out.push_str("&amp;"),
                '"' => out.push_str("&quot;"),
                '\'' => out.push_str("&#39;"),
                '<' => out.push_str("&lt;"),
                '>' => out.push_str("&gt;"),
                c => out.push(c),
            }
        }
        copied = at + value.len();
    }
    out.push_str(&html[copied..]);
    out
}

/// The addresses of links to the web, as written, in their order.
fn links(html: &str) -> Vec<&str> {
    let mut found = Vec::new();
    for node in html::nodes(html) {
        match node {
            Node::Open { name, attributes } if followed(name) => found.extend(link(attributes)),
            Node::Comment(comment) => {
                found.extend(html::conditional(comment).map(links).unwrap_or_default());
            }
            Node::Open { .. } | Node::Text(_) | Node::Close { .. } | Node::Raw { .. } => {}
        }
    }
    found
}

fn followed(element: &str) -> bool {
    ["a", "area", "v:roundrect", "v:rect"].iter().any(|name| element.eq_ignore_ascii_case(name))
}

fn link(attributes: &str) -> Option<&str> {
    let named = |wanted: &str| {
        let found = html::attributes(attributes);
        let mut found = found.filter(move |one| one.name.eq_ignore_ascii_case(wanted));
        found.next()
    };
    let rel = named("rel").map(|rel| rel.value).unwrap_or_default();
    if rel.split_ascii_whitespace().any(|word| word.eq_ignore_ascii_case(LEFT_ALONE)) {
        return None;
    }
    let Attribute { value, quoted, .. } = named("href")?;
    let address = html::decode(value);
    let starts = |scheme: &str| {
        let start = address.as_bytes().get(..scheme.len());
        start.is_some_and(|start| start.eq_ignore_ascii_case(scheme.as_bytes()))
    };
    let web = starts("https://") || starts("http://");
    (web && quoted == Quoted::Yes).then_some(value)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn replaced(html: &str) -> String {
        let mut number = 0;
        replace_links(html, &mut |target| {
            number += 1;
            (!target.contains("stay"))
                .then(|| format!("https://r.example/{number}?a&b#{}", target.len()))
        })
    }

    #[test]
    fn links_to_the_web_lead_elsewhere_and_all_else_stays() {
        let html = "<a class='x' HREF=\"https://shop.example/?a=1&amp;b=2\">é</a>\
            <a href='http://shop.example/stay'>b</a><a href=\"mailto:a@b.example\">c</a>\
            <img src=\"https://shop.example/a.png\"><a href=\"#top\">d</a>\
            <!--[if mso]><v:roundrect href=\"https://shop.example/b\"></v:roundrect><![endif]-->\
            <!-- <a href=\"https://shop.example/c\"> --><style>a[href=\"https://x.example\"]{}</style>\
            <a rel=\"noopener NoTrack\" href=\"https://shop.example/d\">e</a>";
        let expected = html
            .replace("https://shop.example/?a=1&amp;b=2", "https://r.example/1?a&amp;b#29")
            .replace("https://shop.example/b", "https://r.example/3?a&amp;b#22");
        assert_eq!(replaced(html), expected);
    }

    #[test]
    fn what_is_put_in_cannot_leave_its_place() {
        let out = replace_links("<a href=\"https://a.example\">", &mut |_| {
            Some("https://b.example/\"><script>'".to_owned())
        });
        assert_eq!(out, "<a href=\"https://b.example/&quot;&gt;&lt;script&gt;&#39;\">");
    }
}
