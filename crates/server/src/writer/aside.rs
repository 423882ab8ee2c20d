//! A writer that keeps what batches change aside, in memory, for the next one: a dry run beside a store.
//! Rows stay as they are between batches, the log is that of the store, and of decisions, messages and
//! counts nothing is written, since nobody reads it.
//!
//! **Invariant:** while a writer keeps aside, every batch of it does, and rows are asked of
//! [`Writer::person`] and [`Writer::message`]: those of the store in memory are not there.

use std::borrow::Cow;
use std::collections::HashMap;

use regulars_engine::commit::Commit;
use regulars_engine::decision::{Message, MessageState};
use regulars_engine::identity::PersonId;
use regulars_engine::record::Record;
use regulars_engine::work::Carried;
use regulars_store::{Reader, SqliteReader, Store, StoreError};

use super::agenda::Agenda;
use super::past::{Past, Placed};
use super::{Writer, WriterError};
use crate::memory;

/// The fewest rows that stay as they are: a batch of thousands of events touches fewer.
const AWAKE_MIN: usize = 16_384;
/// What a row takes that stays as it is, with all that was asked of it: some 16 KB, and what lies between.
const ROW_BYTES: u64 = 20_000;
/// Rows stay as they are in this part of the memory that is left: other work goes on beside.
const MEMORY_PART: u64 = 4;

/// What is kept aside.
#[derive(Debug)]
pub(super) struct Aside {
    pub(super) past: Past,
    pub(super) carried: Carried,
    /// So many rows stay as they are.
    pub(super) awake_max: usize,
    /// Messages that were written since decisions were last taken, and those of which they tell.
    written: HashMap<u64, Message>,
    told: HashMap<u64, Message>,
}

impl Aside {
    fn of(log: SqliteReader) -> Result<Self, StoreError> {
        let (carried, written, told) = (Carried::default(), HashMap::new(), HashMap::new());
        // Packing rows and reading them again is a good part of the work where there are many people.
        let rows = memory::available().unwrap_or(0) / MEMORY_PART / ROW_BYTES;
        let awake_max = usize::try_from(rows).unwrap_or(usize::MAX).max(AWAKE_MIN);
        Ok(Self { past: Past::of(log)?, carried, awake_max, written, told })
    }

    /// Keeps what a commit changes; returns what of it the store must know.
    pub(super) fn keep(&mut self, commit: &mut Commit, placed: &[Placed]) -> Commit {
        let events = std::mem::take(&mut commit.events);
        self.carried.lend(self.past.append(events, &commit.overtaken, placed));
        let claimed = |message: &Message| message.state == MessageState::Claimed;
        let messages = commit.messages.iter().map(|message| (message.id, message.clone()));
        self.written.extend(messages);
        commit.messages.retain(claimed);
        Commit {
            at: commit.at,
            identifiers: std::mem::take(&mut commit.identifiers),
            link_keys: std::mem::take(&mut commit.link_keys),
            codes: commit.codes.clone(),
            offer_codes: commit.offer_codes.clone(),
            calls: commit.calls.clone(),
            ..Commit::default()
        }
    }

    /// Decisions were taken: the messages they tell of are at hand until the next time.
    pub(super) fn taken(&mut self) {
        self.told = std::mem::take(&mut self.written);
    }
}

impl<S: Store> Writer<S> {
    /// Keeps aside from here on what batches change, where the log to be played is the one that `log`
    /// reads. Nothing has been written yet.
    ///
    /// # Errors
    /// If the log cannot be read.
    pub fn keep_aside(&mut self, log: SqliteReader) -> Result<(), WriterError> {
        self.aside = Some(Aside::of(log)?);
        self.agenda = Some(Agenda::default());
        Ok(())
    }

    /// Lets so many rows that are kept aside stay as they are; those beyond take a fifth of the memory,
    /// and longer to be asked for.
    pub(crate) fn set_awake(&mut self, most: usize) {
        if let Some(aside) = &mut self.aside {
            aside.awake_max = most;
        }
    }

    /// Ends a batch that is kept aside. One that failed ends the dry run.
    pub(super) fn end_aside<T>(
        &mut self,
        mut aside: Aside,
        worked: Result<T, WriterError>,
        mut commit: Commit,
        placed: &[Placed],
    ) -> Result<T, WriterError> {
        let done = worked?;
        self.hear(&commit.events);
        let known = aside.keep(&mut commit, placed);
        self.aside = Some(aside);
        self.write(&known)?;
        self.note(commit);
        if !known.offer_codes.is_empty() {
            self.stock = self.reader.stock()?;
        }
        Ok(done)
    }

    /// A person's row, as [`Reader::person`] gives it, also where it is kept aside.
    ///
    /// # Errors
    /// If the store cannot be read.
    pub fn person(&self, id: PersonId) -> Result<Option<Cow<'_, Record>>, StoreError> {
        let Some(aside) = &self.aside else {
            return Ok(self.reader.person(id)?.map(|(_, record)| Cow::Owned(record)));
        };
        if let Some(record) = aside.carried.get(id) {
            return Ok(Some(record));
        }
        let (position, index) = id.origin();
        let logged = aside.past.event(position)?;
        let Some(identifier) = logged.event.identifiers.get(index) else { return Ok(None) };
        let holder = self.reader.holder(identifier.key(self.salt))?;
        Ok(holder.and_then(|id| aside.carried.get(id)))
    }

    /// Rows by ascending id after `after`, as [`Reader::persons_after`] gives them, also where they are
    /// kept aside.
    ///
    /// # Errors
    /// If the store cannot be read.
    pub fn persons_after(
        &self,
        after: PersonId,
        limit: usize,
    ) -> Result<Vec<(PersonId, Cow<'_, Record>)>, StoreError> {
        match &self.aside {
            Some(aside) => Ok(aside.carried.after(after, limit)),
            None => {
                let rows = self.reader.persons_after(after, limit)?.into_iter();
                Ok(rows.map(|(id, _, record)| (id, Cow::Owned(record))).collect())
            }
        }
    }

    /// A message; where they are kept aside, of those alone that the decisions taken last tell of.
    ///
    /// # Errors
    /// If the store cannot be read.
    pub fn message(&self, id: u64) -> Result<Option<Message>, StoreError> {
        match &self.aside {
            Some(aside) => Ok(aside.told.get(&id).cloned()),
            None => self.reader.message(id),
        }
    }
}
