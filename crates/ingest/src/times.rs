//! Times as sources write them, and the moment they mean.
//!
//! Read are RFC 3339 with any number of decimals, with a space or a `T`, with or without seconds
//! and zone, days alone, and seconds, milliseconds, microseconds or nanoseconds since 1970.

use jiff::civil;
use jiff::tz::TimeZone;
use regulars_engine::event::parse_decimal;
use regulars_engine::time::{DAY, HOUR, MINUTE, Occurred, Precision, SECOND, Timestamp};

use crate::json::Scalar;
use crate::limits::SKEW_MS_MIN;
use crate::rejection::{Place, RejectionReason};

/// What a source stated about a time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Stated {
    pub(crate) at: Timestamp,
    pub(crate) precision: Precision,
    /// Whether the zone is the source's, because the time came without one.
    pub(crate) zone_assumed: bool,
}

/// Why a time was not read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Fault {
    NotUnderstood,
    OutOfRange,
}

impl Fault {
    pub(crate) fn reason(self, place: Place) -> RejectionReason {
        match self {
            Self::NotUnderstood => RejectionReason::TimeNotUnderstood { place },
            Self::OutOfRange => RejectionReason::TimeOutOfRange { place },
        }
    }
}

/// When something happened, once the sender's clock is judged against ours.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Settled {
    pub(crate) occurred: Occurred,
    /// What was added to the stated time: the skew, and what was clamped.
    pub(crate) skew_ms: i64,
}

/// Settles when something happened. A stated moment is moved by the sender's skew if `sent_at` and
/// `received_at` differ by more than [`SKEW_MS_MIN`]; days and minutes are not, since they come
/// from books and not from clocks. Nothing happens after it was received.
pub(crate) fn settle(
    stated: Option<Stated>,
    sent_at: Option<Timestamp>,
    received_at: Timestamp,
) -> Settled {
    let Some(stated) = stated else {
        return Settled { occurred: Occurred::instant(received_at), skew_ms: 0 };
    };
    let skew_ms = match (stated.precision, sent_at) {
        (Precision::Instant, Some(sent_at)) => {
            let skew_ms = received_at.since(sent_at);
            if skew_ms.abs() > SKEW_MS_MIN { skew_ms } else { 0 }
        }
        (Precision::Instant | Precision::Minute | Precision::Day, _) => 0,
    };
    let at = stated.at.plus(skew_ms).max(Timestamp::EARLIEST);
    let occurred = if at > received_at {
        Occurred::instant(received_at)
    } else {
        Occurred { at, precision: stated.precision }
    };
    Settled { occurred, skew_ms: occurred.at.since(stated.at) }
}

/// Reads the time of a field.
pub(crate) fn read(scalar: Scalar<'_>, zone: &TimeZone) -> Result<Stated, Fault> {
    match scalar {
        Scalar::Text(text) | Scalar::Number(text) => parse(text, zone),
        Scalar::Escaped(_) => parse(&scalar.text().unwrap_or_default(), zone),
        Scalar::Whole(number) => since_epoch(number, 0),
        Scalar::Absent | Scalar::Bool(_) | Scalar::Nested(_) => Err(Fault::NotUnderstood),
    }
}

/// Reads a time; one without a zone is in `zone`.
pub(crate) fn parse(text: &str, zone: &TimeZone) -> Result<Stated, Fault> {
    let text = text.trim();
    if let Some((day, rest)) = day(text.as_bytes()) {
        return day_and_clock(day, rest, zone);
    }
    if text.len() == 8 && text.bytes().all(|byte| byte.is_ascii_digit()) {
        // 20261121: as seconds it would be 1970, before anything a shop remembers.
        let dashed = format!("{}-{}-{}", &text[..4], &text[4..6], &text[6..]);
        return match day(dashed.as_bytes()) {
            Some((day, rest)) => day_and_clock(day, rest, zone),
            None => Err(Fault::NotUnderstood),
        };
    }
    if text.len() > 10 && text.starts_with(['+', '-']) && text.as_bytes()[7] == b'-' {
        return Err(Fault::OutOfRange); // Years of six digits, as JavaScript writes them.
    }
    let (number, scale) = parse_decimal(text).ok_or(Fault::NotUnderstood)?;
    since_epoch(number, scale)
}

/// Reads `2026-11-21` from the beginning: the day, and what follows it.
fn day(bytes: &[u8]) -> Option<(civil::Date, &[u8])> {
    let (head, rest) = bytes.split_at_checked(10)?;
    if head[4] != b'-' || head[7] != b'-' {
        return None;
    }
    let year = i16::try_from(number(&head[..4])?).ok()?;
    let month = i8::try_from(number(&head[5..7])?).ok()?;
    let day = i8::try_from(number(&head[8..])?).ok()?;
    Some((civil::Date::new(year, month, day).ok()?, rest))
}

fn number(digits: &[u8]) -> Option<i32> {
    digits.iter().try_fold(0_i32, |number, byte| {
        byte.is_ascii_digit().then(|| number * 10 + i32::from(byte - b'0'))
    })
}

/// The clock of a day, in milliseconds since its midnight.
struct Clock {
    ms: i64,
    precision: Precision,
}

fn day_and_clock(day: civil::Date, rest: &[u8], zone: &TimeZone) -> Result<Stated, Fault> {
    let Some((separator, rest)) = rest.split_first() else {
        return zoned(day, &Clock { ms: 0, precision: Precision::Day }, zone);
    };
    if !matches!(separator, b'T' | b't' | b' ') {
        return Err(Fault::NotUnderstood);
    }
    let (clock, rest) = clock(rest).ok_or(Fault::NotUnderstood)?;
    match offset_ms(rest).ok_or(Fault::NotUnderstood)? {
        None => zoned(day, &clock, zone),
        Some(offset_ms) => {
            let at = Timestamp(days_since_epoch(day) * DAY + clock.ms - offset_ms);
            within_range(Stated { at, precision: clock.precision, zone_assumed: false })
        }
    }
}

/// Reads `10:05`, `10:05:59` or `10:05:59.123456789`, and what follows.
fn clock(bytes: &[u8]) -> Option<(Clock, &[u8])> {
    let (head, rest) = bytes.split_at_checked(5)?;
    let (hour, minute) = (number(&head[..2])?, number(&head[3..])?);
    if head[2] != b':' || hour > 23 || minute > 59 {
        return None;
    }
    let mut ms = i64::from(hour) * HOUR + i64::from(minute) * MINUTE;
    let Some((b':', rest)) = rest.split_first().map(|(sign, rest)| (*sign, rest)) else {
        return Some((Clock { ms, precision: Precision::Minute }, rest));
    };
    let (head, mut rest) = rest.split_at_checked(2)?;
    // A leap second is the last millisecond of its minute to us.
    let second = number(head).filter(|second| *second <= 60)?.min(59);
    ms += i64::from(second) * SECOND;
    if let Some((b'.' | b',', decimals)) = rest.split_first().map(|(sign, rest)| (*sign, rest)) {
        let digits = decimals.iter().take_while(|byte| byte.is_ascii_digit()).count();
        if digits == 0 {
            return None;
        }
        let mut place = 100;
        for byte in &decimals[..digits.min(3)] {
            ms += i64::from(byte - b'0') * place;
            place /= 10;
        }
        rest = &decimals[digits..];
    }
    Some((Clock { ms, precision: Precision::Instant }, rest))
}

/// Reads `Z`, `+01:00`, `-0300`, ` UTC` to the end; `Some(None)` if there is no zone at all.
#[expect(clippy::option_option, reason = "the outer one is an error, the inner one an absent zone")]
fn offset_ms(bytes: &[u8]) -> Option<Option<i64>> {
    let bytes = bytes.trim_ascii();
    // `[Europe/Madrid]` says again what the offset has said.
    let bytes = match bytes.iter().position(|byte| *byte == b'[') {
        Some(bracket) if bracket > 0 && bytes.ends_with(b"]") => &bytes[..bracket],
        Some(_) | None => bytes,
    };
    let (sign, digits) = match bytes {
        [] => return Some(None),
        b"Z" | b"z" | b"UTC" | b"GMT" => return Some(Some(0)),
        [b'+', digits @ ..] => (1, digits),
        [b'-', digits @ ..] => (-1, digits),
        _ => return None,
    };
    let (hours, minutes) = match digits {
        [a, b] => (number(&[*a, *b])?, 0),
        [a, b, c, d] | [a, b, b':', c, d] => (number(&[*a, *b])?, number(&[*c, *d])?),
        _ => return None,
    };
    (hours < 24 && minutes < 60)
        .then(|| Some(sign * (i64::from(hours) * HOUR + i64::from(minutes) * MINUTE)))
}

/// The moment of a wall clock in `zone`. A time that a change of clocks skips or repeats is the
/// one by the clock before the change.
fn zoned(day: civil::Date, clock: &Clock, zone: &TimeZone) -> Result<Stated, Fault> {
    let wall = Timestamp(days_since_epoch(day) * DAY + clock.ms);
    let at = if *zone == TimeZone::UTC {
        wall
    } else {
        let time = civil::Time::midnight() + jiff::SignedDuration::from_millis(clock.ms);
        zone.to_ambiguous_timestamp(day.to_datetime(time))
            .compatible()
            .map(|moment| Timestamp(moment.as_millisecond()))
            .map_err(|_| Fault::OutOfRange)?
    };
    within_range(Stated { at, precision: clock.precision, zone_assumed: true })
}

/// Reads a wall clock that a format has taken apart; used by tables.
pub(crate) fn of_civil(
    moment: civil::DateTime,
    precision: Precision,
    zone: &TimeZone,
) -> Result<Stated, Fault> {
    let since_midnight = moment.time().duration_since(civil::Time::midnight());
    let ms = i64::try_from(since_midnight.as_millis()).map_err(|_| Fault::OutOfRange)?;
    zoned(moment.date(), &Clock { ms, precision }, zone)
}

/// Reads a moment that came with its own zone; used by tables.
pub(crate) fn of_timestamp(moment: jiff::Timestamp) -> Result<Stated, Fault> {
    let at = Timestamp(moment.as_millisecond());
    within_range(Stated { at, precision: Precision::Instant, zone_assumed: false })
}

/// Days from 1970-01-01 (Hinnant, "chrono-compatible low-level date algorithms", `days_from_civil`).
fn days_since_epoch(day: civil::Date) -> i64 {
    let month = i64::from(day.month());
    let year = i64::from(day.year()) - i64::from(month <= 2);
    let era = year.div_euclid(400);
    let year_of_era = year.rem_euclid(400);
    let day_of_year = (153 * ((month + 9) % 12) + 2) / 5 + i64::from(day.day()) - 1;
    let day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
    era * 146_097 + day_of_era - 719_468
}

/// `number` with `scale` decimals, in seconds, or in the finer unit its size shows.
fn since_epoch(number: i64, scale: u32) -> Result<Stated, Fault> {
    let whole = number / 10_i64.checked_pow(scale).ok_or(Fault::NotUnderstood)?;
    let ms = match whole {
        i64::MIN..0 => return Err(Fault::OutOfRange),
        // Seconds before 1973 are counters or years, not times.
        0..100_000_000 => return Err(Fault::NotUnderstood),
        100_000_000..100_000_000_000 => {
            let decimals = i128::from(number) * 1000 / 10_i128.pow(scale);
            i64::try_from(decimals).map_err(|_| Fault::OutOfRange)?
        }
        100_000_000_000..100_000_000_000_000 => whole,
        100_000_000_000_000..100_000_000_000_000_000 => whole / 1000,
        100_000_000_000_000_000.. => whole / 1_000_000,
    };
    within_range(Stated { at: Timestamp(ms), precision: Precision::Instant, zone_assumed: false })
}

fn within_range(stated: Stated) -> Result<Stated, Fault> {
    if (Timestamp::EARLIEST..=Timestamp::LATEST).contains(&stated.at) {
        Ok(stated)
    } else {
        Err(Fault::OutOfRange)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn madrid() -> TimeZone {
        TimeZone::get("Europe/Madrid").unwrap()
    }

    fn read(text: &str) -> String {
        match parse(text, &madrid()) {
            Ok(stated) => format!(
                "{} {:?}{}",
                stated.at,
                stated.precision,
                if stated.zone_assumed { " assumed" } else { "" }
            ),
            Err(fault) => format!("{fault:?}"),
        }
    }

    #[test]
    fn moments_are_read_as_stock_clients_write_them() {
        for text in [
            "2026-11-21T10:00:00.123Z",
            "2026-11-21T10:00:00.123456Z",
            "2026-11-21T10:00:00.123456789Z",
            "2026-11-21T10:00:00.123+00:00",
            "2026-11-21 11:00:00.123+01:00",
            "2026-11-21T05:00:00.123-0500",
            "2026-11-21T11:00:00.123+01:00[Europe/Madrid]",
            "2026-11-21 10:00:00.123 UTC",
            "1795255200123",
            "1795255200.123",
            "1795255200123456",
            "1795255200123456789",
        ] {
            assert_eq!(read(text), "2026-11-21T10:00:00.123Z Instant", "{text}");
        }
    }

    #[test]
    fn a_time_without_a_zone_is_in_the_sources_zone() {
        assert_eq!(read("2026-11-21T11:00:00"), "2026-11-21T10:00:00Z Instant assumed");
        assert_eq!(read("2026-11-21 11:00"), "2026-11-21T10:00:00Z Minute assumed");
        assert_eq!(read("2026-11-21T10:00Z"), "2026-11-21T10:00:00Z Minute");
        assert_eq!(read("2026-11-21"), "2026-11-20T23:00:00Z Day assumed");
        assert_eq!(read("20261121"), "2026-11-20T23:00:00Z Day assumed");
        // 02:30 is skipped on 29 March and repeated on 25 October.
        assert_eq!(read("2026-03-29T02:30:00"), "2026-03-29T01:30:00Z Instant assumed");
        assert_eq!(read("2026-10-25T02:30:00"), "2026-10-25T00:30:00Z Instant assumed");
    }

    #[test]
    fn nonsense_and_other_ages_have_clear_outcomes() {
        for text in [
            "",
            "yesterday",
            "21/11/2026",
            "2026-13-01",
            "2026-02-30",
            "2026-11-21T25:00:00Z",
            "0000-00-00",
            "2026-11-21T10:00:00.Z",
            "2026-11-21T10",
            "2026-11-21X10:00:00Z",
            "0",
            "2026",
            "12345678",
            "2026-11-21T10:00:00+1",
            "2026-11-21T10:00:00[UTC]",
        ] {
            assert_eq!(read(text), "NotUnderstood", "{text}");
        }
        for text in [
            "1601-01-01T00:00:00Z",
            "1969-12-31T23:59:59.999Z",
            "+010000-01-01T00:00:00.000Z",
            "-000001-01-01T00:00:00.000Z",
            "-5",
            "0001-01-01T00:00:00Z",
            "9999-12-31T23:59:59-01:00",
        ] {
            assert_eq!(read(text), "OutOfRange", "{text}");
        }
        assert_eq!(read("9999-12-30T10:00:00Z"), "9999-12-30T10:00:00Z Instant");
        assert_eq!(read("2016-12-31T23:59:60Z"), "2016-12-31T23:59:59Z Instant");
    }

    #[test]
    fn days_agree_with_the_calendar_library() {
        let mut day = civil::date(1969, 12, 25);
        while day < civil::date(2101, 3, 2) {
            let expected = day.to_zoned(TimeZone::UTC).unwrap().timestamp().as_millisecond();
            assert_eq!(days_since_epoch(day) * DAY, expected);
            day = day.tomorrow().unwrap();
        }
    }

    fn at(ms: i64) -> Option<Stated> {
        Some(Stated { at: Timestamp(ms), precision: Precision::Instant, zone_assumed: false })
    }

    #[test]
    fn a_clock_that_is_wrong_is_corrected_only_above_a_minute() {
        let received = Timestamp(10 * HOUR);
        let behind = settle(at(HOUR), Some(Timestamp(9 * HOUR)), received);
        assert_eq!((behind.occurred.at, behind.skew_ms), (Timestamp(2 * HOUR), HOUR));
        let ahead = settle(at(11 * HOUR), Some(Timestamp(12 * HOUR)), received);
        assert_eq!((ahead.occurred.at, ahead.skew_ms), (Timestamp(9 * HOUR), -2 * HOUR));
        let slow = settle(at(HOUR), Some(received.plus(-MINUTE)), received);
        assert_eq!((slow.occurred.at, slow.skew_ms), (Timestamp(HOUR), 0));
    }

    #[test]
    fn nothing_happens_after_it_was_received() {
        let received = Timestamp(10 * HOUR);
        let clamped = settle(at(11 * HOUR), None, received);
        assert_eq!((clamped.occurred, clamped.skew_ms), (Occurred::instant(received), -HOUR));
        assert_eq!(settle(None, None, received).occurred.at, received);
    }
}
