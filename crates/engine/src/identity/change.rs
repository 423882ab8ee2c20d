//! Changes of who is who: what one event joined and parted, as it was committed.
//!
//! A record of what happened, like a decision: rules may be others by the time it is read, so it is
//! not folded again. It names persons by ids alone, never by an identifier.

use std::collections::{BTreeMap, BTreeSet};

use minicbor::{Decode, Encode};

use super::PersonId;
use crate::event::LogPosition;
use crate::time::Timestamp;

/// Persons that became others by one event.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
pub struct Change {
    /// When it was learned.
    #[n(0)]
    pub at: Timestamp,
    /// The event that brought it about: an observation, a statement of staff, a corrected document.
    #[n(1)]
    pub cause: LogPosition,
    /// The persons before, ascending.
    #[n(2)]
    pub before: Vec<PersonId>,
    /// The persons after, ascending. Both lists are empty once one of them was erased.
    #[n(3)]
    pub after: Vec<PersonId>,
}

/// What a change is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum ChangeKind {
    /// Several persons became one.
    Joined,
    /// One person became several.
    Parted,
    /// Several became several others: something moved from one to another.
    Moved,
    /// Somebody in it was erased; only its place is left.
    Erased,
}

impl ChangeKind {
    /// The word in the API and on the command line.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Joined => "joined",
            Self::Parted => "parted",
            Self::Moved => "moved",
            Self::Erased => "erased",
        }
    }
}

impl Change {
    /// What it is.
    #[must_use]
    pub fn kind(&self) -> ChangeKind {
        match (self.before.len(), self.after.len()) {
            (_, 0) => ChangeKind::Erased,
            (_, 1) => ChangeKind::Joined,
            (1, _) => ChangeKind::Parted,
            (_, _) => ChangeKind::Moved,
        }
    }

    /// Whether one of these persons is in it.
    #[must_use]
    pub fn concerns(&self, persons: &[PersonId]) -> bool {
        self.before.iter().chain(&self.after).any(|id| persons.contains(id))
    }

    /// The same with nobody left in it.
    #[must_use]
    pub fn erased(&self) -> Self {
        Self { before: Vec::new(), after: Vec::new(), ..self.clone() }
    }
}

/// The changes in `held`: for every person there is after an event, whoever held its identifiers
/// before. Persons that only gained or lost an identifier nobody else had are none.
pub(crate) fn changes(
    held: &BTreeMap<PersonId, BTreeSet<PersonId>>,
    at: Timestamp,
    cause: LogPosition,
) -> Vec<Change> {
    let mut changes: Vec<Change> = Vec::new();
    for (after, before) in held.iter().filter(|(_, before)| !before.is_empty()) {
        // Whatever shares a former person with this one is part of the same change.
        let (with, apart) = changes
            .into_iter()
            .partition(|change: &Change| change.before.iter().any(|id| before.contains(id)));
        changes = apart;
        let mut whole = (before.clone(), BTreeSet::from([*after]));
        for change in Vec::<Change>::from_iter(with) {
            whole.0.extend(change.before);
            whole.1.extend(change.after);
        }
        let (before, after) = (Vec::from_iter(whole.0), Vec::from_iter(whole.1));
        changes.push(Change { at, cause, before, after });
    }
    changes.retain(|change| change.before.len() > 1 || change.after.len() > 1);
    changes
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(held: &[(u64, &[u64])]) -> String {
        let held = held
            .iter()
            .map(|(after, before)| {
                (PersonId(*after), before.iter().map(|id| PersonId(*id)).collect())
            })
            .collect();
        let ids =
            |ids: &[PersonId]| ids.iter().map(ToString::to_string).collect::<Vec<_>>().join(" ");
        let changes = changes(&held, Timestamp(1), LogPosition(7));
        let line = |change: &Change| {
            format!("{} {} > {}", change.kind().word(), ids(&change.before), ids(&change.after))
        };
        changes.iter().map(line).collect::<Vec<_>>().join(", ")
    }

    #[test]
    fn one_event_may_join_part_and_move() {
        assert_eq!(told(&[(1, &[1, 2])]), "joined p1 p2 > p1");
        assert_eq!(told(&[(1, &[1]), (5, &[1])]), "parted p1 > p1 p5");
        assert_eq!(told(&[(1, &[1]), (2, &[1, 2])]), "moved p1 p2 > p1 p2");
        assert_eq!(told(&[(1, &[1]), (3, &[3, 4]), (9, &[])]), "joined p3 p4 > p3");
        assert_eq!(told(&[(1, &[1]), (2, &[2]), (3, &[1, 2])]), "moved p1 p2 > p1 p2 p3");
    }
}
