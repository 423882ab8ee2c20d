//! Rebuilding everything that is derived, from the log alone, through the same batch path.

use regulars_engine::commit::MessageKey;
use regulars_engine::event::{Event, LogPosition};
use regulars_engine::work::Purpose;
use regulars_store::{Reader, Store};

use super::{Writer, WriterError};

/// How far a long work is: done, and of how many.
pub type Progress<'p> = &'p mut dyn FnMut(u64, u64);

/// How many events are rebuilt in one batch.
const BATCH: usize = 1_000;

/// Folds the log of `from` into the empty store `into`, so that the two can be compared.
///
/// # Errors
/// If either store fails.
pub fn rebuild<S: Store, T: Store>(
    from: &S::Reader,
    into: T,
    progress: Progress<'_>,
) -> Result<Writer<T>, WriterError>
where
    S::Reader: Reader,
{
    let mut writer = Writer::open(into, Purpose::Rebuild)?;
    writer.salt = from.salt();
    writer.borrow_program(super::publish::stored_program(from)?)?;
    let last = from.next_position()?.0 - 1;
    let mut next = LogPosition(1);
    while next.0 <= last {
        let entries = from.log(next, BATCH)?;
        let Some(end) = entries.last().map(|entry| entry.logged.position) else { break };
        let events: Vec<(MessageKey, Event)> =
            entries.into_iter().map(|entry| (entry.logged.key, entry.logged.event)).collect();
        let now = events.last().map(|(_, event)| event.received_at).unwrap_or_default();
        writer.accept_keyed(events, Vec::new(), now)?;
        next = LogPosition(end.0 + 1);
        progress(end.0, last);
    }
    Ok(writer)
}
