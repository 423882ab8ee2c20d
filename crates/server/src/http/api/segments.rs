//! Segments: their sizes, members and overlaps, how many a condition would hold, and why somebody
//! is in one or not.

use axum::Json;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use regulars_engine::condition::{self, Suggestion};
use regulars_engine::identity::PersonId;
use regulars_engine::program::Program;
use regulars_engine::segment::Kept;
use regulars_store::Reader;
use serde::Deserialize;
use serde_json::{Value, json};

use super::people::Whom;
use crate::access::Right;
use crate::clock;
use crate::http::said::{JsonBody, QueryString};
use crate::http::{ApiError, ApiResult, App};
use crate::segments::{self, Draft, List, Onto, Rows, Upload, Wrong};

/// The most members on a page.
const MEMBERS_MAX: usize = 1_000;

/// Which segment.
#[derive(Debug, Deserialize)]
pub(super) struct Which {
    segment: String,
    after: Option<String>,
    limit: Option<usize>,
}

/// Every segment with its size.
pub(super) async fn list(State(app): State<App>, headers: HeaderMap) -> ApiResult {
    app.require(&headers, Right::Look)?;
    let program = app.desk.program();
    let listed = app.read(move |reader| segments::list(reader, &program)).await?;
    let listed: Vec<Value> = listed.iter().map(segments::Listed::to_json).collect();
    Ok(Json(json!({ "segments": listed })))
}

/// One segment: its size now and over time, whom messages reach, and what it shares with the others.
pub(super) async fn show(
    State(app): State<App>,
    headers: HeaderMap,
    QueryString(which): QueryString<Which>,
) -> ApiResult {
    app.require(&headers, Right::Look)?;
    let program = app.desk.program();
    kept(&program, &which.segment)?;
    let name = which.segment.clone();
    let found = app
        .read(move |reader| {
            let all = segments::list(reader, &program)?;
            let Some(one) = all.iter().find(|listed| listed.name == name) else { return Ok(None) };
            let shared = segments::shared(reader, &program, &all, one)?;
            Ok(Some((one.clone(), shared)))
        })
        .await?;
    let (one, shared) = found.ok_or_else(|| missing(&which.segment))?;
    Ok(Json(one.to_json_with(&shared)))
}

/// The members of a segment, a page at a time, by id.
pub(super) async fn members(
    State(app): State<App>,
    headers: HeaderMap,
    QueryString(which): QueryString<Which>,
) -> ApiResult {
    app.require(&headers, Right::Look)?;
    let program = app.desk.program();
    let number = kept(&program, &which.segment)?.number;
    let limit = which.limit.unwrap_or(100).clamp(1, MEMBERS_MAX);
    let after = person_of(which.after.as_deref())?;
    let ids = app.read(move |reader| reader.segment_members(number, after, limit)).await?;
    let next = ids.last().filter(|_| ids.len() == limit).map(ToString::to_string);
    let ids: Vec<String> = ids.iter().map(ToString::to_string).collect();
    Ok(Json(json!({ "members": ids, "next": next })))
}

/// A condition to try.
#[derive(Debug, Deserialize)]
pub(super) struct Tried {
    condition: String,
    /// Begins or goes on with the exact count; empty: from the start.
    after: Option<String>,
}

/// About how many a condition holds, at once; or everything that is wrong with it.
pub(super) async fn preview(
    State(app): State<App>,
    headers: HeaderMap,
    JsonBody(tried): JsonBody<Tried>,
) -> ApiResult {
    app.require(&headers, Right::Look)?;
    let program = app.desk.program();
    let draft = match Draft::parse(&tried.condition, &program) {
        Ok(draft) => draft,
        Err(wrong) => {
            let mistakes: Vec<Value> = wrong.iter().map(Wrong::to_json).collect();
            return Ok(Json(json!({ "mistakes": mistakes })));
        }
    };
    let (printed, laid_out) = (draft.condition.to_string(), draft.condition.laid_out());
    let now = clock::now();
    let (estimate, notices) = app
        .read(move |reader| {
            let notices = draft.notices(&tried.condition, &segments::names(reader, &program)?);
            Ok((segments::estimate(reader, &program, &draft.condition, now)?, notices))
        })
        .await?;
    let mut json = estimate.to_json();
    json["condition"] = printed.into();
    json["laid_out"] = laid_out.into();
    json["mistakes"] = json!([]);
    json["notices"] = notices.iter().map(Wrong::to_json).collect();
    Ok(Json(json))
}

/// A condition that is being written.
#[derive(Debug, Deserialize)]
pub(super) struct Begun {
    /// The text up to the cursor.
    before: String,
}

/// What may stand at the cursor of somebody who writes a condition.
pub(super) async fn complete(
    State(app): State<App>,
    headers: HeaderMap,
    JsonBody(begun): JsonBody<Begun>,
) -> ApiResult {
    app.require(&headers, Right::Look)?;
    let program = app.desk.program();
    let names = app.read(move |reader| segments::names(reader, &program)).await?;
    let completion = condition::complete(&begun.before, &names);
    let one = |one: &Suggestion| json!({ "text": one.text, "kind": one.kind.word() });
    let suggestions: Vec<Value> = completion.suggestions.iter().map(one).collect();
    Ok(Json(json!({ "from": completion.from, "suggestions": suggestions })))
}

/// A part of the exact count: add the parts up and go on with `next` until it is null.
pub(super) async fn count(
    State(app): State<App>,
    headers: HeaderMap,
    JsonBody(tried): JsonBody<Tried>,
) -> ApiResult {
    app.require(&headers, Right::Look)?;
    let program = app.desk.program();
    let draft = drafted(&tried.condition, &program)?;
    let after = person_of(tried.after.as_deref())?;
    let now = clock::now();
    let (part, persons) = app
        .read(move |reader| {
            let place = (after, segments::part_of(&program, &draft.condition));
            let part = segments::count_part(reader, &program, &draft.condition, place, now)?;
            Ok((part, reader.totals()?.persons))
        })
        .await?;
    let mut json = part.counted.to_json();
    json["next"] = part.next.map(|id| id.to_string()).into();
    json["persons"] = persons.into();
    Ok(Json(json))
}

/// Why somebody is in a segment or not.
#[derive(Debug, Deserialize)]
pub(super) struct Explained {
    segment: Option<String>,
    condition: Option<String>,
    #[serde(flatten)]
    whom: Whom,
}

/// Why a person is in a segment, or is not, or why that is not certain.
pub(super) async fn explain(
    State(app): State<App>,
    headers: HeaderMap,
    JsonBody(asked): JsonBody<Explained>,
) -> ApiResult {
    app.require(&headers, Right::Look)?;
    let program = app.desk.program();
    let record = asked.whom.record(&app).await?;
    let now = clock::now();
    let (condition, segment) = match (&asked.segment, &asked.condition) {
        (Some(name), _) => {
            let kept = kept(&program, name)?;
            (kept.condition.clone(), Some(kept.clone()))
        }
        (None, Some(text)) => (drafted(text, &program)?.condition, None),
        (None, None) => {
            let hint = "send {\"segment\": \"vip\", \"identifier\": {...}}";
            return Err(ApiError::bad_request("the request names no segment", hint));
        }
    };
    let why = app
        .read(move |reader| {
            segments::why(reader, &program, &record, (&condition, segment.as_ref()), now)
        })
        .await?;
    Ok(Json(why.to_json()))
}

/// Identifiers to put on a static list, or to take off it.
#[derive(Deserialize)]
pub(super) struct Rowed {
    list: String,
    /// One a line, or a table whose first column they are.
    rows: String,
    kind: Option<String>,
    #[serde(default)]
    remove: bool,
    #[serde(default)]
    known_only: bool,
    #[serde(default)]
    dry_run: bool,
}

impl std::fmt::Debug for Rowed {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Rowed({} ***)", self.list)
    }
}

/// Every static list.
pub(super) async fn lists(State(app): State<App>, headers: HeaderMap) -> ApiResult {
    app.require(&headers, Right::Look)?;
    let lists = app.read(segments::lists).await?;
    Ok(Json(json!({ "lists": lists.iter().map(List::to_json).collect::<Vec<_>>() })))
}

/// Puts identifiers on a static list or takes them off it, and tells what became of each row.
pub(super) async fn upload(
    State(app): State<App>,
    headers: HeaderMap,
    JsonBody(rowed): JsonBody<Rowed>,
) -> ApiResult {
    let by = app.require(&headers, Right::Define)?;
    let upload = Upload {
        list: rowed.list,
        onto: if rowed.remove { Onto::Removed } else { Onto::Added },
        known_only: rowed.known_only,
        dry_run: rowed.dry_run,
        by,
    };
    if let Some(wrong) = upload.wrong_name() {
        return Err(ApiError::bad_request(
            wrong,
            "send {\"list\": \"vips-2026\", \"rows\": \"...\"}",
        ));
    }
    let rows = Rows::read(&rowed.rows, rowed.kind.as_deref(), &app.desk.program());
    let told = app
        .desk
        .write(move |writer| segments::upload(writer, &upload, &rows, clock::now()))
        .await?;
    Ok(Json(told.to_json()))
}

fn kept<'p>(program: &'p Program, name: &str) -> Result<&'p Kept, ApiError> {
    program.standing.named(name).ok_or_else(|| missing(name))
}

fn missing(name: &str) -> ApiError {
    ApiError::not_found(format!("there is no segment \"{name}\""))
}

fn person_of(text: Option<&str>) -> Result<PersonId, ApiError> {
    let Some(text) = text.filter(|text| !text.is_empty()) else { return Ok(PersonId(0)) };
    text.parse().map_err(|_| {
        ApiError::bad_request("\"after\" is no person's id", "send the \"next\" of the last answer")
    })
}

fn drafted(text: &str, program: &Program) -> Result<Draft, ApiError> {
    Draft::parse(text, program).map_err(|wrong| {
        let all: Vec<String> = wrong.iter().map(said).collect();
        let hint = "correct it; POST /api/v1/segments/preview tells every mistake with its place";
        ApiError::new(StatusCode::UNPROCESSABLE_ENTITY, "mistakes", all.join("; "), hint)
    })
}

fn said(wrong: &Wrong) -> String {
    format!("at {}: {} ({})", wrong.start, wrong.message, wrong.cure)
}
