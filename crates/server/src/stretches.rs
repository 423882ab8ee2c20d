//! The whole log, read by as many threads as there are cores: each reads a stretch of it.

use std::num::NonZero;
use std::ops::Range;

use regulars_engine::event::{Kind, LogPosition};
use regulars_store::{Entry, Heading, Reader, SqliteReader, StoreError};

/// How many headings are read in one snapshot.
const AT_ONCE: usize = 8_192;
/// How many events are passed in one snapshot: some ten milliseconds, so that checkpoints go on.
const IN_A_SNAPSHOT: u64 = 16_384;

/// What becomes of every stretch of the log, in the order of the log.
///
/// # Errors
/// If the log cannot be read.
pub(crate) fn each_stretch<T: Send>(
    reader: &SqliteReader,
    read: impl Fn(&SqliteReader, Range<LogPosition>) -> Result<T, StoreError> + Sync,
) -> Result<Vec<T>, StoreError> {
    let end = reader.next_position()?.0;
    let cores = std::thread::available_parallelism().map_or(1, NonZero::get) as u64;
    let stretch = end.div_ceil(cores).max(1);
    let read = &read;
    std::thread::scope(|scope| {
        let begin = |first: u64| {
            let span = LogPosition(first)..LogPosition((first + stretch).min(end));
            scope.spawn(move || read(&reader.again()?, span))
        };
        let running: Vec<_> =
            (1..end).step_by(usize::try_from(stretch).unwrap_or(usize::MAX)).map(begin).collect();
        let joined = running
            .into_iter()
            .map(|thread| thread.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic)));
        joined.collect()
    })
}

/// Tells of the events of a stretch whose kinds `kinds` lets through, in the order of the log, as long as
/// `wanted` says so.
///
/// # Errors
/// If the log cannot be read.
pub(crate) fn each_of<R: Reader>(
    reader: &R,
    span: Range<LogPosition>,
    kinds: &dyn Fn(&Kind) -> bool,
    wanted: impl Fn() -> bool,
    tell: &mut dyn FnMut(Entry),
) -> Result<(), StoreError> {
    let mut next = span.start;
    while next < span.end && wanted() {
        let end = LogPosition(next.0 + IN_A_SNAPSHOT).min(span.end);
        reader.log_of(next..end, kinds, tell)?;
        next = end;
    }
    Ok(())
}

/// Tells of the headings of a stretch, in the order of the log.
///
/// # Errors
/// If the log cannot be read.
pub(crate) fn each_heading(
    reader: &SqliteReader,
    span: Range<LogPosition>,
    mut tell: impl FnMut(LogPosition, &Heading<'_>),
) -> Result<(), StoreError> {
    let (mut next, mut from) = (span.start, LogPosition(0));
    while from < next && next < span.end {
        from = next;
        reader.headings(from, AT_ONCE, |position, heading| {
            next = LogPosition(position.0 + 1);
            if position < span.end {
                tell(position, heading);
            }
        })?;
    }
    Ok(())
}
