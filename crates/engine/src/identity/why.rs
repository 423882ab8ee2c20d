//! Why identifiers are one person, and why they are not: the evidence itself, in the order in which
//! it counted.

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use super::link::Linker;
use super::tied::{Tied, alike_cards};
use super::{
    Card, Edge, Evidence, Identifier, IdentifierKind, IdentityRules, KeySalt, Partition, Refusal,
    Standing, Ties, Topic, partition, partition::join_order,
};

/// What stands against two identifiers being one person.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Against {
    /// Staff say that these two are not one person.
    KeptApart(Identifier, Identifier),
    /// These two were seen together, but one person would then have these values, more of a kind than
    /// a person has.
    TooMany(Identifier, Identifier, Vec<Identifier>),
    /// So many people use this value that it joins nobody.
    Shared(Identifier, u32, Whose),
    /// Several people were seen with this value, one after the other.
    ChangedHands(Identifier, Whose),
    /// Nothing that was seen connects them.
    NothingInCommon,
}

/// Whose a value is that stands between two people.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Whose {
    /// Neither's: both were seen with it.
    Neithers,
    /// One of the two is the value itself, with what nobody can claim.
    ItsOwn,
    /// One of the two has it, since staff say so.
    Given,
}

/// The most values of a kind that are told where there are too many.
const VALUES_MAX: usize = 6;

/// How a person came together: of all the evidence the part that joined, the strongest first, and
/// then what is alike on the cards of identifiers that nothing seen brings together. One tie fewer
/// than there are identifiers.
#[must_use]
pub fn how(
    evidence: &Evidence,
    rules: &IdentityRules,
    (cards, linker): (&BTreeMap<Identifier, Card>, &Linker<'_>),
    salt: KeySalt,
) -> Vec<Tied> {
    let mut tied: Vec<Tied> = seen(evidence, rules).into_iter().cloned().map(Tied::Seen).collect();
    let alike = alike_cards(cards, &tied, linker, salt);
    tied.extend(alike.into_iter().map(|cards| Tied::Alike(Box::new(cards))));
    tied
}

/// Of all the evidence the part that joined.
fn seen<'e>(evidence: &'e Evidence, rules: &IdentityRules) -> Vec<&'e Edge> {
    let found = partitioned([evidence], rules);
    let mut edges: Vec<&Edge> = (evidence.edges.iter())
        .filter(|edge| evidence.holds(&edge.strong) && evidence.holds(&edge.weak))
        .filter(|edge| match edge.ties {
            Ties::AssertedSame => stands(evidence, edge),
            Ties::AssertedApart | Ties::TakenBack | Ties::Unsure => false,
            Ties::HomeSame | Ties::HomeApart | Ties::HomeTakenBack => false,
            Ties::Seen => {
                let joins = |end| !found.set_aside.contains_key(end);
                joins(&edge.strong) && joins(&edge.weak)
            }
        })
        .collect();
    edges.sort_by_cached_key(|edge| (edge.ties, join_order(edge, rules), *edge));
    let mut roots: BTreeMap<&Identifier, &Identifier> = BTreeMap::new();
    edges.retain(|edge| unite(&mut roots, &edge.strong, &edge.weak));
    edges
}

/// Whether a statement of staff is the latest that they made of the two.
fn stands(evidence: &Evidence, edge: &Edge) -> bool {
    let same_pair = |other: &&Edge| {
        (&other.strong, &other.weak) == (&edge.strong, &edge.weak)
            || (&other.strong, &other.weak) == (&edge.weak, &edge.strong)
    };
    let stated = evidence.edges.iter().filter(|other| other.ties.topic() == Some(Topic::Person));
    let latest = stated.filter(same_pair).map(|other| (other.last_at, other.ties)).max();
    latest.is_none_or(|latest| latest == (edge.last_at, edge.ties))
}

/// Puts two identifiers into one set; whether they were in two.
pub(super) fn unite<'e>(
    roots: &mut BTreeMap<&'e Identifier, &'e Identifier>,
    one: &'e Identifier,
    other: &'e Identifier,
) -> bool {
    let (one, other) = (root(roots, one), root(roots, other));
    if one != other {
        roots.insert(one.max(other), one.min(other));
    }
    one != other
}

fn root<'e>(
    roots: &BTreeMap<&'e Identifier, &'e Identifier>,
    of: &'e Identifier,
) -> &'e Identifier {
    let mut at = of;
    while let Some(next) = roots.get(at) {
        at = next;
    }
    at
}

/// The chain from one identifier of a person to another of the same, of all that [`how`] tells; empty
/// if they are one and the same, or nothing connects them.
#[must_use]
pub fn why<'t>(joined: &'t [Tied], one: &Identifier, other: &Identifier) -> Vec<&'t Tied> {
    let far_end = |tied: &'t Tied, near: &Identifier| match tied.ends() {
        (one, other) if one == near => Some(other),
        (one, other) if other == near => Some(one),
        _ => None,
    };
    let mut came_by: BTreeMap<&Identifier, &Tied> = BTreeMap::new();
    let mut reached = BTreeSet::from([one]);
    let mut queue = VecDeque::from([one]);
    while let Some(at) = queue.pop_front() {
        for tied in joined {
            if let Some(far) = far_end(tied, at).filter(|far| reached.insert(far)) {
                came_by.insert(far, tied);
                queue.push_back(far);
            }
        }
    }
    let mut path = Vec::new();
    let mut at = other;
    while let Some((tied, near)) =
        came_by.get(at).and_then(|tied| Some((*tied, far_end(tied, at)?)))
    {
        path.push(tied);
        at = near;
    }
    path.reverse();
    path
}

/// What stands against two persons being one, the strongest first; never empty. `beside` is the
/// evidence of what both were seen with: a value is everybody's by those who are neither.
#[must_use]
pub fn why_not(
    one: &Evidence,
    other: &Evidence,
    beside: &[&Evidence],
    rules: &IdentityRules,
) -> Vec<Against> {
    let found = partitioned([one, other].into_iter().chain(beside.iter().copied()), rules);
    let sides = |a: &Identifier, b: &Identifier| {
        one.holds(a) && other.holds(b) || one.holds(b) && other.holds(a)
    };
    let mut against = BTreeSet::new();
    for edge in one.edges.iter().chain(&other.edges) {
        let apart = edge.ties == Ties::AssertedApart && sides(&edge.strong, &edge.weak);
        if apart && stands(one, edge) && stands(other, edge) {
            against.insert(Against::KeptApart(edge.strong.clone(), edge.weak.clone()));
        }
    }
    for (a, b, refusal) in &found.refused {
        if sides(a, b)
            && let Refusal::TooMany(kind) = refusal
        {
            let values = values_of([one, other], kind);
            against.insert(Against::TooMany(a.clone(), b.clone(), values));
        }
    }
    for (value, standing) in &found.set_aside {
        let seen_by = |evidence: &Evidence| {
            evidence.holds(value)
                || evidence.edges.iter().any(|edge| {
                    edge.ties == Ties::Seen && (edge.strong == *value || edge.weak == *value)
                })
        };
        if seen_by(one) && seen_by(other) {
            let holder = [one, other].into_iter().find(|evidence| evidence.holds(value));
            let whose = match holder.map(|holder| holder.nodes.len()) {
                None => Whose::Neithers,
                Some(1) => Whose::ItsOwn,
                Some(_) => Whose::Given,
            };
            against.insert(match standing {
                Standing::Shared(people) => Against::Shared(value.clone(), *people, whose),
                Standing::ChangesHands(_) => Against::ChangedHands(value.clone(), whose),
                Standing::Joins => continue,
            });
        }
    }
    if against.is_empty() {
        against.insert(Against::NothingInCommon);
    }
    against.into_iter().collect()
}

/// The values of one kind that two people have, each once; of very many some.
fn values_of(people: [&Evidence; 2], kind: &IdentifierKind) -> Vec<Identifier> {
    let nodes = people.into_iter().flat_map(|evidence| evidence.nodes.iter());
    let names = nodes.map(|node| &node.identifier).filter(|name| name.kind == *kind);
    let mut values: Vec<Identifier> = names.cloned().collect();
    values.sort();
    values.truncate(VALUES_MAX);
    values
}

fn partitioned<'e>(
    all: impl IntoIterator<Item = &'e Evidence>,
    rules: &IdentityRules,
) -> Partition {
    let (mut names, mut edges) = (BTreeSet::new(), BTreeSet::new());
    for evidence in all {
        names.extend(evidence.nodes.iter().map(|node| node.identifier.clone()));
        edges.extend(evidence.edges.iter().cloned());
    }
    let edges: Vec<Edge> = edges.into_iter().collect();
    partition(&names, &edges, rules, &BTreeSet::new())
}

#[cfg(test)]
mod tests {
    use super::super::link::Model;
    use super::super::{Node, PersonId};
    use super::*;
    use crate::time::Timestamp;

    fn name(text: &str) -> Identifier {
        let (kind, value) = text.split_once(':').unwrap();
        Identifier::new(IdentifierKind::parse(kind), value).unwrap()
    }

    fn edge(strong: &str, weak: &str, ties: Ties) -> Edge {
        let at = Timestamp(1);
        Edge { strong: name(strong), weak: name(weak), ties, first_at: at, last_at: at }
    }

    /// The person of these identifiers, with all edges that touch one of them.
    fn person(names: &[&str], edges: &[Edge]) -> Evidence {
        let mut evidence = Evidence::default();
        for text in names {
            evidence.add_node(Node { identifier: name(text), named_first: PersonId(1) });
        }
        let mut edges = edges.to_vec();
        edges.sort();
        for edge in &edges {
            if evidence.holds(&edge.strong) || evidence.holds(&edge.weak) {
                evidence.edges.push(edge.clone());
            }
        }
        evidence
    }

    fn told<'t>(tied: impl IntoIterator<Item = &'t Tied>) -> String {
        let line = |tied: &Tied| format!("{}-{}", tied.ends().0.value(), tied.ends().1.value());
        tied.into_iter().map(line).collect::<Vec<_>>().join(" ")
    }

    #[test]
    fn the_chain_of_evidence_leads_from_one_to_the_other() {
        let edges = [
            edge("user_id:jane", "email:j@x", Ties::Seen),
            edge("email:j@x", "anonymous_id:phone", Ties::Seen),
            edge("user_id:jane", "anonymous_id:laptop", Ties::Seen),
            edge("email:j@x", "anonymous_id:laptop", Ties::Seen),
        ];
        let names = ["user_id:jane", "email:j@x", "anonymous_id:phone", "anonymous_id:laptop"];
        let jane = person(&names, &edges);
        let model = Model::before_training();
        let no_cards = (&BTreeMap::new(), &Linker::new(&model));
        let joined = how(&jane, &IdentityRules::default(), no_cards, KeySalt(1, 2));
        assert_eq!(told(&joined), "jane-j@x jane-laptop j@x-phone");
        let (laptop, phone) = (name("anonymous_id:laptop"), name("anonymous_id:phone"));
        assert_eq!(told(why(&joined, &laptop, &phone)), "jane-laptop jane-j@x j@x-phone");
        assert_eq!(told(why(&joined, &phone, &phone)), "");
    }

    #[test]
    fn what_stands_against_it_is_told() {
        let edges = [
            edge("user_id:anna", "email:home@x", Ties::Seen),
            edge("user_id:ben", "email:home@x", Ties::Seen),
            edge("user_id:anna", "user_id:ben", Ties::AssertedApart),
            edge("anonymous_id:a", "anonymous_id:b", Ties::Seen),
        ];
        let rules = IdentityRules::default();
        let (anna, ben) = (person(&["user_id:anna"], &edges), person(&["user_id:ben"], &edges));
        let stranger = person(&["email:someone@x"], &edges);
        assert_eq!(
            why_not(&anna, &ben, &[], &rules),
            [
                Against::KeptApart(name("user_id:anna"), name("user_id:ben")),
                Against::Shared(name("email:home@x"), 2, Whose::Neithers),
            ]
        );
        assert_eq!(why_not(&anna, &stranger, &[], &rules), [Against::NothingInCommon]);
    }

    #[test]
    fn a_value_is_everybodys_by_those_who_are_neither() {
        let edges: Vec<Edge> = ["c1", "c2", "c3", "c4", "c5"]
            .map(|card| edge(&format!("loyalty_id:{card}"), "email:till@x", Ties::Seen))
            .to_vec();
        let person = |name: &str| person(&[name], &edges);
        let (one, other) = (person("loyalty_id:c1"), person("loyalty_id:c2"));
        let till = person("email:till@x");
        let rules = IdentityRules::default();
        assert_eq!(why_not(&one, &other, &[], &rules), [Against::NothingInCommon]);
        let shared = |whose| Against::Shared(name("email:till@x"), 5, whose);
        assert_eq!(why_not(&one, &other, &[&till], &rules), [shared(Whose::Neithers)]);
        assert_eq!(why_not(&one, &till, &[], &rules), [shared(Whose::ItsOwn)]);
    }

    #[test]
    fn two_logins_in_one_event_are_two_people() {
        let edges = [edge("user_id:anna", "user_id:ben", Ties::Seen)];
        let (anna, ben) = (person(&["user_id:anna"], &edges), person(&["user_id:ben"], &edges));
        let (anna_login, ben_login) = (name("user_id:anna"), name("user_id:ben"));
        let both = vec![anna_login.clone(), ben_login.clone()];
        assert_eq!(
            why_not(&anna, &ben, &[], &IdentityRules::default()),
            [Against::TooMany(anna_login, ben_login, both)]
        );
    }
}
