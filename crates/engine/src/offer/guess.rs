//! Guesses: how many wrong codes somebody may try before nobody listens for a while.

use crate::time::{DAY, HOUR, MINUTE, Timestamp};

/// The wrong codes of one asker. Bounded: the latest [`Limit::wrong`] moments.
#[derive(Clone, Debug, Default)]
pub struct Guesses {
    wrong: Vec<Timestamp>,
    closed_until: Option<Timestamp>,
    closed_times: u32,
}

/// So many wrong codes in a stretch of time, and nobody listens for a while; each time twice as long.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limit {
    /// Wrong codes.
    pub wrong: usize,
    /// Within so many milliseconds.
    pub within_ms: i64,
    /// Nobody listens for so many milliseconds the first time.
    pub closed_ms: i64,
}

impl Limit {
    /// Of one address behind a key: a cashier who mistypes ten codes in ten minutes is none.
    pub const OF_ADDRESS: Self = Self { wrong: 10, within_ms: 10 * MINUTE, closed_ms: HOUR };
    /// Of a key over all its addresses: a shop whose customers mistype.
    pub const OF_KEY: Self = Self { wrong: 1_000, within_ms: HOUR, closed_ms: HOUR };
    /// The longest that nobody listens.
    pub const CLOSED_MS_MAX: i64 = DAY;
}

impl Guesses {
    /// Until when nobody listens, if so.
    #[must_use]
    pub fn closed_until(&self, now: Timestamp) -> Option<Timestamp> {
        self.closed_until.filter(|until| now < *until)
    }

    /// Notes a wrong code. Returns whether nobody listens from here on.
    pub fn wrong(&mut self, limit: Limit, now: Timestamp) -> bool {
        self.wrong.retain(|at| now.since(*at) < limit.within_ms);
        self.wrong.push(now);
        if self.wrong.len() < limit.wrong {
            return false;
        }
        self.wrong.clear();
        let longer = limit.closed_ms.saturating_mul(1 << self.closed_times.min(16));
        self.closed_until = Some(now.plus(longer.min(Limit::CLOSED_MS_MAX)));
        self.closed_times += 1;
        true
    }

    /// Whether nothing of it matters any more, so that it may be forgotten.
    #[must_use]
    pub fn over(&self, now: Timestamp) -> bool {
        let last = self.wrong.iter().max().copied().max(self.closed_until);
        last.is_none_or(|last| now.since(last) > Limit::CLOSED_MS_MAX)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ten_wrong_codes_close_for_an_hour_and_the_next_ten_for_two() {
        let mut guesses = Guesses::default();
        let mut now = Timestamp(0);
        for hours in [1, 2, 4, 8, 16, 24, 24] {
            for number in 1..=10 {
                assert_eq!(guesses.closed_until(now), None);
                assert_eq!(guesses.wrong(Limit::OF_ADDRESS, now), number == 10);
                now = now.plus(1_000);
            }
            let until = guesses.closed_until(now).unwrap();
            assert_eq!(until.since(now) + 1_000, hours * HOUR);
            assert_eq!(guesses.closed_until(until), None);
            now = until;
        }
        assert!(!guesses.over(now) && guesses.over(now.plus(DAY + 1)));
    }

    #[test]
    fn slips_over_a_day_close_nothing() {
        let mut guesses = Guesses::default();
        let closed = (0..200).any(|n| guesses.wrong(Limit::OF_ADDRESS, Timestamp(n * 2 * MINUTE)));
        assert!(!closed);
    }
}
