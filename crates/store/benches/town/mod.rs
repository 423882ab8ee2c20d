//! People and events of the benchmark, from a seed.

use std::collections::{BTreeMap, HashMap};

use regulars_engine::commit::{Commit, Counts, Logged, MessageKey, PersonWrite};
use regulars_engine::condition::Aggregates;
use regulars_engine::event::{Code, CodeKind, Event, Kind, Line, LogPosition, Map, Value};
use regulars_engine::identity::{
    Edge, Identifier, IdentifierKey, IdentifierKind, KeySalt, Node, PersonId, Ties,
};
use regulars_engine::profile::{Stamp, Trait};
use regulars_engine::record::Record;
use regulars_engine::source::{Feed, FeedName};
use regulars_engine::time::{Occurred, Timestamp};
use regulars_store::Loaded;

pub(crate) const EVENTS_A_BATCH: u64 = 1_000;
/// 1,000 events are of 166 persons.
const EVENTS_A_PERSON: u64 = 6;
/// Persons are made before there are events; their ids name positions that come later.
const START: i64 = 1_760_000_000_000;

/// splitmix64.
#[derive(Clone)]
pub(crate) struct Random(u64);

impl Random {
    pub(crate) fn new(seed: u64) -> Self {
        Self(seed)
    }

    pub(crate) fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    pub(crate) fn below(&mut self, bound: u64) -> u64 {
        self.next() % bound
    }
}

const SYLLABLES: [&str; 24] = [
    "ma", "ri", "lo", "pez", "gar", "cia", "an", "na", "ben", "to", "ni", "ko", "ste", "fan", "ol",
    "ga", "vi", "tor", "el", "sa", "jo", "se", "du", "ran",
];

pub(crate) struct Town {
    pub(crate) persons: u64,
    random: Random,
    clock: i64,
    feed: Feed,
}

pub(crate) struct Batch {
    pub(crate) messages: Vec<MessageKey>,
    pub(crate) identifiers: Vec<IdentifierKey>,
    events: Vec<(Event, IdentifierKey)>,
}

impl Town {
    pub(crate) fn new(persons: u64) -> Self {
        Self { persons, random: Random::new(1), clock: START, feed: Feed::default() }
    }

    /// Goes on behind the events of an earlier run.
    pub(crate) fn resume(&mut self, next: LogPosition) {
        self.random = Random::new(next.0);
        self.clock += i64::try_from(next.0).expect("few events") * 20;
    }

    /// A name that depends on the number: some 13,000 first and 300,000 last names.
    fn name(&self, person: u64) -> (String, String) {
        let mut random = Random::new(person ^ 0x5eed);
        let mut word = |syllables: u64| -> String {
            let few = random.next().min(random.next());
            let mut random = Random::new(few >> 20);
            (0..syllables)
                .map(|_| SYLLABLES[usize::try_from(random.below(24)).unwrap_or(0)])
                .collect()
        };
        (word(3), word(4))
    }

    fn identifiers(&self, person: u64) -> [Identifier; 3] {
        let (first, last) = self.name(person);
        let make = |kind, value: String| Identifier::new(kind, &value).expect("a valid value");
        [
            make(IdentifierKind::UserId, format!("u-{person}")),
            make(IdentifierKind::Email, format!("{first}.{last}.{person}@example.org")),
            make(IdentifierKind::AnonymousId, uuid(person)),
        ]
    }

    pub(crate) fn anchor(&self, salt: KeySalt, person: u64) -> IdentifierKey {
        self.identifiers(person)[0].key(salt)
    }

    pub(crate) fn sample(&self) -> (String, String, String) {
        let (first, last) = self.name(42);
        (first, last, self.identifiers(42)[1].value().to_owned())
    }

    /// New persons with their names and identifiers.
    pub(crate) fn newcomers(&self, salt: KeySalt, people: std::ops::Range<u64>) -> Commit {
        let mut commit = Commit::default();
        for person in people {
            let id = PersonId::first_named(LogPosition(person + 1), 0);
            let names = self.identifiers(person);
            let mut record = Record::default();
            for (index, name) in names.iter().enumerate() {
                let named_first = PersonId::first_named(LogPosition(person + 1), index);
                record.evidence.add_node(Node { identifier: name.clone(), named_first });
                commit.identifiers.push((name.key(salt), Some(id)));
            }
            for weak in &names[1..] {
                record.evidence.edges.push(Edge {
                    strong: names[0].clone(),
                    weak: weak.clone(),
                    ties: Ties::Seen,
                    first_at: Timestamp(START),
                    last_at: Timestamp(START),
                });
            }
            record.evidence.edges.sort();
            let (first, last) = self.name(person);
            for (name, value) in [("first_name", first), ("last_name", last)] {
                let stamp = Stamp { at: Timestamp(START), tie: person };
                let stated = Trait { stamp, value: Value::Text(value), source: "web".to_owned() };
                record.profile.traits.insert(name.to_owned(), stated);
            }
            commit.persons.push(PersonWrite { person: id, read_version: 0, record: Some(record) });
        }
        commit
    }

    /// Events of persons drawn evenly from all, mixed with each other.
    pub(crate) fn batch(&mut self, salt: KeySalt, events: u64) -> Batch {
        let persons = (events / EVENTS_A_PERSON).max(1);
        let people: Vec<[Identifier; 3]> = (0..persons)
            .map(|_| {
                let person = self.random.below(self.persons);
                self.identifiers(person)
            })
            .collect();
        let mut batch = Batch { messages: Vec::new(), identifiers: Vec::new(), events: Vec::new() };
        for _ in 0..events {
            let names = &people[usize::try_from(self.random.below(persons)).unwrap_or(0)];
            self.clock += 20;
            let event = self.event(names);
            batch.messages.push(MessageKey::of(salt, &event.source, &event.message_id));
            let keys = event.identifiers.iter().map(|name| name.key(salt));
            batch.identifiers.extend(keys);
            let anchor = event.identifiers[0].key(salt);
            batch.events.push((event, anchor));
        }
        batch.identifiers.sort_unstable();
        batch.identifiers.dedup();
        batch
    }

    fn event(&mut self, names: &[Identifier; 3]) -> Event {
        let number = self.random.next();
        let product = self.random.below(5_000);
        let kind = match self.random.below(10) {
            0 => Kind::ProductAdded,
            1 => Kind::CartViewed,
            2..5 => Kind::ProductViewed,
            _ => Kind::PageViewed,
        };
        Event {
            content: number,
            occurred: Occurred::instant(Timestamp(self.clock)),
            identifiers: vec![names[0].clone(), names[2].clone()],
            lines: vec![line(product)],
            properties: properties(number, product),
            ..Event::bare(
                "web",
                format!("ajs-next-{}-{}", self.clock, uuid(number)),
                kind,
                Timestamp(self.clock + 350),
            )
        }
    }

    /// What accepting the batch changes.
    pub(crate) fn commit(&mut self, batch: Batch, loaded: Loaded, next: LogPosition) -> Commit {
        assert!(loaded.seen.iter().all(Option::is_none), "all messages are fresh");
        let holders: HashMap<IdentifierKey, PersonId> = batch
            .identifiers
            .iter()
            .zip(&loaded.holders)
            .map(|(key, holder)| (*key, holder.expect("everybody is known")))
            .collect();
        let mut rows: BTreeMap<PersonId, (u64, Record)> = loaded
            .persons
            .into_iter()
            .map(|(id, version, record)| (id, (version, record)))
            .collect();
        let mut commit = Commit::default();
        let accepted = u64::try_from(batch.events.len()).expect("few events");
        for ((event, anchor), (key, position)) in
            batch.events.into_iter().zip(batch.messages.into_iter().zip(next.0..))
        {
            let position = LogPosition(position);
            let (_, record) = rows.get_mut(&holders[&anchor]).expect("loaded with its holder");
            record.profile.fold(&event, &Aggregates::default());
            record.remember(position);
            self.feed.fold(&event);
            commit.events.push(Logged { position, key, event, anchor: Some(anchor) });
        }
        let write = |(person, (read_version, record))| PersonWrite {
            person,
            read_version,
            record: Some(record),
        };
        commit.persons = rows.into_iter().map(write).collect();
        let name = FeedName { source: "web".to_owned(), feed: String::new() };
        commit.feeds = vec![(name, self.feed.clone())];
        let counts = Counts { accepted, ..Counts::default() };
        commit.counts = vec![("web".to_owned(), counts)];
        commit
    }
}

fn line(product: u64) -> Line {
    let code = |kind, value: String| Code { kind, value };
    Line {
        codes: vec![
            code(CodeKind::Product, format!("{}", 7_200_000_000 + product)),
            code(CodeKind::Sku, format!("SKU-{product:06}-M")),
        ],
        quantity_milli: 1_000,
        total_minor: Some(i64::try_from(product % 9_000 + 990).unwrap_or(990)),
        name: Some(format!("Linen shirt no. {product}, slim, washed")),
        category: Some("Women / Shirts".to_owned()),
        url: Some(format!("https://shop.example.org/products/linen-shirt-{product}")),
        image_url: None,
        currency: None,
        attributes: Vec::new(),
    }
}

fn properties(number: u64, product: u64) -> Map {
    let mut properties = Map::new();
    let mut put = |name: &str, text: String| {
        properties.insert(name.to_owned(), Value::Text(text));
    };
    put("title", format!("Linen shirt no. {product} - Example Shop"));
    put("referrer", format!("https://www.example.com/search?q={}", number % 100_000));
    put("user_agent", "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101".to_owned());
    put("locale", "es-ES".to_owned());
    put("session", uuid(number >> 8));
    properties
}

fn uuid(number: u64) -> String {
    let mut random = Random::new(number);
    let (high, low) = (random.next(), random.next());
    format!(
        "{:08x}-{:04x}-4{:03x}-a{:03x}-{:012x}",
        high >> 32,
        high >> 16 & 0xffff,
        high & 0xfff,
        low >> 52,
        low & 0xffff_ffff_ffff
    )
}
