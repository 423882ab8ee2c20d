//! The pulse: how much a person did with the brand, by channel and act, in months of thirty days.
//!
//! It is what the engagement score decays on read. Each act adds a whole number that grows by a
//! factor of two over its month, and months keep their own sums: nothing is ever written again for
//! time to pass, and sums of whole numbers do not care for the order in which events arrive.

use minicbor::decode::Error as DecodeError;
use minicbor::encode::{Error as EncodeError, Write};
use minicbor::{Decode, Decoder, Encode, Encoder};

use crate::event::{Channel, Event, Kind};
use crate::time::{DAY, Timestamp};

/// Days of a month, which is also the half-life: what was done a month ago counts half.
pub const MONTH_DAYS: i64 = 30;
/// An act on the first day of its month adds so much; on the last nearly twice as much.
pub const UNIT: u32 = 64;
/// The most sums kept of one person; those of the latest months stay.
pub const SUMS_MAX: usize = 96;

/// `round(64 · 2^(day / 30))` by day of the month: whole numbers, the same on every machine.
const GROWTH: [u32; 30] = [
    64, 65, 67, 69, 70, 72, 74, 75, 77, 79, 81, 83, 84, 86, 88, 91, 93, 95, 97, 99, 102, 104, 106,
    109, 111, 114, 117, 119, 122, 125,
];

/// What somebody did, as far as engagement tells acts apart.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Encode, Decode)]
#[cbor(index_only)]
pub enum Act {
    /// Came by: opened a page or the app, was in a store.
    #[n(0)]
    Visit,
    /// Looked at something: a product, a search, a comparison.
    #[n(1)]
    Look,
    /// Wanted it: into the cart, onto the wish list, to the checkout.
    #[n(2)]
    Want,
    /// Bought.
    #[n(3)]
    Buy,
    /// Followed a message, an ad or a banner.
    #[n(4)]
    Click,
    /// Spoke: a review, a post, a question.
    #[n(5)]
    Voice,
}

impl Act {
    /// Every act.
    pub const ALL: [Self; 6] =
        [Self::Visit, Self::Look, Self::Want, Self::Buy, Self::Click, Self::Voice];

    /// The word in the API and in keys of texts.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Visit => "visit",
            Self::Look => "look",
            Self::Want => "want",
            Self::Buy => "buy",
            Self::Click => "click",
            Self::Voice => "voice",
        }
    }

    /// The act of an event; `None`: it is none of the person's own. A message that was delivered is
    /// ours, and one that was "opened" may have been by a machine.
    #[must_use]
    #[expect(clippy::wildcard_enum_match_arm, reason = "all other kinds are no acts of the person")]
    pub fn of(kind: &Kind) -> Option<Self> {
        Some(match kind {
            Kind::PageViewed
            | Kind::ScreenViewed
            | Kind::StoreVisited
            | Kind::ApplicationInstalled
            | Kind::ApplicationOpened
            | Kind::ReviewSiteVisited
            | Kind::QrScanned => Self::Visit,
            Kind::ProductsSearched
            | Kind::ProductListViewed
            | Kind::ProductListFiltered
            | Kind::ProductClicked
            | Kind::ProductViewed
            | Kind::ProductTried
            | Kind::PriceCompared => Self::Look,
            Kind::ProductAdded
            | Kind::ProductAddedToWishlist
            | Kind::WishlistProductAddedToCart
            | Kind::CheckoutStarted
            | Kind::CheckoutStepCompleted
            | Kind::PaymentInfoEntered
            | Kind::CouponEntered => Self::Want,
            Kind::OrderCompleted | Kind::LoyaltyPointsRedeemed => Self::Buy,
            Kind::EmailLinkClicked
            | Kind::AdClicked
            | Kind::PromotionClicked
            | Kind::SiteMessageClicked
            | Kind::PushClicked => Self::Click,
            Kind::ProductReviewed
            | Kind::ProductShared
            | Kind::CartShared
            | Kind::SocialPosted
            | Kind::TicketOpened
            | Kind::ChatStarted
            | Kind::ChatMessage => Self::Voice,
            _ => return None,
        })
    }
}

/// The sum of one month, channel and act.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Beat {
    /// The month, from 1970-01-01.
    pub month: u16,
    /// Over which channel.
    pub channel: Channel,
    /// What was done.
    pub act: Act,
    /// How much: [`UNIT`] for one act on the first day, growing over the month.
    pub sum: u32,
}

impl Beat {
    fn place(&self) -> (u16, Channel, Act) {
        (self.month, self.channel, self.act)
    }
}

/// A person's sums, by month, channel and act.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Pulse {
    // Invariant: ascending by place, each place once, at most SUMS_MAX.
    beats: Vec<Beat>,
}

impl Pulse {
    /// The sums.
    #[must_use]
    pub fn beats(&self) -> &[Beat] {
        &self.beats
    }

    /// Takes in an event, if it is an act of the person.
    pub fn fold(&mut self, event: &Event) {
        let Some(act) = Act::of(&event.kind) else { return };
        let (month, sum) = month_of(event.occurred.at);
        self.add(Beat { month, channel: event.place.channel, act, sum });
        self.bound();
    }

    /// Takes in another person's sums.
    pub fn merge(&mut self, other: Self) {
        for beat in other.beats {
            self.add(beat);
        }
        self.bound();
    }

    fn add(&mut self, beat: Beat) {
        match self.beats.binary_search_by_key(&beat.place(), Beat::place) {
            Ok(at) => self.beats[at].sum = self.beats[at].sum.saturating_add(beat.sum),
            Err(at) => self.beats.insert(at, beat),
        }
    }

    fn bound(&mut self) {
        let over = self.beats.len().saturating_sub(SUMS_MAX);
        self.beats.drain(..over);
    }
}

/// The month of a moment, and what an act at it adds.
fn month_of(at: Timestamp) -> (u16, u32) {
    let day = at.0.div_euclid(DAY).max(0);
    let growth = usize::try_from(day % MONTH_DAYS).unwrap_or(0);
    (u16::try_from(day / MONTH_DAYS).unwrap_or(u16::MAX), GROWTH[growth])
}

/// Bytes of a sum as it is stored.
const STORED: usize = 8;

impl<C> Encode<C> for Pulse {
    fn encode<W: Write>(&self, e: &mut Encoder<W>, _: &mut C) -> Result<(), EncodeError<W::Error>> {
        let mut bytes = Vec::with_capacity(STORED * self.beats.len());
        for beat in &self.beats {
            bytes.extend_from_slice(&beat.month.to_le_bytes());
            bytes.push(place_in(&Channel::ALL, beat.channel));
            bytes.push(place_in(&Act::ALL, beat.act));
            bytes.extend_from_slice(&beat.sum.to_le_bytes());
        }
        e.bytes(&bytes)?.ok()
    }
}

fn place_in<T: PartialEq>(all: &[T], one: T) -> u8 {
    let place = all.iter().position(|other| *other == one).unwrap_or(0);
    u8::try_from(place).unwrap_or(u8::MAX)
}

impl<'b, C> Decode<'b, C> for Pulse {
    fn decode(d: &mut Decoder<'b>, _: &mut C) -> Result<Self, DecodeError> {
        let beats = d.bytes()?.chunks_exact(STORED).map(|bytes| {
            let (month, rest) = bytes.split_first_chunk()?;
            let (place, sum) = rest.split_first_chunk()?;
            let [channel, act]: [u8; 2] = *place;
            let sum: [u8; 4] = sum.try_into().ok()?;
            Some(Beat {
                month: u16::from_le_bytes(*month),
                channel: *Channel::ALL.get(usize::from(channel))?,
                act: *Act::ALL.get(usize::from(act))?,
                sum: u32::from_le_bytes(sum),
            })
        });
        let beats = beats.collect::<Option<_>>();
        Ok(Self { beats: beats.ok_or_else(|| DecodeError::message("a pulse is of known acts"))? })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_act_grows_by_two_over_its_month() {
        for (day, growth) in GROWTH.iter().enumerate() {
            let exact = f64::from(UNIT) * 2_f64.powf(day as f64 / 30.0);
            assert!((f64::from(*growth) - exact).abs() <= 0.5, "{day}: {growth} is not {exact}");
        }
    }

    #[test]
    fn the_latest_months_stay_whatever_the_order() {
        let beats: Vec<Beat> = (0..300_u16)
            .map(|n| Beat {
                month: n % 75,
                channel: Channel::ALL[usize::from(n % 2)],
                act: Act::ALL[usize::from(n % 3)],
                sum: u32::from(n),
            })
            .collect();
        let fold = |beats: &[Beat]| {
            let mut pulse = Pulse::default();
            for beat in beats {
                pulse.add(*beat);
                pulse.bound();
            }
            pulse
        };
        let mut backwards = beats.clone();
        backwards.reverse();
        let (one, other) = (fold(&beats), fold(&backwards));
        assert_eq!(one, other);
        assert_eq!(one.beats.len(), SUMS_MAX);
        let (mut left, right) = (fold(&beats[..100]), fold(&beats[100..]));
        left.merge(right);
        assert_eq!(left, one);
        let bytes = minicbor::to_vec(&one).unwrap();
        assert_eq!(minicbor::decode::<Pulse>(&bytes).unwrap(), one);
    }
}
