//! A store that notes the CPU time of the thread that loads and commits.

use std::time::Duration;

use regulars_engine::commit::{Commit, Logged};
use regulars_engine::event::LogPosition;
use regulars_engine::identity::{IdentifierKey, KeySalt, PersonId};
use regulars_engine::journey::{Call, Notice};
use regulars_engine::offer::{Code, CodeKey, CodeState};
use regulars_engine::source::FeedName;
use regulars_engine::time::Timestamp;
use regulars_store::{
    CommitError, Definition, Erased, Erasure, Loaded, Published, QuarantineOutcome, Sending,
    SqliteStore, Store, StoreError, Versioned, Want,
};

use crate::machine::thread_cpu;

/// The store with its notes.
pub(crate) struct Timed {
    pub(crate) store: SqliteStore,
    /// Reading what batches touch.
    pub(crate) loading: Duration,
    /// Writing what they change.
    pub(crate) committing: Duration,
}

impl Timed {
    pub(crate) fn new(store: SqliteStore) -> Self {
        Self { store, loading: Duration::ZERO, committing: Duration::ZERO }
    }

    fn load_with<T>(&mut self, read: impl FnOnce(&mut SqliteStore) -> T) -> T {
        let before = thread_cpu();
        let found = read(&mut self.store);
        self.loading += thread_cpu() - before;
        found
    }
}

impl Store for Timed {
    type Reader = <SqliteStore as Store>::Reader;

    fn reader(&self) -> Result<Self::Reader, StoreError> {
        self.store.reader()
    }

    fn salt(&self) -> KeySalt {
        self.store.salt()
    }

    fn next_position(&self) -> LogPosition {
        self.store.next_position()
    }

    fn load(&mut self, want: Want<'_>) -> Result<Loaded, StoreError> {
        self.load_with(|store| store.load(want))
    }

    fn persons(&mut self, ids: &[PersonId]) -> Result<Vec<Versioned>, StoreError> {
        self.load_with(|store| store.persons(ids))
    }

    fn persons_after(
        &mut self,
        after: PersonId,
        limit: usize,
    ) -> Result<Vec<Versioned>, StoreError> {
        self.load_with(|store| store.persons_after(after, limit))
    }

    fn hanging_from(
        &mut self,
        anchors: &[IdentifierKey],
        from: LogPosition,
    ) -> Result<Vec<LogPosition>, StoreError> {
        self.load_with(|store| store.hanging_from(anchors, from))
    }

    fn hanging(&mut self, anchors: &[IdentifierKey]) -> Result<Vec<LogPosition>, StoreError> {
        self.load_with(|store| store.hanging(anchors))
    }

    fn events(&mut self, positions: &[LogPosition]) -> Result<Vec<Logged>, StoreError> {
        self.load_with(|store| store.events(positions))
    }

    fn event(&mut self, position: LogPosition) -> Result<Logged, StoreError> {
        self.load_with(|store| store.event(position))
    }

    fn overtaken_by(&mut self, position: LogPosition) -> Result<Option<LogPosition>, StoreError> {
        self.load_with(|store| store.overtaken_by(position))
    }

    fn relink(&mut self, space: &str, values: &[(&str, &[u8])]) -> Result<(), StoreError> {
        self.store.relink(space, values)
    }

    fn offer_code(&mut self, key: CodeKey) -> Result<Option<Code>, StoreError> {
        self.store.offer_code(key)
    }

    fn offer_codes(
        &mut self,
        which: (&str, CodeState),
        after: Option<CodeKey>,
        limit: usize,
    ) -> Result<Vec<(CodeKey, Code)>, StoreError> {
        self.store.offer_codes(which, after, limit)
    }

    fn codes_of_order(&mut self, order: u64) -> Result<Vec<(CodeKey, Code)>, StoreError> {
        self.store.codes_of_order(order)
    }

    fn link_members(
        &mut self,
        keys: &[u64],
        limit: usize,
    ) -> Result<Vec<Vec<IdentifierKey>>, StoreError> {
        self.store.link_members(keys, limit)
    }

    fn commit(&mut self, commit: &Commit) -> Result<(), CommitError> {
        let before = thread_cpu();
        let done = self.store.commit(commit);
        self.committing += thread_cpu() - before;
        done
    }

    fn due(&mut self, now: Timestamp, limit: usize) -> Result<Vec<PersonId>, StoreError> {
        self.load_with(|store| store.due(now, limit))
    }

    fn turning(&mut self, now: Timestamp, limit: usize) -> Result<Vec<PersonId>, StoreError> {
        self.load_with(|store| store.turning(now, limit))
    }

    fn forget_segment(&mut self, segment: u32) -> Result<(), StoreError> {
        self.store.forget_segment(segment)
    }

    fn next_due(&mut self) -> Result<Option<Timestamp>, StoreError> {
        self.load_with(SqliteStore::next_due)
    }

    fn waiting_for(
        &mut self,
        feed: &FeedName,
        complete_to: Timestamp,
        limit: usize,
    ) -> Result<Vec<PersonId>, StoreError> {
        self.load_with(|store| store.waiting_for(feed, complete_to, limit))
    }

    fn settle_quarantine(
        &mut self,
        ids: &[u64],
        outcome: QuarantineOutcome,
    ) -> Result<usize, StoreError> {
        self.store.settle_quarantine(ids, outcome)
    }

    fn publish(
        &mut self,
        definition: &Definition,
        expected: Option<u64>,
    ) -> Result<Published, StoreError> {
        self.store.publish(definition, expected)
    }

    fn withdraw(&mut self, name: &str, expected: u64) -> Result<Published, StoreError> {
        self.store.withdraw(name, expected)
    }

    fn note(&mut self, notice: &Notice) -> Result<bool, StoreError> {
        self.store.note(notice)
    }

    fn note_calls(&mut self, calls: &[Call]) -> Result<usize, StoreError> {
        self.store.note_calls(calls)
    }

    fn thin_calls(&mut self, now: Timestamp, limit: usize) -> Result<usize, StoreError> {
        self.store.thin_calls(now, limit)
    }

    fn put(&mut self, space: &str, key: &str, value: Option<&[u8]>) -> Result<(), StoreError> {
        self.store.put(space, key, value)
    }

    fn set_sending(&mut self, sending: Sending) -> Result<(), StoreError> {
        self.store.set_sending(sending)
    }

    fn erase(&mut self, erasure: &Erasure) -> Result<Erased, CommitError> {
        self.store.erase(erasure)
    }

    fn scrub(&mut self) -> Result<(), StoreError> {
        self.store.scrub()
    }

    fn tidy(&mut self) -> Result<bool, StoreError> {
        self.store.tidy()
    }
}
