//! What is known of every segment: its size, since when it means what it means, and how far it is
//! computed.

use regulars_engine::program::Program;
use regulars_engine::segment::Progress;
use regulars_engine::time::Timestamp;
use regulars_store::{Reader, StoreError};
use serde_json::{Value, json};

use crate::writer::stored_book;

/// A segment with its size.
#[derive(Clone, Debug)]
pub struct Listed {
    /// Its name.
    pub name: String,
    /// Its number in the store.
    pub number: u32,
    /// Its condition as it is printed.
    pub condition: String,
    /// The same, a line for each part where it is long.
    pub laid_out: String,
    /// How many persons are in it, as far as it is computed.
    pub members: u64,
    /// When it came to mean what it means.
    pub at: Timestamp,
    /// How far it is computed; `None`: for everybody.
    pub computing: Option<Progress>,
    /// Sizes at the end of hours in which they changed, ascending.
    pub sizes: Vec<(Timestamp, u64)>,
}

impl Listed {
    /// As programs read it.
    #[must_use]
    pub fn to_json(&self) -> Value {
        json!({
            "name": self.name,
            "condition": self.condition,
            "members": self.members,
            "defined_at": self.at.to_string(),
            "computing": self.computing.map(|progress| json!({
                "done": progress.done,
                "total": progress.total,
            })),
        })
    }

    /// The same with its sizes over time and what it shares with others.
    #[must_use]
    pub fn to_json_with(&self, overlaps: &[Overlap]) -> Value {
        let size = |(at, members): &(Timestamp, u64)| json!({ "hour": at.to_string(), "members": members });
        let overlap = |one: &Overlap| json!({ "segment": one.name, "both": one.both, "members": one.members });
        let mut json = self.to_json();
        json["sizes"] = self.sizes.iter().map(size).collect();
        json["overlaps"] = overlaps.iter().map(overlap).collect();
        json
    }
}

/// How many persons two segments share.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Overlap {
    /// The other segment.
    pub name: String,
    /// How many are in both.
    pub both: u64,
    /// How many are in the other.
    pub members: u64,
}

/// Every segment by name.
///
/// # Errors
/// If the store cannot be read.
pub fn list<R: Reader>(reader: &R, program: &Program) -> Result<Vec<Listed>, StoreError> {
    let (book, counts) = (stored_book(reader)?, reader.segment_counts()?);
    let progress = book.progress(reader.totals()?.persons);
    let standing = book.stand(program);
    standing
        .segments
        .iter()
        .map(|kept| {
            Ok(Listed {
                name: kept.name.clone(),
                number: kept.number,
                condition: kept.condition.to_string(),
                laid_out: kept.condition.laid_out(),
                members: counts.get(&kept.number).copied().unwrap_or(0),
                at: kept.at,
                computing: if standing.computed(kept) { None } else { progress },
                sizes: reader.segment_sizes(kept.number)?,
            })
        })
        .collect()
}

/// What a segment shares with the others, the largest share first.
///
/// # Errors
/// If the store cannot be read.
pub fn overlaps<R: Reader>(
    reader: &R,
    all: &[Listed],
    of: &Listed,
) -> Result<Vec<Overlap>, StoreError> {
    let shared = reader.segment_overlaps(of.number)?;
    let others = all.iter().filter(|listed| listed.number != of.number);
    let mut found: Vec<Overlap> = others
        .map(|listed| Overlap {
            name: listed.name.clone(),
            both: shared.get(&listed.number).copied().unwrap_or(0),
            members: listed.members,
        })
        .collect();
    found.sort_by(|left, right| right.both.cmp(&left.both).then(left.name.cmp(&right.name)));
    Ok(found)
}
