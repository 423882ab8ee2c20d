//! Codes that staff give one person: by the rules of messages, counted with them over all records,
//! once by id, and gone with the person.

use regulars_engine::decision::Verdict;
use regulars_engine::event::Line;
use regulars_engine::identity::{Identifier, IdentifierKind, PersonId};
use regulars_engine::offer::Refusal;
use regulars_engine::reason::ReasonCode;
use regulars_engine::time::{DAY, HOUR, MINUTE};
use regulars_engine::work::{GiftBack, Redeemed};
use regulars_server::offers::{
    Answer, Back, Giving, SHOWN_AGAIN_MS, codes_json, gift_id, give, given_by_hand, named_product,
    take_back,
};
use regulars_server::writer::{Asked, Bound};
use regulars_store::Reader;
use serde_json::json;

use super::play::{Bench, shop};

const SHOP: &str = shop!(
    "\
---
offer: sorry
gives: 5 EUR off
budget: 3 codes
---
offer: other
gives: 10 % off
---
journey: visit
purpose: care
enter: [Store Visited]
re-entry: 1 minute
steps:
  - { send: letter, channel: email, template: letter, offer: sorry }
---
template: letter
built in: cart-reminder
"
);

struct Town(Bench);

impl Town {
    fn begin() -> Self {
        let mut bench = Bench::begin(SHOP);
        // The till has told everything up to now, and goes on speaking.
        bench.arrive(json!({ "source": "pos", "type": "identify", "userId": "somebody" }));
        Self(bench)
    }

    /// Somebody who gave an address.
    fn known(&mut self, me: &str) {
        let email = format!("{me}@example.com");
        self.0.arrive(json!({ "type": "identify", "userId": me, "traits": { "email": email } }));
    }

    fn holder(&self, kind: IdentifierKind, value: &str) -> PersonId {
        let identifier = Identifier::new(kind, value).unwrap();
        let reader = self.0.writer.reader();
        let held = reader.holder(identifier.key(reader.salt())).unwrap();
        reader.person(held.expect("somebody is known")).unwrap().unwrap().1.id()
    }

    fn person(&self, me: &str) -> PersonId {
        self.holder(IdentifierKind::UserId, me)
    }

    fn ask(
        &mut self,
        me: &str,
        what: (&str, &str),
        lines: Option<Vec<Line>>,
        dry_run: bool,
    ) -> Answer {
        self.ask_of(self.person(me), what, lines, dry_run)
    }

    fn ask_of(
        &mut self,
        person: PersonId,
        (offer, id): (&str, &str),
        lines: Option<Vec<Line>>,
        dry_run: bool,
    ) -> Answer {
        let giving = Giving {
            id: id.to_owned(),
            offer: offer.to_owned(),
            person,
            lines,
            by: "ana".to_owned(),
            dry_run,
        };
        give(&mut self.0.writer, &giving, self.0.now).unwrap()
    }

    fn give(&mut self, me: &str, id: &str) -> Answer {
        self.ask(me, ("sorry", id), None, false)
    }

    fn take_back(&mut self, id: &str, dry_run: bool) -> GiftBack {
        let back = Back { id: id.to_owned(), by: "eva".to_owned(), dry_run };
        take_back(&mut self.0.writer, &back, self.0.now).unwrap()
    }

    fn redeem(&mut self, code: &str, redemption: &str, bound: Bound) -> Redeemed {
        let (code, redemption) = (code.to_owned(), redemption.to_owned());
        let asked = Asked { redemption, code, ..Asked::default() };
        self.0.writer.redeem(&asked, bound, self.0.now).unwrap()
    }

    fn bought(&mut self, me: &str, product: &str) {
        self.0.arrive(json!({ "source": "pos", "event": "Order Completed", "userId": me,
            "properties": { "order_id": format!("{me}-{product}"),
                "products": [{ "product_id": product, "price": 20, "quantity": 1 }] } }));
    }
}

fn code(answer: &Answer) -> String {
    answer.given().unwrap_or_else(|| panic!("{answer:?}")).code.clone()
}

#[test]
fn a_code_is_given_once_by_id_and_shown_for_a_while() {
    let mut town = Town::begin();
    town.known("ana");
    town.known("bea");
    assert_eq!(town.ask("ana", ("sorry", ""), None, true), Answer::May);
    let stand = |town: &Town| town.0.writer.stock().stand("sorry", town.0.now);
    assert_eq!(stand(&town).open, 0, "who only asks is given nothing");
    let first = code(&town.give("ana", "ticket-1"));
    assert_eq!(code(&town.give("ana", "ticket-1")), first);
    assert_eq!(stand(&town).open, 1);
    assert_eq!(town.give("bea", "ticket-1"), Answer::OtherGift);
    assert_eq!(town.ask("ana", ("other", "ticket-1"), None, false), Answer::OtherGift);
    town.0.now = town.0.now.plus(SHOWN_AGAIN_MS - 1);
    assert_eq!(code(&town.give("ana", "ticket-1")), first);
    town.0.now = town.0.now.plus(1);
    assert_eq!(town.give("ana", "ticket-1"), Answer::Before(None));
    // Another gift within the time for one person.
    let answer = town.give("ana", "ticket-2");
    assert!(matches!(answer, Answer::Refused(_)), "{answer:?}");
    assert_eq!(answer.reasons()[0].code, ReasonCode::OfferRefused);
    assert!(answer.reasons()[0].text().contains("was given the offer sorry"), "{answer:?}");
}

/// A message and a gift take from the same right to one, whichever comes first, over all records.
#[test]
fn gifts_and_messages_count_as_one_over_all_records() {
    let mut town = Town::begin();
    town.known("ana");
    code(&town.give("ana", "1"));
    town.0.writer.take_decided();
    town.0.arrive(json!({ "event": "Store Visited", "userId": "ana" }));
    town.0.now = town.0.now.plus(2 * HOUR);
    town.0.writer.tick(town.0.now, 64).unwrap();
    let decided = town.0.writer.take_decided();
    let skipped = decided.iter().find(|decision| decision.verdict == Verdict::Skip);
    assert_eq!(skipped.unwrap().reasons[0].code, ReasonCode::OfferRefused, "{decided:?}");
    // A visitor without a name is given one, and turns out to be Bea.
    town.known("bea");
    assert_eq!(town.ask("bea", ("sorry", ""), None, true), Answer::May);
    town.0.arrive(json!({ "type": "page", "anonymousId": "tablet", "name": "Home" }));
    let tablet = town.holder(IdentifierKind::AnonymousId, "tablet");
    code(&town.ask_of(tablet, ("sorry", "2"), None, false));
    town.0.arrive(json!({ "type": "identify", "userId": "bea", "anonymousId": "tablet" }));
    let answer = town.ask("bea", ("sorry", ""), None, true);
    assert!(matches!(answer, Answer::Refused(_)), "{answer:?}");
}

#[test]
fn a_gift_that_is_taken_back_is_good_for_nothing_and_counts_for_nothing() {
    let mut town = Town::begin();
    town.known("ana");
    town.known("bea");
    let given = code(&town.give("ana", "ticket-1"));
    let done = || GiftBack::Done("sorry".to_owned());
    let stand = |town: &Town| {
        let stand = town.0.writer.stock().stand("sorry", town.0.now);
        (stand.open, stand.taken_back)
    };
    assert_eq!(town.take_back("ticket-1", true), done());
    assert_eq!(stand(&town), (1, 0), "who only asks changes nothing");
    town.0.now = town.0.now.plus(MINUTE);
    assert_eq!(town.take_back("ticket-1", false), done());
    assert_eq!(town.take_back("ticket-1", false), GiftBack::Before("sorry".to_owned()));
    assert_eq!(town.take_back("ticket-9", false), GiftBack::NoGift);
    assert_eq!(stand(&town), (0, 1), "its money is free again");
    let refused = Redeemed::Refused(Refusal::TakenBack);
    assert_eq!(town.redeem(&given, "r-1", Bound::ByTheRules), refused);
    assert_eq!(town.give("ana", "ticket-1"), Answer::TakenBack);
    // It does not count as hers, wherever she goes; it does count who took it, and when.
    town.0.arrive(json!({ "type": "identify", "userId": "ana", "anonymousId": "tablet" }));
    let second = code(&town.give("ana", "ticket-2"));
    assert_ne!(second, given);
    let reader = town.0.writer.reader();
    let record = reader.person(town.person("ana")).unwrap().unwrap().1;
    let (codes, program) = (reader.codes_of(&[record.id()]).unwrap(), town.0.writer.program());
    let told = codes_json(reader, program, &record).unwrap();
    let at = town.0.now.to_string();
    let taken = told.iter().find(|code| code["state"] == "taken_back").unwrap();
    assert_eq!((&taken["code"], &taken["taken_back_at"]), (&json!(null), &at.into()));
    let noted = given_by_hand(reader, &codes).unwrap();
    let ids: Vec<_> = noted.values().map(|gift| (gift.id.as_str(), gift.by.as_str())).collect();
    assert_eq!(ids, [("ticket-1", "ana"), ("ticket-2", "ana")]);
    // One that was used stays used, and says so.
    assert!(matches!(town.redeem(&second, "r-2", Bound::ByTheRules), Redeemed::Done { .. }));
    assert_eq!(town.take_back("ticket-2", false), GiftBack::Used("sorry".to_owned()));
    // A till that was offline took one before it heard: it has happened.
    let third = code(&town.give("bea", "ticket-3"));
    assert_eq!(town.take_back("ticket-3", false), done());
    assert!(matches!(town.redeem(&third, "r-3", Bound::HasHappened), Redeemed::Done { .. }));
    assert_eq!(stand(&town), (0, 1));
    // Whoever gave it may be gone.
    code(&town.ask("bea", ("other", "ticket-4"), None, false));
    let bea = town.person("bea");
    town.0.writer.erase(bea, town.0.now).unwrap();
    assert_eq!(town.take_back("ticket-4", false), GiftBack::Done("other".to_owned()));
}

#[test]
fn nobody_is_given_an_offer_on_what_was_bought_or_brought_back() {
    let mut town = Town::begin();
    town.known("ana");
    town.bought("ana", "tee");
    let tee = || Some(vec![named_product("tee").unwrap()]);
    let answer = town.ask("ana", ("sorry", ""), tee(), true);
    assert!(answer.reasons()[0].text().contains("was bought before"), "{answer:?}");
    assert_eq!(
        town.ask("ana", ("sorry", ""), Some(vec![named_product("cap").unwrap()]), true),
        Answer::May
    );
    // Without a word it is for what is open in her cart, as a message's would be.
    assert_eq!(town.ask("ana", ("sorry", ""), None, true), Answer::May);
    town.0.now = town.0.now.plus(MINUTE);
    town.0.arrive(json!({ "event": "Product Added", "userId": "ana",
        "properties": { "product_id": "tee", "price": 20, "quantity": 1 } }));
    let answer = town.ask("ana", ("sorry", "1"), None, false);
    assert!(matches!(answer, Answer::Refused(_)), "{answer:?}");
    assert_eq!(town.0.writer.stock().stand("sorry", town.0.now).open, 0);
}

/// Whoever names a product is never given a code for something else, because the name was not read.
#[test]
fn what_names_no_product_or_gift_is_told() {
    let letters = |number: usize| "ж".repeat(number);
    assert!(named_product(&letters(200)).is_some());
    assert_eq!(named_product(&letters(201)), None);
    assert_eq!(named_product("  "), None);
    assert_eq!(gift_id(" ticket-1 "), Some("ticket-1"));
    assert_eq!((gift_id(" "), gift_id(&"x".repeat(201))), (None, None));
}

#[test]
fn a_budget_ends_and_a_maybe_grants_nothing() {
    let mut town = Town::begin();
    for me in ["ana", "bea", "eva", "zoe"] {
        town.known(me);
    }
    for (number, me) in ["ana", "bea", "eva"].into_iter().enumerate() {
        code(&town.give(me, &number.to_string()));
    }
    let answer = town.give("zoe", "3");
    assert!(answer.reasons()[0].text().contains("the budget"), "{answer:?}");
    // The till has been silent for so long that a purchase may be on its way.
    town.0.now = town.0.now.plus(40 * DAY);
    town.0.arrive(json!({ "event": "Product Viewed", "userId": "zoe",
        "properties": { "product_id": "tee" } }));
    let answer = town.ask("zoe", ("other", "4"), Some(vec![named_product("tee").unwrap()]), false);
    assert!(matches!(answer, Answer::Unknown(_)), "{answer:?}");
    assert_eq!(town.0.writer.stock().stand("other", town.0.now).open, 0);
}

#[test]
fn what_was_given_is_hers_to_see_and_goes_with_her() {
    let mut town = Town::begin();
    town.known("ana");
    let given = code(&town.give("ana", "ticket-1"));
    town.0.now = town.0.now.plus(5 * MINUTE);
    let person = town.person("ana");
    let (program, reader) =
        (std::sync::Arc::clone(town.0.writer.program()), town.0.writer.reader());
    let record = reader.person(person).unwrap().unwrap().1;
    let told = codes_json(reader, &program, &record).unwrap();
    assert_eq!((&told[0]["code"], &told[0]["state"]), (&given.clone().into(), &"issued".into()));
    town.0.writer.erase(person, town.0.now).unwrap();
    let left = town.0.writer.reader().codes_of(&[person]).unwrap();
    assert!(left.is_empty(), "{} codes name her still", left.len());
    // It may be used by whoever holds it, and counts.
    assert_eq!(town.0.writer.stock().stand("sorry", town.0.now).open, 1);
}
