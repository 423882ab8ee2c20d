//! What follows a purchase: points, returns, cancellations, tickets and reviews.

use crate::act::{Basket, Purchase, PurchaseStep, Via, What, Who};
use crate::calendar::{DAY, HOUR, MINUTE};
use crate::outcome::Place;
use crate::people::Contact;
use crate::plan::Pen;
use crate::rng::{Purpose, Rng};
use crate::tills;

/// A purchase that has just been made.
#[derive(Clone, Copy)]
pub(crate) struct Bought {
    pub(crate) at: i64,
    pub(crate) place: Place,
    pub(crate) purchase: Purchase,
    /// Whether the purchase is on a loyalty card.
    pub(crate) known_card: bool,
}

/// Puts down what follows `bought`.
pub(crate) fn follow(pen: &mut Pen<'_>, bought: Bought) {
    let mut rng =
        Rng::keyed(pen.town.settings.seed, Purpose::Aftermath, bought.purchase.order.0, 0);
    let rng = &mut rng;
    if bought.known_card {
        points(pen, rng, &bought);
    }
    let cancelled = bought.place == Place::Online && rng.chance(30);
    if cancelled {
        let at = bought.at + rng.seconds(1200, 40_000);
        let what = What::Purchase(Purchase { step: PurchaseStep::Cancelled, ..bought.purchase });
        pen.put(at, Via::Shop, Who::by(Contact::Email), what);
        return;
    }
    if rng.chance(80) {
        let item = rng.pick(bought.purchase.basket.items());
        let wait = rng.between(2, 20);
        bring_back(pen, rng, &bought, Basket::of(item), wait);
    }
    if rng.chance(30) {
        let ticket = pen.key();
        let opened = bought.at + rng.seconds(30_000, 500_000);
        pen.put(opened, Via::Desk, Who::by(Contact::Email), What::TicketOpened(ticket));
        let closed = opened + rng.seconds(7_000, 300_000);
        pen.put(closed, Via::Desk, Who::by(Contact::Email), What::TicketClosed(ticket));
    }
    if rng.chance(50) {
        let item = rng.pick(bought.purchase.basket.items());
        let stars = rng.pick(&[5, 5, 5, 4, 4, 3, 2, 1]);
        let at = bought.at + rng.seconds(200_000, 1_500_000);
        pen.put(at, Via::Reviews, Who::by(Contact::Email), What::Reviewed { item, stars });
    }
}

fn points(pen: &mut Pen<'_>, rng: &mut Rng, bought: &Bought) {
    let worth = pen.town.catalogue.worth(&bought.purchase.basket);
    let who = Who::by(Contact::Card);
    pen.put(bought.at + 2 * MINUTE, Via::Loyalty, who, What::PointsEarned(worth / 100));
    if rng.chance(60) {
        pen.put(
            bought.at + 3 * MINUTE,
            Via::Loyalty,
            who,
            What::PointsRedeemed(rng.between(1, 8) * 50),
        );
    }
    if rng.chance(15) {
        pen.put(bought.at + HOUR, Via::Loyalty, who, What::TierChanged);
    }
}

/// Brings `basket` back after `days`: to a till, or by post.
pub(crate) fn bring_back(
    pen: &mut Pen<'_>,
    rng: &mut Rng,
    bought: &Bought,
    basket: Basket,
    days: u32,
) {
    let what = What::Purchase(Purchase { step: PurchaseStep::Refunded, basket, ..bought.purchase });
    if bought.place == Place::Online && rng.chance(600) {
        let at = bought.at + i64::from(days) * DAY + rng.seconds(0, 30_000);
        pen.put(at, Via::Shop, Who::by(Contact::Email), what);
        return;
    }
    let store = pen.person.home_store;
    let calendar = &pen.town.calendar;
    let earliest = bought.at + i64::from(days) * DAY;
    let (_, at) = tills::moment_in_store(calendar, store, calendar.day_of(earliest), earliest, rng);
    let contact = if bought.known_card { Contact::Card } else { Contact::None };
    let till = pen.town.any_till(store, rng);
    pen.put(at, Via::Till(till), Who::by(contact), what);
}
