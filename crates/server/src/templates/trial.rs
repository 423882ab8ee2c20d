//! What people's data lacks for a template, before anybody gets it: it is rendered for real people,
//! and whoever would be greeted as nobody is counted.

use std::collections::BTreeMap;

use regulars_deliver::template::{Asked, Otherwise, Presence, presence};
use regulars_engine::identity::{KeySalt, PersonId};
use regulars_engine::program::Program;
use regulars_engine::record::Record;
use regulars_engine::segment::ask_known;
use regulars_engine::time::Timestamp;
use regulars_store::{Reader, StoreError};

use super::preview::{Previews, address_of, channel_of};

/// How many people are looked at, unless all are: a second or two of work.
pub const SAMPLE: usize = 4_096;
/// People read from the store at once.
const BATCH: usize = 512;
/// Samples of one finding.
const SAMPLES: usize = 3;

/// What a test of a template found.
#[derive(Clone, Debug, Default)]
pub struct Trial {
    /// How many people there are.
    pub persons: u64,
    /// Of how many it was asked whether they have an address.
    pub looked_at: u64,
    /// How many of them could get the message: they have an address, and are in the segment asked.
    pub recipients: u64,
    /// How many of those get it with everything in it.
    pub whole: u64,
    /// How many get it with a fallback, or with nothing where something should stand.
    pub lacking: u64,
    /// How many would not get it, since it cannot be made for them.
    pub held: u64,
    /// In which languages they read it.
    pub languages: BTreeMap<String, u64>,
    /// What people lack: what most lack first.
    pub findings: Vec<Finding>,
    /// Why the message cannot be made: what hits most first.
    pub failures: Vec<Failure>,
}

/// A value that some lack.
#[derive(Clone, Debug)]
pub struct Finding {
    /// Where the template asks for it, and what it does without.
    pub asked: Asked,
    /// How many have none.
    pub missing: u64,
    /// How many have one that prints nothing.
    pub blank: u64,
    /// Some of them.
    pub samples: Vec<Sample>,
}

/// Why the message cannot be made for some.
#[derive(Clone, Debug)]
pub struct Failure {
    /// Where and why, with the cure.
    pub why: String,
    /// For how many.
    pub people: u64,
    /// Some of them.
    pub samples: Vec<Sample>,
}

/// Somebody, told without naming them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sample {
    /// The person.
    pub person: PersonId,
    /// The address, masked.
    pub address: String,
    /// The subject as this person would read it, of a text message its beginning; empty if the message
    /// cannot be made.
    pub subject: String,
}

/// Tests a template over the people of a store: a sample of them, or with `everybody` all. `segment`
/// narrows to its members; `progress` is told how many were looked at.
///
/// # Errors
/// If the store cannot be read.
pub fn trial<R: Reader>(
    reader: &R,
    program: &Program,
    (template, segment): (&str, Option<&str>),
    everybody: bool,
    (salt, now): (KeySalt, Timestamp),
    mut progress: impl FnMut(u64, u64),
) -> Result<Trial, StoreError> {
    let persons = reader.totals()?.persons;
    let mut trial = Trial { persons, ..Trial::default() };
    let mut previews = Previews::begin(reader, program, template, salt, now)?;
    let few = u64::try_from(SAMPLE).unwrap_or(u64::MAX);
    if everybody || persons <= few {
        let mut after = PersonId(0);
        loop {
            let rows = reader.persons_after(after, BATCH)?;
            let Some((last, ..)) = rows.last() else { break };
            after = *last;
            for (_, _, record) in &rows {
                trial.look(&mut previews, program, segment, record, now);
            }
            progress(trial.looked_at, persons);
        }
    } else {
        // Whoever holds several identifiers is drawn more often; looked at once.
        let mut seen = std::collections::BTreeSet::new();
        for record in reader.drawn(SAMPLE)? {
            if seen.insert(record.id()) {
                trial.look(&mut previews, program, segment, &record, now);
            }
        }
        progress(trial.looked_at, trial.looked_at);
    }
    trial.findings.retain(|finding| finding.missing + finding.blank > 0);
    trial.findings.sort_by_key(|finding| std::cmp::Reverse(finding.missing + finding.blank));
    trial.failures.sort_by_key(|failure| std::cmp::Reverse(failure.people));
    Ok(trial)
}

impl Trial {
    fn look(
        &mut self,
        previews: &mut Previews<'_>,
        program: &Program,
        segment: Option<&str>,
        record: &Record,
        now: Timestamp,
    ) {
        self.looked_at += 1;
        let channel = channel_of(program, previews.template());
        let Some(address) = address_of(record, channel) else { return };
        if let Some(condition) = segment.and_then(|name| program.segments.get(name)) {
            let answers =
                ask_known(&previews.around().world(), record, std::iter::once(condition), now);
            if !answers.iter().all(|answer| answer.truth.holds()) {
                return;
            }
        }
        self.recipients += 1;
        let filled = previews.fill(Some(record), None);
        if let Some(language) = filled.languages.first() {
            *self.languages.entry(language.clone()).or_default() += 1;
        }
        let made = filled.readied.and_then(|readied| {
            let rendered = readied.compiled.render(&filled.context);
            let rendered = rendered.map_err(|error| error.to_string())?;
            // A text message is told by its beginning.
            let told = match rendered.subject.is_empty() {
                true => beginning(&rendered.text),
                false => rendered.subject,
            };
            Ok((readied, told))
        });
        let mut sample =
            Sample { person: record.id(), address: address.masked(), subject: String::new() };
        match made {
            Err(why) => {
                self.held += 1;
                let held = self.failures.iter_mut().find(|failure| failure.why == why);
                match held {
                    Some(failure) => failure.add(sample),
                    None => {
                        self.failures.push(Failure { why, people: 1, samples: vec![sample] });
                    }
                }
            }
            Ok((readied, subject)) => {
                sample.subject = subject;
                let lacks = self.note(&readied.asked, &filled.context, &sample);
                if lacks { self.lacking += 1 } else { self.whole += 1 }
            }
        }
    }

    /// Notes what this person lacks; whether it is anything that shows.
    fn note(&mut self, asked: &[Asked], context: &serde_json::Value, sample: &Sample) -> bool {
        let paths: Vec<&str> = asked.iter().map(|asked| asked.path.as_str()).collect();
        let mut shows = false;
        for (asked, presence) in asked.iter().zip(presence(context, &paths)) {
            if presence == Presence::There {
                continue;
            }
            // A condition that looks first is how it is done well.
            shows |= asked.otherwise != Otherwise::Chooses;
            let held = self.findings.iter().position(|finding| finding.asked == *asked);
            let at = held.unwrap_or_else(|| {
                let asked = asked.clone();
                self.findings.push(Finding { asked, missing: 0, blank: 0, samples: Vec::new() });
                self.findings.len() - 1
            });
            let finding = &mut self.findings[at];
            match presence {
                Presence::Blank => finding.blank += 1,
                Presence::Missing => finding.missing += 1,
                Presence::There => {}
            }
            if finding.samples.len() < SAMPLES {
                finding.samples.push(sample.clone());
            }
        }
        shows
    }
}

/// The beginning of a text message, to tell it by where mail has a subject.
#[must_use]
pub(crate) fn beginning(text: &str) -> String {
    const LENGTH_MAX: usize = 60;
    let line = text.split_whitespace().collect::<Vec<&str>>().join(" ");
    match line.char_indices().nth(LENGTH_MAX) {
        Some((at, _)) => format!("{}…", &line[..at]),
        None => line,
    }
}

impl Finding {
    /// Where the template asks: `body, partial "top", line 3`.
    #[must_use]
    pub fn place(&self) -> String {
        let Asked { part, within, line, .. } = &self.asked;
        let within =
            within.as_deref().map(|name| format!(", partial \"{name}\"")).unwrap_or_default();
        format!("{part}{within}, line {line}")
    }
}

impl Failure {
    fn add(&mut self, sample: Sample) {
        self.people += 1;
        if self.samples.len() < SAMPLES {
            self.samples.push(sample);
        }
    }
}
