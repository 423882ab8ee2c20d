//! What is known after a conversation with a mail server that ends in every possible way.

use std::time::Duration;

use regulars_deliver::Channel;
use regulars_deliver::email::{Email, Mailbox, Message, SmtpClient, SmtpSettings, Timeouts};
use regulars_deliver::sent::{Cause, ResponseClass, Sent, Stage};
use tokio::net::TcpListener;

use crate::message::message;
use crate::server::{At, Does, Encrypts, Exception, Server, Takes};

fn email(message: &Message) -> Email {
    Email::build(message).unwrap()
}

/// Long enough that writing to it cannot end before the server reads.
fn long_email() -> Email {
    let mut long = message();
    long.html = "<p>x</p>\n".repeat(1_000_000);
    email(&long)
}

/// With the timeouts that a user has, so that a slow machine fails no test.
fn client(url: &str) -> SmtpClient {
    SmtpClient::new(SmtpSettings::parse(url).unwrap()).unwrap()
}

/// Impatient only where the server is silent.
fn impatient(url: &str, silent: At) -> SmtpClient {
    let mut settings = SmtpSettings::parse(url).unwrap();
    let (short, long) = (Duration::from_millis(400), Duration::from_secs(30));
    settings.timeouts = match silent {
        At::Greeting | At::Ehlo => Timeouts { connect: short, command: short, verdict: long },
        At::StartTls | At::Auth | At::MailFrom | At::RcptTo | At::Data | At::MidContent => {
            Timeouts { connect: long, command: short, verdict: long }
        }
        At::End => Timeouts { connect: long, command: long, verdict: short },
    };
    SmtpClient::new(settings).unwrap()
}

async fn exceptions(exceptions: &[(At, Does)]) -> Server {
    taking(Takes::OneByOne, exceptions).await
}

async fn taking(takes: Takes, exceptions: &[(At, Does)]) -> Server {
    let exception = |(at, does): &(At, Does)| Exception { at: *at, does: *does, after: None };
    let exceptions = exceptions.iter().map(exception).collect();
    Server::start_taking(takes, Encrypts::Never, exceptions).await
}

/// The same comes of it, whether the server takes commands one by one or together.
async fn sent(at: At, does: Does) -> (Sent, usize) {
    let (outcome, arrived) = sent_to(Takes::OneByOne, at, does).await;
    let (together, arrived_together) = sent_to(Takes::Together, at, does).await;
    // Their words may differ: a connection breaks in more ways than one.
    assert_eq!(format!("{outcome:?}"), format!("{together:?}"), "{at:?} {does:?}");
    assert_eq!(arrived, arrived_together, "{at:?} {does:?}");
    (outcome, arrived)
}

async fn sent_to(takes: Takes, at: At, does: Does) -> (Sent, usize) {
    let server = taking(takes, &[(at, does)]).await;
    let email = if at == At::MidContent { long_email() } else { email(&message()) };
    let client = match does {
        Does::FallsSilent | Does::Stops => impatient(&server.url(), at),
        Does::Says(_) | Does::SaysBytes(_) | Does::SaysHalf(_) | Does::HangsUp => {
            client(&server.url())
        }
    };
    let sent = client.send(&email).await;
    (sent, server.seen().messages.len())
}

#[tokio::test]
async fn an_accepted_message_arrives_byte_for_byte() {
    let server = Server::start(Vec::new()).await;
    let email = email(&message());
    let client = client(&server.url());
    let accepted = Sent::Accepted {
        provider_id: Some("4ABC123".into()),
        response_class: ResponseClass::Server { code: 250 },
    };
    assert_eq!(client.send(&email).await, accepted);
    let seen = server.seen();
    assert_eq!(seen.messages, [String::from_utf8(email.bytes().to_vec()).unwrap()]);
    assert!(seen.commands.contains(&"MAIL FROM:<news@oakleaf.example>".into()));
    assert!(seen.commands.contains(&"RCPT TO:<maria@example.com>".into()));
}

#[tokio::test]
async fn one_connection_carries_many_messages() {
    let mut server = Server::start(Vec::new()).await;
    let client = client(&server.url());
    for _ in 0..5 {
        assert!(matches!(client.send(&email(&message())).await, Sent::Accepted { .. }));
    }
    assert_eq!((server.seen().connections, server.seen().messages.len()), (1, 5));
    client.close().await;
    server.ended(1).await;
    assert_eq!(server.seen().commands.last().unwrap(), "QUIT");
}

#[tokio::test]
async fn a_connection_that_died_while_idle_is_replaced() {
    for does in [Does::HangsUp, Does::Says("421 idle too long")] {
        let exception = Exception { at: At::MailFrom, does, after: Some(1) };
        let server = Server::start(vec![exception]).await;
        let client = client(&server.url());
        for _ in 0..3 {
            let outcome = client.send(&email(&message())).await;
            assert!(matches!(outcome, Sent::Accepted { .. }), "{does:?}: {outcome:?}");
        }
        assert_eq!((server.seen().connections, server.seen().messages.len()), (3, 3));
    }
}

#[tokio::test]
async fn a_fresh_connection_is_not_tried_twice() {
    for does in [Does::HangsUp, Does::Says("421 busy")] {
        let server = exceptions(&[(At::MailFrom, does)]).await;
        let outcome = client(&server.url()).send(&email(&message())).await;
        assert!(outcome.surely_not_delivered(), "{outcome:?}");
        assert_eq!(server.seen().connections, 1);
    }
}

#[tokio::test]
async fn refusals_before_and_after_the_content_are_surely_not_delivered() {
    let words = Does::Says("550 5.1.1 <maria@example.com> unknown");
    let later = Does::Says("451 4.7.1 try again");
    for (at, stage) in [
        (At::MailFrom, Stage::Sender),
        (At::RcptTo, Stage::Recipient),
        (At::Data, Stage::Data),
        (At::End, Stage::Content),
    ] {
        let (outcome, _) = sent(at, words).await;
        let Sent::Refused { permanent, code: 550, stage: found, ref text } = outcome else {
            panic!("{at:?}: {outcome:?}");
        };
        assert_eq!((found, permanent), (stage, at != At::MailFrom), "a sender is a setting");
        assert_eq!(text.reveal(), "5.1.1 <maria@example.com> unknown");
        assert!(!format!("{outcome:?} {text}").contains("maria"));
        assert_eq!(outcome.address_is_dead(), at == At::RcptTo);
        let (outcome, _) = sent(at, later).await;
        assert!(
            matches!(outcome, Sent::Refused { permanent: false, code: 451, stage: found, .. } if found == stage),
            "{at:?}: {outcome:?}"
        );
    }
}

/// What is wrong with the shop's own settings is put right and costs nobody their address or their message.
#[tokio::test]
async fn a_server_that_does_not_take_our_mail_says_nothing_of_whom_it_is_for() {
    for words in [
        "550 relay not permitted",
        "550 5.7.1 Relaying denied",
        "554 5.7.1 <maria@example.com>: Relay access denied",
        "530 Authentication required",
        "530 5.7.0 Must issue a STARTTLS command first",
    ] {
        let (outcome, arrived) = sent(At::RcptTo, Does::Says(words)).await;
        assert!(!outcome.address_is_dead() && outcome.may_be_taken_later(), "{words}: {outcome:?}");
        assert_eq!(arrived, 0);
    }
}

#[tokio::test]
async fn a_refused_recipient_does_not_cost_the_connection() {
    for takes in [Takes::OneByOne, Takes::Together] {
        let server = taking(takes, &[(At::RcptTo, Does::Says("550 5.1.1 unknown"))]).await;
        let client = client(&server.url());
        for _ in 0..2 {
            let outcome = client.send(&email(&message())).await;
            assert!(outcome.address_is_dead(), "{takes:?}: {outcome:?}");
        }
        assert_eq!(server.seen().connections, 1, "{takes:?}");
        assert!(server.seen().commands.contains(&"RSET".to_owned()));
    }
}

#[tokio::test]
async fn commands_that_go_together_say_what_they_say_alone() {
    let mut said = Vec::new();
    for takes in [Takes::OneByOne, Takes::Together] {
        let server = taking(takes, &[]).await;
        let client = client(&server.url());
        for _ in 0..3 {
            assert!(matches!(client.send(&email(&message())).await, Sent::Accepted { .. }));
        }
        said.push((server.seen().connections, server.seen().messages, server.seen().commands));
    }
    assert_eq!(said[0], said[1]);
    assert_eq!(said[0].0, 1);
}

/// A server that asks for content though it refused the recipient gets none, and so has nothing to deliver.
#[tokio::test]
async fn content_is_not_given_to_whoever_refused_its_recipient() {
    let refuses = (At::RcptTo, Does::Says("550 5.1.1 unknown"));
    let goes_on = (At::Data, Does::Says("354 go on"));
    let server = taking(Takes::Together, &[refuses, goes_on]).await;
    let client = client(&server.url());
    for connections in 1..3 {
        let outcome = client.send(&email(&message())).await;
        assert!(outcome.address_is_dead(), "{outcome:?}");
        assert_eq!(server.seen().connections, connections);
    }
    let commands = server.seen().commands;
    assert!(
        commands.iter().all(|said| !said.starts_with("Date:") && said != "RSET"),
        "{commands:?}"
    );
}

#[tokio::test]
async fn whatever_breaks_before_the_end_of_the_content_was_not_sent() {
    let breaks = [
        (Does::HangsUp, Cause::Lost),
        (Does::FallsSilent, Cause::Timeout),
        (Does::Says("what?"), Cause::Protocol),
        (Does::SaysHalf("250 fi"), Cause::Lost),
    ];
    for at in [At::MailFrom, At::RcptTo, At::Data] {
        for (does, cause) in breaks {
            let (outcome, arrived) = sent(at, does).await;
            assert!(
                matches!(outcome, Sent::NotSent { cause: found, .. } if found == cause),
                "{at:?} {does:?}: {outcome:?}"
            );
            assert_eq!(arrived, 0);
        }
    }
    for (does, cause) in [(Does::HangsUp, Cause::Lost), (Does::Stops, Cause::Timeout)] {
        let (outcome, arrived) = sent(At::MidContent, does).await;
        assert!(
            matches!(outcome, Sent::NotSent { cause: found, .. } if found == cause),
            "{does:?}: {outcome:?}"
        );
        assert_eq!(arrived, 0);
    }
}

#[tokio::test]
async fn the_wait_for_the_verdict_begins_at_the_end_of_the_content() {
    // The server reads on after the content was begun, and says nothing after its end.
    let (outcome, arrived) = sent(At::End, Does::FallsSilent).await;
    assert!(matches!(outcome, Sent::Uncertain { cause: Cause::Timeout, .. }), "{outcome:?}");
    assert_eq!(arrived, 1);
}

#[tokio::test]
async fn an_agreement_out_of_step_is_not_believed() {
    // A server that accepts at once where it should say "go on" has not taken the message.
    let (outcome, arrived) = sent(At::Data, Does::Says("250 2.0.0 queued as 4X")).await;
    assert!(matches!(outcome, Sent::NotSent { cause: Cause::Protocol, .. }), "{outcome:?}");
    assert_eq!(arrived, 0);
    let (outcome, _) = sent(At::End, Does::Says("354 go on")).await;
    assert!(matches!(outcome, Sent::Uncertain { cause: Cause::Protocol, .. }), "{outcome:?}");
}

#[tokio::test]
async fn whatever_breaks_after_the_end_of_the_content_is_uncertain() {
    for (does, cause) in [
        (Does::HangsUp, Cause::Lost),
        (Does::FallsSilent, Cause::Timeout),
        (Does::SaysHalf("250 2.0.0 Ok: que"), Cause::Lost),
        (Does::Says("hello?"), Cause::Protocol),
        (Does::SaysBytes(b"\xff50 fine\r\n"), Cause::Protocol),
    ] {
        let (outcome, arrived) = sent(At::End, does).await;
        assert!(
            matches!(outcome, Sent::Uncertain { cause: found, .. } if found == cause),
            "{does:?}: {outcome:?}"
        );
        assert_eq!(arrived, 1, "the server has it, and we must not say that it has not");
        assert!(!outcome.surely_not_delivered());
    }
}

#[tokio::test]
async fn an_uncertain_message_is_never_sent_again_by_itself() {
    let server = exceptions(&[(At::End, Does::HangsUp)]).await;
    let client = client(&server.url());
    assert!(matches!(client.send(&email(&message())).await, Sent::Uncertain { .. }));
    assert_eq!((server.seen().connections, server.seen().messages.len()), (1, 1));
}

#[tokio::test]
async fn without_a_connection_nothing_was_sent() {
    let closed = {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        listener.local_addr().unwrap()
    };
    let outcome = client(&format!("smtp://{closed}")).send(&email(&message())).await;
    assert!(matches!(outcome, Sent::NotSent { cause: Cause::Connect, .. }), "{outcome:?}");
    for does in [Does::Says("554 go away"), Does::HangsUp, Does::FallsSilent] {
        let (outcome, _) = sent(At::Greeting, does).await;
        assert!(matches!(outcome, Sent::NotSent { cause: Cause::Connect, .. }), "{outcome:?}");
        let (outcome, _) = sent(At::Ehlo, does).await;
        assert!(matches!(outcome, Sent::NotSent { cause: Cause::Connect, .. }), "{outcome:?}");
        for at in [At::Greeting, At::Ehlo, At::StartTls] {
            let script = vec![Exception { at, does, after: None }];
            let server = Server::start_encrypting(Encrypts::OnStartTls, script).await;
            let url = trusting("smtp", &server, "&tls=required");
            let outcome = impatient(&url, At::Greeting).send(&email(&message())).await;
            assert!(matches!(outcome, Sent::NotSent { .. }), "{at:?} {does:?}: {outcome:?}");
        }
    }
}

#[tokio::test]
async fn a_wrong_password_says_nothing_about_the_person() {
    let server = exceptions(&[(At::Auth, Does::Says("535 5.7.8 wrong"))]).await;
    let url = format!("smtp://shop:secret@{}", server.address);
    let outcome = client(&url).send(&email(&message())).await;
    assert!(matches!(outcome, Sent::NotSent { cause: Cause::Authentication, .. }), "{outcome:?}");
    assert!(!outcome.address_is_dead());
}

#[tokio::test]
async fn encryption_that_is_required_and_not_offered_stops_everything() {
    let server = Server::start(Vec::new()).await;
    let url = format!("{}?tls=required", server.url());
    let outcome = client(&url).send(&email(&message())).await;
    assert!(matches!(outcome, Sent::NotSent { cause: Cause::Encryption, .. }), "{outcome:?}");
    assert!(server.seen().commands.iter().all(|command| !command.starts_with("MAIL")));
    let url = format!("smtps://{}", server.address);
    let outcome = client(&url).send(&email(&message())).await;
    assert!(matches!(outcome, Sent::NotSent { cause: Cause::Encryption, .. }), "{outcome:?}");
}

#[tokio::test]
async fn encryption_that_is_welcome_and_not_offered_is_done_without() {
    let server = Server::start(Vec::new()).await;
    let url = format!("{}?tls=opportunistic", server.url());
    let outcome = client(&url).send(&email(&message())).await;
    assert!(matches!(outcome, Sent::Accepted { .. }), "{outcome:?}");
    assert_eq!(server.seen().messages.len(), 1);
}

/// What comes unencrypted after "go ahead" is not the server's, whatever it says.
#[tokio::test]
async fn answers_slipped_in_before_encryption_are_not_believed() {
    let slipped = "220 go\r\n250 fine\r\n250 fine\r\n250 fine\r\n354 go on\r\n250 queued";
    let script = vec![Exception { at: At::StartTls, does: Does::Says(slipped), after: None }];
    let server = Server::start_encrypting(Encrypts::OnStartTls, script).await;
    let url = trusting("smtp", &server, "&tls=required");
    let outcome = client(&url).send(&email(&message())).await;
    assert!(matches!(outcome, Sent::NotSent { .. }), "{outcome:?}");
    assert_eq!(server.seen().messages.len(), 0);
}

/// The address by the name that the server's certificate bears, with the certificate trusted.
fn trusting(scheme: &str, server: &Server, more: &str) -> String {
    let authority = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/it/localhost.pem");
    format!("{scheme}://localhost:{}?ca={authority}{more}", server.address.port())
}

#[tokio::test]
async fn an_encrypted_connection_carries_password_and_messages() {
    for (encrypts, scheme, more) in [
        (Encrypts::OnStartTls, "smtp", "&tls=required"),
        (Encrypts::OnStartTls, "smtp", "&tls=opportunistic"),
        (Encrypts::FromTheStart, "smtps", ""),
    ] {
        let server = Server::start_encrypting(encrypts, Vec::new()).await;
        let url = trusting(scheme, &server, more).replace("://", "://shop:secret@");
        let mut settings = SmtpSettings::parse(&url).unwrap();
        settings.connections_max = 1;
        let client = SmtpClient::new(settings).unwrap();
        for _ in 0..2 {
            let outcome = client.send(&email(&message())).await;
            assert!(matches!(outcome, Sent::Accepted { .. }), "{encrypts:?} {more}: {outcome:?}");
        }
        let seen = server.seen();
        assert_eq!((seen.connections, seen.encrypted, seen.messages.len()), (1, 1, 2));
        assert!(seen.commands.iter().any(|command| command.starts_with("AUTH PLAIN ")));
    }
}

#[tokio::test]
async fn an_unknown_certificate_stops_everything() {
    for (encrypts, scheme, host, more) in [
        (Encrypts::OnStartTls, "smtp", "localhost", "?tls=required"),
        (Encrypts::OnStartTls, "smtp", "localhost", "?tls=opportunistic"),
        (Encrypts::FromTheStart, "smtps", "localhost", ""),
    ] {
        let server = Server::start_encrypting(encrypts, Vec::new()).await;
        let url = format!("{scheme}://{host}:{}{more}", server.address.port());
        let outcome = client(&url).send(&email(&message())).await;
        assert!(matches!(outcome, Sent::NotSent { .. }), "{outcome:?}");
        assert!(server.seen().messages.is_empty());
    }
    // Trusted, but for another name.
    let server = Server::start_encrypting(Encrypts::FromTheStart, Vec::new()).await;
    let url = trusting("smtps", &server, "").replace("localhost:", "127.0.0.1:");
    let outcome = client(&url).send(&email(&message())).await;
    assert!(matches!(outcome, Sent::NotSent { .. }), "{outcome:?}");
}

#[tokio::test]
async fn an_address_beyond_ascii_needs_a_server_that_knows_them() {
    let server = Server::start(Vec::new()).await;
    let mut abroad = message();
    abroad.to = Mailbox::parse("Пётр", "пётр@пример.рф").unwrap();
    let outcome = client(&server.url()).send(&email(&abroad)).await;
    assert!(matches!(outcome, Sent::NotSent { cause: Cause::Unsupported, .. }), "{outcome:?}");
}

#[tokio::test]
async fn busy_connections_are_waited_for_only_so_long() {
    let server = exceptions(&[(At::End, Does::FallsSilent)]).await;
    let mut settings = SmtpSettings::parse(&format!("{}?connections=1", server.url())).unwrap();
    settings.timeouts.connect = Duration::from_millis(100);
    settings.timeouts.verdict = Duration::from_millis(600);
    let client = SmtpClient::new(settings).unwrap();
    let email = email(&message());
    let (first, second) = tokio::join!(client.send(&email), client.send(&email));
    assert!(matches!(first, Sent::Uncertain { .. }), "{first:?}");
    assert!(matches!(second, Sent::NotSent { cause: Cause::Busy, .. }), "{second:?}");
    assert_eq!(server.seen().messages.len(), 1);
}

#[tokio::test]
async fn a_setting_chooses_the_channel() {
    let server = Server::start(Vec::new()).await;
    let channel = Channel::from_setting(Some(&server.url())).unwrap();
    assert_eq!(channel.way(), regulars_deliver::Way::MailServer);
    assert!(matches!(channel.send(&message(), &email(&message())).await, Sent::Accepted { .. }));
    assert!(Channel::from_setting(Some("mail.example")).is_err());
}

#[tokio::test]
async fn the_outbox_accepts_and_nothing_leaves() {
    let channel = Channel::from_setting(None).unwrap();
    assert_eq!(channel.way(), regulars_deliver::Way::Outbox);
    let accepted = Sent::Accepted {
        provider_id: Some("m1.0001@oakleaf.example".into()),
        response_class: ResponseClass::Outbox,
    };
    assert_eq!(channel.send(&message(), &email(&message())).await, accepted);
}
