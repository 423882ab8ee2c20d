//! The JSON API: people by identifier in the body, never in the URL; decisions with reasons;
//! sources and watermarks; definitions; quarantine.

mod definitions;
mod document;
mod people;
mod quarantine;
mod sources;

use axum::Router;
use axum::extract::State;
use axum::http::HeaderMap;
use axum::routing::{get, post};
use regulars_engine::time::Timestamp;
use serde_json::json;

pub use document::openapi;
pub(crate) use people::{edge_json, former_ids, identifiers_json, person_json, timeline_of};

use super::said::JsonBody;
use super::{ApiResult, App};
use crate::access::Scope;
use crate::sending::{self, Switched};

/// Everything below `/api/v1`.
pub(super) fn routes() -> Router<App> {
    Router::new()
        .route("/people/find", post(people::find))
        .route("/people/search", post(people::search))
        .route("/people/timeline", post(people::timeline))
        .route("/people/decisions", post(people::decisions))
        .route("/people/why", post(people::why))
        .route("/people/erase", post(people::erase))
        .route("/people/same", post(people::same))
        .route("/people/not-the-same", post(people::not_the_same))
        .route("/people/take-back", post(people::take_back))
        .route("/decisions", get(people::all_decisions))
        .route("/sources", get(sources::list).post(sources::add))
        .route("/sources/watermark", post(sources::watermark))
        .route("/sources/heartbeat", post(sources::heartbeat))
        .route("/definitions", get(definitions::list).put(definitions::publish))
        .route("/definitions/check", post(definitions::check))
        .route("/quarantine", get(quarantine::list))
        .route("/quarantine/replay", post(quarantine::replay))
        .route("/quarantine/dismiss", post(quarantine::dismiss))
        .route("/sending", get(sending_now).put(set_sending))
        .route("/totals", get(totals))
}

/// How much there is.
async fn totals(State(app): State<App>, headers: HeaderMap) -> ApiResult {
    app.require(&headers, Scope::Read)?;
    let totals = app.read(regulars_store::Reader::totals).await?;
    Ok(axum::Json(json!({
        "events": totals.events,
        "persons": totals.persons,
        "identifiers": totals.identifiers,
        "held": totals.held,
        "claimed": totals.claimed,
        "uncertain": totals.uncertain,
        "quarantined": totals.quarantined,
    })))
}

/// Whether messages may leave.
async fn sending_now(State(app): State<App>, headers: HeaderMap) -> ApiResult {
    app.require(&headers, Scope::Read)?;
    let (sending, note) = app
        .read(|reader| Ok((regulars_store::Reader::sending(reader)?, sending::switched(reader)?)))
        .await?;
    Ok(axum::Json(sending_json(sending, note.as_ref())))
}

fn sending_json(sending: regulars_store::Sending, note: Option<&Switched>) -> serde_json::Value {
    json!({
        "sending": sending.word(),
        "since": note.map(|note| Timestamp(note.at).to_string()),
        "by": note.map(|note| &note.by),
    })
}

/// Switches sending on or off.
async fn set_sending(
    State(app): State<App>,
    headers: HeaderMap,
    JsonBody(asked): JsonBody<serde_json::Value>,
) -> ApiResult {
    let by = app.require(&headers, Scope::Admin)?;
    let to = match asked["sending"].as_str() {
        Some("on") => regulars_store::Sending::On,
        Some("off") => regulars_store::Sending::Off,
        Some(_) | None => {
            let hint = "send {\"sending\": \"on\"} or {\"sending\": \"off\"}";
            return Err(super::ApiError::bad_request("\"sending\" is missing", hint));
        }
    };
    app.desk
        .ask(move |writer| sending::switch(writer, to, &by, crate::clock::now()))
        .await?
        .map_err(|error| crate::live::DeskError::Writer(std::sync::Arc::new(error)))?;
    let note = app.read(|reader| sending::switched(reader)).await?;
    Ok(axum::Json(sending_json(to, note.as_ref())))
}
