//! The moment: not in the middle of a visit, not at night, and at an hour that suits the person.

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
    let local = now.in_zone(&zone);
    let minute = i32::from(local.hour()) * 60 + i32::from(local.minute());
    if !within(hours, minute) {
        return None;
    }
    let (_, to) = hours;
    let day = if minute >= to { local.date().tomorrow().ok()? } else { local.date() };
    let hour = i8::try_from(to / 60).ok()?;
    let end = day.at(hour, i8::try_from(to % 60).ok()?, 0, 0).to_zoned(zone).ok()?;
    let until = Timestamp(end.timestamp().as_millisecond());
    let fact = Fact::new(Told::LocalTime { clock: clock(local.hour(), local.minute()) }, None);
    Some((until, Reason::with(ReasonCode::QuietHours, vec![fact])))
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
