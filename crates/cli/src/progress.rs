//! How far long work is: a bar on a terminal, now and then a line elsewhere.

use std::io::IsTerminal;
use std::time::{Duration, Instant};

use indicatif::{ProgressBar, ProgressStyle};

use crate::words;

/// How often a line is written where there is no terminal.
const EVERY: Duration = Duration::from_secs(5);

/// The progress of one piece of work.
pub(crate) struct Progress {
    what: String,
    bar: Option<ProgressBar>,
    told: Instant,
}

impl Progress {
    /// Begins to tell of work: "importing sales.csv".
    pub(crate) fn begin(what: impl Into<String>) -> Self {
        let what = what.into();
        let bar = std::io::stderr().is_terminal().then(|| {
            let bar = ProgressBar::no_length();
            bar.set_message(what.clone());
            bar
        });
        Self { what, bar, told: Instant::now() }
    }

    /// So much of so much is done; 0 of 0: nobody knows.
    pub(crate) fn at(&mut self, done: u64, whole: u64) {
        match &self.bar {
            Some(bar) => {
                if whole > 0 && bar.length().is_none() {
                    let style = "{msg} {wide_bar} {percent:>3} % {eta:>4}";
                    if let Ok(style) = ProgressStyle::with_template(style) {
                        bar.set_style(style);
                    }
                    bar.set_length(whole);
                }
                bar.set_position(done);
            }
            None if self.told.elapsed() >= EVERY => {
                self.told = Instant::now();
                let (what, done) = (&self.what, words::number(done));
                match whole {
                    0 => eprintln!("{what}: {done}"),
                    _ => eprintln!("{what}: {done} of {}", words::number(whole)),
                }
            }
            None => {}
        }
    }

    /// Takes the bar away.
    pub(crate) fn end(&self) {
        if let Some(bar) = &self.bar {
            bar.finish_and_clear();
        }
    }
}
