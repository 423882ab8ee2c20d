//! Reading how fast messages may leave: `pace` and `warm up` of the shop.

use std::collections::BTreeSet;

use jiff::civil::Date;

use super::fields::{Fields, Read, list};
use super::form::Form;
use super::mistake::quoted;
use super::offer::date;
use super::units::{channel, duration, line, print_duration, whole};
use super::yaml::{Node, Sheet};
use crate::event::Channel;
use crate::pace::{Pace, Rate, To, WarmUp, provider_of};

/// So many rules of this kind are more than anybody understands.
const RULES_MAX: usize = 50;

/// A warm-up as it is stated: without a domain it is for that of the sender.
#[derive(Clone, PartialEq)]
pub(super) struct Stated {
    domain: Option<String>,
    since: Date,
    first: u32,
    growth_permille: u32,
    full: u32,
}

/// What is stated of pace.
pub(super) struct StatedPace {
    rates: Vec<Rate>,
    warm_ups: Vec<Stated>,
}

impl StatedPace {
    /// The setting of a shop whose mail comes from `domain`.
    pub(super) fn settle(self, domain: &str) -> Pace {
        let plan = |stated: Stated| WarmUp {
            domain: stated.domain.unwrap_or_else(|| domain.to_owned()),
            since: stated.since,
            first: stated.first,
            growth_permille: stated.growth_permille,
            full: stated.full,
        };
        Pace { rates: self.rates, warm_ups: self.warm_ups.into_iter().map(plan).collect() }
    }
}

/// Reads what stands under `pace` and `warm up`.
pub(super) fn read(sheet: &Sheet<'_>, fields: &mut Fields<'_>) -> StatedPace {
    let at = fields.place_of("pace");
    let rates = fields.or("pace", Vec::new(), list(rate));
    if rates.len() > RULES_MAX {
        let message = format!("more than {RULES_MAX} limits on pace");
        sheet.wrong(at, message, "keep the strictest");
    }
    let places: BTreeSet<_> =
        rates.iter().map(|rate| (rate.channel, &rate.to, rate.window_ms)).collect();
    if places.len() != rates.len() {
        let message = "a limit on the same messages in the same time stands twice";
        sheet.wrong(at, message, "keep the stricter one");
    }
    let at = fields.place_of("warm up");
    let warm_ups = fields.or("warm up", Vec::new(), list(warm_up));
    let domains: BTreeSet<_> = warm_ups.iter().map(|plan| &plan.domain).collect();
    if domains.len() != warm_ups.len() {
        sheet.wrong(at, "a warm-up of one domain stands twice", "keep one of the two");
    }
    if !fields.has("from") && warm_ups.iter().any(|plan| plan.domain.is_none()) {
        let cure = "state \"from\", or the domain of the warm-up";
        sheet.wrong(at, "the shop has no sender whose domain could be warmed up", cure);
    }
    StatedPace { rates, warm_ups }
}

/// `{ messages: 2000, per: 1 hour, to: gmail.com }`
fn rate(sheet: &Sheet<'_>, node: &Node) -> Read<Rate> {
    let example = "{ messages: 2000, per: 1 hour, to: gmail.com }";
    let mut fields = Fields::of(sheet, node, "the limit", example)?;
    let max = fields.required("messages", "2000", number);
    let window_ms = fields.required("per", "1 hour", window);
    let over = fields.or("channel", Channel::Email, channel);
    let to_at = fields.place_of_value("to");
    let to = fields.or("to", To::Everybody, to);
    let form = fields.done();
    if !Channel::OF_MESSAGES.contains(&over) {
        let message = format!("nothing is sent over {}", over.word());
        sheet.wrong(node.at.start, message, "write email, sms or push");
        return None;
    }
    if over != Channel::Email && to != To::Everybody {
        let message = format!("messages over {} go to no mailbox provider", over.word());
        sheet.wrong(to_at, message, "leave \"to\" out");
        return None;
    }
    Some((Rate { channel: over, to, max: max?, window_ms: window_ms? }, form))
}

fn number(sheet: &Sheet<'_>, node: &Node) -> Read<u32> {
    let (number, form) = whole(1, Rate::MAX.into())(sheet, node)?;
    Some((u32::try_from(number).expect("the reader bounds it"), form))
}

fn window(sheet: &Sheet<'_>, node: &Node) -> Read<i64> {
    let (ms, form) = duration(sheet, node)?;
    if !(Rate::WINDOW_MS_MIN..=Rate::WINDOW_MS_MAX).contains(&ms) {
        let message = "a limit on pace counts over a second to a day";
        sheet.wrong(node.at.start, message, "write 1 second, 1 minute, 1 hour or 1 day");
        return None;
    }
    Some((ms, form))
}

/// `gmail.com`, or `others`
fn to(sheet: &Sheet<'_>, node: &Node) -> Read<To> {
    let (text, _) = line(sheet, node)?;
    if matches!(text.as_str(), "others" | "*") {
        return Some((To::Others, Form::text("others")));
    }
    let provider = domain(sheet, node)?.0;
    let provider = provider_of(&provider).to_owned();
    let form = Form::text(provider.clone());
    Some((To::Provider(provider), form))
}

/// `gmail.com`: a domain without `@`, in small letters.
fn domain(sheet: &Sheet<'_>, node: &Node) -> Read<String> {
    let (text, _) = line(sheet, node)?;
    let domain = text.to_lowercase();
    let letters = |part: &str| {
        !part.is_empty()
            && part.len() <= 63
            && part.chars().all(|c| c.is_alphanumeric() || c == '-' || c == '_')
    };
    if !domain.contains('.') || domain.len() > 253 || !domain.split('.').all(letters) {
        let message = format!("{} is no domain", quoted(&text));
        sheet.wrong(node.at.start, message, "write what stands behind the @: gmail.com");
        return None;
    }
    Some((domain.clone(), Form::text(domain)))
}

/// `{ since: 2026-12-01, first day: 50, grows: 100 %, full: 50000 }`
fn warm_up(sheet: &Sheet<'_>, node: &Node) -> Read<Stated> {
    let example = "{ since: 2026-12-01 }";
    let mut fields = Fields::of(sheet, node, "the warm-up", example)?;
    let since = fields.required("since", "2026-12-01", date);
    let domain = fields.optional("domain", domain);
    let first = fields.or("first day", WarmUp::FIRST, number);
    let growth_permille = fields.or("grows", WarmUp::GROWTH_PERMILLE, growth);
    let full_at = fields.place_of_value("full");
    let full = fields.or("full", WarmUp::FULL, number);
    let form = fields.done();
    if full <= first {
        let message = "a warm-up that begins with all it leads to is none";
        sheet.wrong(full_at, message, "write more for \"full\" than for \"first day\"");
        return None;
    }
    Some((Stated { domain, since: since?, first, growth_permille, full }, form))
}

/// `50 %`: by so much a day more is allowed from day to day.
fn growth(sheet: &Sheet<'_>, node: &Node) -> Read<u32> {
    let (text, _) = line(sheet, node)?;
    let percent = text.strip_suffix('%').map(str::trim).and_then(|text| text.parse::<u32>().ok());
    let Some(percent) = percent.filter(|percent| (10..=900).contains(percent)) else {
        let message = format!("{} is no growth from day to day", quoted(&text));
        sheet.wrong(node.at.start, message, "write 10 % to 900 %: 100 % doubles");
        return None;
    };
    Some((1_000 + percent * 10, Form::text(format!("{percent} %"))))
}

/// The canonical form of a shop, with another pace.
#[must_use]
pub fn with_pace(canonical: &str, pace: &Pace) -> String {
    let mut text = String::new();
    let mut old = false;
    for line in canonical.lines() {
        if !line.starts_with([' ', '-']) {
            old = line.starts_with("pace:") || line.starts_with("warm up:");
        }
        if !old {
            text.extend([line, "\n"]);
        }
    }
    let rates = pace.rates.iter().map(|rate| {
        let to = match &rate.to {
            To::Everybody => String::new(),
            To::Others => ", to: others".to_owned(),
            To::Provider(provider) => format!(", to: {provider}"),
        };
        let (per, channel) = (print_duration(rate.window_ms), rate.channel.word());
        format!("  - {{ messages: {}, per: {per}, channel: {channel}{to} }}\n", rate.max)
    });
    let plans = pace.warm_ups.iter().map(|plan| {
        let WarmUp { domain, since, first, growth_permille, full } = plan;
        let percent = growth_permille.saturating_sub(1_000) / 10;
        format!(
            "  - {{ since: {since}, domain: {domain}, first day: {first}, grows: {percent} %, full: {full} }}\n"
        )
    });
    for (key, items) in [("pace", rates.collect::<String>()), ("warm up", plans.collect())] {
        if !items.is_empty() {
            text.extend([key, ":\n", &items]);
        }
    }
    text
}
