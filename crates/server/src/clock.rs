//! The one place that reads the time.

use regulars_engine::time::Timestamp;

/// The present moment by the machine's clock.
#[must_use]
#[expect(clippy::disallowed_methods, reason = "this is the clock")]
pub fn now() -> Timestamp {
    Timestamp(jiff::Timestamp::now().as_millisecond())
}
