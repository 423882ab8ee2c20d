//! Templates of text messages: one text, in the language of every other part, without a subject and
//! without HTML.
//!
//! Who writes and how to stop it stand in the text itself: a text message has no other place for them.

use super::error::{Part, Problem, RenderError, RenderProblem, TemplateError};
use super::expand::{Beside, expand};
use super::filters::{environment, printed};
use super::policy;
use super::render::{self, Compiled, Form, Rendered, whole};
use super::scan::{scan, skeleton};
use super::source::{Kind, SHOP_NAME, STOP_LINE, Template, UNSUBSCRIBE_URL};
use super::{compile, plain};
use crate::sms::{SEGMENTS_MAX, count};

/// A template of a text message as it is written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TextTemplate {
    /// What it is for.
    pub kind: Kind,
    /// The text, with placeholders.
    pub text: String,
}

impl TextTemplate {
    /// Checks the template and makes it ready to be rendered, with words put in their places. Its
    /// message has neither subject nor HTML.
    ///
    /// # Errors
    /// Every mistake that could be found, each with its place and cure.
    pub fn compile_with(&self, beside: &Beside) -> Result<Compiled, Vec<TemplateError>> {
        let written = self.written();
        written.check_bounds().map_err(|error| vec![error])?;
        let (expanded, lines) = expand(&written, beside)?;
        expanded.check_bounds().map_err(|error| vec![error])?;
        match compiled(self.kind, expanded.text.as_deref().unwrap_or_default()) {
            Ok(mut compiled) => {
                compiled.tell_places(&lines);
                Ok(compiled)
            }
            Err(errors) => Err(errors.into_iter().map(|error| lines.place(error)).collect()),
        }
    }

    fn written(&self) -> Template {
        let empty = String::new;
        let (subject, preheader, body) = (empty(), empty(), empty());
        Template { kind: self.kind, subject, preheader, body, text: Some(self.text.clone()) }
    }
}

fn compiled(kind: Kind, text: &str) -> Result<Compiled, Vec<TemplateError>> {
    let error = |problem| vec![TemplateError::new(Part::Text, 1, problem)];
    if text.trim().is_empty() {
        return Err(error(Problem::Empty { part: Part::Text }));
    }
    let pieces = scan(Part::Text, text).map_err(|error| vec![error])?;
    let findings = policy::check(&skeleton(&pieces));
    let mut errors = policy::errors(Part::Text, &findings);
    if kind == Kind::Marketing {
        let prints = |variable: &str| findings.printed.iter().any(|path| path == variable);
        let stops = prints(STOP_LINE) || prints(UNSUBSCRIBE_URL);
        for (variable, there) in [(SHOP_NAME, prints(SHOP_NAME)), (STOP_LINE, stops)] {
            let required = TemplateError::new(Part::Text, 1, Problem::Required { variable });
            errors.extend((!there).then_some(required));
        }
    }
    // What stands there whatever is filled in.
    let literal: String = pieces.iter().filter_map(|piece| piece.literal()).collect();
    let segments = count(literal.trim()).segments;
    if segments > SEGMENTS_MAX {
        errors.push(TemplateError::new(Part::Text, 1, Problem::LongText { segments }));
    }
    if !errors.is_empty() {
        return Err(errors);
    }
    let placed = compile::line_by_line(&pieces);
    let mut environment = environment();
    compile::add(&mut environment, render::TEXT, Part::Text, &placed).map_err(|e| vec![e])?;
    let origins = compile::origins(&placed, &pieces, &Default::default());
    Ok(Compiled {
        kind,
        form: Form::Text,
        environment,
        subject: Vec::new(),
        html: Vec::new(),
        text: origins,
        others: Default::default(),
    })
}

impl Compiled {
    /// The text message for the values in `context`.
    pub(super) fn render_text(
        &self,
        context: &minijinja::value::Value,
    ) -> Result<Rendered, RenderError> {
        let filled = self.fill(render::TEXT, &self.text, context)?;
        let text = plain::tidy(&filled).trim_end().to_owned();
        if text.is_empty() {
            return Err(whole(Part::Text, RenderProblem::EmptyText));
        }
        if count(&text).segments > SEGMENTS_MAX {
            return Err(whole(Part::Text, RenderProblem::LongText));
        }
        let leads_to_the_web = |scheme: &str| {
            scheme.eq_ignore_ascii_case("http") || scheme.eq_ignore_ascii_case("https")
        };
        if !links(&text).all(leads_to_the_web) {
            return Err(whole(Part::Text, RenderProblem::Link));
        }
        if self.kind == Kind::Marketing {
            let shown = |path: &str| {
                let value = path.split('.').try_fold(context.clone(), |value, name| {
                    value.get_attr(name).ok().filter(|value| !value.is_undefined())
                });
                let value = value.as_ref().and_then(|value| value.as_str()).unwrap_or_default();
                let value = printed(value);
                !value.trim().is_empty() && text.contains(value.trim())
            };
            if !shown(SHOP_NAME) || !(shown(STOP_LINE) || shown(UNSUBSCRIBE_URL)) {
                return Err(whole(Part::Text, RenderProblem::RequiredText));
            }
        }
        let (subject, html) = (String::new(), String::new());
        Ok(Rendered { subject, html, text, notification: None })
    }
}

/// The schemes of what a phone may take for a link.
fn links(text: &str) -> impl Iterator<Item = &str> {
    text.match_indices("://").map(|(at, _)| {
        let before = &text[..at];
        let plain = |sign: char| sign.is_ascii_alphanumeric() || "+-.".contains(sign);
        let scheme = before.trim_end_matches(plain).len();
        &before[scheme..]
    })
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn template(kind: Kind, text: &str) -> TextTemplate {
        TextTemplate { kind, text: text.to_owned() }
    }

    fn context() -> serde_json::Value {
        json!({
            "person": { "name": "Ana" },
            "shop": { "name": "Oak & Leaf" },
            "cart": { "url": "https://oakleaf.example/cart" },
            "stop_line": "Reply STOP to stop.",
            "unsubscribe_url": "https://oakleaf.example/u/AbC",
        })
    }

    fn wrong(text: &str) -> Vec<String> {
        let found = template(Kind::Marketing, text).compile_with(&Beside::default());
        found.unwrap_err().iter().map(ToString::to_string).collect()
    }

    #[test]
    fn a_text_is_filled_in_as_it_is_written() {
        let text =
            "{{ shop.name }}: {{ person.name }},\nyour cart: {{ cart.url }}\n{{ stop_line }}\n";
        let compiled = template(Kind::Marketing, text).compile_with(&Beside::default()).unwrap();
        assert!(compiled.names("cart") && !compiled.names("viewed"));
        let rendered = compiled.render(&context()).unwrap();
        assert_eq!(
            rendered.text,
            "Oak & Leaf: Ana,\nyour cart: https://oakleaf.example/cart\nReply STOP to stop."
        );
        assert_eq!((rendered.subject.as_str(), rendered.html.as_str()), ("", ""));
    }

    #[test]
    fn marketing_says_who_writes_and_how_to_stop() {
        let found = wrong("Buy now");
        assert_eq!(found.len(), 2, "{found:?}");
        assert!(found[0].contains("shop.name") && found[1].contains("stop_line"), "{found:?}");
        let linked = "{{ shop.name }}: a {{ unsubscribe_url }}";
        assert!(template(Kind::Marketing, linked).compile_with(&Beside::default()).is_ok());
        assert!(template(Kind::Transactional, "Code: 1").compile_with(&Beside::default()).is_ok());
        // Printed, but not for this person.
        let hidden = "{{ shop.name }}{% if person.name == 'Eva' %}{{ stop_line }}{% endif %} a";
        let hidden = template(Kind::Marketing, hidden).compile_with(&Beside::default()).unwrap();
        let error = hidden.render(&context()).unwrap_err();
        assert_eq!(error.problem, RenderProblem::RequiredText);
    }

    #[test]
    fn what_is_too_long_is_refused_when_it_is_saved_or_filled_in() {
        let long = format!("{{{{ shop.name }}}} {{{{ stop_line }}}} {}", "я".repeat(671));
        assert!(wrong(&long)[0].contains("11 text messages"), "{:?}", wrong(&long));
        let text = "{{ person.name }}";
        let compiled =
            template(Kind::Transactional, text).compile_with(&Beside::default()).unwrap();
        let mut long = context();
        long["person"]["name"] = "a".repeat(1_531).into();
        assert_eq!(compiled.render(&long).unwrap_err().problem, RenderProblem::LongText);
        long["person"]["name"] = " ".into();
        assert_eq!(compiled.render(&long).unwrap_err().problem, RenderProblem::EmptyText);
        long["person"]["name"] = "see ьjavascript://x".into();
        assert_eq!(compiled.render(&long).unwrap_err().problem, RenderProblem::Link);
    }

    #[test]
    fn mistakes_are_told_with_their_line() {
        let found = wrong("{{ shop.name }}\n{{ stop_line | shout }}");
        assert!(found[0].starts_with("text, line 2: there is no filter \"shout\""), "{found:?}");
        assert!(wrong("  \n ")[0].contains("the text is empty"));
        let found = wrong("{{ shop.name }} {{ stop_line }} {% include 'foot' %}");
        assert!(found[0].contains("include"), "{found:?}");
    }
}
