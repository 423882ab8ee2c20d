//! Quarantine: what could not be understood, with its repair.

use axum::extract::{Path, Query, State};
use axum::response::{IntoResponse, Redirect, Response};
use regulars_engine::commit::Quarantined;
use regulars_store::{QuarantineFilter, QuarantineOutcome, Reader, Store, StoreError};

use super::sources::filters;
use super::visit::{Fields, OwnForm, Pages, Visit};
use crate::clock;
use crate::repair::replay_rows;
use crate::ui::mask::mask;
use crate::ui::model::{
    ErrorPage, Excerpt, Fact, FactValue, Page, QuarantineModel, QuarantineRow, QuarantineState,
    Reason, Repair,
};
use crate::ui::view::quarantine;

/// Rows of one page, and of one replay.
const ROWS: usize = 50;
const REPLAY: usize = 1_000;

fn filter(asked: &Fields) -> QuarantineFilter {
    QuarantineFilter {
        source: asked.get("source").cloned().filter(|text| !text.is_empty()),
        code: asked.get("reason").cloned().filter(|text| !text.is_empty()),
        before: asked.get("before").and_then(|text| text.parse().ok()),
    }
}

/// The list, the latest first.
pub(super) async fn page(
    State(pages): State<Pages>,
    visit: Visit,
    Query(asked): Query<Fields>,
) -> Response {
    let chosen = filter(&asked);
    let read = pages
        .app
        .read(move |reader| {
            let rows = reader.quarantine(&chosen, ROWS)?;
            let counts = reader.quarantine_counts()?;
            let pair = chosen.source.as_deref().zip(chosen.code.as_deref());
            let total = counts
                .iter()
                .filter(|c| chosen.source.as_deref().is_none_or(|source| c.source == source))
                .filter(|c| chosen.code.as_deref().is_none_or(|code| c.code == code))
                .map(|count| count.rows)
                .sum();
            let older =
                (rows.len() == ROWS).then(|| rows.last().map(|(id, _)| id.to_string())).flatten();
            Ok(QuarantineModel {
                filters: filters(&counts, None, pair),
                rows: rows.into_iter().map(|(id, row)| shown(id, row, Show::Masked)).collect(),
                page: Page { total, older, paged: chosen.before.is_some() },
            })
        })
        .await;
    match visit.or_wrong(read) {
        Ok(model) => visit.page(quarantine::page(&visit.ctx, &model)),
        Err(response) => response,
    }
}

/// How much of a row's bytes is shown.
enum Show {
    Masked,
    Whole,
    Repair(Option<String>, Option<String>),
}

fn shown(id: u64, row: Quarantined, show: Show) -> QuarantineRow {
    let text = String::from_utf8_lossy(&row.raw).into_owned();
    let (excerpt, repair) = match show {
        Show::Masked => (Excerpt::Masked(mask(&text)), None),
        Show::Whole => (Excerpt::Shown(text.clone()), Some(Repair { json: text, problem: None })),
        Show::Repair(typed, problem) => {
            let json = typed.unwrap_or_else(|| text.clone());
            (Excerpt::Shown(text), Some(Repair { json, problem }))
        }
    };
    QuarantineRow {
        id: id.to_string(),
        source: (row.source.clone(), row.source),
        feed: Some(row.feed).filter(|feed| !feed.is_empty()),
        received_at: row.received_at.0,
        reason: Reason {
            code: row.code,
            facts: vec![Fact {
                name: "problem".to_owned(),
                value: FactValue::Text(row.text),
                at: None,
            }],
        },
        state: QuarantineState::Waiting,
        excerpt,
        repair,
    }
}

/// One row.
pub(super) async fn row(State(pages): State<Pages>, visit: Visit, Path(id): Path<u64>) -> Response {
    one(&pages, &visit, id, Show::Masked).await
}

async fn one(pages: &Pages, visit: &Visit, id: u64, show: Show) -> Response {
    let read = pages.app.read(move |reader| reader.quarantined(id)).await;
    match visit.or_wrong(read) {
        Ok(Some(row)) => visit.page(quarantine::row_page(&visit.ctx, &shown(id, row, show))),
        Ok(None) => visit.wrong(ErrorPage::NotFound),
        Err(response) => response,
    }
}

/// Shows a row whole, repairs it, replays it, or puts it aside.
pub(super) async fn act(
    State(pages): State<Pages>,
    Path((id, verb)): Path<(u64, String)>,
    OwnForm { visit, fields }: OwnForm,
) -> Response {
    let typed = fields.get("json").cloned();
    match verb.as_str() {
        "show" => one(&pages, &visit, id, Show::Whole).await,
        "repair" if typed.is_none() => one(&pages, &visit, id, Show::Repair(None, None)).await,
        "repair" | "replay" => {
            let replayed = replay_rows(&pages.app, vec![id], typed.clone()).await;
            match visit.or_wrong(replayed) {
                Ok(done) if done.accepted == 1 => {
                    Redirect::to("/quarantine?notice=replayed").into_response()
                }
                Ok(done) => {
                    let problem = done.still_wrong.into_iter().next().map(|(_, why)| why);
                    one(&pages, &visit, id, Show::Repair(typed, problem)).await
                }
                Err(response) => response,
            }
        }
        "dismiss" => dismiss(&pages, &visit, id).await,
        "bring-back" => bring_back(&pages, &visit, id).await,
        _ => visit.wrong(ErrorPage::NotFound),
    }
}

/// Puts a row aside: it is nothing. For a while it can be brought back.
async fn dismiss(pages: &Pages, visit: &Visit, id: u64) -> Response {
    let settled = pages.app.desk.ask(move |writer| {
        let row = writer.reader().quarantined(id)?;
        writer.store().settle_quarantine(&[id], QuarantineOutcome::Dismissed)?;
        Ok::<_, StoreError>(row)
    });
    match settled.await {
        Ok(Ok(Some(row))) => {
            pages.put_aside.keep(id, row.clone(), pages.app.erasures(), clock::now());
            let row =
                QuarantineRow { state: QuarantineState::Dismissed, ..shown(id, row, Show::Masked) };
            visit.page(quarantine::row_page(&visit.ctx, &row))
        }
        Ok(Ok(None)) => visit.wrong(ErrorPage::NotFound),
        Ok(Err(_)) | Err(_) => visit.wrong(ErrorPage::Unavailable),
    }
}

/// Brings a row back that was put aside a moment ago; it gets a new number.
async fn bring_back(pages: &Pages, visit: &Visit, id: u64) -> Response {
    let now = clock::now();
    let Some(row) = pages.put_aside.take(id, pages.app.erasures(), now) else {
        return Redirect::to("/quarantine?notice=too-late").into_response();
    };
    match pages.app.desk.accept(Vec::new(), vec![row]).await {
        Ok(_) => Redirect::to("/quarantine?notice=brought-back").into_response(),
        Err(_) => visit.wrong(ErrorPage::Unavailable),
    }
}

/// Replays all rows of one source and reason.
pub(super) async fn replay_all(
    State(pages): State<Pages>,
    OwnForm { visit, fields }: OwnForm,
) -> Response {
    let chosen = filter(&fields);
    let read = pages.app.read(move |reader| reader.quarantine(&chosen, REPLAY)).await;
    let ids = match visit.or_wrong(read) {
        Ok(rows) => rows.into_iter().map(|(id, _)| id).collect(),
        Err(response) => return response,
    };
    match visit.or_wrong(replay_rows(&pages.app, ids, None).await) {
        Ok(done) if done.accepted > 0 => {
            Redirect::to("/quarantine?notice=replayed-many").into_response()
        }
        Ok(_) => Redirect::to("/quarantine?notice=still-refused").into_response(),
        Err(response) => response,
    }
}
