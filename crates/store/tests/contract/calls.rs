//! What journeys tell other programs.

use regulars_engine::commit::Commit;
use regulars_engine::event::LogPosition;
use regulars_engine::identity::PersonId;
use regulars_engine::journey::{Call, CallState, Tried};
use regulars_engine::time::Timestamp;
use regulars_store::{CallFilter, Erasure, Reader, Store};

use crate::backend::Backend;

pub(crate) fn call(person: u64, destination: &str, due: i64) -> Call {
    Call {
        id: 0,
        at: Timestamp(5),
        person: PersonId(person),
        journey: "service".to_owned(),
        step: format!("tell-{destination}"),
        entered_by: LogPosition(3),
        destination: destination.to_owned(),
        with: vec!["tier".to_owned()],
        state: CallState::Waiting { not_before: Timestamp(due) },
        attempts: 0,
        tried_at: None,
        note: String::new(),
    }
}

pub(crate) fn what_another_program_is_told_waits_until_it_was_and_goes_with_its_person<
    B: Backend,
>() {
    let mut backend = B::new();
    let store = backend.store();
    let calls = vec![call(7, "crm", 30), call(8, "crm", 20), call(7, "erp", 10), call(8, "erp", 9)];
    store.commit(&Commit { calls, ..Commit::default() }).unwrap();
    let reader = store.reader().unwrap();
    let waiting = |destination: &str| {
        let found = reader.waiting_calls(destination, 10).unwrap();
        found.into_iter().map(|call| (call.person.0, call.state)).collect::<Vec<_>>()
    };
    let until = |due| CallState::Waiting { not_before: Timestamp(due) };
    assert_eq!(waiting("crm"), [(8, until(20)), (7, until(30))], "what is due first");
    assert!(waiting("unknown").is_empty());

    let mut first = reader.waiting_calls("crm", 1).unwrap().remove(0);
    first.tried(Tried::Taken, "200".to_owned(), Timestamp(21));
    assert_eq!(store.note_calls(std::slice::from_ref(&first)).unwrap(), 1);
    assert_eq!(reader.call(first.id).unwrap(), Some(first.clone()));
    assert_eq!(waiting("crm"), [(7, until(30))]);

    let listed = |filter: CallFilter| reader.calls(&filter, 10).unwrap().len();
    let of = |state: &str| CallFilter { state: Some(state.to_owned()), ..CallFilter::default() };
    assert_eq!((listed(of("waiting")), listed(of("delivered")), listed(of("odd"))), (3, 1, 0));
    let persons = vec![PersonId(7), PersonId(99)];
    assert_eq!(listed(CallFilter { persons, ..CallFilter::default() }), 2);
    let step = Some("tell-erp".to_owned());
    let journey = Some("service".to_owned());
    assert_eq!(listed(CallFilter { step, journey, ..CallFilter::default() }), 2);
    let before = CallFilter { before: Some(first.id), ..CallFilter::default() };
    assert_eq!(listed(before), 1, "the next page");
    let counted: Vec<(String, &str, u64)> = reader
        .call_counts()
        .unwrap()
        .into_iter()
        .map(|count| (count.destination, count.state, count.calls))
        .collect();
    let crm = "crm".to_owned();
    let all = [(crm.clone(), "waiting", 1), (crm, "delivered", 1), ("erp".into(), "waiting", 2)];
    assert_eq!(counted, all);

    let last = reader.waiting_calls("erp", 1).unwrap()[0].id;
    store.erase(&Erasure { persons: vec![PersonId(8)], ..Erasure::default() }).unwrap();
    assert_eq!((listed(of("delivered")), waiting("erp")), (0, vec![(7, until(10))]));
    assert_eq!(store.note_calls(&[first]).unwrap(), 0, "what was erased does not come back");
    store.commit(&Commit { calls: vec![call(9, "pos", 1)], ..Commit::default() }).unwrap();
    assert!(reader.waiting_calls("pos", 1).unwrap()[0].id > last, "no number is given twice");
}

pub(crate) fn what_was_told_is_counted_and_thinned_out<B: Backend>() {
    let mut backend = B::new();
    let store = backend.store();
    let calls: Vec<Call> = (0..6).map(|person| call(person, "crm", 10)).collect();
    store.commit(&Commit { calls, ..Commit::default() }).unwrap();
    let reader = store.reader().unwrap();
    let mut calls = reader.waiting_calls("crm", 10).unwrap();
    for (number, call) in calls.iter_mut().take(4).enumerate() {
        let now = Timestamp(20 + i64::try_from(number).unwrap());
        call.tried(Tried::Taken, String::new(), now);
    }
    calls[4].state = CallState::GaveUp;
    assert_eq!(store.note_calls(&calls).unwrap(), 6);
    let counted = || {
        let counts = reader.call_counts().unwrap();
        counts.into_iter().map(|count| (count.state, count.calls)).collect::<Vec<_>>()
    };
    let later = [("delivered", 4), ("gave up", 1), ("waiting", 1)];
    let sorted = |mut counts: Vec<(&'static str, u64)>| {
        counts.sort_unstable();
        counts
    };
    assert_eq!(sorted(counted()), later);

    let second = calls[1].kept_until().unwrap();
    assert_eq!(store.thin_calls(Timestamp(second.0 - 1), 10).unwrap(), 1, "the first alone");
    assert_eq!(store.thin_calls(second, 10).unwrap(), 1);
    assert_eq!(store.thin_calls(Timestamp(i64::MAX), 1).unwrap(), 1, "so many at once");
    assert_eq!(store.thin_calls(Timestamp(i64::MAX), 10).unwrap(), 1);
    assert_eq!(store.thin_calls(Timestamp(i64::MAX), 10).unwrap(), 0, "the rest still waits");
    assert_eq!(sorted(counted()), [("gave up", 1), ("waiting", 1)]);
    assert_eq!(reader.call(calls[0].id).unwrap(), None);
    store.erase(&Erasure { persons: vec![calls[4].person], ..Erasure::default() }).unwrap();
    assert_eq!(counted(), [("waiting", 1)]);
}
