//! Waking: persons whose moment has come, and those who waited for a feed's word.

use regulars_engine::source::{Feed, FeedName, Rhythm};
use regulars_engine::time::Timestamp;
use regulars_store::Store;

use super::{Writer, WriterError};

impl<S: Store> Writer<S> {
    /// Remembers how far a feed is complete, by its own word or by presumption.
    pub(super) fn note_feed(&mut self, name: &FeedName, feed: &Feed) {
        let settings = self.sources.settings_of(&name.source);
        let presumed = match settings.rhythm {
            Rhythm::Live => Some(feed.heard_at.plus(-settings.lag_ms)),
            Rhythm::Batch => None,
        };
        if let Some(through) = feed.complete_through.max(presumed) {
            let held = self.moved.entry(name.clone()).or_insert(through);
            *held = (*held).max(through);
        }
    }

    /// Looks at up to `limit` persons for whom something may have changed by `now`: first those
    /// who waited for a feed that has spoken, then those whose own moment has come. Returns how
    /// many it looked at; fewer than `limit` means that nobody is left.
    ///
    /// # Errors
    /// If the store fails.
    pub fn tick(&mut self, now: Timestamp, limit: usize) -> Result<usize, WriterError> {
        let mut persons = Vec::new();
        while persons.len() < limit
            && let Some((name, through)) = self.moved.iter().next().map(|(n, t)| (n.clone(), *t))
        {
            let room = limit - persons.len();
            let waiting = self.store.waiting_for(&name, through, room)?;
            let all = waiting.len() < room;
            persons.extend(waiting);
            if all {
                self.moved.remove(&name);
            }
        }
        if persons.len() < limit {
            persons.extend(self.store.due(now, limit - persons.len())?);
        }
        persons.sort_unstable();
        persons.dedup();
        if !persons.is_empty() {
            self.look(&persons, now)?;
        }
        Ok(persons.len())
    }

    /// The earliest moment at which anybody wants to be looked at; at once if a feed has spoken.
    ///
    /// # Errors
    /// If the store fails.
    pub fn next_due(&mut self) -> Result<Option<Timestamp>, WriterError> {
        if !self.moved.is_empty() {
            return Ok(Some(Timestamp::EARLIEST));
        }
        Ok(self.store.next_due()?)
    }
}
