//! Facts in plain words: what was bought, where, and what is not known. No addresses, no values of traits.

use super::ast::{Deed, Thing};
use super::purchase::{Doubt, Purchase, is};
use super::world::World;
use crate::event::{Channel, Line};
use crate::product::Known;
use crate::profile::OrderRecord;
use crate::reason::{Fact, ReasonCode};
use crate::source::Lacking;
use crate::time::{Occurred, Precision};

/// ` in store lisbon-1`, ` on the web`
pub(super) fn place(order: &OrderRecord) -> String {
    let Some(sale) = &order.sale else { return String::new() };
    match (sale.channel, &sale.store) {
        (_, Some(store)) => format!(" in store {store}"),
        (Channel::Store, None) => " in a store".to_owned(),
        (Channel::Web, None) => " on the web".to_owned(),
        (Channel::App, None) => " in the app".to_owned(),
        (channel, None) => format!(" over {}", channel.word()),
    }
}

/// ` on 2026-03-28, at an unknown time`: said where the time of the day is not known.
fn roughly(occurred: Occurred) -> String {
    match occurred.precision {
        Precision::Instant | Precision::Minute => String::new(),
        Precision::Day => ", at an unknown time of the day".to_owned(),
    }
}

/// What to call the product of a line: as its source names it, else the catalogue, else a code.
pub(super) fn label<'w>(world: &World<'w>, line: &'w Line) -> &'w str {
    let catalogue = world.asked.catalogue;
    if line.name.is_some() {
        return line.label();
    }
    match catalogue.of_line(line) {
        Known::Product(id) => catalogue.product(id).map_or(line.label(), |p| p.name.as_str()),
        Known::Unmapped => line.label(),
    }
}

/// ` of T-shirt`, ` of category Shoes`; nothing where anything is meant.
pub(super) fn of_thing(world: &World<'_>, thing: &Thing) -> String {
    match thing {
        Thing::Anything => String::new(),
        Thing::Category(name) => format!(" of category {name}"),
        Thing::Product(id) => {
            let product = world.asked.catalogue.product(id);
            format!(" of {}", product.map_or(id.as_str(), |product| product.name.as_str()))
        }
    }
}

/// What a purchase or a return was.
pub(super) fn purchase(
    world: &World<'_>,
    deed: Option<Deed>,
    thing: &Thing,
    it: &Purchase<'_>,
) -> Fact {
    let lines: &[Line] = match (it.refund, &it.order.sale) {
        (Some(refund), _) if !refund.lines.is_empty() => &refund.lines,
        (_, Some(sale)) => &sale.lines,
        (_, None) => &[],
    };
    let catalogue = world.asked.catalogue;
    let meant = lines.iter().filter(|line| is(line, thing, catalogue).holds());
    let what = match (meant.count(), lines) {
        (1, [line]) => label(world, line).to_owned(),
        (0, _) | (_, []) => "an order".to_owned(),
        (1.., _) if *thing != Thing::Anything => {
            let line = lines.iter().find(|line| is(line, thing, catalogue).holds());
            line.map_or("an order", |line| label(world, line)).to_owned()
        }
        (count, _) => format!("{count} products"),
    };
    let verb = match deed {
        Some(Deed::Returned) => "returned",
        Some(Deed::Bought | Deed::Kept) => "bought",
        None => "ordered",
    };
    let occurred = it.refund.map(|refund| refund.occurred).or_else(|| it.order.occurred());
    let rough = occurred.map(roughly).unwrap_or_default();
    let text = format!("{verb} {what}{}{rough}", place(it.order));
    Fact::new(if it.refund.is_some() { "return" } else { "order" }, text, occurred.map(|o| o.at))
}

/// Why something may count and need not.
pub(super) fn doubt(doubt: Doubt, it: Option<&Purchase<'_>>) -> (ReasonCode, Fact) {
    let order = it.map(|it| it.order);
    let place = order.map(place).unwrap_or_default();
    let at = order.and_then(OrderRecord::occurred).map(|occurred| occurred.at);
    let (code, kind, text) = match doubt {
        Doubt::Unmapped => {
            let text = format!("an order{place} holds a code that leads to no product");
            (ReasonCode::UnmappedCode, "order", text)
        }
        Doubt::WithoutLines => {
            let text = format!("an order{place} does not say what was bought");
            (ReasonCode::OrderWithoutLines, "order", text)
        }
        Doubt::SaleMissing => {
            let text = "of an order only the return is known".to_owned();
            (ReasonCode::OrderWithoutLines, "order", text)
        }
        Doubt::OtherCurrency => {
            let money = order.and_then(|order| order.sale.as_ref()).map(|sale| {
                crate::event::Money { minor: sale.total_minor, currency: sale.currency }
            });
            let amount = money.map_or_else(String::new, |money| format!(" of {money}"));
            let text = format!("an order{amount} is in another currency");
            (ReasonCode::ConditionUnknown, "order", text)
        }
        Doubt::Computing => {
            let text = "how many of the events lie in that time is not kept".to_owned();
            (ReasonCode::Computing, "computing", text)
        }
    };
    (code, Fact::new(kind, text, at))
}

/// `till till-3 of source pos-2 has not reported since 18:02`
pub(super) fn silence(world: &World<'_>, lacking: &Lacking) -> Fact {
    let name = &lacking.feed;
    let who = if name.feed.is_empty() {
        format!("source {}", name.source)
    } else {
        format!("{} of source {}", name.feed, name.source)
    };
    let text = match lacking.heard_at {
        Some(at) => {
            let since = super::moment::clock(at, world.now(), world.asked.zone);
            format!("{who} has not reported since {since}")
        }
        None => format!("{who} has never reported"),
    };
    Fact::new("feed", text, lacking.heard_at)
}
