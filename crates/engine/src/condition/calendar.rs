//! The calendar in the person's zone: anniversaries, the weekday, the hour. Time alone moves all of
//! them, to the minute and on days when clocks change too.

use jiff::civil::{Date, Weekday};
use jiff::tz::TimeZone;
use minicbor::{Decode, Encode};
use serde::{Deserialize, Serialize};

use super::ast::{Condition, Limit};
use super::evaluate::Weighed;
use super::explain::{Notes, behind};
use super::moment::{beginning, earlier};
use super::person;
use super::world::World;
use crate::event::Value;
use crate::journey::anniversary_in;
use crate::profile::Profile;
use crate::reason::{Fact, ReasonCode, Told};
use crate::source::Facts;
use crate::time::{MINUTE, Timestamp};
use crate::truth::Truth;

/// Of which day an anniversary is asked.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Occasion {
    /// Of the day that a trait states, such as a birthday: `1990-02-28`, or `02-28` without a year.
    Trait(String),
    /// Of the first order that was kept.
    FirstOrder,
}

/// A day of the week.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, Encode, Decode,
)]
#[serde(rename_all = "snake_case")]
#[cbor(index_only)]
pub enum Day {
    /// The first day of the week.
    #[n(0)]
    Monday,
    /// The second.
    #[n(1)]
    Tuesday,
    /// The third.
    #[n(2)]
    Wednesday,
    /// The fourth.
    #[n(3)]
    Thursday,
    /// The fifth.
    #[n(4)]
    Friday,
    /// The sixth.
    #[n(5)]
    Saturday,
    /// The last.
    #[n(6)]
    Sunday,
}

impl Day {
    /// The seven of them.
    pub const ALL: [Self; 7] = [
        Self::Monday,
        Self::Tuesday,
        Self::Wednesday,
        Self::Thursday,
        Self::Friday,
        Self::Saturday,
        Self::Sunday,
    ];

    /// The word in conditions.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Monday => "monday",
            Self::Tuesday => "tuesday",
            Self::Wednesday => "wednesday",
            Self::Thursday => "thursday",
            Self::Friday => "friday",
            Self::Saturday => "saturday",
            Self::Sunday => "sunday",
        }
    }

    /// Its number as ISO 8601 counts: Monday is 1, Sunday is 7.
    #[must_use]
    pub const fn number(self) -> u8 {
        self as u8 + 1
    }

    fn of(weekday: Weekday) -> Self {
        match weekday {
            Weekday::Monday => Self::Monday,
            Weekday::Tuesday => Self::Tuesday,
            Weekday::Wednesday => Self::Wednesday,
            Weekday::Thursday => Self::Thursday,
            Weekday::Friday => Self::Friday,
            Weekday::Saturday => Self::Saturday,
            Weekday::Sunday => Self::Sunday,
        }
    }
}

/// The most days that are looked ahead for an anniversary.
pub(super) const AHEAD_MAX: u32 = 300;

/// Whether a statement about the calendar holds.
pub(super) fn weigh(world: &World<'_>, condition: &Condition) -> Weighed {
    #[expect(clippy::wildcard_enum_match_arm, reason = "only the calendar's statements come here")]
    match condition {
        Condition::Weekday(days) => weekday(world, days),
        Condition::Hour(limit) => hour(world, *limit),
        Condition::Anniversary { of, ahead } => anniversary(world, of, *ahead),
        _ => Weighed::lasting(Truth::Unknown),
    }
}

fn weekday(world: &World<'_>, days: &[Day]) -> Weighed {
    let today = world.today();
    let held = |date: Date| days.contains(&Day::of(date.weekday()));
    let holds = held(today);
    let turn = following(today).take(7).find(|date| held(*date) != holds);
    let next = turn.map(|date| beginning(date, world.asked.zone));
    Weighed { truth: holds.into(), next }
}

/// The days after one.
fn following(day: Date) -> impl Iterator<Item = Date> {
    std::iter::successors(day.tomorrow().ok(), |day| day.tomorrow().ok())
}

fn hour(world: &World<'_>, limit: Limit<u64>) -> Weighed {
    let zone = world.asked.zone;
    let held = |at: Timestamp| {
        let hour = i128::from(at.in_zone(zone).hour());
        limit.comparison.test(hour, hour, i128::from(limit.value)) == Truth::True
    };
    let now = world.now();
    let holds = held(now);
    // Zones differ from UTC by whole quarters of an hour, so that hours begin at such moments only.
    let quarter = 15 * MINUTE;
    let first = Timestamp(now.0.div_euclid(quarter) * quarter + quarter);
    let turn = (0..27 * 4).map(|n| first.plus(n * quarter)).find(|at| held(*at) != holds);
    Weighed { truth: holds.into(), next: turn }
}

/// The day an anniversary is of; the year may not be known.
fn day_of(world: &World<'_>, of: &Occasion) -> Option<(Option<i16>, i8, i8)> {
    match of {
        Occasion::Trait(name) => day_in_trait(world.profile, name),
        Occasion::FirstOrder => {
            let first = world.orders().iter().find(|at| **at <= world.now())?;
            Some(day_at(*first, world.asked.zone))
        }
    }
}

/// The day of an occasion as known at `now`: year, month, day; the year may not be known.
pub(crate) fn occasion_day(
    profile: &Profile,
    of: &Occasion,
    zone: &TimeZone,
    now: Timestamp,
) -> Option<(Option<i16>, i8, i8)> {
    match of {
        Occasion::Trait(name) => day_in_trait(profile, name),
        Occasion::FirstOrder => {
            let kept = profile.orders.by_key.values().filter(|order| order.kept());
            let moments = kept.filter_map(|order| order.occurred()).map(|occurred| occurred.at);
            Some(day_at(moments.filter(|at| *at <= now).min()?, zone))
        }
    }
}

fn day_in_trait(profile: &Profile, name: &str) -> Option<(Option<i16>, i8, i8)> {
    let (_, value) = person::stated_in(profile, name)?;
    let Value::Text(text) = value else { return None };
    stated_day(text)
}

fn day_at(at: Timestamp, zone: &TimeZone) -> (Option<i16>, i8, i8) {
    let date = at.in_zone(zone).date();
    (Some(date.year()), date.month(), date.day())
}

/// `1990-02-28`, with a time behind it or without, `--02-28`, `02-28`.
fn stated_day(text: &str) -> Option<(Option<i16>, i8, i8)> {
    let text = text.trim();
    if let Some(date) = text.get(..10).and_then(|day| day.parse::<Date>().ok()) {
        return Some((Some(date.year()), date.month(), date.day()));
    }
    let (month, day) = text.strip_prefix("--").unwrap_or(text).split_once('-')?;
    let (month, day): (i8, i8) = (month.parse().ok()?, day.parse().ok()?);
    // A leap year has every day.
    Date::new(2_000, month, day).ok()?;
    Some((None, month, day))
}

/// The next anniversary from `today` on; in years without a 29 February it is on the 28th.
fn next_anniversary((year, month, day): (Option<i16>, i8, i8), today: Date) -> Option<Date> {
    (today.year()..=today.year() + 1)
        .filter(|of| year.is_none_or(|year| *of > year))
        .filter_map(|of| anniversary_in(of, month, day))
        .find(|date| *date >= today)
}

fn anniversary(world: &World<'_>, of: &Occasion, ahead: u32) -> Weighed {
    let today = world.today();
    let known = day_of(world, of);
    let next = known.and_then(|day| next_anniversary(day, today));
    let zone = world.asked.zone;
    let span = jiff::Span::new().days(i64::from(ahead));
    let (holds, turn) = match next {
        Some(date) => {
            let from = date.checked_sub(span).unwrap_or(date);
            let holds = from <= today;
            let turn = if holds { date.tomorrow().ok() } else { Some(from) };
            (holds, turn)
        }
        // In the year of the day itself, the one after the next is too far away to be found.
        None => (false, Date::new(today.year() + 1, 1, 1).ok().filter(|_| known.is_some())),
    };
    let to_come = world.orders().iter().find(|at| **at > world.now()).copied();
    let to_come = to_come.filter(|_| *of == Occasion::FirstOrder);
    let turn = earlier(turn.map(|date| beginning(date, zone)), to_come);
    if *of != Occasion::FirstOrder || !world.certain() {
        return Weighed { truth: holds.into(), next: turn };
    }
    let missing = world.feeds.missing(&Facts::Orders);
    let truth = if missing.lacking.is_empty() { holds.into() } else { Truth::Unknown };
    Weighed { truth, next: earlier(turn, missing.changes_at) }
}

/// Notes what the calendar says.
pub(super) fn explain(world: &World<'_>, condition: &Condition, truth: Truth, notes: &mut Notes) {
    let zoned = world.now().in_zone(world.asked.zone);
    #[expect(clippy::wildcard_enum_match_arm, reason = "only the calendar's statements come here")]
    match condition {
        Condition::Weekday(_) => {
            let day = Day::of(zoned.weekday());
            notes.say(Told::TodayIs { weekday: day }, None);
        }
        Condition::Hour(_) => {
            let clock = format!("{:02}:{:02}", zoned.hour(), zoned.minute());
            notes.say(Told::LocalTime { clock }, None);
        }
        Condition::Anniversary { of, .. } => {
            let next = day_of(world, of).and_then(|day| next_anniversary(day, world.today()));
            match (next, of) {
                (Some(date), _) => {
                    notes.say(Told::AnniversaryOn { day: date.to_string() }, None);
                }
                (None, Occasion::Trait(name)) => {
                    notes.say(Told::TraitUnknown { name: name.clone() }, None);
                }
                (None, Occasion::FirstOrder) => notes.say(Told::NoAnniversary, None),
            }
            if truth == Truth::Unknown {
                let silences = world.feeds.missing(&Facts::Orders);
                for silence in &silences.lacking {
                    behind(world, &silence.lacking, notes);
                }
                if silences.lacking.is_empty() {
                    let fact = Fact::new(Told::NoAnniversary, None);
                    notes.because(ReasonCode::ConditionUnknown, fact);
                }
            }
        }
        _ => {}
    }
}
