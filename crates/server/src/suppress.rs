//! Suppression lists of another tool: addresses that must get nothing, taken in before the first send.
//!
//! Each row becomes an event on the person's path, as if its provider had told it today, so that it
//! holds wherever the address goes. A row of whom nobody is known makes a person of the address alone:
//! whoever turns up with it later is stopped from the first moment.

use std::hash::Hasher;

use regulars_engine::event::{Channel, Consent, ConsentAnswer, Event, Kind, Place, Value};
use regulars_engine::identity::{Identifier, KeySalt};
use regulars_engine::profile::Profile;
use regulars_engine::time::Timestamp;
use regulars_engine::work::OWN_SOURCE;
use regulars_store::Store;
use serde_json::{Value as Json, json};
use siphasher::sip::SipHasher13;

use crate::segments::Rows;
use crate::writer::{Writer, WriterError};

/// Why addresses are on the list.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Because {
    /// A receiving server refused them for good.
    Bounced,
    /// Somebody complained.
    Complained,
    /// Somebody wants no more.
    Unsubscribed,
}

impl Because {
    /// Every cause.
    pub const ALL: [Self; 3] = [Self::Bounced, Self::Complained, Self::Unsubscribed];

    /// The word in commands and in the API.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Bounced => "bounced",
            Self::Complained => "complained",
            Self::Unsubscribed => "unsubscribed",
        }
    }

    /// The cause of this word.
    #[must_use]
    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|cause| cause.word() == word)
    }
}

/// How a list is to be taken in.
#[derive(Clone, Debug)]
pub struct Suppressing {
    /// Why.
    pub because: Because,
    /// Over which channel: e-mail, or SMS for what is unsubscribed.
    pub channel: Channel,
    /// Whether it is only told what would become of it.
    pub dry_run: bool,
    /// Who says so: a user's name or a key's.
    pub by: String,
}

impl Suppressing {
    /// What is wrong with it, in words; `None`: nothing.
    #[must_use]
    pub fn wrong(&self) -> Option<&'static str> {
        match (self.channel, self.because) {
            (Channel::Email, _) | (Channel::Sms, Because::Unsubscribed) => None,
            (Channel::Sms, _) => Some("phones are suppressed as unsubscribed"),
            _ => Some("addresses of e-mail and phones can be suppressed, and nothing else"),
        }
    }

    /// The kind of what its rows hold.
    #[must_use]
    pub fn kind(&self) -> &'static str {
        if self.channel == Channel::Sms { "phone" } else { "email" }
    }
}

/// What became of a list.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Suppressed {
    /// Addresses that are stopped from here on.
    pub stopped: u64,
    /// Of these, addresses of people who are known.
    pub known: u64,
    /// Addresses that were stopped already for the same cause.
    pub unchanged: u64,
    /// Addresses of people who were erased: they get nothing anyway.
    pub erased: u64,
    /// Rows that said what another had said.
    pub repeated: u64,
    /// Rows that hold no address.
    pub unreadable: u64,
    /// The numbers of the first of these.
    pub unreadable_rows: Vec<u64>,
}

impl Suppressed {
    /// As programs read it.
    #[must_use]
    pub fn to_json(&self) -> Json {
        json!({
            "stopped": self.stopped,
            "known": self.known,
            "unchanged": self.unchanged,
            "erased": self.erased,
            "repeated": self.repeated,
            "unreadable": self.unreadable,
            "unreadable_rows": self.unreadable_rows,
        })
    }
}

/// Takes in a list, or tells what would become of it.
///
/// # Errors
/// If the store fails; what was taken in before stays, and the same list again changes nothing of it.
pub fn suppress<S: Store>(
    writer: &mut Writer<S>,
    suppressing: &Suppressing,
    rows: &Rows,
    now: Timestamp,
) -> Result<Suppressed, WriterError> {
    let mut told = Suppressed {
        repeated: rows.repeated,
        unreadable: rows.unreadable_count,
        unreadable_rows: rows.unreadable.clone(),
        ..Suppressed::default()
    };
    let salt = writer.salt();
    told.erased = rows.each(writer, (suppressing.dry_run, now), &mut |address, record| {
        if record.is_some_and(|record| stopped(&record.profile, address, suppressing)) {
            told.unchanged += 1;
            return None;
        }
        told.stopped += 1;
        told.known += u64::from(record.is_some());
        Some(stop(suppressing, address, salt, now))
    })?;
    Ok(told)
}

/// Whether the address is stopped for this cause, or for a harder one.
fn stopped(profile: &Profile, address: &Identifier, suppressing: &Suppressing) -> bool {
    if profile.consents.suppressions.contains_key(address) {
        return true;
    }
    let no = |purpose| {
        let stated = profile.consents.stated(address, suppressing.channel, purpose);
        stated.is_some_and(|stated| stated.answer == ConsentAnswer::Withdrawn)
    };
    suppressing.because == Because::Unsubscribed
        && no(regulars_engine::event::Purpose::Care)
        && no(regulars_engine::event::Purpose::Promotion)
}

/// The event that stops one address. It is the same whenever and however often the list comes.
fn stop(suppressing: &Suppressing, address: &Identifier, salt: KeySalt, now: Timestamp) -> Event {
    let because = suppressing.because.word();
    let mut hasher = SipHasher13::new_with_keys(salt.0, salt.1);
    hasher.write(suppressing.channel.word().as_bytes());
    hasher.write(address.value().as_bytes());
    let (kind, consent) = match suppressing.because {
        Because::Bounced => (Kind::EmailBounced, None),
        Because::Complained => (Kind::EmailMarkedAsSpam, None),
        Because::Unsubscribed => {
            let wording = format!("a suppression list, imported by {}", suppressing.by);
            let no = Consent {
                channel: suppressing.channel,
                purpose: None,
                answer: ConsentAnswer::Withdrawn,
                wording: Some(wording),
                until: None,
            };
            (Kind::Unsubscribed, Some(no))
        }
    };
    Event {
        identifiers: vec![address.clone()],
        place: Place { channel: suppressing.channel, ..Place::default() },
        consent,
        properties: [("by".to_owned(), Value::Text(suppressing.by.clone()))].into(),
        // A yes given since may be taken back by a later list: the moment is part of the id.
        ..Event::bare(
            OWN_SOURCE,
            format!("suppress-{because}-{:016x}-{}", hasher.finish(), now.0),
            kind,
            now,
        )
    }
}
