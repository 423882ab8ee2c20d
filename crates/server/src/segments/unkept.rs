//! Conditions that ask for what profiles do not keep yet: nothing is published, so it is read from the
//! log, for one person at a time.

use regulars_engine::condition::{Aggregates, Condition};
use regulars_engine::program::Program;
use regulars_engine::record::Record;
use regulars_store::{Reader, StoreError};

use crate::http::api::timeline_of;

/// The most events read of one person; what lies behind is older than anybody asks for.
const EVENTS_MAX: usize = 100_000;

/// What a condition needs of single events.
pub(super) struct Unkept {
    needed: Aggregates,
    /// How many people were read from the log.
    pub(super) read: usize,
}

impl Unkept {
    pub(super) fn of(condition: &Condition) -> Self {
        Self { needed: Aggregates::of([condition]), read: 0 }
    }

    /// Whether profiles keep all of it, but for people whose profiles are still being computed.
    pub(super) fn kept(&self, program: &Program) -> bool {
        program.aggregates.lack(&self.needed) == 0
    }

    /// Lets a person's row answer, by whatever the log says of what the profile does not keep.
    pub(super) fn complete<R: Reader>(
        &mut self,
        reader: &R,
        record: &mut Record,
    ) -> Result<(), StoreError> {
        if record.profile.standing.complete(&self.needed) {
            return Ok(());
        }
        self.read += 1;
        let entries = timeline_of(reader, record, None, EVENTS_MAX)?;
        let stand = entries.iter().filter(|entry| !entry.erased && entry.overtaken_by.is_none());
        let events = stand.map(|entry| &entry.logged.event);
        record.profile.standing.complete_from(events, &self.needed);
        Ok(())
    }
}
