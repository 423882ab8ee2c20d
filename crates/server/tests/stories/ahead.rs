//! What profiles lack is read ahead in one way through the log, while the shop goes on: whatever happens
//! between two slices of that work, in the end every row is what the log says.

use regulars_engine::event::{Document, Event};
use regulars_engine::identity::{Identifier, IdentifierKind};
use regulars_engine::record::Record;
use regulars_engine::time::{MINUTE, SECOND, Timestamp};
use regulars_engine::work::Purpose;
use regulars_server::staff::{self, Statement, Word};
use regulars_server::writer::{Writer, rebuild, stray_member};
use regulars_store::{Reader, SqliteStore, compare};
use serde_json::json;

use super::play::{Draws, Lines, at, seed, shop};

const SHOP: &str = shop!("");
const SEGMENTS: &str = "\
segment: looked often
when: 'event \"Product Viewed\" at least 3 times in the last 2 days'
---
segment: played well
when: 'sum of points of event \"Game Played\" at least 9'
";
/// What was asked for before.
const FORMER: &str = "\
segment: played
when: 'event \"Game Played\" where points at least 4'
";
/// People, the devices they use, and the events behind them: enough to be read ahead.
const PEOPLE: usize = 400;
const DEVICES: usize = 200;
const EVENTS: usize = 2_100;

/// A shop whose people, devices and documents are drawn.
struct Story {
    dir: tempfile::TempDir,
    writer: Option<Writer<SqliteStore>>,
    draws: Draws,
    now: Timestamp,
    /// How many documents have a first version.
    documents: usize,
    sent: usize,
}

impl Story {
    fn begin(number: u64) -> Self {
        let dir = tempfile::tempdir().unwrap();
        let writer = Writer::open(SqliteStore::open(dir.path()).unwrap(), Purpose::Live).unwrap();
        let now = at("2026-09-01T08:00:00Z");
        let draws = Draws::new(number);
        Self { dir, writer: Some(writer), draws, now, documents: 0, sent: 0 }
    }

    fn writer(&mut self) -> &mut Writer<SqliteStore> {
        self.writer.as_mut().unwrap()
    }

    fn publish(&mut self, segments: &str) {
        let file = |name: &str, text: &str| (name.to_owned(), text.to_owned());
        let now = self.now;
        let files = [file("shop.yaml", SHOP), file("segments.yaml", segments)];
        self.writer().publish(&files, now).unwrap();
    }

    /// Somebody does something: known, or on a device that may be another's too.
    fn event(&mut self) -> Event {
        let user = format!("u{}", self.draws.below(PEOPLE));
        let device = format!("a{}", self.draws.below(DEVICES));
        self.now = self.now.plus(SECOND * 20);
        let late = MINUTE * i64::try_from(self.draws.below(300)).unwrap();
        let when = self.now.plus(-late).to_string();
        self.sent += 1;
        let mut line = json!({ "source": "web", "messageId": format!("m{}", self.sent),
            "timestamp": when, "receivedAt": self.now.to_string() });
        match self.draws.below(12) {
            0..4 => line["userId"] = user.into(),
            4..9 => line["anonymousId"] = device.into(),
            9 => (line["userId"], line["anonymousId"]) = (user.into(), device.into()),
            10 => {
                line["userId"] = user.into();
                let mail = format!("m{}@example.com", self.draws.below(PEOPLE));
                line["traits"] = json!({ "email": mail });
                line["type"] = "identify".into();
            }
            _ => {
                let document = self.draws.below(self.documents + 3);
                self.documents = self.documents.max(document + 1);
                // Another version may be about somebody else.
                line["userId"] = user.into();
                line["messageId"] = format!("d{document}").into();
            }
        }
        if line["type"].is_null() {
            let what = ["Product Viewed", "Product Viewed", "Game Played"][self.draws.below(3)];
            (line["type"], line["event"]) = ("track".into(), what.into());
            line["properties"] = json!({ "product_id": "tee", "points": self.draws.below(9) });
        }
        let versioned = line["messageId"].as_str().unwrap().starts_with('d');
        let program = self.writer().program().clone();
        let mut event = Lines::of(&program).event(&line);
        if versioned {
            event.document = Document::Versioned;
        }
        event
    }

    fn accept(&mut self, count: usize) {
        let events: Vec<Event> = (0..count).map(|_| self.event()).collect();
        let now = self.now;
        self.writer().accept(events, Vec::new(), now).unwrap();
    }

    fn somebody(&mut self) -> Option<Record> {
        let name = format!("u{}", self.draws.below(PEOPLE));
        let key = Identifier::new(IdentifierKind::UserId, &name).unwrap();
        let writer = self.writer();
        let person = writer.reader().holder(key.key(writer.salt())).unwrap()?;
        writer.reader().person(person).unwrap().map(|(_, record)| record)
    }

    /// What happens between two slices.
    fn go_on(&mut self) {
        match self.draws.below(10) {
            0..4 => {
                let count = 1 + self.draws.below(30);
                self.accept(count);
            }
            4..6 => {
                let (Some(one), Some(other)) = (self.somebody(), self.somebody()) else { return };
                let statement = [Statement::Same, Statement::Apart][self.draws.below(2)];
                let pairs = staff::pairs(&one, &other, statement);
                let (word, now) = (Word { statement, by: "ana", because: "" }, self.now);
                if !pairs.is_empty() {
                    staff::state(self.writer(), &pairs, word, now).unwrap();
                }
            }
            6 if self.draws.below(3) == 0 => {
                let Some(record) = self.somebody() else { return };
                let now = self.now;
                self.writer().erase(record.id(), now).unwrap();
            }
            7 => {
                // What was in memory is gone.
                self.writer = None;
                let store = SqliteStore::open(self.dir.path()).unwrap();
                self.writer = Some(Writer::open(store, Purpose::Live).unwrap());
            }
            _ => {}
        }
    }

    /// Computes to the end, while the shop goes on for `busy` slices. Returns whether it goes on after
    /// these.
    fn compute(&mut self, busy: usize) -> bool {
        for _ in 0..busy {
            let now = self.now;
            if !self.writer().compute(now).unwrap() {
                return false;
            }
            self.go_on();
        }
        let now = self.now;
        while self.writer().compute(now).unwrap() {}
        true
    }

    /// The log says what every row is.
    fn assert_true(&mut self, number: u64) {
        let now = self.now;
        let writer = self.writer();
        while writer.catch_up(now).unwrap() {}
        let into = SqliteStore::in_memory().unwrap();
        let built = rebuild::<SqliteStore, _>(writer.reader(), into, &mut |_, _| {}).unwrap();
        let found = compare(writer.reader(), built.reader(), &mut |_, _| {}).unwrap();
        assert_eq!(found, None, "story {number}");
        let stray = stray_member(writer.reader(), built.reader(), now, &mut |_, _| {}).unwrap();
        assert_eq!(stray, None, "story {number}");
        let aggregates = &writer.program().aggregates;
        let rows = writer.reader().persons_after(regulars_engine::identity::PersonId(0), 10_000);
        for (id, _, record) in rows.unwrap() {
            let profile = &record.profile;
            assert!(profile.events == 0 || profile.standing.complete(aggregates), "{number}: {id}");
        }
    }
}

/// How many stories are told; `REGULARS_STORIES` sets another number.
fn stories() -> u64 {
    std::env::var("REGULARS_STORIES").ok().and_then(|text| text.parse().ok()).unwrap_or(2)
}

/// Rows that were completed by what was read ahead are those that a fold of the whole log gives, with
/// events, late ones, logins, new versions, staff, erasures and restarts in between. What nobody asked for
/// for a while is no less true when somebody asks again.
#[test]
fn what_is_read_ahead_comes_to_what_the_log_says() {
    let mut went_on = 0;
    for number in seed()..seed() + stories() {
        let mut story = Story::begin(number);
        story.publish(if number % 2 == 0 { "" } else { FORMER });
        for _ in 0..EVENTS / 100 {
            story.accept(100);
        }
        story.compute(0);
        story.publish(SEGMENTS);
        went_on += usize::from(story.compute(12));
        story.assert_true(number);
        story.publish(FORMER);
        story.accept(200);
        story.publish(SEGMENTS);
        story.compute(0);
        story.assert_true(number);
    }
    assert!(went_on > 0, "nothing happened meanwhile");
}
