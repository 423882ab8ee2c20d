//! How fast messages leave: what was claimed lately is kept beside what is claimed, and whoever waits
//! for a turn is asked again when other limits are in force.

use regulars_engine::pace::{Paces, Waits};
use regulars_engine::program::Program;
use regulars_engine::time::Timestamp;
use regulars_engine::work::OWN_SOURCE;
use regulars_store::{Reader, Store, StoreError};

use super::{Writer, WriterError};

impl<S: Store> Writer<S> {
    /// Lets the shop's limits on pace count from now on: messages leave from here.
    ///
    /// # Errors
    /// If the store cannot be read.
    pub fn keep_pace(&mut self) -> Result<(), WriterError> {
        self.pace = Some(Paces::default());
        Ok(self.reload_pace()?)
    }

    /// Reads again what was claimed lately.
    pub(super) fn reload_pace(&mut self) -> Result<(), StoreError> {
        if self.pace.is_some() {
            self.pace = Some(Paces::new(self.salt, self.reader.paced()?));
        }
        Ok(())
    }

    /// Wakes whoever waits for a turn, if a program that is put in force lets messages leave at another
    /// pace.
    pub(super) fn wake_paced(&mut self, program: &Program) -> Result<(), StoreError> {
        let (before, after) = (&self.program.shop, &program.shop);
        let same = before.pace == after.pace && before.sending_domain() == after.sending_domain();
        let Some(pace) = self.pace.as_mut().filter(|_| !same) else { return Ok(()) };
        pace.forget_promises();
        for waiting in self.reader.waiting(OWN_SOURCE)? {
            if Waits::parse(&waiting.feed).is_some() {
                self.waking.move_to(waiting.feed, Timestamp::LATEST);
            }
        }
        Ok(())
    }
}
