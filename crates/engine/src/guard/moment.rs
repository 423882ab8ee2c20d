//! The moment: not in the middle of a visit, not at night, and at an hour that suits the person.

use jiff::tz::TimeZone;

use crate::event::{Channel, Kind};
use crate::journey::Send;
use crate::reason::{Fact, Reason, ReasonCode, Told};
use crate::record::Record;
use crate::step::{World, person_zone};
use crate::time::{HOUR, MINUTE, Timestamp};

/// A person who touched site or app so lately is in the middle of a visit.
const VISIT_MS: i64 = 5 * MINUTE;
/// A person who came into a store so lately is still there, unless a receipt says otherwise.
const STORE_VISIT_MS: i64 = HOUR;
/// Fewer contacts than this say nothing about habits.
const HABIT_MIN: usize = 5;

/// Not while the person is in the shop or in the middle of a visit.
pub(super) fn visiting(record: &Record, now: Timestamp) -> Option<(Timestamp, Reason)> {
    let left_store =
        record.profile.activity.get(&Kind::OrderCompleted).map(|activity| activity.last.at);
    let last = record.profile.path.latest.iter().rev().find_map(|touch| {
        let stays = match (&touch.kind, touch.channel) {
            (Kind::StoreVisited | Kind::ProductTried, _)
                if left_store.is_none_or(|at| at < touch.stamp.at) =>
            {
                STORE_VISIT_MS
            }
            (_, Channel::Web | Channel::App) => VISIT_MS,
            _ => return None,
        };
        let until = touch.stamp.at.plus(stays);
        (until > now && touch.stamp.at <= now).then_some((until, touch.stamp.at))
    });
    last.map(|(until, at)| {
        let fact = Fact::new(Told::LastSeen, Some(at));
        (until, Reason::with(ReasonCode::InVisit, vec![fact]))
    })
}

/// Quiet hours in the person's own zone, right on the days when clocks change.
pub(super) fn quiet(
    world: &World<'_>,
    record: &Record,
    channel: Channel,
    now: Timestamp,
) -> Option<(Timestamp, Reason)> {
    let hours = world.program.shop.quiet_hours_of(channel)?;
    let zone = person_zone(world.program, record);
    let until = quiet_until(hours, &zone, now)?;
    let local = now.in_zone(&zone);
    let fact = Fact::new(Told::LocalTime { clock: clock(local.hour(), local.minute()) }, None);
    Some((until, Reason::with(ReasonCode::QuietHours, vec![fact])))
}

/// The first moment after `now` at which the clock on the wall shows no quiet hour; `None`: it shows
/// none at `now`. Where clocks leap over the end of the quiet hours, these end with the leap; where the
/// end comes twice, the one that is still to come counts.
fn quiet_until(hours: (i32, i32), zone: &TimeZone, now: Timestamp) -> Option<Timestamp> {
    let shows_quiet = |at: Timestamp| {
        let local = at.in_zone(zone);
        within(hours, minute_of_day(local.hour(), local.minute()))
    };
    if !shows_quiet(now) {
        return None;
    }
    let local = now.in_zone(zone);
    let to = hours.1;
    let past = minute_of_day(local.hour(), local.minute()) >= to;
    let day = if past { local.date().tomorrow().ok()? } else { local.date() };
    let end = day.at(i8::try_from(to / 60).ok()?, i8::try_from(to % 60).ok()?, 0, 0);
    let end = zone.to_ambiguous_zoned(end);
    let ends = [end.clone().earlier().ok()?.timestamp(), end.later().ok()?.timestamp()];
    let changes = zone.following(local.timestamp()).map(|change| change.timestamp());
    let changes = changes.take_while(|change| *change <= ends[1]);
    let moments = ends.into_iter().chain(changes).map(|at| Timestamp(at.as_millisecond()));
    let end = moments.filter(|at| *at > now && !shows_quiet(*at)).min();
    // No clock leaves the end out, and nobody is disturbed if one does.
    Some(end.unwrap_or(now.plus(HOUR)))
}

fn minute_of_day(hour: i8, minute: i8) -> i32 {
    i32::from(hour) * 60 + i32::from(minute)
}

/// Whether a minute of the day lies in quiet hours, which may span midnight.
fn within((from, to): (i32, i32), minute: i32) -> bool {
    if from <= to { (from..to).contains(&minute) } else { minute >= from || minute < to }
}

/// Where the message asks for it: the hour of the day at which the person is mostly here, in their
/// own zone and outside of quiet hours. Of equal hours the first counts; without habits any does.
pub(super) fn suits(
    world: &World<'_>,
    record: &Record,
    send: &Send,
    channel: Channel,
    now: Timestamp,
) -> Option<(Timestamp, Reason)> {
    let touches = &record.profile.path.latest;
    if !send.at_best_hour || touches.len() < HABIT_MIN {
        return None;
    }
    let zone = person_zone(world.program, record);
    let mut contacts = [0_u32; 24];
    for touch in touches {
        let hour = usize::try_from(touch.stamp.at.in_zone(&zone).hour()).unwrap_or(0);
        contacts[hour] += 1;
    }
    let quiet = world.program.shop.quiet_hours_of(channel);
    let open = |hour: i8| quiet.is_none_or(|hours| !within(hours, i32::from(hour) * 60));
    let number = |hour: i8| contacts[usize::try_from(hour).unwrap_or(0)];
    let hours = (0..24_i8).filter(|hour| open(*hour) && number(*hour) > 0);
    let best = hours.max_by_key(|hour| (number(*hour), std::cmp::Reverse(*hour)))?;
    let local = now.in_zone(&zone);
    if local.hour() == best {
        return None;
    }
    let today = local.date();
    let day = if local.hour() < best { today } else { today.tomorrow().ok()? };
    let at = day.at(best, 0, 0, 0).to_zoned(zone).ok()?;
    let fact = Fact::new(Told::MostlyHereAt { clock: clock(best, 0) }, None);
    let until = Timestamp(at.timestamp().as_millisecond());
    (until > now).then(|| (until, Reason::with(ReasonCode::BetterHour, vec![fact])))
}

fn clock(hour: i8, minute: i8) -> String {
    format!("{hour:02}:{minute:02}")
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    /// Hours that span midnight, that lie in the night, and that end within an hour that is leapt over
    /// or repeated where clocks change.
    const HOURS: [(i32, i32); 6] = [
        (22 * 60, 8 * 60),
        (21 * 60, 7 * 60 + 45),
        (30, 150),
        (135, 165),
        (22 * 60, 90),
        (23 * 60, 0),
    ];

    /// What a clock on the wall says, minute by minute, from the first minute on that is not quiet.
    fn by_the_wall(hours: (i32, i32), zone: &TimeZone, now: Timestamp) -> Option<Timestamp> {
        let quiet = |at: Timestamp| {
            let local = at.in_zone(zone);
            within(hours, minute_of_day(local.hour(), local.minute()))
        };
        let minutes = (0..2 * 24 * 60).map(|minute| now.plus(minute * MINUTE));
        quiet(now).then(|| minutes.clone().find(|at| !quiet(*at)).unwrap())
    }

    /// In every zone there is, around every change of its clocks in two years: nobody is disturbed while
    /// their own clock shows a quiet hour, and nobody waits a minute longer.
    #[test]
    fn quiet_hours_end_when_the_clock_on_the_wall_says_so_in_every_zone() {
        let begin: jiff::Timestamp = "2026-01-01T00:00:00Z".parse().unwrap();
        let end: jiff::Timestamp = "2028-01-01T00:00:00Z".parse().unwrap();
        let (mut seen, mut asked) = (BTreeSet::new(), 0);
        for name in jiff::tz::db().available() {
            let zone = TimeZone::get(name.as_str()).unwrap();
            let changes: Vec<(i64, i32)> = zone
                .following(begin)
                .take_while(|change| change.timestamp() < end)
                .map(|change| (change.timestamp().as_millisecond(), change.offset().seconds()))
                .collect();
            // Many names are the same clock.
            if !seen.insert((zone.to_offset(begin).seconds(), changes.clone())) {
                continue;
            }
            for (change, _) in changes.iter().copied().chain([(begin.as_millisecond(), 0)]) {
                for (number, hours) in HOURS.into_iter().enumerate() {
                    let number = i64::try_from(number).unwrap();
                    for step in 0..50 {
                        let now = Timestamp(change + (step - 30) * 37 * MINUTE + number * MINUTE);
                        let (found, wall) =
                            (quiet_until(hours, &zone, now), by_the_wall(hours, &zone, now));
                        assert_eq!(found, wall, "{} at {now}, quiet {hours:?}", name.as_str());
                        asked += 1;
                    }
                }
            }
        }
        assert!(seen.len() > 50 && asked > 10_000, "{} zones, {asked} moments", seen.len());
    }
}
