//! What the shop's own site asks and tells, over real HTTP: who gets an answer, what stands in it, and
//! what becomes of it.

use std::io::{Read, Write};
use std::net::TcpStream;

use ring::hmac;
use serde_json::{Value, json};

use crate::shop::Shop;

const SITE: &str = "https://shop.example";

/// Sends a body as a page of `origin` does; status, head and body.
fn from_page(shop: &Shop, path: &str, origin: &str, body: &str) -> (u16, String, Value) {
    let mut stream = TcpStream::connect(shop.address).unwrap();
    let origin = if origin.is_empty() { String::new() } else { format!("Origin: {origin}\r\n") };
    let head = format!(
        "POST {path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n{origin}Content-Type: text/plain\r\nContent-Length: {}\r\n\r\n",
        body.len()
    );
    stream.write_all(format!("{head}{body}").as_bytes()).unwrap();
    let mut said = String::new();
    stream.read_to_string(&mut said).unwrap();
    let (head, body) = said.split_once("\r\n\r\n").unwrap();
    let status = head.split(' ').nth(1).unwrap().parse().unwrap();
    (status, head.to_lowercase(), serde_json::from_str(body).unwrap_or(Value::Null))
}

fn decide(shop: &Shop, more: Value) -> (u16, Value) {
    let mut body = json!({ "writeKey": shop.write_key, "slots": ["banner", "note", "nowhere"] });
    body.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    let (status, _, said) = from_page(shop, "/v1/decide", SITE, &body.to_string());
    (status, said)
}

fn visit(shop: &Shop, id: &str) {
    let page = json!({ "writeKey": shop.write_key, "batch": [
        { "type": "page", "messageId": format!("p-{id}"), "anonymousId": id, "name": "Home" },
    ]});
    assert_eq!(shop.ask("POST", "/v1/batch", None, &page.to_string()).0, 200);
}

fn secret(shop: &Shop) -> String {
    let (status, said) =
        shop.ask("POST", "/api/v1/sources/secret", Some(&shop.admin), r#"{"name":"web"}"#);
    assert_eq!(status, 200, "{said}");
    said["secret"].as_str().unwrap().to_owned()
}

/// As the guide tells a shop's server to sign.
fn signature(secret: &str, user_id: &str, until: i64) -> String {
    let key = hmac::Key::new(hmac::HMAC_SHA256, secret.as_bytes());
    let tag = hmac::sign(&key, format!("{user_id}\n{until}").as_bytes());
    let hex: String = tag.as_ref().iter().map(|byte| format!("{byte:02x}")).collect();
    format!("{until}.{hex}")
}

fn in_an_hour() -> i64 {
    regulars_server::clock::now().0 / 1_000 + 3_600
}

#[test]
fn a_browser_gets_what_its_own_visit_led_to_and_nobody_elses() {
    let shop = Shop::open();
    assert_eq!(decide(&shop, json!({ "anonymousId": "b-1" })).1["nothing"]["banner"], "nobody");
    visit(&shop, "b-1");
    let (status, said) = decide(&shop, json!({ "anonymousId": "b-1" }));
    assert_eq!(status, 200);
    let banner = &said["slots"]["banner"];
    assert_eq!((&banner["title"], &banner["link"]), (&"Hello you".into(), &"/new".into()));
    assert_eq!(said["nothing"], json!({ "note": "nothing_to_say", "nowhere": "unknown_slot" }));
    // Maria's browser is known, and so is whichever says it is hers by her address.
    let claim = json!({ "writeKey": shop.write_key, "batch": [
        { "type": "identify", "messageId": "c", "anonymousId": "b-1",
          "traits": { "email": "maria@shop.example" } },
    ]});
    assert_eq!(shop.ask("POST", "/v1/batch", None, &claim.to_string()).0, 200);
    for id in ["b-1", "anon-1"] {
        let (_, said) = decide(&shop, json!({ "anonymousId": id }));
        assert_eq!(
            (&said["slots"], &said["nothing"]["banner"]),
            (&json!({}), &"proof_needed".into())
        );
    }
}

#[test]
fn a_login_is_believed_on_the_word_of_the_shops_server() {
    let shop = Shop::open();
    let ask = |user: &str, proof: &str| decide(&shop, json!({ "userId": user, "proof": proof }));
    let until = in_an_hour();
    assert_eq!(ask("maria", &signature("ss_guessed", "maria", until)).0, 403);
    let secret = secret(&shop);
    let (status, said) = ask("maria", &signature(&secret, "maria", until));
    assert_eq!((status, &said["slots"]["banner"]["title"]), (200, &"Hello Maria".into()), "{said}");
    assert!(!said.to_string().contains("maria"), "an answer names nobody: {said}");
    for (user, proof) in [
        ("maria", String::new()),
        ("maria", signature("ss_guessed", "maria", until)),
        ("maria", signature(&secret, "marie", until)),
        ("maria", signature(&secret, "maria", 1)),
        ("maria@shop.example", String::new()),
    ] {
        let (status, said) = ask(user, &proof);
        assert_eq!((status, &said["error"]["code"]), (403, &"not_proved".into()), "{said}");
    }
}

#[test]
fn what_a_browser_tells_is_on_the_path_once_and_ends_the_step() {
    let shop = Shop::open();
    for id in ["b-1", "b-2"] {
        visit(&shop, id);
    }
    let (_, said) = decide(&shop, json!({ "anonymousId": "b-1" }));
    let token = said["slots"]["banner"]["token"].as_str().unwrap().to_owned();
    let tell = |id: &str, token: &str, what: &str| {
        let body = json!({ "writeKey": shop.write_key, "anonymousId": id,
            "told": [{ "token": token, "what": what }] });
        from_page(&shop, "/v1/decide/told", SITE, &body.to_string()).2["accepted"].clone()
    };
    assert_eq!(tell("b-2", &token, "clicked"), 0, "a token is good for its visitor alone");
    assert_eq!(tell("b-1", &token.replacen('-', "-0", 1), "clicked"), 0);
    assert_eq!(tell("b-1", &token, "bought"), 0);
    assert_eq!(tell("b-1", &token, "shown"), 1);
    assert_eq!(tell("b-1", &token, "shown"), 1);
    assert!(decide(&shop, json!({ "anonymousId": "b-1" })).1["slots"]["banner"].is_object());
    assert_eq!(tell("b-1", &token, "clicked"), 1);
    let (_, said) = decide(&shop, json!({ "anonymousId": "b-1" }));
    assert_eq!(said["nothing"]["banner"], "nothing_to_say", "a click ends the step");
    let whom = json!({ "identifier": { "kind": "anonymous_id", "value": "b-1" } }).to_string();
    let (_, said) = shop.ask("POST", "/api/v1/people/timeline", Some(&shop.admin), &whom);
    let path = said.to_string();
    assert_eq!(path.matches("Site Message Shown").count(), 1, "{path}");
    assert_eq!(path.matches("Site Message Clicked").count(), 1, "{path}");
    let (_, said) = shop.ask("POST", "/api/v1/people/decisions", Some(&shop.admin), &whom);
    let decided = said.to_string();
    assert!(decided.contains(r#""shown""#) && decided.contains(r#""clicked""#), "{decided}");
    // Whoever merely has the public key makes nothing of the kind up.
    let forged = json!({ "writeKey": shop.write_key, "batch": [
        { "type": "track", "messageId": "f", "anonymousId": "b-2", "event": "Site Message Clicked",
          "properties": { "journey": "greeted", "step": "greet" } },
    ]});
    assert_eq!(shop.ask("POST", "/v1/batch", None, &forged.to_string()).0, 200);
    assert!(decide(&shop, json!({ "anonymousId": "b-2" })).1["slots"]["banner"].is_object());
}

#[test]
fn only_pages_of_the_shop_may_ask_and_not_without_end() {
    let shop = Shop::open();
    visit(&shop, "b-1");
    let body = json!({ "writeKey": shop.write_key, "anonymousId": "b-1", "slots": ["banner"] });
    let ask = |origin: &str, body: &Value| {
        let (status, head, _) = from_page(&shop, "/v1/decide", origin, &body.to_string());
        (status, head.contains("access-control-allow-origin"))
    };
    assert_eq!(ask(SITE, &body), (200, true));
    assert_eq!(ask("", &body), (200, false), "a server is no page");
    assert_eq!(ask("https://evil.example", &body), (403, false));
    assert_eq!(ask("https://shop.example.evil.example", &body), (403, false));
    let with = |key: &str, value: Value| {
        let mut body = body.clone();
        body[key] = value;
        body
    };
    assert_eq!(ask(SITE, &with("writeKey", "wk_guessed".into())).0, 401);
    assert_eq!(ask(SITE, &with("anonymousId", Value::Null)).0, 400);
    assert_eq!(ask(SITE, &with("slots", json!(vec!["x"; 21]))).0, 400);
    assert_eq!(ask(SITE, &with("slots", json!(["x".repeat(9_000)]))).0, 413);
    let answers: Vec<u16> = (0..61).map(|_| ask(SITE, &body).0).collect();
    assert!(answers.contains(&429), "{answers:?}");
}
