//! Keeping membership: which segments to ask again, asking them, and what turned.

use std::sync::Arc;

use super::mask::Mask;
use super::{Kept, Membership, Stale, Standing, Turn, Way};
use crate::condition::{Answer, ComputedTrait, Condition, Manner, Weighed, evaluate, weigh_known};
use crate::event::{Event, LogPosition, Mode, Value};
use crate::record::Record;
use crate::step::{World, person_zone};
use crate::time::Timestamp;

/// Why a person is looked at.
#[derive(Clone, Copy, Debug)]
pub enum Cause<'c> {
    /// An event was folded in.
    Event(&'c Event, LogPosition),
    /// Time went on, records were regrouped, or a segment is computed.
    Time,
}

/// A segment that a person entered or left.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Turned {
    /// Its name.
    pub segment: String,
    /// How.
    pub turn: Turn,
    /// Whether a journey may start by it: the segment was computed for everybody, and this is news.
    pub starts: bool,
}

/// Whether [`keep`] has anything to ask.
#[must_use]
pub fn concerns(standing: &Standing, person: &Record, cause: Cause<'_>, now: Timestamp) -> bool {
    // Where there never was a segment, nobody's membership is even read.
    standing.generation != 0
        && (!to_ask(standing, person, cause, now).empty()
            || person.membership.generation != standing.generation)
}

/// The segments to ask again.
fn to_ask(standing: &Standing, person: &Record, cause: Cause<'_>, now: Timestamp) -> Mask {
    let held = &person.membership;
    if standing.segments.is_empty() {
        return Mask::EMPTY;
    }
    if held.stale != Stale::No {
        return *standing.all();
    }
    let mut mask = Mask::EMPTY;
    if held.generation != standing.generation {
        mask = standing.newer_than(held.generation);
    }
    if held.due_at.is_some_and(|due| due <= now) {
        mask.with(standing.timed());
    }
    if let Cause::Event(event, _) = cause {
        mask.with(&standing.touched(event, person));
        // The first event makes a person of whom everything is asked.
        if person.profile.events <= 1 {
            mask = *standing.all();
        }
    }
    mask
}

/// Brings a person's membership up to the moment. Returns what turned, by the segments' order.
///
/// As known: what is still being computed does not hold. A row without events is nobody and in no
/// segment. Cost: a few dozen ns where nothing is touched, else what the touched conditions cost.
pub fn keep(
    world: &World<'_>,
    person: &mut Record,
    cause: Cause<'_>,
    now: Timestamp,
) -> Vec<Turned> {
    let standing = &world.program.standing;
    if standing.generation == 0 {
        return Vec::new();
    }
    let mask = to_ask(standing, person, cause, now);
    if mask.empty() && person.membership.generation == standing.generation {
        return Vec::new();
    }
    let Found { turned, reach, due_at } = ask(world, person, (&mask, cause), now);
    let held = &person.membership;
    let other = held.generation != standing.generation;
    let still = turned.is_empty() && reach.is_empty() && held.due_at == due_at;
    if still && !other && held.stale == Stale::No {
        // What is not changed is not written anew.
        return turned;
    }
    let membership: &mut Membership = &mut person.membership;
    for turn in &reach {
        membership.turn(turn);
    }
    for Turned { turn, .. } in &turned {
        membership.take(*turn);
    }
    if other {
        membership.generation = standing.generation;
        membership.within.retain(|within| standing.numbered(within.segment).is_some());
        membership.turns.retain(|turn| standing.numbered(turn.segment).is_some());
    }
    (membership.due_at, membership.stale) = (due_at, Stale::No);
    turned
}

/// What was found by asking some segments again.
struct Found {
    /// The shop's segments that the person enters or leaves.
    turned: Vec<Turned>,
    /// The ways of reaching the person that come and go: counted, and no news.
    reach: Vec<Turn>,
    /// The next moment at which time alone may change any of all.
    due_at: Option<Timestamp>,
}

/// What turns by asking some segments again.
fn ask(
    world: &World<'_>,
    person: &Record,
    (mask, cause): (&Mask, Cause<'_>),
    now: Timestamp,
) -> Found {
    let (standing, membership) = (&world.program.standing, &person.membership);
    let chosen: Vec<&Kept> = mask.places().map(|place| &standing.segments[place]).collect();
    let answers = ask_known(world, person, chosen.iter().map(|kept| &kept.condition), now);
    let mut due_at = membership.due_at.filter(|due| *due > now && !mask.covers(standing.timed()));
    let (mut turned, mut reach) = (Vec::new(), Vec::new());
    for (place, kept) in chosen.into_iter().enumerate() {
        let answer = answers.get(place);
        if let Some(next) = answer.and_then(|answer| answer.next) {
            due_at = Some(due_at.map_or(next, |due| due.min(next)));
        }
        let holds = answer.is_some_and(|answer| answer.truth.holds());
        if holds == membership.holds(kept.number) {
            continue;
        }
        let found = found(person, kept, cause);
        let way = if holds { Way::Entered } else { Way::Left };
        let by = match cause {
            Cause::Event(_, position) => Some(position),
            Cause::Time => None,
        };
        let turn = Turn { segment: kept.number, at: now, way, by, found };
        if kept.reach.is_some() {
            reach.push(turn);
            continue;
        }
        let starts = !found && standing.computed(kept);
        turned.push(Turned { segment: kept.name.clone(), turn, starts });
    }
    Found { turned, reach, due_at }
}

/// Whether each condition holds of a person as known, in their order; empty for a row without events,
/// which is nobody and in no segment.
#[must_use]
pub fn ask_known<'c>(
    world: &World<'_>,
    person: &Record,
    conditions: impl Iterator<Item = &'c Condition>,
    now: Timestamp,
) -> Vec<Weighed> {
    if person.profile.events == 0 {
        return Vec::new();
    }
    let zone = person_zone(world.program, person);
    weigh_known(conditions, &world.asked(person, &[], &zone, now, Manner::AsKnown))
}

/// Whether a condition holds of a person, with what makes it so: as known, which decides on
/// membership, and for certain, which says what is not known yet.
#[must_use]
pub fn explain(
    world: &World<'_>,
    person: &Record,
    condition: &Condition,
    now: Timestamp,
) -> (Answer, Answer) {
    let zone = person_zone(world.program, person);
    let ask = |manner| evaluate(condition, &world.asked(person, &[], &zone, now, manner));
    (ask(Manner::AsKnown), ask(Manner::ForCertain))
}

/// The computed traits of a shop with what each comes to for a person, as known; `None`: nothing,
/// or it is still being folded from the log.
#[must_use]
pub fn computed(
    world: &World<'_>,
    person: &Record,
    now: Timestamp,
) -> Vec<(Arc<ComputedTrait>, Option<Value>)> {
    let zone = person_zone(world.program, person);
    let asked = world.asked(person, &[], &zone, now, Manner::AsKnown);
    let traits = world.program.traits.values();
    traits.map(|computed| (Arc::clone(computed), computed.value(&asked))).collect()
}

/// Whether a turn is no news: history was taken in, records were parted, or the person was there
/// before the segment came to mean what it means and is asked for the first time since.
fn found(person: &Record, kept: &Kept, cause: Cause<'_>) -> bool {
    let membership = &person.membership;
    let history = matches!(cause, Cause::Event(event, _) if event.mode == Mode::Backfill);
    let before = membership.generation < kept.introduced && person.id().origin().0 < kept.from;
    history || before || membership.stale == Stale::Parted
}
