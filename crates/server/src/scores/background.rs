//! Fitting beside the running server: once a day, and whenever somebody asks.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use regulars_engine::time::{DAY, Timestamp};

use super::fit::{fit, keep};
use crate::clock;
use crate::http::App;
use crate::progress::Progress;

/// A model older than this is fitted again.
const AGE_MAX_MS: i64 = DAY;
/// How often its age is looked at.
const LOOK: Duration = Duration::from_secs(15 * 60);

/// Whether a fit runs, and how far it is.
#[derive(Debug, Default)]
pub struct Fitting {
    running: AtomicBool,
    progress: Progress,
}

/// What [`Fitting`] tells.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct State {
    /// Whether a fit runs.
    pub running: bool,
    /// People and steps that are done.
    pub done: u64,
    /// Of so many.
    pub whole: u64,
}

impl Fitting {
    /// How far it is.
    #[must_use]
    pub fn state(&self) -> State {
        let (done, whole) = self.progress.told();
        State { running: self.running.load(Ordering::Acquire), done, whole }
    }

    fn begin(&self) -> bool {
        let free = !self.running.swap(true, Ordering::AcqRel);
        if free {
            self.progress.begin();
        }
        free
    }
}

/// Ends the note that a fit runs, however it ends.
struct Running(Arc<Fitting>);

impl Drop for Running {
    fn drop(&mut self) {
        self.0.running.store(false, Ordering::Release);
    }
}

impl App {
    /// Begins to fit in the background; `false`: a fit runs already.
    #[must_use]
    pub fn begin_fit(&self) -> bool {
        if !self.fitting.begin() {
            return false;
        }
        let (app, running) = (self.clone(), Running(Arc::clone(&self.fitting)));
        tokio::spawn(async move {
            let fitting = Arc::clone(&running.0);
            let program = app.desk.program();
            let fitted = app.read(move |reader| {
                fit(reader, &program, clock::now(), &mut |done, whole| {
                    fitting.progress.note(done, whole);
                })
            });
            let kept = match fitted.await {
                Ok(model) => app.desk.ask(move |writer| keep(writer, model)).await.ok(),
                Err(_) => None,
            };
            match kept {
                Some(Ok(number)) => tracing::info!(version = number, "scores were fitted"),
                Some(Err(_)) | None => tracing::error!("scores could not be fitted"),
            }
            drop(running);
        });
        true
    }
}

/// Keeps the model young for as long as the server runs.
pub async fn keep_fitted(app: App) {
    loop {
        let fitted_at = app.desk.program().scores.as_ref().map(|model| model.fitted_at);
        let due = |at: Timestamp| clock::now().since(at) >= AGE_MAX_MS;
        if fitted_at.is_none_or(due) {
            let any = app.read(regulars_store::Reader::totals).await;
            if any.is_ok_and(|totals| totals.persons > 0) && !app.begin_fit() {
                tracing::debug!("a fit runs already");
            }
        }
        tokio::time::sleep(LOOK).await;
    }
}
