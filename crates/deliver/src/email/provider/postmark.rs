//! Postmark's "Email API": one message a request.
//!
//! Source: Postmark's developer documentation, "Email API" and "API error codes".

use serde_json::{Value, json};

use super::settings::ProviderSettings;
use crate::email::{Email, Message};
use crate::http::Reply;
use crate::said::{Said, id};
use crate::sent::Stage;

pub(super) const PATH: &str = "/email";

/// "Inactive recipient": it bounced for good, complained, or was taken off by hand.
const INACTIVE: u64 = 406;

pub(super) fn request(
    message: &Message,
    email: &Email,
    settings: &ProviderSettings,
) -> (Value, Vec<(&'static str, String)>) {
    let marketing = message.unsubscribe.is_some();
    let stream = if marketing { &settings.broadcast } else { &settings.transactional };
    let headers: Vec<Value> = message
        .own_headers()
        .into_iter()
        .map(|(name, value)| json!({ "Name": name, "Value": value }))
        .collect();
    let mut body = json!({
        "From": message.from.written(),
        "To": message.to.written(),
        "Subject": message.subject_line(),
        "HtmlBody": message.html,
        "TextBody": message.text,
        "Headers": headers,
        "MessageStream": stream,
        // Postmark gives messages ids of its own, and repeats this beside them.
        "Metadata": { "regulars-id": email.message_id() },
        "TrackOpens": false,
        "TrackLinks": "None",
    });
    if let Some(reply_to) = &message.reply_to {
        body["ReplyTo"] = reply_to.written().into();
    }
    let fields = vec![
        ("accept", "application/json".to_owned()),
        ("x-postmark-server-token", settings.key.clone()),
    ];
    (body, fields)
}

pub(super) fn said(reply: &Reply) -> Said {
    let body: Value = serde_json::from_slice(&reply.body).unwrap_or_default();
    let code = body["ErrorCode"].as_u64().unwrap_or(0);
    let mut said = Said::words(reply, body["Message"].as_str());
    if code == INACTIVE {
        said.stage = Stage::DeadRecipient;
    }
    said.refuses = code != 0;
    said.id = id(body["MessageID"].as_str());
    said
}
