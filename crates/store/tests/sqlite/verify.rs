//! Verifying: a store filled again from its log is equal, and one changed byte in any derived
//! table is seen.

use std::path::Path;

use regulars_engine::commit::{Commit, PersonWrite};
use regulars_engine::event::{Code, CodeKind, Event, Kind, LogPosition};
use regulars_engine::journey::{Enrollment, EntryKey, State};
use regulars_engine::segment::{Membership, Within};
use regulars_engine::source::{Feed, FeedName};
use regulars_engine::time::Timestamp;
use regulars_store::{Reader, SqliteReader, SqliteStore, Store, compare};
use rusqlite::Connection;
use rusqlite::types::Value;

use crate::calls::call;
use crate::erase;
use crate::shop::{accept, commit_of, event, named, row, write_row};

fn fill(store: &mut SqliteStore) {
    for (number, last) in ["García", "López", "Ruiz", "Vega"].iter().enumerate() {
        let names = [format!("user_id:u{number}"), format!("email:u{number}@shop.es")];
        accept(store, vec![named(&format!("n{number}"), &[&names[0], &names[1]], "Ana", last)]);
    }
    for batch in 0..30 {
        let one = |n: u64| {
            let who = format!("user_id:u{}", n % 4);
            event(&format!("m{batch}-{n}"), Kind::ProductViewed, 5, &[who.as_str()])
        };
        accept(store, (0..9).map(one).collect());
    }
}

/// What the program folds beside persons, and one person's enrollment.
fn fold_the_rest(store: &mut SqliteStore) {
    let name = FeedName { source: "web".to_owned(), feed: "app".to_owned() };
    let code = Code { kind: CodeKind::Sku, value: "BOOT-42".to_owned() };
    let mut commit = Commit {
        feeds: vec![(name.clone(), Feed { events: 274, by_hour: vec![9; 168], ..Feed::default() })],
        codes: vec![(code, "boots".to_owned(), Timestamp(7))],
        calls: vec![call(1, "crm", 5), call(2, "crm", 6)],
        ..Commit::default()
    };
    let (person, read_version, mut record) = row(store, "user_id:u2");
    record.enrollments = vec![Enrollment {
        journey: "cart".to_owned(),
        version: 8,
        key: EntryKey::Person,
        entered_at: Timestamp(0),
        entered_by: LogPosition(1),
        cart: Vec::new().into(),
        step: 2,
        since: Timestamp(0),
        state: State::Held {
            due_at: Timestamp(1),
            until: Timestamp(50),
            reasons: Vec::new(),
            waits_for: vec![(name, Timestamp(40))],
        },
        waits_for: Vec::new(),
        arms: Vec::new(),
        again: None,
    }];
    commit.passages.came(&record.enrollments[0]);
    commit.persons = vec![PersonWrite { person, read_version, record: Some(record) }];
    store.commit(&commit).unwrap();
}

/// Two persons in segments: one of them in the blocks of members already, one on the way there.
fn enter_segments(store: &mut SqliteStore) {
    for name in ["user_id:u0", "user_id:u1"] {
        while store.tidy().unwrap() {}
        let (person, version, mut record) = row(store, name);
        let within = [3, 70].map(|segment| Within { segment, since: Timestamp(1) });
        record.membership = Membership { within: within.into(), ..Membership::default() }.into();
        write_row(store, (person, version, record));
    }
}

/// Fills a store of the memory from the log of another, in batches of another size.
fn rebuild(from: &SqliteReader, batch: usize) -> SqliteStore {
    let mut into = SqliteStore::in_memory().unwrap().with_salt(from.salt()).unwrap();
    let mut next = LogPosition(1);
    loop {
        let entries = from.log(next, batch).unwrap();
        let Some(last) = entries.last() else { return into };
        next = LogPosition(last.logged.position.0 + 1);
        let keys: Vec<_> = entries.iter().map(|entry| entry.logged.key).collect();
        let events: Vec<Event> = entries.into_iter().map(|entry| entry.logged.event).collect();
        let mut commit = commit_of(&mut into, events);
        for (logged, key) in commit.events.iter_mut().zip(keys) {
            logged.key = key;
        }
        into.commit(&commit).unwrap();
    }
}

/// What checking and comparing find, in words.
fn findings(dir: &Path, rebuilt: &SqliteStore) -> Vec<String> {
    let reader = match SqliteReader::open(dir) {
        Ok(reader) => reader,
        Err(error) => return vec![error.to_string()],
    };
    let mut found = match reader.check(&mut |_, _| {}) {
        Ok(problems) => problems.iter().map(|p| format!("{}: {}", p.table, p.what)).collect(),
        Err(error) => vec![error.to_string()],
    };
    match compare(&reader, &rebuilt.reader().unwrap(), &mut |_, _| {}) {
        Ok(difference) => found.extend(difference.map(|difference| difference.to_string())),
        Err(error) => found.push(error.to_string()),
    }
    found
}

#[test]
fn a_store_filled_again_from_its_log_is_equal() {
    let dir = tempfile::tempdir().unwrap();
    let mut store = SqliteStore::open(dir.path()).unwrap();
    fill(&mut store);
    erase::fill(&mut store);
    let erasure = erase::erasure(&mut store);
    store.erase(&erasure).unwrap();
    store.scrub().unwrap();
    while store.tidy().unwrap() {}
    for batch in [1, 7, 5_000] {
        let rebuilt = rebuild(&store.reader().unwrap(), batch);
        assert_eq!(findings(dir.path(), &rebuilt), Vec::<String>::new());
    }
}

#[test]
fn the_first_person_and_field_that_differ_are_named() {
    let dir = tempfile::tempdir().unwrap();
    let mut store = SqliteStore::open(dir.path()).unwrap();
    fill(&mut store);
    let mut rebuilt = rebuild(&store.reader().unwrap(), 50);
    for name in ["user_id:u3", "user_id:u1"] {
        let (person, version, mut record) = row(&mut rebuilt, name);
        record.profile.events += 1;
        record.profile.traits.clear();
        write_row(&mut rebuilt, (person, version, record));
    }
    let id = row(&mut store, "user_id:u1").0;
    let left = store.reader().unwrap();
    let found = compare(&left, &rebuilt.reader().unwrap(), &mut |_, _| {}).unwrap().unwrap();
    assert_eq!(found.to_string(), format!("person: profile.traits of person {id} differs"));
}

/// Every column of every derived table, of the log, and of what is counted of journeys.
const COLUMNS: [(&str, &str); 45] = [
    ("frame", "first"),
    ("frame", "count"),
    ("frame", "events"),
    ("message_key", "first"),
    ("message_key", "keys"),
    ("message_key", "contents"),
    ("pointer", "first"),
    ("pointer", "chunks"),
    ("identifier", "entries"),
    ("person", "id"),
    ("person", "due_at"),
    ("person", "decided"),
    ("person", "terms"),
    ("person", "waits"),
    ("person", "stands"),
    ("person", "checksum"),
    ("person", "record"),
    ("person", "room"),
    ("due", "entries"),
    ("wait", "source"),
    ("wait", "feed"),
    ("wait", "needed_until"),
    ("wait", "person"),
    ("account", "step"),
    ("account", "enrollments"),
    ("passage", "step"),
    ("passage", "came"),
    ("passage", "out"),
    ("passage", "done"),
    ("member", "block"),
    ("member", "persons"),
    ("member_turn", "turns"),
    ("member_turn", "entries"),
    ("call_count", "destination"),
    ("call_count", "state"),
    ("call_count", "calls"),
    ("search_term", "term"),
    ("search_term", "person"),
    ("feed", "source"),
    ("feed", "feed"),
    ("feed", "state"),
    ("source_count", "accepted"),
    ("learned", "kind"),
    ("learned", "product"),
    ("learned", "at"),
];

#[test]
fn one_changed_byte_in_any_derived_table_is_seen() {
    let dir = tempfile::tempdir().unwrap();
    let mut store = SqliteStore::open(dir.path()).unwrap();
    fill(&mut store);
    let mut rebuilt = rebuild(&store.reader().unwrap(), 50);
    for store in [&mut store, &mut rebuilt] {
        enter_segments(store);
        fold_the_rest(store);
    }
    drop(store);
    assert_eq!(findings(dir.path(), &rebuilt), Vec::<String>::new());
    let mut unseen = Vec::new();
    for (table, column) in COLUMNS {
        for share in [0, 25, 50, 75, 100] {
            let copy = tempfile::tempdir().unwrap();
            let file = copy.path().join("regulars.db");
            std::fs::copy(dir.path().join("regulars.db"), &file).unwrap();
            let place = change_a_byte(&file, table, column, share);
            if findings(copy.path(), &rebuilt).is_empty() {
                unseen.push(format!("{table}.{column}: {place}"));
            }
        }
    }
    assert_eq!(unseen, Vec::<String>::new());
}

/// Changes one byte of one row, both at `share` of the hundred. Returns where.
fn change_a_byte(file: &Path, table: &str, column: &str, share: usize) -> String {
    let connection = Connection::open(file).unwrap();
    let text = format!("SELECT {column} FROM {table} WHERE {column} IS NOT NULL");
    let mut statement = connection.prepare(&text).unwrap();
    let values: Vec<Value> =
        statement.query_map([], |row| row.get(0)).unwrap().map(Result::unwrap).collect();
    let number = (values.len() - 1) * share / 100;
    let flip = |bytes: &mut Vec<u8>| {
        if bytes.is_empty() {
            bytes.push(1);
        }
        let at = (bytes.len() - 1) * share / 100;
        bytes[at] ^= 1;
        at
    };
    let (changed, at) = match values[number].clone() {
        Value::Integer(number) => (Value::Integer(number ^ 1), 0),
        Value::Text(text) => {
            let mut bytes = text.into_bytes();
            let at = flip(&mut bytes);
            (Value::Text(String::from_utf8_lossy(&bytes).into_owned()), at)
        }
        Value::Blob(mut bytes) => {
            let at = flip(&mut bytes);
            (Value::Blob(bytes), at)
        }
        other @ (Value::Null | Value::Real(_)) => panic!("{table}.{column} holds {other:?}"),
    };
    let text = format!(
        "UPDATE OR REPLACE {table} SET {column} = ?1 WHERE {column} = ?2 AND ({column}, 0) IN
         (SELECT {column}, 0 FROM {table} WHERE {column} = ?2 LIMIT 1)"
    );
    let rows = connection.execute(&text, (changed, &values[number])).unwrap();
    assert!(rows > 0, "{table}.{column} was changed");
    format!("row {number}, byte {at}")
}
