//! What a tool that hears the online shop alone would have sent, worked out beside the running server.

use crate::http::App;
use crate::measure::silo::{Comparison, compare};
use crate::runs::{self, Runs};

/// How the comparison ended, or how far it is.
pub type Told = runs::Told<Comparison>;

/// The comparison of a server: there is one.
pub type SiloRuns = Runs<Comparison>;

/// Its name among runs.
const NAME: &str = "silo";

impl App {
    /// What is known of the comparison.
    #[must_use]
    pub fn silo(&self) -> Option<Told> {
        self.silo_runs.of(NAME, self.erasures())
    }

    /// Begins to compare the last days in the background; `false`: that goes on already.
    pub fn begin_silo(&self) -> bool {
        let program = self.desk.program();
        self.begin_run(&self.silo_runs, NAME, move |reader, span, progress| {
            let mut note = |done, whole| progress.note(done, whole);
            Ok(match compare(reader, &program, span, &mut note)? {
                Some(comparison) => Told::Played(Box::new(comparison)),
                None => Told::Stopped,
            })
        })
    }

    /// Ends it soon.
    pub fn stop_silo(&self) {
        self.silo_runs.stop(NAME);
    }
}
