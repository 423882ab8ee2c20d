//! Fills in the values for one person, within a fixed amount of work.

use std::fmt;
use std::io;

use minijinja::value::{Serde, Value};
use minijinja::{Environment, ErrorKind};
use serde::Serialize;

use super::error::{Part, RenderError, RenderProblem};
use super::links::{self, Filled};
use super::source::{Kind, RENDERED_MAX, SHOP_ADDRESS, SUBJECT_MAX, UNSUBSCRIBE_URL};
use super::{html, plain};
use crate::email::one_line;

pub(super) const SUBJECT: &str = "subject";
pub(super) const HTML: &str = "html";
pub(super) const TEXT: &str = "text";

/// A template that can be rendered: cheap to share between threads, costly to make.
pub struct Compiled {
    pub(super) kind: Kind,
    pub(super) environment: Environment<'static>, // Invariant: holds the three templates above.
    pub(super) subject: Vec<(usize, Origin)>,
    pub(super) html: Vec<(usize, Origin)>,
    pub(super) text: Vec<(usize, Origin)>,
}

/// Where a placeholder was written.
#[derive(Debug, Clone)]
pub(super) struct Origin {
    pub(super) part: Part,
    pub(super) line: usize,
    pub(super) placeholder: String,
}

/// A message for one person, without its headers.
#[derive(Clone, PartialEq, Eq)]
pub struct Rendered {
    /// One line of 1 to 200 characters.
    pub subject: String,
    /// The HTML part.
    pub html: String,
    /// The plain text part.
    pub text: String,
}

impl Compiled {
    /// Renders the message for the person, shop and cart that `context` holds.
    ///
    /// # Errors
    /// If a value is missing, has no place where it is printed, or leads a link elsewhere than the
    /// web; the error names the placeholder and shows no value.
    pub fn render(&self, context: &impl Serialize) -> Result<Rendered, RenderError> {
        let context = Value::from(Serde(context));
        let subject = self.fill(SUBJECT, &self.subject, &context)?;
        let subject = one_line(&subject, SUBJECT_MAX);
        if subject.is_empty() {
            return Err(whole(Part::Subject, RenderProblem::EmptySubject));
        }
        let html = self.fill(HTML, &self.html, &context)?;
        if links::forbidden(&html, Filled::Yes).is_some() {
            return Err(self.culprit(&context));
        }
        let text = plain::tidy(&self.fill(TEXT, &self.text, &context)?);
        let rendered = Rendered { subject, html, text };
        if self.kind == Kind::Marketing {
            require(&rendered, &context)?;
        }
        Ok(rendered)
    }

    fn fill(
        &self,
        name: &str,
        origins: &[(usize, Origin)],
        context: &Value,
    ) -> Result<String, RenderError> {
        let template = self.environment.get_template(name).expect("compiling added all three");
        let mut out = Bounded(Vec::new());
        match template.render_captured_to(context.clone(), &mut out) {
            Ok(_) => Ok(String::from_utf8(out.0).expect("the engine writes whole strings")),
            Err(error) => Err(located(&error, origins)),
        }
    }

    /// Which placeholder led a link astray: the first one at the start of a link whose value, filled
    /// in alone, is no address. Only asked for after a message was refused.
    fn culprit(&self, context: &Value) -> RenderError {
        let leads_astray = |origin: &&Origin| {
            let alone = format!("<a href=\"{}\">", origin.placeholder);
            let filled = self.environment.render_named_str(HTML, &alone, context.clone());
            origin.placeholder.starts_with("{{")
                && filled.is_ok_and(|html| {
                    links::forbidden(&html, Filled::Yes).is_some() && html.contains(':')
                })
        };
        let found = self.html.iter().map(|(_, origin)| origin).find(leads_astray);
        let error = whole(Part::Body, RenderProblem::Link);
        match found {
            Some(origin) => RenderError {
                part: origin.part,
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

/// A marketing message shows how to stop it and who sent it, in both of its parts.
fn require(rendered: &Rendered, context: &Value) -> Result<(), RenderError> {
    let url =
        context.get_attr(UNSUBSCRIBE_URL).ok().and_then(|url| url.as_str().map(str::to_owned));
    let linked = |url: &String| {
        html::nodes(&rendered.html).any(|node| match node {
            html::Node::Open { attributes, .. } => html::attributes(attributes).any(|attribute| {
                attribute.name.eq_ignore_ascii_case("href") && html::decode(attribute.value) == *url
            }),
            html::Node::Text(_)
            | html::Node::Close { .. }
            | html::Node::Comment(_)
            | html::Node::Raw { .. } => false,
        })
    };
    let missing = |part| Err(whole(part, RenderProblem::Required));
    match url.filter(|url| !url.is_empty()) {
        Some(url) if !linked(&url) => return missing(Part::Body),
        Some(url) if !rendered.text.contains(&url) => return missing(Part::Text),
        Some(_) => {}
        None => return missing(Part::Body),
    }
    let (shop, address) = SHOP_ADDRESS.split_once('.').expect("the constant has a dot");
    let address =
        context.get_attr(shop).and_then(|shop| shop.get_attr(address)).unwrap_or_default();
    let address = one_line(address.as_str().unwrap_or(""), usize::MAX / 8);
    if address.is_empty() || !html::decode(&rendered.html).contains(&address) {
        return missing(Part::Body);
    }
    if !rendered.text.contains(&address) {
        return missing(Part::Text);
    }
    Ok(())
}

fn whole(part: Part, problem: RenderProblem) -> RenderError {
    RenderError { part, line: 1, placeholder: None, problem }
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
