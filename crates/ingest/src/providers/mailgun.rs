//! Mailgun's webhooks: one event a body, below `event-data`, beside the signature.
//!
//! The signature covers a token and a time, and not the body. So the token is the event's id: a body
//! that was swapped under a token that was used meets the event that it brought first.
//!
//! Source: Mailgun's "Tracking messages" and "Securing webhooks".

use serde_json::Value;

use super::machine::machine;
use super::{Told, Word, by_whom, kept, text, unknown};

pub(super) fn read(piece: &Value) -> Told {
    let inside = &piece["event-data"];
    let said = if inside.is_object() { inside } else { piece };
    let kind = text(&said["event"]).ok_or_else(unknown)?;
    let client = &said["client-info"];
    let by_machine = text(&client["bot"]).is_some()
        || text(&client["client-type"]).as_deref() == Some("robot")
        || machine(client["user-agent"].as_str());
    let event = match kind.as_str() {
        "accepted" | "stored" => "Email Accepted".to_owned(),
        "delivered" => "Email Delivered".to_owned(),
        "opened" => by_whom("Email Opened", by_machine),
        "clicked" => by_whom("Email Link Clicked", by_machine),
        "failed" | "permanent_fail" | "temporary_fail" | "bounced" | "dropped" => {
            failed(&kind, said).to_owned()
        }
        "rejected" => "Email Rejected".to_owned(),
        "complained" => "Email Marked as Spam".to_owned(),
        "unsubscribed" => "Unsubscribed".to_owned(),
        _ => return Err(unknown()),
    };
    let mut properties = kept(
        said,
        &[
            ("reason", "reason"),
            ("delivery-status.message", "reason"),
            ("delivery-status.description", "reason"),
            ("delivery-status.code", "status"),
            ("severity", "bounce_type"),
            ("url", "url"),
            ("client-info.user-agent", "user_agent"),
            ("id", "provider_event_id"),
        ],
    );
    properties.insert("provider_event".to_owned(), kind.clone().into());
    let token = [&piece["signature"]["token"], &piece["token"], &said["id"]];
    let id = token
        .into_iter()
        .find_map(text)
        .unwrap_or_else(|| format!("{kind}-{}", text(&said["timestamp"]).unwrap_or_default()));
    Ok(Word {
        event,
        id,
        at: said["timestamp"].clone(),
        recipient: text(&said["recipient"]),
        message_id: text(&said["message"]["headers"]["message-id"])
            .or_else(|| text(&said["Message-Id"])),
        properties,
    })
}

/// "permanent" is for good; a suppression by Mailgun itself says what it knew before.
fn failed(kind: &str, said: &Value) -> &'static str {
    let permanent = kind == "permanent_fail"
        || (kind == "bounced" || kind == "dropped")
        || said["severity"].as_str() == Some("permanent");
    match said["reason"].as_str() {
        Some("suppress-unsubscribe") => "Unsubscribed",
        Some("suppress-complaint") => "Email Marked as Spam",
        // Its servers gave up, or a filter refused: nothing is said of the address.
        Some("old" | "espblock" | "generic-rate-limit") => "Email Deferred",
        Some(_) | None if permanent => "Email Bounced",
        Some(_) | None => "Email Deferred",
    }
}
