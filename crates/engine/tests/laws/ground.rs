//! A ground in memory: the plainest store there is, against which the engine is tested.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::convert::Infallible;
use std::sync::LazyLock;

use regulars_engine::commit::{Commit, Logged, MessageKey};
use regulars_engine::decision::{Message, MessageState};
use regulars_engine::event::{Event, LogPosition};
use regulars_engine::identity::link::Model;
use regulars_engine::identity::{Card, Change, IdentifierKey, KeySalt, PersonId};
use regulars_engine::journey::{Passage, Passages, State, StepPlace};
use regulars_engine::offer::{self, CodeKey, Stock};
use regulars_engine::product::Catalogue;
use regulars_engine::profile::{Orders, Profile};
use regulars_engine::program::Program;
use regulars_engine::record::Record;
use regulars_engine::source::Sources;
use regulars_engine::time::Timestamp;
use regulars_engine::work::{Accepted, Ground, Holder, Purpose, Seen, Setting, Work};

use crate::history::Statement;

pub(crate) const SALT: KeySalt = KeySalt(1, 2);

/// A person as laws compare them: identifiers and profile, never ids.
pub(crate) type People = BTreeMap<Vec<String>, Profile>;

/// What people are linked with.
pub(crate) static MODEL: LazyLock<Model> = LazyLock::new(Model::before_training);

/// Another one, put into force later: it is sooner sure, and sooner in doubt.
pub(crate) static OTHER_MODEL: LazyLock<Model> =
    LazyLock::new(|| Model::before_training().with_thresholds(0.9, 0.3).with_generation(1));

#[derive(Default)]
pub(crate) struct MemoryGround {
    model: Option<&'static Model>,
    link_keys: BTreeSet<(u64, IdentifierKey)>,
    log: Vec<Logged>,
    seen: HashMap<MessageKey, Seen>,
    holders: HashMap<IdentifierKey, PersonId>,
    persons: BTreeMap<PersonId, (u64, Record)>,
    overtaken: BTreeMap<LogPosition, LogPosition>,
    catalogue: Catalogue,
    sources: Sources,
    /// What was counted of steps of journeys.
    pub(crate) passages: Passages,
    pub(crate) duplicates: u64,
    /// Who was joined and parted, in order.
    pub(crate) changes: Vec<Change>,
    /// Rows that were handed out: the work that reading was.
    pub(crate) rows_read: usize,
    /// Events that were handed out by what they hang on.
    pub(crate) events_read: usize,
}

impl Ground for MemoryGround {
    type Error = Infallible;

    fn seen(&mut self, keys: &[MessageKey]) -> Result<Vec<Option<Seen>>, Infallible> {
        Ok(keys.iter().map(|key| self.seen.get(key).copied()).collect())
    }

    fn holders(&mut self, keys: &[IdentifierKey]) -> Result<Vec<Holder>, Infallible> {
        let holder = |key| self.holders.get(key).map_or(Holder::Nobody, |id| Holder::Person(*id));
        Ok(keys.iter().map(holder).collect())
    }

    fn persons(&mut self, ids: &[PersonId]) -> Result<Vec<(PersonId, u64, Record)>, Infallible> {
        let found = ids.iter().filter_map(|id| self.persons.get(id).map(|held| (id, held)));
        self.rows_read += ids.len();
        Ok(found.map(|(id, (version, record))| (*id, *version, record.clone())).collect())
    }

    fn hanging(&mut self, anchors: &[IdentifierKey]) -> Result<Vec<LogPosition>, Infallible> {
        let hangs = |logged: &&Logged| logged.anchor.is_some_and(|key| anchors.contains(&key));
        Ok(self.log.iter().filter(hangs).map(|logged| logged.position).collect())
    }

    fn events(&mut self, positions: &[LogPosition]) -> Result<Vec<Logged>, Infallible> {
        self.events_read += positions.len();
        positions.iter().map(|position| self.event(*position)).collect()
    }

    fn event(&mut self, position: LogPosition) -> Result<Logged, Infallible> {
        Ok(self.log[usize::try_from(position.0).unwrap() - 1].clone())
    }

    fn overtaken_by(&mut self, position: LogPosition) -> Result<Option<LogPosition>, Infallible> {
        Ok(self.overtaken.get(&position).copied())
    }

    fn link_members(
        &mut self,
        keys: &[u64],
        limit: usize,
    ) -> Result<Vec<Vec<IdentifierKey>>, Infallible> {
        let of = |key: &u64| {
            let from = (*key, IdentifierKey(0))..=(*key, IdentifierKey(u64::MAX));
            self.link_keys.range(from).map(|(_, card)| *card).take(limit).collect()
        };
        Ok(keys.iter().map(of).collect())
    }

    fn offer_code(&mut self, _: CodeKey) -> Result<Option<offer::Code>, Infallible> {
        Ok(None)
    }

    fn codes_of_order(&mut self, _: u64) -> Result<Vec<(CodeKey, offer::Code)>, Infallible> {
        Ok(Vec::new())
    }

    fn free_codes(
        &mut self,
        _: &str,
        _: Option<CodeKey>,
        _: usize,
    ) -> Result<Vec<(CodeKey, offer::Code)>, Infallible> {
        Ok(Vec::new())
    }
}

impl MemoryGround {
    /// The state after the statements arrived in this order, in batches of `batch`.
    pub(crate) fn after(program: &Program, statements: &[Statement], batch: usize) -> Self {
        let events: Vec<_> = statements.iter().map(Statement::event).collect();
        Self::after_events(program, &events, batch)
    }

    /// The state after the events arrived in this order, in batches of `batch`.
    pub(crate) fn after_events(
        program: &Program,
        events: &[(MessageKey, Event)],
        batch: usize,
    ) -> Self {
        Self::after_events_under(&MODEL, program, events, batch)
    }

    /// The same, linked with `model`.
    pub(crate) fn after_events_under(
        model: &'static Model,
        program: &Program,
        events: &[(MessageKey, Event)],
        batch: usize,
    ) -> Self {
        Self::under(model).and_then(program, events, batch)
    }

    /// The same without a model: nobody is linked by likeness.
    pub(crate) fn unlinked(
        program: &Program,
        events: &[(MessageKey, Event)],
        batch: usize,
    ) -> Self {
        Self::default().and_then(program, events, batch)
    }

    fn and_then(mut self, program: &Program, events: &[(MessageKey, Event)], batch: usize) -> Self {
        let ground = &mut self;
        for chunk in events.chunks(batch) {
            ground.batch(program, |work, ground| {
                for (key, event) in chunk.iter().cloned() {
                    let accepted = work.accept(ground, key, event, Timestamp(9_000_000)).unwrap();
                    ground.duplicates += u64::from(accepted == Accepted::Duplicate);
                }
            });
        }
        self
    }

    /// Nothing yet, to be linked with `model`.
    pub(crate) fn under(model: &'static Model) -> Self {
        Self { model: Some(model), ..Self::default() }
    }

    /// One batch of work, written. Returns the messages it claimed.
    pub(crate) fn batch(
        &mut self,
        program: &Program,
        run: impl FnOnce(&mut Work<'_>, &mut Self),
    ) -> Vec<Message> {
        let mut catalogue = std::mem::take(&mut self.catalogue);
        let mut sources = std::mem::take(&mut self.sources);
        let mut stock = Stock::default();
        let mut work = Work::begin(Setting {
            stock: &mut stock,
            random: 0,
            pace: None,
            program,
            catalogue: &mut catalogue,
            sources: &mut sources,
            salt: SALT,
            sending: regulars_engine::step::MayLeave::Everything,
            room: usize::MAX,
            purpose: Purpose::Live,
            next: LogPosition(u64::try_from(self.log.len()).unwrap() + 1),
            model: self.model,
        });
        run(&mut work, self);
        let commit = work.finish();
        let claimed = commit.messages.iter().filter(|m| m.state == MessageState::Claimed);
        let claimed = claimed.cloned().collect();
        self.write(commit);
        (self.catalogue, self.sources) = (catalogue, sources);
        claimed
    }

    /// Puts another model into force and looks at everybody again, so many at a time.
    pub(crate) fn apply(&mut self, model: &'static Model, program: &Program, slice: usize) {
        self.link_keys.clear();
        self.model = Some(model);
        self.apply_rules(program, slice);
    }

    /// The same for rules alone.
    pub(crate) fn apply_rules(&mut self, program: &Program, slice: usize) {
        let mut after = PersonId(0);
        loop {
            let next = (std::ops::Bound::Excluded(after), std::ops::Bound::Unbounded);
            let persons: Vec<PersonId> =
                self.persons.range(next).take(slice).map(|(id, _)| *id).collect();
            let Some(last) = persons.last() else { return };
            after = *last;
            self.batch(program, |work, ground| {
                work.revisit(ground, &persons, Timestamp(9_000_000)).unwrap();
            });
        }
    }

    fn write(&mut self, commit: Commit) {
        for logged in commit.events {
            assert_eq!(logged.position.0, u64::try_from(self.log.len()).unwrap() + 1);
            let seen = Seen { position: logged.position, content: logged.event.content };
            self.seen.insert(logged.key, seen);
            self.log.push(logged);
        }
        self.overtaken.extend(commit.overtaken);
        self.changes.extend(commit.changes);
        self.passages.add(commit.passages);
        for (key, person) in commit.identifiers {
            match person {
                Some(person) => self.holders.insert(key, person),
                None => self.holders.remove(&key),
            };
        }
        for write in commit.link_keys {
            if write.found {
                self.link_keys.insert((write.key, write.card));
            } else {
                self.link_keys.remove(&(write.key, write.card));
            }
        }
        for write in commit.persons {
            let version = self.persons.get(&write.person).map_or(0, |held| held.0);
            assert_eq!(version, write.read_version, "a row was written that was not read");
            match write.record {
                Some(record) => {
                    assert_eq!(record.id(), write.person);
                    self.persons.insert(write.person, (version + 1, record));
                }
                None => {
                    self.persons.remove(&write.person);
                }
            }
        }
        self.check();
    }

    /// Every identifier is held by the person whose row has it, and by nobody else.
    fn check(&self) {
        let mut held = 0;
        for (id, (_, record)) in &self.persons {
            for node in &record.evidence.nodes {
                assert_eq!(self.holders.get(&node.identifier.key(SALT)), Some(id));
                held += 1;
            }
        }
        assert_eq!(held, self.holders.len(), "{:?}", self.partition());
        self.check_passages();
    }

    /// At every step of every journey: came = left + went on + are there.
    fn check_passages(&self) {
        let mut present: BTreeMap<StepPlace, u64> = BTreeMap::new();
        let rows = self.persons.values().flat_map(|(_, record)| &record.enrollments);
        for enrollment in rows.filter(|enrollment| enrollment.runs()) {
            let place = (enrollment.journey.clone(), enrollment.version, enrollment.step);
            *present.entry(place).or_default() += 1;
        }
        for (place, Passage { came, left, done }) in self.passages.iter() {
            let there = present.remove(place).unwrap_or(0);
            assert_eq!(*came, left + done + there, "{place:?}: came = left + went on + are there");
        }
        assert!(present.is_empty(), "some are where nobody came: {present:?}");
    }

    /// Whoever is due.
    pub(crate) fn due(&self, now: Timestamp) -> Vec<PersonId> {
        let due = |record: &Record| record.due_at().is_some_and(|due| due <= now);
        self.persons.iter().filter(|(_, (_, record))| due(record)).map(|(id, _)| *id).collect()
    }

    /// Who holds what a message's person was known by.
    pub(crate) fn sending(&self, message: &Message) -> PersonId {
        let sends = |record: &Record| {
            let state = State::Sending { message: message.id };
            record.enrollments.iter().any(|enrollment| enrollment.state == state)
        };
        let found = self.persons.iter().find(|(_, (_, record))| sends(record));
        found.map_or(message.person, |(id, _)| *id)
    }

    /// The most edges and the most identifiers that one person's row has.
    pub(crate) fn largest(&self) -> (usize, usize) {
        let rows = || self.persons.values().map(|(_, record)| &record.evidence);
        let edges = rows().map(|evidence| evidence.edges.len()).max().unwrap_or(0);
        (edges, rows().map(|evidence| evidence.nodes.len()).max().unwrap_or(0))
    }

    pub(crate) fn log(&self) -> &[Logged] {
        &self.log
    }

    /// The log without versions that another one has overtaken.
    pub(crate) fn standing_log(&self) -> impl Iterator<Item = &Logged> {
        self.log.iter().filter(|logged| !self.overtaken.contains_key(&logged.position))
    }

    pub(crate) fn ids(&self) -> BTreeSet<PersonId> {
        self.persons.keys().copied().collect()
    }

    /// Who holds an identifier.
    pub(crate) fn holder_of(&self, key: IdentifierKey) -> Option<PersonId> {
        self.holders.get(&key).copied()
    }

    /// A person's row.
    pub(crate) fn row(&self, person: PersonId) -> Option<&Record> {
        self.persons.get(&person).map(|(_, record)| record)
    }

    /// Everybody's rows.
    pub(crate) fn records(&self) -> impl Iterator<Item = &Record> {
        self.persons.values().map(|(_, record)| record)
    }

    /// The cards that are found by a key, in order.
    pub(crate) fn found_by(&self, key: u64) -> impl Iterator<Item = IdentifierKey> {
        let found = self.link_keys.range((key, IdentifierKey(0))..=(key, IdentifierKey(u64::MAX)));
        found.map(|(_, card)| *card)
    }

    /// Every row as it would be written.
    pub(crate) fn rows(&self) -> Vec<Vec<u8>> {
        self.persons.values().map(|(_, record)| minicbor::to_vec(record).unwrap()).collect()
    }

    pub(crate) fn people(&self) -> People {
        self.persons.values().map(|(_, record)| (names(record), record.profile.clone())).collect()
    }

    /// All cards by their identifiers, ties included, and the keys by which they are found.
    pub(crate) fn cards(&self) -> (BTreeMap<String, Card>, &BTreeSet<(u64, IdentifierKey)>) {
        let rows = self.persons.values().flat_map(|(_, record)| record.cards.iter());
        let named = rows
            .map(|(name, card)| (format!("{} {}", name.kind.word(), name.value()), card.clone()));
        (named.collect(), &self.link_keys)
    }

    pub(crate) fn partition(&self) -> BTreeSet<Vec<String>> {
        self.persons.values().map(|(_, record)| names(record)).collect()
    }

    pub(crate) fn orders(&self) -> BTreeMap<Vec<String>, Orders> {
        let rows = self.persons.values();
        rows.map(|(_, record)| (names(record), Orders::clone(&record.profile.orders))).collect()
    }
}

fn names(record: &Record) -> Vec<String> {
    let nodes = record.evidence.nodes.iter();
    nodes
        .map(|node| format!("{} {}", node.identifier.kind.word(), node.identifier.value()))
        .collect()
}
