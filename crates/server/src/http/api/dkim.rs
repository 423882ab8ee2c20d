//! The keys that mail is signed with, and the records that let others check.

use axum::Json;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use regulars_deliver::email::{Algorithm, NewKey};
use serde::Deserialize;
use serde_json::{Value, json};

use crate::access::Right;
use crate::clock;
use crate::http::said::JsonBody;
use crate::http::{ApiError, ApiResult, App};
use crate::signing::{self, Force, Shown, SigningError, Which};

/// Every key, without its private half.
pub(super) async fn list(State(app): State<App>, headers: HeaderMap) -> ApiResult {
    app.require(&headers, Right::Look)?;
    let keys = app.read(signing::list).await?;
    Ok(Json(json!({ "keys": keys.iter().map(key_json).collect::<Vec<_>>() })))
}

/// A key as programs read it.
#[must_use]
pub fn key_json(key: &Shown) -> Value {
    json!({
        "domain": key.domain,
        "selector": key.selector,
        "algorithm": key.algorithm.word(),
        "state": key.state.word(),
        "since": key.since.to_string(),
        "by": key.by,
        "record": { "name": key.record.name, "type": "TXT", "value": key.record.value },
    })
}

/// A key to make, or one that is there already.
#[derive(Deserialize)]
pub(super) struct Wanted {
    domain: Option<String>,
    selector: Option<String>,
    algorithm: Option<String>,
    private_key: Option<String>,
}

/// Makes a key, or takes one in; it waits until it is told to sign.
pub(super) async fn add(
    State(app): State<App>,
    headers: HeaderMap,
    JsonBody(wanted): JsonBody<Wanted>,
) -> ApiResult {
    let by = app.require(&headers, Right::Manage)?;
    let program = app.desk.program();
    let own = program.shop.sending_domain();
    let Some(domain) = wanted.domain.or((!own.is_empty()).then(|| own.to_owned())) else {
        let hint = "send \"domain\", or state \"from\" in the shop's definition";
        return Err(ApiError::bad_request("the domain to sign for is missing", hint));
    };
    let word = wanted.algorithm.as_deref().unwrap_or("rsa");
    let Some(algorithm) = Algorithm::parse(word) else {
        let hint = "send \"rsa\" or \"ed25519\"";
        return Err(ApiError::bad_request("there is no such algorithm", hint));
    };
    let key = match wanted.private_key {
        Some(text) => NewKey::from_pem(&text).map_err(|error| refused(error.into()))?,
        // Looking for two large primes takes a while.
        None => tokio::task::spawn_blocking(move || NewKey::generate(algorithm)).await.map_err(
            |_| ApiError::new(StatusCode::INTERNAL_SERVER_ERROR, "failed", "no key was made", ""),
        )?,
    };
    let kept = app
        .desk
        .ask(move |writer| {
            let selector = wanted.selector.as_deref();
            signing::keep(writer.store(), &domain, selector, &key, &by, clock::now())
        })
        .await?;
    Ok(Json(json!({ "key": key_json(&kept.map_err(refused)?) })))
}

/// Lets a key sign.
pub(super) async fn sign_with(
    State(app): State<App>,
    headers: HeaderMap,
    JsonBody(which): JsonBody<Which>,
) -> ApiResult {
    let by = app.require(&headers, Right::Manage)?;
    let turned = app
        .desk
        .ask(move |writer| signing::sign_with(writer.store(), &which, &by, clock::now()))
        .await?;
    let key = turned.map_err(refused)?;
    app.reload_signing().await?;
    Ok(Json(json!({ "key": key_json(&key) })))
}

/// Which key to remove.
#[derive(Deserialize)]
pub(super) struct Removed {
    #[serde(flatten)]
    which: Which,
    #[serde(default)]
    force: bool,
}

/// Removes a key.
pub(super) async fn remove(
    State(app): State<App>,
    headers: HeaderMap,
    JsonBody(asked): JsonBody<Removed>,
) -> ApiResult {
    app.require(&headers, Right::Manage)?;
    let force = if asked.force { Force::Yes } else { Force::No };
    let which = asked.which;
    let removed =
        app.desk.ask(move |writer| signing::remove(writer.store(), &which, force)).await?;
    removed.map_err(refused)?;
    app.reload_signing().await?;
    let keys = app.read(signing::list).await?;
    Ok(Json(json!({ "keys": keys.iter().map(key_json).collect::<Vec<_>>() })))
}

fn refused(error: SigningError) -> ApiError {
    match error {
        SigningError::Key(error) => {
            ApiError::bad_request(error.to_string(), "look at the domain, the selector and the key")
        }
        SigningError::Taken { .. } | SigningError::TooMany | SigningError::Signs { .. } => {
            ApiError::new(
                StatusCode::CONFLICT,
                "key_in_the_way",
                error.to_string(),
                "list the keys",
            )
        }
        SigningError::Unknown { .. } => ApiError::not_found(error.to_string()),
        SigningError::Store(error) => error.into(),
    }
}
