//! How fast messages leave, and what waits for its turn.

use axum::Json;
use axum::extract::State;
use axum::http::HeaderMap;

use crate::access::Right;
use crate::clock;
use crate::http::{ApiResult, App};
use crate::pacing::{pace_json, queues};

/// What the shop states of pace, and what waits. It is set by publishing the shop.
pub(super) async fn show(State(app): State<App>, headers: HeaderMap) -> ApiResult {
    app.require(&headers, Right::Look)?;
    let (program, now) = (app.desk.program(), clock::now());
    let shop = program.shop.clone();
    let queues = app.read(move |reader| queues(reader, &shop, now)).await?;
    Ok(Json(pace_json(&program.shop, &queues, now)))
}
