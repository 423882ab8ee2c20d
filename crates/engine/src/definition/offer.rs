//! Reading offers: what they give, to whom, how often, and how much that may come to.

use jiff::civil::Date;

use super::fields::{Fields, Read, list};
use super::form::Form;
use super::mistake::quoted;
use super::object::ObjectKind;
use super::sentence;
use super::units::{duration, line, money, name, parse_money, print_duration, whole, word};
use super::yaml::{Node, Sheet, not_a};
use crate::offer::{Benefit, Budget, Codes, Excluded, Offer, OnReturn};

/// Reads the document of an offer: its name, what it states, its form.
pub(super) fn read(sheet: &Sheet<'_>, node: &Node) -> Option<(String, Option<Offer>, Form)> {
    let mut fields = Fields::of(sheet, node, "the offer", "offer: welcome")?;
    let name_at = fields.place_of_value("offer");
    let offer_name = fields.required("offer", "welcome", name);
    if let Some(text) = &offer_name
        && benefit_of(text).is_ok()
    {
        let message = format!("{} says what an offer gives, and is no name", quoted(text));
        sheet.wrong(name_at, message, "name it otherwise, and write that under \"gives\"");
    }
    let benefit = fields.required("gives", "20 % off", benefit);
    let at_most = fields.optional("at most", money);
    let (from_pool, alarm_below) = codes(&mut fields);
    let valid_ms = fields.or("valid for", Offer::VALID_MS, duration);
    let (from, until) = period(&mut fields);
    let budget = budget(&mut fields, benefit.as_ref(), at_most);
    let stated = fields.has("only for");
    let only_for = fields.optional("only for", sentence::outside);
    let not_for = fields.or("not for", Excluded::default(), excluded);
    let per_person_ms = fields.or("one per person", Offer::PER_PERSON_MS, per_person);
    let again_after_ms = fields.optional("again after", duration);
    let on_return =
        fields.or("on return", OnReturn::Close, word("way to treat a used code", RETURNS));
    let form = fields.done();
    let name = offer_name?;
    let offer = (|| {
        if stated && only_for.is_none() {
            return None;
        }
        Some(Offer {
            name: name.clone(),
            benefit: benefit?,
            at_most,
            codes: if from_pool { Codes::Pool { alarm_below } } else { Codes::Generated },
            valid_ms,
            from,
            until,
            budget,
            only_for,
            not_for,
            per_person_ms,
            again_after_ms,
            on_return,
        })
    })();
    Some((name, offer, form))
}

const RETURNS: &[(&str, OnReturn)] = &[("close", OnReturn::Close), ("reopen", OnReturn::Reopen)];
const CODES: &[(&str, bool)] = &[("generated", false), ("pool", true)];
/// So many codes are more than any pool holds.
const CODES_MAX: i64 = 100_000_000;

/// Whether codes come out of a pool, and with how many left that calls for more.
fn codes(fields: &mut Fields<'_>) -> (bool, u64) {
    let from_pool = fields.or("codes", false, word("origin of codes", CODES));
    let stated = fields.has("low stock");
    let usual = i64::try_from(Offer::ALARM_BELOW).expect("a small number");
    let alarm_below = fields.or("low stock", usual, whole(1, CODES_MAX));
    if stated && !from_pool {
        let at = fields.place_of("low stock");
        fields.sheet.wrong(
            at,
            "codes that are made never run low",
            "leave it out, or add codes: pool",
        );
    }
    (from_pool, u64::try_from(alarm_below).expect("the reader bounds it"))
}

/// The first and the last day.
fn period(fields: &mut Fields<'_>) -> (Option<Date>, Option<Date>) {
    let from = fields.optional("from", date);
    let until = fields.optional("until", date);
    if from.zip(until).is_some_and(|(from, until)| until < from) {
        let at = fields.place_of_value("until");
        fields.sheet.wrong(at, "this offer ends before it begins", "swap the two days");
    }
    (from, until)
}

/// `500 EUR`, or `500 codes`. Money asks for the most that one code may cost.
fn budget(
    fields: &mut Fields<'_>,
    benefit: Option<&Benefit>,
    at_most: Option<crate::event::Money>,
) -> Option<Budget> {
    let at = fields.place_of_value("budget");
    let budget = fields.optional("budget", |sheet, node| {
        let (text, _) = line(sheet, node)?;
        if let Some(number) = text.strip_suffix("codes").map(str::trim) {
            if let Ok(codes @ 1..) = number.parse::<u64>() {
                return Some((Budget::Codes(codes), Form::Text(format!("{codes} codes"))));
            }
        } else if let Ok(money) = parse_money(&text)
            && money.minor > 0
        {
            return Some((Budget::Money(money), Form::Text(money.to_string())));
        }
        let message = format!("{} is no budget", quoted(&text));
        sheet.wrong(node.at.start, message, "write 500 EUR, or 500 codes");
        None
    })?;
    let Budget::Money(money) = budget else { return Some(budget) };
    let worst = match benefit? {
        Benefit::Amount(amount) => Some(*amount),
        Benefit::Percent(_) | Benefit::FreeShipping | Benefit::Points(_) | Benefit::Gift(_) => {
            at_most
        }
    };
    let Some(worst) = worst else {
        // A value that could not be read has told its own mistake.
        if !fields.has("at most") {
            let message = "a budget of money has to know what one code may cost";
            fields.sheet.wrong(at, message, "add \"at most: 20 EUR\", or write a number of codes");
        }
        return None;
    };
    if worst.currency != money.currency {
        let message = format!("one code costs {worst}, which is another currency");
        fields.sheet.wrong(at, message, "write the budget in that currency");
        return None;
    }
    Some(budget)
}

/// A day: `2026-11-27`.
pub(super) fn date(sheet: &Sheet<'_>, node: &Node) -> Read<Date> {
    let (text, _) = line(sheet, node)?;
    if let Ok(date) = text.parse::<Date>() {
        return Some((date, Form::Text(date.to_string())));
    }
    let message = format!("{} is no day", quoted(&text));
    sheet.wrong(node.at.start, message, "write it as 2026-11-27");
    None
}

/// `30 days`, or `once`.
fn per_person(sheet: &Sheet<'_>, node: &Node) -> Read<i64> {
    if node.text().map(str::trim) == Some("once") {
        return Some((i64::MAX, Form::text("once")));
    }
    let (ms, _) = duration(sheet, node)?;
    Some((ms, Form::Text(print_duration(ms))))
}

/// `{ products: [tee], categories: [Sale] }`
fn excluded(sheet: &Sheet<'_>, node: &Node) -> Read<Excluded> {
    let mut fields = Fields::of(sheet, node, "what the offer is not for", "{ products: [tee] }")?;
    let at = fields.place_of_value("products");
    let products = fields.or("products", Vec::new(), list(line));
    for product in &products {
        sheet.uses(at, ObjectKind::Product, product);
    }
    let categories = fields.or("categories", Vec::new(), list(line));
    let form = fields.done();
    if products.is_empty() && categories.is_empty() {
        not_a(sheet, node, "a map of what it is not for", "{ products: [tee] }");
        return None;
    }
    Some((Excluded { products, categories }, form))
}

/// What a step offers: an offer by its name, or what it gives, under the usual rules. Returns the
/// name under which it is known.
pub(super) fn named_or_stated(sheet: &Sheet<'_>, node: &Node) -> Read<String> {
    let (text, _) = line(sheet, node)?;
    let lower = text.to_lowercase();
    let ends = lower.ends_with("off") || lower.ends_with("points") || lower.starts_with("gift:");
    if ends || lower.contains('%') || benefit_of(&text).is_ok() {
        let (benefit, form) = benefit(sheet, node)?;
        return Some((benefit.to_string(), form));
    }
    let (offer, form) = name(sheet, node)?;
    sheet.uses(node.at.start, ObjectKind::Offer, &offer);
    Some((offer, form))
}

/// What an offer gives, in its normal wording.
fn benefit(sheet: &Sheet<'_>, node: &Node) -> Read<Benefit> {
    let (text, _) = line(sheet, node)?;
    match benefit_of(&text) {
        Ok(benefit) => {
            let form = Form::Text(benefit.to_string());
            Some((benefit, form))
        }
        Err(cure) => {
            sheet.wrong(node.at.start, format!("{} is no offer", quoted(&text)), cure);
            None
        }
    }
}

/// What these words give, else what would cure them.
///
/// # Errors
/// The cure, as one sentence.
pub(crate) fn benefit_of(text: &str) -> Result<Benefit, String> {
    let lower = text.to_lowercase();
    if lower == "free shipping" {
        return Ok(Benefit::FreeShipping);
    }
    if let Some(gift) = text.strip_prefix("gift:").map(str::trim).filter(|gift| !gift.is_empty()) {
        return Ok(Benefit::Gift(gift.to_owned()));
    }
    if let Some(points) = lower.strip_suffix("points").map(str::trim) {
        return match points.parse::<u32>() {
            Ok(points) if points > 0 => Ok(Benefit::Points(points)),
            Ok(_) | Err(_) => Err("write a whole number: 100 points".to_owned()),
        };
    }
    let Some(off) = lower.strip_suffix("off").map(str::trim) else {
        return Err(
            "write 20 % off, 5 EUR off, free shipping, 100 points, or gift: a cap".to_owned()
        );
    };
    if let Some(percent) = off.strip_suffix('%').map(str::trim) {
        return match percent.parse::<u8>() {
            Ok(percent @ 1..=100) => Ok(Benefit::Percent(percent)),
            Ok(_) | Err(_) => Err("a percentage is a whole number from 1 to 100".to_owned()),
        };
    }
    let money = parse_money(off)?;
    if money.minor == 0 {
        return Err("an offer is worth more than nothing".to_owned());
    }
    Ok(Benefit::Amount(money))
}
