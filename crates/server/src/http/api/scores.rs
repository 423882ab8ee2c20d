//! Scores: of one person, and the model that they come from.

use axum::Json;
use axum::extract::State;
use axum::http::HeaderMap;
use regulars_engine::time::Timestamp;
use serde::Deserialize;
use serde_json::{Value, json};

use super::people::Whom;
use crate::access::Right;
use crate::clock;
use crate::http::said::{JsonBody, QueryString};
use crate::http::{ApiError, ApiResult, App};
use crate::scores::{self, fitting_json, migration_json, model_json, scores_json};
use crate::ui::Language;

/// Everything that scores say of a person, with the sentences that pages show.
pub(super) async fn of_person(
    State(app): State<App>,
    headers: HeaderMap,
    JsonBody(whom): JsonBody<Whom>,
) -> ApiResult {
    app.require(&headers, Right::Look)?;
    let record = whom.record(&app).await?;
    let (program, now) = (app.desk.program(), clock::now());
    let wished = headers.get("accept-language").and_then(|value| value.to_str().ok());
    let language = Language::negotiate(wished.unwrap_or_default());
    let told: Vec<Value> = scores::sentences(language, &program, &record.profile, now)
        .into_iter()
        .map(|one| json!({ "about": one.about, "value": one.value, "meaning": one.meaning }))
        .collect();
    Ok(Json(json!({
        "person": record.id().to_string(),
        "scores": scores_json(&program, &record.profile, now),
        "told": told,
    })))
}

/// The model in force, and whether a new one is being fitted.
pub(super) async fn model(State(app): State<App>, headers: HeaderMap) -> ApiResult {
    app.require(&headers, Right::Look)?;
    let stored = app.read(scores::stored).await?;
    Ok(Json(json!({
        "model": stored.map(|(number, model)| model_json(number, &model)),
        "fitting": fitting_json(app.fitting.state()),
    })))
}

/// The versions that are kept, the latest first.
pub(super) async fn versions(State(app): State<App>, headers: HeaderMap) -> ApiResult {
    app.require(&headers, Right::Look)?;
    let versions = app.read(scores::versions).await?;
    let rows: Vec<Value> =
        versions.iter().map(|(number, model)| model_json(*number, model)).collect();
    Ok(Json(json!({ "versions": rows })))
}

/// Between which days.
#[derive(Debug, Deserialize)]
pub(super) struct Between {
    from: Option<String>,
    to: Option<String>,
}

/// How buyers went between RFM groups, from the end of one day to the end of another.
pub(super) async fn rfm(
    State(app): State<App>,
    headers: HeaderMap,
    QueryString(asked): QueryString<Between>,
) -> ApiResult {
    app.require(&headers, Right::Look)?;
    let program = app.desk.program();
    let Some(model) = program.scores.clone() else { return Err(unfitted()) };
    let day = |text: Option<&String>, otherwise: i32| match text {
        None => Ok(otherwise),
        Some(text) => scores::day_of_text(text).ok_or_else(|| {
            ApiError::bad_request("the day is not understood", "write one such as 2026-11-16")
        }),
    };
    let to = day(asked.to.as_ref(), model.today)?;
    let from = day(asked.from.as_ref(), to - regulars_engine::score::LOOK_BACK_DAYS)?;
    let migration = app
        .read(move |reader| scores::migration(reader, &program, &model, (from, to), &mut |_, _| {}))
        .await?;
    Ok(Json(migration_json(&migration)))
}

fn unfitted() -> ApiError {
    ApiError::not_found("nothing was fitted yet; POST /api/v1/scores/fit does")
}

/// Begins to fit in the background; `GET /scores` tells how far it is.
pub(super) async fn fit(State(app): State<App>, headers: HeaderMap) -> ApiResult {
    app.require(&headers, Right::Define)?;
    let began = app.begin_fit();
    let now: Timestamp = clock::now();
    Ok(Json(json!({
        "began": began,
        "at": now.to_string(),
        "fitting": fitting_json(app.fitting.state()),
    })))
}
