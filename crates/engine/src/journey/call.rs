//! Calls: what a journey tells another program. A commitment, kept until it was taken or given up.
//!
//! A call is made when a person comes to a step `webhook`; the journey goes on at once. It is tried at
//! growing distances, and looked at a last time before each attempt: what a later event has made
//! pointless is withdrawn. The same call may arrive twice, under the same id; it is never lost.

use minicbor::{Decode, Encode};

use super::advance::{go_on, place_decision};
use super::{EndCause, Journey, State, Step, Way};
use crate::decision::Verdict;
use crate::event::LogPosition;
use crate::identity::PersonId;
use crate::reason::{Fact, Reason, ReasonCode, Told};
use crate::record::Record;
use crate::time::{DAY, HOUR, MINUTE, SECOND, Timestamp};

/// How long after each attempt that was not taken the next one follows; after the last one it is
/// given up. Source: the schedule that Standard Webhooks recommends, without its jitter.
const AFTER_MS: [i64; 7] =
    [5 * SECOND, 5 * MINUTE, 30 * MINUTE, 2 * HOUR, 5 * HOUR, 10 * HOUR, 10 * HOUR];

/// The longest that whoever is called may ask us to wait: the longest distance of our own.
const PATIENCE_MS_MAX: i64 = AFTER_MS[AFTER_MS.len() - 1];

/// How long a call is kept after it was taken or withdrawn, so that people can look at it.
const KEPT_MS: i64 = 30 * DAY;

/// Something that another program is told.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
pub struct Call {
    /// Its number, which the store gives; 0 before.
    #[n(0)]
    pub id: u64,
    /// When the person came to the step.
    #[n(1)]
    pub at: Timestamp,
    /// About whom.
    #[n(2)]
    pub person: PersonId,
    /// In which journey.
    #[n(3)]
    pub journey: String,
    /// At which step.
    #[n(4)]
    pub step: String,
    /// The event by which the person had entered: it tells one enrollment from others.
    #[n(5)]
    pub entered_by: LogPosition,
    /// The name of whoever is told, as the server knows it.
    #[n(6)]
    pub destination: String,
    /// The traits and identifiers that are told, by name.
    #[n(7)]
    pub with: Vec<String>,
    /// How far it is.
    #[n(8)]
    pub state: CallState,
    /// How often it was tried since it was last asked for.
    #[n(9)]
    pub attempts: u32,
    /// When it was last tried.
    #[n(10)]
    pub tried_at: Option<Timestamp>,
    /// What was answered last, or why nothing was. May be personal data.
    #[n(11)]
    pub note: String,
}

/// How far a call is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Encode, Decode)]
pub enum CallState {
    /// It waits, and is tried at this moment at the earliest.
    #[n(0)]
    Waiting {
        /// When.
        #[n(0)]
        not_before: Timestamp,
    },
    /// It was taken.
    #[n(1)]
    Delivered,
    /// It was tried as often as it is, and not taken.
    #[n(2)]
    GaveUp,
    /// The journey ended by its goal or an exit rule before it was taken.
    #[n(3)]
    Withdrawn {
        /// When that was seen.
        #[n(0)]
        at: Timestamp,
    },
}

impl CallState {
    /// The words of every state.
    pub const WORDS: [&str; 4] = ["waiting", "delivered", "gave up", "withdrawn"];

    /// The word in answers and on pages.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Waiting { .. } => Self::WORDS[0],
            Self::Delivered => Self::WORDS[1],
            Self::GaveUp => Self::WORDS[2],
            Self::Withdrawn { .. } => Self::WORDS[3],
        }
    }

    /// When it is tried next; `None`: it is not.
    #[must_use]
    pub const fn not_before(self) -> Option<Timestamp> {
        match self {
            Self::Waiting { not_before } => Some(not_before),
            Self::Delivered | Self::GaveUp | Self::Withdrawn { .. } => None,
        }
    }
}

/// What came of an attempt.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Tried {
    /// Whoever is called took it.
    Taken,
    /// They did not, and may ask for so many milliseconds of patience.
    NotTaken {
        /// How long they ask us to wait; 0: they do not.
        patience_ms: i64,
    },
    /// They want no more calls: nothing is wrong with this one, which waits until somebody has looked.
    Unwanted,
}

impl Call {
    /// How often it is tried in all.
    pub const ATTEMPTS_MAX: usize = AFTER_MS.len() + 1;

    /// Takes in what came of an attempt at `now`; `note` is what was answered.
    pub fn tried(&mut self, tried: Tried, note: String, now: Timestamp) {
        self.attempts = self.attempts.saturating_add(1);
        self.tried_at = Some(now);
        self.note = note;
        self.state = match tried {
            Tried::Taken => CallState::Delivered,
            Tried::Unwanted => {
                self.attempts -= 1;
                CallState::Waiting { not_before: now }
            }
            Tried::NotTaken { patience_ms } => {
                let before = usize::try_from(self.attempts - 1).unwrap_or(usize::MAX);
                match AFTER_MS.get(before) {
                    Some(after_ms) => {
                        let wait_ms = patience_ms.clamp(*after_ms, PATIENCE_MS_MAX.max(*after_ms));
                        CallState::Waiting { not_before: now.plus(wait_ms) }
                    }
                    None => CallState::GaveUp,
                }
            }
        };
    }

    /// Lets it be tried from the start, under the same id: somebody asks for it.
    pub fn again(&mut self, now: Timestamp) {
        self.attempts = 0;
        self.state = CallState::Waiting { not_before: now };
    }

    /// Until when it is kept; `None`: until it was taken or withdrawn, since somebody may ask for it again.
    #[must_use]
    pub const fn kept_until(&self) -> Option<Timestamp> {
        match self.state {
            CallState::Waiting { .. } | CallState::GaveUp => None,
            CallState::Delivered => match self.tried_at {
                Some(at) => Some(at.plus(KEPT_MS)),
                None => Some(self.at.plus(KEPT_MS)),
            },
            CallState::Withdrawn { at } => Some(at.plus(KEPT_MS)),
        }
    }

    /// The last look before an attempt, on all that is known of the person: whether what it tells still
    /// stands.
    #[must_use]
    pub fn stands(&self, person: &Record) -> bool {
        let own = person.enrollments.iter().find(|enrollment| {
            enrollment.journey == self.journey && enrollment.entered_by == self.entered_by
        });
        // Whoever went through to the end, or whose entry was forgotten, was meant to be told of.
        own.is_none_or(|own| match &own.state {
            State::Ended { cause: EndCause::ExitRule | EndCause::Goal, .. } => false,
            State::Ended {
                cause: EndCause::Done | EndCause::Merged | EndCause::Removed | EndCause::KeptOut,
                ..
            }
            | State::Waiting { .. }
            | State::Held { .. }
            | State::Sending { .. } => true,
        })
    }
}

/// Promises to tell another program, and goes on.
pub(super) fn call_step(
    way: &mut Way<'_, '_>,
    person: &mut Record,
    index: usize,
    (journey, step): (&Journey, &Step),
    (destination, with): (&str, &[String]),
) -> bool {
    let told = Told::ToldTo { destination: destination.to_owned() };
    let reasons = vec![Reason::with(ReasonCode::WebhookAsked, vec![Fact::new(told, None)])];
    place_decision(way, person, (journey, step), Verdict::Webhook, reasons);
    way.outcome.calls.push(Call {
        id: 0,
        at: way.now,
        person: person.id(),
        journey: journey.name.clone(),
        step: step.name.clone(),
        entered_by: person.enrollments[index].entered_by,
        destination: destination.to_owned(),
        with: with.to_vec(),
        state: CallState::Waiting { not_before: way.now },
        attempts: 0,
        tried_at: None,
        note: String::new(),
    });
    go_on(way, person, index)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn call() -> Call {
        Call {
            id: 1,
            at: Timestamp(0),
            person: PersonId(1),
            journey: "cart".to_owned(),
            step: "tell".to_owned(),
            entered_by: LogPosition(7),
            destination: "crm".to_owned(),
            with: Vec::new(),
            state: CallState::Waiting { not_before: Timestamp(0) },
            attempts: 0,
            tried_at: None,
            note: String::new(),
        }
    }

    #[test]
    fn a_call_is_tried_eight_times_over_a_day_and_given_up() {
        let mut call = call();
        let mut moments = Vec::new();
        while let Some(now) = call.state.not_before() {
            moments.push(now.0 / SECOND);
            call.tried(Tried::NotTaken { patience_ms: 0 }, "500".to_owned(), now);
        }
        assert_eq!(moments, [0, 5, 305, 2_105, 9_305, 27_305, 63_305, 99_305]);
        assert_eq!((call.state, call.attempts), (CallState::GaveUp, 8));
        assert_eq!(call.kept_until(), None, "somebody may ask for it");
        call.again(Timestamp(5));
        assert_eq!(call.state.not_before(), Some(Timestamp(5)), "somebody asks for it");
        call.tried(Tried::Taken, "200".to_owned(), Timestamp(6));
        assert_eq!((call.state, call.attempts), (CallState::Delivered, 1));
        assert_eq!(call.kept_until(), Some(Timestamp(6 + 30 * DAY)));
        call.state = CallState::Withdrawn { at: Timestamp(9) };
        assert_eq!(call.kept_until(), Some(Timestamp(9 + 30 * DAY)));
    }

    #[test]
    fn patience_that_is_asked_for_is_had_within_bounds() {
        for (patience_ms, waits_ms) in
            [(0, 5 * SECOND), (SECOND, 5 * SECOND), (MINUTE, MINUTE), (i64::MAX, 10 * HOUR)]
        {
            let mut call = call();
            call.tried(Tried::NotTaken { patience_ms }, String::new(), Timestamp(100));
            assert_eq!(call.state.not_before(), Some(Timestamp(100 + waits_ms)), "{patience_ms}");
        }
    }

    #[test]
    fn what_nobody_wants_waits_and_uses_up_no_attempt() {
        let mut call = call();
        call.tried(Tried::Unwanted, "410".to_owned(), Timestamp(3));
        assert_eq!((call.state.word(), call.attempts), ("waiting", 0));
    }
}
