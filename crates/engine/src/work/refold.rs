//! Folding again from the log: what un-merging and devices that change hands need. Exact, and rare.

use std::collections::{BTreeMap, BTreeSet};

use super::resolve::{Component, Regrouped};
use super::{Ground, Work};
use crate::commit::Logged;
use crate::condition::Aggregates;
use crate::event::{Document, LogPosition};
use crate::identity::{Card, Identifier, IdentifierKey, Partition, PersonId, Standing};
use crate::journey::{Enrollment, NextDate};
use crate::profile::Profile;
use crate::record::Record;
use crate::segment::{Membership, Stale};

/// So many events are read at once where a person is folded again: some megabytes.
const EVENTS_AT_ONCE: usize = 4_096;

/// An event that hangs on a person.
#[derive(Debug)]
pub(super) struct Told {
    pub(super) logged: Logged,
    /// Whether another version of its document stands in its place: it is remembered, not folded.
    pub(super) overtaken: bool,
}

impl Work<'_> {
    /// The rows of the groups `again`, folded from all events that hang on their identifiers.
    ///
    /// Enrollments go to whoever holds the event that started them: persons that split keep what
    /// their own events explain.
    pub(super) fn refold<G: Ground>(
        &mut self,
        ground: &mut G,
        component: &Component,
        found: &Partition,
        again: &BTreeSet<usize>,
    ) -> Result<Vec<(usize, Record, Regrouped)>, G::Error> {
        let mut anchors: BTreeSet<IdentifierKey> = again
            .iter()
            .flat_map(|index| &found.groups[*index].members)
            .map(|member| self.key(member))
            .collect();
        for (device, standing) in &found.set_aside {
            // A person's stretch on a device that changes hands holds events that hang on the device.
            if let Standing::ChangesHands(stretches) = standing
                && stretches
                    .iter()
                    .any(|s| found.group_of(&s.identifier).is_some_and(|g| again.contains(&g)))
            {
                anchors.insert(self.key(device));
            }
        }
        let former = self.former(again, found);
        let enrolled = former.iter().filter_map(|id| self.record(*id));
        let entries: BTreeSet<LogPosition> = enrolled
            .flat_map(|record| record.enrollments.iter().map(|entered| entered.entered_by))
            .collect();
        let mut rows: BTreeMap<usize, Record> = again
            .iter()
            .map(|index| {
                let evidence = self.evidence_of(component, found, *index);
                (*index, Record { evidence, ..Record::default() })
            })
            .collect();
        let mut went: BTreeMap<LogPosition, usize> = BTreeMap::new();
        let mut cards: BTreeMap<Identifier, Card> = BTreeMap::new();
        let program = self.program;
        self.each_event_of(ground, &anchors, |Told { logged, overtaken }| {
            let Some(anchor) = logged.event.anchor() else { return };
            if !overtaken && Card::told_by(&logged.event) {
                cards.entry(anchor.clone()).or_default().state(&logged.event);
            }
            let group = found.group_at(anchor, logged.event.occurred.at);
            // An event may belong to a group that is not folded again: it is there already.
            let Some((group, row)) = group.and_then(|g| rows.get_mut(&g).map(|row| (g, row)))
            else {
                return;
            };
            if !overtaken {
                row.profile.fold(&logged.event, &program.aggregates);
            }
            row.remember(logged.position);
            if entries.contains(&logged.position) {
                went.insert(logged.position, group);
            }
        })?;
        self.refold_cards(again, found, cards, &mut rows);
        let (enrollments, membership, next_date) = self.release(&former);
        for row in rows.values_mut() {
            row.next_date = next_date;
            row.membership = membership.clone().into();
        }
        for enrollment in enrollments {
            let first = rows.keys().next().copied();
            let group = went.get(&enrollment.entered_by).copied().or(first);
            if let Some(row) = group.and_then(|group| rows.get_mut(&group)) {
                row.enrollments.push(enrollment);
            }
        }
        Ok(rows.into_iter().map(|(index, row)| (index, row, Regrouped::Yes)).collect())
    }

    /// Tells of the events that hang on the anchors: of those in the log, then of those of this batch.
    /// Few are in memory at one time, since very many may hang on a value that somebody put on all they
    /// send.
    pub(super) fn each_event_of<G: Ground>(
        &mut self,
        ground: &mut G,
        anchors: &BTreeSet<IdentifierKey>,
        each: impl FnMut(Told),
    ) -> Result<(), G::Error> {
        self.each_event_from(ground, (anchors, LogPosition(0)), each)
    }

    /// The same, of the events from a position of the log on.
    pub(super) fn each_event_from<G: Ground>(
        &mut self,
        ground: &mut G,
        (anchors, from): (&BTreeSet<IdentifierKey>, LogPosition),
        mut each: impl FnMut(Told),
    ) -> Result<(), G::Error> {
        let keys: Vec<IdentifierKey> = anchors.iter().copied().collect();
        for positions in ground.hanging_from(&keys, from)?.chunks(EVENTS_AT_ONCE) {
            for logged in ground.events(positions)? {
                each(self.told(ground, logged)?);
            }
        }
        let hangs = |logged: &&Logged| logged.anchor.is_some_and(|a| anchors.contains(&a));
        let of_batch = self.commit.events.iter().chain(&self.arriving);
        for logged in of_batch.filter(hangs).cloned().collect::<Vec<_>>() {
            each(self.told(ground, logged)?);
        }
        Ok(())
    }

    fn told<G: Ground>(&mut self, ground: &mut G, logged: Logged) -> Result<Told, G::Error> {
        let overtaken = logged.event.document == Document::Versioned
            && self.overtaken_by(ground, logged.position)?.is_some();
        Ok(Told { logged, overtaken })
    }

    fn former(&self, again: &BTreeSet<usize>, found: &Partition) -> BTreeSet<PersonId> {
        again
            .iter()
            .flat_map(|index| &found.groups[*index].members)
            .filter_map(|member| self.holder(self.key(member)))
            .collect()
    }

    /// Takes the former rows away. What was kept of their segments goes to all that come of them,
    /// to be asked anew: so whoever stays in one does not enter it.
    fn release(&mut self, former: &BTreeSet<PersonId>) -> (Vec<Enrollment>, Membership, NextDate) {
        let rows: Vec<Record> = former.iter().filter_map(|id| self.retire(*id)).collect();
        let mut enrollments = Vec::new();
        let mut memberships = Vec::new();
        let mut next_date = NextDate::default();
        for row in rows {
            enrollments.extend(row.enrollments);
            memberships.push(row.membership.into_value());
            next_date = next_date.joined(row.next_date);
        }
        let mut membership = memberships.into_iter().reduce(Membership::joined).unwrap_or_default();
        membership.stale = Stale::Parted;
        (enrollments, membership, next_date)
    }
}

/// The profile of events, folded from nothing: what every stored profile must equal.
#[must_use]
pub fn fold_all<'e>(
    events: impl IntoIterator<Item = &'e crate::event::Event>,
    aggregates: &Aggregates,
) -> Profile {
    let mut profile = Profile::default();
    for event in events {
        profile.fold(event, aggregates);
    }
    profile
}
