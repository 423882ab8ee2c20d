//! Small rows: live traffic leaves many, and merging leaves few.

use regulars_engine::event::Kind;
use regulars_store::{SqliteStore, Store};
use rusqlite::Connection;

use crate::shop::{accept, event};

fn rows(file: &std::path::Path, table: &str) -> u64 {
    let connection = Connection::open(file).unwrap();
    let text = format!("SELECT count(*) FROM {table}");
    connection.query_row(&text, [], |row| row.get::<_, i64>(0)).unwrap().cast_unsigned()
}

#[test]
fn live_traffic_leaves_few_rows() {
    const EVENTS: u64 = 2_600;
    let dir = tempfile::tempdir().unwrap();
    let file = dir.path().join("regulars.db");
    let mut store = SqliteStore::open(dir.path()).unwrap();
    for number in 0..EVENTS {
        let names = [format!("user_id:u{}", number % 40), format!("anonymous_id:d{number}")];
        let visit = event(&format!("m{number}"), Kind::PageViewed, 5, &[&names[0], &names[1]]);
        accept(&mut store, vec![visit]);
        // Now and then in between, as the program does.
        if number % 50 == 0 {
            store.tidy().unwrap();
        }
    }
    while store.tidy().unwrap() {}
    // The last run of each kind stays open: fewer rows than one slice looks at.
    let few = |table: &str, events_a_row: u64| {
        let found = rows(&file, table);
        assert!(found <= EVENTS / events_a_row + 65, "{found} rows of {table}");
    };
    few("frame", 32);
    few("message_key", 1_024);
    few("pointer", 1_024);
    few("identifier", 4_096);
    let problems = store.reader().unwrap().check(&mut |_, _| {}).unwrap();
    assert_eq!(problems, []);
}
