//! Persons: versions, retired ids, and what is found by their rows.

use regulars_engine::commit::{Commit, PersonWrite};
use regulars_engine::event::{Kind, LogPosition};
use regulars_engine::journey::{EndCause, Enrollment, EntryKey, Passage, Passages, State};
use regulars_engine::source::FeedName;
use regulars_engine::time::Timestamp;
use regulars_store::{CommitError, Erasure, Reader, Store, Waiting};

use crate::backend::Backend;
use crate::shop::{accept, event, holder, identifier, row, write_row};

pub(crate) fn a_stale_version_refuses_the_whole_commit<B: Backend>() {
    let mut backend = B::new();
    let store = backend.store();
    accept(store, vec![event("m1", Kind::PageViewed, 1, &["user_id:ana"])]);
    let read = row(store, "user_id:ana");
    write_row(store, read.clone());
    let (person, read_version, record) = read;
    let persons = vec![PersonWrite { person, read_version, record: Some(record) }];
    let stale = Commit { persons, ..Commit::default() };
    assert!(matches!(store.commit(&stale), Err(CommitError::Conflict)));
}

pub(crate) fn a_person_that_went_and_came_back_has_a_later_version<B: Backend>() {
    let mut backend = B::new();
    let store = backend.store();
    accept(store, vec![event("m1", Kind::PageViewed, 1, &["user_id:ana"])]);
    let (person, first, record) = row(store, "user_id:ana");
    let write = |read_version, record| Commit {
        persons: vec![PersonWrite { person, read_version, record }],
        ..Commit::default()
    };
    store.commit(&write(first, None)).unwrap();
    assert_eq!(store.persons(&[person]).unwrap(), []);
    accept(store, vec![event("m2", Kind::PageViewed, 2, &["user_id:ben"])]);
    store.commit(&write(0, Some(record.clone()))).unwrap();
    assert!(store.persons(&[person]).unwrap()[0].1 > first);
    assert!(matches!(store.commit(&write(first, Some(record))), Err(CommitError::Conflict)));
}

pub(crate) fn a_retired_id_leads_to_whoever_holds_its_identifier<B: Backend>() {
    let mut backend = B::new();
    let store = backend.store();
    accept(store, vec![event("m1", Kind::PageViewed, 1, &["anonymous_id:d1"])]);
    accept(store, vec![event("m2", Kind::PageViewed, 2, &["user_id:ana"])]);
    let (kept, kept_version, mut record) = row(store, "anonymous_id:d1");
    let (retired, retired_version, other) = row(store, "user_id:ana");
    for node in other.evidence.nodes.into_value() {
        record.evidence.add_node(node);
    }
    let key = identifier("user_id:ana").key(store.salt());
    let commit = Commit {
        identifiers: vec![(key, Some(kept))],
        persons: vec![
            PersonWrite { person: kept, read_version: kept_version, record: Some(record.clone()) },
            PersonWrite { person: retired, read_version: retired_version, record: None },
        ],
        ..Commit::default()
    };
    store.commit(&commit).unwrap();
    let reader = store.reader().unwrap();
    let (_, found) = reader.person(retired).unwrap().unwrap();
    assert_eq!(found, record);
    assert_eq!(reader.holder(key).unwrap(), Some(kept));
    assert_eq!(reader.totals().unwrap().persons, 1);
    assert_eq!(reader.persons_after(kept, 10).unwrap(), []);
}

fn enrollment(state: State) -> Enrollment {
    Enrollment {
        journey: "cart".to_owned(),
        version: u64::MAX - 3,
        key: EntryKey::Person,
        entered_at: Timestamp(0),
        entered_by: LogPosition(1),
        cart: Vec::new().into(),
        step: 2,
        since: Timestamp(0),
        state,
        waits_for: Vec::new(),
        arms: Vec::new(),
        again: None,
    }
}

fn enroll<S: Store>(store: &mut S, text: &str, state: State) {
    let (person, read_version, mut record) = row(store, text);
    let enrollment = enrollment(state);
    let mut passages = Passages::default();
    if record.enrollments.is_empty() {
        passages.came(&enrollment);
    }
    if !enrollment.runs() {
        passages.left(&enrollment);
    }
    record.enrollments = vec![enrollment];
    let persons = vec![PersonWrite { person, read_version, record: Some(record) }];
    store.commit(&Commit { persons, passages, ..Commit::default() }).unwrap();
}

pub(crate) fn due_persons_come_in_the_order_of_their_times<B: Backend>() {
    let mut backend = B::new();
    let store = backend.store();
    for (who, until) in [("ana", 30), ("ben", 10), ("cleo", 20)] {
        let name = format!("user_id:{who}");
        accept(store, vec![event(who, Kind::PageViewed, 1, &[&name])]);
        enroll(store, &name, State::Waiting { until: Some(Timestamp(until)) });
    }
    let [ana, ben, cleo] =
        ["ana", "ben", "cleo"].map(|who| holder(store, &format!("user_id:{who}")).unwrap());
    assert_eq!(store.next_due().unwrap(), Some(Timestamp(10)));
    assert_eq!(store.due(Timestamp(20), 9).unwrap(), [ben, cleo]);
    assert_eq!(store.due(Timestamp(99), 1).unwrap(), [ben]);
    enroll(store, "user_id:ben", State::Waiting { until: None });
    assert_eq!(store.due(Timestamp(99), 9).unwrap(), [cleo, ana]);
    while store.tidy().unwrap() {}
    enroll(store, "user_id:cleo", State::Waiting { until: Some(Timestamp(40)) });
    let mut backend = backend.reopen();
    let store = backend.store();
    assert_eq!(store.next_due().unwrap(), Some(Timestamp(30)));
    assert_eq!(store.due(Timestamp(99), 9).unwrap(), [ana, cleo]);
}

pub(crate) fn an_advance_finds_who_waits_for_the_feed<B: Backend>() {
    let mut backend = B::new();
    let store = backend.store();
    let till = |number: u32| FeedName { source: "pos".to_owned(), feed: format!("till-{number}") };
    for (who, needed) in [("ana", 50), ("ben", 40)] {
        let name = format!("user_id:{who}");
        accept(store, vec![event(who, Kind::PageViewed, 1, &[&name])]);
        let waits_for = vec![(till(1), Timestamp(needed)), (till(2), Timestamp(90))];
        let (due_at, until) = (Timestamp(1), Timestamp(1_000));
        enroll(store, &name, State::Held { due_at, until, reasons: Vec::new(), waits_for });
    }
    let ana = holder(store, "user_id:ana").unwrap();
    let ben = holder(store, "user_id:ben").unwrap();
    assert_eq!(store.waiting_for(&till(1), Timestamp(39), 9).unwrap(), []);
    assert_eq!(store.waiting_for(&till(1), Timestamp(45), 9).unwrap(), [ben]);
    assert_eq!(store.waiting_for(&till(1), Timestamp(50), 9).unwrap(), [ben, ana]);
    assert_eq!(store.waiting_for(&till(3), Timestamp(99), 9).unwrap(), []);
    assert_eq!(store.reader().unwrap().totals().unwrap().held, 2);
    let waiting =
        |number, first| Waiting { feed: till(number), persons: 2, first: Timestamp(first) };
    assert_eq!(store.reader().unwrap().waiting("pos").unwrap(), [waiting(1, 40), waiting(2, 90)]);
    enroll(store, "user_id:ben", State::Sending { message: 9 });
    assert_eq!(store.waiting_for(&till(2), Timestamp(90), 9).unwrap(), [ana]);
}

pub(crate) fn accounts_follow_every_change_of_an_enrollment<B: Backend>() {
    let mut backend = B::new();
    let store = backend.store();
    let shown = |store: &mut B::Store| {
        let accounts = store.reader().unwrap().accounts().unwrap();
        let words: Vec<String> = accounts
            .iter()
            .map(|a| {
                assert!(a.balances(), "{a:?}");
                let Passage { came, left, done } = a.passage;
                let there = [a.waiting, a.held, a.sending];
                format!("{} {}: {came} = {left} + {done} + {there:?}", a.journey, a.step)
            })
            .collect();
        words.join(", ")
    };
    for who in ["user_id:ana", "user_id:ben"] {
        accept(store, vec![event(who, Kind::PageViewed, 1, &[who])]);
        enroll(store, who, State::Waiting { until: None });
    }
    assert_eq!(shown(store), "cart 2: 2 = 0 + 0 + [2, 0, 0]");
    let ended = State::Ended { at: Timestamp(5), cause: EndCause::ExitRule };
    enroll(store, "user_id:ana", ended);
    assert_eq!(shown(store), "cart 2: 2 = 1 + 0 + [1, 0, 0]");
    enroll(store, "user_id:ben", State::Sending { message: 9 });
    assert_eq!(shown(store), "cart 2: 2 = 1 + 0 + [0, 0, 1]");
    let ben = holder(store, "user_id:ben").unwrap();
    let identifiers = vec![identifier("user_id:ben")];
    store.erase(&Erasure { persons: vec![ben], identifiers, ..Erasure::default() }).unwrap();
    assert_eq!(shown(store), "cart 2: 2 = 2 + 0 + [0, 0, 0]");
}
