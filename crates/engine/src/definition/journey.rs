//! Reading journeys: what starts them, what ends them; their steps are read in `steps`.

use super::constant::{self, constant as constantly, sensible};
use super::date;
use super::fields::{Fields, Read, list};
use super::form::Form;
use super::mistake::quoted;
use super::object::ObjectKind;
use super::sentence::outside;
use super::steps;
use super::units::{duration, kind, name, purpose, whole, word};
use super::yaml::{Node, Sheet, Value};
use crate::condition::{Condition, Reads};
use crate::event::Kind;
use crate::journey::{DateEntry, Entry, Journey, RequestedBy};
use crate::segment::Way;

/// Reads the document of a journey: its name, what it states, its form. Its version is left 0: it
/// is the hash of the form.
pub(super) fn read(sheet: &Sheet<'_>, node: &Node) -> Option<(String, Option<Journey>, Form)> {
    let mut fields = Fields::of(sheet, node, "the journey", "journey: cart")?;
    let journey_name = fields.required("journey", "cart", name);
    let purpose = fields.required("purpose", "promotion", purpose);
    let entry = fields.required("enter", "{ on: [Product Added], if: cart is open }", entry);
    let exits = fields.or("exit", Vec::new(), list(sensible(constant::EXIT)));
    let stated = fields.has("goal");
    let goal = fields.optional("goal", sensible(constant::GOAL));
    let re_entry_ms = fields.or("re-entry", Journey::RE_ENTRY_MS, duration);
    let entry_age_max_ms = fields.or("entry at most", Journey::ENTRY_AGE_MAX_MS, age);
    let priority = fields.or("priority", 0, whole(-1_000, 1_000));
    let steps = fields.required("steps", "[ wait: 4 hours ]", steps::read);
    let form = fields.done();
    let name = journey_name?;
    let journey = (|| {
        if stated && goal.is_none() {
            return None;
        }
        Some(Journey {
            name: name.clone(),
            version: 0,
            purpose: purpose?,
            entry: entry?,
            exits,
            goal,
            re_entry_ms,
            entry_age_max_ms,
            priority: i32::try_from(priority).expect("the reader bounds it"),
            steps: steps?,
            reads: Reads::default(),
        })
    })();
    Some((name, journey, form))
}

/// `24 hours old`, `24 hours`
fn age(sheet: &Sheet<'_>, node: &Node) -> Read<i64> {
    let Some(text) = node.text().map(str::trim) else { return duration(sheet, node) };
    let bare = text.strip_suffix(" old").unwrap_or(text);
    let bare = Node { at: node.at.clone(), value: Value::Text(bare.to_owned()) };
    let (ms, form) = duration(sheet, &bare)?;
    let Form::Text(length) = form else { return None };
    Some((ms, Form::Text(format!("{length} old"))))
}

const KEYS: &[(&str, ForEach)] =
    &[("person", ForEach::Person), ("cart", ForEach::Cart), ("order", ForEach::Order)];

/// What keeps two entries of one person apart.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum ForEach {
    Person,
    Cart,
    Order,
}

fn entry(sheet: &Sheet<'_>, node: &Node) -> Read<Entry> {
    // A list of events alone needs no `on`.
    if !matches!(node.value, Value::Map(_)) {
        let (starts, form) = list(start)(sheet, node)?;
        let form = Form::Map(vec![("on".to_owned(), form)]);
        return Some((entry_of(starts, None, ForEach::Person), form));
    }
    let mut fields = Fields::of(sheet, node, "the entry", "{ on: [Product Added] }")?;
    let starts = fields.required("on", "[Product Added]", list(start));
    let stated = fields.has("if");
    let condition_at = fields.place_of_value("if");
    let held = fields.optional("if", outside);
    let for_each = fields.or("for each", ForEach::Person, word("way to tell entries apart", KEYS));
    let form = fields.done();
    let starts = starts?;
    if starts.is_empty() {
        sheet.wrong(node.at.start, "no event starts this journey", "name one: on: [Product Added]");
        return None;
    }
    if stated && held.is_none() {
        return None;
    }
    if held.as_ref().is_some_and(|held| constantly(held) == Some(false)) {
        let (message, cure) = constant::ENTRY.never;
        sheet.wrong(condition_at, message, cure);
        return None;
    }
    Some((entry_of(starts, held, for_each), form))
}

/// What starts a journey, as one item says it.
#[derive(Clone, Debug)]
enum Start {
    Event(Kind),
    Segment(Way, String),
    Date(DateEntry),
    Request(RequestedBy),
}

fn entry_of(starts: Vec<Start>, condition: Option<Condition>, for_each: ForEach) -> Entry {
    let (mut kinds, mut segments, mut dates) = (Vec::new(), Vec::new(), Vec::new());
    let mut requests = Vec::new();
    for start in starts {
        match start {
            Start::Event(kind) => kinds.push(kind),
            Start::Segment(way, name) => segments.push((way, name)),
            Start::Date(date) => dates.push(date),
            Start::Request(by) => requests.push(by),
        }
    }
    Entry { kinds, segments, dates, requests, condition, keyed: for_each != ForEach::Person }
}

/// `Product Added`, `segment entered "vip"`, a date such as `birthday at 09:00`, or `api` and `file`
fn start(sheet: &Sheet<'_>, node: &Node) -> Read<Start> {
    let text = node.text().map(str::trim).unwrap_or_default();
    if date::begins(text) {
        let (date, form) = date::date(sheet, node)?;
        return Some((Start::Date(date), form));
    }
    if let Some(by) = RequestedBy::parse(&text.to_ascii_lowercase()) {
        return Some((Start::Request(by), Form::text(by.word())));
    }
    let Some(rest) = text.strip_prefix("segment ") else {
        let (kind, form) = kind(sheet, node)?;
        return Some((Start::Event(kind), form));
    };
    let (word, name) = rest.trim().split_once(' ').unwrap_or((rest.trim(), ""));
    let way = match word {
        "entered" => Way::Entered,
        "left" => Way::Left,
        _ => {
            let message =
                format!("{} says neither that a segment was entered nor left", quoted(text));
            sheet.wrong(node.at.start, message, "write: segment entered \"vip\"");
            return None;
        }
    };
    let name = name.trim().trim_matches('"').trim();
    if name.is_empty() {
        sheet.wrong(node.at.start, "no segment is named", "write: segment entered \"vip\"");
        return None;
    }
    sheet.uses(node.at.start, ObjectKind::Segment, name);
    let form = Form::Text(format!("segment {} \"{name}\"", way.word()));
    Some((Start::Segment(way, name.to_owned()), form))
}
