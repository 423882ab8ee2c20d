//! Channels: whether the sender's domain is set up as receivers want it.

use axum::Json;
use axum::extract::State;
use axum::http::HeaderMap;

use crate::access::Right;
use crate::http::{ApiError, ApiResult, App};
use crate::signing;

/// Looks up what the DNS says of the sender's domain.
pub(super) async fn check(State(app): State<App>, headers: HeaderMap) -> ApiResult {
    app.require(&headers, Right::Look)?;
    let keys = app.read(signing::list).await?;
    let program = app.desk.program();
    let looked = app.checking.look(&program.shop.from_email, &keys).await;
    let looked = looked.ok_or_else(|| {
        ApiError::bad_request("the shop has no sender", "state \"from\" in its definition")
    })?;
    Ok(Json(looked.to_json()))
}
