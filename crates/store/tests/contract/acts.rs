//! What the program did and was told: decisions, messages, definitions, settings.

use regulars_engine::commit::{Commit, PersonWrite};
use regulars_engine::decision::{Decision, Message, MessageState, Verdict};
use regulars_engine::event::{Channel, LogPosition, Purpose};
use regulars_engine::identity::PersonId;
use regulars_engine::reason::{Fact, Reason, ReasonCode, Told};
use regulars_engine::time::{HOUR, Timestamp};
use regulars_store::{
    DecisionFilter, Definition, MessageFilter, Published, Reader, Sending, Store,
};

use crate::backend::Backend;
use crate::shop::{accept, identifier, named, row};

fn decision(person: u64, at: i64, verdict: Verdict, journey: &str) -> Decision {
    Decision {
        at: Timestamp(at),
        person: PersonId(person),
        verdict,
        journey: journey.to_owned(),
        step: "remind".to_owned(),
        channel: Some(Channel::Email),
        recipient: Some(identifier("email:ana@shop.es")),
        products: vec!["Boots".to_owned()],
        until: None,
        reasons: vec![Reason::with(
            ReasonCode::FeedBehind,
            vec![Fact::new(Told::CartTouched, Some(Timestamp(at)))],
        )],
        known_to: LogPosition(7),
        message: None,
    }
}

fn decide<S: Store>(store: &mut S, decisions: Vec<Decision>) {
    store.commit(&Commit { decisions, ..Commit::default() }).unwrap();
}

pub(crate) fn decisions_are_found_by_person_journey_and_time<B: Backend>() {
    let mut backend = B::new();
    let store = backend.store();
    let all = vec![
        decision(1, 10, Verdict::Enter, "cart"),
        decision(2, 20, Verdict::Enter, "birthday"),
        decision(1, 30, Verdict::Hold, "cart"),
        decision(1, 40, Verdict::Send, "cart"),
    ];
    decide(store, all.clone());
    let reader = store.reader().unwrap();
    let found = |filter: DecisionFilter, limit| reader.decisions(&filter, limit).unwrap();
    let times = |filter: DecisionFilter| -> Vec<i64> {
        found(filter, 9).iter().map(|decided| decided.decision.at.0).collect()
    };
    let whole = found(DecisionFilter::default(), 9);
    assert_eq!(whole[0].decision, all[3]);
    assert_eq!(whole.len(), 4);
    let persons = vec![PersonId(1), PersonId(9)];
    assert_eq!(times(DecisionFilter { persons, ..Default::default() }), [40, 30, 10]);
    let journey = Some("birthday".to_owned());
    assert_eq!(times(DecisionFilter { journey, ..Default::default() }), [20]);
    let verdict = Some(Verdict::Enter);
    assert_eq!(times(DecisionFilter { verdict, ..Default::default() }), [20, 10]);
    let since = Some(Timestamp(30));
    assert_eq!(times(DecisionFilter { since, ..Default::default() }), [40, 30]);
    let before = Some(whole[1].id);
    assert_eq!(times(DecisionFilter { before, ..Default::default() }), [20, 10]);
}

pub(crate) fn decisions_stay_with_a_person_that_comes_and_goes<B: Backend>() {
    let mut backend = B::new();
    let store = backend.store();
    accept(store, vec![named("n1", &["user_id:u1"], "Ana", "García")]);
    let (person, read_version, record) = row(store, "user_id:u1");
    let about = |at| decision(person.0, at, Verdict::Enter, "cart");
    decide(store, vec![about(10), decision(person.0 + 1, 15, Verdict::Enter, "cart")]);
    let with_row = |store: &mut B::Store, read_version, record, decisions| {
        let persons = vec![PersonWrite { person, read_version, record }];
        store.commit(&Commit { persons, decisions, ..Commit::default() }).unwrap();
    };
    with_row(store, read_version, Some(record.clone()), vec![about(20), about(30)]);
    let (_, read_version, _) = row(store, "user_id:u1");
    with_row(store, read_version, None, vec![about(40)]);
    decide(store, vec![about(50)]);
    with_row(store, 0, Some(record), vec![about(60)]);
    let mut backend = backend.reopen();
    let reader = backend.store().reader().unwrap();
    let times = |persons: &[PersonId], limit| -> Vec<i64> {
        let filter = DecisionFilter { persons: persons.to_vec(), ..Default::default() };
        let found = reader.decisions(&filter, limit).unwrap();
        found.iter().map(|decided| decided.decision.at.0).collect()
    };
    assert_eq!(times(&[person], 9), [60, 50, 40, 30, 20, 10]);
    assert_eq!(times(&[PersonId(person.0 + 1), person, person], 9), [60, 50, 40, 30, 20, 15, 10]);
    assert_eq!(times(&[person], 2), [60, 50]);
}

pub(crate) fn totals_of_decisions_count_from_the_very_moment<B: Backend>() {
    let mut backend = B::new();
    let store = backend.store();
    for at in [HOUR - 1, HOUR, HOUR + 5, 3 * HOUR] {
        decide(store, vec![decision(1, at, Verdict::Send, "cart")]);
    }
    decide(store, vec![decision(1, 2 * HOUR, Verdict::Skip, "cart")]);
    let reader = store.reader().unwrap();
    let sends = |since: Option<i64>| {
        let tallies = reader.tallies(since.map(Timestamp)).unwrap();
        tallies.iter().filter(|t| t.verdict == Verdict::Send).map(|t| t.decisions).sum::<u64>()
    };
    assert_eq!(sends(None), 4);
    assert_eq!(sends(Some(HOUR)), 3);
    assert_eq!(sends(Some(HOUR + 1)), 2);
    assert_eq!(sends(Some(HOUR + 6)), 1);
    assert_eq!(sends(Some(3 * HOUR + 1)), 0);
    assert_eq!(reader.tallies(None).unwrap().len(), 2);
}

fn message(id: u64, person: u64, state: MessageState) -> Message {
    Message {
        id,
        person: PersonId(person),
        recipient: identifier("email:ana@shop.es"),
        channel: Channel::Email,
        purpose: Purpose::Promotion,
        journey: "cart".to_owned(),
        step: "remind".to_owned(),
        template: "cart".to_owned(),
        lines: Vec::new(),
        without_offer: false,
        claimed_at: Timestamp(5),
        state,
        settled_at: None,
        note: String::new(),
        subject: "Your boots".to_owned(),
        html: "<p>Boots</p>".repeat(1_000),
        text: "Boots".to_owned(),
        offer: None,
        links: Vec::new(),
    }
}

pub(crate) fn a_message_is_written_whole_and_found_by_its_state<B: Backend>() {
    let mut backend = B::new();
    let store = backend.store();
    let messages: Vec<Message> =
        (1..=3).map(|n| message(n, n % 2, MessageState::Claimed)).collect();
    store.commit(&Commit { messages: messages.clone(), ..Commit::default() }).unwrap();
    let reader = store.reader().unwrap();
    assert_eq!(reader.message(2).unwrap().as_ref(), Some(&messages[1]));
    assert_eq!(reader.totals().unwrap().claimed, 3);
    let changed = vec![message(2, 0, MessageState::Uncertain)];
    store.commit(&Commit { messages: changed, ..Commit::default() }).unwrap();
    let totals = reader.totals().unwrap();
    assert_eq!((totals.claimed, totals.uncertain), (2, 1));
    let ids = |filter: MessageFilter| -> Vec<u64> {
        reader.messages(&filter, 9).unwrap().iter().map(|message| message.id).collect()
    };
    assert_eq!(ids(MessageFilter::default()), [3, 2, 1]);
    let state = Some(MessageState::Claimed);
    assert_eq!(ids(MessageFilter { state, ..Default::default() }), [3, 1]);
    let persons = vec![PersonId(0)];
    assert_eq!(ids(MessageFilter { persons, ..Default::default() }), [2]);
    assert_eq!(ids(MessageFilter { before: Some(3), ..Default::default() }), [2, 1]);
}

pub(crate) fn definitions_are_published_by_compare_and_set<B: Backend>() {
    let mut backend = B::new();
    let store = backend.store();
    let text = |hash| Definition {
        name: "journey/cart".to_owned(),
        text: format!("version {hash}"),
        hash,
        published_at: Timestamp(3),
    };
    let last = u64::MAX;
    assert_eq!(store.publish(&text(1), Some(9)).unwrap(), Published::Changed(None));
    assert_eq!(store.publish(&text(1), None).unwrap(), Published::Done);
    assert_eq!(store.publish(&text(2), None).unwrap(), Published::Changed(Some(1)));
    assert_eq!(store.publish(&text(last), Some(1)).unwrap(), Published::Done);
    let reader = store.reader().unwrap();
    assert_eq!(reader.definition("journey/cart").unwrap(), Some(text(last)));
    assert_eq!(store.withdraw("journey/cart", 1).unwrap(), Published::Changed(Some(last)));
    assert_eq!(store.withdraw("journey/cart", last).unwrap(), Published::Done);
    assert_eq!(reader.definitions().unwrap(), []);
}

pub(crate) fn small_rows_are_kept_apart_by_space<B: Backend>() {
    let mut backend = B::new();
    let store = backend.store();
    store.put("keys", "a", Some(b"1")).unwrap();
    store.put("users", "a", Some(b"2")).unwrap();
    store.put("users", "b", Some(b"")).unwrap();
    store.put("users", "a", Some(b"3")).unwrap();
    let reader = store.reader().unwrap();
    assert_eq!(reader.get("keys", "a").unwrap(), Some(b"1".to_vec()));
    let users = reader.list("users").unwrap();
    assert_eq!(users, [("a".to_owned(), b"3".to_vec()), ("b".to_owned(), Vec::new())]);
    store.put("users", "a", None).unwrap();
    assert_eq!(reader.get("users", "a").unwrap(), None);
}

pub(crate) fn sending_is_off_where_somebody_says_so<B: Backend>() {
    let mut backend = B::new();
    let store = backend.store();
    assert_eq!(store.reader().unwrap().sending().unwrap(), Sending::On);
    store.set_sending(Sending::OffAfterRestore).unwrap();
    let mut backend = backend.reopen();
    let reader = backend.store().reader().unwrap();
    assert_eq!(reader.sending().unwrap(), Sending::OffAfterRestore);
}
