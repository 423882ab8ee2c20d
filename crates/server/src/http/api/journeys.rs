//! Journeys: who shall enter them, as the shop asks, and who shall go on in the version in force.

use axum::Json;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use regulars_engine::identity::PersonId;
use regulars_engine::journey::RequestedBy;
use regulars_engine::work::Transferred;
use regulars_store::Reader;
use serde::Deserialize;

use crate::access::Right;
use crate::clock;
use crate::enroll::{self, Asked, Enrolling, PEOPLE_MAX, answers_json, enroll};
use crate::http::said::JsonBody;
use crate::http::{ApiError, ApiResult, App};
use crate::moving::{Moves, Moving, Refused, inside, move_people, moves};

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

/// Whom to move.
#[derive(Debug, Deserialize)]
pub(super) struct Moved {
    journey: String,
    gone: Option<String>,
    after: Option<String>,
    #[serde(default)]
    dry_run: bool,
}

/// Moves people of older versions to the version in force, a part of them a call, or tells what would
/// become of whom.
pub(super) async fn moved(
    State(app): State<App>,
    headers: HeaderMap,
    JsonBody(said): JsonBody<Moved>,
) -> ApiResult {
    let by = app.require(&headers, Right::Define)?;
    let gone = said.gone.unwrap_or_else(|| "stay".to_owned());
    let after = match said.after.as_deref().filter(|text| !text.is_empty()) {
        None => PersonId(0),
        Some(text) => text.parse().map_err(|_| {
            let hint = "send the \"next\" of the last answer";
            ApiError::bad_request("\"after\" is no person's id", hint)
        })?,
    };
    let moving = Moving { journey: said.journey, gone, by };
    let moves = worked_out(&app, &moving).await?;
    let (mut told, mut next) = (Transferred::default(), None);
    if !said.dry_run {
        let (part, follows) = move_part(&app, &moves, after).await?;
        told = part;
        next = follows;
    }
    let mut json = moves.to_json();
    json["moved"] = told.moved.into();
    json["left"] = told.left.into();
    json["stayed"] = told.stayed.into();
    json["next"] = next.map(|id: PersonId| id.to_string()).into();
    Ok(Json(json))
}

async fn worked_out(app: &App, moving: &Moving) -> Result<Moves, ApiError> {
    let accounts = app.read(|reader| reader.accounts()).await?;
    moves(&app.desk.program(), &accounts, moving).map_err(|refused| match &refused {
        Refused::NoJourney(_) => ApiError::not_found(refused.to_string()),
        Refused::NoStep(_) => {
            let hint = "send \"stay\", \"leave\" or the name of a step";
            ApiError::bad_request(refused.to_string(), hint)
        }
    })
}

/// Moves some people after one; says who is to be begun after next.
pub(crate) async fn move_part(
    app: &App,
    moves: &Moves,
    after: PersonId,
) -> Result<(Transferred, Option<PersonId>), ApiError> {
    let own = moves.clone();
    let found = app.read(move |reader| inside(reader, &own, after)).await?;
    let (own, persons) = (moves.clone(), found.persons);
    let told = app.desk.write(move |writer| move_people(writer, &own, &persons, clock::now()));
    Ok((told.await?, found.next))
}

/// Lets people enter a journey, and tells of each what came of it.
pub(super) async fn enrollments(
    State(app): State<App>,
    headers: HeaderMap,
    JsonBody(said): JsonBody<Enrolled>,
) -> ApiResult {
    app.require(&headers, Right::Define)?;
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
            enroll::Refused::NoJourney(message) => ApiError::not_found(message.clone()),
            enroll::Refused::NotAsked(message) => {
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
