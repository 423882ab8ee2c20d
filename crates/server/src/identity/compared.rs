//! Two people beside each other: why they are one, or what stands against it, and what their
//! records say.

use std::collections::BTreeSet;

use regulars_engine::condition::Likeness;
use regulars_engine::identity::link::{Comparison, Linker};
use regulars_engine::identity::{
    Against, Evidence, Identifier, IdentityRules, Tied, how, why, why_not,
};
use regulars_engine::record::Record;
use regulars_engine::work::weighed;
use regulars_store::{Reader, SqliteReader, StoreError};
use serde_json::{Value, json};

use super::queue::possible_twins;
use crate::http::api::{identifier_json, person_json, tied_json};
use crate::linkage::stored_model;
use crate::staff::strongest;
use crate::ui::WhoWords;

/// Two people, or two identifiers of one.
#[derive(Debug)]
pub struct Compared {
    /// The first.
    pub one: Record,
    /// The other; the same row where they are one person.
    pub other: Record,
    /// Where they are one person: the chain from the one identifier to the other.
    pub path: Vec<Tied>,
    /// Where they are two: what stands against their being one, the strongest first.
    pub against: Vec<Against>,
    /// Where they are two and possibly one: the guard's figure, and why.
    pub possible: Option<(u8, Likeness)>,
    /// Where they are two: what their records say. Where likeness made them one: what it is made of.
    pub weights: Option<Comparison>,
}

impl Compared {
    /// Whether they are one person.
    #[must_use]
    pub fn same_person(&self) -> bool {
        self.one.id() == self.other.id()
    }

    /// As the API shows it, with sentences in the language of `words`.
    #[must_use]
    pub fn to_json(&self, words: &WhoWords) -> Value {
        let because = |(percent, because): &(u8, Likeness)| json!({ "percent": percent, "text": words.likely(*percent, because) });
        json!({
            "same_person": self.same_person(),
            "one": person_json(&self.one),
            "other": person_json(&self.other),
            "why": self.path.iter().map(|tied| told_json(&self.one, tied, words)).collect::<Vec<_>>(),
            "why_not": self.against.iter().map(|against| against_json(against, words)).collect::<Vec<_>>(),
            "possible": self.possible.as_ref().map(because),
            "weights": self.weights.as_ref().map(|weights| weights_json(weights, words)),
        })
    }

    /// Why they are one, or what stands against it, in words, a line each.
    #[must_use]
    pub fn reasons(&self, words: &WhoWords) -> Vec<String> {
        let mut lines: Vec<String> = self.path.iter().map(|tied| words.tied(tied)).collect();
        lines.extend(self.against.iter().map(|against| words.against(against)));
        if let Some((percent, because)) = &self.possible {
            lines.push(words.possible(*percent, because));
        }
        lines
    }

    /// In words, a line each, with what their records say.
    #[must_use]
    pub fn text(&self, words: &WhoWords) -> Vec<String> {
        let (one, other) = (self.one.id().to_string(), self.other.id().to_string());
        let mut lines = vec![words.answer(&one, &other)];
        lines.extend(self.reasons(words));
        if let Some(weights) = &self.weights {
            lines.push(words.above_records());
            lines.extend(words.waterfall(weights));
        }
        lines
    }
}

/// Compares whoever holds `one` with whoever holds `other`; identifiers tell between which of one
/// person's values the chain of evidence is to lead, else it is between the strongest and the last.
///
/// # Errors
/// If the store cannot be read.
pub fn compared(
    reader: &SqliteReader,
    rules: &IdentityRules,
    one: (Record, Option<Identifier>),
    other: (Record, Option<Identifier>),
) -> Result<Compared, StoreError> {
    let ((one, one_named), (other, other_named)) = (one, other);
    if one.id() == other.id() {
        let from = one_named.or_else(|| strongest(&one));
        let last = one.evidence.nodes.last().map(|node| node.identifier.clone());
        let joined = joined_by(reader, rules, &one)?;
        let path: Vec<Tied> = match from.zip(other_named.or(last)) {
            Some((from, to)) => why(&joined, &from, &to).into_iter().cloned().collect(),
            None => Vec::new(),
        };
        let weights = path.iter().find_map(|tied| match tied {
            Tied::Alike(cards) => Some(cards.comparison.clone()),
            Tied::Seen(_) => None,
        });
        return Ok(Compared { one, other, path, against: Vec::new(), possible: None, weights });
    }
    let possible = possible_twins(reader, &one)?
        .into_iter()
        .find(|twin| twin.record.id() == other.id())
        .map(|twin| (twin.percent, twin.because));
    let against = against(reader, rules, &one, &other)?;
    let weights = Some(weighed(&one, &other, stored_model(reader)?.as_ref()));
    Ok(Compared { one, other, path: Vec::new(), against, possible, weights })
}

/// What holds a person together: what was seen and said, and likeness.
///
/// # Errors
/// If the store cannot be read.
pub fn joined_by(
    reader: &SqliteReader,
    rules: &IdentityRules,
    record: &Record,
) -> Result<Vec<Tied>, StoreError> {
    let model = stored_model(reader)?;
    let likely = (&*record.cards, &Linker::new(&model));
    Ok(how(&record.evidence, rules, likely, reader.salt()))
}

/// Of that the likenesses: what joins where nothing that was seen or said does.
///
/// # Errors
/// If the store cannot be read.
pub fn alike_by(
    reader: &SqliteReader,
    rules: &IdentityRules,
    record: &Record,
) -> Result<Vec<Tied>, StoreError> {
    // Two cards join where each names the other. Few people have such, and reading the model takes a while.
    if record.cards.values().filter(|card| !card.ties.is_empty()).count() < 2 {
        return Ok(Vec::new());
    }
    let joined = joined_by(reader, rules, record)?.into_iter();
    Ok(joined.filter(|tied| matches!(tied, Tied::Alike(_))).collect())
}

/// What stands against two people being one, the strongest first.
///
/// # Errors
/// If the store cannot be read.
pub fn against(
    reader: &SqliteReader,
    rules: &IdentityRules,
    one: &Record,
    other: &Record,
) -> Result<Vec<Against>, StoreError> {
    let beside = beside(reader, one, other)?;
    let beside: Vec<&Evidence> = beside.iter().map(|record| &record.evidence).collect();
    Ok(why_not(&one.evidence, &other.evidence, &beside, rules))
}

/// Whoever holds what both were seen with, if it is somebody else: at most a few.
fn beside(reader: &SqliteReader, one: &Record, other: &Record) -> Result<Vec<Record>, StoreError> {
    const VALUES_MAX: usize = 16;
    let seen = |record: &Record| -> BTreeSet<Identifier> {
        let ends = record.evidence.edges.iter().flat_map(|edge| [&edge.strong, &edge.weak]);
        ends.filter(|end| !record.evidence.holds(end)).cloned().collect()
    };
    let mut found = Vec::new();
    for value in seen(one).intersection(&seen(other)).take(VALUES_MAX) {
        let holder = reader.holder(value.key(reader.salt()))?;
        let row = holder.map_or(Ok(None), |id| reader.person(id))?;
        found.extend(row.map(|(_, record)| record));
    }
    Ok(found)
}

/// The waterfall as data, text and picture.
pub(super) fn weights_json(weights: &Comparison, words: &WhoWords) -> Value {
    let parts = weights
        .parts
        .iter()
        .map(|part| json!({ "what": part.what, "found": part.found, "bits": rounded(part.bits) }));
    json!({
        "bits": rounded(weights.weight_bits),
        "percent": (weights.probability * 10_000.0).round() / 100.0,
        "parts": parts.collect::<Vec<_>>(),
        "text": words.waterfall(weights).join("\n"),
        "svg": words.picture(weights),
    })
}

/// What holds a person together, as the API shows it, with its sentence.
#[must_use]
pub fn told_json(record: &Record, tied: &Tied, words: &WhoWords) -> Value {
    let mut json = tied_json(record, tied);
    json["text"] = words.tied(tied).into();
    json
}

fn rounded(bits: f32) -> f64 {
    (f64::from(bits) * 100.0).round() / 100.0
}

fn against_json(against: &Against, words: &WhoWords) -> Value {
    let (code, values) = match against {
        Against::KeptApart(one, other) => ("kept_apart", vec![one, other]),
        Against::TooMany(one, other, _) => ("too_many", vec![one, other]),
        Against::Shared(value, ..) => ("shared", vec![value]),
        Against::ChangedHands(value, _) => ("changed_hands", vec![value]),
        Against::NothingInCommon => ("nothing_in_common", Vec::new()),
    };
    let values: Vec<Value> = values.into_iter().map(identifier_json).collect();
    json!({ "code": code, "text": words.against(against), "identifiers": values })
}
