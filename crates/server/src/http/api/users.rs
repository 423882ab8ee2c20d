//! Who may sign in to the pages, with which role, and what was done there.

use axum::Json;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use serde::Deserialize;
use serde_json::{Value, json};

use crate::access::{self, Act, Password, Right, Role, UserError, UserName};
use crate::clock;
use crate::http::said::JsonBody;
use crate::http::{ApiError, ApiResult, App};

/// The latest acts that are told.
const ACTS: usize = 100;

/// Everybody who may sign in, and the latest acts.
pub(super) async fn list(State(app): State<App>, headers: HeaderMap) -> ApiResult {
    app.require(&headers, Right::Manage)?;
    let (users, acts) =
        app.read(|reader| Ok((access::users(reader)?, access::acts(reader, ACTS)?))).await?;
    let acts: Vec<Value> = acts.iter().map(act_json).collect();
    Ok(Json(json!({ "users": users, "acts": acts })))
}

/// An act as programs read it.
#[must_use]
pub fn act_json(act: &Act) -> Value {
    json!({
        "at": regulars_engine::time::Timestamp(act.at).to_string(),
        "by": act.by,
        "right": act.right,
        "what": act.what,
        "outcome": act.outcome,
    })
}

/// A user to add, or what is to change of one.
#[derive(Deserialize)]
pub(super) struct Wanted {
    user: String,
    role: Option<String>,
    password: Option<String>,
}

/// Adds a user, or changes the role or password of one.
pub(super) async fn keep(
    State(app): State<App>,
    headers: HeaderMap,
    JsonBody(wanted): JsonBody<Wanted>,
) -> ApiResult {
    let by = app.require(&headers, Right::Manage)?;
    let name = UserName::parse(&wanted.user).map_err(refused)?;
    let role = match wanted.role.as_deref() {
        None => None,
        Some(word) => Some(Role::parse(word).ok_or_else(|| {
            let hint = "send \"owner\", \"marketer\", \"service desk\" or \"analyst\"";
            ApiError::bad_request("there is no such role", hint)
        })?),
    };
    let password = match wanted.password {
        None => None,
        Some(text) => {
            let hashed = tokio::task::spawn_blocking(move || Password::parse(&text)).await;
            Some(hashed.map_err(|_| failed())?.map_err(|error| {
                ApiError::bad_request(error.to_string(), "send a longer one; a sentence is fine")
            })?)
        }
    };
    let kept = app.desk.ask(move |writer| {
        access::keep_user(writer, &by, &name, role, password.as_ref(), clock::now())
    });
    let user = kept.await?.map_err(refused)?;
    Ok(Json(json!({ "user": user })))
}

/// Who is to go.
#[derive(Deserialize)]
pub(super) struct Gone {
    user: String,
}

/// Takes a user away; whoever is signed in by that name is signed out.
pub(super) async fn remove(
    State(app): State<App>,
    headers: HeaderMap,
    JsonBody(gone): JsonBody<Gone>,
) -> ApiResult {
    let by = app.require(&headers, Right::Manage)?;
    let name = UserName::parse(&gone.user).map_err(refused)?;
    let removed = app.desk.ask(move |writer| {
        access::remove_user(writer, &by, &name, clock::now())?;
        Ok::<Vec<access::Shown>, UserError>(access::users(writer.reader())?)
    });
    let users = removed.await?.map_err(refused)?;
    Ok(Json(json!({ "users": users })))
}

fn failed() -> ApiError {
    ApiError::new(StatusCode::INTERNAL_SERVER_ERROR, "failed", "the password was not hashed", "")
}

fn refused(error: UserError) -> ApiError {
    let (message, cure) = (error.to_string(), error.cure());
    match error {
        UserError::Name | UserError::Incomplete(_) => ApiError::bad_request(message, cure),
        UserError::Unknown(_) => ApiError::not_found(message),
        UserError::LastOwner(_) => ApiError::new(StatusCode::CONFLICT, "last_owner", message, cure),
        UserError::Store(error) => error.into(),
    }
}
