//! A map from keyed hashes to numbers, in shards so that growing stops nobody for long.

use std::collections::HashMap;
use std::hash::{BuildHasherDefault, Hasher};

const SHARDS: usize = 256;

/// A map from keyed hashes to numbers. About 24 bytes an entry; growing moves one shard at a
/// time, some thousand entries.
#[derive(Debug)]
pub(crate) struct KeyMap {
    shards: Vec<HashMap<u64, u64, BuildHasherDefault<Keyed>>>,
}

impl Default for KeyMap {
    fn default() -> Self {
        Self { shards: (0..SHARDS).map(|_| HashMap::default()).collect() }
    }
}

impl KeyMap {
    pub(crate) fn get(&self, key: u64) -> Option<u64> {
        self.shards[shard(key)].get(&key).copied()
    }

    pub(crate) fn set(&mut self, key: u64, number: u64) {
        self.shards[shard(key)].insert(key, number);
    }

    pub(crate) fn remove(&mut self, key: u64) {
        self.shards[shard(key)].remove(&key);
    }

    pub(crate) fn len(&self) -> usize {
        self.shards.iter().map(HashMap::len).sum()
    }

    /// Every pair in the order of the keys. Costs a sort: for checks.
    pub(crate) fn sorted(&self) -> Vec<(u64, u64)> {
        let mut pairs: Vec<(u64, u64)> =
            self.shards.iter().flat_map(|shard| shard.iter().map(|(k, v)| (*k, *v))).collect();
        pairs.sort_unstable();
        pairs
    }
}

/// The shard by bits in the middle: the table takes its place from the low ones and its tags from
/// the high ones.
fn shard(key: u64) -> usize {
    usize::from(key.to_le_bytes()[5])
}

/// Passes a key through: it is a keyed hash already, so nobody outside can choose where it falls.
#[derive(Debug, Default)]
pub(crate) struct Keyed(u64);

impl Hasher for Keyed {
    fn finish(&self) -> u64 {
        self.0
    }

    fn write(&mut self, _: &[u8]) {
        unreachable!("only whole keys are hashed");
    }

    fn write_u64(&mut self, key: u64) {
        self.0 = key;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pairs_are_found_changed_and_taken_away() {
        let mut map = KeyMap::default();
        for key in 0..10_000u64 {
            map.set(key.wrapping_mul(0x9e37_79b9_7f4a_7c15), key);
        }
        map.set(0, 7);
        map.remove(0x9e37_79b9_7f4a_7c15);
        assert_eq!(map.get(0), Some(7));
        assert_eq!(map.get(0x9e37_79b9_7f4a_7c15), None);
        assert_eq!(map.len(), 9_999);
        assert!(map.sorted().is_sorted());
    }
}
