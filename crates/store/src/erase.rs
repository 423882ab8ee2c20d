//! Erasing: making a person unknown, in the log and in everything made of it.

use regulars_engine::commit::{LinkKeyWrite, PersonWrite};
use regulars_engine::event::{Event, Kind, LogPosition, Place};
use regulars_engine::identity::{Identifier, PersonId};

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
