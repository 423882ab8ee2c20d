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
/// all are new, whoever comes then is not counted: what they ask is bounded by how many are answered
/// at once.
const VISITORS_MAX: usize = 100_000;

/// Whose stretch is over is looked for so often at most: it costs a walk over everybody.
const TIDIED_EACH_MS: i64 = SECOND;

/// Looks by visitor, each counted from the beginning of a stretch.
#[derive(Debug, Default)]
pub struct Pace {
    looks: Mutex<Looks>,
}

#[derive(Debug, Default)]
struct Looks {
    by_visitor: HashMap<u64, (Timestamp, u32)>,
    tidied_at: Option<Timestamp>,
}

impl Pace {
    /// Whether a visitor may ask at `now`; counts it.
    #[must_use]
    pub fn allows(&self, visitor: IdentifierKey, now: Timestamp) -> bool {
        let mut looks = self.looks.lock().unwrap_or_else(PoisonError::into_inner);
        let Looks { by_visitor, tidied_at } = &mut *looks;
        if by_visitor.len() >= VISITORS_MAX {
            if tidied_at.is_none_or(|at| now.since(at) >= TIDIED_EACH_MS) {
                by_visitor.retain(|_, (since, _)| now.since(*since) < WINDOW_MS);
                *tidied_at = Some(now);
            }
            if by_visitor.len() >= VISITORS_MAX && !by_visitor.contains_key(&visitor.0) {
                return true;
            }
        }
        let (since, count) = by_visitor.entry(visitor.0).or_insert((now, 0));
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

    #[test]
    fn a_crowd_of_new_visitors_is_let_in_and_those_who_are_counted_stay_counted() {
        let (pace, ana, at) = (Pace::default(), IdentifierKey(0), Timestamp);
        assert!((0..60).all(|_| pace.allows(ana, at(0))));
        let mut crowd = 1..=VISITORS_MAX as u64;
        assert!(crowd.all(|visitor| pace.allows(IdentifierKey(visitor), at(1))));
        assert!(!pace.allows(ana, at(2)));
        assert_eq!(pace.looks.lock().unwrap().by_visitor.len(), VISITORS_MAX);
        assert!(pace.allows(IdentifierKey(u64::MAX), at(WINDOW_MS + 1)));
        assert_eq!(pace.looks.lock().unwrap().by_visitor.len(), 1, "their stretch was over");
    }
}
