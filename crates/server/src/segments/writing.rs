//! Help for whoever writes a condition: the names that the data and the definitions bear.

use std::collections::BTreeSet;

use regulars_engine::condition::Names;
use regulars_engine::event::{LogPosition, Value};
use regulars_engine::profile::list_of;
use regulars_engine::program::Program;
use regulars_engine::score::ScoreName;
use regulars_store::{Reader, StoreError};

use super::lists;

/// How many of the latest events are looked at, and how many persons: some milliseconds, while
/// somebody types.
const LOOKED_AT: usize = 500;

/// The names that conditions may speak of. Segments, lists, scores and products are all there are;
/// events, traits, fields and categories are those of the catalogue, of the latest events and of
/// some persons. Names only: no values, which are people's.
///
/// # Errors
/// If the store cannot be read.
pub fn names<R: Reader>(reader: &R, program: &Program) -> Result<Names, StoreError> {
    let (mut events, mut traits) = (BTreeSet::new(), BTreeSet::new());
    let (mut fields, mut categories) = (BTreeSet::new(), BTreeSet::new());
    let latest = u64::try_from(LOOKED_AT).unwrap_or(u64::MAX);
    let from = LogPosition(reader.next_position()?.0.saturating_sub(latest));
    for entry in reader.log(from, LOOKED_AT)?.into_iter().filter(|entry| !entry.erased) {
        let event = entry.logged.event;
        events.insert(event.kind.name().to_owned());
        fields.extend(event.properties.into_iter().flat_map(|(name, value)| paths(name, value)));
        traits.extend(event.traits.into_iter().flat_map(|(name, value)| paths(name, value)));
        categories.extend(event.lines.into_iter().filter_map(|line| line.category));
    }
    traits.extend(program.traits.keys().cloned());
    for record in reader.drawn(LOOKED_AT)? {
        events.extend(record.profile.activity.keys().map(|kind| kind.name().to_owned()));
        let held = record.profile.traits.iter();
        let held = held.filter(|(name, _)| list_of(name).is_none());
        traits.extend(held.flat_map(|(name, held)| paths(name.clone(), held.value.clone())));
    }
    categories.extend(program.catalogue.iter().filter_map(|product| product.category.clone()));
    Ok(Names {
        events: events.into_iter().collect(),
        traits: traits.into_iter().collect(),
        fields: fields.into_iter().collect(),
        segments: program.segments.keys().cloned().collect(),
        lists: lists(reader)?.into_iter().map(|list| list.name).collect(),
        scores: ScoreName::all().into_iter().map(ScoreName::text).collect(),
        products: program.catalogue.iter().map(|product| product.id.clone()).collect(),
        categories: categories.into_iter().collect(),
    })
}

/// The paths that lead to what a property holds: its name, those of what is nested in it behind a
/// point, and what a source says of products.
fn paths(name: String, value: Value) -> Vec<String> {
    match value {
        Value::Map(inner) => inner.into_keys().map(|key| format!("{name}.{key}")).collect(),
        Value::List(products) if name == "products" => products
            .into_iter()
            .filter_map(|product| if let Value::Map(said) = product { Some(said) } else { None })
            .flat_map(|said| said.into_keys())
            .collect(),
        Value::Null
        | Value::Bool(_)
        | Value::Integer(_)
        | Value::Number(_)
        | Value::Text(_)
        | Value::List(_) => vec![name],
    }
}
