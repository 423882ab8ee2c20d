//! Every template: what it is for, who sends it, in which languages, and what became of its messages.

use std::sync::Mutex;

use regulars_engine::event::{Channel, Purpose};
use regulars_engine::program::{Program, TemplateBody};
use regulars_engine::time::Timestamp;
use regulars_store::{Reader, StoreError};

use super::beginning;
use super::tally::{Sent, Tally};
use crate::live::{purpose_of, says};

/// A template with what became of it.
#[derive(Clone, Debug)]
pub struct Listed {
    /// Its name.
    pub name: String,
    /// Its subject as it is written; of a text message its beginning, of a push message its title.
    pub subject: String,
    /// Over which channel.
    pub channel: Channel,
    /// What it is sent for.
    pub purpose: Purpose,
    /// The journeys that send it, by name.
    pub journeys: Vec<String>,
    /// The languages it speaks; empty: it says the same in all.
    pub languages: Vec<String>,
    /// What became of its messages of the last days; `None`: it is shown on the site, and its journeys
    /// count that.
    pub sent: Option<Sent>,
}

/// All templates of a program after the tally that requests share has read on, and whether it has read
/// the log to its end.
///
/// # Errors
/// If the store cannot be read.
pub fn list_caught_up<R: Reader>(
    reader: &R,
    program: &Program,
    tally: &Mutex<Tally>,
    now: Timestamp,
) -> Result<(Vec<Listed>, bool), StoreError> {
    let mut tally = Tally::lock(tally);
    let whole = tally.catch_up(reader, now)?;
    Ok((list(program, &tally), whole))
}

/// All templates of a program, by name.
#[must_use]
pub fn list(program: &Program, tally: &Tally) -> Vec<Listed> {
    let sent = tally.by_template();
    let journeys_of = |name: &str| {
        let journeys = program.journeys.iter().filter(|journey| says(journey, name));
        let mut journeys: Vec<String> = journeys.map(|journey| journey.name.clone()).collect();
        journeys.sort();
        journeys
    };
    let shown = program.site_templates.iter().map(|(name, template)| Listed {
        name: name.clone(),
        subject: template.title.clone(),
        channel: Channel::Web,
        purpose: purpose_of(program, name),
        journeys: journeys_of(name),
        languages: template.words.keys().cloned().collect(),
        sent: None,
    });
    let one = |name: &String| {
        let journeys = journeys_of(name);
        Listed {
            name: name.clone(),
            subject: match &program.templates[name].body {
                TemplateBody::Sms(text) => beginning(text),
                TemplateBody::Push(parts) => parts.title.clone(),
                TemplateBody::Mjml(_) | TemplateBody::BuiltIn(_) => {
                    program.templates[name].subject.clone()
                }
            },
            channel: program.templates[name].channel(),
            purpose: purpose_of(program, name),
            journeys,
            languages: program.templates[name].words.keys().cloned().collect(),
            sent: Some(sent.get(name.as_str()).copied().unwrap_or_default()),
        }
    };
    let mut all: Vec<Listed> = program.templates.keys().map(one).chain(shown).collect();
    all.sort_by(|left, right| left.name.cmp(&right.name));
    all
}
