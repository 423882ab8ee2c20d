//! Reading waits: `wait: 4 hours`, `wait: tomorrow at 09:00`, `wait: until Tuesday at 10:00`.

use jiff::civil::Weekday;

use super::fields::Read;
use super::form::Form;
use super::mistake::quoted;
use super::suggest::write_instead;
use super::units::{
    count, line, parse_duration, parse_time_of_day, print_time_of_day, split_units,
};
use super::yaml::{Node, Sheet};
use crate::journey::StepKind;
use crate::time::{DAY, HOUR, MINUTE, SECOND};

/// A wait of calendar days is no longer than five years.
const DAYS_MAX: i64 = 1_830;

/// `4 hours` elapse; `1 day`, `2 days at 09:00`, `tomorrow at 9:00`, `until 18:00` and `until Tuesday
/// at 10:00` go by the calendar.
pub(super) fn wait(sheet: &Sheet<'_>, node: &Node) -> Read<StepKind> {
    let (text, _) = line(sheet, node)?;
    match parse_wait(&text) {
        Ok((kind, printed)) => Some((kind, Form::Text(printed))),
        Err((message, cure)) => {
            sheet.wrong(node.at.start, message, cure);
            None
        }
    }
}

/// A wait and how it is printed, else what is wrong and what would cure it.
type Parsed = Result<(StepKind, String), (String, String)>;

fn parse_wait(text: &str) -> Parsed {
    if let Some((day, time)) = text.strip_prefix("until ").and_then(|rest| rest.split_once(" at "))
    {
        return parse_weekday(day.trim(), time);
    }
    let (length, time) = match text.strip_prefix("until ") {
        Some(time) => (None, Some(time)),
        None => match text.split_once(" at ") {
            Some((length, time)) => (Some(length.trim()), Some(time)),
            None => (Some(text), None),
        },
    };
    let at_minute = match time {
        Some(time) => Some(parse_time_of_day(time).ok_or_else(|| {
            let cure = "write hours and minutes: 09:00".to_owned();
            (format!("{} is no time of day", quoted(time)), cure)
        })?),
        None => None,
    };
    let days = match length {
        None => 0,
        Some("tomorrow") => 1,
        Some(length) => {
            let ms = parse_duration(length)?;
            let by_day =
                |word: &String| matches!(word.to_ascii_lowercase().chars().next(), Some('d' | 'w'));
            let words = split_units(length);
            let units: Vec<&String> = words.iter().skip(1).step_by(2).collect();
            if !units.iter().copied().any(by_day) {
                if at_minute.is_some() {
                    let message =
                        format!("{} mixes elapsed hours with a time of day", quoted(text));
                    return Err((message, "write days: 1 day at 09:00".to_owned()));
                }
                return Ok((StepKind::Wait { ms }, print_elapsed(ms)));
            }
            if !units.iter().copied().all(by_day) {
                let message =
                    format!("{} mixes days of the calendar with elapsed hours", quoted(text));
                return Err((message, "write two waits, or hours alone".to_owned()));
            }
            ms / DAY
        }
    };
    if days > DAYS_MAX {
        return Err((
            format!("{} is longer than five years", quoted(text)),
            "shorten it".to_owned(),
        ));
    }
    let days = i32::try_from(days).expect("bounded above");
    Ok((StepKind::WaitDays { days, at_minute }, print_days(days, at_minute)))
}

fn parse_weekday(day: &str, time: &str) -> Parsed {
    let Some((_, weekday)) = WEEKDAYS.iter().find(|(name, _)| name.eq_ignore_ascii_case(day))
    else {
        let cure = write_instead(day, WEEKDAYS.map(|(name, _)| name), "write a day of the week");
        return Err((format!("{} is no day of the week", quoted(day)), cure));
    };
    let at_minute = parse_time_of_day(time).ok_or_else(|| {
        let cure = "write hours and minutes: 09:00".to_owned();
        (format!("{} is no time of day", quoted(time)), cure)
    })?;
    let printed = format!("until {} at {}", weekday_name(*weekday), print_time_of_day(at_minute));
    Ok((StepKind::WaitWeekday { weekday: *weekday, at_minute }, printed))
}

const WEEKDAYS: [(&str, Weekday); 7] = [
    ("Monday", Weekday::Monday),
    ("Tuesday", Weekday::Tuesday),
    ("Wednesday", Weekday::Wednesday),
    ("Thursday", Weekday::Thursday),
    ("Friday", Weekday::Friday),
    ("Saturday", Weekday::Saturday),
    ("Sunday", Weekday::Sunday),
];

/// The English name of a day of the week, as files have it.
pub(super) fn weekday_name(weekday: Weekday) -> &'static str {
    WEEKDAYS[usize::try_from(weekday.to_monday_zero_offset()).unwrap_or(0) % 7].0
}

fn print_days(days: i32, at_minute: Option<i32>) -> String {
    match (days, at_minute.map(print_time_of_day)) {
        (0, Some(time)) => format!("until {time}"),
        (days, Some(time)) => format!("{} at {time}", count(i64::from(days), "day")),
        (days, None) => count(i64::from(days), "day"),
    }
}

/// Hours, minutes or seconds: days would be those of the calendar.
fn print_elapsed(ms: i64) -> String {
    let units = [(HOUR, "hour"), (MINUTE, "minute"), (SECOND, "second")];
    let fits = units.into_iter().find(|(unit, _)| ms % unit == 0);
    let (unit, word) = fits.unwrap_or((SECOND, "second"));
    count(ms / unit, word)
}
