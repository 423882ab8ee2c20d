//! Erasing a person: everything that names them is found here, and made unknown in the store.

use std::collections::BTreeSet;

use regulars_engine::commit::{LinkKeyWrite, PersonWrite};
use regulars_engine::event::{Event, LogPosition, Value};
use regulars_engine::identity::link::Linker;
use regulars_engine::identity::{Identifier, IdentifierKey, PersonId};
use regulars_engine::record::Record;
use regulars_store::{Erased, Erasure, Reader, Store};

use super::{Writer, WriterError};

/// Traits that name a person beside the identifiers.
const NAMING_TRAITS: [&str; 8] =
    ["first_name", "last_name", "firstName", "lastName", "name", "address", "street", "birthday"];

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
        let identifiers: Vec<Identifier> =
            evidence.nodes.iter().map(|node| node.identifier.clone()).collect();
        let mut texts = naming_texts(&record);
        // Others may have written a number as people of its country do.
        texts.extend(identifiers.iter().filter_map(Identifier::national).map(str::to_owned));
        let anchors: Vec<_> = identifiers.iter().map(|id| id.key(self.salt)).collect();
        let own = self.store.events_of(&anchors)?;
        let positions: BTreeSet<LogPosition> = own.iter().map(|logged| logged.position).collect();
        let mut wanted: Vec<String> = identifiers.iter().map(|id| id.value().to_owned()).collect();
        wanted.extend(texts.iter().cloned());
        let mentioned = self.reader.mentions(&wanted)?;
        let further: Vec<LogPosition> =
            mentioned.into_iter().filter(|position| !positions.contains(position)).collect();
        let redacted = self
            .reader
            .events(&further)?
            .into_iter()
            .filter(|entry| !entry.erased)
            .map(|entry| (entry.logged.position, redact(entry.logged.event, &identifiers, &wanted)))
            .collect();
        let link_keys = self.link_keys(&record);
        let others = self.others(&record, &link_keys)?;
        Ok(Erasure {
            persons: evidence.nodes.iter().map(|node| node.named_first).collect(),
            identifiers,
            texts,
            positions: positions.into_iter().collect(),
            redacted,
            link_keys,
            others,
        })
    }

    /// Makes a person unknown for good, in the log and in everything made of it.
    ///
    /// # Errors
    /// If the store fails; then nothing was erased.
    pub fn erase(&mut self, person: PersonId) -> Result<Erased, WriterError> {
        let erasure = self.erasure(person)?;
        let erased = self.store.erase(&erasure)?;
        self.reload()?;
        Ok(erased)
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
            let keys = card.record().map(|record| linker.keys(&record)).unwrap_or_default();
            let write = |key| LinkKeyWrite { key, card: card_key, found: false };
            gone.extend(keys.into_iter().map(write));
        }
        gone
    }
}

/// Whole names, addresses and dates of birth: a first name alone is many people's.
fn naming_texts(record: &Record) -> Vec<String> {
    let traits = NAMING_TRAITS.iter().filter_map(|name| record.profile.trait_text(name));
    let mut texts: Vec<String> = traits
        .map(str::to_owned)
        .chain(record.display_name())
        .filter(|text| text.contains(' ') || text.chars().any(|c| c.is_ascii_digit()))
        .collect();
    texts.sort();
    texts.dedup();
    texts
}

/// An event of somebody else without the person: identifiers go, and every text that names them.
fn redact(mut event: Event, identifiers: &[Identifier], texts: &[String]) -> Event {
    let anchor = event.anchor().cloned();
    event.identifiers.retain(|id| Some(id) == anchor.as_ref() || !identifiers.contains(id));
    let names = |value: &Value| {
        let shown = value.to_json().to_string().to_lowercase();
        texts.iter().any(|text| shown.contains(&text.to_lowercase()))
    };
    event.properties.retain(|_, value| !names(value));
    event.traits.retain(|_, value| !names(value));
    event
}
