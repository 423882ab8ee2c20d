//! From the engine's words to the pages' words.

use regulars_engine::decision::{Message, MessageState};
use regulars_engine::event::{self, Currency};
use regulars_engine::identity::{self, PersonId};
use regulars_engine::reason;
use regulars_engine::record::Record;
use regulars_engine::time::Precision as Exactness;

use crate::templates::beginning;
use crate::ui::model::{
    Channel, Fact, FactValue, IdentifierClass, MessageStatus, Money, OutboxRow, Precision, Purpose,
    Reason,
};
pub(super) use crate::ui::widget::identifier_kind;

pub(crate) fn channel(channel: event::Channel) -> Channel {
    match channel {
        event::Channel::Web => Channel::Web,
        event::Channel::App => Channel::App,
        event::Channel::Store => Channel::Store,
        event::Channel::Email => Channel::Email,
        event::Channel::Sms => Channel::Sms,
        event::Channel::Push => Channel::Push,
        event::Channel::Service => Channel::Service,
        event::Channel::Social => Channel::Social,
        event::Channel::Ads => Channel::Ads,
        event::Channel::Other => Channel::Other,
    }
}

pub(super) fn purpose(purpose: event::Purpose) -> Purpose {
    match purpose {
        event::Purpose::Transactional => Purpose::Transactional,
        event::Purpose::Care => Purpose::Care,
        event::Purpose::Promotion => Purpose::Promotion,
    }
}

pub(super) fn precision(precision: Exactness) -> Precision {
    match precision {
        Exactness::Instant => Precision::Instant,
        Exactness::Minute => Precision::Minute,
        Exactness::Day => Precision::Day,
    }
}

pub(super) fn money(minor: i64, currency: Currency) -> Money {
    Money { minor, currency: currency.code().to_owned() }
}

pub(super) fn identifier_class(class: identity::Class) -> IdentifierClass {
    match class {
        identity::Class::Unique => IdentifierClass::Unique,
        identity::Class::Contact => IdentifierClass::Contact,
        identity::Class::Device => IdentifierClass::Device,
        identity::Class::Hint => IdentifierClass::Hint,
    }
}

pub(super) fn reason(reason: &reason::Reason) -> Reason {
    let mut facts: Vec<Fact> = reason
        .facts
        .iter()
        .map(|fact| Fact {
            name: fact.kind().to_owned(),
            value: FactValue::Said(fact.clone()),
            at: fact.at.map(|at| at.0),
        })
        .collect();
    if let Some(person) = reason.person {
        let id = person.to_string();
        let value = FactValue::Person { name: id.clone(), id };
        facts.push(Fact { name: "twin".to_owned(), value, at: None });
    }
    Reason { code: reason.code.code().to_owned(), facts }
}

pub(crate) fn reasons(all: &[reason::Reason]) -> Vec<Reason> {
    all.iter().map(reason).collect()
}

/// What to call a person: the name, else a masked address, else the id.
pub(super) fn name_of(record: Option<&Record>, id: PersonId) -> String {
    let address =
        |record: &Record| record.evidence.nodes.first().map(|node| node.identifier.masked());
    record
        .and_then(|record| record.display_name().or_else(|| address(record)))
        .unwrap_or_else(|| id.to_string())
}

/// The status of a message; with no mail server it landed in the outbox.
pub(super) fn status(message: &Message) -> MessageStatus {
    match message.state {
        MessageState::Claimed => MessageStatus::Sending,
        MessageState::Sent if message.note.is_empty() => MessageStatus::Outbox,
        MessageState::Sent => MessageStatus::Sent,
        MessageState::Failed => MessageStatus::Failed,
        MessageState::TakenBack => MessageStatus::TakenBack,
        MessageState::Uncertain => MessageStatus::Uncertain,
    }
}

pub(super) fn outbox_row(message: &Message, person: String) -> OutboxRow {
    OutboxRow {
        id: message.id.to_string(),
        at: message.claimed_at.0,
        channel: channel(message.channel),
        subject: match (message.subject.as_str(), message.text.as_str()) {
            ("", "") => message.template.clone(),
            ("", text) => beginning(text),
            (subject, _) => subject.to_owned(),
        },
        person: (message.person.to_string(), person),
        journey: Some(message.journey.clone()),
        status: status(message),
    }
}
