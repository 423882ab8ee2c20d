//! What another program is told: the body of a call, and a call as programs read it.

use regulars_engine::journey::{Call, entry_data};
use regulars_engine::offer::Stock;
use regulars_engine::record::Record;
use regulars_engine::segment::computed;
use regulars_engine::step::{MayLeave, World};
use regulars_engine::time::Timestamp;
use regulars_store::{Reader, Store, StoreError};
use serde_json::{Map, Value, json};

use crate::segments::Computed;
use crate::writer::Writer;

/// The type of every call that a journey makes.
const TYPE: &str = "journey.step";

/// The body of a call about a person, as all is known at `now`: of the person only what the definition
/// chose, and of the event that began it what happened and when, and what the shop said beside it. Costs
/// a read of that event: products and feeds are those that the writer holds.
///
/// # Errors
/// If the store cannot be read.
pub fn body<S: Store>(
    writer: &Writer<S>,
    record: &Record,
    call: &Call,
    now: Timestamp,
) -> Result<Value, StoreError> {
    let mut traits = Map::new();
    let mut identifiers = Vec::new();
    let named = |name: &String| writer.program().traits.contains_key(name);
    let computed = match call.with.iter().any(named) {
        true => computed_now(writer, record, now)?,
        false => Vec::new(),
    };
    for name in &call.with {
        // As in conditions, a computed trait stands before a stated one of its name.
        let value = match computed.iter().find(|(computed, _)| computed.name == *name) {
            Some((_, value)) => value.as_ref(),
            None => record.profile.traits.get(name).map(|held| &held.value),
        };
        if let Some(value) = value {
            traits.insert(name.clone(), value.to_json());
        }
        let nodes = record.evidence.nodes.iter().map(|node| &node.identifier);
        for identifier in nodes.filter(|identifier| identifier.kind.word() == name) {
            identifiers.push(json!({ "kind": name, "value": identifier.value() }));
        }
    }
    let person = json!({
        "id": record.id().to_string(),
        "traits": traits,
        "identifiers": identifiers,
    });
    Ok(json!({
        "type": TYPE,
        "timestamp": call.at.to_string(),
        "data": {
            "journey": call.journey,
            "step": call.step,
            "person": person,
            "entry": entry(writer.reader(), record, call)?,
        },
    }))
}

fn computed_now<S: Store>(
    writer: &Writer<S>,
    record: &Record,
    now: Timestamp,
) -> Result<Vec<Computed>, StoreError> {
    let world = World {
        program: writer.program(),
        catalogue: writer.catalogue(),
        sources: writer.sources(),
        stock: Stock::nothing(),
        sending: MayLeave::Nothing,
        room: 0,
        pace: None,
        known_to: writer.reader().next_position()?,
        memo: None,
    };
    Ok(computed(&world, record, now))
}

/// What began it; null where that is no event of the person's own.
fn entry<R: Reader>(reader: &R, record: &Record, call: &Call) -> Result<Value, StoreError> {
    let entries = reader.events(&[call.entered_by])?;
    let own = entries
        .iter()
        .map(|entry| &entry.logged.event)
        .find(|event| event.anchor().is_some_and(|anchor| record.evidence.holds(anchor)));
    Ok(own.map_or(Value::Null, |event| {
        let data = entry_data(event).map(|(name, value)| (name.to_owned(), value.to_json()));
        json!({
            "event": event.kind.name(),
            "at": event.occurred.at.to_string(),
            "cart": event.cart,
            "order": event.order.as_ref().map(|order| &order.key),
            "data": data.collect::<Map<_, _>>(),
        })
    }))
}

/// A call as programs read it. What was answered is for staff: it may be about the person.
#[must_use]
pub fn call_json(call: &Call) -> Value {
    json!({
        "id": call.id,
        "at": call.at.to_string(),
        "person": call.person.to_string(),
        "journey": call.journey,
        "step": call.step,
        "destination": call.destination,
        "with": call.with,
        "state": call.state.word(),
        "next_at": call.state.not_before().map(|at| at.to_string()),
        "attempts": call.attempts,
        "tried_at": call.tried_at.map(|at| at.to_string()),
        "answer": call.note,
    })
}
