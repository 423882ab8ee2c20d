//! What journeys ask staff to see to.

use axum::extract::{Path, Query, State};
use axum::response::{IntoResponse, Redirect, Response};
use regulars_engine::decision::Verdict;
use regulars_engine::journey::{Notice, NoticeDone};
use regulars_store::{DecisionFilter, NoticeFilter, Reader, SqliteReader, StoreError};

use super::convert;
use super::today::Names;
use super::visit::{Fields, OwnForm, Pages, Visit};
use crate::clock;
use crate::notices::settle;
use crate::ui::model::{ErrorPage, NoticeRow, NoticesModel};
use crate::ui::view::notices as view;

/// Open notices of one page.
const OPEN: usize = 100;
/// How many of those that are done are shown.
const DONE: usize = 20;

/// All that is open, and what was done lately.
pub(super) async fn page(
    State(pages): State<Pages>,
    visit: Visit,
    Query(asked): Query<Fields>,
) -> Response {
    let before = asked.get("before").and_then(|text| text.parse().ok());
    let read = pages.app.read(move |reader| {
        let mut names = Names::default();
        let open = rows(reader, &mut names, (true, before), OPEN)?;
        let older = (open.len() == OPEN).then(|| open.last().map(|row| row.id)).flatten();
        let done = rows(reader, &mut names, (false, None), DONE)?;
        Ok(NoticesModel { open, open_total: reader.open_notices()?, done, older })
    });
    match visit.or_wrong(read.await) {
        Ok(model) => visit.page(view::page(&visit.ctx, &model)),
        Err(response) => response,
    }
}

/// Notices, open or done, the latest first.
pub(super) fn rows(
    reader: &SqliteReader,
    names: &mut Names,
    (open, before): (bool, Option<u64>),
    limit: usize,
) -> Result<Vec<NoticeRow>, StoreError> {
    let filter = NoticeFilter { open: Some(open), before, ..NoticeFilter::default() };
    let notices = reader.notices(&filter, limit)?;
    notices.into_iter().map(|notice| row(reader, names, notice)).collect()
}

fn row(reader: &SqliteReader, names: &mut Names, notice: Notice) -> Result<NoticeRow, StoreError> {
    let filter = DecisionFilter {
        persons: vec![notice.person],
        journey: Some(notice.journey.clone()),
        verdict: Some(Verdict::Enter),
        ..DecisionFilter::default()
    };
    // Whoever entered again since was not told of by this one.
    let entries = reader.decisions(&filter, 10)?;
    let entry = entries.into_iter().find(|entry| entry.decision.at <= notice.at);
    let because = entry.map(|entry| convert::reasons(&entry.decision.reasons)).unwrap_or_default();
    Ok(NoticeRow {
        id: notice.id,
        person: (notice.person.to_string(), names.of(reader, notice.person)?),
        text: notice.text,
        journey: notice.journey,
        step: notice.step,
        at: notice.at.0,
        because,
        done: notice.done.map(|done| (done.by, done.at.0)),
    })
}

/// Somebody did it, or takes that back.
pub(super) async fn act(
    State(pages): State<Pages>,
    Path((id, verb)): Path<(u64, String)>,
    OwnForm { visit, fields }: OwnForm,
) -> Response {
    let done = match verb.as_str() {
        "done" => Some(NoticeDone { at: clock::now(), by: visit.session.user.clone() }),
        "open" => None,
        _ => return visit.wrong(ErrorPage::NotFound),
    };
    let word = if done.is_some() { "noted-done" } else { "noted-open" };
    let settled = pages.app.desk.write(move |writer| settle(writer, id, done)).await;
    match settled {
        Ok(Some(_)) => {
            let today = fields.get("back").is_some_and(|back| back == "today");
            let page = if today { "/today" } else { "/notices" };
            Redirect::to(&format!("{page}?notice={word}")).into_response()
        }
        Ok(None) => visit.wrong(ErrorPage::NotFound),
        Err(_) => visit.wrong(ErrorPage::Unavailable),
    }
}
