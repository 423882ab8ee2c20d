//! Journeys that begin on a date of people who were there before: publishing finds everybody's next date,
//! and everybody's is what the log says.

use std::collections::BTreeSet;

use jiff::civil::Date;
use regulars_engine::decision::Verdict;
use regulars_engine::identity::PersonId;
use regulars_engine::journey::Outcome;
use regulars_engine::time::Timestamp;
use regulars_engine::work::Purpose;
use regulars_server::clockwork::Clockwork;
use regulars_server::writer::{Writer, rebuild, stray_member};
use regulars_store::{Reader, SqliteStore};
use serde_json::json;

use super::play::{Lines, at};

const SHOP: &str = "\
shop: Tienda
zone: Europe/Madrid
currency: EUR
";
const BIRTHDAY: &str = "\
journey: birthday
purpose: care
enter: birthday at 09:00
re-entry: 1 minute
steps: [ wait: 1 hour ]
";

fn files(texts: &[&str]) -> Vec<(String, String)> {
    (0..).zip(texts).map(|(number, text)| (format!("{number}.yaml"), (*text).to_owned())).collect()
}

/// 400 people, whose birthdays are one day after the other; the journey is published at noon of the
/// first of them, which is over then. A year on, everybody else has had one, at nine in the morning.
#[test]
fn a_date_is_found_for_whoever_was_there_before() {
    let writer = Writer::open(SqliteStore::in_memory().unwrap(), Purpose::Live).unwrap();
    let mut clock = Clockwork::begin(writer, Box::new(|_, _| Outcome::Sent));
    let start = at("2027-03-01T11:00:00Z");
    // From here on they are kept.
    clock.take_decided();
    clock.writer().publish(&files(&[SHOP]), start).unwrap();
    let mut lines = Lines::of(clock.program());
    let first: Date = "2027-03-01".parse().unwrap();
    let born = |number: i64| {
        let day = first.checked_add(jiff::Span::new().days(number)).unwrap();
        day.strftime("%m-%d").to_string()
    };
    let event = |number: i64| {
        lines.event(&json!({
            "type": "identify", "source": "web", "messageId": format!("m{number}"),
            "userId": format!("u{number}"), "traits": { "birthday": born(number) },
            "timestamp": start.to_string(), "receivedAt": start.to_string(),
        }))
    };
    clock.arrive((0..400).map(event).collect(), start).unwrap();
    clock.writer().publish(&files(&[SHOP, BIRTHDAY]), start).unwrap();
    let end = at("2028-02-29T22:59:00Z");
    clock.go_on_until(end).unwrap();
    let decided = clock.take_decided();
    let entered: Vec<_> = decided.iter().filter(|d| d.verdict == Verdict::Enter).collect();
    // Two were born on 1 March, and wait for the next one.
    assert_eq!(entered.len(), 398);
    let people: BTreeSet<_> = entered.iter().map(|d| d.person).collect();
    assert_eq!(people.len(), 398, "nobody has two birthdays a year");
    let zone = clock.program().shop.zone.clone();
    let nine = |at: Timestamp| at.in_zone(&zone).strftime("%H:%M").to_string() == "09:00";
    assert!(entered.iter().all(|decision| nine(decision.at)));
    let writer = clock.into_writer();
    let into = SqliteStore::in_memory().unwrap();
    let built = rebuild::<SqliteStore, _>(writer.reader(), into, &mut |_, _| {}).unwrap();
    let stray = stray_member(writer.reader(), built.reader(), end, &mut |_, _| {}).unwrap();
    assert_eq!(stray, None);
    let (_, _, record) = writer.reader().persons_after(PersonId(0), 1).unwrap().remove(0);
    assert_eq!(record.next_date.due_at, Some(at("2028-03-01T08:00:00Z")));
}
