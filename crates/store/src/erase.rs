//! Erasing: making a person unknown, in the log and in everything made of it.

use std::collections::BTreeMap;

use regulars_engine::commit::{LinkKeyWrite, PersonWrite};
use regulars_engine::event::{Event, Kind, LogPosition, Place};
use regulars_engine::identity::{Identifier, IdentifierKey, PersonId};

use crate::error::StoreError;
use crate::reader::Reader;

/// What is to be made unknown, as the caller has worked out from the person's row.
///
/// Events at `positions` become tombstones ([`tombstone`]) that keep their place and key, so that
/// the log has no gaps, a repeat stays a repeat, and feeds fold as before. Rows of the persons go;
/// decisions and messages keep what the accounts need and lose everything else; quarantine rows
/// that hold one of the identifiers or `texts` go. Keyed hashes of the identifiers stay, so that a
/// later import does not bring the person back.
#[derive(Clone, Debug, Default)]
pub struct Erasure {
    /// The persons, under every id they have had.
    pub persons: Vec<PersonId>,
    /// Their identifiers.
    pub identifiers: Vec<Identifier>,
    /// Further texts by which quarantine rows are recognised: a full name, an address.
    pub texts: Vec<String>,
    /// The events to make unknown.
    pub positions: Vec<LogPosition>,
    /// Events of others that mention the person, as they are to read from now on: the anchor and
    /// the message id stay.
    pub redacted: Vec<(LogPosition, Event)>,
    /// By which keys of linking their cards were found.
    pub link_keys: Vec<LinkKeyWrite>,
    /// Rows of others whose evidence mentions the person, without that evidence.
    pub others: Vec<PersonWrite>,
    /// Ids whose place in the log does not say any more whom they name: whose identifier was first named
    /// there; `None`: the person's.
    pub named: Vec<(PersonId, Option<IdentifierKey>)>,
}

/// The space of the small rows that say where ids lead whose events were erased.
pub(crate) const NAMED: &str = "named";

/// Where an id leads whose event was erased or redacted: to whoever holds an identifier, or to nobody.
/// `None`: its event says so itself.
///
/// # Errors
/// If the store cannot be read.
pub fn led_to<R: Reader>(
    reader: &R,
    id: PersonId,
) -> Result<Option<Option<IdentifierKey>>, StoreError> {
    Ok(reader.get(NAMED, &id.to_string())?.map(|bytes| key_in(&bytes)))
}

/// The identifiers that were first named by what was erased since, each with the id of whom it named: a store
/// that is built again from the log gives the same ids.
///
/// # Errors
/// If the store cannot be read.
pub fn first_named<R: Reader>(reader: &R) -> Result<BTreeMap<IdentifierKey, PersonId>, StoreError> {
    let rows = reader.list(NAMED)?.into_iter();
    Ok(rows.filter_map(|(id, bytes)| Some((key_in(&bytes)?, id.parse().ok()?))).collect())
}

/// The key that a small row holds; an empty one holds none.
pub(crate) fn key_in(bytes: &[u8]) -> Option<IdentifierKey> {
    bytes.try_into().ok().map(|bytes| IdentifierKey(u64::from_le_bytes(bytes)))
}

/// What was erased.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Erased {
    /// Events made unknown.
    pub events: usize,
    /// Events of others that were redacted.
    pub redacted: usize,
    /// Persons' rows taken away.
    pub persons: usize,
    /// Messages emptied.
    pub messages: usize,
    /// Decisions emptied.
    pub decisions: usize,
    /// Rows of the quarantine taken away.
    pub quarantined: usize,
}

/// What is left of an event whose person is erased: the source, the times, what kind of thing
/// happened over which channel, and the codes of products, which others' lines may rest on.
///
/// An empty message id marks it; accepted events have one.
#[must_use]
pub fn tombstone(event: &Event) -> Event {
    // A name that the source made up may hold anything.
    let custom = matches!(event.kind, Kind::Custom(_));
    let kind = if custom { Kind::Custom("Erased".to_owned()) } else { event.kind.clone() };
    let mut lines = event.lines.clone();
    for line in &mut lines {
        *line = regulars_engine::event::Line {
            codes: std::mem::take(&mut line.codes),
            ..Default::default()
        };
    }
    Event {
        feed: event.feed.clone(),
        content: event.content,
        occurred: event.occurred,
        place: Place { channel: event.place.channel, ..Place::default() },
        lines,
        mode: event.mode,
        document: event.document,
        complete_through: event.complete_through,
        ..Event::bare(&event.source, String::new(), kind, event.received_at)
    }
}

/// Whether an event is what is left after an erasure.
#[must_use]
pub fn is_tombstone(event: &Event) -> bool {
    event.message_id.is_empty()
}
