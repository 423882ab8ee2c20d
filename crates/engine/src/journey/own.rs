//! Events of our own: what journeys commit to, as the log has it.

use std::collections::BTreeMap;

use crate::event::{Event, Kind, LogPosition, Value};
use crate::record::Record;
use crate::time::Timestamp;
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
        content: position.0,
        identifiers: strongest.into_iter().collect(),
        traits: traits.clone(),
        properties: [("journey".to_owned(), text(journey)), ("step".to_owned(), text(step))].into(),
        ..Event::bare(OWN_SOURCE, format!("set-{}", position.0), Kind::TraitsSet, now)
    }
}
