//! Dry runs beside the running server: what a journey would have decided in the last days, told as
//! figures. Nothing is sent, and nothing but the figures is kept, in memory, until the next run.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, Mutex, PoisonError};

use regulars_engine::decision::{Decision, Verdict};
use regulars_engine::event::{Event, LogPosition, Mode};
use regulars_engine::identity::PersonId;
use regulars_engine::program::Program;
use regulars_engine::time::{DAY, Timestamp};
use regulars_store::{Reader, SqliteReader};

use crate::clock;
use crate::dry_run::{AT_ONCE, DryRun, arrivals};
use crate::http::App;
use crate::progress::Progress;
use crate::writer::WriterError;

/// How many days are played: what came before is known, and starts nothing.
pub const DAYS: i64 = 30;
/// A log of more events is played by the command line on another machine: a dry run holds it in
/// memory, beside a server that has other things to do.
pub const EVENTS_MAX: u64 = 1_000_000;
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
    /// How many people had been erased since the start of the program when it was played.
    erasures: u64,
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
#[derive(Clone, Debug, PartialEq)]
pub enum Told {
    /// It runs: so many events of how many.
    Running {
        /// Played.
        done: u64,
        /// Of so many; 0 while they are being counted.
        whole: u64,
    },
    /// It is through.
    Played(Box<Played>),
    /// Somebody stopped it.
    Stopped,
    /// The log holds more than [`EVENTS_MAX`] events.
    TooLong {
        /// So many.
        events: u64,
    },
    /// The store failed.
    Failed,
}

/// The dry runs of a server: one at a time, and the last one of each journey.
#[derive(Debug, Default)]
pub struct DryRuns {
    ended: Mutex<BTreeMap<String, Told>>,
    running: Mutex<Option<String>>,
    progress: Progress,
}

impl DryRuns {
    /// What is known of a journey's dry run.
    #[must_use]
    pub fn of(&self, journey: &str, erasures: u64) -> Option<Told> {
        if self.running().as_deref() == Some(journey) {
            let (done, whole) = self.progress.told();
            return Some(Told::Running { done, whole });
        }
        let ended = self.ended.lock().unwrap_or_else(PoisonError::into_inner);
        // Figures of before an erasure name and count somebody who is not to be known any more.
        ended.get(journey).cloned().filter(|told| match told {
            Told::Played(played) => played.erasures == erasures,
            Told::Running { .. } | Told::Stopped | Told::TooLong { .. } | Told::Failed => true,
        })
    }

    /// The journey that is being played.
    #[must_use]
    pub fn running(&self) -> Option<String> {
        self.running.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Ends the run of a journey soon, if it is the one that runs.
    pub fn stop(&self, journey: &str) {
        if self.running().as_deref() == Some(journey) {
            self.progress.stop();
        }
    }

    /// Ends whatever runs soon: the program stops.
    pub fn end(&self) {
        self.progress.stop();
    }

    fn begin(&self, journey: &str) -> bool {
        let mut running = self.running.lock().unwrap_or_else(PoisonError::into_inner);
        if running.is_some() {
            return false;
        }
        *running = Some(journey.to_owned());
        self.progress.begin();
        true
    }

    fn keep(&self, journey: &str, told: Told) {
        let mut ended = self.ended.lock().unwrap_or_else(PoisonError::into_inner);
        // Whoever stops a run keeps what the one before came to.
        if told != Told::Stopped || !matches!(ended.get(journey), Some(Told::Played(_))) {
            ended.insert(journey.to_owned(), told);
        }
    }
}

/// Ends the note that a run goes on, however it ends.
struct Running(Arc<DryRuns>);

impl Drop for Running {
    fn drop(&mut self) {
        *self.0.running.lock().unwrap_or_else(PoisonError::into_inner) = None;
    }
}

impl App {
    /// Begins to play a journey of a program in the background; `false`: another one is being
    /// played.
    #[must_use]
    pub fn begin_dry_run(&self, program: Arc<Program>, journey: &str) -> bool {
        if !self.dry_runs.begin(journey) {
            return false;
        }
        let (app, running) = (self.clone(), Running(Arc::clone(&self.dry_runs)));
        let journey = journey.to_owned();
        tokio::spawn(async move {
            let (runs, name) = (Arc::clone(&app.dry_runs), journey.clone());
            let erasures = app.erasures();
            let played = app.read(move |reader| {
                Ok(play(reader, &program, &name, &runs).unwrap_or_else(|error| {
                    tracing::error!(error = %error, "a dry run failed");
                    Told::Failed
                }))
            });
            let told = match played.await {
                Ok(Told::Played(played)) => Told::Played(Box::new(Played { erasures, ..*played })),
                Ok(told) => told,
                Err(_) => Told::Failed,
            };
            running.0.keep(&journey, told);
            drop(running);
        });
        true
    }
}

/// Plays the log of a store, and lets time go on until now.
fn play(
    reader: &SqliteReader,
    program: &Arc<Program>,
    journey: &str,
    runs: &DryRuns,
) -> Result<Told, WriterError> {
    let events = reader.totals()?.events;
    if events > EVENTS_MAX {
        return Ok(Told::TooLong { events });
    }
    let until = clock::now();
    let from = until.plus(-DAYS * DAY);
    let order = arrivals(reader, Some(until))?;
    runs.progress.note(0, count(order.len()));
    let version = program.live_journey(journey).map_or(0, |journey| journey.version);
    let mut run = Run {
        dry_run: DryRun::begin_beside(reader.salt(), Program::clone(program))?,
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
            erasures: 0,
        },
    };
    let mut together: Vec<Event> = Vec::new();
    for chunk in order.chunks(AT_ONCE) {
        let positions: Vec<LogPosition> = chunk.iter().map(|(_, position)| *position).collect();
        for entry in reader.events(&positions)? {
            if runs.progress.stopped() {
                return Ok(Told::Stopped);
            }
            let mut event = entry.logged.event;
            if event.received_at < from {
                event.mode = Mode::Backfill;
            }
            if together.first().is_some_and(|first| first.received_at != event.received_at) {
                runs.progress.advance(count(together.len()));
                run.arrive(std::mem::take(&mut together))?;
            }
            together.push(event);
        }
    }
    run.arrive(together)?;
    let decisions = run.dry_run.go_on_until(until)?;
    run.take(decisions);
    let mut played = run.played;
    played.persons = count(run.persons.len());
    played.told.reverse();
    Ok(Told::Played(Box::new(played)))
}

/// A dry run of one journey.
struct Run<'r> {
    dry_run: DryRun,
    journey: &'r str,
    persons: BTreeSet<PersonId>,
    played: Played,
}

impl Run<'_> {
    fn arrive(&mut self, events: Vec<Event>) -> Result<(), WriterError> {
        let Some(first) = events.first() else { return Ok(()) };
        let received_at = first.received_at;
        if received_at >= self.played.from {
            self.played.events += count(events.len());
        }
        let decisions = self.dry_run.arrive(events, received_at)?;
        self.take(decisions);
        Ok(())
    }

    fn take(&mut self, decisions: Vec<Decision>) {
        for decision in decisions.into_iter().filter(|one| one.journey == self.journey) {
            self.played.take(decision, &mut self.persons);
        }
    }
}

fn count(number: usize) -> u64 {
    u64::try_from(number).unwrap_or(u64::MAX)
}
