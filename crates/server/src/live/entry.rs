//! What the shop said beside a request to enter, for the messages of that enrollment.

use regulars_engine::decision::Message;
use regulars_engine::journey::{State, entry_data};
use regulars_engine::record::Record;
use regulars_store::{Reader, StoreError};
use serde_json::{Map, Value};

/// What a template finds under `entry`: nothing, where no request started the enrollment.
///
/// # Errors
/// If the store cannot be read.
pub(crate) fn entry_context<R: Reader>(
    reader: &R,
    record: &Record,
    message: &Message,
) -> Result<Value, StoreError> {
    let sending = State::Sending { message: message.id };
    let Some(own) = record.enrollments.iter().find(|own| own.state == sending) else {
        return Ok(Map::new().into());
    };
    let entries = reader.events(&[own.entered_by])?;
    let said = entries.iter().flat_map(|entry| entry_data(&entry.logged.event));
    Ok(said.map(|(name, value)| (name.to_owned(), value.to_json())).collect::<Map<_, _>>().into())
}
