//! A provider as a channel.

use std::fmt;
use std::time::Duration;

use super::settings::{Provider, ProviderSettings};
use super::{postmark, sendgrid, ses};
use crate::email::{Email, Message, SettingsError};
use crate::http::{HttpClient, Reply, Request, Target};
use crate::pace::Pace;
use crate::sent::Sent;

/// Sends messages through one provider.
pub struct ProviderClient {
    settings: ProviderSettings,
    http: HttpClient,
    target: Target,
    pace: Pace,
}

impl ProviderClient {
    /// Prepares the client; connects only when there is something to send.
    ///
    /// # Errors
    /// If the certificates that the settings name cannot be read.
    pub fn new(settings: ProviderSettings) -> Result<Self, SettingsError> {
        let mut http = HttpClient::new(settings.reach.clone(), settings.limits);
        if let Some(path) = &settings.authority {
            let unreadable = |_| SettingsError::Authority { path: path.clone() };
            http = http.trusting(path).map_err(unreadable)?;
        }
        let path = match settings.provider {
            Provider::Postmark => postmark::PATH,
            Provider::SendGrid => sendgrid::PATH,
            Provider::Ses => ses::PATH,
        };
        let target = settings.base.at(path);
        let pace = Pace::per_second(settings.rate);
        Ok(Self { settings, http, target, pace })
    }

    /// Which provider it is.
    #[must_use]
    pub fn provider(&self) -> Provider {
        self.settings.provider
    }

    /// Waits for a turn to send; false: none came within `patience`.
    pub(crate) async fn turn(&self, patience: Duration) -> bool {
        self.pace.turn(patience).await
    }

    /// Sends one message once: `email` is `message` as bytes, signed where it is to be. A connection
    /// that was closed while idle is replaced; nothing else is tried twice.
    ///
    /// Dropping the future before it is ready leaves the message uncertain.
    pub async fn send(&self, message: &Message, email: &Email) -> Sent {
        let (body, fields) = match self.settings.provider {
            Provider::Postmark => postmark::request(message, email, &self.settings),
            Provider::SendGrid => sendgrid::request(message, email, &self.settings),
            Provider::Ses => ses::request(message, email, &self.settings, &self.target),
        };
        let body = body.to_string().into_bytes();
        let content_type = "application/json";
        let request = Request { target: &self.target, content_type, fields, body };
        self.http.post(request).await.map_or_else(Sent::from, |reply| self.read(&reply))
    }

    /// Closes every idle connection.
    pub fn close(&self) {
        self.http.close();
    }

    fn read(&self, reply: &Reply) -> Sent {
        let said = match self.settings.provider {
            Provider::Postmark => postmark::said(reply),
            Provider::SendGrid => sendgrid::said(reply),
            Provider::Ses => ses::said(reply),
        };
        said.verdict(reply)
    }
}

impl fmt::Debug for ProviderClient {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ProviderClient").field("settings", &self.settings).finish_non_exhaustive()
    }
}
