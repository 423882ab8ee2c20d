//! Which identifiers are one person: a function of the set of evidence and the rules.
//!
//! Staff's word comes first, in both directions. Then values that more people use than the rules
//! allow are set aside: a *shared* value joins nobody, a device that *changes hands* belongs to a
//! person only while that person alone was seen on it. What is left is joined greedily, strongest
//! evidence first, and never across a contradiction. **Invariant:** equal sets of edges give equal
//! partitions; `named_first` of nodes, repeats and the order of the slice play no part.

use std::collections::{BTreeMap, BTreeSet};

use super::{Class, Edge, Identifier, IdentityRules, Ties};
use crate::time::Timestamp;

/// What a value is good for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Standing {
    /// It joins.
    Joins,
    /// More people use it than one: it joins nobody. Holds how many were seen with it.
    Shared(u32),
    /// A device on which several people were seen, one after the other.
    ChangesHands(Vec<Stretch>),
}

/// A stretch of time in which one person was seen on a device.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Stretch {
    /// The person's identifier that was seen with the device.
    pub identifier: Identifier,
    /// When it was first seen there.
    pub first_at: Timestamp,
    /// When it was last seen there.
    pub last_at: Timestamp,
}

/// Identifiers that are one person, sorted.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Group {
    /// The members, sorted: the strongest kind first.
    pub members: Vec<Identifier>,
}

/// The persons of a set of evidence.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Partition {
    /// Every identifier is in exactly one group.
    pub groups: Vec<Group>,
    /// The values that do not simply join, with what they are good for.
    pub set_aside: BTreeMap<Identifier, Standing>,
    /// Edges that would have put a contradiction into one person.
    pub refused: Vec<(Identifier, Identifier)>,
}

impl Partition {
    /// The number of the group that holds `identifier`.
    #[must_use]
    pub fn group_of(&self, identifier: &Identifier) -> Option<usize> {
        self.groups.iter().position(|group| group.members.binary_search(identifier).is_ok())
    }

    /// The group to which an event anchored at `anchor` belongs when it occurred `at`.
    ///
    /// On a device that changes hands that is whoever alone was seen there around that time; a
    /// time that nobody or more than one person can claim stays with the device itself.
    #[must_use]
    pub fn group_at(&self, anchor: &Identifier, at: Timestamp) -> Option<usize> {
        if let Some(Standing::ChangesHands(stretches)) = self.set_aside.get(anchor) {
            let mut holders = stretches
                .iter()
                .filter(|stretch| stretch.first_at <= at && at <= stretch.last_at)
                .filter_map(|stretch| self.group_of(&stretch.identifier));
            if let Some(first) = holders.next()
                && holders.all(|holder| holder == first)
            {
                return Some(first);
            }
        }
        self.group_of(anchor)
    }
}

/// The most identifiers of one person; beyond it the values seen with most others stop joining.
pub const MEMBERS_MAX: usize = 500;

/// More unique values than this on a device make it a kiosk: nobody's at any time.
const HANDS_MAX: u32 = 5;

/// Splits the identifiers of `names` and `edges` into persons.
///
/// Cost: O(n log n) in the edges, times the rounds that an oversized group needs (few).
#[must_use]
pub fn partition(names: &BTreeSet<Identifier>, edges: &[Edge], rules: &IdentityRules) -> Partition {
    let mut all: BTreeSet<&Identifier> = names.iter().collect();
    for edge in edges {
        all.extend([&edge.strong, &edge.weak]);
    }
    let names: Vec<&Identifier> = all.into_iter().collect();
    let place = |identifier: &Identifier| {
        names.binary_search(&identifier).expect("every end of an edge is among the names")
    };
    let ends: Vec<(usize, usize, &Edge)> =
        edges.iter().map(|edge| (place(&edge.strong), place(&edge.weak), edge)).collect();

    let asserted = assertions(&names, &ends);
    let mut set_aside = standings(&names, &ends, &asserted, rules);
    loop {
        let mut forest = asserted.clone();
        let refused = join(&names, &ends, &set_aside, (rules, &asserted), &mut forest);
        let groups = forest.groups(&names);
        match crowd_in(&groups, &ends, &names, &set_aside) {
            Some((index, seen)) => {
                set_aside.insert(index, Standing::Shared(seen));
            }
            None => {
                let set_aside = set_aside
                    .into_iter()
                    .map(|(index, standing)| (names[index].clone(), standing))
                    .collect();
                let refused = refused
                    .into_iter()
                    .map(|(a, b)| (names[a].clone(), names[b].clone()))
                    .collect();
                return Partition { groups, set_aside, refused };
            }
        }
    }
}

/// Joins what staff say is the same, and remembers what they say is not.
fn assertions(names: &[&Identifier], ends: &[(usize, usize, &Edge)]) -> Forest {
    let mut latest: BTreeMap<(usize, usize), (Timestamp, Ties)> = BTreeMap::new();
    for (a, b, edge) in ends {
        if edge.ties != Ties::Seen {
            let pair = (*a.min(b), *a.max(b));
            let stated = (edge.last_at, edge.ties);
            latest.entry(pair).and_modify(|held| *held = (*held).max(stated)).or_insert(stated);
        }
    }
    let mut forest = Forest::new(names.len());
    for ((a, b), (_, ties)) in &latest {
        if *ties == Ties::AssertedSame {
            forest.union(*a, *b);
        }
    }
    forest.apart = latest
        .into_iter()
        .filter(|(_, (_, ties))| *ties == Ties::AssertedApart)
        .map(|(pair, _)| pair)
        .collect();
    forest
}

/// Finds the values that are used by more people than the rules allow.
fn standings(
    names: &[&Identifier],
    ends: &[(usize, usize, &Edge)],
    asserted: &Forest,
    rules: &IdentityRules,
) -> BTreeMap<usize, Standing> {
    let mut seen: BTreeMap<usize, BTreeSet<(usize, usize)>> = BTreeMap::new();
    for (a, b, edge) in ends.iter().filter(|(_, _, edge)| edge.ties == Ties::Seen) {
        debug_assert!(edge.strong != edge.weak, "an identifier is no evidence about itself");
        // Two values that staff joined are one witness, so the root is counted, not the value.
        seen.entry(*b).or_default().insert((asserted.root(*a), *a));
        seen.entry(*a).or_default().insert((asserted.root(*b), *b));
    }
    let mut set_aside = BTreeMap::new();
    for (index, others) in &seen {
        let kind = &names[*index].kind;
        let mut by_kind: BTreeMap<&super::IdentifierKind, BTreeSet<usize>> = BTreeMap::new();
        for (root, other) in others {
            by_kind.entry(&names[*other].kind).or_default().insert(*root);
        }
        let count = |roots: &BTreeSet<usize>| u32::try_from(roots.len()).unwrap_or(u32::MAX);
        let unique_too_many = by_kind
            .iter()
            .filter(|(other, _)| other.class() == Class::Unique && **other < kind)
            .map(|(other, roots)| (count(roots), rules.unique_seen_max(kind, other)))
            .filter(|(seen, most)| seen > most)
            .map(|(seen, _)| seen)
            .max();
        let unique_any = by_kind.keys().any(|other| other.class() == Class::Unique);
        let contacts_too_many = by_kind
            .iter()
            .filter(|(other, _)| !unique_any && other.class() == Class::Contact)
            .map(|(_, roots)| count(roots))
            .filter(|seen| *seen > rules.limits(kind).contacts_seen_max)
            .max();
        if let Some(seen) = unique_too_many
            && kind.class() == Class::Device
            && seen <= HANDS_MAX
        {
            let stretches = stretches_on(*index, ends);
            set_aside.insert(*index, Standing::ChangesHands(stretches));
        } else if let Some(seen) = unique_too_many.or(contacts_too_many) {
            set_aside.insert(*index, Standing::Shared(seen));
        }
    }
    set_aside
}

fn stretches_on(device: usize, ends: &[(usize, usize, &Edge)]) -> Vec<Stretch> {
    let mut stretches: Vec<Stretch> = ends
        .iter()
        .filter(|(_, weak, edge)| {
            *weak == device && edge.ties == Ties::Seen && edge.strong.kind.class() == Class::Unique
        })
        .map(|(_, _, edge)| Stretch {
            identifier: edge.strong.clone(),
            first_at: edge.first_at,
            last_at: edge.last_at,
        })
        .collect();
    stretches.sort();
    stretches
}

/// Joins greedily, strongest evidence first; returns what would have been a contradiction.
fn join(
    names: &[&Identifier],
    ends: &[(usize, usize, &Edge)],
    set_aside: &BTreeMap<usize, Standing>,
    (rules, asserted): (&IdentityRules, &Forest),
    forest: &mut Forest,
) -> Vec<(usize, usize)> {
    let mut order: Vec<&(usize, usize, &Edge)> = ends
        .iter()
        .filter(|(a, b, edge)| {
            edge.ties == Ties::Seen && !set_aside.contains_key(a) && !set_aside.contains_key(b)
        })
        .collect();
    order.sort_by_key(|(a, b, edge)| {
        (edge.weak.kind.class(), edge.strong.kind.class(), edge.first_at, *a, *b)
    });
    let mut refused = Vec::new();
    for (a, b, _) in order {
        let (left, right) = (forest.root(*a), forest.root(*b));
        if left == right {
            continue;
        }
        if forest.kept_apart(left, right)
            || forest.contradicts((left, right), names, rules, asserted)
        {
            refused.push((*a, *b));
        } else {
            forest.union(left, right);
        }
    }
    refused
}

/// The value to set aside in a group that is too large: of the weakest class the one seen with
/// most others. `None` if every group is within its size.
fn crowd_in(
    groups: &[Group],
    ends: &[(usize, usize, &Edge)],
    names: &[&Identifier],
    set_aside: &BTreeMap<usize, Standing>,
) -> Option<(usize, u32)> {
    let group = groups.iter().find(|group| group.members.len() > MEMBERS_MAX)?;
    let mut degree: BTreeMap<usize, u32> = BTreeMap::new();
    for (a, b, edge) in ends {
        if edge.ties == Ties::Seen && group.members.binary_search(&edge.strong).is_ok() {
            *degree.entry(*a).or_default() += 1;
            *degree.entry(*b).or_default() += 1;
        }
    }
    degree
        .into_iter()
        .filter(|(index, _)| !set_aside.contains_key(index))
        .max_by_key(|(index, seen)| (names[*index].kind.class(), *seen, *index))
}

/// Disjoint sets whose root is the smallest member, with the pairs that must stay apart.
#[derive(Clone, Debug)]
struct Forest {
    parent: Vec<usize>,
    members: Vec<Vec<usize>>,
    apart: Vec<(usize, usize)>,
}

impl Forest {
    fn new(size: usize) -> Self {
        Self {
            parent: (0..size).collect(),
            members: (0..size).map(|index| vec![index]).collect(),
            apart: Vec::new(),
        }
    }

    fn root(&self, index: usize) -> usize {
        // Every member points straight at its root: `union` sees to that.
        self.parent[index]
    }

    fn union(&mut self, a: usize, b: usize) {
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
    }

    fn kept_apart(&self, left: usize, right: usize) -> bool {
        self.apart.iter().any(|(a, b)| {
            let roots = (self.root(*a), self.root(*b));
            roots == (left, right) || roots == (right, left)
        })
    }

    /// Whether the two together would have more values of a kind than a person may. Values that
    /// staff said are one person's count once.
    fn contradicts(
        &self,
        (left, right): (usize, usize),
        names: &[&Identifier],
        rules: &IdentityRules,
        asserted: &Self,
    ) -> bool {
        let mut values: BTreeMap<&super::IdentifierKind, BTreeSet<usize>> = BTreeMap::new();
        for index in self.members[left].iter().chain(&self.members[right]) {
            values.entry(&names[*index].kind).or_default().insert(asserted.root(*index));
        }
        values.iter().any(|(kind, roots)| {
            u32::try_from(roots.len()).unwrap_or(u32::MAX) > rules.limits(kind).per_person_max
        })
    }

    fn groups(&self, names: &[&Identifier]) -> Vec<Group> {
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::identity::IdentifierKind;

    fn name(text: &str) -> Identifier {
        let (kind, value) = text.split_once(':').unwrap();
        let kind = match kind {
            "login" => IdentifierKind::UserId,
            "card" => IdentifierKind::LoyaltyId,
            "mail" => IdentifierKind::Email,
            "device" => IdentifierKind::AnonymousId,
            other => panic!("unknown kind {other}"),
        };
        Identifier::new(kind, value).unwrap()
    }

    fn seen(strong: &str, weak: &str, first: i64, last: i64) -> Edge {
        Edge {
            strong: name(strong),
            weak: name(weak),
            ties: Ties::Seen,
            first_at: Timestamp(first),
            last_at: Timestamp(last),
        }
    }

    fn shown(edges: &[Edge]) -> String {
        let found = partition(&BTreeSet::new(), edges, &IdentityRules::default());
        let mut lines: Vec<String> = found
            .groups
            .iter()
            .map(|group| {
                let members: Vec<&str> = group.members.iter().map(Identifier::value).collect();
                members.join(" ")
            })
            .collect();
        lines.sort();
        lines.join(" | ")
    }

    #[test]
    fn anonymous_history_joins_at_the_login() {
        let edges = [seen("login:maria", "device:d1", 5, 5), seen("login:maria", "mail:m@x", 5, 5)];
        assert_eq!(shown(&edges), "maria m@x d1");
    }

    #[test]
    fn an_address_of_two_logins_joins_nobody() {
        let edges = [
            seen("login:anna", "mail:home@x", 1, 1),
            seen("login:ben", "mail:home@x", 2, 2),
            seen("login:anna", "device:d1", 1, 1),
        ];
        assert_eq!(shown(&edges), "anna d1 | ben | home@x");
    }

    #[test]
    fn a_card_may_be_replaced_three_times() {
        let cards: Vec<Edge> =
            (0..4).map(|n| seen("login:anna", &format!("card:c{n}"), n, n)).collect();
        assert_eq!(shown(&cards[..3]), "anna c0 c1 c2");
        assert_eq!(shown(&cards), "anna c0 c1 c2 | c3");
    }

    #[test]
    fn a_device_that_changes_hands_belongs_to_whoever_was_on_it() {
        let edges = [seen("login:anna", "device:d", 10, 20), seen("login:ben", "device:d", 30, 40)];
        let found = partition(&BTreeSet::new(), &edges, &IdentityRules::default());
        let at = |time| {
            let group = found.group_at(&name("device:d"), Timestamp(time)).unwrap();
            found.groups[group].members[0].value().to_owned()
        };
        assert_eq!((at(15), at(25), at(35)), ("anna".into(), "d".into(), "ben".into()));
    }

    #[test]
    fn staff_have_the_last_word() {
        let assert_edge = |ties, at| Edge { ties, ..seen("login:anna", "login:ann", at, at) };
        let same = assert_edge(Ties::AssertedSame, 5);
        let apart = assert_edge(Ties::AssertedApart, 9);
        let shared = [seen("login:anna", "mail:a@x", 1, 1), seen("login:ann", "mail:a@x", 2, 2)];
        assert_eq!(shown(&[&shared[..], std::slice::from_ref(&same)].concat()), "ann anna a@x");
        let back = assert_edge(Ties::TakenBack, 12);
        let all = [&shared[..], &[same, apart, back]].concat();
        assert_eq!(shown(&all[..4]), "a@x | ann | anna");
        assert_eq!(shown(&all), shown(&shared), "as if nothing had been said");
    }

    #[test]
    fn a_crowd_is_thinned_until_it_fits() {
        let edges: Vec<Edge> =
            (0..700).map(|n| seen("card:c", &format!("device:d{n}"), n, n)).collect();
        let found = partition(&BTreeSet::new(), &edges, &IdentityRules::default());
        assert!(found.groups.iter().all(|group| group.members.len() <= MEMBERS_MAX));
    }
}
