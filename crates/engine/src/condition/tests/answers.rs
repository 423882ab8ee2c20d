//! Answers on small histories, in words: truth, facts, reasons, what it waits for, the next moment.

use super::shop::{
    Question, at, branded, cart_event, consent, dated, event, game, order, over, ticket, with_trait,
};
use crate::condition::{
    Asked, Beside, Condition, Judge, Judged, Limit, Manner, Number, Stage, evaluate,
};
use crate::event::{Channel, Consent, ConsentAnswer, Currency, Event, Kind, Purpose, Value};
use crate::identity::{Identifier, IdentifierKind, Node, PersonId};
use crate::profile::{Profile, list_trait};
use crate::reason::{Fact, Reason};
use crate::time::{DAY, Precision, Timestamp};
use crate::work::OWN_SOURCE;

const BOUGHT: &str = "has bought any product of the cart";

/// Maria put a T-shirt into her cart at ten in the morning and entered the journey. The till
/// till-3 last spoke at 18:02 in Madrid. It is nine in the evening, and everything up to a quarter
/// of an hour ago has to be known.
fn maria(more: &[Event]) -> Question {
    let hat = order(Kind::OrderCompleted, "hat", at("2026-11-20T08:00"), &["hat"]);
    let mut events = vec![
        Event { received_at: at("2026-11-20T17:02"), ..hat },
        cart_event(Kind::ProductAdded, at("2026-11-20T10:00"), &["tee"]),
    ];
    events.extend_from_slice(more);
    Question::about(events)
        .entered("2026-11-20T10:00", &["tee"])
        .now("2026-11-20T20:00")
        .complete_to("2026-11-20T20:00")
}

/// The same with nothing that any feed would still have to tell.
fn all_told(more: &[Event]) -> Question {
    maria(more).complete_to("2026-11-20T09:15")
}

/// A receipt of 18:47 in Madrid.
fn receipt(products: &[&str]) -> Event {
    order(Kind::OrderCompleted, "r1", at("2026-11-20T17:47"), products)
}

/// A return of it at half past seven.
fn back(products: &[&str]) -> Event {
    order(Kind::OrderRefunded, "r1", at("2026-11-20T18:30"), products)
}

/// A member of the club who came five times in 80 days.
fn member() -> Question {
    let visit = |n: i64| {
        event(Kind::Custom("Club Visit".to_owned()), at("2026-10-01T10:00").plus(n * 20 * DAY))
    };
    let mut events: Vec<Event> = (0..5).map(visit).collect();
    events.push(over(Channel::Ads, event(Kind::AdClicked, at("2026-09-02T12:00"))));
    events.push(with_trait(at("2026-10-02T10:00"), "city", Value::Text("Porto".to_owned())));
    events.push(consent(at("2026-10-02T11:00"), ConsentAnswer::Given));
    events.push(ticket(Kind::TicketOpened, at("2026-10-02T12:00")));
    Question::about(events).now("2026-12-25T00:00")
}

/// A receipt that is dated by the day, as the till sends it in the evening.
fn midnight() -> Event {
    let day = order(Kind::OrderCompleted, "r1", at("2026-11-20T00:00"), &["4711"]);
    Event { received_at: at("2026-11-20T19:00"), ..dated(day, Precision::Day) }
}

fn dollars() -> Event {
    let mut receipt = receipt(&["boot"]);
    if let Some(order) = &mut receipt.order {
        order.currency = Currency::parse("USD").unwrap();
    }
    receipt
}

#[test]
fn a_receipt_of_the_till_closes_the_cart() {
    insta::assert_snapshot!(maria(&[receipt(&["4711"])]).certain(BOUGHT), @r"
    true
      order: bought T-shirt in store lisbon-1 (2026-11-20T17:47:00Z)
    ");
    insta::assert_snapshot!(maria(&[receipt(&["tee-organic"])]).certain("cart is empty"), @r"
    true
      order: bought T-shirt in store lisbon-1 (2026-11-20T17:47:00Z)
    ");
}

#[test]
fn a_till_that_is_silent_makes_it_unknown() {
    insta::assert_snapshot!(maria(&[]).certain(BOUGHT), @r"
    unknown
      cart: no purchase of T-shirt is known (2026-11-20T10:00:00Z)
      because A feed that could change the answer has not reported yet: till-3 of source pos-2 has not reported since 18:02.
      waits for pos-2 till-3 up to 2026-11-20T19:45:00Z
    ");
    insta::assert_snapshot!(maria(&[]).certain("not cart is empty"), @r"
    unknown
      cart: T-shirt is in the cart (2026-11-20T10:00:00Z)
      because A feed that could change the answer has not reported yet: till-3 of source pos-2 has not reported since 18:02.
      waits for pos-2 till-3 up to 2026-11-20T19:45:00Z
    ");
    insta::assert_snapshot!(maria(&[]).known(BOUGHT), @r"
    false
      cart: no purchase of T-shirt is known (2026-11-20T10:00:00Z)
    ");
    insta::assert_snapshot!(all_told(&[]).certain(BOUGHT), @r"
    false
      cart: no purchase of T-shirt is known (2026-11-20T10:00:00Z)
    ");
}

#[test]
fn what_a_possible_twin_did_is_a_maybe_in_either_direction() {
    insta::assert_snapshot!(all_told(&[]).twin(81, &[receipt(&["4711"])]).certain(BOUGHT), @r"
    unknown
      cart: no purchase of T-shirt is known (2026-11-20T10:00:00Z)
      because [p40] Somebody who may be the same person could change the answer: 81 % likely the same person: the same email, which 2 people use; bought T-shirt in store lisbon-1 at 18:47.
    ");
    insta::assert_snapshot!(all_told(&[]).twin(81, &[receipt(&["4711"])]).certain(&format!("not {BOUGHT}")), @r"
    unknown
      cart: no purchase of T-shirt is known (2026-11-20T10:00:00Z)
      because [p40] Somebody who may be the same person could change the answer: 81 % likely the same person: the same email, which 2 people use; bought T-shirt in store lisbon-1 at 18:47.
    ");
    insta::assert_snapshot!(all_told(&[]).twin(81, &[receipt(&["4711"])]).known(BOUGHT), @r"
    false
      cart: no purchase of T-shirt is known (2026-11-20T10:00:00Z)
    ");
    insta::assert_snapshot!(all_told(&[]).twin(81, &[receipt(&["boot"])]).certain(BOUGHT), @r"
    false
      cart: no purchase of T-shirt is known (2026-11-20T10:00:00Z)
    ");
}

#[test]
fn twins_that_only_together_change_it_are_both_named() {
    insta::assert_snapshot!(all_told(&[]).twin(81, &[receipt(&["boot"])]).twin(55, &[order(Kind::OrderCompleted, "r9", at("2026-11-19T12:00"), &["hat"])]).certain("orders at least 3"), @r"
    unknown
      order: ordered Hat in store lisbon-1 (2026-11-20T08:00:00Z)
      because [p40] Somebody who may be the same person could change the answer: 81 % likely the same person: the same email, which 2 people use; ordered Boots in store lisbon-1 at 18:47.
      because [p41] Somebody who may be the same person could change the answer: 55 % likely the same person: the same email, which 2 people use; ordered Hat in store lisbon-1 at 2026-11-19 13:00.
    ");
}

/// Two are in the cart unless the first had been bought when the second was put there.
#[test]
fn what_is_added_again_counts_beside_what_was_perhaps_bought() {
    let again = cart_event(Kind::ProductAdded, at("2026-11-20T19:00"), &["tee"]);
    let two = "cart value at least 20 EUR";
    let told = all_told(std::slice::from_ref(&again));
    assert!(told.certain(two).starts_with("true"));
    let silent = maria(std::slice::from_ref(&again)).complete_to("2026-11-20T18:50");
    insta::assert_snapshot!(silent.certain(two), @r"
    unknown
      cart: T-shirt is in the cart (2026-11-20T19:00:00Z)
      because A feed that could change the answer has not reported yet: till-3 of source pos-2 has not reported since 18:02.
      waits for pos-2 till-3 up to 2026-11-20T18:35:00Z
    ");
    let open = silent.certain("cart is open");
    assert!(open.starts_with("true"), "{open}");
    let perhaps = all_told(&[receipt(&[]), again]).certain(two);
    assert!(perhaps.starts_with("unknown"), "{perhaps}");
    assert!(perhaps.contains("does not say what was bought"), "{perhaps}");
}

#[test]
fn a_code_that_leads_nowhere_and_an_order_without_lines_may_be_anything() {
    insta::assert_snapshot!(all_told(&[receipt(&["9999"])]).certain(BOUGHT), @r"
    unknown
      because A receipt holds a code that leads to no product: an order in store lisbon-1 holds a code that leads to no product.
    ");
    insta::assert_snapshot!(all_told(&[receipt(&[])]).certain("cart is open"), @r"
    unknown
      because An order does not say what was bought: an order in store lisbon-1 does not say what was bought.
    ");
    insta::assert_snapshot!(all_told(&[receipt(&["9999", "tee"])]).certain("has bought product \"tee\""), @r"
    true
      order: bought T-shirt in store lisbon-1 (2026-11-20T17:47:00Z)
    ");
    insta::assert_snapshot!(all_told(&[receipt(&["9999"])]).known("has bought product \"tee\""), @r"
    false
      order: no purchase of T-shirt is known
    ");
}

#[test]
fn a_till_that_writes_dates_without_times() {
    insta::assert_snapshot!(all_told(&[midnight()]).certain("has bought product \"tee\" since entry"), @r"
    unknown
      order: no purchase of T-shirt is known
      because Whether the condition holds is not known: bought T-shirt in store lisbon-1, at an unknown time of the day: whether that is in the time asked for is not known.
    ");
    insta::assert_snapshot!(all_told(&[midnight()]).known("has bought product \"tee\" since entry"), @r"
    false
      order: no purchase of T-shirt is known
    ");
    insta::assert_snapshot!(all_told(&[midnight()]).certain(BOUGHT), @r"
    true
      order: bought T-shirt in store lisbon-1 (2026-11-20T00:00:00Z)
    ");
}

#[test]
fn a_return_lowers_what_was_spent_and_kept_but_nothing_was_unbought() {
    insta::assert_snapshot!(all_told(&[receipt(&["4711"]), back(&["4711"])]).certain("spent at least 20 EUR in the last 2 months"), @r"
    false
      order: ordered T-shirt in store lisbon-1 (2026-11-20T17:47:00Z)
      order: ordered Hat in store lisbon-1 (2026-11-20T08:00:00Z)
      order: 19.99 EUR in all
    ");
    insta::assert_snapshot!(all_told(&[receipt(&["4711"]), back(&["4711"])]).certain("has kept product \"tee\""), @r"
    false
      order: no purchase of T-shirt that was kept is known
    ");
    insta::assert_snapshot!(all_told(&[receipt(&["4711"]), back(&["4711"])]).certain("has returned product \"tee\" in the last 3 days"), @r"
    true
      return: returned T-shirt in store lisbon-1 (2026-11-20T18:30:00Z)
      next 2026-11-23T18:30:00Z
    ");
    insta::assert_snapshot!(all_told(&[receipt(&["4711"]), back(&["4711"])]).certain(BOUGHT), @r"
    true
      order: bought T-shirt in store lisbon-1 (2026-11-20T17:47:00Z)
    ");
    insta::assert_snapshot!(maria(&[receipt(&["4711"])]).certain("spent at least 20 EUR"), @r"
    unknown
      order: ordered T-shirt in store lisbon-1 (2026-11-20T17:47:00Z)
      order: ordered Hat in store lisbon-1 (2026-11-20T08:00:00Z)
      order: 39.98 EUR in all
      because A feed that could change the answer has not reported yet: till-3 of source pos-2 has not reported since 18:47.
      waits for pos-2 till-3 up to 2026-11-20T19:45:00Z
    ");
}

#[test]
fn money_of_another_currency_is_never_added() {
    insta::assert_snapshot!(all_told(&[dollars()]).certain("spent at least 30 EUR"), @r"
    unknown
      order: ordered Hat in store lisbon-1 (2026-11-20T08:00:00Z)
      order: 19.99 EUR in all
      because Whether the condition holds is not known: an order of 19.99 USD is in another currency.
    ");
    insta::assert_snapshot!(all_told(&[dollars()]).known("spent at least 30 EUR"), @r"
    false
      order: ordered Hat in store lisbon-1 (2026-11-20T08:00:00Z)
      order: 19.99 EUR in all
    ");
}

#[test]
fn only_time_turns_what_is_idle_or_old() {
    insta::assert_snapshot!(maria(&[]).known("no cart event for 12 hours"), @r"
    false
      cart: the cart was touched (2026-11-20T10:00:00Z)
      next 2026-11-20T22:00:00Z
    ");
    insta::assert_snapshot!(maria(&[]).known("last order more than 1 month ago"), @r"
    false
      order: ordered Hat in store lisbon-1 (2026-11-20T08:00:00Z)
      next 2026-12-20T08:00:00Z
    ");
    insta::assert_snapshot!(maria(&[]).known("last order less than 1 month ago and no cart event for 12 hours"), @r"
    false
      cart: the cart was touched (2026-11-20T10:00:00Z)
      next 2026-11-20T22:00:00Z
    ");
}

#[test]
fn a_count_that_is_not_kept_by_itself_is_said_to_be_computed() {
    insta::assert_snapshot!(member().certain("event \"Club Visit\" at least 3 times in the last 50 days"), @r"
    unknown
      event: Club Visit (2026-12-20T10:00:00Z)
      because The answer is being computed: how many of the events lie in that time is not kept.
      next 2027-02-08T10:00:00Z
    ");
    insta::assert_snapshot!(member().known("event \"Club Visit\" at least 3 times in the last 50 days"), @r"
    false
      event: Club Visit (2026-12-20T10:00:00Z)
      computing: how many of the events lie in that time is not kept; counted as not so
      next 2027-02-08T10:00:00Z
    ");
    insta::assert_snapshot!(member().known("event \"Club Visit\" at least 5 times"), @r"
    true
      event: Club Visit (2026-12-20T10:00:00Z)
      event: Club Visit (2026-10-01T10:00:00Z)
    ");
    insta::assert_snapshot!(member().known("event \"Club Visit\" at most 4 times in the last 50 days"), @r"
    true
      event: Club Visit (2026-12-20T10:00:00Z)
    ");
    insta::assert_snapshot!(member().known("last \"Club Visit\" less than 10 days ago"), @r"
    true
      event: Club Visit (2026-12-20T10:00:00Z)
      next 2026-12-30T10:00:00Z
    ");
}

#[test]
fn the_person_is_asked_by_name_of_trait_consent_address_ticket_and_path() {
    insta::assert_snapshot!(member().known("trait city is \"porto\" and consent to email promotion and reachable by email"), @r#"
    true
      trait: trait city is "porto" (2026-10-02T10:00:00Z)
      consent: said yes to promotion by email (2026-10-02T11:00:00Z)
      address: there is an address for email
    "#);
    insta::assert_snapshot!(member().known("no ticket is open"), @r"
    false
      ticket: a question to the service desk is open (2026-10-02T12:00:00Z)
    ");
    insta::assert_snapshot!(member().known("first seen through ads and touched ads in the last 4 months"), @r"
    true
      touchpoint: first seen through ads (2026-09-02T12:00:00Z)
      touchpoint: seen over ads (2026-09-02T12:00:00Z)
      next 2027-01-02T13:00:00Z
    ");
    insta::assert_snapshot!(member().known("trait age is known or reachable by sms"), @r"
    false
      trait: trait age is not known
      address: there is no address for sms
    ");
}

/// As the guard has it: a number that does not say its country leads nowhere, and a provider that was
/// told to stop holds back what is transactional, too.
#[test]
fn a_number_is_reachable_where_the_guard_would_send() {
    let phone = |number: &str| Identifier::new(IdentifierKind::Phone, number).unwrap();
    let holds = |number: &str, events: Vec<Event>, condition: &str| {
        let mut asked = Question::about(events);
        let node = Node { identifier: phone(number), named_first: PersonId(7) };
        asked.evidence.nodes = vec![node].into();
        asked.known(condition).starts_with("true")
    };
    let (home, abroad) = ("600112233", "+34600112233");
    let viewed = || vec![event(Kind::PageViewed, at("2026-09-01T10:00"))];
    for condition in ["reachable by sms", "reachable by sms for transactional"] {
        assert!(!holds(home, viewed(), condition) && holds(abroad, viewed(), condition));
    }
    let (channel, purpose) = (Channel::Sms, Some(Purpose::Transactional));
    let answer = ConsentAnswer::Withdrawn;
    let stopped = Event {
        identifiers: vec![phone(abroad)],
        consent: Some(Consent { channel, purpose, answer, wording: None, until: None }),
        ..event(Kind::Unsubscribed, at("2026-09-01T11:00"))
    };
    assert!(!holds(abroad, vec![stopped], "reachable by sms for transactional"));
}

#[test]
fn a_segment_is_its_condition() {
    insta::assert_snapshot!(member().segment("fans", "last \"Club Visit\" less than 10 days ago").certain("in segment \"fans\""), @r"
    true
      segment: is in segment fans
      event: Club Visit (2026-12-20T10:00:00Z)
      next 2026-12-30T10:00:00Z
    ");
    insta::assert_snapshot!(all_told(&[receipt(&["9999"])]).segment("tee", "has bought product \"tee\"").certain("not in segment \"tee\""), @r"
    unknown
      order: no purchase of T-shirt is known
      because A receipt holds a code that leads to no product: an order in store lisbon-1 holds a code that leads to no product.
    ");
    insta::assert_snapshot!(member().segment("a", "in segment \"b\"").segment("b", "in segment \"a\"").certain("in segment \"a\""), @r"
    unknown
      because Whether the condition holds is not known: segment a names itself through others.
    ");
    insta::assert_snapshot!(member().certain("in segment \"nobody\" or has ordered since entry"), @r#"
    unknown
      because Whether the condition holds is not known: there is no segment nobody; "since entry" has a meaning inside a journey only.
    "#);
}

/// A shop whose clerk keeps one list and one score that falls by one a day.
#[derive(Debug)]
struct Clerk;

impl Beside for Clerk {
    fn judge<'p>(&'p self, profile: &'p Profile, now: Timestamp) -> Option<Box<dyn Judge + 'p>> {
        let last = profile.path.latest.last()?.stamp.at;
        Some(Box::new(Silent { days: now.since(last) / DAY, now }))
    }
}

/// Somebody who has been silent for so many days.
#[derive(Debug)]
struct Silent {
    days: i64,
    now: Timestamp,
}

impl Judge for Silent {
    fn score(&self, name: &str, limit: Limit<Number>) -> Option<Judged> {
        let left = 90 - self.days - limit.value.digits;
        let next = self.now.plus((left + 1) * DAY);
        (name == "engagement").then_some(Judged {
            holds: left >= 0,
            value: Some(90.0 - f64::from(i32::try_from(self.days).unwrap())),
            next: (left >= 0).then_some(next),
        })
    }

    fn stage(&self, stage: Stage) -> Judged {
        Judged { holds: stage == Stage::WonBack, value: None, next: None }
    }
}

#[test]
fn scores_stages_and_lists_are_asked_of_whoever_keeps_them() {
    let ask = |text: &str| {
        let condition = Condition::parse(text).unwrap();
        let answer = member().with(Manner::ForCertain, |asked| {
            evaluate(&condition, &Asked { beside: &Clerk, ..*asked })
        });
        let facts: Vec<String> = answer.facts.iter().map(Fact::text).collect();
        let because: Vec<String> = answer.unknown_because.iter().map(Reason::text).collect();
        let next = answer.next.map_or_else(String::new, |at| format!("; next {at}"));
        format!("{}: {}{}{next}", answer.truth.word(), facts.join(", "), because.join(" "))
    };
    insta::assert_snapshot!(ask("score \"engagement\" at least 4"), @"true: the score engagement is 7; next 2026-12-29T00:00:00Z");
    insta::assert_snapshot!(ask("score \"churn\" at most 0.3"), @"unknown: Whether the condition holds is not known: the score churn has not been computed yet.");
    insta::assert_snapshot!(ask("stage is won back and not in list \"vips\""), @"true: the stage is won back, is not on the list vips");
}

#[test]
fn who_is_on_a_list_staff_say_and_nobody_else() {
    let stated = |source: &str, on_it: bool| {
        let moment = at("2026-11-20T09:00").plus(i64::from(!on_it));
        let stated = with_trait(moment, &list_trait("vips"), Value::Bool(on_it));
        Event { source: source.to_owned(), ..stated }
    };
    let known = |events: &[Event]| maria(events).known("in list \"vips\"");
    assert!(known(&[stated(OWN_SOURCE, true)]).starts_with("true"));
    assert!(known(&[stated(OWN_SOURCE, true), stated("web", false)]).starts_with("true"));
    assert!(known(&[stated(OWN_SOURCE, true), stated(OWN_SOURCE, false)]).starts_with("false"));
    assert!(known(&[stated("web", true)]).starts_with("false"));
}

#[test]
fn only_what_matters_is_told() {
    insta::assert_snapshot!(maria(&[]).certain("cart is open and trait city is \"Porto\""), @r"
    false
      trait: trait city is not known
    ");
    insta::assert_snapshot!(maria(&[]).certain("has ordered or cart is empty"), @r"
    true
      order: bought Hat in store lisbon-1 (2026-11-20T08:00:00Z)
    ");
}

/// Somebody who played four times and bought twice.
fn player() -> Question {
    let acme = branded(
        order(Kind::OrderCompleted, "a", at("2026-11-01T10:00"), &["tee", "boot"]),
        &["acme", "zenit"],
    );
    Question::about(vec![
        acme,
        order(Kind::OrderCompleted, "b", at("2026-11-21T10:00"), &["hat"]),
        game(at("2026-11-02T10:00"), 3, "gold"),
        game(at("2026-11-05T10:00"), 10, "silver"),
        game(at("2026-11-09T10:00"), 5, "gold"),
        game(at("2026-11-20T10:00"), 1, "iron"),
    ])
    .now("2026-11-22T10:00")
}

/// The truth and the facts, without the moment of the next change.
fn short(answer: &str) -> String {
    answer.lines().filter(|line| !line.starts_with("  next")).collect::<Vec<_>>().join(";")
}

#[test]
fn figures_say_what_they_come_to() {
    let known = |text: &str| short(&player().declared_known(text));
    for (text, answer) in [
        ("sum of points of event \"Game Played\" at least 19", "true;  figure: points in all: 19"),
        (
            "average points of event \"Game Played\" less than 4.75",
            "false;  figure: points on average: 4.75",
        ),
        (
            "largest points of event \"Game Played\" where level is \"gold\" at least 6",
            "false;  figure: the largest points: 5",
        ),
        (
            "number of different level of event \"Game Played\" exactly 3",
            "true;  figure: different values of level: 3",
        ),
        (
            "most frequent level of event \"Game Played\" is \"Gold\"",
            "true;  figure: the most frequent level: gold",
        ),
        (
            "last level of event \"Game Played\" is not \"iron\"",
            "false;  figure: the last level: iron",
        ),
        ("first points of event \"Game Played\" at least 3", "true;  figure: the first points: 3"),
        (
            "time between orders at most 20 days",
            "true;  figure: from one to the next it takes 20 days on average",
        ),
        (
            "average total of orders at least 29.98 EUR",
            "true;  figure: total on average: 29.98 EUR",
        ),
        (
            "sum of quantity of orders where category is \"Clothing\" at least 2",
            "true;  figure: quantity in all: 2",
        ),
        (
            "sum of points of event \"Darts Played\" at most 5",
            "false;  figure: nothing is known to reckon points from",
        ),
    ] {
        assert_eq!(known(text), answer, "{text}");
    }
}

#[test]
fn filters_choose_among_events_and_orders() {
    let holds = |text: &str| player().declared_known(text).starts_with("true");
    for text in [
        "event \"Game Played\" where level is \"gold\" exactly 2 times in the last 30 days",
        "event \"Game Played\" where (level is not \"gold\" and points at least 5) exactly 1 time",
        "last \"Game Played\" where level is \"gold\" more than 10 days ago",
        "orders where total at least 30 EUR exactly 1",
        "has bought category \"Clothing\" where brand is \"acme\"",
        "not has bought category \"Shoes\" where brand is \"acme\"",
        "has bought product \"hat\" on the last order",
        "not has bought product \"tee\" on the last order",
        "has ordered on 2026-11-21 and not has ordered between 2026-11-02 and 2026-11-20",
        "orders before 2026-11-21 exactly 1",
    ] {
        let text = text
            .replace("orders before 2026-11-21 exactly 1", "orders exactly 1 before 2026-11-21");
        assert!(holds(&text), "{text}: {}", player().declared_known(&text));
    }
}

#[test]
fn what_no_profile_keeps_yet_is_being_computed() {
    let text = "event \"Game Played\" where level is \"gold\" at least 2 times";
    insta::assert_snapshot!(player().certain(text), @r"
    unknown
      event: Game Played (2026-11-02T10:00:00Z)
    ");
    let nobody = Question::about(vec![event(Kind::StoreVisited, at("2026-11-01T10:00"))]);
    assert!(nobody.certain(text).starts_with("false"), "{}", nobody.certain(text));
}
