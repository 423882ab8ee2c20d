//! The review queue: pairs of people who are possibly one, the most valuable answer first.

use regulars_engine::condition::Likeness;
use regulars_engine::event::Currency;
use regulars_engine::identity::PersonId;
use regulars_engine::identity::link::{Comparison, Linker};
use regulars_engine::record::Record;
use regulars_engine::work::{
    PossiblePair, TWINS_MAX, alike, likely, likely_twins, possible_pair, shared_values, weighed,
};
use regulars_store::{Reader, SqliteReader, StoreError};
use serde_json::{Value, json};

use crate::http::api::person_json;
use crate::linkage::stored_model;
use crate::ui::WhoWords;

/// Somebody who is possibly the same person.
#[derive(Debug)]
pub struct PossibleTwin {
    /// Their row.
    pub record: Record,
    /// How likely, in percent, 1 to 99.
    pub percent: u8,
    /// Why.
    pub because: Likeness,
}

/// Whoever may be the same person, by the rules and with the figures of the guard.
///
/// # Errors
/// If the store cannot be read.
pub fn possible_twins(
    reader: &SqliteReader,
    record: &Record,
) -> Result<Vec<PossibleTwin>, StoreError> {
    let own_id = record.id();
    let mut twins = alike_twins(reader, record)?;
    for (far, value) in shared_values(record) {
        if twins.len() == TWINS_MAX {
            break;
        }
        let Some(id) = reader.holder(far.key(reader.salt()))? else { continue };
        let Some((_, other)) = reader.person(id)? else { continue };
        let id = other.id();
        let known = id == own_id || twins.iter().any(|twin| twin.record.id() == id);
        if known || other.profile.events == 0 {
            continue;
        }
        let (percent, because) = likely(record, &other, &value);
        twins.push(PossibleTwin { record: other, percent, because });
    }
    Ok(twins)
}

/// Those of them whose cards are alike, the likest first.
fn alike_twins(reader: &SqliteReader, record: &Record) -> Result<Vec<PossibleTwin>, StoreError> {
    let mut twins: Vec<PossibleTwin> = Vec::new();
    if record.cards.values().all(|card| card.ties.is_empty()) {
        return Ok(twins);
    }
    let model = stored_model(reader)?;
    let linker = Linker::new(&model);
    for key in likely_twins(record, &linker, reader.salt()) {
        if twins.len() == TWINS_MAX {
            break;
        }
        let Some(id) = reader.holder(key)?.filter(|id| *id != record.id()) else { continue };
        let Some((_, other)) = reader.person(id)? else { continue };
        if other.profile.events == 0 || twins.iter().any(|twin| twin.record.id() == id) {
            continue;
        }
        if let Some((percent, because)) = alike(record, &other, &linker, reader.salt()) {
            twins.push(PossibleTwin { record: other, percent, because });
        }
    }
    Ok(twins)
}

/// The pairs of one person.
///
/// # Errors
/// If the store cannot be read.
pub(super) fn pairs_of(
    reader: &SqliteReader,
    record: &Record,
    currency: Currency,
) -> Result<Vec<PossiblePair>, StoreError> {
    let twins = possible_twins(reader, record)?.into_iter();
    Ok(twins
        .map(|twin| possible_pair(record, &twin.record, (twin.percent, twin.because), currency))
        .collect())
}

/// A pair that waits for an answer, with both rows as they are at this moment.
#[derive(Debug)]
pub struct Pending {
    /// The pair.
    pub pair: PossiblePair,
    /// The first.
    pub one: Record,
    /// The other.
    pub other: Record,
    /// What their records say, as the model in force weighs it.
    pub weights: Comparison,
}

/// The pair of two persons as it is at this moment; `None`: they are possibly one no more, since
/// somebody answered, something new was seen, or one of them was erased.
///
/// # Errors
/// If the store cannot be read.
pub fn pending(
    reader: &SqliteReader,
    (one, other): (PersonId, PersonId),
    currency: Currency,
) -> Result<Option<Pending>, StoreError> {
    let Some(((_, one), (_, other))) = reader.person(one)?.zip(reader.person(other)?) else {
        return Ok(None);
    };
    if one.id() == other.id() {
        return Ok(None);
    }
    // What one of them does not see among its many, the other may.
    let found = match likeness(reader, &one, &other)? {
        Some(found) => Some(found),
        None => likeness(reader, &other, &one)?,
    };
    let Some(found) = found else { return Ok(None) };
    let pair = possible_pair(&one, &other, found, currency);
    let (one, other) = if pair.one == one.id() { (one, other) } else { (other, one) };
    let weights = weighed(&one, &other, stored_model(reader)?.as_ref());
    Ok(Some(Pending { pair, one, other, weights }))
}

/// How likely and why `other` is a possible twin of `one`; `None`: it is none.
fn likeness(
    reader: &SqliteReader,
    one: &Record,
    other: &Record,
) -> Result<Option<(u8, Likeness)>, StoreError> {
    let twins = possible_twins(reader, one)?;
    let found = twins.into_iter().find(|twin| twin.record.id() == other.id());
    Ok(found.map(|twin| (twin.percent, twin.because)))
}

/// A pair as the API shows it, with sentences in the language of `words`.
#[must_use]
pub fn pending_json(pending: &Pending, currency: Currency, words: &WhoWords) -> Value {
    let Pending { pair, one, other, weights } = pending;
    json!({
        "one": person_json(one),
        "other": person_json(other),
        "percent": pair.percent,
        "because": words.likely(pair.percent, &pair.because),
        "worth_minor": pair.worth_minor(),
        "held_minor": pair.stake.held_minor,
        "wasted_minor": pair.stake.wasted_minor,
        "spent_minor": pair.stake.spent_minor,
        "currency": currency.code(),
        "unsure_at": pair.unsure_at.map(|at| at.to_string()),
        "weights": super::compared::weights_json(weights, words),
    })
}
