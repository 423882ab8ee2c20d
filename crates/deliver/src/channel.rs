//! The way a message leaves: a mail server, or the outbox where none is set.

use crate::email::{Email, SettingsError, SmtpClient, SmtpSettings};
use crate::outbox::Outbox;
use crate::sent::Sent;

/// One way for messages to leave, so that a worker need not care which.
#[derive(Debug)]
pub enum Channel {
    /// A mail server.
    Smtp(Box<SmtpClient>),
    /// No server is set: messages are accepted here and go nowhere.
    Outbox(Outbox),
}

/// Where messages go.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Way {
    /// To a mail server, and so into the world.
    MailServer,
    /// Into the built-in outbox: nothing leaves this machine.
    Outbox,
}

impl Channel {
    /// The channel that an operator's setting asks for: a mail server by its URL, or the outbox
    /// without one. Nothing is connected yet.
    pub fn from_setting(url: Option<&str>) -> Result<Self, SettingsError> {
        match url {
            Some(url) => Ok(Self::Smtp(Box::new(SmtpClient::new(SmtpSettings::parse(url)?)?))),
            None => Ok(Self::Outbox(Outbox)),
        }
    }

    /// Sends one message once; never repeats by itself what may have been delivered.
    ///
    /// Dropping the future before it is ready leaves the message uncertain.
    pub async fn send(&self, email: &Email) -> Sent {
        match self {
            Self::Smtp(client) => client.send(email).await,
            Self::Outbox(outbox) => outbox.accept(email),
        }
    }

    /// Where messages go.
    pub fn way(&self) -> Way {
        match self {
            Self::Smtp(_) => Way::MailServer,
            Self::Outbox(_) => Way::Outbox,
        }
    }

    /// Says goodbye to the server on every idle connection.
    pub async fn close(&self) {
        match self {
            Self::Smtp(client) => client.close().await,
            Self::Outbox(_) => {}
        }
    }
}
