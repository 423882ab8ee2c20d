//! Dry runs beside the running server: what a journey would have decided in the last days, told as
//! figures. Nothing is sent, and nothing but the figures is kept, in memory, until the next run.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use regulars_engine::decision::{Decision, Verdict};
use regulars_engine::identity::PersonId;
use regulars_engine::program::Program;
use regulars_engine::time::Timestamp;
use regulars_store::SqliteReader;

use crate::dry_run::{DryRun, Replayed, Step, arrivals, replay};
use crate::http::App;
use crate::progress::Progress;
use crate::runs::{self, Runs};
use crate::writer::WriterError;

/// So many decisions are told one by one.
const TOLD: usize = 60;

/// What a dry run came to.
#[derive(Clone, Debug, PartialEq)]
pub struct Played {
    /// The version of the journey that was played.
    pub version: u64,
    /// From when on the journey was entered.
    pub from: Timestamp,
    /// Until when time went on.
    pub until: Timestamp,
    /// Events that arrived in these days.
    pub events: u64,
    /// Persons whom the journey decided something about.
    pub persons: u64,
    /// Decisions by step (empty for entries and ends) and verdict.
    pub counts: BTreeMap<(String, Verdict), u64>,
    /// How often each reason's code was given, for the same.
    pub because: BTreeMap<(String, Verdict), BTreeMap<&'static str, u64>>,
    /// The last messages that would have gone, waited or been left out, the latest first, without
    /// addresses.
    pub told: Vec<Decision>,
}

impl Played {
    /// How many decisions of a step and verdict.
    #[must_use]
    pub fn count(&self, step: &str, verdict: Verdict) -> u64 {
        self.counts.get(&(step.to_owned(), verdict)).copied().unwrap_or(0)
    }

    fn take(&mut self, decision: Decision, persons: &mut BTreeSet<PersonId>) {
        persons.insert(decision.person);
        let key = (decision.step.clone(), decision.verdict);
        for reason in &decision.reasons {
            let because = self.because.entry(key.clone()).or_default();
            *because.entry(reason.code.code()).or_default() += 1;
        }
        *self.counts.entry(key).or_default() += 1;
        if matches!(decision.verdict, Verdict::Send | Verdict::Hold | Verdict::Skip) {
            if self.told.len() == TOLD {
                self.told.remove(0);
            }
            self.told.push(Decision { recipient: None, message: None, ..decision });
        }
    }
}

/// How a dry run ended, or how far it is.
pub type Told = runs::Told<Played>;

/// The dry runs of a server, by journey.
pub type DryRuns = Runs<Played>;

impl App {
    /// Begins to play a journey of a program in the background; `false`: another one is being
    /// played.
    #[must_use]
    pub fn begin_dry_run(&self, program: Arc<Program>, journey: &str) -> bool {
        let name = journey.to_owned();
        self.begin_run(&self.dry_runs, journey, move |reader, span, progress| {
            play(reader, &program, &name, span, progress)
        })
    }
}

/// Plays the log of a store, and lets time go on until now.
fn play(
    reader: &SqliteReader,
    program: &Arc<Program>,
    journey: &str,
    (from, until): (Timestamp, Timestamp),
    progress: &Progress,
) -> Result<Told, WriterError> {
    let order = arrivals(reader, Some(until))?;
    progress.note(0, count(order.len()));
    let version = program.live_journey(journey).map_or(0, |journey| journey.version);
    let mut dry_run = DryRun::begin_beside(reader, Program::clone(program))?;
    let mut run = Run {
        journey,
        persons: BTreeSet::new(),
        played: Played {
            version,
            from,
            until,
            events: 0,
            persons: 0,
            counts: BTreeMap::new(),
            because: BTreeMap::new(),
            told: Vec::new(),
        },
    };
    let span = Replayed { order: &order, from, until, each: false, hears: &|_| true };
    let through = replay(reader, &mut dry_run, &span, &mut |step| {
        match step {
            Step::Arriving { read, counted } => {
                run.played.events += counted;
                progress.advance(read);
            }
            Step::Decided(_, decisions) => run.take(decisions),
        }
        Ok::<_, WriterError>(!progress.stopped())
    })?;
    if !through {
        return Ok(Told::Stopped);
    }
    let mut played = run.played;
    played.persons = count(run.persons.len());
    played.told.reverse();
    Ok(Told::Played(Box::new(played)))
}

/// A dry run of one journey.
struct Run<'r> {
    journey: &'r str,
    persons: BTreeSet<PersonId>,
    played: Played,
}

impl Run<'_> {
    fn take(&mut self, decisions: Vec<Decision>) {
        for decision in decisions.into_iter().filter(|one| one.journey == self.journey) {
            self.played.take(decision, &mut self.persons);
        }
    }
}

fn count(number: usize) -> u64 {
    u64::try_from(number).unwrap_or(u64::MAX)
}
