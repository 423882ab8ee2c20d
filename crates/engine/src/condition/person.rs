//! The person: traits, consents, addresses, service tickets.

use std::borrow::Cow;

use super::ast::{Comparison, Length, Literal, Number, TraitTest};
use super::evaluate::Weighed;
use super::moment::{NEVER, earlier};
use super::world::World;
use crate::event::{Channel, ConsentAnswer, Purpose, Value, parse_decimal};
use crate::guard::browsers;
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

/// What the person said to messages over a channel for a purpose.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Consenting {
    /// Yes, and it counts.
    Yes(Timestamp),
    /// Yes, and the shop waits for it to be confirmed.
    Unconfirmed(Timestamp),
    /// No.
    No(Timestamp),
    /// Nothing.
    Never,
}

/// Whether there is a yes that counts for a channel and purpose, and no standing no.
pub(super) fn consent(world: &World<'_>, channel: Channel, purpose: Purpose) -> Consenting {
    let consents = &world.profile.consents;
    if let Some((_, no)) = consents.withdrawn(channel, purpose) {
        return Consenting::No(no.stamp.at);
    }
    let asked = world.asked.beside.asks_twice(channel, purpose);
    let stated = consents.by_key.iter().filter(|((_, held, for_what), record)| {
        (*held, *for_what) == (channel, purpose) && record.answer == ConsentAnswer::Given
    });
    let last = |counts: bool| {
        let such = stated.clone().filter(move |(_, record)| record.grants(asked) == counts);
        such.map(|(_, record)| record.stamp.at).max()
    };
    match (last(true), last(false)) {
        (Some(at), _) => Consenting::Yes(at),
        (None, Some(at)) => Consenting::Unconfirmed(at),
        (None, None) => Consenting::Never,
    }
}

/// Whether messages for a purpose may go to one of the person's addresses.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum MayWrite {
    /// They may; with when the person said yes, where a yes is needed and was said.
    Yes(Option<Timestamp>),
    /// The person said no, then.
    Refused(Timestamp),
    /// There is an address, and no yes that holds for it.
    NotAsked,
    /// What addresses there are got a hard stop.
    Stopped,
    /// There is no address.
    NoAddress,
}

/// Whether messages for a purpose may go to one of the person's addresses, by what was said of that
/// very address. The guard asks the same, and what its shop holds of customers who were never asked.
pub(super) fn may_write(world: &World<'_>, channel: Channel, purpose: Purpose) -> MayWrite {
    let consents = &world.profile.consents;
    let refused = consents.withdrawn(channel, purpose);
    if let Some((_, no)) = refused.filter(|_| purpose != Purpose::Transactional) {
        return MayWrite::Refused(no.stamp.at);
    }
    let asked = world.asked.beside.asks_twice(channel, purpose);
    let mut answer = MayWrite::NoAddress;
    for address in addresses(world, channel) {
        if consents.suppressions.contains_key(address) {
            if answer == MayWrite::NoAddress {
                answer = MayWrite::Stopped;
            }
        } else if let Some(no) = consents.stopped(address, channel) {
            answer = MayWrite::Refused(no.at);
        } else if consents.allows(address, (channel, purpose), asked) == Some(true) {
            let said = match consent(world, channel, purpose) {
                Consenting::Yes(at) => Some(at),
                Consenting::Unconfirmed(_) | Consenting::No(_) | Consenting::Never => None,
            };
            return MayWrite::Yes(said.filter(|_| refused.is_none()));
        } else {
            answer = MayWrite::NotAsked;
        }
    }
    answer
}

/// Whether there is an address for a channel without a hard stop on it, and whether there is any.
pub(super) fn reachable(world: &World<'_>, channel: Channel) -> (bool, bool) {
    let mut any = false;
    for address in addresses(world, channel) {
        any = true;
        if !world.profile.consents.suppressions.contains_key(address) {
            return (true, true);
        }
    }
    (false, any)
}

/// The person's addresses for which messages over a channel can leave, its own and those of a household
/// that were seen directly with one of its identifiers; of push messages its own browsers that take them.
fn addresses<'w>(
    world: &World<'w>,
    channel: Channel,
) -> impl Iterator<Item = &'w Identifier> + use<'w> {
    let kind = match channel {
        Channel::Email => Some(IdentifierKind::Email),
        Channel::Sms => Some(IdentifierKind::Phone),
        // Those of push messages are chained below.
        Channel::Push
        | Channel::Web
        | Channel::App
        | Channel::Store
        | Channel::Service
        | Channel::Social
        | Channel::Ads
        | Channel::Other => None,
    };
    let evidence = world.asked.evidence;
    let own = evidence.nodes.iter().map(|node| &node.identifier);
    let shared = evidence.edges.iter().filter(|edge| evidence.holds(&edge.strong));
    let all = own.chain(shared.map(|edge| &edge.weak));
    let beside = world.asked.beside;
    let texts = move |address: &Identifier| channel != Channel::Sms || beside.texts(address);
    let all = all.filter(move |address| {
        kind.as_ref() == Some(&address.kind) && address.can_be_sent_to() && texts(address)
    });
    let push = (channel == Channel::Push).then(|| browsers(world.profile, evidence));
    all.chain(push.into_iter().flatten())
}

/// Whether a question to the service desk is open. For certain, a desk that is behind may still
/// tell of a new one, or that one was closed.
/// With a length of time, whether one has been open for longer.
pub(super) fn weigh_ticket(world: &World<'_>, length: Option<Length>) -> Weighed {
    let (_, open) = ticket(world);
    let closed = length.map_or(open, |length| waits(world, length));
    if !world.certain() {
        return closed;
    }
    let turns = earlier(closed.next, open.next);
    let next = earlier(turns, world.feeds.missing(&Facts::Tickets).changes_at);
    let late = !late_desks(world, length).is_empty();
    Weighed { truth: if late { Truth::Unknown } else { closed.truth }, next }
}

/// Whether a question has been open for longer than so long, and when that turns.
fn waits(world: &World<'_>, length: Length) -> Weighed {
    let now = world.now();
    let stretches: Vec<(Timestamp, Timestamp)> = world
        .profile
        .tickets
        .values()
        .filter_map(|ticket| {
            let opened = ticket.opened?;
            let closed = ticket.closed.filter(|closed| *closed >= opened);
            let from = world.clocks().after(opened.at, length);
            Some((from, closed.map_or(NEVER, |closed| closed.at)))
        })
        .collect();
    let holds = |at: Timestamp| stretches.iter().any(|(from, to)| *from <= at && at < *to);
    let moments = stretches.iter().flat_map(|(from, to)| [*from, *to]);
    let turns = moments.filter(|at| *at > now && *at != NEVER && holds(*at) != holds(now));
    Weighed { truth: holds(now).into(), next: turns.min() }
}

/// The feeds that may still tell of a question, or that the one asked last was closed. Where it
/// matters for how long, also of one that was asked before it.
pub(super) fn late_desks(world: &World<'_>, length: Option<Length>) -> Vec<Lacking> {
    if !world.certain() {
        return Vec::new();
    }
    let (last, _) = ticket(world);
    let missing = world.feeds.missing(&Facts::Tickets);
    let turns = missing.lacking.iter().filter(|silence| {
        let until = silence.lacking.needed_until;
        length.is_some() || last.is_none_or(|(_, opened)| opened < until)
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
