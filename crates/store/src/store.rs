//! The writer's side: what one batch reads, and the one transaction that writes it.

use regulars_engine::commit::{Commit, Logged, MessageKey};
use regulars_engine::event::LogPosition;
use regulars_engine::identity::{IdentifierKey, KeySalt, PersonId};
use regulars_engine::journey::{Call, Notice};
use regulars_engine::offer::{self, CodeKey, CodeState};
use regulars_engine::record::Record;
use regulars_engine::source::FeedName;
use regulars_engine::time::Timestamp;

use crate::erase::{Erased, Erasure};
use crate::error::{CommitError, StoreError};
use crate::reader::Reader;

/// A person as it was read: the id, the version for [`regulars_engine::commit::PersonWrite`], the row.
pub type Versioned = (PersonId, u64, Record);

/// What a batch wants to know before anything is decided.
#[derive(Clone, Copy, Debug, Default)]
pub struct Want<'a> {
    /// Keys of its messages.
    pub messages: &'a [MessageKey],
    /// Keys of the identifiers they carry.
    pub identifiers: &'a [IdentifierKey],
}

/// A message that was accepted before.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Seen {
    /// Where it is; of several versions the latest.
    pub position: LogPosition,
    /// The hash of its content, to tell a repeat from a conflict or a new version.
    pub content: u64,
}

/// The answer to [`Want`].
#[derive(Clone, Debug, Default)]
pub struct Loaded {
    /// For each message key in its order: the message, if it was accepted before.
    pub seen: Vec<Option<Seen>>,
    /// For each identifier key in its order: who holds it.
    pub holders: Vec<Option<PersonId>>,
    /// For each identifier key in its order: whether it was erased and must be dropped unread.
    pub erased: Vec<bool>,
    /// The holders' rows, each once, by ascending id.
    pub persons: Vec<Versioned>,
}

/// A named text that was published: a definition, a template, a mapping.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Definition {
    /// Its name, with its kind in front: `journey/cart`.
    pub name: String,
    /// The text as published.
    pub text: String,
    /// The hash of its canonical form.
    pub hash: u64,
    /// When it was published.
    pub published_at: Timestamp,
}

/// What became of a publication.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Published {
    /// It is in force.
    Done,
    /// Another text was published since; its hash (`None`: it was taken away).
    Changed(Option<u64>),
}

/// What became of something that could not be understood.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum QuarantineOutcome {
    /// It was repaired and accepted.
    Replayed,
    /// Somebody decided that it is nothing.
    Dismissed,
}

/// The log and all state, as its one writer sees them.
///
/// **Invariants:** every method that writes is one transaction, durable when it returns `Ok` and
/// without any trace when it does not; but a commit of rows alone, which can be made again, is durable
/// together with whatever is written next, and until then a power cut leaves the state before it. What is read is never older than the last commit.
pub trait Store: Send {
    /// The reader's side.
    type Reader: Reader + 'static;

    /// Another way in, for pages, the API and the command line; each works beside the writer.
    ///
    /// # Errors
    /// If the database cannot be opened again.
    fn reader(&self) -> Result<Self::Reader, StoreError>;

    /// The secret that keys the hashes of this store; made at random when it was made.
    fn salt(&self) -> KeySalt;

    /// The position the next event will have.
    fn next_position(&self) -> LogPosition;

    /// Reads everything a batch touches. Cost: about 1 µs a fresh key and a read a distinct person.
    ///
    /// # Errors
    /// If the database refuses or a row does not read.
    fn load(&mut self, want: Want<'_>) -> Result<Loaded, StoreError>;

    /// The rows of these persons; those that are gone are left out.
    ///
    /// # Errors
    /// If the database refuses or a row does not read.
    fn persons(&mut self, ids: &[PersonId]) -> Result<Vec<Versioned>, StoreError>;

    /// Rows by ascending id after `after`, read as [`Store::persons`] does.
    ///
    /// # Errors
    /// If the database refuses or a row does not read.
    fn persons_after(
        &mut self,
        after: PersonId,
        limit: usize,
    ) -> Result<Vec<Versioned>, StoreError>;

    /// Where the events are that hang on these anchors, ascending, each once: for folding again. Events
    /// of documents that a new version has overtaken are among them.
    ///
    /// # Errors
    /// If the database refuses.
    fn hanging(&mut self, anchors: &[IdentifierKey]) -> Result<Vec<LogPosition>, StoreError>;

    /// The same, of those from a position on: for an anchor whose latest event lies before it, nothing
    /// is read.
    ///
    /// # Errors
    /// If the database refuses.
    fn hanging_from(
        &mut self,
        anchors: &[IdentifierKey],
        from: LogPosition,
    ) -> Result<Vec<LogPosition>, StoreError>;

    /// The events at these positions, in their order. Cheapest where they ascend.
    ///
    /// # Errors
    /// If the database refuses, a frame does not read, or the log does not reach so far.
    fn events(&mut self, positions: &[LogPosition]) -> Result<Vec<Logged>, StoreError>;

    /// All events that hang on these anchors, by ascending position.
    ///
    /// # Errors
    /// If the database refuses or a frame does not read.
    fn events_of(&mut self, anchors: &[IdentifierKey]) -> Result<Vec<Logged>, StoreError> {
        let positions = self.hanging(anchors)?;
        self.events(&positions)
    }

    /// The event at a position.
    ///
    /// # Errors
    /// If the database refuses, a frame does not read, or the log does not reach so far.
    fn event(&mut self, position: LogPosition) -> Result<Logged, StoreError>;

    /// The next newer version of the document at a position; `None`: it stands.
    ///
    /// # Errors
    /// If the database refuses.
    fn overtaken_by(&mut self, position: LogPosition) -> Result<Option<LogPosition>, StoreError>;

    /// For each key of linking, the cards found by it: those with the smallest identifier keys,
    /// ascending, at most `limit`. Costs about 3 µs a key.
    ///
    /// # Errors
    /// If the database refuses.
    fn link_members(
        &mut self,
        keys: &[u64],
        limit: usize,
    ) -> Result<Vec<Vec<IdentifierKey>>, StoreError>;

    /// The code of an offer under a key.
    ///
    /// # Errors
    /// If the database refuses or the row does not read.
    fn offer_code(&mut self, key: CodeKey) -> Result<Option<offer::Code>, StoreError>;

    /// Codes of an offer in one state with keys above `after`, by key: as good as by chance.
    ///
    /// # Errors
    /// If the database refuses or a row does not read.
    fn offer_codes(
        &mut self,
        which: (&str, CodeState),
        after: Option<CodeKey>,
        limit: usize,
    ) -> Result<Vec<(CodeKey, offer::Code)>, StoreError>;

    /// The codes that were used for an order, by the keyed hash of its key.
    ///
    /// # Errors
    /// If the database refuses or a row does not read.
    fn codes_of_order(&mut self, order: u64) -> Result<Vec<(CodeKey, offer::Code)>, StoreError>;

    /// Writes values of the server's own small rows, and lets no card be found by any key: from here on
    /// everybody is linked with another model.
    ///
    /// # Errors
    /// If the database refuses.
    fn relink(&mut self, space: &str, values: &[(&str, &[u8])]) -> Result<(), StoreError>;

    /// Writes everything a batch changes, durably, or nothing.
    ///
    /// # Errors
    /// [`CommitError::Conflict`] if a person's version, a code's state or the next position is not the one that
    /// was read: read again and decide again.
    fn commit(&mut self, commit: &Commit) -> Result<(), CommitError>;

    /// Persons whose due time has come, the longest due first.
    ///
    /// # Errors
    /// If the database refuses.
    fn due(&mut self, now: Timestamp, limit: usize) -> Result<Vec<PersonId>, StoreError>;

    /// Persons for whom a segment may have turned by time, the longest due first: those whom
    /// [`Store::due`] names for another reason are left out.
    ///
    /// # Errors
    /// If the database refuses.
    fn turning(&mut self, now: Timestamp, limit: usize) -> Result<Vec<PersonId>, StoreError>;

    /// Forgets the members and sizes of a segment whose name is gone; persons' rows that still name
    /// its number must not be asked for it again.
    ///
    /// # Errors
    /// If the database refuses.
    fn forget_segment(&mut self, segment: u32) -> Result<(), StoreError>;

    /// The earliest due time of anybody.
    ///
    /// # Errors
    /// If the database refuses.
    fn next_due(&mut self) -> Result<Option<Timestamp>, StoreError>;

    /// Persons with a message held until `feed` is complete up to a moment not later than
    /// `complete_to`; the one with the earliest need first.
    ///
    /// # Errors
    /// If the database refuses.
    fn waiting_for(
        &mut self,
        feed: &FeedName,
        complete_to: Timestamp,
        limit: usize,
    ) -> Result<Vec<PersonId>, StoreError>;

    /// Takes rows out of quarantine and counts what became of them. Returns how many were there.
    /// A replayed row is settled after its events are committed: should the program die between
    /// the two, the second replay finds the events already there.
    ///
    /// # Errors
    /// If the database refuses.
    fn settle_quarantine(
        &mut self,
        ids: &[u64],
        outcome: QuarantineOutcome,
    ) -> Result<usize, StoreError>;

    /// Publishes a definition if the one in force still has the hash `expected` (`None`: there is
    /// none).
    ///
    /// # Errors
    /// If the database refuses.
    fn publish(
        &mut self,
        definition: &Definition,
        expected: Option<u64>,
    ) -> Result<Published, StoreError>;

    /// Takes a definition away if it still has the hash `expected`.
    ///
    /// # Errors
    /// If the database refuses.
    fn withdraw(&mut self, name: &str, expected: u64) -> Result<Published, StoreError>;

    /// Writes one value of the server's own small rows (settings, users, keys); `None` takes it away.
    ///
    /// # Errors
    /// If the database refuses.
    fn put(&mut self, space: &str, key: &str, value: Option<&[u8]>) -> Result<(), StoreError>;

    /// Writes a notice anew: somebody did what it asks for, or did not after all. Returns whether it is
    /// still there.
    ///
    /// # Errors
    /// If the database refuses.
    fn note(&mut self, notice: &Notice) -> Result<bool, StoreError>;

    /// Writes anew what other programs are told: it was tried, or somebody asks for it again. Returns how
    /// many of them are still there.
    ///
    /// # Errors
    /// If the database refuses.
    fn note_calls(&mut self, calls: &[Call]) -> Result<usize, StoreError>;

    /// Takes away up to `limit` calls that are kept no longer at `now`: see [`Call::kept_until`]. Returns
    /// how many.
    ///
    /// # Errors
    /// If the database refuses.
    fn thin_calls(&mut self, now: Timestamp, limit: usize) -> Result<usize, StoreError>;

    /// Whether messages may leave; off for good after a restore until a person says so.
    ///
    /// # Errors
    /// If the database refuses.
    fn set_sending(&mut self, sending: Sending) -> Result<(), StoreError>;

    /// Makes persons unknown in everything that is read: see [`Erasure`]. After it comes
    /// [`Store::scrub`], once for many.
    ///
    /// # Errors
    /// [`CommitError::Conflict`] if a row in [`Erasure::others`] has changed since it was read;
    /// nothing was erased then.
    fn erase(&mut self, erasure: &Erasure) -> Result<Erased, CommitError>;

    /// Makes sure that no byte of what was erased is left in the data directory: the file is
    /// written anew and its log emptied. Costs about 10 s a gigabyte, during which readers work
    /// and the writer does not; without an erasure before it costs nothing.
    ///
    /// # Errors
    /// If the disk has no room for a second copy, or a reader held its snapshot for over 5 s; then
    /// it is still due, and is done by the next call or when the store is next opened.
    fn scrub(&mut self) -> Result<(), StoreError>;

    /// One slice of the work that nothing waits for: small rows of the log and its indexes are
    /// merged into large ones. A few milliseconds. Returns whether there is more to do.
    ///
    /// # Errors
    /// If the database refuses or a row does not read.
    fn tidy(&mut self) -> Result<bool, StoreError>;
}

/// Whether messages may leave.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Sending {
    /// They may.
    #[default]
    On,
    /// Messages about the person's own business may; care and promotion wait.
    Transactional,
    /// A person switched it off.
    Off,
    /// The store was restored from a backup: what was sent since is not known to it.
    OffAfterRestore,
}

impl Sending {
    /// The word in the store, the API and on pages.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::On => "on",
            Self::Transactional => "transactional only",
            Self::Off => "off",
            Self::OffAfterRestore => "off after restore",
        }
    }

    /// The state of this word; what is not understood is off.
    #[must_use]
    pub fn parse(word: &str) -> Self {
        match word {
            "on" => Self::On,
            "transactional only" => Self::Transactional,
            "off after restore" => Self::OffAfterRestore,
            _ => Self::Off,
        }
    }
}
