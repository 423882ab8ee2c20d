//! The one place that reads the time.
//!
//! **Invariant:** our clock does not go back while the machine's goes back by less than a day. It stands still
//! until that one has caught up: else what was said after would seem to have been said before, and a
//! person's no could lie behind the yes that it takes back.

use std::sync::atomic::{AtomicI64, Ordering};
use std::time::{Duration, SystemTime};

use regulars_engine::time::{DAY, Timestamp};
use regulars_store::{Reader, StoreError};

/// A machine's clock that goes back by more than this was wrong by so much that nobody waits for it.
pub const STANDS_STILL_MS: i64 = DAY;

/// What our clock said last.
static LATEST: AtomicI64 = AtomicI64::new(i64::MIN);

/// The present moment.
#[must_use]
pub fn now() -> Timestamp {
    let machine = by_the_machine();
    let read = |latest| Some(after(Timestamp(latest), machine).0);
    let before = LATEST.fetch_update(Ordering::Relaxed, Ordering::Relaxed, read);
    after(Timestamp(before.unwrap_or(i64::MIN)), machine)
}

/// The present moment by the machine's clock: for what others have just signed, and what we sign for others.
#[must_use]
#[expect(clippy::disallowed_methods, reason = "this is the clock")]
pub fn by_the_machine() -> Timestamp {
    Timestamp(jiff::Timestamp::now().as_millisecond())
}

/// When a letter leaves that was made at `at`: others compare that with clocks of their own, so it is not later
/// than the machine's says.
#[must_use]
pub fn for_others(at: Timestamp) -> SystemTime {
    let ms = u64::try_from(at.min(by_the_machine()).0).unwrap_or(0);
    SystemTime::UNIX_EPOCH + Duration::from_millis(ms)
}

/// What our clock says when the machine's says `machine` and ours said `latest` before.
#[must_use]
pub fn after(latest: Timestamp, machine: Timestamp) -> Timestamp {
    let behind_ms = latest.0.saturating_sub(machine.0);
    if (1..=STANDS_STILL_MS).contains(&behind_ms) { latest } else { machine }
}

/// Goes on from what a store's log knows: the clock may have gone back while the program was down. Returns
/// how far the machine's is behind, in milliseconds; 0 or less: it is not.
///
/// # Errors
/// If the log cannot be read.
pub fn go_on_from<R: Reader>(reader: &R) -> Result<i64, StoreError> {
    /// What was read from files may say that it was received long ago.
    const LAST: u64 = 64;
    let mut from = reader.next_position()?;
    from.0 = from.0.saturating_sub(LAST);
    let entries = reader.log(from, usize::try_from(LAST).unwrap_or(usize::MAX))?;
    let last = entries.iter().map(|entry| entry.logged.event.received_at).max();
    let Some(last) = last else { return Ok(0) };
    LATEST.fetch_max(last.0, Ordering::Relaxed);
    Ok(last.since(by_the_machine()))
}

#[cfg(test)]
mod tests {
    use regulars_engine::time::HOUR;

    use super::*;

    #[test]
    fn the_clock_stands_still_until_the_machine_has_caught_up() {
        let noon = Timestamp(12 * HOUR);
        let (mut ours, mut said) = (noon, Vec::new());
        for machine_ms in [0, HOUR, -2 * HOUR, -HOUR, 0, HOUR, HOUR + 1, 2 * HOUR] {
            ours = after(ours, noon.plus(machine_ms));
            said.push(ours.since(noon));
        }
        assert_eq!(said, [0, HOUR, HOUR, HOUR, HOUR, HOUR, HOUR + 1, 2 * HOUR]);
    }

    #[test]
    fn a_clock_that_was_days_ahead_is_not_waited_for() {
        let noon = Timestamp(12 * HOUR);
        assert_eq!(after(noon.plus(DAY), noon), noon.plus(DAY));
        assert_eq!(after(noon.plus(DAY + 1), noon), noon);
    }

    #[test]
    fn a_letter_is_not_of_tomorrow() {
        let made_at = by_the_machine();
        let of = |ms| for_others(made_at.plus(ms));
        assert_eq!(
            of(-HOUR),
            SystemTime::UNIX_EPOCH + Duration::from_millis((made_at.0 - HOUR).unsigned_abs())
        );
        assert!(of(5 * HOUR) < of(0) + Duration::from_secs(60));
    }

    #[test]
    fn it_is_never_earlier_than_it_was() {
        let first = now();
        assert!(now() >= first && first.since(by_the_machine()).abs() < HOUR);
    }
}
