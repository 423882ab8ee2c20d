//! What the shop asks of journeys: that people enter, each with what was decided about it, and that
//! people inside go on in another version.

use regulars_engine::commit::MessageKey;
use regulars_engine::decision::Decision;
use regulars_engine::event::Event;
use regulars_engine::identity::PersonId;
use regulars_engine::journey::Transfer;
use regulars_engine::time::Timestamp;
use regulars_engine::work::{Accepted, Transferred};
use regulars_store::Store;

use super::{Keep, Writer, WriterError};

impl<S: Store> Writer<S> {
    /// Moves persons of one version of a journey to another, in one commit.
    ///
    /// # Errors
    /// If the store fails; then nobody was moved.
    pub(crate) fn transfer(
        &mut self,
        persons: &[PersonId],
        transfer: &Transfer,
        now: Timestamp,
    ) -> Result<Transferred, WriterError> {
        self.batch(|work, ground| work.transfer(ground, persons, transfer, now))
    }

    /// Accepts events of our own in one commit, or only finds out what would come of them. Tells of each
    /// whether it was there before, and what was decided because of it.
    ///
    /// # Errors
    /// If the store fails; then nothing was written.
    pub(crate) fn request(
        &mut self,
        events: Vec<Event>,
        keep: Keep,
        now: Timestamp,
    ) -> Result<Vec<(Accepted, Vec<Decision>)>, WriterError> {
        if events.is_empty() {
            return Ok(Vec::new());
        }
        let salt = self.salt;
        let key = |event: &Event| MessageKey::of(salt, &event.source, &event.message_id);
        self.batch_kept(keep, |work, ground| {
            work.read_ahead(ground, events.iter().map(|event| (key(event), event)))?;
            let mut heard = Vec::with_capacity(events.len());
            for event in events {
                let before = work.decided().len();
                let accepted = work.accept(ground, key(&event), event, now)?;
                heard.push((accepted, work.decided()[before..].to_vec()));
            }
            Ok(heard)
        })
    }
}
