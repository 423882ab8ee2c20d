//! What is kept of one person, in one row: evidence, profile, enrollments.

use std::collections::BTreeMap;

use minicbor::{Decode, Encode};

use crate::event::LogPosition;
use crate::identity::{Card, Evidence, Identifier, IdentifierKind, Node, PersonId};
use crate::journey::{Enrollment, NextDate, State};
use crate::part::Part;
use crate::profile::{Orders, Profile, Trait};
use crate::segment::Membership;
use crate::source::FeedName;
use crate::time::Timestamp;

/// Everything about one person.
///
/// **Derived** from the log: `evidence`, `profile`, `recent`, `cards`, and with the definitions
/// `membership` and `next_date`. **Commitments**: `enrollments`.
#[derive(Clone, Debug, Default, PartialEq, Encode, Decode)]
pub struct Record {
    /// The identifiers and what ties them together.
    #[n(0)]
    pub evidence: Evidence,
    /// What the person's events come to.
    #[n(1)]
    pub profile: Profile,
    /// Where the person stands in journeys: those that run, and those that ended within the re-entry time.
    #[n(2)]
    pub enrollments: Vec<Enrollment>,
    /// The log positions of the person's latest events, ascending.
    #[n(3)]
    pub recent: Vec<LogPosition>,
    /// The segments the person is in.
    #[n(4)]
    #[cbor(default)]
    pub membership: Part<Membership>,
    /// What was stated under each of the identifiers, as far as records are linked by it.
    #[n(5)]
    #[cbor(default)]
    pub cards: Part<BTreeMap<Identifier, Card>>,
    /// The next date of the person that starts a journey.
    #[n(6)]
    #[cbor(default)]
    pub next_date: NextDate,
}

impl Record {
    /// How many log positions are kept at hand: a page of the timeline.
    pub const RECENT_MAX: usize = 50;
    /// The most enrollments kept, ended ones included; the latest entered stay.
    pub const ENROLLMENTS_MAX: usize = 100;

    /// The person's id.
    #[must_use]
    pub fn id(&self) -> PersonId {
        self.evidence.person_id()
    }

    /// The next moment at which time alone can change anything: the one due time of the person.
    #[must_use]
    pub fn due_at(&self) -> Option<Timestamp> {
        let enrollments = self.enrollments.iter().filter_map(Enrollment::due_at);
        enrollments.chain(self.membership.due_at).chain(self.next_date.due_at).min()
    }

    /// The feeds that held messages and waits wait for, each with the moment it must reach.
    #[must_use]
    pub fn waits_for(&self) -> Vec<(&FeedName, Timestamp)> {
        let mut waits: Vec<(&FeedName, Timestamp)> = Vec::new();
        for enrollment in &self.enrollments {
            let held = match &enrollment.state {
                State::Held { waits_for, .. } => waits_for.as_slice(),
                State::Waiting { .. } | State::Sending { .. } | State::Ended { .. } => &[],
            };
            let runs = enrollment.runs();
            let watched = if runs { enrollment.waits_for.as_slice() } else { &[] };
            waits.extend(held.iter().chain(watched).map(|(feed, until)| (feed, *until)));
        }
        waits.sort();
        waits.dedup();
        waits
    }

    /// Adds the position of an event.
    pub fn remember(&mut self, position: LogPosition) {
        if let Err(index) = self.recent.binary_search(&position) {
            self.recent.insert(index, position);
            if self.recent.len() > Self::RECENT_MAX {
                self.recent.remove(0);
            }
        }
    }

    /// Whether what [`Record::search_terms`] is made of was changed since the record was read.
    #[must_use]
    pub fn search_terms_touched(&self) -> bool {
        self.evidence.nodes.changed()
            || self.profile.traits.changed()
            || self.profile.orders.changed()
    }

    /// The words by which people find the person: names, addresses, numbers of cards and orders,
    /// lower-cased. Personal data, for the search index only.
    #[must_use]
    pub fn search_terms(&self) -> Vec<String> {
        terms(&self.evidence.nodes, &self.profile.traits, &self.profile.orders)
    }

    /// The words by which people found the person when the record was read; `None`: it was made,
    /// not read. A record that was made of another person's has nodes that were made.
    #[must_use]
    pub fn search_terms_before(&self) -> Option<Vec<String>> {
        let profile = &self.profile;
        let nodes = self.evidence.nodes.before()?;
        Some(terms(&nodes, &*profile.traits.before()?, &*profile.orders.before()?))
    }

    /// What to call the person on a page: the name, else the strongest identifier's kind.
    #[must_use]
    pub fn display_name(&self) -> Option<String> {
        let part = |names: &[&str]| names.iter().find_map(|name| self.profile.trait_text(name));
        let first = part(&["first_name", "firstName"]);
        let last = part(&["last_name", "lastName"]);
        match (first, last) {
            (Some(first), Some(last)) => Some(format!("{first} {last}")),
            (Some(one), None) | (None, Some(one)) => Some(one.to_owned()),
            (None, None) => part(&["name"]).map(str::to_owned),
        }
    }
}

fn terms(nodes: &[Node], traits: &BTreeMap<String, Trait>, orders: &Orders) -> Vec<String> {
    let mut terms: Vec<String> = Vec::new();
    for Node { identifier, .. } in nodes {
        if !matches!(identifier.kind, IdentifierKind::AnonymousId | IdentifierKind::CartToken) {
            terms.push(identifier.value().to_lowercase());
        }
    }
    for name in ["first_name", "last_name", "name", "firstName", "lastName"] {
        if let Some(text) = traits.get(name).and_then(|held| held.value.as_text()) {
            terms.extend(text.to_lowercase().split_whitespace().map(str::to_owned));
        }
    }
    terms.extend(orders.by_key.keys().rev().take(20).map(|key| key.to_lowercase()));
    terms.sort();
    terms.dedup();
    terms
}
