//! People are moved to the version in force: it is told before who comes where, waits count from when they
//! began, whoever's step is gone does what was said, and the accounts of both versions balance.

use regulars_engine::decision::Verdict;
use regulars_engine::identity::PersonId;
use regulars_engine::journey::{RequestedBy, State};
use regulars_engine::time::{HOUR, Timestamp};
use regulars_engine::work::{Purpose, Transferred};
use regulars_server::enroll::{Answer, Asked, Enrolling, enroll};
use regulars_server::moving::{Moves, Moving, Refused, inside, move_people, moves};
use regulars_server::writer::Writer;
use regulars_store::{DecisionFilter, Reader, SqliteStore};

use super::play::at;

const OLD: &str = "\
journey: care
purpose: care
enter: [api]
steps:
  - wait: 2 hours
  - { wait: 5 hours, name: pause }
  - { wait: 1 day, name: rest }
";

/// The first wait is longer, the second is gone, and staff are asked at the end.
const NEW: &str = "\
journey: care
purpose: care
enter: [api]
steps:
  - wait: 3 hours
  - { wait: 1 day, name: rest }
  - { notify: Write to them, name: ask }
";

struct Shop {
    writer: Writer<SqliteStore>,
    people: Vec<PersonId>,
}

fn publish(writer: &mut Writer<SqliteStore>, text: &str, now: Timestamp) {
    writer.publish(&[("care.yaml".to_owned(), text.to_owned())], now).unwrap();
}

/// Ana waits, Bea is in the step that goes away, Cleo is in the one that is named.
fn shop() -> Shop {
    let mut writer = Writer::open(SqliteStore::in_memory().unwrap(), Purpose::Live).unwrap();
    publish(&mut writer, OLD, at("2026-11-16T00:00:00Z"));
    let enrolling = Enrolling {
        journey: "care".to_owned(),
        by: RequestedBy::Api,
        known_only: false,
        dry_run: false,
    };
    let mut people = Vec::new();
    let ten = at("2026-11-16T10:00:00Z");
    for (name, hours) in [("cleo", 8), ("bea", 4), ("ana", 1)] {
        let entered = ten.plus(-hours * HOUR);
        while writer.tick(entered, 64).unwrap() > 0 {}
        let identifiers = [("email".to_owned(), format!("{name}@shop.example"))].into();
        let asked = Asked { identifiers, ..Asked::default() };
        let answers = enroll(&mut writer, &enrolling, &[asked], entered).unwrap();
        let Answer::Entered(person) = answers[0] else { panic!("{answers:?}") };
        people.push(person);
    }
    while writer.tick(ten, 64).unwrap() > 0 {}
    people.reverse();
    Shop { writer, people }
}

impl Shop {
    fn moves(&self, gone: &str) -> Result<Moves, Refused> {
        let moving =
            Moving { journey: "care".to_owned(), gone: gone.to_owned(), by: "Eva".to_owned() };
        moves(self.writer.program(), &self.writer.reader().accounts().unwrap(), &moving)
    }

    fn go(&mut self, gone: &str) -> Transferred {
        let moves = self.moves(gone).unwrap();
        let mut told = Transferred::default();
        let mut next = Some(PersonId(0));
        while let Some(after) = next {
            let found = inside(self.writer.reader(), &moves, after).unwrap();
            let now = at("2026-11-16T10:00:00Z");
            told.add(move_people(&mut self.writer, &moves, &found.persons, now).unwrap());
            next = found.next;
        }
        let accounts = self.writer.reader().accounts().unwrap();
        assert!(accounts.iter().all(regulars_store::Account::balances), "{accounts:?}");
        told
    }

    /// At which step of which version a person is, and until when.
    fn stands(&self, person: usize) -> (bool, u32, Option<Timestamp>) {
        let (_, record) = self.writer.reader().person(self.people[person]).unwrap().unwrap();
        let own = &record.enrollments[0];
        let until = match own.state {
            State::Waiting { until } => until,
            _ => None,
        };
        let force = self.writer.program().live_journey("care").unwrap().version;
        (own.version == force, own.step, until)
    }
}

#[test]
fn it_is_told_who_comes_where_and_waits_count_from_their_beginning() {
    let mut shop = shop();
    publish(&mut shop.writer, NEW, at("2026-11-16T10:00:00Z"));
    let told = shop.moves("stay").unwrap();
    let rows: Vec<_> = told
        .rows
        .iter()
        .map(|row| (row.step.0, row.people, row.to.as_ref().map(|to| to.0)))
        .collect();
    assert_eq!(rows, [(0, 1, Some(0)), (1, 1, None), (2, 1, Some(1))]);
    assert_eq!(shop.moves("nowhere").unwrap_err(), Refused::NoStep("nowhere".to_owned()));
    assert_eq!(shop.go("stay"), Transferred { moved: 2, left: 0, stayed: 1 });
    // Ana entered at nine: three hours and not two.
    assert_eq!(shop.stands(0), (true, 0, Some(at("2026-11-16T12:00:00Z"))));
    assert!(!shop.stands(1).0, "the step is gone, and nobody said what then");
    // Cleo came to the pause at four and to the rest at nine.
    assert_eq!(shop.stands(2), (true, 1, Some(at("2026-11-17T09:00:00Z"))));
    let moved = DecisionFilter { verdict: Some(Verdict::Move), ..DecisionFilter::default() };
    let decided = shop.writer.reader().decisions(&moved, 9).unwrap();
    let reason = decided[0].decision.reasons[0].text();
    assert_eq!(decided.len(), 2);
    assert!(reason.contains("Eva"), "{reason}");
    // The same again finds nobody to move.
    assert_eq!(shop.go("stay"), Transferred { moved: 0, left: 0, stayed: 1 });
}

#[test]
fn whose_step_is_gone_leaves_or_comes_to_the_step_that_is_named() {
    let mut shop = shop();
    publish(&mut shop.writer, NEW, at("2026-11-16T10:00:00Z"));
    assert_eq!(shop.go("leave"), Transferred { moved: 2, left: 1, stayed: 0 });
    let mut shop = self::shop();
    publish(&mut shop.writer, NEW, at("2026-11-16T10:00:00Z"));
    assert_eq!(shop.go("rest"), Transferred { moved: 3, left: 0, stayed: 0 });
    // Bea begins the rest only then.
    assert_eq!(shop.stands(1), (true, 1, Some(at("2026-11-17T10:00:00Z"))));
    while shop.writer.tick(at("2026-11-17T11:00:00Z"), 64).unwrap() > 0 {}
    assert_eq!(shop.writer.reader().open_notices().unwrap(), 2, "Cleo and Bea are through");
}
