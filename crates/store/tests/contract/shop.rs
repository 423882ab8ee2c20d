//! A small shop: events of a few people, and the shortest path from them to a commit.
//!
//! Whoever is named by an event's first identifier is one person: enough to fill a store with
//! rows as the program would, and no more identity than that.

use std::collections::BTreeMap;

use regulars_engine::commit::{Commit, Counts, Logged, MessageKey, PersonWrite};
use regulars_engine::condition::Aggregates;
use regulars_engine::event::{Event, Kind, LogPosition, Value};
use regulars_engine::identity::{Identifier, IdentifierKey, IdentifierKind, Node, PersonId};
use regulars_engine::record::Record;
use regulars_engine::time::Timestamp;
use regulars_store::{Store, Want};

/// An identifier as `email:ana@shop.es`.
pub(crate) fn identifier(text: &str) -> Identifier {
    let (kind, value) = text.split_once(':').unwrap();
    Identifier::new(IdentifierKind::parse(kind), value).unwrap()
}

/// An event of `kind` with an id, at a moment, of whoever the identifiers name.
pub(crate) fn event(id: &str, kind: Kind, at: i64, identifiers: &[&str]) -> Event {
    Event {
        content: id.bytes().map(u64::from).sum(),
        identifiers: identifiers.iter().map(|text| identifier(text)).collect(),
        ..Event::bare("web", id.to_owned(), kind, Timestamp(at))
    }
}

/// An event that states a name.
pub(crate) fn named(id: &str, identifiers: &[&str], first: &str, last: &str) -> Event {
    let mut event = event(id, Kind::Identify, 1_000, identifiers);
    event.traits.insert("first_name".to_owned(), Value::Text(first.to_owned()));
    event.traits.insert("last_name".to_owned(), Value::Text(last.to_owned()));
    event
}

/// The message key of an id, as well spread as the real one.
pub(crate) fn message_key(id: &str) -> MessageKey {
    let mut words = [0xcbf2_9ce4_8422_2325_u64, 0x9e37_79b9_7f4a_7c15];
    for byte in id.bytes() {
        words[0] = (words[0] ^ u64::from(byte)).wrapping_mul(0x100_0000_01b3);
        words[1] = words[1].rotate_left(9).wrapping_mul(0xbf58_476d_1ce4_e5b9) ^ words[0];
    }
    MessageKey(u128::from(words[1]) << 64 | u128::from(words[0]))
}

/// What accepting `events` changes, read from the store as it is.
pub(crate) fn commit_of<S: Store>(store: &mut S, events: Vec<Event>) -> Commit {
    let salt = store.salt();
    let keys: Vec<IdentifierKey> =
        events.iter().flat_map(|event| &event.identifiers).map(|name| name.key(salt)).collect();
    let loaded = store.load(Want { messages: &[], identifiers: &keys }).unwrap();
    let mut holders: BTreeMap<IdentifierKey, PersonId> =
        keys.iter().zip(&loaded.holders).filter_map(|(key, held)| Some((*key, (*held)?))).collect();
    let mut rows: BTreeMap<PersonId, (u64, Record)> =
        loaded.persons.into_iter().map(|(id, version, record)| (id, (version, record))).collect();
    let mut commit = Commit::default();
    let accepted = u64::try_from(events.len()).unwrap();
    let source = events.first().map(|event| event.source.clone());
    let first = store.next_position().0;
    for (event, position) in events.into_iter().zip(first..) {
        let position = LogPosition(position);
        let anchor = event.anchor().map(|anchor| anchor.key(salt));
        if anchor.is_some() {
            let held = event.identifiers.iter().find_map(|name| holders.get(&name.key(salt)));
            let person = held.copied().unwrap_or(PersonId::first_named(position, 0));
            let (_, record) = rows.entry(person).or_default();
            for (index, name) in event.identifiers.iter().enumerate() {
                // What is somebody else's stays theirs.
                if *holders.entry(name.key(salt)).or_insert(person) != person {
                    continue;
                }
                if record.evidence.node(name).is_none() {
                    commit.identifiers.push((name.key(salt), Some(person)));
                }
                let named_first = PersonId::first_named(position, index);
                record.evidence.add_node(Node { identifier: name.clone(), named_first });
            }
            record.profile.fold(&event, &Aggregates::default());
            record.remember(position);
        }
        let key = message_key(&event.message_id);
        commit.events.push(Logged { position, key, event, anchor });
    }
    commit.persons = rows
        .into_iter()
        .map(|(person, (read_version, record))| PersonWrite {
            person,
            read_version,
            record: Some(record),
        })
        .collect();
    let counts = Counts { accepted, ..Counts::default() };
    commit.counts = source.map(|source| (source, counts)).into_iter().collect();
    commit
}

/// Accepts events in one batch.
pub(crate) fn accept<S: Store>(store: &mut S, events: Vec<Event>) {
    let commit = commit_of(store, events);
    store.commit(&commit).unwrap();
}

/// Who holds an identifier.
pub(crate) fn holder<S: Store>(store: &mut S, text: &str) -> Option<PersonId> {
    let key = identifier(text).key(store.salt());
    store.load(Want { messages: &[], identifiers: &[key] }).unwrap().holders[0]
}

/// A person's version and row.
pub(crate) fn row<S: Store>(store: &mut S, text: &str) -> (PersonId, u64, Record) {
    let id = holder(store, text).unwrap();
    store.persons(&[id]).unwrap().remove(0)
}

/// Writes one person's row and nothing else.
pub(crate) fn write_row<S: Store>(store: &mut S, row: (PersonId, u64, Record)) {
    let (person, read_version, record) = row;
    let persons = vec![PersonWrite { person, read_version, record: Some(record) }];
    store.commit(&Commit { persons, ..Commit::default() }).unwrap();
}
