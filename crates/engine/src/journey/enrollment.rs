//! Enrollments: where a person stands in a journey. A row, never replayed code.

use minicbor::{Decode, Encode};

use super::Again;
use crate::decision::Verdict;
use crate::event::{Line, LogPosition};
use crate::part::Part;
use crate::reason::{Reason, ReasonCode};
use crate::source::FeedName;
use crate::time::Timestamp;

/// One way of a person through one version of a journey.
#[derive(Clone, Debug, PartialEq, Encode, Decode)]
pub struct Enrollment {
    /// The journey's name.
    #[n(0)]
    pub journey: String,
    /// The version the person entered: the hash of its canonical form.
    #[n(1)]
    pub version: u64,
    /// What sets two enrollments of one journey apart; see [`EntryKey`].
    #[n(2)]
    pub key: EntryKey,
    /// When the person entered.
    #[n(3)]
    pub entered_at: Timestamp,
    /// The event that started it.
    #[n(4)]
    pub entered_by: LogPosition,
    /// What was in the cart at entry.
    #[n(5)]
    pub cart: Part<Vec<Line>>,
    /// The number of the step it stands at, from 0 in the flat list of steps.
    #[n(6)]
    pub step: u32,
    /// When it came to that step.
    #[n(7)]
    pub since: Timestamp,
    /// What it is doing there.
    #[n(8)]
    pub state: State,
    /// The feeds whose word may move it on while it waits, with the moment they must reach: what it
    /// waits for holds by all that is known, and they have not told everything.
    #[n(9)]
    #[cbor(default)]
    pub waits_for: Vec<(FeedName, Timestamp)>,
    /// What chance chose at the steps that ask it, each once: an enrollment that comes by again goes
    /// the same way.
    #[n(10)]
    #[cbor(default)]
    pub arms: Vec<Arm>,
    /// That the message of this step was not taken, when it is tried again, and over which channels no
    /// way leads.
    #[n(11)]
    #[cbor(default)]
    pub again: Option<Again>,
}

/// What chance chose at one step.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Encode, Decode)]
pub struct Arm {
    /// The step's name: the experiment.
    #[n(0)]
    pub step: String,
    /// The way's name.
    #[n(1)]
    pub way: String,
}

/// What sets two enrollments of one journey apart: nothing, or a cart's or order's key.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Encode, Decode)]
pub enum EntryKey {
    /// A person is in the journey once.
    #[default]
    #[n(0)]
    Person,
    /// Once for each cart or order of this key.
    #[n(1)]
    Keyed(#[n(0)] String),
}

/// What an enrollment is doing at its step.
#[derive(Clone, Debug, PartialEq, Encode, Decode)]
pub enum State {
    /// It waits until then, or until its condition holds.
    #[n(0)]
    Waiting {
        /// The next moment at which anything can change by time alone; `None`: only an event can.
        #[n(0)]
        until: Option<Timestamp>,
    },
    /// A message is due and held.
    #[n(1)]
    Held {
        /// Since when it has been due.
        #[n(0)]
        due_at: Timestamp,
        /// When it will be looked at again at the latest.
        #[n(1)]
        until: Timestamp,
        /// Why.
        #[n(2)]
        reasons: Vec<Reason>,
        /// The feeds whose word would settle it, with the moment they must reach.
        #[n(3)]
        waits_for: Vec<(FeedName, Timestamp)>,
    },
    /// A message was claimed and is on its way; its outcome moves the enrollment on.
    #[n(2)]
    Sending {
        /// The message's id.
        #[n(0)]
        message: u64,
    },
    /// It is over.
    #[n(3)]
    Ended {
        /// When.
        #[n(0)]
        at: Timestamp,
        /// Why.
        #[n(1)]
        cause: EndCause,
    },
}

/// Why an enrollment is over.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Encode, Decode)]
#[cbor(index_only)]
pub enum EndCause {
    /// It went through all steps.
    #[n(0)]
    Done,
    /// An exit rule came true.
    #[n(1)]
    ExitRule,
    /// The goal was reached.
    #[n(2)]
    Goal,
    /// An earlier enrollment of the same journey goes on for the joined person.
    #[n(3)]
    Merged,
    /// The person was erased, or the journey taken away.
    #[n(4)]
    Removed,
    /// Chance kept the person out, to measure what the journey causes.
    #[n(5)]
    KeptOut,
}

impl EndCause {
    /// The decision that tells of it, and its reason.
    #[must_use]
    pub const fn told(self) -> (Verdict, ReasonCode) {
        match self {
            Self::Done => (Verdict::Done, ReasonCode::JourneyDone),
            Self::ExitRule => (Verdict::Exit, ReasonCode::ExitRule),
            Self::Goal => (Verdict::Goal, ReasonCode::GoalReached),
            Self::Merged => (Verdict::Exit, ReasonCode::JoinedWithTwin),
            Self::Removed => (Verdict::Exit, ReasonCode::Erased),
            Self::KeptOut => (Verdict::Exit, ReasonCode::Holdout),
        }
    }
}

/// What became of a claimed message.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Encode, Decode)]
#[cbor(index_only)]
pub enum Outcome {
    /// The provider accepted it.
    #[n(0)]
    Sent,
    /// It surely did not go out.
    #[n(1)]
    Failed,
    /// Nobody knows: it counts as sent and is never repeated.
    #[n(2)]
    Uncertain,
    /// It did not begin to leave in time, surely did not go out, and is looked at again.
    #[n(3)]
    TakenBack,
    /// It was not taken this time, surely did not go out, and is tried again later.
    #[n(4)]
    Postponed,
    /// Its address refused it for good, so it surely did not go out. That address is stopped by now;
    /// where the step has another channel, that is looked for at once.
    #[n(5)]
    Rejected,
    /// No way leads to its address over its channel, though nothing is wrong with it, so it surely did
    /// not go out. Where the step has another channel, that is looked for at once.
    #[n(6)]
    Unreached,
    /// Something was heard of its person before it began to leave. It surely did not go out, and is
    /// looked at again.
    #[n(7)]
    Overtaken,
}

impl Outcome {
    /// Whether it is certain that the message did not go out, so that it counts for nothing.
    #[must_use]
    pub fn surely_not_sent(self) -> bool {
        match self {
            Self::Sent | Self::Uncertain => false,
            Self::Failed
            | Self::TakenBack
            | Self::Overtaken
            | Self::Postponed
            | Self::Rejected
            | Self::Unreached => true,
        }
    }

    /// Whether the message comes due again, if it was not tried often enough and something waits for it.
    #[must_use]
    pub fn comes_again(self) -> bool {
        matches!(self, Self::Postponed | Self::Rejected | Self::Unreached)
    }

    /// Why the claim goes back, if it does: the message is due as it was before.
    #[must_use]
    pub const fn back_because(self) -> Option<ReasonCode> {
        match self {
            Self::TakenBack => Some(ReasonCode::NotBegun),
            Self::Overtaken => Some(ReasonCode::HeardSince),
            Self::Postponed | Self::Unreached => Some(ReasonCode::NotTaken),
            Self::Rejected => Some(ReasonCode::Suppressed),
            Self::Sent | Self::Failed | Self::Uncertain => None,
        }
    }
}

/// A claim that has not begun to leave within this time is taken back: what it was decided on may
/// have changed.
pub const CLAIM_BEGINS_MS: i64 = 5_000;

impl Enrollment {
    /// Whether it still runs.
    #[must_use]
    pub fn runs(&self) -> bool {
        !matches!(self.state, State::Ended { .. })
    }

    /// The next moment at which it wants to be looked at.
    #[must_use]
    pub fn due_at(&self) -> Option<Timestamp> {
        match &self.state {
            State::Waiting { until } => *until,
            State::Held { until, .. } => Some(*until),
            State::Sending { .. } | State::Ended { .. } => None,
        }
    }
}
