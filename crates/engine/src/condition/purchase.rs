//! Orders, purchases and returns as occurrences.

use super::ast::{Deed, Thing};
use super::filter::{Filter, NO_FILTER};
use super::moment::ALWAYS;
use super::timeline::{BOUNDLESS, Occurrence};
use super::world::World;
use crate::event::{Channel, CodeKind, Currency, Line};
use crate::product::{Catalogue, Known};
use crate::profile::{OrderRecord, Refund, same_piece};
use crate::time::{Occurred, Timestamp};
use crate::truth::Truth;

/// Why something may count and need not.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Doubt {
    /// A line's codes lead to no product.
    Unmapped,
    /// The order does not say what was bought.
    WithoutLines,
    /// Only a return of the order is known.
    SaleMissing,
    /// The amount is of another currency.
    OtherCurrency,
    /// It is dated so roughly that it may lie outside.
    Undated,
    /// The profile does not keep enough to tell.
    Computing,
}

/// Which lines are meant, of which orders.
#[derive(Clone, Copy, Debug)]
pub(super) struct Wanted<'c> {
    pub(super) thing: &'c Thing,
    pub(super) filter: &'c Filter,
}

impl Wanted<'_> {
    /// Any line of any order.
    pub(super) fn anything() -> Self {
        Self { thing: &Thing::Anything, filter: &NO_FILTER }
    }

    /// Whether an order as a whole is meant; one of which only the return is known may be.
    fn order(&self, order: &OrderRecord) -> bool {
        order.sale.as_ref().is_none_or(|sale| self.filter.order(sale))
    }

    fn any_line(&self) -> bool {
        *self.thing == Thing::Anything && !self.filter.asks_of_lines()
    }

    /// Whether a line of an order is meant. What came back is described by its sale.
    pub(super) fn line(&self, line: &Line, order: &OrderRecord, catalogue: &Catalogue) -> Truth {
        let thing = is(line, self.thing, catalogue);
        if thing == Truth::False || !self.filter.asks_of_lines() {
            return thing;
        }
        let Some(sale) = &order.sale else { return Truth::Unknown };
        let described = !line.attributes.is_empty();
        let own = sale.lines.iter().find(|sold| !described && same_piece(sold, line));
        let sold = own.unwrap_or(line);
        thing.and(self.filter.line(sold, sale, catalogue))
    }
}

/// An order or one of its returns, as an occurrence.
#[derive(Clone, Copy, Debug)]
pub(super) struct Purchase<'a> {
    pub(super) occurrence: Occurrence,
    pub(super) doubt: Option<Doubt>,
    pub(super) order: &'a OrderRecord,
    /// The return meant, if it is one.
    pub(super) refund: Option<&'a Refund>,
}

/// Every purchase or return of `thing`, surely or perhaps.
pub(super) fn deeds<'a>(
    world: &World<'a>,
    deed: Deed,
    wanted: Wanted<'_>,
    channel: Option<Channel>,
    mut take: impl FnMut(Purchase<'a>),
) {
    let catalogue = world.asked.catalogue;
    for order in world.profile.orders.by_key.values().filter(|order| wanted.order(order)) {
        if deed == Deed::Returned {
            for refund in order.refunds.values() {
                let (counts, doubt) = refunded(order, refund, wanted, catalogue);
                let occurrence = when(refund.occurred, refund.received_at);
                give(order, Some(refund), occurrence, counts, doubt, &mut take);
            }
            continue;
        }
        let (mut counts, mut doubt) = match deed {
            Deed::Kept => kept(order, wanted, catalogue),
            Deed::Bought | Deed::Returned => bought(order, wanted, catalogue),
        };
        if let Some(over) = over(order, channel) {
            counts = counts.and(over);
            doubt = doubt.or((over == Truth::Unknown).then_some(Doubt::SaleMissing));
        } else {
            continue;
        }
        if order.sale.is_none() && !wanted.filter.is_empty() {
            counts = counts.and(Truth::Unknown);
            doubt = Some(Doubt::SaleMissing);
        }
        let Some(occurrence) = ordered(order) else { continue };
        give(order, None, occurrence, counts, doubt, &mut take);
    }
}

fn give<'a>(
    order: &'a OrderRecord,
    refund: Option<&'a Refund>,
    occurrence: Occurrence,
    counts: Truth,
    doubt: Option<Doubt>,
    take: &mut impl FnMut(Purchase<'a>),
) {
    if counts == Truth::False {
        return;
    }
    let sure = counts == Truth::True;
    let doubt = if sure { None } else { doubt.or(Some(Doubt::Unmapped)) };
    take(Purchase { occurrence: Occurrence { sure, ..occurrence }, doubt, order, refund });
}

/// Every order that was kept, surely or perhaps.
pub(super) fn orders<'a>(
    world: &World<'a>,
    filter: &Filter,
    channel: Option<Channel>,
    mut take: impl FnMut(Purchase<'a>),
) {
    let wanted = Wanted { thing: &Thing::Anything, filter };
    for order in world.profile.orders.by_key.values().filter(|order| wanted.order(order)) {
        let (Some(over), Some(occurrence)) = (over(order, channel), ordered(order)) else {
            continue;
        };
        let (counts, doubt) = kept(order, Wanted::anything(), world.asked.catalogue);
        let (of_lines, unmapped) = bought(order, wanted, world.asked.catalogue);
        let doubt = doubt.or(unmapped).or(Some(Doubt::SaleMissing));
        give(order, None, occurrence, counts.and(over).and(of_lines), doubt, &mut take);
    }
}

/// What was paid for every order and not given back.
pub(super) fn spent<'a>(
    world: &World<'a>,
    filter: &Filter,
    channel: Option<Channel>,
    currency: Currency,
    mut take: impl FnMut(Purchase<'a>),
) {
    let wanted = Wanted { thing: &Thing::Anything, filter };
    for order in world.profile.orders.by_key.values().filter(|order| wanted.order(order)) {
        let (Some(over), Some(occurrence)) = (over(order, channel), ordered(order)) else {
            continue;
        };
        if order.cancelled.is_some() || over == Truth::False {
            continue;
        }
        let doubt = match &order.sale {
            None => Some(Doubt::SaleMissing),
            Some(sale) if sale.currency != currency => Some(Doubt::OtherCurrency),
            Some(_) => None,
        };
        let net = i128::from(order.net_minor());
        let (low, high) = if doubt.is_none() { (net, net) } else { (0, BOUNDLESS) };
        let occurrence = Occurrence { sure: doubt.is_none(), low, high, ..occurrence };
        take(Purchase { occurrence, doubt, order, refund: None });
    }
}

/// Whether the order came over the channel; `None`: surely not.
fn over(order: &OrderRecord, channel: Option<Channel>) -> Option<Truth> {
    match (channel, &order.sale) {
        (None, _) => Some(Truth::True),
        (Some(_), None) => Some(Truth::Unknown),
        (Some(channel), Some(sale)) => (sale.channel == channel).then_some(Truth::True),
    }
}

/// When the order was placed. Of an order of which only the return is known, that was before.
fn ordered(order: &OrderRecord) -> Option<Occurrence> {
    if let Some(sale) = &order.sale {
        let first = when(sale.occurred, sale.received_at);
        // Who else tells of it may date it later.
        let until = order.dated_until.zip(order.latest()).map(|(until, latest)| until.min(latest));
        let latest = until.map_or(first.latest, |until| until.max(first.latest));
        return Some(Occurrence { latest, ..first });
    }
    let occurred = order.occurred()?;
    let received = order.refunds.values().map(|refund| refund.received_at).min();
    let occurrence = when(occurred, received.unwrap_or(occurred.at));
    Some(Occurrence { earliest: ALWAYS, ..occurrence })
}

/// What we were told of had happened when we were told, however roughly it is dated.
fn when(occurred: Occurred, received_at: Timestamp) -> Occurrence {
    let latest = occurred.latest().min(received_at).max(occurred.at);
    let (earliest, stated) = (occurred.at, occurred.at);
    Occurrence { earliest, stated, latest, sure: true, low: 1, high: 1 }
}

/// Whether a thing was bought with an order, whatever became of it.
fn bought(
    order: &OrderRecord,
    wanted: Wanted<'_>,
    catalogue: &Catalogue,
) -> (Truth, Option<Doubt>) {
    if wanted.any_line() {
        return (Truth::True, None);
    }
    let bought = order.bought(|line| wanted.line(line, order, catalogue));
    (bought, (bought == Truth::Unknown).then(|| doubt_about(order)))
}

/// Why it is not known whether a thing was bought with an order.
pub(super) fn doubt_about(order: &OrderRecord) -> Doubt {
    match &order.sale {
        None => Doubt::SaleMissing,
        Some(sale) if sale.lines.is_empty() => Doubt::WithoutLines,
        Some(_) => Doubt::Unmapped,
    }
}

/// Whether a thing was bought with an order and kept.
fn kept(order: &OrderRecord, wanted: Wanted<'_>, catalogue: &Catalogue) -> (Truth, Option<Doubt>) {
    if order.cancelled.is_some() {
        return (Truth::False, None);
    }
    let Some(sale) = &order.sale else { return (Truth::Unknown, Some(Doubt::SaleMissing)) };
    if !order.kept() {
        return (Truth::False, None);
    }
    if wanted.any_line() {
        return (Truth::True, None);
    }
    let held = among(&sale.lines, order, wanted, catalogue);
    if held.0 == Truth::False || order.refunds.is_empty() {
        return held;
    }
    let pieces = |lines: &[Line], at_least: Truth| -> i64 {
        let meant = lines.iter().filter(|line| wanted.line(line, order, catalogue) >= at_least);
        meant.fold(0, |sum, line| sum.saturating_add(line.quantity_milli.max(1)))
    };
    let back = |at_least: Truth| -> i64 {
        let returns = order.refunds.values().map(|refund| pieces(&refund.lines, at_least));
        returns.fold(0, i64::saturating_add)
    };
    let surely = pieces(&sale.lines, Truth::True) > back(Truth::Unknown);
    let perhaps = pieces(&sale.lines, Truth::Unknown) > back(Truth::True);
    match (surely, perhaps) {
        (true, _) => (Truth::True, None),
        (false, true) => (Truth::Unknown, held.1.or(Some(Doubt::Unmapped))),
        (false, false) => (Truth::False, None),
    }
}

fn refunded(
    order: &OrderRecord,
    refund: &Refund,
    wanted: Wanted<'_>,
    catalogue: &Catalogue,
) -> (Truth, Option<Doubt>) {
    if wanted.any_line() {
        return (Truth::True, None);
    }
    if !refund.lines.is_empty() {
        return among(&refund.lines, order, wanted, catalogue);
    }
    match &order.sale {
        Some(sale) => among(&sale.lines, order, wanted, catalogue),
        None => (Truth::Unknown, Some(Doubt::SaleMissing)),
    }
}

fn among(
    lines: &[Line],
    order: &OrderRecord,
    wanted: Wanted<'_>,
    catalogue: &Catalogue,
) -> (Truth, Option<Doubt>) {
    if lines.is_empty() {
        return (Truth::Unknown, Some(Doubt::WithoutLines));
    }
    let any =
        lines.iter().fold(Truth::False, |any, line| any.or(wanted.line(line, order, catalogue)));
    (any, (any == Truth::Unknown).then_some(Doubt::Unmapped))
}

/// Whether a line is of this product or category.
pub(super) fn is(line: &Line, thing: &Thing, catalogue: &Catalogue) -> Truth {
    match thing {
        Thing::Anything => Truth::True,
        Thing::Category(category) => catalogue.in_category(line, category),
        Thing::Product(id) => {
            let stated = line.code(CodeKind::Product);
            if stated == Some(id) {
                return Truth::True;
            }
            let held = match catalogue.of_line(line) {
                Known::Product(held) => Some(held),
                // A product id that the catalogue has not heard of is still another product's.
                Known::Unmapped => stated,
            };
            held.map_or(Truth::Unknown, |held| {
                (catalogue.circle(held) == catalogue.circle(id)).into()
            })
        }
    }
}
