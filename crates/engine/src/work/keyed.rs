//! Look-ups by keys that are keyed hashes already.

use std::collections::HashMap;
use std::hash::{BuildHasherDefault, Hasher};

/// A map whose keys are keyed hashes: nobody outside can make them collide, so hashing them once
/// more would only cost time.
pub(super) type KeyedMap<K, V> = HashMap<K, V, BuildHasherDefault<Keyed>>;

/// Takes a key as its own hash.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Keyed(u64);

impl Hasher for Keyed {
    fn finish(&self) -> u64 {
        self.0
    }

    fn write(&mut self, bytes: &[u8]) {
        for byte in bytes {
            self.0 = self.0.rotate_left(8) ^ u64::from(*byte);
        }
    }

    fn write_u64(&mut self, key: u64) {
        self.0 ^= key;
    }

    fn write_u128(&mut self, key: u128) {
        self.0 ^= u64::try_from(key >> 64).unwrap_or_default();
    }
}
