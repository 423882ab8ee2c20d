//! Time as the engine knows it: milliseconds that are handed in, never read from a clock.

use minicbor::{Decode, Encode};

/// A moment: milliseconds since 1970-01-01T00:00:00Z, leap seconds ignored.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Encode, Decode)]
#[cbor(transparent)]
pub struct Timestamp(#[n(0)] pub i64);

/// One second in milliseconds.
pub const SECOND: i64 = 1_000;
/// One minute in milliseconds.
pub const MINUTE: i64 = 60 * SECOND;
/// One hour in milliseconds.
pub const HOUR: i64 = 60 * MINUTE;
/// Twenty-four elapsed hours in milliseconds; a calendar day may be shorter or longer.
pub const DAY: i64 = 24 * HOUR;

/// A length of time in words, in the largest unit that it is whole in: `24 hours`, `7 days`.
#[must_use]
pub fn lasting(ms: i64) -> String {
    let units = [(DAY, "day", 2 * DAY), (HOUR, "hour", HOUR), (MINUTE, "minute", MINUTE)];
    let whole = units.into_iter().find(|(unit, _, least)| ms >= *least && ms % unit == 0);
    let (unit, word) = whole.map_or((SECOND, "second"), |(unit, word, _)| (unit, word));
    let count = ms / unit;
    if count == 1 { format!("1 {word}") } else { format!("{count} {word}s") }
}

impl Timestamp {
    /// The earliest moment an event may bear: 1970-01-01. Older dates are typing errors.
    pub const EARLIEST: Self = Self(0);
    /// The latest moment that is printed with four digits of year.
    pub const LATEST: Self = Self(253_402_300_799_999);

    /// The moment `ms` milliseconds later (earlier if negative), kept inside what an `i64` holds.
    #[must_use]
    pub const fn plus(self, ms: i64) -> Self {
        Self(self.0.saturating_add(ms))
    }

    /// Milliseconds from `earlier` to this moment; negative if it is later.
    #[must_use]
    pub const fn since(self, earlier: Self) -> i64 {
        self.0.saturating_sub(earlier.0)
    }

    /// This moment as the calendar library knows it, clamped to its range.
    #[must_use]
    pub fn to_jiff(self) -> jiff::Timestamp {
        jiff::Timestamp::from_millisecond(self.0).unwrap_or(if self.0 < 0 {
            jiff::Timestamp::MIN
        } else {
            jiff::Timestamp::MAX
        })
    }

    /// This moment in `zone`.
    #[must_use]
    pub fn in_zone(self, zone: &jiff::tz::TimeZone) -> jiff::Zoned {
        self.to_jiff().to_zoned(zone.clone())
    }

    /// The hour of the week in UTC, 0 (Monday 00:00) to 167.
    #[must_use]
    pub fn hour_of_week(self) -> usize {
        // 1970-01-01 was a Thursday: three days after Monday.
        let hours = self.0.div_euclid(HOUR) + 3 * 24;
        usize::try_from(hours.rem_euclid(168)).expect("a remainder of 168 fits")
    }
}

impl std::fmt::Display for Timestamp {
    /// RFC 3339 in UTC, with milliseconds only where there are some.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}", self.to_jiff())
    }
}

/// How exactly a source knows when something happened.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Encode, Decode)]
#[cbor(index_only)]
pub enum Precision {
    /// To the second or better.
    #[default]
    #[n(0)]
    Instant,
    /// To the minute: some moment in the minute that begins at the stated time.
    #[n(1)]
    Minute,
    /// To the day: some moment in the day that begins at the stated time.
    #[n(2)]
    Day,
}

impl Precision {
    /// Milliseconds after the stated time within which the thing happened.
    #[must_use]
    pub const fn width_ms(self) -> i64 {
        match self {
            Self::Instant => 0,
            Self::Minute => MINUTE - 1,
            Self::Day => DAY - 1,
        }
    }
}

/// When something happened, and how exactly that is known.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Encode, Decode)]
pub struct Occurred {
    /// The stated moment: the beginning of the minute or day where only that is known.
    #[n(0)]
    pub at: Timestamp,
    /// How exact `at` is.
    #[n(1)]
    pub precision: Precision,
}

impl Occurred {
    /// Something that happened exactly `at`.
    #[must_use]
    pub const fn instant(at: Timestamp) -> Self {
        Self { at, precision: Precision::Instant }
    }

    /// The latest moment at which it may have happened.
    #[must_use]
    pub const fn latest(self) -> Timestamp {
        self.at.plus(self.precision.width_ms())
    }

    /// Whether this surely happened before `other`, whatever the true moments are.
    #[must_use]
    pub const fn surely_before(self, other: Self) -> bool {
        self.latest().0 < other.at.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_day_is_not_surely_before_a_moment_inside_it() {
        let day = Occurred { at: Timestamp(0), precision: Precision::Day };
        assert!(!day.surely_before(Occurred::instant(Timestamp(HOUR))));
        assert!(day.surely_before(Occurred::instant(Timestamp(DAY))));
    }

    #[test]
    fn lengths_are_told_in_their_largest_whole_unit() {
        let told: Vec<String> =
            [24 * HOUR, 7 * DAY, MINUTE, 90 * MINUTE, 1_500].map(lasting).into();
        assert_eq!(told, ["24 hours", "7 days", "1 minute", "90 minutes", "1 second"]);
    }

    #[test]
    fn the_week_begins_on_monday() {
        // 2026-11-16 was a Monday.
        let monday: jiff::Timestamp = "2026-11-16T00:30:00Z".parse().unwrap();
        assert_eq!(Timestamp(monday.as_millisecond()).hour_of_week(), 0);
    }
}
