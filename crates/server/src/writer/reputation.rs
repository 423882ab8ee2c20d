//! Counting how mail is received, and stopping when it annoys.
//!
//! Counts are kept beside the log, a row for all: complaints and bounces are written at once, sent
//! messages now and then, so that a sudden end leaves too few of those and stops too early rather
//! than too late.

use regulars_engine::commit::Logged;
use regulars_engine::event::{Event, Kind};
use regulars_engine::guard::{Received, Reputation};
use regulars_engine::work::{OWN_SOURCE, Purpose};
use regulars_store::{Reader, Sending, Store, StoreError};

use super::Writer;
use crate::{hooks, sending};

/// Where the counts stand among the server's own rows.
const SPACE: &str = "reputation";
const KEY: &str = "email";
/// Sent messages that may not be written yet.
const UNWRITTEN_MAX: u64 = 100;

/// Whether an event may be the one after which care and promotion are paused.
pub(super) fn may_alarm(event: &Event) -> bool {
    matches!(event.kind, Kind::EmailBounced | Kind::EmailMarkedAsSpam)
}

/// The counts, and how many messages of them are not written.
#[derive(Debug, Default)]
pub(super) struct Heard {
    reputation: Reputation,
    unwritten: u64,
}

impl Heard {
    pub(super) fn stored<R: Reader>(reader: &R) -> Result<Self, StoreError> {
        let bytes = reader.get(SPACE, KEY)?.unwrap_or_default();
        let days: Vec<(i64, [u64; 3])> = serde_json::from_slice(&bytes).unwrap_or_default();
        let days = days.into_iter();
        let by_day = days.map(|(day, [sent, bounced, complained])| {
            (day, Received { sent, bounced, complained })
        });
        let by_day = by_day.collect();
        Ok(Self { reputation: Reputation { by_day }, unwritten: 0 })
    }

    fn bytes(&self) -> Vec<u8> {
        let day = |(day, of): (&i64, &Received)| (*day, [of.sent, of.bounced, of.complained]);
        let days: Vec<(i64, [u64; 3])> = self.reputation.by_day.iter().map(day).collect();
        serde_json::to_vec(&days).expect("numbers are JSON")
    }
}

impl<S: Store> Writer<S> {
    /// Counts what the events of a commit tell of our mail, and stops care and promotion if it is
    /// too much.
    pub(super) fn hear(&mut self, events: &[Logged]) {
        let Some(last) = events.last() else { return };
        if self.purpose != Purpose::Live {
            return;
        }
        let now = last.event.received_at;
        let mut told = false;
        for Logged { event, .. } in events {
            if event.kind == Kind::MessageSent {
                self.heard.unwritten += 1;
            }
            let reader = &self.reader;
            self.heard.reputation.count(event, || {
                // Whoever has a write key can say what they like: a hook's provider has proved itself.
                let hooked = || hooks::list(reader).unwrap_or_default();
                let believed = event.source == OWN_SOURCE
                    || hooked().iter().any(|hook| hook.source == event.source);
                told |= believed;
                believed
            });
        }
        if told || self.heard.unwritten >= UNWRITTEN_MAX {
            self.write_heard();
        }
        let received = self.heard.reputation.received(now);
        if told
            && self.sending == Sending::On
            && let Some(alarm) = received.alarm()
        {
            tracing::warn!(
                alarm = alarm.word(),
                sent = received.sent,
                bounced = received.bounced,
                complained = received.complained,
                "care and promotion are paused: too many complain, or too much comes back"
            );
            if let Err(error) = sending::alarmed(self, alarm, received, now) {
                tracing::error!(%error, "could not pause sending");
            }
        }
    }

    /// Counts from nothing: somebody has looked and lets messages leave again.
    pub(super) fn count_anew(&mut self) {
        self.heard = Heard::default();
        self.write_heard();
    }

    fn write_heard(&mut self) {
        self.heard.unwritten = 0;
        if let Err(error) = self.store.put(SPACE, KEY, Some(&self.heard.bytes())) {
            tracing::error!(%error, "could not keep how mail is received");
        }
    }
}
