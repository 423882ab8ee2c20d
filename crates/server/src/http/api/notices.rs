//! Notices: what journeys ask staff to see to.

use axum::Json;
use axum::extract::State;
use axum::http::HeaderMap;
use regulars_engine::journey::{Notice, NoticeDone};
use regulars_store::{NoticeFilter, Reader};
use serde::Deserialize;
use serde_json::{Value, json};

use crate::access::Right;
use crate::clock;
use crate::http::said::{JsonBody, QueryString};
use crate::http::{ApiError, ApiResult, App};
use crate::notices::settle;

/// The most notices of one answer.
const LIMIT_MAX: usize = 1_000;

/// Which notices.
#[derive(Debug, Deserialize)]
pub(super) struct Which {
    open: Option<bool>,
    before: Option<u64>,
    limit: Option<usize>,
}

/// Notices, the latest first, and how many are open.
pub(super) async fn list(
    State(app): State<App>,
    headers: HeaderMap,
    QueryString(which): QueryString<Which>,
) -> ApiResult {
    app.require(&headers, Right::Look)?;
    let filter = NoticeFilter { open: which.open, before: which.before, ..NoticeFilter::default() };
    let limit = which.limit.unwrap_or(100).clamp(1, LIMIT_MAX);
    let read =
        app.read(move |reader| Ok((reader.notices(&filter, limit)?, reader.open_notices()?)));
    let (notices, open) = read.await?;
    let notices: Vec<Value> = notices.iter().map(Notice::to_json).collect();
    Ok(Json(json!({ "notices": notices, "open": open })))
}

/// What somebody says of a notice.
#[derive(Debug, Deserialize)]
pub(super) struct Done {
    id: u64,
    #[serde(default = "yes")]
    done: bool,
}

fn yes() -> bool {
    true
}

/// Notes that somebody did what a notice asks for, or takes that back.
pub(super) async fn done(
    State(app): State<App>,
    headers: HeaderMap,
    JsonBody(said): JsonBody<Done>,
) -> ApiResult {
    let by = app.require(&headers, Right::Answer)?;
    let done = said.done.then(|| NoticeDone { at: clock::now(), by });
    let settled = app.desk.write(move |writer| settle(writer, said.id, done)).await?;
    let notice = settled.ok_or_else(|| ApiError::not_found("there is no such notice"))?;
    Ok(Json(notice.to_json()))
}
