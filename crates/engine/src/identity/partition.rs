//! Which identifiers are one person: a function of the set of evidence and the rules.
//!
//! Staff's word comes first, in both directions. Then values that more people use than the rules
//! allow are set aside: a *shared* value joins nobody, one that *changes hands* belongs to a person
//! only while that person alone was seen with it. What is left is joined greedily, strongest
//! evidence first (by class, and within a class by the shop's priority), and never across a
//! contradiction: what comes later gives way. **Invariant:** equal sets of edges give equal
//! partitions; `named_first` of nodes, repeats and the order of the slice play no part.

use std::collections::{BTreeMap, BTreeSet};

use super::forest::Forest;
use super::likely::{self, Likely};
use super::rules::Rank;
use super::standing::{Standing, standings};
use super::{Edge, Identifier, IdentifierKind, IdentityRules, Ties, Topic};
use crate::time::Timestamp;

/// Why two groups were not joined.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Refusal {
    /// Staff say that they are two people.
    KeptApart,
    /// Together they would have more values of this kind than a person may.
    TooMany(IdentifierKind),
    /// Together they would be more records than any person has.
    Crowd,
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
    /// Edges that did not join though both ends join otherwise, with what stood against them.
    pub refused: Vec<(Identifier, Identifier, Refusal)>,
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

/// An edge with the places of its ends among all names.
pub(super) type Ends<'e> = (usize, usize, &'e Edge);

/// Splits the identifiers of `names` and `edges` into persons.
///
/// `frozen` are identifiers that count as witnesses but join nobody: those beyond the bound up to
/// which a component is read.
///
/// Cost: O(n log n) in the edges, times the rounds that an oversized group needs (few).
#[must_use]
pub fn partition(
    names: &BTreeSet<Identifier>,
    edges: &[Edge],
    rules: &IdentityRules,
    frozen: &BTreeSet<Identifier>,
) -> Partition {
    partition_with(names, edges, rules, frozen, &Likely::default())
}

/// The same where identifiers are joined by the likeness of their cards, too: after everything that was
/// seen, and never across a contradiction. A card whose identifier is set aside joins nobody.
#[must_use]
pub fn partition_with(
    names: &BTreeSet<Identifier>,
    edges: &[Edge],
    rules: &IdentityRules,
    frozen: &BTreeSet<Identifier>,
    likely: &Likely<'_>,
) -> Partition {
    let mut all: Vec<&Identifier> = names.iter().collect();
    all.extend(edges.iter().flat_map(|edge| [&edge.strong, &edge.weak]));
    all.sort_unstable();
    all.dedup();
    let names = all;
    let place = |identifier: &Identifier| {
        names.binary_search(&identifier).expect("every end of an edge is among the names")
    };
    let ends: Vec<Ends<'_>> =
        edges.iter().map(|edge| (place(&edge.strong), place(&edge.weak), edge)).collect();

    let asserted = assertions(&names, &ends, rules);
    let mut set_aside = standings(&names, &ends, &asserted, rules);
    let frozen: BTreeSet<usize> = frozen.iter().map(place).collect();
    loop {
        let mut forest = asserted.clone();
        let joins = |index: &usize| !set_aside.contains_key(index) && !frozen.contains(index);
        let mut refused = join(&ends, &joins, rules, &mut forest);
        likely::join(likely, &names, &joins, &mut forest, &mut refused);
        let groups = forest.groups(&names);
        let crowd = crowd_in(&groups, &ends, (&names, rules), &set_aside);
        if !crowd.is_empty() {
            set_aside.extend(crowd);
            continue;
        }
        let name = |index: usize| names[index].clone();
        return Partition {
            groups,
            set_aside: set_aside.into_iter().map(|(index, s)| (name(index), s)).collect(),
            refused: refused.into_iter().map(|(a, b, why)| (name(a), name(b), why)).collect(),
        };
    }
}

/// Joins what staff say is the same, and remembers what they say is not.
fn assertions(names: &[&Identifier], ends: &[Ends<'_>], rules: &IdentityRules) -> Forest {
    let mut latest: BTreeMap<(usize, usize), (Timestamp, Ties)> = BTreeMap::new();
    for (a, b, edge) in ends {
        if edge.ties.topic() == Some(Topic::Person) {
            let pair = (*a.min(b), *a.max(b));
            let stated = (edge.last_at, edge.ties);
            latest.entry(pair).and_modify(|held| *held = (*held).max(stated)).or_insert(stated);
        }
    }
    let mut forest = Forest::new(names, rules);
    for ((a, b), (_, ties)) in &latest {
        if *ties == Ties::AssertedSame {
            forest.union(*a, *b);
        }
    }
    forest.count_as_one();
    for ((a, b), (_, ties)) in latest {
        if ties == Ties::AssertedApart {
            forest.keep_apart(a, b);
        }
    }
    forest
}

/// The strongest evidence joins first, then the earliest; names break ties.
pub(super) fn join_order(edge: &Edge, rules: &IdentityRules) -> (Rank, Rank, Timestamp) {
    (rules.rank(&edge.weak.kind), rules.rank(&edge.strong.kind), edge.first_at)
}

/// Joins greedily, strongest evidence first; returns what did not join, and why.
fn join(
    ends: &[Ends<'_>],
    joins: &impl Fn(&usize) -> bool,
    rules: &IdentityRules,
    forest: &mut Forest,
) -> Vec<(usize, usize, Refusal)> {
    let mut order: Vec<&Ends<'_>> = ends
        .iter()
        .filter(|(a, b, edge)| edge.ties == Ties::Seen && joins(a) && joins(b))
        .collect();
    order.sort_by_key(|(a, b, edge)| (join_order(edge, rules), *a, *b));
    let mut refused = Vec::new();
    for (a, b, _) in order {
        let (left, right) = (forest.root(*a), forest.root(*b));
        if left == right {
            continue;
        }
        match forest.refusal(left, right) {
            Some(why) => refused.push((*a, *b, why)),
            None => forest.union(left, right),
        }
    }
    refused
}

/// The values to set aside in groups that are too large: in each, of the kinds that count last the
/// ones seen with most others.
fn crowd_in(
    groups: &[Group],
    ends: &[Ends<'_>],
    (names, rules): (&[&Identifier], &IdentityRules),
    set_aside: &BTreeMap<usize, Standing>,
) -> BTreeMap<usize, Standing> {
    let mut crowd = BTreeMap::new();
    for group in groups.iter().filter(|group| group.members.len() > MEMBERS_MAX) {
        let mut degree: BTreeMap<usize, u32> = BTreeMap::new();
        for (a, b, edge) in ends {
            if edge.ties == Ties::Seen && group.members.binary_search(&edge.strong).is_ok() {
                *degree.entry(*a).or_default() += 1;
                *degree.entry(*b).or_default() += 1;
            }
        }
        let mut degree: Vec<(Rank, u32, usize)> = degree
            .into_iter()
            .filter(|(index, _)| !set_aside.contains_key(index))
            .map(|(index, seen)| (rules.rank(&names[index].kind), seen, index))
            .collect();
        degree.sort_unstable_by(|left, right| right.cmp(left));
        // A tenth at a time, so that a crowd of any size is thinned in a few rounds.
        let thinned = group.members.len() / 10;
        crowd.extend(
            degree.into_iter().take(thinned).map(|(_, seen, i)| (i, Standing::Shared(seen))),
        );
    }
    crowd
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
            "phone" => IdentifierKind::Phone,
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
        let found = partition(&BTreeSet::new(), edges, &IdentityRules::default(), &BTreeSet::new());
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
        let found =
            partition(&BTreeSet::new(), &edges, &IdentityRules::default(), &BTreeSet::new());
        let at = |time| {
            let group = found.group_at(&name("device:d"), Timestamp(time)).unwrap();
            found.groups[group].members[0].value().to_owned()
        };
        assert_eq!((at(15), at(25), at(35)), ("anna".into(), "d".into(), "ben".into()));
    }

    #[test]
    fn a_number_that_came_back_years_later_is_somebody_elses() {
        let day = |n: i64| n * 86_400_000;
        let of_two = |gap: i64| {
            let edges = [
                seen("login:anna", "phone:600111222", 0, day(300)),
                seen("login:ben", "phone:600111222", day(300 + gap), day(900)),
            ];
            let none = BTreeSet::new();
            let found = partition(&none, &edges, &IdentityRules::default(), &none);
            let at = |time| {
                let group = found.group_at(&name("phone:600111222"), Timestamp(time)).unwrap();
                found.groups[group].members[0].value().to_owned()
            };
            (at(day(100)), at(day(850)))
        };
        assert_eq!(of_two(200), ("anna".into(), "ben".into()));
        let shared = ("600111222".to_owned(), "600111222".to_owned());
        assert_eq!(of_two(20), shared, "so short a pause is a household's");
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
        let found =
            partition(&BTreeSet::new(), &edges, &IdentityRules::default(), &BTreeSet::new());
        assert!(found.groups.iter().all(|group| group.members.len() <= MEMBERS_MAX));
    }
}
