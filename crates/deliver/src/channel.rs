//! The way a message leaves: a mail server, a provider, or the outbox where neither is set.

use std::time::Duration;

use crate::email::{
    Email, Message, Provider, ProviderClient, ProviderSettings, SettingsError, SmtpClient,
    SmtpSettings,
};
use crate::outbox::Outbox;
use crate::sent::Sent;

/// One way for messages to leave, so that a worker need not care which.
#[derive(Debug)]
pub enum Channel {
    /// A mail server.
    Smtp(Box<SmtpClient>),
    /// A provider, over HTTP.
    Provider(Box<ProviderClient>),
    /// No server is set: messages are accepted here and go nowhere.
    Outbox(Outbox),
}

/// Where messages go.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Way {
    /// To a mail server, and so into the world.
    MailServer,
    /// To a provider, and so into the world.
    Provider(Provider),
    /// Into the built-in outbox: nothing leaves this machine.
    Outbox,
}

impl Channel {
    /// The channel that an operator's setting asks for: a mail server or a provider by its URL,
    /// or the outbox without one. Nothing is connected yet.
    ///
    /// # Errors
    /// [`SettingsError`] says what is wrong with the setting.
    pub fn from_setting(url: Option<&str>) -> Result<Self, SettingsError> {
        match url {
            Some(url) if ProviderSettings::is_one(url) => {
                Ok(Self::Provider(Box::new(ProviderClient::new(ProviderSettings::parse(url)?)?)))
            }
            Some(url) => Ok(Self::Smtp(Box::new(SmtpClient::new(SmtpSettings::parse(url)?)?))),
            None => Ok(Self::Outbox(Outbox)),
        }
    }

    /// Waits for a turn to send, where the setting says how many messages a second leave; false: none
    /// came within `patience`. To be asked before the last look at whether a message may go.
    pub async fn turn(&self, patience: Duration) -> bool {
        match self {
            Self::Smtp(client) => client.turn(patience).await,
            Self::Provider(client) => client.turn(patience).await,
            Self::Outbox(_) => true,
        }
    }

    /// Sends one message once, whoever's turn it is; never repeats by itself what may have been delivered. `email` is
    /// `message` as bytes, signed where it is to be.
    ///
    /// Dropping the future before it is ready leaves the message uncertain.
    pub async fn send(&self, message: &Message, email: &Email) -> Sent {
        match self {
            Self::Smtp(client) => client.send(email).await,
            Self::Provider(client) => client.send(message, email).await,
            Self::Outbox(outbox) => outbox.accept(email),
        }
    }

    /// Where messages go.
    pub fn way(&self) -> Way {
        match self {
            Self::Smtp(_) => Way::MailServer,
            Self::Provider(client) => Way::Provider(client.provider()),
            Self::Outbox(_) => Way::Outbox,
        }
    }

    /// Whether the bytes of a message, and so our signature, are what travels.
    pub fn takes_bytes(&self) -> bool {
        match self {
            Self::Smtp(_) | Self::Outbox(_) => true,
            Self::Provider(client) => client.provider().takes_bytes(),
        }
    }

    /// Says goodbye to the server on every idle connection.
    pub async fn close(&self) {
        match self {
            Self::Smtp(client) => client.close().await,
            Self::Provider(client) => client.close(),
            Self::Outbox(_) => {}
        }
    }
}
