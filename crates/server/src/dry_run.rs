//! Dry runs: definitions and a history on a virtual clock, through the same writer and the same
//! step as live. Nothing is sent, and nothing is kept.

use std::sync::Arc;

use regulars_engine::decision::{Decision, Verdict};
use regulars_engine::event::{Event, Kind, LogPosition, Mode};
use regulars_engine::identity::KeySalt;
use regulars_engine::journey::Outcome;
use regulars_engine::program::Program;
use regulars_engine::time::Timestamp;
use regulars_engine::work::{OWN_SOURCE, Purpose};
use regulars_store::{Reader, Sending, SqliteStore, Store, StoreError, is_tombstone};

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
        Self::begin_in(SqliteStore::in_memory()?, program)
    }

    /// Begins one whose people bear the same ids as in the store of this salt.
    ///
    /// # Errors
    /// If a store in memory cannot be made.
    pub fn begin_beside(salt: KeySalt, program: Program) -> Result<Self, WriterError> {
        Self::begin_in(SqliteStore::in_memory()?.with_salt(salt)?, program)
    }

    fn begin_in(mut store: SqliteStore, program: Program) -> Result<Self, WriterError> {
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

/// How many stored events are read at once.
pub const AT_ONCE: usize = 1_000;

/// Every event of a log by when it was received, not after `until`. Our own claims are left out,
/// since a dry run makes its own; so is what is left of erased people.
///
/// # Errors
/// If the log cannot be read.
pub fn arrivals<R: Reader>(
    reader: &R,
    until: Option<Timestamp>,
) -> Result<Vec<(Timestamp, LogPosition)>, StoreError> {
    let mut order = Vec::new();
    let mut next = LogPosition(1);
    loop {
        let entries = reader.log(next, AT_ONCE)?;
        let Some(last) = entries.last() else { break };
        next = LogPosition(last.logged.position.0 + 1);
        for entry in &entries {
            let event = &entry.logged.event;
            let ours =
                [Kind::MessageSent, Kind::MessageTakenBack, Kind::TraitsSet, Kind::OfferRedeemed];
            let own = event.source == OWN_SOURCE && ours.contains(&event.kind);
            let late = until.is_some_and(|until| event.received_at > until);
            if !own && !late && !is_tombstone(event) {
                order.push((event.received_at, entry.logged.position));
            }
        }
    }
    order.sort_unstable();
    Ok(order)
}

/// The part of a log that is played.
#[expect(missing_debug_implementations, reason = "it holds a question that is asked of events")]
#[derive(Clone, Copy)]
pub struct Replayed<'r> {
    /// Its events, as [`arrivals`] gives them.
    pub order: &'r [(Timestamp, LogPosition)],
    /// What was received before this moment is known, and starts nothing.
    pub from: Timestamp,
    /// Until when time goes on after the last of them.
    pub until: Timestamp,
    /// Which events are heard at all.
    pub hears: &'r dyn Fn(&Event) -> bool,
}

/// What is told of a replay as it goes on.
#[derive(Debug)]
pub enum Step<'s> {
    /// Events were read that had been received at the same moment, heard or not.
    Arrived {
        /// How many.
        events: u64,
        /// How many of them were heard.
        heard: u64,
        /// When.
        at: Timestamp,
    },
    /// What was decided since the last time, in the state that has come about.
    Decided(&'s mut DryRun, Vec<Decision>),
}

/// Lets a stored log arrive as it was received, then lets time go on. `tell` says whether to go on;
/// `false`: it said no.
///
/// # Errors
/// If the log cannot be read, or the store in memory fails.
pub fn replay<R: Reader>(
    reader: &R,
    dry_run: &mut DryRun,
    span: &Replayed<'_>,
    tell: &mut dyn FnMut(Step<'_>) -> bool,
) -> Result<bool, WriterError> {
    let mut together: Vec<Event> = Vec::new();
    let mut read = 0;
    let mut received_at = Timestamp::EARLIEST;
    let mut arrive = |dry_run: &mut DryRun, events: Vec<Event>, read: u64, at: Timestamp| {
        let heard = events.len() as u64;
        if !tell(Step::Arrived { events: read, heard, at }) {
            return Ok::<bool, WriterError>(false);
        }
        if events.is_empty() {
            return Ok(true);
        }
        let decisions = dry_run.arrive(events, at)?;
        Ok(tell(Step::Decided(dry_run, decisions)))
    };
    for chunk in span.order.chunks(AT_ONCE) {
        let positions: Vec<LogPosition> = chunk.iter().map(|(_, position)| *position).collect();
        for entry in reader.events(&positions)? {
            let mut event = entry.logged.event;
            if event.received_at != received_at {
                if read > 0 && !arrive(dry_run, std::mem::take(&mut together), read, received_at)? {
                    return Ok(false);
                }
                (read, received_at) = (0, event.received_at);
            }
            read += 1;
            if event.received_at < span.from {
                event.mode = Mode::Backfill;
            }
            if (span.hears)(&event) {
                together.push(event);
            }
        }
    }
    if read > 0 && !arrive(dry_run, together, read, received_at)? {
        return Ok(false);
    }
    let decisions = dry_run.go_on_until(span.until)?;
    Ok(tell(Step::Decided(dry_run, decisions)))
}
