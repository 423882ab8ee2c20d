//! Counter-based random numbers: every draw is a function of (seed, purpose, subject, day), so that
//! nothing depends on the order in which the town is walked through.

const GAMMA: u64 = 0x9e37_79b9_7f4a_7c15;

/// What a draw is for; draws for different purposes are independent.
#[derive(Clone, Copy)]
pub(crate) enum Purpose {
    Household = 1,
    Person,
    Device,
    Day,
    Life,
    Arrival,
    Outcome,
    Aftermath,
    Reaction,
    Address,
    Opaque,
    Check,
    Load,
    Fault,
    Catalogue,
}

/// SplitMix64's finaliser: a bijection whose output looks random.
pub(crate) fn mix(mut z: u64) -> u64 {
    z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    z ^ (z >> 31)
}

/// One random number for (`purpose`, `subject`, `part`).
pub(crate) fn draw(seed: u64, purpose: Purpose, subject: u64, part: u64) -> u64 {
    let keyed = mix(seed ^ (purpose as u64).wrapping_mul(GAMMA));
    mix(mix(keyed.wrapping_add(subject.wrapping_mul(GAMMA))).wrapping_add(part.wrapping_mul(GAMMA)))
}

/// A stream of random numbers (SplitMix64).
#[derive(Clone, Copy)]
pub(crate) struct Rng(u64);

impl Rng {
    pub(crate) fn keyed(seed: u64, purpose: Purpose, subject: u64, part: u64) -> Self {
        Self(draw(seed, purpose, subject, part))
    }

    pub(crate) fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(GAMMA);
        mix(self.0)
    }

    /// Uniform in `0..n`; 0 when `n` is 0.
    pub(crate) fn below(&mut self, n: u32) -> u32 {
        scale(self.next(), n)
    }

    /// Uniform in `low..=high`.
    pub(crate) fn between(&mut self, low: u32, high: u32) -> u32 {
        low + self.below(high - low + 1)
    }

    /// Milliseconds, uniform between `low` and `high` seconds.
    pub(crate) fn seconds(&mut self, low: u32, high: u32) -> i64 {
        i64::from(self.between(low * 1000, high * 1000))
    }

    pub(crate) fn chance(&mut self, per_mille: u32) -> bool {
        self.below(1000) < per_mille
    }

    pub(crate) fn pick<T: Copy>(&mut self, choices: &[T]) -> T {
        choices[self.index(choices.len())]
    }

    /// Uniform in `0..len`; `len` is small and above 0.
    pub(crate) fn index(&mut self, len: usize) -> usize {
        self.below(u32::try_from(len).expect("tables are short")) as usize
    }

    /// An index drawn in proportion to `weights`.
    pub(crate) fn weighted(&mut self, weights: &[u32]) -> usize {
        let mut rest = self.below(weights.iter().sum());
        for (index, weight) in weights.iter().enumerate() {
            if rest < *weight {
                return index;
            }
            rest -= weight;
        }
        weights.len() - 1
    }
}

/// Maps a random number to `0..n` without a division.
pub(crate) fn scale(random: u64, n: u32) -> u32 {
    (((random >> 32) * u64::from(n)) >> 32) as u32
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn draws_depend_on_every_part_of_the_key() {
        let base = draw(1, Purpose::Day, 2, 3);
        assert_eq!(base, draw(1, Purpose::Day, 2, 3));
        for other in [
            draw(2, Purpose::Day, 2, 3),
            draw(1, Purpose::Life, 2, 3),
            draw(1, Purpose::Day, 3, 3),
            draw(1, Purpose::Day, 2, 4),
            draw(1, Purpose::Day, 3, 2),
        ] {
            assert_ne!(base, other);
        }
    }

    #[test]
    fn chances_come_out_as_asked() {
        let mut rng = Rng::keyed(1, Purpose::Day, 0, 0);
        let hits = (0..100_000).filter(|_| rng.chance(300)).count();
        assert!((29_000..31_000).contains(&hits), "{hits}");
        let heavy = (0..100_000).filter(|_| rng.weighted(&[1, 3]) == 1).count();
        assert!((74_000..76_000).contains(&heavy), "{heavy}");
    }
}
