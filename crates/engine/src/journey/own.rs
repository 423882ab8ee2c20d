//! Events of our own: what journeys commit to, as the log has it.

use std::collections::BTreeMap;

use crate::event::{Document, Event, Kind, LogPosition, Mode, Place, Value};
use crate::record::Record;
use crate::time::{Occurred, Timestamp};
use crate::work::OWN_SOURCE;

/// That a step of a journey stated traits of the person, at this place of the log.
pub(super) fn traits_set(
    person: &Record,
    (journey, step): (&str, &str),
    traits: &BTreeMap<String, Value>,
    (position, now): (LogPosition, Timestamp),
) -> Event {
    let text = |value: &str| Value::Text(value.to_owned());
    let strongest = person.evidence.nodes.first().map(|node| node.identifier.clone());
    Event {
        source: OWN_SOURCE.to_owned(),
        feed: String::new(),
        message_id: format!("set-{}", position.0),
        content: position.0,
        occurred: Occurred::instant(now),
        received_at: now,
        zone_assumed: None,
        skew_ms: 0,
        identifiers: strongest.into_iter().collect(),
        kind: Kind::TraitsSet,
        place: Place::default(),
        lines: Vec::new(),
        order: None,
        cart: None,
        consent: None,
        reference: None,
        traits: traits.clone(),
        properties: [("journey".to_owned(), text(journey)), ("step".to_owned(), text(step))].into(),
        mode: Mode::Live,
        document: Document::Once,
        complete_through: None,
    }
}
