//! A commit: everything that one batch changes, written in one transaction or not at all.

use std::hash::Hasher;

use siphasher::sip128::{Hasher128, SipHasher13};

use crate::decision::{Decision, Message};
use crate::event::{Code, Event, LogPosition};
use crate::identity::{Change, IdentifierKey, KeySalt, PersonId};
use crate::journey::{Call, Notice, Passages};
use crate::offer::CodeWrite;
use crate::pace::Kept;
use crate::record::Record;
use crate::source::{Feed, FeedName};
use crate::time::Timestamp;

/// The key by which a repeat is recognised: a keyed hash of the source and its message id.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct MessageKey(pub u128);

impl MessageKey {
    /// The key of `message_id` as `source` gave it.
    #[must_use]
    pub fn of(salt: KeySalt, source: &str, message_id: &str) -> Self {
        let mut hasher = SipHasher13::new_with_keys(salt.0, salt.1);
        hasher.write(source.as_bytes());
        hasher.write_u8(0xff);
        hasher.write(message_id.as_bytes());
        Self(hasher.finish128().as_u128())
    }
}

/// An event with its place in the log.
#[derive(Clone, Debug, PartialEq)]
pub struct Logged {
    /// Its place.
    pub position: LogPosition,
    /// Its key, to recognise a repeat.
    pub key: MessageKey,
    /// The event.
    pub event: Event,
    /// The key of its anchor; `None`: it names nobody.
    pub anchor: Option<IdentifierKey>,
}

/// The row of one person, to be written whole.
#[derive(Clone, Debug)]
pub struct PersonWrite {
    /// Whose.
    pub person: PersonId,
    /// The version that was read; 0 for a new person. A store that finds another one refuses the
    /// whole commit.
    pub read_version: u64,
    /// The row; `None`: the person was joined into another, or is gone.
    pub record: Option<Record>,
}

/// Something that could not be understood, kept with its reason until somebody repairs it.
#[derive(Clone, Debug, PartialEq)]
pub struct Quarantined {
    /// From which source.
    pub source: String,
    /// From which feed.
    pub feed: String,
    /// When it came.
    pub received_at: Timestamp,
    /// The reason's code: `bad_time`, `unknown_currency`, ...
    pub code: String,
    /// What is wrong and what would cure it, without any personal data.
    pub text: String,
    /// The bytes as they came.
    pub raw: Vec<u8>,
}

/// Counts of what a source sent, to be added.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    /// Accepted events.
    pub accepted: u64,
    /// Repeats of accepted events.
    pub duplicates: u64,
    /// Repeated ids with other content, where the first stays.
    pub conflicts: u64,
    /// What could not be understood.
    pub quarantined: u64,
}

/// Whether a card is found by a key of linking.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LinkKeyWrite {
    /// The key.
    pub key: u64,
    /// The identifier of the card.
    pub card: IdentifierKey,
    /// Whether it is found by the key from here on.
    pub found: bool,
}

/// Everything that one batch changes.
#[derive(Clone, Debug, Default)]
pub struct Commit {
    /// The moment of what was decided: under which segments' sizes are noted.
    pub at: Timestamp,
    /// Accepted events, positions ascending and without gaps.
    pub events: Vec<Logged>,
    /// Versions of documents: the event at the first position is overtaken by that at the second.
    pub overtaken: Vec<(LogPosition, LogPosition)>,
    /// Which person holds an identifier; `None`: nobody any more.
    pub identifiers: Vec<(IdentifierKey, Option<PersonId>)>,
    /// Who was joined and parted, in order.
    pub changes: Vec<Change>,
    /// By which keys of linking a card is found, and by which it no longer is.
    pub link_keys: Vec<LinkKeyWrite>,
    /// Rows of persons.
    pub persons: Vec<PersonWrite>,
    /// States of feeds.
    pub feeds: Vec<(FeedName, Feed)>,
    /// Counts by source.
    pub counts: Vec<(String, Counts)>,
    /// Product codes learned.
    pub codes: Vec<(Code, String, Timestamp)>,
    /// What could not be understood.
    pub quarantine: Vec<Quarantined>,
    /// Decisions, in order.
    pub decisions: Vec<Decision>,
    /// Which steps of journeys enrollments came to, left or passed: to be added to the counts.
    pub passages: Passages,
    /// What staff are asked to see to, to be numbered.
    pub notices: Vec<Notice>,
    /// What other programs are to be told, to be numbered.
    pub calls: Vec<Call>,
    /// Messages, new or changed, to be written whole.
    pub messages: Vec<Message>,
    /// How many messages were claimed by the minute, where the shop limits that: in place of what was kept.
    pub paced: Vec<Kept>,
    /// Codes of offers, new or changed.
    pub offer_codes: Vec<CodeWrite>,
}

impl Commit {
    /// Whether nothing would be written.
    #[must_use]
    pub fn empty(&self) -> bool {
        self.persons.is_empty() && self.rows_alone()
    }

    /// Whether nothing but rows of persons would be written, none of which anything was decided about:
    /// all of it can be made again.
    #[must_use]
    pub fn rows_alone(&self) -> bool {
        self.events.is_empty()
            && self.overtaken.is_empty()
            && self.identifiers.is_empty()
            && self.changes.is_empty()
            && self.link_keys.is_empty()
            && self.feeds.is_empty()
            && self.counts.is_empty()
            && self.codes.is_empty()
            && self.quarantine.is_empty()
            && self.decisions.is_empty()
            && self.passages.is_empty()
            && self.notices.is_empty()
            && self.calls.is_empty()
            && self.messages.is_empty()
            && self.paced.is_empty()
            && self.offer_codes.is_empty()
    }
}
