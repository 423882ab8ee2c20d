//! Accepting events: repeats told apart, erased identifiers left out, feeds and codes noted.

use super::resolve::Resolved;
use super::{Ground, Purpose, Seen, Work};
use crate::commit::{Logged, MessageKey};
use crate::event::{Document, Event, LogPosition};
use crate::product::Catalogue;
use crate::step::Input;
use crate::time::Timestamp;

/// What became of an event.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Accepted {
    /// It is in the log.
    Logged(LogPosition),
    /// It was there already.
    Duplicate,
    /// Its id was there with other content, and the first stays.
    Conflict,
}

impl Work<'_> {
    /// Reads ahead what a batch of events touches, in few large look-ups instead of many small ones.
    ///
    /// # Errors
    /// Those of the ground.
    pub fn read_ahead<'e, G: Ground>(
        &mut self,
        ground: &mut G,
        events: impl Iterator<Item = (MessageKey, &'e Event)>,
    ) -> Result<(), G::Error> {
        let (mut messages, mut identifiers) = (Vec::new(), Vec::new());
        for (key, event) in events {
            messages.push(key);
            identifiers.extend(event.identifiers.iter().map(|identifier| self.key(identifier)));
        }
        let found = ground.seen(&messages)?;
        self.seen.extend(messages.into_iter().zip(found));
        identifiers.sort_unstable();
        identifiers.dedup();
        self.need_holders(ground, &identifiers)?;
        let mut persons: Vec<_> = identifiers.iter().filter_map(|key| self.holder(*key)).collect();
        persons.sort_unstable();
        persons.dedup();
        self.need_persons(ground, &persons)
    }

    /// Takes in one event: log, feed, product codes, person, profile, journeys.
    ///
    /// # Errors
    /// Those of the ground; the work must then be thrown away.
    pub fn accept<G: Ground>(
        &mut self,
        ground: &mut G,
        key: MessageKey,
        mut event: Event,
        now: Timestamp,
    ) -> Result<Accepted, G::Error> {
        let seen = match self.seen.get(&key) {
            Some(seen) => *seen,
            None => ground.seen(&[key])?.first().copied().flatten(),
        };
        if let Some(seen) = seen {
            let counts = self.counts.entry(event.source.clone()).or_default();
            if seen.content == event.content {
                counts.duplicates += 1;
                return Ok(Accepted::Duplicate);
            }
            if event.document == Document::Once {
                counts.conflicts += 1;
                return Ok(Accepted::Conflict);
            }
        }
        let standing = match seen {
            Some(seen) => Some(self.standing(ground, seen.position)?),
            None => None,
        };
        let keys: Vec<_> = event.identifiers.iter().map(|id| self.key(id)).collect();
        self.need_holders(ground, &keys)?;
        if !self.erased.is_empty() {
            self.forget_erased(&mut event);
        }
        let position = self.next;
        self.next = LogPosition(position.0 + 1);
        self.seen.insert(key, Some(Seen { position, content: event.content }));
        self.counts.entry(event.source.clone()).or_default().accepted += 1;
        let feed = self.sources.fold(&event);
        self.feeds.insert(feed);
        for (code, id, at) in Catalogue::lessons(&event) {
            if self.catalogue.learn(&code, &id, at) {
                self.commit.codes.push((code, id, at));
            }
        }
        match standing {
            Some(standing) => self.correct(ground, &standing, (position, key, event), now)?,
            None => self.take(ground, position, key, event, now)?,
        }
        Ok(Accepted::Logged(position))
    }

    /// Leaves out what was erased. An event that then names nobody keeps only what a count needs:
    /// its traits and properties may name the person in other words.
    fn forget_erased(&self, event: &mut Event) {
        let before = event.identifiers.len();
        event.identifiers.retain(|id| !self.erased.contains(&id.key(self.salt)));
        if event.identifiers.len() < before {
            event.traits.clear();
            event.properties.clear();
        }
    }

    /// Puts an event into the log and into its person, and decides what follows.
    pub(super) fn take<G: Ground>(
        &mut self,
        ground: &mut G,
        position: LogPosition,
        key: MessageKey,
        event: Event,
        now: Timestamp,
    ) -> Result<(), G::Error> {
        let index = self.commit.events.len();
        let resolved = self.hang(ground, position, key, event)?;
        if self.purpose == Purpose::Rebuild {
            return Ok(());
        }
        if let Some(resolved) = resolved {
            for joined in resolved.joined {
                self.decide(ground, joined, Input::Joined, now)?;
            }
            let event = self.commit.events[index].event.clone();
            self.decide(ground, resolved.person, Input::Event(&event, position), now)?;
        }
        Ok(())
    }

    /// Puts an event into the log and into its person.
    pub(super) fn hang<G: Ground>(
        &mut self,
        ground: &mut G,
        position: LogPosition,
        key: MessageKey,
        event: Event,
    ) -> Result<Option<Resolved>, G::Error> {
        let resolved = self.resolve(ground, &event, position)?;
        let anchor = event.anchor().map(|anchor| self.key(anchor));
        if let Some(resolved) = &resolved {
            let record = self.change(resolved.person);
            record.profile.fold(&event);
            record.remember(position);
        }
        self.commit.events.push(Logged { position, key, event, anchor });
        Ok(resolved)
    }
}
