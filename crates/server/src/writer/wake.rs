//! Waking: persons whose moment has come, and those who waited for a feed's word.

use std::collections::{BTreeMap, HashSet, VecDeque};

use regulars_engine::decision::Message;
use regulars_engine::guard::sending_switch;
use regulars_engine::identity::PersonId;
use regulars_engine::journey::Outcome;
use regulars_engine::source::{Feed, FeedName, Rhythm, Sources};
use regulars_engine::time::Timestamp;
use regulars_store::{Sending, Store, StoreError};

use super::{Writer, WriterError, ground};

/// Feeds that have spoken, and whoever waited for their word.
#[derive(Debug, Default)]
pub(super) struct Waking {
    /// Feeds whose word has moved, with the moment they are complete to: what waits is to be woken.
    moved: BTreeMap<FeedName, Timestamp>,
    /// Persons who waited for such a word and have not been looked at since, in order.
    woken: VecDeque<PersonId>,
}

impl Waking {
    /// Remembers how far a feed is complete, by its own word or by presumption.
    pub(super) fn note_feed(&mut self, sources: &Sources, name: &FeedName, feed: &Feed) {
        let habit = sources.settings_of(&name.source).habit_of(&name.feed);
        let presumed = match habit.rhythm {
            Rhythm::Live => Some(feed.heard_at.plus(-habit.lag_ms)),
            Rhythm::Batch => None,
        };
        if let Some(through) = feed.complete_through.max(presumed) {
            match self.moved.get_mut(name) {
                Some(held) => *held = (*held).max(through),
                None => drop(self.moved.insert(name.clone(), through)),
            }
        }
    }

    /// Remembers that whoever waits for what has this name up to `through` is to be asked again.
    pub(super) fn move_to(&mut self, name: FeedName, through: Timestamp) {
        self.moved.insert(name, through);
    }

    /// Whether somebody is to be looked at, or may be, whatever the time.
    pub(super) fn pending(&self) -> bool {
        !self.moved.is_empty() || !self.woken.is_empty()
    }

    /// Whoever waited for a feed that has spoken is to be looked at; `waiting_for` finds them.
    pub(super) fn wake(
        &mut self,
        mut waiting_for: impl FnMut(&FeedName, Timestamp) -> Result<Vec<PersonId>, StoreError>,
    ) -> Result<(), StoreError> {
        if self.moved.is_empty() {
            return Ok(());
        }
        let mut known: HashSet<PersonId> = self.woken.iter().copied().collect();
        while let Some((name, through)) = self.moved.pop_first() {
            let waiting = match waiting_for(&name, through) {
                Ok(waiting) => waiting,
                Err(error) => {
                    self.moved.insert(name, through);
                    return Err(error);
                }
            };
            self.woken.extend(waiting.into_iter().filter(|id| known.insert(*id)));
        }
        Ok(())
    }

    /// Up to `limit` persons to be looked at: first those who were woken, then those who are `due`.
    pub(super) fn next(
        &self,
        limit: usize,
        due: impl FnOnce(usize) -> Result<Vec<PersonId>, StoreError>,
    ) -> Result<Vec<PersonId>, StoreError> {
        let mut persons: Vec<PersonId> = self.woken.iter().take(limit).copied().collect();
        if persons.len() < limit {
            let due = due(limit - persons.len())?;
            persons.extend(due.into_iter().filter(|id| !self.woken.contains(id)));
        }
        Ok(persons)
    }

    /// Notes that the first `looked` of them were looked at.
    pub(super) fn looked(&mut self, looked: usize) {
        self.woken.drain(..looked.min(self.woken.len()));
    }

    /// Forgets everything, as a sudden end does.
    pub(super) fn clear(&mut self) {
        *self = Self::default();
    }
}

impl<S: Store> Writer<S> {
    /// Remembers how far a feed is complete.
    pub(super) fn note_feed(&mut self, name: &FeedName, feed: &Feed) {
        self.waking.note_feed(&self.sources, name, feed);
    }

    /// Remembers that messages may leave, for those that were held because they might not.
    pub(super) fn note_sending(&mut self) {
        if self.sending == Sending::On {
            self.waking.move_to(sending_switch(), Timestamp::LATEST);
        }
    }

    /// Looks at up to `limit` persons for whom something may have changed by `now`: first those
    /// who waited for a feed that has spoken, each once for all it said, then those whose own
    /// moment has come. Stops when there is no room for another message. Returns how many it
    /// looked at.
    ///
    /// # Errors
    /// If the store fails.
    pub fn tick(&mut self, now: Timestamp, limit: usize) -> Result<usize, WriterError> {
        if self.room() == 0 {
            return self.turn(now, limit);
        }
        let persons = self.wanting_a_look(now, limit)?;
        if persons.is_empty() {
            return Ok(0);
        }
        let looked = self.look(&persons, now)?;
        self.waking.looked(looked);
        Ok(looked)
    }

    /// Notes what became of messages, and looks in the same commit at whoever is to be looked at, as
    /// [`Writer::tick`] does, as far as there is room now that those have ended. Returns how many it
    /// looked at; `None`: there was no room.
    ///
    /// # Errors
    /// If the store fails. Where only looking failed, what became of the messages is noted.
    pub fn settle_and_look(
        &mut self,
        settled: Vec<(Message, Outcome)>,
        now: Timestamp,
        limit: usize,
    ) -> Result<Option<usize>, WriterError> {
        self.underway.end(settled.iter().map(|(message, _)| message.id));
        if self.room() == 0 || limit == 0 {
            self.note_settled(settled, now)?;
            return Ok(None);
        }
        let persons = match self.wanting_a_look(now, limit) {
            Ok(persons) => persons,
            Err(error) => {
                self.note_settled(settled, now)?;
                return Err(error);
            }
        };
        let outcomes: Vec<Outcome> = settled.iter().map(|(_, outcome)| *outcome).collect();
        let mut unsettled = Vec::new();
        let looked = self.look_in_batch(|work, ground| {
            settled.into_iter().try_for_each(|one| ground::settle(work, ground, one, now))?;
            work.look(ground, &persons, now).inspect_err(|_| unsettled = work.take_settled())
        });
        match looked {
            Ok(looked) => {
                self.waking.looked(looked);
                Ok(Some(looked))
            }
            Err(error) => {
                // A row that cannot be read keeps nobody else's message uncertain.
                self.note_settled(unsettled.into_iter().zip(outcomes).collect(), now)?;
                Err(error)
            }
        }
    }

    /// Up to `limit` persons for whom something may have changed by `now`.
    fn wanting_a_look(
        &mut self,
        now: Timestamp,
        limit: usize,
    ) -> Result<Vec<PersonId>, WriterError> {
        self.note_asked()?;
        let Self { waking, store, agenda, .. } = self;
        Ok(match agenda {
            Some(agenda) => {
                waking.wake(|name, through| Ok(agenda.waiting_for(name, through)))?;
                waking.next(limit, |limit| Ok(agenda.due(now, limit)))?
            }
            None => {
                waking.wake(|name, through| store.waiting_for(name, through, usize::MAX))?;
                waking.next(limit, |limit| store.due(now, limit))?
            }
        })
    }

    /// A slice of what has turned by time while nobody looked, without moving any journey. Returns
    /// whether there was anything.
    ///
    /// # Errors
    /// If the store fails.
    pub fn catch_up(&mut self, now: Timestamp) -> Result<bool, WriterError> {
        Ok(self.turn(now, 1_000)? > 0)
    }

    /// Asks the segments of up to `limit` persons whose answer time may have turned: that needs no
    /// room for messages.
    fn turn(&mut self, now: Timestamp, limit: usize) -> Result<usize, WriterError> {
        let persons = self.store.turning(now, limit)?;
        if !persons.is_empty() {
            self.look_in_batch(|work, ground| work.look_at_segments(ground, &persons, now))?;
        }
        Ok(persons.len())
    }

    /// The earliest moment at which anybody wants to be looked at; at once if a feed has spoken.
    ///
    /// # Errors
    /// If the store fails.
    pub fn next_due(&mut self) -> Result<Option<Timestamp>, WriterError> {
        if self.waking.pending() {
            return Ok(Some(Timestamp::EARLIEST));
        }
        match &self.agenda {
            Some(agenda) => Ok(agenda.next_due()),
            None => Ok(self.store.next_due()?),
        }
    }
}
