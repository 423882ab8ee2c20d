//! Facts about orders and feeds: what was bought, where, and what is not known. No addresses, no
//! values of traits.

use super::ast::{Deed, Thing};
use super::purchase::{Doubt, Purchase, Wanted};
use super::world::World;
use crate::event::{Channel, Line, Money};
use crate::product::Known;
use crate::profile::OrderRecord;
use crate::reason::{Aside, Fact, Goods, ReasonCode, Sort, Told, Whereabouts};
use crate::source::Lacking;
use crate::time::Precision;

/// Where an order was made.
pub(super) fn place(order: &OrderRecord) -> Whereabouts {
    let Some(sale) = &order.sale else { return Whereabouts::Unknown };
    match (sale.channel, &sale.store) {
        (_, Some(store)) => Whereabouts::StoreNamed(store.clone()),
        (Channel::Store, None) => Whereabouts::Store,
        (Channel::Web, None) => Whereabouts::Web,
        (Channel::App, None) => Whereabouts::App,
        (channel, None) => Whereabouts::Over(channel),
    }
}

/// What to call the product of a line: as its source names it, else the catalogue, else a code.
pub(super) fn label<'l>(world: &'l World<'_>, line: &'l Line) -> &'l str {
    let catalogue = world.asked.catalogue;
    if line.name.is_some() {
        return line.label();
    }
    match catalogue.of_line(line) {
        Known::Product(id) => catalogue.product(id).map_or(line.label(), |p| p.name.as_str()),
        Known::Unmapped => line.label(),
    }
}

/// Of which products a condition speaks, by their names.
pub(super) fn of_thing(world: &World<'_>, thing: &Thing) -> Sort {
    match thing {
        Thing::Anything => Sort::Anything,
        Thing::Category(name) => Sort::Category(name.clone()),
        Thing::Product(id) => {
            let product = world.asked.catalogue.product(id);
            Sort::Product(product.map_or_else(|| id.clone(), |product| product.name.clone()))
        }
    }
}

/// What a purchase or a return was.
pub(super) fn purchase(
    world: &World<'_>,
    deed: Option<Deed>,
    wanted: Wanted<'_>,
    it: &Purchase<'_>,
) -> Fact {
    let lines: &[Line] = match (it.refund, &it.order.sale) {
        (Some(refund), _) if !refund.lines.is_empty() => &refund.lines,
        (_, Some(sale)) => &sale.lines,
        (_, None) => &[],
    };
    let catalogue = world.asked.catalogue;
    let is = |line: &Line| wanted.line(line, it.order, catalogue).holds();
    let meant = lines.iter().filter(|line| is(line));
    let goods = match (meant.count(), lines) {
        (1, [line]) => Goods::Named(label(world, line).to_owned()),
        (0, _) | (_, []) => Goods::Order,
        (1.., _) if *wanted.thing != Thing::Anything || !wanted.filter.is_empty() => {
            let line = lines.iter().find(|line| is(line));
            line.map_or(Goods::Order, |line| Goods::Named(label(world, line).to_owned()))
        }
        (count, _) => Goods::Products(u64::try_from(count).unwrap_or(u64::MAX)),
    };
    let place = place(it.order);
    let told = match deed {
        _ if it.refund.is_some() => Told::Returned { goods, place },
        Some(Deed::Returned) => Told::Returned { goods, place },
        Some(Deed::Bought | Deed::Kept) => Told::Bought { goods, place },
        None => Told::Ordered { goods, place },
    };
    let occurred = it.refund.map(|refund| refund.occurred).or_else(|| it.order.occurred());
    let fact = Fact::new(told, occurred.map(|occurred| occurred.at));
    match occurred.map(|occurred| occurred.precision) {
        Some(Precision::Day) => fact.beside(Aside::DayOnly),
        Some(Precision::Instant | Precision::Minute) | None => fact,
    }
}

/// Why something may count and need not.
pub(super) fn doubt(doubt: Doubt, order: Option<&OrderRecord>) -> (ReasonCode, Fact) {
    let place = order.map_or(Whereabouts::Unknown, place);
    let at = order.and_then(OrderRecord::occurred).map(|occurred| occurred.at);
    let (code, told) = match doubt {
        Doubt::Unmapped => (ReasonCode::UnmappedCode, Told::OrderUnmapped { place }),
        Doubt::WithoutLines => (ReasonCode::OrderWithoutLines, Told::OrderWithoutLines { place }),
        Doubt::SaleMissing => (ReasonCode::OrderWithoutLines, Told::SaleMissing { place }),
        Doubt::OtherCurrency => {
            let sale = order.and_then(|order| order.sale.as_ref());
            let told = sale.map_or(Told::CurrencyUnknown, |sale| Told::OtherCurrency {
                amount: Money { minor: sale.total_minor, currency: sale.currency },
            });
            (ReasonCode::ConditionUnknown, told)
        }
        Doubt::Undated => (ReasonCode::ConditionUnknown, Told::OrderUndated { place }),
        Doubt::Computing => (ReasonCode::Computing, Told::NotKept),
    };
    (code, Fact::new(told, at))
}

/// Since when a feed has been silent.
pub(super) fn silence(world: &World<'_>, lacking: &Lacking) -> Fact {
    let feed = lacking.feed.clone();
    let told = match lacking.heard_at {
        Some(at) => {
            let since = super::moment::clock(at, world.now(), world.asked.zone);
            Told::FeedSilent { feed, since }
        }
        None => Told::FeedNeverHeard { feed },
    };
    Fact::new(told, lacking.heard_at)
}
