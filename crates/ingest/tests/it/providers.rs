//! What e-mail providers tell: bodies of our own, and those of the check data.

use std::collections::BTreeMap;

use regulars_engine::event::{Channel, ConsentAnswer, Event, Mode};
use regulars_engine::identity::IdentityRules;
use regulars_engine::source::SourceSettings;
use regulars_ingest::providers::{Provider, parse};
use regulars_ingest::segment::BodyError;
use regulars_ingest::{Batch, Received};
use serde_json::{Value, json};

use crate::check_data::folder;
use crate::tell::moment;

const MARK: &str = "9f3a66b1";

fn read(provider: Provider, body: &Value) -> Batch {
    let (rules, source) = (IdentityRules::default(), SourceSettings::named(provider.word()));
    let received_at = moment("2026-11-21T20:00:00Z");
    let received =
        Received { source: &source, rules: &rules, received_at, mode: Mode::Live, feed: None };
    parse(provider, body.to_string().as_bytes(), MARK, &received).unwrap()
}

fn one(provider: Provider, body: &Value) -> Event {
    let mut batch = read(provider, body);
    assert_eq!((batch.events.len(), batch.rejections.len()), (1, 0), "{body}");
    batch.events.remove(0)
}

/// Whom, what, when, and which message of ours.
fn told(event: &Event) -> String {
    let whom = event.identifiers.first().map_or("nobody", |identifier| identifier.value());
    let ours = event.reference.as_ref().map_or("", |reference| reference.id.as_str());
    format!("{whom}: {} {} {ours}", event.kind.name(), event.occurred.at).trim().to_owned()
}

fn sendgrid(event: &str, more: &Value) -> Value {
    let mut body = json!({ "event": event, "email": "Ana@Example.com", "timestamp": 1_795_000_000,
        "sg_event_id": format!("e-{event}"), "smtp-id": "<17.9f3a66b1@shop.example>" });
    for (name, value) in more.as_object().unwrap() {
        body[name] = value.clone();
    }
    json!([body])
}

#[test]
fn sendgrids_words_become_ours() {
    let say = |event: &str, more: &Value| {
        let event = one(Provider::SendGrid, &sendgrid(event, more));
        (event.kind.name().to_owned(), event)
    };
    let none = json!({});
    for (word, more, name) in [
        ("delivered", &none, "Email Delivered"),
        ("open", &none, "Email Opened"),
        ("open", &json!({ "sg_machine_open": true }), "Email Fetched"),
        ("click", &json!({ "url": "https://shop.example/" }), "Email Link Clicked"),
        ("click", &json!({ "useragent": "Barracuda Sentinel" }), "Email Fetched"),
        ("bounce", &json!({ "status": "5.1.1", "type": "bounce" }), "Email Bounced"),
        ("bounce", &json!({ "status": "4.2.2", "type": "bounce" }), "Email Deferred"),
        ("bounce", &json!({ "status": "5.7.1", "type": "blocked" }), "Email Deferred"),
        ("deferred", &none, "Email Deferred"),
        ("dropped", &json!({ "reason": "Bounced Address" }), "Email Bounced"),
        ("dropped", &json!({ "reason": "Spam Reporting Address" }), "Email Marked as Spam"),
        ("dropped", &json!({ "reason": "Unsubscribed Address" }), "Unsubscribed"),
        (
            "dropped",
            &json!({ "reason": "Spam Content (if spam checker app enabled)" }),
            "Email Rejected",
        ),
        ("spamreport", &none, "Email Marked as Spam"),
        ("group_unsubscribe", &none, "Unsubscribed"),
        ("processed", &none, "Email Accepted"),
    ] {
        assert_eq!(say(word, more).0, name, "{word} {more}");
    }
    let delivered = say("delivered", &none).1;
    assert_eq!(told(&delivered), "ana@example.com: Email Delivered 2026-11-18T11:06:40Z 17");
    assert_eq!(delivered.place.channel, Channel::Email);
}

/// Whoever unsubscribes at the provider gets neither offers nor advice from us any more.
#[test]
fn unsubscribing_at_the_provider_is_a_no_to_all_but_transactional_mail() {
    let consent = one(Provider::SendGrid, &sendgrid("unsubscribe", &json!({}))).consent.unwrap();
    let said = (consent.channel, consent.purpose, consent.answer);
    assert_eq!(said, (Channel::Email, None, ConsentAnswer::Withdrawn));
}

#[test]
fn postmarks_words_become_ours() {
    for (record, kind, name) in [
        ("Delivery", Value::Null, "Email Delivered"),
        ("Open", Value::Null, "Email Opened"),
        ("Click", Value::Null, "Email Link Clicked"),
        ("Bounce", "HardBounce".into(), "Email Bounced"),
        ("Bounce", "SoftBounce".into(), "Email Deferred"),
        ("Bounce", "Transient".into(), "Email Deferred"),
        ("Bounce", "SpamNotification".into(), "Email Deferred"),
        ("Bounce", "Unsubscribe".into(), "Unsubscribed"),
        ("Bounce", "AutoResponder".into(), "Email Answered by Machine"),
        ("SpamComplaint", "SpamComplaint".into(), "Email Marked as Spam"),
    ] {
        let body = json!({ "RecordType": record, "Type": kind, "MessageID": "m-1",
            "Recipient": "ana@example.com", "ReceivedAt": "2026-11-18T10:26:40.1234567Z" });
        assert_eq!(one(Provider::Postmark, &body).kind.name(), name, "{record} {kind}");
    }
    let machine = json!({ "RecordType": "Open", "MessageID": "m-1", "UserAgent": "Mozilla/5.0",
        "Recipient": "ana@example.com", "ReceivedAt": "2026-11-18T10:26:40Z" });
    assert_eq!(one(Provider::Postmark, &machine).kind.name(), "Email Fetched");
}

#[test]
fn one_notification_of_ses_may_be_several_events() {
    let mail = json!({ "messageId": "ses-1", "timestamp": "2026-11-18T10:26:40.000Z",
        "destination": ["Ana <ana@example.com>", "eva@example.com"],
        "headers": [{ "name": "Message-ID", "value": "<18.9f3a66b1@shop.example>" }] });
    let bounce = json!({ "notificationType": "Bounce", "mail": mail, "bounce": {
        "bounceType": "Permanent", "feedbackId": "f-1", "bouncedRecipients": [
            { "emailAddress": "ana@example.com", "diagnosticCode": "550 no such user" },
            { "emailAddress": "eva@example.com" } ] } });
    let batch = read(Provider::Ses, &bounce);
    let all: Vec<String> = batch.events.iter().map(told).collect();
    assert_eq!(
        all,
        [
            "ana@example.com: Email Bounced 2026-11-18T10:26:40Z 18",
            "eva@example.com: Email Bounced 2026-11-18T10:26:40Z 18",
        ]
    );
    assert_ne!(batch.events[0].message_id, batch.events[1].message_id);
    let soft = json!({ "eventType": "Bounce", "mail": { "destination": ["ana@example.com"] },
        "bounce": { "bounceType": "Transient" } });
    assert_eq!(one(Provider::Ses, &soft).kind.name(), "Email Deferred");
    let open = json!({ "eventType": "Open", "mail": { "destination": ["Ana <ana@example.com>"] },
        "open": { "userAgent": "Mozilla/5.0", "timestamp": "2026-11-18T10:26:40.000Z" } });
    assert_eq!(
        told(&one(Provider::Ses, &open)),
        "ana@example.com: Email Fetched 2026-11-18T10:26:40Z"
    );
}

#[test]
fn mailguns_words_become_ours_and_a_token_is_used_once() {
    let say = |token: &str, data: &Value| {
        let mut data = data.clone();
        data["recipient"] = "ana@example.com".into();
        data["timestamp"] = 1_795_000_000.25.into();
        data["message"] = json!({ "headers": { "message-id": "19.9f3a66b1@shop.example" } });
        one(Provider::Mailgun, &json!({ "signature": { "token": token }, "event-data": data }))
    };
    for (data, name) in [
        (json!({ "event": "delivered" }), "Email Delivered"),
        (json!({ "event": "opened", "client-info": { "bot": "apple" } }), "Email Fetched"),
        (
            json!({ "event": "opened", "client-info": { "user-agent": "Firefox/11.0" } }),
            "Email Opened",
        ),
        (json!({ "event": "failed", "severity": "permanent" }), "Email Bounced"),
        (json!({ "event": "failed", "severity": "temporary" }), "Email Deferred"),
        (
            json!({ "event": "failed", "severity": "permanent", "reason": "suppress-unsubscribe" }),
            "Unsubscribed",
        ),
        (json!({ "event": "complained" }), "Email Marked as Spam"),
        (json!({ "event": "unsubscribed" }), "Unsubscribed"),
    ] {
        assert_eq!(say("t", &data).kind.name(), name, "{data}");
    }
    let delivered = say("t", &json!({ "event": "delivered" }));
    assert_eq!(told(&delivered), "ana@example.com: Email Delivered 2026-11-18T11:06:40.25Z 19");
    let swapped = say("t", &json!({ "event": "complained" }));
    assert_eq!(delivered.message_id, swapped.message_id);
    assert_ne!(delivered.content, swapped.content);
}

#[test]
fn a_message_of_somebody_else_is_referred_to_by_nothing() {
    for id in
        ["<17.00000000@shop.example>", "<abc@shop.example>", "<17@shop.example>", "<.9f3a66b1@x>"]
    {
        let body = sendgrid("delivered", &json!({ "smtp-id": id }));
        assert_eq!(one(Provider::SendGrid, &body).reference, None, "{id}");
    }
}

#[test]
fn what_no_word_is_known_for_is_set_aside_and_can_be_repaired() {
    let batch = read(
        Provider::SendGrid,
        &json!([{ "event": "teleported", "email": "a@b.example" }, 7, null]),
    );
    let codes: Vec<&str> = batch.rejections.iter().map(|one| one.reason.code()).collect();
    assert_eq!(codes, ["provider_event_unknown"; 3]);
    let nobody = json!({ "RecordType": "Bounce", "Type": "Unsubscribe", "ID": 5 });
    let batch = read(Provider::Postmark, &nobody);
    assert_eq!(batch.rejections[0].reason.code(), "names_nobody");
    let raw: Value = serde_json::from_slice(&batch.rejections[0].raw).unwrap();
    assert_eq!((&raw["type"], &raw["event"]), (&"track".into(), &"Unsubscribed".into()));
}

#[test]
fn bodies_that_are_none_are_told_so() {
    let (rules, source) = (IdentityRules::default(), SourceSettings::named("ses"));
    let received_at = moment("2026-11-21T20:00:00Z");
    let received =
        Received { source: &source, rules: &rules, received_at, mode: Mode::Live, feed: None };
    let deep = format!("{}{}", "[".repeat(100_000), "]".repeat(100_000));
    for body in ["", "{", "no json", deep.as_str()] {
        for provider in Provider::ALL {
            let error = match parse(provider, body.as_bytes(), MARK, &received) {
                Err(error) => error,
                // The protocol's own reader cuts what it can, and sets aside what nobody can read.
                Ok(batch) if provider == Provider::Standard => {
                    assert!(batch.events.is_empty() && batch.rejections.len() == 1);
                    continue;
                }
                Ok(_) => panic!("{provider:?} takes {} bytes", body.len()),
            };
            assert!(matches!(error, BodyError::Empty | BodyError::NotJson { .. }), "{error}");
        }
    }
}

/// What Twilio tells of a message, and what people write back: a STOP is heard before all else.
#[test]
fn twilios_words_become_ours() {
    let wrote = |body: &str| json!({ "MessageSid": "SM1", "From": "+34600111222", "To": "+34911222333", "Body": body });
    for (body, name) in [
        ("STOP", "Unsubscribed"),
        ("¡Baja!", "Unsubscribed"),
        ("стоп", "Unsubscribed"),
        ("START", "Consent Given"),
        ("ayuda", "SMS Help Asked"),
        ("Where is my order?", "Live Chat Message Sent"),
    ] {
        let event = one(Provider::Twilio, &wrote(body));
        assert_eq!(event.kind.name(), name, "{body}");
        assert_eq!(event.identifiers[0].value(), "+34600111222");
        assert_eq!(event.place.channel, Channel::Sms);
    }
    for (body, answer) in [("СТОП!", ConsentAnswer::Withdrawn), ("alta", ConsentAnswer::Given)]
    {
        let consent = one(Provider::Twilio, &wrote(body)).consent.unwrap();
        let said = (consent.channel, consent.purpose, consent.answer);
        assert_eq!(said, (Channel::Sms, None, answer), "{body}");
        assert_eq!(consent.wording.as_deref(), Some(body));
    }
    for (status, code, name) in [
        ("delivered", "", "SMS Delivered"),
        ("sent", "", "SMS Accepted"),
        ("undelivered", "30003", "SMS Deferred"),
        ("undelivered", "30005", "SMS Bounced"),
        ("failed", "30007", "SMS Rejected"),
        ("failed", "21610", "Unsubscribed"),
    ] {
        let body = json!({ "MessageSid": "SM1", "MessageStatus": status, "ErrorCode": code,
            "To": "+34600111222", "From": "+34911222333" });
        assert_eq!(one(Provider::Twilio, &body).kind.name(), name, "{status} {code}");
    }
    for odd in [json!({}), json!({ "MessageSid": "SM1", "MessageStatus": "painted" })] {
        assert_eq!(read(Provider::Twilio, &odd).rejections.len(), 1, "{odd}");
    }
    let somebody = json!({ "MessageSid": "SM1", "From": "whatsapp:+34600111222", "Body": "hi" });
    assert_eq!(read(Provider::Twilio, &somebody).rejections[0].reason.code(), "names_nobody");
}

/// Literal bodies of four providers of e-mail: every one becomes the right events, or is set aside with
/// the reason.
#[test]
fn every_body_of_the_check_data_becomes_the_right_events() {
    let Some(folder) = folder("bodies of e-mail providers") else { return };
    let mut found = BTreeMap::new();
    for (provider, file) in [
        (Provider::SendGrid, "sendgrid"),
        (Provider::Postmark, "postmark"),
        (Provider::Ses, "amazon_ses"),
        (Provider::Mailgun, "mailgun"),
    ] {
        let path = folder.join(format!("fixtures/email-events/{file}.ndjson"));
        for line in std::fs::read_to_string(path).unwrap().lines() {
            let example: Value = serde_json::from_str(line).unwrap();
            let mut payload = example["payload"].clone();
            if let Some(inner) = payload["Message"].as_str() {
                payload = serde_json::from_str(inner).unwrap();
            }
            let batch = read(provider, &payload);
            let kinds = batch.events.iter().map(|event| event.kind.name().to_owned());
            let codes = batch.rejections.iter().map(|one| one.reason.code().to_owned());
            let name = format!("{file} {}", example["test"].as_str().unwrap());
            found.insert(name, kinds.chain(codes).collect::<Vec<_>>().join(", "));
        }
    }
    let found: Vec<String> = found.iter().map(|(name, kinds)| format!("{name}: {kinds}")).collect();
    assert_eq!(found.join("\n"), EXPECTED.trim());
}

const EXPECTED: &str = "
amazon_ses test_bounce_event: Email Bounced
amazon_ses test_click_event: Email Link Clicked
amazon_ses test_complaint_event: Email Marked as Spam
amazon_ses test_delivery_event: Email Delivered
amazon_ses test_incorrect_received_event: provider_event_unknown
amazon_ses test_multiple_bounce_event: Email Bounced, Email Bounced
amazon_ses test_open_event: Email Opened
amazon_ses test_reject_event: Email Rejected
amazon_ses test_rendering_failure_event: Email Rejected
amazon_ses test_send_event: Email Accepted
mailgun test_metadata_key_conflicts: provider_event_unknown
postmark test_bounce_event: Email Bounced
postmark test_bounce_unsubscribe_variant: names_nobody
postmark test_click_event: Email Link Clicked
postmark test_delivered_event: Email Delivered
postmark test_open_event: Email Opened
postmark test_resubscribe: Email Resubscribed
postmark test_spam_event: Email Marked as Spam
postmark test_subscription_change_bounce: Email Bounced
postmark test_unsubscribe: Unsubscribed
sendgrid test_bounce_event: Email Bounced
sendgrid test_click_event: Email Link Clicked
sendgrid test_compatibility_message_id_from_smtp_id: Email Delivered
sendgrid test_deferred_event: Email Deferred
sendgrid test_delivered_event: Email Delivered
sendgrid test_dropped_bounced: Email Bounced
sendgrid test_dropped_invalid_event: Email Bounced
sendgrid test_dropped_unsubscribed_event: Unsubscribed
sendgrid test_open_event: Email Opened
sendgrid test_processed_event: Email Accepted
";
