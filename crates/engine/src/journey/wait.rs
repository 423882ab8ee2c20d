//! Waiting: for a length of time, by the calendar, for a condition, for something to happen.

use jiff::civil::{Date, Weekday};
use jiff::tz::TimeZone;

use super::advance::{Way, go, go_on};
use super::{Enrollment, Journey, State, StepKind};
use crate::condition::{Asked, Condition, evaluate};
use crate::event::Line;
use crate::program::Program;
use crate::record::Record;
use crate::step::person_zone;
use crate::time::{DAY, Timestamp};
use crate::truth::Truth;

/// What "since entry" means where a condition is asked: a moment, and the cart then.
type Since<'a> = (Timestamp, &'a [Line]);

/// Waits until a moment.
pub(super) fn wait(
    way: &mut Way<'_, '_>,
    person: &mut Record,
    index: usize,
    until: Timestamp,
) -> bool {
    if way.now >= until {
        // A wait is over at its moment, however late we look: what follows counts from there.
        let on = go_on(way, person, index);
        person.enrollments[index].since = until;
        return on;
    }
    person.enrollments[index].state = State::Waiting { until: Some(until) };
    false
}

/// `days` calendar days after `since` in the person's zone, at a time of day or at the same one.
pub(super) fn calendar(
    program: &Program,
    person: &Record,
    since: Timestamp,
    days: i32,
    at_minute: Option<i32>,
) -> Timestamp {
    let zone = person_zone(program, person);
    let local = since.in_zone(&zone);
    let fallback = since.plus(i64::from(days) * DAY);
    let Ok(mut moment) = local.checked_add(jiff::Span::new().days(days)) else { return fallback };
    if let Some(minute) = at_minute {
        let mut day = moment.date();
        // No day at all means the next such time, which may be tomorrow's.
        if days == 0
            && at_time(day, minute, &zone).is_none_or(|today| today <= local)
            && let Ok(tomorrow) = day.tomorrow()
        {
            day = tomorrow;
        }
        if let Some(found) = at_time(day, minute, &zone) {
            moment = found;
        }
    }
    Timestamp(moment.timestamp().as_millisecond())
}

/// The next such day of the week and time of day after `since` in the person's zone.
pub(super) fn weekday(
    program: &Program,
    person: &Record,
    since: Timestamp,
    weekday: Weekday,
    at_minute: i32,
) -> Timestamp {
    let zone = person_zone(program, person);
    let local = since.in_zone(&zone);
    let today = local.date();
    let ahead = weekday.since(today.weekday());
    let moment = [i64::from(ahead), i64::from(ahead) + 7].into_iter().find_map(|days| {
        let day = today.checked_add(jiff::Span::new().days(days)).ok()?;
        at_time(day, at_minute, &zone).filter(|moment| *moment > local)
    });
    let fallback = since.plus(7 * DAY);
    moment.map_or(fallback, |moment| Timestamp(moment.timestamp().as_millisecond()))
}

/// That time of that day in the zone; one that the clocks skip is the one after.
fn at_time(day: Date, minute: i32, zone: &TimeZone) -> Option<jiff::Zoned> {
    let hour = i8::try_from(minute / 60).ok()?;
    day.at(hour, i8::try_from(minute % 60).ok()?, 0, 0).to_zoned(zone.clone()).ok()
}

/// Waits until a condition surely holds, then goes on; when the time is up, goes the other way.
pub(super) fn wait_until(
    way: &mut Way<'_, '_>,
    person: &mut Record,
    index: usize,
    (condition, since): (&Condition, Timestamp),
    (at_most_ms, otherwise): (i64, u32),
) -> bool {
    let enrollment = &person.enrollments[index];
    let end = enrollment.since.plus(at_most_ms);
    let zone = person_zone(way.world.program, person);
    let asked = way.asked(person, enrollment, &zone);
    let entry = Some((since, &enrollment.cart[..]));
    let answer = evaluate(condition, &Asked { entry, ..asked });
    if answer.truth == Truth::True {
        return go_on(way, person, index);
    }
    if way.now >= end {
        return go(way, person, index, otherwise);
    }
    let presumed = answer.waits_for.iter().filter_map(|lacking| lacking.presumed_at).min();
    let next = [answer.next, presumed, Some(end)].into_iter().flatten().filter(|at| *at > way.now);
    person.enrollments[index].state = State::Waiting { until: next.min() };
    false
}

/// What an enrollment waits until, if that is what it does, and what "since entry" means in it.
pub(super) fn waited_for<'j>(
    journey: &'j Journey,
    enrollment: &'j Enrollment,
) -> Option<(&'j Condition, Option<Since<'j>>)> {
    let number = usize::try_from(enrollment.step).ok()?;
    let (condition, since) = match &journey.steps.get(number)?.kind {
        StepKind::WaitUntil { condition, .. } => (condition, enrollment.entered_at),
        StepKind::WaitFor { happened, .. } => (happened, enrollment.since),
        StepKind::Wait { .. }
        | StepKind::WaitDays { .. }
        | StepKind::WaitWeekday { .. }
        | StepKind::Branch { .. }
        | StepKind::Draw(_)
        | StepKind::Set { .. }
        | StepKind::Notify { .. }
        | StepKind::Webhook { .. }
        | StepKind::Goto(_)
        | StepKind::Send(_)
        | StepKind::Show(_)
        | StepKind::Exit => return None,
    };
    Some((condition, Some((since, &enrollment.cart[..]))))
}
