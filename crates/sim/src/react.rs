//! What a person does when a message reaches her: the other side of a potential outcome.

use jiff::Timestamp;

use crate::act::{self, MailFate, Mailing, PurchaseStep, Via, What, Who};
use crate::aftermath::{self, Bought};
use crate::calendar::MINUTE;
use crate::opaque::Key;
use crate::outcome::{At, CartId, LeftCart, Place, Purchase, Treatment};
use crate::people::Contact;
use crate::plan::{Pen, Sketch};
use crate::rng::{Purpose, Rng};
use crate::shopping;
use crate::stream::{Line, write_all};
use crate::town::Town;

impl Town {
    /// The lines that follow when a message about `cart` is sent at `sent_at`, in the order of
    /// their arrival: what becomes of the mail, and the purchase, if there is one. They take
    /// the place of the lines that hinge on the cart and occur after `sent_at`.
    ///
    /// Outcomes are those of one message: a second one about the same cart has none of its own.
    /// The answer is a function of the settings and the arguments. It is empty for a cart that
    /// was never left.
    pub fn react(&self, cart: CartId, treatment: Treatment, sent_at: Timestamp) -> Vec<Line> {
        let mut plan = Sketch::default();
        self.plan(cart.0.person(), cart.0.day(), &mut plan);
        let Some(left) = plan.left.into_iter().find(|left| left.cart == cart.0) else {
            return Vec::new();
        };
        let mut sketch = Sketch::default();
        let person = self.person(cart.0.person());
        let first = match treatment {
            Treatment::Reminder => Key::NUMBER_MAX / 4,
            Treatment::Coupon => Key::NUMBER_MAX / 2,
        };
        let pen = Pen::new(self, person, cart.0.day(), &mut sketch);
        react(&mut Pen::from(first, pen), &left, treatment, sent_at.as_millisecond());
        write_all(self, &mut sketch.acts)
    }
}

fn react(pen: &mut Pen<'_>, left: &LeftCart, treatment: Treatment, sent_at: i64) {
    let mut rng =
        Rng::keyed(pen.town.settings.seed, Purpose::Reaction, left.cart.0, treatment as u64 + 1);
    let rng = &mut rng;
    let mailed = |pen: &mut Pen<'_>, at, fate| {
        let what = What::Mailed(Mailing::Cart(left.cart), fate);
        pen.put(at, Via::Mail, Who::by(Contact::Email), what);
    };
    let arrives = sent_at + rng.seconds(2, 30);
    let outcome = match pen.person.bounces {
        true => left.outcome.without,
        false => left.outcome.with(treatment),
    };
    if pen.person.bounces {
        mailed(pen, arrives, MailFate::Bounced);
    } else {
        mailed(pen, arrives, MailFate::Delivered);
        let prompted = matches!(outcome, Some(Purchase { at: At::AfterMessage(_), .. }));
        if prompted || rng.chance(pen.person.opens_per_mille) {
            mailed(pen, arrives + rng.seconds(30, 300), MailFate::Opened);
        }
        if prompted {
            mailed(pen, arrives + rng.seconds(310, 550), MailFate::Clicked);
        }
    }
    let bought_before = left.outcome.without.filter(|own| moment(own, i64::MAX) <= sent_at);
    match (bought_before, outcome) {
        (Some(own), _) => {
            if treatment == Treatment::Coupon && left.outcome.rebuys_with_coupon {
                rebuy(pen, rng, left, own, sent_at);
            }
        }
        (None, Some(purchase)) => {
            // A purchase that no message changes stands in the town's own lines.
            if left.outcome.depends_on_message() {
                let at = moment(&purchase, sent_at);
                shopping::come_back(
                    pen,
                    at,
                    purchase.place,
                    left.cart,
                    left.basket,
                    purchase.discount_per_mille,
                );
            }
        }
        (None, None) => {}
    }
}

/// She takes it back and buys it again at the coupon's price.
fn rebuy(pen: &mut Pen<'_>, rng: &mut Rng, left: &LeftCart, own: Purchase, sent_at: i64) {
    let purchase = act::Purchase {
        step: PurchaseStep::Completed,
        order: left.cart,
        in_store: own.place != Place::Online,
        basket: left.basket,
        discount_per_mille: own.discount_per_mille,
    };
    let known_card = pen.person.has_card(pen.day);
    let bought = Bought { at: sent_at, place: own.place, purchase, known_card };
    aftermath::bring_back(pen, rng, &bought, left.basket, 1);
    let again = pen.key();
    let at = sent_at + rng.seconds(3600, 80_000).max(20 * MINUTE);
    shopping::come_back(
        pen,
        at,
        Place::Online,
        again,
        left.basket,
        crate::outcome::COUPON_PER_MILLE,
    );
}

fn moment(purchase: &Purchase, sent_at: i64) -> i64 {
    match purchase.at {
        At::Moment(at) => at.as_millisecond(),
        At::AfterMessage(wait) => {
            sent_at.saturating_add(i64::try_from(wait.as_millis()).unwrap_or(i64::MAX))
        }
    }
}
