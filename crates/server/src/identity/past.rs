//! How a person came together, read from the log.

use std::collections::BTreeSet;

use regulars_engine::commit::Logged;
use regulars_engine::event::Event;
use regulars_engine::identity::{Identifier, IdentifierKey, IdentityRules, Moment, Step, history};
use regulars_engine::record::Record;
use regulars_store::{Reader, SqliteReader, StoreError};
use serde_json::{Value, json};

use super::said::said_by;
use crate::http::api::identifier_json;
use crate::ui::WhoWords;

/// The most events of a person and of what was seen beside it that are looked through: the latest.
const EVENTS_MAX: usize = 5_000;

/// One moment of a person's identity, with the event that made it.
#[derive(Debug)]
pub struct PastMoment {
    /// What changed.
    pub moment: Moment,
    /// The event.
    pub event: Event,
}

/// The history of a person, from the first event on.
///
/// # Errors
/// If the store cannot be read.
pub fn past(
    reader: &SqliteReader,
    rules: &IdentityRules,
    record: &Record,
) -> Result<Vec<PastMoment>, StoreError> {
    let salt = reader.salt();
    let evidence = &record.evidence;
    let own = evidence.nodes.iter().map(|node| &node.identifier);
    // An observation hangs on the stronger of its ends, which may be somebody else's.
    let beside = evidence.edges.iter().filter(|edge| !evidence.holds(&edge.strong));
    let anchors: BTreeSet<IdentifierKey> =
        own.chain(beside.map(|edge| &edge.strong)).map(|name| name.key(salt)).collect();
    let anchors: Vec<IdentifierKey> = anchors.into_iter().collect();
    let mut entries = reader.timeline(&anchors, None, EVENTS_MAX, &|_| true)?;
    entries.reverse();
    let concerns =
        |logged: &Logged| logged.event.identifiers.iter().any(|name| evidence.holds(name));
    let events: Vec<Logged> = entries
        .into_iter()
        .filter(|entry| entry.overtaken_by.is_none() && !entry.erased)
        .map(|entry| entry.logged)
        .filter(concerns)
        .collect();
    let moments = history(evidence, rules, &events);
    Ok(moments
        .into_iter()
        .filter_map(|moment| {
            let at = events.binary_search_by_key(&moment.position, |logged| logged.position);
            Some(PastMoment { event: events[at.ok()?].event.clone(), moment })
        })
        .collect())
}

/// The history as the API shows it, with sentences in the language of `words`.
#[must_use]
pub fn past_json(past: &[PastMoment], words: &WhoWords) -> Vec<Value> {
    let moment = |PastMoment { moment, event }: &PastMoment| {
        let steps: Vec<Value> = moment.steps.iter().map(|step| step_json(step, words)).collect();
        json!({
            "position": moment.position.0,
            "occurred_at": event.occurred.at.to_string(),
            "received_at": event.received_at.to_string(),
            "event": event.kind.name(),
            "source": event.source,
            "by": said_by(event),
            "steps": steps,
        })
    };
    past.iter().map(moment).collect()
}

fn step_json(step: &Step, words: &WhoWords) -> Value {
    let all = |names: &[Identifier]| names.iter().map(identifier_json).collect::<Vec<_>>();
    let groups = |groups: &[Vec<Identifier>]| -> Vec<Value> {
        groups.iter().map(|group| all(group).into()).collect()
    };
    let (code, of): (&str, Vec<Value>) = match step {
        Step::Named(names) => ("named", vec![all(names).into()]),
        Step::Joined(parts) => ("joined", groups(parts)),
        Step::Parted(parts) => ("parted", groups(parts)),
        Step::Stated(_, one, other) => {
            ("stated", vec![vec![identifier_json(one)].into(), vec![identifier_json(other)].into()])
        }
    };
    json!({ "code": code, "text": words.step(step), "identifiers": of })
}
