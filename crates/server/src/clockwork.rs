//! A shop on a virtual clock: only events and waits move it. Dry runs, scenarios and the demo's
//! history are this one loop over the same writer as live.

use std::collections::VecDeque;
use std::sync::Arc;

use regulars_engine::decision::{Decision, Message};
use regulars_engine::event::Event;
use regulars_engine::journey::Outcome;
use regulars_engine::program::Program;
use regulars_engine::time::{DAY, Timestamp};
use regulars_store::SqliteStore;

use crate::writer::{Arrival, LOOK_AT_ONCE, Receipt, Writer, WriterError};

/// So long every date of a person has come once: a leap year less a millisecond.
const A_YEAR_MS: i64 = 366 * DAY - 1;
/// So many looks are taken in one commit of many moments: some 50 MB of rows and decisions.
const LOOKS_MAX: usize = 16_384;

/// What becomes of a claimed message; it may fill in what was rendered.
pub type Deliver = Box<dyn FnMut(&Writer<SqliteStore>, &mut Message) -> Outcome + Send>;

/// A writer, and the moment it lives in.
pub struct Clockwork {
    writer: Writer<SqliteStore>,
    deliver: Deliver,
    now: Timestamp,
    receipt: Receipt,
    /// Whoever is due within so many milliseconds is looked at together, at their end; 1 is exact.
    grain_ms: i64,
    /// How many looks are taken in one commit of [`Clockwork::play`].
    looks_max: usize,
    /// Whether the program is killed at the next claim.
    crashes: bool,
}

impl std::fmt::Debug for Clockwork {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Clockwork").field("now", &self.now).finish_non_exhaustive()
    }
}

impl Clockwork {
    /// Begins before everything.
    #[must_use]
    pub fn begin(writer: Writer<SqliteStore>, deliver: Deliver) -> Self {
        Self {
            writer,
            deliver,
            now: Timestamp::EARLIEST,
            receipt: Receipt::default(),
            grain_ms: 1,
            looks_max: LOOKS_MAX,
            crashes: false,
        }
    }

    /// Looks at whoever is due within the same `grain_ms` milliseconds together, as a program does
    /// that was busy: for long histories, where nobody asks for the minute. At least 1.
    pub fn set_grain(&mut self, grain_ms: i64) {
        self.grain_ms = grain_ms.max(1);
    }

    /// Takes at most so many looks in one commit of [`Clockwork::play`], or a few more: memory grows
    /// with them, and what is decided is the same.
    pub fn set_looks(&mut self, most: usize) {
        self.looks_max = most.max(1);
    }

    /// The writer with the state that has come about.
    pub fn writer(&mut self) -> &mut Writer<SqliteStore> {
        &mut self.writer
    }

    /// The definitions in force.
    #[must_use]
    pub fn program(&self) -> &Arc<Program> {
        self.writer.program()
    }

    /// The writer, when all is over.
    #[must_use]
    pub fn into_writer(self) -> Writer<SqliteStore> {
        self.writer
    }

    /// The moment.
    #[must_use]
    pub fn now(&self) -> Timestamp {
        self.now
    }

    /// What became of the events so far.
    #[must_use]
    pub fn receipt(&self) -> Receipt {
        self.receipt
    }

    /// Lets events arrive together at `now`. What was due before the first of them was received
    /// happens before; what is due from then on happens after, when all of them are known. Moments
    /// must not go back.
    ///
    /// # Errors
    /// If the store fails.
    pub fn arrive(&mut self, events: Vec<Event>, now: Timestamp) -> Result<(), WriterError> {
        let first = events.iter().map(|event| event.received_at).min().unwrap_or(now);
        self.run_until(first.min(now).plus(-1))?;
        self.now = self.now.max(now);
        let receipt = self.writer.accept(events, Vec::new(), self.now)?;
        self.receipt.add(receipt);
        self.run_until(self.now)
    }

    /// Lets events arrive each at the moment it was received, those of one moment together, as
    /// [`Clockwork::arrive`] does, but in few commits. Moments must not go back. Every message goes
    /// out, whatever delivers; what is due at the last moment happens with what comes next, since more
    /// may arrive at the same one.
    ///
    /// # Errors
    /// If the store fails.
    pub(crate) fn play(&mut self, arrivals: Vec<Arrival>) -> Result<(), WriterError> {
        self.play_on(arrivals, false)
    }

    /// The same for what arrives at one moment, where time went on up to it already: see
    /// [`Clockwork::run_while`].
    ///
    /// # Errors
    /// If the store fails.
    pub(crate) fn play_moment(&mut self, arrivals: Vec<Arrival>) -> Result<(), WriterError> {
        self.play_on(arrivals, true)
    }

    fn play_on(&mut self, arrivals: Vec<Arrival>, mut amid: bool) -> Result<(), WriterError> {
        let mut arrivals = VecDeque::from(arrivals);
        while let Some(first) = arrivals.front() {
            // Between two arrivals nothing is computed, as in `run_until`.
            if !amid && first.event().received_at > self.now {
                self.run_until(self.now)?;
            }
            let (receipt, ended) =
                self.writer.rehearse(&mut arrivals, &mut self.now, (amid, self.looks_max))?;
            amid = ended;
            self.receipt.add(receipt);
        }
        Ok(())
    }

    /// Lets time go on until `end`: everything that is due by then happens at its moment.
    ///
    /// # Errors
    /// If the store fails.
    pub fn go_on_until(&mut self, end: Timestamp) -> Result<(), WriterError> {
        self.go_on_while(end, &mut |_| Ok::<_, WriterError>(true)).map(|_| ())
    }

    /// The same, where `go_on` is asked after every moment, in the state of then, whether to go on;
    /// `false`: it said no.
    ///
    /// # Errors
    /// If the store fails; else what `go_on` fails with.
    pub fn go_on_while<E: From<WriterError>>(
        &mut self,
        end: Timestamp,
        go_on: &mut dyn FnMut(&mut Self) -> Result<bool, E>,
    ) -> Result<bool, E> {
        let through = self.run_while(end, go_on)?;
        if through {
            self.now = self.now.max(end);
        }
        Ok(through)
    }

    /// The same, where the moment stays that of what happened last: something arrives next.
    ///
    /// # Errors
    /// As [`Clockwork::go_on_while`].
    pub(crate) fn run_while<E: From<WriterError>>(
        &mut self,
        end: Timestamp,
        go_on: &mut dyn FnMut(&mut Self) -> Result<bool, E>,
    ) -> Result<bool, E> {
        self.settle()?;
        while self.writer.compute(self.now)? {}
        loop {
            let more = self.run_once(end)?;
            if !go_on(self)? {
                return Ok(false);
            }
            if !more {
                return Ok(true);
            }
        }
    }

    /// Lets time go on until nothing waits for time any more. Where journeys begin on dates of people
    /// that is never, so a year goes by, in which each date has come once.
    ///
    /// # Errors
    /// If the store fails.
    pub fn finish(&mut self) -> Result<(), WriterError> {
        let endless = self.program().dates_version != 0;
        let end = if endless { self.now.plus(A_YEAR_MS) } else { Timestamp::LATEST.plus(-1) };
        self.run_until(end)
    }

    /// Ends as a program that is killed does, as soon as the next messages are on their way, and starts
    /// again: nobody knows what became of those.
    pub fn crash_at_next_claim(&mut self) {
        self.crashes = true;
    }

    /// Decisions since the last call.
    pub fn take_decided(&mut self) -> Vec<Decision> {
        self.writer.take_decided()
    }

    fn run_until(&mut self, end: Timestamp) -> Result<(), WriterError> {
        self.run_while(end, &mut |_| Ok::<_, WriterError>(true)).map(|_| ())
    }

    /// Looks at whoever is due next, by `end`; `false`: nobody is.
    fn run_once(&mut self, end: Timestamp) -> Result<bool, WriterError> {
        let Some(due) = self.writer.next_due()?.filter(|due| *due <= end) else { return Ok(false) };
        let together =
            Timestamp((due.0.max(1) - 1) / self.grain_ms * self.grain_ms + self.grain_ms);
        self.now = self.now.max(together.min(end));
        self.writer.tick(self.now, LOOK_AT_ONCE)?;
        self.settle()?;
        Ok(true)
    }

    fn settle(&mut self) -> Result<(), WriterError> {
        // Whoever goes on from a message may be due for the next: it leaves at the same moment.
        loop {
            let claimed = self.writer.take_claimed();
            if claimed.is_empty() {
                return Ok(());
            }
            if std::mem::take(&mut self.crashes) {
                self.writer.restart(self.now)?;
                return Ok(());
            }
            for mut message in claimed {
                let outcome = (self.deliver)(&self.writer, &mut message);
                self.writer.settle(message, outcome, self.now)?;
            }
        }
    }
}
