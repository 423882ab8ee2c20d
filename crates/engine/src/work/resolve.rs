//! From an event's identifiers to its person: nothing to do where nothing is new, else the
//! touched component is partitioned again and the rows follow.

use std::collections::{BTreeMap, BTreeSet};

use super::{Ground, Work};
use crate::event::{Event, LogPosition};
use crate::identity::link::Linker;
use crate::identity::{
    Card, Class, Edge, Evidence, Group, Identifier, IdentifierKey, IdentityRules, Likely, Node,
    Partition, PersonId, Ties, Topic, changes, edges_of, partition_with, ties_of,
};
use crate::record::Record;
use crate::segment::{Membership, Stale};

/// Whose an event is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Resolved {
    /// The person.
    pub(super) person: PersonId,
    /// Persons that were joined or parted and have something running, or segments to be asked anew.
    pub(super) joined: Vec<PersonId>,
}

/// Whether a person is made of others than before: joined, or parted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Regrouped {
    No,
    Yes,
}

/// The evidence around an event: everything that can bear on whose it is.
#[derive(Debug, Default)]
pub(super) struct Component {
    /// Identifiers whose rows are at hand, or that are new.
    pub(super) names: BTreeSet<Identifier>,
    /// All edges that touch them.
    pub(super) edges: BTreeMap<(Identifier, Identifier, Ties), Edge>,
    /// The persons whose rows are at hand.
    pub(super) persons: BTreeSet<PersonId>,
    /// The cards of the persons whose rows are at hand.
    pub(super) cards: BTreeMap<Identifier, (IdentifierKey, Card)>,
    /// Where new identifiers were first named.
    pub(super) fresh: BTreeMap<Identifier, PersonId>,
    /// Whether there is more than [`COMPONENT_MAX`] allows to read: what lies beyond joins nothing.
    cut: bool,
}

/// The most identifiers that are read to decide whose an event is. Persons are smaller, and parts
/// that only shared values connect are not read: more is a chain of contradictions that somebody
/// made. Beyond it, whose an event is may depend on the order of arrival.
const COMPONENT_MAX: usize = 600;

/// The most rows that are read for it.
const ROWS_MAX: usize = 64;

/// The same where likeness ties some of them: in a shop of few names many people are a little like many.
const LIKE_ROWS_MAX: usize = 256;

impl Component {
    pub(super) fn add_edge(&mut self, edge: &Edge) {
        let slot = (edge.strong.clone(), edge.weak.clone(), edge.ties);
        self.edges
            .entry(slot)
            .and_modify(|held| {
                held.first_at = held.first_at.min(edge.first_at);
                held.last_at = held.last_at.max(edge.last_at);
            })
            .or_insert_with(|| edge.clone());
    }

    /// The persons of the component.
    pub(super) fn partition(
        &mut self,
        rules: &IdentityRules,
        linker: Option<&Linker<'_>>,
    ) -> Partition {
        let edges: Vec<Edge> = self.edges.values().cloned().collect();
        let mut frozen = BTreeSet::new();
        if self.cut {
            let ends = edges.iter().flat_map(|edge| [&edge.strong, &edge.weak]);
            frozen.extend(ends.filter(|end| !self.names.contains(*end)).cloned());
        }
        let likely = Likely { linker, cards: std::mem::take(&mut self.cards) };
        let found = partition_with(&self.names, &edges, rules, &frozen, &likely);
        self.cards = likely.cards;
        found
    }
}

impl Work<'_> {
    /// The person of an event that is about to be accepted at `position`; `None`: it names nobody.
    pub(super) fn resolve<G: Ground>(
        &mut self,
        ground: &mut G,
        event: &Event,
        keys: &[IdentifierKey],
        position: LogPosition,
    ) -> Result<Option<Resolved>, G::Error> {
        let Some(anchor) = event.anchor() else { return Ok(None) };
        self.need_holders(ground, keys)?;
        let mut holders: Vec<PersonId> = keys.iter().filter_map(|key| self.holder(*key)).collect();
        holders.sort_unstable();
        holders.dedup();
        self.need_persons(ground, &holders)?;
        if let Some(person) = self.known_person(event, keys) {
            return Ok(Some(Resolved { person, joined: Vec::new() }));
        }
        let (component, found) = self.gather(ground, event, position, holders)?;
        let joined = self.apply(ground, &component, &found, &event.identifiers)?;
        if component.cards.contains_key(anchor) || self.may_begin(anchor) {
            // What was seen with a card's identifier is part of what it is linked by.
            self.unsettled.insert(anchor.clone());
        }
        let group = found.group_at(anchor, event.occurred.at);
        let group = group.expect("the anchor is among the names of its own component");
        let member = &found.groups[group].members[0];
        let person = self.holder(self.key(member)).expect("every group was given a row");
        Ok(Some(Resolved { person, joined }))
    }

    /// The person of an event that brings no new evidence, of what is at hand; `None`: it does, or
    /// it names nobody. `keys` are those of its identifiers. What was seen together before was
    /// seen again: the spans of its edges are widened.
    pub fn known_person(&mut self, event: &Event, keys: &[IdentifierKey]) -> Option<PersonId> {
        let home = self.holder(*keys.first()?)?;
        if !keys.iter().all(|key| self.holder(*key).is_some()) || !self.known_already(event, home) {
            return None;
        }
        let (anchor, others) = event.identifiers.split_first()?;
        let (ties, at) = (ties_of(event), event.occurred.at);
        for (weak, key) in others.iter().zip(&keys[1..]) {
            // On both sides.
            for holder in [Some(home), self.holder(*key).filter(|far| *far != home)] {
                let Some(holder) = holder else { continue };
                let held = self.record(holder).and_then(|r| r.evidence.edge(anchor, weak, ties));
                let Some((first_at, last_at)) = held.map(|edge| (edge.first_at, edge.last_at))
                else {
                    continue;
                };
                if at < first_at || last_at < at {
                    self.change(holder).evidence.widen(anchor, weak, ties, at);
                }
                // What was seen first with a card's identifier is part of what it is linked by.
                if at < first_at && self.record(holder).is_some_and(|r| !r.cards.is_empty()) {
                    self.unsettled.insert(anchor.clone());
                }
            }
        }
        Some(home)
    }

    /// Whether the event brings no new evidence: every edge is known, and no device that changes
    /// hands is part of it.
    fn known_already(&self, event: &Event, home: PersonId) -> bool {
        let Some(record) = self.record(home) else { return false };
        let evidence = &record.evidence;
        let Some(anchor) = event.anchor() else { return false };
        let foreign_device = anchor.kind.class() == Class::Device
            && evidence
                .edges
                .iter()
                .any(|edge| edge.weak == *anchor && !evidence.holds(&edge.strong));
        let ties = ties_of(event);
        // Of what staff say the latest counts: said again, it overrules what was said in between.
        ties == Ties::Seen
            && !foreign_device
            && event.identifiers.iter().skip(1).all(|weak| {
                // An edge that did not join may, if it turns out to be older than those that did.
                let no_older = |edge: &Edge| edge.first_at <= event.occurred.at;
                evidence.edge(anchor, weak, ties).is_some_and(|edge| {
                    evidence.holds(weak) || (weak.kind.class() != Class::Device && no_older(edge))
                })
            })
    }

    /// Reads the component of an event. A value that many people use is read, since its edges tell
    /// that it is shared, but nothing is read beyond it, since it joins nobody; unless staff speak of
    /// people who have it in turn.
    pub(super) fn gather<G: Ground>(
        &mut self,
        ground: &mut G,
        event: &Event,
        position: LogPosition,
        mut start: Vec<PersonId>,
    ) -> Result<(Component, Partition), G::Error> {
        if ties_of(event).topic() == Some(Topic::Person) {
            start.extend(self.had_in_turn(ground, &start)?);
        }
        let mut component = Component::default();
        for (index, identifier) in event.identifiers.iter().enumerate() {
            component.names.insert(identifier.clone());
            let key = self.key(identifier);
            if self.holder(key).is_none() {
                let erased = ground.first_named(key);
                let first = erased.unwrap_or_else(|| PersonId::first_named(position, index));
                component.fresh.insert(identifier.clone(), first);
            }
        }
        for edge in edges_of(event) {
            component.add_edge(&edge);
        }
        let starting: BTreeSet<PersonId> = start.iter().copied().collect();
        let found = self.read_on(ground, start, &starting, &mut component)?;
        Ok((component, found))
    }

    /// Reads on from `frontier` until nothing that bears on the component is missing.
    pub(super) fn read_on<G: Ground>(
        &mut self,
        ground: &mut G,
        mut frontier: Vec<PersonId>,
        starting: &BTreeSet<PersonId>,
        component: &mut Component,
    ) -> Result<Partition, G::Error> {
        loop {
            while !frontier.is_empty() {
                self.need_persons(ground, &frontier)?;
                let mut further = BTreeSet::new();
                for id in frontier.drain(..) {
                    let rows_max =
                        if component.cards.is_empty() { ROWS_MAX } else { LIKE_ROWS_MAX };
                    component.cut |= component.names.len() > COMPONENT_MAX
                        || component.persons.len() >= rows_max;
                    let starts = starting.contains(&id);
                    if (starts || !component.cut) && component.persons.insert(id) {
                        further.extend(self.absorb(ground, id, starts, component)?);
                    }
                }
                frontier = further.difference(&component.persons).copied().collect();
            }
            let found = self.partition(component);
            frontier = self.beyond(ground, component, &found)?;
            if frontier.is_empty() {
                return Ok(found);
            }
        }
    }

    /// The persons of what is at hand.
    pub(super) fn partition(&self, component: &mut Component) -> Partition {
        let linker = if component.cards.is_empty() { None } else { self.linker() };
        component.partition(&self.program.identity, linker.as_deref())
    }

    /// Adds one person's evidence; returns the persons at the far ends of its edges.
    fn absorb<G: Ground>(
        &mut self,
        ground: &mut G,
        id: PersonId,
        starting: bool,
        component: &mut Component,
    ) -> Result<Vec<PersonId>, G::Error> {
        // Taken out while holders are looked up: rows are not.
        let Some(held) = self.persons.get_mut(id) else { return Ok(Vec::new()) };
        let Some(record) = held.record.take() else { return Ok(Vec::new()) };
        let absorbed = self.absorb_row(ground, (id, &record), starting, component);
        let held = self.persons.get_mut(id).expect("the row was taken from here");
        held.record = Some(record);
        absorbed
    }

    fn absorb_row<G: Ground>(
        &mut self,
        ground: &mut G,
        (id, record): (PersonId, &Record),
        starting: bool,
        component: &mut Component,
    ) -> Result<Vec<PersonId>, G::Error> {
        let evidence = &record.evidence;
        let mut tied = Vec::new();
        if self.model.is_some() && !record.cards.is_empty() {
            for (identifier, card) in &record.cards {
                tied.extend(card.ties.iter().map(|tie| tie.other));
                let slot = (self.key(identifier), card.clone());
                component.cards.insert(identifier.clone(), slot);
            }
        }
        for node in &evidence.nodes {
            component.names.insert(node.identifier.clone());
            self.holders.entry(self.key(&node.identifier)).or_insert(Some(id));
        }
        for edge in &evidence.edges {
            component.add_edge(edge);
        }
        let lone_value = evidence.nodes.len() == 1
            && evidence.nodes[0].identifier.kind.class() != Class::Unique
            && !evidence.edges.is_empty();
        let mut further = Vec::new();
        if !tied.is_empty() {
            self.need_holders(ground, &tied)?;
            further.extend(tied.into_iter().filter_map(|key| self.holder(key)));
        }
        if starting || !lone_value {
            further.extend(self.far_ends(ground, evidence)?);
        }
        Ok(further)
    }

    fn far_ends<G: Ground>(
        &mut self,
        ground: &mut G,
        evidence: &Evidence,
    ) -> Result<Vec<PersonId>, G::Error> {
        let rules = &self.program.identity;
        let may_join = |edge: &&Edge| match edge.ties {
            Ties::AssertedSame => true,
            Ties::AssertedApart | Ties::TakenBack | Ties::Unsure => false,
            Ties::HomeSame | Ties::HomeApart | Ties::HomeTakenBack => false,
            // Two logins that one event carried contradict each other, whatever else there is.
            Ties::Seen => {
                edge.strong.kind != edge.weak.kind
                    || rules.limits(&edge.strong.kind).per_person_max > 1
            }
        };
        let ends = evidence.edges.iter().filter(may_join).flat_map(|e| [&e.strong, &e.weak]);
        let keys: Vec<_> =
            ends.filter(|end| !evidence.holds(end)).map(|end| self.key(end)).collect();
        self.need_holders(ground, &keys)?;
        Ok(keys.iter().filter_map(|key| self.holder(*key)).collect())
    }

    /// Persons that the partition would join with ones at hand, though their rows are not.
    pub(super) fn beyond<G: Ground>(
        &mut self,
        ground: &mut G,
        component: &Component,
        found: &Partition,
    ) -> Result<Vec<PersonId>, G::Error> {
        if component.cut {
            return Ok(Vec::new());
        }
        let mut beyond = Vec::new();
        for group in found.groups.iter().filter(|group| group.members.len() > 1) {
            let (at_hand, far): (Vec<_>, Vec<_>) =
                group.members.iter().partition(|member| component.names.contains(*member));
            if !at_hand.is_empty() {
                beyond.extend(far.into_iter().map(|member| self.key(member)));
            }
        }
        self.need_holders(ground, &beyond)?;
        let holders = beyond.iter().filter_map(|key| self.holder(*key));
        Ok(holders.filter(|id| !component.persons.contains(id)).collect())
    }

    /// Lets the rows follow the partition; returns the persons that were joined or parted and have
    /// something running or membership to be asked anew. `named` are the identifiers of the event that
    /// brings new evidence, if one does.
    pub(super) fn apply<G: Ground>(
        &mut self,
        ground: &mut G,
        component: &Component,
        found: &Partition,
        named: &[Identifier],
    ) -> Result<Vec<PersonId>, G::Error> {
        let at_hand = |group: &Group| group.members.iter().all(|m| component.names.contains(m));
        let owners: BTreeMap<usize, BTreeSet<PersonId>> = (found.groups.iter().enumerate())
            .filter(|(_, group)| at_hand(group))
            .map(|(index, group)| {
                let holders = group.members.iter().filter_map(|m| self.holder(self.key(m)));
                (index, holders.collect())
            })
            .collect();
        let (mut once, mut torn) = (BTreeSet::new(), BTreeSet::new());
        for owner in owners.values().flatten().filter(|id| component.persons.contains(id)) {
            if !once.insert(*owner) {
                torn.insert(*owner);
            }
        }
        let mut again: BTreeSet<usize> = owners
            .iter()
            .filter(|(_, owners)| !owners.is_disjoint(&torn))
            .map(|(index, _)| *index)
            .collect();
        again.extend(self.passed_on(ground, component, found, (named, &torn))?);
        let mut rows: Vec<(usize, Record, Regrouped)> = Vec::new();
        for (index, owners) in owners.into_iter().filter(|(index, _)| !again.contains(index)) {
            if self.untouched(&found.groups[index], &owners, named) {
                continue;
            }
            if let Some((record, regrouped)) = self.gathered(component, found, index, &owners) {
                rows.push((index, record, regrouped));
            }
        }
        if !again.is_empty() {
            rows.extend(self.refold(ground, component, found, &again)?);
        }
        Ok(self.write_rows(found, rows))
    }

    /// Whether a group is one person as before, and the event brings no evidence of it.
    fn untouched(&self, group: &Group, owners: &BTreeSet<PersonId>, named: &[Identifier]) -> bool {
        let alone = owners.len() == 1;
        let mut rows = owners.iter().filter_map(|id| self.record(*id));
        let whole = rows.all(|record| record.evidence.nodes.len() == group.members.len());
        alone && whole && !named.iter().any(|id| group.members.binary_search(id).is_ok())
    }

    /// The row of a group whose former persons are wholly in it; `None`: nothing changes.
    fn gathered(
        &mut self,
        component: &Component,
        found: &Partition,
        index: usize,
        owners: &BTreeSet<PersonId>,
    ) -> Option<(Record, Regrouped)> {
        let evidence = self.evidence_of(component, found, index);
        if let [only] = owners.iter().copied().collect::<Vec<_>>()[..]
            && self.record(only).is_some_and(|record| record.evidence == evidence)
        {
            return None;
        }
        let mut merged = Record::default();
        let mut joined: Vec<Membership> = Vec::new();
        for owner in owners {
            let Some(record) = self.retire(*owner) else { continue };
            // What there was of one person before is not gone through again.
            if merged.profile.events == 0 && merged.recent.is_empty() {
                (merged.profile, merged.recent) = (record.profile, record.recent);
            } else {
                merged.profile.merge(record.profile);
                record.recent.into_iter().for_each(|position| merged.remember(position));
            }
            merged.enrollments.extend(record.enrollments);
            merged.next_date = match owners.len() {
                1 => record.next_date,
                _ => merged.next_date.joined(record.next_date),
            };
            let membership = record.membership;
            match owners.len() {
                1 => merged.membership = membership,
                _ => joined.push(membership.into_value()),
            }
            let cards = record.cards.into_value();
            self.note_outdated(&record.evidence, &cards);
            merged.cards.extend(cards);
        }
        if let Some(first) = joined.pop() {
            merged.membership = joined.into_iter().fold(first, Membership::joined).into();
        }
        merged.evidence = evidence;
        Some((merged, if owners.len() > 1 { Regrouped::Yes } else { Regrouped::No }))
    }

    /// The evidence of one group: its identifiers and every edge that touches one of them.
    pub(super) fn evidence_of(
        &self,
        component: &Component,
        found: &Partition,
        index: usize,
    ) -> Evidence {
        let members = &found.groups[index].members;
        let mut evidence = Evidence::default();
        for member in members {
            let held = self.holder(self.key(member)).and_then(|id| self.record(id));
            let node = held.and_then(|record| record.evidence.node(member)).map(|n| n.named_first);
            let named_first = node.or_else(|| component.fresh.get(member).copied());
            evidence.add_node(Node {
                identifier: member.clone(),
                named_first: named_first.expect("an identifier is held by somebody, or new"),
            });
        }
        let touching = component.edges.values().filter(|edge| {
            members.binary_search(&edge.strong).is_ok() || members.binary_search(&edge.weak).is_ok()
        });
        evidence.edges = touching.cloned().collect();
        evidence.thin(&self.program.identity);
        evidence
    }

    /// Puts the new rows in place of the former ones.
    pub(super) fn write_rows(
        &mut self,
        found: &Partition,
        rows: Vec<(usize, Record, Regrouped)>,
    ) -> Vec<PersonId> {
        self.note_changes(found, &rows);
        let mut joined = Vec::new();
        for (index, record, regrouped) in rows {
            let id = record.id();
            let runs = record.enrollments.iter().any(crate::journey::Enrollment::runs);
            let stale = record.membership.stale != Stale::No;
            let undated = record.next_date.version != self.program.dates_version;
            if regrouped == Regrouped::Yes && (runs || stale || undated) {
                joined.push(id);
            }
            for member in &found.groups[index].members {
                self.set_holder(self.key(member), Some(id));
            }
            self.put(id, record);
        }
        joined
    }

    /// Notes whom the new rows join and part. The event that brought it about has the last position.
    fn note_changes(&mut self, found: &Partition, rows: &[(usize, Record, Regrouped)]) {
        let mut held: BTreeMap<PersonId, BTreeSet<PersonId>> = BTreeMap::new();
        for (index, record, regrouped) in rows {
            let members = found.groups[*index].members.iter();
            let before = members.filter_map(|member| self.holder(self.key(member)));
            if *regrouped == Regrouped::Yes {
                held.insert(record.id(), before.collect());
            }
        }
        let cause = LogPosition(self.next.0 - 1);
        self.commit.changes.extend(changes(&held, self.now, cause));
    }
}
