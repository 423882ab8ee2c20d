//! Which of a step's channels a message takes: the first one over which the person may be written to at
//! the moment of sending.

use super::address::{Address, permitted};
use super::confirm::to_confirm;
use super::rules::{Claim, Wanted};
use crate::condition::Twin;
use crate::event::{Channel, Line, Purpose};
use crate::identity::Identifier;
use crate::reason::{Fact, Reason, ReasonCode, Told};
use crate::record::Record;
use crate::step::World;
use crate::time::Timestamp;

/// The first of a step's channels over which the person may be written to.
pub(super) struct Reached<'a> {
    pub(super) recipient: Identifier,
    pub(super) channel: Channel,
    template: &'a str,
    /// Why those before it were not taken.
    passed: Vec<Reason>,
}

impl Reached<'_> {
    pub(super) fn claim(
        self,
        lines: Vec<Line>,
        (without_offer, offer): (bool, Option<String>),
        mut reasons: Vec<Reason>,
    ) -> Claim {
        let Self { recipient, channel, template, passed } = self;
        let passed = passed.into_iter();
        reasons.extend(passed.map(|reason| Reason::with(ReasonCode::OtherChannel, reason.facts)));
        let template = template.to_owned();
        Claim { recipient, channel, template, lines, without_offer, offer, reasons }
    }
}

/// Looks for a channel and address of the step, in the order of preference.
///
/// # Errors
/// Why each of them was refused, in that order.
pub(super) fn reach<'a>(
    world: &World<'_>,
    record: &Record,
    twins: &[Twin<'_>],
    wanted: Wanted<'a>,
    now: Timestamp,
) -> Result<Reached<'a>, Vec<Reason>> {
    let (send, purpose) = (wanted.send, wanted.journey.purpose);
    let again = wanted.enrollment.again.as_ref();
    let mut passed = Vec::new();
    for (channel, template) in send.ways() {
        let found = match send.asks_to_confirm {
            _ if again.is_some_and(|again| again.unreached.contains(&channel)) => {
                Address::Refused(Reason::bare(ReasonCode::NotTaken))
            }
            true => to_confirm(world.program, record, twins, channel),
            false => permitted(world.program, record, twins, (channel, purpose), now),
        };
        match found {
            Address::Found(recipient) => {
                return Ok(Reached { recipient, channel, template, passed });
            }
            Address::Refused(reason) if send.otherwise.is_empty() => passed.push(reason),
            Address::Refused(reason) => passed.push(over(channel, purpose, reason)),
        }
    }
    Err(passed)
}

/// Whether what keeps a message from leaving may change by waiting.
pub(super) fn may_come(reason: &Reason) -> bool {
    matches!(reason.code, ReasonCode::NoAddress | ReasonCode::ConsentUnconfirmed)
}

/// The same reason for one of several channels: its first fact says which.
fn over(channel: Channel, purpose: Purpose, reason: Reason) -> Reason {
    let told = if reason.code == ReasonCode::NoAddress {
        Some(Told::AddressMissing { channel })
    } else if reason.code == ReasonCode::Suppressed {
        Some(Told::AddressStopped { channel })
    } else if reason.code == ReasonCode::NotTaken {
        Some(Told::AddressUnreached { channel })
    } else if reason.code == ReasonCode::ConsentMissing {
        Some(Told::NeverSaidYes { purpose, channel })
    } else {
        // What was said names its channel.
        None
    };
    let facts = told.map(|told| Fact::new(told, None)).into_iter().chain(reason.facts).collect();
    Reason { facts, ..reason }
}
