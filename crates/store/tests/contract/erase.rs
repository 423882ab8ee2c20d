//! Erasing: nothing of the person is read any more, and nobody else loses anything.

use regulars_engine::commit::{Commit, PersonWrite, Quarantined};
use regulars_engine::decision::{Decision, Message, MessageState, Verdict};
use regulars_engine::event::{Channel, Event, Kind, LogPosition, Purpose, Value};
use regulars_engine::identity::{Edge, PersonId, Ties};
use regulars_engine::reason::{Fact, Reason, ReasonCode, Told};
use regulars_engine::time::Timestamp;
use regulars_store::{
    CommitError, DecisionFilter, Erased, Erasure, MessageFilter, QuarantineFilter, Reader, Store,
    Want, is_tombstone, tombstone,
};

use crate::backend::Backend;
use crate::shop::{accept, event, holder, identifier, message_key, named, row, write_row};

const ANA: [&str; 3] = ["user_id:ana-login", "email:ana.garcia@shop.es", "phone:+34600112233"];

/// Words of Ana's that no file may hold after her erasure.
pub(crate) const WORDS: [&str; 5] =
    ["ana-login", "ana.garcia", "600112233", "Zurbarán", "a gift for Begoña"];

/// A shop with Ana and Ben: events, a message, decisions, rows in quarantine.
pub(crate) fn fill<S: Store>(store: &mut S) {
    accept(store, vec![event("b1", Kind::PageViewed, 1, &["user_id:ben"])]);
    accept(store, vec![named("a1", &ANA, "Ana", "Zurbarán")]);
    for number in 0..150 {
        let who: &[&str] = if number % 3 == 0 { &ANA[..2] } else { &["user_id:ben"] };
        let mut visit = event(&format!("v{number}"), Kind::ProductViewed, 10 + number, who);
        if number % 3 == 0 {
            let note = Value::Text("a gift for Begoña".to_owned());
            visit.properties.insert("note".to_owned(), note);
        }
        accept(store, vec![visit]);
    }
    // Ben once gave her address.
    accept(store, vec![event("b2", Kind::Identify, 500, &["user_id:ben", ANA[1]])]);
    let (ben, version, mut record) = row(store, "user_id:ben");
    record.evidence.edges.push(Edge {
        strong: identifier("user_id:ben"),
        weak: identifier(ANA[1]),
        ties: Ties::Seen,
        first_at: Timestamp(500),
        last_at: Timestamp(500),
    });
    write_row(store, (ben, version, record));
    let ana = holder(store, ANA[0]).unwrap();
    // Both were written to there; what else was decided about him says nothing of her.
    let his = Decision {
        recipient: None,
        products: vec!["boots".to_owned()],
        reasons: Vec::new(),
        message: None,
        ..decision(ben, 10)
    };
    let commit = Commit {
        decisions: vec![decision(ana, 9), decision(ben, 10), his],
        messages: vec![message(ana, 9), message(ben, 10)],
        quarantine: vec![
            quarantined("{\"userId\": \"ANA-LOGIN\", \"timestamp\": \"yesterday\"}"),
            quarantined("call (34) 600-11 22 33"),
            quarantined("something of somebody else"),
        ],
        ..Commit::default()
    };
    store.commit(&commit).unwrap();
}

fn decision(person: PersonId, message: u64) -> Decision {
    let condition = "trait last_name is \"Zurbarán\"".to_owned();
    let fact = Fact::new(Told::TraitHolds { condition }, None);
    Decision {
        at: Timestamp(5),
        person,
        verdict: Verdict::Send,
        journey: "cart".to_owned(),
        step: "remind".to_owned(),
        channel: Some(Channel::Email),
        recipient: Some(identifier(ANA[1])),
        products: vec!["a gift for Begoña".to_owned()],
        until: None,
        reasons: vec![Reason::with(ReasonCode::AllClear, vec![fact])],
        known_to: LogPosition(7),
        message: Some(message),
    }
}

fn message(person: PersonId, id: u64) -> Message {
    Message {
        id,
        person,
        recipient: identifier(ANA[1]),
        channel: Channel::Email,
        purpose: Purpose::Promotion,
        journey: "cart".to_owned(),
        step: "remind".to_owned(),
        template: "cart".to_owned(),
        lines: Vec::new(),
        without_offer: false,
        claimed_at: Timestamp(5),
        state: MessageState::Sent,
        settled_at: Some(Timestamp(6)),
        note: "250 ok ana.garcia@shop.es".to_owned(),
        subject: "Zurbarán, your boots".to_owned(),
        html: "<p>Zurbarán</p>".to_owned(),
        text: "Zurbarán".to_owned(),
        offer: None,
        links: Vec::new(),
    }
}

fn quarantined(raw: &str) -> Quarantined {
    Quarantined {
        source: "web".to_owned(),
        feed: String::new(),
        received_at: Timestamp(3),
        code: "bad_time".to_owned(),
        text: "the time is no time".to_owned(),
        raw: raw.as_bytes().to_vec(),
    }
}

/// What makes Ana unknown, worked out as the program would: her events, and the one of Ben's that
/// mentions her.
pub(crate) fn erasure<S: Store>(store: &mut S) -> Erasure {
    let salt = store.salt();
    let (ana, _, record) = row(store, ANA[0]);
    let identifiers: Vec<_> =
        record.evidence.nodes.iter().map(|node| node.identifier.clone()).collect();
    let anchors: Vec<_> = identifiers.iter().map(|identifier| identifier.key(salt)).collect();
    let positions: Vec<LogPosition> =
        store.events_of(&anchors).unwrap().iter().map(|logged| logged.position).collect();
    let texts: Vec<String> = identifiers.iter().map(|name| name.value().to_owned()).collect();
    let reader = store.reader().unwrap();
    let others = reader.mentions(&texts).unwrap();
    let others: Vec<LogPosition> =
        others.into_iter().filter(|position| !positions.contains(position)).collect();
    let redacted = reader.events(&others).unwrap().into_iter().map(|entry| {
        let mut event: Event = entry.logged.event;
        event.identifiers.retain(|identifier| !identifiers.contains(identifier));
        (entry.logged.position, event)
    });
    Erasure {
        persons: vec![ana],
        redacted: redacted.collect(),
        identifiers,
        texts: vec!["Zurbarán".to_owned()],
        positions,
        link_keys: Vec::new(),
        others: vec![ben_alone(store)],
        named: Vec::new(),
    }
}

/// Ben's row without what it says of Ana.
fn ben_alone<S: Store>(store: &mut S) -> PersonWrite {
    let (person, read_version, mut record) = row(store, "user_id:ben");
    assert_eq!(record.evidence.edges.len(), 1);
    record.evidence.edges.clear();
    PersonWrite { person, read_version, record: Some(record) }
}

pub(crate) fn an_erased_person_is_nowhere<B: Backend>() {
    let mut backend = B::new();
    let store = backend.store();
    fill(store);
    let ana = holder(store, ANA[0]).unwrap();
    let erasure = erasure(store);
    let erased = store.erase(&erasure).unwrap();
    let expected =
        Erased { events: 51, redacted: 1, persons: 1, messages: 2, decisions: 2, quarantined: 2 };
    assert_eq!(erased, expected);
    store.scrub().unwrap();
    assert_unknown(store, ana);
    let mut backend = backend.reopen();
    assert_unknown(backend.store(), ana);
}

fn assert_unknown<S: Store>(store: &mut S, ana: PersonId) {
    let keys = ANA.map(|text| identifier(text).key(store.salt()));
    let loaded = store.load(Want { messages: &[message_key("a1")], identifiers: &keys }).unwrap();
    assert_eq!(loaded.holders, [None; 3]);
    assert_eq!(loaded.erased, [true; 3]);
    assert!(loaded.seen[0].is_some(), "a repeat stays a repeat");
    assert_eq!(store.events_of(&keys).unwrap(), []);
    let reader = store.reader().unwrap();
    assert!(reader.erased(keys[0]).unwrap());
    assert!(reader.person(ana).unwrap().is_none());
    assert!(reader.search("zurbaran", &[], 9).unwrap().is_empty());
    assert!(reader.search("ana.garcia", &[], 9).unwrap().is_empty());
    let words = WORDS.map(str::to_owned);
    assert_eq!(reader.mentions(&words).unwrap(), []);
    let entries = reader.log(LogPosition(1), 999).unwrap();
    assert_eq!(entries.len(), 153);
    let erased: Vec<_> = entries.iter().filter(|entry| entry.erased).collect();
    assert_eq!(erased.len(), 51);
    for entry in erased {
        assert!(is_tombstone(&entry.logged.event));
        assert_eq!(tombstone(&entry.logged.event), entry.logged.event);
    }
    let decided = reader.decisions(&DecisionFilter::default(), 9).unwrap();
    let [his, decided @ ..] = decided.as_slice() else { panic!("decisions are gone") };
    assert_eq!(his.decision.products, ["boots"]);
    for decided in decided {
        let Decision { verdict, journey, recipient, .. } = &decided.decision;
        assert_eq!((*verdict, journey.as_str(), recipient), (Verdict::Send, "cart", &None));
    }
    let kept = reader.messages(&MessageFilter::default(), 9).unwrap();
    for kept in &kept {
        assert_eq!((kept.state, kept.step.as_str()), (MessageState::Sent, "remind"));
    }
    assert_eq!((decided.len(), kept.len()), (2, 2));
    let quarantine = reader.quarantine(&QuarantineFilter::default(), 9).unwrap();
    let shown = format!("{decided:?} {kept:?} {quarantine:?}");
    assert!(WORDS.iter().all(|word| !shown.contains(word)), "{shown}");
    assert_eq!(quarantine.len(), 1);
    assert_eq!(reader.totals().unwrap().persons, 1);
}

pub(crate) fn what_others_did_stays_when_somebody_is_erased<B: Backend>() {
    let mut backend = B::new();
    let store = backend.store();
    fill(store);
    let ben = [identifier("user_id:ben").key(store.salt())];
    let before = store.events_of(&ben).unwrap();
    assert_eq!(before.len(), 102);
    let erasure = erasure(store);
    let expected = erasure.others[0].record.clone().unwrap();
    store.erase(&erasure).unwrap();
    let mut after = store.events_of(&ben).unwrap();
    let mentioned = after.last_mut().unwrap();
    assert_eq!(mentioned.event.identifiers, [identifier("user_id:ben")]);
    mentioned.event.identifiers.push(identifier(ANA[1]));
    assert_eq!(after, before);
    assert_eq!(row(store, "user_id:ben").2, expected);
    assert_eq!(store.erase(&Erasure::default()).unwrap(), Erased::default());
    accept(store, vec![event("b3", Kind::PageViewed, 900, &["user_id:ben"])]);
    assert_eq!(store.events_of(&ben).unwrap().len(), 103);
}

pub(crate) fn a_changed_row_of_others_refuses_the_erasure<B: Backend>() {
    let mut backend = B::new();
    let store = backend.store();
    fill(store);
    let erasure = erasure(store);
    let read = row(store, "user_id:ben");
    write_row(store, read);
    assert!(matches!(store.erase(&erasure), Err(CommitError::Conflict)));
    assert_eq!(store.reader().unwrap().search("zurbaran", &[], 9).unwrap().len(), 1);
}
