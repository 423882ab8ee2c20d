//! The shop's priority of kinds: which evidence gives way where not all of it can be true.

use std::collections::{BTreeMap, BTreeSet};

use proptest::prelude::*;
use regulars_engine::identity::{
    Class, Edge, Identifier, IdentifierKind, IdentityRules, Partition, Ties, partition,
};
use regulars_engine::program::Program;
use regulars_engine::time::Timestamp;

use crate::ground::MemoryGround;
use crate::history::{history, shuffled};
use crate::reference;

use IdentifierKind::{AnonymousId, CustomerId, Email, LoyaltyId, Phone, UserId};

/// Some kinds in any order.
fn priority() -> impl Strategy<Value = Vec<IdentifierKind>> {
    let all = vec![UserId, CustomerId, LoyaltyId, Email, Phone, AnonymousId];
    prop::sample::subsequence(all, 0..=6).prop_shuffle()
}

fn rules(priority: Vec<IdentifierKind>) -> IdentityRules {
    IdentityRules { priority, ..IdentityRules::default() }
}

fn name(kind: IdentifierKind, value: u8) -> Identifier {
    let text = match kind {
        Email => format!("mail{value}@example.com"),
        Phone => format!("+3461000000{value}"),
        _ => format!("v{value}"),
    };
    Identifier::new(kind, &text).unwrap()
}

/// Two of few values seen together, the stronger first; `None`: they are one and the same.
fn seen(one: Identifier, other: Identifier, at: i64) -> Option<Edge> {
    let (strong, weak) = if one < other { (one, other) } else { (other, one) };
    let (first_at, last_at) = (Timestamp(at), Timestamp(at + 10));
    (strong != weak).then_some(Edge { strong, weak, ties: Ties::Seen, first_at, last_at })
}

/// Up to 14 observations, of each two values at most one, each of a moment of its own.
fn observations() -> impl Strategy<Value = Vec<Edge>> {
    let kind = prop::sample::select(vec![UserId, CustomerId, LoyaltyId, Email, Phone, AnonymousId]);
    let value = (kind, 0_u8..4).prop_map(|(kind, value)| name(kind, value));
    let edge = (value.clone(), value, 0_i64..50);
    prop::collection::vec(edge, 1..14).prop_map(|all| {
        let edges = all.into_iter().filter_map(|(one, other, at)| seen(one, other, at));
        let slots = edges.map(|edge| ((edge.strong.clone(), edge.weak.clone()), edge));
        slots.collect::<BTreeMap<_, _>>().into_values().collect()
    })
}

/// The groups as the rules say it, with sets in place of everything clever: what stands aside is taken
/// over, what is left is asked one observation after the other.
fn slowly(
    edges: &[Edge],
    rules: &IdentityRules,
    found: &Partition,
) -> BTreeSet<BTreeSet<Identifier>> {
    let names = edges.iter().flat_map(|edge| [edge.strong.clone(), edge.weak.clone()]);
    let mut groups: BTreeSet<BTreeSet<Identifier>> =
        names.map(|name| BTreeSet::from([name])).collect();
    let place = |kind: &IdentifierKind| {
        let place = rules.priority.iter().position(|listed| listed == kind);
        (kind.class(), place.unwrap_or(usize::MAX))
    };
    let mut order: Vec<&Edge> = edges.iter().collect();
    order.sort_by_key(|edge| {
        (place(&edge.weak.kind), place(&edge.strong.kind), edge.first_at, &edge.strong, &edge.weak)
    });
    for edge in order {
        if [&edge.strong, &edge.weak].iter().any(|end| found.set_aside.contains_key(end)) {
            continue;
        }
        let of =
            |end: &Identifier| groups.iter().find(|group| group.contains(end)).cloned().unwrap();
        let (one, other) = (of(&edge.strong), of(&edge.weak));
        let both: BTreeSet<Identifier> = one.union(&other).cloned().collect();
        let fits = both.iter().all(|name| {
            let of_kind = both.iter().filter(|held| held.kind == name.kind).count();
            let most = rules.limits(&name.kind).per_person_max;
            u32::try_from(of_kind).unwrap() <= most
        });
        if fits {
            groups.remove(&one);
            groups.remove(&other);
            groups.insert(both);
        }
    }
    groups
}

/// The logins that one customer number was seen with through an address and a telephone, and when; the
/// one it belongs to is told.
fn whose(rules: &IdentityRules, through_mail: i64, through_phone: i64) -> String {
    let edges: Vec<Edge> = [
        seen(name(UserId, 1), name(Email, 1), 1),
        seen(name(UserId, 2), name(Phone, 1), 1),
        seen(name(CustomerId, 7), name(Email, 1), through_mail),
        seen(name(CustomerId, 7), name(Phone, 1), through_phone),
    ]
    .into_iter()
    .flatten()
    .collect();
    let found = partition(&BTreeSet::new(), &edges, rules, &BTreeSet::new());
    let group = &found.groups[found.group_of(&name(CustomerId, 7)).unwrap()];
    let login = group.members.iter().find(|name| name.kind == UserId);
    login.map_or_else(String::new, |login| login.value().to_owned())
}

#[test]
fn of_two_logins_the_kind_that_counts_first_decides() {
    let none = rules(Vec::new());
    assert_eq!(whose(&none, 10, 20), "v1", "without a priority the earlier");
    assert_eq!(whose(&none, 20, 10), "v2");
    for (through_mail, through_phone) in [(10, 20), (20, 10)] {
        let mail = whose(&rules(vec![Email, Phone]), through_mail, through_phone);
        let phone = whose(&rules(vec![Phone]), through_mail, through_phone);
        assert_eq!((mail.as_str(), phone.as_str()), ("v1", "v2"));
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 200, failure_persistence: None, ..ProptestConfig::default() })]

    /// Persons under any priority are what the rules say, one observation after the other.
    #[test]
    fn persons_are_what_the_priority_says(edges in observations(), priority in priority()) {
        let rules = rules(priority);
        let found = partition(&BTreeSet::new(), &edges, &rules, &BTreeSet::new());
        let groups: BTreeSet<BTreeSet<Identifier>> =
            found.groups.iter().map(|group| group.members.iter().cloned().collect()).collect();
        prop_assert_eq!(groups, slowly(&edges, &rules, &found));
    }

    /// What counts first never gives way to what counts later: taking the later evidence away leaves
    /// everybody joined whom the rest joined, so that a shop can trust its first kinds.
    #[test]
    fn what_counts_first_never_gives_way(edges in observations(), priority in priority()) {
        let rules = rules(priority);
        let listed = |edge: &Edge| {
            edge.weak.kind.class() == Class::Unique || rules.priority.contains(&edge.weak.kind)
        };
        let first: Vec<Edge> = edges.iter().filter(|edge| {
            edge.weak.kind.class() <= Class::Contact && listed(edge)
        }).cloned().collect();
        let whole = partition(&BTreeSet::new(), &edges, &rules, &BTreeSet::new());
        // A value that the later evidence shows to be shared joins nobody, which is another rule.
        let ends = first.iter().flat_map(|edge| [&edge.strong, &edge.weak]);
        let shared = ends.filter(|end| whole.set_aside.contains_key(end)).cloned().collect();
        let alone = partition(&BTreeSet::new(), &first, &rules, &shared);
        for group in &alone.groups {
            let all: BTreeSet<Option<usize>> =
                group.members.iter().map(|member| whole.group_of(member)).collect();
            prop_assert_eq!(all.len(), 1);
        }
    }

    /// What the incremental path keeps under any priority equals a slow reading of the whole log, in
    /// whatever order it came; and a priority that is applied later leaves no trace of the one before.
    #[test]
    fn a_priority_is_applied_as_if_it_had_always_been(
        statements in history(), seed in any::<u64>(), priority in priority(), slice in 1_usize..4,
    ) {
        let mut program = Program::default();
        program.identity.priority = priority;
        let always = MemoryGround::after(&program, &shuffled(&statements, seed), slice);
        prop_assert_eq!(always.people(), reference::people(&program, always.log()));
        let mut applied = MemoryGround::after(&Program::default(), &statements, 3);
        applied.apply_rules(&program, slice);
        prop_assert_eq!(always.people(), applied.people());
    }
}
