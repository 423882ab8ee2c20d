//! Requests to enter: the shop asks, by the API or with a file, that somebody enter a journey.
//!
//! A request is an event of our own and stands in the log: it makes the person known, it carries what
//! the shop says beside it, and it starts the journey it names by the rules of every entry.

use std::collections::BTreeMap;

use crate::event::{Channel, Event, Kind, Place, Reference, Value};
use crate::identity::Identifier;
use crate::time::Timestamp;
use crate::work::OWN_SOURCE;

/// How the shop asks.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum RequestedBy {
    /// By a call of the API.
    Api,
    /// With a file of people.
    File,
}

impl RequestedBy {
    /// Every way.
    pub const ALL: [Self; 2] = [Self::Api, Self::File];

    /// The word in files and in the API.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Api => "api",
            Self::File => "file",
        }
    }

    /// The way of this word.
    #[must_use]
    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|by| by.word() == word)
    }
}

/// One request: who shall enter what.
#[derive(Clone, Debug)]
pub struct EntryRequest {
    /// The journey's name.
    pub journey: String,
    /// How the shop asks.
    pub by: RequestedBy,
    /// Its id, by which a repeat is known: one of each journey.
    pub id: String,
    /// Whom it is about; never empty.
    pub identifiers: Vec<Identifier>,
    /// The cart's or order's key, for a journey that keeps entries apart by it.
    pub key: Option<String>,
    /// What the shop says beside it.
    pub data: BTreeMap<String, Value>,
    /// A hash of all that, to tell a repeat from another request of the same id.
    pub content: u64,
}

impl EntryRequest {
    /// The names that what the shop says beside it must not bear.
    pub const RESERVED: [&str; 2] = ["journey", "by"];

    /// The request as the log has it.
    #[must_use]
    pub fn event(self, now: Timestamp) -> Event {
        let text = |value: &str| Value::Text(value.to_owned());
        let mut properties = self.data;
        properties.insert("journey".to_owned(), text(&self.journey));
        properties.insert("by".to_owned(), text(self.by.word()));
        Event {
            content: self.content,
            identifiers: self.identifiers,
            place: Place { channel: Channel::Other, ..Place::default() },
            cart: self.key,
            properties,
            reference: Some(Reference { id: self.id.clone() }),
            ..Event::bare(
                OWN_SOURCE,
                format!("enroll-{}-{}", self.journey, self.id),
                Kind::EnrollmentRequested,
                now,
            )
        }
    }
}

/// The journey that an event asks for, and how; `None`: it is no request of the shop's.
#[must_use]
pub fn asks_for(event: &Event) -> Option<(&str, RequestedBy)> {
    if event.kind != Kind::EnrollmentRequested || event.source != OWN_SOURCE {
        return None;
    }
    let text = |name: &str| event.properties.get(name).and_then(Value::as_text);
    text("journey").zip(text("by").and_then(RequestedBy::parse))
}

/// What the shop said beside a request.
pub fn entry_data(event: &Event) -> impl Iterator<Item = (&str, &Value)> {
    let own = |name: &str| EntryRequest::RESERVED.contains(&name);
    let all = asks_for(event).map(|_| event.properties.iter()).into_iter().flatten();
    all.map(|(name, value)| (name.as_str(), value)).filter(move |(name, _)| !own(name))
}
