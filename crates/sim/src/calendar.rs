//! The town's days in its own zone, as tables, and instants as milliseconds since 1970.

use jiff::{Timestamp, civil, tz::TimeZone};

/// Days past the period for which there are instants: returns and journeys run on.
const TAIL_DAYS: u32 = 60;
pub(crate) const MINUTE: i64 = 60_000;
pub(crate) const HOUR: i64 = 60 * MINUTE;
pub(crate) const DAY: i64 = 24 * HOUR;

#[derive(Debug)]
struct Day {
    /// The instant at which each local hour begins; an hour that the clocks skip begins with the next.
    hours: [i64; 24],
    /// 0 is Monday.
    weekday: usize,
    offset_seconds: i32,
}

/// Local days from the first on.
#[derive(Debug)]
pub(crate) struct Calendar {
    days: Vec<Day>,
    period: u32,
}

impl Calendar {
    pub(crate) fn new(start: Timestamp, zone: &TimeZone, period: u32) -> Result<Self, jiff::Error> {
        let first = start.to_zoned(zone.clone()).date();
        let mut days = Vec::with_capacity((period + TAIL_DAYS) as usize);
        let mut date = first;
        for _ in 0..period + TAIL_DAYS {
            days.push(day(date, zone)?);
            date = date.tomorrow()?;
        }
        Ok(Self { days, period })
    }

    /// Number of days of the period.
    pub(crate) fn period(&self) -> u32 {
        self.period
    }

    pub(crate) fn start(&self) -> i64 {
        self.days[0].hours[0]
    }

    /// The instant after the last day of the period.
    pub(crate) fn end(&self) -> i64 {
        self.days[self.period as usize].hours[0]
    }

    /// The instant of a local second of a day; days beyond the table are its last.
    pub(crate) fn at(&self, day: u32, second: u32) -> i64 {
        self.day(day).hours[(second / 3600).min(23) as usize] + i64::from(second % 3600) * 1000
    }

    /// 0 is Monday.
    pub(crate) fn weekday(&self, day: u32) -> usize {
        self.day(day).weekday
    }

    /// The zone's offset at noon: right for all but the small hours of the two days of change.
    pub(crate) fn offset_seconds(&self, day: u32) -> i32 {
        self.day(day).offset_seconds
    }

    /// The day of the period that holds `instant`; earlier instants belong to the first day.
    pub(crate) fn day_of(&self, instant: i64) -> u32 {
        let after = self.days.partition_point(|day| day.hours[0] <= instant);
        u32::try_from(after.saturating_sub(1)).expect("the table is short")
    }

    fn day(&self, day: u32) -> &Day {
        &self.days[(day as usize).min(self.days.len() - 1)]
    }
}

fn day(date: civil::Date, zone: &TimeZone) -> Result<Day, jiff::Error> {
    let mut hours = [0; 24];
    for (hour, instant) in (0..24).zip(&mut hours) {
        *instant = date.at(hour, 0, 0, 0).to_zoned(zone.clone())?.timestamp().as_millisecond();
    }
    let noon = date.at(12, 0, 0, 0).to_zoned(zone.clone())?;
    let weekday = usize::from(date.weekday().to_monday_zero_offset().unsigned_abs());
    Ok(Day { hours, weekday, offset_seconds: noon.offset().seconds() })
}

/// Writes instants as RFC 3339 text; remembers the last day, since neighbours share it.
#[derive(Debug, Default)]
pub(crate) struct Clockface {
    day: Option<i64>,
    text: [u8; 10],
}

impl Clockface {
    /// `2026-11-21T18:47:12.345Z`
    pub(crate) fn write(&mut self, instant: i64, out: &mut Vec<u8>) {
        let milliseconds = self.write_seconds(instant, out);
        out.push(b'.');
        two(milliseconds / 10, out);
        out.push(digit(milliseconds % 10));
        out.push(b'Z');
    }

    /// `2026-11-21T19:47:12+01:00`, to the second.
    pub(crate) fn write_offset(&mut self, instant: i64, offset_seconds: i32, out: &mut Vec<u8>) {
        self.write_seconds(instant + i64::from(offset_seconds) * 1000, out);
        out.push(if offset_seconds < 0 { b'-' } else { b'+' });
        let minutes = i64::from(offset_seconds.abs() / 60);
        two(minutes / 60, out);
        out.push(b':');
        two(minutes % 60, out);
    }

    fn write_seconds(&mut self, instant: i64, out: &mut Vec<u8>) -> i64 {
        let day = instant.div_euclid(DAY);
        if self.day != Some(day) {
            self.day = Some(day);
            self.text = date_text(day);
        }
        let rest = instant.rem_euclid(DAY);
        out.extend_from_slice(&self.text);
        out.push(b'T');
        two(rest / HOUR, out);
        out.push(b':');
        two(rest / MINUTE % 60, out);
        out.push(b':');
        two(rest / 1000 % 60, out);
        rest % 1000
    }
}

fn date_text(days: i64) -> [u8; 10] {
    let instant = Timestamp::from_millisecond(days * DAY).unwrap_or(Timestamp::UNIX_EPOCH);
    let date = instant.to_zoned(TimeZone::UTC).date();
    let mut text = Vec::with_capacity(10);
    two(i64::from(date.year()) / 100, &mut text);
    two(i64::from(date.year()) % 100, &mut text);
    text.push(b'-');
    two(i64::from(date.month()), &mut text);
    text.push(b'-');
    two(i64::from(date.day()), &mut text);
    text.try_into().expect("a date of four-digit year is ten bytes")
}

fn two(number: i64, out: &mut Vec<u8>) {
    out.push(digit(number / 10));
    out.push(digit(number % 10));
}

fn digit(number: i64) -> u8 {
    b"0123456789"[usize::try_from(number % 10).expect("parts of a time are not negative")]
}

#[cfg(test)]
mod tests {
    use super::*;

    fn written(instant: &str) -> String {
        let instant: Timestamp = instant.parse().unwrap();
        let (mut face, mut out) = (Clockface::default(), Vec::new());
        face.write(instant.as_millisecond(), &mut out);
        out.push(b' ');
        face.write_offset(instant.as_millisecond(), 7200, &mut out);
        String::from_utf8(out).unwrap()
    }

    #[test]
    fn instants_are_written_as_rfc_3339() {
        assert_eq!(
            written("2026-08-03T22:47:09.5Z"),
            "2026-08-03T22:47:09.500Z 2026-08-04T00:47:09+02:00"
        );
    }

    #[test]
    fn local_days_follow_the_change_of_clocks() {
        let zone = TimeZone::get("Europe/Madrid").unwrap();
        let start = "2026-10-24T00:00:00+02:00".parse().unwrap();
        let calendar = Calendar::new(start, &zone, 3).unwrap();
        assert_eq!(calendar.at(1, 0) - calendar.at(0, 0), 24 * HOUR);
        assert_eq!(calendar.at(2, 0) - calendar.at(1, 0), 25 * HOUR);
        assert_eq!(calendar.weekday(0), 5);
        assert_eq!(calendar.day_of(calendar.at(2, 0)), 2);
        assert_eq!(calendar.day_of(calendar.at(2, 0) - 1), 1);
    }
}
