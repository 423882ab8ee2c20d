//! `webhook`: destinations are set and tried from the command line, and a dry run prints what would be
//! posted.

use crate::program::Shop;

const SHOP: &str = "shop: Oakleaf\nzone: Europe/Madrid\ncurrency: EUR\n---\n\
    journey: service\npurpose: care\nenter: Ticket Opened\n\
    steps:\n\
    - { webhook: crm, with: [ email, plan ], name: tell }\n\
    - wait: 1 hour\n\
    - { webhook: crm, with: plan, name: again }\n\
    - wait: 1 hour\n\
    - set: { plan: bronze }\n";

const EVENTS: &str = concat!(
    r#"{"type":"identify","messageId":"1","userId":"ana","receivedAt":"2026-11-20T10:00:00Z","traits":{"email":"ana@shop.example","plan":"gold","firstName":"Ana"}}"#,
    "\n",
    r#"{"type":"track","messageId":"2","userId":"ana","receivedAt":"2026-11-20T10:01:00Z","event":"Ticket Opened","properties":{"ticket_id":"t-1"}}"#,
    "\n",
    r#"{"type":"identify","messageId":"3","userId":"ana","receivedAt":"2026-11-20T10:02:00Z","traits":{"plan":"silver"}}"#,
    "\n",
);

#[test]
fn a_destination_is_set_tried_given_another_secret_and_removed() {
    let shop = Shop::new();
    shop.file("definitions/shop.yaml", SHOP);
    let applied = shop.run(&["apply", "definitions"]).well();
    assert!(applied.talk.contains("tells \"crm\", which is no destination"), "{}", applied.talk);

    let inside = shop.run(&["webhook", "add", "crm", "http://127.0.0.1:1/hooks/s3cret"]);
    assert!(inside.code == 1 && inside.talk.contains("https://"), "{}", inside.talk);
    assert!(!inside.talk.contains("s3cret"), "{}", inside.talk);
    let url = "http://127.0.0.1:1/hooks/s3cret";
    let here = ["--webhooks-inside", "127.0.0.1"];
    let words = [&["webhook", "add", "crm", url, "--json"][..], &here].concat();
    let added = shop.run(&words).well().json();
    assert!(added["secret"].as_str().unwrap().starts_with("whsec_"), "{added}");
    let applied = shop.run(&["apply", "definitions"]).well();
    assert!(!applied.talk.contains("no destination"), "{}", applied.talk);

    let tried = shop.run(&[&["webhook", "test", "crm"][..], &here].concat());
    assert!(tried.code == 1 && tried.out.starts_with("not taken"), "{}", tried.out);
    let rotated = shop.run(&["webhook", "rotate", "crm", "--json"]).well().json();
    assert_ne!(rotated["secret"], added["secret"]);
    assert!(rotated["webhook"]["both_secrets_until"].is_string(), "{rotated}");
    shop.run(&["webhook", "pause", "crm"]).well();
    let listed = shop.run(&["webhook", "list"]).well();
    assert!(listed.out.starts_with("crm  127.0.0.1:1  0 waiting"), "{}", listed.out);
    assert!(listed.out.contains("paused") && !listed.out.contains("s3cret"), "{}", listed.out);
    shop.run(&["webhook", "resume", "crm"]).well();

    let used = shop.run(&["webhook", "remove", "crm"]);
    assert!(used.code == 1 && used.talk.contains("the journey \"service\""), "{}", used.talk);
    shop.run(&["webhook", "remove", "crm", "--force"]).well();
    assert_eq!(shop.run(&["webhook", "list"]).well().out, "");
    let nobody = shop.run(&["webhook", "again", "7"]);
    assert!(nobody.code == 1 && nobody.talk.contains("no call 7"), "{}", nobody.talk);
}

#[test]
fn a_dry_run_prints_what_would_be_posted() {
    let shop = Shop::new();
    shop.file("definitions/shop.yaml", SHOP);
    shop.file("events.ndjson", EVENTS);
    let played = shop.run(&["dry-run", "definitions", "events.ndjson", "--source", "desk"]).well();
    let posts: Vec<&str> =
        played.out.lines().filter_map(|line| line.trim().strip_prefix("would post ")).collect();
    assert_eq!(posts.len(), 2, "{}", played.out);
    let body: serde_json::Value = serde_json::from_str(posts[0]).unwrap();
    let traits = &body["data"]["person"]["traits"];
    assert_eq!(traits, &serde_json::json!({ "plan": "gold" }), "what was known at that moment");
    assert_eq!(body["data"]["person"]["identifiers"][0]["value"], "ana@shop.example");
    assert!(!posts[0].contains("firstName"), "{}", posts[0]);
    assert!(posts[1].contains("silver"), "after the last event too: {}", posts[1]);
}
