//! A hash of what an event says, to tell a repeat from a conflict or a new version, and the id of
//! an event that came without one.
//!
//! The hash covers what was said and not how it came: not when it was received or sent, in which
//! order its fields stood, or which library sent it. So a retry is equal to its first try. Absent
//! parts write nothing, so that a part added later changes no hash of events without it.

use std::hash::Hasher;

use regulars_engine::event::{Event, Line, Value};
use regulars_engine::time::Timestamp;
use siphasher::sip::SipHasher13;

use crate::limits::REPEAT_WINDOW_MS;
use crate::times::Stated;

/// Fixed keys: the hash is no secret, and a second import on another machine must agree with it.
const KEYS: (u64, u64) = (0x7265_6775_6c61_7273, 0x636f_6e74_656e_7431);

/// Whether the order of lines is part of what was said.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum LineOrder {
    AsSent,
    /// A file's rows are a multiset: an export sorted differently says the same.
    Any,
}

/// The hash of everything `event` says, with the time as `stated` and not as corrected.
pub(crate) fn hash(event: &Event, stated: Option<Stated>, line_order: LineOrder) -> u64 {
    let mut text = Content(Vec::with_capacity(1024));
    text.part(1, &event.feed);
    if let Some(stated) = stated {
        text.number(2, stated.at.0);
        text.number(3, stated.precision.width_ms());
    }
    for identifier in &event.identifiers {
        text.part(4, identifier.kind.word());
        text.part(5, identifier.value());
    }
    text.part(6, event.kind.name());
    text.part(7, event.place.channel.word());
    for (tag, part) in [
        (8, &event.place.store),
        (9, &event.place.till),
        (10, &event.place.staff),
        (11, &event.cart),
    ] {
        text.optional(tag, part.as_deref());
    }
    match line_order {
        LineOrder::AsSent => event.lines.iter().for_each(|line| text.line(line)),
        LineOrder::Any => {
            let mut lines: Vec<&Line> = event.lines.iter().collect();
            lines.sort_unstable();
            lines.into_iter().for_each(|line| text.line(line));
        }
    }
    if let Some(order) = &event.order {
        text.part(30, &order.key);
        text.optional_number(31, order.total_minor);
        text.part(32, order.currency.code());
        text.optional_number(33, order.discount_minor);
        text.optional(34, order.coupon.as_deref());
    }
    if let Some(consent) = &event.consent {
        text.part(40, consent.channel.word());
        text.optional(41, consent.purpose.map(|purpose| purpose.word()));
        text.number(42, i64::from(consent.answer == regulars_engine::event::ConsentAnswer::Given));
        text.optional(43, consent.wording.as_deref());
    }
    text.optional(50, event.reference.as_ref().map(|reference| reference.id.as_str()));
    for (tag, map) in [(51, &event.traits), (52, &event.properties)] {
        for (name, value) in map {
            text.part(tag, name);
            text.value(value);
        }
    }
    if let Some(push) = &event.push {
        text.part(54, push.endpoint());
        text.part(55, push.key());
        text.part(56, push.auth());
    }
    text.optional_number(60, event.complete_through.map(|at| at.0));
    text.finish()
}

fn hash_bytes(bytes: &[u8]) -> u64 {
    let mut hasher = SipHasher13::new_with_keys(KEYS.0, KEYS.1);
    hasher.write(bytes);
    hasher.finish()
}

/// The id of an event that came without one: its content.
///
/// An event that states its own time is itself for ever. One without is told from the same thing
/// done again by when it was received, in windows of [`REPEAT_WINDOW_MS`]: a retry within the
/// window is a repeat, a retry across the edge of two windows counts twice (with a retry after one
/// second: once in 300), and the same thing done twice within a window counts once. Only senders
/// that give neither id nor time pay this.
pub(crate) fn message_id(content: u64, stated: Option<Stated>, received_at: Timestamp) -> String {
    match stated {
        Some(_) => format!("h-{content:016x}"),
        None => format!("h-{content:016x}-{}", received_at.0.div_euclid(REPEAT_WINDOW_MS)),
    }
}

/// Tagged parts, one after the other.
struct Content(Vec<u8>);

impl Content {
    fn part(&mut self, tag: u8, text: &str) {
        if !text.is_empty() {
            self.0.push(tag);
            self.0.extend_from_slice(text.as_bytes());
            // No UTF-8 text holds this byte, so texts cannot run into each other.
            self.0.push(0xff);
        }
    }

    fn optional(&mut self, tag: u8, text: Option<&str>) {
        self.part(tag, text.unwrap_or_default());
    }

    fn number(&mut self, tag: u8, number: i64) {
        self.0.push(tag);
        self.0.extend_from_slice(&number.to_le_bytes());
    }

    fn optional_number(&mut self, tag: u8, number: Option<i64>) {
        if let Some(number) = number {
            self.number(tag, number);
        }
    }

    fn line(&mut self, line: &Line) {
        self.number(20, line.quantity_milli);
        for code in &line.codes {
            self.part(21, code.kind.word());
            self.part(22, &code.value);
        }
        self.optional_number(23, line.total_minor);
        self.optional(24, line.name.as_deref());
        self.optional(25, line.category.as_deref());
        self.optional(26, line.url.as_deref());
        self.optional(27, line.image_url.as_deref());
    }

    fn value(&mut self, value: &Value) {
        match value {
            Value::Null => self.0.push(100),
            Value::Bool(yes) => self.number(101, i64::from(*yes)),
            Value::Integer(number) => self.number(102, *number),
            Value::Number(number) => {
                self.0.push(103);
                self.0.extend_from_slice(&number.to_bits().to_le_bytes());
            }
            Value::Text(text) => self.part(104, text),
            Value::List(items) => {
                self.0.push(105);
                items.iter().for_each(|item| self.value(item));
                self.0.push(106);
            }
            Value::Map(map) => {
                self.0.push(107);
                for (name, value) in map {
                    self.part(108, name);
                    self.value(value);
                }
                self.0.push(109);
            }
        }
    }

    fn finish(&self) -> u64 {
        hash_bytes(&self.0)
    }
}
