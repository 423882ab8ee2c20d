//! When a hook was last called, and whether the call was believed: in memory, for whoever sets one up.

use std::collections::BTreeMap;
use std::sync::{Mutex, PoisonError};

use regulars_engine::time::Timestamp;
use regulars_store::{Reader, StoreError};

use super::{Hook, Refused};

/// A call of a hook.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Call {
    /// When.
    pub at: Timestamp,
    /// Why it was not believed, where it was not.
    pub refused: Option<Refused>,
}

/// The last call of each hook since the program began. Only hooks that there are stand in it.
#[derive(Debug, Default)]
pub struct Heard(Mutex<BTreeMap<String, Call>>);

impl Heard {
    /// Notes a call.
    pub fn note(&self, hook: &Hook, call: Call) {
        let mut calls = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        calls.insert(hook.id.clone(), call);
    }

    /// The last call of a hook.
    #[must_use]
    pub fn last(&self, hook: &Hook) -> Option<Call> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).get(&hook.id).copied()
    }
}

/// When the source of a hook last told something that was accepted.
///
/// # Errors
/// If the store cannot be read.
pub fn last_told<R: Reader>(reader: &R, hook: &Hook) -> Result<Option<Timestamp>, StoreError> {
    let feeds = reader.feeds()?;
    Ok(feeds
        .iter()
        .filter(|(name, _)| name.source == hook.source)
        .map(|(_, feed)| feed.heard_at)
        .max())
}
