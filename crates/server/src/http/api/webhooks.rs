//! Webhooks out: whom journeys may tell, and what became of it.

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use regulars_engine::journey::CallState;
use regulars_store::{CallFilter, Reader};
use serde::Deserialize;
use serde_json::{Value, json};

use crate::access::Right;
use crate::clock;
use crate::http::said::{JsonBody, QueryString};
use crate::http::{ApiError, ApiResult, App};
use crate::webhooks::{
    self, Added, DestinationError, Force, call_json, destination_json, listed_json,
};

/// The most calls of one answer.
const LIMIT_MAX: usize = 1_000;

/// Every destination, how many calls of each are in which state, and which names nobody knows.
pub(super) async fn list(State(app): State<App>, headers: HeaderMap) -> ApiResult {
    app.require(&headers, Right::Look)?;
    let read = app.read(|reader| Ok((webhooks::list(reader)?, reader.call_counts()?)));
    let (destinations, counts) = read.await?;
    let now = clock::now();
    let shown = destinations.iter().map(|destination| listed_json(destination, &counts, now));
    let program = app.desk.program();
    let unknown = webhooks::unknown(program.every_journey(), &destinations);
    let unknown = unknown.iter().map(|unknown| {
        json!({
            "journey": unknown.journey,
            "step": unknown.step,
            "destination": unknown.destination,
        })
    });
    Ok(Json(json!({
        "webhooks": shown.collect::<Vec<_>>(),
        "unknown": unknown.collect::<Vec<_>>(),
    })))
}

/// A destination with its URL.
#[derive(Deserialize)]
pub(super) struct Wanted {
    name: String,
    url: String,
}

/// Sets a destination; its secret is shown once.
pub(super) async fn add(
    State(app): State<App>,
    headers: HeaderMap,
    JsonBody(wanted): JsonBody<Wanted>,
) -> ApiResult {
    let by = app.require(&headers, Right::Manage)?;
    let webhooks = Arc::clone(&app.webhooks);
    let added = app.desk.ask(move |writer| {
        let named = (wanted.name.as_str(), wanted.url.as_str());
        let added = webhooks::add(writer.store(), named, &webhooks, &by, clock::now());
        writer.wake_calls();
        added
    });
    shown_once(&added.await?.map_err(refused)?)
}

/// Lets a destination be elsewhere.
pub(super) async fn moved(
    State(app): State<App>,
    headers: HeaderMap,
    JsonBody(wanted): JsonBody<Wanted>,
) -> ApiResult {
    app.require(&headers, Right::Manage)?;
    let webhooks = Arc::clone(&app.webhooks);
    let moved = app.desk.ask(move |writer| {
        webhooks::move_to(writer.store(), (&wanted.name, &wanted.url), &webhooks)
    });
    Ok(Json(destination_json(&moved.await?.map_err(refused)?, clock::now())))
}

/// Which destination.
#[derive(Deserialize)]
pub(super) struct Which {
    name: String,
    #[serde(default)]
    force: bool,
}

/// Gives a destination another secret, which is shown once.
pub(super) async fn rotate(
    State(app): State<App>,
    headers: HeaderMap,
    JsonBody(which): JsonBody<Which>,
) -> ApiResult {
    app.require(&headers, Right::Manage)?;
    let rotated =
        app.desk.ask(move |writer| webhooks::rotate(writer.store(), &which.name, clock::now()));
    shown_once(&rotated.await?.map_err(refused)?)
}

/// Tells a destination nothing until it is resumed.
pub(super) async fn pause(
    State(app): State<App>,
    headers: HeaderMap,
    JsonBody(which): JsonBody<Which>,
) -> ApiResult {
    let by = app.require(&headers, Right::Manage)?;
    let paused = app
        .desk
        .ask(move |writer| webhooks::pause(writer.store(), &which.name, Some(&by), clock::now()));
    Ok(Json(destination_json(&paused.await?.map_err(refused)?, clock::now())))
}

/// Tells a destination what has waited.
pub(super) async fn resume(
    State(app): State<App>,
    headers: HeaderMap,
    JsonBody(which): JsonBody<Which>,
) -> ApiResult {
    app.require(&headers, Right::Manage)?;
    let resumed = app.desk.ask(move |writer| {
        let resumed = webhooks::resume(writer.store(), &which.name);
        writer.wake_calls();
        resumed
    });
    Ok(Json(destination_json(&resumed.await?.map_err(refused)?, clock::now())))
}

/// Removes a destination.
pub(super) async fn remove(
    State(app): State<App>,
    headers: HeaderMap,
    JsonBody(which): JsonBody<Which>,
) -> ApiResult {
    app.require(&headers, Right::Manage)?;
    let force = if which.force { Force::Yes } else { Force::No };
    let removed = app.desk.ask(move |writer| {
        let program = Arc::clone(writer.program());
        webhooks::remove(writer.store(), &which.name, &program, force)
    });
    Ok(Json(json!({ "removed": removed.await?.map_err(refused)?.name })))
}

/// Posts one call without a person, and tells what was answered.
pub(super) async fn test(
    State(app): State<App>,
    headers: HeaderMap,
    JsonBody(which): JsonBody<Which>,
) -> ApiResult {
    app.require(&headers, Right::Manage)?;
    let found = app.read(move |reader| Ok(webhooks::find(reader, &which.name))).await?;
    let answer = webhooks::test(&app.webhooks, &found.map_err(refused)?, clock::now()).await;
    Ok(Json(json!({
        "taken": answer.taken,
        "answer": answer.said,
        "took_ms": u64::try_from(answer.took.as_millis()).unwrap_or(u64::MAX),
    })))
}

/// Which calls.
#[derive(Debug, Deserialize)]
pub(super) struct Asked {
    destination: Option<String>,
    journey: Option<String>,
    step: Option<String>,
    state: Option<String>,
    before: Option<u64>,
    limit: Option<usize>,
}

/// What journeys tell other programs, the latest first.
pub(super) async fn calls(
    State(app): State<App>,
    headers: HeaderMap,
    QueryString(asked): QueryString<Asked>,
) -> ApiResult {
    app.require(&headers, Right::Look)?;
    let Asked { destination, journey, step, state, before, limit } = asked;
    let state = state.map(|word| word.replace('_', " "));
    if state.as_deref().is_some_and(|word| !CallState::WORDS.contains(&word)) {
        let hint = "ask for \"waiting\", \"delivered\", \"gave_up\" or \"withdrawn\"";
        return Err(ApiError::bad_request("there is no such state", hint));
    }
    let filter = CallFilter { destination, journey, step, state, persons: Vec::new(), before };
    let limit = limit.unwrap_or(100).clamp(1, LIMIT_MAX);
    let calls = app.read(move |reader| reader.calls(&filter, limit)).await?;
    Ok(Json(json!({ "calls": calls.iter().map(call_json).collect::<Vec<_>>() })))
}

/// One call, or all that a destination did not take.
#[derive(Debug, Deserialize)]
pub(super) struct Again {
    id: Option<u64>,
    destination: Option<String>,
}

/// Lets calls be made again under the same ids.
pub(super) async fn again(
    State(app): State<App>,
    headers: HeaderMap,
    JsonBody(asked): JsonBody<Again>,
) -> ApiResult {
    app.require(&headers, Right::Repair)?;
    let again = match (asked.id, asked.destination) {
        (Some(id), None) => {
            let found = app.desk.write(move |writer| webhooks::again(writer, id, clock::now()));
            if !found.await? {
                return Err(ApiError::not_found("there is no such call"));
            }
            1
        }
        (None, Some(name)) => {
            app.desk.write(move |writer| webhooks::again_all(writer, &name, clock::now())).await?
        }
        (Some(_), Some(_)) | (None, None) => {
            let hint = "send {\"id\": 7}, or {\"destination\": \"crm\"} for all it did not take";
            return Err(ApiError::bad_request("the call is not named", hint));
        }
    };
    Ok(Json(json!({ "again": again })))
}

fn shown_once(added: &Added) -> ApiResult {
    let shown = destination_json(&added.destination, clock::now());
    let json: Value = json!({ "webhook": shown, "secret": added.secret });
    Ok(Json(json))
}

fn refused(error: DestinationError) -> ApiError {
    let said = error.to_string();
    let in_the_way = |code| {
        ApiError::new(StatusCode::CONFLICT, code, said.clone(), "look at GET /api/v1/webhooks")
    };
    match error {
        DestinationError::Name => ApiError::bad_request(said, "send a name such as \"crm\""),
        DestinationError::Url(_) => {
            ApiError::bad_request(said, "send the https URL that takes the calls")
        }
        DestinationError::Taken(_) => in_the_way("taken"),
        DestinationError::Used(_) => in_the_way("used"),
        DestinationError::TooMany => in_the_way("too_many"),
        DestinationError::Unknown(_) => ApiError::not_found(said),
        DestinationError::Random => {
            let status = StatusCode::INTERNAL_SERVER_ERROR;
            ApiError::new(status, "failed", said, "look at the program's log")
        }
        DestinationError::Store(error) => error.into(),
    }
}
