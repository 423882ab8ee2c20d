//! Potential outcomes: what becomes of an abandoned cart with no message, a reminder, a coupon.
//!
//! They are drawn from the seed before any program runs, so that what a message caused can be
//! known and not only estimated.

use jiff::{SignedDuration, Timestamp};

use crate::act::Basket;
use crate::calendar::{DAY, HOUR, MINUTE};
use crate::opaque::Key;
use crate::people::PersonId;
use crate::rng::{Purpose, Rng};
use crate::tills;
use crate::town::Town;

/// An abandoned cart: the key of its truth. Its text, as events bear it, is in [`Abandonment`].
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub struct CartId(pub(crate) Key);

/// A cart that somebody left.
#[derive(Clone, Debug)]
pub struct Abandonment {
    /// The key for [`Town::react`](crate::Town::react).
    pub cart: CartId,
    /// The `cart_id` of its events.
    pub cart_id: String,
    /// Whose it is.
    pub person: PersonId,
    /// The last event of the cart.
    pub abandoned_at: Timestamp,
    /// The web shop's ids of the products in it.
    pub products: Vec<String>,
    /// What the products cost, in cents, without a discount.
    pub worth_minor: u32,
    /// What will be bought, by what is sent.
    pub outcome: Outcome,
}

/// What a person does with a cart, by what is sent to her.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Outcome {
    /// Without any message.
    pub without: Option<Purchase>,
    /// With a reminder.
    pub with_reminder: Option<Purchase>,
    /// With a coupon.
    pub with_coupon: Option<Purchase>,
    /// Whether a coupon that comes after she has bought makes her return it and buy it again.
    pub rebuys_with_coupon: bool,
}

/// One purchase of all that is in the cart.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Purchase {
    /// When.
    pub at: At,
    /// Where.
    pub place: Place,
    /// The discount used, in thousandths.
    pub discount_per_mille: u16,
}

/// When a purchase happens.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum At {
    /// At a moment of her own.
    Moment(Timestamp),
    /// So long after the message was sent.
    AfterMessage(SignedDuration),
}

/// Where a purchase happens.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Place {
    /// The web shop.
    Online,
    /// A till, by its number over all stores.
    Till(u32),
}

/// The discount of the town's coupons, in thousandths.
pub const COUPON_PER_MILLE: u16 = 200;

/// What is sent to somebody who left a cart.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Treatment {
    /// A reminder without an offer.
    Reminder,
    /// A coupon of [`COUPON_PER_MILLE`].
    Coupon,
}

impl Outcome {
    /// Whether any message would make a difference.
    pub fn depends_on_message(&self) -> bool {
        self.without != self.with_reminder || self.without != self.with_coupon
    }

    /// The purchase under `treatment`.
    pub fn with(&self, treatment: Treatment) -> Option<Purchase> {
        match treatment {
            Treatment::Reminder => self.with_reminder,
            Treatment::Coupon => self.with_coupon,
        }
    }

    /// Draws the outcome of `cart`, left at `abandoned_at` on `day`.
    pub(crate) fn draw(
        town: &Town,
        cart: Key,
        abandoned_at: i64,
        day: u32,
        home_store: u32,
    ) -> Self {
        let mut rng = Rng::keyed(town.settings.seed, Purpose::Outcome, cart.0, 0);
        let own = own_purchase(town, &mut rng, abandoned_at, day, home_store);
        let prompted = |rng: &mut Rng, discount_per_mille| Purchase {
            at: At::AfterMessage(SignedDuration::from_millis(rng.seconds(600, 100_000))),
            place: Place::Online,
            discount_per_mille,
        };
        let by_reminder = prompted(&mut rng, 0);
        let by_coupon = prompted(&mut rng, COUPON_PER_MILLE);
        let discounted = |purchase: Purchase| match purchase.place {
            Place::Online => Purchase { discount_per_mille: COUPON_PER_MILLE, ..purchase },
            Place::Till(_) => purchase,
        };
        let (without, with_reminder, with_coupon) = match rng.weighted(&[300, 90, 70, 10, 530]) {
            0 => (Some(own), Some(own), Some(discounted(own))), // Buys anyway.
            1 => (None, Some(by_reminder), Some(by_coupon)),    // Forgot.
            2 => (None, None, Some(by_coupon)),                 // Waits for a price.
            3 => (Some(own), None, None),                       // Is put off by being chased.
            _ => (None, None, None),
        };
        let rebuys_with_coupon = rng.chance(100);
        Self { without, with_reminder, with_coupon, rebuys_with_coupon }
    }
}

/// A purchase of her own accord: online within five days, or at a till, mostly the same day.
fn own_purchase(
    town: &Town,
    rng: &mut Rng,
    abandoned_at: i64,
    day: u32,
    home_store: u32,
) -> Purchase {
    let (at, place) = if rng.chance(450) {
        let leaves = abandoned_at + rng.seconds(40 * 60, 5 * 3600);
        let (_, at) = tills::moment_in_store(&town.calendar, home_store, day, leaves, rng);
        (at, Place::Till(town.any_till(home_store, rng)))
    } else {
        let wait = match rng.below(3) {
            0 => rng.seconds(20 * 60, 4 * 3600),
            1 => DAY - 2 * HOUR + rng.seconds(0, 4 * 3600),
            _ => i64::from(rng.between(2, 5)) * DAY + rng.seconds(0, 3600),
        };
        (abandoned_at + wait.max(20 * MINUTE), Place::Online)
    };
    Purchase { at: At::Moment(timestamp(at)), place, discount_per_mille: 0 }
}

pub(crate) fn timestamp(milliseconds: i64) -> Timestamp {
    Timestamp::from_millisecond(milliseconds).expect("the town's years lie within the calendar's")
}

/// What the day's plan knows about a cart that was left.
#[derive(Clone, Copy)]
pub(crate) struct LeftCart {
    pub(crate) cart: Key,
    pub(crate) abandoned_at: i64,
    pub(crate) basket: Basket,
    pub(crate) outcome: Outcome,
}
