//! The person: traits, consents, addresses, service tickets.

use std::borrow::Cow;

use super::ast::{Comparison, Literal, Number, TraitTest};
use super::evaluate::Weighed;
use super::moment::earlier;
use super::world::World;
use crate::event::{Channel, ConsentAnswer, Purpose, Value, parse_decimal};
use crate::identity::{Identifier, IdentifierKind};
use crate::profile::{Profile, Trait};
use crate::source::{Facts, Lacking};
use crate::time::Timestamp;
use crate::truth::Truth;

/// A trait by its name; where none has it, a point leads into a nested one.
pub(super) fn stated<'w>(world: &World<'w>, name: &str) -> Option<(&'w Trait, &'w Value)> {
    stated_in(world.profile, name)
}

/// The same of a profile.
pub(super) fn stated_in<'p>(profile: &'p Profile, name: &str) -> Option<(&'p Trait, &'p Value)> {
    let traits = &profile.traits;
    if let Some(held) = traits.get(name) {
        return known(&held.value).map(|value| (held, value));
    }
    let (first, rest) = name.split_once('.')?;
    let held = traits.get(first)?;
    let mut value = &held.value;
    for part in rest.split('.') {
        let Value::Map(map) = value else { return None };
        value = map.get(part)?;
    }
    known(value).map(|value| (held, value))
}

fn known(value: &Value) -> Option<&Value> {
    (*value != Value::Null).then_some(value)
}

/// Whether a trait passes a test.
pub(super) fn test(value: &Value, test: &TraitTest) -> bool {
    match test {
        TraitTest::Known => true,
        TraitTest::Is(literal) => is(value, literal),
        TraitTest::OneOf(literals) => literals.iter().any(|literal| is(value, literal)),
        TraitTest::Contains(literal) => contains(value, literal),
        TraitTest::Number(limit) => compare(value, limit.comparison, limit.value),
    }
}

fn is(value: &Value, literal: &Literal) -> bool {
    match (value, literal) {
        (Value::Text(text), Literal::Text(wanted)) => same_text(text, wanted),
        (Value::Bool(yes), Literal::Bool(wanted)) => yes == wanted,
        (Value::Text(text), Literal::Bool(wanted)) => {
            text.trim().eq_ignore_ascii_case(if *wanted { "true" } else { "false" })
        }
        (_, Literal::Number(number)) => compare(value, Comparison::Exactly, *number),
        (Value::Integer(_) | Value::Number(_), Literal::Text(wanted)) => parse_decimal(wanted)
            .is_some_and(|(digits, places)| {
                compare(value, Comparison::Exactly, Number { digits, places })
            }),
        (
            Value::Null
            | Value::Bool(_)
            | Value::Integer(_)
            | Value::Number(_)
            | Value::List(_)
            | Value::Map(_),
            Literal::Text(_) | Literal::Bool(_),
        ) => false,
    }
}

fn contains(value: &Value, literal: &Literal) -> bool {
    match (value, literal) {
        (Value::List(items), _) => items.iter().any(|item| is(item, literal)),
        (Value::Text(text), Literal::Text(wanted)) => {
            text.to_lowercase().contains(&wanted.to_lowercase())
        }
        (
            Value::Null
            | Value::Bool(_)
            | Value::Integer(_)
            | Value::Number(_)
            | Value::Text(_)
            | Value::Map(_),
            Literal::Text(_) | Literal::Number(_) | Literal::Bool(_),
        ) => false,
    }
}

fn same_text(left: &str, right: &str) -> bool {
    left.eq_ignore_ascii_case(right)
        || !(left.is_ascii() && right.is_ascii()) && left.to_lowercase() == right.to_lowercase()
}

/// Compares as exact decimals where the value is one, so that 0.1 is 0.1. A text that reads as a
/// number is one: files and forms know nothing else.
fn compare(value: &Value, comparison: Comparison, bound: Number) -> bool {
    let text = match value {
        Value::Integer(whole) => Cow::Owned(whole.to_string()),
        // The shortest digits that read back as the same number: what was once written.
        Value::Number(number) => Cow::Owned(number.to_string()),
        Value::Text(text) => Cow::Borrowed(text.as_str()),
        Value::Null | Value::Bool(_) | Value::List(_) | Value::Map(_) => return false,
    };
    let Some((digits, places)) = parse_decimal(&text) else {
        return match value.as_number() {
            Some(number) => compare_large(number, comparison, bound),
            None => false,
        };
    };
    // At most 18 digits on each side, brought to the same number of places: below 10^37.
    let scaled = |digits: i64, by: u32| i128::from(digits) * 10_i128.pow(by);
    let most = places.max(bound.places);
    let left = scaled(digits, most - places);
    let right = scaled(bound.digits, most - bound.places);
    comparison.test(left, left, right) == Truth::True
}

/// For numbers beyond 18 digits or places.
fn compare_large(number: f64, comparison: Comparison, bound: Number) -> bool {
    let bound: f64 = bound.to_string().parse().unwrap_or(f64::NAN);
    match comparison {
        Comparison::AtLeast => number >= bound,
        Comparison::AtMost => number <= bound,
        Comparison::MoreThan => number > bound,
        Comparison::LessThan => number < bound,
        Comparison::Exactly => number.total_cmp(&bound).is_eq(),
    }
}

/// Whether there is a yes for a channel and purpose, and no standing no. With when it was said.
pub(super) fn consent(
    world: &World<'_>,
    channel: Channel,
    purpose: Purpose,
) -> (bool, Option<Timestamp>) {
    let consents = &world.profile.consents;
    if let Some((_, no)) = consents.withdrawn(channel, purpose) {
        return (false, Some(no.stamp.at));
    }
    let yes = consents
        .by_key
        .iter()
        .filter(|((_, held, for_what), record)| {
            (*held, *for_what) == (channel, purpose) && record.answer == ConsentAnswer::Given
        })
        .map(|(_, record)| record.stamp.at)
        .max();
    (yes.is_some(), yes)
}

/// Whether there is an address for a channel without a hard stop on it, and whether there is any.
pub(super) fn reachable(world: &World<'_>, channel: Channel) -> (bool, bool) {
    let kind = match channel {
        Channel::Email => IdentifierKind::Email,
        Channel::Sms => IdentifierKind::Phone,
        Channel::Web
        | Channel::App
        | Channel::Store
        | Channel::Push
        | Channel::Service
        | Channel::Social
        | Channel::Ads
        | Channel::Other => return (false, false),
    };
    let evidence = world.asked.evidence;
    let stopped = |address: &Identifier| world.profile.consents.suppressions.contains_key(address);
    let own = evidence.nodes.iter().map(|node| &node.identifier);
    // An address of a household was seen directly with one of the person's identifiers.
    let shared = evidence.edges.iter().filter(|edge| evidence.holds(&edge.strong));
    let mut any = false;
    for address in own.chain(shared.map(|edge| &edge.weak)).filter(|id| id.kind == kind) {
        any = true;
        if !stopped(address) {
            return (true, true);
        }
    }
    (false, any)
}

/// Whether a question to the service desk is open. For certain, a desk that is behind may still
/// tell of a new one, or that one was closed.
pub(super) fn weigh_ticket(world: &World<'_>) -> Weighed {
    let (_, closed) = ticket(world);
    if !world.certain() {
        return closed;
    }
    let next = earlier(closed.next, world.feeds.missing(&Facts::Tickets).changes_at);
    let truth = if late_desks(world).is_empty() { closed.truth } else { Truth::Unknown };
    Weighed { truth, next }
}

/// The feeds that may still tell of a question, or that the one asked last was closed.
pub(super) fn late_desks(world: &World<'_>) -> Vec<Lacking> {
    if !world.certain() {
        return Vec::new();
    }
    let (last, _) = ticket(world);
    let missing = world.feeds.missing(&Facts::Tickets);
    let turns = missing.lacking.iter().filter(|silence| {
        let until = silence.lacking.needed_until;
        last.is_none_or(|(_, opened)| opened < until)
    });
    turns.map(|silence| silence.lacking.clone()).collect()
}

/// The questions to the service desk that are open: when the first and the last were asked, and
/// when that changes by time alone.
pub(super) fn ticket(world: &World<'_>) -> (Option<(Timestamp, Timestamp)>, Weighed) {
    let now = world.now();
    let (mut open, mut next) = (None, None);
    for ticket in world.profile.tickets.values() {
        let opened = ticket.opened.filter(|stamp| stamp.at <= now);
        let closed = ticket.closed.filter(|stamp| stamp.at <= now);
        if let Some(stamp) = opened.filter(|_| opened > closed) {
            let (first, last) = open.unwrap_or((stamp.at, stamp.at));
            open = Some((stamp.at.min(first), stamp.at.max(last)));
        }
        for stamp in [ticket.opened, ticket.closed].into_iter().flatten() {
            if stamp.at > now {
                next = earlier(next, Some(stamp.at));
            }
        }
    }
    (open, Weighed { truth: open.is_some().into(), next })
}
