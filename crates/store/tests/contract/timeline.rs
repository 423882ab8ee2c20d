//! The timeline: events by anchor, page by page.

use regulars_engine::commit::Commit;
use regulars_engine::event::{Document, Kind, LogPosition};
use regulars_engine::identity::{IdentifierKey, PersonId};
use regulars_store::{Entry, Reader, Store};

use crate::backend::Backend;
use crate::shop::{accept, commit_of, event, identifier};

fn positions(entries: &[Entry]) -> Vec<u64> {
    entries.iter().map(|entry| entry.logged.position.0).collect()
}

fn keys<S: Store>(store: &S, names: &[&str]) -> Vec<IdentifierKey> {
    names.iter().map(|name| identifier(name).key(store.salt())).collect()
}

pub(crate) fn a_page_holds_the_latest_events_of_all_anchors<B: Backend>() {
    let mut backend = B::new();
    let store = backend.store();
    for number in 0..200 {
        let who = ["user_id:ana", "anonymous_id:d1", "user_id:ben", "email:x@y.z"][number % 4];
        let at = i64::try_from(number).unwrap();
        accept(store, vec![event(&format!("m{number}"), Kind::PageViewed, at, &[who])]);
    }
    let anchors = keys(store, &["user_id:ana", "anonymous_id:d1", "phone:+34600112233"]);
    let reader = store.reader().unwrap();
    let page = |before: Option<u64>, limit| {
        reader.timeline(&anchors, before.map(LogPosition), limit, &|_| true).unwrap()
    };
    assert_eq!(positions(&page(None, 5)), [198, 197, 194, 193, 190]);
    assert_eq!(positions(&page(Some(190), 3)), [189, 186, 185]);
    assert_eq!(page(Some(3), 9).len(), 2);
    let early = |logged: &regulars_engine::commit::Logged| logged.event.occurred.at.0 < 4;
    assert_eq!(positions(&reader.timeline(&anchors, None, 9, &early).unwrap()), [2, 1]);
}

/// Events of some kinds alone, those of an anchor from a position on, and rows in the order of their ids,
/// as every other way of reading gives them.
pub(crate) fn work_over_everybody_reads_what_it_asks_for<B: Backend>() {
    let mut backend = B::new();
    let store = backend.store();
    let kinds = [Kind::PageViewed, Kind::OrderCompleted, Kind::Custom("Game Played".to_owned())];
    for number in 0..100 {
        let who = ["user_id:ana", "anonymous_id:d1", "user_id:ben"][number % 3];
        let (at, kind) = (i64::try_from(number).unwrap(), kinds[number % 7 % 3].clone());
        accept(store, vec![event(&format!("m{number}"), kind, at, &[who])]);
    }
    let reader = store.reader().unwrap();
    let all = reader.log(LogPosition(0), 1_000).unwrap();
    for kind in &kinds {
        let mut told = Vec::new();
        let span = LogPosition(20)..LogPosition(71);
        reader.log_of(span.clone(), &|held| held == kind, &mut |entry| told.push(entry)).unwrap();
        let meant = |entry: &&Entry| {
            entry.logged.event.kind == *kind && span.contains(&entry.logged.position)
        };
        assert_eq!(told, all.iter().filter(meant).cloned().collect::<Vec<_>>());
    }
    let anchors = keys(store, &["user_id:ana", "anonymous_id:d1", "phone:+34600112233"]);
    let hanging = store.hanging(&anchors).unwrap();
    for from in [0, 50, 97, 99, 101] {
        let later: Vec<_> = hanging.iter().copied().filter(|at| at.0 >= from).collect();
        assert_eq!(store.hanging_from(&anchors, LogPosition(from)).unwrap(), later);
    }
    let rows = reader.persons_after(PersonId(0), 10).unwrap();
    assert_eq!(rows.len(), 3);
    assert_eq!(store.persons_after(PersonId(0), 10).unwrap(), rows);
    assert_eq!(store.persons_after(rows[0].0, 1).unwrap(), rows[1..2]);
}

pub(crate) fn a_merge_moves_no_event<B: Backend>() {
    let mut backend = B::new();
    let store = backend.store();
    accept(store, vec![event("m1", Kind::PageViewed, 1, &["anonymous_id:d1"])]);
    accept(store, vec![event("m2", Kind::PageViewed, 2, &["user_id:ana"])]);
    let anchors = keys(store, &["anonymous_id:d1", "user_id:ana"]);
    let before = store.events_of(&anchors).unwrap();
    let person = store.reader().unwrap().holder(anchors[0]).unwrap();
    let identifiers = vec![(anchors[1], person)];
    store.commit(&Commit { identifiers, ..Commit::default() }).unwrap();
    assert_eq!(store.events_of(&anchors).unwrap(), before);
    assert_eq!(before.len(), 2);
}

pub(crate) fn an_overtaken_event_names_its_new_version<B: Backend>() {
    let mut backend = B::new();
    let store = backend.store();
    let receipt = |content| {
        let mut receipt = event("r1", Kind::OrderCompleted, 1, &["user_id:ana"]);
        receipt.document = Document::Versioned;
        receipt.content = content;
        receipt
    };
    accept(store, vec![receipt(1)]);
    let mut commit = commit_of(store, vec![receipt(2)]);
    commit.overtaken = vec![(LogPosition(1), LogPosition(2))];
    store.commit(&commit).unwrap();
    let entries = store.reader().unwrap().events(&[LogPosition(2), LogPosition(1)]).unwrap();
    let overtaken: Vec<_> = entries.iter().map(|entry| entry.overtaken_by).collect();
    assert_eq!(overtaken, [None, Some(LogPosition(2))]);
    assert_eq!(store.reader().unwrap().events(&[LogPosition(9)]).unwrap(), []);
}
