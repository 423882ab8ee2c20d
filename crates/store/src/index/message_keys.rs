//! Which positions may hold a message key: a compact table of tags, confirmed against the log.

use regulars_engine::commit::MessageKey;
use regulars_engine::event::LogPosition;

const SHARD_BITS: u32 = 10;
const TAG_BITS: u32 = 28;
const POSITION_BITS: u32 = 36;

/// Positions by the first 38 bits of their message key: 10 choose the shard, 28 are the tag.
///
/// The table answers "surely not" or "look there": a fresh key among 20,000,000 has one chance in
/// 14,000 of a needless look. An entry is one word, tag and position, in an open table ordered by
/// tag, so that it can grow without the keys, a shard at a time and by a quarter: 10 to 12.5 bytes
/// a key once it is past its first growths.
#[derive(Debug)]
pub(crate) struct MessageKeys {
    shards: Vec<Shard>,
}

#[derive(Debug, Default)]
struct Shard {
    // Invariant: an entry stands at or after the slot of its tag with no empty slot (0) between,
    // going round at the end.
    slots: Vec<u64>,
    used: usize,
}

impl Default for MessageKeys {
    fn default() -> Self {
        Self { shards: (0..1 << SHARD_BITS).map(|_| Shard::default()).collect() }
    }
}

impl MessageKeys {
    /// A table with room for so many keys and a little more.
    pub(crate) fn with_room_for(keys: usize) -> Self {
        let mut table = Self::default();
        for shard in &mut table.shards {
            // Shards differ by some percent.
            shard.reserve(keys / (1 << SHARD_BITS) * 21 / 20);
        }
        table
    }

    /// The positions to look at for `key`; empty: it was never accepted.
    pub(crate) fn candidates(&self, key: MessageKey) -> impl Iterator<Item = LogPosition> + '_ {
        let (shard, tag) = place(high(key));
        self.shards[shard].of_tag(tag)
    }

    /// Adds the position of a key.
    ///
    /// # Panics
    /// If the position does not fit 36 bits: 68,000,000,000 events are beyond one machine.
    pub(crate) fn add(&mut self, key: MessageKey, position: LogPosition) {
        let (shard, tag) = place(high(key));
        self.shards[shard].add(entry(tag, position));
    }

    /// Adds many at once, shard by shard, which spares most of the cache misses of
    /// [`MessageKeys::add`].
    pub(crate) fn add_all(&mut self, batch: &[(u64, LogPosition)]) {
        let mut counts = vec![0usize; self.shards.len() + 1];
        for (high, _) in batch {
            counts[place(*high).0 + 1] += 1;
        }
        for index in 1..counts.len() {
            counts[index] += counts[index - 1];
        }
        let mut sorted = vec![0u64; batch.len()];
        let mut next = counts.clone();
        for (high, position) in batch {
            let (shard, tag) = place(*high);
            sorted[next[shard]] = entry(tag, *position);
            next[shard] += 1;
        }
        for (shard, bounds) in self.shards.iter_mut().zip(counts.windows(2)) {
            let entries = &sorted[bounds[0]..bounds[1]];
            shard.reserve(entries.len());
            for entry in entries {
                shard.add(*entry);
            }
        }
    }

    /// Bytes of memory.
    pub(crate) fn bytes(&self) -> usize {
        self.shards.iter().map(|shard| shard.slots.capacity() * size_of::<u64>()).sum()
    }
}

/// The half of a key that places it.
pub(crate) fn high(key: MessageKey) -> u64 {
    u64::try_from(key.0 >> 64).expect("half of it fits")
}

fn place(high: u64) -> (usize, u64) {
    let shard = usize::try_from(high >> (64 - SHARD_BITS)).expect("ten bits fit");
    (shard, (high >> (64 - SHARD_BITS - TAG_BITS)) & ((1 << TAG_BITS) - 1))
}

fn entry(tag: u64, position: LogPosition) -> u64 {
    assert!(position.0 > 0 && position.0 >> POSITION_BITS == 0, "positions fit 36 bits");
    tag << POSITION_BITS | position.0
}

impl Shard {
    /// At most four fifths are full, so that a look at a fresh key ends after some 13 slots.
    fn reserve(&mut self, more: usize) {
        let needed = (self.used + more) * 5 / 4 + 1;
        if needed > self.slots.len() {
            self.resize(needed.max(self.slots.len() * 5 / 4).max(16));
        }
    }

    fn resize(&mut self, size: usize) {
        let old = std::mem::replace(&mut self.slots, vec![0; size]);
        for entry in old.into_iter().filter(|entry| *entry != 0) {
            self.place(entry);
        }
    }

    fn add(&mut self, entry: u64) {
        self.reserve(1);
        self.place(entry);
        self.used += 1;
    }

    fn place(&mut self, entry: u64) {
        let mut slot = self.first_slot(entry >> POSITION_BITS);
        while self.slots[slot] != 0 {
            slot = self.after(slot);
        }
        self.slots[slot] = entry;
    }

    fn of_tag(&self, tag: u64) -> impl Iterator<Item = LogPosition> + '_ {
        let mut slot = self.first_slot(tag);
        std::iter::from_fn(move || {
            let entry = *self.slots.get(slot)?;
            slot = self.after(slot);
            (entry != 0).then_some(entry)
        })
        .filter(move |entry| entry >> POSITION_BITS == tag)
        .map(|entry| LogPosition(entry & ((1 << POSITION_BITS) - 1)))
    }

    fn first_slot(&self, tag: u64) -> usize {
        let size = u64::try_from(self.slots.len()).expect("sizes fit");
        usize::try_from((tag * size) >> TAG_BITS).expect("less than the size")
    }

    fn after(&self, slot: usize) -> usize {
        if slot + 1 == self.slots.len() { 0 } else { slot + 1 }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn key(number: u64) -> MessageKey {
        let mixed = number.wrapping_mul(0x9e37_79b9_7f4a_7c15).rotate_left(31);
        MessageKey(u128::from(mixed.wrapping_mul(0xbf58_476d_1ce4_e5b9)) << 64 | u128::from(number))
    }

    #[test]
    fn every_key_is_found_however_it_was_added() {
        let mut one_by_one = MessageKeys::default();
        let mut at_once = MessageKeys::default();
        let all: Vec<_> = (1..200_000u64).map(|n| (high(key(n)), LogPosition(n))).collect();
        for n in 1..200_000 {
            one_by_one.add(key(n), LogPosition(n));
        }
        for part in all.chunks(30_000) {
            at_once.add_all(part);
        }
        for n in 1..200_000 {
            assert!(one_by_one.candidates(key(n)).any(|position| position.0 == n));
            assert!(at_once.candidates(key(n)).any(|position| position.0 == n));
        }
        let needless: usize = (200_000..400_000).map(|n| at_once.candidates(key(n)).count()).sum();
        assert!(needless < 20, "{needless} fresh keys of 200,000 looked known");
        assert!(at_once.bytes() < all.len() * 14, "{} bytes", at_once.bytes());
    }

    #[test]
    fn two_versions_of_one_key_are_both_found() {
        let mut keys = MessageKeys::default();
        keys.add(key(5), LogPosition(10));
        keys.add(key(5), LogPosition(20));
        let mut found: Vec<u64> = keys.candidates(key(5)).map(|position| position.0).collect();
        found.sort_unstable();
        assert_eq!(found, [10, 20]);
    }
}
