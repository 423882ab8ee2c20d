//! Evidence: observations that identifiers belong to one person, collapsed to a set.

use minicbor::{Decode, Encode};

use super::{Identifier, PersonId};
use crate::event::{Event, Kind};
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
    pub nodes: Vec<Node>,
    /// The edges, sorted by (strong, weak, ties).
    #[n(1)]
    pub edges: Vec<Edge>,
}

impl Evidence {
    /// The most edges kept at a value that is past its limits: enough to know that it is shared.
    /// Those with the smallest far ends stay, so that which ones stay does not depend on arrival.
    pub const SHARED_EDGES_MAX: usize = 64;

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
            Ok(index) => {
                let held = &mut self.nodes[index];
                held.named_first = held.named_first.min(node.named_first);
            }
            Err(index) => self.nodes.insert(index, node),
        }
    }

    /// Adds an edge, or widens the one that is there. Returns what the edge changed.
    pub fn add_edge(&mut self, edge: &Edge) -> Change {
        let found = self.edges.binary_search_by(|held| {
            (&held.strong, &held.weak, held.ties).cmp(&(&edge.strong, &edge.weak, edge.ties))
        });
        match found {
            Ok(index) => {
                let held = &mut self.edges[index];
                let (first, last) =
                    (held.first_at.min(edge.first_at), held.last_at.max(edge.last_at));
                if (first, last) == (held.first_at, held.last_at) {
                    return Change::Nothing;
                }
                (held.first_at, held.last_at) = (first, last);
                Change::Span
            }
            Err(index) => {
                self.edges.insert(index, edge.clone());
                Change::NewEdge
            }
        }
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

/// What adding an edge changed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Change {
    /// Nothing: it was known.
    Nothing,
    /// Only from when to when it was seen.
    Span,
    /// Two identifiers that had not been seen together.
    NewEdge,
}

/// How an event ties its identifiers together: staff's statements are events like all others.
#[expect(clippy::wildcard_enum_match_arm, reason = "only these kinds of event matter here")]
pub(crate) fn ties_of(event: &Event) -> Ties {
    match event.kind {
        Kind::SamePersonStated => Ties::AssertedSame,
        Kind::DifferentPersonsStated => Ties::AssertedApart,
        Kind::StatementTakenBack => Ties::TakenBack,
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
