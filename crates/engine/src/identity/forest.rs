//! Disjoint sets of identifiers that know what may not come together.

use std::collections::BTreeSet;

use super::{Group, Identifier, IdentifierKind, IdentityRules, Refusal};

/// Disjoint sets whose root is the smallest member.
#[derive(Clone, Debug)]
pub(super) struct Forest {
    parent: Vec<usize>,
    members: Vec<Vec<usize>>,
    /// By root: how many values of each kind the set has, kinds as numbers.
    counts: Vec<Vec<(usize, u32)>>,
    /// By root: members of other sets that it must not meet, whatever the evidence.
    apart: Vec<BTreeSet<usize>>,
    /// By number: the kind, and the most values of it that a set may have.
    most: Vec<(IdentifierKind, u32)>,
}

impl Forest {
    /// Every name a set of its own. Kinds are numbered in the order of the sorted names.
    pub(super) fn new(names: &[&Identifier], rules: &IdentityRules) -> Self {
        let (mut kinds, mut counts): (Vec<&IdentifierKind>, Vec<_>) = (Vec::new(), Vec::new());
        for name in names {
            if kinds.last().is_none_or(|kind| **kind != name.kind) {
                kinds.push(&name.kind);
            }
            counts.push(vec![(kinds.len() - 1, 1)]);
        }
        Self {
            parent: (0..names.len()).collect(),
            members: (0..names.len()).map(|index| vec![index]).collect(),
            counts,
            apart: vec![BTreeSet::new(); names.len()],
            most: kinds
                .into_iter()
                .map(|kind| (kind.clone(), rules.limits(kind).per_person_max))
                .collect(),
        }
    }

    pub(super) fn root(&self, index: usize) -> usize {
        // Every member points straight at its root: `union` sees to that.
        self.parent[index]
    }

    pub(super) fn union(&mut self, a: usize, b: usize) {
        let (a, b) = (self.root(a), self.root(b));
        if a == b {
            return;
        }
        let (root, other) = (a.min(b), a.max(b));
        let moved = std::mem::take(&mut self.members[other]);
        for index in &moved {
            self.parent[*index] = root;
        }
        self.members[root].extend(moved);
        for (kind, count) in std::mem::take(&mut self.counts[other]) {
            match self.counts[root].iter_mut().find(|(held, _)| *held == kind) {
                Some((_, sum)) => *sum += count,
                None => self.counts[root].push((kind, count)),
            }
        }
        let further = std::mem::take(&mut self.apart[other]);
        self.apart[root].extend(further);
    }

    /// Values that staff said are one person's count as one of their kind.
    pub(super) fn count_as_one(&mut self) {
        for counts in &mut self.counts {
            for (_, count) in counts {
                *count = 1;
            }
        }
    }

    /// Staff say that the two are not one person.
    pub(super) fn keep_apart(&mut self, a: usize, b: usize) {
        let (a_root, b_root) = (self.root(a), self.root(b));
        self.apart[a_root].insert(b);
        self.apart[b_root].insert(a);
    }

    /// What stands against joining two sets.
    pub(super) fn refusal(&self, left: usize, right: usize) -> Option<Refusal> {
        if self.kept_apart(left, right) {
            return Some(Refusal::KeptApart);
        }
        self.too_many(left, right).map(Refusal::TooMany)
    }

    /// The first kind of which the two together would have more values than a person may.
    fn too_many(&self, left: usize, right: usize) -> Option<IdentifierKind> {
        let of_left = |kind: usize| self.counts[left].iter().find(|(held, _)| *held == kind);
        let over = self.counts[right].iter().filter_map(|(kind, count)| {
            let (_, further) = of_left(*kind)?;
            (count.saturating_add(*further) > self.most[*kind].1).then_some(*kind)
        });
        over.min().map(|kind| self.most[kind].0.clone())
    }

    fn kept_apart(&self, left: usize, right: usize) -> bool {
        let (few, many) = if self.apart[left].len() <= self.apart[right].len() {
            (left, right)
        } else {
            (right, left)
        };
        self.apart[few].iter().any(|foe| self.parent[*foe] == many)
    }

    pub(super) fn groups(&self, names: &[&Identifier]) -> Vec<Group> {
        self.members
            .iter()
            .filter(|members| !members.is_empty())
            .map(|members| {
                let mut members: Vec<Identifier> =
                    members.iter().map(|index| names[*index].clone()).collect();
                members.sort();
                Group { members }
            })
            .collect()
    }
}
