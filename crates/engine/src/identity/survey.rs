//! A look at everybody's identity: who is made of very much, which values are everybody's, what
//! contradicted itself and was kept apart. A fold over all rows in their order, of bounded size.

use std::collections::{BTreeMap, BTreeSet};

use super::{Class, Edge, Evidence, Identifier, IdentifierKind, IdentityRules, PersonId};
use super::{Refusal, Standing, Ties, partition};

/// How many identifiers a person has, in steps: the largest of each step. More is the last.
pub const SIZES: [u32; 9] = [1, 2, 3, 5, 10, 20, 50, 200, u32::MAX];

/// How many rows each list keeps.
const ROWS: usize = 50;
/// How many are gathered before a list is cut: with what is counted beside them some megabytes.
const GATHERED: usize = 20_000;

/// What was seen so far.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Survey {
    /// Persons.
    pub persons: u64,
    /// Their identifiers.
    pub identifiers: u64,
    /// Persons by how many identifiers they have; steps as in [`SIZES`].
    pub sizes: [u64; SIZES.len()],
    /// By kind: how many persons have one, and the most that one person has.
    pub kinds: BTreeMap<IdentifierKind, (u64, u32)>,
    /// The persons with most identifiers, the largest first once [`Survey::settle`] was called.
    pub largest: Vec<Large>,
    /// The values that more people use than their kind allows, most people first once settled.
    pub shared: Vec<SharedValue>,
    /// How many such values there are in all.
    pub shared_total: u64,
    /// Contradictions that kept persons apart, by kind.
    pub contradictions: BTreeMap<IdentifierKind, Contradictions>,
    users: Users,
}

/// How many persons were seen with values that are not theirs. A value's own row keeps only as many
/// edges as its limit needs, so that they are counted from the far ends.
///
/// Of more values than fit the most frequent are kept, each too low by the same small number at
/// most. Source: Misra & Gries (1982), Finding repeated elements.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
struct Users(BTreeMap<Identifier, u32>);

impl Users {
    fn add(&mut self, value: &Identifier) {
        if let Some(count) = self.0.get_mut(value) {
            *count += 1;
        } else if self.0.len() < GATHERED {
            self.0.insert(value.clone(), 1);
        } else {
            self.0.retain(|_, count| {
                *count -= 1;
                *count > 0
            });
        }
    }
}

/// A person of many identifiers.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Large {
    /// How many identifiers.
    pub identifiers: u32,
    /// How many observations tie them to each other and to others.
    pub edges: u32,
    /// Who.
    pub person: PersonId,
}

/// A value that joins nobody, since more people use it than its kind allows.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct SharedValue {
    /// How many people were seen with it.
    pub people: u32,
    /// Whether they had it one after the other, so that its events have an owner.
    pub changes_hands: bool,
    /// The value.
    pub identifier: Identifier,
    /// Whoever holds it: itself, with what nobody else can claim.
    pub person: PersonId,
}

/// Contradictions of one kind.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Contradictions {
    /// How many observations did not join, because a person may not have so many of the kind.
    pub avoided: u64,
    /// Some of the persons at one of their ends, ascending.
    pub persons: BTreeSet<PersonId>,
}

impl Survey {
    /// Takes in one person's evidence. Cost: its identifiers, and a partition of it where edges
    /// lead to others.
    pub fn add(&mut self, person: PersonId, evidence: &Evidence, rules: &IdentityRules) {
        let count = u32::try_from(evidence.nodes.len()).unwrap_or(u32::MAX);
        self.persons += 1;
        self.identifiers += u64::from(count);
        let step = SIZES.iter().position(|size| count <= *size).unwrap_or(SIZES.len() - 1);
        self.sizes[step] += 1;
        for same in evidence.nodes.chunk_by(|a, b| a.identifier.kind == b.identifier.kind) {
            let of_kind = u32::try_from(same.len()).unwrap_or(u32::MAX);
            let (persons, most) = self.kinds.entry(same[0].identifier.kind.clone()).or_default();
            (*persons, *most) = (*persons + 1, of_kind.max(*most));
        }
        if count > 1 {
            let edges = u32::try_from(evidence.edges.len()).unwrap_or(u32::MAX);
            keep(&mut self.largest, Large { identifiers: count, edges, person }, ROWS);
        }
        let leads_away = |edge: &Edge| {
            edge.ties == Ties::Seen && !(evidence.holds(&edge.strong) && evidence.holds(&edge.weak))
        };
        if evidence.edges.iter().any(leads_away) {
            self.look_closer(person, evidence, rules);
        }
    }

    /// What keeps a person apart from those with whom something was seen.
    fn look_closer(&mut self, person: PersonId, evidence: &Evidence, rules: &IdentityRules) {
        let away = evidence.edges.iter().filter(|edge| {
            edge.ties == Ties::Seen && evidence.holds(&edge.strong) && !evidence.holds(&edge.weak)
        });
        for value in away.map(|edge| &edge.weak).collect::<BTreeSet<&Identifier>>() {
            self.users.add(value);
        }
        let names = evidence.nodes.iter().map(|node| node.identifier.clone()).collect();
        let found = partition(&names, &evidence.edges, rules, &BTreeSet::new());
        for (value, standing) in found.set_aside {
            if !evidence.holds(&value) {
                continue;
            }
            let (people, changes_hands) = match standing {
                Standing::Joins => continue,
                Standing::Shared(people) => (people, false),
                Standing::ChangesHands(stretches) => (distinct(&stretches), true),
            };
            let people = people.max(users(evidence, &value));
            self.shared_total += 1;
            let row = SharedValue { people, changes_hands, identifier: value, person };
            keep(&mut self.shared, row, GATHERED / 2);
        }
        for (one, other, refusal) in found.refused {
            // Both ends keep the edge; the one that holds the first end counts it.
            if let Refusal::TooMany(kind) = refusal
                && evidence.holds(&one.min(other))
            {
                let held = self.contradictions.entry(kind).or_default();
                held.avoided += 1;
                if held.persons.len() < ROWS {
                    held.persons.insert(person);
                }
            }
        }
    }

    /// Puts the lists into their order and cuts them to what is shown.
    pub fn settle(&mut self) {
        settle(&mut self.largest);
        for shared in &mut self.shared {
            let users = self.users.0.get(&shared.identifier).copied().unwrap_or(0);
            shared.people = shared.people.max(users);
        }
        settle(&mut self.shared);
    }
}

fn distinct(stretches: &[super::Stretch]) -> u32 {
    let people: BTreeSet<&Identifier> = stretches.iter().map(|held| &held.identifier).collect();
    u32::try_from(people.len()).unwrap_or(u32::MAX)
}

/// How many people were seen with a value, by the edges that are kept of it.
fn users(evidence: &Evidence, value: &Identifier) -> u32 {
    let seen = evidence.edges.iter().filter(|edge| edge.ties == Ties::Seen && edge.weak == *value);
    let unique: BTreeSet<&Identifier> = seen
        .map(|edge| &edge.strong)
        .filter(|strong| strong.kind.class() == Class::Unique)
        .collect();
    u32::try_from(unique.len()).unwrap_or(u32::MAX)
}

fn keep<T: Ord>(list: &mut Vec<T>, row: T, rows: usize) {
    list.push(row);
    if list.len() >= GATHERED {
        list.sort_unstable_by(|a, b| b.cmp(a));
        list.truncate(rows);
    }
}

fn settle<T: Ord>(list: &mut Vec<T>) {
    list.sort_unstable_by(|a, b| b.cmp(a));
    list.truncate(ROWS);
}

#[cfg(test)]
mod tests {
    use super::super::Node;
    use super::*;
    use crate::time::Timestamp;

    fn name(text: &str) -> Identifier {
        let (kind, value) = text.split_once(':').unwrap();
        Identifier::new(IdentifierKind::parse(kind), value).unwrap()
    }

    /// Everybody who has one of these observations, as the partition sees them.
    fn surveyed(seen: &[(&str, &str)]) -> Survey {
        let rules = IdentityRules::default();
        let at = Timestamp(1);
        let mut edges: Vec<Edge> = seen
            .iter()
            .map(|(strong, weak)| (name(strong), name(weak)))
            .map(|(strong, weak)| Edge {
                strong,
                weak,
                ties: Ties::Seen,
                first_at: at,
                last_at: at,
            })
            .collect();
        edges.sort();
        let mut survey = Survey::default();
        let found = partition(&BTreeSet::new(), &edges, &rules, &BTreeSet::new());
        for (number, group) in (0..).zip(found.groups) {
            let mut evidence = Evidence::default();
            for identifier in group.members {
                evidence.add_node(Node { identifier, named_first: PersonId(number) });
            }
            let touches = |edge: &&Edge| evidence.holds(&edge.strong) || evidence.holds(&edge.weak);
            evidence.edges = edges.iter().filter(touches).cloned().collect();
            evidence.thin(&rules);
            survey.add(PersonId(number), &evidence, &rules);
        }
        survey.settle();
        survey
    }

    #[test]
    fn everybodys_values_are_counted_from_all_ends() {
        let till: Vec<(String, String)> = (0..40)
            .map(|n| (format!("loyalty_id:c{n}"), "email:shop@till.es".to_owned()))
            .collect();
        let mut seen: Vec<(&str, &str)> =
            till.iter().map(|(one, other)| (one.as_str(), other.as_str())).collect();
        seen.extend([("user_id:ana", "email:a@x.es"), ("user_id:ana", "anonymous_id:d")]);
        let survey = surveyed(&seen);
        assert_eq!((survey.persons, survey.identifiers), (42, 44));
        assert_eq!((survey.shared_total, survey.shared[0].people), (1, 40));
        assert_eq!(survey.shared[0].identifier, name("email:shop@till.es"));
        assert_eq!((survey.largest.len(), survey.largest[0].identifiers), (1, 3));
        assert_eq!(survey.sizes[..3], [41, 0, 1]);
        assert_eq!(survey.kinds[&IdentifierKind::LoyaltyId], (40, 1));
    }

    #[test]
    fn a_contradiction_counts_once() {
        let survey = surveyed(&[
            ("user_id:ana", "user_id:ben"),
            ("user_id:ana", "email:a@x.es"),
            ("user_id:ben", "email:b@x.es"),
        ]);
        let logins = &survey.contradictions[&IdentifierKind::UserId];
        assert_eq!((logins.avoided, logins.persons.len()), (1, 1));
    }
}
