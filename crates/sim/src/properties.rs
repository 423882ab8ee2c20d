//! What happened, as properties and traits.

use crate::act::{
    Act, Basket, Campaign, CartStep, Channel, Item, Mailing, Purchase, PurchaseStep, Traits, Via,
    What,
};
use crate::catalogue::CURRENCY;
use crate::names::{CITIES, SEARCHES};
use crate::opaque::{Key, Kind};
use crate::people::{Contact, Person, decimal};
use crate::town::Town;
use crate::vocabulary::write_path;
use crate::write::{put, write_contact};

/// Writes the members of `properties` or `traits`, without the braces.
pub(crate) fn write(town: &Town, person: &Person, act: &Act, out: &mut Vec<u8>) {
    let start = out.len();
    write_what(town, person, act, out);
    if !matches!(act.what, What::Identified(_)) {
        write_contact(town, person, act, out);
    }
    // Each member is written with a comma before it; the first needs none.
    if out.get(start) == Some(&b',') {
        out.remove(start);
    }
}

fn write_what(town: &Town, person: &Person, act: &Act, out: &mut Vec<u8>) {
    match act.what {
        What::Identified(traits) => write_traits(town, person, act, traits, out),
        What::Paged(_) => quoted(out, "url", |out| {
            put(out, "https://shop.example");
            write_path(town, act.what, out);
        }),
        What::AdClicked(campaign) => put(out, advertisement(campaign)),
        What::ReviewSiteVisited => text(out, "site", "reviews.example"),
        What::SocialPosted => {
            put(out, ",\"network\":\"photos\",\"hashtag\":\"shop\",\"mentions_brand\":true")
        }
        What::Viewed(item) | What::Wished(item) => write_item(town, item, out),
        What::PriceCompared(item) => {
            write_item(town, item, out);
            text(out, "site", "prices.example");
        }
        What::QrScanned(item, store) => {
            write_item(town, item, out);
            store_id(out, store);
        }
        What::ProductTried { item, store, staff } => {
            write_item(town, item, out);
            store_id(out, store);
            staff_id(out, staff);
        }
        What::StoreVisited { store, staff } => {
            store_id(out, store);
            if let Some(staff) = staff {
                staff_id(out, staff);
            }
        }
        What::Searched(query) => text(out, "query", SEARCHES[usize::from(query)]),
        What::ListViewed(product) => {
            text(out, "category", town.catalogue.product(product).category)
        }
        What::Reviewed { item, stars } => {
            text(out, "product_id", &town.catalogue.product(item.product).id);
            number(out, "rating", u64::from(stars));
        }
        What::PointsEarned(points) | What::PointsRedeemed(points) => {
            number(out, "points", u64::from(points))
        }
        What::TierChanged => put(out, ",\"tier\":\"gold\",\"previous_tier\":\"silver\""),
        What::TicketOpened(ticket) | What::TicketClosed(ticket) => {
            id(town, out, "ticket_id", Kind::Order, ticket)
        }
        What::Mailed(mailing, _) => write_mailing(town, mailing, out),
        What::ConsentGiven(channel) | What::ConsentWithdrawn(channel) => {
            write_consent(person, act, channel, out)
        }
        What::AppInstalled => put(out, ",\"version\":\"5.2\",\"build\":\"5020\""),
        What::Cart(step) => write_cart(town, step, out),
        What::Purchase(purchase) => write_purchase(town, person, act.via, purchase, out),
        What::Report(_) => {}
    }
}

fn advertisement(campaign: Campaign) -> &'static str {
    match campaign {
        Campaign::Search => ",\"network\":\"search\",\"campaign\":\"brand-terms\"",
        Campaign::Banner => {
            ",\"network\":\"display\",\"campaign\":\"new-season\",\"creative\":\"banner\""
        }
        Campaign::Newsletter => ",\"network\":\"email\",\"campaign\":\"newsletter\"",
    }
}

fn write_cart(town: &Town, step: CartStep, out: &mut Vec<u8>) {
    match step {
        CartStep::Added { cart, item } | CartStep::Removed { cart, item } => {
            id(town, out, "cart_id", Kind::Cart, cart);
            write_item(town, item, out);
            number(out, "quantity", u64::from(item.quantity));
        }
        CartStep::Viewed { cart, basket } => {
            id(town, out, "cart_id", Kind::Cart, cart);
            write_products(town, basket, Codes::Shop, out);
        }
        CartStep::CheckoutStarted { order, basket } => {
            id(town, out, "cart_id", Kind::Cart, order);
            order_id(town, out, order);
            money(out, "value", town.catalogue.worth(&basket));
            text(out, "currency", CURRENCY);
            write_products(town, basket, Codes::Shop, out);
        }
    }
}

fn write_purchase(town: &Town, person: &Person, via: Via, purchase: Purchase, out: &mut Vec<u8>) {
    let Purchase { step, order, in_store, basket, discount_per_mille } = purchase;
    if in_store {
        receipt_id(town, out, order);
    } else {
        order_id(town, out, order);
    }
    let mut codes = Codes::Shop;
    if let Via::Till(till) = via {
        let till = &town.tills[till as usize];
        codes = if till.tells_till_codes { Codes::Till } else { Codes::Bar };
        text(out, "channel", "store");
        store_id(out, till.store);
        text(out, "till", &till.feed());
        staff_id(out, person.number % 6 + 1);
    } else {
        text(out, "channel", "online");
    }
    let worth = town.catalogue.worth(&basket);
    let discount = worth * u32::from(discount_per_mille) / 1000;
    let total = worth - discount;
    money(out, "total", total);
    if step == PurchaseStep::Completed {
        // Prices include 21 % of tax.
        money(out, "revenue", total);
        money(out, "tax", total - total * 100 / 121);
    }
    text(out, "currency", CURRENCY);
    if discount > 0 {
        money(out, "discount", discount);
        text(out, "coupon", "COMEBACK");
    }
    write_products(town, basket, codes, out);
}

/// Which codes a reporter knows a product by.
#[derive(Clone, Copy)]
enum Codes {
    Shop,
    Bar,
    Till,
}

fn write_products(town: &Town, basket: Basket, codes: Codes, out: &mut Vec<u8>) {
    put(out, ",\"products\":[");
    for (place, item) in basket.items().iter().enumerate() {
        put(out, if place == 0 { "{" } else { ",{" });
        let start = out.len();
        let product = town.catalogue.product(item.product);
        let variant = &product.variants[usize::from(item.variant)];
        match codes {
            Codes::Shop => write_item(town, *item, out),
            Codes::Bar => {
                text(out, "sku", &variant.sku);
                text(out, "gtin", &variant.gtin);
                money(out, "price", product.price_minor);
            }
            Codes::Till => {
                text(out, "till_code", &variant.till_code);
                text(out, "name", &product.name);
                money(out, "price", product.price_minor);
            }
        }
        number(out, "quantity", u64::from(item.quantity));
        out.remove(start);
        put(out, "}");
    }
    put(out, "]");
}

/// A product as the web shop tells it.
fn write_item(town: &Town, item: Item, out: &mut Vec<u8>) {
    let product = town.catalogue.product(item.product);
    let variant = &product.variants[usize::from(item.variant)];
    text(out, "product_id", &product.id);
    text(out, "variant", &variant.id);
    text(out, "sku", &variant.sku);
    text(out, "name", &product.name);
    text(out, "category", product.category);
    money(out, "price", product.price_minor);
}

fn write_traits(town: &Town, person: &Person, act: &Act, traits: Traits, out: &mut Vec<u8>) {
    if traits.email {
        quoted(out, "email", |out| person.write_email(out));
    }
    if traits.phone {
        quoted(out, "phone", |out| person.write_phone(out));
    }
    if traits.card {
        // The old list knows the first card of everybody.
        quoted(out, "loyalty_id", |out| match act.via == Via::Customers {
            true => person.write_card_number(town.settings.seed, false, out),
            false => person.write_card(town.settings.seed, act.day, out),
        });
    }
    if traits.name {
        text(out, "firstName", person.given_name());
        text(out, "lastName", person.family_name());
        let (city, postcode) = CITIES[person.household.city];
        put(out, ",\"address\":{\"street\":\"Calle Mayor ");
        decimal(u64::from(person.household.street_number), out);
        put(out, "\"");
        text(out, "city", city);
        text(out, "postalCode", postcode);
        out.truncate(out.len() - 1);
        let district = u64::from(person.household.number % 50);
        decimal(district / 10, out);
        decimal(district % 10, out);
        put(out, "\"}");
    }
}

fn write_consent(person: &Person, act: &Act, channel: Channel, out: &mut Vec<u8>) {
    let (name, address) = match channel {
        Channel::Email => ("email", "email"),
        Channel::Sms => ("sms", "phone"),
    };
    text(out, "channel", name);
    text(out, "purpose", "promotion");
    // Where the contact is not an address of this channel already, the statement names it.
    let named = matches!((channel, act.who.contact), (Channel::Email, Contact::Email));
    if !named {
        quoted(out, address, |out| match channel {
            Channel::Email => person.write_email(out),
            Channel::Sms => person.write_phone(out),
        });
    }
}

fn write_mailing(town: &Town, mailing: Mailing, out: &mut Vec<u8>) {
    match mailing {
        Mailing::Newsletter(week) => {
            put(out, ",\"email_id\":\"newsletter-");
            decimal(u64::from(week) + 1, out);
            put(
                out,
                "\",\"email_subject\":\"Novedades\",\"campaign_id\":\"newsletter\",\"campaign_name\":\"Newsletter\"",
            );
        }
        Mailing::Cart(cart) => {
            id(town, out, "email_id", Kind::Cart, cart);
            put(out, ",\"campaign_id\":\"cart\",\"campaign_name\":\"Cart\"");
        }
    }
}

/// A member whose value, a string, is written by `write`.
pub(crate) fn quoted(out: &mut Vec<u8>, key: &str, write: impl FnOnce(&mut Vec<u8>)) {
    put(out, ",\"");
    put(out, key);
    put(out, "\":\"");
    write(out);
    put(out, "\"");
}

fn text(out: &mut Vec<u8>, key: &str, value: &str) {
    quoted(out, key, |out| put(out, value));
}

fn number(out: &mut Vec<u8>, key: &str, value: u64) {
    put(out, ",\"");
    put(out, key);
    put(out, "\":");
    decimal(value, out);
}

fn money(out: &mut Vec<u8>, key: &str, minor: u32) {
    number(out, key, u64::from(minor / 100));
    put(out, ".");
    decimal(u64::from(minor / 10 % 10), out);
    decimal(u64::from(minor % 10), out);
}

fn id(town: &Town, out: &mut Vec<u8>, key: &str, kind: Kind, value: Key) {
    quoted(out, key, |out| town.write_id(kind, value, out));
}

fn order_id(town: &Town, out: &mut Vec<u8>, order: Key) {
    quoted(out, "order_id", |out| {
        put(out, "W-");
        town.write_id(Kind::Order, order, out);
    });
}

fn receipt_id(town: &Town, out: &mut Vec<u8>, receipt: Key) {
    quoted(out, "receipt_id", |out| {
        put(out, "R-");
        town.write_id(Kind::Order, receipt, out);
    });
}

fn store_id(out: &mut Vec<u8>, store: u32) {
    numbered(out, "store_id", "store-", u64::from(store) + 1);
}

fn staff_id(out: &mut Vec<u8>, staff: u32) {
    numbered(out, "staff", "associate-", u64::from(staff));
}

fn numbered(out: &mut Vec<u8>, key: &str, prefix: &str, value: u64) {
    quoted(out, key, |out| {
        put(out, prefix);
        decimal(value, out);
    });
}
