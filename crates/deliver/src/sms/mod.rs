//! Text messages: how many parts one takes, and handing it to a provider over HTTP.
//!
//! The line that matters is the same as for mail: before the provider may have all of a request
//! nothing is delivered, after that only its answer tells.

mod count;
mod message;
mod settings;
mod twilio;

use std::time::Duration;

use crate::sent::{ResponseClass, Sent};

pub use count::{Counted, Encoding, SEGMENTS_MAX, count};
pub use message::TextMessage;
pub use settings::{Sender, SmsSettings, SmsSettingsError};
pub use twilio::TwilioClient;

/// One way for text messages to leave, so that a worker need not care which.
#[derive(Debug)]
pub enum SmsChannel {
    /// Twilio, or whoever speaks as it does.
    Twilio(Box<TwilioClient>),
    /// No provider is set: messages are accepted here and go nowhere.
    Outbox,
}

/// Where text messages go.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SmsWay {
    /// To Twilio, and so into the world.
    Twilio,
    /// Into the built-in outbox: nothing leaves this machine.
    Outbox,
}

impl SmsChannel {
    /// The channel that an operator's setting asks for: a provider by its URL, or the outbox without
    /// one. Nothing is connected yet.
    ///
    /// # Errors
    /// [`SmsSettingsError`] says what is wrong with the setting.
    pub fn from_setting(url: Option<&str>) -> Result<Self, SmsSettingsError> {
        match url {
            Some(url) => Ok(Self::Twilio(Box::new(TwilioClient::new(SmsSettings::parse(url)?)?))),
            None => Ok(Self::Outbox),
        }
    }

    /// Waits for a turn to send, as mail does; false: none came within `patience`.
    pub async fn turn(&self, patience: Duration) -> bool {
        match self {
            Self::Twilio(client) => client.turn(patience).await,
            Self::Outbox => true,
        }
    }

    /// Sends one message once, whoever's turn it is; never repeats by itself what may have been delivered.
    ///
    /// Dropping the future before it is ready leaves the message uncertain.
    pub async fn send(&self, message: &TextMessage) -> Sent {
        match self {
            Self::Twilio(client) => client.send(message).await,
            Self::Outbox => Sent::Accepted {
                provider_id: Some(message.id.clone()),
                response_class: ResponseClass::Outbox,
            },
        }
    }

    /// Where messages go.
    #[must_use]
    pub fn way(&self) -> SmsWay {
        match self {
            Self::Twilio(_) => SmsWay::Twilio,
            Self::Outbox => SmsWay::Outbox,
        }
    }

    /// Whether people can answer to the sender, so that a STOP can be asked for. A name cannot be
    /// answered to.
    #[must_use]
    pub fn takes_replies(&self) -> bool {
        match self {
            Self::Twilio(client) => client.takes_replies(),
            Self::Outbox => true,
        }
    }

    /// Closes every idle connection.
    pub fn close(&self) {
        match self {
            Self::Twilio(client) => client.close(),
            Self::Outbox => {}
        }
    }
}
