//! Evidence: observations that identifiers belong to one person, collapsed to a set.

use std::collections::BTreeMap;

use minicbor::{Decode, Encode};

use super::{Class, Identifier, IdentifierKind, IdentityRules, PersonId};
use crate::event::{Event, Kind};
use crate::part::Part;
use crate::time::Timestamp;

/// How two identifiers were seen together; the strongest comes first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Encode, Decode)]
#[cbor(index_only)]
pub enum Ties {
    /// Staff say: the same person. Joins above every limit.
    #[n(0)]
    AssertedSame,
    /// Staff say: not the same person. Keeps apart above everything but [`Ties::AssertedSame`]
    /// stated later.
    #[n(1)]
    AssertedApart,
    /// One event carried both.
    #[n(2)]
    Seen,
    /// Staff take back what they said of the two: as if they had said nothing.
    #[n(3)]
    TakenBack,
    /// Staff looked at the two and could not tell: as if they had said nothing, but they were asked.
    #[n(4)]
    Unsure,
    /// Staff say: they live together. Bears on households alone, like all that follow.
    #[n(5)]
    HomeSame,
    /// Staff say: they do not live together. Keeps their households apart, whatever they share.
    #[n(6)]
    HomeApart,
    /// Staff take back what they said of where the two live.
    #[n(7)]
    HomeTakenBack,
}

/// What staff say something about. Of each the last word counts, and none bears on the other.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Topic {
    /// Whether two are one person.
    Person,
    /// Whether two live together.
    Home,
}

impl Ties {
    /// What staff said something about; `None`: it was seen, and nobody said it.
    #[must_use]
    pub const fn topic(self) -> Option<Topic> {
        match self {
            Self::Seen => None,
            Self::AssertedSame | Self::AssertedApart | Self::TakenBack | Self::Unsure => {
                Some(Topic::Person)
            }
            Self::HomeSame | Self::HomeApart | Self::HomeTakenBack => Some(Topic::Home),
        }
    }
}

/// An observation, collapsed: two identifiers, from when to when they were seen together.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Encode, Decode)]
pub struct Edge {
    /// The stronger identifier: the anchor of the events.
    #[n(0)]
    pub strong: Identifier,
    /// The other one.
    #[n(1)]
    pub weak: Identifier,
    /// How they were seen together.
    #[n(2)]
    pub ties: Ties,
    /// When they were first seen together.
    #[n(3)]
    pub first_at: Timestamp,
    /// When they were last seen together.
    #[n(4)]
    pub last_at: Timestamp,
}

/// One identifier of a person.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Encode, Decode)]
pub struct Node {
    /// The identifier.
    #[n(0)]
    pub identifier: Identifier,
    /// The id a person has whose earliest identifier this is; depends on arrival, so no rule reads it.
    #[n(1)]
    pub named_first: PersonId,
}

/// The evidence that touches one person: its identifiers, and every edge with one of them at an
/// end. An edge that leads to another person's identifier is held by both.
#[derive(Clone, Debug, Default, PartialEq, Eq, Encode, Decode)]
pub struct Evidence {
    /// The person's identifiers, sorted by identifier.
    #[n(0)]
    pub nodes: Part<Vec<Node>>,
    /// The edges, sorted by (strong, weak, ties).
    #[n(1)]
    pub edges: Vec<Edge>,
}

impl Evidence {
    /// The most edges kept of one identifier to others of one kind that are not the person's, where
    /// the limits need no more: enough to know that a value is shared. The others are held by the
    /// persons at their far ends.
    pub const FAR_EDGES_MAX: usize = 16;

    /// Whether `identifier` is one of the person's.
    #[must_use]
    pub fn holds(&self, identifier: &Identifier) -> bool {
        self.node(identifier).is_some()
    }

    /// The person's node of `identifier`.
    #[must_use]
    pub fn node(&self, identifier: &Identifier) -> Option<&Node> {
        self.nodes
            .binary_search_by(|node| node.identifier.cmp(identifier))
            .ok()
            .map(|index| &self.nodes[index])
    }

    /// Adds a node, or lowers its `named_first`.
    pub fn add_node(&mut self, node: Node) {
        match self.nodes.binary_search_by(|held| held.identifier.cmp(&node.identifier)) {
            Ok(index) if self.nodes[index].named_first <= node.named_first => {}
            Ok(index) => self.nodes[index] = node,
            Err(index) => self.nodes.insert(index, node),
        }
    }

    /// The edge between two identifiers, if they were seen together so.
    #[must_use]
    pub fn edge(&self, strong: &Identifier, weak: &Identifier, ties: Ties) -> Option<&Edge> {
        self.place(strong, weak, ties).ok().map(|index| &self.edges[index])
    }

    /// Whether what hangs on one of the person's identifiers may be somebody else's, or what hangs on
    /// another's may be the person's: a value may be used by one person after the other. Only the events
    /// themselves tell then.
    #[must_use]
    pub fn lends(&self, rules: &IdentityRules) -> bool {
        self.edges.iter().any(|edge| {
            let kind = &edge.weak.kind;
            let passes = kind.class() == Class::Device || rules.limits(kind).idle_ms.is_some();
            passes && self.holds(&edge.strong) != self.holds(&edge.weak)
        })
    }

    /// The last word of staff on this person and another, on any of their identifiers.
    #[must_use]
    pub fn last_word(&self, other: &Self, topic: Topic) -> Option<&Edge> {
        let said = self.edges.iter().filter(|edge| edge.ties.topic() == Some(topic));
        let between = said.filter(|edge| {
            self.holds(&edge.strong) && other.holds(&edge.weak)
                || self.holds(&edge.weak) && other.holds(&edge.strong)
        });
        between.max_by_key(|edge| (edge.last_at, edge.ties))
    }

    fn place(&self, strong: &Identifier, weak: &Identifier, ties: Ties) -> Result<usize, usize> {
        self.edges.binary_search_by(|held| {
            (&held.strong, &held.weak, held.ties).cmp(&(strong, weak, ties))
        })
    }

    /// Widens an edge that is known, so that it was seen at `at` too.
    pub fn widen(&mut self, strong: &Identifier, weak: &Identifier, ties: Ties, at: Timestamp) {
        if let Ok(index) = self.place(strong, weak, ties) {
            let held = &mut self.edges[index];
            (held.first_at, held.last_at) = (held.first_at.min(at), held.last_at.max(at));
        }
    }

    /// Lets go of edges that say no more than those which stay: of each identifier to others of one
    /// kind the earliest stay. Which ones does not depend on the order of arrival.
    pub(crate) fn thin(&mut self, rules: &IdentityRules) {
        if self.edges.len() <= Self::FAR_EDGES_MAX {
            return;
        }
        let mut kept = vec![false; self.edges.len()];
        let mut seen: BTreeMap<(&Identifier, &IdentifierKind, Ties), Vec<usize>> = BTreeMap::new();
        for (index, edge) in self.edges.iter().enumerate() {
            kept[index] = edge.ties != Ties::Seen;
            for (near, far) in [(&edge.strong, &edge.weak), (&edge.weak, &edge.strong)] {
                if self.holds(near) {
                    seen.entry((near, &far.kind, edge.ties)).or_default().push(index);
                }
            }
        }
        for ((near, ..), mut indices) in seen {
            let limits = rules.limits(&near.kind);
            let most = limits.unique_seen_max.max(limits.contacts_seen_max);
            let most = usize::try_from(most).unwrap_or(usize::MAX).saturating_add(1);
            indices.sort_by_key(|index| (self.edges[*index].first_at, *index));
            for index in indices.into_iter().take(most.max(Self::FAR_EDGES_MAX)) {
                kept[index] = true;
            }
        }
        let mut kept = kept.into_iter();
        self.edges.retain(|_| kept.next().unwrap_or(true));
    }

    /// The person's id: that of its earliest identifier.
    ///
    /// # Panics
    /// If there is no identifier: a person is made of identifiers.
    #[must_use]
    pub fn person_id(&self) -> PersonId {
        self.nodes
            .iter()
            .map(|node| node.named_first)
            .min()
            .expect("a person has at least one identifier")
    }
}

/// How an event ties its identifiers together: staff's statements are events like all others.
#[expect(clippy::wildcard_enum_match_arm, reason = "only these kinds of event matter here")]
pub(crate) fn ties_of(event: &Event) -> Ties {
    match event.kind {
        Kind::SamePersonStated => Ties::AssertedSame,
        Kind::DifferentPersonsStated => Ties::AssertedApart,
        Kind::StatementTakenBack => Ties::TakenBack,
        Kind::UnsureStated => Ties::Unsure,
        Kind::SameHouseholdStated => Ties::HomeSame,
        Kind::DifferentHouseholdsStated => Ties::HomeApart,
        Kind::HouseholdTakenBack => Ties::HomeTakenBack,
        _ => Ties::Seen,
    }
}

/// The evidence of one event: its anchor was seen with each of its other identifiers.
pub fn edges_of(event: &Event) -> impl Iterator<Item = Edge> {
    let at = event.occurred.at;
    let (anchor, ties) = (event.anchor().cloned(), ties_of(event));
    event.identifiers.iter().skip(1).filter_map(move |weak| {
        Some(Edge { strong: anchor.clone()?, weak: weak.clone(), ties, first_at: at, last_at: at })
    })
}
