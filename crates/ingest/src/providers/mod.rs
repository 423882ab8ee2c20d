//! What providers tell of messages: SendGrid, Postmark, Amazon SES, Mailgun; Twilio of text messages.
//!
//! Each provider's words become messages of the protocol that [`crate::segment`] reads, so that
//! bounds, hashes and the quarantine are the same for all; a message that is set aside can be
//! repaired and replayed like any other. What the provider's word comes to:
//!
//! | | event |
//! |---|---|
//! | the receiving server took it | Email Delivered |
//! | it was opened, by a person / by a machine | Email Opened / Email Fetched |
//! | a link was followed, by a person / by a machine | Email Link Clicked / Email Fetched |
//! | it came back for good / for a while | Email Bounced / Email Deferred |
//! | a complaint | Email Marked as Spam |
//! | the person wants no more, or replied STOP | Unsubscribed, for care and promotion |
//! | a person wrote back | Live Chat Message Sent, or what the word asks for |
//! | anything else the provider does | an event of the provider's own name |
//!
//! Signatures are checked by whoever took the body in: here nothing is known of secrets.

mod machine;
mod mailgun;
mod postmark;
mod sendgrid;
mod ses;
mod twilio;

use regulars_engine::event::Channel;
use regulars_engine::source::SourceSettings;
use serde_json::{Map, Value, json};

use crate::limits::{BODY_BYTES_MAX, MESSAGES_MAX};
use crate::received::{Batch, Received};
use crate::rejection::{Rejection, RejectionReason};
use crate::segment::{self, BodyError, Hints, PathType};

pub use machine::machine;
pub use twilio::{Keyword, KeywordLanguage, TWILIO_MESSAGE, keyword};

/// Who tells.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Provider {
    /// Twilio SendGrid's Event Webhook.
    SendGrid,
    /// Postmark's webhooks.
    Postmark,
    /// Amazon SES, over SNS.
    Ses,
    /// Mailgun's webhooks.
    Mailgun,
    /// Twilio's webhooks for text messages.
    Twilio,
    /// Whoever signs its calls as Standard Webhooks lays down, and speaks the protocol itself.
    Standard,
}

impl Provider {
    /// Every provider.
    pub const ALL: [Self; 6] =
        [Self::SendGrid, Self::Postmark, Self::Ses, Self::Mailgun, Self::Twilio, Self::Standard];

    /// The word in commands, in the API and as a source's name.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::SendGrid => "sendgrid",
            Self::Postmark => "postmark",
            Self::Ses => "ses",
            Self::Mailgun => "mailgun",
            Self::Twilio => "twilio",
            Self::Standard => "standard",
        }
    }

    /// The name as the provider writes it.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::SendGrid => "SendGrid",
            Self::Postmark => "Postmark",
            Self::Ses => "Amazon SES",
            Self::Mailgun => "Mailgun",
            Self::Twilio => "Twilio",
            Self::Standard => "Standard Webhooks",
        }
    }

    /// Over which channel the messages go that it tells of; `None`: it tells of anything.
    #[must_use]
    pub const fn channel(self) -> Option<Channel> {
        match self {
            Self::SendGrid | Self::Postmark | Self::Ses | Self::Mailgun => Some(Channel::Email),
            Self::Twilio => Some(Channel::Sms),
            Self::Standard => None,
        }
    }

    /// The provider of this word.
    #[must_use]
    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|provider| provider.word() == word)
    }
}

/// One thing that a provider tells.
#[derive(Debug)]
struct Word {
    /// The event's name.
    event: String,
    /// What makes it this event and no other.
    id: String,
    /// When, as the provider writes it: seconds since 1970 or RFC 3339.
    at: Value,
    /// Whom it is about.
    recipient: Option<String>,
    /// The `Message-ID` that the message bore when it left.
    message_id: Option<String>,
    /// What else was said.
    properties: Map<String, Value>,
}

/// One thing, or what no word is known for.
type Told = Result<Word, RejectionReason>;

/// Reads the body of a webhook whose signature was checked. For SES that is the `Message` inside
/// the notification, and for Mailgun the whole body, signature and all.
///
/// `mark` is what stands behind the dot in the `Message-ID` of our own messages: an event about one
/// of them refers to it.
///
/// # Errors
/// [`BodyError`] if it is no JSON or too large; nothing was accepted then.
pub fn parse(
    provider: Provider,
    body: &[u8],
    mark: &str,
    received: &Received<'_>,
) -> Result<Batch, BodyError> {
    if body.is_empty() {
        return Err(BodyError::Empty);
    }
    if body.len() > BODY_BYTES_MAX {
        return Err(BodyError::TooLarge { bytes: body.len() });
    }
    let Some(channel) = provider.channel() else {
        return segment::parse(body, PathType::Batch, &Hints::default(), received);
    };
    let said: Value = serde_json::from_slice(body).map_err(|error| BodyError::NotJson {
        // The reader counts lines; providers write one.
        offset: if error.line() == 1 { error.column() } else { 0 },
    })?;
    let pieces = if let Value::Array(pieces) = said { pieces } else { vec![said] };
    let mut told: Vec<(Told, &Value)> = Vec::with_capacity(pieces.len());
    for piece in &pieces {
        let words = match provider {
            Provider::SendGrid => vec![sendgrid::read(piece)],
            Provider::Postmark => vec![postmark::read(piece)],
            Provider::Ses => ses::read(piece),
            Provider::Mailgun => vec![mailgun::read(piece)],
            Provider::Twilio => vec![twilio::read(piece)],
            Provider::Standard => Vec::new(),
        };
        told.extend(words.into_iter().map(|word| (word, piece)));
    }
    if told.len() > MESSAGES_MAX {
        return Err(BodyError::TooManyMessages);
    }
    settle(channel, told, mark, received)
}

/// Makes events of what was told; what cannot be one is set aside.
fn settle(
    channel: Channel,
    told: Vec<(Told, &Value)>,
    mark: &str,
    received: &Received<'_>,
) -> Result<Batch, BodyError> {
    let mut messages = Vec::with_capacity(told.len());
    let mut rejections = Vec::new();
    for (word, piece) in told {
        match word {
            Ok(word) if word.recipient.is_some() => messages.push(message(channel, word, mark)),
            Ok(word) => {
                let raw = message(channel, word, mark).to_string();
                let reason = RejectionReason::NamesNobody;
                rejections.push(Rejection::new(raw.as_bytes(), reason, received.received_at));
            }
            Err(reason) => {
                let raw = piece.to_string();
                rejections.push(Rejection::new(raw.as_bytes(), reason, received.received_at));
            }
        }
    }
    if messages.is_empty() {
        return Ok(Batch { events: Vec::new(), rejections });
    }
    let body = json!({ "batch": messages }).to_string();
    // A provider has proved who it is, and this is what it knows.
    let source = SourceSettings { tells_of_mail: Some(true), ..received.source.clone() };
    let received = &Received { source: &source, ..*received };
    let mut batch = segment::parse(body.as_bytes(), PathType::Batch, &Hints::default(), received)?;
    batch.rejections.append(&mut rejections);
    // What is told of a channel happened over it, whatever the source is for.
    batch.events.iter_mut().for_each(|event| event.place.channel = channel);
    Ok(batch)
}

/// A word as a message of the protocol.
fn message(channel: Channel, word: Word, mark: &str) -> Value {
    let mut properties = word.properties;
    if let Some(own) = word.message_id.as_deref().and_then(|id| own_message(id, mark)) {
        properties.insert("message_id".to_owned(), own.into());
    }
    if word.event == "Unsubscribed" {
        // A provider that was told to stop sends nothing but what must be sent.
        properties.insert("purpose".to_owned(), "all".into());
    }
    let address = if channel == Channel::Sms { "phone" } else { "email" };
    let mut message = json!({
        "type": "track",
        "event": word.event,
        "messageId": word.id,
        "context": { "traits": { address: word.recipient } },
        "properties": properties,
    });
    if !word.at.is_null() {
        message["timestamp"] = word.at;
    }
    message
}

/// The message of ours that bears this `Message-ID`: `17.9f3a66b1@shop.example` with our mark.
fn own_message(message_id: &str, mark: &str) -> Option<String> {
    let left = message_id.trim().trim_matches(['<', '>']).split('@').next()?;
    let (number, own) = left.split_once('.')?;
    let digits = !number.is_empty() && number.bytes().all(|byte| byte.is_ascii_digit());
    (digits && own == mark).then(|| number.to_owned())
}

/// The text of a field, if there is one that is not empty.
fn text(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text.trim().to_owned()).filter(|text| !text.is_empty()),
        Value::Number(number) => Some(number.to_string()),
        Value::Null | Value::Bool(_) | Value::Array(_) | Value::Object(_) => None,
    }
}

/// Copies fields that say something; names are ours, values the provider's.
fn kept(piece: &Value, fields: &[(&str, &str)]) -> Map<String, Value> {
    let mut properties = Map::new();
    for (field, name) in fields {
        let value = field.split('.').fold(piece, |value, part| &value[part]);
        if let Some(text) = text(value) {
            properties.insert((*name).to_owned(), shortened(&text).into());
        }
    }
    properties
}

/// What a server said, at a length that a person reads.
fn shortened(text: &str) -> String {
    const LENGTH_MAX: usize = 1_000;
    text.chars().take(LENGTH_MAX).collect()
}

/// The event of an opening or a click: a machine's is told apart.
fn by_whom(person: &str, machine: bool) -> String {
    if machine { "Email Fetched".to_owned() } else { person.to_owned() }
}

fn unknown() -> RejectionReason {
    RejectionReason::ProviderEventUnknown
}
