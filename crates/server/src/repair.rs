//! Repairing what is in quarantine: the bytes are read again, as they came or as somebody wrote them.

use std::sync::Arc;

use regulars_engine::event::{Event, Mode};
use regulars_engine::time::Timestamp;
use regulars_ingest::segment::{self, Hints, PathType};
use regulars_ingest::{Received, Rejection};
use regulars_store::{QuarantineOutcome, Reader, Store};

use crate::clock;
use crate::http::{ApiError, App};
use crate::import::settings_of;
use crate::live::DeskError;
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
    for id in ids {
        let repaired = repaired.clone();
        let done = app
            .desk
            .ask(move |writer| replay_row(writer, id, repaired.as_deref(), clock::now()))
            .await?
            .map_err(|error| DeskError::Writer(Arc::new(error)))?;
        match done {
            Ok(()) => replayed.accepted += 1,
            Err(why) => replayed.still_wrong.push((id, why)),
        }
    }
    Ok(replayed)
}

/// Reads one row again, as it came or as somebody repaired it. `Ok(Err)` says what is still wrong.
///
/// # Errors
/// If the store fails. Should it fail between the event and the row, the next replay finds the
/// event there already.
pub fn replay_row<S: Store>(
    writer: &mut Writer<S>,
    id: u64,
    repaired: Option<&str>,
    now: Timestamp,
) -> Result<Result<(), String>, WriterError> {
    let Some(row) = writer.reader().quarantined(id)? else {
        return Ok(Err("there is no such row".to_owned()));
    };
    let program = Arc::clone(writer.program());
    let settings = settings_of(&program, &row.source);
    let received = Received {
        source: &settings,
        rules: &program.identity,
        received_at: row.received_at,
        mode: Mode::Live,
        feed: Some(row.feed.as_str()).filter(|feed| !feed.is_empty()),
    };
    let bytes = repaired.map_or(&row.raw[..], str::as_bytes);
    let events = match read_again(bytes, &received) {
        Ok(events) => events,
        Err(why) => return Ok(Err(why)),
    };
    writer.accept(events, Vec::new(), now)?;
    writer.store().settle_quarantine(&[id], QuarantineOutcome::Replayed)?;
    Ok(Ok(()))
}

fn read_again(bytes: &[u8], received: &Received<'_>) -> Result<Vec<Event>, String> {
    let batch = segment::parse(bytes, PathType::Batch, &Hints::default(), received)
        .map_err(|error| error.to_string())?;
    match batch.rejections.first() {
        Some(Rejection { reason, .. }) => Err(format!("{reason} ({})", reason.cure())),
        None => Ok(batch.events),
    }
}
