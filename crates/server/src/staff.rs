//! What staff say of people: that two are one, that they are not, or that they take it back.
//!
//! Every statement is an event of the log with who said it, so it is never lost, and what it
//! changed is undone exactly by taking it back.

use std::collections::BTreeMap;

use regulars_engine::event::{Channel, Document, Event, Kind, Mode, Place, Value};
use regulars_engine::identity::{Edge, Identifier, Ties};
use regulars_engine::record::Record;
use regulars_engine::time::{Occurred, Timestamp};
use regulars_engine::work::OWN_SOURCE;
use regulars_store::Store;

use crate::secret;
use crate::writer::{Receipt, Writer, WriterError};

/// What is said of two identifiers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Statement {
    /// They are one person's.
    Same,
    /// They are two people's.
    Apart,
    /// What was said of them does not stand any more.
    TakenBack,
}

impl Statement {
    const fn kind(self) -> Kind {
        match self {
            Self::Same => Kind::SamePersonStated,
            Self::Apart => Kind::DifferentPersonsStated,
            Self::TakenBack => Kind::StatementTakenBack,
        }
    }
}

/// Two identifiers of which something is said.
pub type Pair = (Identifier, Identifier);

/// The strongest identifier of a person: what is said of the person is said of it.
#[must_use]
pub fn strongest(record: &Record) -> Option<Identifier> {
    record.evidence.nodes.first().map(|node| node.identifier.clone())
}

/// The pairs to state so that two people are `statement`, or what was said of them is taken back.
///
/// To keep people apart for certain, every value they share is kept apart too. To take back, all
/// that stands between the two; of one person, all that joins it by staff's word. Nothing else can be
/// said of one person.
#[must_use]
pub fn pairs(one: &Record, other: &Record, statement: Statement) -> Vec<Pair> {
    if one.id() == other.id() && statement != Statement::TakenBack {
        return Vec::new();
    }
    let ends = |edge: &Edge| (edge.strong.clone(), edge.weak.clone());
    let between = |edge: &&Edge| {
        let holds = |record: &Record, identifier| record.evidence.holds(identifier);
        (holds(one, &edge.strong) && holds(other, &edge.weak))
            || (holds(one, &edge.weak) && holds(other, &edge.strong))
    };
    let edges = one.evidence.edges.iter().chain(&other.evidence.edges).filter(between);
    let strongest = strongest(one).zip(strongest(other)).filter(|(left, right)| left != right);
    let mut pairs: Vec<Pair> = match statement {
        Statement::Same => strongest.into_iter().collect(),
        Statement::Apart => {
            let shared = edges.filter(|edge| edge.ties == Ties::Seen).map(ends);
            strongest.into_iter().chain(shared).collect()
        }
        Statement::TakenBack => {
            let said = standing(one).into_iter().chain(standing(other));
            said.filter(between).map(ends).collect()
        }
    };
    for (left, right) in &mut pairs {
        if left > right {
            std::mem::swap(left, right);
        }
    }
    pairs.sort();
    pairs.dedup();
    pairs
}

/// The last word of staff on each pair of a person's identifiers, if it stands.
#[must_use]
pub fn standing(record: &Record) -> Vec<&Edge> {
    let mut latest: BTreeMap<(&Identifier, &Identifier), &Edge> = BTreeMap::new();
    for edge in record.evidence.edges.iter().filter(|edge| edge.ties != Ties::Seen) {
        let held = latest.entry((&edge.strong, &edge.weak)).or_insert(edge);
        if (held.last_at, held.ties) < (edge.last_at, edge.ties) {
            *held = edge;
        }
    }
    latest.into_values().filter(|edge| edge.ties != Ties::TakenBack).collect()
}

/// Writes what somebody said. `by` is a user's name or a key's, never an identifier of a person.
///
/// # Errors
/// If the store fails; then nothing was kept.
pub fn state<S: Store>(
    writer: &mut Writer<S>,
    pairs: &[Pair],
    statement: Statement,
    by: &str,
    now: Timestamp,
) -> Result<Receipt, WriterError> {
    let events = pairs.iter().map(|pair| event(pair, statement, by, now)).collect();
    writer.accept(events, Vec::new(), now)
}

fn event((one, other): &Pair, statement: Statement, by: &str, now: Timestamp) -> Event {
    let mut identifiers = vec![one.clone(), other.clone()];
    identifiers.sort();
    Event {
        source: OWN_SOURCE.to_owned(),
        feed: String::new(),
        message_id: format!("staff-{}", secret::random_hex(16)),
        content: 0,
        occurred: Occurred::instant(now),
        received_at: now,
        zone_assumed: None,
        skew_ms: 0,
        identifiers,
        kind: statement.kind(),
        place: Place { channel: Channel::Other, ..Place::default() },
        lines: Vec::new(),
        order: None,
        cart: None,
        consent: None,
        reference: None,
        traits: BTreeMap::new(),
        properties: [("by".to_owned(), Value::Text(by.to_owned()))].into(),
        mode: Mode::Live,
        document: Document::Once,
        complete_through: None,
    }
}
