//! Templates: what became of their messages, how they look for somebody, and what people lack for them.

use axum::Json;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use serde::Deserialize;
use serde_json::{Value, json};

use super::people::Whom;
use crate::access::Right;
use crate::clock;
use crate::http::said::JsonBody;
use crate::http::{ApiError, ApiResult, App};
use crate::templates::{self, DAYS, Listed, Previews, Sender, TestError, TestSend};

/// Every template with what became of its messages.
pub(super) async fn list(State(app): State<App>, headers: HeaderMap) -> ApiResult {
    app.require(&headers, Right::Look)?;
    let (program, tally) = (app.desk.program(), app.tally.clone());
    let (listed, whole) = app
        .read(move |reader| templates::list_caught_up(reader, &program, &tally, clock::now()))
        .await?;
    let listed: Vec<Value> = listed.iter().map(Listed::to_json).collect();
    Ok(Json(json!({ "days": DAYS, "whole": whole, "templates": listed })))
}

/// Which template, for whom, and in which language.
#[derive(Deserialize)]
pub(super) struct Looked {
    template: String,
    person: Option<Whom>,
    language: Option<String>,
}

/// The template as somebody would get it now.
pub(super) async fn preview(
    State(app): State<App>,
    headers: HeaderMap,
    JsonBody(looked): JsonBody<Looked>,
) -> ApiResult {
    app.require(&headers, Right::Look)?;
    if !app.desk.program().site_templates.contains_key(&looked.template) {
        sent(&app, &looked.template)?;
    }
    let (program, salt) = (app.desk.program(), app.desk.salt());
    let record = match &looked.person {
        Some(whom) => Some(whom.record(&app).await?),
        None => None,
    };
    let made = app
        .read(move |reader| {
            let name = &looked.template;
            let mut previews = Previews::begin(reader, &program, name, salt, clock::now())?;
            Ok(previews.preview(record.as_ref(), looked.language.as_deref()))
        })
        .await?;
    Ok(Json(made.to_json()))
}

/// Which template is tested, over whom.
#[derive(Deserialize)]
pub(super) struct Tried {
    template: String,
    segment: Option<String>,
}

/// What a sample of real people lacks for the template.
pub(super) async fn test(
    State(app): State<App>,
    headers: HeaderMap,
    JsonBody(tried): JsonBody<Tried>,
) -> ApiResult {
    app.require(&headers, Right::Look)?;
    sent(&app, &tried.template)?;
    let (program, salt) = (app.desk.program(), app.desk.salt());
    if let Some(segment) =
        tried.segment.as_ref().filter(|name| !program.segments.contains_key(*name))
    {
        return Err(ApiError::not_found(format!("there is no segment \"{segment}\"")));
    }
    let found = app
        .read(move |reader| {
            let what = (tried.template.as_str(), tried.segment.as_deref());
            templates::trial(reader, &program, what, false, (salt, clock::now()), |_, _| {})
        })
        .await?;
    Ok(Json(found.to_json()))
}

/// Which template is sent to an address of one's own, filled in as whom.
#[derive(Deserialize)]
pub(super) struct Mailed {
    template: String,
    to: String,
    person: Option<Whom>,
    language: Option<String>,
}

/// Sends a template as a test.
pub(super) async fn send_test(
    State(app): State<App>,
    headers: HeaderMap,
    JsonBody(mailed): JsonBody<Mailed>,
) -> ApiResult {
    let by = Sender::Key(app.require(&headers, Right::Define)?);
    sent(&app, &mailed.template)?;
    let person = match &mailed.person {
        Some(whom) => Some(whom.record(&app).await?.id()),
        None => None,
    };
    let Mailed { template, to, language, .. } = mailed;
    let asked = TestSend { template, to, person, language, by };
    match templates::test_send(&app, app.desk.program(), asked).await? {
        Ok(tested) => Ok(Json(tested.to_json())),
        Err(error) => Err(not_sent(&error)),
    }
}

fn not_sent(error: &TestError) -> ApiError {
    let (message, cure) = (error.to_string(), error.cure());
    match error {
        TestError::Address => ApiError::bad_request(message, cure),
        TestError::Stopped | TestError::Paused | TestError::TooMany => {
            ApiError::new(StatusCode::CONFLICT, "test_stopped", message, cure)
        }
        TestError::NotMade(_) | TestError::NotSent(_) => {
            ApiError::new(StatusCode::CONFLICT, "test_not_sent", message, cure)
        }
    }
}

/// Whether there is a template of this name that is sent.
fn sent(app: &App, name: &str) -> Result<(), ApiError> {
    let program = app.desk.program();
    if program.templates.contains_key(name) {
        return Ok(());
    }
    if program.site_templates.contains_key(name) {
        let message = format!("the template \"{name}\" is shown on the site and sent to nobody");
        return Err(ApiError::bad_request(message, "ask for its preview"));
    }
    Err(ApiError::not_found(format!("there is no template \"{name}\"")))
}
