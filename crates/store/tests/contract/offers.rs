//! Codes of offers: changed by compare-and-set, and counted as they change.

use regulars_engine::commit::Commit;
use regulars_engine::event::{Currency, Money};
use regulars_engine::identity::PersonId;
use regulars_engine::offer::{Code, CodeKey, CodeState, CodeWrite, Used};
use regulars_engine::time::{DAY, Timestamp};
use regulars_store::{CommitError, Erasure, Reader, Store};

use crate::backend::Backend;

fn write(key: u64, read: Option<CodeState>, code: Option<Code>) -> CodeWrite {
    CodeWrite { key: CodeKey(key), read, code }
}

fn commit<S: Store>(store: &mut S, offer_codes: Vec<CodeWrite>) -> Result<(), CommitError> {
    store.commit(&Commit { offer_codes, ..Commit::default() })
}

fn issued(person: u64) -> Code {
    Code {
        state: CodeState::Issued,
        message: 3,
        person: PersonId(person),
        issued_at: Timestamp(DAY),
        until: Timestamp(9 * DAY),
        ..Code::free("welcome", "7Q4X-K2MB-90Z31")
    }
}

fn redeemed(person: u64, cost: Option<i64>) -> Code {
    let cost = cost.map(|minor| Money { minor, currency: Currency::EUR });
    let used = Used { at: Timestamp(4 * DAY), redemption: 11, order: 12, cost };
    Code { state: CodeState::Redeemed, text: None, used: Some(used), ..issued(person) }
}

pub(crate) fn codes_are_changed_only_as_they_were_read<B: Backend>() {
    let mut backend = B::new();
    let store = backend.store();
    commit(store, vec![write(5, None, Some(issued(1)))]).unwrap();
    let stale = [None, Some(CodeState::Free), Some(CodeState::Redeemed)];
    for read in stale {
        // What is stale takes everything of the commit with it.
        let writes = vec![write(6, None, Some(issued(1))), write(5, read, None)];
        assert!(matches!(commit(store, writes), Err(CommitError::Conflict)));
    }
    assert_eq!(store.offer_code(CodeKey(6)).unwrap(), None);
    let mut backend = backend.reopen();
    let store = backend.store();
    assert_eq!(store.offer_code(CodeKey(5)).unwrap(), Some(issued(1)));
    commit(store, vec![write(5, Some(CodeState::Issued), Some(redeemed(1, None)))]).unwrap();
    let of_order = store.codes_of_order(12).unwrap();
    assert_eq!(of_order, [(CodeKey(5), redeemed(1, None))]);
    assert_eq!(store.codes_of_order(0).unwrap(), []);
    commit(store, vec![write(5, Some(CodeState::Redeemed), None)]).unwrap();
    assert_eq!(store.reader().unwrap().offer_code(CodeKey(5)).unwrap(), None);
}

pub(crate) fn a_pool_gives_its_codes_one_after_the_other<B: Backend>() {
    let mut backend = B::new();
    let store = backend.store();
    // Keys use every bit: the largest is no negative number.
    let keys = [u64::MAX, 1, 1 << 63, 77];
    let free = |key: u64| write(key, None, Some(Code::free("spring", &format!("SPRING-{key}"))));
    commit(store, keys.iter().map(|key| free(*key)).collect()).unwrap();
    commit(store, vec![write(8, None, Some(Code::free("autumn", "AUTUMN-8")))]).unwrap();
    let mut found = Vec::new();
    let mut after = None;
    while let Some((key, code)) =
        store.offer_codes(("spring", CodeState::Free), after, 1).unwrap().pop()
    {
        assert_eq!(code.text, Some(format!("SPRING-{}", key.0)));
        found.push(key.0);
        after = Some(key);
    }
    assert_eq!(found, [1, 77, 1 << 63, u64::MAX]);
    let reader = store.reader().unwrap();
    assert_eq!(reader.offer_codes(("spring", CodeState::Issued), None, 9).unwrap(), []);
    assert_eq!(reader.offer_codes(("spring", CodeState::Free), None, 9).unwrap().len(), 4);
}

pub(crate) fn counters_follow_every_code<B: Backend>() {
    let mut backend = B::new();
    let store = backend.store();
    let free = Code::free("welcome", "WELCOME-1");
    let all = vec![
        write(1, None, Some(free.clone())),
        write(2, None, Some(issued(1))),
        write(3, None, Some(redeemed(1, Some(480)))),
        write(4, None, Some(redeemed(2, None))),
    ];
    commit(store, all).unwrap();
    let stand = |store: &mut B::Store, day: i64| {
        let stand = store.reader().unwrap().stock().unwrap().stand("welcome", Timestamp(day * DAY));
        let cost = stand.cost.get(&Currency::EUR).copied();
        (stand.free, stand.open, stand.expired, stand.redeemed, stand.unpriced, cost)
    };
    assert_eq!(stand(store, 9), (1, 1, 0, 2, 1, Some(480)));
    assert_eq!(stand(store, 10), (1, 0, 1, 2, 1, Some(480)));
    let changes = vec![
        write(1, Some(CodeState::Free), Some(issued(3))),
        write(2, Some(CodeState::Issued), Some(free)),
        write(3, Some(CodeState::Redeemed), Some(issued(1))),
        write(4, Some(CodeState::Redeemed), None),
    ];
    commit(store, changes).unwrap();
    let mut backend = backend.reopen();
    assert_eq!(stand(backend.store(), 9), (1, 2, 0, 0, 0, None));
}

pub(crate) fn an_erased_person_is_taken_off_their_codes<B: Backend>() {
    let mut backend = B::new();
    let store = backend.store();
    let all = vec![
        write(1, None, Some(issued(7))),
        write(2, None, Some(redeemed(7, Some(480)))),
        write(3, None, Some(issued(8))),
    ];
    commit(store, all).unwrap();
    let before = store.reader().unwrap().stock().unwrap();
    store.erase(&Erasure { persons: vec![PersonId(7)], ..Erasure::default() }).unwrap();
    for key in [1, 2] {
        let code = store.offer_code(CodeKey(key)).unwrap().unwrap();
        assert_eq!((code.person, code.message, code.text), (PersonId(0), 0, None));
        let used = code.used.map_or((0, 0), |used| (used.redemption, used.order));
        assert_eq!(used, (0, 0));
    }
    assert_eq!(store.codes_of_order(12).unwrap(), []);
    assert_eq!(store.offer_code(CodeKey(3)).unwrap(), Some(issued(8)));
    // The accounts stand: what was given and used was given and used.
    assert_eq!(store.reader().unwrap().stock().unwrap(), before);
}
