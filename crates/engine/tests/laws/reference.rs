//! The slow reading: one partition of all evidence in the log, every event folded where it belongs,
//! every card compared with every other.

use std::collections::{BTreeMap, BTreeSet};

use regulars_engine::commit::Logged;
use regulars_engine::condition::Aggregates;
use regulars_engine::identity::link::{Linker, Model};
use regulars_engine::identity::{
    Card, Edge, Evidence, Identifier, IdentifierKey, Likely, Tie, Ties, edges_of, partition_with,
};
use regulars_engine::profile::Profile;
use regulars_engine::program::Program;

use crate::ground::{MODEL, People, SALT};

pub(crate) fn people(program: &Program, log: &[Logged]) -> People {
    people_under(&MODEL, program, log)
}

/// The same, linked with `model`.
pub(crate) fn people_under(model: &Model, program: &Program, log: &[Logged]) -> People {
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
    let linker = Linker::new(model);
    let likely = Likely { linker: Some(&linker), cards: cards(log, &edges, &linker) };
    let found = partition_with(&names, &edges, &program.identity, &BTreeSet::new(), &likely);
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

/// Every card, tied to all that share a key with it and are like it.
fn cards(
    log: &[Logged],
    edges: &[Edge],
    linker: &Linker<'_>,
) -> BTreeMap<Identifier, (IdentifierKey, Card)> {
    let mut cards: BTreeMap<Identifier, (IdentifierKey, Card)> = BTreeMap::new();
    for logged in log.iter().filter(|logged| stands(logged, log)) {
        if let Some(anchor) = logged.event.anchor().filter(|_| Card::told_by(&logged.event)) {
            let slot = || (anchor.key(SALT), Card::default());
            cards.entry(anchor.clone()).or_insert_with(slot).1.state(&logged.event);
        }
    }
    let evidence = Evidence { edges: edges.to_vec(), ..Evidence::default() };
    if linker.trained() {
        for edge in edges.iter().filter(|edge| Card::fits(&edge.strong)) {
            let slot = || (edge.strong.key(SALT), Card::default());
            cards.entry(edge.strong.clone()).or_insert_with(slot);
        }
    }
    for (anchor, (_, card)) in &mut cards {
        card.look(anchor, &evidence);
    }
    let records: Vec<_> = (cards.iter())
        .filter_map(|(anchor, (key, card))| {
            let record = card.linked_by(linker, anchor)?;
            Some((*key, linker.keys(&record), record))
        })
        .collect();
    for (anchor, (key, card)) in &mut cards {
        let Some(own) = card.linked_by(linker, anchor) else { continue };
        let keys = linker.keys(&own);
        for (other, theirs, record) in records.iter().filter(|(other, ..)| other != key) {
            if theirs.iter().any(|found_by| keys.contains(found_by))
                && let Some(alike) = linker.beside(&own).alike(record)
            {
                card.ties.push(Tie::new(*other, alike));
            }
        }
    }
    cards
}

/// Whether no other version of the document was received later.
fn stands(logged: &Logged, log: &[Logged]) -> bool {
    let rank = |logged: &Logged| (logged.event.received_at, logged.event.content);
    !log.iter().any(|other| other.key == logged.key && rank(other) > rank(logged))
}
