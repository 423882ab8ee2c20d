//! Computed traits of one person: for the API, the pages and templates.

use std::sync::Arc;

use regulars_engine::condition::ComputedTrait;
use regulars_engine::event::Value;
use regulars_engine::program::Program;
use regulars_engine::record::Record;
use regulars_engine::segment::computed;
use regulars_engine::time::Timestamp;
use regulars_store::{Reader, StoreError};
use serde_json::{Map, Value as Json, json};

use super::Around;

/// A computed trait with what it comes to for somebody.
pub type Computed = (Arc<ComputedTrait>, Option<Value>);

/// The computed traits of a shop with what each comes to for a person; `None`: nothing, or it is
/// still being computed.
///
/// # Errors
/// If the store cannot be read.
pub fn computed_traits<R: Reader>(
    reader: &R,
    program: &Program,
    record: &Record,
    now: Timestamp,
) -> Result<Vec<Computed>, StoreError> {
    if program.traits.is_empty() {
        return Ok(Vec::new());
    }
    let around = Around::read(reader, program)?;
    Ok(computed(&around.world(), record, now))
}

/// As programs read them: each with its value and what it is computed from.
#[must_use]
pub fn computed_json(traits: &[Computed]) -> Json {
    let one = |(computed, value): &Computed| {
        let value = value.as_ref().map(Value::to_json);
        (computed.name.clone(), json!({ "value": value, "as": computed.figure.to_string() }))
    };
    Json::Object(traits.iter().map(one).collect::<Map<_, _>>())
}
