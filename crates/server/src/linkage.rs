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
use serde_json::{Value, json};

use crate::writer::{GoOn, WriterError, rebuild_as};

/// The space of the store that keeps models.
pub(crate) const SPACE: &str = "linkage";
/// The key of the model in force.
pub(crate) const MODEL: &str = "model";
/// The key that says how far everybody was looked at again.
pub(crate) const WALK: &str = "walk";
/// The key of the model that was learned last, and waits to be applied.
pub(crate) const LEARNED: &str = "learned";
/// The key of the model that was in force before.
pub(crate) const FORMER: &str = "former";
/// How many persons are read at once.
const PAGE: usize = 500;
/// Fewer records with a name teach nothing.
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

/// One of the models that there are.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Kept {
    /// The one in force; before any was, the built-in one.
    InForce,
    /// The one that was learned last.
    Learned,
    /// The one that was in force before: applying it undoes what was applied since.
    Former,
    /// Common sense, and careful.
    BuiltIn,
    /// Likeness joins nobody.
    Nobody,
}

impl Kept {
    /// All of them.
    pub const ALL: [Self; 5] =
        [Self::InForce, Self::Learned, Self::Former, Self::BuiltIn, Self::Nobody];

    /// The word in the API and on the command line.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::InForce => "in force",
            Self::Learned => "learned",
            Self::Former => "former",
            Self::BuiltIn => "built in",
            Self::Nobody => "nobody",
        }
    }

    /// The one of this word.
    #[must_use]
    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kept| kept.word() == word)
    }
}

/// The models that a store keeps.
#[derive(Clone, Debug)]
pub struct Models {
    in_force: Arc<Model>,
    learned: Option<Model>,
    former: Option<Model>,
}

impl Models {
    /// Those of a store.
    ///
    /// # Errors
    /// If the store cannot be read, or holds a model that this version does not understand.
    pub fn of<R: Reader>(reader: &R) -> Result<Self, StoreError> {
        Ok(Self {
            in_force: stored_model(reader)?,
            learned: kept_model(reader, LEARNED)?,
            former: kept_model(reader, FORMER)?,
        })
    }

    /// Whether anybody is linked by likeness.
    #[must_use]
    pub fn linking(&self) -> bool {
        self.in_force.generation > 0 && self.in_force.links()
    }

    /// One of them; `None`: there is none yet.
    #[must_use]
    pub fn kept(&self, kept: Kept) -> Option<Model> {
        match kept {
            Kept::InForce => Some((*self.in_force).clone()),
            Kept::Learned => self.learned.clone(),
            Kept::Former => self.former.clone(),
            Kept::BuiltIn => Some(Model::before_training()),
            Kept::Nobody => Some(Model::of_nobody()),
        }
    }
}

fn kept_model<R: Reader>(reader: &R, key: &str) -> Result<Option<Model>, StoreError> {
    let Some(bytes) = reader.get(SPACE, key)? else { return Ok(None) };
    let damaged =
        |error: ModelError| StoreError::Damaged { what: format!("the {key} model ({error})") };
    Model::decode(&bytes).map(Some).map_err(damaged)
}

/// Lines that cannot be drawn.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum WrongLines {
    /// A share is not between 0 and 1.
    #[error("a share lies between 0 and 1")]
    NoShare,
    /// What is sure would not be possible.
    #[error("what is sure would not be possible")]
    Crossed,
    /// Likeness joins nobody, so that there are no lines.
    #[error("where likeness joins nobody there are no lines to draw")]
    Nobody,
}

impl WrongLines {
    /// What to do about it.
    #[must_use]
    pub const fn cure(self) -> &'static str {
        match self {
            Self::NoShare => "write one such as 0.95",
            Self::Crossed => "let \"possible\" be at most \"sure\"",
            Self::Nobody => "leave \"sure\" and \"possible\" out, or take another model",
        }
    }
}

/// A model with other lines, where some are wanted.
///
/// # Errors
/// If they cannot be drawn.
pub fn with_lines(
    model: Model,
    sure: Option<f64>,
    possible: Option<f64>,
) -> Result<Model, WrongLines> {
    if sure.is_none() && possible.is_none() {
        return Ok(model);
    }
    if !model.links() {
        return Err(WrongLines::Nobody);
    }
    let (sure, possible) = (sure.unwrap_or(model.sure), possible.unwrap_or(model.possible));
    let share = |share: f64| share > 0.0 && share < 1.0;
    if !share(sure) || !share(possible) {
        return Err(WrongLines::NoShare);
    }
    if possible > sure {
        return Err(WrongLines::Crossed);
    }
    Ok(model.with_thresholds(sure, possible))
}

/// A model as the API and the command line show it.
#[must_use]
pub fn model_json(kept: Kept, model: &Model) -> Value {
    json!({
        "kept": kept.word(),
        "model": name_of(model),
        "records": model.records,
        "links": model.links(),
        "sure": model.sure,
        "possible": model.possible,
    })
}

/// A round of training as the API shows it.
#[must_use]
pub fn round_json(round: &Round) -> Value {
    json!({
        "round": round.number,
        "matches": round.matches.round(),
        "moved": round.moved,
        "settled": round.settled,
    })
}

/// What another model would change, as the API and the command line show it.
#[must_use]
pub fn what_if_json(found: &WhatIf) -> Value {
    let ids = |ids: &[PersonId]| ids.iter().map(ToString::to_string).collect::<Vec<_>>();
    json!({
        "persons_before": found.persons_before,
        "persons_after": found.persons_after,
        "merges": found.merges,
        "splits": found.splits,
        "merging": found.merging.iter().map(|of| ids(of)).collect::<Vec<_>>(),
        "splitting": ids(&found.splitting),
        "messages_30_days": found.messages,
        "messages_repeated_30_days": found.messages_repeated,
    })
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

/// What learning came to.
#[derive(Debug)]
pub enum Learned {
    /// A model.
    Model(Box<Model>),
    /// There are fewer than [`RECORDS_MIN`] records with a name.
    TooFew,
    /// Nobody wanted it any more.
    Stopped,
}

/// Learns a model from the records of all persons; `go_on` hears of persons read and says whether to
/// go on, `observer` hears of rounds.
///
/// # Errors
/// If the store cannot be read.
pub fn learn<R: Reader>(
    reader: &R,
    go_on: GoOn<'_>,
    observer: impl FnMut(&Round),
) -> Result<Learned, StoreError> {
    let mut population = Population::default();
    let whole = reader.totals()?.persons;
    let (mut done, mut named, mut after) = (0, 0, PersonId(0));
    loop {
        let page = reader.persons_after(after, PAGE)?;
        let Some((last, ..)) = page.last() else { break };
        after = *last;
        done += u64::try_from(page.len()).unwrap_or(u64::MAX);
        for (_, _, record) in &page {
            for card in record.cards.values() {
                named += u64::from(card.named());
                population.add(&card.record(), 0);
            }
        }
        if !go_on(done, whole) {
            return Ok(Learned::Stopped);
        }
    }
    if named < RECORDS_MIN {
        return Ok(Learned::TooFew);
    }
    Ok(Learned::Model(Box::new(train(&mut population, observer))))
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
/// beside the store, and compared. `go_on` hears of events built again and says whether to go on;
/// `None`: it said no.
///
/// # Errors
/// If the store cannot be read.
pub fn what_if<R: Reader>(
    reader: &R,
    model: &Model,
    program: Program,
    now: Timestamp,
    go_on: GoOn<'_>,
) -> Result<Option<WhatIf>, WriterError> {
    let into = SqliteStore::in_memory()?;
    let model = model.clone().with_generation(model.generation.max(1));
    let Some(imagined) = rebuild_as(reader, into, (&model, program), go_on)? else {
        return Ok(None);
    };
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
    Ok(Some(found))
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
