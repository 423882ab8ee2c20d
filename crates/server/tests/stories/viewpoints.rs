//! Maria's coupon from both points of view, and what chance says of a journey.

use std::sync::Arc;

use regulars_engine::measure::{Claim, Lived, Verdict, Viewpoints};
use regulars_engine::time::{DAY, Timestamp};
use regulars_server::measure::Span;
use regulars_server::measure::trial::trials;
use regulars_server::measure::viewpoints::{Looked, viewpoints};

use super::play::{Play, at, program};
use super::regret::{CAREFUL, played, receipt};

const EMAIL: &str = r#""email":"maria@example.com""#;

fn looked(lines: Vec<String>) -> Looked {
    let mut play = played(CAREFUL, lines);
    let program = Arc::clone(play.dry.program());
    let span = Span { since: Timestamp::EARLIEST, journey: Some("cart"), most: usize::MAX };
    let reader = play.dry.writer().reader();
    let found = viewpoints(reader, &program, span, Viewpoints::WINDOW_MS, &mut |_| ()).unwrap();
    assert_eq!((found.summary.messages, found.left_out, found.more), (1, 0, false));
    found
}

/// What she did online, as the shop tells it at once.
fn online(kind: &str, id: &str, at: &str, properties: &str) -> String {
    format!(
        r#"{{"source":"web","type":"track","messageId":"{id}","userId":"maria","event":"{kind}","timestamp":"{at}","receivedAt":"{at}","properties":{{{properties}}}}}"#
    )
}

fn bought_with_the_coupon() -> String {
    online(
        "Order Completed",
        "20",
        "2026-11-18T10:00:00Z",
        r#""order_id":"W1","total":16,"discount":4,"coupon":"C20","currency":"EUR","products":[{"product_id":"tee","price":20,"quantity":1}]"#,
    )
}

fn followed_a_link() -> String {
    online("Email Link Clicked", "19", "2026-11-18T09:50:00Z", "")
}

/// The shirt of the store goes back.
fn returned() -> String {
    r#"{"source":"pos","feed":"till-3","type":"track","messageId":"r902","event":"Order Refunded","timestamp":"2026-11-18T17:00:00Z","receivedAt":"2026-11-18T17:00:05Z","properties":{"email":"maria@example.com","receipt_id":"881","till":"till-3","total":20,"products":[{"sku":"TEE","price":20,"quantity":1}]}}"#.to_owned()
}

fn money(sum: &[regulars_engine::event::Money]) -> Vec<String> {
    sum.iter().map(ToString::to_string).collect()
}

/// The channel: "the coupon converted". Maria had the shirt at noon, at the full price; when the coupon
/// came she bought it again and brought the first one back.
#[test]
fn the_coupon_converted_and_cost_four_euros() {
    let noon = receipt(EMAIL, "2026-11-16T20:00:00Z");
    let found = looked(vec![noon, followed_a_link(), bought_with_the_coupon(), returned()]);
    let claimed = &found.summary.claimed[&Claim::Coupon];
    assert_eq!((claimed.number, money(&claimed.money)), (1, vec!["16.00 EUR".to_owned()]));
    let lived = &found.summary.lived[&Lived::ReturnedAndRebought];
    assert_eq!((lived.number, money(&lived.money)), (1, vec!["-4.00 EUR".to_owned()]));
    assert_eq!(found.telling.len(), 1, "it is told one by one");
}

/// She keeps the one of the store and does nothing more: the channel claims nothing, and she got a
/// reminder of what she wore.
#[test]
fn she_had_bought_it_before_it_came() {
    let found = looked(vec![receipt(EMAIL, "2026-11-16T20:00:00Z")]);
    assert!(found.summary.claimed.is_empty());
    assert_eq!(found.summary.lived[&Lived::HadBought].number, 1);
}

/// She buys after it, and all is as the channel says; it is only a claim all the same.
#[test]
fn who_bought_after_it_is_claimed_by_what_she_did_with_it() {
    let buys = || bought_with_the_coupon().replace(r#","coupon":"C20""#, "");
    for (lines, by) in [
        (vec![buys()], Claim::Received),
        (vec![buys(), online("Email Opened", "18", "2026-11-17T08:00:00Z", "")], Claim::Opened),
        (vec![buys(), followed_a_link()], Claim::Clicked),
        (vec![bought_with_the_coupon()], Claim::Coupon),
    ] {
        let found = looked(lines);
        assert_eq!(found.summary.claimed.keys().copied().collect::<Vec<_>>(), [by]);
        assert_eq!(found.summary.lived[&Lived::Bought].number, 1);
        assert_eq!(money(&found.summary.kept_in_all().money), ["16.00 EUR"]);
    }
}

/// She goes to the store the next day, without having looked at it: the channel claims that too.
#[test]
fn who_bought_in_the_store_without_it_is_not_its_doing() {
    let store =
        receipt(EMAIL, "2026-11-17T12:47:10Z").replace("2026-11-16T12:47", "2026-11-17T12:47");
    let found = looked(vec![store]);
    assert_eq!(found.summary.claimed[&Claim::Received].number, 1);
    assert_eq!(found.summary.lived[&Lived::BoughtElsewhere].number, 1);
}

#[test]
fn who_gave_it_back_or_wants_no_more_is_told() {
    let back = online(
        "Order Refunded",
        "21",
        "2026-11-19T10:00:00Z",
        r#""order_id":"W1","total":16,"currency":"EUR""#,
    );
    let found = looked(vec![bought_with_the_coupon(), back]);
    let lived = &found.summary.lived[&Lived::GaveBack];
    assert_eq!((lived.number, money(&lived.money)), (1, vec!["0.00 EUR".to_owned()]));
    let found = looked(vec![online("Unsubscribed", "22", "2026-11-16T18:00:00Z", EMAIL)]);
    assert_eq!(found.summary.lived[&Lived::OptedOut].number, 1);
}

const HALF: &str = "\
shop: Tienda
zone: Europe/Madrid
currency: EUR
---
source: web
sends orders: yes
---
template: letter
built in: cart-reminder
---
journey: hello
purpose: care
enter: { on: [Product Viewed] }
steps:
  - { holdout: control, share: 50 % }
  - wait: 1 hour
";

/// Two hundred of four hundred are kept out by chance; of those who go on everybody buys, of the others
/// one in five. Who bought long before says as much of both.
#[test]
fn a_holdout_tells_what_its_journey_caused() {
    let mut play = Play::begin(program(&[("shop.yaml", HALF)]));
    let mut kept_out = Vec::new();
    for person in 0..400 {
        let seen = format!(
            r#"{{"source":"web","type":"track","messageId":"v{person}","userId":"u{person}","event":"Product Viewed","timestamp":"2026-11-01T09:00:00Z","receivedAt":"2026-11-01T09:00:00Z","properties":{{"product_id":"tee"}}}}"#
        );
        let decided = play.arrive(&seen);
        let exits = |d: &regulars_engine::decision::Decision| {
            d.verdict == regulars_engine::decision::Verdict::Exit
        };
        kept_out.push(decided.iter().any(exits));
    }
    play.until(at("2026-11-02T00:00:00Z"));
    for (person, kept_out) in kept_out.iter().enumerate() {
        if *kept_out && person % 5 != 0 {
            continue;
        }
        play.arrive(&format!(
            r#"{{"source":"web","type":"track","messageId":"o{person}","userId":"u{person}","event":"Order Completed","timestamp":"2026-11-03T09:00:00Z","receivedAt":"2026-11-03T09:00:00Z","properties":{{"order_id":"o{person}","total":10,"currency":"EUR","products":[{{"product_id":"tee","price":10,"quantity":1}}]}}}}"#
        ));
    }
    let program = Arc::clone(play.dry.program());
    let journey = program.live_journey("hello").unwrap();
    let measured = |now: Timestamp| {
        let reader = play.dry.writer().reader();
        trials(reader, &program, journey, (14, now), &mut |_| ()).unwrap()
    };
    let mut measured = measured;
    let early = measured(at("2026-11-05T00:00:00Z"));
    assert_eq!((early.len(), early[0].running), (1, 400), "fourteen days are not over");
    let found = measured(Timestamp(at("2026-11-01T09:00:00Z").0 + 15 * DAY));
    let report = &found[0].report;
    assert_eq!(report.people.iter().sum::<u64>(), 400);
    let bought = &report.outcomes[0].lifts[0];
    assert_eq!((bought.means.0, bought.verdict), (1.0, Verdict::Higher));
    assert!(bought.means.1 < 0.4, "one in five of those kept out, by chance");
    let revenue = &report.outcomes[2].lifts[0];
    assert_eq!(revenue.means.0, 10.0);
}
