//! Quarantine: what could not be understood, to be repaired, replayed or dismissed.

use axum::Json;
use axum::extract::State;
use axum::http::HeaderMap;
use regulars_store::{QuarantineFilter, QuarantineOutcome, Reader};
use serde::Deserialize;
use serde_json::{Value, json};

use crate::access::Right;
use crate::http::said::{JsonBody, QueryString};
use crate::http::{ApiError, ApiResult, App};
use crate::repair::{Replayed, replay_rows};

/// Which rows.
#[derive(Debug, Deserialize)]
pub(super) struct Asked {
    source: Option<String>,
    code: Option<String>,
    before: Option<u64>,
    limit: Option<usize>,
}

/// Rows in quarantine, the latest first. The bytes as they came are personal data: they are shown
/// to whoever may write.
pub(super) async fn list(
    State(app): State<App>,
    headers: HeaderMap,
    QueryString(asked): QueryString<Asked>,
) -> ApiResult {
    app.require(&headers, Right::Look)?;
    let whole = app.require(&headers, Right::Repair).is_ok();
    let filter = QuarantineFilter { source: asked.source, code: asked.code, before: asked.before };
    let limit = asked.limit.unwrap_or(100).clamp(1, 1_000);
    let rows = app.read(move |reader| reader.quarantine(&filter, limit)).await?;
    let rows: Vec<Value> = rows
        .iter()
        .map(|(id, row)| {
            json!({
                "id": id,
                "source": row.source,
                "feed": row.feed,
                "received_at": row.received_at.to_string(),
                "code": row.code,
                "text": row.text,
                "raw": whole.then(|| String::from_utf8_lossy(&row.raw).into_owned()),
            })
        })
        .collect();
    Ok(Json(json!({ "quarantine": rows })))
}

/// Rows to settle, perhaps with the text that repairs the one row.
#[derive(Deserialize)]
pub(super) struct Rows {
    ids: Vec<u64>,
    repaired: Option<String>,
}

/// Reads rows again, as they came or as somebody repaired them.
pub(super) async fn replay(
    State(app): State<App>,
    headers: HeaderMap,
    JsonBody(rows): JsonBody<Rows>,
) -> ApiResult {
    app.require(&headers, Right::Repair)?;
    if rows.repaired.is_some() && rows.ids.len() != 1 {
        let hint = "send one id with \"repaired\", or several without";
        return Err(ApiError::bad_request("a repaired text is of one row", hint));
    }
    let Replayed { accepted, still_wrong } = replay_rows(&app, rows.ids, rows.repaired).await?;
    let still: Vec<Value> =
        still_wrong.into_iter().map(|(id, why)| json!({ "id": id, "text": why })).collect();
    Ok(Json(json!({ "replayed": accepted, "still_wrong": still })))
}

/// Takes rows away that are nothing.
pub(super) async fn dismiss(
    State(app): State<App>,
    headers: HeaderMap,
    JsonBody(rows): JsonBody<Rows>,
) -> ApiResult {
    app.require(&headers, Right::Repair)?;
    let settled = app
        .desk
        .ask(move |writer| {
            let store = writer.store();
            regulars_store::Store::settle_quarantine(store, &rows.ids, QuarantineOutcome::Dismissed)
        })
        .await??;
    Ok(Json(json!({ "dismissed": settled })))
}
