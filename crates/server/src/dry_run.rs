//! Dry runs: definitions and a history on a virtual clock, through the same writer and the same
//! step as live. Nothing is sent, and nothing is kept.

use std::sync::Arc;

use regulars_engine::decision::{Decision, Verdict};
use regulars_engine::event::Event;
use regulars_engine::journey::Outcome;
use regulars_engine::program::Program;
use regulars_engine::time::Timestamp;
use regulars_engine::work::Purpose;
use regulars_store::{Sending, SqliteStore, Store};

use crate::clockwork::Clockwork;
use crate::writer::{Receipt, Writer, WriterError};

/// A dry run in progress: a store in memory on a virtual clock.
#[derive(Debug)]
pub struct DryRun {
    clockwork: Clockwork,
}

impl DryRun {
    /// Begins a dry run of these definitions.
    ///
    /// # Errors
    /// If a store in memory cannot be made.
    pub fn begin(program: Program) -> Result<Self, WriterError> {
        let mut store = SqliteStore::in_memory()?;
        store.set_sending(Sending::On)?;
        let mut writer = Writer::open(store, Purpose::Live)?;
        writer.borrow_program(program)?;
        writer.take_decided();
        let clockwork = Clockwork::begin(writer, Box::new(|_, _| Outcome::Sent));
        Ok(Self { clockwork })
    }

    /// The definitions it runs.
    #[must_use]
    pub fn program(&self) -> &Arc<Program> {
        self.clockwork.program()
    }

    /// The writer with the state that has come about, to look at.
    pub fn writer(&mut self) -> &mut Writer<SqliteStore> {
        self.clockwork.writer()
    }

    /// What became of the events so far.
    #[must_use]
    pub fn receipt(&self) -> Receipt {
        self.clockwork.receipt()
    }

    /// Lets events arrive that were received at the same moment. What was due before happens
    /// first; what is due at that very moment happens after. Moments must not go back.
    ///
    /// # Errors
    /// If the store in memory fails.
    pub fn arrive(
        &mut self,
        events: Vec<Event>,
        received_at: Timestamp,
    ) -> Result<Vec<Decision>, WriterError> {
        self.clockwork.arrive(events, received_at)?;
        Ok(self.decisions())
    }

    /// Kills the program at its next claim: see [`Clockwork::crash_at_next_claim`].
    pub fn crash_at_next_claim(&mut self) {
        self.clockwork.crash_at_next_claim();
    }

    /// Lets time go on until `end`: everything that is due by then happens at its moment.
    ///
    /// # Errors
    /// If the store in memory fails.
    pub fn go_on_until(&mut self, end: Timestamp) -> Result<Vec<Decision>, WriterError> {
        self.clockwork.go_on_until(end)?;
        Ok(self.decisions())
    }

    /// Lets time go on until nothing waits for time any more: see [`Clockwork::finish`].
    ///
    /// # Errors
    /// If the store in memory fails.
    pub fn finish(&mut self) -> Result<Vec<Decision>, WriterError> {
        self.clockwork.finish()?;
        Ok(self.decisions())
    }

    /// What was decided since the last call. That a claimed message "went out" is left out, since
    /// nothing does.
    fn decisions(&mut self) -> Vec<Decision> {
        let mut decisions = self.clockwork.take_decided();
        decisions.retain(|decision| decision.verdict != Verdict::Sent);
        decisions
    }
}
