//! What was done by whom on the pages, and to whom the doors were opened or shut.
//!
//! A ring of the latest acts: none holds anything of a customer, since the address of a page stands in
//! it as the pattern that leads there (`/people/{id}/erase`).

use regulars_engine::time::Timestamp;
use regulars_store::{Reader, Store, StoreError};
use serde::{Deserialize, Serialize};

use super::Right;
use crate::writer::Writer;

/// The space of the store for acts, and for the number of the next.
const ACTS: &str = "acts";
const COUNTER: &str = "acts counted";

/// So many are kept: some months of a shop's staff, a few hundred kilobytes.
const KEPT_MAX: u64 = 5_000;

/// What came of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Outcome {
    /// It was done.
    Done,
    /// Their role does not allow it.
    Refused,
    /// It was allowed, and did not come about.
    Failed,
}

/// One act.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Act {
    /// When, in milliseconds since 1970 (UTC).
    pub at: i64,
    /// A user's name, an API key's, or `command line`.
    pub by: String,
    /// What it needed.
    pub right: Right,
    /// What it was: a pattern of an address, or a sentence about a user.
    pub what: String,
    /// What came of it.
    pub outcome: Outcome,
}

impl Act {
    /// Something done to who may sign in.
    pub(super) fn on_users(by: &str, what: String, now: Timestamp) -> Self {
        Self { at: now.0, by: by.to_owned(), right: Right::Manage, what, outcome: Outcome::Done }
    }
}

fn counted<R: Reader>(reader: &R) -> Result<u64, StoreError> {
    let kept = reader.get(COUNTER, "next")?;
    let text = kept.map(|kept| String::from_utf8_lossy(&kept).into_owned());
    Ok(text.and_then(|text| text.parse().ok()).unwrap_or(0))
}

fn place(number: u64) -> String {
    format!("{:05}", number % KEPT_MAX)
}

/// Notes an act, in place of the oldest once there are many.
///
/// # Errors
/// If the store fails.
pub fn note<S: Store>(writer: &mut Writer<S>, act: &Act) -> Result<(), StoreError> {
    let number = counted(writer.reader())?;
    let kept = serde_json::to_vec(act).expect("texts and a number are JSON");
    writer.store().put(ACTS, &place(number), Some(&kept))?;
    writer.store().put(COUNTER, "next", Some((number + 1).to_string().as_bytes()))
}

/// The latest acts, the latest first.
///
/// # Errors
/// If the store cannot be read.
pub fn acts<R: Reader>(reader: &R, limit: usize) -> Result<Vec<Act>, StoreError> {
    let next = counted(reader)?;
    let few = u64::try_from(limit).unwrap_or(u64::MAX).min(KEPT_MAX).min(next);
    let mut found = Vec::new();
    for number in (next - few..next).rev() {
        let kept = reader.get(ACTS, &place(number))?;
        let act = kept.and_then(|kept| serde_json::from_slice(&kept).ok());
        found.extend(act);
    }
    Ok(found)
}
