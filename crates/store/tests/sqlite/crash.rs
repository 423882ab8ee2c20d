//! A writer that is killed: what it acknowledged is there, and nothing is half there.

use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Command, Stdio};

use regulars_engine::event::Kind;
use regulars_store::{Reader, SqliteReader, SqliteStore, Store};

use crate::shop::{accept, event};

/// Names the directory to the process that writes until it is killed.
const CHILD: &str = "REGULARS_STORE_TEST_CHILD";

#[test]
fn a_killed_writer_loses_nothing_it_acknowledged() {
    if let Some(dir) = std::env::var_os(CHILD) {
        write_until_killed(Path::new(&dir));
    }
    let dir = tempfile::tempdir().unwrap();
    for kill_after in [1, 2, 7, 30, 90] {
        let acknowledged = kill_a_writer(dir.path(), kill_after);
        // Another process may read what the killed one left before anybody writes again.
        let reader = SqliteReader::open(dir.path()).unwrap();
        assert!(reader.next_position().unwrap().0 > acknowledged);
        drop(reader);
        let store = SqliteStore::open(dir.path()).unwrap();
        assert!(store.next_position().0 > acknowledged);
        let problems = store.reader().unwrap().check(&mut |_, _| {}).unwrap();
        assert_eq!(problems, []);
    }
}

/// Runs this test again as another process and kills it after so many acknowledged batches.
/// Returns the last acknowledged position.
fn kill_a_writer(dir: &Path, batches: usize) -> u64 {
    let mut child = Command::new(std::env::current_exe().unwrap())
        .args(["--exact", "crash::a_killed_writer_loses_nothing_it_acknowledged", "--nocapture"])
        .env(CHILD, dir)
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let lines = BufReader::new(child.stdout.take().unwrap()).lines().map(Result::unwrap);
    let acknowledged = lines.filter_map(|line| line.strip_prefix("to ")?.parse().ok());
    let last = acknowledged.take(batches).last().unwrap();
    child.kill().unwrap();
    child.wait().unwrap();
    last
}

#[expect(clippy::print_stdout, reason = "the parent reads what was acknowledged")]
fn write_until_killed(dir: &Path) -> ! {
    let mut store = SqliteStore::open(dir).unwrap();
    loop {
        let next = store.next_position().0;
        let one = |n: u64| {
            let who = [format!("user_id:u{}", n % 90), format!("email:u{}@shop.es", n % 90)];
            event(&format!("m{n}"), Kind::PageViewed, 1, &[&who[0], &who[1]])
        };
        accept(&mut store, (next..next + next % 13 + 1).map(one).collect());
        println!("to {}", store.next_position().0 - 1);
        store.tidy().unwrap();
    }
}
