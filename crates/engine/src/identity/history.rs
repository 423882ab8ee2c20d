//! How a person came to be who they are: what joined and what parted, event by event.
//!
//! Read from the log by today's rules, so it explains the person as they are: what rules of another
//! day joined and parted is in the feed of [`Change`](super::Change)s.

use std::collections::{BTreeMap, BTreeSet};

use super::{Edge, Evidence, Identifier, IdentityRules, Ties, edges_of, partition};
use crate::commit::Logged;
use crate::event::LogPosition;

/// What one event changed of a person.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Moment {
    /// The event.
    pub position: LogPosition,
    /// What it changed, at least one thing.
    pub steps: Vec<Step>,
}

/// One thing that changed.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Step {
    /// These identifiers were seen for the first time.
    Named(Vec<Identifier>),
    /// These became one: what each held before.
    Joined(Vec<Vec<Identifier>>),
    /// What was one fell apart into these.
    Parted(Vec<Vec<Identifier>>),
    /// Staff said something of two identifiers.
    Stated(Ties, Identifier, Identifier),
}

/// The most moments that are worked out: beyond them a person is a crowd, and nobody reads on.
pub const MOMENTS_MAX: usize = 300;

/// The history of a person, from all events that carry one of its identifiers beside another, by
/// ascending position. `evidence` is the person's as it is kept: what was seen beside the person's
/// values elsewhere counts from when it was first seen.
///
/// Cost: a partition of the person's evidence for each event that brings any, at most
/// [`MOMENTS_MAX`] of them.
#[must_use]
pub fn history(evidence: &Evidence, rules: &IdentityRules, events: &[Logged]) -> Vec<Moment> {
    let mut told = Telling { evidence, rules, edges: BTreeMap::new(), groups: Vec::new() };
    let mut moments = Vec::new();
    for logged in events {
        if moments.len() == MOMENTS_MAX {
            break;
        }
        let steps = told.steps(logged);
        if !steps.is_empty() {
            moments.push(Moment { position: logged.position, steps });
        }
    }
    moments
}

/// What has been told so far.
struct Telling<'h> {
    evidence: &'h Evidence,
    rules: &'h IdentityRules,
    edges: BTreeMap<(Identifier, Identifier, Ties), Edge>,
    /// The groups of the person's identifiers, sorted.
    groups: Vec<Vec<Identifier>>,
}

impl Telling<'_> {
    fn steps(&mut self, logged: &Logged) -> Vec<Step> {
        let event = &logged.event;
        let mut steps = Vec::new();
        let own = |name: &&Identifier| self.evidence.holds(name);
        let known: BTreeSet<&Identifier> = self.groups.iter().flatten().collect();
        let named: Vec<Identifier> = (event.identifiers.iter().filter(own))
            .filter(|name| !known.contains(name))
            .cloned()
            .collect();
        let mut brought = !named.is_empty();
        for edge in edges_of(event) {
            if edge.ties != Ties::Seen {
                steps.push(Step::Stated(edge.ties, edge.strong.clone(), edge.weak.clone()));
            }
            let slot = (edge.strong.clone(), edge.weak.clone(), edge.ties);
            let held = self.edges.get_mut(&slot);
            brought |= held.is_none() || edge.ties != Ties::Seen;
            match held {
                Some(held) => held.last_at = held.last_at.max(edge.last_at),
                None => drop(self.edges.insert(slot, edge)),
            }
        }
        if !brought {
            return steps;
        }
        let before = std::mem::take(&mut self.groups);
        let names: BTreeSet<Identifier> =
            before.iter().flatten().cloned().chain(named.iter().cloned()).collect();
        self.groups = self.grouped(&names, logged);
        if !named.is_empty() {
            steps.push(Step::Named(named));
        }
        steps.extend(moves(&before, &self.groups));
        steps
    }

    /// The groups of `names` on what was known when an event came.
    fn grouped(&self, names: &BTreeSet<Identifier>, logged: &Logged) -> Vec<Vec<Identifier>> {
        let elsewhere = self.evidence.edges.iter().filter(|edge| {
            let own = self.evidence.holds(&edge.strong) && self.evidence.holds(&edge.weak);
            !own && edge.first_at <= logged.event.occurred.at
        });
        let told = self.edges.values();
        let slots: BTreeMap<_, &Edge> = elsewhere
            .chain(told)
            .map(|edge| ((&edge.strong, &edge.weak, edge.ties), edge))
            .collect();
        let edges: Vec<Edge> = slots.into_values().cloned().collect();
        let found = partition(names, &edges, self.rules, &BTreeSet::new());
        let mut groups: Vec<Vec<Identifier>> = (found.groups.into_iter())
            .map(|group| group.members.into_iter().filter(|name| names.contains(name)).collect())
            .filter(|group: &Vec<Identifier>| !group.is_empty())
            .collect();
        groups.sort();
        groups
    }
}

/// What joined and what parted between two groupings; identifiers that are new are in the second
/// alone.
fn moves(before: &[Vec<Identifier>], after: &[Vec<Identifier>]) -> Vec<Step> {
    let parts = |whole: &[Identifier], of: &[Vec<Identifier>]| -> Vec<Vec<Identifier>> {
        let part = |group: &Vec<Identifier>| -> Vec<Identifier> {
            group.iter().filter(|name| whole.binary_search(name).is_ok()).cloned().collect()
        };
        of.iter().map(part).filter(|part| !part.is_empty()).collect()
    };
    let parted = before.iter().map(|group| parts(group, after)).filter(|parts| parts.len() > 1);
    let joined = after.iter().map(|group| parts(group, before)).filter(|parts| parts.len() > 1);
    parted.map(Step::Parted).chain(joined.map(Step::Joined)).collect()
}
