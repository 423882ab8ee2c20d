//! The same on real threads, beside the orders that are drawn: one hand says no for everybody, one lets
//! the till speak that all messages wait for, one fetches claims and settles them, and the writer takes
//! what comes as it comes. What was first is told by the log.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicUsize, Ordering};

use regulars_engine::decision::Verdict;
use regulars_engine::event::{Kind, LogPosition};
use regulars_engine::journey::Outcome;
use regulars_engine::time::{HOUR, MINUTE, Timestamp};
use regulars_server::clock;
use regulars_server::live::{self, Desk};
use regulars_server::writer::Claim;
use regulars_store::{DecisionFilter, Reader};
use serde_json::{Value, json};
use tokio::sync::mpsc;

use super::super::play::{Draws, Lines, seed, shop, writer};
use super::runs;

const SHOP: &str = shop!(
    "\
---
journey: news
purpose: promotion
enter: { on: [Product Added], if: cart is open }
exit: [ has bought any product of the cart ]
steps:
  - { send: news, channel: email, template: letter, feeds complete: known }
---
template: letter
built in: cart-reminder
"
);

/// People of one store: all of them wait for the same word of the till.
const PEOPLE: usize = 200;

/// Somebody's line, as it came in at a moment.
fn line(number: usize, event: &str, properties: Value, at: Timestamp) -> Value {
    json!({ "type": "track", "source": "web", "userId": format!("u{number}"), "event": event,
        "messageId": format!("{event}-{number}"), "properties": properties,
        "timestamp": at.to_string(), "receivedAt": at.to_string() })
}

fn address(number: usize) -> String {
    format!("u{number}@example.com")
}

/// A yes and a cart of everybody, long enough ago for the visit to be over.
fn begin(desk: &Desk, read: &mut Lines, hand: &tokio::runtime::Runtime) {
    let before = clock::now().plus(-10 * MINUTE);
    let mut events = vec![read.event(&heartbeat(before.plus(-HOUR)))];
    for number in 0..PEOPLE {
        let yes = json!({ "email": address(number), "channel": "email", "purpose": "promotion" });
        events.push(read.event(&line(number, "Consent Given", yes, before)));
        let tee = json!({ "product_id": "tee" });
        events.push(read.event(&line(number, "Product Added", tee, before)));
    }
    hand.block_on(desk.accept(events, Vec::new())).unwrap();
}

fn heartbeat(at: Timestamp) -> Value {
    json!({ "type": "heartbeat", "source": "pos", "feed": "till-1", "receivedAt": at.to_string() })
}

fn hand() -> tokio::runtime::Runtime {
    tokio::runtime::Builder::new_current_thread().build().unwrap()
}

/// Says no for everybody, one after the other, each when the one before is accepted; `said` counts them.
fn say_no(desk: &Desk, mut read: Lines, mut draws: Draws, said: &AtomicUsize) {
    let hand = hand();
    let mut order: Vec<usize> = (0..PEOPLE).collect();
    draws.shuffle(&mut order);
    for number in order {
        let no = match draws.below(2) {
            0 => ("Unsubscribed", json!({ "email": address(number) })),
            _ => (
                "Consent Withdrawn",
                json!({ "email": address(number), "channel": "email", "purpose": "promotion" }),
            ),
        };
        let event = read.event(&line(number, no.0, no.1, clock::now()));
        hand.block_on(desk.accept(vec![event], Vec::new())).unwrap();
        said.fetch_add(1, Ordering::Release);
    }
}

/// Fetches what is claimed and settles it in every way, until the writer ends.
fn deliver(desk: &Desk, mut claims: mpsc::Receiver<Claim>, mut draws: Draws) {
    let hand = hand();
    while let Some(Claim { message, .. }) = claims.blocking_recv() {
        let outcomes = [Outcome::Sent, Outcome::Failed, Outcome::Uncertain, Outcome::TakenBack];
        // The writer may have been stopped meanwhile.
        let _ = desk.settle(message, outcomes[draws.below(4)]);
        // In step with the noes, so that they come in between.
        let _ = hand.block_on(desk.ask(|_| ()));
    }
}

/// Plays one store; how many were claimed before their no, and who was after it.
fn play(number: u64) -> (usize, Vec<String>) {
    let writer = writer(SHOP);
    let program = std::sync::Arc::clone(writer.program());
    let (desk, claims, thread) = live::start(writer, 4).unwrap();
    let mut read = Lines::of(&program);
    let main = hand();
    begin(&desk, &mut read, &main);
    let mut draws = Draws::new(number);
    let (said, speaks_after) = (AtomicUsize::new(0), draws.below(PEOPLE));
    let drawn = || Draws::new(number.wrapping_mul(7) + 1);
    std::thread::scope(|scope| {
        let noes = scope.spawn(|| say_no(&desk, Lines::of(&program), drawn(), &said));
        scope.spawn(|| deliver(&desk, claims, drawn()));
        let word = scope.spawn(|| {
            while said.load(Ordering::Acquire) < speaks_after {
                std::thread::yield_now();
            }
            let word = Lines::of(&program).event(&heartbeat(clock::now()));
            hand().block_on(desk.accept(vec![word], Vec::new())).unwrap();
        });
        noes.join().unwrap();
        word.join().unwrap();
        let found = main.block_on(desk.ask(|writer| after_a_no(writer.reader()))).unwrap();
        desk.stop();
        thread.join().unwrap();
        found
    })
}

/// Claims in the log before the no of their address, and those after it.
fn after_a_no<R: Reader>(reader: &R) -> (usize, Vec<String>) {
    let mut noes: BTreeMap<String, LogPosition> = BTreeMap::new();
    for entry in reader.log(LogPosition(1), PEOPLE * 10).unwrap() {
        let event = &entry.logged.event;
        if matches!(event.kind, Kind::Unsubscribed | Kind::ConsentWithdrawn) {
            let mut names = event.identifiers.iter().map(|name| name.value());
            let mail = names.find(|name| name.contains('@')).expect("a no names its address");
            noes.insert(mail.to_owned(), entry.logged.position);
        }
    }
    let filter = DecisionFilter { verdict: Some(Verdict::Send), ..DecisionFilter::default() };
    let claims = reader.decisions(&filter, PEOPLE * 10).unwrap();
    let mut wrong = Vec::new();
    for claim in &claims {
        let decision = &claim.decision;
        let to = decision.recipient.as_ref().unwrap().value();
        let claimed = decision.message.unwrap();
        match noes.get(to) {
            Some(no) if claimed < no.0 => {}
            no => wrong.push(format!("claim {claimed}, and the no {no:?}")),
        }
    }
    if noes.len() != PEOPLE {
        wrong.push(format!("{} said no", noes.len()));
    }
    (claims.len(), wrong)
}

#[test]
fn nobody_gets_a_claim_after_a_no_on_real_threads() {
    let stores = runs().div_ceil(PEOPLE as u64);
    let mut claimed = 0;
    for number in seed()..seed() + stores {
        let (claims, wrong) = play(number);
        assert!(wrong.is_empty(), "seed {number}: {wrong:?}");
        claimed += claims;
    }
    let people = stores * PEOPLE as u64;
    println!("{people} noes on real threads: {claimed} claims before them, 0 after them.");
    assert!(claimed as u64 * 50 > people, "too few claims to prove anything: {claimed}");
    assert!((claimed as u64) < people, "too few noes in time: {claimed}");
}
