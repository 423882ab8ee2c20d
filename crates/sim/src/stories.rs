//! Maria and Jane: the same two stories in every town, near the end of the period.

use jiff::Timestamp;

use crate::act::{
    self, Basket, Campaign, CartStep, Item, Page, PurchaseStep, Traits, Via, What, Who,
};
use crate::calendar::{Calendar, DAY, HOUR, MINUTE};
use crate::life;
use crate::outcome::{At, LeftCart, Outcome, Place, Purchase, timestamp};
use crate::people::{Contact, Device, JANE, MARIA};
use crate::plan::Pen;
use crate::rng::Purpose;
use crate::tills::{self, Till};
use crate::town::{TownError, TownSettings, instant};

/// When the stories happen, told backwards from their end.
#[derive(Clone, Debug)]
pub struct StorySettings {
    /// The RFC 3339 instant right after both stories, within the period: a demo's "now".
    /// `None` is 20:50, local time, on the last day that is no Sunday.
    pub ends_at: Option<String>,
    /// Minutes before the end at which Maria adds the T-shirt to her cart online.
    pub maria_added_minutes_before: u32,
    /// Minutes before the end at which she buys it in the shop; fewer than the above.
    pub maria_bought_minutes_before: u32,
    /// Minutes by which the till's report is late. 0 is within seconds.
    pub till_late_minutes: u32,
}

impl Default for StorySettings {
    /// Added at 17:10, bought at 18:47, received at 20:47, told from 20:50.
    fn default() -> Self {
        Self {
            ends_at: None,
            maria_added_minutes_before: 220,
            maria_bought_minutes_before: 123,
            till_late_minutes: 120,
        }
    }
}

/// When and where the stories happen.
#[derive(Clone, Debug)]
pub struct Stories {
    /// The instant right after both stories.
    pub ends_at: Timestamp,
    /// When Maria adds the T-shirt `tee`, size M, to her cart online.
    pub maria_added_at: Timestamp,
    /// When she pays for it at the till.
    pub maria_bought_at: Timestamp,
    /// When the receipt arrives.
    pub maria_receipt_received_at: Timestamp,
    /// The till, by its number over all stores.
    pub till: u32,
}

/// Maria's T-shirt, size M.
const TEE: Item = Item { product: 0, variant: 1, quantity: 1 };

impl Stories {
    pub(crate) fn place(settings: &TownSettings, calendar: &Calendar) -> Result<Self, TownError> {
        let story = &settings.stories;
        let ends_at = match &story.ends_at {
            Some(text) => instant(text)?,
            None => timestamp(usual_end(calendar)),
        };
        let end = ends_at.as_millisecond();
        if !(calendar.start()..=calendar.end()).contains(&end) {
            return Err(TownError::Stories { ends_at, days: settings.days });
        }
        let (added, bought) = (story.maria_added_minutes_before, story.maria_bought_minutes_before);
        if bought >= added {
            let setting = "maria_bought_minutes_before";
            return Err(TownError::Range {
                setting,
                given: bought,
                least: 0,
                most: added.saturating_sub(1),
            });
        }
        let before = |minutes: u32| end - i64::from(minutes) * MINUTE;
        let late = match story.till_late_minutes {
            0 => 2000,
            minutes => i64::from(minutes) * MINUTE,
        };
        Ok(Self {
            ends_at,
            maria_added_at: timestamp(before(added)),
            maria_bought_at: timestamp(before(bought)),
            maria_receipt_received_at: timestamp(before(bought) + late),
            till: tills::marias_till(settings.tills_per_store),
        })
    }

    /// Cuts the till's connection from shortly before the sale until its receipt arrives.
    pub(crate) fn silence_till(&self, till: &mut Till) {
        let (bought, received) = (
            self.maria_bought_at.as_millisecond(),
            self.maria_receipt_received_at.as_millisecond(),
        );
        if received - bought >= MINUTE {
            till.outages.push((bought - 15 * MINUTE, received));
        }
    }
}

fn usual_end(calendar: &Calendar) -> i64 {
    let last = calendar.period() - 1;
    let day = if calendar.weekday(last) == 6 { last.saturating_sub(1) } else { last };
    calendar.at(day, 20 * 3600 + 50 * 60)
}

/// Puts down the stories; they are all planned on the first day.
pub(crate) fn plan(pen: &mut Pen<'_>) {
    if pen.day > 0 {
        return;
    }
    let mut rng = pen.rng(Purpose::Life);
    if pen.person.number == MARIA.0 {
        life::read_customer_list(pen, &mut rng);
        maria(pen);
    } else if pen.person.number == JANE.0 {
        jane(pen);
    }
}

fn maria(pen: &mut Pen<'_>) {
    let Stories { maria_added_at, maria_bought_at, maria_receipt_received_at, till, .. } =
        pen.town.stories;
    let (added, bought) = (maria_added_at.as_millisecond(), maria_bought_at.as_millisecond());
    let online = Who::on(Device::Laptop, true);
    let shop = Who::by(Contact::Card);
    let quick =
        |pen: &mut Pen<'_>, at, via, who, what| pen.put_received(at, at + 300, via, who, what);

    quick(pen, added - 12 * MINUTE, Via::Web, online, What::Paged(Page::Home(None)));
    quick(pen, added - 3 * MINUTE, Via::Web, online, What::Viewed(TEE));
    let cart = pen.key();
    quick(pen, added, Via::Web, online, What::Cart(CartStep::Added { cart, item: TEE }));

    let staff = 3;
    let visited = What::StoreVisited { store: 0, staff: Some(staff) };
    quick(pen, bought - 17 * MINUTE, Via::Floor(0), shop, visited);
    let tried = What::ProductTried { item: TEE, store: 0, staff };
    quick(pen, bought - 9 * MINUTE, Via::Floor(0), shop, tried);
    let basket = Basket::of(TEE);
    let sold = What::Purchase(act::Purchase {
        step: PurchaseStep::Completed,
        // As with every cart that is bought later, the receipt goes by the cart's key.
        order: cart,
        in_store: true,
        basket,
        discount_per_mille: 0,
    });
    let received = maria_receipt_received_at.as_millisecond();
    pen.put_received(bought, received, Via::Till(till), shop, sold);

    let purchase = Some(Purchase {
        at: At::Moment(maria_bought_at),
        place: Place::Till(till),
        discount_per_mille: 0,
    });
    let outcome = Outcome {
        without: purchase,
        with_reminder: purchase,
        with_coupon: purchase,
        rebuys_with_coupon: true,
    };
    pen.sketch.left.push(LeftCart { cart, abandoned_at: added, basket, outcome });
}

/// Seven touchpoints on two browsers, a card and an address, then a login that joins them:
/// five identifiers from three sources (`web`, `store-1`, `social`).
fn jane(pen: &mut Pen<'_>) {
    let end = pen.town.stories.ends_at.as_millisecond();
    let laptop = Who::on(Device::Laptop, false);
    let phone = Who::on(Device::Phone, false);
    let mut path = [
        (9 * DAY + 45 * MINUTE, Via::Web, laptop, What::AdClicked(Campaign::Search)),
        (9 * DAY + 30 * MINUTE, Via::Web, laptop, What::ReviewSiteVisited),
        (6 * DAY + 20 * MINUTE, Via::Web, laptop, What::AdClicked(Campaign::Banner)),
        (
            5 * DAY + 3 * HOUR,
            Via::Floor(0),
            Who::by(Contact::Card),
            What::StoreVisited { store: 0, staff: Some(3) },
        ),
        (4 * DAY + 2 * HOUR, Via::Social, Who::by(Contact::Email), What::SocialPosted),
        (90 * MINUTE, Via::Web, phone, What::PriceCompared(TEE)),
        (60 * MINUTE, Via::Web, phone, What::QrScanned(TEE, 0)),
    ]
    .map(|(before, via, who, what)| (end - before, via, who, what));
    path.sort_by_key(|(at, ..)| *at);
    for (at, via, who, what) in path {
        pen.put_received(at, at + 400, via, who, what);
    }
    let known = |card| What::Identified(Traits { email: true, phone: false, card, name: true });
    let on_phone = end - 58 * MINUTE;
    pen.put_received(on_phone, on_phone + 400, Via::Web, Who::on(Device::Phone, true), known(true));
    let on_laptop = end - 30 * MINUTE;
    pen.put_received(
        on_laptop,
        on_laptop + 400,
        Via::Web,
        Who::on(Device::Laptop, true),
        known(false),
    );
    debug_assert_eq!(pen.person.number, JANE.0);
}
