//! Who was joined and parted, and where staff said something: numbered, found by day, erased.

use regulars_engine::commit::Commit;
use regulars_engine::event::{Kind, LogPosition};
use regulars_engine::identity::{Change, ChangeKind, PersonId};
use regulars_engine::time::{DAY, Timestamp};
use regulars_store::{ChangeDay, Erasure, Reader, Store};

use crate::backend::Backend;
use crate::shop::{accept, event};

fn change(at: i64, before: &[u64], after: &[u64]) -> Change {
    let ids = |ids: &[u64]| ids.iter().map(|id| PersonId(*id)).collect();
    Change { at: Timestamp(at), cause: LogPosition(7), before: ids(before), after: ids(after) }
}

fn write<S: Store>(store: &mut S, changes: Vec<Change>) {
    store.commit(&Commit { changes, ..Commit::default() }).unwrap();
}

pub(crate) fn changes_are_numbered_without_gaps<B: Backend>() {
    let mut backend = B::new();
    let store = backend.store();
    let all = [
        change(5, &[1, 2], &[1]),
        change(6, &[1], &[1, 9]),
        change(DAY, &[3, 4], &[3]),
        change(DAY + 1, &[3, 5], &[3, 5]),
    ];
    write(store, all[..2].to_vec());
    write(store, all[2..3].to_vec());
    write(store, all[3..].to_vec());
    let reader = store.reader().unwrap();
    let after = |number, limit| -> Vec<(u64, Change)> {
        let found = reader.changes_after(number, limit).unwrap();
        found.into_iter().map(|found| (found.number, found.change)).collect()
    };
    let numbered: Vec<(u64, Change)> = (1..).zip(all.clone()).collect();
    assert_eq!(after(0, 9), numbered);
    assert_eq!(after(1, 2), numbered[1..3]);
    assert_eq!(after(4, 9), []);
    let before = |number, limit| -> Vec<u64> {
        let found = reader.changes_before(number, limit).unwrap();
        found.into_iter().map(|found| found.number).collect()
    };
    assert_eq!(before(None, 3), [4, 3, 2]);
    assert_eq!(before(Some(2), 3), [1]);
    let day = |day, joined, parted| ChangeDay { day, joined, parted };
    assert_eq!(reader.changes_by_day(Timestamp(0)).unwrap(), [day(0, 1, 1), day(1, 2, 1)]);
    assert_eq!(reader.changes_by_day(Timestamp(DAY)).unwrap(), [day(1, 2, 1)]);
}

pub(crate) fn an_erased_person_is_in_no_change<B: Backend>() {
    let mut backend = B::new();
    let store = backend.store();
    write(store, vec![change(5, &[1, 2], &[1]), change(6, &[3, 4], &[3])]);
    store.erase(&Erasure { persons: vec![PersonId(2)], ..Erasure::default() }).unwrap();
    let found = store.reader().unwrap().changes_after(0, 9).unwrap();
    let kinds: Vec<ChangeKind> = found.iter().map(|found| found.change.kind()).collect();
    assert_eq!(kinds, [ChangeKind::Erased, ChangeKind::Joined]);
    assert!(found[0].change.before.is_empty() && found[0].change.at == Timestamp(5));
}

pub(crate) fn statements_of_staff_are_found<B: Backend>() {
    let mut backend = B::new();
    let store = backend.store();
    for (id, kind) in [
        ("1", Kind::PageViewed),
        ("2", Kind::SamePersonStated),
        ("3", Kind::UnsureStated),
        ("4", Kind::PageViewed),
        ("5", Kind::StatementTakenBack),
    ] {
        accept(store, vec![event(id, kind, 1, &["user_id:ana"])]);
    }
    let reader = store.reader().unwrap();
    let found = |before: Option<u64>, limit| -> Vec<u64> {
        let before = before.map(LogPosition);
        reader.statements(before, limit).unwrap().into_iter().map(|at| at.0).collect()
    };
    assert_eq!(found(None, 9), [5, 3, 2]);
    assert_eq!(found(Some(5), 1), [3]);
}
