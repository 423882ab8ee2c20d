//! Readers of single values: texts, lengths of time, times of day, money, words of a closed list.

use jiff::tz::TimeZone;

use super::fields::Read;
use super::form::Form;
use super::mistake::quoted;
use super::suggest::write_instead;
use super::yaml::{Node, Sheet, not_a};
use crate::event::{Channel, Currency, Kind, Money, Purpose, minor_units};
use crate::identity::CallingCode;
use crate::nearest::nearest;
use crate::time::{DAY, HOUR, MINUTE, SECOND};

/// The longest text on one line.
const LINE_MAX: usize = 1_000;
/// The longest name of an object or step.
const NAME_MAX: usize = 64;

/// A text on one line.
pub(super) fn line(sheet: &Sheet<'_>, node: &Node) -> Read<String> {
    let Some(text) = node.text().map(str::trim).filter(|text| !text.is_empty()) else {
        not_a(sheet, node, "a text", "some words");
        return None;
    };
    if text.chars().any(char::is_control) {
        sheet.wrong(node.at.start, "this text goes over several lines", "write it on one line");
        return None;
    }
    if text.chars().count() > LINE_MAX {
        let message = format!("this text is longer than {LINE_MAX} characters");
        sheet.wrong(node.at.start, message, "shorten it");
        return None;
    }
    Some((text.to_owned(), Form::text(text)))
}

/// A text of any number of lines, as it stands there.
pub(super) fn lines(sheet: &Sheet<'_>, node: &Node) -> Read<String> {
    let Some(text) = node.text().filter(|text| !text.trim().is_empty()) else {
        not_a(sheet, node, "a text", "| and below it, indented, the lines");
        return None;
    };
    Some((text.to_owned(), Form::text(text)))
}

/// `34`: what stands behind the + of a country's numbers.
pub(super) fn calling_code(sheet: &Sheet<'_>, node: &Node) -> Read<CallingCode> {
    let (text, _) = line(sheet, node)?;
    let code = CallingCode::parse(&text);
    if code.is_none() {
        let message = format!("{} is no calling code of a country", quoted(&text));
        sheet.wrong(node.at.start, message, "write the digits behind the + of its numbers: 34");
    }
    code.map(|code| (code, Form::text(code.to_string())))
}

/// The name of an object or step: it stands in file names, addresses of pages and commands.
pub(super) fn name(sheet: &Sheet<'_>, node: &Node) -> Read<String> {
    let (text, form) = line(sheet, node)?;
    let odd = text.chars().find(|c| !c.is_alphanumeric() && !matches!(c, ' ' | '-' | '_' | '.'));
    if let Some(odd) = odd {
        let message =
            format!("the name {} has a sign that names may not have: {odd}", quoted(&text));
        sheet.wrong(node.at.start, message, "use letters, digits, spaces, -, _ and .");
        return None;
    }
    if text.starts_with('.') || text.chars().count() > NAME_MAX {
        let message = format!("the name {} is too long or begins with a point", quoted(&text));
        sheet.wrong(node.at.start, message, format!("use 1 to {NAME_MAX} characters"));
        return None;
    }
    Some((text, form))
}

/// `yes` or `no`.
pub(super) fn yes_no(sheet: &Sheet<'_>, node: &Node) -> Read<bool> {
    let value = match node.text().map(|text| text.trim().to_ascii_lowercase()).as_deref() {
        Some("yes" | "true") => true,
        Some("no" | "false") => false,
        Some(_) | None => {
            not_a(sheet, node, "yes or no", "yes");
            return None;
        }
    };
    Some((value, Form::text(if value { "yes" } else { "no" })))
}

/// One of the words of a closed list. `what` names the list in messages.
pub(super) fn word<T: Copy>(
    what: &'static str,
    words: &'static [(&'static str, T)],
) -> impl Fn(&Sheet<'_>, &Node) -> Read<T> {
    move |sheet, node| {
        let (text, _) = line(sheet, node)?;
        let found = words.iter().find(|(word, _)| word.eq_ignore_ascii_case(&text));
        if let Some((word, value)) = found {
            return Some((*value, Form::text(*word)));
        }
        let cure = write_instead(&text, words.iter().map(|(word, _)| *word), "see the guide");
        sheet.wrong(node.at.start, format!("{} is no {what}", quoted(&text)), cure);
        None
    }
}

/// A whole number between two bounds.
pub(super) fn whole(min: i64, max: i64) -> impl Fn(&Sheet<'_>, &Node) -> Read<i64> {
    move |sheet, node| {
        let (text, _) = line(sheet, node)?;
        match text.parse::<i64>() {
            Ok(number) if (min..=max).contains(&number) => {
                Some((number, Form::text(number.to_string())))
            }
            Ok(_) | Err(_) => {
                let message = format!("{} is no whole number from {min} to {max}", quoted(&text));
                sheet.wrong(
                    node.at.start,
                    message,
                    format!("write a number such as {}", min.max(1)),
                );
                None
            }
        }
    }
}

/// A channel over which things happen or messages go.
pub(super) fn channel(sheet: &Sheet<'_>, node: &Node) -> Read<Channel> {
    let (text, _) = line(sheet, node)?;
    if let Some(channel) = Channel::parse(&text) {
        return Some((channel, Form::text(channel.word())));
    }
    let cure = write_instead(&text, Channel::ALL.iter().map(|c| c.word()), "write a channel");
    sheet.wrong(node.at.start, format!("{} is no channel", quoted(&text)), cure);
    None
}

/// The name of an event. One that looks like a slip in a known name is a mistake, any other is an
/// event of the shop's own.
pub(super) fn kind(sheet: &Sheet<'_>, node: &Node) -> Read<Kind> {
    let (text, _) = line(sheet, node)?;
    let kind = Kind::named(&text);
    if kind.speaks_of_feed() {
        let message = format!("{} tells of a feed, not of a person", quoted(&text));
        sheet.wrong(node.at.start, message, "name an event of a person, such as Product Added");
        return None;
    }
    if let Kind::Custom(_) = kind
        && let Some(near) = nearest(&text, Kind::ALL.iter().map(Kind::name))
    {
        let message = format!("{} is no known event", quoted(&text));
        sheet.wrong(node.at.start, message, format!("did you mean \"{near}\"?"));
        return None;
    }
    Some((kind, Form::Text(text)))
}

/// What messages are for.
pub(super) fn purpose(sheet: &Sheet<'_>, node: &Node) -> Read<Purpose> {
    let (text, _) = line(sheet, node)?;
    if let Some(purpose) = Purpose::parse(&text) {
        return Some((purpose, Form::text(purpose.word())));
    }
    let all = [Purpose::Transactional, Purpose::Care, Purpose::Promotion];
    let cure = write_instead(&text, all.map(Purpose::word), "write a purpose");
    sheet.wrong(node.at.start, format!("{} is no purpose", quoted(&text)), cure);
    None
}

/// A time zone by its name in the IANA database.
pub(super) fn zone(sheet: &Sheet<'_>, node: &Node) -> Read<TimeZone> {
    let (text, _) = line(sheet, node)?;
    if let Ok(zone) = TimeZone::get(&text)
        && let Some(name) = zone.iana_name()
    {
        let form = Form::text(name);
        return Some((zone, form));
    }
    let known: Vec<String> = jiff::tz::db().available().map(|name| name.to_string()).collect();
    let last = |name: &str| name.rsplit('/').next().unwrap_or(name).to_owned();
    let near = nearest(&text, known.iter().map(String::as_str)).map(str::to_owned).or_else(|| {
        known
            .iter()
            .find(|name| last(name).eq_ignore_ascii_case(&last(&text).replace(' ', "_")))
            .cloned()
    });
    let cure = near.map_or_else(
        || "write a region and a city, such as Europe/Madrid".to_owned(),
        |near| format!("did you mean \"{near}\"?"),
    );
    sheet.wrong(node.at.start, format!("{} is no known time zone", quoted(&text)), cure);
    None
}

/// A currency by its code.
pub(super) fn currency(sheet: &Sheet<'_>, node: &Node) -> Read<Currency> {
    let (text, _) = line(sheet, node)?;
    if let Some(currency) = Currency::parse(&text) {
        return Some((currency, Form::text(currency.code())));
    }
    let cure = match text.as_str() {
        "€" => "write EUR",
        "$" => "write USD",
        "£" => "write GBP",
        _ => "write the three letters of ISO 4217, such as EUR",
    };
    sheet.wrong(node.at.start, format!("{} is no currency", quoted(&text)), cure);
    None
}

/// An amount of money: `20 EUR`, `19.99 EUR`; zero or more.
pub(super) fn money(sheet: &Sheet<'_>, node: &Node) -> Read<Money> {
    let (text, _) = line(sheet, node)?;
    match parse_money(&text) {
        Ok(money) => Some((money, Form::text(money.to_string()))),
        Err(cure) => {
            sheet.wrong(node.at.start, format!("{} is no amount of money", quoted(&text)), cure);
            None
        }
    }
}

/// The amount that `text` states, or what would cure it.
pub(super) fn parse_money(text: &str) -> Result<Money, String> {
    let shape = "write a number and a currency, such as 19.99 EUR";
    let (number, code) = text.trim().rsplit_once(' ').ok_or(shape)?;
    let currency =
        Currency::parse(code).ok_or("write the currency as its three letters, such as EUR")?;
    if number.contains(',') {
        return Err("write a point before the cents, and nothing between the thousands".to_owned());
    }
    let places = number.trim().split_once('.').map_or(0, |(_, cents)| cents.len());
    if places > usize::from(currency.digits()) {
        return Err(format!(
            "{} has {} places after the point",
            currency.code(),
            currency.digits()
        ));
    }
    match minor_units(number, currency.digits()) {
        Some(minor) if minor >= 0 => Ok(Money { minor, currency }),
        Some(_) => Err("an amount is zero or more".to_owned()),
        None => Err(shape.to_owned()),
    }
}

/// The longest length of time that makes sense anywhere: five years.
const LENGTH_MAX: i64 = 5 * 366 * DAY;

/// A length of time in milliseconds, longer than nothing: `4 hours`, `1 hour 30 minutes`.
pub(super) fn duration(sheet: &Sheet<'_>, node: &Node) -> Read<i64> {
    let (text, _) = line(sheet, node)?;
    match parse_duration(&text) {
        Ok(ms) => Some((ms, Form::text(print_duration(ms)))),
        Err((message, cure)) => {
            sheet.wrong(node.at.start, message, cure);
            None
        }
    }
}

/// Milliseconds of a text such as `4 hours`, else what is wrong and what would cure it.
pub(super) fn parse_duration(text: &str) -> Result<i64, (String, String)> {
    let example = "write a number and a unit, such as 4 hours or 2 days".to_owned();
    let words = split_units(text);
    if words.is_empty() || words.len() % 2 == 1 {
        return Err(match text.trim().parse::<i64>() {
            Ok(number) => (
                format!("{number} has no unit"),
                format!("write \"{number} minutes\" or \"{number} hours\""),
            ),
            Err(_) => (format!("{} is no length of time", quoted(text)), example),
        });
    }
    let mut total: i64 = 0;
    for pair in words.chunks(2) {
        let unit = unit_ms(&pair[1])?;
        if pair[0].starts_with('-') {
            let message = format!("{} is negative", quoted(text));
            return Err((message, "a length of time is more than nothing".to_owned()));
        }
        let number: i64 = pair[0].parse().map_err(|_| {
            let cure = "write a whole number: 90 minutes rather than 1.5 hours".to_owned();
            (format!("{} is no whole number", quoted(&pair[0])), cure)
        })?;
        total = number.checked_mul(unit).and_then(|ms| total.checked_add(ms)).unwrap_or(i64::MAX);
    }
    if total == 0 {
        let cure =
            "a length of time is more than nothing; leave it out if there is no wait".to_owned();
        return Err((format!("{} is nothing", quoted(text)), cure));
    }
    if total > LENGTH_MAX {
        return Err((
            format!("{} is longer than five years", quoted(text)),
            "shorten it".to_owned(),
        ));
    }
    Ok(total)
}

/// Numbers and units of `4 hours`, `4h` or `1 hour and 30 minutes`.
pub(super) fn split_units(text: &str) -> Vec<String> {
    let mut words: Vec<String> = Vec::new();
    for part in text.split_whitespace().filter(|part| *part != "and") {
        let cut = part.find(char::is_alphabetic).filter(|cut| *cut > 0);
        match cut {
            Some(cut) => words.extend([part[..cut].to_owned(), part[cut..].to_owned()]),
            None => words.push(part.to_owned()),
        }
    }
    words
}

fn unit_ms(unit: &str) -> Result<i64, (String, String)> {
    Ok(match unit.to_ascii_lowercase().as_str() {
        "second" | "seconds" | "sec" | "s" => SECOND,
        "minute" | "minutes" | "min" => MINUTE,
        "hour" | "hours" | "h" => HOUR,
        "day" | "days" | "d" => DAY,
        "week" | "weeks" | "w" => 7 * DAY,
        "month" | "months" | "year" | "years" => {
            let message = format!("{} has no fixed length", quoted(unit));
            return Err((message, "write days: 30 days, 365 days".to_owned()));
        }
        _ => {
            let units = ["seconds", "minutes", "hours", "days", "weeks"];
            return Err((
                format!("{} is no unit of time", quoted(unit)),
                write_instead(unit, units, "write minutes, hours or days"),
            ));
        }
    })
}

/// The length in the largest unit that divides it.
pub(super) fn print_duration(ms: i64) -> String {
    let units = [(DAY, "day"), (HOUR, "hour"), (MINUTE, "minute"), (SECOND, "second")];
    let (unit, word) =
        units.into_iter().find(|(unit, _)| ms % unit == 0).unwrap_or((SECOND, "second"));
    count(ms / unit, word)
}

/// `1 day`, `2 days`
pub(super) fn count(number: i64, word: &str) -> String {
    if number == 1 { format!("1 {word}") } else { format!("{number} {word}s") }
}

/// Minutes after midnight of `9:00`, `21:30`; 24:00 is 0:00.
pub(super) fn parse_time_of_day(text: &str) -> Option<i32> {
    let (hour, minute) = text.trim().split_once(':')?;
    let number = |text: &str| {
        let digits = (1..=2).contains(&text.len()) && text.bytes().all(|b| b.is_ascii_digit());
        digits.then(|| text.parse::<i32>().ok()).flatten()
    };
    let (hour, minute) = (number(hour)?, number(minute).filter(|_| minute.len() == 2)?);
    match (hour, minute) {
        (0..=23, 0..=59) => Some(hour * 60 + minute),
        (24, 0) => Some(0),
        _ => None,
    }
}

/// `09:00`
pub(super) fn print_time_of_day(minute: i32) -> String {
    format!("{:02}:{:02}", minute / 60, minute % 60)
}

/// An address on the web.
pub(super) fn url(sheet: &Sheet<'_>, node: &Node) -> Read<String> {
    let (text, form) = line(sheet, node)?;
    let rest = text.strip_prefix("https://").or_else(|| text.strip_prefix("http://"));
    let host = rest.and_then(|rest| rest.split(['/', '?', '#']).next()).unwrap_or_default();
    if host.is_empty() || text.contains(|c: char| c.is_whitespace() || matches!(c, '<' | '>' | '"'))
    {
        let message = format!("{} is no address on the web", quoted(&text));
        sheet.wrong(node.at.start, message, "write it whole, beginning with https://");
        return None;
    }
    Some((text, form))
}

/// An e-mail address of the shop itself.
pub(super) fn email(sheet: &Sheet<'_>, node: &Node) -> Read<String> {
    let (text, _) = line(sheet, node)?;
    let kind = crate::identity::IdentifierKind::Email;
    match crate::identity::Identifier::new(kind, &text) {
        Some(address) => Some((address.value().to_owned(), Form::text(address.value()))),
        None => {
            sheet.wrong(
                node.at.start,
                "this is no e-mail address",
                "write it like hello@shop.example",
            );
            None
        }
    }
}
