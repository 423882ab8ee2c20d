//! The reader: short snapshots beside the writer.

use std::collections::BTreeMap;
use std::ops::Range;
use std::path::PathBuf;
use std::sync::Arc;

use regulars_engine::commit::{Counts, Logged, Quarantined};
use regulars_engine::decision::{Message, MessageState};
use regulars_engine::event::{Code, Kind, LogPosition};
use regulars_engine::identity::{CallingCode, IdentifierKey, KeySalt, PersonId};
use regulars_engine::journey::{Call, Notice};
use regulars_engine::offer::{self, CodeKey, CodeState, Stock};
use regulars_engine::pace::Kept;
use regulars_engine::record::Record;
use regulars_engine::source::{Feed, FeedName};
use regulars_engine::time::{DAY, Timestamp};
use rusqlite::Connection;

use super::connection::Handle;
use super::log::Heading;
use super::number::word;
use super::pointers::{self, Chain};
use super::shared::Shared;
use super::{
    calls, changes, decisions, enrollments, link_keys, log, members, messages, notices,
    offer_codes, paced, persons, search, small, sources,
};
use crate::erase::{NAMED, key_in};
use crate::error::StoreError;
use crate::reader::{
    Account, CallCount, CallFilter, ChangeDay, Decided, DecisionFilter, Entry, Found,
    MessageFilter, NoticeFilter, NumberedChange, QuarantineCount, QuarantineFilter, Reader, Tally,
    Totals, Waiting,
};
use crate::store::{Definition, Sending, Versioned};

/// The embedded store: one of its readers.
#[derive(Debug)]
pub struct SqliteReader {
    pub(super) handle: Handle,
    pub(super) shared: Arc<Shared>,
    pub(super) path: Option<PathBuf>,
}

impl SqliteReader {
    pub(super) fn new(handle: Handle, shared: Arc<Shared>, path: Option<PathBuf>) -> Self {
        Self { handle, shared, path }
    }

    /// Another reader of the same store, with a connection of its own where the store is a file.
    ///
    /// # Errors
    /// If the database cannot be opened again.
    pub fn again(&self) -> Result<Self, StoreError> {
        let handle = self.handle.for_reader(self.path.as_deref())?;
        Ok(Self::new(handle, Arc::clone(&self.shared), self.path.clone()))
    }

    /// Where in the log the events are that hang on these anchors, ascending, each once.
    ///
    /// # Errors
    /// If the database refuses.
    pub fn hanging(&self, anchors: &[IdentifierKey]) -> Result<Vec<LogPosition>, StoreError> {
        // The look-ups change after the commit that they tell of, so a snapshot taken after them
        // holds all they say.
        let heads = self.shared.heads(anchors);
        self.snapshot(|connection| pointers::hanging(connection, anchors, &heads, LogPosition(0)))
    }

    /// Tells of the headings of at least `limit` events from `from` on, if there are so many, in the
    /// order of the log.
    ///
    /// # Errors
    /// If the database refuses, or holds what is no event.
    pub fn headings(
        &self,
        from: LogPosition,
        limit: usize,
        mut tell: impl FnMut(LogPosition, &Heading<'_>),
    ) -> Result<(), StoreError> {
        self.snapshot(|connection| {
            let mut told = 0;
            log::walk(connection, from.0, |frame| {
                for heading in frame.headings() {
                    let (position, heading) = heading?;
                    if position >= from {
                        tell(position, &heading);
                        told += 1;
                    }
                }
                Ok(told < limit)
            })
        })
    }

    /// Reads within one snapshot.
    pub(super) fn snapshot<T>(
        &self,
        read: impl FnOnce(&Connection) -> Result<T, StoreError>,
    ) -> Result<T, StoreError> {
        let connection = self.handle.lock();
        let transaction = connection.unchecked_transaction()?;
        read(&transaction)
    }

    fn page(
        &self,
        anchors: &[IdentifierKey],
        before: Option<LogPosition>,
        limit: usize,
        keep: &dyn Fn(&Logged) -> bool,
    ) -> Result<Vec<Entry>, StoreError> {
        // The look-ups change after the commit that they tell of, so a snapshot taken after them
        // holds all they say.
        let heads = self.shared.heads(anchors);
        let chains = anchors.iter().zip(heads).map(|(anchor, head)| Chain::new(anchor.0, head));
        let mut chains: Vec<Chain> = chains.collect();
        self.snapshot(|connection| {
            let mut frames = log::Frames::default();
            let mut found = Vec::new();
            while found.len() < limit {
                let Some(position) = latest(connection, &mut chains)? else { break };
                if before.is_some_and(|before| position >= before.0) {
                    continue;
                }
                let event = frames.get(connection, self.shared.salt, LogPosition(position))?;
                let event = event.ok_or_else(|| pointers::damaged(position))?;
                if keep(&event) {
                    found.push(log::entry(connection, event)?);
                }
            }
            Ok(found)
        })
    }

    /// Whoever holds the identifier that a person's id was made of.
    fn current(
        &self,
        connection: &Connection,
        id: PersonId,
    ) -> Result<Option<PersonId>, StoreError> {
        if let Some(bytes) = small::get(connection, NAMED, &id.to_string())? {
            let holder = key_in(&bytes).and_then(|key| self.shared.read().holders.get(key.0));
            return Ok(holder.map(PersonId));
        }
        let (position, index) = id.origin();
        let event = log::Frames::default().get(connection, self.shared.salt, position)?;
        let identifier = event.as_ref().and_then(|logged| logged.event.identifiers.get(index));
        let key = identifier.map(|identifier| identifier.key(self.shared.salt));
        Ok(key.and_then(|key| self.shared.read().holders.get(key.0)).map(PersonId))
    }
}

impl Reader for SqliteReader {
    fn salt(&self) -> KeySalt {
        self.shared.salt
    }

    fn next_position(&self) -> Result<LogPosition, StoreError> {
        self.snapshot(log::next_position).map(LogPosition)
    }

    fn person(&self, id: PersonId) -> Result<Option<(u64, Record)>, StoreError> {
        self.snapshot(|connection| {
            if let Some((_, version, record)) = persons::get(connection, id)? {
                return Ok(Some((version, record)));
            }
            let Some(current) = self.current(connection, id)? else { return Ok(None) };
            Ok(persons::get(connection, current)?.map(|(_, version, record)| (version, record)))
        })
    }

    fn holder(&self, key: IdentifierKey) -> Result<Option<PersonId>, StoreError> {
        Ok(self.shared.read().holders.get(key.0).map(PersonId))
    }

    fn link_members(
        &self,
        keys: &[u64],
        limit: usize,
    ) -> Result<Vec<Vec<IdentifierKey>>, StoreError> {
        self.snapshot(|connection| link_keys::members(connection, keys, limit))
    }

    fn paced(&self) -> Result<Vec<Kept>, StoreError> {
        self.snapshot(paced::list)
    }

    fn waiting(&self, source: &str) -> Result<Vec<Waiting>, StoreError> {
        self.snapshot(|connection| paced::waiting(connection, source))
    }

    fn stock(&self) -> Result<Stock, StoreError> {
        self.snapshot(offer_codes::stock)
    }

    fn offer_code(&self, key: CodeKey) -> Result<Option<offer::Code>, StoreError> {
        self.snapshot(|connection| offer_codes::get(connection, key))
    }

    fn codes_of(&self, persons: &[PersonId]) -> Result<Vec<offer::Code>, StoreError> {
        self.snapshot(|connection| {
            let mut found = Vec::new();
            for person in persons {
                let codes = offer_codes::of_person(connection, *person)?;
                found.extend(codes.into_iter().map(|(_, code)| code));
            }
            Ok(found)
        })
    }

    fn offer_codes(
        &self,
        (offer, state): (&str, CodeState),
        after: Option<CodeKey>,
        limit: usize,
    ) -> Result<Vec<(CodeKey, offer::Code)>, StoreError> {
        self.snapshot(|connection| offer_codes::list(connection, offer, state, after, limit))
    }

    fn erased(&self, key: IdentifierKey) -> Result<bool, StoreError> {
        Ok(self.shared.read().erased.get(key.0).is_some())
    }

    fn persons_after(&self, after: PersonId, limit: usize) -> Result<Vec<Versioned>, StoreError> {
        self.snapshot(|connection| persons::after(connection, after, limit))
    }

    fn drawn(&self, count: usize) -> Result<Vec<Record>, StoreError> {
        let ids = self.shared.read().holders.drawn(count);
        self.snapshot(|connection| {
            let mut records = Vec::with_capacity(ids.len());
            for id in ids {
                // Somebody may have been joined since the look-up.
                let row = persons::get(connection, PersonId(id))?;
                records.extend(row.map(|(_, _, record)| record));
            }
            Ok(records)
        })
    }

    fn events(&self, positions: &[LogPosition]) -> Result<Vec<Entry>, StoreError> {
        self.snapshot(|connection| {
            let mut frames = log::Frames::default();
            let mut found = Vec::with_capacity(positions.len());
            for position in positions {
                if let Some(logged) = frames.get(connection, self.shared.salt, *position)? {
                    found.push(log::entry(connection, logged)?);
                }
            }
            Ok(found)
        })
    }

    fn log(&self, from: LogPosition, limit: usize) -> Result<Vec<Entry>, StoreError> {
        self.snapshot(|connection| {
            let mut found = Vec::new();
            log::walk(connection, from.0, |frame| {
                for logged in frame.all(self.shared.salt)? {
                    if logged.position >= from && found.len() < limit {
                        found.push(log::entry(connection, logged)?);
                    }
                }
                Ok(found.len() < limit)
            })?;
            Ok(found)
        })
    }

    fn log_of(
        &self,
        span: Range<LogPosition>,
        kinds: &dyn Fn(&Kind) -> bool,
        each: &mut dyn FnMut(Entry),
    ) -> Result<(), StoreError> {
        self.snapshot(|connection| {
            log::walk(connection, span.start.0, |frame| {
                for logged in frame.some(self.shared.salt, kinds) {
                    let logged = logged?;
                    if span.contains(&logged.position) {
                        each(log::entry(connection, logged)?);
                    }
                }
                Ok(frame.first + frame.count < span.end.0)
            })
        })
    }

    fn timeline(
        &self,
        anchors: &[IdentifierKey],
        before: Option<LogPosition>,
        limit: usize,
        keep: &dyn Fn(&Logged) -> bool,
    ) -> Result<Vec<Entry>, StoreError> {
        match self.page(anchors, before, limit, keep) {
            // Between the look-up and the snapshot an erasure took events off the anchors: what
            // the look-up says after it is right.
            Err(StoreError::Damaged { .. }) => self.page(anchors, before, limit, keep),
            page => page,
        }
    }

    fn mentions(&self, texts: &[String]) -> Result<Vec<LogPosition>, StoreError> {
        let needles = log::Needles::new(texts.iter().map(String::as_str));
        self.snapshot(|connection| {
            let mut found = Vec::new();
            log::walk(connection, 0, |frame| {
                for (entry, position) in frame.entries().zip(frame.first..) {
                    if needles.occur_in(entry) {
                        found.push(LogPosition(position));
                    }
                }
                Ok(true)
            })?;
            Ok(found)
        })
    }

    fn changes_after(&self, after: u64, limit: usize) -> Result<Vec<NumberedChange>, StoreError> {
        self.snapshot(|connection| changes::after(connection, after, limit))
    }

    fn changes_before(
        &self,
        before: Option<u64>,
        limit: usize,
    ) -> Result<Vec<NumberedChange>, StoreError> {
        self.snapshot(|connection| changes::latest(connection, before, limit))
    }

    fn changes_by_day(&self, from: Timestamp) -> Result<Vec<ChangeDay>, StoreError> {
        self.snapshot(|connection| changes::by_day(connection, from.0.div_euclid(DAY)))
    }

    fn statements(
        &self,
        before: Option<LogPosition>,
        limit: usize,
    ) -> Result<Vec<LogPosition>, StoreError> {
        self.snapshot(|connection| changes::statements(connection, before, limit))
    }

    fn decisions(&self, filter: &DecisionFilter, limit: usize) -> Result<Vec<Decided>, StoreError> {
        self.snapshot(|connection| decisions::list(connection, filter, limit))
    }

    fn tallies(&self, since: Option<Timestamp>) -> Result<Vec<Tally>, StoreError> {
        self.snapshot(|connection| decisions::tallies(connection, since))
    }

    fn accounts(&self) -> Result<Vec<Account>, StoreError> {
        self.snapshot(enrollments::accounts)
    }

    fn segment_counts(&self) -> Result<BTreeMap<u32, u64>, StoreError> {
        self.snapshot(members::counts)
    }

    fn segment_members(
        &self,
        segment: u32,
        after: PersonId,
        limit: usize,
    ) -> Result<Vec<PersonId>, StoreError> {
        self.snapshot(|connection| members::after(connection, segment, after, limit))
    }

    fn segment_sizes(&self, segment: u32) -> Result<Vec<(Timestamp, u64)>, StoreError> {
        self.snapshot(|connection| members::sizes(connection, segment))
    }

    fn segment_overlaps(&self, segment: u32) -> Result<BTreeMap<u32, u64>, StoreError> {
        self.snapshot(|connection| members::overlaps(connection, segment))
    }

    fn message(&self, id: u64) -> Result<Option<Message>, StoreError> {
        self.snapshot(|connection| messages::get(connection, id))
    }

    fn messages(&self, filter: &MessageFilter, limit: usize) -> Result<Vec<Message>, StoreError> {
        self.snapshot(|connection| messages::list(connection, filter, limit))
    }

    fn notice(&self, id: u64) -> Result<Option<Notice>, StoreError> {
        self.snapshot(|connection| notices::get(connection, id))
    }

    fn notices(&self, filter: &NoticeFilter, limit: usize) -> Result<Vec<Notice>, StoreError> {
        self.snapshot(|connection| notices::list(connection, filter, limit))
    }

    fn call(&self, id: u64) -> Result<Option<Call>, StoreError> {
        self.snapshot(|connection| calls::get(connection, id))
    }

    fn calls(&self, filter: &CallFilter, limit: usize) -> Result<Vec<Call>, StoreError> {
        self.snapshot(|connection| calls::list(connection, filter, limit))
    }

    fn waiting_calls(&self, destination: &str, limit: usize) -> Result<Vec<Call>, StoreError> {
        self.snapshot(|connection| calls::waiting(connection, destination, limit))
    }

    fn call_counts(&self) -> Result<Vec<CallCount>, StoreError> {
        self.snapshot(calls::counts)
    }

    fn open_notices(&self) -> Result<u64, StoreError> {
        self.snapshot(|connection| Ok(notices::open(connection)?))
    }

    fn search(
        &self,
        text: &str,
        calling: &[CallingCode],
        limit: usize,
    ) -> Result<Vec<Found>, StoreError> {
        self.snapshot(|connection| search::search(connection, text, calling, limit))
    }

    fn feeds(&self) -> Result<Vec<(FeedName, Feed)>, StoreError> {
        self.snapshot(sources::feeds)
    }

    fn counts(&self) -> Result<Vec<(String, Counts)>, StoreError> {
        self.snapshot(sources::counts)
    }

    fn codes(&self) -> Result<Vec<(Code, String, Timestamp)>, StoreError> {
        self.snapshot(sources::codes)
    }

    fn quarantine(
        &self,
        filter: &QuarantineFilter,
        limit: usize,
    ) -> Result<Vec<(u64, Quarantined)>, StoreError> {
        self.snapshot(|connection| sources::quarantine_list(connection, filter, limit))
    }

    fn quarantined(&self, id: u64) -> Result<Option<Quarantined>, StoreError> {
        self.snapshot(|connection| sources::quarantined(connection, id))
    }

    fn quarantine_counts(&self) -> Result<Vec<QuarantineCount>, StoreError> {
        self.snapshot(sources::quarantine_counts)
    }

    fn definition(&self, name: &str) -> Result<Option<Definition>, StoreError> {
        self.snapshot(|connection| small::definition(connection, name))
    }

    fn definitions(&self) -> Result<Vec<Definition>, StoreError> {
        self.snapshot(small::definitions)
    }

    fn get(&self, space: &str, key: &str) -> Result<Option<Vec<u8>>, StoreError> {
        self.snapshot(|connection| small::get(connection, space, key))
    }

    fn list(&self, space: &str) -> Result<Vec<(String, Vec<u8>)>, StoreError> {
        self.snapshot(|connection| small::list(connection, space))
    }

    fn sending(&self) -> Result<Sending, StoreError> {
        self.snapshot(small::sending)
    }

    fn totals(&self) -> Result<Totals, StoreError> {
        let identifiers = u64::try_from(self.shared.read().holders.len()).unwrap_or(u64::MAX);
        self.snapshot(|connection| {
            let count =
                |text: &str| connection.prepare_cached(text)?.query_row([], |row| word(row, 0));
            Ok(Totals {
                events: log::next_position(connection)? - 1,
                persons: small::persons(connection)?,
                identifiers,
                held: count("SELECT coalesce(sum(enrollments), 0) FROM account WHERE state = 1")?,
                claimed: messages::count(connection, MessageState::Claimed)?,
                uncertain: messages::count(connection, MessageState::Uncertain)?,
                quarantined: count("SELECT count(*) FROM quarantine")?,
                disk_bytes: self.disk_bytes(),
            })
        })
    }
}

impl SqliteReader {
    fn disk_bytes(&self) -> u64 {
        let Some(path) = &self.path else { return 0 };
        let wal = path.with_extension("db-wal");
        [path, &wal].iter().filter_map(|path| path.metadata().ok()).map(|file| file.len()).sum()
    }
}

/// Takes the latest position of all chains, once if it is in several.
fn latest(connection: &Connection, chains: &mut [Chain]) -> Result<Option<u64>, StoreError> {
    let mut latest = None;
    for chain in chains.iter_mut() {
        latest = latest.max(chain.peek(connection)?);
    }
    if latest.is_some() {
        for chain in chains.iter_mut() {
            if chain.peek(connection)? == latest {
                chain.next(connection)?;
            }
        }
    }
    Ok(latest)
}
