//! Channels: whether the sender's domain is set up as receivers want it, and how push messages leave.

use axum::Json;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use regulars_deliver::PushWay;
use regulars_engine::event::Channel;
use serde::Deserialize;
use serde_json::json;

use crate::access::Right;
use crate::http::said::JsonBody;
use crate::http::{ApiError, ApiResult, App};
use crate::pushing::{self, PushKeyShown, PushingError, Replace};
use crate::segments;
use crate::signing;

/// Looks up what the DNS says of the sender's domain.
pub(super) async fn check(State(app): State<App>, headers: HeaderMap) -> ApiResult {
    app.require(&headers, Right::Look)?;
    let keys = app.read(signing::list).await?;
    let program = app.desk.program();
    let looked = app.checking.look(program.shop.sending_domain(), &keys).await;
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
    Ok(Json(json!({
        "key": key.as_ref().map(PushKeyShown::to_json),
        "leaves": app.push_way() == PushWay::Services,
        "people": people,
    })))
}

/// How a key is to be made.
#[derive(Default, Deserialize)]
pub(super) struct Making {
    /// In place of the one there is: who subscribed under that must subscribe again.
    #[serde(default)]
    replace: bool,
    /// Whether it is only asked.
    #[serde(default)]
    dry_run: bool,
}

/// Makes the key, which takes effect at once, or tells what that would come to.
pub(super) async fn make_push_key(
    State(app): State<App>,
    headers: HeaderMap,
    JsonBody(making): JsonBody<Making>,
) -> ApiResult {
    let by = app.require(&headers, Right::Manage)?;
    let Making { replace, dry_run } = making;
    let replace = if replace { Replace::Yes } else { Replace::No };
    let program = app.desk.program();
    let would = app.read(move |reader| Ok(pushing::would_make(reader, &program, replace)));
    let would = would.await?.map_err(refused)?;
    let key = match dry_run {
        true => None,
        false => Some(app.make_push_key(replace, by).await?.map_err(refused)?),
    };
    Ok(Json(pushing::Making { key, ..would }.to_json()))
}

fn refused(error: PushingError) -> ApiError {
    match error {
        PushingError::Taken => ApiError::new(
            StatusCode::CONFLICT,
            "key_in_the_way",
            error.to_string(),
            "keep it; \"replace\" makes another one all the same",
        ),
        PushingError::Store(error) => error.into(),
        PushingError::Key(_) => {
            ApiError::new(StatusCode::INTERNAL_SERVER_ERROR, "failed", "no key was made", "")
        }
    }
}
