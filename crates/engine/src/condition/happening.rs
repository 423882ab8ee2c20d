//! Events by kind, touchpoints by channel, and cart activity as occurrences.
//!
//! Of events of a kind the profile keeps the number, the first and the last, and of touchpoints
//! the latest. Where a window cuts through what is not kept one by one, the count is an interval.

use super::ast::TicketTurn;
use super::filter::{self, FieldTest, Filter};
use super::moment::ALWAYS;
use super::purchase::Doubt;
use super::timeline::{BOUNDLESS, Occurrence};
use super::world::World;
use crate::event::{Channel, Kind};
use crate::profile::{Atom, Entry, Path, Profile};
use crate::time::{Occurred, Timestamp};
use crate::truth::Truth;

/// One or several events, as an occurrence.
#[derive(Clone, Copy, Debug)]
pub(super) struct Happening {
    pub(super) occurrence: Occurrence,
    /// Why these count perhaps: they are not kept one by one, or a code leads nowhere.
    pub(super) doubt: Option<Doubt>,
}

fn one(occurred: Occurred) -> Happening {
    let occurrence = Occurrence { latest: occurred.latest(), ..Occurrence::at(occurred.at) };
    Happening { occurrence, doubt: None }
}

/// So many events between two moments, or perhaps as many.
fn rest(from: Timestamp, to: Timestamp, low: i128, high: i128) -> Happening {
    let (earliest, stated) = (from, from);
    let occurrence = Occurrence { earliest, stated, latest: to, sure: true, low, high };
    Happening { occurrence, doubt: Some(Doubt::Computing) }
}

/// Every event of a kind that passes a filter.
pub(super) fn events(
    world: &World<'_>,
    kind: &Kind,
    filter: &Filter,
    mut take: impl FnMut(Happening),
) {
    let standing = !world.profile.standing.by_key.is_empty();
    if !filter.is_empty() || standing && world.kept(kind, filter, None).is_some() {
        return kept_of(world, kind, filter, None, |happened| {
            let Happened { occurrence, doubt, .. } = happened;
            take(Happening { occurrence, doubt });
        });
    }
    let Some(activity) = world.profile.activity.get(kind) else { return };
    let path = &world.profile.path;
    let mut known = 0_u64;
    let (mut first, mut last) = (activity.first != activity.last, true);
    let mut bound = activity.last.at;
    if kind.touchpoint() {
        for touch in path.latest.iter().filter(|touch| touch.kind == *kind) {
            first &= touch.stamp != activity.first;
            last &= touch.stamp != activity.last;
            known += 1;
            take(one(Occurred::instant(touch.stamp.at)));
        }
        if whole(path) {
            // The count may be higher where one document came in several versions, but it
            // happened once.
            return;
        }
        bound = path.latest.first().map_or(bound, |oldest| oldest.stamp.at.min(bound));
    }
    for (missing, stamp) in [(first, activity.first), (last, activity.last)] {
        if missing {
            known += 1;
            take(one(Occurred::instant(stamp.at)));
        }
    }
    let others = activity.count.saturating_sub(known);
    if others > 0 {
        let others = i128::from(others);
        take(rest(activity.first.at, bound.max(activity.first.at), others, others));
    }
}

/// One event that a standing aggregate keeps, with the values of its field.
pub(super) struct Happened {
    pub(super) occurrence: Occurrence,
    pub(super) values: Vec<Atom>,
    pub(super) doubt: Option<Doubt>,
}

/// Every event of a kind that passes a filter, as its standing aggregate keeps them.
pub(super) fn kept_of(
    world: &World<'_>,
    kind: &Kind,
    filter: &Filter,
    field: Option<&str>,
    mut take: impl FnMut(Happened),
) {
    let mut some = |from: Timestamp, to: Timestamp, low: i128, high: i128| {
        let Happening { occurrence, doubt } = rest(from, to, low, high);
        take(Happened { occurrence, values: Vec::new(), doubt });
    };
    let Some(held) = world.kept(kind, filter, field) else {
        // Of somebody without such events, there is nothing to compute.
        if let Some(activity) = world.profile.activity.get(kind) {
            some(activity.first.at, activity.last.at, 0, i128::from(activity.count));
        }
        return;
    };
    let of_lines = filter.asks_catalogue();
    if let Some(out) = held.rest {
        let count = i128::from(out.count);
        some(out.first.at, out.last.at, if of_lines { 0 } else { count }, count);
    }
    for entry in &held.latest {
        let Happening { occurrence, .. } = one(Occurred::instant(entry.stamp.at));
        if !of_lines {
            take(Happened { occurrence, values: entry.values.clone(), doubt: None });
            continue;
        }
        let (meant, values) = of_entry(world, entry, filter, field);
        let doubt = (meant == Truth::Unknown).then_some(Doubt::Unmapped);
        if meant != Truth::False {
            let occurrence = Occurrence { sure: doubt.is_none(), ..occurrence };
            take(Happened { occurrence, values, doubt });
        }
    }
}

/// Whether one of an entry's lines passes, and the values of those that do.
fn of_entry(
    world: &World<'_>,
    entry: &Entry,
    filter: &Filter,
    field: Option<&str>,
) -> (Truth, Vec<Atom>) {
    let tests: Vec<&FieldTest> =
        filter.0.iter().filter(|test| filter::has_word_of_lines(&test.field)).collect();
    let mut any = Truth::False;
    let mut values = Vec::new();
    for line in &entry.lines {
        let catalogue = world.asked.catalogue;
        let passes = tests
            .iter()
            .fold(Truth::True, |all, test| all.and(filter::entry_test(line, test, catalogue)));
        any = any.or(passes);
        let of_lines = |field: &&str| filter::has_word_of_lines(field) || entry.values.is_empty();
        let field = field.filter(of_lines);
        if let Some(held) =
            field.filter(|_| passes.holds()).and_then(|f| filter::entry_field(line, f))
        {
            values.push(Atom::from(held));
        }
    }
    values.extend(entry.values.iter().cloned());
    (any, values)
}

/// Every touchpoint over a channel.
pub(super) fn touches(world: &World<'_>, channel: Channel, mut take: impl FnMut(Happening)) {
    let path = &world.profile.path;
    for touch in path.latest.iter().filter(|touch| touch.channel == channel) {
        take(one(Occurred::instant(touch.stamp.at)));
    }
    if whole(path) {
        return;
    }
    let (Some(first), Some(oldest)) = (&path.first, path.latest.first()) else { return };
    if first.channel == channel {
        take(one(Occurred::instant(first.stamp.at)));
    }
    take(rest(first.stamp.at, oldest.stamp.at, 0, BOUNDLESS));
}

/// Every question to the service desk, when it was last asked or closed.
pub(super) fn tickets(world: &World<'_>, turn: TicketTurn, mut take: impl FnMut(Happening)) {
    let tickets = &world.profile.tickets;
    for ticket in tickets.values() {
        let stamp = match turn {
            TicketTurn::Opened => ticket.opened,
            TicketTurn::Closed => ticket.closed,
        };
        if let Some(stamp) = stamp {
            take(one(Occurred::instant(stamp.at)));
        }
    }
    if tickets.len() >= Profile::TICKETS_MAX {
        take(rest(ALWAYS, world.now(), 0, BOUNDLESS));
    }
}

/// Whether every touchpoint is kept: what was left out came after the first and before the others.
fn whole(path: &Path) -> bool {
    path.first.as_ref() == path.latest.first()
}

/// Everything that happened to the carts.
pub(super) fn cart_events(world: &World<'_>, mut take: impl FnMut(Happening)) {
    for operation in &world.profile.cart.operations {
        take(one(operation.occurred));
    }
}
