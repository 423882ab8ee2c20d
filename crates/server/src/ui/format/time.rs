//! Moments and spans, in the shop's zone and the reader's language.

use jiff::civil::Date;
use jiff::{Timestamp, Zoned};

use crate::ui::context::Ctx;
use crate::ui::text::Arg;

const SECOND: i64 = 1_000;
const MINUTE: i64 = 60 * SECOND;
const HOUR: i64 = 60 * MINUTE;
const DAY: i64 = 24 * HOUR;

impl Ctx {
    /// The moment on the shop's clock; a moment outside the years we can show is clamped to their edge.
    pub fn zoned(&self, ms: i64) -> Zoned {
        let clamped = ms.clamp(
            Timestamp::MIN.as_millisecond() + 2 * DAY,
            Timestamp::MAX.as_millisecond() - 2 * DAY,
        );
        Timestamp::from_millisecond(clamped)
            .expect("the value was clamped into the range of timestamps")
            .to_zoned(self.zone.clone())
    }

    /// The time of day: `14:32`.
    pub fn clock(&self, ms: i64) -> String {
        let at = self.zoned(ms);
        format!("{:02}:{:02}", at.hour(), at.minute())
    }

    /// The day: `21 Nov`, with its year unless it is this one.
    pub fn day(&self, ms: i64) -> String {
        self.date(self.zoned(ms).date())
    }

    fn date(&self, date: Date) -> String {
        let month = self.t(MONTHS[usize::try_from(date.month() - 1).unwrap_or(0)]);
        let this_year = self.zoned(self.now).year();
        let day = i64::from(date.day()).to_string();
        if date.year() == this_year {
            return self
                .tf("date-day-month", &[("day", Arg::Text(&day)), ("month", (&month).into())]);
        }
        let year = date.year().to_string();
        self.tf(
            "date-day-month-year",
            &[("day", Arg::Text(&day)), ("month", (&month).into()), ("year", Arg::Text(&year))],
        )
    }

    /// The day as a heading: `Today`, `Yesterday`, else `Thursday, 19 Nov`.
    pub fn day_heading(&self, ms: i64) -> String {
        let date = self.zoned(ms).date();
        match days_between(date, self.zoned(self.now).date()) {
            0 => self.t("day-today"),
            1 => self.t("day-yesterday"),
            _ => {
                let weekday =
                    WEEKDAYS[usize::try_from(date.weekday().to_monday_zero_offset()).unwrap_or(0)];
                let (weekday, date) = (self.t(weekday), self.date(date));
                self.tf(
                    "date-weekday-date",
                    &[("weekday", (&weekday).into()), ("date", (&date).into())],
                )
            }
        }
    }

    /// The moment as briefly as it stays clear: `14:32` today, `yesterday 14:32`, else `19 Nov 14:32`.
    pub fn moment(&self, ms: i64) -> String {
        let clock = self.clock(ms);
        let date = self.zoned(ms).date();
        match days_between(date, self.zoned(self.now).date()) {
            0 => clock,
            1 => self.tf("moment-yesterday", &[("clock", (&clock).into())]),
            -1 => self.tf("moment-tomorrow", &[("clock", (&clock).into())]),
            _ => {
                let date = self.date(date);
                self.tf(
                    "moment-date-clock",
                    &[("date", (&date).into()), ("clock", (&clock).into())],
                )
            }
        }
    }

    /// The moment to the second with its zone, for the pointer that rests on a shorter form.
    pub fn exact(&self, ms: i64) -> String {
        let at = self.zoned(ms);
        at.strftime("%Y-%m-%d %H:%M:%S %Z").to_string()
    }

    /// A length of time in its largest unit: `45 s`, `20 min`, `3 h`, `5 d`.
    pub fn span(&self, ms: i64) -> String {
        let ms = ms.abs();
        let (key, count) = match ms {
            ..MINUTE => ("span-seconds", ms / SECOND),
            MINUTE..HOUR => ("span-minutes", ms / MINUTE),
            HOUR..DAY => ("span-hours", ms / HOUR),
            DAY.. => ("span-days", ms / DAY),
        };
        self.tn(key, &[("count", count)])
    }

    /// How long ago, or how far ahead: `20 min ago`, `in 3 h`, `just now`.
    pub fn ago(&self, ms: i64) -> String {
        let apart = self.now - ms;
        if apart.abs() < MINUTE {
            return self.t("moment-just-now");
        }
        let span = self.span(apart);
        let key = if apart > 0 { "moment-ago" } else { "moment-ahead" };
        self.tf(key, &[("span", (&span).into())])
    }

    /// True when both moments lie on one day of the shop.
    pub fn same_day(&self, left: i64, right: i64) -> bool {
        self.zoned(left).date() == self.zoned(right).date()
    }
}

fn days_between(earlier: Date, later: Date) -> i32 {
    later.since((jiff::Unit::Day, earlier)).map_or(i32::MAX, |span| span.get_days())
}

/// Keys of the months' short names, January first.
pub(crate) const MONTHS: [&str; 12] = [
    "month-1", "month-2", "month-3", "month-4", "month-5", "month-6", "month-7", "month-8",
    "month-9", "month-10", "month-11", "month-12",
];

/// The key of a day's name.
pub fn weekday_key(weekday: jiff::civil::Weekday) -> &'static str {
    WEEKDAYS[usize::try_from(weekday.to_monday_zero_offset()).unwrap_or(0)]
}

/// Keys of the days' names, Monday first.
pub(crate) const WEEKDAYS: [&str; 7] =
    ["weekday-1", "weekday-2", "weekday-3", "weekday-4", "weekday-5", "weekday-6", "weekday-7"];

/// Keys of the days' shortest names, Monday first.
pub(crate) const WEEKDAYS_SHORT: [&str; 7] = [
    "weekday-short-1",
    "weekday-short-2",
    "weekday-short-3",
    "weekday-short-4",
    "weekday-short-5",
    "weekday-short-6",
    "weekday-short-7",
];
