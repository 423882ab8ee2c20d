//! The path: what came before what, tickets by their age, and messages by one address.

use super::shop::{Question, at, consent, dated, event, order, over, ticket};
use crate::condition::{Condition, Manner};
use crate::event::{Channel, Consent, ConsentAnswer, Event, Kind, Map, Purpose, Value};
use crate::identity::{Identifier, IdentifierKind, Node, PersonId};
use crate::time::{Precision, Timestamp};
use crate::truth::Truth;

fn visited(kind: &str, moment: &str) -> Event {
    event(Kind::Custom(kind.to_owned()), at(moment))
}

/// Jane came through an ad, read a review, bought in a store, got a message and came again.
fn jane() -> Question {
    let mut events = vec![
        over(Channel::Ads, event(Kind::AdClicked, at("2026-09-01T10:00"))),
        visited("Review Read", "2026-09-03T20:00"),
        order(Kind::OrderCompleted, "A-1", at("2026-09-10T12:00"), &["tee"]),
        event(Kind::MessageSent, at("2026-09-20T08:00")),
        over(Channel::Store, event(Kind::StoreVisited, at("2026-09-22T17:00"))),
        order(Kind::OrderCompleted, "A-2", at("2026-10-01T12:00"), &["boot"]),
    ];
    // Since then everything has been told.
    events.push(visited("Review Read", "2026-10-02T20:00"));
    Question::about(events).now("2026-10-03T09:00")
}

#[test]
fn the_path_is_told_with_what_came_before_and_after() {
    insta::assert_snapshot!(
        jane().declared_known("has done \"Review Read\" before the first order"), @r"
    true
      order: ordered T-shirt in store lisbon-1 (2026-09-10T12:00:00Z)
      event: Review Read (2026-09-03T20:00:00Z)
    ");
    let told = |condition: &str, truth: &str, moments: &[&str]| {
        let said = jane().declared_known(condition);
        assert!(said.starts_with(truth), "{said}");
        assert!(moments.iter().all(|moment| said.contains(moment)), "{said}");
    };
    // The message, then what happened in the store.
    let after = ["2026-09-20T08:00", "2026-09-22T17:00", "2026-10-01T12:00"];
    told("touched store after the last \"Message Sent\"", "true", &after);
    told("spent more than 19 EUR after the first \"Message Sent\"", "true", &["19.99 EUR"]);
    told("has ordered in store after the first touch on social", "false", &["social"]);
}

fn holds(question: &Question, condition: &str, manner: Manner) -> Truth {
    let condition = Condition::parse(condition).unwrap();
    question.clone().declared(&condition).ask(&condition, manner).truth
}

#[test]
fn before_and_after_leave_out_the_very_moment() {
    let known = |condition: &str| holds(&jane(), condition, Manner::AsKnown).holds();
    assert!(!known("has ordered before the first order"));
    assert!(known("has ordered before the last order"));
    assert!(known("orders exactly 1 after the first order"));
    assert!(!known("has ordered after the last order"));
    assert!(known("has done \"Review Read\" after the last order"));
    assert!(known("has bought category \"Shoes\" after the first touch on ads"));
    assert!(known("not has ordered before the first touch on ads"));
    assert!(!known("has ordered before the first \"Club Joined\""));
    assert!(!known("has ordered after the first \"Club Joined\""));
    assert!(known("sum of total of orders exactly 19.99 EUR after the last \"Message Sent\""));
}

/// A receipt that is dated by the day may be from before the visit or from after it.
#[test]
fn what_is_dated_by_the_day_is_not_certain_to_come_after() {
    let receipt = order(Kind::OrderCompleted, "A-1", at("2026-09-10T00:00"), &["tee"]);
    let receipt = Event { received_at: at("2026-09-11T00:00"), ..dated(receipt, Precision::Day) };
    let visit = over(Channel::Store, event(Kind::StoreVisited, at("2026-09-10T15:00")));
    let asked = Question::about(vec![receipt, visit]).now("2026-09-12T00:00");
    insta::assert_snapshot!(asked.certain("has ordered after the first \"Store Visited\""), @r"
    unknown
      event: Store Visited (2026-09-10T15:00:00Z)
      order: no purchase is known
      because Whether the condition holds is not known: bought T-shirt in store lisbon-1, at an unknown time of the day: whether that is in the time asked for is not known.
    ");
    let visit = "has done \"Store Visited\" after the first order";
    assert_eq!(holds(&asked, visit, Manner::ForCertain), Truth::Unknown);
    assert_eq!(holds(&asked, visit, Manner::AsKnown), Truth::True);
}

/// A till that is silent may still tell that what was the first order was returned.
#[test]
fn a_silent_till_may_move_the_mark() {
    let asked = Question::about(vec![
        visited("Review Read", "2026-09-03T20:00"),
        order(Kind::OrderCompleted, "A-1", at("2026-09-10T12:00"), &["tee"]),
    ]);
    let asked = asked.now("2026-09-10T20:00").complete_to("2026-09-10T20:00");
    let review = "has done \"Review Read\" before the first order";
    assert_eq!(holds(&asked, review, Manner::ForCertain), Truth::Unknown);
    let condition = Condition::parse(review).unwrap();
    let answer = asked.clone().declared(&condition).ask(&condition, Manner::ForCertain);
    assert!(answer.waits_for.iter().any(|lacking| lacking.feed.source == "pos-2"), "{answer:?}");
    let told = asked.complete_to("2026-09-10T09:00");
    assert_eq!(holds(&told, review, Manner::ForCertain), Truth::True);
}

#[test]
fn a_question_grows_old_until_it_is_closed() {
    let known = |events: &[(Kind, &str)], now: &str, condition: &str| {
        let events = events.iter().map(|(kind, moment)| ticket(kind.clone(), at(moment)));
        Question::about(events.collect()).now(now).known(condition)
    };
    let open = [(Kind::TicketOpened, "2026-09-01T10:00")];
    let old = "ticket is open for more than 3 days";
    insta::assert_snapshot!(known(&open, "2026-09-02T10:00", old), @r"
    false
      ticket: a question to the service desk is open (2026-09-01T10:00:00Z)
      next 2026-09-04T10:00:00Z
    ");
    assert!(known(&open, "2026-09-04T10:00", old).starts_with("true"));
    assert!(known(&open, "2026-09-04T09:59", old).starts_with("false"));
    let closed =
        [(Kind::TicketOpened, "2026-09-01T10:00"), (Kind::TicketClosed, "2026-09-05T10:00")];
    assert!(known(&closed, "2026-09-06T10:00", old).starts_with("false"));
    let lately = "ticket closed in the last 7 days";
    let said = known(&closed, "2026-09-06T10:00", lately);
    assert!(said.starts_with("true") && said.ends_with("next 2026-09-12T10:00:00Z"), "{said}");
    assert!(known(&closed, "2026-09-12T10:00", lately).starts_with("false"));
    let several = "tickets at least 2 in the last 90 days";
    assert!(known(&closed, "2026-09-06T10:00", several).starts_with("false"));
}

/// A yes that was said for one address opens no other.
#[test]
fn a_yes_holds_for_its_address_alone() {
    let yes = consent(at("2026-09-01T10:00"), ConsentAnswer::Given);
    let known = |addresses: &[&str], events: &[&Event], condition: &str| {
        let mut asked = Question::about(events.iter().map(|event| (*event).clone()).collect());
        let nodes = addresses.iter().map(|address| Node {
            identifier: Identifier::new(IdentifierKind::Email, address).unwrap(),
            named_first: PersonId(7),
        });
        asked.evidence.nodes = nodes.collect::<Vec<_>>().into();
        asked.known(condition)
    };
    let (ana, work) = (["ana@shop.example"], ["ana@work.example"]);
    let promotion = "reachable by email for promotion";
    insta::assert_snapshot!(known(&ana, &[&yes], promotion), @r"
    true
      consent: said yes to promotion by email (2026-09-01T10:00:00Z)
    ");
    insta::assert_snapshot!(known(&work, &[&yes], promotion), @r"
    false
      consent: no yes to promotion by email holds for any of the addresses
    ");
    // The two apart ask no more than that there is an address and a yes.
    let apart = "consent to email promotion and reachable by email";
    assert!(known(&work, &[&yes], apart).starts_with("true"));
    let bounced = event(Kind::EmailBounced, at("2026-09-02T10:00"));
    assert!(known(&ana, &[&yes, &bounced], promotion).starts_with("false"));
    let no = consent(at("2026-09-03T10:00"), ConsentAnswer::Withdrawn);
    assert!(known(&ana, &[&yes, &no], promotion).starts_with("false"));
    assert!(known(&ana, &[&yes, &no], "reachable by email for transactional").starts_with("true"));
    let never = visited("Review Read", "2026-09-03T20:00");
    assert!(known(&[], &[&never], promotion).starts_with("false"));
    assert!(known(&ana, &[&never], promotion).starts_with("false"));
    assert!(known(&ana, &[&never], "reachable by email for care").starts_with("true"));
}

/// What keeps every text message from a number keeps conditions from calling it reachable.
#[test]
fn a_number_that_nothing_goes_to_is_not_reachable() {
    let number = |text| Identifier::new(IdentifierKind::Phone, text).unwrap();
    let (mobile, short) = (number("+34600112233"), number("600112233"));
    let known = |number: &Identifier, events: &[Event], condition: &str| {
        let mut asked = Question::about(events.to_vec());
        let node = Node { identifier: number.clone(), named_first: PersonId(7) };
        asked.evidence.nodes = vec![node].into();
        asked.known(condition)
    };
    let said = |moment: &str, answer| {
        let (channel, purpose) = (Channel::Sms, Some(Purpose::Transactional));
        let consent = Some(Consent { channel, purpose, answer, wording: None, until: None });
        let identifiers = vec![mobile.clone()];
        Event { consent, identifiers, ..event(Kind::Unsubscribed, at(moment)) }
    };
    let receipts = "reachable by sms for transactional";
    let never = visited("Review Read", "2026-09-03T20:00");
    assert!(known(&mobile, std::slice::from_ref(&never), receipts).starts_with("true"));
    insta::assert_snapshot!(known(&mobile, &[said("2026-09-02T10:00", ConsentAnswer::Withdrawn)], receipts), @r"
    false
      consent: said no to transactional by sms (2026-09-02T10:00:00Z)
    ");
    for condition in [receipts, "reachable by sms"] {
        assert!(
            known(&short, std::slice::from_ref(&never), condition).starts_with("false"),
            "{condition}"
        );
    }
}

/// What a source says of products has no words of its own, and is asked of one product together.
#[test]
fn any_property_of_a_product_can_be_asked_for() {
    let product = |said: &[(&str, &str)]| {
        let texts = said.iter().map(|(k, v)| ((*k).to_owned(), Value::Text((*v).to_owned())));
        Value::Map(texts.collect::<Map>())
    };
    let products = Value::List(vec![
        product(&[("color", "red"), ("material", "wool")]),
        product(&[("color", "blue"), ("material", "cotton")]),
    ]);
    let said = |event: Event| Event {
        properties: Map::from([("products".to_owned(), products.clone())]),
        ..event
    };
    let moment: Timestamp = at("2026-09-01T10:00");
    let asked = Question::about(vec![
        said(super::shop::cart_event(Kind::CheckoutStarted, moment, &["tee", "boot"])),
        said(order(Kind::OrderCompleted, "A-1", moment.plus(1), &["tee", "boot"])),
    ]);
    for (filter, right) in [
        ("colour is \"red\"", true),
        ("color is \"blue\"", true),
        ("material is \"wool\"", true),
        ("material is \"silk\"", false),
        ("(colour is \"red\" and material is \"wool\")", true),
        ("(colour is \"red\" and material is \"cotton\")", false),
        ("(category is \"Shoes\" and material is \"cotton\")", true),
        ("(category is \"Shoes\" and material is \"wool\")", false),
    ] {
        for what in ["has done \"Checkout Started\"", "has bought anything"] {
            let condition = format!("{what} where {filter}");
            assert_eq!(holds(&asked, &condition, Manner::AsKnown).holds(), right, "{condition}");
        }
    }
    let figure = "number of different material of event \"Checkout Started\"";
    for (filter, right) in
        [("", 2), (" where colour is \"red\"", 1), (" where category is \"Shoes\"", 1)]
    {
        let condition = format!("{figure}{filter} exactly {right}");
        assert!(holds(&asked, &condition, Manner::AsKnown).holds(), "{condition}");
    }
}
