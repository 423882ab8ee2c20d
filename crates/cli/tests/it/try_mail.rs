//! `try-mail`: what is wrong with a setting shows before anybody else gets anything.

use std::io::{Read, Write};
use std::net::TcpListener;
use std::thread::JoinHandle;

use crate::program::Shop;

const SHOP: &str = "shop: Oakleaf\nzone: Europe/Madrid\ncurrency: EUR\n\
                    from: { name: Oakleaf, email: news@oakleaf.example }\n";

/// How a request to Postmark ends.
const LAST: &str = "\"TrackOpens\":false}";

/// A provider that answers one request, which ends so, and gives back what it was asked.
fn provider(ends: &'static str, answer: &'static str) -> (u16, JoinHandle<String>) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = listener.local_addr().unwrap().port();
    let asked = std::thread::spawn(move || {
        let (mut stream, _) = listener.accept().unwrap();
        let mut request = String::new();
        let mut bytes = [0; 4096];
        while !request.ends_with(ends) {
            let read = stream.read(&mut bytes).unwrap();
            assert!(read > 0, "{request}");
            request.push_str(&String::from_utf8_lossy(&bytes[..read]));
        }
        stream.write_all(answer.as_bytes()).unwrap();
        request
    });
    (port, asked)
}

#[test]
fn one_message_shows_whether_mail_leaves() {
    let shop = Shop::new();
    shop.file("definitions/shop.yaml", SHOP);
    shop.run(&["apply", "definitions"]).well();
    let nothing_set = shop.run(&["try-mail", "ana@example.com"]);
    assert_eq!(nothing_set.code, 2);
    assert!(nothing_set.talk.contains("--mail-provider"), "{}", nothing_set.talk);

    let taken = "HTTP/1.1 200 OK\r\ncontent-length: 43\r\n\r\n\
                 {\"ErrorCode\":0,\"MessageID\":\"b7bc2f4a-e38e\"}";
    let (port, asked) = provider(LAST, taken);
    let setting = format!("postmark://t0ken@127.0.0.1:{port}?local=yes");
    let words = ["try-mail", "ana@example.com", "--mail-provider", &setting, "--json"];
    let said = shop.run(&words).well().json();
    assert_eq!((&said["outcome"], &said["by"]), (&"taken".into(), &"Postmark".into()));
    assert_eq!((&said["said"], &said["signed_by"]), (&"b7bc2f4a-e38e".into(), &"provider".into()));
    let asked = asked.join().unwrap();
    assert!(asked.contains("Oakleaf <news@oakleaf.example>"), "{asked}");

    let refusing = "HTTP/1.1 401 Unauthorized\r\ncontent-length: 50\r\n\r\n\
                    {\"ErrorCode\":10,\"Message\":\"No such server token.\"}";
    let (port, asked) = provider(LAST, refusing);
    let setting = format!("postmark://t0ken@127.0.0.1:{port}?local=yes");
    let refused = shop.run(&["try-mail", "ana@example.com", "--mail-provider", &setting]);
    asked.join().unwrap();
    assert_eq!(refused.code, 1);
    assert!(refused.out.contains("not taken by Postmark"), "{}", refused.out);
    assert!(refused.out.contains("No such server token."), "{}", refused.out);

    let odd = shop.run(&["try-mail", "ana@example.com", "--smtp", "mail.example"]);
    assert!(odd.code == 1 && odd.talk.contains("smtp://"), "{}", odd.talk);
}

/// A provider of text messages that refuses one number, and what a setting lacks.
#[test]
fn one_text_message_shows_whether_they_leave() {
    let shop = Shop::new();
    shop.file("definitions/shop.yaml", SHOP);
    shop.run(&["apply", "definitions"]).well();
    let nothing_set = shop.run(&["try-sms", "+34600112233"]);
    assert_eq!(nothing_set.code, 2);
    assert!(nothing_set.talk.contains("--sms"), "{}", nothing_set.talk);
    let refusing = "HTTP/1.1 400 X\r\ncontent-length: 52\r\n\r\n\
                    {\"code\":21211,\"message\":\"Invalid 'To' Phone Number\"}";
    let (port, asked) = provider("From=217217", refusing);
    let setting = format!("twilio://AC1:t0ken@127.0.0.1:{port}?local=yes&from=217217");
    let refused = shop.run(&["try-sms", "+34 600 11 22 33", "--sms", &setting, "--json"]);
    assert_eq!(refused.code, 1, "{}", refused.talk);
    let said = refused.json();
    assert_eq!((&said["outcome"], &said["sms"]["segments"]), (&"refused".into(), &1.into()));
    assert!(said["said"].as_str().unwrap().contains("21211"), "{said}");
    assert!(asked.join().unwrap().contains("To=%2B34600112233"));
    let odd = shop.run(&["try-sms", "600112233", "--sms", &setting]);
    assert!(odd.code != 0 && odd.talk.contains("with its country"), "{}", odd.talk);
}
