//! The audit of what staff said of people, and the feed of what changed: append-only, from the log.

use regulars_engine::event::{Event, LogPosition, Value as EventValue};
use regulars_engine::identity::Identifier;
use regulars_engine::time::Timestamp;
use regulars_store::{NumberedChange, Reader, SqliteReader, StoreError};
use serde_json::{Value, json};

use crate::http::api::identifier_json;
use crate::staff::Statement;

/// One statement of staff, as it stands in the log for ever.
#[derive(Clone, Debug)]
pub struct Said {
    /// Where in the log: by it the statement is undone.
    pub position: LogPosition,
    /// When.
    pub at: Timestamp,
    /// What.
    pub statement: Statement,
    /// Who.
    pub by: String,
    /// Why, in their words; may be empty.
    pub because: String,
    /// Of which two identifiers; `None` once one of them was erased.
    pub pair: Option<(Identifier, Identifier)>,
}

impl Said {
    /// The statement that an event is; `None`: it is none.
    #[must_use]
    pub fn of(position: LogPosition, event: &Event) -> Option<Self> {
        let statement = Statement::told_by(&event.kind)?;
        let text = |name: &str| {
            let value = event.properties.get(name).and_then(EventValue::as_text);
            value.unwrap_or_default().to_owned()
        };
        let pair = match event.identifiers.as_slice() {
            [one, other] => Some((one.clone(), other.clone())),
            _ => None,
        };
        let (by, because) = (text("by"), text("because"));
        Some(Self { position, at: event.occurred.at, statement, by, because, pair })
    }
}

/// Who said it, if an event is a statement of staff.
pub(super) fn said_by(event: &Event) -> Option<&str> {
    Statement::told_by(&event.kind)?;
    event.properties.get("by").and_then(EventValue::as_text)
}

/// What staff said before a place in the log, the latest first.
///
/// # Errors
/// If the store cannot be read.
pub fn said(
    reader: &SqliteReader,
    before: Option<LogPosition>,
    limit: usize,
) -> Result<Vec<Said>, StoreError> {
    let positions = reader.statements(before, limit)?;
    let entries = reader.events(&positions)?;
    let said = |entry: &regulars_store::Entry| Said::of(entry.logged.position, &entry.logged.event);
    Ok(entries.iter().filter_map(said).collect())
}

/// A statement as the API shows it.
#[must_use]
pub fn said_json(said: &Said) -> Value {
    let pair = said.pair.as_ref();
    json!({
        "statement": said.position.0,
        "at": said.at.to_string(),
        "said": said.statement.word(),
        "by": said.by,
        "because": said.because,
        "one": pair.map(|(one, _)| identifier_json(one)),
        "other": pair.map(|(_, other)| identifier_json(other)),
        "erased": pair.is_none(),
    })
}

/// A change as the API shows it.
#[must_use]
pub fn change_json(numbered: &NumberedChange) -> Value {
    let change = &numbered.change;
    let ids = |ids: &[regulars_engine::identity::PersonId]| -> Vec<String> {
        ids.iter().map(ToString::to_string).collect()
    };
    json!({
        "number": numbered.number,
        "at": change.at.to_string(),
        "kind": change.kind().word(),
        "before": ids(&change.before),
        "after": ids(&change.after),
        "cause": change.cause.0,
    })
}
