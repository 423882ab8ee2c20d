//! What a feed may still tell of, as conditions ask for it.

use super::{Feed, SourceSettings};
use crate::event::{Channel, Kind};

/// Something that a feed may still tell of.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Facts {
    /// Sales, returns, cancellations.
    Orders,
    /// Questions to the service desk, opened and closed.
    Tickets,
    /// Whatever moves or shows a cart.
    Carts,
    /// Events of a kind.
    Kind(Kind),
    /// Touchpoints over a channel.
    Touches(Channel),
    /// Touchpoints over any channel.
    AnyTouches,
}

impl Facts {
    /// What events of a kind are told with.
    #[must_use]
    #[expect(clippy::wildcard_enum_match_arm, reason = "only these kinds of event matter here")]
    pub fn of_kind(kind: &Kind) -> Self {
        match kind {
            kind if kind.touches_orders() => Self::Orders,
            Kind::TicketOpened | Kind::TicketClosed => Self::Tickets,
            kind => Self::Kind(kind.clone()),
        }
    }

    /// Whether the shop says that a source tells of this; `None`: it says nothing, and what the
    /// source sends shows it.
    #[must_use]
    pub(super) fn stated(&self, settings: &SourceSettings) -> Option<bool> {
        match self {
            Self::Orders => settings.sends_orders,
            Self::Tickets => (settings.channel == Channel::Service).then_some(true),
            Self::Touches(channel) => (settings.channel == *channel).then_some(true),
            Self::Carts | Self::Kind(_) | Self::AnyTouches => None,
        }
    }

    /// Whether what a feed has sent shows that its source tells of this.
    pub(super) fn shown_by(&self, feed: &Feed) -> bool {
        let told = |wanted: fn(&Kind) -> bool| feed.told.iter().any(wanted);
        match self {
            // Whoever gives a word to be complete is relied on for what sells.
            Self::Orders => feed.orders > 0 || feed.complete_through.is_some(),
            Self::Tickets => told(|kind| matches!(kind, Kind::TicketOpened | Kind::TicketClosed)),
            Self::Carts => told(Kind::touches_cart),
            Self::Kind(kind) => feed.has_told(kind),
            Self::Touches(channel) => feed.touched.contains(channel),
            Self::AnyTouches => !feed.touched.is_empty(),
        }
    }
}
