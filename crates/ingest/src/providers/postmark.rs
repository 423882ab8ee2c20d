//! Postmark's webhooks: one record a body, of the kind that `RecordType` names.
//!
//! Source: Postmark's "Webhooks overview" and "Bounce API: bounce types".

use serde_json::Value;

use super::machine::machine;
use super::{Told, Word, by_whom, kept, text, unknown};

pub(super) fn read(piece: &Value) -> Told {
    let record = text(&piece["RecordType"]).ok_or_else(unknown)?;
    let kind = text(&piece["Type"]).unwrap_or_default();
    let by_machine = machine(piece["UserAgent"].as_str());
    let event = match record.as_str() {
        "Delivery" => "Email Delivered".to_owned(),
        "Open" => by_whom("Email Opened", by_machine),
        "Click" => by_whom("Email Link Clicked", by_machine),
        "Bounce" => bounced(&kind).to_owned(),
        "SpamComplaint" => "Email Marked as Spam".to_owned(),
        "SubscriptionChange" => subscription(piece).to_owned(),
        _ => return Err(unknown()),
    };
    let mut properties = kept(
        piece,
        &[
            ("Details", "reason"),
            ("Type", "bounce_type"),
            ("OriginalLink", "url"),
            ("UserAgent", "user_agent"),
            ("SuppressionReason", "reason"),
            ("MessageID", "provider_message_id"),
        ],
    );
    properties.insert("provider_event".to_owned(), record.clone().into());
    let at = ["DeliveredAt", "BouncedAt", "ReceivedAt", "ChangedAt"]
        .into_iter()
        .map(|field| &piece[field])
        .find(|value| !value.is_null());
    let at = at.cloned().unwrap_or_default();
    let id = match text(&piece["ID"]) {
        Some(id) => format!("{record}-{id}"),
        None => {
            let link = text(&piece["OriginalLink"]).map(|url| format!("-{}", url.len()));
            let message = text(&piece["MessageID"]).unwrap_or_default();
            format!(
                "{record}-{message}-{}{}",
                text(&at).unwrap_or_default(),
                link.unwrap_or_default()
            )
        }
    };
    Ok(Word {
        event,
        id,
        at,
        recipient: text(&piece["Recipient"]).or_else(|| text(&piece["Email"])),
        message_id: text(&piece["Metadata"]["regulars-id"]),
        properties,
    })
}

fn bounced(kind: &str) -> &'static str {
    match kind {
        "HardBounce" | "BadEmailAddress" | "ManuallyDeactivated" => "Email Bounced",
        "SpamComplaint" => "Email Marked as Spam",
        "Unsubscribe" => "Unsubscribed",
        "Subscribe" => "Email Resubscribed",
        "AutoResponder" => "Email Answered by Machine",
        "TemplateRenderingFailed" | "SMTPApiError" => "Email Rejected",
        // Full boxes, busy servers, filters: it may arrive the next time.
        _ => "Email Deferred",
    }
}

fn subscription(piece: &Value) -> &'static str {
    if piece["SuppressSending"].as_bool() == Some(false) {
        return "Email Resubscribed";
    }
    match piece["SuppressionReason"].as_str() {
        Some("HardBounce") => "Email Bounced",
        Some("SpamComplaint") => "Email Marked as Spam",
        Some(_) | None => "Unsubscribed",
    }
}
