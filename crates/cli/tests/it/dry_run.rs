//! `dry-run`: Maria's story, from a file and from the stored log.

use serde_json::Value;

use crate::program::{Said, Shop, examples};

fn maria(shop: &Shop, more: &[&str]) -> Said {
    let (shop_dir, events) = (examples().join("shop"), examples().join("shop/maria.ndjson"));
    let words = ["dry-run", shop_dir.to_str().unwrap(), events.to_str().unwrap()];
    shop.run(&[&words, more].concat()).well()
}

#[test]
fn the_tills_receipt_ends_what_waited_for_it() {
    let said = maria(&Shop::new(), &[]);
    insta::assert_snapshot!(said.out);
}

#[test]
fn json_says_the_same_one_decision_a_line() {
    let shop = Shop::new();
    let text = maria(&shop, &[]);
    let json = maria(&shop, &["--json"]);
    let decisions: Vec<Value> =
        json.out.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert_eq!(decisions.len(), text.out.lines().count());
    for (decision, line) in decisions.iter().zip(text.out.lines()) {
        assert!(line.contains(decision["decision"].as_str().unwrap()), "{line}");
        assert!(!decision["reasons"].as_array().unwrap().is_empty());
    }
    assert_eq!(decisions.last().unwrap()["decision"], "exit");
}

#[test]
fn until_stops_before_the_receipt() {
    let said = maria(&Shop::new(), &["--until", "2026-11-20T20:00:00Z"]);
    assert!(said.out.contains("  hold  ") && !said.out.contains("  exit  "), "{}", said.out);
    assert!(said.talk.contains("somebody still waits"), "{}", said.talk);
}

#[test]
fn the_stored_log_gives_the_same_decisions_beside_a_running_server() {
    let shop = Shop::new();
    let (shop_dir, events) = (examples().join("shop"), examples().join("shop/maria.ndjson"));
    let (shop_dir, events) = (shop_dir.to_str().unwrap(), events.to_str().unwrap());
    shop.run(&["apply", shop_dir]).well();
    shop.run(&["import", events]).well();
    let serving = shop.serve();
    let stored = shop.run(&["dry-run", shop_dir, "--stored"]).well();
    assert_eq!(stored.out, maria(&shop, &[]).out);
    assert_eq!(serving.stop(), 0);
}

#[test]
fn a_line_that_is_none_is_told_and_the_rest_is_decided() {
    let shop = Shop::new();
    let definitions = examples().join("shop");
    let good = std::fs::read_to_string(definitions.join("maria.ndjson")).unwrap();
    let events = shop.file("events.ndjson", &format!("{{\"type\":\n{good}"));
    let (definitions, events) = (definitions.to_str().unwrap(), events.to_str().unwrap());
    let said = shop.run(&["dry-run", definitions, events]).well();
    assert!(said.talk.contains("events.ndjson:1: the event is not JSON"), "{}", said.talk);
    assert!(said.out.contains("  exit  "), "{}", said.out);
    let nothing = shop.file("nothing.ndjson", "rubbish\n");
    let said = shop.run(&["dry-run", definitions, nothing.to_str().unwrap()]);
    assert_eq!(said.code, 1);
}
