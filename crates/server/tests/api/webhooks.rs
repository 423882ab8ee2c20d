//! What a journey tells another program: it arrives signed, once or again under the same id, and not
//! when it was made pointless or its person is gone.

use regulars_deliver::webhook::Secret;
use serde_json::{Value, json};

use crate::receiver::{Arrived, Does, Receiver};
use crate::shop::Shop;

/// A shop whose journey `invited` tells `crm`, and the program that takes it, with its secret.
struct Told {
    shop: Shop,
    crm: Receiver,
    secret: String,
}

impl Told {
    fn open() -> Self {
        let (shop, crm) = (Shop::open(), Receiver::listen());
        let url = format!("http://{}/hooks?key=1", crm.address);
        let set = json!({ "name": "crm", "url": url });
        let said = asked(&shop, "POST", "webhooks", &set);
        let secret = said["secret"].as_str().unwrap().to_owned();
        assert!(!said["webhook"].to_string().contains("key=1"), "the path may be secret: {said}");
        Self { shop, crm, secret }
    }

    fn ask(&self, method: &str, path: &str, body: &Value) -> Value {
        asked(&self.shop, method, path, body)
    }

    /// Lets somebody enter the journey that tells.
    fn invite(&self, login: &str) {
        let person = json!({ "id": format!("invite-{login}"), "identifiers": { "user_id": login },
            "data": { "list": "spring", "points": 3 } });
        let said = self.ask(
            "POST",
            "journeys/enroll",
            &json!({ "journey": "invited", "people": [person] }),
        );
        assert_eq!(said["people"][0]["outcome"], "entered", "{said}");
    }

    /// The calls in a state, the latest first, once there is one for each of `calls`.
    fn calls(&self, state: &str, calls: usize) -> Vec<Value> {
        for _ in 0..3_000 {
            let said = self.ask("GET", &format!("webhooks/calls?state={state}"), &Value::Null);
            let found = said["calls"].as_array().unwrap().clone();
            if found.len() == calls {
                return found;
            }
            std::thread::sleep(std::time::Duration::from_millis(20));
        }
        panic!("there are not {calls} calls in the state {state}");
    }

    /// Holds that a call bears the signature that the secret makes.
    fn believes(&self, call: &Arrived) {
        let secret = Secret::parse(&self.secret).unwrap();
        let (id, seconds) = (call.field("webhook-id"), call.field("webhook-timestamp"));
        let signed = |mark: &str| secret.signed(mark, (id, seconds), call.body.as_bytes());
        assert!(call.field("webhook-signature").split(' ').any(signed), "{call:?}");
        let now = regulars_server::clock::now().0 / 1_000;
        assert!(now.abs_diff(seconds.parse().unwrap()) < 60, "{seconds}");
    }
}

fn asked(shop: &Shop, method: &str, path: &str, body: &Value) -> Value {
    let body = if body.is_null() { String::new() } else { body.to_string() };
    let path = format!("{}/{path}", crate::BASE);
    let (status, said) = shop.ask(method, &path, Some(&shop.admin), &body);
    assert_eq!(status, 200, "{method} {path}: {said}");
    said
}

#[test]
fn what_is_cut_off_is_told_again_under_the_same_id() {
    let told = Told::open();
    told.crm.will(Does::HangsUp);
    told.invite("maria");
    let first = told.crm.next();
    told.believes(&first);
    let body: Value = serde_json::from_str(&first.body).unwrap();
    assert_eq!((&body["type"], &body["data"]["step"]), (&"journey.step".into(), &"tell".into()));
    let person = &body["data"]["person"];
    assert_eq!(person["traits"], json!({ "plan": "gold" }), "what the definition chose: {body}");
    assert_eq!(person["identifiers"], json!([{ "kind": "email", "value": "maria@shop.example" }]));
    assert_eq!(body["data"]["entry"]["data"], json!({ "list": "spring", "points": 3 }), "{body}");
    assert!(!first.body.contains("Soto"), "nothing else is told: {body}");

    // It hung up before we noted that.
    let waiting = loop {
        let waiting = told.calls("waiting", 1).remove(0);
        if waiting["attempts"] == 1 {
            break waiting;
        }
    };
    assert_eq!(waiting["destination"], "crm");
    assert!(waiting["next_at"].is_string() && waiting["answer"] != "", "{waiting}");
    told.crm.will(Does::Answers(202));
    told.ask("POST", "webhooks/again", &json!({ "id": waiting["id"] }));
    let second = told.crm.next();
    told.believes(&second);
    assert_eq!(second.field("webhook-id"), first.field("webhook-id"));
    assert_eq!(second.body, first.body);
    assert_eq!(told.calls("delivered", 1)[0]["answer"], "202 noted");
    assert!(!told.crm.has_more());
}

#[test]
fn whoever_wants_no_more_calls_is_paused_and_what_waits_is_looked_at_again() {
    let told = Told::open();
    told.crm.will(Does::Answers(410));
    told.invite("maria");
    told.crm.next();
    let paused = || {
        let said = told.ask("GET", "webhooks", &Value::Null);
        said["webhooks"][0].clone()
    };
    while paused()["paused_since"].is_null() {
        std::thread::sleep(std::time::Duration::from_millis(20));
    }
    assert!(paused()["paused_by"].is_null(), "it answered so itself");
    // While it is paused somebody comes and buys, somebody comes and is erased, somebody comes.
    for login in ["dora", "eva", "flor"] {
        told.invite(login);
    }
    assert_eq!(told.calls("waiting", 4).len(), 4);
    told.shop.track(&json!({ "type": "track", "messageId": "d-1", "userId": "dora",
        "event": "Order Completed",
        "properties": { "order_id": "W-9", "total": 9.5, "currency": "EUR" } }));
    let eva = json!({ "identifier": { "kind": "user_id", "value": "eva" } });
    told.ask("POST", "people/erase", &eva);
    assert_eq!(told.calls("waiting", 3).len(), 3, "what was to be told of Eva went with her");

    told.crm.will(Does::Answers(200));
    told.crm.will(Does::Answers(204));
    told.ask("POST", "webhooks/resume", &json!({ "name": "crm" }));
    let (one, other) = (told.crm.next(), told.crm.next());
    assert_ne!(one.field("webhook-id"), other.field("webhook-id"));
    assert_eq!(told.calls("delivered", 2).len(), 2);
    assert_eq!(told.calls("withdrawn", 1)[0]["attempts"], 0, "Dora bought: nothing was told");
    assert!(!told.crm.has_more());
}

#[test]
fn a_new_secret_signs_beside_the_one_before() {
    let mut told = Told::open();
    let before = told.secret.clone();
    let said = told.ask("POST", "webhooks/rotate", &json!({ "name": "crm" }));
    told.secret = said["secret"].as_str().unwrap().to_owned();
    assert_ne!(told.secret, before);
    told.crm.will(Does::Answers(200));
    let said = told.ask("POST", "webhooks/test", &json!({ "name": "crm" }));
    assert_eq!((&said["taken"], &said["answer"]), (&true.into(), &"200 noted".into()), "{said}");
    let test = told.crm.next();
    told.believes(&test);
    told.secret = before;
    told.believes(&test);
    assert_eq!(test.field("webhook-signature").split(' ').count(), 2);
    told.crm.will(Does::Answers(302));
    let said = told.ask("POST", "webhooks/test", &json!({ "name": "crm" }));
    assert_eq!(said["taken"], false, "{said}");
}

#[test]
fn a_url_within_a_network_of_ones_own_is_refused() {
    let told = Told::open();
    for url in ["http://10.0.0.7/in", "https://10.0.0.7/", "ftp://a.example/", "x"] {
        let set = json!({ "name": "inside", "url": url }).to_string();
        let (status, said) =
            told.shop.ask("POST", "/api/v1/webhooks", Some(&told.shop.admin), &set);
        assert_eq!(status, 400, "{url}: {said}");
    }
    let used = json!({ "name": "crm" }).to_string();
    let (status, said) =
        told.shop.ask("POST", "/api/v1/webhooks/remove", Some(&told.shop.admin), &used);
    assert_eq!(status, 409, "a journey tells it: {said}");
}
