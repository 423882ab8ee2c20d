//! The program on a machine whose clock is put forward and back, and which ends suddenly; and what people do
//! to it meanwhile: new definitions, a pause of all sending, an erasure.

use regulars_engine::decision::{Decision, Message};
use regulars_engine::event::Event;
use regulars_engine::identity::PersonId;
use regulars_engine::journey::Outcome;
use regulars_engine::time::{MINUTE, SECOND, Timestamp};
use regulars_engine::work::Purpose;
use regulars_server::clock::after;
use regulars_server::writer::Writer;
use regulars_store::{Sending, SqliteStore, Store};

use crate::play::Draws;

/// How many persons are looked at in one commit.
const LOOK_AT_ONCE: usize = 16;
/// Segments are computed once in so many turns.
const COMPUTES_IN: usize = 16;
/// The longest that a message is on its way.
const ON_THE_WAY_SECONDS: usize = 8;

/// The program, and the time as it is and as the machine has it.
pub(super) struct Machine {
    pub(super) writer: Writer<SqliteStore>,
    /// The moment that it is.
    pub(super) truth: Timestamp,
    /// How much the machine's clock is ahead.
    pub(super) ahead_ms: i64,
    /// What the program's clock said last.
    pub(super) now: Timestamp,
    /// Whether messages may leave.
    pub(super) sending: Sending,
    on_their_way: Vec<(Timestamp, Message)>,
    taken_back: Vec<Message>,
    claimed: Vec<Message>,
    /// How often time went on.
    turns: usize,
}

impl Machine {
    pub(super) fn begin(files: &[(String, String)], truth: Timestamp) -> Self {
        let mut store = SqliteStore::in_memory().unwrap();
        store.set_sending(Sending::On).unwrap();
        let mut writer = Writer::open(store, Purpose::Live).unwrap();
        writer.publish(files, truth).unwrap();
        writer.take_decided();
        Self {
            writer,
            truth,
            ahead_ms: 0,
            now: truth,
            sending: Sending::On,
            on_their_way: Vec::new(),
            taken_back: Vec::new(),
            claimed: Vec::new(),
            turns: 0,
        }
    }

    /// What the program's clock says at a moment: never less than it said.
    fn clock_at(&self, truth: Timestamp) -> Timestamp {
        after(self.now, truth.plus(self.ahead_ms))
    }

    /// The next thing that happens by `end` without anything arriving; `None`: nothing does. The decisions
    /// of one commit.
    pub(super) fn go_on(&mut self, end: Timestamp, draws: &mut Draws) -> Option<Vec<Decision>> {
        let reach = self.clock_at(end);
        let due = self.writer.next_due().unwrap();
        let settles = self.on_their_way.iter().map(|(at, _)| *at).min();
        let next = due.into_iter().chain(settles).min().filter(|next| *next <= reach)?;
        self.now = self.now.max(next);
        self.truth = self.truth.max(self.now.plus(-self.ahead_ms).min(end));
        match self.on_their_way.iter().position(|(at, _)| *at <= self.now) {
            Some(place) => {
                let (_, message) = self.on_their_way.swap_remove(place);
                let outcome = match draws.below(40) {
                    0 => Outcome::Failed,
                    1 => Outcome::Uncertain,
                    2 => Outcome::TakenBack,
                    _ => Outcome::Sent,
                };
                if outcome == Outcome::TakenBack {
                    self.taken_back.push(message.clone());
                }
                self.writer.settle(message, outcome, self.now).unwrap();
            }
            None => {
                self.writer.tick(self.now, LOOK_AT_ONCE).unwrap();
            }
        }
        self.claim(draws);
        Some(self.writer.take_decided())
    }

    /// Nothing more happens by `truth`: it is that moment.
    pub(super) fn be(&mut self, truth: Timestamp) {
        self.now = self.clock_at(truth);
        self.truth = self.truth.max(truth);
        self.turns += 1;
        if self.turns.is_multiple_of(COMPUTES_IN) {
            while self.writer.compute(self.now).unwrap() {}
        }
    }

    /// Accepts events in one commit; they are durable when this returns.
    pub(super) fn accept(&mut self, events: Vec<Event>, draws: &mut Draws) -> Vec<Decision> {
        self.writer.accept(events, Vec::new(), self.now).unwrap();
        self.claim(draws);
        self.writer.take_decided()
    }

    /// Messages that did not begin to leave in time, since the last call.
    pub(super) fn take_taken_back(&mut self) -> Vec<Message> {
        std::mem::take(&mut self.taken_back)
    }

    /// Messages that were claimed since the last call.
    pub(super) fn take_claimed(&mut self) -> Vec<Message> {
        std::mem::take(&mut self.claimed)
    }

    /// Other definitions are published while people are inside.
    pub(super) fn publish(&mut self, files: &[(String, String)]) -> Vec<Decision> {
        let changes = self.writer.publish(files, self.now).unwrap();
        assert!(!changes.is_empty(), "an edit changes something");
        self.writer.take_decided()
    }

    /// Somebody switches sending off, or on again.
    pub(super) fn switch(&mut self, sending: Sending) {
        self.sending = sending;
        self.writer.set_sending(sending).unwrap();
    }

    /// Erases a person. A message to them that is on its way arrives all the same.
    pub(super) fn erase(&mut self, person: PersonId, draws: &mut Draws) -> Vec<Decision> {
        self.writer.erase(person, self.now).unwrap();
        self.claim(draws);
        self.writer.take_decided()
    }

    fn claim(&mut self, draws: &mut Draws) {
        for message in self.writer.take_claimed() {
            self.claimed.push(message.clone());
            let seconds = i64::try_from(draws.below(ON_THE_WAY_SECONDS)).unwrap();
            self.on_their_way.push((self.now.plus(seconds * SECOND), message));
        }
    }

    /// The program ends suddenly, and is there again after a while, with a clock that may have been put.
    /// Returns how many messages were on their way.
    pub(super) fn kill(&mut self, down_min: i64, ahead_ms: i64) -> (usize, Vec<Decision>) {
        let caught = self.on_their_way.len();
        self.on_their_way.clear();
        self.ahead_ms = ahead_ms;
        self.be(self.truth.plus(down_min * MINUTE));
        self.writer.restart(self.now).unwrap();
        (caught, self.writer.take_decided())
    }
}
