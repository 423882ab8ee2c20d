//! How many messages were claimed lately.

use regulars_engine::commit::Commit;
use regulars_engine::pace::{Kept, LaneKey};
use regulars_engine::time::Timestamp;
use regulars_store::{Reader, Store};

use crate::backend::Backend;

fn kept(lane: u64, minute: i64, claims: u32) -> Kept {
    let last = Timestamp(minute * 60_000 + 17);
    Kept { lane: LaneKey(lane), minute, claims, last }
}

fn write(store: &mut impl Store, paced: Vec<Kept>) {
    store.commit(&Commit { paced, ..Commit::default() }).unwrap();
}

pub(crate) fn counts_of_claims_are_kept_for_a_day<B: Backend>() {
    let mut backend = B::new();
    let begin = 29_000_000;
    let store = backend.store();
    assert_eq!(store.reader().unwrap().paced().unwrap(), []);
    write(store, vec![kept(7, begin, 1), kept(u64::MAX, begin, 2)]);
    write(store, vec![kept(7, begin, 3), kept(7, begin + 1, 1)]);
    let mut backend = backend.reopen();
    let store = backend.store();
    let found = store.reader().unwrap().paced().unwrap();
    assert_eq!(found, [kept(7, begin, 3), kept(u64::MAX, begin, 2), kept(7, begin + 1, 1)]);
    let later = begin + Kept::MINUTES + 1;
    write(store, vec![kept(9, later, 5)]);
    let found = store.reader().unwrap().paced().unwrap();
    assert_eq!(found, [kept(7, begin + 1, 1), kept(9, later, 5)]);
}
