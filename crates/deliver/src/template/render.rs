//! Fills in the values for one person, within a fixed amount of work.

use std::fmt;
use std::io;
use std::sync::Arc;

use minijinja::value::{Serde, Value};
use minijinja::{Environment, ErrorKind};
use serde::Serialize;

use super::error::{Part, RenderError, RenderProblem};
use super::expand::Lines;
use super::links::{self, Filled};
use super::source::{Kind, RENDERED_MAX, SHOP_ADDRESS, SUBJECT_MAX, UNSUBSCRIBE_URL};
use super::{filters, html, plain};
use crate::email::one_line;

pub(super) const SUBJECT: &str = "subject";
pub(super) const HTML: &str = "html";
pub(super) const TEXT: &str = "text";

/// A template that can be rendered: cheap to share between threads, costly to make.
pub struct Compiled {
    pub(super) kind: Kind,
    pub(super) form: Form,
    pub(super) environment: Environment<'static>, // Invariant: holds the templates above that it has.
    pub(super) subject: Vec<(usize, Origin)>,
    pub(super) html: Vec<(usize, Origin)>,
    pub(super) text: Vec<(usize, Origin)>,
    /// Of a push message: icon, image and link.
    pub(super) others: [Vec<(usize, Origin)>; 3],
}

/// What a template makes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Form {
    /// Mail.
    Letter,
    /// A text message: it has neither subject nor HTML.
    Text,
    /// A push message: its subject is its title, and it has no HTML.
    Push,
}

/// Where a placeholder was written.
#[derive(Debug, Clone)]
pub(super) struct Origin {
    pub(super) part: Part,
    pub(super) within: Option<Arc<str>>,
    pub(super) line: usize,
    pub(super) placeholder: String,
    /// Whether a link starts with it.
    pub(super) starts_link: bool,
}

/// A message for one person, without its headers.
#[derive(Clone, PartialEq, Eq)]
pub struct Rendered {
    /// One line of 1 to 200 characters: of a push message its title; empty in a text message.
    pub subject: String,
    /// The HTML part; empty in a text or push message.
    pub html: String,
    /// The plain text part.
    pub text: String,
    /// What a push message has beside its title and text; `None`: it is none.
    pub notification: Option<Notification>,
}

/// What a push message has beside its title and text: addresses, whole or paths of the site; each may be
/// empty.
#[derive(Clone, PartialEq, Eq)]
pub struct Notification {
    /// A small picture.
    pub icon: String,
    /// A large picture.
    pub image: String,
    /// Where it leads.
    pub link: String,
}

impl fmt::Debug for Notification {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Notification(***)")
    }
}

impl Compiled {
    /// Renders the message for the person, shop and cart that `context` holds.
    ///
    /// # Errors
    /// If a value is missing, has no place where it is printed, or leads a link elsewhere than the
    /// web; the error names the placeholder and shows no value.
    pub fn render(&self, context: &impl Serialize) -> Result<Rendered, RenderError> {
        let context = Value::from(Serde(context));
        match self.form {
            Form::Letter => {}
            Form::Text => return self.render_text(&context),
            Form::Push => return self.render_push(&context),
        }
        let subject = self.fill(SUBJECT, &self.subject, &context)?;
        let subject = one_line(&subject, SUBJECT_MAX);
        if subject.is_empty() {
            return Err(whole(Part::Subject, RenderProblem::EmptySubject));
        }
        let html = self.fill(HTML, &self.html, &context)?;
        let stop = context.get_attr(UNSUBSCRIBE_URL).unwrap_or_default();
        let stop = stop.as_str().unwrap_or("");
        let survey = links::survey(&html, Filled::Yes, stop);
        if survey.forbidden.is_some() {
            return Err(self.culprit(&context));
        }
        let text = plain::tidy(&self.fill(TEXT, &self.text, &context)?);
        if self.kind == Kind::Marketing {
            let linked = survey.wanted && !stop.is_empty();
            require(Part::Body, linked)?;
            require(Part::Text, text.contains(stop))?;
            let address = postal_address(&context);
            // As a rule it stands there as it is: only else are entities looked at.
            let stands = !address.contains('&') && html.contains(&address);
            require(Part::Body, stands || html::decode(&html).contains(&address))?;
            require(Part::Text, text.contains(&address))?;
        }
        Ok(Rendered { subject, html, text, notification: None })
    }

    /// Places as they were written, before partials were put in.
    pub(super) fn tell_places(&mut self, lines: &Lines) {
        for (_, origin) in self.html.iter_mut().chain(&mut self.text) {
            (origin.within, origin.line) = lines.written(origin.part, origin.line);
        }
    }

    pub(super) fn fill(
        &self,
        name: &str,
        origins: &[(usize, Origin)],
        context: &Value,
    ) -> Result<String, RenderError> {
        fill(&self.environment, name, origins, context)
    }

    /// Which placeholder led a link astray: the first at the start of a link whose value is no
    /// address, or else the first whose value exists in a loop only. Asked for after a message was
    /// refused, so its cost does not matter.
    fn culprit(&self, context: &Value) -> RenderError {
        let mut in_loop = None;
        let found = self.html.iter().map(|(_, origin)| origin).find(|origin| {
            if !origin.starts_link {
                return false;
            }
            let alone = format!("<a href=\"{}\">", origin.placeholder);
            match self.environment.render_named_str(HTML, &alone, context.clone()) {
                Ok(html) => links::forbidden(&html, Filled::Yes).is_some(),
                Err(_) => {
                    in_loop.get_or_insert(*origin);
                    false
                }
            }
        });
        let found = found.or(in_loop);
        let error = whole(Part::Body, RenderProblem::Link);
        match found {
            Some(origin) => RenderError {
                part: origin.part,
                within: origin.within.clone(),
                line: origin.line,
                placeholder: Some(origin.placeholder.clone()),
                ..error
            },
            None => error,
        }
    }
}

impl fmt::Debug for Compiled {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Compiled").field("kind", &self.kind).finish_non_exhaustive()
    }
}

impl fmt::Debug for Rendered {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Rendered(***)")
    }
}

/// Fills in one text of an environment that holds it.
pub(super) fn fill(
    environment: &Environment<'static>,
    name: &str,
    origins: &[(usize, Origin)],
    context: &Value,
) -> Result<String, RenderError> {
    let template = environment.get_template(name).expect("compiling added every text");
    let mut out = Bounded(Vec::new());
    match template.render_captured_to(context.clone(), &mut out) {
        Ok(_) => Ok(String::from_utf8(out.0).expect("the engine writes whole strings")),
        Err(error) => Err(located(&error, origins)),
    }
}

/// A marketing message shows how to stop it and who sent it, in both of its parts.
fn require(part: Part, shown: bool) -> Result<(), RenderError> {
    if shown { Ok(()) } else { Err(whole(part, RenderProblem::Required)) }
}

/// The address as it is printed: what stands for it if it is missing is found in no message.
fn postal_address(context: &Value) -> String {
    let (shop, address) = SHOP_ADDRESS.split_once('.').expect("the constant has a dot");
    let address =
        context.get_attr(shop).and_then(|shop| shop.get_attr(address)).unwrap_or_default();
    let printed = filters::printed(address.as_str().unwrap_or(""));
    let printed = printed.trim();
    if printed.is_empty() { "\0".to_owned() } else { printed.to_owned() }
}

pub(super) fn whole(part: Part, problem: RenderProblem) -> RenderError {
    RenderError { part, within: None, line: 1, placeholder: None, problem }
}

/// Says where an error of the engine happened. Its words are not repeated: they may quote values.
fn located(error: &minijinja::Error, origins: &[(usize, Origin)]) -> RenderError {
    #[expect(clippy::wildcard_enum_match_arm, reason = "the engine may add kinds of errors")]
    let problem = match error.kind() {
        ErrorKind::UndefinedError => RenderProblem::Missing,
        ErrorKind::OutOfFuel | ErrorKind::WriteFailure => RenderProblem::TooMuch,
        ErrorKind::BadEscape => RenderProblem::Style,
        _ => RenderProblem::WrongKind,
    };
    let after = error.line().map_or(0, |line| origins.partition_point(|(start, _)| *start <= line));
    let origin = after.checked_sub(1).and_then(|at| origins.get(at));
    match origin {
        Some((_, origin)) => RenderError {
            part: origin.part,
            within: origin.within.clone(),
            line: origin.line,
            placeholder: Some(origin.placeholder.clone()),
            problem,
        },
        None => whole(Part::Body, problem),
    }
}

/// Takes what is rendered, up to a bound.
struct Bounded(Vec<u8>);

impl io::Write for Bounded {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        if self.0.len() + bytes.len() > RENDERED_MAX {
            return Err(io::Error::other("too long"));
        }
        self.0.extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}
