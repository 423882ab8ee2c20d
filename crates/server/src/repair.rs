//! Repairing what is in quarantine: the bytes are read again, as they came or as somebody wrote them.

use regulars_engine::event::{Event, Mode};
use regulars_engine::source::SourceSettings;
use regulars_ingest::segment::{self, Hints, PathType};
use regulars_ingest::{Received, Rejection};
use regulars_store::{QuarantineOutcome, Reader, Store};

use crate::http::{ApiError, App};

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
        let Some(row) = app.read(move |reader| reader.quarantined(id)).await? else {
            replayed.still_wrong.push((id, "there is no such row".to_owned()));
            continue;
        };
        let program = app.desk.program();
        let stated = program.sources.get(&row.source).cloned();
        let settings = stated.unwrap_or_else(|| SourceSettings::named(&row.source));
        let received = Received {
            source: &settings,
            rules: &program.identity,
            received_at: row.received_at,
            mode: Mode::Live,
            feed: Some(row.feed.as_str()).filter(|feed| !feed.is_empty()),
        };
        let bytes = repaired.as_deref().map_or(&row.raw[..], str::as_bytes);
        match read_again(bytes, &received) {
            Ok(events) => {
                app.desk.accept(events, Vec::new()).await?;
                app.desk
                    .ask(move |writer| {
                        writer.store().settle_quarantine(&[id], QuarantineOutcome::Replayed)
                    })
                    .await??;
                replayed.accepted += 1;
            }
            Err(why) => replayed.still_wrong.push((id, why)),
        }
    }
    Ok(replayed)
}

fn read_again(bytes: &[u8], received: &Received<'_>) -> Result<Vec<Event>, String> {
    let batch = segment::parse(bytes, PathType::Batch, &Hints::default(), received)
        .map_err(|error| error.to_string())?;
    match batch.rejections.first() {
        Some(Rejection { reason, .. }) => Err(format!("{reason} ({})", reason.cure())),
        None => Ok(batch.events),
    }
}
