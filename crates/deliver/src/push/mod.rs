//! Push messages to browsers: encrypted for the browser alone, signed as the shop's, and posted to the
//! push service that the browser named.
//!
//! Sources: RFC 8030 (the protocol), RFC 8291 over RFC 8188 (the encryption), RFC 8292 (the signature).
//! Endpoints are whatever a browser said, so every one of them passes the address checks of [`crate::http`].

mod client;
mod encrypt;
mod key;
mod message;

use crate::sent::{ResponseClass, Sent};

pub use client::PushClient;
pub use encrypt::PAYLOAD_MAX;
pub use key::{PushKey, PushKeyError};
pub use message::{PushMessage, Urgency};

/// One way for push messages to leave, so that a worker need not care which.
#[derive(Debug)]
pub enum PushChannel {
    /// To the push services of browsers.
    Services(Box<PushClient>),
    /// The shop has no key: messages are accepted here and go nowhere.
    Outbox,
}

/// Where push messages go.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PushWay {
    /// To the push services of browsers, and so into the world.
    Services,
    /// Into the built-in outbox: nothing leaves this machine.
    Outbox,
}

impl PushChannel {
    /// Sends one message once, at `seconds` since 1970 (UTC); never repeats by itself what may have been
    /// delivered.
    ///
    /// Dropping the future before it is ready leaves the message uncertain.
    pub async fn send(&self, message: &PushMessage, seconds: i64) -> Sent {
        match self {
            Self::Services(client) => client.send(message, seconds).await,
            Self::Outbox => Sent::Accepted {
                provider_id: Some(message.topic.clone()),
                response_class: ResponseClass::Outbox,
            },
        }
    }

    /// Where messages go.
    #[must_use]
    pub fn way(&self) -> PushWay {
        match self {
            Self::Services(_) => PushWay::Services,
            Self::Outbox => PushWay::Outbox,
        }
    }

    /// Closes every idle connection.
    pub fn close(&self) {
        match self {
            Self::Services(client) => client.close(),
            Self::Outbox => {}
        }
    }
}
