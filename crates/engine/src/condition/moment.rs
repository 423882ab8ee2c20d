//! Lengths of time at work: when one has passed since a moment, exact on days when clocks change.

use std::cell::RefCell;

use jiff::civil::Date;
use jiff::tz::TimeZone;

use super::ast::{Length, Unit};
use crate::time::{DAY, HOUR, MINUTE, SECOND, Timestamp};

/// Later than every moment: the length of time never passes.
pub(super) const NEVER: Timestamp = Timestamp(i64::MAX);
/// Earlier than every moment.
pub(super) const ALWAYS: Timestamp = Timestamp(i64::MIN);

impl Length {
    /// The moment at which this length of time has passed since `at`; calendar units in `zone`.
    #[must_use]
    pub fn after(self, at: Timestamp, zone: &TimeZone) -> Timestamp {
        if at == ALWAYS || at == NEVER {
            return at;
        }
        let count = i64::from(self.count);
        let span = jiff::Span::new();
        let span = match self.unit {
            Unit::Seconds => return at.plus(count.saturating_mul(SECOND)),
            Unit::Minutes => return at.plus(count.saturating_mul(MINUTE)),
            Unit::Hours => return at.plus(count.saturating_mul(HOUR)),
            Unit::Days => span.try_days(count),
            Unit::Weeks => span.try_weeks(count),
            Unit::Months => span.try_months(count),
            Unit::Years => span.try_years(count),
        };
        let after = span.ok().and_then(|span| at.in_zone(zone).checked_add(span).ok());
        after.map_or(NEVER, |after| Timestamp(after.timestamp().as_millisecond()))
    }

    /// A moment at which this length of time has surely passed since `at`, whatever the zone:
    /// cheaper than [`Length::after`], and a few days late for calendar units.
    pub(super) fn surely_after(self, at: Timestamp) -> Timestamp {
        let (unit, margin) = match self.unit {
            Unit::Seconds => (SECOND, 0),
            Unit::Minutes => (MINUTE, 0),
            Unit::Hours => (HOUR, 0),
            // Zones differ by at most a day and two hours, and some have left out a day.
            Unit::Days => (DAY, 3 * DAY),
            Unit::Weeks => (7 * DAY, 3 * DAY),
            Unit::Months => (31 * DAY, 3 * DAY),
            Unit::Years => (366 * DAY, 3 * DAY),
        };
        at.plus(unit.saturating_mul(i64::from(self.count))).plus(margin)
    }
}

/// The clocks of a zone, with the stretches of time in which they stood: within one of them a day is
/// so many milliseconds, which is all that most questions need to know.
#[derive(Debug)]
pub(super) struct Clocks<'z> {
    zone: &'z TimeZone,
    /// Those that somebody asked for.
    stretches: RefCell<Vec<Stretch>>,
}

/// A stretch of time between two changes of the clocks.
#[derive(Clone, Copy, Debug)]
struct Stretch {
    from: Timestamp,
    to: Timestamp,
    /// How far the clocks are ahead of UTC.
    ahead_ms: i64,
}

/// Clocks are moved by less than this.
const MOVED_MS_MAX: i64 = 2 * DAY;
/// Moments that the calendar surely holds: the years from about -4000 to 8000.
const KNOWN_MS: i64 = 190_000_000_000_000;

impl<'z> Clocks<'z> {
    pub(super) fn of(zone: &'z TimeZone) -> Self {
        Self { zone, stretches: RefCell::default() }
    }

    /// The same as [`Length::after`]; days and weeks cost a few ns where no change of the clocks is
    /// near.
    pub(super) fn after(&self, at: Timestamp, length: Length) -> Timestamp {
        let days = match length.unit {
            Unit::Days => 1,
            Unit::Weeks => 7,
            Unit::Seconds | Unit::Minutes | Unit::Hours | Unit::Months | Unit::Years => {
                return length.after(at, self.zone);
            }
        };
        let ms = (days * DAY).saturating_mul(i64::from(length.count));
        let known = -KNOWN_MS..KNOWN_MS;
        if !known.contains(&at.0) || !known.contains(&ms) {
            return length.after(at, self.zone);
        }
        let (here, there) = (self.stretch(at), self.stretch(at.plus(ms)));
        let after = at.plus(ms + here.ahead_ms - there.ahead_ms);
        // Far from a change no other moment has the same hour on the same day.
        let far = there.from.plus(MOVED_MS_MAX) < after && after < there.to.plus(-MOVED_MS_MAX);
        if far { after } else { length.after(at, self.zone) }
    }

    /// The earliest and the latest moment at which a length of time has passed since one of two
    /// moments or one between them.
    pub(super) fn after_between(
        &self,
        (from, to): (Timestamp, Timestamp),
        length: Length,
    ) -> (Timestamp, Timestamp) {
        let first = self.after(from, length);
        if from == to {
            return (first, first);
        }
        // Over ends of months and changes of the clocks, what began later may be over sooner.
        let margin = match length.unit {
            Unit::Seconds | Unit::Minutes | Unit::Hours => 0,
            Unit::Days | Unit::Weeks | Unit::Months | Unit::Years => MOVED_MS_MAX,
        };
        (first.plus(-margin), self.after(to, length).plus(margin))
    }

    /// The first moment of a day.
    pub(super) fn beginning(&self, day: Date) -> Timestamp {
        beginning(day, self.zone)
    }

    fn stretch(&self, at: Timestamp) -> Stretch {
        let mut held = self.stretches.borrow_mut();
        if let Some(found) = held.iter().find(|one| one.from <= at && at < one.to) {
            return *found;
        }
        let moment = |jiff: jiff::Timestamp| Timestamp(jiff.as_millisecond());
        // Clocks change at whole seconds, and one that changes now has changed.
        let before = self.zone.preceding(at.plus(1).to_jiff()).next();
        let next = self.zone.following(at.to_jiff()).next();
        let found = Stretch {
            from: before.map_or(ALWAYS, |change| moment(change.timestamp())),
            to: next.map_or(NEVER, |change| moment(change.timestamp())),
            ahead_ms: i64::from(self.zone.to_offset(at.to_jiff()).seconds()) * 1_000,
        };
        held.push(found);
        found
    }
}

/// The first moment of a day in a zone, on days when clocks change too.
pub(super) fn beginning(day: Date, zone: &TimeZone) -> Timestamp {
    let first = day.to_zoned(zone.clone());
    first.map_or(NEVER, |first| Timestamp(first.timestamp().as_millisecond()))
}

/// `at` for people: the time of the day where it was today, else the day too.
pub(super) fn clock(at: Timestamp, now: Timestamp, zone: &TimeZone) -> String {
    let (there, here) = (at.in_zone(zone), now.in_zone(zone));
    let time = format!("{:02}:{:02}", there.hour(), there.minute());
    if there.date() == here.date() { time } else { format!("{} {time}", there.date()) }
}

/// The earlier of two moments that may never come.
pub(super) fn earlier(left: Option<Timestamp>, right: Option<Timestamp>) -> Option<Timestamp> {
    match (left, right) {
        (Some(left), Some(right)) => Some(left.min(right)),
        (left, right) => left.or(right),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> Timestamp {
        Timestamp(text.parse::<jiff::Timestamp>().unwrap().as_millisecond())
    }

    #[test]
    fn a_day_over_a_clock_change_is_not_24_hours() {
        let madrid = TimeZone::get("Europe/Madrid").unwrap();
        // Clocks went forward on 2026-03-29 at 02:00.
        let eve = at("2026-03-28T20:00:00Z");
        let length = |count, unit| Length { count, unit };
        assert_eq!(length(1, Unit::Days).after(eve, &madrid), at("2026-03-29T19:00:00Z"));
        assert_eq!(length(24, Unit::Hours).after(eve, &madrid), at("2026-03-29T20:00:00Z"));
        assert_eq!(
            length(1, Unit::Months).after(at("2026-01-31T12:00:00Z"), &madrid),
            at("2026-02-28T12:00:00Z")
        );
        assert_eq!(length(100_000, Unit::Years).after(eve, &madrid), NEVER);
    }

    #[test]
    fn the_quick_way_is_the_exact_way() {
        for zone in ["Europe/Madrid", "Pacific/Apia", "Africa/Casablanca", "Asia/Kathmandu", "UTC"]
        {
            let zone = TimeZone::get(zone).unwrap();
            let clocks = Clocks::of(&zone);
            for step in 0..9_000 {
                let from = at("2010-12-20T23:31:00Z").plus(step * (17 * HOUR + 7 * MINUTE));
                for (count, unit) in [(1, Unit::Days), (3, Unit::Weeks), (200, Unit::Days)] {
                    let length = Length { count, unit };
                    assert_eq!(clocks.after(from, length), length.after(from, &zone), "{from}");
                }
            }
            for edge in [ALWAYS, NEVER, Timestamp(KNOWN_MS), Timestamp(-KNOWN_MS)] {
                let length = Length { count: 100_000, unit: Unit::Weeks };
                assert_eq!(clocks.after(edge, length), length.after(edge, &zone));
            }
        }
    }

    #[test]
    fn the_cheap_bound_is_never_too_early() {
        for zone in ["Europe/Madrid", "Pacific/Apia", "Asia/Kathmandu", "UTC"] {
            let zone = TimeZone::get(zone).unwrap();
            for unit in [Unit::Hours, Unit::Days, Unit::Weeks, Unit::Months, Unit::Years] {
                for day in 0..800 {
                    let length = Length { count: 1 + day % 13, unit };
                    let from = at("2011-01-01T11:00:00Z").plus(i64::from(day) * DAY);
                    assert!(length.surely_after(from) >= length.after(from, &zone));
                }
            }
        }
    }
}
