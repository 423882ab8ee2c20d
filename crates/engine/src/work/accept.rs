//! Accepting events: repeats told apart, erased identifiers left out, feeds and codes noted.

use super::resolve::Resolved;
use super::{Ground, Purpose, Seen, Work};
use crate::commit::{Counts, Logged, MessageKey};
use crate::event::{Document, Event, LogPosition};
use crate::identity::IdentifierKey;
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
        self.commit.events.reserve(messages.len());
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

    /// Takes in one event: log, feed, product codes, person, profile, journeys. It claims nothing: what
    /// stands behind it in its batch is accepted with it, and a receipt there may forbid the message. What
    /// could be claimed is due, and a look claims it, knowing all of the batch.
    ///
    /// # Errors
    /// Those of the ground; the work must then be thrown away.
    pub fn accept<G: Ground>(
        &mut self,
        ground: &mut G,
        key: MessageKey,
        event: Event,
        now: Timestamp,
    ) -> Result<Accepted, G::Error> {
        let room = std::mem::replace(&mut self.room, 0);
        let accepted = self.take_in(ground, key, event, now)?;
        self.room = room;
        Ok(accepted)
    }

    fn take_in<G: Ground>(
        &mut self,
        ground: &mut G,
        key: MessageKey,
        mut event: Event,
        now: Timestamp,
    ) -> Result<Accepted, G::Error> {
        self.now = now;
        let seen = match self.seen.get(&key) {
            Some(seen) => *seen,
            None => ground.seen(&[key])?.first().copied().flatten(),
        };
        if let Some(seen) = seen {
            if seen.content == event.content {
                self.counts_of(&event.source).duplicates += 1;
                return Ok(Accepted::Duplicate);
            }
            if event.document == Document::Once {
                self.counts_of(&event.source).conflicts += 1;
                return Ok(Accepted::Conflict);
            }
        }
        let standing = match seen {
            Some(seen) => Some(self.standing(ground, seen.position)?),
            None => None,
        };
        let mut keys: Vec<_> = event.identifiers.iter().map(|id| self.key(id)).collect();
        self.need_holders(ground, &keys)?;
        if keys.iter().any(|key| self.erased.contains(key)) {
            self.forget_erased(&mut event);
            keys.retain(|key| !self.erased.contains(key));
        }
        let position = self.next;
        self.next = LogPosition(position.0 + 1);
        self.seen.insert(key, Some(Seen { position, content: event.content }));
        self.counts_of(&event.source).accepted += 1;
        let feed = self.sources.fold(&event);
        self.spoken.insert(feed);
        for (code, id, at) in Catalogue::lessons(&event) {
            if self.catalogue.learn(code, id, at) {
                self.commit.codes.push((code.clone(), id.to_owned(), at));
            }
        }
        match standing {
            Some(standing) => {
                self.correct(ground, &standing, (position, key), event, &keys, now)?;
            }
            None => self.take(ground, (position, key), event, &keys, now)?,
        }
        Ok(Accepted::Logged(position))
    }

    fn counts_of(&mut self, source: &str) -> &mut Counts {
        if !self.counts.contains_key(source) {
            self.counts.insert(source.to_owned(), Counts::default());
        }
        self.counts.get_mut(source).expect("it was put there")
    }

    /// Leaves out what was erased. An event that then names nobody keeps only what a count needs:
    /// its traits and properties may name the person in other words.
    fn forget_erased(&self, event: &mut Event) {
        event.identifiers.retain(|id| !self.erased.contains(&id.key(self.salt)));
        event.traits.clear();
        event.properties.clear();
    }

    /// Puts an event into the log and into its person, and decides what follows; `keys` are those
    /// of its identifiers.
    pub(super) fn take<G: Ground>(
        &mut self,
        ground: &mut G,
        (position, key): (LogPosition, MessageKey),
        event: Event,
        keys: &[IdentifierKey],
        now: Timestamp,
    ) -> Result<(), G::Error> {
        let resolved = self.fold(ground, &event, keys, position)?;
        let index = self.commit.events.len();
        let person = resolved.as_ref().map(|resolved| resolved.person);
        self.follow_order(ground, person, &event, now)?;
        if let Some(Resolved { person, joined }) = resolved
            && self.purpose == Purpose::Live
        {
            for joined in joined {
                self.decide(ground, joined, Input::Joined, now)?;
            }
            self.decide(ground, person, Input::Event(&event, position), now)?;
        }
        // Claims that the event led to come after it.
        let logged = Logged { position, key, event, anchor: keys.first().copied() };
        self.commit.events.insert(index, logged);
        Ok(())
    }

    /// Puts an event into the log and into its person, and decides nothing.
    pub(super) fn hang<G: Ground>(
        &mut self,
        ground: &mut G,
        (position, key): (LogPosition, MessageKey),
        event: Event,
        keys: &[IdentifierKey],
    ) -> Result<(), G::Error> {
        self.fold(ground, &event, keys, position)?;
        let anchor = keys.first().copied();
        self.commit.events.push(Logged { position, key, event, anchor });
        Ok(())
    }

    /// Folds an event into its person.
    fn fold<G: Ground>(
        &mut self,
        ground: &mut G,
        event: &Event,
        keys: &[IdentifierKey],
        position: LogPosition,
    ) -> Result<Option<Resolved>, G::Error> {
        let mut resolved = self.resolve(ground, event, keys, position)?;
        if let Some(resolved) = &mut resolved {
            let aggregates = &self.program.aggregates;
            let record = self.change(resolved.person);
            record.profile.fold(event, aggregates);
            record.remember(position);
            self.link_event(ground, event, (position, keys.first().copied()), resolved)?;
        }
        Ok(resolved)
    }
}
