//! Batches: what was accepted is seen, and a commit is whole or nothing.

use regulars_engine::commit::{Logged, MessageKey};
use regulars_engine::event::{Event, Kind, LogPosition};
use regulars_engine::identity::PersonId;
use regulars_store::{CommitError, Entry, Reader, Seen, Store, Want};

use crate::backend::Backend;
use crate::shop::{accept, commit_of, event, holder, identifier, message_key};

fn seen<S: Store>(store: &mut S, ids: &[&str]) -> Vec<Option<Seen>> {
    let keys: Vec<MessageKey> = ids.iter().map(|id| message_key(id)).collect();
    store.load(Want { messages: &keys, identifiers: &[] }).unwrap().seen
}

pub(crate) fn a_fresh_store_knows_nothing<B: Backend>() {
    let mut backend = B::new();
    let store = backend.store();
    assert_eq!(store.next_position(), LogPosition(1));
    assert_eq!(seen(store, &["m1"]), [None]);
    assert_eq!(holder(store, "email:ana@shop.es"), None);
    let reader = store.reader().unwrap();
    assert_eq!(reader.log(LogPosition(0), 10).unwrap(), []);
    assert_eq!(reader.totals().unwrap().persons, 0);
    assert_eq!(reader.salt(), store.salt());
}

pub(crate) fn an_accepted_message_is_seen_again<B: Backend>() {
    let mut backend = B::new();
    let store = backend.store();
    accept(store, vec![event("m1", Kind::PageViewed, 1, &["user_id:ana"])]);
    accept(store, vec![event("m2", Kind::PageViewed, 2, &["user_id:ana"])]);
    let content = "m2".bytes().map(u64::from).sum();
    assert_eq!(
        seen(store, &["m3", "m2"]),
        [None, Some(Seen { position: LogPosition(2), content })]
    );
}

pub(crate) fn a_new_version_is_the_one_that_is_seen<B: Backend>() {
    let mut backend = B::new();
    let store = backend.store();
    accept(store, vec![event("receipt", Kind::OrderCompleted, 1, &["user_id:ana"])]);
    let mut again = event("receipt", Kind::OrderCompleted, 1, &["user_id:ana"]);
    again.content = 77;
    accept(store, vec![again]);
    for _ in 0..2 {
        let found = seen(store, &["receipt"]);
        assert_eq!(found, [Some(Seen { position: LogPosition(2), content: 77 })]);
    }
    let mut backend = backend.reopen();
    let found = seen(backend.store(), &["receipt"]);
    assert_eq!(found, [Some(Seen { position: LogPosition(2), content: 77 })]);
}

pub(crate) fn a_gap_in_the_positions_is_a_conflict<B: Backend>() {
    let mut backend = B::new();
    let store = backend.store();
    let mut commit = commit_of(store, vec![event("m1", Kind::PageViewed, 1, &[])]);
    commit.events[0].position = LogPosition(2);
    assert!(matches!(store.commit(&commit), Err(CommitError::Conflict)));
    commit.events[0].position = LogPosition(1);
    store.commit(&commit).unwrap();
}

pub(crate) fn a_conflict_leaves_no_trace<B: Backend>() {
    let mut backend = B::new();
    let store = backend.store();
    accept(store, vec![event("m1", Kind::PageViewed, 1, &["user_id:ana"])]);
    let mut commit = commit_of(
        store,
        vec![
            event("m2", Kind::PageViewed, 2, &["user_id:ben"]),
            event("m3", Kind::PageViewed, 3, &["user_id:ana"]),
        ],
    );
    commit.persons.last_mut().unwrap().read_version += 1;
    assert!(matches!(store.commit(&commit), Err(CommitError::Conflict)));
    assert_eq!(store.next_position(), LogPosition(2));
    assert_eq!(seen(store, &["m2", "m3"]), [None, None]);
    assert_eq!(holder(store, "user_id:ben"), None);
    let totals = store.reader().unwrap().totals().unwrap();
    assert_eq!((totals.events, totals.persons, totals.identifiers), (1, 1, 1));
}

pub(crate) fn everything_is_there_after_opening_again<B: Backend>() {
    let mut backend = B::new();
    let store = backend.store();
    accept(
        store,
        vec![
            event("m1", Kind::PageViewed, 1, &["user_id:ana", "email:ana@shop.es"]),
            event("m2", Kind::StoreVisited, 2, &[]),
        ],
    );
    let salt = store.salt();
    let ana = holder(store, "user_id:ana");
    let log = store.reader().unwrap().log(LogPosition(1), 10).unwrap();
    assert_eq!(log.len(), 2);
    let mut backend = backend.reopen();
    let store = backend.store();
    assert_eq!(store.salt(), salt);
    assert_eq!(store.next_position(), LogPosition(3));
    assert_eq!(holder(store, "email:ana@shop.es"), ana);
    assert_eq!(seen(store, &["m1", "m2"]).iter().flatten().count(), 2);
    assert_eq!(store.reader().unwrap().log(LogPosition(1), 10).unwrap(), log);
    accept(store, vec![event("m3", Kind::PageViewed, 3, &["email:ana@shop.es"])]);
    let anchors = ["user_id:ana", "email:ana@shop.es"].map(|text| identifier(text).key(salt));
    let positions: Vec<u64> =
        store.events_of(&anchors).unwrap().iter().map(|logged| logged.position.0).collect();
    assert_eq!(positions, [1, 3]);
}

pub(crate) fn many_batches_of_any_size_keep_every_event<B: Backend>() {
    let mut backend = B::new();
    let store = backend.store();
    let accepted = fill(store, &[1, 2, 63, 64, 65, 1, 1, 1, 130, 3, 1_100, 7, 1]);
    let before = Everything::read(store);
    let events: Vec<_> = before.log.iter().map(|entry| entry.logged.event.clone()).collect();
    assert_eq!(events, accepted);
    let of_anchor = &before.of_anchor;
    assert_eq!(of_anchor.len(), accepted.len() / 17 + usize::from(accepted.len() % 17 >= 5));
    let anchor = Some(identifier("user_id:u5").key(store.salt()));
    assert!(of_anchor.iter().all(|logged| logged.anchor == anchor));
    let mut backend = backend.reopen();
    assert_eq!(Everything::read(backend.store()), before);
}

/// Live traffic commits a few events at a time; what that leaves is merged in the background.
pub(crate) fn merging_small_rows_changes_nothing_that_is_read<B: Backend>() {
    let mut backend = B::new();
    let store = backend.store();
    let mut sizes = vec![1, 1_030, 3];
    sizes.extend((0..700).map(|number| 1 + number % 4));
    fill(store, &sizes);
    let before = Everything::read(store);
    while store.tidy().unwrap() {}
    assert!(!store.tidy().unwrap());
    assert_eq!(Everything::read(store), before);
    let mut backend = backend.reopen();
    let store = backend.store();
    assert_eq!(Everything::read(store), before);
    fill_from(store, 50_000, &[5, 90]);
    while store.tidy().unwrap() {}
    let after = Everything::read(store);
    assert_eq!(after.log[..before.log.len()], before.log);
    assert_eq!(after.log.len(), before.log.len() + 95);
}

/// Accepts batches of these sizes, of 17 people in turn. Returns the events.
fn fill<S: Store>(store: &mut S, sizes: &[u64]) -> Vec<Event> {
    fill_from(store, 0, sizes)
}

fn fill_from<S: Store>(store: &mut S, first: u64, sizes: &[u64]) -> Vec<Event> {
    let mut number = first;
    let mut accepted = Vec::new();
    for size in sizes {
        let mut next = || {
            number += 1;
            let who = format!("user_id:u{}", number % 17);
            let at = i64::try_from(number).unwrap();
            event(&format!("m{number}"), Kind::PageViewed, at, &[who.as_str()])
        };
        let batch: Vec<Event> = (0..*size).map(|_| next()).collect();
        accepted.extend(batch.clone());
        accept(store, batch);
    }
    accepted
}

/// What can be read of a filled store.
#[derive(Debug, PartialEq)]
struct Everything {
    log: Vec<Entry>,
    of_anchor: Vec<Logged>,
    page: Vec<Entry>,
    holders: Vec<Option<PersonId>>,
}

impl Everything {
    fn read<S: Store>(store: &mut S) -> Self {
        let reader = store.reader().unwrap();
        let log = reader.log(LogPosition(1), 99_999).unwrap();
        for logged in log.iter().map(|entry| &entry.logged) {
            let found = seen(store, &[&logged.event.message_id])[0].unwrap();
            assert_eq!(found.position, logged.position);
        }
        let anchor = identifier("user_id:u5").key(store.salt());
        let holders = (0..17).map(|n| holder(store, &format!("user_id:u{n}"))).collect();
        Self {
            log,
            of_anchor: store.events_of(&[anchor]).unwrap(),
            page: reader.timeline(&[anchor], Some(LogPosition(900)), 50, &|_| true).unwrap(),
            holders,
        }
    }
}
