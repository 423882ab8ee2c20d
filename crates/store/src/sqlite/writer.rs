//! The writer: reading a batch, and the one transaction that writes it.

use std::sync::Arc;

use regulars_engine::commit::{Commit, Logged};
use regulars_engine::event::LogPosition;
use regulars_engine::identity::{IdentifierKey, KeySalt, PersonId};
use regulars_engine::journey::{Call, Notice};
use regulars_engine::offer::{self, CodeKey, CodeState};
use regulars_engine::source::FeedName;
use regulars_engine::time::Timestamp;
use rusqlite::{Connection, Transaction, TransactionBehavior};

use super::decisions::Chains;
use super::open::SqliteStore;
use super::persons::{self, AtHand, Changes};
use super::pointers;
use super::reader::SqliteReader;
use super::turns::Waiting;
use super::{
    calls, changes, decisions, enrollments, identifiers, link_keys, log, members, messages,
    notices, offer_codes, paced, small, sources,
};
use crate::erase::{Erased, Erasure};
use crate::error::{CommitError, StoreError};
use crate::store::{
    Definition, Loaded, Published, QuarantineOutcome, Seen, Sending, Store, Versioned, Want,
};

impl Store for SqliteStore {
    type Reader = SqliteReader;

    fn reader(&self) -> Result<SqliteReader, StoreError> {
        let handle = self.handle.for_reader(self.path.as_deref())?;
        Ok(SqliteReader::new(handle, Arc::clone(&self.shared), self.path.clone()))
    }

    fn salt(&self) -> KeySalt {
        self.shared.salt
    }

    fn next_position(&self) -> LogPosition {
        LogPosition(self.shared.read().next)
    }

    fn load(&mut self, want: Want<'_>) -> Result<Loaded, StoreError> {
        let mut loaded = Loaded::default();
        let mut connection = self.handle.lock();
        for key in want.messages {
            let mut seen: Option<Seen> = None;
            for position in self.keys.candidates(*key) {
                let confirmed = self.key_row.confirm(&connection, position, *key)?;
                seen = seen.max_by_position(confirmed);
            }
            loaded.seen.push(seen);
        }
        {
            let lookups = self.shared.read();
            for key in want.identifiers {
                loaded.holders.push(lookups.holders.get(key.0).map(PersonId));
                loaded.erased.push(lookups.erased.get(key.0).is_some());
            }
        }
        let mut ids: Vec<PersonId> = loaded.holders.iter().flatten().copied().collect();
        ids.sort_unstable();
        ids.dedup();
        loaded.persons = read_persons(&mut connection, &ids, &mut self.at_hand)?;
        Ok(loaded)
    }

    fn persons(&mut self, ids: &[PersonId]) -> Result<Vec<Versioned>, StoreError> {
        read_persons(&mut self.handle.lock(), ids, &mut self.at_hand)
    }

    fn persons_after(
        &mut self,
        after: PersonId,
        limit: usize,
    ) -> Result<Vec<Versioned>, StoreError> {
        persons::read_ahead_after(&self.handle.lock(), after, limit, &mut self.at_hand)
    }

    fn hanging(&mut self, anchors: &[IdentifierKey]) -> Result<Vec<LogPosition>, StoreError> {
        self.hanging_from(anchors, LogPosition(0))
    }

    fn hanging_from(
        &mut self,
        anchors: &[IdentifierKey],
        from: LogPosition,
    ) -> Result<Vec<LogPosition>, StoreError> {
        let heads = self.shared.heads(anchors);
        if heads.iter().all(|head| head.is_none_or(|head| head < from.0)) {
            return Ok(Vec::new());
        }
        pointers::hanging(&self.handle.lock(), anchors, &heads, from)
    }

    fn events(&mut self, positions: &[LogPosition]) -> Result<Vec<Logged>, StoreError> {
        let connection = self.handle.lock();
        let mut frames = log::Frames::default();
        let mut events = Vec::with_capacity(positions.len());
        for position in positions {
            let event = frames.get(&connection, self.shared.salt, *position)?;
            events.push(event.ok_or_else(|| pointers::damaged(position.0))?);
        }
        Ok(events)
    }

    fn event(&mut self, position: LogPosition) -> Result<Logged, StoreError> {
        let connection = self.handle.lock();
        let event = log::Frames::default().get(&connection, self.shared.salt, position)?;
        event.ok_or_else(|| pointers::damaged(position.0))
    }

    fn overtaken_by(&mut self, position: LogPosition) -> Result<Option<LogPosition>, StoreError> {
        Ok(log::overtaken_by(&self.handle.lock(), position)?)
    }

    fn link_members(
        &mut self,
        keys: &[u64],
        limit: usize,
    ) -> Result<Vec<Vec<IdentifierKey>>, StoreError> {
        link_keys::members(&self.handle.lock(), keys, limit)
    }

    fn offer_code(&mut self, key: CodeKey) -> Result<Option<offer::Code>, StoreError> {
        offer_codes::get(&self.handle.lock(), key)
    }

    fn offer_codes(
        &mut self,
        (offer, state): (&str, CodeState),
        after: Option<CodeKey>,
        limit: usize,
    ) -> Result<Vec<(CodeKey, offer::Code)>, StoreError> {
        offer_codes::list(&self.handle.lock(), offer, state, after, limit)
    }

    fn codes_of_order(&mut self, order: u64) -> Result<Vec<(CodeKey, offer::Code)>, StoreError> {
        offer_codes::of_order(&self.handle.lock(), order)
    }

    fn relink(&mut self, space: &str, values: &[(&str, &[u8])]) -> Result<(), StoreError> {
        assert!(space != small::STORE, "this space is the store's own");
        self.transact(|transaction, _| {
            for (key, value) in values {
                small::put(transaction, space, key, Some(value))?;
            }
            Ok(link_keys::clear(transaction)?)
        })
    }

    fn commit(&mut self, commit: &Commit) -> Result<(), CommitError> {
        let next = self.shared.read().next;
        let in_order = commit.events.iter().zip(next..).all(|(e, next)| e.position.0 == next);
        if !in_order {
            return Err(CommitError::Conflict);
        }
        let at_hand = std::mem::take(&mut self.at_hand);
        self.waiting.take(&self.handle.lock(), false)?;
        let durable = if commit.rows_alone() { Durable::WithTheNext } else { Durable::AtOnce };
        let (moved, dues, (turns, put_in)) = self.transact_as(durable, |transaction, store| {
            let mut changes = Changes::along(Chains::of(transaction, &commit.decisions)?);
            for write in &commit.persons {
                persons::write(transaction, write, next, &at_hand, &mut changes)?;
            }
            changes.write(transaction, commit.at)?;
            offer_codes::write(transaction, &commit.offer_codes)?;
            write_rest(transaction, store.shared.salt, commit, changes.chains)?;
            let heads = &store.shared.read().heads;
            let moved = pointers::append(transaction, heads, &commit.events)?;
            let turns = changes.turns.count();
            let put_in = store.waiting.put_in(transaction, Some(turns))?;
            Ok::<_, CommitError>((moved, changes.dues, (turns, put_in)))
        })?;
        self.dues.apply(&dues);
        self.waiting.apply(turns, &put_in);
        for logged in &commit.events {
            self.keys.add(logged.key, logged.position);
        }
        let mut lookups = self.shared.write();
        identifiers::apply(&mut lookups.holders, &commit.identifiers);
        for (anchor, last) in moved {
            lookups.heads.set(anchor, last);
        }
        if let Some(last) = commit.events.last() {
            lookups.next = last.position.0 + 1;
        }
        Ok(())
    }

    fn due(&mut self, now: Timestamp, limit: usize) -> Result<Vec<PersonId>, StoreError> {
        Ok(self.dues.until(now, limit))
    }

    fn turning(&mut self, now: Timestamp, limit: usize) -> Result<Vec<PersonId>, StoreError> {
        let connection = self.handle.lock();
        self.dues.turning(&connection, now, limit)
    }

    fn forget_segment(&mut self, segment: u32) -> Result<(), StoreError> {
        self.transact(|transaction, _| members::forget(transaction, segment))?;
        self.waiting = Waiting::default();
        Ok(())
    }

    fn next_due(&mut self) -> Result<Option<Timestamp>, StoreError> {
        Ok(self.dues.next())
    }

    fn waiting_for(
        &mut self,
        feed: &FeedName,
        complete_to: Timestamp,
        limit: usize,
    ) -> Result<Vec<PersonId>, StoreError> {
        persons::waiting_for(&self.handle.lock(), feed, complete_to, limit)
    }

    fn settle_quarantine(
        &mut self,
        ids: &[u64],
        outcome: QuarantineOutcome,
    ) -> Result<usize, StoreError> {
        self.transact(|transaction, _| Ok(sources::settle(transaction, ids, outcome)?))
    }

    fn publish(
        &mut self,
        definition: &Definition,
        expected: Option<u64>,
    ) -> Result<Published, StoreError> {
        self.transact(|transaction, _| small::publish(transaction, definition, expected))
    }

    fn withdraw(&mut self, name: &str, expected: u64) -> Result<Published, StoreError> {
        self.transact(|transaction, _| small::withdraw(transaction, name, expected))
    }

    fn put(&mut self, space: &str, key: &str, value: Option<&[u8]>) -> Result<(), StoreError> {
        assert!(space != small::STORE, "this space is the store's own");
        self.transact(|transaction, _| Ok(small::put(transaction, space, key, value)?))
    }

    fn note(&mut self, notice: &Notice) -> Result<bool, StoreError> {
        self.transact(|transaction, _| Ok(notices::replace(transaction, notice)?))
    }

    fn note_calls(&mut self, calls: &[Call]) -> Result<usize, StoreError> {
        self.transact(|transaction, _| Ok(calls::replace(transaction, calls)?))
    }

    fn thin_calls(&mut self, now: Timestamp, limit: usize) -> Result<usize, StoreError> {
        self.transact(|transaction, _| Ok(calls::thin(transaction, now, limit)?))
    }

    fn set_sending(&mut self, sending: Sending) -> Result<(), StoreError> {
        self.transact(|transaction, _| Ok(small::set_sending(transaction, sending)?))
    }

    fn erase(&mut self, erasure: &Erasure) -> Result<Erased, CommitError> {
        self.erase_persons(erasure)
    }

    fn scrub(&mut self) -> Result<(), StoreError> {
        self.scrub_file()
    }

    fn tidy(&mut self) -> Result<bool, StoreError> {
        self.merge_small_rows()
    }
}

impl SqliteStore {
    /// Runs one transaction: durable when it returns, without a trace if it fails.
    pub(super) fn transact<T, E: From<rusqlite::Error>>(
        &mut self,
        work: impl FnOnce(&Transaction<'_>, &Self) -> Result<T, E>,
    ) -> Result<T, E> {
        self.transact_as(Durable::AtOnce, work)
    }

    fn transact_as<T, E: From<rusqlite::Error>>(
        &mut self,
        durable: Durable,
        work: impl FnOnce(&Transaction<'_>, &Self) -> Result<T, E>,
    ) -> Result<T, E> {
        self.at_hand.clear();
        let handle = self.handle.clone();
        let mut connection = handle.lock();
        let lazily = durable == Durable::WithTheNext && self.path.is_some();
        if lazily {
            connection.pragma_update(None, "synchronous", "NORMAL")?;
        }
        let done = self.within(&mut connection, work);
        if lazily {
            connection.pragma_update(None, "synchronous", "FULL")?;
        }
        let done = done?;
        if let Some(checkpointer) = &self.checkpointer {
            checkpointer.written(&connection);
        }
        Ok(done)
    }

    fn within<T, E: From<rusqlite::Error>>(
        &self,
        connection: &mut Connection,
        work: impl FnOnce(&Transaction<'_>, &Self) -> Result<T, E>,
    ) -> Result<T, E> {
        let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
        let done = work(&transaction, self)?;
        transaction.commit()?;
        Ok(done)
    }
}

/// When the disk surely has what a transaction wrote.
///
/// What waits for the disk has all there that was written before it: the write-ahead log is synced as a
/// whole, and after a power cut it is read up to the first frame that is not whole.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Durable {
    /// When it returns.
    AtOnce,
    /// When the next one that waits for the disk returns.
    WithTheNext,
}

/// Keeps the later of two sightings.
trait Later {
    fn max_by_position(self, other: Self) -> Self;
}

impl Later for Option<Seen> {
    fn max_by_position(self, other: Self) -> Self {
        match (self, other) {
            (Some(one), Some(other)) if other.position > one.position => Some(other),
            (Some(one), _) => Some(one),
            (None, other) => other,
        }
    }
}

/// In one transaction: a statement by itself takes and gives back locks.
fn read_persons(
    connection: &mut Connection,
    ids: &[PersonId],
    at_hand: &mut AtHand,
) -> Result<Vec<Versioned>, StoreError> {
    let mut found = Vec::with_capacity(ids.len());
    if ids.is_empty() {
        return Ok(found);
    }
    let transaction = connection.transaction()?;
    for id in ids {
        found.extend(persons::read_ahead(&transaction, *id, at_hand)?);
    }
    transaction.commit()?;
    Ok(found)
}

/// Writes everything of a commit but persons and pointers.
fn write_rest(
    connection: &Connection,
    salt: KeySalt,
    commit: &Commit,
    chains: Chains,
) -> Result<(), StoreError> {
    log::append(connection, salt, &commit.events)?;
    log::overtake(connection, &commit.overtaken)?;
    changes::note_statements(connection, &commit.events)?;
    changes::append(connection, &commit.changes)?;
    identifiers::append(connection, &commit.identifiers)?;
    link_keys::write(connection, &commit.link_keys)?;
    sources::write_feeds(connection, &commit.feeds)?;
    sources::add_counts(connection, &commit.counts)?;
    sources::write_codes(connection, &commit.codes)?;
    sources::quarantine(connection, &commit.quarantine)?;
    decisions::append(connection, &commit.decisions, chains)?;
    enrollments::pass(connection, &commit.passages)?;
    notices::append(connection, &commit.notices)?;
    calls::append(connection, &commit.calls)?;
    messages::write(connection, salt, &commit.messages)?;
    paced::write(connection, &commit.paced)?;
    Ok(())
}
