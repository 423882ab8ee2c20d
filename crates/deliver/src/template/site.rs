//! Messages on the shop's own site: a few plain texts and two addresses, which a script of ours puts
//! into a page as texts and nothing else.
//!
//! They bear no HTML, so that nothing has to be escaped and no value can become more than a text.

use std::fmt;

use minijinja::Environment;
use minijinja::value::{Serde, Value};
use serde::{Deserialize, Serialize};

use super::compile::{line_by_line, origins};
use super::error::{Part, Problem, RenderError, RenderProblem, TemplateError};
use super::expand::{Beside, expand_text};
use super::filters::environment;
use super::links::{Target, leads_on_site};
use super::place::Places;
use super::policy;
use super::render::{Origin, fill, whole};
use super::scan::{Piece, scan, skeleton};
use super::source::SUBJECT_MAX;
use crate::email::one_line;

/// A part of a message on the site, or of one that is pushed to a browser.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum SitePlace {
    /// One line.
    Title,
    /// What it says below.
    Text,
    /// The address of a picture.
    Image,
    /// What the picture shows.
    ImageText,
    /// What the button says.
    Button,
    /// Where it leads.
    Link,
    /// The address of the small picture beside a push message.
    Icon,
}

impl SitePlace {
    /// Those of a message on the site, in the order in which they are written.
    pub const ALL: [Self; 6] =
        [Self::Title, Self::Text, Self::Image, Self::ImageText, Self::Button, Self::Link];

    /// Its key in definitions.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Title => "title",
            Self::Text => "text",
            Self::Image => "image",
            Self::ImageText => "image text",
            Self::Button => "button",
            Self::Link => "link",
            Self::Icon => "icon",
        }
    }

    /// The part of a message on the site that a key of definitions names.
    #[must_use]
    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|place| place.word() == word)
    }
}

/// The parts of a message, as they are written or as they are for one person. All but the title may
/// be empty.
#[derive(Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct SiteParts {
    /// One line.
    pub title: String,
    /// What it says below.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub text: String,
    /// The address of a picture: whole, or a path of the site.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub image: String,
    /// What the picture shows, for whoever does not see it.
    #[serde(rename = "imageText", skip_serializing_if = "String::is_empty")]
    pub image_text: String,
    /// What the button says.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub button: String,
    /// Where it leads: whole, or a path of the site.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub link: String,
}

impl fmt::Debug for SiteParts {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("SiteParts(***)")
    }
}

/// A mistake in one part.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SiteError {
    /// The part.
    pub place: SitePlace,
    /// What is wrong there, with its cure.
    pub error: TemplateError,
}

/// A message that can be filled in: cheap to share between threads, costly to make.
pub struct CompiledSite {
    environment: Environment<'static>, // Invariant: holds a text for every place.
    origins: [Vec<(usize, Origin)>; 6],
}

impl fmt::Debug for CompiledSite {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("CompiledSite").finish_non_exhaustive()
    }
}

impl SiteParts {
    /// What stands in a place.
    #[must_use]
    pub fn part(&self, place: SitePlace) -> &str {
        match place {
            SitePlace::Title => &self.title,
            SitePlace::Text => &self.text,
            SitePlace::Image => &self.image,
            SitePlace::ImageText => &self.image_text,
            SitePlace::Button => &self.button,
            SitePlace::Link => &self.link,
            // Nothing on the site has one.
            SitePlace::Icon => "",
        }
    }

    /// The same, to write in it; `None`: no message on the site has it.
    pub fn part_mut(&mut self, place: SitePlace) -> Option<&mut String> {
        Some(match place {
            SitePlace::Title => &mut self.title,
            SitePlace::Text => &mut self.text,
            SitePlace::Image => &mut self.image,
            SitePlace::ImageText => &mut self.image_text,
            SitePlace::Button => &mut self.button,
            SitePlace::Link => &mut self.link,
            SitePlace::Icon => return None,
        })
    }

    /// Checks the parts as they are written, with words put in their places, and makes them ready.
    ///
    /// # Errors
    /// Every mistake that could be found, each with its part, line and cure.
    pub fn compile(&self, beside: &Beside) -> Result<CompiledSite, Vec<SiteError>> {
        let mut environment = environment();
        let mut errors = Vec::new();
        let origins = SitePlace::ALL.map(|place| {
            match add(&mut environment, (Part::Text, place), self.part(place), beside) {
                Ok(origins) => origins,
                Err(found) => {
                    errors.extend(found.into_iter().map(|error| SiteError { place, error }));
                    Vec::new()
                }
            }
        });
        if errors.is_empty() { Ok(CompiledSite { environment, origins }) } else { Err(errors) }
    }
}

/// Adds one part to the environment; returns where its placeholders were written. `part` is its name in
/// errors.
pub(super) fn add(
    environment: &mut Environment<'static>,
    (part, place): (Part, SitePlace),
    written: &str,
    beside: &Beside,
) -> Result<Vec<(usize, Origin)>, Vec<TemplateError>> {
    let one = |problem| vec![TemplateError::new(part, 1, problem)];
    let source = expand_text(part, written, beside)?;
    let pieces = scan(part, &source).map_err(|error| vec![error])?;
    let findings = policy::check(&skeleton(&pieces));
    let errors = policy::errors(part, &findings);
    if !errors.is_empty() {
        return Err(errors);
    }
    let fixed = !pieces.iter().any(|piece| matches!(piece, Piece::Tag(_)));
    if fixed && !fits((part, place), source.trim()) {
        let problem = match place == SitePlace::Title {
            true => Problem::Empty { part },
            false => Problem::Link { attribute: place.word().to_owned() },
        };
        return Err(one(problem));
    }
    let placed = line_by_line(&pieces);
    let agreed = policy::check(&placed.source);
    let added = environment.add_template_owned(place.word(), placed.source.clone());
    if added.is_err() || !agreed.problems.is_empty() || agreed.prints != placed.prints {
        let detail = "a placeholder cannot be told from its surroundings".to_owned();
        return Err(one(Problem::Syntax { detail }));
    }
    Ok(origins(&placed, &pieces, &Places::default()))
}

/// Whether what stands in a place can stand there. A push message opens a page and nothing else.
fn fits((part, place): (Part, SitePlace), text: &str) -> bool {
    match place {
        SitePlace::Title => !text.is_empty(),
        SitePlace::Link if matches!(part, Part::Push(_)) => leads_on_site(text, Target::Load),
        SitePlace::Link => text.is_empty() || leads_on_site(text, Target::Follow),
        SitePlace::Image | SitePlace::Icon => text.is_empty() || leads_on_site(text, Target::Load),
        SitePlace::Text | SitePlace::ImageText | SitePlace::Button => true,
    }
}

impl CompiledSite {
    /// Fills in the message for the person, shop and cart that `context` holds.
    ///
    /// # Errors
    /// If a value is missing or leads elsewhere than the web; the error names the placeholder and
    /// shows no value.
    pub fn render(&self, context: &impl Serialize) -> Result<SiteParts, RenderError> {
        let context = Value::from(Serde(context));
        let mut filled = SitePlace::ALL.iter().zip(&self.origins).map(|(place, origins)| {
            fill_place(&self.environment, (Part::Text, *place), origins, &context)
        });
        let mut next = || filled.next().expect("there are six places");
        Ok(SiteParts {
            title: next()?,
            text: next()?,
            image: next()?,
            image_text: next()?,
            button: next()?,
            link: next()?,
        })
    }
}

/// Fills in one part.
///
/// # Errors
/// As for [`CompiledSite::render`].
pub(super) fn fill_place(
    environment: &Environment<'static>,
    (part, place): (Part, SitePlace),
    origins: &[(usize, Origin)],
    context: &Value,
) -> Result<String, RenderError> {
    let text = fill(environment, place.word(), origins, context)?;
    let text = match place {
        SitePlace::Text => text.trim().to_owned(),
        SitePlace::Image | SitePlace::Icon | SitePlace::Link => one_line(&text, LINK_MAX),
        SitePlace::Title | SitePlace::ImageText | SitePlace::Button => one_line(&text, SUBJECT_MAX),
    };
    if fits((part, place), &text) {
        return Ok(text);
    }
    let problem = match place == SitePlace::Title {
        true => RenderProblem::EmptySubject,
        false => RenderProblem::Link,
    };
    Err(whole(part, problem))
}

/// Characters of an address.
const LINK_MAX: usize = 2_000;

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn made(title: &str, link: &str) -> Result<CompiledSite, Vec<SiteError>> {
        let parts = SiteParts { title: title.into(), link: link.into(), ..SiteParts::default() };
        parts.compile(&Beside::default())
    }

    #[test]
    fn values_stay_texts_and_links_stay_on_the_web() {
        let compiled = made("Hi {{ person.first_name }}", "{{ cart.url }}").unwrap();
        let say = |name: &str, url: &str| {
            let context = json!({ "person": { "first_name": name }, "cart": { "url": url } });
            compiled.render(&context).map(|said| format!("{} -> {}", said.title, said.link)).ok()
        };
        assert_eq!(say("<b>Ana\r\n", "/cart").unwrap(), "Hi <b>Ana -> /cart");
        assert_eq!(
            say("Ana", "https://shop.example/c").unwrap(),
            "Hi Ana -> https://shop.example/c"
        );
        for url in ["javascript:alert(1)", "//evil.example", "/\\evil.example", "data:text/html,x"]
        {
            assert_eq!(say("Ana", url), None, "{url}");
        }
        assert!(compiled.render(&json!({ "person": {}, "cart": { "url": "/" } })).is_err());
    }

    #[test]
    fn what_is_wrong_for_everybody_is_told_when_it_is_saved() {
        let places = |made: Result<CompiledSite, Vec<SiteError>>| -> Vec<&'static str> {
            made.err().into_iter().flatten().map(|error| error.place.word()).collect()
        };
        assert_eq!(places(made("Hello", "/new")), Vec::<&str>::new());
        assert_eq!(places(made(" ", "javascript:x")), ["title", "link"]);
        assert_eq!(places(made("{{ person.", "/new")), ["title"]);
        assert_eq!(places(made("{{ words.hello }}", "/new")), ["title"]);
    }
}
