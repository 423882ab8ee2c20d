//! Channels: whether the sender's domain is set up as receivers want it, and how push messages leave.

use axum::Json;
use axum::extract::State;
use axum::http::HeaderMap;
use regulars_deliver::PushWay;
use regulars_engine::event::Channel;
use serde_json::json;

use crate::access::Right;
use crate::http::{ApiError, ApiResult, App};
use crate::pushing::{self, PushKeyShown};
use crate::segments;
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

/// The key by which push services know the shop, and whom push messages reach.
pub(super) async fn push(State(app): State<App>, headers: HeaderMap) -> ApiResult {
    app.require(&headers, Right::Look)?;
    let program = app.desk.program();
    let read = app.read(move |reader| {
        let key = pushing::key(reader).unwrap_or_default();
        Ok((key, segments::reachable_over(reader, &program, Channel::Push)?))
    });
    let (key, people) = read.await?;
    let way = app.deliverers.as_ref().map(|deliverers| deliverers.push.way());
    Ok(Json(json!({
        "key": key.as_ref().map(PushKeyShown::to_json),
        "leaves": way == Some(PushWay::Services),
        "people": people,
    })))
}
