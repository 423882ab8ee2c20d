//! A message in the light and in the dark, whatever the browser of the looker is set to.
//!
//! A browser does not tell a closed frame which of the two its page wants, so what the message asks of
//! its reader's screen is answered in its text, for a preview alone.

/// Which of the two a preview shows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Scheme {
    /// As on a light screen.
    Light,
    /// As on a dark screen.
    Dark,
}

const ASKED: &str = "prefers-color-scheme";
/// Media features that every screen has, and that none has. They stand wherever a feature may.
const ALWAYS: &str = "min-width:0";
const NEVER: &str = "max-width:-1px";

impl Scheme {
    /// The HTML of a message with every question for the scheme answered. Cost: linear in its length.
    #[must_use]
    pub fn answered(self, html: &str) -> String {
        let word = match self {
            Self::Light => "light",
            Self::Dark => "dark",
        };
        let mut out = String::with_capacity(html.len() + 64);
        let mut done = 0;
        let lower = html.to_ascii_lowercase();
        for (at, _) in lower.match_indices(ASKED) {
            let after = &lower[at + ASKED.len()..];
            let Some((wanted, length)) = value(after) else { continue };
            out.push_str(&html[done..at]);
            out.push_str(if wanted.is_none_or(|wanted| wanted == word) { ALWAYS } else { NEVER });
            done = at + ASKED.len() + length;
        }
        out.push_str(&html[done..]);
        // What a message that is made for both leaves to the browser, such as the colour of bare text.
        // One that is not is shown light in the dark too.
        if made_for_both(&out) {
            let own = format!("<style>:root{{color-scheme:{word}!important}}</style></head>");
            return out.replacen("</head>", &own, 1);
        }
        out
    }
}

/// Whether a message whose questions are answered says that it is made for the dark as well.
fn made_for_both(html: &str) -> bool {
    html.match_indices("color-scheme").any(|(at, _)| {
        let says = html[at..].split([';', '}', '>']).next();
        says.is_some_and(|says| says.contains("dark"))
    })
}

/// The scheme that stands behind the feature's name, if one does, and how much of the text names it;
/// `None`: this is no question.
fn value(after: &str) -> Option<(Option<&'static str>, usize)> {
    let end = after.find(')')?;
    let text = after[..end].trim();
    let Some(stated) = text.strip_prefix(':') else {
        return text.is_empty().then_some((None, end));
    };
    let known = ["light", "dark"].into_iter().find(|known| *known == stated.trim())?;
    Some((Some(known), end))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_message_asks_of_the_screen_is_answered() {
        let html = "<style>@media (PREFERS-color-scheme : Dark) and (max-width: 480px){a{}}\
            @media not (prefers-color-scheme:light){b{}}</style><p>prefers-color-scheme: é (dark)</p>";
        let dark = Scheme::Dark.answered(html);
        assert_eq!(
            dark,
            "<style>@media (min-width:0) and (max-width: 480px){a{}}\
            @media not (max-width:-1px){b{}}</style><p>prefers-color-scheme: é (dark)</p>"
        );
        let light = Scheme::Light.answered(html);
        assert!(light.contains("@media (max-width:-1px) and (max-width: 480px)"), "{light}");
        assert!(light.contains("@media not (min-width:0)"), "{light}");
    }

    #[test]
    fn only_a_message_that_is_made_for_the_dark_is_dark() {
        let html =
            |says: &str| format!("<head><meta name=\"color-scheme\" content=\"{says}\"></head>");
        let forced = "<style>:root{color-scheme:dark!important}</style></head>";
        assert!(Scheme::Dark.answered(&html("light dark")).ends_with(forced));
        assert_eq!(Scheme::Dark.answered(&html("light only")), html("light only"));
    }
}
