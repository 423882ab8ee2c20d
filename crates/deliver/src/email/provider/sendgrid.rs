//! SendGrid's "Mail Send": one message a request, accepted before it is looked at closely; what
//! becomes of it is told by events.
//!
//! Source: Twilio SendGrid's API reference, "Mail Send" and "Errors".

use serde_json::{Map, Value, json};

use super::settings::ProviderSettings;
use crate::email::{Email, Mailbox, Message};
use crate::http::Reply;
use crate::said::{Said, id};

pub(super) const PATH: &str = "/v3/mail/send";

pub(super) fn request(
    message: &Message,
    email: &Email,
    settings: &ProviderSettings,
) -> (Value, Vec<(&'static str, String)>) {
    let headers: Map<String, Value> =
        message.own_headers().into_iter().map(|(name, value)| (name, value.into())).collect();
    let mut body = json!({
        "personalizations": [{
            "to": [mailbox(&message.to)],
            // Repeated beside every event of this message.
            "custom_args": { "regulars-id": email.message_id() },
        }],
        "from": mailbox(&message.from),
        "subject": message.subject_line(),
        "content": [
            { "type": "text/plain", "value": message.text },
            { "type": "text/html", "value": message.html },
        ],
        "tracking_settings": {
            "click_tracking": { "enable": false, "enable_text": false },
            "open_tracking": { "enable": false },
            "subscription_tracking": { "enable": false },
        },
    });
    if !headers.is_empty() {
        body["headers"] = headers.into();
    }
    if let Some(reply_to) = &message.reply_to {
        body["reply_to"] = mailbox(reply_to);
    }
    (body, vec![("authorization", format!("Bearer {}", settings.key))])
}

fn mailbox(mailbox: &Mailbox) -> Value {
    match mailbox.name() {
        Some(name) => json!({ "email": mailbox.address(), "name": name }),
        None => json!({ "email": mailbox.address() }),
    }
}

pub(super) fn said(reply: &Reply) -> Said {
    let body: Value = serde_json::from_slice(&reply.body).unwrap_or_default();
    let mut said = Said::words(reply, body["errors"][0]["message"].as_str());
    said.id = id(reply.field("x-message-id"));
    said
}
