//! The ledger of consent: everything that was ever said or told of whether a person may be written
//! to, with who told it and the words that stood there. It is the log itself, so nobody can change it.

use regulars_engine::event::{Channel, ConsentAnswer, Event, Kind, LogPosition, Purpose};
use regulars_engine::identity::{Class, Identifier};
use regulars_engine::profile::{Consents, Subscriptions};
use regulars_engine::record::Record;
use regulars_engine::time::Timestamp;
use regulars_store::{SqliteReader, StoreError};
use serde_json::{Value, json};

use crate::http::api::{identifier_json, timeline_of};

/// Events looked through for one ledger: more is no person.
const EVENTS_MAX: usize = 100_000;
/// Events read at once.
const PAGE: usize = 1_000;

/// What was said.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Said {
    /// Yes.
    Yes,
    /// Yes, by whoever reads the address.
    Confirmed,
    /// No.
    No,
    /// Not until then.
    Pause(Timestamp),
    /// A message came back for good.
    Bounced,
    /// A complaint.
    Complained,
    /// A browser takes push messages no more.
    Ended,
}

impl Said {
    /// The word in answers.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Yes => "yes",
            Self::Confirmed => "confirmed",
            Self::No => "no",
            Self::Pause(_) => "pause",
            Self::Bounced => "bounced",
            Self::Complained => "complained",
            Self::Ended => "ended",
        }
    }
}

/// One entry.
#[derive(Clone, Debug)]
pub struct Entry {
    /// Its place in the log.
    pub position: LogPosition,
    /// When it was said.
    pub at: Timestamp,
    /// When we heard of it.
    pub received_at: Timestamp,
    /// What.
    pub said: Said,
    /// Over which channel messages are meant.
    pub channel: Channel,
    /// For what; `None`: care and promotion alike.
    pub purpose: Option<Purpose>,
    /// Of which addresses.
    pub identifiers: Vec<Identifier>,
    /// Who told us.
    pub source: String,
    /// The words that stood there.
    pub wording: Option<String>,
    /// The message it is about.
    pub message: Option<String>,
}

/// The ledger of a person, the latest entry first.
///
/// # Errors
/// If the store cannot be read.
pub fn ledger(reader: &SqliteReader, record: &Record) -> Result<Vec<Entry>, StoreError> {
    let (mut entries, mut before, mut seen) = (Vec::new(), None, 0);
    loop {
        let page = timeline_of(reader, record, before, PAGE)?;
        seen += page.len();
        for found in &page {
            entries.extend(entry(found.logged.position, &found.logged.event));
        }
        let last = page.last().map(|found| found.logged.position);
        if page.len() < PAGE || seen >= EVENTS_MAX || last.is_none() {
            return Ok(entries);
        }
        before = last;
    }
}

fn entry(position: LogPosition, event: &Event) -> Option<Entry> {
    if !Consents::touched_by(event) && !Subscriptions::touched_by(event) {
        return None;
    }
    let said = match (&event.consent, &event.kind) {
        (Some(consent), _) => match (consent.until, consent.answer) {
            (Some(until), _) => Said::Pause(until),
            (None, ConsentAnswer::Given) if event.kind == Kind::ConsentConfirmed => Said::Confirmed,
            (None, ConsentAnswer::Given) => Said::Yes,
            (None, ConsentAnswer::Withdrawn) => Said::No,
        },
        (None, Kind::EmailBounced | Kind::SmsBounced) => Said::Bounced,
        (None, Kind::EmailMarkedAsSpam) => Said::Complained,
        (None, Kind::PushSubscriptionEnded) => Said::Ended,
        (None, _) => return None,
    };
    let consent = event.consent.as_ref();
    Some(Entry {
        position,
        at: event.occurred.at,
        received_at: event.received_at,
        said,
        channel: consent.map_or(silently(&event.kind), |consent| consent.channel),
        purpose: consent.and_then(|consent| consent.purpose),
        identifiers: about(event),
        source: event.source.clone(),
        wording: consent.and_then(|consent| consent.wording.clone()),
        message: event.reference.as_ref().map(|reference| reference.id.clone()),
    })
}

/// The channel that an event tells of without naming it.
fn silently(kind: &Kind) -> Channel {
    if *kind == Kind::PushSubscriptionEnded {
        Channel::Push
    } else if *kind == Kind::SmsBounced {
        Channel::Sms
    } else {
        Channel::Email
    }
}

/// The addresses that an event names; without one, whatever names the person.
fn about(event: &Event) -> Vec<Identifier> {
    let address = |one: &&Identifier| one.kind.class() == Class::Contact;
    let addresses: Vec<Identifier> = event.identifiers.iter().filter(address).cloned().collect();
    if addresses.is_empty() { event.identifiers.clone() } else { addresses }
}

/// An entry as programs read it.
#[must_use]
pub fn entry_json(entry: &Entry) -> Value {
    let until = match entry.said {
        Said::Pause(until) => Some(until.to_string()),
        Said::Yes | Said::Confirmed | Said::No | Said::Bounced | Said::Complained | Said::Ended => {
            None
        }
    };
    json!({
        "position": entry.position.0,
        "at": entry.at.to_string(),
        "received_at": entry.received_at.to_string(),
        "said": entry.said.word(),
        "until": until,
        "channel": entry.channel.word(),
        "purpose": entry.purpose.map(Purpose::word),
        "identifiers": entry.identifiers.iter().map(identifier_json).collect::<Vec<_>>(),
        "source": entry.source,
        "wording": entry.wording,
        "message": entry.message,
    })
}
