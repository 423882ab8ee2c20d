//! `explain`: why a message waits, on stdin as well as by argument.

use crate::program::{Shop, examples};

/// Maria as she stood at eight in the evening, before the till reported.
fn waiting() -> Shop {
    let shop = Shop::new();
    shop.run(&["apply", examples().join("shop").to_str().unwrap()]).well();
    let events = std::fs::read_to_string(examples().join("shop/maria.ndjson")).unwrap();
    let before: String = events
        .lines()
        .filter(|line| !line.contains("Order Completed"))
        .map(|line| format!("{line}\n"))
        .collect();
    let events = shop.file("events.ndjson", &before);
    shop.run(&["import", events.to_str().unwrap()]).well();
    shop
}

#[test]
fn whoever_is_meant_is_explained_by_argument_and_from_stdin() {
    let shop = waiting();
    let said = shop.run(&["explain", "maria@example.com"]).well();
    assert!(said.out.contains("email         maria@example.com"), "{}", said.out);
    assert!(said.out.contains("loyalty_id L-1001"), "{}", said.out);
    let typed = shop.run_with(&["explain", "-"], "maria@example.com\n").well();
    assert_eq!(typed.out.lines().next(), said.out.lines().next());
    let by_card = shop.run(&["explain", "L-1001", "--kind", "loyalty_id"]).well();
    assert_eq!(by_card.out.lines().next(), said.out.lines().next());
    let id = said.out.lines().next().and_then(|line| line.split(['(', ',']).nth(1)).unwrap();
    let by_id = shop.run(&["explain", id]).well();
    assert_eq!(by_id.out.lines().next(), said.out.lines().next());
    assert!(shop.run(&["explain", "p999999"]).talk.contains("nobody is known by that identifier"));
}

#[test]
fn nobody_and_nonsense_are_told_apart() {
    let shop = waiting();
    let nobody = shop.run(&["explain", "ana@example.com"]);
    assert_eq!(nobody.code, 1);
    assert!(!nobody.talk.contains("ana@"), "identifiers stay out of errors: {}", nobody.talk);
    let nonsense = shop.run(&["explain", "call me", "--kind", "phone"]);
    assert_eq!(nonsense.code, 2);
}
