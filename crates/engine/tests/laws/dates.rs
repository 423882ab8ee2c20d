//! Dates of a person that start journeys, against a calendar that is walked day by day.

use jiff::civil::Date;
use jiff::tz::TimeZone;
use proptest::prelude::*;
use proptest::sample::select;
use regulars_engine::condition::Occasion;
use regulars_engine::event::Value;
use regulars_engine::journey::{DateEntry, Repeats};
use regulars_engine::profile::{Profile, Trait};
use regulars_engine::time::{DAY, HOUR, Timestamp};

/// Zones that change clocks by an hour, by half an hour, at midnight, in Ramadan, or not at all.
const ZONES: [&str; 8] = [
    "Europe/Madrid",
    "America/New_York",
    "Asia/Kolkata",
    "Australia/Lord_Howe",
    "America/Sao_Paulo",
    "Africa/Casablanca",
    "Pacific/Chatham",
    "Asia/Beirut",
];

fn born(day: &str) -> Profile {
    let mut profile = Profile::default();
    let value = Value::Text(day.to_owned());
    profile.traits.insert(
        "birthday".to_owned(),
        Trait { stamp: Default::default(), value, source: String::new() },
    );
    profile
}

fn leap(year: i16) -> bool {
    year % 4 == 0 && (year % 100 != 0 || year % 400 == 0)
}

/// Whether `day` is the person's day: by month and day, a 29 February on the 28th of other years.
fn kept_on(day: Date, born: Date, repeats: Repeats) -> bool {
    let same = (day.month(), day.day()) == (born.month(), born.day());
    let moved = (born.month(), born.day()) == (2, 29)
        && (day.month(), day.day()) == (2, 28)
        && !leap(day.year());
    match repeats {
        Repeats::Once => day == born,
        Repeats::EveryYear => day.year() > born.year() && (same || moved),
    }
}

/// When a clock on the wall first shows that minute of that day; where it skips it, when it would
/// have shown it without the change.
fn shown(day: Date, minute: i32, zone: &TimeZone) -> Timestamp {
    let midnight = day.at(0, 0, 0, 0).to_zoned(TimeZone::UTC).unwrap().timestamp();
    let utc = Timestamp(midnight.as_millisecond()).plus(i64::from(minute) * 60_000);
    let clock = |at: Timestamp| {
        let local = at.in_zone(zone);
        (local.date(), i32::from(local.hour()) * 60 + i32::from(local.minute()))
    };
    // Offsets are between -12 and +14 hours, and whole quarters.
    let first =
        (-14 * 4..=14 * 4).map(|n| utc.plus(n * HOUR / 4)).find(|at| clock(*at) == (day, minute));
    first.unwrap_or_else(|| {
        let before = utc.plus(-DAY).in_zone(zone).offset();
        utc.plus(-i64::from(before.seconds()) * 1_000)
    })
}

fn walked(entry: &DateEntry, born: Date, zone: &TimeZone, after: Timestamp) -> Option<Timestamp> {
    let from = after.plus(-2 * DAY).in_zone(zone).date();
    let span = jiff::Span::new().days(entry.days);
    let days = std::iter::successors(Some(from), |day| day.tomorrow().ok()).take(18 * 366);
    days.filter(|day| kept_on(day.checked_sub(span).unwrap(), born, entry.repeats))
        .map(|day| shown(day, entry.at_minute, zone))
        .find(|at| *at > after)
}

proptest! {
    /// The moment is that of a calendar on the wall: nobody is wished well an hour or a day off.
    #[test]
    fn the_next_date_is_that_of_a_calendar_on_the_wall(
        zone in select(&ZONES[..]),
        year in 1990..2030_i16,
        month in 1..=12_i8,
        day in prop_oneof![3 => 1..=31_i8, 1 => Just(29_i8)],
        often in select(vec![Repeats::Once, Repeats::EveryYear]),
        days in prop_oneof![2 => Just(0), 3 => -365..=365_i32],
        at_minute in prop_oneof![1 => 0..180_i32, 1 => 0..1_440_i32],
        after in 1_451_606_400..1_830_000_000_i64,
    ) {
        let zone = TimeZone::get(zone).unwrap();
        let born_on = Date::new(year, month, day);
        prop_assume!(born_on.is_ok());
        let born_on = born_on.unwrap();
        let profile = born(&born_on.to_string());
        let of = Occasion::Trait("birthday".to_owned());
        let entry = DateEntry { of, repeats: often, days, at_minute };
        let after = Timestamp(after * 1_000);
        let next = entry.next(&profile, &zone, after);
        prop_assert_eq!(next, walked(&entry, born_on, &zone, after));
        // What is found by waiting for the next one is what is found by looking back.
        if let Some(next) = next {
            prop_assert_eq!(entry.latest(&profile, &zone, next), Some(next));
            prop_assert_eq!(entry.next(&profile, &zone, next.plus(-1)), Some(next));
            prop_assert_ne!(entry.latest(&profile, &zone, next.plus(-1)), Some(next));
        }
    }
}

/// A birthday comes once a year, on the 28th where there is no 29 February, to the minute.
#[test]
fn a_leap_day_is_kept_every_year() {
    let zone = TimeZone::get("Europe/Madrid").unwrap();
    let of = Occasion::Trait("birthday".to_owned());
    let entry = DateEntry { of, repeats: Repeats::EveryYear, days: 0, at_minute: 540 };
    let mut at = Timestamp(1_700_000_000_000);
    let mut kept = Vec::new();
    for _ in 0..4 {
        at = entry.next(&born("2000-02-29T00:00:00Z"), &zone, at).unwrap();
        kept.push(at.in_zone(&zone).strftime("%d %b %Y %H:%M").to_string());
    }
    let expected =
        ["29 Feb 2024 09:00", "28 Feb 2025 09:00", "28 Feb 2026 09:00", "28 Feb 2027 09:00"];
    assert_eq!(kept, expected);
}
