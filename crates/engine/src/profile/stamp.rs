//! Stamps: the order of statements, the same wherever and whenever they arrive.

use std::hash::Hasher;

use minicbor::{Decode, Encode};
use siphasher::sip::SipHasher13;

use crate::event::Event;
use crate::time::Timestamp;

/// When something was stated, with a tie-breaker that depends on the event alone. The later stamp
/// wins wherever the last statement counts.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Encode, Decode)]
pub struct Stamp {
    /// When it happened.
    #[n(0)]
    pub at: Timestamp,
    /// A hash of the event's source and id: equal times need some order, and this one is nobody's choice.
    #[n(1)]
    pub tie: u64,
}

impl Stamp {
    /// The stamp of the claim that this event takes back: it bears the claim's moment and, as its
    /// reference, the claim's message id.
    #[must_use]
    pub fn of_the_claim(event: &Event) -> Self {
        let claim = event.reference.as_ref().map_or("", |reference| reference.id.as_str());
        Self { at: event.occurred.at, tie: tie(&event.source, claim) }
    }

    /// The stamp of an event.
    #[must_use]
    pub fn of(event: &Event) -> Self {
        Self { at: event.occurred.at, tie: tie(&event.source, &event.message_id) }
    }
}

fn tie(source: &str, message_id: &str) -> u64 {
    let mut hasher = SipHasher13::new_with_keys(0, 0);
    hasher.write(source.as_bytes());
    hasher.write_u8(0xff);
    hasher.write(message_id.as_bytes());
    hasher.finish()
}
