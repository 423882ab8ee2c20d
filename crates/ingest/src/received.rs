//! What is known about bytes beside the bytes: who sent them, when, and under which rules.

use regulars_engine::event::{Event, Mode};
use regulars_engine::identity::IdentityRules;
use regulars_engine::source::SourceSettings;
use regulars_engine::time::Timestamp;

use crate::rejection::Rejection;

/// The circumstances under which bytes came in.
#[derive(Clone, Copy, Debug)]
pub struct Received<'a> {
    /// The source whose key or name they came under.
    pub source: &'a SourceSettings,
    /// Which identifiers stand for nobody.
    pub rules: &'a IdentityRules,
    /// When they came.
    pub received_at: Timestamp,
    /// Whether the events may start something.
    pub mode: Mode,
    /// The feed, where the event itself names none.
    pub feed: Option<&'a str>,
}

/// What came of a body: every message is in exactly one of the two lists.
#[derive(Clone, Debug, Default)]
pub struct Batch {
    /// What was understood, in the order of the body.
    pub events: Vec<Event>,
    /// What was not, in the order of the body.
    pub rejections: Vec<Rejection>,
}

impl Batch {
    /// How many messages came in.
    #[must_use]
    pub fn len(&self) -> usize {
        self.events.len() + self.rejections.len()
    }

    /// Whether no message came in.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }
}
