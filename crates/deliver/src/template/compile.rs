//! From a template as written to one that can be rendered, with all mistakes at once where they can
//! be found independently.

use minijinja::Environment;

use super::error::{Part, Problem, TemplateError};
use super::expand::{Beside, expand};
use super::filters::environment;
use super::links::{self, Filled};
use super::mjml::{self, TOKEN_END, TOKEN_START};
use super::place::{self, Placed, Places};
use super::plain;
use super::policy;
use super::render::{self, Compiled, Form, Origin};
use super::scan::{Piece, Tag, scan, skeleton};
use super::source::{Kind, RENDERED_MAX, SHOP_ADDRESS, SIZE_MAX, Template, UNSUBSCRIBE_URL};

impl Template {
    /// Checks the template and makes it ready to be rendered. It costs about a millisecond for a usual
    /// template, and up to a second for the largest: not work for a thread that serves others.
    ///
    /// # Errors
    /// Every mistake that could be found, each with its place and cure.
    pub fn compile(&self) -> Result<Compiled, Vec<TemplateError>> {
        self.compile_with(&Beside::default())
    }

    /// The same, with partials and words put in their places.
    ///
    /// # Errors
    /// As for [`Template::compile`].
    pub fn compile_with(&self, beside: &Beside) -> Result<Compiled, Vec<TemplateError>> {
        // First, since they bound the work that follows.
        self.check_sizes().map_err(|error| vec![error])?;
        let (expanded, lines) = expand(self, beside)?;
        match expanded.compile_expanded() {
            Ok(mut compiled) => {
                compiled.tell_places(&lines);
                Ok(compiled)
            }
            Err(errors) => Err(errors.into_iter().map(|error| lines.place(error)).collect()),
        }
    }

    fn compile_expanded(&self) -> Result<Compiled, Vec<TemplateError>> {
        self.check_sizes().map_err(|error| vec![error])?;
        let parts = self.scan_parts()?;
        let body = parts.body()?;
        let text = match &parts.text {
            Some(text) => line_by_line(text),
            None => body.plain_text(),
        };
        let subject = line_by_line(&parts.subject);
        let mut environment = environment();
        let mut errors = Vec::new();
        for (name, part, placed) in [
            (render::SUBJECT, Part::Subject, &subject),
            (render::HTML, Part::Body, &body.placed),
            (render::TEXT, Part::Text, &text),
        ] {
            errors.extend(add(&mut environment, name, part, placed).err());
        }
        if !errors.is_empty() {
            return Err(errors);
        }
        Ok(Compiled {
            kind: self.kind,
            form: Form::Letter,
            environment,
            subject: origins(&subject, &parts.subject, &Places::default()),
            html: origins(&body.placed, &body.pieces, &body.places),
            text: origins(&text, parts.text.as_deref().unwrap_or(&body.pieces), &body.places),
            others: Default::default(),
        })
    }

    /// Bounds the work, whatever the template is for.
    pub(super) fn check_bounds(&self) -> Result<(), TemplateError> {
        let error = |part, problem| Err(TemplateError::new(part, 1, problem));
        let text = self.text.as_deref().unwrap_or("");
        let parts = [
            (Part::Subject, self.subject.as_str()),
            (Part::Preheader, &self.preheader),
            (Part::Body, &self.body),
            (Part::Text, text),
        ];
        let size = parts.iter().map(|(_, part)| part.len()).sum();
        if size > SIZE_MAX {
            return error(Part::Body, Problem::TooLarge { size });
        }
        for (part, text) in parts {
            if let Some(at) = [TOKEN_START, TOKEN_END].iter().find_map(|word| text.find(word)) {
                let line = 1 + super::scan::count_lines(&text[..at]);
                return Err(TemplateError::new(part, line, Problem::Reserved));
            }
        }
        Ok(())
    }

    fn check_sizes(&self) -> Result<(), TemplateError> {
        self.check_bounds()?;
        let error = |part, problem| Err(TemplateError::new(part, 1, problem));
        let text = self.text.as_deref().unwrap_or("");
        if self.subject.trim().is_empty() {
            return error(Part::Subject, Problem::Empty { part: Part::Subject });
        }
        if self.subject.trim_end().contains(['\r', '\n']) {
            return error(Part::Subject, Problem::SubjectLines);
        }
        if self.text.is_some() && text.trim().is_empty() {
            return error(Part::Text, Problem::Empty { part: Part::Text });
        }
        Ok(())
    }

    /// Reads all parts and checks what their placeholders do.
    fn scan_parts(&self) -> Result<Parts<'_>, Vec<TemplateError>> {
        let mut errors = Vec::new();
        let mut read = |part, source| {
            let pieces = scan(part, source).unwrap_or_else(|error| {
                errors.push(error);
                Vec::new()
            });
            let findings = policy::check(&skeleton(&pieces));
            errors.extend(policy::errors(part, &findings));
            (pieces, findings.printed)
        };
        let (subject, _) = read(Part::Subject, &self.subject);
        let (preheader, _) = read(Part::Preheader, &self.preheader);
        let (body, body_prints) = read(Part::Body, &self.body);
        let text = self.text.as_deref().map(|text| read(Part::Text, text));
        if self.kind == Kind::Marketing {
            let mut printed = vec![(Part::Body, &body_prints)];
            printed.extend(text.as_ref().map(|(_, prints)| (Part::Text, prints)));
            for (part, prints) in printed {
                for variable in [UNSUBSCRIBE_URL, SHOP_ADDRESS] {
                    if !prints.iter().any(|path| path == variable) {
                        let problem = Problem::Required { variable };
                        errors.push(TemplateError::new(part, 1, problem));
                    }
                }
            }
        }
        let text = text.map(|(pieces, _)| pieces);
        if errors.is_empty() { Ok(Parts { subject, preheader, body, text }) } else { Err(errors) }
    }
}

struct Parts<'a> {
    subject: Vec<Piece<'a>>,
    preheader: Vec<Piece<'a>>,
    body: Vec<Piece<'a>>,
    text: Option<Vec<Piece<'a>>>,
}

/// The body as HTML, with the preheader in it.
struct Body<'a> {
    html: String,           // With tokens.
    pieces: Vec<Piece<'a>>, // Whose tags the tokens stand for.
    placed: Placed,
    places: Places,
}

impl<'a> Parts<'a> {
    fn body(&self) -> Result<Body<'a>, Vec<TemplateError>> {
        let html = mjml::to_html(&self.body).map_err(|error| vec![error])?;
        if html.len() > RENDERED_MAX {
            let problem = Problem::LongHtml { size: html.len() };
            return Err(vec![TemplateError::new(Part::Body, 1, problem)]);
        }
        let body_tags = tags(&self.body).len();
        let html = with_preheader(&html, &self.preheader, body_tags);
        let pieces: Vec<Piece<'a>> = self.body.iter().chain(&self.preheader).copied().collect();
        let tags = tags(&pieces);
        let places = place::check(&html).map_err(|(near, problem)| {
            let tag = near.and_then(|number| tags.get(number));
            let (part, line) = tag.map_or((Part::Body, 1), |tag| (tag.part, tag.line));
            vec![TemplateError::new(part, line, problem)]
        })?;
        if let Some(attribute) = links::forbidden(&html, Filled::No) {
            let line = line_of_link(&self.body, &attribute);
            let problem = Problem::Link { attribute };
            return Err(vec![TemplateError::new(Part::Body, line, problem)]);
        }
        let placed = place::put_back(&html, &tags, &places);
        Ok(Body { html, pieces, placed, places })
    }
}

impl Body<'_> {
    fn plain_text(&self) -> Placed {
        let text = plain::from_html(&self.html);
        place::put_back(&text, &tags(&self.pieces), &Default::default())
    }
}

/// Shown by mail programs after the subject, and hidden in the message. The filler keeps the first
/// words of the body out of the preview.
fn with_preheader(html: &str, preheader: &[Piece<'_>], first_number: usize) -> String {
    let written = tokens(preheader, first_number);
    let body = html.find("<body").and_then(|at| html[at..].find('>').map(|end| at + end + 1));
    let Some(at) = body.filter(|_| !written.trim().is_empty()) else {
        return html.to_owned();
    };
    let escaped: String = written
        .chars()
        .map(|c| match c {
            '<' => "&lt;".to_owned(),
            '>' => "&gt;".to_owned(),
            c => c.to_string(),
        })
        .collect();
    let style = "display:none;font-size:1px;line-height:1px;max-height:0;max-width:0;opacity:0;\
                 overflow:hidden;mso-hide:all";
    let filler = "&#8199;&#847;".repeat(60);
    format!("{}<div style=\"{style}\">{escaped} {filler}</div>{}", &html[..at], &html[at..])
}

/// Hands a part to the engine, which reads the whole text once more: it must see the placeholders that
/// we saw.
pub(super) fn add(
    environment: &mut Environment<'static>,
    name: &'static str,
    part: Part,
    placed: &Placed,
) -> Result<(), TemplateError> {
    let added = environment.add_template_owned(name, placed.source.clone());
    let agreed = policy::check(&placed.source);
    if added.is_err() || !agreed.problems.is_empty() || agreed.prints != placed.prints {
        let detail = "a placeholder cannot be told from its surroundings".to_owned();
        return Err(TemplateError::new(part, 1, Problem::Syntax { detail }));
    }
    Ok(())
}

/// A text of which the placeholders only have to be found again.
pub(super) fn line_by_line(pieces: &[Piece<'_>]) -> Placed {
    place::put_back(&tokens(pieces, 0), &tags(pieces), &Default::default())
}

fn tokens(pieces: &[Piece<'_>], first_number: usize) -> String {
    let mut text = String::new();
    let mut number = first_number;
    for piece in pieces {
        match piece {
            Piece::Literal(literal) => text.push_str(literal),
            Piece::Comment(_) => {}
            Piece::Tag(_) => {
                text.push_str(&mjml::token(number));
                number += 1;
            }
        }
    }
    text
}

fn tags<'a>(pieces: &[Piece<'a>]) -> Vec<Tag<'a>> {
    let tag = |piece: &Piece<'a>| match piece {
        Piece::Tag(tag) => Some(*tag),
        Piece::Literal(_) | Piece::Comment(_) => None,
    };
    pieces.iter().filter_map(tag).collect()
}

pub(super) fn origins(
    placed: &Placed,
    pieces: &[Piece<'_>],
    places: &Places,
) -> Vec<(usize, Origin)> {
    let tags = tags(pieces);
    let at = |(line, number): &(usize, usize)| {
        let tag = &tags[*number];
        let origin = Origin {
            part: tag.part,
            within: None,
            line: tag.line,
            placeholder: tag.source.to_owned(),
            starts_link: places.starts_link.contains(number),
        };
        (*line, origin)
    };
    placed.lines.iter().map(at).collect()
}

/// The first line of the body whose own text has such a link; line 1 if the engine made it.
fn line_of_link(body: &[Piece<'_>], attribute: &str) -> usize {
    let text: String = tokens(body, 0);
    let mut line = 1;
    for written in text.split_inclusive('<') {
        let tag = format!("<{}", written.trim_end_matches('<'));
        if links::forbidden(&tag, Filled::No).is_some_and(|found| found == attribute) {
            return line;
        }
        line += super::scan::count_lines(written);
    }
    1
}
