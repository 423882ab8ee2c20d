//! Journeys: who shall enter them, as the shop asks.

use axum::Json;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use regulars_engine::journey::RequestedBy;
use serde::Deserialize;

use crate::access::Scope;
use crate::clock;
use crate::enroll::{Asked, Enrolling, PEOPLE_MAX, Refused, answers_json, enroll};
use crate::http::said::JsonBody;
use crate::http::{ApiError, ApiResult, App};

/// People who shall enter a journey.
#[derive(Debug, Deserialize)]
pub(super) struct Enrolled {
    journey: String,
    people: Vec<Asked>,
    by: Option<String>,
    #[serde(default)]
    known_only: bool,
    #[serde(default)]
    dry_run: bool,
}

/// Lets people enter a journey, and tells of each what came of it.
pub(super) async fn enrollments(
    State(app): State<App>,
    headers: HeaderMap,
    JsonBody(said): JsonBody<Enrolled>,
) -> ApiResult {
    app.require(&headers, Scope::Write)?;
    let by = said.by.as_deref().map_or(Some(RequestedBy::Api), RequestedBy::parse);
    let Some(by) = by else {
        return Err(ApiError::bad_request("\"by\" is no way to ask", "send \"api\" or \"file\""));
    };
    if said.people.is_empty() || said.people.len() > PEOPLE_MAX {
        let message = "a call is about 1 to 1,000 people";
        return Err(ApiError::bad_request(message, "send more of them in further calls"));
    }
    let Enrolled { journey, people, known_only, dry_run, .. } = said;
    let enrolling = Enrolling { journey, by, known_only, dry_run };
    if let Some((refused, _)) = enrolling.refused(&app.desk.program()) {
        return Err(match &refused {
            Refused::NoJourney(message) => ApiError::not_found(message.clone()),
            Refused::NotAsked(message) => {
                let status = StatusCode::UNPROCESSABLE_ENTITY;
                let cure = "name the way among what starts the journey: enter: { on: [api, file] }";
                ApiError::new(status, "not_by_request", message.clone(), cure)
            }
        });
    }
    let told = app.desk.write(move |writer| {
        let answers = enroll(writer, &enrolling, &people, clock::now())?;
        Ok::<_, crate::writer::WriterError>(answers_json(&people, &answers))
    });
    Ok(Json(told.await?))
}
