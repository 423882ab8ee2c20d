//! Search: what somebody at a counter types.

use regulars_store::{Reader, Store};

use crate::backend::Backend;
use crate::shop::{accept, named};

fn fill<S: Store>(store: &mut S) {
    let people = [
        ("ana", "Ana", "García López", "+34600112233"),
        ("maria", "María José", "Fernández", "+34600998877"),
        ("marta", "Marta", "Fernandes", "+34611112222"),
        ("oleg", "Олег", "Королёв", "+79161234567"),
    ];
    for (login, first, last, phone) in people {
        let user = format!("user_id:{login}-login");
        let email = format!("email:{login}.mail@shop.es");
        let phone = format!("phone:{phone}");
        accept(store, vec![named(login, &[&user, &email, &phone], first, last)]);
    }
}

fn found<S: Store>(store: &mut S, text: &str) -> String {
    let found = store.reader().unwrap().search(text, &[], 10).unwrap();
    let names: Vec<String> = found.iter().filter_map(|found| found.record.display_name()).collect();
    names.join(", ")
}

pub(crate) fn names_are_found_in_spite_of_a_slip<B: Backend>() {
    let mut backend = B::new();
    let store = backend.store();
    fill(store);
    assert_eq!(found(store, "garcia"), "Ana García López");
    assert_eq!(found(store, "Fernandez"), "María José Fernández, Marta Fernandes");
    assert_eq!(found(store, "fernan"), "María José Fernández, Marta Fernandes");
    assert_eq!(found(store, "marai fernandez"), "María José Fernández");
    assert_eq!(found(store, "Gracia"), "Ana García López");
    assert_eq!(found(store, "королев"), "Олег Королёв");
    assert_eq!(found(store, "maria lopez"), "");
    assert_eq!(found(store, ""), "");
}

pub(crate) fn numbers_and_addresses_are_found_by_their_beginning<B: Backend>() {
    let mut backend = B::new();
    let store = backend.store();
    fill(store);
    assert_eq!(found(store, "ANA.mail@shop.es"), "Ana García López");
    assert_eq!(found(store, "ana.m"), "Ana García López");
    assert_eq!(found(store, "+34 600 11 22 33"), "Ana García López");
    assert_eq!(found(store, "0034600112233"), "Ana García López");
    assert_eq!(found(store, "34600112"), "Ana García López");
    assert_eq!(found(store, "oleg-log"), "Олег Королёв");
    assert_eq!(found(store, "ana.mail@shop.ec"), "");
}

pub(crate) fn a_changed_name_is_found_and_the_old_one_is_not<B: Backend>() {
    let mut backend = B::new();
    let store = backend.store();
    fill(store);
    let mut event = named("m9", &["user_id:ana-login"], "Ana", "Ruiz");
    event.occurred.at = event.occurred.at.plus(1);
    accept(store, vec![event]);
    assert_eq!(found(store, "ruiz"), "Ana Ruiz");
    assert_eq!(found(store, "ruis"), "Ana Ruiz");
    assert_eq!(found(store, "garcia"), "");
    assert_eq!(found(store, "gracia"), "");
    assert_eq!(found(store, "ana"), "Ana Ruiz");
}
