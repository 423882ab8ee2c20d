//! Maria, in every order in which her events may arrive, with repeats, and with a till that is late.

use jiff::{SignedDuration, tz::TimeZone};
use regulars_engine::decision::{Decision, Verdict};
use regulars_engine::time::{HOUR, MINUTE, SECOND, Timestamp};
use regulars_sim::oracle::ExpectedFeed;
use serde_json::{Value, json};

use super::play::{Draws, Play, assert_accounts, at, orders, program, seed, shop};
use super::second_opinion::{Case, Shop};

const SHOP: &str = shop!(
    "\
feeds: [till-3]
---
products:
  - id: tee
    name: T-shirt
    variants: [ { id: tee-m, sku: TEE-M }, { id: tee-l, sku: TEE-L } ]
  - { id: jeans, name: Jeans, sku: [JEANS] }
---
journey: cart
purpose: promotion
enter: { on: [Product Added], if: cart is open }
exit: [ has bought any product of the cart, cart is empty ]
steps:
  - wait: 4 hours
  - { send: reminder, channel: email, template: letter }
  - wait: 24 hours
  - send: coupon
    channel: email
    template: letter
    offer: 20 % off
    if still unknown: send without the offer
---
template: letter
built in: cart-reminder
"
);

fn shop() -> Shop {
    let codes = [("tee", "tee"), ("tee-m", "tee"), ("TEE-M", "tee"), ("TEE-L", "tee")];
    let codes = codes.into_iter().chain([("jeans", "jeans"), ("JEANS", "jeans")]);
    Shop {
        codes: codes.map(|(code, product)| (code.to_owned(), product.to_owned())).collect(),
        feeds: vec![ExpectedFeed {
            source: "pos".to_owned(),
            feed: Some("till-3".to_owned()),
            silence_max: Some(SignedDuration::from_hours(1)),
        }],
        zone: TimeZone::get("Europe/Madrid").unwrap(),
    }
}

/// One of her events: when it happened, how late it is told at least, and the line.
struct Told {
    occurred_at: Timestamp,
    late_ms: i64,
    line: Value,
}

fn told(number: usize, time: &str, late_ms: i64, rest: Value) -> Told {
    let occurred_at = at(&format!("2026-11-16T{time}:00Z"));
    let mut line = json!({
        "type": "track", "messageId": format!("m{number}"), "timestamp": occurred_at.to_string(),
    });
    line.as_object_mut().unwrap().extend(rest.as_object().unwrap().clone());
    Told { occurred_at, late_ms, line }
}

/// She says yes, logs in on her phone, adds a shirt and jeans, takes the jeans out again, and buys
/// the shirt in L in the store. `bought`: whether she does.
fn events(till_late_ms: i64, bought: bool) -> Vec<Told> {
    let web = |event: &str, properties: Value| json!({ "source": "web", "userId": "maria", "event": event, "properties": properties });
    let consent =
        json!({ "email": "maria@example.com", "channel": "email", "purpose": "promotion" });
    let cart = |product: &str| json!({ "product_id": product, "price": 20, "quantity": 1 });
    let mut events = vec![
        told(0, "09:00", 0, web("Consent Given", consent)),
        told(1, "09:05", 0, web("Product Added", cart("tee"))),
        told(2, "09:06", 0, web("Product Added", cart("jeans"))),
        told(3, "09:20", 0, web("Product Removed", cart("jeans"))),
        told(
            4,
            "09:30",
            0,
            json!({
                "source": "web", "type": "identify", "userId": "maria", "anonymousId": "phone",
                "traits": { "first_name": "Maria" },
            }),
        ),
        told(
            5,
            "09:40",
            0,
            json!({
                "source": "web", "anonymousId": "phone", "event": "Product Viewed",
                "properties": cart("tee"),
            }),
        ),
    ];
    let receipt = json!({
        "email": "maria@example.com", "receipt_id": "881", "till": "till-3", "store_id": "centro",
        "products": [ { "sku": "TEE-L", "price": 20, "quantity": 1 } ],
    });
    if bought {
        events.push(told(6, "12:47", till_late_ms, json!({
            "source": "pos", "feed": "till-3", "event": "Order Completed", "properties": receipt,
        })));
    }
    events
}

/// The lines in this order of arrival, none before it happened or while its source was cut off.
/// After the receipt the till says that it is complete; until it was cut off it lived.
fn arrange(events: &[Told], order: &[usize], repeats: &mut Draws, late_ms: i64) -> Vec<Value> {
    let report = |kind: &str, at: Timestamp| {
        json!({
            "type": kind, "source": "pos", "feed": "till-3", "receivedAt": at.to_string(),
            "completeThrough": at.to_string(),
        })
    };
    let mut lines: Vec<(Timestamp, Value)> = Vec::new();
    let mut clock = at("2026-11-16T08:00:00Z");
    for number in order {
        let told = &events[*number];
        clock = clock.plus(SECOND).max(told.occurred_at.plus(told.late_ms));
        let mut line = told.line.clone();
        line["receivedAt"] = clock.to_string().into();
        lines.push((clock, line.clone()));
        // The same line again, at once or within five hours.
        if repeats.below(3) == 0 {
            let wait = i64::try_from(repeats.below(300)).unwrap() * MINUTE;
            let again = clock.plus(wait);
            line["receivedAt"] = again.to_string().into();
            lines.push((again, line));
        }
    }
    // The till lives every hour, but for the time in which it is cut off.
    let start = at("2026-11-16T08:00:00Z");
    let cut = start.plus(3 * HOUR);
    let back = at("2026-11-16T12:47:00Z").plus(late_ms);
    let end = back.plus(30 * HOUR);
    let hours = (0..).map(|hours| start.plus(hours * HOUR)).take_while(|at| *at < end);
    for at in hours.filter(|at| *at <= cut || *at > back) {
        lines.push((at, report("heartbeat", at)));
    }
    lines.push((back.plus(MINUTE), report("watermark", back.plus(MINUTE))));
    lines.sort_by_key(|(at, _)| *at);
    lines.into_iter().map(|(_, line)| line).collect()
}

/// What one way of arriving came to.
#[derive(Default)]
struct Tally {
    runs: usize,
    sent: usize,
    held: usize,
    skipped: usize,
    exited: usize,
}

impl Tally {
    fn count(&mut self, decisions: &[Decision]) {
        self.runs += 1;
        for decision in decisions {
            match decision.verdict {
                Verdict::Send => self.sent += 1,
                Verdict::Hold => self.held += 1,
                Verdict::Skip => self.skipped += 1,
                Verdict::Exit => self.exited += 1,
                Verdict::Enter
                | Verdict::Decline
                | Verdict::Done
                | Verdict::Sent
                | Verdict::Failed
                | Verdict::Uncertain
                | Verdict::Assign
                | Verdict::Goal
                | Verdict::Set
                | Verdict::Notify
                | Verdict::Webhook
                | Verdict::Move
                | Verdict::Shown
                | Verdict::Clicked
                | Verdict::Dismissed
                | Verdict::TakenBack => {}
            }
        }
    }
}

/// Plays the lines and compares every decision with the oracle at its moment.
fn play(program: &regulars_engine::program::Program, lines: &[Value], case: &str) -> Vec<Decision> {
    let shop = shop();
    let mut play = Play::begin(program.clone());
    let mut all: Vec<Decision> = Vec::new();
    let (mut entered_at, mut due_at) = (Timestamp::EARLIEST, Timestamp::EARLIEST);
    let mut step = String::new();
    let ends = [Timestamp::EARLIEST.plus(1), at("2026-11-21T00:00:00Z")];
    for end in 0..=lines.len() {
        let decisions = match lines.get(end) {
            Some(line) => play.arrive(&line.to_string()),
            None => play.until(ends[1]),
        };
        for decision in decisions {
            let record = play.person(decision.person);
            if decision.verdict == Verdict::Enter {
                entered_at = decision.at;
                step.clear();
            }
            if decision.step != step {
                step.clone_from(&decision.step);
                due_at = decision.at;
            }
            let due_at = if decision.verdict == Verdict::Exit { decision.at } else { due_at };
            let seen =
                Case { decision: &decision, record: &record, told: &play.told, entered_at, due_at };
            if let Some(wrong) = shop.disagrees(&seen) {
                panic!("{case}: {wrong}\n{}", replay(lines));
            }
            all.push(decision);
        }
    }
    let people = play.people();
    assert_accounts(&all, &people);
    all
}

/// The lines as a file that `regulars dry-run` takes.
fn replay(lines: &[Value]) -> String {
    lines.iter().map(|line| format!("{line}\n")).collect()
}

fn run(till_late_ms: i64, bought: bool, orders: &[Vec<usize>], seed: u64) -> Tally {
    let (events, program) = (events(till_late_ms, bought), program(&[("shop.yaml", SHOP)]));
    let mut tally = Tally::default();
    for (number, order) in orders.iter().enumerate() {
        let mut repeats = Draws::new(seed ^ u64::try_from(number).unwrap());
        let lines = arrange(&events, order, &mut repeats, till_late_ms);
        let case = format!("REGULARS_SEED={seed}, till late by {till_late_ms} ms, order {order:?}");
        let decisions = play(&program, &lines, &case);
        if bought {
            let of_the_shirt = |d: &&Decision| {
                d.verdict == Verdict::Send && d.products.contains(&"tee".to_owned())
            };
            if let Some(decision) = decisions.iter().find(of_the_shirt) {
                panic!(
                    "{case}: {} is about what she had bought\n{}",
                    decision.to_json(),
                    replay(&lines)
                );
            }
        }
        tally.count(&decisions);
    }
    tally
}

/// Runs on two threads: each run keeps a store of its own.
fn run_all(till_late_ms: i64, bought: bool, orders: &[Vec<usize>]) -> Tally {
    let seed = seed();
    let halves = orders.split_at(orders.len() / 2);
    let (left, right) = std::thread::scope(|scope| {
        let left = scope.spawn(move || run(till_late_ms, bought, halves.0, seed));
        let right = run(till_late_ms, bought, halves.1, seed);
        (left.join().unwrap(), right)
    });
    Tally {
        runs: left.runs + right.runs,
        sent: left.sent + right.sent,
        held: left.held + right.held,
        skipped: left.skipped + right.skipped,
        exited: left.exited + right.exited,
    }
}

/// All 5,040 orders of her seven events where the order matters most, and every sixth elsewhere.
fn seven(every: usize) -> Vec<Vec<usize>> {
    orders(7).into_iter().step_by(every).collect()
}

#[test]
fn the_till_is_in_time_and_the_shirt_is_in_no_message_in_any_order() {
    let tally = run_all(0, true, &seven(6));
    assert_eq!(tally.runs, 840);
    assert!(tally.exited >= 420, "{} exits", tally.exited);
}

#[test]
fn the_till_is_two_hours_late_and_the_shirt_is_in_no_message_in_any_order() {
    let tally = run_all(2 * HOUR, true, &seven(1));
    assert_eq!(tally.runs, 5_040);
    assert!(tally.held > 1_000, "{} holds", tally.held);
}

#[test]
fn the_till_is_a_day_late_and_the_reminder_is_left_out_in_any_order() {
    let tally = run_all(26 * HOUR, true, &seven(6));
    assert_eq!(tally.runs, 840);
    assert!(tally.skipped > 50, "{} skipped", tally.skipped);
}

#[test]
fn nobody_buys_and_the_messages_go_in_any_order() {
    let orders = orders(6);
    let tally = run_all(0, false, &orders);
    // Where nothing is left in the cart on its way, the journey ended and a week is not over.
    assert_eq!(tally.runs, 720);
    assert!(tally.sent > 720, "{} sent", tally.sent);
}
