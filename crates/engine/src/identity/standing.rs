//! What a value is good for: it joins, it is shared, or it changes hands. Local: only what was seen
//! directly with the value, and what staff say of that, bears on it.

use std::collections::{BTreeMap, BTreeSet};

use super::forest::Forest;
use super::partition::Ends;
use super::{Class, Identifier, IdentifierKind, IdentityRules, Ties};
use crate::time::Timestamp;

/// What a value is good for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Standing {
    /// It joins.
    Joins,
    /// More people use it than one: it joins nobody. Holds how many were seen with it.
    Shared(u32),
    /// Several people were seen with it, one after the other: on a device, or with a number that
    /// was given to somebody else.
    ChangesHands(Vec<Stretch>),
}

/// A stretch of time in which one person was seen with a value.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Stretch {
    /// The person's identifier that was seen with the value.
    pub identifier: Identifier,
    /// When it was first seen there.
    pub first_at: Timestamp,
    /// When it was last seen there.
    pub last_at: Timestamp,
}

/// More unique values than this on a device make it a kiosk: nobody's at any time.
pub(crate) const HANDS_MAX: u32 = 5;

/// Finds the values that are used by more people than the rules allow.
pub(super) fn standings(
    names: &[&Identifier],
    ends: &[Ends<'_>],
    asserted: &Forest,
    rules: &IdentityRules,
) -> BTreeMap<usize, Standing> {
    let mut seen: Vec<(usize, usize)> = Vec::with_capacity(ends.len() * 2);
    for (a, b, edge) in ends.iter().filter(|(_, _, edge)| edge.ties == Ties::Seen) {
        debug_assert!(edge.strong != edge.weak, "an identifier is no evidence about itself");
        seen.extend([(*a, *b), (*b, *a)]);
    }
    seen.sort_unstable();
    let mut set_aside = BTreeMap::new();
    for with in seen.chunk_by(|left, right| left.0 == right.0) {
        let index = with[0].0;
        let kind = &names[index].kind;
        let seen = Witnesses::of(with, names, asserted);
        let unique_too_many = seen.unique_too_many(kind, rules);
        let contacts_too_many = seen.contacts_too_many(kind, rules);
        if let Some(count) = unique_too_many
            && let Some(stretches) = stretches_of(index, count, ends, kind, rules)
        {
            set_aside.insert(index, Standing::ChangesHands(stretches));
        } else if let Some(count) = unique_too_many.or(contacts_too_many) {
            set_aside.insert(index, Standing::Shared(count));
        }
    }
    set_aside
}

/// The values seen directly with one value, by kind. Two that staff joined are one witness.
struct Witnesses<'n>(BTreeMap<&'n IdentifierKind, BTreeSet<usize>>);

impl<'n> Witnesses<'n> {
    fn of(with: &[(usize, usize)], names: &[&'n Identifier], asserted: &Forest) -> Self {
        let mut by_kind: BTreeMap<&IdentifierKind, BTreeSet<usize>> = BTreeMap::new();
        for (_, other) in with {
            by_kind.entry(&names[*other].kind).or_default().insert(asserted.root(*other));
        }
        Self(by_kind)
    }

    fn unique_too_many(&self, kind: &IdentifierKind, rules: &IdentityRules) -> Option<u32> {
        self.0
            .iter()
            .filter(|(other, _)| other.class() == Class::Unique && **other < kind)
            .map(|(other, roots)| (count(roots), rules.unique_seen_max(kind, other)))
            .filter(|(seen, most)| seen > most)
            .map(|(seen, _)| seen)
            .max()
    }

    /// Contacts bear witness only where there is nothing better.
    fn contacts_too_many(&self, kind: &IdentifierKind, rules: &IdentityRules) -> Option<u32> {
        if self.0.keys().any(|other| other.class() == Class::Unique) {
            return None;
        }
        self.0
            .iter()
            .filter(|(other, _)| other.class() == Class::Contact)
            .map(|(_, roots)| count(roots))
            .filter(|seen| *seen > rules.limits(kind).contacts_seen_max)
            .max()
    }
}

fn count(roots: &BTreeSet<usize>) -> u32 {
    u32::try_from(roots.len()).unwrap_or(u32::MAX)
}

/// When which person was seen with a value that `people` used one after the other; `None` if they
/// are too many, or shared it at one time.
fn stretches_of(
    value: usize,
    people: u32,
    ends: &[Ends<'_>],
    kind: &IdentifierKind,
    rules: &IdentityRules,
) -> Option<Vec<Stretch>> {
    let idle_ms = rules.limits(kind).idle_ms.filter(|_| people <= HANDS_MAX)?;
    let mut stretches: Vec<Stretch> = ends
        .iter()
        .filter(|(_, weak, edge)| {
            *weak == value && edge.ties == Ties::Seen && edge.strong.kind.class() == Class::Unique
        })
        .map(|(_, _, edge)| Stretch {
            identifier: edge.strong.clone(),
            first_at: edge.first_at,
            last_at: edge.last_at,
        })
        .collect();
    stretches.sort();
    if kind.class() != Class::Device {
        let mut by_time: Vec<&Stretch> = stretches.iter().collect();
        by_time.sort_by_key(|stretch| (stretch.first_at, stretch.last_at));
        let mut latest: Option<Timestamp> = None;
        for stretch in by_time {
            // Two stretches of one login's other identifiers may overlap; people's may not.
            if latest.is_some_and(|until| stretch.first_at < until.plus(idle_ms)) {
                return None;
            }
            latest = latest.max(Some(stretch.last_at));
        }
    }
    Some(stretches)
}
