//! Messages that were not taken: tried again, a few times, ever later, each time with a last look.
//!
//! A mail server that is down for an hour is no reason to leave a message out. What surely did not go
//! out comes due again as if it had not been claimed, so that consent, limits, offers and conditions are
//! asked anew; a journey that is over by then sends nothing.

use minicbor::{Decode, Encode};

use super::{Enrollment, Outcome, State};
use crate::event::Channel;
use crate::guard::addresses;
use crate::program::Program;
use crate::record::Record;
use crate::time::{HOUR, MINUTE, Timestamp};

/// How long after each attempt the next one is made, in milliseconds; after the last one the message has
/// failed. The first waits are those that greylisting asks for (RFC 6647 §2.4), the last ones outlast
/// a restart and a short outage.
pub const RETRY_MS: [i64; 4] = [MINUTE, 5 * MINUTE, 30 * MINUTE, 2 * HOUR];

/// That a message of a step was not taken.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
pub struct Again {
    /// How often it has been tried; at least 1.
    #[n(0)]
    pub tries: u8,
    /// When it is tried again at the earliest.
    #[n(1)]
    pub not_before: Timestamp,
    /// The channels of the step over which no way leads to the person: they are not tried again.
    #[n(2)]
    #[cbor(default)]
    pub unreached: Vec<Channel>,
}

/// What became of a message, where [`Outcome::Postponed`], [`Outcome::Rejected`] and
/// [`Outcome::Unreached`] mean that it will be tried again: one that nobody waits for any more, that was
/// tried often enough, or whose step has no other channel, has failed.
#[must_use]
pub fn tried(
    program: &Program,
    person: Option<&Record>,
    message: u64,
    outcome: Outcome,
) -> Outcome {
    if !outcome.comes_again() {
        return outcome;
    }
    let sending = State::Sending { message };
    let mut waiting = person.into_iter().flat_map(|person| &person.enrollments);
    let waiting = waiting.find(|enrollment| enrollment.state == sending);
    let again = waiting.is_some_and(|enrollment| {
        next_after(enrollment).is_some()
            && (outcome == Outcome::Postponed || has_others(program, person, enrollment))
    });
    if again { outcome } else { Outcome::Failed }
}

/// Whether the step where an enrollment stands may send over another channel, or to another browser of
/// the person: that one of them takes no push messages any more is common, and says nothing of the rest.
fn has_others(program: &Program, person: Option<&Record>, enrollment: &Enrollment) -> bool {
    let journey = program.journey(&enrollment.journey, enrollment.version);
    let number = usize::try_from(enrollment.step).unwrap_or(usize::MAX);
    let step = journey.and_then(|journey| journey.steps.get(number));
    let browser = || person.is_some_and(|held| !addresses(held, Channel::Push).is_empty());
    step.and_then(|step| step.kind.send()).is_some_and(|send| {
        !send.otherwise.is_empty() || send.channel == Channel::Push && browser()
    })
}

/// How long the next attempt waits, in milliseconds; `None`: there is none.
fn next_after(enrollment: &Enrollment) -> Option<i64> {
    let tries = enrollment.again.as_ref().map_or(0, |again| usize::from(again.tries));
    RETRY_MS.get(tries).copied()
}

/// Lets the message come due again: later where it was not taken; else at once, since it had not begun to
/// leave, or since its address refused it or no way leads there over `channel` and another may take it.
/// False where it was tried often enough.
pub(super) fn put_back(
    enrollment: &mut Enrollment,
    outcome: Outcome,
    channel: Channel,
    now: Timestamp,
) -> bool {
    enrollment.state = State::Waiting { until: Some(now) };
    if !outcome.comes_again() {
        return true;
    }
    let Some(after_ms) = next_after(enrollment) else { return false };
    let after_ms = if outcome == Outcome::Postponed { after_ms } else { 0 };
    let (tries, mut unreached) =
        enrollment.again.take().map_or((0, Vec::new()), |again| (again.tries, again.unreached));
    if outcome == Outcome::Unreached {
        unreached.push(channel);
    }
    enrollment.again = Some(Again { tries: tries + 1, not_before: now.plus(after_ms), unreached });
    true
}
