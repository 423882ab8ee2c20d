//! Long work beside the running server: one at a time, how far it is, and what the last one of each
//! name came to. It is kept in memory until the next one, and no longer than nobody is erased.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};

use regulars_engine::time::{DAY, Timestamp};
use regulars_store::{Reader, SqliteReader};

use crate::clock;
use crate::http::App;
use crate::progress::Progress;
use crate::writer::WriterError;

/// How many days are played: what came before is known, and starts nothing.
pub const DAYS: i64 = 30;
/// A log of more events is played by the command line on another machine: a dry run keeps a core busy for
/// a minute or two and holds everybody it meets in memory, beside a server that has other things to do.
/// This is the log of 100,000 people over some 90 days.
pub const EVENTS_MAX: u64 = 4_000_000;

/// How a run ended, or how far it is.
#[derive(Clone, Debug, PartialEq)]
pub enum Told<T> {
    /// It runs: so many events of how many.
    Running {
        /// Played.
        done: u64,
        /// Of so many; 0 while they are being counted.
        whole: u64,
    },
    /// It is through.
    Played(Box<T>),
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

/// The runs of one kind.
#[derive(Debug)]
pub struct Runs<T> {
    /// By name, with how many people had been erased when it began.
    ended: Mutex<BTreeMap<String, (u64, Told<T>)>>,
    running: Mutex<Option<String>>,
    progress: Progress,
}

impl<T> Default for Runs<T> {
    fn default() -> Self {
        Self { ended: Mutex::default(), running: Mutex::default(), progress: Progress::default() }
    }
}

impl<T: Clone> Runs<T> {
    /// What is known of a run, where `erasures` people were erased since the start of the program.
    #[must_use]
    pub fn of(&self, name: &str, erasures: u64) -> Option<Told<T>> {
        if self.running().as_deref() == Some(name) {
            let (done, whole) = self.progress.told();
            return Some(Told::Running { done, whole });
        }
        let ended = self.ended.lock().unwrap_or_else(PoisonError::into_inner);
        // Figures of before an erasure name and count somebody who is not to be known any more.
        let of_now =
            |before: u64, told: &Told<T>| before == erasures || !matches!(told, Told::Played(_));
        let (_, told) = ended.get(name).filter(|(before, told)| of_now(*before, told))?;
        Some(told.clone())
    }

    /// The one that runs.
    #[must_use]
    pub fn running(&self) -> Option<String> {
        self.running.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Ends a run soon, if it is the one that runs.
    pub fn stop(&self, name: &str) {
        if self.running().as_deref() == Some(name) {
            self.progress.stop();
        }
    }

    /// Ends whatever runs soon: the program stops.
    pub fn end(&self) {
        self.progress.stop();
    }

    /// Begins a run, unless one is going on; it ends when what is given is dropped.
    fn begin(self: &Arc<Self>, name: &str, erasures: u64) -> Option<Running<T>> {
        let mut running = self.running.lock().unwrap_or_else(PoisonError::into_inner);
        if running.is_some() {
            return None;
        }
        *running = Some(name.to_owned());
        self.progress.begin();
        Some(Running { runs: Arc::clone(self), name: name.to_owned(), erasures })
    }
}

/// A run that goes on; it is over when this is dropped, however it ends.
struct Running<T> {
    runs: Arc<Runs<T>>,
    name: String,
    erasures: u64,
}

impl<T> Running<T> {
    /// Keeps what it came to. Whoever stops a run keeps what the one before came to.
    fn keep(self, told: Told<T>) {
        let mut ended = self.runs.ended.lock().unwrap_or_else(PoisonError::into_inner);
        let before = ended.get(&self.name).map(|(_, told)| told);
        if !matches!(told, Told::Stopped) || !matches!(before, Some(Told::Played(_))) {
            ended.insert(self.name.clone(), (self.erasures, told));
        }
    }
}

impl<T> Drop for Running<T> {
    fn drop(&mut self) {
        *self.runs.running.lock().unwrap_or_else(PoisonError::into_inner) = None;
    }
}

impl App {
    /// Begins a run in the background, on a snapshot of the store; `false`: another one of its kind
    /// goes on. It is told from when on it counts, and until when: now.
    pub(crate) fn begin_run<T: Clone + Send + Sync + 'static>(
        &self,
        runs: &Arc<Runs<T>>,
        name: &str,
        work: impl FnOnce(
            &SqliteReader,
            (Timestamp, Timestamp),
            &Progress,
        ) -> Result<Told<T>, WriterError>
        + Send
        + 'static,
    ) -> bool {
        let Some(running) = runs.begin(name, self.erasures()) else { return false };
        let (app, runs) = (self.clone(), Arc::clone(runs));
        tokio::spawn(async move {
            let told = app.read(move |reader| {
                let events = reader.totals()?.events;
                if events > EVENTS_MAX {
                    return Ok(Told::TooLong { events });
                }
                let until = clock::now();
                let span = (until.plus(-DAYS * DAY), until);
                Ok(work(reader, span, &runs.progress).unwrap_or_else(|error| {
                    tracing::error!(error = %error, "a run beside the server failed");
                    Told::Failed
                }))
            });
            running.keep(told.await.unwrap_or(Told::Failed));
        });
        true
    }
}
