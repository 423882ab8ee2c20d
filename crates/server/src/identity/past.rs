//! How a person came together, read from the log.

use std::collections::BTreeSet;

use regulars_engine::commit::Logged;
use regulars_engine::event::Event;
use regulars_engine::identity::{
    Identifier, IdentifierKey, IdentityRules, Moment, Step, Ties, history,
};
use regulars_engine::record::Record;
use regulars_store::{Reader, SqliteReader, StoreError};
use serde_json::{Value, json};

use super::compared::named;
use super::said::said_by;
use crate::http::api::identifier_json;

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

/// The history as the API shows it.
#[must_use]
pub fn past_json(past: &[PastMoment]) -> Vec<Value> {
    let moment = |PastMoment { moment, event }: &PastMoment| {
        let steps: Vec<Value> = moment.steps.iter().map(step_json).collect();
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

fn step_json(step: &Step) -> Value {
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
    json!({ "code": code, "text": step_text(step), "identifiers": of })
}

/// A step of the history in words.
#[must_use]
pub fn step_text(step: &Step) -> String {
    let all = |names: &[Identifier]| names.iter().map(named).collect::<Vec<_>>().join(", ");
    let groups = |groups: &[Vec<Identifier>]| {
        groups.iter().map(|group| all(group)).collect::<Vec<_>>().join(" | ")
    };
    match step {
        Step::Named(names) => format!("first seen: {}", all(names)),
        Step::Joined(parts) => format!("became one: {}", groups(parts)),
        Step::Parted(parts) => format!("were parted: {}", groups(parts)),
        Step::Stated(ties, one, other) => {
            let said = match ties {
                Ties::AssertedSame => "are one person's",
                Ties::AssertedApart => "are two people's",
                Ties::Unsure => "may be one person's or not: nobody can tell",
                Ties::HomeSame => "are of people who live together",
                Ties::HomeApart => "are of people who do not live together",
                Ties::TakenBack | Ties::HomeTakenBack | Ties::Seen => {
                    "are as if nothing had been said"
                }
            };
            format!(
                "staff said that {} and {} {said}",
                all(std::slice::from_ref(one)),
                all(std::slice::from_ref(other))
            )
        }
    }
}
