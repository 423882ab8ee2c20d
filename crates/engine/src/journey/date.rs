//! Entry on a date of the person: a birthday, an anniversary, a day that a trait states, or some
//! days before or after it, at a time of day in the person's zone.
//!
//! Each person's next such moment is kept with the person and is one of those at which the person is
//! looked at: nothing polls. What came before that moment was known starts nothing, so neither a new
//! definition nor an import makes up for the past.

use std::fmt;

use jiff::civil::Date;
use jiff::tz::TimeZone;
use minicbor::{Decode, Encode};

use super::Journey;
use crate::condition::{Occasion, occasion_day};
use crate::event::Event;
use crate::profile::Profile;
use crate::step::ZONE_TRAITS;
use crate::time::Timestamp;

/// A date of the person that starts a journey.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DateEntry {
    /// Of which day.
    pub of: Occasion,
    /// Every year anew, from the year after that day on, or once.
    pub repeats: Repeats,
    /// So many days after it; before it where negative. At most [`DateEntry::DAYS_MAX`] either way.
    pub days: i32,
    /// Minutes after midnight in the person's zone.
    pub at_minute: i32,
}

/// How often a date comes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Repeats {
    /// On the day itself.
    Once,
    /// On its anniversaries; one on 29 February is on the 28th in years without a 29th.
    EveryYear,
}

impl DateEntry {
    /// The most days before or after a date.
    pub const DAYS_MAX: i32 = 365;
    /// The time of day where none is stated: 09:00.
    pub const AT_MINUTE: i32 = 9 * 60;

    /// The first moment later than `after`; `None`: there is none, or the day is not known.
    #[must_use]
    pub fn next(&self, profile: &Profile, zone: &TimeZone, after: Timestamp) -> Option<Timestamp> {
        self.moments(profile, zone, after).into_iter().find(|at| *at > after)
    }

    /// The latest moment that is not later than `now`.
    #[must_use]
    pub fn latest(&self, profile: &Profile, zone: &TimeZone, now: Timestamp) -> Option<Timestamp> {
        self.moments(profile, zone, now).into_iter().rfind(|at| *at <= now)
    }

    /// Whether the event may have moved it.
    #[must_use]
    pub fn touched_by(&self, event: &Event) -> bool {
        let stated = match &self.of {
            Occasion::Trait(name) => {
                let first = name.split('.').next().unwrap_or(name);
                event.traits.contains_key(name) || event.traits.contains_key(first)
            }
            Occasion::FirstOrder => event.kind.touches_orders(),
        };
        stated || ZONE_TRAITS.iter().any(|name| event.traits.contains_key(*name))
    }

    /// The moments of the years around `now`, ascending.
    fn moments(&self, profile: &Profile, zone: &TimeZone, now: Timestamp) -> Vec<Timestamp> {
        let Some((year, month, day)) = occasion_day(profile, &self.of, zone, now) else {
            return Vec::new();
        };
        let on = |year: i16| match self.repeats {
            Repeats::Once => Date::new(year, month, day).ok(),
            Repeats::EveryYear => anniversary_in(year, month, day),
        };
        let around = now.in_zone(zone).year();
        let days: Vec<Date> = match (self.repeats, year) {
            (Repeats::Once, Some(year)) => on(year).into_iter().collect(),
            // A day without its year comes every year, or nobody knows when.
            (Repeats::Once, None) => Vec::new(),
            // Some days before or after may be in the year before or after.
            (Repeats::EveryYear, year) => {
                let first = year.map_or(around - 2, |year| (year + 1).max(around - 2));
                (first..=first + 4).filter_map(on).collect()
            }
        };
        let span = jiff::Span::new().days(self.days);
        let moved = days.into_iter().filter_map(|day| day.checked_add(span).ok());
        moved.filter_map(|day| moment(day, self.at_minute, zone)).collect()
    }
}

/// The anniversary of a day in a year: that of 29 February is on the 28th where there is no 29th.
#[must_use]
pub(crate) fn anniversary_in(year: i16, month: i8, day: i8) -> Option<Date> {
    Date::new(year, month, day).or_else(|_| Date::new(year, month, day - 1)).ok()
}

/// That time of that day; one that the clocks skip is as long after the change as it would have been
/// without, and of one that comes twice it is the first.
fn moment(day: Date, minute: i32, zone: &TimeZone) -> Option<Timestamp> {
    let (hour, minute) = (i8::try_from(minute / 60).ok()?, i8::try_from(minute % 60).ok()?);
    let zoned = day.at(hour, minute, 0, 0).to_zoned(zone.clone()).ok()?;
    Some(Timestamp(zoned.timestamp().as_millisecond()))
}

impl fmt::Display for DateEntry {
    /// As files have it: `7 days before anniversary of trait birthday at 09:00`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let way = if self.days < 0 { "before" } else { "after" };
        match self.days.unsigned_abs() {
            0 => {}
            1 => write!(f, "1 day {way} ")?,
            days => write!(f, "{days} days {way} ")?,
        }
        f.write_str(match self.repeats {
            Repeats::Once => "date of ",
            Repeats::EveryYear => "anniversary of ",
        })?;
        match &self.of {
            Occasion::FirstOrder => f.write_str("first order")?,
            Occasion::Trait(name) if name.contains(' ') => write!(f, "trait \"{name}\"")?,
            Occasion::Trait(name) => write!(f, "trait {name}")?,
        }
        write!(f, " at {:02}:{:02}", self.at_minute / 60, self.at_minute % 60)
    }
}

/// The next moment at which a date of the person starts a journey, and what that was found by.
///
/// **Derived** from the log and the definitions.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Encode, Decode)]
pub struct NextDate {
    /// The version of all dates that start journeys, as the program has it, under which it was found;
    /// 0: none, or it is to be found anew.
    #[n(0)]
    pub version: u64,
    /// The moment.
    #[n(1)]
    pub due_at: Option<Timestamp>,
}

impl NextDate {
    /// What two persons that became one wait for, to be found anew.
    #[must_use]
    pub fn joined(self, other: Self) -> Self {
        let due_at = self.due_at.into_iter().chain(other.due_at).min();
        Self { version: 0, due_at }
    }
}

/// The first moment after `after` at which one of the journeys is started by a date of the person.
#[must_use]
pub fn next_date(
    journeys: &[Journey],
    profile: &Profile,
    zone: &TimeZone,
    after: Timestamp,
) -> Option<Timestamp> {
    let dates = journeys.iter().flat_map(|journey| &journey.entry.dates);
    dates.filter_map(|date| date.next(profile, zone, after)).min()
}
