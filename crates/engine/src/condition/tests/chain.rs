//! The path with more than two steps: what came soon enough after what, of which of them, and what
//! hangs on what hangs on something else.

use super::shop::{Question, at, cart_event, event, order};
use crate::condition::{Condition, Manner};
use crate::event::{Event, Kind, Map, Value};
use crate::truth::Truth;

fn sent(journey: &str, moment: &str) -> Event {
    let properties = Map::from([("journey".to_owned(), Value::Text(journey.to_owned()))]);
    Event { properties, ..event(Kind::MessageSent, at(moment)) }
}

fn viewed(moment: &str) -> Event {
    cart_event(Kind::ProductViewed, at(moment), &["tee"])
}

fn added(moment: &str) -> Event {
    cart_event(Kind::ProductAdded, at(moment), &["tee"])
}

fn bought(key: &str, moment: &str) -> Event {
    order(Kind::OrderCompleted, key, at(moment), &["tee"])
}

fn holds(question: &Question, condition: &str) -> bool {
    let condition = Condition::parse(condition).unwrap();
    question.clone().declared(&condition).ask(&condition, Manner::AsKnown).truth.holds()
}

/// Two messages, of two journeys, and an order after each.
fn ana() -> Question {
    Question::about(vec![
        sent("cart", "2026-09-01T08:00"),
        bought("A-1", "2026-09-03T08:00"),
        sent("winback", "2026-09-20T08:00"),
        bought("A-2", "2026-09-25T08:00"),
    ])
    .now("2026-10-03T09:00")
}

#[test]
fn only_what_came_soon_enough_counts() {
    let known = |condition: &str| holds(&ana(), condition);
    assert!(known("has ordered within 3 days after the first \"Message Sent\""));
    // Two days to the minute are over at that minute.
    assert!(!known("has ordered within 2 days after the first \"Message Sent\""));
    assert!(known("has ordered within 49 hours after the first \"Message Sent\""));
    assert!(!known("has ordered within 3 days after the last \"Message Sent\""));
    assert!(known("has done \"Message Sent\" within 6 days before the last order"));
    assert!(!known("has done \"Message Sent\" within 5 days before the last order"));
    assert!(known("orders exactly 1 within 3 days after any \"Message Sent\""));
    assert!(known("orders exactly 2 within 6 days after any \"Message Sent\""));
    assert!(known("spent exactly 19.99 EUR within 6 days after the last \"Message Sent\""));
    insta::assert_snapshot!(
        ana().declared_known("has ordered within 3 days after the last \"Message Sent\""), @r"
    false
      event: Message Sent (2026-09-20T08:00:00Z)
      clock: what came after that counts until (2026-09-23T08:00:00Z)
      order: no purchase is known
    ");
}

#[test]
fn a_mark_is_the_one_that_is_meant() {
    let known = |condition: &str| holds(&ana(), condition);
    let of = |journey: &str| format!("the last \"Message Sent\" where journey is \"{journey}\"");
    assert!(known(&format!("orders exactly 2 after {}", of("cart"))));
    assert!(known(&format!("orders exactly 1 after {}", of("winback"))));
    assert!(!known(&format!("has ordered after {}", of("birthday"))));
    assert!(known("has done \"Message Sent\" before the first order where total at least 10 EUR"));
    assert!(!known("has done \"Message Sent\" before the first order where total at least 30 EUR"));
    let loose =
        "orders exactly 2 within 3 days after any \"Message Sent\" where journey is \"cart\"";
    assert!(!known(loose));
}

/// A day is a day, also that of 25 hours on which clocks go back.
#[test]
fn near_is_told_by_the_calendar() {
    let asked =
        Question::about(vec![sent("cart", "2026-10-24T10:00"), bought("A-1", "2026-10-25T10:30")]);
    let asked = asked.now("2026-10-26T00:00");
    assert!(holds(&asked, "has ordered within 1 day after the last \"Message Sent\""));
    assert!(!holds(&asked, "has ordered within 24 hours after the last \"Message Sent\""));
    assert!(holds(&asked, "has done \"Message Sent\" within 1 day before the first order"));
    assert!(!holds(&asked, "has done \"Message Sent\" within 24 hours before the first order"));
}

const LEFT: &str = "has done \"Product Added\" after the last \"Product Viewed\" \
                    and last \"Product Added\" more than 2 days ago \
                    and not has ordered within 2 days after the first \"Product Added\" \
                    after the last \"Product Viewed\"";

/// Viewed, then put into the cart, then no order within two days.
#[test]
fn a_chain_of_three_is_told() {
    let about =
        |events: &[Event], now: &str| holds(&Question::about(events.to_vec()).now(now), LEFT);
    let way = [viewed("2026-09-01T10:00"), added("2026-09-01T10:05")];
    assert!(!about(&way, "2026-09-03T10:00"));
    assert!(about(&way, "2026-09-03T10:05"));
    let with = |one: Event| [&way[..], &[one]].concat();
    assert!(!about(&with(bought("A-1", "2026-09-02T20:00")), "2026-09-09T10:00"));
    assert!(about(&with(bought("A-1", "2026-09-04T20:00")), "2026-09-09T10:00"));
    // Whoever looks again begins again.
    assert!(!about(&with(viewed("2026-09-05T10:00")), "2026-09-09T10:00"));
    // An order before the view is none of this way.
    assert!(about(&with(bought("A-0", "2026-08-31T20:00")), "2026-09-09T10:00"));
}

#[test]
fn a_chain_is_explained_step_by_step() {
    let way = vec![
        viewed("2026-09-01T10:00"),
        added("2026-09-01T10:05"),
        added("2026-09-01T10:15"),
        bought("A-1", "2026-09-02T20:00"),
    ];
    let asked = Question::about(way).now("2026-09-09T10:00");
    let chain = "has ordered within 2 days after the first \"Product Added\" after the last \"Product Viewed\"";
    insta::assert_snapshot!(asked.declared_known(chain), @r"
    true
      event: Product Viewed (2026-09-01T10:00:00Z)
      event: Product Added (2026-09-01T10:05:00Z)
      clock: what came after that counts until (2026-09-03T10:05:00Z)
      order: bought T-shirt in store lisbon-1 (2026-09-02T20:00:00Z)
    ");
}

/// A till that is silent may still tell of an order in time, and no maybe is a no.
#[test]
fn what_is_not_told_yet_may_still_have_come_in_time() {
    let asked =
        Question::about(vec![bought("A-0", "2026-08-01T10:00"), sent("cart", "2026-09-01T10:00")]);
    let asked = asked.now("2026-09-10T10:00").complete_to("2026-09-10T10:00");
    let truth = |question: &Question, condition: &str| {
        let condition = Condition::parse(condition).unwrap();
        question.clone().declared(&condition).ask(&condition, Manner::ForCertain)
    };
    let soon = "has ordered within 2 days after the last \"Message Sent\"";
    let answer = truth(&asked, soon);
    assert_eq!(answer.truth, Truth::Unknown);
    assert!(answer.waits_for.iter().any(|lacking| lacking.feed.source == "pos-2"), "{answer:?}");
    let told = asked.complete_to("2026-08-01T09:00");
    assert_eq!(truth(&told, soon).truth, Truth::False);
}

/// Without single events, nothing is certain of which of them are meant.
#[test]
fn a_mark_of_events_that_are_not_kept_is_being_computed() {
    let condition = "has ordered after the last \"Message Sent\" where journey is \"cart\"";
    let said = ana().certain(condition);
    assert!(said.starts_with("unknown") && said.contains("computed"), "{said}");
    assert!(ana().declared_certain(condition).starts_with("true"));
}
