//! How often somebody may try something in a while, in memory.

use std::collections::BTreeMap;
use std::sync::{Mutex, PoisonError};

use regulars_engine::time::{MINUTE, Timestamp};

use crate::secret;

/// So many tries of one name within the window, and the name must wait.
const TRIES_MAX: u32 = 10;
const WINDOW_MS: i64 = 15 * MINUTE;
/// The most names that tries are counted for: some 2 MB. The least tried is forgotten first, so names that
/// are made up shut nobody out, and to be forgotten at ten tries costs ten for each of these.
const NAMES_MAX: usize = 10_000;

/// Tries by the hash of the name, since what is typed may be long: since when, and how many. A restart
/// forgets them.
#[derive(Debug, Default)]
pub(crate) struct Tries {
    by_name: Mutex<BTreeMap<String, (Timestamp, u32)>>,
}

impl Tries {
    /// Whether another try of this name is let through; counts it.
    pub(crate) fn may(&self, name: &str, now: Timestamp) -> bool {
        let name = secret::key_hash(name);
        let mut tries = self.by_name.lock().unwrap_or_else(PoisonError::into_inner);
        let counts = |since: Timestamp| now.since(since) < WINDOW_MS;
        if tries.len() >= NAMES_MAX && !tries.contains_key(&name) {
            let least =
                tries.iter().min_by_key(|(_, (since, tried))| (counts(*since), *tried, *since));
            if let Some(least) = least.map(|(name, _)| name.clone()) {
                tries.remove(&least);
            }
        }
        let (since, tried) = tries.entry(name).or_insert((now, 0));
        if !counts(*since) {
            (*since, *tried) = (now, 0);
        }
        *tried += 1;
        *tried <= TRIES_MAX
    }

    /// Lets a name begin anew.
    pub(crate) fn forget(&self, name: &str) {
        self.by_name.lock().unwrap_or_else(PoisonError::into_inner).remove(&secret::key_hash(name));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whoever_tries_often_waits() {
        let tries = Tries::default();
        let let_through = |name, at| (0..50).filter(|_| tries.may(name, Timestamp(at))).count();
        assert_eq!((let_through("ana", 5), let_through("bea", 5)), (10, 10));
        assert_eq!(let_through("bea", 6), 0);
        tries.forget("bea");
        assert_eq!(let_through("bea", 6), 10);
        assert!(tries.may("ana", Timestamp(5 + WINDOW_MS)));
    }

    #[test]
    fn made_up_names_shut_nobody_out_and_open_no_door() {
        let tries = Tries::default();
        let now = Timestamp(5);
        while tries.may("ana", now) {}
        for number in 0..=NAMES_MAX {
            assert!(tries.may(&format!("nobody {number}"), now));
        }
        assert!(tries.may("ben", now), "who was not tried before is let through");
        assert!(!tries.may("ana", now), "who was guessed at still waits");
        assert_eq!(tries.by_name.lock().unwrap().len(), NAMES_MAX);
    }
}
