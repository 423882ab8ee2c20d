//! What is known after a text message was handed to a provider, in every way that this can end: the
//! same laws as for mail.

use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use regulars_deliver::sent::{Cause, ResponseClass, Sent, Stage};
use regulars_deliver::sms::{SmsSettings, TwilioClient};
use regulars_deliver::{SmsChannel, SmsWay, TextMessage};
use tokio::net::TcpListener;
use url::form_urlencoded;

use crate::web_server::{Does, WebServer};

const TAKEN: Does = Does::Answers(201, "", r#"{"sid":"SM9f","status":"queued"}"#);

fn message() -> TextMessage {
    TextMessage {
        to: "+34600112233".to_owned(),
        text: "Oak & Leaf: tu cesta = 5 €. Baja: BAJA".to_owned(),
        id: "17.9f3a66b1".to_owned(),
    }
}

fn setting(host: &str, options: &str) -> String {
    format!("twilio://AC1:s3cret@{host}?local=yes&{options}")
}

fn settings(server: &WebServer) -> SmsSettings {
    SmsSettings::parse(&setting(&server.address.to_string(), "from=+34911222333")).unwrap()
}

/// What came of sending, and how many requests arrived whole.
async fn sent(does: Does, message: &TextMessage) -> (Sent, usize) {
    let server = WebServer::start(does.clone()).await;
    let mut settings = settings(&server);
    does.shorten(&mut settings.limits);
    let sent = TwilioClient::new(settings).unwrap().send(message).await;
    (sent, server.seen().requests.len())
}

fn refusal(status: u16, code: u64) -> Does {
    let body = format!(r#"{{"code":{code},"message":"No","status":{status}}}"#);
    Does::Answers(status, "", body.leak())
}

#[tokio::test]
async fn an_accepted_message_arrives_as_the_provider_asks_for_it() {
    let callback = "callback=http%3A%2F%2F127.0.0.1%3A9%2Fhooks%2Fsms%2Fhk_1";
    for (options, from) in [
        ("from=+34911222333".to_owned(), ("From", "+34911222333")),
        (format!("service=MG7&{callback}"), ("MessagingServiceSid", "MG7")),
    ] {
        let server = WebServer::start(TAKEN).await;
        let url = setting(&server.address.to_string(), &options);
        let channel = SmsChannel::from_setting(Some(&url)).unwrap();
        let accepted = Sent::Accepted {
            provider_id: Some("SM9f".to_owned()),
            response_class: ResponseClass::Server { code: 201 },
        };
        assert_eq!(channel.send(&message()).await, accepted);
        assert_eq!((channel.way(), channel.takes_replies()), (SmsWay::Twilio, true));
        assert!(!format!("{channel:?} {:?}", message()).contains("s3cret"));
        let arrived = server.seen().requests.remove(0);
        assert_eq!(arrived.line, "POST /2010-04-01/Accounts/AC1/Messages.json HTTP/1.1");
        let who = format!("Basic {}", BASE64_STANDARD.encode("AC1:s3cret"));
        assert_eq!(arrived.field("authorization"), who);
        assert_eq!(arrived.field("content-type"), "application/x-www-form-urlencoded");
        let form: Vec<(String, String)> =
            form_urlencoded::parse(arrived.body.as_bytes()).into_owned().collect();
        let field = |name: &str| {
            let found = form.iter().find(|(key, _)| key == name);
            found.map_or("", |(_, value)| value.as_str())
        };
        assert_eq!((field("To"), field("Body")), ("+34600112233", message().text.as_str()));
        assert_eq!(field(from.0), from.1);
        let told = "http://127.0.0.1:9/hooks/sms/hk_1?message=17.9f3a66b1";
        assert_eq!(field("StatusCallback"), if from.0 == "From" { "" } else { told });
    }
}

#[tokio::test]
async fn a_no_is_a_no_and_says_whom_it_is_about() {
    for (status, code, for_good, at) in [
        (400, 21_211, true, Stage::DeadRecipient),
        (400, 21_614, true, Stage::DeadRecipient),
        (400, 21_610, true, Stage::StoppedRecipient),
        (400, 21_617, true, Stage::Content),
        (400, 21_408, true, Stage::UnreachedRecipient),
        (400, 21_612, true, Stage::UnreachedRecipient),
        (400, 21_606, false, Stage::Sender),
        (401, 20_003, false, Stage::Sender),
        (403, 0, false, Stage::Sender),
        (404, 20_404, true, Stage::Content),
        (429, 20_429, false, Stage::Content),
        (503, 20_503, false, Stage::Content),
    ] {
        let (outcome, arrived) = sent(refusal(status, code), &message()).await;
        let Sent::Refused { permanent, code: said, stage, .. } = &outcome else {
            panic!("{status} {code}: {outcome:?}")
        };
        assert_eq!((*said, *permanent, *stage), (status, for_good, at), "{code}");
        assert_eq!(outcome.address_is_dead(), at == Stage::DeadRecipient);
        assert_eq!(outcome.recipient_stopped(), at == Stage::StoppedRecipient);
        assert_eq!(outcome.recipient_unreached(), at == Stage::UnreachedRecipient);
        assert_eq!(outcome.may_be_taken_later(), !for_good);
        assert_eq!(arrived, 1, "nothing is tried twice");
    }
}

#[tokio::test]
async fn whatever_breaks_once_the_provider_may_have_it_is_uncertain() {
    for (does, cause) in [
        (Does::HangsUp, Cause::Lost),
        (Does::FallsSilent, Cause::Timeout),
        (Does::Says(b"HTTP/1.1 20"), Cause::Lost),
        (Does::Says(b"250 2.0.0 Ok: queued\r\n\r\n"), Cause::Protocol),
        (Does::Answers(500, "", "{}"), Cause::Server),
        (Does::Answers(502, "", "<html>"), Cause::Server),
        (Does::Answers(504, "", ""), Cause::Server),
    ] {
        let (outcome, arrived) = sent(does.clone(), &message()).await;
        assert!(
            matches!(outcome, Sent::Uncertain { cause: found, .. } if found == cause),
            "{does:?}: {outcome:?}"
        );
        assert_eq!(arrived, 1, "it has it, it is not asked again");
    }
}

#[tokio::test]
async fn whatever_breaks_before_that_was_not_sent() {
    // Long enough that writing it cannot end before the server reads.
    let long = TextMessage { text: "x".repeat(8_000_000), ..message() };
    for (does, cause) in [(Does::HangsUpMidway, Cause::Lost), (Does::StopsReading, Cause::Timeout)]
    {
        let (outcome, arrived) = sent(does.clone(), &long).await;
        assert!(
            matches!(outcome, Sent::NotSent { cause: found, .. } if found == cause),
            "{does:?}: {outcome:?}"
        );
        assert_eq!(arrived, 0);
    }
    let (outcome, _) = sent(Does::AgreesTooEarly, &long).await;
    assert!(matches!(outcome, Sent::Uncertain { cause: Cause::Protocol, .. }), "{outcome:?}");
    let nobody = TcpListener::bind("127.0.0.1:0").await.unwrap().local_addr().unwrap();
    let url = setting(&nobody.to_string(), "from=OAKLEAF");
    let channel = SmsChannel::from_setting(Some(&url)).unwrap();
    assert!(!channel.takes_replies(), "nobody can answer to a name");
    let outcome = channel.send(&message()).await;
    assert!(matches!(outcome, Sent::NotSent { cause: Cause::Connect, .. }), "{outcome:?}");
}

#[tokio::test]
async fn without_a_setting_messages_stay_here() {
    let channel = SmsChannel::from_setting(None).unwrap();
    assert_eq!(channel.way(), SmsWay::Outbox);
    let accepted = Sent::Accepted {
        provider_id: Some("17.9f3a66b1".to_owned()),
        response_class: ResponseClass::Outbox,
    };
    assert_eq!(channel.send(&message()).await, accepted);
}
