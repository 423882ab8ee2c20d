//! Reading for which yes the shop asks twice.

use std::collections::BTreeSet;

use jiff::civil::Date;
use jiff::tz::TimeZone;

use super::check::Stated;
use super::fields::{Fields, Read, list};
use super::form::Form;
use super::mistake::{Findings, Place, quoted};
use super::offer::date;
use super::units::{duration, line};
use super::yaml::{Node, Sheet, Value};
use crate::event::{Channel, Purpose};
use crate::journey::{Journey, Send, Step};
use crate::profile::DoubleOptIn;
use crate::time::{DAY, HOUR, Timestamp};

/// A double opt-in as it is stated: its day begins when it begins in the shop.
#[derive(Clone, PartialEq)]
pub(super) struct AskedTwice {
    channel: Channel,
    purpose: Purpose,
    since: Option<Date>,
    within_ms: i64,
}

impl AskedTwice {
    /// The setting, in the zone of the shop.
    pub(super) fn settle(self, zone: &TimeZone) -> DoubleOptIn {
        let begin = |day: Date| day.to_zoned(zone.clone()).ok();
        let since = self.since.and_then(begin);
        DoubleOptIn {
            channel: self.channel,
            purpose: self.purpose,
            since: since.map(|zoned| Timestamp(zoned.timestamp().as_millisecond())),
            within_ms: self.within_ms,
        }
    }
}

/// Reads what stands under `double opt-in`.
pub(super) fn read(sheet: &Sheet<'_>, fields: &mut Fields<'_>) -> Vec<AskedTwice> {
    let at = fields.place_of("double opt-in");
    let asked = fields.or("double opt-in", Vec::new(), list(asked_twice));
    let pairs: BTreeSet<_> = asked.iter().map(|asked| (asked.channel, asked.purpose)).collect();
    if pairs.len() != asked.len() {
        let message = "a double opt-in for one channel and purpose stands twice";
        sheet.wrong(at, message, "keep one of the two");
    }
    asked
}

/// The longest that a link to confirm can be used.
const WITHIN_MS_MAX: i64 = 90 * DAY;

/// `email promotion`, or `{ yes to: email promotion, since: 2026-11-01, within: 3 days }`
fn asked_twice(sheet: &Sheet<'_>, node: &Node) -> Read<AskedTwice> {
    if !matches!(node.value, Value::Map(_)) {
        let ((channel, purpose), form) = yes_to(sheet, node)?;
        let within_ms = DoubleOptIn::WITHIN_MS;
        return Some((AskedTwice { channel, purpose, since: None, within_ms }, form));
    }
    let example = "{ yes to: email promotion, since: 2026-11-01 }";
    let mut fields = Fields::of(sheet, node, "the double opt-in", example)?;
    let yes = fields.required("yes to", "email promotion", yes_to);
    let since = fields.optional("since", date);
    let within_at = fields.place_of_value("within");
    let within_ms = fields.or("within", DoubleOptIn::WITHIN_MS, duration);
    let form = fields.done();
    if !(HOUR..=WITHIN_MS_MAX).contains(&within_ms) {
        let message = "a link to confirm can be used for an hour to 90 days";
        sheet.wrong(within_at, message, "write \"within: 7 days\", or leave it out");
        return None;
    }
    let (channel, purpose) = yes?;
    Some((AskedTwice { channel, purpose, since, within_ms }, form))
}

/// `email promotion`: a channel that messages go over, and what they are for.
fn yes_to(sheet: &Sheet<'_>, node: &Node) -> Read<(Channel, Purpose)> {
    let (text, _) = line(sheet, node)?;
    let read = text.split_once(' ').and_then(|(channel, purpose)| {
        Some((Channel::parse(channel)?, Purpose::parse(purpose.trim())?))
    });
    let fits = |(channel, purpose): &(Channel, Purpose)| {
        matches!(channel, Channel::Email | Channel::Sms) && *purpose != Purpose::Transactional
    };
    let Some((channel, purpose)) = read.filter(fits) else {
        let message = format!("{} is nothing to say yes to", quoted(&text));
        sheet.wrong(node.at.start, message, "write \"email promotion\" or \"sms care\"");
        return None;
    };
    let form = format!("{} {}", channel.word(), purpose.word());
    Some(((channel, purpose), Form::Text(form)))
}

/// Whoever asks twice sends the second question, and nobody asks for what waits for no answer.
///
/// `others` are journeys that stand elsewhere and hold no mistakes. That nobody asks a second time is
/// told at `place`.
pub(super) fn check(
    (asked, place): (&[DoubleOptIn], Option<&Place>),
    journeys: &[Stated<Journey>],
    others: &[&Journey],
    findings: &Findings,
) {
    let others = others.iter().flat_map(|journey| questions(journey));
    let mut channels: BTreeSet<Channel> = others.map(|(_, send)| send.channel).collect();
    let whole = journeys.iter().all(|stated| stated.value.is_some());
    for (place, journey) in journeys.iter().filter_map(|j| Some((&j.place, j.value.as_ref()?))) {
        for (step, send) in questions(journey) {
            channels.insert(send.channel);
            let known = asked.iter().any(|asked| asked.channel == send.channel);
            if let Some((fault, cure)) = question_fault(journey, send, known) {
                let (step, name) = (quoted(&step.name), quoted(&journey.name));
                let message = format!("the step {step} of the journey {name} {fault}");
                findings.mistake(place.clone(), message, cure);
            }
        }
    }
    let Some(place) = place.filter(|_| whole) else { return };
    for channel in asked.iter().map(|asked| asked.channel).collect::<BTreeSet<_>>() {
        if !channels.contains(&channel) {
            let word = channel.word();
            let message =
                format!("a yes over {word} is to be confirmed, and no message asks for it");
            let cure = format!(
                "add a transactional journey on Consent Given that sends a message over {word} with \"asks for: confirmation\""
            );
            findings.mistake(place.clone(), message, cure);
        }
    }
}

/// The steps whose messages ask for a confirmation.
fn questions(journey: &Journey) -> impl Iterator<Item = (&Step, &Send)> {
    let sends = journey.steps.iter().filter_map(|step| Some((step, step.kind.send()?)));
    sends.filter(|(_, send)| send.asks_to_confirm)
}

/// What is wrong with a message that asks for a confirmation.
fn question_fault(journey: &Journey, send: &Send, known: bool) -> Option<(String, String)> {
    let channel = send.channel.word();
    Some(if journey.purpose != Purpose::Transactional {
        let fault = "asks for a confirmation, and whoever has not confirmed gets no such message";
        (fault.to_owned(), "write \"purpose: transactional\" in the journey".to_owned())
    } else if send.offer.is_some() {
        let fault = "asks for a confirmation and brings an offer, which is promotion";
        (fault.to_owned(), "send the offer once the yes is confirmed".to_owned())
    } else if !known {
        let fault = format!("asks to confirm a yes over {channel}, and the shop asks for none");
        (fault, format!("state \"double opt-in: {channel} promotion\" of the shop"))
    } else {
        return None;
    })
}
