//! Messages that are on their way, and whether anything was heard of their persons since the last look.
//!
//! A claim waits for its turn: a moment behind others, longer where a provider is paced. What is accepted
//! in that time no look has seen, so the message goes back to be looked at instead of leaving.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use regulars_engine::decision::Message;
use regulars_engine::identity::PersonId;

/// Whether something was heard of a message's person since it was claimed: asked when it begins to leave.
#[derive(Clone, Debug, Default)]
pub struct Heard(Arc<AtomicBool>);

impl Heard {
    /// Whether anything was.
    #[must_use]
    pub fn anything(&self) -> bool {
        self.0.load(Ordering::Acquire)
    }
}

/// Messages that are claimed and not settled: a few dozen at most where they really leave.
#[derive(Debug, Default)]
pub(super) struct Underway(Vec<(u64, PersonId, Heard)>);

impl Underway {
    /// How many there are.
    pub(super) fn len(&self) -> usize {
        self.0.len()
    }

    /// Notes that a message is.
    pub(super) fn begin(&mut self, message: &Message) -> Heard {
        let heard = Heard::default();
        self.0.push((message.id, message.person, heard.clone()));
        heard
    }

    /// Notes that messages are no more.
    pub(super) fn end(&mut self, ended: impl Iterator<Item = u64>) {
        for ended in ended {
            self.0.retain(|(message, ..)| *message != ended);
        }
    }

    /// Notes that something was heard of persons.
    pub(super) fn heard_of(&self, persons: impl Iterator<Item = PersonId>) {
        if self.0.is_empty() {
            return;
        }
        for heard_of in persons {
            let theirs = self.0.iter().filter(|(_, person, _)| *person == heard_of);
            theirs.for_each(|(.., heard)| heard.0.store(true, Ordering::Release));
        }
    }
}
