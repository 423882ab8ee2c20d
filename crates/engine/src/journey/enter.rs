//! Entering journeys, and what becomes of two enrollments when two persons become one.

use super::advance::Way;
use super::{EndCause, Enrollment, EntryKey, Journey, NextDate, State, asks_for, next_date};
use crate::condition::{Manner, evaluate};
use crate::decision::Verdict;
use crate::event::{Event, LogPosition, Mode};
use crate::reason::{Fact, Reason, ReasonCode, Span, Told};
use crate::record::Record;
use crate::segment::{self, Turned};
use crate::step::person_zone;
use crate::time::Timestamp;
use crate::truth::Truth;

/// Starts the journeys that `event` starts for the person.
///
/// History starts nothing, nor does an event older than the journey allows. Somebody who is in it,
/// or was within the re-entry time, does not enter again.
pub fn enter(way: &mut Way<'_, '_>, person: &mut Record, event: &Event, position: LogPosition) {
    if event.mode == Mode::Backfill {
        return;
    }
    let world = way.world;
    for journey in world.program.journeys.iter().filter(|journey| journey.started_by(event)) {
        let told = Told::Happened { event: event.kind.clone() };
        let start = Start {
            asked: asks_for(event).is_some(),
            key: entry_key(journey, event),
            fact: Fact::new(told, Some(event.occurred.at)),
            at: event.occurred.at,
            known_at: event.received_at.max(event.occurred.at),
            by: position,
        };
        attempt(way, person, journey, start);
    }
}

/// Starts the journeys that entering and leaving segments start: only by what is news.
pub fn enter_by_segments(way: &mut Way<'_, '_>, person: &mut Record, turned: &[Turned]) {
    let world = way.world;
    for Turned { segment, turn, .. } in turned.iter().filter(|turned| turned.starts) {
        let starts = |journey: &&Journey| {
            journey.entry.segments.iter().any(|(way, name)| *way == turn.way && name == segment)
        };
        for journey in world.program.journeys.iter().filter(starts) {
            let segment = segment.clone();
            let told = match turn.way {
                segment::Way::Entered => Told::SegmentEntered { segment },
                segment::Way::Left => Told::SegmentLeft { segment },
            };
            // What time turned hangs on the latest event: it goes wherever that goes.
            let by = turn.by.or_else(|| person.recent.last().copied()).unwrap_or_default();
            let fact = Fact::new(told, Some(turn.at));
            let (key, at) = (EntryKey::Person, turn.at);
            let start = Start { asked: false, key, fact, at, known_at: at, by };
            attempt(way, person, journey, start);
        }
    }
}

/// Starts the journeys whose date has come for the person, and finds the next date where that may be
/// another one: an event moved it, it has come, or definitions changed.
pub fn enter_by_dates(way: &mut Way<'_, '_>, person: &mut Record, event: Option<&Event>) {
    let program = way.world.program;
    let NextDate { version, due_at } = person.next_date;
    let come = due_at.is_some_and(|due| due <= way.now);
    let moved = || event.is_some_and(|event| program.dates_touched_by(event));
    if version == program.dates_version && !come && !moved() {
        return;
    }
    let zone = person_zone(program, person);
    for journey in &program.journeys {
        for date in &journey.entry.dates {
            let latest = date.latest(&person.profile, &zone, way.now);
            // What came before the moment that was waited for was not known in time, or was done.
            let Some(at) = latest.filter(|at| due_at.is_some_and(|due| due <= *at)) else {
                continue;
            };
            let fact = Fact::new(Told::DateCome { date: date.to_string() }, Some(at));
            let by = person.recent.last().copied().unwrap_or_default();
            let key = EntryKey::Person;
            let start = Start { asked: false, key, fact, at, known_at: at, by };
            attempt(way, person, journey, start);
        }
    }
    let due_at = next_date(&program.journeys, &person.profile, &zone, way.now);
    person.next_date = NextDate { version: program.dates_version, due_at };
}

/// What would start a journey.
struct Start {
    /// Whether somebody asked, and so is owed an answer whatever comes of it.
    asked: bool,
    key: EntryKey,
    /// What happened.
    fact: Fact,
    /// When.
    at: Timestamp,
    /// When we could know of it.
    known_at: Timestamp,
    /// The event that it hangs on.
    by: LogPosition,
}

fn attempt(way: &mut Way<'_, '_>, person: &mut Record, journey: &Journey, start: Start) {
    let held =
        person.enrollments.iter().filter(|e| e.journey == journey.name && e.key == start.key);
    let (mut runs, mut last) = (false, None);
    for enrollment in held {
        runs |= enrollment.runs();
        last = last.max(Some(enrollment.entered_at));
    }
    if runs {
        if start.asked {
            let reason = Reason::with(ReasonCode::AlreadyIn, vec![start.fact]);
            way.decide(person, journey, Verdict::Decline, vec![reason]);
        }
        return;
    }
    if way.now.since(start.at) > journey.entry_age_max_ms {
        let old = Told::OlderThan { span: Span(journey.entry_age_max_ms) };
        let reason = Reason::with(ReasonCode::EntryTooOld, vec![Fact::new(old, Some(start.at))]);
        way.decide(person, journey, Verdict::Decline, vec![reason]);
        return;
    }
    if let Some(reason) = refused(way, person, journey, last) {
        way.decide(person, journey, Verdict::Decline, vec![reason]);
        return;
    }
    let facts = match holds(way, person, journey) {
        Ok(facts) => facts,
        Err(facts) => {
            if start.asked {
                let reason = Reason::with(ReasonCode::ConditionFalse, facts);
                way.decide(person, journey, Verdict::Decline, vec![reason]);
            }
            return;
        }
    };
    let enrollment = Enrollment {
        journey: journey.name.clone(),
        version: journey.version,
        key: start.key,
        entered_at: way.now.min(start.known_at),
        entered_by: start.by,
        cart: open_cart(way, person).into(),
        step: 0,
        since: way.now,
        state: State::Waiting { until: Some(way.now) },
        waits_for: Vec::new(),
        arms: Vec::new(),
        again: None,
    };
    way.outcome.passages.came(&enrollment);
    person.enrollments.push(enrollment);
    let mut all = vec![start.fact];
    all.extend(facts);
    let reason = Reason::with(ReasonCode::Entered, all);
    way.decide(person, journey, Verdict::Enter, vec![reason]);
}

fn entry_key(journey: &Journey, event: &Event) -> EntryKey {
    if !journey.entry.keyed {
        return EntryKey::Person;
    }
    let order = event.order.as_ref().map(|order| order.key.clone());
    order.or_else(|| event.cart.clone()).map_or(EntryKey::Person, EntryKey::Keyed)
}

/// Why the person may not enter again yet.
fn refused(
    way: &Way<'_, '_>,
    person: &Record,
    journey: &Journey,
    last: Option<Timestamp>,
) -> Option<Reason> {
    let last = last?;
    debug_assert!(!person.enrollments.is_empty(), "a last entry is an enrollment");
    let again = last.plus(journey.re_entry_ms);
    (way.now < again).then(|| {
        let before = Told::EnteredBefore { span: Span(journey.re_entry_ms) };
        Reason::with(ReasonCode::ReEntry, vec![Fact::new(before, Some(last))])
    })
}

/// The facts that let the person in, or those by which the entry condition does not hold as known.
fn holds(way: &Way<'_, '_>, person: &Record, journey: &Journey) -> Result<Vec<Fact>, Vec<Fact>> {
    let Some(condition) = &journey.entry.condition else { return Ok(Vec::new()) };
    let world = way.world;
    let zone = person_zone(world.program, person);
    let asked = world.asked(person, way.twins, &zone, way.now, Manner::AsKnown);
    let answer = evaluate(condition, &asked);
    if answer.truth == Truth::True { Ok(answer.facts) } else { Err(answer.facts) }
}

fn open_cart(way: &Way<'_, '_>, person: &Record) -> Vec<crate::event::Line> {
    person
        .profile
        .cart
        .lines(&person.profile.orders, way.world.catalogue, way.now)
        .into_iter()
        .filter(|line| line.open != Truth::False)
        .map(|line| line.line.clone())
        .collect()
}

/// After two persons became one: of one journey with the same key the earlier entry goes on and
/// the later ends. A message on its way is never called back, so its enrollment stays until the
/// message's outcome is known.
pub fn join(way: &mut Way<'_, '_>, person: &mut Record) {
    person.enrollments.sort_by(|left, right| {
        (left.entered_at, left.entered_by, &left.journey).cmp(&(
            right.entered_at,
            right.entered_by,
            &right.journey,
        ))
    });
    let mut running: Vec<(String, EntryKey)> = Vec::new();
    for index in 0..person.enrollments.len() {
        let enrollment = &person.enrollments[index];
        if !enrollment.runs() {
            continue;
        }
        let sending = matches!(enrollment.state, State::Sending { .. });
        let slot = (enrollment.journey.clone(), enrollment.key.clone());
        if running.contains(&slot) && !sending {
            let reason = Reason::bare(ReasonCode::JoinedWithTwin);
            way.end(person, index, EndCause::Merged, Verdict::Exit, vec![reason]);
        } else {
            running.push(slot);
        }
    }
}
