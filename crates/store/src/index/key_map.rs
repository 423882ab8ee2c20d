//! A map from keyed hashes to numbers, in shards so that growing stops nobody for long.

const SHARDS: usize = 256;

/// A map from keyed hashes to numbers above 0: 20 to 26 bytes an entry, in open tables that are at
/// most four fifths full and grow by a quarter, one shard at a time, some thousand entries.
///
/// A key is a keyed hash already, so nobody outside can choose where it falls.
#[derive(Debug)]
pub(crate) struct KeyMap {
    shards: Vec<Shard>,
}

#[derive(Clone, Debug, Default)]
struct Shard {
    // Invariant: an entry stands at or after the slot of its key with no empty slot between, going
    // round at the end; an empty slot has the number 0, and there is one.
    slots: Vec<(u64, u64)>,
    used: usize,
}

impl Default for KeyMap {
    fn default() -> Self {
        Self { shards: vec![Shard::default(); SHARDS] }
    }
}

impl KeyMap {
    pub(crate) fn get(&self, key: u64) -> Option<u64> {
        let shard = &self.shards[shard(key)];
        let slot = shard.find(key)?;
        Some(shard.slots[slot].1).filter(|number| *number != 0)
    }

    /// Sets the number of a key; 0 takes the key away.
    pub(crate) fn set(&mut self, key: u64, number: u64) {
        if number == 0 {
            self.remove(key);
        } else {
            self.shards[shard(key)].set(key, number);
        }
    }

    pub(crate) fn remove(&mut self, key: u64) {
        self.shards[shard(key)].remove(key);
    }

    pub(crate) fn len(&self) -> usize {
        self.shards.iter().map(|shard| shard.used).sum()
    }

    /// Bytes of memory.
    pub(crate) fn bytes(&self) -> usize {
        self.shards.iter().map(|shard| shard.slots.capacity() * size_of::<(u64, u64)>()).sum()
    }

    /// Some `count` numbers, of the keys that come first in their shards: as good as drawn by lot,
    /// since keys are hashes under a secret, and the same ones each time.
    pub(crate) fn drawn(&self, count: usize) -> Vec<u64> {
        let each = count.div_ceil(SHARDS);
        let of = |shard: &Shard| -> Vec<u64> {
            let used = shard.slots.iter().map(|(_, number)| *number).filter(|number| *number != 0);
            used.take(each).collect()
        };
        self.shards.iter().flat_map(of).collect()
    }

    /// Every pair in the order of the keys. Costs a sort: for checks.
    pub(crate) fn sorted(&self) -> Vec<(u64, u64)> {
        let slots = self.shards.iter().flat_map(|shard| &shard.slots);
        let mut pairs: Vec<(u64, u64)> = slots.copied().filter(|(_, n)| *n != 0).collect();
        pairs.sort_unstable();
        pairs
    }
}

/// The shard by bits in the middle: a table takes its places from the high ones.
fn shard(key: u64) -> usize {
    usize::from(key.to_le_bytes()[5])
}

impl Shard {
    /// The slot of a key, or the empty one where it would stand; `None`: there are no slots.
    fn find(&self, key: u64) -> Option<usize> {
        if self.slots.is_empty() {
            return None;
        }
        let mut slot = self.home(key);
        loop {
            let (held, number) = self.slots[slot];
            if number == 0 || held == key {
                return Some(slot);
            }
            slot = self.after(slot);
        }
    }

    fn set(&mut self, key: u64, number: u64) {
        if (self.used + 1) * 5 / 4 + 1 > self.slots.len() {
            let size = (self.slots.len() * 5 / 4).max(16);
            let old = std::mem::replace(&mut self.slots, vec![(0, 0); size]);
            self.used = 0;
            for (key, number) in old.into_iter().filter(|(_, number)| *number != 0) {
                self.place(key, number);
            }
        }
        self.place(key, number);
    }

    fn place(&mut self, key: u64, number: u64) {
        let slot = self.find(key).expect("there is an empty slot");
        self.used += usize::from(self.slots[slot].1 == 0);
        self.slots[slot] = (key, number);
    }

    /// Empties the slot of a key, and moves back what follows and would not be found behind it.
    fn remove(&mut self, key: u64) {
        let Some(mut empty) = self.find(key).filter(|slot| self.slots[*slot].1 != 0) else {
            return;
        };
        self.used -= 1;
        let mut slot = self.after(empty);
        while self.slots[slot].1 != 0 {
            let home = self.home(self.slots[slot].0);
            // How far the entry and the empty slot lie behind the entry's own place.
            let size = self.slots.len();
            let (far, gap) = ((slot + size - home) % size, (empty + size - home) % size);
            if gap < far {
                self.slots[empty] = self.slots[slot];
                empty = slot;
            }
            slot = self.after(slot);
        }
        self.slots[empty] = (0, 0);
    }

    fn home(&self, key: u64) -> usize {
        let size = u128::try_from(self.slots.len()).expect("sizes fit");
        usize::try_from((u128::from(key) * size) >> 64).expect("less than the size")
    }

    fn after(&self, slot: usize) -> usize {
        if slot + 1 == self.slots.len() { 0 } else { slot + 1 }
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;

    fn mixed(number: u64) -> u64 {
        number
            .wrapping_mul(0x9e37_79b9_7f4a_7c15)
            .rotate_left(31)
            .wrapping_mul(0xbf58_476d_1ce4_e5b9)
    }

    #[test]
    fn pairs_are_found_changed_and_taken_away() {
        let mut map = KeyMap::default();
        for key in 1..10_000u64 {
            map.set(mixed(key), key);
        }
        map.set(0, 7);
        map.remove(mixed(1));
        assert_eq!(map.get(0), Some(7));
        assert_eq!(map.get(mixed(1)), None);
        assert_eq!(map.get(mixed(2)), Some(2));
        assert_eq!(map.len(), 9_999);
        assert!(map.sorted().is_sorted());
    }

    #[test]
    fn it_says_what_a_plain_map_says() {
        let (mut map, mut plain) = (KeyMap::default(), BTreeMap::new());
        for step in 0..400_000u64 {
            // Keys of one shard that crowd at its ends, so that tables go round.
            let random = mixed(step);
            let key = (random % 4_096).rotate_right(12) & !(0xff << 40);
            if random >> 60 < 6 {
                map.set(key, 0);
                plain.remove(&key);
            } else {
                map.set(key, step + 1);
                plain.insert(key, step + 1);
            }
            assert_eq!(map.get(key), plain.get(&key).copied());
        }
        assert_eq!(map.sorted(), plain.into_iter().collect::<Vec<_>>());
    }

    #[test]
    fn an_entry_takes_some_25_bytes() {
        let mut map = KeyMap::default();
        for key in 1..300_000u64 {
            map.set(mixed(key), key);
            if key > 50_000 && key % 1_000 == 0 {
                assert!(
                    map.bytes() <= usize::try_from(key).unwrap() * 26,
                    "{} bytes for {key}",
                    map.bytes()
                );
            }
        }
    }
}
