//! The OpenAPI document against the running server: every call is there and no other, each wants the
//! scope it states, and what it answers, well or not, has the shape that is described.

#![expect(clippy::unwrap_used, reason = "a test stops at the first surprise")]

mod client;
mod decide;
mod intake;
mod pace;
mod receiver;
mod roles;
mod schema;
mod shop;
mod webhooks;

use std::collections::BTreeSet;

use client::Request;
use regulars_server::http::api;
use schema::Document;
use serde_json::Value;
use shop::Shop;

const BASE: &str = "/api/v1";

/// Method and path of every call the document describes.
fn documented(document: &Value) -> BTreeSet<(String, String)> {
    let paths = document["paths"].as_object().unwrap().iter();
    paths
        .flat_map(|(path, ways)| {
            let methods = ways.as_object().unwrap().keys();
            methods.map(move |method| (method.to_uppercase(), path.clone()))
        })
        .collect()
}

/// The document as the server hands it out.
fn document(shop: &Shop) -> Value {
    let (status, document) = shop.ask("GET", "/api/openapi.json", None, "");
    assert_eq!((status, &document["openapi"]), (200, &"3.1.0".into()));
    document
}

/// Holds one answer against what the document says of it.
fn hold(document: &Value, method: &str, path: &str, (status, body): &(u16, Value)) {
    let pointed = path.split('?').next().unwrap();
    let call = &document["paths"][pointed][method.to_lowercase()];
    let told = &call["responses"][status.to_string()];
    assert!(!told.is_null(), "{method} {path} answers {status}, which is not described: {body}");
    let document = Document(document);
    let schema = &document.follow(told)["content"]["application/json"]["schema"];
    let mistakes = document.mistakes(schema, body, &format!("{method} {path} {status}"));
    assert!(mistakes.is_empty(), "{}\nin {body}", mistakes.join("\n"));
}

#[test]
fn every_call_is_described_and_no_other() {
    let shop = Shop::open();
    let served: BTreeSet<(String, String)> = api::calls()
        .into_iter()
        .map(|(method, path)| (method.to_string(), format!("{BASE}{path}")))
        .collect();
    assert_eq!(documented(&document(&shop)), served);
}

#[test]
fn answers_have_the_shape_that_is_described() {
    let shop = Shop::open();
    let document = document(&shop);
    let mut seen = BTreeSet::new();
    for (method, path, body) in shop.requests() {
        let answer = shop.ask(method, &path, Some(&shop.admin), &body);
        assert_eq!(answer.0, 200, "{method} {path} {body}: {}", answer.1);
        hold(&document, method, &path, &answer);
        seen.insert((method.to_owned(), path.split('?').next().unwrap().to_owned()));
    }
    assert_eq!(seen, documented(&document), "a call is described that was not asked");
}

/// A schema says nothing of lists that are empty and of values that are null, so the shop must have
/// something of everything.
#[test]
fn the_answers_that_are_checked_are_not_empty() {
    let shop = Shop::open();
    let ask =
        |method: &str, path: &str, body: &str| shop.ask(method, path, Some(&shop.admin), body).1;
    let whom = shop.whom();
    let person = &ask("POST", "/api/v1/people/find", &whom)["person"];
    assert!(person["name"].is_string() && person["traits"]["plan"].is_string());
    assert!(!person["identifiers"][1].is_null() && !person["enrollments"][0].is_null());
    let timeline = ask("POST", "/api/v1/people/timeline", &whom);
    let events = timeline["events"].as_array().unwrap();
    assert!(events.iter().any(|event| event["order"].is_object()));
    assert!(events.iter().any(|event| event["products"][0]["codes"][0].is_object()));
    let decisions = ask("POST", "/api/v1/people/decisions", &whom);
    assert!(decisions["decisions"][0]["reasons"][0]["facts"][0].is_object(), "{decisions}");
    assert!(!ask("POST", "/api/v1/people/why", &whom)["evidence"][0].is_null());
    let told = ask("POST", "/api/v1/people/disclosure", &whom);
    for part in ["why_one_person", "segments", "decisions", "events"] {
        assert!(!told[part][0].is_null(), "{part} is empty: {told}");
    }
    let how = ask("POST", "/api/v1/people/how", &whom);
    assert!(!how["joined_by"][0].is_null() && !how["history"][0]["steps"][0].is_null(), "{how}");
    // A look at everybody may take a moment.
    let looked = |path: &str| loop {
        let answer = ask("GET", path, "");
        if answer["looking"].is_null() {
            break answer;
        }
    };
    let pairs = looked("/api/v1/identity/pairs");
    assert_eq!(pairs["pairs"][0]["percent"], 50, "{pairs}");
    assert!(pairs["pairs"][0]["weights"]["parts"][0].is_object(), "{pairs}");
    let health = looked("/api/v1/identity/health");
    assert!(!health["health"]["shared_values"][0].is_null(), "{health}");
    assert!(!health["health"]["largest"][0].is_null(), "{health}");
    let rules = ask("GET", "/api/v1/identity/rules", "");
    assert_eq!(rules["kinds"][0]["class"], "unique", "{rules}");
    assert!(rules["blocked"][0]["value"].is_string(), "{rules}");
    let compared = ask("POST", "/api/v1/people/compare", &shop.two());
    let spanish = ask("POST", "/api/v1/people/compare?language=es", &shop.two());
    assert_ne!(compared["why_not"][0]["text"], spanish["why_not"][0]["text"]);
    assert_eq!(compared["why_not"][0]["code"], spanish["why_not"][0]["code"]);
    assert!(!compared["why_not"][0].is_null() && compared["weights"].is_object(), "{compared}");
    assert!(!ask("GET", "/api/v1/sources", "")["sources"][0]["feeds"][0].is_null());
    let pace = ask("GET", "/api/v1/pace", "");
    assert!(pace["limits"][0]["to"].is_string() && pace["warm_ups"][0]["day"].is_u64(), "{pace}");
    assert!(ask("GET", "/api/v1/quarantine", "")["quarantine"][0]["raw"].is_string());
    let buyers = ask("GET", "/api/v1/segments/show?segment=buyers", "");
    assert_eq!((&buyers["members"], buyers["sizes"][0].is_object()), (&1.into(), true), "{buyers}");
    assert!(buyers["reachable"]["email"].is_u64(), "{buyers}");
    assert!(ask("GET", "/api/v1/segments/members?segment=buyers", "")["members"][0].is_string());
    let begun = |before: &str| {
        let body = serde_json::json!({ "before": before }).to_string();
        ask("POST", "/api/v1/segments/complete", &body)["suggestions"].to_string()
    };
    assert_eq!(begun("cart is op"), r#"[{"kind":"word","text":"open"}]"#);
    assert_eq!(begun("in segment \"bu"), r#"[{"kind":"segment","text":"\"buyers\""}]"#);
    assert!(begun("event ").contains("Order Completed"));
    let slip = r#"{"condition":"score \"engagment\" at least 50"}"#;
    let slip = ask("POST", "/api/v1/segments/preview", slip);
    assert_eq!(slip["notices"][0]["cure"], "did you mean \"engagement\"?", "{slip}");
    // No profile keeps that yet: it is read from the log.
    let unkept = "has done \"Order Completed\" where total at least 10 EUR";
    let tried = serde_json::json!({ "condition": unkept }).to_string();
    let preview = ask("POST", "/api/v1/segments/preview", &tried);
    assert_eq!(preview["members"]["count"], 1, "{preview}");
    assert_eq!(ask("POST", "/api/v1/segments/count", &tried)["members"], 1);
    let maria = serde_json::json!({ "kind": "user_id", "value": "maria" });
    let why = serde_json::json!({ "condition": unkept, "identifier": maria }).to_string();
    let why = ask("POST", "/api/v1/segments/explain", &why);
    assert_eq!((&why["member"], &why["certain"]), (&true.into(), &"true".into()), "{why}");
    let checked =
        ask("POST", "/api/v1/definitions/check", r#"{"files":{"a.yaml":"jurney: cart"}}"#);
    assert!(!checked["mistakes"][0].is_null());
}

/// What is worked out in the background is described as what is answered at once.
#[test]
fn what_a_tool_of_the_online_shop_would_have_sent_is_worked_out() {
    let shop = Shop::open();
    let document = document(&shop);
    let path = "/api/v1/measure/silo";
    let before = shop.ask("GET", path, Some(&shop.reader), "");
    assert_eq!(before.1["state"], "nothing");
    let began = shop.ask("POST", path, Some(&shop.writer), "");
    assert_eq!(began.1["began"], true, "{}", began.1);
    let answer = loop {
        let answer = shop.ask("GET", path, Some(&shop.reader), "");
        hold(&document, "GET", path, &answer);
        if answer.1["state"] != "running" {
            break answer.1;
        }
    };
    assert_eq!(answer["state"], "compared", "{answer}");
    assert!(answer["comparison"]["events"].as_u64() > Some(5), "{answer}");
}

/// Nobody asks and nothing happens: time alone takes Maria out again, and says when.
#[test]
fn a_segment_turns_by_time_while_nobody_asks() {
    let shop = Shop::open();
    let asked = r#"{"segment":"just bought","identifier":{"kind":"user_id","value":"maria"}}"#;
    let begun = std::time::Instant::now();
    let turns = loop {
        let (_, why) = shop.ask("POST", "/api/v1/segments/explain", Some(&shop.reader), asked);
        let turns = why["turns"].as_array().unwrap().clone();
        if turns.len() == 2 {
            break turns;
        }
        assert!(begun.elapsed().as_secs() < 60, "it must turn within the minute: {why}");
        std::thread::sleep(std::time::Duration::from_millis(100));
    };
    assert_eq!((&turns[0]["way"], turns[0]["by_event"].is_u64()), (&"entered".into(), true));
    assert_eq!((&turns[1]["way"], turns[1]["by_event"].is_null()), (&"left".into(), true));
    let at = |turn: &Value| turn["at"].as_str().unwrap().parse::<jiff::Timestamp>().unwrap();
    let held = at(&turns[1]).as_millisecond() - at(&turns[0]).as_millisecond();
    assert!((0..62_000).contains(&held), "{held} ms");
}

#[test]
fn each_call_wants_the_scope_it_states() {
    let shop = Shop::open();
    let document = document(&shop);
    for (method, path, body) in shop.requests() {
        let pointed = path.split('?').next().unwrap();
        let told =
            document["paths"][pointed][method.to_lowercase()]["description"].as_str().unwrap();
        let keys = [("read", &shop.reader), ("write", &shop.writer), ("admin", &shop.admin)];
        let stated =
            keys.iter().position(|(scope, _)| told.contains(&format!("scope {scope} "))).unwrap();
        for (number, (scope, key)) in keys.into_iter().enumerate() {
            // Whoever may is asked with a body that says nothing, so that nothing is changed.
            let body = if number < stated { body.as_str() } else { "[]" };
            let answer = shop.ask(method, &path, Some(key), body);
            assert_eq!(answer.0 == 403, number < stated, "{method} {path} with scope {scope}");
            hold(&document, method, &path, &answer);
        }
        for key in [None, Some("rk_of_nobody")] {
            let answer = shop.ask(method, &path, key, &body);
            assert_eq!(answer.0, 401, "{method} {path}");
            hold(&document, method, &path, &answer);
        }
    }
}

#[test]
fn what_is_wrong_with_a_request_is_told_as_described() {
    let shop = Shop::open();
    let document = document(&shop);
    let hold = |expected: u16, request: &Request<'_>| {
        let answer = client::answer(shop.address, request);
        assert_eq!(answer.0, expected, "{request:?}: {}", answer.1);
        hold(&document, request.method, request.path, &answer);
    };
    for (method, path) in documented(&document) {
        let call = &document["paths"][&path][method.to_lowercase()];
        if call["requestBody"].is_null() {
            continue;
        }
        let json = Some("application/json");
        let request = Request {
            method: &method,
            path: &path,
            key: Some(&shop.admin),
            content_type: json,
            body: "{",
        };
        hold(400, &request);
        hold(415, &Request { content_type: None, body: "{}", ..request });
        let schema = &call["requestBody"]["content"]["application/json"]["schema"];
        if schema["$ref"] == "#/components/schemas/Whom" {
            hold(
                404,
                &Request {
                    body: r#"{"identifier":{"kind":"email","value":"no@where.example"}}"#,
                    ..request
                },
            );
            hold(404, &Request { body: r#"{"person":"p99999999999"}"#, ..request });
            hold(400, &Request { body: r#"{"person":"Maria"}"#, ..request });
            hold(400, &Request { body: "{}", ..request });
            hold(422, &Request { body: r#"{"person":7}"#, ..request });
        }
        let taken = &Document(&document)
            .follow(&call["requestBody"]["content"]["application/json"]["schema"]);
        for name in taken["required"].as_array().into_iter().flatten() {
            let lacks = client::answer(shop.address, &Request { body: "{}", ..request });
            assert!((400..500).contains(&lacks.0), "{method} {path} without {name}: {}", lacks.1);
        }
    }
    let wrong = |path: &str| {
        let key = Some(shop.admin.as_str());
        hold(400, &Request { method: "GET", path, key, content_type: None, body: "" });
    };
    wrong("/api/v1/decisions?limit=many");
    wrong("/api/v1/quarantine?before=yesterday");
    let mistaken = Request {
        method: "PUT",
        path: "/api/v1/definitions",
        key: Some(&shop.admin),
        content_type: Some("application/json"),
        body: r#"{"files":{"a.yaml":"jurney: cart"}}"#,
    };
    hold(422, &mistaken);
    // So many tests in a quarter of an hour, whatever comes of them.
    let body = r#"{"template":"reminder","to":"nobody"}"#;
    let test = Request { method: "POST", path: "/api/v1/templates/send-test", body, ..mistaken };
    (0..10).for_each(|_| hold(400, &test));
    hold(409, &test);
}
