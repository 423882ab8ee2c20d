//! The store as a batch of work reads it.

use std::collections::{BTreeMap, HashMap};

use regulars_engine::commit::{Logged, MessageKey};
use regulars_engine::decision::Message;
use regulars_engine::event::{LogPosition, Mode};
use regulars_engine::identity::{IdentifierKey, PersonId};
use regulars_engine::journey::Outcome;
use regulars_engine::offer::{Code, CodeKey, CodeState};
use regulars_engine::record::Record;
use regulars_engine::time::Timestamp;
use regulars_engine::work::{Ground, Holder, Seen, Work};
use regulars_store::{Reader, Store, StoreError, Want, led_to};

use super::past::{Past, Placed};

/// A store during one batch. Rows that came along with their identifiers are handed out once.
pub(super) struct StoreGround<'s, S: Store> {
    store: &'s mut S,
    rows: HashMap<PersonId, (u64, Record)>,
    reader: &'s S::Reader,
    /// Where batches are kept aside: the log.
    past: Option<&'s Past>,
    /// What was first named by events that were erased since.
    named: &'s BTreeMap<IdentifierKey, PersonId>,
    /// Events of the batch that the log beside it has.
    placed: Vec<Placed>,
}

impl<'s, S: Store> StoreGround<'s, S> {
    pub(super) fn new(
        store: &'s mut S,
        reader: &'s S::Reader,
        past: Option<&'s Past>,
        named: &'s BTreeMap<IdentifierKey, PersonId>,
    ) -> Self {
        Self { store, rows: HashMap::new(), reader, past, named, placed: Vec::new() }
    }

    /// Notes that the event at a position of the batch is one of the log beside it.
    pub(super) fn place(&mut self, position: LogPosition, from: LogPosition, mode: Mode) {
        self.placed.push(Placed { position, from, mode });
    }

    pub(super) fn into_placed(self) -> Vec<Placed> {
        self.placed
    }

    /// Hands out rows that were just read, which nobody can have changed since.
    pub(super) fn hold(&mut self, rows: Vec<(PersonId, u64, Record)>) {
        self.rows.extend(rows.into_iter().map(|(id, version, record)| (id, (version, record))));
    }
}

/// Notes what became of a message, for whoever bears the id by now that it went to.
pub(super) fn settle<S: Store>(
    work: &mut Work<'_>,
    ground: &mut StoreGround<'_, S>,
    (message, outcome): (Message, Outcome),
    now: Timestamp,
) -> Result<(), StoreError> {
    if let Some(person) = work.bearer(ground, message.person)? {
        return work.settle(ground, person, message, outcome, now);
    }
    // Erased while it was on its way: what was emptied then stays so.
    let message = ground.reader.message(message.id)?.unwrap_or(message);
    work.settle(ground, message.person, message, outcome, now)
}

impl<S: Store> Ground for StoreGround<'_, S> {
    type Error = StoreError;

    fn seen(&mut self, keys: &[MessageKey]) -> Result<Vec<Option<Seen>>, StoreError> {
        if let Some(past) = self.past {
            return past.seen(keys);
        }
        let loaded = self.store.load(Want { messages: keys, identifiers: &[] })?;
        let seen =
            |found: regulars_store::Seen| Seen { position: found.position, content: found.content };
        Ok(loaded.seen.into_iter().map(|found| found.map(seen)).collect())
    }

    fn holders(&mut self, keys: &[IdentifierKey]) -> Result<Vec<Holder>, StoreError> {
        if self.past.is_some() {
            let holder = |key: &IdentifierKey| {
                Ok(self.reader.holder(*key)?.map_or(Holder::Nobody, Holder::Person))
            };
            return keys.iter().map(holder).collect();
        }
        let loaded = self.store.load(Want { messages: &[], identifiers: keys })?;
        for (id, version, record) in loaded.persons {
            self.rows.insert(id, (version, record));
        }
        let erased = loaded.erased.into_iter().chain(std::iter::repeat(false));
        Ok(loaded
            .holders
            .into_iter()
            .zip(erased)
            .map(|(holder, erased)| match holder {
                _ if erased => Holder::Erased,
                Some(person) => Holder::Person(person),
                None => Holder::Nobody,
            })
            .collect())
    }

    fn persons(&mut self, ids: &[PersonId]) -> Result<Vec<(PersonId, u64, Record)>, StoreError> {
        let mut found = Vec::with_capacity(ids.len());
        let mut missing = Vec::new();
        for id in ids {
            match self.rows.remove(id) {
                Some((version, record)) => found.push((*id, version, record)),
                None => missing.push(*id),
            }
        }
        // Rows that are kept aside are with the batch: whoever is not there is nowhere.
        if !missing.is_empty() && self.past.is_none() {
            found.extend(self.store.persons(&missing)?);
        }
        Ok(found)
    }

    fn hanging(&mut self, anchors: &[IdentifierKey]) -> Result<Vec<LogPosition>, StoreError> {
        match self.past {
            Some(past) => past.hanging(anchors),
            None => self.store.hanging(anchors),
        }
    }

    fn hanging_from(
        &mut self,
        anchors: &[IdentifierKey],
        from: LogPosition,
    ) -> Result<Vec<LogPosition>, StoreError> {
        if self.past.is_none() {
            return self.store.hanging_from(anchors, from);
        }
        let mut positions = self.hanging(anchors)?;
        positions.retain(|position| *position >= from);
        Ok(positions)
    }

    fn events(&mut self, positions: &[LogPosition]) -> Result<Vec<Logged>, StoreError> {
        match self.past {
            Some(past) => past.events(positions),
            None => self.store.events(positions),
        }
    }

    fn event(&mut self, position: LogPosition) -> Result<Logged, StoreError> {
        match self.past {
            Some(past) => past.event(position),
            None => self.store.event(position),
        }
    }

    fn led_to(&mut self, id: PersonId) -> Result<Option<Option<IdentifierKey>>, StoreError> {
        led_to(self.reader, id)
    }

    fn first_named(&self, key: IdentifierKey) -> Option<PersonId> {
        self.named.get(&key).copied()
    }

    fn overtaken_by(&mut self, position: LogPosition) -> Result<Option<LogPosition>, StoreError> {
        match self.past {
            Some(past) => Ok(past.overtaken_by(position)),
            None => self.store.overtaken_by(position),
        }
    }

    fn link_members(
        &mut self,
        keys: &[u64],
        limit: usize,
    ) -> Result<Vec<Vec<IdentifierKey>>, StoreError> {
        self.store.link_members(keys, limit)
    }

    fn offer_code(&mut self, key: CodeKey) -> Result<Option<Code>, StoreError> {
        self.store.offer_code(key)
    }

    fn codes_of_order(&mut self, order: u64) -> Result<Vec<(CodeKey, Code)>, StoreError> {
        self.store.codes_of_order(order)
    }

    fn free_codes(
        &mut self,
        offer: &str,
        after: Option<CodeKey>,
        limit: usize,
    ) -> Result<Vec<(CodeKey, Code)>, StoreError> {
        self.store.offer_codes((offer, CodeState::Free), after, limit)
    }
}
