//! Definitions: what is in force, what a change would do, and publishing it.

use std::collections::BTreeMap;

use axum::Json;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use regulars_engine::definition::{Mistake, export};
use regulars_engine::program::Program;
use serde::Deserialize;
use serde_json::{Value, json};

use crate::access::Right;
use crate::clock;
use crate::http::said::JsonBody;
use crate::http::{ApiError, ApiResult, App};
use crate::webhooks;
use crate::writer::PublishError;

/// Files by name.
#[derive(Debug, Deserialize)]
pub(super) struct Files {
    files: BTreeMap<String, String>,
}

/// Everything in force, as files in canonical form.
pub(super) async fn list(State(app): State<App>, headers: HeaderMap) -> ApiResult {
    app.require(&headers, Right::Look)?;
    let program = app.desk.program();
    let files: BTreeMap<String, String> = export(&program).into_iter().collect();
    Ok(Json(json!({ "version": format!("{:016x}", program.version), "files": files })))
}

/// What publishing these files would change, or everything that is wrong with them.
pub(super) async fn check(
    State(app): State<App>,
    headers: HeaderMap,
    JsonBody(asked): JsonBody<Files>,
) -> ApiResult {
    app.require(&headers, Right::Look)?;
    let files: Vec<(String, String)> = asked.files.into_iter().collect();
    let preview = app.desk.ask(move |writer| writer.preview(&files)).await?;
    match preview {
        Ok((program, changes)) => Ok(Json(json!({
            "mistakes": [],
            "changes": changes.iter().map(ToString::to_string).collect::<Vec<_>>(),
            "notes": notes(&app, &program).await?,
        }))),
        Err(PublishError::Mistakes(mistakes)) => {
            let mistakes = mistakes_json(&mistakes);
            Ok(Json(json!({ "mistakes": mistakes, "changes": [], "notes": [] })))
        }
        Err(error) => Err(failed(&error)),
    }
}

/// Publishes these files in place of what is in force.
pub(super) async fn publish(
    State(app): State<App>,
    headers: HeaderMap,
    JsonBody(asked): JsonBody<Files>,
) -> ApiResult {
    app.require(&headers, Right::Define)?;
    let files: Vec<(String, String)> = asked.files.into_iter().collect();
    let published = app.desk.ask(move |writer| writer.publish(&files, clock::now())).await?;
    match published {
        Ok(changes) => Ok(Json(json!({
            "changes": changes.iter().map(ToString::to_string).collect::<Vec<_>>(),
            "notes": notes(&app, &app.desk.program()).await?,
        }))),
        Err(error) => Err(failed(&error)),
    }
}

/// What is no mistake and may not be meant.
async fn notes(app: &App, program: &Program) -> Result<Vec<String>, ApiError> {
    let known = app.read(webhooks::list).await?;
    Ok(webhooks::unknown(program.every_journey(), &known).iter().map(ToString::to_string).collect())
}

fn failed(error: &PublishError) -> ApiError {
    match error {
        PublishError::Mistakes(mistakes) => {
            let all = mistakes.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n");
            let hint = "correct them; POST /api/v1/definitions/check lists them one by one";
            ApiError::new(StatusCode::UNPROCESSABLE_ENTITY, "mistakes", all, hint)
        }
        PublishError::Stale(_) => {
            let hint = "get the definitions again, and publish your change over them";
            ApiError::new(StatusCode::CONFLICT, "stale", error.to_string(), hint)
        }
        PublishError::Writer(_) | PublishError::Store(_) => {
            let status = StatusCode::INTERNAL_SERVER_ERROR;
            ApiError::new(status, "store_failed", error.to_string(), "look at the program's log")
        }
    }
}

fn mistakes_json(mistakes: &[Mistake]) -> Vec<Value> {
    let one = |mistake: &Mistake| {
        json!({
            "file": mistake.file,
            "line": mistake.line,
            "column": mistake.column,
            "message": mistake.message,
            "cure": mistake.cure,
        })
    };
    mistakes.iter().map(one).collect()
}
