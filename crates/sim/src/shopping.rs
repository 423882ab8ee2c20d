//! Visits: to the web shop or the app, and to a store.

use crate::act::{
    self, Basket, Campaign, CartStep, Channel, Item, Page, PurchaseStep, Traits, Via, What, Who,
};
use crate::aftermath::{self, Bought};
use crate::calendar::MINUTE;
use crate::opaque::Key;
use crate::outcome::{At, LeftCart, Outcome, Place, Purchase};
use crate::people::{Contact, Device};
use crate::plan::Pen;
use crate::rng::Rng;
use crate::tills;

/// Visits to the web shop by local hour, from midnight on.
const HOURS_ONLINE: [u32; 24] =
    [6, 3, 2, 1, 1, 2, 6, 15, 25, 35, 40, 42, 40, 45, 50, 45, 42, 42, 48, 58, 70, 80, 60, 25];

/// One sitting at a device.
#[derive(Clone, Copy)]
struct Session {
    at: i64,
    device: Device,
    logged_in: bool,
}

impl Session {
    fn put(&mut self, pen: &mut Pen<'_>, what: What) {
        pen.put(self.at, via(self.device), Who::on(self.device, self.logged_in), what);
    }

    /// The same, after a pause of `low` to `high` seconds.
    fn then(&mut self, pen: &mut Pen<'_>, rng: &mut Rng, low: u32, high: u32, what: What) {
        self.at += rng.seconds(low, high);
        self.put(pen, what);
    }
}

fn via(device: Device) -> Via {
    match device {
        Device::App => Via::App,
        Device::Kiosk(store) => Via::Kiosk(store),
        Device::Laptop | Device::Phone | Device::Tablet => Via::Web,
    }
}

/// A visit to the web shop or the app at an hour of the visitor's choice.
pub(crate) fn visit_online(pen: &mut Pen<'_>, rng: &mut Rng) {
    let hour = u32::try_from(rng.weighted(&HOURS_ONLINE)).expect("a day has 24 hours");
    let at = pen.town.calendar.at(pen.day, hour * 3600 + rng.below(3600));
    let campaign = match rng.below(100) {
        0..=8 => Some(Campaign::Search),
        9..=13 => Some(Campaign::Banner),
        _ => None,
    };
    browse(pen, rng, at, campaign);
}

/// A sitting: look, perhaps add to the cart, perhaps buy.
pub(crate) fn browse(pen: &mut Pen<'_>, rng: &mut Rng, at: i64, campaign: Option<Campaign>) {
    let device = choose_device(pen, rng);
    let signs_up = pen.person.account_from == Some(pen.day.cast_signed());
    let (from_start, midway) = match (pen.person.has_account(pen.day), signs_up, device) {
        (false, ..) => (false, false),
        (true, true, _) => (false, true),
        (true, false, Device::App) => (true, false),
        (true, false, _) => {
            [(false, false), (true, false), (false, true)][rng.weighted(&[45, 35, 20])]
        }
    };
    let mut session = Session { at, device, logged_in: from_start };
    let session = &mut session;
    arrive(pen, rng, session, campaign);
    let mut seen = Basket::default();
    for _ in 0..rng.between(1, 5).min(rng.between(1, 5)) {
        let item = any_item(pen, rng);
        session.then(pen, rng, 5, 90, What::Viewed(item));
        seen.put(item);
        if rng.chance(20) {
            session.then(pen, rng, 2, 20, What::Wished(item));
        }
    }
    if midway {
        log_in(pen, rng, session, signs_up);
    }
    if rng.chance(330) {
        use_cart(pen, rng, session, seen);
    }
}

fn choose_device(pen: &Pen<'_>, rng: &mut Rng) -> Device {
    let app = if pen.person.app && pen.person.has_account(pen.day) { 45 } else { 0 };
    let tablet = if pen.person.household.tablet { 15 } else { 0 };
    match rng.weighted(&[35, 35, app, tablet]) {
        0 => Device::Laptop,
        1 => Device::Phone,
        2 => Device::App,
        _ => Device::Tablet,
    }
}

fn arrive(pen: &mut Pen<'_>, rng: &mut Rng, session: &mut Session, campaign: Option<Campaign>) {
    match campaign {
        Some(campaign @ (Campaign::Search | Campaign::Banner)) => {
            session.put(pen, What::AdClicked(campaign))
        }
        None if rng.chance(25) => session.put(pen, What::ReviewSiteVisited),
        Some(Campaign::Newsletter) | None => {}
    }
    session.then(pen, rng, 0, 2, What::Paged(Page::Home(campaign)));
    if rng.chance(250) {
        let query =
            u8::try_from(rng.index(crate::names::SEARCHES.len())).expect("the list is short");
        session.then(pen, rng, 3, 40, What::Searched(query));
    } else if rng.chance(450) {
        let first = any_item(pen, rng);
        session.then(pen, rng, 3, 30, What::ListViewed(first.product));
    }
}

fn log_in(pen: &mut Pen<'_>, rng: &mut Rng, session: &mut Session, signs_up: bool) {
    session.then(pen, rng, 10, 90, What::Paged(Page::Account));
    session.logged_in = true;
    let card = pen.person.has_card(pen.day) && rng.chance(500);
    let traits = Traits { email: true, phone: signs_up && rng.chance(600), card, name: signs_up };
    session.then(pen, rng, 5, 40, What::Identified(traits));
    if signs_up {
        let channels =
            [(pen.person.mail_promotion, Channel::Email), (pen.person.sms_promotion, Channel::Sms)];
        for (_, channel) in channels.into_iter().filter(|(given, _)| *given) {
            session.then(pen, rng, 0, 1, What::ConsentGiven(channel));
        }
        if pen.person.app {
            pen.put(
                session.at + 10 * MINUTE,
                Via::App,
                Who::on(Device::App, true),
                What::AppInstalled,
            );
        }
    }
}

/// Puts some of what was seen in the cart, then buys it or leaves it.
fn use_cart(pen: &mut Pen<'_>, rng: &mut Rng, session: &mut Session, seen: Basket) {
    let cart = pen.key();
    let mut basket = Basket::default();
    for item in seen.items() {
        if basket.items().is_empty() || rng.chance(400) {
            let quantity = if rng.chance(60) { 2 } else { 1 };
            let item = Item { quantity, ..*item };
            session.then(pen, rng, 5, 60, What::Cart(CartStep::Added { cart, item }));
            basket.put(item);
        }
    }
    if rng.chance(if basket.items().len() > 1 { 200 } else { 40 })
        && let Some(item) = basket.take_last()
    {
        session.then(pen, rng, 10, 120, What::Cart(CartStep::Removed { cart, item }));
    }
    if basket.items().is_empty() {
        return;
    }
    if rng.chance(400) {
        session.then(pen, rng, 3, 30, What::Cart(CartStep::Viewed { cart, basket }));
    }
    let buys = rng.chance(380);
    if buys || rng.chance(200) {
        session.then(
            pen,
            rng,
            5,
            60,
            What::Cart(CartStep::CheckoutStarted { order: cart, basket }),
        );
    }
    match buys {
        true => check_out(pen, rng, session, cart, basket, 0),
        false => leave(pen, session, cart, basket),
    }
}

/// Pays: a guest gives an address; the shop's server reports the order too.
fn check_out(
    pen: &mut Pen<'_>,
    rng: &mut Rng,
    session: &mut Session,
    order: Key,
    basket: Basket,
    discount_per_mille: u16,
) {
    if !session.logged_in {
        let traits = Traits { email: true, phone: rng.chance(300), card: false, name: true };
        session.then(pen, rng, 20, 120, What::Identified(traits));
    }
    session.at += rng.seconds(20, 180);
    let step = PurchaseStep::Completed;
    let purchase = act::Purchase { step, order, in_store: false, basket, discount_per_mille };
    let buyer = Who { device: None, logged_in: session.logged_in, contact: Contact::Email };
    pen.put(session.at, Via::Shop, buyer, What::Purchase(purchase));
    if session.device == Device::App || rng.chance(700) {
        session.then(pen, rng, 0, 2, What::Purchase(purchase));
    }
    let known_card = pen.person.has_card(pen.day) && session.logged_in;
    aftermath::follow(pen, Bought { at: session.at, place: Place::Online, purchase, known_card });
}

fn leave(pen: &mut Pen<'_>, session: &Session, cart: Key, basket: Basket) {
    let outcome = Outcome::draw(pen.town, cart, session.at, pen.day, pen.person.home_store);
    pen.sketch.left.push(LeftCart { cart, abandoned_at: session.at, basket, outcome });
    if let Some(Purchase { at: At::Moment(at), place, discount_per_mille }) = outcome.without {
        pen.hinges_on = outcome.depends_on_message().then_some(cart);
        come_back(pen, at.as_millisecond(), place, cart, basket, discount_per_mille);
        pen.hinges_on = None;
    }
}

/// Buys what is in an abandoned cart, at `at`.
pub(crate) fn come_back(
    pen: &mut Pen<'_>,
    at: i64,
    place: Place,
    cart: Key,
    basket: Basket,
    discount_per_mille: u16,
) {
    let mut rng = Rng::keyed(pen.town.settings.seed, crate::rng::Purpose::Reaction, cart.0, 0);
    match place {
        Place::Online => {
            let device = rng.pick(&[Device::Laptop, Device::Phone]);
            let mut session = Session { at, device, logged_in: pen.person.has_account(pen.day) };
            session.put(pen, What::Paged(Page::Cart));
            session.then(
                pen,
                &mut rng,
                20,
                90,
                What::Cart(CartStep::CheckoutStarted { order: cart, basket }),
            );
            check_out(pen, &mut rng, &mut session, cart, basket, discount_per_mille);
        }
        Place::Till(till) => pay_at_till(pen, &mut rng, at, till, cart, basket, discount_per_mille),
    }
}

/// A visit to a store on this day, if one is open.
pub(crate) fn visit_store(pen: &mut Pen<'_>, rng: &mut Rng) {
    let town = pen.town;
    let store =
        if rng.chance(850) { pen.person.home_store } else { rng.below(town.settings.stores) };
    let (day, at) =
        tills::moment_in_store(&town.calendar, store, pen.day, town.calendar.at(pen.day, 0), rng);
    if day != pen.day {
        return;
    }
    let look = any_item(pen, rng);
    meet_associate(pen, rng, at, store, look);
    if pen.person.app && rng.chance(300) && pen.person.has_account(day) {
        pen.put(
            at,
            Via::App,
            Who::on(Device::App, true),
            What::StoreVisited { store, staff: None },
        );
    }
    if rng.chance(60) {
        pen.put(
            at + 4 * MINUTE,
            Via::Web,
            Who::on(Device::Phone, false),
            What::QrScanned(look, store),
        );
    }
    if rng.chance(50) {
        pen.put(
            at + 6 * MINUTE,
            Via::Web,
            Who::on(Device::Phone, false),
            What::PriceCompared(look),
        );
    }
    if rng.chance(40) {
        let logged_in = pen.person.has_account(day) && rng.chance(150);
        let mut session = Session { at: at + 5 * MINUTE, device: Device::Kiosk(store), logged_in };
        session.put(pen, What::Viewed(look));
        let other = any_item(pen, rng);
        session.then(pen, rng, 10, 60, What::Viewed(other));
    }
    if rng.chance(600) {
        let mut basket = Basket::of(look);
        for _ in 0..rng.weighted(&[60, 30, 10]) {
            basket.put(any_item(pen, rng));
        }
        let till = town.any_till(store, rng);
        let receipt = pen.key();
        let paid_at = at + rng.seconds(500, 2400);
        pay_at_till(pen, rng, paid_at, till, receipt, basket, 0);
    }
}

fn meet_associate(pen: &mut Pen<'_>, rng: &mut Rng, at: i64, store: u32, look: Item) {
    let contact = match pen.person.has_card(pen.day) {
        true => Contact::Card,
        false => Contact::Email,
    };
    if !rng.chance(if contact == Contact::Card { 150 } else { 30 }) {
        return;
    }
    let staff = rng.between(1, 6);
    pen.put(
        at,
        Via::Floor(store),
        Who::by(contact),
        What::StoreVisited { store, staff: Some(staff) },
    );
    if rng.chance(500) {
        let tried = What::ProductTried { item: look, store, staff };
        pen.put(at + rng.seconds(120, 480), Via::Floor(store), Who::by(contact), tried);
    }
}

fn pay_at_till(
    pen: &mut Pen<'_>,
    rng: &mut Rng,
    at: i64,
    till: u32,
    receipt: Key,
    basket: Basket,
    discount_per_mille: u16,
) {
    let card = if pen.person.has_card(pen.day) { 700 } else { 0 };
    let contact = match rng.weighted(&[card, 110, 8, 60, 20, 300]) {
        0 => Contact::Card,
        1 => Contact::Email,
        2 => Contact::MistypedEmail,
        3 => Contact::Phone,
        4 => Contact::Placeholder,
        _ => Contact::None,
    };
    let (step, order) = (PurchaseStep::Completed, receipt);
    let purchase = act::Purchase { step, order, in_store: true, basket, discount_per_mille };
    pen.put(at, Via::Till(till), Who::by(contact), What::Purchase(purchase));
    let known_card = contact == Contact::Card;
    aftermath::follow(pen, Bought { at, place: Place::Till(till), purchase, known_card });
}

fn any_item(pen: &Pen<'_>, rng: &mut Rng) -> Item {
    let catalogue = &pen.town.catalogue;
    let product = catalogue.browse(rng, pen.person.favourites);
    let variant = rng.index(catalogue.product(product).variants.len());
    Item {
        product,
        variant: u8::try_from(variant).expect("products have few variants"),
        quantity: 1,
    }
}
