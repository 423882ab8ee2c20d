//! Templates of push messages: a title, a text, two pictures and where it leads. Like a message on the
//! site it bears no HTML: the browser's own system shows it.

use super::error::{Part, RenderError, RenderProblem, TemplateError};
use super::expand::Beside;
use super::filters::environment;
use super::render::{Compiled, Form, Notification, Rendered, whole};
use super::site::{self, SitePlace};
use super::source::Kind;

/// A template of a push message as it is written. All parts but the title may be empty.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PushTemplate {
    /// What it is for.
    pub kind: Kind,
    /// One line.
    pub title: String,
    /// What it says below.
    pub text: String,
    /// The address of a small picture: whole, or a path of the site.
    pub icon: String,
    /// The address of a large picture, likewise.
    pub image: String,
    /// Where it leads, likewise; empty: to the site.
    pub link: String,
}

/// A part that a message has beside its title and text.
#[derive(Clone, Copy)]
enum Other {
    Icon,
    Image,
    Link,
}

/// In the order in which they are kept.
const OTHERS: [Other; 3] = [Other::Icon, Other::Image, Other::Link];

impl Other {
    const fn place(self) -> SitePlace {
        match self {
            Self::Icon => SitePlace::Icon,
            Self::Image => SitePlace::Image,
            Self::Link => SitePlace::Link,
        }
    }
}

impl PushTemplate {
    /// The most characters of a text: systems show fewer, and all parts together must fit a message.
    pub const TEXT_MAX: usize = 500;

    /// Checks the template and makes it ready to be rendered, with words put in their places.
    ///
    /// # Errors
    /// Every mistake that could be found, each with its part and cure.
    pub fn compile_with(&self, beside: &Beside) -> Result<Compiled, Vec<TemplateError>> {
        let mut environment = environment();
        let mut errors = Vec::new();
        let mut add = |place, written: &str| {
            let made = site::add(&mut environment, (Part::Push(place), place), written, beside);
            made.unwrap_or_else(|found| {
                errors.extend(found);
                Vec::new()
            })
        };
        let subject = add(SitePlace::Title, &self.title);
        let text = add(SitePlace::Text, &self.text);
        let others = OTHERS.map(|place| {
            let written = match place {
                Other::Icon => &self.icon,
                Other::Image => &self.image,
                Other::Link => &self.link,
            };
            add(place.place(), written)
        });
        if !errors.is_empty() {
            return Err(errors);
        }
        let html = Vec::new();
        Ok(Compiled { kind: self.kind, form: Form::Push, environment, subject, html, text, others })
    }
}

impl Compiled {
    /// The push message for the values in `context`.
    pub(super) fn render_push(
        &self,
        context: &minijinja::value::Value,
    ) -> Result<Rendered, RenderError> {
        let fill = |place, origins| {
            let part = Part::Push(place);
            site::fill_place(&self.environment, (part, place), origins, context)
        };
        let subject = fill(SitePlace::Title, &self.subject)?;
        let text = fill(SitePlace::Text, &self.text)?;
        if text.chars().count() > PushTemplate::TEXT_MAX {
            return Err(whole(Part::Push(SitePlace::Text), RenderProblem::LongPush));
        }
        let [icon, image, link] = &self.others;
        let notification = Notification {
            icon: fill(SitePlace::Icon, icon)?,
            image: fill(SitePlace::Image, image)?,
            link: fill(SitePlace::Link, link)?,
        };
        Ok(Rendered { subject, html: String::new(), text, notification: Some(notification) })
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn template(title: &str, link: &str) -> PushTemplate {
        PushTemplate {
            kind: Kind::Marketing,
            title: title.to_owned(),
            text: "{{ cart.products[0].name }} waits".to_owned(),
            icon: "/icon.png".to_owned(),
            image: String::new(),
            link: link.to_owned(),
        }
    }

    fn shown(template: &PushTemplate, name: &str, url: &str) -> Option<String> {
        let context = json!({ "person": { "first_name": name },
            "cart": { "url": url, "products": [{ "name": "Tee" }] } });
        let made = template.compile_with(&Beside::default()).unwrap().render(&context).ok()?;
        let Notification { icon, link, .. } = made.notification.unwrap();
        Some(format!("{} | {} | {icon} | {link}", made.subject, made.text))
    }

    #[test]
    fn values_stay_texts_and_links_stay_on_the_web() {
        let compiled = template("Hi {{ person.first_name }}", "{{ cart.url }}");
        let well = shown(&compiled, "<b>Ana\r\n", "/cart");
        assert_eq!(well.as_deref(), Some("Hi <b>Ana | Tee waits | /icon.png | /cart"));
        for url in ["javascript:alert(1)", "//evil.example", "mailto:ana@example.com", "data:x"] {
            assert_eq!(shown(&compiled, "Ana", url), None, "{url}");
        }
        let names = compiled.compile_with(&Beside::default()).unwrap();
        assert!(names.names("cart") && names.names("person") && !names.names("viewed"));
        assert_eq!(names.asked().len(), 1, "{:?}", names.asked());
    }

    #[test]
    fn a_mistake_says_in_which_part_it_stands() {
        let wrong = PushTemplate { icon: "javascript:x".to_owned(), ..template(" ", "{{ a") };
        let errors = wrong.compile_with(&Beside::default()).unwrap_err();
        let told: Vec<String> = errors.iter().map(ToString::to_string).collect();
        assert_eq!(told.len(), 3, "{told:?}");
        for (error, part) in told.iter().zip(["title", "icon", "link"]) {
            assert!(error.starts_with(&format!("{part}, line 1: ")), "{error}");
        }
        let long = PushTemplate { text: "a".repeat(501), ..template("a", "") };
        assert_eq!(shown(&long, "Ana", "/"), None);
    }
}
