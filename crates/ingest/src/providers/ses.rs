//! Amazon SES: what the `Message` of a notification over SNS holds. One body may tell of several
//! recipients, each of whom is an event.
//!
//! Source: Amazon's "Event data that Amazon SES publishes to Amazon SNS".

use serde_json::{Map, Value};

use super::machine::machine;
use super::{Told, Word, by_whom, kept, shortened, text, unknown};

pub(super) fn read(piece: &Value) -> Vec<Told> {
    let kind = text(&piece["eventType"]).or_else(|| text(&piece["notificationType"]));
    let Some(kind) = kind else { return vec![Err(unknown())] };
    let part = part_of(&kind);
    let detail = &piece[part];
    let Some(event) = event(&kind, detail) else { return vec![Err(unknown())] };
    let mail = &piece["mail"];
    let at = [&detail["timestamp"], &mail["timestamp"]].into_iter().find(|at| !at.is_null());
    let at = at.cloned().unwrap_or_default();
    let base = text(&detail["feedbackId"]).unwrap_or_else(|| {
        let message = text(&mail["messageId"]).unwrap_or_default();
        format!("{kind}-{message}-{}", text(&at).unwrap_or_default())
    });
    let message_id = message_id(mail);
    let mut common = kept(
        detail,
        &[
            ("link", "url"),
            ("userAgent", "user_agent"),
            ("reason", "reason"),
            ("errorMessage", "reason"),
            ("smtpResponse", "reason"),
            ("bounceType", "bounce_type"),
            ("bounceSubType", "bounce_sub_type"),
            ("complaintFeedbackType", "complaint_type"),
            ("delayType", "reason"),
        ],
    );
    if let Some(id) = text(&mail["messageId"]) {
        common.insert("provider_message_id".to_owned(), id.into());
    }
    common.insert("provider_event".to_owned(), kind.into());
    let whom = recipients(detail, mail);
    if whom.is_empty() {
        let word = Word { event, id: base, at, recipient: None, message_id, properties: common };
        return vec![Ok(word)];
    }
    let many = whom.len() > 1;
    let words = whom.into_iter().enumerate().map(|(number, (recipient, said))| {
        let mut properties = common.clone();
        properties.extend(said);
        Ok(Word {
            event: event.clone(),
            id: if many { format!("{base}-{number}") } else { base.clone() },
            at: at.clone(),
            recipient: Some(recipient),
            message_id: message_id.clone(),
            properties,
        })
    });
    words.collect()
}

/// Under which name the details stand.
fn part_of(kind: &str) -> &'static str {
    match kind {
        "Bounce" => "bounce",
        "Complaint" => "complaint",
        "Delivery" => "delivery",
        "Send" => "send",
        "Reject" => "reject",
        "Open" => "open",
        "Click" => "click",
        "Rendering Failure" => "failure",
        "DeliveryDelay" => "deliveryDelay",
        "Subscription" => "subscription",
        _ => "",
    }
}

fn event(kind: &str, detail: &Value) -> Option<String> {
    let by_machine = machine(detail["userAgent"].as_str());
    Some(match kind {
        "Bounce" => match detail["bounceType"].as_str() {
            Some("Permanent") => "Email Bounced".to_owned(),
            // "Transient" and "Undetermined": it may arrive the next time.
            Some(_) | None => "Email Deferred".to_owned(),
        },
        "Complaint" => match detail["complaintFeedbackType"].as_str() {
            Some("not-spam") => "Email Marked as Not Spam".to_owned(),
            Some(_) | None => "Email Marked as Spam".to_owned(),
        },
        "Delivery" => "Email Delivered".to_owned(),
        "Send" => "Email Accepted".to_owned(),
        "Reject" | "Rendering Failure" => "Email Rejected".to_owned(),
        "Open" => by_whom("Email Opened", by_machine),
        "Click" => by_whom("Email Link Clicked", by_machine),
        "DeliveryDelay" => "Email Deferred".to_owned(),
        "Subscription" => "Unsubscribed".to_owned(),
        _ => return None,
    })
}

/// Whom it is about: the recipients that the details name, else all of the message. A message of
/// ours has one.
fn recipients(detail: &Value, mail: &Value) -> Vec<(String, Map<String, Value>)> {
    let lists = ["bouncedRecipients", "complainedRecipients", "delayedRecipients", "recipients"];
    let named = lists.into_iter().find_map(|list| detail[list].as_array());
    let all = named.or_else(|| mail["destination"].as_array());
    let each = all.into_iter().flatten().filter_map(|one| match one {
        Value::String(address) => Some((bare(address), Map::new())),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::Array(_) | Value::Object(_) => {
            let mut said = kept(one, &[("status", "status")]);
            if let Some(why) = text(&one["diagnosticCode"]) {
                said.insert("reason".to_owned(), shortened(&why).into());
            }
            Some((bare(&text(&one["emailAddress"])?), said))
        }
    });
    each.collect()
}

/// The address alone: SES repeats it as it was written, `Ana <ana@example.com>`.
fn bare(address: &str) -> String {
    let inside = address.rsplit_once('<').and_then(|(_, rest)| rest.split_once('>'));
    inside.map_or(address, |(inside, _)| inside).trim().to_owned()
}

/// The `Message-ID` that the message bore when it left: SES gives it its own, and keeps ours among
/// the headers where it is told to.
fn message_id(mail: &Value) -> Option<String> {
    let headers = mail["headers"].as_array();
    let named = headers.into_iter().flatten().find(|header| {
        header["name"].as_str().is_some_and(|name| name.eq_ignore_ascii_case("message-id"))
    });
    named
        .and_then(|header| text(&header["value"]))
        .or_else(|| text(&mail["commonHeaders"]["messageId"]))
}
