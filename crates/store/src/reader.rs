//! The reader's side: short snapshots for pages, the API and the command line.

use std::collections::BTreeMap;
use std::ops::Range;

use regulars_engine::commit::{Counts, Logged, Quarantined};
use regulars_engine::decision::{Decision, Message, MessageState, Verdict};
use regulars_engine::event::{Code, Kind, LogPosition};
use regulars_engine::identity::{CallingCode, Change, IdentifierKey, KeySalt, PersonId};
use regulars_engine::journey::{Call, Notice, Passage};
use regulars_engine::offer::{self, CodeKey, CodeState, Stock};
use regulars_engine::pace::Kept;
use regulars_engine::record::Record;
use regulars_engine::source::{Feed, FeedName};
use regulars_engine::time::Timestamp;

use crate::error::StoreError;
use crate::store::{Definition, Sending};

/// An event as it is read from the log.
#[derive(Clone, Debug, PartialEq)]
pub struct Entry {
    /// The event with its place.
    pub logged: Logged,
    /// Whether its person was erased: what is left names nobody and only keeps the place.
    pub erased: bool,
    /// The new version of the same document, if there is one.
    pub overtaken_by: Option<LogPosition>,
}

impl Entry {
    /// Whether the event counts: it was not erased, and no new version has taken its place.
    #[must_use]
    pub fn stands(&self) -> bool {
        !self.erased && self.overtaken_by.is_none()
    }
}

/// A decision with its number; later decisions have larger ones.
#[derive(Clone, Debug, PartialEq)]
pub struct Decided {
    /// The number.
    pub id: u64,
    /// The decision.
    pub decision: Decision,
}

/// A change of who is who with its number; later changes have larger ones, without gaps.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NumberedChange {
    /// The number, from 1: the cursor of the change feed.
    pub number: u64,
    /// What changed.
    pub change: Change,
}

/// How much was joined and parted on one day.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ChangeDay {
    /// The day of UTC, counted from 1 January 1970.
    pub day: i64,
    /// Changes that joined persons.
    pub joined: u64,
    /// Changes that parted persons; one that moved something counts on both sides.
    pub parted: u64,
}

/// Which decisions; every part narrows.
#[derive(Clone, Debug, Default)]
pub struct DecisionFilter {
    /// About one of these persons; empty: about anybody.
    pub persons: Vec<PersonId>,
    /// In this journey.
    pub journey: Option<String>,
    /// With this verdict.
    pub verdict: Option<Verdict>,
    /// Not before.
    pub since: Option<Timestamp>,
    /// With a smaller number: the next page.
    pub before: Option<u64>,
}

/// Who waits for a feed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Waiting {
    /// The feed.
    pub feed: FeedName,
    /// How many persons.
    pub persons: u64,
    /// The earliest moment up to which one of them needs it to be complete.
    pub first: Timestamp,
}

/// Which messages; every part narrows.
#[derive(Clone, Debug, Default)]
pub struct MessageFilter {
    /// To one of these persons; empty: to anybody.
    pub persons: Vec<PersonId>,
    /// In this state.
    pub state: Option<MessageState>,
    /// With a smaller id: the next page.
    pub before: Option<u64>,
}

/// Which notices; every part narrows.
#[derive(Clone, Copy, Debug, Default)]
pub struct NoticeFilter {
    /// Open ones, or those that are done.
    pub open: Option<bool>,
    /// Those of which an address of staff is still to be told.
    pub mail_due: bool,
    /// With a smaller id: the next page.
    pub before: Option<u64>,
}

/// Which calls of other programs; every part narrows.
#[derive(Clone, Debug, Default)]
pub struct CallFilter {
    /// To this destination.
    pub destination: Option<String>,
    /// In this journey.
    pub journey: Option<String>,
    /// At this step.
    pub step: Option<String>,
    /// In the state of this word.
    pub state: Option<String>,
    /// About one of these persons; empty: about anybody.
    pub persons: Vec<PersonId>,
    /// With a smaller id: the next page.
    pub before: Option<u64>,
}

/// How many calls of one destination are in one state.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CallCount {
    /// Whom they tell.
    pub destination: String,
    /// The word of the state.
    pub state: &'static str,
    /// How many.
    pub calls: u64,
}

/// Which rows of the quarantine; every part narrows.
#[derive(Clone, Debug, Default)]
pub struct QuarantineFilter {
    /// From this source.
    pub source: Option<String>,
    /// With this reason.
    pub code: Option<String>,
    /// With a smaller number: the next page.
    pub before: Option<u64>,
}

/// Rows in quarantine of one source and reason.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct QuarantineCount {
    /// The source.
    pub source: String,
    /// The reason's code.
    pub code: String,
    /// How many rows.
    pub rows: u64,
}

/// The accounts of one step of a journey, all in numbers of enrollments: came = left + done + those
/// who are there, always.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Account {
    /// The journey.
    pub journey: String,
    /// Its version.
    pub version: u64,
    /// The number of the step, from 0.
    pub step: u32,
    /// How many came, left the journey there, and went on.
    pub passage: Passage,
    /// Of those who are there: those who wait.
    pub waiting: u64,
    /// Of those who are there: those with a message that is due and held.
    pub held: u64,
    /// Of those who are there: those with a message on its way.
    pub sending: u64,
}

impl Account {
    /// How many are there.
    #[must_use]
    pub fn present(&self) -> u64 {
        self.waiting + self.held + self.sending
    }

    /// Whether everybody who came left, went on, or is there.
    #[must_use]
    pub fn balances(&self) -> bool {
        let Passage { came, left, done } = self.passage;
        came == left + done + self.present()
    }
}

/// Decisions of one journey, step and verdict since a moment.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Tally {
    /// The journey.
    pub journey: String,
    /// The step; empty for entries and exits.
    pub step: String,
    /// The verdict.
    pub verdict: Verdict,
    /// How many.
    pub decisions: u64,
}

/// How much there is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Totals {
    /// Events in the log.
    pub events: u64,
    /// Persons.
    pub persons: u64,
    /// Identifiers that somebody holds.
    pub identifiers: u64,
    /// Messages held for a reason.
    pub held: u64,
    /// Messages on their way.
    pub claimed: u64,
    /// Messages of which nobody knows whether they went out.
    pub uncertain: u64,
    /// Rows in quarantine.
    pub quarantined: u64,
    /// Bytes of the database and what is not yet moved into it.
    pub disk_bytes: u64,
}

/// A person that a search found.
#[derive(Clone, Debug)]
pub struct Found {
    /// Who.
    pub person: PersonId,
    /// The row.
    pub record: Record,
}

/// What pages, the API and the command line read. Every call is one snapshot.
///
/// All methods fail only if the database refuses or a row does not read.
#[expect(clippy::missing_errors_doc, reason = "said once for all methods above")]
pub trait Reader: Send {
    /// The secret that keys the hashes of this store.
    fn salt(&self) -> KeySalt;

    /// The position the next event will have.
    fn next_position(&self) -> Result<LogPosition, StoreError>;

    /// A person's version and row, by id. An id that a merge has retired leads to whoever holds
    /// the identifier it was made of: compare the row's own id.
    fn person(&self, id: PersonId) -> Result<Option<(u64, Record)>, StoreError>;

    /// For each key of linking, the cards found by it: those with the smallest identifier keys,
    /// ascending, at most `limit`.
    ///
    /// # Errors
    /// If the database refuses.
    fn link_members(
        &self,
        keys: &[u64],
        limit: usize,
    ) -> Result<Vec<Vec<IdentifierKey>>, StoreError>;

    /// How many messages were claimed lately, where the shop limits that.
    ///
    /// # Errors
    /// If the database refuses, or a row is damaged.
    fn paced(&self) -> Result<Vec<Kept>, StoreError>;

    /// Who waits for the feeds of a source, by feed.
    ///
    /// # Errors
    /// If the database refuses.
    fn waiting(&self, source: &str) -> Result<Vec<Waiting>, StoreError>;

    /// What there is of every offer: from counters.
    ///
    /// # Errors
    /// If the database refuses.
    fn stock(&self) -> Result<Stock, StoreError>;

    /// The code of an offer under a key.
    ///
    /// # Errors
    /// If the database refuses or the row does not read.
    fn offer_code(&self, key: CodeKey) -> Result<Option<offer::Code>, StoreError>;

    /// The codes that were given to whoever bears or bore these ids, by id and key.
    ///
    /// # Errors
    /// If the store cannot be read.
    fn codes_of(&self, persons: &[PersonId]) -> Result<Vec<offer::Code>, StoreError>;

    /// Codes of an offer in one state with keys above `after`, by key.
    ///
    /// # Errors
    /// If the database refuses or a row does not read.
    fn offer_codes(
        &self,
        which: (&str, CodeState),
        after: Option<CodeKey>,
        limit: usize,
    ) -> Result<Vec<(CodeKey, offer::Code)>, StoreError>;

    /// Who holds an identifier.
    fn holder(&self, key: IdentifierKey) -> Result<Option<PersonId>, StoreError>;

    /// Whether an identifier was erased.
    fn erased(&self, key: IdentifierKey) -> Result<bool, StoreError>;

    /// Persons by ascending id after `after`: for work over everybody.
    fn persons_after(
        &self,
        after: PersonId,
        limit: usize,
    ) -> Result<Vec<(PersonId, u64, Record)>, StoreError>;

    /// Some `count` persons, each drawn by one of the identifiers they hold, so that whoever holds
    /// two is twice as likely drawn, and may be twice among them. By a keyed hash: the same ones
    /// as long as nothing changes. Costs a read a person.
    fn drawn(&self, count: usize) -> Result<Vec<Record>, StoreError>;

    /// Events by position, in the order asked for; positions that do not exist are left out.
    fn events(&self, positions: &[LogPosition]) -> Result<Vec<Entry>, StoreError>;

    /// Events from `from` on, by ascending position.
    fn log(&self, from: LogPosition, limit: usize) -> Result<Vec<Entry>, StoreError>;

    /// Tells of the events of a stretch of the log whose kinds `kinds` lets through, by ascending
    /// position. The others are not read further than to their kind.
    fn log_of(
        &self,
        span: Range<LogPosition>,
        kinds: &dyn Fn(&Kind) -> bool,
        each: &mut dyn FnMut(Entry),
    ) -> Result<(), StoreError>;

    /// The latest events before `before` that hang on these anchors and that `keep` lets through,
    /// the latest first.
    fn timeline(
        &self,
        anchors: &[IdentifierKey],
        before: Option<LogPosition>,
        limit: usize,
        keep: &dyn Fn(&Logged) -> bool,
    ) -> Result<Vec<Entry>, StoreError>;

    /// Positions of events in which one of these texts occurs, in any case: a walk through the
    /// whole log, for erasing.
    fn mentions(&self, texts: &[String]) -> Result<Vec<LogPosition>, StoreError>;

    /// Changes of who is who with a number above `after`, ascending: for whoever follows them.
    fn changes_after(&self, after: u64, limit: usize) -> Result<Vec<NumberedChange>, StoreError>;

    /// The latest changes of who is who with a number below `before`, the latest first.
    fn changes_before(
        &self,
        before: Option<u64>,
        limit: usize,
    ) -> Result<Vec<NumberedChange>, StoreError>;

    /// Changes of who is who by day of UTC, from `from` on, ascending; days without any are left
    /// out.
    fn changes_by_day(&self, from: Timestamp) -> Result<Vec<ChangeDay>, StoreError>;

    /// Where in the log staff said something of people, below `before`, the latest first.
    fn statements(
        &self,
        before: Option<LogPosition>,
        limit: usize,
    ) -> Result<Vec<LogPosition>, StoreError>;

    /// Decisions, the latest first.
    fn decisions(&self, filter: &DecisionFilter, limit: usize) -> Result<Vec<Decided>, StoreError>;

    /// Decisions by journey, step and verdict since a moment; `None`: of all time. From counters
    /// by the hour, and the rows of the first hour.
    fn tallies(&self, since: Option<Timestamp>) -> Result<Vec<Tally>, StoreError>;

    /// The accounts of every step that somebody came to, by journey, version and step: from counters.
    fn accounts(&self) -> Result<Vec<Account>, StoreError>;

    /// How many are in each segment, by its number; segments with nobody are left out.
    fn segment_counts(&self) -> Result<BTreeMap<u32, u64>, StoreError>;

    /// Members of a segment by ascending id after `after`.
    fn segment_members(
        &self,
        segment: u32,
        after: PersonId,
        limit: usize,
    ) -> Result<Vec<PersonId>, StoreError>;

    /// How many were in a segment at the end of each hour in which that changed, ascending; by the
    /// day where that is two weeks ago.
    fn segment_sizes(&self, segment: u32) -> Result<Vec<(Timestamp, u64)>, StoreError>;

    /// How many members of a segment are in each segment, itself included, by number.
    fn segment_overlaps(&self, segment: u32) -> Result<BTreeMap<u32, u64>, StoreError>;

    /// A message.
    fn message(&self, id: u64) -> Result<Option<Message>, StoreError>;

    /// Messages, the latest first.
    fn messages(&self, filter: &MessageFilter, limit: usize) -> Result<Vec<Message>, StoreError>;

    /// What a journey asked staff to see to.
    fn notice(&self, id: u64) -> Result<Option<Notice>, StoreError>;

    /// What journeys asked staff to see to, the latest first.
    fn notices(&self, filter: &NoticeFilter, limit: usize) -> Result<Vec<Notice>, StoreError>;

    /// How many notices are open.
    fn open_notices(&self) -> Result<u64, StoreError>;

    /// What a journey tells another program.
    fn call(&self, id: u64) -> Result<Option<Call>, StoreError>;

    /// What journeys tell other programs, the latest first.
    fn calls(&self, filter: &CallFilter, limit: usize) -> Result<Vec<Call>, StoreError>;

    /// What waits to be told to one destination: what is to be tried first before the rest.
    fn waiting_calls(&self, destination: &str, limit: usize) -> Result<Vec<Call>, StoreError>;

    /// How many calls there are by destination and state.
    fn call_counts(&self) -> Result<Vec<CallCount>, StoreError>;

    /// Persons found by what somebody types: names forgiving of one slip and by their beginning,
    /// addresses and numbers by their beginning, telephone numbers also without the code of a country
    /// in `calling`. All words must match; the best come first.
    fn search(
        &self,
        text: &str,
        calling: &[CallingCode],
        limit: usize,
    ) -> Result<Vec<Found>, StoreError>;

    /// What every feed sent.
    fn feeds(&self) -> Result<Vec<(FeedName, Feed)>, StoreError>;

    /// Counts of what each source sent.
    fn counts(&self) -> Result<Vec<(String, Counts)>, StoreError>;

    /// Product codes that events taught.
    fn codes(&self) -> Result<Vec<(Code, String, Timestamp)>, StoreError>;

    /// Rows in quarantine with their numbers, the latest first.
    fn quarantine(
        &self,
        filter: &QuarantineFilter,
        limit: usize,
    ) -> Result<Vec<(u64, Quarantined)>, StoreError>;

    /// One row in quarantine.
    fn quarantined(&self, id: u64) -> Result<Option<Quarantined>, StoreError>;

    /// Rows in quarantine by source and reason.
    fn quarantine_counts(&self) -> Result<Vec<QuarantineCount>, StoreError>;

    /// A definition in force.
    fn definition(&self, name: &str) -> Result<Option<Definition>, StoreError>;

    /// All definitions in force by name.
    fn definitions(&self) -> Result<Vec<Definition>, StoreError>;

    /// One of the server's own small rows.
    fn get(&self, space: &str, key: &str) -> Result<Option<Vec<u8>>, StoreError>;

    /// All of the server's own small rows of one space, by key.
    fn list(&self, space: &str) -> Result<Vec<(String, Vec<u8>)>, StoreError>;

    /// Whether messages may leave.
    fn sending(&self) -> Result<Sending, StoreError>;

    /// How much there is.
    fn totals(&self) -> Result<Totals, StoreError>;
}
