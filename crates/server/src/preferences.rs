//! What a person wants to get: read from their profile, and what they answer as events.
//!
//! Whoever holds a message's token may say yes or no for the address that the message went to, and no
//! for the person's phones. A yes counts only where it was said; a no holds for the whole person.

use std::collections::BTreeMap;

use regulars_engine::decision::Message;
use regulars_engine::event::{
    Channel, Consent, ConsentAnswer, Event, Kind, Place, Purpose, Reference,
};
use regulars_engine::guard::{Address, address_kind, addresses, permitted};
use regulars_engine::identity::Identifier;
use regulars_engine::program::Program;
use regulars_engine::record::Record;
use regulars_engine::time::{DAY, Timestamp};
use regulars_engine::work::OWN_SOURCE;

/// How long a pause lasts.
pub const PAUSE_DAYS: i64 = 30;

/// Over what it is chosen.
pub const CHANNELS: [Channel; 4] = [Channel::Email, Channel::Sms, Channel::Push, Channel::Web];

/// What can be chosen by itself.
pub const PURPOSES: [Purpose; 2] = [Purpose::Promotion, Purpose::Care];

/// One choice.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Choice {
    /// Over which channel.
    pub channel: Channel,
    /// For what.
    pub purpose: Purpose,
    /// Whether messages come.
    pub wanted: bool,
}

impl Choice {
    /// The name of its field in a form.
    #[must_use]
    pub fn field(&self) -> String {
        format!("{}-{}", self.channel.word(), self.purpose.word())
    }
}

/// What somebody gets as things stand.
#[derive(Clone, Debug, Default)]
pub struct Preferences {
    /// By channel, then purpose.
    pub choices: Vec<Choice>,
    /// Until when nothing comes, because they asked for a break.
    pub paused_until: Option<Timestamp>,
    /// Whether the address came back or complained, so that nothing comes whatever is chosen.
    pub stopped: bool,
}

/// The address that a channel's choices are about. What is said of the site is said under the
/// message's own, where the site shows messages at all.
fn address(
    program: &Program,
    record: &Record,
    message: &Message,
    channel: Channel,
) -> Option<Identifier> {
    if channel == Channel::Web {
        return (!program.shop.slots.is_empty()).then(|| message.recipient.clone());
    }
    let kind = address_kind(channel);
    if message.recipient.kind == kind {
        return Some(message.recipient.clone());
    }
    addresses(record, channel).into_iter().next()
}

/// What the person of a message gets.
#[must_use]
pub fn preferences(
    program: &Program,
    record: &Record,
    message: &Message,
    now: Timestamp,
) -> Preferences {
    let consents = &record.profile.consents;
    let mut choices = Vec::new();
    for channel in CHANNELS {
        if address(program, record, message, channel).is_none() {
            continue;
        }
        for purpose in PURPOSES {
            let found = permitted(program, record, &[], (channel, purpose), now);
            let wanted = matches!(found, Address::Found(_));
            choices.push(Choice { channel, purpose, wanted });
        }
    }
    let pauses = CHANNELS.into_iter();
    Preferences {
        choices,
        paused_until: pauses.filter_map(|channel| consents.paused(channel, now)).max(),
        stopped: consents.suppressions.contains_key(&message.recipient),
    }
}

/// What somebody answers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Answered {
    /// These choices, each with the words that stood beside it.
    Chosen(BTreeMap<String, String>),
    /// Nothing but what must be sent.
    Nothing,
    /// A break.
    Pause,
    /// The break is over.
    Resume,
}

/// The events that an answer comes to: of what is chosen, only what changes.
#[must_use]
pub fn events(
    program: &Program,
    record: &Record,
    message: &Message,
    answered: &Answered,
    wordings: &dyn Fn(&str) -> String,
    now: Timestamp,
) -> Vec<Event> {
    let stands = preferences(program, record, message, now);
    let channels = || {
        CHANNELS
            .into_iter()
            .filter_map(|channel| Some((channel, address(program, record, message, channel)?)))
    };
    let state = |kind, address: Identifier, consent| event(message, kind, address, consent, now);
    match answered {
        Answered::Chosen(fields) => stands
            .choices
            .iter()
            .filter(|choice| choice.wanted != fields.contains_key(&choice.field()))
            .filter_map(|choice| {
                let address = address(program, record, message, choice.channel)?;
                // Whoever has the message reads its address: such a yes needs no second question.
                let asked = program.shop.asks_twice(choice.channel, choice.purpose).is_some();
                let (kind, answer) = match choice.wanted {
                    true => (Kind::ConsentWithdrawn, ConsentAnswer::Withdrawn),
                    false if asked && address == message.recipient => {
                        (Kind::ConsentConfirmed, ConsentAnswer::Given)
                    }
                    false => (Kind::ConsentGiven, ConsentAnswer::Given),
                };
                let consent = Consent {
                    channel: choice.channel,
                    purpose: Some(choice.purpose),
                    answer,
                    wording: Some(wordings(&choice.field())),
                    until: None,
                };
                Some(state(kind, address, consent))
            })
            .collect(),
        Answered::Nothing => channels()
            .map(|(channel, address)| {
                let consent = Consent {
                    channel,
                    purpose: None,
                    answer: ConsentAnswer::Withdrawn,
                    wording: Some(wordings("nothing")),
                    until: None,
                };
                state(Kind::Unsubscribed, address, consent)
            })
            .collect(),
        Answered::Pause | Answered::Resume => channels()
            .map(|(channel, address)| {
                let (until, wording) = match answered {
                    Answered::Pause => (now.plus(PAUSE_DAYS * DAY), "pause"),
                    Answered::Resume | Answered::Chosen(_) | Answered::Nothing => (now, "resume"),
                };
                let consent = Consent {
                    channel,
                    purpose: None,
                    answer: ConsentAnswer::Withdrawn,
                    wording: Some(wordings(wording)),
                    until: Some(until),
                };
                state(Kind::PauseAsked, address, consent)
            })
            .collect(),
    }
}

/// The no of one click: to everything but transactional messages over the message's channel.
#[must_use]
pub fn withdrawal(message: &Message, wording: String, now: Timestamp) -> Event {
    let consent = Consent {
        channel: message.channel,
        purpose: None,
        answer: ConsentAnswer::Withdrawn,
        wording: Some(wording),
        until: None,
    };
    event(message, Kind::Unsubscribed, message.recipient.clone(), consent, now)
}

pub(crate) fn event(
    message: &Message,
    kind: Kind,
    address: Identifier,
    consent: Consent,
    now: Timestamp,
) -> Event {
    let about = consent.purpose.map_or("all", Purpose::word);
    let id = format!("preferences-{}-{}-{about}-{}", message.id, consent.channel.word(), now.0);
    Event {
        content: message.id,
        identifiers: vec![address],
        place: Place { channel: message.channel, ..Place::default() },
        consent: Some(consent),
        reference: Some(Reference { id: message.id.to_string() }),
        ..Event::bare(OWN_SOURCE, id, kind, now)
    }
}
