//! Backups: whole while somebody writes, checked when they come back, and silent until told.

use std::path::Path;

use regulars_engine::event::{Kind, LogPosition};
use regulars_store::{
    Reader, Replace, Sending, SqliteReader, SqliteStore, Store, StoreError, restore,
};

use crate::shop::{accept, event};

fn fill(store: &mut SqliteStore, batches: std::ops::Range<u64>) {
    for batch in batches {
        let one = |n: u64| {
            let who = format!("user_id:u{}", n % 40);
            event(&format!("m{batch}-{n}"), Kind::PageViewed, 1, &[who.as_str()])
        };
        accept(store, (0..200).map(one).collect());
    }
}

fn restored(from: &Path, dir: &Path, replace: Replace) -> Result<(), StoreError> {
    restore(from, dir, replace, &mut |_, _| {})
}

#[test]
fn a_backup_is_of_one_moment_while_the_writer_goes_on() {
    let [data, copies, target] = [(); 3].map(|()| tempfile::tempdir().unwrap());
    let mut store = SqliteStore::open(data.path()).unwrap();
    fill(&mut store, 0..40);
    let reader = store.reader().unwrap();
    let mut steps = Vec::new();
    let mut writes = 40..90;
    let file = reader
        .backup(copies.path(), &mut |done, all| {
            steps.push((done, all));
            if let Some(batch) = writes.next() {
                fill(&mut store, batch..batch + 1);
            }
        })
        .unwrap();
    assert!(steps.is_sorted() && steps.last().is_some_and(|(done, all)| done == all));
    assert!(store.next_position().0 > 8_001, "the writer went on");
    let again = reader.backup(copies.path(), &mut |_, _| {});
    assert!(matches!(again, Err(StoreError::Exists { .. })));
    restored(&file, target.path(), Replace::Never).unwrap();
    let copy = SqliteStore::open(target.path()).unwrap();
    assert_eq!(copy.next_position(), LogPosition(8_001));
    assert_eq!(copy.salt(), store.salt());
    let reader = copy.reader().unwrap();
    assert_eq!(reader.sending().unwrap(), Sending::OffAfterRestore);
    assert_eq!(reader.check(&mut |_, _| {}).unwrap(), []);
}

#[test]
fn a_backup_used_as_it_is_sends_nothing_either() {
    let [data, copies] = [(); 2].map(|()| tempfile::tempdir().unwrap());
    let mut store = SqliteStore::open(data.path()).unwrap();
    fill(&mut store, 0..1);
    store.reader().unwrap().backup(copies.path(), &mut |_, _| {}).unwrap();
    let reader = SqliteReader::open(copies.path()).unwrap();
    assert_eq!(reader.sending().unwrap(), Sending::OffAfterRestore);
}

#[test]
fn a_store_is_replaced_only_where_somebody_says_so() {
    let [data, copies, target] = [(); 3].map(|()| tempfile::tempdir().unwrap());
    let mut store = SqliteStore::open(data.path()).unwrap();
    fill(&mut store, 0..2);
    let file = store.reader().unwrap().backup(&copies.path().join("monday"), &mut |_, _| {});
    let file = file.unwrap();
    let mut there = SqliteStore::open(target.path()).unwrap();
    fill(&mut there, 0..1);
    assert!(matches!(
        restored(&file, target.path(), Replace::Existing),
        Err(StoreError::InUse { .. })
    ));
    drop(there);
    assert!(matches!(
        restored(&file, target.path(), Replace::Never),
        Err(StoreError::Exists { .. })
    ));
    assert_eq!(SqliteStore::open(target.path()).unwrap().next_position(), LogPosition(201));
    restored(&file, target.path(), Replace::Existing).unwrap();
    assert_eq!(SqliteStore::open(target.path()).unwrap().next_position(), LogPosition(401));
}

#[test]
fn a_damaged_backup_replaces_nothing() {
    let [data, copies, target] = [(); 3].map(|()| tempfile::tempdir().unwrap());
    let mut store = SqliteStore::open(data.path()).unwrap();
    fill(&mut store, 0..3);
    let file = store.reader().unwrap().backup(copies.path(), &mut |_, _| {}).unwrap();
    let connection = rusqlite::Connection::open(&file).unwrap();
    connection.execute("UPDATE message_key SET keys = zeroblob(length(keys))", []).unwrap();
    drop(connection);
    drop(SqliteStore::open(target.path()).unwrap());
    let found = restored(&file, target.path(), Replace::Existing);
    assert!(matches!(found, Err(StoreError::Damaged { .. })), "{found:?}");
    assert_eq!(SqliteStore::open(target.path()).unwrap().next_position(), LogPosition(1));
    let nothing = restored(&copies.path().join("nothing"), target.path(), Replace::Existing);
    assert!(matches!(nothing, Err(StoreError::NotAStore { .. })));
}
