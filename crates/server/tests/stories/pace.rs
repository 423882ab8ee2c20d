//! How fast messages leave: no limit is passed, whatever is killed; what waits is counted, keeps its
//! deadline, and goes at once where the limit is loosened.

use regulars_engine::decision::Verdict;
use regulars_engine::event::Event;
use regulars_engine::journey::Outcome;
use regulars_engine::reason::ReasonCode;
use regulars_engine::time::Timestamp;
use regulars_server::clockwork::Clockwork;
use regulars_server::pacing::{pace_json, queues};
use regulars_store::Reader;
use serde_json::json;

use super::play::{Lines, at, program, writer};

const SHOP: &str = "\
shop: Tienda
zone: Europe/Madrid
currency: EUR
address: Calle Mayor 1, 28013 Madrid
base url: https://shop.example
from: { name: Tienda, email: hola@tienda.example }
pace: [ { messages: 3, per: 1 hour, to: gmail.com } ]
---
journey: thanks
purpose: transactional
enter: [Order Completed]
steps:
  - { send: thanks, channel: email, template: letter, hold at most: 3 hours }
---
template: letter
subject: Thank you
mjml: |
  <mjml><mj-body><mj-section><mj-column>
    <mj-text>Thank you. {{ shop.name }}, {{ shop.address }}. <a href=\"{{ unsubscribe_url }}\">Unsubscribe</a></mj-text>
  </mj-column></mj-section></mj-body></mjml>
";

/// A shop on a virtual clock whose messages leave from here.
fn clockwork(first: Outcome) -> (Clockwork, Lines) {
    let mut writer = writer(SHOP);
    writer.keep_pace().unwrap();
    let read = Lines::of(writer.program());
    let mut first = Some(first);
    let deliver = move |_: &_, _: &mut _| first.take().unwrap_or(Outcome::Sent);
    (Clockwork::begin(writer, Box::new(deliver)), read)
}

/// An order of each of them at one moment.
fn orders(read: &mut Lines, addresses: &[&str], now: Timestamp) -> Vec<Event> {
    let line = |(number, address): (usize, &&str)| {
        json!({ "type": "track", "source": "web", "messageId": format!("{number}-{address}"),
            "userId": address, "event": "Order Completed", "timestamp": now.to_string(),
            "receivedAt": now.to_string(),
            "properties": { "order_id": format!("W-{address}"), "total": 20, "email": address } })
    };
    addresses.iter().enumerate().map(|of| read.event(&line(of))).collect()
}

/// When messages were sent and left out: hour, minute and verdict, with how many.
fn told(clockwork: &mut Clockwork) -> Vec<(String, usize)> {
    let mut told: Vec<(String, usize)> = Vec::new();
    for decision in clockwork.take_decided() {
        if !matches!(decision.verdict, Verdict::Send | Verdict::Skip) {
            continue;
        }
        let at = decision.at.to_string();
        let said = format!("{} {}", &at[11..16], decision.verdict.word());
        match told.last_mut() {
            Some((held, count)) if *held == said => *count += 1,
            Some(_) | None => told.push((said, 1)),
        }
    }
    told
}

const GMAIL: [&str; 8] = [
    "ana@gmail.com",
    "ben@googlemail.com",
    "cleo@gmail.com",
    "dora@gmail.com",
    "eva@gmail.com",
    "fen@gmail.com",
    "gil@gmail.com",
    "ida@gmail.com",
];

fn counted(said: &[(&str, usize)]) -> Vec<(String, usize)> {
    said.iter().map(|(said, count)| ((*said).to_owned(), *count)).collect()
}

/// Eight orders at nine, three an hour: the last two go in the third, before the patience of three hours
/// ends; another provider is not held up.
#[test]
fn three_an_hour_are_three_an_hour_though_the_program_is_killed() {
    for kills in [false, true] {
        let (mut clockwork, mut read) = clockwork(Outcome::Sent);
        let start = at("2026-11-16T09:00:00Z");
        clockwork.take_decided();
        let mut addresses = GMAIL.to_vec();
        addresses.push("zoe@web.example");
        if kills {
            clockwork.crash_at_next_claim();
        }
        clockwork.arrive(orders(&mut read, &addresses, start), start).unwrap();
        for hour in 9..13 {
            if kills {
                clockwork.crash_at_next_claim();
            }
            clockwork.go_on_until(at(&format!("2026-11-16T{hour:02}:59:59Z"))).unwrap();
        }
        let said = told(&mut clockwork);
        let expected = [("09:00 send", 4), ("10:00 send", 3), ("11:00 send", 2)];
        assert_eq!(said, counted(&expected), "killed: {kills}");
    }
}

/// What waits is told in words, and whoever waits goes when the shop loosens the limit.
#[test]
fn whoever_waits_is_counted_and_goes_when_the_limit_is_loosened() {
    let (mut clockwork, mut read) = clockwork(Outcome::Sent);
    let start = at("2026-11-16T09:00:00Z");
    clockwork.take_decided();
    clockwork.arrive(orders(&mut read, &GMAIL, start), start).unwrap();
    clockwork.go_on_until(start.plus(1_000)).unwrap();
    let shop = clockwork.program().shop.clone();
    let waiting = queues(clockwork.writer().reader(), &shop, start).unwrap();
    assert_eq!(waiting.iter().map(|queue| queue.persons).collect::<Vec<_>>(), [5]);
    let said = pace_json(&shop, &waiting, start);
    let (queue, limit) = (&said["waiting"][0], &said["limits"][0]);
    assert_eq!(queue["because"][0]["text"], "at most 3 messages in 1 hour to gmail.com");
    assert_eq!(queue["next"], "2026-11-16T10:00:59.999Z");
    assert_eq!((&limit["to"], &limit["per_seconds"]), (&json!("gmail.com"), &json!(3600)));
    let looser = SHOP.replace("messages: 3", "messages: 7");
    clockwork.writer().borrow_program(program(&[("shop.yaml", &looser)])).unwrap();
    clockwork.go_on_until(start.plus(60_000)).unwrap();
    let sent = told(&mut clockwork);
    assert_eq!(sent, counted(&[("09:00 send", 7)]));
}

/// So do those whom the program had not asked again when it was killed.
#[test]
fn whoever_waits_goes_when_the_limit_is_loosened_though_the_program_is_killed() {
    let (mut clockwork, mut read) = clockwork(Outcome::Sent);
    let start = at("2026-11-16T09:00:00Z");
    clockwork.take_decided();
    clockwork.arrive(orders(&mut read, &GMAIL, start), start).unwrap();
    clockwork.go_on_until(start.plus(1_000)).unwrap();
    let free = SHOP.replace("pace:", "# pace:");
    let writer = clockwork.writer();
    writer.borrow_program(program(&[("shop.yaml", &free)])).unwrap();
    writer.restart(start.plus(1_000)).unwrap();
    clockwork.go_on_until(start.plus(60_000)).unwrap();
    assert_eq!(told(&mut clockwork), counted(&[("09:00 send", 8)]));
}

/// A deadline is a deadline: what finds no room by then is left out, and says why.
#[test]
fn what_finds_no_room_in_time_is_left_out_and_says_why() {
    let shop = SHOP.replace("messages: 3, per: 1 hour", "messages: 3, per: 1 day");
    let mut writer = writer(&shop);
    writer.keep_pace().unwrap();
    let mut read = Lines::of(writer.program());
    let mut clockwork = Clockwork::begin(writer, Box::new(|_: &_, _: &mut _| Outcome::Sent));
    clockwork.take_decided();
    let start = at("2026-11-16T09:00:00Z");
    clockwork.arrive(orders(&mut read, &GMAIL, start), start).unwrap();
    clockwork.go_on_until(at("2026-11-16T13:00:00Z")).unwrap();
    let decided = clockwork.take_decided();
    let skipped: Vec<_> = decided.iter().filter(|d| d.verdict == Verdict::Skip).collect();
    let codes: Vec<_> = skipped[0].reasons.iter().map(|reason| reason.code).collect();
    assert_eq!((skipped.len(), skipped[0].at), (5, at("2026-11-16T12:00:00Z")));
    assert_eq!(codes, [ReasonCode::PatienceEnded, ReasonCode::Paced]);
    assert!(clockwork.writer().reader().waiting("regulars").unwrap().is_empty());
}

/// What surely did not go out takes no place from anybody.
#[test]
fn a_message_that_failed_takes_no_turn() {
    let (mut clockwork, mut read) = clockwork(Outcome::Failed);
    let start = at("2026-11-16T09:00:00Z");
    clockwork.take_decided();
    clockwork.arrive(orders(&mut read, &GMAIL[..2], start), start).unwrap();
    clockwork.go_on_until(start.plus(1_000)).unwrap();
    let later = start.plus(60_000);
    clockwork.arrive(orders(&mut read, &GMAIL[2..5], later), later).unwrap();
    clockwork.go_on_until(later.plus(1_000)).unwrap();
    let sent = told(&mut clockwork);
    assert_eq!(sent, counted(&[("09:00 send", 2), ("09:01 send", 2)]));
}
