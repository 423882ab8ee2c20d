//! A provider as a channel.

use std::fmt;

use super::settings::{Provider, ProviderSettings};
use super::{postmark, sendgrid, ses};
use crate::email::{Email, Message, SettingsError};
use crate::http::{HttpClient, Reply, Request, Target, Unanswered};
use crate::pace::Pace;
use crate::sent::{Cause, ResponseClass, Sent, ServerText, Stage};

/// Sends messages through one provider.
pub struct ProviderClient {
    settings: ProviderSettings,
    http: HttpClient,
    target: Target,
    pace: Option<Pace>,
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
        let pace = settings.rate.map(Pace::per_second);
        Ok(Self { settings, http, target, pace })
    }

    /// Which provider it is.
    #[must_use]
    pub fn provider(&self) -> Provider {
        self.settings.provider
    }

    /// Sends one message once: `email` is `message` as bytes, signed where it is to be. A connection
    /// that was closed while idle is replaced; nothing else is tried twice.
    ///
    /// Dropping the future before it is ready leaves the message uncertain.
    pub async fn send(&self, message: &Message, email: &Email) -> Sent {
        if let Some(pace) = &self.pace {
            pace.turn().await;
        }
        let (body, fields) = match self.settings.provider {
            Provider::Postmark => postmark::request(message, email, &self.settings),
            Provider::SendGrid => sendgrid::request(message, email, &self.settings),
            Provider::Ses => ses::request(message, email, &self.settings, &self.target),
        };
        let body = body.to_string().into_bytes();
        let content_type = "application/json";
        let request = Request { target: &self.target, content_type, fields, body };
        match self.http.post(request).await {
            Ok(reply) => self.read(&reply),
            Err(Unanswered { perhaps_received: true, cause, text }) => {
                Sent::Uncertain { cause, text }
            }
            Err(Unanswered { perhaps_received: false, cause, text }) => {
                Sent::NotSent { cause, text }
            }
        }
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
        let text = ServerText::new(&said.text);
        match reply.status {
            // An agreement to what was not sent whole is out of step: nobody knows to what.
            200..=299 if !reply.after_all => Sent::Uncertain { cause: Cause::Protocol, text },
            200..=299 if said.refuses => {
                Sent::Refused { permanent: true, code: reply.status, stage: said.stage, text }
            }
            code @ 200..=299 => {
                let response_class = ResponseClass::Server { code };
                Sent::Accepted { provider_id: said.id, response_class }
            }
            code @ (401 | 403) => {
                let stage = Stage::Sender;
                Sent::Refused { permanent: false, code, stage, text }
            }
            // Too late, too many, not now: it said no before it looked at the message.
            code @ (408 | 425 | 429 | 503) => {
                Sent::Refused { permanent: false, code, stage: Stage::Content, text }
            }
            code @ 300..=499 => Sent::Refused { permanent: true, code, stage: said.stage, text },
            // It broke while it had the message.
            _ => Sent::Uncertain { cause: Cause::Server, text },
        }
    }
}

impl fmt::Debug for ProviderClient {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ProviderClient").field("settings", &self.settings).finish_non_exhaustive()
    }
}

/// What a provider's answer says, in the provider's own form.
pub(super) struct Said {
    /// Its name for the message.
    pub(super) id: Option<String>,
    /// Its words, with the status before them.
    pub(super) text: String,
    /// What it refuses, if it refuses.
    pub(super) stage: Stage,
    /// Whether it refuses in spite of its status.
    pub(super) refuses: bool,
}

impl Said {
    /// An answer of which nothing but the status and these words is known.
    pub(super) fn words(reply: &Reply, words: Option<&str>) -> Self {
        let text = match words {
            Some(words) => format!("{} {words}", reply.status),
            None => reply.status.to_string(),
        };
        Self { id: None, text, stage: Stage::Content, refuses: false }
    }
}

/// An id that a provider states, as far as it looks like one.
pub(super) fn id(text: Option<&str>) -> Option<String> {
    let fits = |text: &&str| {
        (1..=200).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_graphic())
    };
    text.filter(fits).map(str::to_owned)
}
