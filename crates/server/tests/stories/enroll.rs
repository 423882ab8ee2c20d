//! The shop asks that people enter a journey: each gets an answer, a repeat changes nothing, a dry run
//! keeps nothing, and whoever was erased stays unknown.

use regulars_engine::decision::Verdict;
use regulars_engine::identity::{Identifier, IdentifierKind};
use regulars_engine::journey::RequestedBy;
use regulars_engine::work::Purpose;
use regulars_server::enroll::{Answer, Asked, Enrolling, Refused, enroll};
use regulars_server::writer::{Writer, rebuild};
use regulars_store::{DecisionFilter, Reader, SqliteStore, Store};
use serde_json::json;

use super::play::at;

const JOURNEYS: &str = "\
journey: welcome
purpose: care
enter: { on: [api], if: has done \"Enrollment Requested\" where voucher is \"A1\" }
steps:
  - set: { welcomed: yes }
  - wait: 2 days
---
journey: delivery
purpose: transactional
enter: { on: [file, api], for each: order }
steps:
  - wait: 2 days
";

fn shop() -> Writer<SqliteStore> {
    let mut writer = Writer::open(SqliteStore::in_memory().unwrap(), Purpose::Live).unwrap();
    let files = [("journeys.yaml".to_owned(), JOURNEYS.to_owned())];
    writer.publish(&files, at("2026-11-16T08:00:00Z")).unwrap();
    writer
}

fn into(journey: &str) -> Enrolling {
    Enrolling {
        journey: journey.to_owned(),
        by: RequestedBy::Api,
        known_only: false,
        dry_run: false,
    }
}

fn asked(id: &str, email: &str, voucher: &str) -> Asked {
    Asked {
        id: Some(id.to_owned()),
        identifiers: [("email".to_owned(), email.to_owned())].into(),
        data: [("voucher".to_owned(), json!(voucher))].into(),
        ..Asked::default()
    }
}

fn words(answers: &[Answer]) -> Vec<&'static str> {
    answers.iter().map(Answer::word).collect()
}

#[test]
fn each_request_gets_its_answer_and_a_repeat_changes_nothing() {
    let mut writer = shop();
    let now = at("2026-11-16T09:00:00Z");
    let people = [
        asked("1", "ana@shop.example", "A1"),
        asked("2", "bea@shop.example", "B2"),
        asked("3", "no address", "A1"),
        asked("4", "Ana@shop.example", "A1"),
        asked("1", "ana@shop.example", "A1"),
        asked("1", "ana@shop.example", "A2"),
    ];
    let answers = enroll(&mut writer, &into("welcome"), &people, now).unwrap();
    let expected = ["entered", "declined", "not_understood", "declined", "repeated", "conflict"];
    assert_eq!(words(&answers), expected);
    let why = |answer: &Answer| match answer {
        Answer::Declined(_, reasons) => reasons[0].code.code(),
        _ => "",
    };
    assert_eq!((why(&answers[1]), why(&answers[3])), ("condition_false", "already_in"));
    let again = enroll(&mut writer, &into("welcome"), &people, now.plus(60_000)).unwrap();
    assert_eq!(again[0], Answer::Repeated);
    let entered = DecisionFilter { verdict: Some(Verdict::Enter), ..DecisionFilter::default() };
    assert_eq!(writer.reader().decisions(&entered, 10).unwrap().len(), 1);
}

#[test]
fn a_dry_run_says_the_same_and_keeps_nothing() {
    let mut writer = shop();
    let now = at("2026-11-16T09:00:00Z");
    let people = [asked("1", "ana@shop.example", "A1"), asked("2", "bea@shop.example", "B2")];
    let dry = Enrolling { dry_run: true, ..into("welcome") };
    let told = enroll(&mut writer, &dry, &people, now).unwrap();
    assert_eq!(writer.reader().totals().unwrap().events, 0);
    assert_eq!(writer.reader().totals().unwrap().persons, 0);
    assert_eq!(enroll(&mut writer, &into("welcome"), &people, now).unwrap(), told);
}

#[test]
fn orders_are_entered_apart_and_strangers_can_be_left_out() {
    let mut writer = shop();
    let now = at("2026-11-16T09:00:00Z");
    let order = |id: &str, key: &str| Asked {
        key: Some(key.to_owned()),
        ..asked(id, "ana@shop.example", "x")
    };
    let people = [order("1", "o-1"), order("2", "o-2"), order("3", "o-1")];
    let answers = enroll(&mut writer, &into("delivery"), &people, now).unwrap();
    assert_eq!(words(&answers), ["entered", "entered", "declined"]);
    let known = Enrolling { known_only: true, ..into("delivery") };
    let answers = enroll(&mut writer, &known, &[asked("9", "new@shop.example", "")], now).unwrap();
    assert_eq!(answers, [Answer::Unknown]);
    let by_file = Enrolling { by: RequestedBy::File, ..into("welcome") };
    let (refused, cure) = by_file.refused(writer.program()).unwrap();
    assert!(matches!(refused, Refused::NotAsked(_)) && cure.contains("file"), "{cure}");
}

/// A request is ground truth: the log folds to the same person again. Erased means erased.
#[test]
fn a_request_is_folded_again_and_erased_with_its_person() {
    let mut writer = shop();
    let now = at("2026-11-16T09:00:00Z");
    let people = [asked("1", "ana@shop.example", "A1")];
    let answers = enroll(&mut writer, &into("welcome"), &people, now).unwrap();
    let Answer::Entered(person) = answers[0] else { panic!("{answers:?}") };
    let store = SqliteStore::in_memory().unwrap().with_salt(writer.salt()).unwrap();
    let reader = writer.store().reader().unwrap();
    let built = rebuild::<SqliteStore, _>(&reader, store, &mut |_, _| {}).unwrap();
    let (_, again) = built.reader().person(person).unwrap().unwrap();
    let (_, kept) = reader.person(person).unwrap().unwrap();
    assert_eq!((&again.profile, &again.evidence), (&kept.profile, &kept.evidence));
    writer.erase(person, now).unwrap();
    let email = Identifier::new(IdentifierKind::Email, "ana@shop.example").unwrap();
    assert!(writer.reader().erased(email.key(writer.salt())).unwrap());
    let later = [asked("5", "ana@shop.example", "A1")];
    let answers = enroll(&mut writer, &into("welcome"), &later, now.plus(1)).unwrap();
    assert_eq!(answers, [Answer::Erased]);
    let log = writer.reader().log(regulars_engine::event::LogPosition(1), 10).unwrap();
    assert!(log.iter().all(|entry| !format!("{:?}", entry.logged.event).contains("A1")));
}
