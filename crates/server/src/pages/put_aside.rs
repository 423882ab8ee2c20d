//! Rows of the quarantine that somebody put aside: kept in memory for a while, so that they can be
//! brought back.
//!
//! They are gone from the store at once. Whoever is erased meanwhile must not come back with a row,
//! so an erasure empties this too: it is told by the number of erased events.

use std::collections::BTreeMap;
use std::sync::{Mutex, PoisonError};

use regulars_engine::commit::Quarantined;
use regulars_engine::time::{MINUTE, Timestamp};

/// How long a row can be brought back.
const KEPT_MS: i64 = 10 * MINUTE;
/// The most rows kept; the earliest go first. A row is at most as large as a request.
const ROWS_MAX: usize = 200;

#[derive(Debug)]
struct Aside {
    at: Timestamp,
    erasures: u64,
    row: Quarantined,
}

/// The rows, by the number they had.
#[derive(Debug, Default)]
pub struct PutAside {
    rows: Mutex<BTreeMap<u64, Aside>>,
}

impl PutAside {
    /// Keeps a row; `erasures` is how many erasures there have been.
    pub fn keep(&self, id: u64, row: Quarantined, erasures: u64, now: Timestamp) {
        let mut rows = self.rows.lock().unwrap_or_else(PoisonError::into_inner);
        rows.retain(|_, aside| now.since(aside.at) < KEPT_MS && aside.erasures == erasures);
        while rows.len() >= ROWS_MAX {
            rows.pop_first();
        }
        rows.insert(id, Aside { at: now, erasures, row });
    }

    /// Gives a row back, once, if it is not too late.
    pub fn take(&self, id: u64, erasures: u64, now: Timestamp) -> Option<Quarantined> {
        let mut rows = self.rows.lock().unwrap_or_else(PoisonError::into_inner);
        let aside = rows.remove(&id)?;
        (now.since(aside.at) < KEPT_MS && aside.erasures == erasures).then_some(aside.row)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row() -> Quarantined {
        Quarantined {
            source: "pos".to_owned(),
            feed: String::new(),
            received_at: Timestamp(0),
            code: "not_json".to_owned(),
            text: String::new(),
            raw: b"{".to_vec(),
        }
    }

    #[test]
    fn a_row_comes_back_once_and_in_time_and_never_after_an_erasure() {
        let aside = PutAside::default();
        aside.keep(1, row(), 0, Timestamp(0));
        assert!(aside.take(1, 0, Timestamp(MINUTE)).is_some());
        assert!(aside.take(1, 0, Timestamp(MINUTE)).is_none());
        aside.keep(2, row(), 0, Timestamp(0));
        assert!(aside.take(2, 0, Timestamp(KEPT_MS)).is_none());
        aside.keep(3, row(), 0, Timestamp(0));
        assert!(aside.take(3, 1, Timestamp(MINUTE)).is_none());
    }
}
