//! Linking beside the running server: a model is learned from the shop's own records, and one is
//! tried before it is put into force. One at a time, in the background, with its progress; what comes
//! out is kept in memory, but for the learned model, which waits in the store to be applied.

use std::sync::{Arc, Mutex, PoisonError};

use regulars_engine::identity::link::{Model, Round};
use regulars_engine::program::Program;
use regulars_store::{Reader, Store};

use crate::clock;
use crate::http::{ApiError, App};
use crate::linkage::{self, LEARNED, SPACE, WhatIf};
use crate::progress::Progress;
use crate::writer::WriterError;

/// A log of more events is built again by the command line on another machine: what-if holds it in
/// memory, beside a server that has other things to do.
pub const EVENTS_MAX: u64 = 1_000_000;

/// What is done in the background.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Work {
    /// A model is learned.
    Train,
    /// A model is tried.
    WhatIf,
}

impl Work {
    /// The word in the API.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Train => "train",
            Self::WhatIf => "what-if",
        }
    }
}

/// How it ended, or how far it is.
#[derive(Clone, Debug)]
pub enum Told {
    /// Nothing was done since the program began.
    Nothing,
    /// It runs: so much of how much; 0 of 0 while the model settles.
    Running {
        /// What.
        work: Work,
        /// Done: persons read, or events built again.
        done: u64,
        /// Of so many; 0 while nobody can say.
        whole: u64,
        /// The rounds of training so far.
        rounds: Vec<Round>,
    },
    /// A model was learned, and waits to be applied.
    Trained {
        /// What names it.
        model: String,
        /// From how many records.
        records: u64,
        /// In which rounds.
        rounds: Vec<Round>,
    },
    /// There are fewer than [`linkage::RECORDS_MIN`] records with a name to learn from.
    TooFew,
    /// A model was tried.
    Tried(Box<Tried>),
    /// Somebody stopped it.
    Stopped(Work),
    /// The log holds more than [`EVENTS_MAX`] events.
    TooLong {
        /// So many.
        events: u64,
    },
    /// The store failed.
    Failed(Work),
}

/// What trying a model came to.
#[derive(Clone, Debug)]
pub struct Tried {
    /// What names the model, with the lines it was tried with.
    pub model: String,
    /// From how many records it was learned; 0: from none.
    pub records: u64,
    /// From this probability on two records were of one person.
    pub sure: f64,
    /// From this probability on they may have been.
    pub possible: f64,
    /// Whether it joins or holds anybody by likeness.
    pub links: bool,
    /// Which of the kept models it is.
    pub kept: linkage::Kept,
    /// Whether other definitions than those in force were tried with it.
    pub other_rules: bool,
    /// Who would merge and split.
    pub found: WhatIf,
    /// How many people had been erased since the start of the program when it was tried.
    erasures: u64,
}

/// What one asks to be tried.
#[derive(Clone, Debug)]
pub struct Trial {
    /// Which of the kept models.
    pub kept: linkage::Kept,
    /// The model with its lines.
    pub model: Model,
    /// The definitions with it; `None`: those in force.
    pub rules: Option<Box<Program>>,
}

/// The works of a server on its linking: one at a time, and what the last came to.
#[derive(Debug, Default)]
pub struct Linking {
    running: Mutex<Option<(Work, Vec<Round>)>>,
    ended: Mutex<Option<Told>>,
    progress: Progress,
}

impl Linking {
    fn running(&self) -> std::sync::MutexGuard<'_, Option<(Work, Vec<Round>)>> {
        self.running.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// How far it is, or what the last one came to.
    #[must_use]
    pub fn told(&self, erasures: u64) -> Told {
        if let Some((work, rounds)) = self.running().clone() {
            let (done, whole) = self.progress.told();
            return Told::Running { work, done, whole, rounds };
        }
        let ended = self.ended.lock().unwrap_or_else(PoisonError::into_inner);
        // Figures of before an erasure name and count somebody who is not to be known any more.
        let stale = |told: &Told| matches!(told, Told::Tried(tried) if tried.erasures != erasures);
        ended.clone().filter(|told| !stale(told)).unwrap_or(Told::Nothing)
    }

    /// Ends whatever runs soon.
    pub fn stop(&self) {
        self.progress.stop();
    }

    fn begin(&self, work: Work) -> bool {
        let mut running = self.running();
        if running.is_some() {
            return false;
        }
        *running = Some((work, Vec::new()));
        self.progress.begin();
        true
    }

    fn note_round(&self, round: &Round) {
        if let Some((_, rounds)) = self.running().as_mut() {
            rounds.push(*round);
        }
        self.progress.note(0, 0);
    }

    fn rounds(&self) -> Vec<Round> {
        self.running().as_ref().map(|(_, rounds)| rounds.clone()).unwrap_or_default()
    }
}

/// Ends the note that a work goes on, however it ends.
struct Running(Arc<Linking>, Option<Told>);

impl Drop for Running {
    fn drop(&mut self) {
        let told = self.1.take();
        let mut running = self.0.running();
        if let Some((work, _)) = running.take() {
            let told = told.unwrap_or(Told::Failed(work));
            *self.0.ended.lock().unwrap_or_else(PoisonError::into_inner) = Some(told);
        }
    }
}

impl App {
    /// How far everybody was looked at again since another model, or other rules, came into force: events
    /// of so many; `None`: all were.
    ///
    /// # Errors
    /// If the store cannot be read.
    pub async fn looking_again(&self) -> Result<Option<(u64, u64)>, ApiError> {
        let walking = self.desk.ask(|writer| writer.walking()).await?;
        let Some(after) = walking else { return Ok(None) };
        let next = self.read(|reader| reader.next_position()).await?;
        // A person's id names the event that brought it.
        Ok(Some((after.origin().0.0, next.0.saturating_sub(1))))
    }

    /// Begins to learn a model in the background; `false`: something runs already.
    #[must_use]
    pub fn begin_training(&self) -> bool {
        if !self.linking.begin(Work::Train) {
            return false;
        }
        let app = self.clone();
        let mut running = Running(Arc::clone(&self.linking), None);
        tokio::spawn(async move {
            let linking = Arc::clone(&app.linking);
            let learned = app.read(move |reader| {
                let (notes, rounds) = (Arc::clone(&linking), Arc::clone(&linking));
                let mut note = move |done, whole| notes.progress.note(done, whole);
                linkage::learn(reader, &mut note, move |round| rounds.note_round(round))
            });
            running.1 = match learned.await {
                // Nobody looks at this while the model settles.
                Ok(linkage::Learned::Model(_)) if app.linking.progress.stopped() => {
                    Some(Told::Stopped(Work::Train))
                }
                Ok(linkage::Learned::Model(model)) => app.keep_learned(*model).await,
                Ok(linkage::Learned::TooFew) => Some(Told::TooFew),
                Ok(linkage::Learned::Stopped) => Some(Told::Stopped(Work::Train)),
                Err(_) => None,
            };
            drop(running);
        });
        true
    }

    /// Keeps a learned model in the store.
    async fn keep_learned(&self, model: Model) -> Option<Told> {
        let (name, records) = (linkage::name_of(&model), model.records);
        let rounds = self.linking.rounds();
        let kept =
            self.desk.ask(move |writer| writer.store().put(SPACE, LEARNED, Some(&model.encode())));
        matches!(kept.await, Ok(Ok(()))).then_some(Told::Trained { model: name, records, rounds })
    }

    /// Begins to try a model in the background; `false`: something runs already.
    #[must_use]
    pub fn begin_trial(&self, trial: Trial) -> bool {
        if !self.linking.begin(Work::WhatIf) {
            return false;
        }
        let app = self.clone();
        let mut running = Running(Arc::clone(&self.linking), None);
        tokio::spawn(async move {
            let (linking, erasures) = (Arc::clone(&app.linking), app.erasures());
            let program = app.desk.program();
            let tried = app.read(move |reader| {
                let tried = try_out(reader, &trial, &program, erasures, &linking);
                Ok(tried.unwrap_or_else(|error| {
                    tracing::error!(error = %error, "trying a model of linking failed");
                    Told::Failed(Work::WhatIf)
                }))
            });
            running.1 = tried.await.ok();
            drop(running);
        });
        true
    }
}

fn try_out(
    reader: &regulars_store::SqliteReader,
    trial: &Trial,
    program: &Program,
    erasures: u64,
    linking: &Linking,
) -> Result<Told, WriterError> {
    let events = reader.totals()?.events;
    if events > EVENTS_MAX {
        return Ok(Told::TooLong { events });
    }
    let rules = trial.rules.as_deref().unwrap_or(program).clone();
    let model = &trial.model;
    let mut note = |done, whole| linking.progress.note(done, whole);
    let found = linkage::what_if(reader, model, rules, clock::now(), &mut note)?;
    let Some(found) = found else { return Ok(Told::Stopped(Work::WhatIf)) };
    Ok(Told::Tried(Box::new(Tried {
        model: linkage::name_of(model),
        records: model.records,
        sure: model.sure,
        possible: model.possible,
        links: model.links(),
        kept: trial.kept,
        other_rules: trial.rules.is_some(),
        found,
        erasures,
    })))
}
