//! Why somebody is in a segment, or is not, or why that is not known for certain.

use regulars_engine::condition::{Answer, Condition};
use regulars_engine::program::Program;
use regulars_engine::record::Record;
use regulars_engine::segment::{Kept, Turn, explain};
use regulars_engine::time::Timestamp;
use regulars_store::{Reader, StoreError};
use serde_json::{Value, json};

use super::Around;
use super::unkept::Unkept;

/// Why a person is in a segment or not.
#[derive(Clone, Debug)]
pub struct Why {
    /// The segment's name; `None`: a condition that has none.
    pub segment: Option<String>,
    /// Its condition.
    pub condition: Condition,
    /// Whether it holds as known, with what makes it so: that decides.
    pub known: Answer,
    /// Whether it holds for certain, and what is not known.
    pub certain: Answer,
    /// Since when the person is in it.
    pub since: Option<Timestamp>,
    /// Entering and leaving, the latest last.
    pub turns: Vec<Turn>,
    /// Whether everybody has been asked.
    pub computed: bool,
}

/// Asks a condition about a person; `segment` is the segment that it is of.
///
/// # Errors
/// If the store cannot be read.
pub fn why<R: Reader>(
    reader: &R,
    program: &Program,
    record: &Record,
    (condition, segment): (&Condition, Option<&Kept>),
    now: Timestamp,
) -> Result<Why, StoreError> {
    let around = Around::read(reader, program)?;
    let mut record = record.clone();
    Unkept::of(condition).complete(reader, &mut record)?;
    let (known, certain) = explain(&around.world(), &record, condition, now);
    let membership = &record.membership;
    let of = |number: u32| membership.turns.iter().filter(move |turn| turn.segment == number);
    Ok(Why {
        segment: segment.map(|kept| kept.name.clone()),
        condition: condition.clone(),
        known,
        certain,
        since: segment.and_then(|kept| membership.since(kept.number)),
        turns: segment.map(|kept| of(kept.number).copied().collect()).unwrap_or_default(),
        computed: segment.is_none_or(|kept| program.standing.computed(kept)),
    })
}

impl Why {
    /// As programs read it.
    #[must_use]
    pub fn to_json(&self) -> Value {
        let turn = |turn: &Turn| {
            json!({
                "at": turn.at.to_string(),
                "way": turn.way.word(),
                "by_event": turn.by.map(|position| position.0),
                "found_when_computed": turn.found,
            })
        };
        let facts: Vec<Value> = self.known.facts.iter().map(|fact| fact.to_json()).collect();
        let unknown = self.certain.unknown_because.iter().map(|reason| reason.to_json());
        json!({
            "segment": self.segment,
            "condition": self.condition.to_string(),
            "member": self.known.truth.holds(),
            "since": self.since.map(|at| at.to_string()),
            "because": facts,
            "certain": self.certain.truth.word(),
            "unknown_because": unknown.collect::<Vec<_>>(),
            "changes_at": self.known.next.map(|at| at.to_string()),
            "turns": self.turns.iter().map(turn).collect::<Vec<_>>(),
            "computed": self.computed,
        })
    }
}
