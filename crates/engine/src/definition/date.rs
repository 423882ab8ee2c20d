//! Reading dates of the person that start a journey: `birthday at 09:00`, `7 days before anniversary
//! of first order`, `30 days before date of trait warranty_end at 10:00`.

use super::fields::Read;
use super::form::Form;
use super::mistake::quoted;
use super::suggest::write_instead;
use super::units::{line, parse_time_of_day};
use super::yaml::{Node, Sheet};
use crate::condition::Occasion;
use crate::journey::{DateEntry, Repeats};

/// Whether what starts a journey is a date, by how its text begins.
pub(super) fn begins(text: &str) -> bool {
    let mut words = text.split_whitespace();
    let (first, second) = (words.next().unwrap_or_default(), words.next().unwrap_or_default());
    let days = first.parse::<i64>().is_ok();
    days || first == "birthday" || matches!(first, "anniversary" | "date") && second == "of"
}

/// A date that starts a journey.
pub(super) fn date(sheet: &Sheet<'_>, node: &Node) -> Read<DateEntry> {
    let (text, _) = line(sheet, node)?;
    match parse(&text) {
        Ok(date) => {
            let form = Form::Text(date.to_string());
            Some((date, form))
        }
        Err((message, cure)) => {
            sheet.wrong(node.at.start, message, cure);
            None
        }
    }
}

/// What was read, else what is wrong and what would cure it.
type Parsed<T> = Result<T, (String, String)>;

const EXAMPLE: &str = "7 days before anniversary of trait birthday at 09:00";

fn parse(text: &str) -> Parsed<DateEntry> {
    let (days, rest) = distance(text)?;
    let (what, at_minute) = match rest.rsplit_once(" at ") {
        Some((what, time)) => {
            let minute = parse_time_of_day(time.trim()).ok_or_else(|| {
                let cure = "write hours and minutes: 09:00".to_owned();
                (format!("{} is no time of day", quoted(time.trim())), cure)
            })?;
            (what.trim(), minute)
        }
        None => (rest, DateEntry::AT_MINUTE),
    };
    let (of, repeats) = occasion(what)?;
    if repeats == Repeats::Once && of == Occasion::FirstOrder && days <= 0 {
        let message = "nobody knows of a first order before it was made".to_owned();
        let cure = "write some days after it, or \"anniversary of first order\"".to_owned();
        return Err((message, cure));
    }
    Ok(DateEntry { of, repeats, days, at_minute })
}

/// `7 days before ...`: how many days after the date, and the rest.
fn distance(text: &str) -> Parsed<(i32, &str)> {
    let Some((number, rest)) = text.split_once(char::is_whitespace) else { return Ok((0, text)) };
    let Ok(number) = number.parse::<i64>() else { return Ok((0, text)) };
    let (unit, rest) = rest.trim().split_once(char::is_whitespace).unwrap_or((rest.trim(), ""));
    let days = match unit {
        "day" | "days" => number,
        "week" | "weeks" => number.saturating_mul(7),
        _ => {
            let message = format!("{} is no unit of dates", quoted(unit));
            return Err((message, write_instead(unit, ["days", "weeks"], "write days or weeks")));
        }
    };
    let (way, rest) = rest.trim().split_once(char::is_whitespace).unwrap_or((rest.trim(), ""));
    let sign = match way {
        "before" => -1,
        "after" => 1,
        _ => {
            let message = format!("{} says neither before nor after a date", quoted(way));
            return Err((message, write_instead(way, ["before", "after"], EXAMPLE)));
        }
    };
    let bounded = i32::try_from(days).ok().filter(|days| (1..=DateEntry::DAYS_MAX).contains(days));
    let days = bounded.ok_or_else(|| {
        let message = format!("{number} {unit} are too far from a date, or no distance");
        (message, format!("write 1 to {} days", DateEntry::DAYS_MAX))
    })?;
    Ok((sign * days, rest.trim()))
}

/// `birthday`, `anniversary of trait NAME`, `date of first order`.
fn occasion(text: &str) -> Parsed<(Occasion, Repeats)> {
    if text == "birthday" {
        return Ok((Occasion::Trait("birthday".to_owned()), Repeats::EveryYear));
    }
    let unread = || {
        let message = format!("{} is no date of a person", quoted(text));
        let words = ["birthday", "anniversary of first order", "date of first order"];
        let traits = "write: anniversary of trait birthday, or date of trait warranty_end";
        let cure = write_instead(text, words, traits);
        (message, if cure.starts_with("did") { cure } else { traits.to_owned() })
    };
    let (word, of) = text.split_once(" of ").ok_or_else(unread)?;
    let repeats = match word.trim() {
        "anniversary" => Repeats::EveryYear,
        "date" => Repeats::Once,
        _ => return Err(unread()),
    };
    let of = of.trim();
    if of == "first order" {
        return Ok((Occasion::FirstOrder, repeats));
    }
    let name = of.strip_prefix("trait ").ok_or_else(unread)?.trim();
    let bare = name.strip_prefix('"').and_then(|name| name.strip_suffix('"')).unwrap_or(name);
    let fits = |c: char| c.is_alphanumeric() || matches!(c, '_' | '-' | '.' | ' ');
    if bare.is_empty() || !bare.chars().all(fits) || bare.contains(' ') && bare == name {
        let message = format!("{} is no name of a trait here", quoted(name));
        let cure = "write one name, between quotes where it has spaces: trait \"end of lease\"";
        return Err((message, cure.to_owned()));
    }
    Ok((Occasion::Trait(bare.to_owned()), repeats))
}
