//! By which keys of linking cards are found.

use regulars_engine::commit::{Commit, LinkKeyWrite};
use regulars_engine::identity::IdentifierKey;
use regulars_store::{Erasure, Reader, Store};

use crate::backend::Backend;

fn write(key: u64, card: u64, found: bool) -> LinkKeyWrite {
    LinkKeyWrite { key, card: IdentifierKey(card), found }
}

fn commit<S: Store>(store: &mut S, link_keys: Vec<LinkKeyWrite>) {
    store.commit(&Commit { link_keys, ..Commit::default() }).unwrap();
}

pub(crate) fn cards_are_found_by_their_keys_the_smallest_first<B: Backend>() {
    let mut backend = B::new();
    let store = backend.store();
    // Identifier keys use every bit: the largest is no negative number.
    let cards = [u64::MAX, 1, 1 << 63, 77];
    commit(store, cards.iter().map(|card| write(5, *card, true)).collect());
    commit(store, vec![write(5, 77, true), write(6, 77, true)]);
    let found = store.link_members(&[5, 6, 7], 3).unwrap();
    let keys = |cards: &[u64]| cards.iter().map(|card| IdentifierKey(*card)).collect::<Vec<_>>();
    assert_eq!(found, [keys(&[1, 77, 1 << 63]), keys(&[77]), keys(&[])]);
    let reader = store.reader().unwrap();
    assert_eq!(reader.link_members(&[5], 9).unwrap(), [keys(&[1, 77, 1 << 63, u64::MAX])]);
}

pub(crate) fn another_model_finds_nobody_by_former_keys<B: Backend>() {
    let mut backend = B::new();
    let store = backend.store();
    commit(store, vec![write(5, 1, true), write(6, 2, true)]);
    store.relink("linkage", &[("model", b"another"), ("walk", b"p0")]).unwrap();
    assert_eq!(store.link_members(&[5, 6], 9).unwrap(), [vec![], vec![]]);
    let reader = store.reader().unwrap();
    assert_eq!(reader.get("linkage", "model").unwrap().as_deref(), Some(&b"another"[..]));
    assert_eq!(reader.get("linkage", "walk").unwrap().as_deref(), Some(&b"p0"[..]));
}

pub(crate) fn a_card_that_is_gone_is_found_no_longer<B: Backend>() {
    let mut backend = B::new();
    let store = backend.store();
    commit(store, vec![write(5, 1, true), write(5, 2, true), write(6, 2, true)]);
    commit(store, vec![write(5, 1, false)]);
    assert_eq!(store.link_members(&[5], 9).unwrap(), [vec![IdentifierKey(2)]]);
    let link_keys = vec![write(5, 2, false), write(6, 2, false)];
    store.erase(&Erasure { link_keys, ..Erasure::default() }).unwrap();
    assert_eq!(store.link_members(&[5, 6], 9).unwrap(), [vec![], vec![]]);
}
