//! Jane: seven touchpoints, five identifiers, three sources, in any order: one person, one path.

use std::collections::BTreeSet;

use regulars_engine::program::Program;
use regulars_engine::time::{SECOND, Timestamp};
use serde_json::{Value, json};

use super::play::{Draws, Play, at, orders, program, seed};
use super::second_opinion::identifiers;

const SHOP: &str = "\
shop: Tienda
zone: Europe/Madrid
currency: EUR
---
source: store-1
channel: store
";

/// The seven touchpoints, then the two log-ins that tie them together.
fn lines() -> Vec<Value> {
    let touch = |source: &str, day: u32, event: &str, who: Value| {
        let mut line = json!({
            "type": "track", "source": source, "event": event,
            "messageId": format!("{event} {day}"),
            "timestamp": format!("2026-10-{day:02}T17:30:00Z"),
        });
        line.as_object_mut().unwrap().extend(who.as_object().unwrap().clone());
        line
    };
    let laptop = || json!({ "anonymousId": "laptop" });
    let phone = || json!({ "anonymousId": "phone", "properties": { "product_id": "tee" } });
    let card = json!({ "properties": { "loyalty_id": "5550001", "staff": "luis" } });
    let mail = json!({ "properties": { "email": "jane@example.com" } });
    let login = |device: &str, traits: Value| json!({ "type": "identify", "userId": "jane", "anonymousId": device, "traits": traits });
    let known =
        json!({ "email": "Jane@Example.com", "loyalty_id": "5550001", "first_name": "Jane" });
    vec![
        touch("web", 5, "Ad Clicked", laptop()),
        touch("web", 6, "Review Site Visited", laptop()),
        touch("web", 8, "Ad Clicked", laptop()),
        touch("store-1", 10, "Store Visited", card),
        touch("social", 12, "Social Posted", mail),
        touch("web", 14, "Price Compared", phone()),
        touch("web", 15, "QR Scanned", phone()),
        touch("web", 16, "log-in on the phone", login("phone", known)),
        touch("web", 17, "log-in on the laptop", login("laptop", json!({}))),
    ]
}

/// Her path as the raw lines say: in the order of time, with the lines marked that name a device only.
fn naive_path(lines: &[Value]) -> Vec<String> {
    let mut path: Vec<(&str, String)> = lines
        .iter()
        .filter(|line| line["type"] == "track")
        .map(|line| {
            let anonymous = line["userId"].is_null()
                && line["properties"]["email"].is_null()
                && line["properties"]["loyalty_id"].is_null();
            let event = line["event"].as_str().unwrap();
            let mark = if anonymous { " anonymous" } else { "" };
            (line["timestamp"].as_str().unwrap(), format!("{event}{mark}"))
        })
        .collect();
    path.sort();
    path.into_iter().map(|(_, touch)| touch).collect()
}

/// Plays the lines in this order, some of them twice.
fn play(program: &Program, lines: &[Value], order: &[usize], draws: &mut Draws) {
    let mut play = Play::begin(program.clone());
    let mut clock = at("2026-10-20T08:00:00Z");
    let mut arrived: Vec<usize> = Vec::new();
    for number in order {
        arrived.push(*number);
        if draws.below(4) == 0 {
            arrived.push(arrived[draws.below(arrived.len())]);
        }
    }
    for number in &arrived {
        clock = clock.plus(SECOND);
        let mut line = lines[*number].clone();
        line["receivedAt"] = clock.to_string().into();
        play.arrive(&line.to_string());
    }
    let case = format!("REGULARS_SEED={}, order {arrived:?}", seed());
    assert_one_person(&mut play, lines, order, &case);
}

fn assert_one_person(play: &mut Play, lines: &[Value], order: &[usize], case: &str) {
    let told: Vec<Value> = order.iter().map(|number| lines[*number].clone()).collect();
    let named: BTreeSet<_> = told.iter().flat_map(identifiers).collect();
    let people = play.people();
    assert_eq!(people.len(), 1, "{case}: {} persons", people.len());
    let jane = &people[0];
    let known: BTreeSet<_> = jane.evidence.nodes.iter().map(|n| n.identifier.clone()).collect();
    assert_eq!((known.len(), &known), (named.len(), &named), "{case}");
    let mark = |anonymous: bool| if anonymous { " anonymous" } else { "" };
    let path: Vec<String> = jane
        .profile
        .path
        .latest
        .iter()
        .map(|touch| format!("{}{}", touch.kind.name(), mark(touch.anonymous)))
        .collect();
    assert_eq!(path, naive_path(&told), "{case}");
    let first = jane.profile.path.first.as_ref().map(|touch| touch.stamp.at);
    assert_eq!(first, Some(Timestamp(jane.profile.path.latest[0].stamp.at.0)), "{case}");
}

#[test]
fn in_any_of_many_orders_she_is_one_person_with_one_path() {
    let (program, lines) = (program(&[("shop.yaml", SHOP)]), lines());
    let mut draws = Draws::new(seed());
    let mut order: Vec<usize> = (0..lines.len()).collect();
    for _ in 0..500 {
        draws.shuffle(&mut order);
        play(&program, &lines, &order, &mut draws);
    }
}

/// A touchpoint of each identifier and the two log-ins: all 720 orders.
#[test]
fn in_every_order_of_the_core_she_is_one_person_with_one_path() {
    let (program, lines) = (program(&[("shop.yaml", SHOP)]), lines());
    let core = [2, 3, 4, 6, 7, 8];
    let mut draws = Draws::new(seed());
    for order in orders(core.len()) {
        let order: Vec<usize> = order.into_iter().map(|place| core[place]).collect();
        play(&program, &lines, &order, &mut draws);
    }
}

#[test]
fn five_identifiers_and_three_sources_tell_of_seven_touchpoints() {
    let lines = lines();
    let named: BTreeSet<_> = lines.iter().flat_map(identifiers).collect();
    let sources: BTreeSet<_> = lines.iter().map(|line| line["source"].to_string()).collect();
    let touches = lines.iter().filter(|line| line["type"] == "track").count();
    assert_eq!((named.len(), sources.len(), touches), (5, 3, 7));
}
