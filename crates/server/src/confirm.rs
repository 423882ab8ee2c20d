//! Confirming a yes: what the link in the message that asks for it leads to.
//!
//! The message went to the address, so whoever follows its link reads that address. Only a POST
//! confirms: mail scanners follow every link.

use regulars_engine::decision::Message;
use regulars_engine::event::{Consent, ConsentAnswer, Event, Kind, Purpose};
use regulars_engine::guard::unconfirmed;
use regulars_engine::program::Program;
use regulars_engine::record::Record;
use regulars_engine::time::Timestamp;

use crate::preferences::event;

/// What can be done with a link.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Link {
    /// A yes for these waits to be confirmed.
    Asks(Vec<Purpose>),
    /// What was asked is confirmed.
    Confirmed,
    /// It is too old.
    Expired,
    /// Nothing waits: the person said no in the meantime, or the shop asks no more.
    Nothing,
}

/// What can be done with the link of a message at `now`.
#[must_use]
pub fn link(program: &Program, record: &Record, message: &Message, now: Timestamp) -> Link {
    let (address, channel) = (&message.recipient, message.channel);
    let age = now.since(message.claimed_at);
    let in_time = |purpose: &Purpose| {
        program.shop.asks_twice(channel, *purpose).is_some_and(|asked| age <= asked.within_ms)
    };
    let waiting = unconfirmed(program, record, address, channel);
    let asks: Vec<Purpose> = waiting.iter().copied().filter(in_time).collect();
    if !asks.is_empty() {
        return Link::Asks(asks);
    }
    if !waiting.is_empty() {
        return Link::Expired;
    }
    let consents = &record.profile.consents;
    let granted = program.shop.double_opt_in.iter().any(|asked| {
        let stated = consents.stated(address, channel, asked.purpose);
        asked.channel == channel
            && consents.withdrawn(channel, asked.purpose).is_none()
            && stated.is_some_and(|stated| stated.grants(Some(asked)))
    });
    if granted { Link::Confirmed } else { Link::Nothing }
}

/// The events of a confirmation, each with the words that stood on the page.
#[must_use]
pub fn events(
    message: &Message,
    purposes: &[Purpose],
    wording: &dyn Fn(Purpose) -> String,
    now: Timestamp,
) -> Vec<Event> {
    let state = |purpose: &Purpose| {
        let consent = Consent {
            channel: message.channel,
            purpose: Some(*purpose),
            answer: ConsentAnswer::Given,
            wording: Some(wording(*purpose)),
            until: None,
        };
        event(message, Kind::ConsentConfirmed, message.recipient.clone(), consent, now)
    };
    purposes.iter().map(state).collect()
}
