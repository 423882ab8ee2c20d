//! Where links and images may lead: http, https, mailto and tel, and nowhere else.
//!
//! The list is of what is allowed, compared after entities are decoded and with nothing left out, so
//! that there is no spelling of `javascript:` to think of.

use url::Url;

use super::html::{self, Node};
use super::mjml::TOKEN_START;

/// Whether the placeholders of a text are filled in. If not, an address that starts with one is left
/// to the check of the rendered message.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Filled {
    No,
    Yes,
}

/// What a look at all links of a text found.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Survey {
    /// The first attribute that leads elsewhere.
    pub(super) forbidden: Option<String>,
    /// Whether a link leads to the wanted address.
    pub(super) wanted: bool,
}

/// The first attribute in `html` that leads elsewhere.
pub(super) fn forbidden(html: &str, filled: Filled) -> Option<String> {
    survey(html, filled, "").forbidden
}

/// Looks at all links of `html`, up to the first forbidden one, and for one to `wanted`.
pub(super) fn survey(html: &str, filled: Filled, wanted: &str) -> Survey {
    let mut survey = Survey::default();
    for node in html::nodes(html) {
        let forbidden = match node {
            Node::Open { name, attributes } => html::attributes(attributes).find_map(|attribute| {
                survey.wanted |= attribute.name.eq_ignore_ascii_case("href")
                    && html::decode(attribute.value) == wanted;
                attribute_is_forbidden(name, attribute.name, attribute.value, filled)
                    .then(|| attribute.name.to_ascii_lowercase())
            }),
            Node::Comment(comment) => {
                html::conditional(comment).and_then(|html| forbidden(html, filled))
            }
            Node::Raw { name, text } => {
                let style = name.eq_ignore_ascii_case("style")
                    && filled == Filled::No
                    && style_is_forbidden(text);
                style.then(|| "style".to_owned())
            }
            Node::Text(_) | Node::Close { .. } => None,
        };
        if forbidden.is_some() {
            return Survey { forbidden, ..survey };
        }
    }
    survey
}

fn attribute_is_forbidden(element: &str, name: &str, value: &str, filled: Filled) -> bool {
    let is = |other: &str| name.eq_ignore_ascii_case(other);
    // XML namespaces are names, and not followed.
    if name.len() >= 5 && name.as_bytes()[..5].eq_ignore_ascii_case(b"xmlns") {
        return false;
    }
    if is("srcset") {
        let candidates = html::decode(value);
        return candidates
            .split(',')
            .any(|candidate| !leads_well(candidate.trim(), Target::Load, filled));
    }
    if is("style") {
        return filled == Filled::No && style_is_forbidden(&html::decode(value));
    }
    target(element, name).is_some_and(|target| !leads_well(&html::decode(value), target, filled))
}

/// What is done with the address in an attribute, if it holds one.
pub(super) fn target(element: &str, attribute: &str) -> Option<Target> {
    const FOLLOWED: [&str; 8] =
        ["href", "action", "formaction", "cite", "longdesc", "xlink:href", "data", "ping"];
    const LOADED: [&str; 5] = ["src", "background", "poster", "lowsrc", "dynsrc"];
    let is_in = |names: &[&str]| names.iter().any(|name| attribute.eq_ignore_ascii_case(name));
    if is_in(&LOADED) || (element.eq_ignore_ascii_case("link") && is_in(&FOLLOWED)) {
        Some(Target::Load)
    } else {
        is_in(&FOLLOWED).then_some(Target::Follow)
    }
}

/// Whether an address is a link or something to show.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Target {
    /// A person clicks it.
    Follow,
    /// The mail program loads it.
    Load,
}

/// Whether an address on the shop's own site leads on the web: a whole one, or a path of the site.
pub(super) fn leads_on_site(address: &str, target: Target) -> bool {
    // Browsers read a backslash as a slash, and two of them in front as another host.
    let path = address.starts_with('/') && !address[1..].starts_with(['/', '\\']);
    path || leads_well(address, target, Filled::Yes)
}

/// The whole address on the web that a text from elsewhere stands for, as pages write them: without a
/// scheme where it is that of the page (`//cdn.example/a.png`), or as a path of `site`. `None`: it leads
/// nowhere on the web, and nothing of it may be shown.
#[must_use]
pub fn web_address(text: &str, site: &str) -> Option<String> {
    let text = text.trim();
    // Browsers read a backslash as a slash; whoever writes one does not mean the web.
    if text.contains('\\') {
        return None;
    }
    let whole = match text.strip_prefix("//") {
        Some(rest) => format!("https://{rest}"),
        None if text.starts_with('/') => format!("{}{text}", site.trim_end_matches('/')),
        None => text.to_owned(),
    };
    let url = Url::parse(&whole).ok()?;
    let well =
        matches!(url.scheme(), "http" | "https") && leads_well(&whole, Target::Load, Filled::Yes);
    // What stands in an address as it may stays as it was written, so that shops know it again.
    let odd = |c: char| c.is_whitespace() || c.is_control() || "\"<>`{}".contains(c);
    well.then(|| if whole.contains(odd) { url.into() } else { whole })
}

fn leads_well(address: &str, target: Target, filled: Filled) -> bool {
    // An empty image is an image that is not there; an empty link is caught as a missing value.
    let open = filled == Filled::No && address.starts_with(TOKEN_START);
    if open || (address.is_empty() && target == Target::Load) {
        return true;
    }
    let starts = |scheme: &str| {
        address.len() > scheme.len()
            && address.as_bytes()[..scheme.len()].eq_ignore_ascii_case(scheme.as_bytes())
    };
    let web = starts("https://") || starts("http://");
    web || (target == Target::Follow && (starts("mailto:") || starts("tel:") || starts("#")))
}

/// Whether a style loads something from elsewhere than the web, or runs script in old programs. A
/// value in a style is a plain one, so once a template is saved nothing here can change: it is asked
/// before placeholders are filled in, and not again.
fn style_is_forbidden(style: &str) -> bool {
    let style = style.to_ascii_lowercase();
    // A backslash could spell any of the words below; styles of messages need none.
    if ["expression(", "behavior:", "-moz-binding", "javascript:", "\\"]
        .iter()
        .any(|word| style.contains(word))
    {
        return true;
    }
    let addresses = style.match_indices("url(").map(|(at, found)| &style[at + found.len()..]);
    let imports = style.match_indices("@import").map(|(at, found)| &style[at + found.len()..]);
    addresses.chain(imports.filter(|rest| !rest.trim_start().starts_with("url("))).any(|rest| {
        // No placeholder may choose the scheme here: its value could not hold one.
        let address = rest.trim_start().trim_start_matches(['"', '\'']);
        !leads_well(address, Target::Load, Filled::Yes)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_web_mail_and_telephone_are_allowed() {
        for html in [
            r#"<a href="https://shop.example/?a=1&amp;b=2">x</a>"#,
            r#"<a href='HTTP://shop.example'>x</a>"#,
            r#"<a href="mailto:shop@shop.example">x</a><a href="tel:+34600">x</a>"#,
            r##"<a href="#top">x</a>"##,
            r#"<td style="background:url('https://shop.example/a.png')">"#,
            r#"<html xmlns="urn:schemas-microsoft-com:vml" xmlns:v="urn:x">"#,
            r#"<img src="" alt="no image">"#,
        ] {
            assert_eq!(forbidden(html, Filled::No), None, "{html}");
        }
    }

    #[test]
    fn everything_else_is_not() {
        for html in [
            r#"<a href="javascript:alert(1)">"#,
            r#"<a href="JaVaScRiPt:alert(1)">"#,
            r#"<a href="&#106;avascript:alert(1)">"#,
            r#"<a href="java&Tab;script:alert(1)">"#,
            "<a href=\"java\tscript:alert(1)\">",
            r#"<a href=" javascript:alert(1)">"#,
            r#"<a href=javascript:alert(1)>"#,
            r#"<a href="data:text/html,x">"#,
            r#"<a href="vbscript:x">"#,
            r#"<a href="/relative">"#,
            r#"<a href="">"#,
            r#"<img src="mailto:x">"#,
            r#"<img src="data:image/png;base64,AAAA">"#,
            r#"<img srcset="https://a.example/1.png 1x, javascript:x 2x">"#,
            r#"<td background="file:///etc/passwd">"#,
            r#"<p style="background:url(javascript:x)">"#,
            r#"<p style="width:expression(alert(1))">"#,
            r#"<p style="background:url(zqtag0gatqz)">"#,
            "<style>@import 'file:///x'</style>",
            r#"<!--[if mso]><v:fill src="file://x"/><![endif]-->"#,
            r#"<form action="ftp://x">"#,
        ] {
            assert!(forbidden(html, Filled::No).is_some(), "{html}");
        }
    }

    #[test]
    fn an_address_from_elsewhere_is_whole_and_on_the_web_or_none() {
        let of = |text| web_address(text, "https://shop.example/");
        for (text, whole) in [
            ("https://shop.example/tee?a=1#b", "https://shop.example/tee?a=1#b"),
            (" HTTPS://shop.example/ñ ", "HTTPS://shop.example/ñ"),
            ("//cdn.example/tee.png", "https://cdn.example/tee.png"),
            ("/tee", "https://shop.example/tee"),
            ("https://shop.example/a b\"c", "https://shop.example/a%20b%22c"),
        ] {
            assert_eq!(of(text).as_deref(), Some(whole), "{text}");
        }
        for text in [
            "",
            "tee.png",
            "#top",
            "//",
            "https://",
            "https:shop.example",
            "javascript:x",
            "mailto:a@b.c",
            "data:image/gif;base64,R0lGOD",
            "\\\\evil.example\\a",
            "/\\evil.example",
            "https://a:b:c/",
            "blob:https://shop.example/1",
            "file:///a",
            "https://[::1/",
            "http://%zz/",
        ] {
            assert_eq!(of(text), None, "{text}");
        }
        assert_eq!(web_address("/tee", ""), None);
    }

    #[test]
    fn only_an_unfilled_placeholder_is_given_credit() {
        let html = r#"<a href="zqtag0gatqz">"#;
        assert_eq!(forbidden(html, Filled::No), None);
        assert_eq!(forbidden(html, Filled::Yes).as_deref(), Some("href"));
    }
}
