//! The data directory: who may write it, what it may hold, and what an erasure leaves in it.

use std::path::Path;

use regulars_engine::event::Kind;
use regulars_store::{Reader, SqliteReader, SqliteStore, Store, StoreError};
use rusqlite::Connection;

use crate::erase;
use crate::shop::{accept, event, holder};

#[test]
fn one_process_writes_a_directory() {
    let dir = tempfile::tempdir().unwrap();
    let store = SqliteStore::open(dir.path()).unwrap();
    let second = SqliteStore::open(dir.path());
    assert!(matches!(&second, Err(StoreError::InUse { .. })));
    assert!(second.unwrap_err().to_string().contains("--data-dir"));
    drop(store);
    SqliteStore::open(dir.path()).unwrap();
}

#[test]
fn a_newer_store_is_left_alone() {
    let dir = tempfile::tempdir().unwrap();
    drop(SqliteStore::open(dir.path()).unwrap());
    let file = dir.path().join("regulars.db");
    Connection::open(&file).unwrap().pragma_update(None, "user_version", 99).unwrap();
    let found = SqliteStore::open(dir.path());
    assert!(matches!(found, Err(StoreError::Newer { found: 99, .. })), "{found:?}");
}

#[test]
fn a_store_from_before_the_first_release_is_left_alone() {
    let dir = tempfile::tempdir().unwrap();
    drop(SqliteStore::open(dir.path()).unwrap());
    let file = dir.path().join("regulars.db");
    Connection::open(&file).unwrap().pragma_update(None, "user_version", 1).unwrap();
    let found = SqliteStore::open(dir.path());
    assert!(matches!(found, Err(StoreError::Unreleased { found: 1, .. })), "{found:?}");
}

#[test]
fn a_file_of_something_else_is_left_alone() {
    for content in [b"not a database at all, but long enough to look like one".as_slice(), b""] {
        let dir = tempfile::tempdir().unwrap();
        let file = dir.path().join("regulars.db");
        if content.is_empty() {
            Connection::open(&file).unwrap().execute_batch("CREATE TABLE theirs (x)").unwrap();
        } else {
            std::fs::write(&file, content).unwrap();
        }
        let before = std::fs::read(&file).unwrap();
        let found = SqliteStore::open(dir.path());
        assert!(matches!(found, Err(StoreError::NotAStore { .. })), "{found:?}");
        assert_eq!(std::fs::read(&file).unwrap().len(), before.len());
    }
    let empty = tempfile::tempdir().unwrap();
    assert!(matches!(SqliteReader::open(empty.path()), Err(StoreError::NotAStore { .. })));
}

#[test]
fn another_process_reads_beside_the_writer() {
    let dir = tempfile::tempdir().unwrap();
    let mut store = SqliteStore::open(dir.path()).unwrap();
    accept(&mut store, vec![event("m1", Kind::PageViewed, 1, &["user_id:ana"])]);
    let reader = SqliteReader::open(dir.path()).unwrap();
    let ana = holder(&mut store, "user_id:ana").unwrap();
    assert!(reader.person(ana).unwrap().is_some());
    accept(&mut store, vec![event("m2", Kind::PageViewed, 2, &["user_id:ana"])]);
    assert_eq!(reader.totals().unwrap().events, 2);
    assert_eq!(reader.person(ana).unwrap().unwrap().1.recent.len(), 2);
}

/// Where in the files of a directory one of the words stands, in any of its spellings.
fn spots(dir: &Path, words: &[&str]) -> Vec<String> {
    let mut found = Vec::new();
    for file in std::fs::read_dir(dir).unwrap() {
        let path = file.unwrap().path();
        let bytes = std::fs::read(&path).unwrap().to_ascii_lowercase();
        for word in words {
            for form in [word.to_lowercase(), regulars_fold(word)] {
                if bytes.windows(form.len()).any(|window| window == form.as_bytes()) {
                    found.push(format!("{word} in {}", path.file_name().unwrap().display()));
                }
            }
        }
    }
    found
}

/// As the search index writes words.
fn regulars_fold(word: &str) -> String {
    word.to_lowercase().replace('á', "a").replace('ñ', "n")
}

#[test]
fn no_byte_of_an_erased_person_is_left_in_the_directory() {
    let dir = tempfile::tempdir().unwrap();
    let mut store = SqliteStore::open(dir.path()).unwrap();
    erase::fill(&mut store);
    while store.tidy().unwrap() {}
    // Rows that were moved about leave copies behind, in the file and in its log.
    assert!(spots(dir.path(), &erase::WORDS).len() > 4);
    let erasure = erase::erasure(&mut store);
    store.erase(&erasure).unwrap();
    assert!(store.scrub_due().unwrap());
    store.scrub().unwrap();
    assert!(!store.scrub_due().unwrap());
    assert_eq!(spots(dir.path(), &erase::WORDS), Vec::<String>::new());
    let problems = store.reader().unwrap().check(&mut |_, _| {}).unwrap();
    assert_eq!(problems, []);
    drop(store);
    assert_eq!(spots(dir.path(), &erase::WORDS), Vec::<String>::new());
}

#[test]
fn scrubbing_that_a_reader_held_up_stays_due() {
    let dir = tempfile::tempdir().unwrap();
    let mut store = SqliteStore::open(dir.path()).unwrap();
    erase::fill(&mut store);
    let other = Connection::open(dir.path().join("regulars.db")).unwrap();
    other.execute_batch("BEGIN; SELECT count(*) FROM frame").unwrap();
    let erasure = erase::erasure(&mut store);
    store.erase(&erasure).unwrap();
    assert!(matches!(store.scrub(), Err(StoreError::Busy)));
    assert!(store.scrub_due().unwrap());
    drop(other);
    drop(store);
    let mut store = SqliteStore::open(dir.path()).unwrap();
    store.scrub().unwrap();
    assert_eq!(spots(dir.path(), &erase::WORDS), Vec::<String>::new());
}
