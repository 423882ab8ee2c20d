//! How many messages are claimed ahead: as many as there are deliverers, and more where messages leave
//! quickly, since what is claimed together costs one commit.
//!
//! A claim that waits is looked at no more, and a sudden end leaves it uncertain. So none waits for
//! longer than about a quarter of a second, whatever the mail server's pace.

use regulars_engine::time::Timestamp;

/// The most claims at once. A commit's own pages, some ten, are shared by what it claims: with more than
/// this they no longer weigh.
pub(super) const AHEAD_MAX: usize = 32;
/// How long what is claimed ahead may take to begin, at the pace of what left last.
const STRETCH_MS: i64 = 250;

/// Counts how many messages leave in a stretch.
#[derive(Debug)]
pub(super) struct Ahead {
    /// How many deliverers there are: each may always have a claim.
    slots: usize,
    /// When this stretch began.
    since: Timestamp,
    /// How many left in it.
    left: usize,
    /// How many left in the one before.
    before: usize,
}

impl Ahead {
    /// For so many deliverers.
    pub(super) fn of(slots: usize, now: Timestamp) -> Self {
        Self { slots: slots.max(1), since: now, left: 0, before: 0 }
    }

    /// Notes that so many have left by `now`.
    pub(super) fn note(&mut self, left: usize, now: Timestamp) {
        let past_ms = now.since(self.since);
        // A clock that was set back begins anew.
        if !(0..STRETCH_MS).contains(&past_ms) {
            let just_now = (0..2 * STRETCH_MS).contains(&past_ms);
            self.before = if just_now { self.left } else { 0 };
            self.since = now;
            self.left = 0;
        }
        self.left += left;
    }

    /// How many messages may be claimed and not settled.
    pub(super) fn claims(&self) -> usize {
        let quick = self.left.max(self.before).min(AHEAD_MAX);
        self.slots.max(quick)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Claims allowed after messages left at these moments, in ms.
    fn claims(left: impl IntoIterator<Item = i64>, at: i64) -> usize {
        let mut ahead = Ahead::of(4, Timestamp(0));
        left.into_iter().for_each(|at| ahead.note(1, Timestamp(at)));
        ahead.note(0, Timestamp(at));
        ahead.claims()
    }

    #[test]
    fn what_leaves_slowly_is_claimed_when_a_deliverer_is_free() {
        assert_eq!(claims([], 0), 4);
        assert_eq!(claims((0..10).map(|number| number * 100), 1_000), 4);
    }

    #[test]
    fn what_leaves_quickly_is_claimed_a_quarter_of_a_second_ahead() {
        assert_eq!(claims((0..100).map(|number| number * 25), 2_500), 10);
        assert_eq!(claims(0..1_000, 1_000), AHEAD_MAX);
    }

    #[test]
    fn a_server_that_slows_down_is_given_no_more_than_it_takes() {
        assert_eq!(claims(0..240, 490), AHEAD_MAX, "the stretch before was quick");
        assert_eq!(claims(0..240, 510), 4);
        assert_eq!(claims(0..240, -10), 4, "the clock was set back");
    }
}
