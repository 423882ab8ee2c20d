//! `source add`, `key create`, `serve`: from a shop's first event to a person found by it.

use serde_json::{Value, json};

use crate::program::{Serving, Shop};

/// A server with a key that may do anything.
pub(crate) struct Keyed {
    serving: Serving,
    key: String,
}

impl Shop {
    /// Starts a server after making a key for it.
    pub(crate) fn serve_with_key(&self) -> Keyed {
        let made = self.run(&["key", "create", "--scope", "admin", "--json"]).well().json();
        Keyed { key: made["key"].as_str().unwrap().to_owned(), serving: self.serve() }
    }
}

impl Keyed {
    /// Asks the API.
    pub(crate) fn ask(&self, line: &str) -> (u16, Value) {
        self.send(line, &Value::Null)
    }

    /// Sends something to the API.
    pub(crate) fn send(&self, line: &str, body: &Value) -> (u16, Value) {
        let head = format!("{line}\nAuthorization: Bearer {}", self.key);
        let body = if body.is_null() { String::new() } else { body.to_string() };
        let (status, answer) = self.serving.ask(&head, &body);
        (status, serde_json::from_str(&answer).unwrap_or(Value::Null))
    }

    /// Sends an event with the key of a source.
    pub(crate) fn event(&self, path: &str, write_key: &Value, event: &Value) -> (u16, Value) {
        let head = format!("POST {path}\nX-Write-Key: {}", write_key.as_str().unwrap());
        let (status, answer) = self.serving.ask(&head, &event.to_string());
        (status, serde_json::from_str(&answer).unwrap_or(Value::Null))
    }

    pub(crate) fn stop(self) {
        assert_eq!(self.serving.stop(), 0);
    }
}

#[test]
fn an_event_sent_over_http_makes_a_person_who_is_found() {
    let shop = Shop::new();
    let source = shop.run(&["source", "add", "web", "--kind", "web", "--json"]).well().json();
    assert_eq!(source["source"], "web");
    let serving = shop.serve_with_key();
    let event = json!({
        "userId": "ana", "event": "Product Added", "messageId": "m-1",
        "context": { "traits": { "email": "Ana@Example.com" } },
        "properties": { "product_id": "boots", "price": 89.9 },
    });
    for expected in [1, 0] {
        let (status, answer) = serving.event("/v1/track", &source["write_key"], &event);
        assert_eq!(status, 200, "{answer}");
        assert_eq!(
            (&answer["accepted"], &answer["duplicates"]),
            (&expected.into(), &(1 - expected).into())
        );
    }
    let whom = json!({ "identifier": { "kind": "user_id", "value": "ana" } });
    let (status, found) = serving.send("POST /api/v1/people/find", &whom);
    assert_eq!((status, &found["person"]["events_count"]), (200, &1.into()));
    serving.stop();
    assert_eq!(shop.run(&["stats", "--json"]).json()["events"], 1);
}

#[test]
fn a_source_is_defined_once_and_gets_as_many_keys_as_are_asked_for() {
    let shop = Shop::new();
    let keys = ["one", "two"].map(|_| {
        shop.run(&["source", "add", "pos-lisbon", "--kind", "pos", "--json"]).well().json()["write_key"].clone()
    });
    assert_ne!(keys[0], keys[1]);
    shop.run(&["export", "copy"]).well();
    let sources = std::fs::read_to_string(shop.path("copy/sources.yaml")).unwrap();
    assert_eq!(sources.matches("source: pos-lisbon").count(), 1, "{sources}");
    assert!(sources.contains("channel: store"), "{sources}");
    let said = shop.run(&["source", "add", "pos-lisbon", "--kind", "web"]);
    assert_eq!(said.code, 2);
    let said = shop.run(&["source", "add", "x", "--kind", "fax"]);
    assert_eq!(said.code, 2);
    assert!(said.talk.contains("cure: say pos, web, app"), "{}", said.talk);
}

#[test]
fn a_running_server_is_named_by_whatever_wants_to_write_beside_it() {
    let shop = Shop::new();
    let serving = shop.serve();
    let said = shop.run(&["key", "create", "--scope", "read"]);
    assert_eq!(said.code, 1);
    assert!(said.talk.contains("a server is running on"), "{}", said.talk);
    assert_eq!(shop.run(&["sending", "status"]).well().out, "sending is on\n");
    assert_eq!(serving.stop(), 0);
}

#[test]
fn definitions_are_applied_through_a_running_server() {
    let shop = Shop::new();
    let serving = shop.serve_with_key();
    let definitions = crate::program::examples().join("shop");
    let (definitions, url) = (definitions.to_str().unwrap(), serving.serving.url());
    let words = ["apply", definitions, "--server", &url, "--key", &serving.key];
    let said = shop.run(&words).well();
    assert!(said.out.contains("added: journey \"cart\""), "{}", said.out);
    assert_eq!(shop.run(&words).well().out, "nothing changes\n");
    let wrong = shop.run(&["apply", definitions, "--server", &url, "--key", "rk_no"]);
    assert_eq!(wrong.code, 1);
    assert!(wrong.talk.contains("the server refuses (401)"), "{}", wrong.talk);
    shop.file("bad.yaml", "journey: a\n");
    let bad = shop.run(&["apply", "bad.yaml", "--server", &url, "--key", &serving.key]);
    assert_eq!(bad.code, 2);
    assert!(bad.out.contains("bad.yaml:1:1: "), "{}", bad.out);
    serving.stop();
}

#[test]
fn a_user_may_sign_in_and_a_short_password_is_refused() {
    let shop = Shop::new();
    let said = shop.run_with(&["user", "add", "ana"], "short\n");
    assert_eq!(said.code, 2);
    shop.run_with(&["user", "add", "ana", "--password-stdin"], "long enough\n").well();
    // The first answers for everything; whoever comes after is told apart.
    let nothing_said = shop.run_with(&["user", "add", "ben"], "long enough\n");
    assert_eq!(nothing_said.code, 2);
    assert!(nothing_said.talk.contains("needs a role"), "{}", nothing_said.talk);
    shop.run_with(&["user", "add", "ben", "--role", "service-desk"], "long enough\n").well();
    let last = shop.run(&["user", "role", "ana", "analyst"]);
    assert_eq!(last.code, 2);
    assert!(last.talk.contains("make somebody else an owner first"), "{}", last.talk);
    assert_eq!(shop.run(&["user", "remove", "ana"]).code, 2);
    let listed = shop.run(&["--json", "user", "list"]).well();
    let expected =
        "{\"role\":\"owner\",\"user\":\"ana\"}\n{\"role\":\"service desk\",\"user\":\"ben\"}\n";
    assert_eq!(listed.out, expected);
    let acts = shop.run(&["user", "acts"]).well();
    assert!(acts.out.contains("command line  done  ben is service desk"), "{}", acts.out);
    let serving = shop.serve();
    let (status, _) = serving.ask("GET /sign-in", "");
    assert_eq!(status, 200);
    assert_eq!(serving.stop(), 0);
}
