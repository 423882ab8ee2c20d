//! Many messages that wait for one feed: they wake once for each word of it, and time goes on.

use regulars_engine::decision::Verdict;
use serde_json::json;

use super::play::{Play, at, program, shop};

const SHOP: &str = shop!(
    "\
---
journey: cart
purpose: care
enter: { on: [Product Added], if: cart is open }
exit: [ has bought any product of the cart ]
steps:
  - wait: 4 hours
  - { send: reminder, channel: email, template: letter, feeds complete: known }
---
template: letter
built in: cart-reminder
"
);

/// A till that talks but does not say that it is complete wakes everybody, and lets nobody go; more
/// people wait than are looked at in one batch.
#[test]
fn a_word_that_is_not_enough_wakes_each_waiting_person_once() {
    let mut play = Play::begin(program(&[("shop.yaml", SHOP)]));
    let start = at("2026-11-16T08:00:00Z");
    for person in 0..600_i64 {
        let received = start.plus(person * 100);
        play.arrive(
            &json!({
                "type": "track", "source": "web", "event": "Product Added",
                "messageId": format!("m{person}"), "userId": format!("u{person}"),
                "properties": { "product_id": "tee", "email": format!("u{person}@example.com") },
                "timestamp": received.to_string(), "receivedAt": received.to_string(),
            })
            .to_string(),
        );
    }
    let sale = |id: &str, received: &str| {
        let line = json!({
            "type": "track", "source": "pos", "feed": "till-1", "event": "Order Completed",
            "messageId": id, "timestamp": received, "receivedAt": received,
            "properties": { "receipt_id": id, "products": [ { "sku": "CAP", "price": 10 } ] },
        });
        line.to_string()
    };
    let mut decisions = play.arrive(&sale("r1", "2026-11-16T08:02:00Z"));
    decisions.extend(play.arrive(&sale("r2", "2026-11-16T12:30:00Z")));
    let held = decisions.iter().filter(|d| d.verdict == Verdict::Hold).count();
    assert_eq!((held, decisions.iter().any(|d| d.verdict == Verdict::Send)), (600, false));
    let word = json!({
        "type": "watermark", "source": "pos", "feed": "till-1",
        "completeThrough": "2026-11-16T12:30:00Z", "receivedAt": "2026-11-16T12:31:00Z",
    });
    let decisions = play.arrive(&word.to_string());
    let sent = decisions.iter().filter(|d| d.verdict == Verdict::Send).count();
    assert_eq!(sent, 600);
}
