//! New versions of documents: a version that was overtaken is taken out of whoever it was taken
//! into, as if it had never been.
//!
//! Of several versions the one received last stands, whatever order they arrive in. All of them
//! stay in the log and in the timeline. What was decided on a version that was overtaken stays
//! decided; what is decided from here on rests on the one that stands.

use std::collections::BTreeSet;

use super::{Ground, Purpose, Work};
use crate::commit::{Logged, MessageKey};
use crate::event::{Event, LogPosition};
use crate::identity::{Edge, Identifier, IdentifierKey, Partition, PersonId, edges_of};
use crate::step::Input;
use crate::time::Timestamp;

use super::resolve::Component;

impl Work<'_> {
    /// Takes in another version of the document that stands at `standing`.
    pub(super) fn correct<G: Ground>(
        &mut self,
        ground: &mut G,
        standing: &Logged,
        (position, key): (LogPosition, MessageKey),
        event: Event,
        keys: &[IdentifierKey],
        now: Timestamp,
    ) -> Result<(), G::Error> {
        let rank = |event: &Event| (event.received_at, event.content);
        if rank(&event) > rank(&standing.event) {
            self.overtaken.insert(standing.position, position);
            let changed = self.retract(ground, standing)?;
            self.take(ground, (position, key), event, keys, now)?;
            return self.look_again(ground, changed, now);
        }
        // It was overtaken before it arrived. It is taken in for the names it brings, and out again.
        self.overtaken.insert(position, standing.position);
        self.hang(ground, (position, key), event, keys)?;
        let late = self.commit.events.last().cloned().expect("the event was put into the log");
        let changed = self.retract(ground, &late)?;
        self.look_again(ground, changed, now)
    }

    /// What runs for those whose past is another now goes by that. It may claim messages, which take
    /// the next positions: so the event itself is in the log before.
    fn look_again<G: Ground>(
        &mut self,
        ground: &mut G,
        changed: Vec<PersonId>,
        now: Timestamp,
    ) -> Result<(), G::Error> {
        if self.purpose == Purpose::Live {
            for person in changed {
                self.decide(ground, person, Input::Joined, now)?;
            }
        }
        Ok(())
    }

    /// The version that stands of the document whose latest version is at `position`.
    pub(super) fn standing<G: Ground>(
        &mut self,
        ground: &mut G,
        position: LogPosition,
    ) -> Result<Logged, G::Error> {
        let mut at = position;
        while let Some(newer) = self.overtaken_by(ground, at)? {
            at = newer;
        }
        self.logged(ground, at)
    }

    /// The event at a position, of this batch or of the log.
    pub(super) fn logged<G: Ground>(
        &self,
        ground: &mut G,
        position: LogPosition,
    ) -> Result<Logged, G::Error> {
        let first = self.commit.events.first().map_or(self.next, |logged| logged.position);
        match position.0.checked_sub(first.0).and_then(|index| usize::try_from(index).ok()) {
            Some(index) => Ok(self.commit.events[index].clone()),
            None => ground.event(position),
        }
    }

    /// The version that took the place of the one at `position`, if it does not stand itself.
    pub(super) fn overtaken_by<G: Ground>(
        &mut self,
        ground: &mut G,
        position: LogPosition,
    ) -> Result<Option<LogPosition>, G::Error> {
        match self.overtaken.get(&position) {
            Some(newer) => Ok(Some(*newer)),
            None => ground.overtaken_by(position),
        }
    }

    /// Folds again whoever an overtaken version was taken into, without it: neither what it told
    /// nor what it tied together counts. An identifier that it named stays known. Returns those of
    /// them for whom something runs.
    fn retract<G: Ground>(
        &mut self,
        ground: &mut G,
        overtaken: &Logged,
    ) -> Result<Vec<PersonId>, G::Error> {
        let (Some(_), Some(anchor)) = (overtaken.anchor, overtaken.event.anchor()) else {
            return Ok(Vec::new());
        };
        let (component, found) = self.without(ground, overtaken, anchor)?;
        let at_hand = |index: &usize| {
            found.groups[*index].members.iter().all(|member| component.names.contains(member))
        };
        let again: BTreeSet<usize> = (0..found.groups.len()).filter(at_hand).collect();
        let rows = self.refold(ground, &component, &found, &again)?;
        let mut joined = self.write_rows(&found, rows);
        joined.extend(self.settle_cards(ground)?);
        joined.retain(|id| self.record(*id).is_some());
        Ok(joined)
    }

    /// The component of an event without what the event itself ties together.
    fn without<G: Ground>(
        &mut self,
        ground: &mut G,
        overtaken: &Logged,
        anchor: &Identifier,
    ) -> Result<(Component, Partition), G::Error> {
        let event = &overtaken.event;
        let keys: Vec<_> = event.identifiers.iter().map(|name| self.key(name)).collect();
        self.need_holders(ground, &keys)?;
        let holders: BTreeSet<PersonId> = keys.iter().filter_map(|key| self.holder(*key)).collect();
        let start = holders.into_iter().collect();
        let (mut component, _) = self.gather(ground, event, overtaken.position, start)?;
        // An edge hangs on the stronger of its ends, as its events do.
        let mut edges: Vec<Edge> = Vec::new();
        self.each_event_of(ground, &BTreeSet::from([self.key(anchor)]), |told| {
            if !told.overtaken {
                edges.extend(edges_of(&told.logged.event));
            }
        })?;
        loop {
            component.edges.retain(|(strong, _, _), _| strong != anchor);
            for edge in &edges {
                component.add_edge(edge);
            }
            // A value that is shared by fewer may join people again who were not read.
            let found = self.partition(&mut component);
            let further = self.beyond(ground, &component, &found)?;
            if further.is_empty() {
                return Ok((component, found));
            }
            self.read_on(ground, further, &BTreeSet::new(), &mut component)?;
        }
    }
}
