//! No more messages a second than a server wants.

use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use tokio::time::{Instant, sleep_until};

/// Turns at even distances: nobody goes before their turn, and turns that nobody took are not made up
/// for.
#[derive(Debug)]
pub(crate) struct Pace {
    every: Duration,
    next: Mutex<Option<Instant>>, // When the next turn is; `None`: at once.
}

impl Pace {
    /// The most turns a second that a setting may state. One is the least: a message that waits for its
    /// turn was looked at before.
    pub(crate) const PER_SECOND_MAX: u32 = 1_000;

    /// So many turns a second, at least 1.
    pub(crate) fn per_second(turns: u32) -> Self {
        Self { every: Duration::from_secs(1) / turns.max(1), next: Mutex::default() }
    }

    /// Waits for one's turn.
    pub(crate) async fn turn(&self) {
        let mine = {
            // Nothing can panic while it is held; if something did, a moment stays valid.
            let mut next = self.next.lock().unwrap_or_else(PoisonError::into_inner);
            let now = Instant::now();
            let mine = next.map_or(now, |next| next.max(now));
            *next = Some(mine + self.every);
            mine
        };
        sleep_until(mine).await;
    }

    /// Reads the value of the option `rate`.
    pub(crate) fn parse(value: &str) -> Option<u32> {
        value.parse().ok().filter(|rate| (1..=Self::PER_SECOND_MAX).contains(rate))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn nobody_goes_before_their_turn() {
        let pace = Pace::per_second(100);
        let begun = Instant::now();
        tokio::join!(pace.turn(), pace.turn(), pace.turn(), pace.turn());
        assert!(begun.elapsed() >= Duration::from_millis(30), "{:?}", begun.elapsed());
    }
}
