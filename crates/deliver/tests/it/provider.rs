//! What is known after a request to a provider that ends in every possible way. One suite for all
//! providers, beside that for mail servers.

use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use regulars_deliver::email::{Email, Message, Provider, ProviderClient, ProviderSettings};
use regulars_deliver::sent::{Cause, ResponseClass, Sent, Stage};
use regulars_deliver::{Channel, Way};
use serde_json::json;
use tokio::net::TcpListener;

use crate::message::message;
use crate::web_server::{Does, WebServer};

fn email(message: &Message) -> Email {
    Email::build(message).unwrap()
}

/// How each provider says that it took a message.
fn agreement(provider: Provider) -> (u16, &'static str, &'static str) {
    match provider {
        Provider::Postmark => {
            (200, "", r#"{"ErrorCode":0,"Message":"OK","MessageID":"b7bc2f4a-e38e"}"#)
        }
        Provider::SendGrid => (202, "X-Message-Id: b7bc2f4a-e38e\r\n", ""),
        Provider::Ses => (200, "", r#"{"MessageId":"b7bc2f4a-e38e"}"#),
    }
}

fn agrees(provider: Provider) -> Does {
    let (status, fields, body) = agreement(provider);
    Does::Answers(status, fields, body)
}

fn setting(provider: Provider, host: &str) -> String {
    let key = if provider == Provider::Ses { "AKIA:s3cret" } else { "s3cret" };
    let region = if provider == Provider::Ses { "&region=eu-west-1" } else { "" };
    format!("{}://{key}@{host}?local=yes{region}", provider.scheme())
}

fn settings(provider: Provider, server: &WebServer) -> ProviderSettings {
    ProviderSettings::parse(&setting(provider, &server.address.to_string())).unwrap()
}

fn client(provider: Provider, server: &WebServer) -> ProviderClient {
    ProviderClient::new(settings(provider, server)).unwrap()
}

/// What came of sending, and how many requests arrived whole.
async fn sent(provider: Provider, does: Does, message: &Message) -> (Sent, usize) {
    let server = WebServer::start(does.clone()).await;
    let mut settings = settings(provider, &server);
    does.shorten(&mut settings.limits);
    let client = ProviderClient::new(settings).unwrap();
    let sent = client.send(message, &email(message)).await;
    (sent, server.seen().requests.len())
}

/// Long enough that writing to it cannot end before the server reads.
fn long() -> Message {
    let mut long = message();
    long.html = "<p>x</p>\n".repeat(1_500_000);
    long
}

#[tokio::test]
async fn an_accepted_message_arrives_as_the_provider_asks_for_it() {
    for provider in Provider::ALL {
        let server = WebServer::start(agrees(provider)).await;
        let (status, _, _) = agreement(provider);
        let accepted = Sent::Accepted {
            provider_id: Some("b7bc2f4a-e38e".into()),
            response_class: ResponseClass::Server { code: status },
        };
        let client = client(provider, &server);
        assert_eq!(client.send(&message(), &email(&message())).await, accepted, "{provider:?}");
        let arrived = server.seen().requests.remove(0);
        assert_eq!(arrived.field("content-type"), "application/json");
        assert_eq!(arrived.field("host"), server.address.to_string());
        let body = arrived.json();
        match provider {
            Provider::Postmark => {
                assert_eq!(arrived.line, "POST /email HTTP/1.1");
                assert_eq!(arrived.field("x-postmark-server-token"), "s3cret");
                assert_eq!(body["To"], "María Ruiz <maria@example.com>");
                assert_eq!(body["ReplyTo"], "help@oakleaf.example");
                assert_eq!(body["HtmlBody"], message().html);
                assert_eq!(body["MessageStream"], "broadcast");
                assert_eq!(body["Metadata"]["regulars-id"], "m1.0001@oakleaf.example");
                let stop = "<https://oakleaf.example/u/AbC>, <mailto:u@oakleaf.example>";
                let unsubscribe = json!({ "Name": "List-Unsubscribe", "Value": stop });
                assert_eq!(body["Headers"][0], unsubscribe);
            }
            Provider::SendGrid => {
                assert_eq!(arrived.line, "POST /v3/mail/send HTTP/1.1");
                assert_eq!(arrived.field("authorization"), "Bearer s3cret");
                let to = json!({ "email": "maria@example.com", "name": "María Ruiz" });
                assert_eq!(body["personalizations"][0]["to"][0], to);
                let id = &body["personalizations"][0]["custom_args"]["regulars-id"];
                assert_eq!(id, "m1.0001@oakleaf.example");
                assert_eq!(body["content"][0]["value"], message().text);
                let one_click = &body["headers"]["List-Unsubscribe-Post"];
                assert_eq!(one_click, "List-Unsubscribe=One-Click");
            }
            Provider::Ses => {
                assert_eq!(arrived.line, "POST /v2/email/outbound-emails HTTP/1.1");
                assert_eq!(arrived.field("x-amz-date"), "20260528T202640Z");
                let signed = "AWS4-HMAC-SHA256 Credential=AKIA/20260528/eu-west-1/ses/aws4_request";
                assert!(arrived.field("authorization").starts_with(signed));
                let raw = body["Content"]["Raw"]["Data"].as_str().unwrap();
                assert_eq!(BASE64_STANDARD.decode(raw).unwrap(), email(&message()).bytes());
            }
        }
    }
}

#[tokio::test]
async fn messages_about_peoples_own_business_take_a_stream_of_their_own() {
    let server = WebServer::start(agrees(Provider::Postmark)).await;
    let mut receipt = message();
    receipt.unsubscribe = None;
    client(Provider::Postmark, &server).send(&receipt, &email(&receipt)).await;
    assert_eq!(server.seen().requests[0].json()["MessageStream"], "outbound");
}

#[tokio::test]
async fn one_connection_carries_many_requests_and_a_dead_one_is_replaced() {
    for provider in Provider::ALL {
        let (status, fields, body) = agreement(provider);
        let closing: &str = format!("connection: close\r\n{fields}").leak();
        for (fields, connections) in [(fields, 1), (closing, 4)] {
            let server = WebServer::start(Does::Answers(status, fields, body)).await;
            let client = client(provider, &server);
            for _ in 0..4 {
                let outcome = client.send(&message(), &email(&message())).await;
                assert!(matches!(outcome, Sent::Accepted { .. }), "{provider:?}: {outcome:?}");
            }
            let seen = server.seen();
            assert_eq!((seen.connections, seen.requests.len()), (connections, 4), "{provider:?}");
        }
    }
}

#[tokio::test]
async fn a_no_is_a_no() {
    for provider in Provider::ALL {
        for (status, for_good, at) in [
            (400, true, Stage::Content),
            (401, false, Stage::Sender),
            (403, false, Stage::Sender),
            (404, true, Stage::Content),
            (408, false, Stage::Content),
            (413, true, Stage::Content),
            (422, true, Stage::Content),
            (429, false, Stage::Content),
            (503, false, Stage::Content),
        ] {
            let does = Does::Answers(status, "retry-after: 0\r\n", "{}");
            let (outcome, arrived) = sent(provider, does, &message()).await;
            let Sent::Refused { permanent, code, stage, .. } = &outcome else {
                panic!("{provider:?} {status}: {outcome:?}")
            };
            assert_eq!((*code, *permanent, *stage), (status, for_good, at), "{provider:?}");
            assert!(!outcome.address_is_dead());
            assert_eq!(arrived, 1, "nothing is tried twice");
        }
    }
}

#[tokio::test]
async fn an_address_that_the_provider_knows_to_be_dead_is_dead() {
    let body =
        r#"{"ErrorCode":406,"Message":"You tried to send to a recipient that is inactive."}"#;
    for status in [422, 200] {
        let does = Does::Answers(status, "", body);
        let (outcome, _) = sent(Provider::Postmark, does, &message()).await;
        assert!(outcome.address_is_dead(), "{outcome:?}");
    }
    let body = r#"{"ErrorCode":300,"Message":"Invalid 'From' address"}"#;
    let (outcome, _) = sent(Provider::Postmark, Does::Answers(422, "", body), &message()).await;
    assert!(matches!(outcome, Sent::Refused { .. }) && !outcome.address_is_dead());
}

#[tokio::test]
async fn whatever_breaks_once_the_provider_may_have_it_is_uncertain() {
    for provider in Provider::ALL {
        for (does, cause) in [
            (Does::HangsUp, Cause::Lost),
            (Does::FallsSilent, Cause::Timeout),
            (Does::Says(b"HTTP/1.1 20"), Cause::Lost),
            (Does::Says(b"250 2.0.0 Ok: queued\r\n\r\n"), Cause::Protocol),
            (Does::Answers(500, "", "{}"), Cause::Server),
            (Does::Answers(502, "", "<html>"), Cause::Server),
            (Does::Answers(504, "", ""), Cause::Server),
        ] {
            let (outcome, arrived) = sent(provider, does.clone(), &message()).await;
            assert!(
                matches!(outcome, Sent::Uncertain { cause: found, .. } if found == cause),
                "{provider:?} {does:?}: {outcome:?}"
            );
            assert_eq!(arrived, 1, "it has it, it is not asked again");
        }
    }
}

#[tokio::test]
async fn whatever_breaks_before_that_was_not_sent() {
    let long = long();
    for (does, cause) in [(Does::HangsUpMidway, Cause::Lost), (Does::StopsReading, Cause::Timeout)]
    {
        let (outcome, arrived) = sent(Provider::Postmark, does.clone(), &long).await;
        assert!(
            matches!(outcome, Sent::NotSent { cause: found, .. } if found == cause),
            "{does:?}: {outcome:?}"
        );
        assert_eq!(arrived, 0);
    }
    for provider in Provider::ALL {
        let nobody = TcpListener::bind("127.0.0.1:0").await.unwrap().local_addr().unwrap();
        let settings = ProviderSettings::parse(&setting(provider, &nobody.to_string())).unwrap();
        let client = ProviderClient::new(settings).unwrap();
        let outcome = client.send(&message(), &email(&message())).await;
        assert!(matches!(outcome, Sent::NotSent { cause: Cause::Connect, .. }), "{outcome:?}");
    }
}

#[tokio::test]
async fn an_agreement_to_half_a_message_is_not_believed() {
    let (outcome, _) = sent(Provider::Postmark, Does::AgreesTooEarly, &long()).await;
    assert!(matches!(outcome, Sent::Uncertain { cause: Cause::Protocol, .. }), "{outcome:?}");
}

#[tokio::test]
async fn an_answer_without_end_is_read_only_so_far() {
    let (outcome, _) = sent(Provider::SendGrid, Does::AnswersForEver(202), &message()).await;
    assert!(matches!(outcome, Sent::Accepted { .. }), "{outcome:?}");
    let (outcome, _) = sent(Provider::SendGrid, Does::AnswersForEver(400), &message()).await;
    assert!(matches!(outcome, Sent::Refused { .. }), "{outcome:?}");
}

#[tokio::test]
async fn nobody_is_led_elsewhere() {
    let elsewhere = WebServer::listen("127.0.0.1:0", agrees(Provider::Postmark), false).await;
    let place = format!("location: http://{}/email\r\n", elsewhere.address);
    for status in [301, 302, 303, 307, 308] {
        let does = Does::Answers(status, place.clone().leak(), "");
        let (outcome, _) = sent(Provider::Postmark, does, &message()).await;
        assert!(matches!(outcome, Sent::Refused { code, .. } if code == status), "{outcome:?}");
    }
    assert_eq!(elsewhere.seen().connections, 0);
}

#[tokio::test]
async fn an_encrypted_request_needs_a_certificate_that_is_trusted() {
    let authority = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/it/localhost.pem");
    let server = WebServer::encrypting(agrees(Provider::Postmark)).await;
    let port = server.address.port();
    let sent = async |host: &str, authority: &str| {
        let setting = setting(Provider::Postmark, &format!("{host}:{port}"));
        let setting = ProviderSettings::parse(&format!("{setting}&ca={authority}")).unwrap();
        ProviderClient::new(setting).unwrap().send(&message(), &email(&message())).await
    };
    let outcome = sent("localhost", authority).await;
    assert!(matches!(outcome, Sent::Accepted { .. }), "{outcome:?}");
    // Trusted, but for another name.
    let outcome = sent("127.0.0.1", authority).await;
    assert!(matches!(outcome, Sent::NotSent { cause: Cause::Encryption, .. }), "{outcome:?}");
    let mut stranger = settings(Provider::Postmark, &server);
    let https = format!("https://localhost:{port}/");
    stranger.base = regulars_deliver::http::Target::parse(&https, &stranger.reach).unwrap();
    let client = ProviderClient::new(stranger).unwrap();
    let outcome = client.send(&message(), &email(&message())).await;
    assert!(matches!(outcome, Sent::NotSent { cause: Cause::Encryption, .. }), "{outcome:?}");
    assert_eq!(server.seen().requests.len(), 1);
}

#[tokio::test]
async fn a_setting_chooses_the_provider() {
    for provider in Provider::ALL {
        let server = WebServer::start(agrees(provider)).await;
        let setting = setting(provider, &server.address.to_string());
        let channel = Channel::from_setting(Some(&setting)).unwrap();
        assert_eq!(channel.way(), Way::Provider(provider));
        assert_eq!(channel.takes_bytes(), provider == Provider::Ses);
        let outcome = channel.send(&message(), &email(&message())).await;
        assert!(matches!(outcome, Sent::Accepted { .. }), "{outcome:?}");
        assert!(!format!("{channel:?}").contains("s3cret"));
    }
}
