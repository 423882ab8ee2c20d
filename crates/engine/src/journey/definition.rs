//! Journeys as data: what starts them, what ends them, and their steps.

use std::collections::BTreeMap;

use crate::condition::{Condition, Reads};
use crate::event::{Channel, Kind, Purpose};
use crate::segment::Way;
use crate::time::{DAY, HOUR};

/// A journey as its definition states it. Its version is the hash of its canonical form.
#[derive(Clone, Debug, PartialEq)]
pub struct Journey {
    /// Its name: `cart`.
    pub name: String,
    /// The hash of its canonical form: people inside keep the version they entered.
    pub version: u64,
    /// What its messages are for.
    pub purpose: Purpose,
    /// What starts it.
    pub entry: Entry,
    /// Conditions that end it at once, tested on every change of the person.
    pub exits: Vec<Condition>,
    /// Milliseconds after which a person may enter again, counted from the last entry.
    pub re_entry_ms: i64,
    /// An event older than this does not start it.
    pub entry_age_max_ms: i64,
    /// Journeys with a higher priority go first where only some messages may go.
    pub priority: i32,
    /// The steps, flattened: branches jump by number.
    pub steps: Vec<Step>,
    /// What its exits and steps read, through segments too: made by [`Journey::settle`].
    pub reads: Reads,
}

impl Journey {
    /// A person may enter again after a week.
    pub const RE_ENTRY_MS: i64 = 7 * DAY;
    /// An event older than a day starts nothing.
    pub const ENTRY_AGE_MAX_MS: i64 = 24 * HOUR;

    /// The journey with what it reads, given the segments that its conditions may name.
    #[must_use]
    pub fn settle(mut self, segments: &BTreeMap<String, Condition>) -> Self {
        let mut reads = Reads::default();
        let steps = self.steps.iter().filter_map(|step| step.kind.condition());
        for condition in self.exits.iter().chain(steps) {
            reads.merge(condition.reads_through(segments));
        }
        self.reads = reads;
        self
    }
}

/// What starts a journey.
#[derive(Clone, Debug, PartialEq)]
pub struct Entry {
    /// The kinds of event that start it.
    pub kinds: Vec<Kind>,
    /// The segments by entering or leaving which it is started.
    pub segments: Vec<(Way, String)>,
    /// What must hold as known at that moment.
    pub condition: Option<Condition>,
    /// Whether entries are kept apart by the cart's or order's key.
    pub keyed: bool,
}

/// One step with the name it bears in files, pages and decisions.
#[derive(Clone, Debug, PartialEq)]
pub struct Step {
    /// Its name, unique in the journey: given, or made from its place (`step-2`).
    pub name: String,
    /// What it does.
    pub kind: StepKind,
}

/// What a step does.
#[derive(Clone, Debug, PartialEq)]
pub enum StepKind {
    /// Waits for so many elapsed milliseconds.
    Wait {
        /// How long.
        ms: i64,
    },
    /// Waits for so many calendar days in the person's zone, and until a time of day if one is given.
    WaitDays {
        /// How many days; 0 with a time of day is the next such time.
        days: i32,
        /// Minutes after midnight in the person's zone.
        at_minute: Option<i32>,
    },
    /// Waits until a condition surely holds, or the time is up.
    WaitUntil {
        /// The condition.
        condition: Condition,
        /// Milliseconds after which it goes on all the same.
        at_most_ms: i64,
    },
    /// Goes one way or the other.
    Branch {
        /// The condition.
        condition: Condition,
        /// The step to go to where it surely does not hold. Where it does, the next one.
        otherwise: u32,
        /// The step to go to where it stays unknown to the end of the patience.
        unknown: u32,
    },
    /// Goes on at another step.
    Goto(u32),
    /// Sends a message if the guard lets it.
    Send(Send),
    /// Leaves.
    Exit,
}

impl StepKind {
    /// The condition it asks, if it asks one.
    #[must_use]
    pub fn condition(&self) -> Option<&Condition> {
        match self {
            Self::WaitUntil { condition, .. } | Self::Branch { condition, .. } => Some(condition),
            Self::Send(send) => send.only_if.as_ref(),
            Self::Wait { .. } | Self::WaitDays { .. } | Self::Goto(_) | Self::Exit => None,
        }
    }
}

/// A message to send.
#[derive(Clone, Debug, PartialEq)]
pub struct Send {
    /// Over which channel.
    pub channel: Channel,
    /// The template's name.
    pub template: String,
    /// What must surely hold for it to go, beside the guard's own rules and the exit rules.
    pub only_if: Option<Condition>,
    /// Milliseconds it may be held before `on_patience_end` is done.
    pub patience_ms: i64,
    /// What happens when the patience ends.
    pub on_patience_end: OnPatienceEnd,
    /// Whether presumption by rhythm is not enough and feeds must have said they are complete.
    pub known_complete: bool,
    /// Whether it carries an offer, which a maybe never grants.
    pub offer: Option<String>,
}

impl Send {
    /// The longest a message is held where nothing is said.
    pub const PATIENCE_MS: i64 = 24 * HOUR;
}

/// What to do with a message when its patience ends without an answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum OnPatienceEnd {
    /// Leave it out.
    Skip,
    /// Send it without its offer, and record that this was not knowing.
    SendWithoutOffer,
}
