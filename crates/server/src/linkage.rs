//! The model that records are linked with: as a store keeps it, learned from the shop's own records,
//! tried before it is applied.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use regulars_engine::commit::MessageKey;
use regulars_engine::decision::Message;
use regulars_engine::identity::link::{Model, ModelError, Population, Round, train};
use regulars_engine::identity::{KeySalt, PersonId};
use regulars_engine::program::Program;
use regulars_engine::time::{DAY, Timestamp};
use regulars_store::{MessageFilter, Reader, SqliteStore, StoreError};

use crate::writer::{Progress, WriterError, rebuild_as};

/// The space of the store that keeps models.
pub(crate) const SPACE: &str = "linkage";
/// The key of the model in force.
pub(crate) const MODEL: &str = "model";
/// The key that says how far everybody was looked at again.
pub(crate) const WALK: &str = "walk";
/// How many persons are read at once.
const PAGE: usize = 500;
/// So few records teach nothing.
pub const RECORDS_MIN: u64 = 100;

/// The model that is in force; before anything was learned, a careful one.
///
/// # Errors
/// If the store cannot be read, or holds a model that this version does not understand.
pub fn stored_model<R: Reader>(reader: &R) -> Result<Arc<Model>, StoreError> {
    let Some(bytes) = reader.get(SPACE, MODEL)? else {
        return Ok(Arc::new(Model::before_training()));
    };
    let damaged =
        |error: ModelError| StoreError::Damaged { what: format!("the linkage model ({error})") };
    Ok(Arc::new(Model::decode(&bytes).map_err(damaged)?))
}

/// The hash that names a model, with where it draws its lines: equal for equal models, in force or not.
#[must_use]
pub fn name_of(model: &Model) -> String {
    let content = model.clone().with_generation(0).encode();
    // A character for each byte: what is no text must tell models apart, too.
    let content: String = content.into_iter().map(char::from).collect();
    let name = MessageKey::of(KeySalt(0, 0), "model", &content).0;
    format!("{:016x}", name >> 64)
}

/// Learns a model from the records of all persons; `progress` tells of persons read, `observer` of
/// rounds. `None`: there are fewer than [`RECORDS_MIN`] records.
///
/// # Errors
/// If the store cannot be read.
pub fn learn<R: Reader>(
    reader: &R,
    progress: Progress<'_>,
    observer: impl FnMut(&Round),
) -> Result<Option<Model>, StoreError> {
    let mut population = Population::default();
    let whole = reader.totals()?.persons;
    let (mut done, mut after) = (0, PersonId(0));
    loop {
        let page = reader.persons_after(after, PAGE)?;
        let Some((last, ..)) = page.last() else { break };
        after = *last;
        done += u64::try_from(page.len()).unwrap_or(u64::MAX);
        for (_, _, record) in &page {
            for card in record.cards.values() {
                population.add(&card.record(), 0);
            }
        }
        progress(done, whole);
    }
    if u64::try_from(population.len()).unwrap_or(u64::MAX) < RECORDS_MIN {
        return Ok(None);
    }
    Ok(Some(train(&mut population, observer)))
}

/// Some persons that would be joined, or parted.
pub type Example = Vec<PersonId>;

/// What another model, or other rules of identity, would change.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct WhatIf {
    /// How many persons there are.
    pub persons_before: u64,
    /// How many there would be.
    pub persons_after: u64,
    /// How many of them would be made of several of today's.
    pub merges: u64,
    /// How many of today's would be several.
    pub splits: u64,
    /// The first of those that would merge: today's persons that would be one.
    pub merging: Vec<Example>,
    /// The first of today's persons that would be several.
    pub splitting: Vec<PersonId>,
    /// Messages of the last 30 days to persons that would merge or split.
    pub messages: u64,
    /// Those of them that went, from one step of one journey, to several of today's persons who would
    /// be one: all but the first.
    pub messages_repeated: u64,
}

/// How many examples are told.
const EXAMPLES_MAX: usize = 20;

/// What persons would be under another model or other rules: everything is built again from the log
/// beside the store, and compared.
///
/// # Errors
/// If the store cannot be read.
pub fn what_if<R: Reader>(
    reader: &R,
    model: &Model,
    program: Program,
    now: Timestamp,
    progress: Progress<'_>,
) -> Result<WhatIf, WriterError> {
    let into = SqliteStore::in_memory()?;
    let model = model.clone().with_generation(model.generation.max(1));
    let imagined = rebuild_as(reader, into, (&model, program), progress)?;
    let mut found = WhatIf {
        persons_before: reader.totals()?.persons,
        persons_after: imagined.reader().totals()?.persons,
        ..WhatIf::default()
    };
    let mut made_of: BTreeMap<PersonId, BTreeSet<PersonId>> = BTreeMap::new();
    let mut changed: BTreeMap<PersonId, PersonId> = BTreeMap::new();
    let mut after = PersonId(0);
    loop {
        let page = reader.persons_after(after, PAGE)?;
        let Some((last, ..)) = page.last() else { break };
        after = *last;
        for (id, _, record) in &page {
            let mut becomes = BTreeSet::new();
            for node in &record.evidence.nodes {
                becomes.extend(imagined.reader().holder(node.identifier.key(reader.salt()))?);
            }
            if becomes.len() > 1 {
                found.splits += 1;
                changed.extend(becomes.first().map(|first| (*id, *first)));
                if found.splitting.len() < EXAMPLES_MAX {
                    found.splitting.push(*id);
                }
            }
            for new in becomes {
                made_of.entry(new).or_default().insert(*id);
            }
        }
    }
    for (new, of) in made_of.into_iter().filter(|(_, of)| of.len() > 1) {
        found.merges += 1;
        changed.extend(of.iter().map(|old| (*old, new)));
        if found.merging.len() < EXAMPLES_MAX {
            found.merging.push(of.into_iter().collect());
        }
    }
    count_messages(reader, &changed, now, &mut found)?;
    Ok(found)
}

fn count_messages<R: Reader>(
    reader: &R,
    changed: &BTreeMap<PersonId, PersonId>,
    now: Timestamp,
    found: &mut WhatIf,
) -> Result<(), StoreError> {
    let since = now.plus(-30 * DAY);
    let mut filter = MessageFilter::default();
    let mut sent: BTreeMap<(PersonId, String, String), BTreeSet<PersonId>> = BTreeMap::new();
    loop {
        let page: Vec<Message> = reader.messages(&filter, PAGE)?;
        let Some(last) = page.last() else { break };
        filter.before = Some(last.id);
        let recent = page.iter().take_while(|message| message.claimed_at >= since);
        for message in recent {
            if let Some(new) = changed.get(&message.person) {
                found.messages += 1;
                let slot = (*new, message.journey.clone(), message.step.clone());
                sent.entry(slot).or_default().insert(message.person);
            }
        }
        if last.claimed_at < since {
            break;
        }
    }
    let repeated = sent.values().map(|persons| persons.len().saturating_sub(1));
    found.messages_repeated = repeated.map(|more| u64::try_from(more).unwrap_or(0)).sum();
    Ok(())
}
