//! The whole log, read by as many threads as there are cores: each reads a stretch of it.

use std::collections::HashSet;
use std::num::NonZero;
use std::ops::Range;

use regulars_engine::condition::Aggregates;
use regulars_engine::event::LogPosition;
use regulars_engine::identity::IdentifierKey;
use regulars_engine::profile::Figures;
use regulars_store::{Heading, Reader, SqliteReader, StoreError};

/// So many events of a log are read in order in the time in which one is looked up.
pub(crate) const IN_ORDER: u64 = 6;

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
    let end = reader.next_position()?;
    let readers: Result<Vec<SqliteReader>, StoreError> =
        (0..threads()).map(|_| reader.again()).collect();
    each_stretch_by(readers?, end, read)
}

/// How many threads read.
pub(crate) fn threads() -> usize {
    std::thread::available_parallelism().map_or(1, NonZero::get)
}

/// The same of the log before `end`, with these readers, one a stretch.
///
/// # Errors
/// If the log cannot be read.
pub(crate) fn each_stretch_by<R: Reader, T: Send>(
    readers: Vec<R>,
    end: LogPosition,
    read: impl Fn(&R, Range<LogPosition>) -> Result<T, StoreError> + Sync,
) -> Result<Vec<T>, StoreError> {
    let stretch = end.0.div_ceil(readers.len().max(1) as u64).max(1);
    let read = &read;
    std::thread::scope(|scope| {
        let begin = |(first, reader): (u64, R)| {
            let span = LogPosition(first)..LogPosition((first + stretch).min(end.0));
            scope.spawn(move || read(&reader, span))
        };
        let firsts = (1..end.0).step_by(usize::try_from(stretch).unwrap_or(usize::MAX));
        let running: Vec<_> = firsts.zip(readers).map(begin).collect();
        let joined = running
            .into_iter()
            .map(|thread| thread.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic)));
        joined.collect()
    })
}

/// What the events of a stretch that stand tell of aggregates: of everybody, or of those whose anchors are
/// `whom`. It ends early once `wanted` says no; then nobody wants what it gives back.
///
/// # Errors
/// If the log cannot be read.
pub(crate) fn figures_of<R: Reader>(
    reader: &R,
    span: Range<LogPosition>,
    needed: &Aggregates,
    whom: Option<&HashSet<IdentifierKey>>,
    wanted: impl Fn() -> bool,
) -> Result<Figures, StoreError> {
    let mut figures = Figures::default();
    let mut next = span.start;
    while next < span.end && wanted() {
        let end = LogPosition(next.0 + IN_A_SNAPSHOT).min(span.end);
        reader.log_of(next..end, &|kind| needed.concern(kind), &mut |entry| {
            let Some(anchor) = entry.logged.anchor else { return };
            if entry.stands() && whom.is_none_or(|whom| whom.contains(&anchor)) {
                figures.take(anchor, &entry.logged.event, needed);
            }
        })?;
        next = end;
    }
    figures.settle();
    Ok(figures)
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
