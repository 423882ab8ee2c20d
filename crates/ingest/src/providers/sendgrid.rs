//! SendGrid's Event Webhook: a list of events, each with `event`, `email`, `timestamp` and an id.
//!
//! Source: Twilio's "Event Webhook Reference".

use serde_json::Value;

use super::machine::machine;
use super::{Told, Word, by_whom, kept, text, unknown};

pub(super) fn read(piece: &Value) -> Told {
    let kind = text(&piece["event"]).ok_or_else(unknown)?;
    let reason = text(&piece["reason"]).unwrap_or_default().to_ascii_lowercase();
    let by_machine =
        piece["sg_machine_open"].as_bool() == Some(true) || machine(piece["useragent"].as_str());
    let event = match kind.as_str() {
        "processed" => "Email Accepted".to_owned(),
        "delivered" => "Email Delivered".to_owned(),
        "open" => by_whom("Email Opened", by_machine),
        "click" => by_whom("Email Link Clicked", by_machine),
        "deferred" => "Email Deferred".to_owned(),
        "bounce" => bounced(piece, &reason).to_owned(),
        "dropped" => dropped(&reason).to_owned(),
        "spamreport" => "Email Marked as Spam".to_owned(),
        "unsubscribe" | "group_unsubscribe" => "Unsubscribed".to_owned(),
        "group_resubscribe" => "Email Resubscribed".to_owned(),
        _ => return Err(unknown()),
    };
    let mut properties = kept(
        piece,
        &[
            ("reason", "reason"),
            ("response", "reason"),
            ("status", "status"),
            ("type", "bounce_type"),
            ("url", "url"),
            ("useragent", "user_agent"),
            ("sg_message_id", "provider_message_id"),
        ],
    );
    properties.insert("provider_event".to_owned(), kind.clone().into());
    let id = match text(&piece["sg_event_id"]) {
        Some(id) => id,
        // Not every event bears one: test events of the settings page, for example.
        None => format!(
            "{kind}-{}-{}",
            text(&piece["sg_message_id"]).unwrap_or_default(),
            text(&piece["timestamp"]).unwrap_or_default()
        ),
    };
    Ok(Word {
        event,
        id,
        at: piece["timestamp"].clone(),
        recipient: text(&piece["email"]),
        // Beside messages that went out over its own interface, what we gave it; else the header.
        message_id: text(&piece["regulars-id"]).or_else(|| text(&piece["smtp-id"])),
        properties,
    })
}

/// `type` is "blocked" where the receiving server refused for reasons of its own, for a while.
fn bounced(piece: &Value, reason: &str) -> &'static str {
    let status = text(&piece["status"]).unwrap_or_default();
    let blocked = piece["type"].as_str() == Some("blocked");
    let passing = status.starts_with('4') || (status.is_empty() && reason.starts_with('4'));
    if blocked || passing { "Email Deferred" } else { "Email Bounced" }
}

/// What SendGrid did not even try says what it knew before.
fn dropped(reason: &str) -> &'static str {
    match reason {
        "bounced address" | "invalid" | "invalid smtpapi header recipient" => "Email Bounced",
        "unsubscribed address" => "Unsubscribed",
        "spam reporting address" => "Email Marked as Spam",
        _ => "Email Rejected",
    }
}
