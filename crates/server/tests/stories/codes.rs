//! Codes of offers in every order: two tills, retries, orders that bear a code, returns, the end and
//! the new start of the program. Whatever the order, exactly one use wins, and the counters say so.
//! Here a tenth; `cargo xtask codes` draws all, and `--seed N --runs 1` replays one. Beside it: a million guesses.

use regulars_engine::commit::Commit;
use regulars_engine::identity::PersonId;
use regulars_engine::journey::Outcome;
use regulars_engine::offer::{Code, CodeKey, CodeState, CodeWrite, Refusal, folded, printed};
use regulars_engine::time::{HOUR, MINUTE, SECOND, Timestamp};
use regulars_engine::work::Redeemed;
use regulars_server::live;
use regulars_server::offers::{self, Guessing, Reconciled, Report};
use regulars_server::secret::code_hash;
use regulars_server::writer::{Asked, Bound};
use regulars_store::{Reader, Store};
use serde_json::json;

use super::play::{Bench, Draws, seed};

const SHOP: &str = "\
shop: Tienda
zone: Europe/Madrid
currency: EUR
---
source: web
---
source: pos
channel: store
---
journey: close
purpose: care
enter: [Store Visited]
re-entry: 1 minute
steps:
  - { send: close, channel: email, template: letter, offer: closing }
---
journey: open
purpose: care
enter: [QR Scanned]
re-entry: 1 minute
steps:
  - { send: open, channel: email, template: letter, offer: opening }
---
offer: closing
gives: 5 EUR off
---
offer: opening
gives: 5 EUR off
on return: reopen
---
template: letter
built in: cart-reminder
";

/// Persons of earlier cases stay in the store; this many of them, and a new one is begun.
const CASES_A_STORE: u64 = 250;

/// One step of somebody. A till is 0 or 1.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Act {
    Redeem(usize),
    TellsOfOrder(usize),
    ComesBack(usize),
    Restart,
}

struct Town {
    bench: Bench,
    used: [u64; 2],
    open: [u64; 2],
}

const OFFERS: [&str; 2] = ["closing", "opening"];

impl Town {
    fn begin() -> Self {
        Self { bench: Bench::begin(SHOP), used: [0; 2], open: [0; 2] }
    }

    /// A person gets a code of an offer with a message; returns it.
    fn code(&mut self, me: &str, offer: usize) -> String {
        let email = format!("{me}@example.com");
        self.bench
            .arrive(json!({ "type": "identify", "userId": me, "traits": { "email": email } }));
        let event = ["Store Visited", "QR Scanned"][offer];
        self.bench.arrive(json!({ "event": event, "userId": me }));
        // Long enough for the visit to be over.
        self.bench.now = self.bench.now.plus(2 * HOUR);
        self.bench.writer.tick(self.bench.now, 64).unwrap();
        let mut claimed = self.bench.writer.take_claimed();
        let message = claimed.pop().expect("the message is claimed");
        assert!(claimed.is_empty());
        let code = message.offer.as_ref().expect("it gives the offer").code.clone();
        self.bench.writer.settle(message, Outcome::Sent, self.bench.now).unwrap();
        code
    }

    fn tell_of_order(&mut self, me: &str, till: usize, coupon: Option<&String>) {
        let mut properties = json!({ "order_id": format!("{me}-order-{till}"),
            "products": [{ "product_id": "tee", "price": 20, "quantity": 1 }] });
        if let Some(coupon) = coupon {
            properties["coupon"] = coupon.clone().into();
            properties["discount"] = 5.into();
        }
        self.bench
            .arrive(json!({ "event": "Order Completed", "userId": me, "properties": properties }));
    }

    fn redeem(&mut self, id: &str, code: &str, order: &str) -> Redeemed {
        let asked = Asked {
            redemption: id.to_owned(),
            code: code.to_owned(),
            order: Some(order.to_owned()),
            ..Asked::default()
        };
        self.bench.writer.redeem(&asked, Bound::ByTheRules, self.bench.now).unwrap()
    }
}

/// What must be so, told naively.
#[derive(Debug, Default)]
struct Naive {
    reopens: bool,
    /// By which till's order the code is used now.
    used_by: Option<usize>,
    /// Which tills have used it at all.
    won: [bool; 2],
    told: [bool; 2],
    back: [bool; 2],
}

impl Naive {
    /// What a till hears that wants to use the code.
    fn redeem(&mut self, till: usize) -> &'static str {
        if self.won[till] {
            return "again";
        }
        if self.used_by.is_some() {
            return Refusal::Used.word();
        }
        (self.used_by, self.won[till]) = (Some(till), true);
        "done"
    }

    /// Whoever's order is known, and known to have come back, has given the code back, where the
    /// offer says so: noticed when either is told.
    fn follow(&mut self, till: usize) {
        let over = self.told[till] && self.back[till] && self.reopens;
        if over && self.used_by == Some(till) {
            self.used_by = None;
        }
    }
}

/// Plays case number `number`: what it broke, if anything, and which till won first.
fn play(town: &mut Town, number: u64) -> Result<Option<usize>, String> {
    let mut draws = Draws::new(number);
    let offer = draws.below(2);
    let me = format!("u{number}");
    let code = town.code(&me, offer);
    let mut acts = vec![Act::Redeem(0), Act::Redeem(1), Act::Redeem(draws.below(2))];
    acts.extend([0, 1].map(Act::TellsOfOrder));
    acts.extend([Act::ComesBack(draws.below(2)), Act::Redeem(draws.below(2)), Act::Restart]);
    draws.shuffle(&mut acts);
    let mut naive = Naive { reopens: offer == 1, ..Naive::default() };
    let mut first = None;
    for act in &acts {
        town.bench.now = town.bench.now.plus(SECOND);
        match *act {
            Act::Redeem(till) => {
                // Typed as people type.
                let typed = code.to_lowercase().replace('-', " ");
                let order = format!("{me}-order-{till}");
                let found = match town.redeem(&format!("{me}-{till}"), &typed, &order) {
                    Redeemed::Done { .. } => "done",
                    Redeemed::Again { .. } => "again",
                    Redeemed::Refused(refusal) => refusal.word(),
                };
                let expected = naive.redeem(till);
                if found != expected {
                    return Err(format!("{acts:?}: till {till} hears {found}, not {expected}"));
                }
                first = first.or(naive.used_by);
            }
            Act::TellsOfOrder(till) => {
                // A till that was refused sells without the code.
                town.tell_of_order(&me, till, naive.won[till].then_some(&code));
                naive.told[till] = true;
                naive.follow(till);
            }
            Act::ComesBack(till) => {
                let properties = json!({ "order_id": format!("{me}-order-{till}") });
                town.bench.arrive(
                    json!({ "event": "Order Refunded", "userId": me, "properties": properties }),
                );
                naive.back[till] = true;
                naive.follow(till);
            }
            Act::Restart => {
                town.bench.writer.restart(town.bench.now).unwrap();
            }
        }
    }
    match naive.used_by {
        Some(_) => town.used[offer] += 1,
        None => town.open[offer] += 1,
    }
    if offer == 0 && naive.won.iter().filter(|won| **won).count() != 1 {
        return Err(format!("{acts:?}: {:?} have won", naive.won));
    }
    Ok(first)
}

#[test]
fn of_two_tills_exactly_one_wins_in_any_order() {
    let runs = std::env::var("REGULARS_CODES").ok().and_then(|text| text.parse().ok());
    let runs: u64 = runs.unwrap_or(1_000);
    let mut town = Town::begin();
    let mut firsts = [0_u64; 2];
    for number in 0..runs {
        if number % CASES_A_STORE == 0 {
            town = Town::begin();
        }
        // With one run the seed is the case itself.
        let case = seed() + number;
        match play(&mut town, case) {
            Ok(Some(till)) => firsts[till] += 1,
            Ok(None) => {}
            Err(wrong) => panic!("case {case}: {wrong}"),
        }
        let last = number + 1 == runs || (number + 1) % CASES_A_STORE == 0;
        if last {
            let stock = town.bench.writer.reader().stock().unwrap();
            for (offer, name) in OFFERS.iter().enumerate() {
                let stand = stock.stand(name, town.bench.now);
                let found = (stand.redeemed, stand.open + stand.expired);
                assert_eq!(found, (town.used[offer], town.open[offer]), "{name} by case {case}");
                assert_eq!(&stock, town.bench.writer.stock());
            }
        }
    }
    println!("{runs} interleavings: each code used once; till 0 won {} of them.", firsts[0]);
    assert!(runs < 100 || firsts.iter().all(|wins| wins * 4 > runs), "one-sided: {firsts:?}");
}

/// Through the desk, as requests come: two at the very same time, on threads of their own.
#[test]
fn two_requests_at_once_use_a_code_once() {
    let mut town = Town::begin();
    let codes: Vec<String> = (0..100).map(|n| town.code(&format!("p{n}"), 0)).collect();
    let now = town.bench.now;
    let (desk, _claims, thread) = live::start(town.bench.writer, 4).unwrap();
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).build().unwrap();
    let wins = runtime.block_on(async {
        let mut tasks = Vec::new();
        for (number, code) in codes.into_iter().enumerate() {
            for till in 0..2 {
                let desk = desk.clone();
                let redemption = format!("{number}-{till}");
                let asked = Asked { redemption, code: code.clone(), ..Asked::default() };
                tasks.push((
                    number,
                    tokio::spawn(async move {
                        desk.ask(move |writer| writer.redeem(&asked, Bound::ByTheRules, now)).await
                    }),
                ));
            }
        }
        let mut wins = [0; 100];
        for (number, task) in tasks {
            match task.await.unwrap().unwrap().unwrap() {
                Redeemed::Done { .. } => wins[number] += 1,
                Redeemed::Refused(refusal) => assert_eq!(refusal, Refusal::Used),
                Redeemed::Again { .. } => panic!("nobody asked twice"),
            }
        }
        wins
    });
    assert_eq!(wins, [1; 100]);
    desk.stop();
    thread.join().unwrap();
}

/// A million guesses from a thousand addresses at ten thousand codes: none hits, and nobody listens
/// to more than a thousand of them.
#[test]
fn a_million_guesses_hit_nothing_and_are_stopped_early() {
    let mut town = Town::begin();
    let salt = town.bench.writer.salt();
    let issued = |number: u64| {
        // Any bits that are not those which are guessed.
        let text = printed(u128::from(number) << 20 | 0xabcde);
        let code = Code {
            state: CodeState::Issued,
            person: PersonId(1),
            until: town.bench.now.plus(1_000 * HOUR),
            ..Code::free("closing", &text)
        };
        CodeWrite { key: CodeKey::of(salt, &text).unwrap(), read: None, code: Some(code) }
    };
    let offer_codes: Vec<CodeWrite> = (0..10_000).map(issued).collect();
    town.bench.writer.store().commit(&Commit { offer_codes, ..Commit::default() }).unwrap();
    let guessing = Guessing::default();
    let mut draws = Draws::new(seed());
    let (mut heard, mut hits) = (0, 0);
    for number in 0..1_000_000_u32 {
        let now = town.bench.now.plus(i64::from(number));
        let client = format!("address {}", draws.below(1_000));
        let asker = guessing.asker("shop", Some(&client), None);
        if guessing.closed(asker, now) {
            continue;
        }
        heard += 1;
        let bits = (u128::from(u64::try_from(draws.below(usize::MAX)).unwrap()) << 1) | 1;
        let asked = Asked { code: printed(bits), ..Asked::default() };
        match town.bench.writer.validate(&asked, now).unwrap() {
            Ok(_) => hits += 1,
            Err(refusal) => assert_eq!(refusal, Refusal::NotValid),
        }
        guessing.wrong(asker, now);
    }
    println!("1,000,000 guesses: {heard} heard, {hits} hits.");
    assert_eq!(hits, 0);
    assert!(heard <= 1_000, "{heard} guesses were heard");
    // Ten of one address close it, and leave the others of the key alone.
    let guessing = Guessing::default();
    let asker = |client: &str| guessing.asker("shop", Some(client), None);
    let now = town.bench.now;
    for _ in 0..10 {
        assert!(!guessing.closed(asker("one"), now));
        guessing.wrong(asker("one"), now);
    }
    assert!(guessing.closed(asker("one"), now.plus(59 * MINUTE)));
    assert!(!guessing.closed(asker("other"), now));
    assert!(!guessing.closed(asker("one"), now.plus(HOUR)));
}

/// A till without a line knows a code from its list, and from nothing else; what it took is told
/// later, and of two that took the same one the first told counts.
#[test]
fn redemptions_of_tills_that_were_offline_reconcile() {
    let mut town = Town::begin();
    let codes: Vec<String> = (0..3).map(|n| town.code(&format!("p{n}"), 0)).collect();
    let program = std::sync::Arc::clone(town.bench.writer.program());
    let list = offers::offline(town.bench.writer.reader(), &program, None, town.bench.now).unwrap();
    let hashes: Vec<&str> =
        list["codes"].as_array().unwrap().iter().map(|row| row["hash"].as_str().unwrap()).collect();
    assert_eq!((hashes.len(), &list["complete"]), (3, &true.into()));
    assert!(!codes.iter().any(|code| list.to_string().contains(code.as_str())));
    let on_list = |typed: &str| {
        let hash = code_hash(list["salt"].as_str().unwrap(), &folded(typed).unwrap());
        hashes.contains(&hash.as_str())
    };
    assert!(on_list(&codes[0].to_lowercase()) && on_list(&codes[1]));
    assert!(!on_list(&printed(12_345)));
    let mut tell = |redemption: &str, code: &str, minutes: i64| {
        let at = Some(town.bench.now.plus(-minutes * MINUTE));
        let (redemption, code) = (redemption.to_owned(), code.to_owned());
        let asked = Asked { redemption, code, at, ..Asked::default() };
        let done = town.bench.writer.redeem(&asked, Bound::HasHappened, town.bench.now).unwrap();
        let mut told = Reconciled::default();
        told.note(&asked.redemption, &done);
        told.to_json()["rows"][0]["outcome"].as_str().unwrap().to_owned()
    };
    assert_eq!(tell("till-1 0001", &codes[0], 30), "redeemed");
    assert_eq!(tell("till-2 0001", &codes[0], 40), "used_before");
    assert_eq!(tell("till-2 0002", &codes[1], 35), "redeemed");
    // The line broke, and the till tells all of it again.
    assert_eq!(tell("till-2 0001", &codes[0], 40), "used_before");
    assert_eq!(tell("till-2 0002", &codes[1], 35), "again");
    assert_eq!(tell("till-2 0003", &printed(12_345), 20), "not_valid");
    let stand = town.bench.writer.reader().stock().unwrap().stand("closing", town.bench.now);
    assert_eq!((stand.redeemed, stand.open), (2, 1));
    let list = offers::offline(town.bench.writer.reader(), &program, None, town.bench.now).unwrap();
    assert_eq!(list["codes"].as_array().unwrap().len(), 1);
    let report = Report::of(
        town.bench.writer.stock(),
        &program,
        (Timestamp::EARLIEST, Timestamp::LATEST),
        town.bench.now,
    );
    assert_eq!(report.used.iter().map(|row| row.codes).sum::<u64>(), 2);
    assert_eq!(report.used[0].cost.unwrap().minor, 1_000);
}
