//! Repairing what is in quarantine: the bytes are read again, as they came or as somebody wrote them.

use std::collections::BTreeSet;
use std::sync::Arc;

use regulars_engine::commit::{MessageKey, Quarantined};
use regulars_engine::event::{Document, Event, Mode};
use regulars_engine::time::Timestamp;
use regulars_ingest::segment::{self, Hints, PathType};
use regulars_ingest::table::{Mapping, Table, taken_apart};
use regulars_ingest::{Received, Rejection};
use regulars_store::{QuarantineOutcome, Reader, Store, StoreError, Want};

use crate::clock;
use crate::hooks;
use crate::http::{ApiError, App};
use crate::writer::{Writer, WriterError};

/// What became of rows that were read again.
#[derive(Debug, Default)]
pub struct Replayed {
    /// Rows that are events now.
    pub accepted: usize,
    /// Rows that are still wrong, with the reason.
    pub still_wrong: Vec<(u64, String)>,
}

/// Reads rows again; those that are understood become events and leave the quarantine. A row that
/// is still wrong stays as it is.
///
/// # Errors
/// If the store fails.
pub async fn replay_rows(
    app: &App,
    ids: Vec<u64>,
    repaired: Option<String>,
) -> Result<Replayed, ApiError> {
    let mut replayed = Replayed::default();
    let mut gone = BTreeSet::new();
    for id in ids {
        if gone.contains(&id) {
            replayed.accepted += 1;
            continue;
        }
        let repaired = repaired.clone();
        let done = app
            .desk
            .write(move |writer| replay_row(writer, id, repaired.as_deref(), clock::now()))
            .await?;
        match done {
            Ok(settled) => {
                replayed.accepted += 1;
                gone.extend(settled);
            }
            Err(why) => replayed.still_wrong.push((id, why)),
        }
    }
    Ok(replayed)
}

/// Reads one row again, as it came or as somebody repaired it; a row of a document with all others
/// of it. Returns the rows that left the quarantine by it; `Ok(Err)` says what is still wrong.
///
/// # Errors
/// If the store fails. Should it fail between the event and the row, the next replay finds the
/// event there already.
pub fn replay_row<S: Store>(
    writer: &mut Writer<S>,
    id: u64,
    repaired: Option<&str>,
    now: Timestamp,
) -> Result<Result<Vec<u64>, String>, WriterError> {
    let Some(row) = writer.reader().quarantined(id)? else {
        return Ok(Err("there is no such row".to_owned()));
    };
    let program = Arc::clone(writer.program());
    let mut settings = program.source(&row.source);
    if hooks::tells_as(writer.reader(), &row.source)? {
        // It came through a provider's hook, which had proved itself.
        settings.to_mut().tells_of_mail = Some(true);
    }
    let received = Received {
        source: &settings,
        rules: &program.identity,
        received_at: row.received_at,
        mode: Mode::Live,
        feed: Some(row.feed.as_str()).filter(|feed| !feed.is_empty()),
    };
    let bytes = repaired.map_or(&row.raw[..], str::as_bytes);
    let read = match taken_apart(bytes) {
        Some((mapping, rows)) => {
            // What is repaired is received when it is: it takes the place of what stood before.
            let received = Received { received_at: now, mode: Mode::Backfill, ..received };
            let encoding = repaired.map_or(Encoding::AsMapped, |_| Encoding::Utf8);
            read_table(mapping, rows, encoding, &received)
        }
        None => read_again(bytes, &received),
    };
    let events = match read {
        Ok(events) => events,
        Err(why) => return Ok(Err(why)),
    };
    for event in &events {
        if let Some(why) = loses_lines(writer, event)? {
            return Ok(Err(why));
        }
    }
    writer.accept(events, Vec::new(), now)?;
    let ids = of_one_document(writer.reader(), id, &row)?;
    writer.store().settle_quarantine(&ids, QuarantineOutcome::Replayed)?;
    Ok(Ok(ids))
}

/// In which letters the rows of a table stand.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Encoding {
    /// As its mapping says.
    AsMapped,
    /// As somebody typed them.
    Utf8,
}

/// The events of a table by itself; what its end says of feeds is said of the file it came from.
fn read_table(
    mapping: &str,
    rows: &[u8],
    encoding: Encoding,
    received: &Received<'_>,
) -> Result<Vec<Event>, String> {
    let mapping = Mapping::parse(mapping, "mapping").map_err(|mistakes| {
        mistakes.iter().map(ToString::to_string).collect::<Vec<_>>().join("; ")
    })?;
    let mapping = if encoding == Encoding::Utf8 { mapping.in_utf_8() } else { mapping };
    let table = Table::open(rows, &mapping, received).map_err(|error| error.to_string())?;
    let mut events = Vec::new();
    for outcome in table {
        match outcome {
            Ok(event) if event.kind.speaks_of_feed() => {}
            Ok(event) => events.push(event),
            Err(Rejection { reason, .. }) => return Err(format!("{reason} ({})", reason.cure())),
        }
    }
    if events.is_empty() { Err("there is no row below the header".to_owned()) } else { Ok(events) }
}

/// Why a document may not take the place of the one in the log: a row that belonged to no document,
/// repaired alone, would drop the other rows of the document that it belongs to.
fn loses_lines<S: Store>(
    writer: &mut Writer<S>,
    event: &Event,
) -> Result<Option<String>, WriterError> {
    if event.document == Document::Once {
        return Ok(None);
    }
    let key = MessageKey::of(writer.salt(), &event.source, &event.message_id);
    let store = writer.store();
    let seen = store.load(Want { messages: &[key], identifiers: &[] })?.seen.pop().flatten();
    let Some(seen) = seen else { return Ok(None) };
    let mut standing = seen.position;
    while let Some(newer) = store.overtaken_by(standing)? {
        standing = newer;
    }
    let standing = store.event(standing)?.event;
    // The line that stands for rows that were not understood names nothing.
    let lines = |event: &Event| {
        event.lines.iter().filter(|line| !line.codes.is_empty() || line.name.is_some()).count()
    };
    let (held, brought) = (lines(&standing), lines(event));
    Ok((brought < held).then(|| {
        format!(
            "the document is known with {held} lines, and this has {brought} \
             (put its other rows below this one, or import its file again)"
        )
    }))
}

/// The rows that were set aside with this one, of one document: they lie side by side, and each
/// holds the whole document.
fn of_one_document<R: Reader>(
    reader: &R,
    id: u64,
    row: &Quarantined,
) -> Result<Vec<u64>, StoreError> {
    let mut ids = vec![id];
    if taken_apart(&row.raw).is_none() {
        return Ok(ids);
    }
    let beside = |id: u64| -> Result<bool, StoreError> {
        Ok(reader.quarantined(id)?.is_some_and(|other| other.raw == row.raw))
    };
    let (mut before, mut after) = (id, id);
    while before > 0 && beside(before - 1)? {
        before -= 1;
        ids.push(before);
    }
    while beside(after + 1)? {
        after += 1;
        ids.push(after);
    }
    Ok(ids)
}

fn read_again(bytes: &[u8], received: &Received<'_>) -> Result<Vec<Event>, String> {
    let batch = segment::parse(bytes, PathType::Batch, &Hints::default(), received)
        .map_err(|error| error.to_string())?;
    match batch.rejections.first() {
        Some(Rejection { reason, .. }) => Err(format!("{reason} ({})", reason.cure())),
        None => Ok(batch.events),
    }
}
