//! Claims and noes in every order: whoever has said no, in whatever way, gets no claim after that.
//!
//! The writer is one hand, so what can happen is an order of whole steps: looking at who is due,
//! fetching a claim, settling it, a person's no, a login that makes two persons one, a till's word,
//! another event, the end and the new start of the program. What arrives may be one batch with what comes
//! next: then a claim in its commit knows all of it. Each case is such an order, drawn from
//! its number. Here a share of them; `cargo xtask interleavings --runs 1000000` draws as many as one
//! likes, and `--seed N --runs 1` replays one. `threads` lets as many happen on real threads.

mod threads;

use regulars_engine::decision::{Message, Verdict};
use regulars_engine::journey::Outcome;
use regulars_engine::time::{MINUTE, SECOND};
use serde_json::{Value, json};

use super::play::{Bench, Draws, seed, shop};

const SHOP: &str = shop!(
    "\
---
journey: news
purpose: promotion
enter: { on: [Product Added], if: cart is open }
exit: [ has bought any product of the cart ]
re-entry: 1 minute
steps:
  - wait: 10 minutes
  - { send: news, channel: email, template: letter, feeds complete: known }
---
template: letter
built in: cart-reminder
"
);

/// Persons of earlier cases stay in the store; this many of them, and a new one is begun.
const CASES_A_STORE: u64 = 400;

/// One step of somebody.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Act {
    Look,
    Fetch,
    Settle,
    Restart,
    TillSpeaks,
    LooksAround,
    LogsIn,
    SaysNo,
}

impl Act {
    /// Whether it is something that arrives, and so may be one batch with what comes next.
    fn arrives(self) -> bool {
        match self {
            Self::TillSpeaks | Self::LooksAround | Self::LogsIn | Self::SaysNo => true,
            Self::Look | Self::Fetch | Self::Settle | Self::Restart => false,
        }
    }
}

/// How a person says no.
#[derive(Clone, Copy, Debug)]
enum No {
    UnderTheAddress,
    ByTheLink,
    UnderAnotherAddress,
    AsASpamComplaint,
    AnonymouslyBeforeTheLogin,
}

const NOES: [No; 5] = [
    No::UnderTheAddress,
    No::ByTheLink,
    No::UnderAnotherAddress,
    No::AsASpamComplaint,
    No::AnonymouslyBeforeTheLogin,
];

/// Plays case number `number`; what it broke, if anything, and whether a claim was made before the no.
fn play(bench: &mut Bench, number: u64) -> Result<bool, String> {
    let mut draws = Draws::new(number);
    let no = NOES[draws.below(NOES.len())];
    let me = format!("u{number}");
    let mail = format!("u{number}@example.com");
    let other = format!("o{number}@example.com");
    let till = prepare(bench, (&me, &mail, &other));
    let acts = order(no, &mut draws);
    let mut on_their_way: Vec<Message> = Vec::new();
    let (mut said, mut refused, mut claims, mut claims_allowed) = (false, false, 0, 1);
    for (place, act) in acts.iter().enumerate() {
        let next = acts.get(place + 1);
        bench.goes_on =
            act.arrives() && next.is_some_and(|next| next.arrives()) && draws.below(2) == 0;
        bench.now = bench.now.plus(SECOND * i64::try_from(draws.below(4)).unwrap());
        let now = bench.now;
        match act {
            Act::Look => {
                bench.writer.tick(now, 64).unwrap();
            }
            Act::Fetch => on_their_way.extend(bench.writer.take_claimed()),
            Act::Settle => {
                let outcomes =
                    [Outcome::Sent, Outcome::Failed, Outcome::Uncertain, Outcome::TakenBack];
                for message in on_their_way.drain(..) {
                    let outcome = outcomes[draws.below(4)];
                    // What did not begin in time is looked at again, and may be claimed once more.
                    claims_allowed += usize::from(outcome == Outcome::TakenBack);
                    bench.writer.settle(message, outcome, now).unwrap();
                }
            }
            Act::Restart => {
                on_their_way.clear();
                bench.writer.restart(now).unwrap();
            }
            Act::TillSpeaks => bench.arrive(till.clone()),
            Act::LooksAround => bench.arrive(json!({ "event": "Product Viewed",
                "source": "pos", "userId": me, "properties": { "product_id": "tee" } })),
            Act::LogsIn => bench.arrive(json!({ "type": "identify", "userId": me,
                "anonymousId": format!("a{number}") })),
            Act::SaysNo => say_no(bench, no, number, (&me, &mail, &other)),
        }
        // A no of nobody known is the person's from the login on.
        said |= match no {
            No::AnonymouslyBeforeTheLogin => *act == Act::LogsIn,
            No::UnderTheAddress
            | No::ByTheLink
            | No::UnderAnotherAddress
            | No::AsASpamComplaint => *act == Act::SaysNo,
        };
        // In whatever place of its batch it stands, what the batch brings is accepted with it.
        refused |= said && !bench.goes_on;
        let sends = bench.writer.take_decided();
        let sends = sends.iter().filter(|decision| decision.verdict == Verdict::Send).count();
        if refused && sends > 0 {
            return Err(format!("a claim after a no {no:?}, in the order {acts:?}"));
        }
        claims += sends;
        if claims > claims_allowed {
            return Err(format!("claimed {claims} times, in the order {acts:?}"));
        }
    }
    for message in on_their_way.into_iter().chain(bench.writer.take_claimed()) {
        bench.writer.settle(message, Outcome::Sent, bench.now).unwrap();
    }
    bench.writer.take_decided();
    Ok(claims > 0)
}

/// Somebody with a yes and two addresses enters, and is due; returns the till's word.
fn prepare(bench: &mut Bench, (me, mail, other): (&str, &str, &str)) -> Value {
    // A till that was heard and is silent now holds the message until it speaks.
    let till = json!({ "type": "heartbeat", "source": "pos", "feed": "till-1" });
    bench.now = bench.now.plus(MINUTE);
    bench.arrive(till.clone());
    bench.arrive(json!({ "event": "Consent Given", "userId": me,
        "properties": { "email": mail, "channel": "email", "purpose": "promotion" } }));
    bench.arrive(json!({ "type": "identify", "userId": me, "traits": { "email": other } }));
    bench.arrive(json!({ "event": "Product Added", "userId": me,
        "properties": { "product_id": "tee" } }));
    // Long enough for the visit to be over.
    bench.now = bench.now.plus(10 * MINUTE);
    bench.writer.take_decided();
    till
}

/// What happens, in which order.
fn order(no: No, draws: &mut Draws) -> Vec<Act> {
    let mut acts = vec![Act::Look, Act::Fetch, Act::Settle, Act::Look, Act::TillSpeaks];
    acts.extend([Act::LooksAround, Act::SaysNo]);
    if draws.below(3) == 0 {
        acts.push(Act::Restart);
    }
    if draws.below(2) == 0 {
        acts.push(Act::TillSpeaks);
    }
    draws.shuffle(&mut acts);
    if matches!(no, No::AnonymouslyBeforeTheLogin) {
        let said = acts.iter().position(|act| *act == Act::SaysNo).unwrap();
        let later = said + 1 + draws.below(acts.len() - said);
        acts.insert(later, Act::LogsIn);
    }
    acts
}

fn say_no(bench: &mut Bench, no: No, number: u64, (me, mail, other): (&str, &str, &str)) {
    let withdrawn = |email: &str| {
        json!({ "event": "Consent Withdrawn", "userId": me,
            "properties": { "email": email, "channel": "email", "purpose": "promotion" } })
    };
    bench.arrive(match no {
        No::UnderTheAddress => withdrawn(mail),
        No::UnderAnotherAddress => withdrawn(other),
        No::ByTheLink => json!({ "event": "Unsubscribed", "properties": { "email": mail } }),
        No::AsASpamComplaint => {
            // A complaint stops the address; the other one has no yes.
            json!({ "event": "Email Marked as Spam", "properties": { "email": mail } })
        }
        No::AnonymouslyBeforeTheLogin => json!({ "event": "Consent Withdrawn",
            "anonymousId": format!("a{number}"),
            "properties": { "channel": "email", "purpose": "promotion" } }),
    });
}

/// How many cases are played.
fn runs() -> u64 {
    let runs = std::env::var("REGULARS_INTERLEAVINGS").ok().and_then(|text| text.parse().ok());
    runs.unwrap_or(2_000)
}

#[test]
fn nobody_gets_a_claim_after_a_no() {
    let runs = runs();
    let mut bench = Bench::begin(SHOP);
    let mut claimed = 0;
    for number in 0..runs {
        if number % CASES_A_STORE == 0 {
            bench = Bench::begin(SHOP);
        }
        // With one run the seed is the case itself.
        let case = seed() + number;
        match play(&mut bench, case) {
            Ok(claim) => claimed += u64::from(claim),
            Err(wrong) => panic!("case {case}: {wrong}"),
        }
        if number % 100_000 == 99_999 {
            println!("{} interleavings, {claimed} with a claim before the no", number + 1);
        }
    }
    println!("{runs} interleavings: {claimed} with a claim before the no, 0 after it.");
    assert!(runs < 100 || claimed * 20 > runs, "too few claims to prove anything: {claimed}");
    assert!(runs < 100 || claimed * 20 < runs * 19, "too few noes in time: {claimed}");
}
