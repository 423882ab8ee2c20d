//! Whom messages reach: asked of everybody beside the segments, so that each segment tells how many
//! of its members can be written to, over which channel, as exactly as how many there are.

use crate::condition::Condition;
use crate::event::{Channel, Purpose};

/// A way in which people are reached, kept like a segment that has no name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reach {
    /// There is an address for the channel, without a hard stop on it.
    Address(Channel),
    /// Promotion may go there.
    Promotion(Channel),
}

impl Reach {
    /// Every way: first the addresses, then the promotion, each by channel.
    pub const ALL: [Self; 6] = {
        let [email, sms, push] = Channel::OF_MESSAGES;
        [
            Self::Address(email),
            Self::Address(sms),
            Self::Address(push),
            Self::Promotion(email),
            Self::Promotion(sms),
            Self::Promotion(push),
        ]
    };

    /// Whom it holds.
    #[must_use]
    pub const fn condition(self) -> Condition {
        match self {
            Self::Address(channel) => Condition::Reachable(channel),
            Self::Promotion(channel) => {
                Condition::MayWrite { channel, purpose: Purpose::Promotion }
            }
        }
    }
}
