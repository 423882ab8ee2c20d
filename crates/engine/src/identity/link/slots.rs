//! A table in which much is looked up: a word a slot, so that a look-up waits for memory once.

/// Words by keys that are hashes. A word has the number that stands for the key in its lower bits, and
/// as much of the key as the caller likes, to tell words apart by, above them.
#[derive(Debug, Default)]
pub(super) struct Slots {
    // Invariant: a word stands at its key's place or after it with no empty slot, which is 0, between;
    // behind the last slot comes the first. A fifth of the slots is empty.
    slots: Vec<u64>,
    used: usize,
}

impl Slots {
    /// For so many words.
    pub(super) fn sized(count: usize) -> Self {
        Self { slots: vec![0; count * 3 / 2 + 1], used: 0 }
    }

    fn place(&self, key: u64) -> usize {
        let size = u128::try_from(self.slots.len()).expect("sizes fit");
        usize::try_from((u128::from(key) * size) >> 64).expect("less than the size")
    }

    /// The first word of a key that is the one sought.
    #[inline]
    pub(super) fn find(&self, key: u64, mut sought: impl FnMut(u64) -> bool) -> Option<u64> {
        let mut at = self.place(key);
        loop {
            match self.slots.get(at) {
                Some(0) => return None,
                Some(word) if sought(*word) => return Some(*word),
                Some(_) => at += 1,
                None if at > 0 => at = 0,
                None => return None,
            }
        }
    }

    /// Asks for what stands at a key's place, without waiting for it as far as the caller waits for
    /// nothing either.
    #[inline]
    pub(super) fn ask(&self, key: u64) -> u64 {
        self.slots.get(self.place(key)).copied().unwrap_or(0)
    }

    /// Whether there is room for one more word; if not, a larger table is to be made.
    pub(super) fn has_room(&self) -> bool {
        (self.used + 1) * 5 < self.slots.len() * 4
    }

    /// Puts a word, not 0, to its key.
    ///
    /// # Panics
    /// If there is no room.
    pub(super) fn put(&mut self, key: u64, word: u64) {
        assert!(self.has_room(), "the caller makes room");
        let mut at = self.place(key);
        while self.slots[at] != 0 {
            at = if at + 1 == self.slots.len() { 0 } else { at + 1 };
        }
        self.slots[at] = word;
        self.used += 1;
    }
}

#[cfg(test)]
mod tests {
    use super::super::text::mix;
    use super::*;

    #[test]
    fn what_was_put_is_found_and_nothing_else() {
        let mut slots = Slots::sized(100);
        // All keys of a hundredth of the table, so that they stand far behind their places.
        let key = |number: u64| u64::MAX - mix(number, 1) / 100;
        assert_eq!(slots.find(key(1), |_| true), None);
        let mut put = 0;
        while slots.has_room() {
            put += 1;
            slots.put(key(put), put);
        }
        assert!(put >= 100);
        for number in 1..=put {
            assert_eq!(slots.find(key(number), |word| word == number), Some(number));
        }
        assert_eq!(slots.find(key(1), |word| word > put), None);
        assert_eq!(Slots::default().find(key(1), |_| true), None);
    }
}
