//! Text messages in the form that Twilio's "Messages" resource asks for.
//!
//! Source: Twilio's "Create a Message" and its dictionary of errors.

use std::fmt;
use std::time::Duration;

use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use serde_json::Value;
use url::form_urlencoded::Serializer;

use super::message::TextMessage;
use super::settings::{Sender, SmsSettings, SmsSettingsError};
use crate::http::{HttpClient, Reply, Request, Target};
use crate::pace::Pace;
use crate::said::{Said, id};
use crate::sent::{Sent, Stage};

/// The number does not exist or takes no text messages.
const DEAD: [u64; 4] = [21_211, 21_214, 21_217, 21_614];
/// The person replied STOP, and the provider keeps the list.
const STOPPED: u64 = 21_610;
/// Nothing is wrong with the number: its country is not open to the account, or no route leads there.
const NO_ROUTE: [u64; 2] = [21_408, 21_612];
/// Something is wrong with whom the message comes from.
const SENDER: [u64; 7] = [20_003, 21_212, 21_603, 21_606, 21_659, 21_703, 21_705];

/// Sends messages through Twilio, or whoever speaks as it does.
pub struct TwilioClient {
    settings: SmsSettings,
    http: HttpClient,
    target: Target,
    pace: Pace,
}

impl TwilioClient {
    /// Prepares the client; connects only when there is something to send.
    ///
    /// # Errors
    /// If the certificates that the settings name cannot be read.
    pub fn new(settings: SmsSettings) -> Result<Self, SmsSettingsError> {
        let mut http = HttpClient::new(settings.reach.clone(), settings.limits);
        if let Some(path) = &settings.authority {
            let unreadable = |_| SmsSettingsError::Authority { path: path.clone() };
            http = http.trusting(path).map_err(unreadable)?;
        }
        let path = format!("/2010-04-01/Accounts/{}/Messages.json", settings.account);
        let target = settings.base.at(&path);
        let pace = Pace::per_second(settings.rate);
        Ok(Self { settings, http, target, pace })
    }

    /// Waits for a turn to send; false: none came within `patience`.
    pub(super) async fn turn(&self, patience: Duration) -> bool {
        self.pace.turn(patience).await
    }

    /// Sends one message once. A connection that was closed while idle is replaced; nothing else is
    /// tried twice.
    ///
    /// Dropping the future before it is ready leaves the message uncertain.
    pub async fn send(&self, message: &TextMessage) -> Sent {
        let request = Request {
            target: &self.target,
            content_type: "application/x-www-form-urlencoded",
            fields: vec![("authorization", self.authorization())],
            body: self.form(message).into_bytes(),
        };
        let answer = self.http.post(request).await;
        answer.map_or_else(Sent::from, |reply| said(&reply).verdict(&reply))
    }

    /// Whether people can answer to the sender.
    #[must_use]
    pub fn takes_replies(&self) -> bool {
        !matches!(self.settings.sender, Sender::Name(_))
    }

    /// Closes every idle connection.
    pub fn close(&self) {
        self.http.close();
    }

    fn authorization(&self) -> String {
        let who = format!("{}:{}", self.settings.user, self.settings.secret);
        format!("Basic {}", BASE64_STANDARD.encode(who))
    }

    fn form(&self, message: &TextMessage) -> String {
        let mut form = Serializer::new(String::new());
        form.append_pair("To", &message.to).append_pair("Body", &message.text);
        match &self.settings.sender {
            Sender::Number(from) | Sender::Name(from) => form.append_pair("From", from),
            Sender::Service(id) => form.append_pair("MessagingServiceSid", id),
        };
        if let Some(callback) = &self.settings.callback {
            // The provider signs the whole address, so what comes back with it is as it was sent.
            form.append_pair("StatusCallback", &callback.asking("message", &message.id));
        }
        form.finish()
    }
}

fn said(reply: &Reply) -> Said {
    let body: Value = serde_json::from_slice(&reply.body).unwrap_or_default();
    let code = body["code"].as_u64();
    let words = body["message"].as_str().map(|words| match code {
        Some(code) => format!("{code} {words}"),
        None => words.to_owned(),
    });
    let mut said = Said::words(reply, words.as_deref());
    said.id = id(body["sid"].as_str());
    match code {
        Some(STOPPED) => said.stage = Stage::StoppedRecipient,
        Some(code) if DEAD.contains(&code) => said.stage = Stage::DeadRecipient,
        Some(code) if NO_ROUTE.contains(&code) => said.stage = Stage::UnreachedRecipient,
        Some(code) if SENDER.contains(&code) => said.stage = Stage::Sender,
        Some(_) | None => {}
    }
    said
}

impl fmt::Debug for TwilioClient {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("TwilioClient").field("settings", &self.settings).finish_non_exhaustive()
    }
}
