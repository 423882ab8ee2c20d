//! The timeline: events by anchor, page by page.

use regulars_engine::commit::Commit;
use regulars_engine::event::{Document, Kind, LogPosition};
use regulars_engine::identity::IdentifierKey;
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
