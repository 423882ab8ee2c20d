//! The slow reading: one partition of all evidence in the log, every event folded where it belongs.

use std::collections::{BTreeMap, BTreeSet};

use regulars_engine::commit::Logged;
use regulars_engine::condition::Aggregates;
use regulars_engine::identity::{Edge, Identifier, Ties, edges_of, partition};
use regulars_engine::profile::Profile;
use regulars_engine::program::Program;

use crate::ground::People;

pub(crate) fn people(program: &Program, log: &[Logged]) -> People {
    let mut names: BTreeSet<Identifier> = BTreeSet::new();
    let mut edges: BTreeMap<(Identifier, Identifier, Ties), Edge> = BTreeMap::new();
    for logged in log {
        names.extend(logged.event.identifiers.iter().cloned());
        if !stands(logged, log) {
            continue;
        }
        for edge in edges_of(&logged.event) {
            let slot = (edge.strong.clone(), edge.weak.clone(), edge.ties);
            let held = edges.entry(slot).or_insert_with(|| edge.clone());
            held.first_at = held.first_at.min(edge.first_at);
            held.last_at = held.last_at.max(edge.last_at);
        }
    }
    let edges: Vec<Edge> = edges.into_values().collect();
    let found = partition(&names, &edges, &program.identity, &BTreeSet::new());
    let mut profiles = vec![Profile::default(); found.groups.len()];
    for logged in log {
        let Some(anchor) = logged.event.anchor().filter(|_| stands(logged, log)) else { continue };
        let group = found.group_at(anchor, logged.event.occurred.at).unwrap();
        profiles[group].fold(&logged.event, &Aggregates::default());
    }
    let shown = |id: &Identifier| format!("{} {}", id.kind.word(), id.value());
    found
        .groups
        .iter()
        .zip(profiles)
        .map(|(group, profile)| (group.members.iter().map(shown).collect(), profile))
        .collect()
}

/// Whether no other version of the document was received later.
fn stands(logged: &Logged, log: &[Logged]) -> bool {
    let rank = |logged: &Logged| (logged.event.received_at, logged.event.content);
    !log.iter().any(|other| other.key == logged.key && rank(other) > rank(logged))
}
