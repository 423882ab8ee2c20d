//! No more messages a second than a server wants.

use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use tokio::time::{Instant, sleep_until};

/// Turns at even distances: nobody goes before their turn, and turns that nobody took are not made up
/// for.
#[derive(Debug)]
pub(crate) struct Pace {
    every: Duration,              // None at all: it is always one's turn.
    next: Mutex<Option<Instant>>, // When the next turn is; `None`: at once.
}

impl Pace {
    /// The most turns a second that a setting may state.
    pub(crate) const PER_SECOND_MAX: u32 = 1_000;

    /// So many turns a second, at least 1; without a number nobody waits.
    pub(crate) fn per_second(turns: Option<u32>) -> Self {
        let every = turns.map_or(Duration::ZERO, |turns| Duration::from_secs(1) / turns.max(1));
        Self { every, next: Mutex::default() }
    }

    /// Waits for one's turn. One that would not come within `patience` is left to others, and false is
    /// answered once that is over.
    pub(crate) async fn turn(&self, patience: Duration) -> bool {
        if self.every.is_zero() {
            return true;
        }
        let (until, mine) = {
            // Nothing can panic while it is held; if something did, a moment stays valid.
            let mut next = self.next.lock().unwrap_or_else(PoisonError::into_inner);
            let now = Instant::now();
            let (turn, latest) = (next.map_or(now, |next| next.max(now)), now + patience);
            let mine = turn <= latest;
            if mine {
                *next = Some(turn + self.every);
            }
            (turn.min(latest), mine)
        };
        sleep_until(until).await;
        mine
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
        let pace = Pace::per_second(Some(100));
        let (begun, turn) = (Instant::now(), || pace.turn(Duration::from_secs(60)));
        assert_eq!(tokio::join!(turn(), turn(), turn(), turn()), (true, true, true, true));
        assert!(begun.elapsed() >= Duration::from_millis(30), "{:?}", begun.elapsed());
        assert!(Pace::per_second(None).turn(Duration::ZERO).await);
    }

    #[tokio::test]
    async fn a_turn_that_comes_too_late_is_left_to_others() {
        let pace = Pace::per_second(Some(10));
        let (begun, patience) = (Instant::now(), Duration::from_millis(120));
        let turn = || pace.turn(patience);
        assert_eq!(tokio::join!(turn(), turn(), turn(), turn()), (true, true, false, false));
        assert!(begun.elapsed() >= patience, "{:?}", begun.elapsed());
        assert!(pace.turn(patience).await, "nobody took it");
    }
}
