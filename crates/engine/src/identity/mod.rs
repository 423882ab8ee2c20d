//! Identity: from identifiers and evidence to one person, explained and reversible.
//!
//! **Invariant:** which identifiers belong together is a function of the set of evidence and the
//! rules alone ([`partition`]); the order of arrival, repeats and ids play no part in it.

mod calling;
mod card;
mod change;
mod evidence;
mod forest;
mod history;
mod identifier;
mod likely;
pub mod link;
mod mention;
mod partition;
mod rules;
mod standing;
mod survey;
mod tied;
mod why;

pub use calling::CallingCode;
pub use card::{Card, Tie};
pub(crate) use change::changes;
pub use change::{Change, ChangeKind};
pub use evidence::{Edge, Evidence, Node, Ties, Topic};
pub use history::{MOMENTS_MAX, Moment, Step, history};
pub use identifier::{Class, Identifier, IdentifierKey, IdentifierKind, KeySalt};

pub(crate) use card::{FIELDS, Retied};
pub use evidence::edges_of;
pub(crate) use evidence::ties_of;
pub use likely::Likely;
pub use mention::Mentions;
pub use partition::{Group, MEMBERS_MAX, Partition, Refusal, partition, partition_with};
pub use rules::{Blocked, IdentityRules, KindRule, Shape};
pub(crate) use standing::HANDS_MAX;
pub use standing::{Standing, Stretch};
pub use survey::{Contradictions, Large, SIZES, SharedValue, Survey};
pub(crate) use tied::percent;
pub use tied::{AlikeCards, Tied};
pub use why::{Against, Whose, how, why, why_not};

use minicbor::{Decode, Encode};

/// Names a person: the place of the cluster's earliest identifier in the log.
///
/// It is made of the log position of the event that first carried one of the person's identifiers
/// and of that identifier's place in the event. An id that a merge has retired still says where to
/// look: whoever holds that identifier of that event is the person meant.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Encode, Decode)]
#[cbor(transparent)]
pub struct PersonId(#[n(0)] pub u64);

impl PersonId {
    /// The most identifiers one event may carry; more is quarantined, since no person has so many at once.
    pub const IDENTIFIERS_MAX: u64 = 32;

    /// The id of whoever is first named by identifier number `index` of the event at `position`.
    #[must_use]
    pub fn first_named(position: crate::event::LogPosition, index: usize) -> Self {
        let index = u64::try_from(index).expect("an event carries few identifiers");
        assert!(index < Self::IDENTIFIERS_MAX, "identifiers are bounded where events are accepted");
        Self(position.0 * Self::IDENTIFIERS_MAX + index)
    }

    /// Where to look for the person: the event's position and the identifier's place in it.
    #[must_use]
    pub fn origin(self) -> (crate::event::LogPosition, usize) {
        let index = usize::try_from(self.0 % Self::IDENTIFIERS_MAX).expect("a small remainder");
        (crate::event::LogPosition(self.0 / Self::IDENTIFIERS_MAX), index)
    }
}

impl std::fmt::Display for PersonId {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "p{}", self.0)
    }
}

impl std::str::FromStr for PersonId {
    type Err = std::num::ParseIntError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        text.strip_prefix('p').unwrap_or(text).parse().map(Self)
    }
}
