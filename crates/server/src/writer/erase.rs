//! Erasing a person: everything that names them is found here, and made unknown in the store.

use std::collections::{BTreeMap, BTreeSet};

use regulars_engine::commit::{LinkKeyWrite, PersonWrite};
use regulars_engine::event::{Event, LogPosition};
use regulars_engine::identity::link::{Home, Linker};
use regulars_engine::identity::{Identifier, IdentifierKey, Mentions, PersonId};
use regulars_engine::record::Record;
use regulars_engine::time::Timestamp;
use regulars_store::{Erased, Erasure, Reader, Store};

use super::{Writer, WriterError};

/// The space of the store that keeps what an erasure has left to do.
const SPACE: &str = "erasure";
/// The key of the persons that are to be folded again.
const AGAIN: &str = "again";

/// A store of up to this size is written anew at once, which takes two seconds or so.
const SCRUB_AT_ONCE_BYTES: u64 = 200 << 20;

impl<S: Store> Writer<S> {
    /// What erasing a person would make unknown. Costs a walk through the whole log.
    ///
    /// # Errors
    /// If the store cannot be read.
    pub fn erasure(&mut self, person: PersonId) -> Result<Erasure, WriterError> {
        let Some((_, record)) = self.reader.person(person)? else { return Ok(Erasure::default()) };
        let evidence = &record.evidence;
        let mentions = Mentions::of(&record);
        let (identifiers, texts) = (mentions.identifiers().to_vec(), mentions.texts());
        let anchors: Vec<_> = identifiers.iter().map(|id| id.key(self.salt)).collect();
        let own = self.store.events_of(&anchors)?;
        let positions: BTreeSet<LogPosition> = own.iter().map(|logged| logged.position).collect();
        let own = own.into_iter().map(|logged| (logged.position, logged.event));
        let mut wanted: Vec<String> = identifiers.iter().map(|id| id.value().to_owned()).collect();
        wanted.extend(texts.iter().cloned());
        let mentioned = self.reader.mentions(&wanted)?;
        let further: Vec<LogPosition> =
            mentioned.into_iter().filter(|position| !positions.contains(position)).collect();
        let told = self.reader.events(&further)?.into_iter().filter(|entry| !entry.erased);
        let told = told.map(|entry| (entry.logged.position, entry.logged.event));
        let redacted: Vec<_> = told
            .filter_map(|(position, event)| {
                let left = mentions.taken_out_of(&event)?;
                Some((position, event, left))
            })
            .collect();
        let persons: Vec<PersonId> = evidence.nodes.iter().map(|node| node.named_first).collect();
        let before = redacted.iter().map(|(position, event, _)| (*position, event.clone()));
        let named = self.named_there(own.chain(before), &persons, &identifiers)?;
        let redacted = redacted.into_iter().map(|(position, _, left)| (position, left)).collect();
        let link_keys = self.link_keys(&record);
        let others = self.others(&record, &link_keys)?;
        Ok(Erasure {
            persons,
            identifiers,
            texts,
            positions: positions.into_iter().collect(),
            redacted,
            link_keys,
            others,
            named,
        })
    }

    /// Where ids lead whose events, as they were, are erased or redacted: to others' identifiers that these
    /// were the first to name, and to nobody in place of the person.
    fn named_there(
        &self,
        events: impl Iterator<Item = (LogPosition, Event)>,
        persons: &[PersonId],
        identifiers: &[Identifier],
    ) -> Result<Vec<(PersonId, Option<IdentifierKey>)>, WriterError> {
        let mut named: BTreeMap<PersonId, Option<IdentifierKey>> =
            persons.iter().map(|id| (*id, None)).collect();
        let mut others: BTreeMap<Identifier, Option<PersonId>> = BTreeMap::new();
        for (position, event) in events {
            for (index, name) in event.identifiers.iter().enumerate() {
                if identifiers.contains(name) {
                    continue;
                }
                if !others.contains_key(name) {
                    others.insert(name.clone(), self.first_id_of(name)?);
                }
                let id = PersonId::first_named(position, index);
                if others.get(name) == Some(&Some(id)) {
                    named.insert(id, Some(name.key(self.salt)));
                }
            }
        }
        Ok(named.into_iter().collect())
    }

    /// The id of whoever an identifier named first.
    fn first_id_of(&self, name: &Identifier) -> Result<Option<PersonId>, WriterError> {
        let Some(holder) = self.reader.holder(name.key(self.salt))? else { return Ok(None) };
        let row = self.reader.person(holder)?;
        Ok(row.and_then(|(_, row)| row.evidence.node(name).map(|node| node.named_first)))
    }

    /// Makes a person unknown for good, in the log and in everything made of it. Whoever's events said
    /// something of them is folded again, so that nothing of it is left there either.
    ///
    /// # Errors
    /// If the store fails. Then nothing was erased, or others are folded again at the next start.
    pub fn erase(&mut self, person: PersonId, now: Timestamp) -> Result<Erased, WriterError> {
        let erasure = self.erasure(person)?;
        let again = self.told_of_by(&erasure)?;
        // Before the erasure, so that no stop in between forgets them.
        self.store.put(SPACE, AGAIN, Some(told(&again).as_bytes()))?;
        // What was read of the log may be of what is taken out of it.
        self.ahead = None;
        let erased = self.store.erase(&erasure)?;
        self.underway.heard_of(erasure.persons.iter().copied());
        let identifiers: Vec<&str> = erasure.identifiers.iter().map(Identifier::value).collect();
        crate::drafts::redact(&mut self.store, &self.reader, &identifiers)?;
        self.reload()?;
        self.fold_again(now)?;
        Ok(erased)
    }

    /// Those whose rows tell of the person: by their evidence, or by events that are redacted.
    fn told_of_by(&mut self, erasure: &Erasure) -> Result<Vec<PersonId>, WriterError> {
        let mut again: BTreeSet<PersonId> =
            erasure.others.iter().map(|write| write.person).collect();
        for (_, event) in &erasure.redacted {
            // On a device that changed hands it may be anybody's who was seen on it.
            for identifier in &event.identifiers {
                again.extend(self.reader.holder(identifier.key(self.salt))?);
            }
        }
        again.retain(|person| !erasure.persons.contains(person));
        Ok(again.into_iter().collect())
    }

    /// Folds those again whom an erasure has left to be, at the time of what was heard last.
    pub(super) fn go_on_erasing(&mut self) -> Result<(), WriterError> {
        if self.reader.get(SPACE, AGAIN)?.is_none() {
            return Ok(());
        }
        let last = LogPosition(self.store.next_position().0.saturating_sub(1));
        let last = self.reader.events(&[last])?.pop();
        // What is due is claimed when it is looked at now.
        let held = std::mem::replace(&mut self.held, true);
        let done =
            self.fold_again(last.map(|entry| entry.logged.event.received_at).unwrap_or_default());
        self.held = held;
        done
    }

    fn fold_again(&mut self, now: Timestamp) -> Result<(), WriterError> {
        let kept = self.reader.get(SPACE, AGAIN)?.unwrap_or_default();
        let kept = String::from_utf8_lossy(&kept).into_owned();
        let persons: Vec<PersonId> =
            kept.split_whitespace().filter_map(|id| id.parse().ok()).collect();
        self.batch(|work, ground| work.fold_again(ground, &persons, now))?;
        Ok(self.store.put(SPACE, AGAIN, None)?)
    }

    /// Writes the files anew after an erasure, so that no byte of it is left, if senders do not wait
    /// long for it; else it is done when the program ends. Returns whether it was done.
    pub fn scrub_soon(&mut self) -> bool {
        let totals = self.reader.totals();
        totals.is_ok_and(|totals| totals.disk_bytes <= SCRUB_AT_ONCE_BYTES) && self.scrub()
    }

    /// Writes the files anew if something was erased since the last time. Returns whether no byte of
    /// it is left; if not, that stays due and is done at the next start.
    pub fn scrub(&mut self) -> bool {
        match self.store.scrub() {
            Ok(()) => true,
            Err(error) => {
                tracing::warn!(%error, "free parts of the files still hold what was erased");
                false
            }
        }
    }

    /// Rows of others that hold evidence about the person's identifiers, without it.
    fn others(
        &mut self,
        record: &Record,
        link_keys: &[LinkKeyWrite],
    ) -> Result<Vec<PersonWrite>, WriterError> {
        let evidence = &record.evidence;
        let far: BTreeSet<Identifier> = evidence
            .edges
            .iter()
            .flat_map(|edge| [&edge.strong, &edge.weak])
            .filter(|end| !evidence.holds(end))
            .cloned()
            .collect();
        let mut ids: BTreeSet<PersonId> = BTreeSet::new();
        for end in &far {
            ids.extend(self.reader.holder(end.key(self.salt))?);
        }
        let mut keys: Vec<u64> = link_keys.iter().map(|write| write.key).collect();
        keys.sort_unstable();
        keys.dedup();
        for card in self.reader.link_members(&keys, usize::MAX)?.into_iter().flatten() {
            ids.extend(self.reader.holder(card)?);
        }
        ids.remove(&record.id());
        let own: Vec<IdentifierKey> = record.cards.keys().map(|name| name.key(self.salt)).collect();
        let ids: Vec<PersonId> = ids.into_iter().collect();
        let rows = self.store.persons(&ids)?;
        Ok(rows
            .into_iter()
            .filter(|(_, _, row)| {
                let ties = row.cards.values().flat_map(|card| &card.ties);
                let mut edges = row.evidence.edges.iter();
                ties.map(|tie| tie.other).any(|other| own.contains(&other))
                    || edges.any(|edge| evidence.holds(&edge.strong) || evidence.holds(&edge.weak))
            })
            .map(|(person, read_version, mut row)| {
                if !own.is_empty() && !row.cards.is_empty() {
                    for card in row.cards.values_mut() {
                        card.ties.retain(|tie| !own.contains(&tie.other));
                    }
                }
                row.evidence
                    .edges
                    .retain(|edge| !evidence.holds(&edge.strong) && !evidence.holds(&edge.weak));
                PersonWrite { person, read_version, record: Some(row) }
            })
            .collect())
    }
}

impl<S: Store> Writer<S> {
    /// By which keys the person's cards are found no longer.
    fn link_keys(&self, record: &Record) -> Vec<LinkKeyWrite> {
        if record.cards.is_empty() {
            return Vec::new();
        }
        let linker = Linker::new(&self.model);
        let mut gone = Vec::new();
        for (name, card) in &record.cards {
            let card_key = name.key(self.salt);
            let mut keys = card
                .linked_by(&linker, name)
                .map(|record| linker.keys(&record))
                .unwrap_or_default();
            keys.extend(Home::of(&card.record()).iter().flat_map(Home::keys));
            let write = |key| LinkKeyWrite { key, card: card_key, found: false };
            gone.extend(keys.into_iter().map(write));
        }
        gone
    }
}

/// Ids as they are kept: names of nobody.
fn told(persons: &[PersonId]) -> String {
    persons.iter().map(|id| format!("{id} ")).collect()
}
