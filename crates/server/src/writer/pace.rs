//! How fast messages leave: what was claimed lately is kept beside what is claimed, and whoever waits
//! for a turn is asked again when other limits are in force.

use std::sync::Arc;

use regulars_engine::pace::{Paces, Waits};
use regulars_engine::program::Program;
use regulars_engine::time::Timestamp;
use regulars_engine::work::OWN_SOURCE;
use regulars_store::{Reader, Store, StoreError};

use super::{Writer, WriterError};

/// The space of the store that says under which limits whoever waits was given their turn.
const SPACE: &str = "pace in force";
const KEY: &str = "limits";

impl<S: Store> Writer<S> {
    /// Lets the shop's limits on pace count from now on: messages leave from here. Whoever was given a
    /// turn under others is asked again.
    ///
    /// # Errors
    /// If the store fails.
    pub fn keep_pace(&mut self) -> Result<(), WriterError> {
        self.pace = Some(Paces::default());
        self.reload_pace()?;
        let program = Arc::clone(&self.program);
        Ok(self.wake_paced(&program)?)
    }

    /// Reads again what was claimed lately.
    pub(super) fn reload_pace(&mut self) -> Result<(), StoreError> {
        if self.pace.is_some() {
            self.pace = Some(Paces::new(self.salt, self.reader.paced()?));
        }
        Ok(())
    }

    /// Wakes whoever waits for a turn, if a program that is put in force lets messages leave at another
    /// pace. What they wait under is kept only once all of them were asked: a sudden end forgets nobody.
    pub(super) fn wake_paced(&mut self, program: &Program) -> Result<(), StoreError> {
        let Some(pace) = self.pace.as_mut() else { return Ok(()) };
        // The words of another version may differ: then whoever waits is asked once more.
        let limits = format!("{:?} {}", program.shop.pace, program.shop.sending_domain());
        let held = self.reader.get(SPACE, KEY)?;
        if held.as_deref() == Some(limits.as_bytes()) {
            return Ok(());
        }
        if held.is_some() {
            self.store.put(SPACE, KEY, None)?;
        }
        pace.forget_promises();
        for waiting in self.reader.waiting(OWN_SOURCE)? {
            if Waits::parse(&waiting.feed).is_some() {
                self.waking.move_to(waiting.feed, Timestamp::LATEST);
            }
        }
        self.asking_again = Some(limits);
        Ok(())
    }

    /// Notes it once everybody was asked again who waited under other limits.
    pub(super) fn note_asked(&mut self) -> Result<(), StoreError> {
        match self.asking_again.take_if(|_| !self.waking.pending()) {
            Some(limits) => self.store.put(SPACE, KEY, Some(limits.as_bytes())),
            None => Ok(()),
        }
    }
}
