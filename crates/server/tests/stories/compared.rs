//! What a tool of the online shop alone would have sent, told of the shop's own log: the same rules,
//! played without the stores and weighed on all that is known.

use regulars_engine::decision::Verdict;
use regulars_engine::measure::Mistake;
use regulars_engine::time::{DAY, Timestamp};
use regulars_server::measure::silo::{Comparison, compare};
use regulars_store::Store;

use super::play::{Play, at, seed};
use super::regret::{CAREFUL, played, receipt};
use super::town::{Setting, defined, lines};

fn compared(play: &mut Play, span: (Timestamp, Timestamp)) -> Comparison {
    let program = std::sync::Arc::clone(play.dry.program());
    let reader = play.dry.writer().store().reader().unwrap();
    compare(&reader, &program, span, &mut |_, _| true).unwrap().expect("nobody stops it")
}

const WEEK: (&str, &str) = ("2026-11-16T00:00:00Z", "2026-11-20T00:00:00Z");

fn of_maria(lines: Vec<String>) -> Comparison {
    let mut play = played(CAREFUL, lines);
    compared(&mut play, (at(WEEK.0), at(WEEK.1)))
}

/// She buys in the store before the reminder: the tool that does not hear the till sends it with its
/// coupon; she is told of by name, with what Regulars did.
#[test]
fn a_purchase_in_the_store_is_not_heard_by_the_online_shop() {
    let email = r#""email":"maria@example.com""#;
    let found = of_maria(vec![receipt(email, "2026-11-16T12:48:00Z")]);
    assert_eq!((found.silo.messages, found.regulars.messages), (1, 0));
    assert_eq!(found.silo.wrong.get(&Mistake::Bought), Some(&1));
    assert_eq!(found.unheard, ["pos"]);
    let money: Vec<String> = found.silo.offers.money.iter().map(ToString::to_string).collect();
    assert_eq!(money, ["4.00 EUR"], "20 % of what she had paid");
    let example = &found.examples[0];
    let instead = &example.instead;
    assert_eq!((instead.verdict, instead.at), (Some(Verdict::Exit), at("2026-11-16T12:48:00Z")));
}

/// Somebody who says yes and puts a shirt into the cart.
fn with_cart(who: &str, added_at: &str, received_at: &str) -> Vec<String> {
    let line = |id: &str, rest: &str| {
        format!(
            r#"{{"source":"web","type":"track","messageId":"{who}-{id}","userId":"{who}","timestamp":"{added_at}","receivedAt":"{received_at}",{rest}}}"#
        )
    };
    let yes = format!(
        r#""event":"Consent Given","properties":{{"email":"{who}@example.com","channel":"email","purpose":"promotion"}}"#
    );
    let add =
        r#""event":"Product Added","properties":{"product_id":"tee","price":20,"quantity":1}"#;
    vec![line("yes", &yes), line("add", add)]
}

/// A message of before the days that count stands in the log and in no run, so that a run gives people
/// other ids: Maria is found all the same.
#[test]
fn people_are_found_in_a_run_by_what_they_are_known_by() {
    let mut lines = with_cart("old", "2026-11-10T09:00:00Z", "2026-11-10T09:00:00Z");
    lines.push(r#"{"type":"watermark","source":"pos","feed":"till-3","completeThrough":"2026-11-10T14:00:00Z","receivedAt":"2026-11-10T14:00:00Z"}"#.to_owned());
    lines.push(receipt(r#""email":"maria@example.com""#, "2026-11-16T12:48:00Z"));
    let found = of_maria(lines);
    let told: Vec<_> = found.examples.iter().map(|one| one.instead.verdict).collect();
    assert_eq!(told, [Some(Verdict::Exit)]);
}

/// Nobody buys: both send, and neither is wrong.
#[test]
fn a_cart_that_stays_open_is_no_difference() {
    let found = of_maria(Vec::new());
    assert_eq!((found.silo.messages, found.regulars.messages), (1, 1));
    assert_eq!((found.silo.wrong_in_all(), found.regulars.wrong_in_all()), (0, 0));
    assert!(found.examples.is_empty());
}

/// The no that she says at the desk reaches no tool of the online shop.
#[test]
fn a_no_at_the_desk_is_not_heard_by_the_online_shop() {
    let no = r#"{"source":"pos","feed":"till-3","type":"track","messageId":"n1","event":"Consent Withdrawn","timestamp":"2026-11-16T10:00:00Z","receivedAt":"2026-11-16T10:00:00Z","properties":{"email":"maria@example.com","channel":"email","purpose":"promotion"}}"#;
    let found = of_maria(vec![no.to_owned()]);
    assert_eq!((found.silo.messages, found.regulars.messages), (1, 0));
    assert_eq!(found.silo.wrong.get(&Mistake::Refused), Some(&1));
}

/// What came too late for anybody is wrong on both sides: Regulars is weighed as the tool is.
#[test]
fn what_nobody_could_know_counts_against_both() {
    let email = r#""email":"maria@example.com""#;
    let found = of_maria(vec![receipt(email, "2026-11-16T20:00:00Z")]);
    assert_eq!((found.silo.messages, found.regulars.messages), (1, 1));
    assert_eq!((found.silo.wrong_in_all(), found.regulars.wrong_in_all()), (1, 1));
    assert!(found.examples.is_empty(), "it is no difference between the two");
}

/// A town: what Regulars is said to send is what it sent, and the tool is wrong where Regulars is not.
#[test]
fn in_a_town_the_tool_is_wrong_and_regulars_sends_what_it_sent() {
    let setting = Setting { people: 120, ..Setting::calm(seed(), 14) };
    let town = setting.town();
    let mut play = Play::begin(defined(&town, &setting));
    let mut sent = 0;
    let count = |decisions: Vec<regulars_engine::decision::Decision>| {
        decisions.iter().filter(|decision| decision.verdict == Verdict::Send).count()
    };
    for line in lines(&town, &setting) {
        sent += count(play.arrive(&line));
    }
    let end = at(setting.start).plus(17 * DAY);
    sent += count(play.until(end));
    let found = compared(&mut play, (at(setting.start), end));
    let (silo, regulars) = (&found.silo, &found.regulars);
    assert_eq!(regulars.messages + regulars.unclear, u64::try_from(sent).unwrap());
    let bought = |side: &regulars_engine::measure::Side| {
        side.wrong.get(&Mistake::Bought).copied().unwrap_or(0)
    };
    assert!(bought(silo) > 2 * bought(regulars), "{silo:?} {regulars:?}");
    assert!(!silo.offers.money.is_empty() && !found.examples.is_empty());
    let told = found.to_json();
    for example in told["examples"].as_array().unwrap() {
        let why = &example["regulars"]["reason"]["text"];
        assert!(why.as_str().is_some_and(|why| why.len() > 10), "{example}");
    }
}
