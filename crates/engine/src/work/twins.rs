//! Possible twins: whoever shares with a person a value that joins nobody, and how likely they are
//! the same. The guard and the pages take their figure from here.

use crate::condition::Likeness;
use crate::identity::{Class, Edge, Identifier, Ties, Topic};
use crate::record::Record;

/// The most possible twins that are looked at; those with the smallest shared values.
pub const TWINS_MAX: usize = 8;

/// How likely two records are one person that share `value`, in percent from 1 to 50, and why: as
/// likely as it is to pick the same one twice out of those who use it.
#[must_use]
pub fn likely(own: &Record, far: &Record, value: &Identifier) -> (u8, Likeness) {
    let users = users_of(far, value).max(users_of(own, value)).max(2);
    let percent = u8::try_from(100 / users).unwrap_or(1).max(1);
    let users = u64::try_from(users).unwrap_or(u64::MAX);
    (percent, Likeness::Shared { identifier: value.kind.clone(), users })
}

/// How many people were seen with a value, by the edges that a record holds of it.
fn users_of(record: &Record, value: &Identifier) -> usize {
    let seen = record.evidence.edges.iter().filter(|edge| edge.ties == Ties::Seen);
    seen.filter(|edge| edge.weak == *value && edge.strong.kind.class() == Class::Unique).count()
}

/// The far ends of edges that did not join, each with the value that is shared.
#[must_use]
pub fn shared_values(record: &Record) -> Vec<(Identifier, Identifier)> {
    let evidence = &record.evidence;
    // Whom staff keep apart may not be the same person, whatever was seen.
    let apart = |edge: &Edge| {
        let latest = evidence
            .edges
            .iter()
            .filter(|other| other.ties.topic() == Some(Topic::Person))
            .filter(|other| (&other.strong, &other.weak) == (&edge.strong, &edge.weak))
            .max_by_key(|other| (other.last_at, other.ties));
        latest.is_some_and(|latest| latest.ties == Ties::AssertedApart)
    };
    let mut shared: Vec<(Identifier, Identifier)> = evidence
        .edges
        .iter()
        .filter(|edge| edge.ties == Ties::Seen)
        .filter_map(|edge| match (evidence.holds(&edge.strong), evidence.holds(&edge.weak)) {
            (true, false) => Some((edge, &edge.weak)),
            (false, true) => Some((edge, &edge.strong)),
            (true, true) | (false, false) => None,
        })
        .filter(|(edge, _)| !apart(edge))
        .map(|(edge, far)| (far.clone(), edge.weak.clone()))
        .collect();
    shared.sort();
    shared.dedup();
    shared
}
