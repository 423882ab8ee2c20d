//! How often a visitor may ask: in memory, bounded, and forgotten soon after.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

use regulars_engine::identity::IdentifierKey;
use regulars_engine::time::{SECOND, Timestamp};

/// A visitor asks so often within [`WINDOW_MS`]: pages that are opened one after the other.
const LOOKS_MAX: u32 = 60;
/// The stretch in which looks are counted.
const WINDOW_MS: i64 = 60 * SECOND;
/// The most visitors counted at once; beyond it those whose stretch is over are forgotten, and where
/// all are new, nobody is held back: what they ask is bounded by how many are answered at once.
const VISITORS_MAX: usize = 100_000;

/// Looks by visitor, each counted from the beginning of a stretch.
#[derive(Debug, Default)]
pub struct Pace {
    looks: Mutex<HashMap<u64, (Timestamp, u32)>>,
}

impl Pace {
    /// Whether a visitor may ask at `now`; counts it.
    #[must_use]
    pub fn allows(&self, visitor: IdentifierKey, now: Timestamp) -> bool {
        let mut looks = self.looks.lock().unwrap_or_else(PoisonError::into_inner);
        if looks.len() >= VISITORS_MAX {
            looks.retain(|_, (since, _)| now.since(*since) < WINDOW_MS);
            if looks.len() >= VISITORS_MAX {
                return true;
            }
        }
        let (since, count) = looks.entry(visitor.0).or_insert((now, 0));
        if now.since(*since) >= WINDOW_MS {
            (*since, *count) = (now, 0);
        }
        *count += 1;
        *count <= LOOKS_MAX
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_visitor_is_held_back_for_the_rest_of_a_stretch() {
        let (pace, ana, at) = (Pace::default(), IdentifierKey(1), Timestamp);
        assert!((0..60).all(|ms| pace.allows(ana, at(ms))));
        assert!(!pace.allows(ana, at(WINDOW_MS - 1)));
        assert!(pace.allows(IdentifierKey(2), at(WINDOW_MS - 1)));
        assert!(pace.allows(ana, at(WINDOW_MS)));
    }
}
