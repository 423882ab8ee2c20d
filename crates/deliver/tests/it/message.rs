//! Messages as bytes.

use std::time::{Duration, SystemTime};

use proptest::prelude::*;
use regulars_deliver::email::{Email, Mailbox, Message, MessageError, Unsubscribe};

pub(crate) fn message() -> Message {
    Message {
        from: Mailbox::parse("Oakleaf", "news@oakleaf.example").unwrap(),
        bounces_to: None,
        reply_to: Some(Mailbox::parse("", "help@oakleaf.example").unwrap()),
        to: Mailbox::parse("María Ruiz", "maria@example.com").unwrap(),
        subject: "Tu carrito te espera".into(),
        html: "<p>Hola, María</p>\n<p>.</p>".into(),
        text: "Hola, María\n.\nAdiós, y hasta pronto".into(),
        message_id: "m1.0001@oakleaf.example".into(),
        sent_at: SystemTime::UNIX_EPOCH + Duration::from_secs(1_780_000_000),
        unsubscribe: Some(
            Unsubscribe::parse("https://oakleaf.example/u/AbC", Some("mailto:u@oakleaf.example"))
                .unwrap(),
        ),
        headers: vec![("X-Regulars-Journey".into(), "cart".into())],
    }
}

fn built(message: &Message) -> String {
    String::from_utf8(Email::build(message).unwrap().bytes().to_vec()).unwrap()
}

fn headers(bytes: &str) -> Vec<&str> {
    let head = bytes.split("\r\n\r\n").next().unwrap();
    head.split("\r\n").collect()
}

#[test]
fn a_message_is_the_same_bytes_every_time() {
    let bytes = built(&message());
    assert_eq!(bytes, built(&message()));
    assert_eq!(
        headers(&bytes),
        [
            "Date: Thu, 28 May 2026 20:26:40 +0000",
            "Message-ID: <m1.0001@oakleaf.example>",
            "From: Oakleaf <news@oakleaf.example>",
            "To: =?utf-8?b?TWFyw61hIFJ1aXo=?= <maria@example.com>",
            "Subject: Tu carrito te espera",
            "Reply-To: help@oakleaf.example",
            "List-Unsubscribe: <https://oakleaf.example/u/AbC>,",
            " <mailto:u@oakleaf.example>",
            "List-Unsubscribe-Post: List-Unsubscribe=One-Click",
            "X-Regulars-Journey: cart",
            "MIME-Version: 1.0",
            "Content-Type: multipart/alternative; boundary=\"=_regulars_=\"",
        ]
    );
}

#[test]
fn text_comes_before_html_and_both_are_ascii() {
    let bytes = built(&message());
    let text = bytes.find("Content-Type: text/plain; charset=utf-8").unwrap();
    let html = bytes.find("Content-Type: text/html; charset=utf-8").unwrap();
    assert!(text < html);
    assert!(bytes.is_ascii());
    assert!(bytes.contains("Hola, Mar=C3=ADa\r\n.\r\nAdi=C3=B3s"), "{bytes}");
}

#[test]
fn text_far_from_ascii_travels_as_base64() {
    let mut russian = message();
    russian.text = "Ваша корзина ждёт вас".into();
    assert!(built(&russian).contains("Content-Transfer-Encoding: base64"));
}

#[test]
fn transactional_messages_have_no_unsubscribe_header() {
    let mut receipt = message();
    receipt.unsubscribe = None;
    assert!(!built(&receipt).contains("List-Unsubscribe"));
}

#[test]
fn headers_that_say_who_sent_what_cannot_be_added() {
    for name in ["Bcc", "from", "Content-Type", "X: y\r\nBcc", "", "List-Unsubscribe", "Ñ", "a b"]
    {
        let mut changed = message();
        changed.headers = vec![(name.into(), "x".into())];
        let error = Email::build(&changed).unwrap_err();
        assert!(matches!(error, MessageError::Header { .. }), "{name}");
    }
}

#[test]
fn an_id_is_left_and_right_and_nothing_else() {
    for id in ["", "x", "@", "a@", "a b@c", "a@b\r\nBcc: x", "a@b>", "<a@b", "a@b@c"] {
        let mut changed = message();
        changed.message_id = id.into();
        assert_eq!(Email::build(&changed).unwrap_err(), MessageError::MessageId, "{id}");
    }
    let mut changed = message();
    changed.message_id = "<m2@oakleaf.example>".into();
    assert_eq!(Email::build(&changed).unwrap().message_id(), "m2@oakleaf.example");
}

/// The names of the headers, in order.
fn names(bytes: &str) -> Vec<String> {
    headers(bytes)
        .iter()
        .filter(|line| !line.starts_with(' '))
        .map(|line| line.split(':').next().unwrap().to_owned())
        .collect()
}

proptest! {
    /// No name, subject, value or text adds a header, a part or a message, so a form cannot send mail.
    #[test]
    fn one_message_stays_one_message(
        name in prop_oneof![any::<String>(), "[a-z\r\n:<>@\",. ñ]{0,300}"],
        subject in prop_oneof![any::<String>(), "[a-z\r\n:<>@ =?ñ]{0,300}"],
        value in any::<String>(),
        text in prop_oneof![any::<String>(), "[a-z\r\n.=_-]{0,300}", Just("\r\n--=_regulars_=--\r\n.\r\n".to_owned())],
    ) {
        let mut changed = message();
        changed.to = Mailbox::parse(&name, "maria@example.com").unwrap();
        changed.subject = subject;
        changed.headers = vec![("X-Regulars-Journey".into(), value)];
        changed.text = text.clone();
        changed.html = text;
        let bytes = built(&changed);
        prop_assert_eq!(names(&bytes), names(&built(&message())));
        prop_assert_eq!(bytes.matches("--=_regulars_=\r\n").count(), 2);
        prop_assert_eq!(bytes.matches("--=_regulars_=--").count(), 1);
        prop_assert!(bytes.is_ascii());
        for line in bytes.split("\r\n") {
            prop_assert!(line.len() <= 998 && !line.contains(['\r', '\n', '\0']), "{}", line);
        }
    }
}
