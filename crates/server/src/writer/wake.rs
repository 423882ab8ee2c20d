//! Waking: persons whose moment has come, and those who waited for a feed's word.

use std::collections::HashSet;

use regulars_engine::guard::sending_switch;
use regulars_engine::identity::PersonId;
use regulars_engine::source::{Feed, FeedName, Rhythm};
use regulars_engine::time::Timestamp;
use regulars_store::{Sending, Store};

use super::{Writer, WriterError};

impl<S: Store> Writer<S> {
    /// Remembers how far a feed is complete, by its own word or by presumption.
    pub(super) fn note_feed(&mut self, name: &FeedName, feed: &Feed) {
        let habit = self.sources.settings_of(&name.source).habit_of(&name.feed);
        let presumed = match habit.rhythm {
            Rhythm::Live => Some(feed.heard_at.plus(-habit.lag_ms)),
            Rhythm::Batch => None,
        };
        if let Some(through) = feed.complete_through.max(presumed) {
            let held = self.moved.entry(name.clone()).or_insert(through);
            *held = (*held).max(through);
        }
    }

    /// Remembers that messages may leave, for those that were held because they might not.
    pub(super) fn note_sending(&mut self) {
        if self.sending == Sending::On {
            self.moved.insert(sending_switch(), Timestamp::LATEST);
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
        self.wake()?;
        let woken = self.woken.len().min(limit);
        let mut persons: Vec<PersonId> = self.woken.iter().take(woken).copied().collect();
        if persons.len() < limit {
            let due = self.store.due(now, limit - persons.len())?;
            persons.extend(due.into_iter().filter(|id| !self.woken.contains(id)));
        }
        if persons.is_empty() {
            return Ok(0);
        }
        let looked = self.look(&persons, now)?;
        self.woken.drain(..looked.min(woken));
        Ok(looked)
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
            self.batch(|work, ground| work.look_at_segments(ground, &persons, now))?;
        }
        Ok(persons.len())
    }

    /// Whoever waited for a feed that has spoken is to be looked at.
    fn wake(&mut self) -> Result<(), WriterError> {
        if self.moved.is_empty() {
            return Ok(());
        }
        let mut known: HashSet<PersonId> = self.woken.iter().copied().collect();
        while let Some((name, through)) = self.moved.pop_first() {
            let waiting = match self.store.waiting_for(&name, through, usize::MAX) {
                Ok(waiting) => waiting,
                Err(error) => {
                    self.moved.insert(name, through);
                    return Err(error.into());
                }
            };
            self.woken.extend(waiting.into_iter().filter(|id| known.insert(*id)));
        }
        Ok(())
    }

    /// The earliest moment at which anybody wants to be looked at; at once if a feed has spoken.
    ///
    /// # Errors
    /// If the store fails.
    pub fn next_due(&mut self) -> Result<Option<Timestamp>, WriterError> {
        if !self.moved.is_empty() || !self.woken.is_empty() {
            return Ok(Some(Timestamp::EARLIEST));
        }
        Ok(self.store.next_due()?)
    }
}
