//! Messages that went out and should not have: found afterwards, with the fact that shows it.

use regulars_engine::measure::Cause;
use regulars_engine::reason::ReasonCode;
use regulars_engine::time::{HOUR, MINUTE, Timestamp};
use regulars_server::measure::Span;
use regulars_server::measure::regret::{Regretted, regrets};

use super::play::{Play, at, program, shop};

const SHOP: &str = shop!(
    "\
feeds: [till-3]
---
products:
  - { id: tee, name: T-shirt, sku: [TEE] }
---
template: letter
built in: cart-reminder
---
"
);

pub(crate) const CAREFUL: &str = "\
journey: cart
purpose: promotion
enter: { on: [Product Added], if: cart is open }
exit: [ has bought any product of the cart ]
steps:
  - wait: 4 hours
  - { send: reminder, channel: email, template: letter, offer: 20 % off }
  - wait: 30 days
";

/// Maria says yes and puts a shirt into her cart at 9:05; the till has told everything up to two
/// o'clock, or says so.
const MORNING: [&str; 3] = [
    r#"{"source":"web","type":"track","messageId":"1","userId":"maria","event":"Consent Given","timestamp":"2026-11-16T09:00:00Z","receivedAt":"2026-11-16T09:00:00Z","properties":{"email":"maria@example.com","channel":"email","purpose":"promotion"}}"#,
    r#"{"source":"web","type":"track","messageId":"2","userId":"maria","event":"Product Added","timestamp":"2026-11-16T09:05:00Z","receivedAt":"2026-11-16T09:05:00Z","properties":{"product_id":"tee","price":20,"quantity":1}}"#,
    r#"{"type":"watermark","source":"pos","feed":"till-3","completeThrough":"2026-11-16T14:00:00Z","receivedAt":"2026-11-16T14:00:00Z"}"#,
];

/// A sale of the shirt at 12:47, as the till tells it.
pub(crate) fn receipt(who: &str, received_at: &str) -> String {
    format!(
        r#"{{"source":"pos","feed":"till-3","type":"track","messageId":"r881","event":"Order Completed","timestamp":"2026-11-16T12:47:00Z","receivedAt":"{received_at}","properties":{{{who},"receipt_id":"881","till":"till-3","products":[{{"sku":"TEE","price":20,"quantity":1}}]}}}}"#
    )
}

/// Plays Maria's morning and more lines, in the order in which they are received.
pub(crate) fn played(journey: &str, mut lines: Vec<String>) -> Play {
    let received = |line: &String| {
        let value: serde_json::Value = serde_json::from_str(line).unwrap();
        value["receivedAt"].as_str().unwrap().to_owned()
    };
    lines.extend(MORNING.map(str::to_owned));
    lines.sort_by_key(received);
    let mut play = Play::begin(program(&[("shop.yaml", &format!("{SHOP}{journey}"))]));
    for line in &lines {
        play.arrive(line);
    }
    play.until(at("2026-11-20T00:00:00Z"));
    play
}

/// Judges what went out.
fn judged(journey: &str, lines: Vec<String>) -> Vec<Regretted> {
    let mut play = played(journey, lines);
    let program = std::sync::Arc::clone(play.dry.program());
    let span = Span { since: Timestamp::EARLIEST, journey: None, most: usize::MAX };
    let found = regrets(play.dry.writer().reader(), &program, span, &mut |_| ()).unwrap();
    assert_eq!((found.judged, found.left_out), (1, 0), "one message went out");
    found.regretted
}

#[test]
fn a_message_that_nothing_forbids_is_not_regretted() {
    assert!(judged(CAREFUL, Vec::new()).is_empty());
}

#[test]
fn a_receipt_of_before_that_was_told_after_names_its_till() {
    let email = r#""email":"maria@example.com""#;
    let found = judged(CAREFUL, vec![receipt(email, "2026-11-16T20:00:00Z")]);
    let late_ms = 7 * HOUR + 13 * MINUTE;
    assert!(
        matches!(&found[0].regret.cause, Cause::LateSource { feed, late_ms: late }
            if feed.source == "pos" && feed.feed == "till-3" && *late == late_ms),
        "{:?}",
        found[0].regret.cause
    );
    assert_eq!(found[0].regret.reason.code, ReasonCode::ExitRule);
    assert_eq!(found[0].heard_at, Some(at("2026-11-16T20:00:00Z")));
    assert!(found[0].regret.cost.is_empty(), "nobody used what it offered");
}

#[test]
fn a_card_that_turns_out_to_be_hers_is_a_missing_link() {
    let card = receipt(r#""loyalty_id":"L-77""#, "2026-11-16T12:48:00Z");
    let link = r#"{"source":"web","type":"identify","messageId":"9","userId":"maria","timestamp":"2026-11-17T18:00:00Z","receivedAt":"2026-11-17T18:00:00Z","traits":{"loyalty_id":"L-77"}}"#;
    let found = judged(CAREFUL, vec![card, link.to_owned()]);
    assert_eq!(found[0].regret.cause, Cause::MissingLink);
    assert_eq!(found[0].heard_at, Some(at("2026-11-17T18:00:00Z")));
}

#[test]
fn a_journey_that_does_not_ask_is_to_blame_itself() {
    let careless = CAREFUL.replace("exit: [ has bought any product of the cart ]\n", "");
    let email = r#""email":"maria@example.com""#;
    let found = judged(&careless, vec![receipt(email, "2026-11-16T12:48:00Z")]);
    assert_eq!(found[0].regret.cause, Cause::NoExitRule);
    assert_eq!(found[0].regret.reason.code, ReasonCode::Bought);
}

/// A receipt on the household's address may be hers or his: the message went not knowing, and nothing
/// that is known today says that it was she.
#[test]
fn what_somebody_of_the_household_bought_is_no_regret() {
    let unknowing = CAREFUL.replace(
        "{ send: reminder, channel: email, template: letter, offer: 20 % off }",
        "{ send: reminder, channel: email, template: letter, offer: 20 % off, if still unknown: send without the offer }",
    );
    let ben = r#"{"source":"web","type":"identify","messageId":"30","userId":"ben","timestamp":"2026-11-16T08:00:00Z","receivedAt":"2026-11-16T08:00:00Z","traits":{"email":"maria@example.com"}}"#;
    let household = receipt(r#""email":"maria@example.com""#, "2026-11-16T12:48:00Z");
    let found = judged(&unknowing, vec![ben.to_owned(), household]);
    assert!(found.is_empty(), "{} regretted", found.len());
}

/// She buys another with the coupon: that is what the message cost.
#[test]
fn what_was_given_away_is_counted() {
    let email = r#""email":"maria@example.com""#;
    let again = r#"{"source":"web","type":"track","messageId":"20","userId":"maria","event":"Order Completed","timestamp":"2026-11-18T10:00:00Z","receivedAt":"2026-11-18T10:00:00Z","properties":{"order_id":"W1","total":16,"discount":4,"coupon":"C20","currency":"EUR","products":[{"product_id":"tee","price":20,"quantity":1}]}}"#;
    let found = judged(CAREFUL, vec![receipt(email, "2026-11-16T20:00:00Z"), again.to_owned()]);
    let cost: Vec<String> = found[0].regret.cost.iter().map(ToString::to_string).collect();
    assert_eq!(cost, ["4.00 EUR"]);
}
