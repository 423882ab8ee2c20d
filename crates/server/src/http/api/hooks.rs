//! Hooks of providers.

use axum::Json;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use regulars_engine::time::Timestamp;
use serde::Deserialize;
use serde_json::{Value, json};

use crate::access::Right;
use crate::clock;
use crate::hooks::{self, Hook, HookError, Proof, Provider};
use crate::http::said::JsonBody;
use crate::http::{ApiError, ApiResult, App};

/// Every hook, without its secret.
pub(super) async fn list(State(app): State<App>, headers: HeaderMap) -> ApiResult {
    app.require(&headers, Right::Look)?;
    let hooks = app.read(hooks::list).await?;
    Ok(Json(json!({ "hooks": hooks.iter().map(hook_json).collect::<Vec<_>>() })))
}

/// A hook as programs read it.
#[must_use]
pub fn hook_json(hook: &Hook) -> Value {
    json!({
        "id": hook.id,
        "provider": hook.provider,
        "source": hook.source,
        "since": Timestamp(hook.since).to_string(),
        "by": hook.by,
        "confirm": hook.confirm,
    })
}

/// A hook to make.
#[derive(Deserialize)]
pub(super) struct Wanted {
    provider: String,
    source: Option<String>,
    public_key: Option<String>,
    signing_key: Option<String>,
    topic: Option<String>,
    certificates: Option<String>,
}

/// Makes a hook; its address is shown once.
pub(super) async fn add(
    State(app): State<App>,
    headers: HeaderMap,
    JsonBody(wanted): JsonBody<Wanted>,
) -> ApiResult {
    let by = app.require(&headers, Right::Manage)?;
    let Some(provider) = Provider::parse(&wanted.provider) else {
        let hint =
            "send \"sendgrid\", \"postmark\", \"ses\", \"mailgun\", \"twilio\" or \"standard\"";
        return Err(ApiError::bad_request("there is no such provider", hint));
    };
    let source = wanted.source.unwrap_or_else(|| provider.word().to_owned());
    if source.trim().is_empty() || source.len() > 100 || source.contains(char::is_control) {
        let hint = "give a name of 1 to 100 characters, such as \"sendgrid\"";
        return Err(ApiError::bad_request("the source's name is missing or too long", hint));
    }
    let proof = match provider {
        Provider::SendGrid => Proof::PublicKey(wanted.public_key.unwrap_or_default()),
        Provider::Mailgun => Proof::SigningKey(wanted.signing_key.unwrap_or_default()),
        Provider::Twilio => Proof::AuthToken(wanted.signing_key.unwrap_or_default()),
        Provider::Standard => Proof::Secret(wanted.signing_key.unwrap_or_default()),
        Provider::Ses => Proof::Topic {
            arn: wanted.topic.unwrap_or_default(),
            certificates: wanted.certificates.unwrap_or_default(),
        },
        Provider::Postmark => Proof::Address,
    };
    let added = app
        .desk
        .ask(move |writer| hooks::add(writer.store(), provider, &source, proof, &by, clock::now()))
        .await?
        .map_err(refused)?;
    let url = format!("{}{}", app.desk.program().shop.base_url, added.path);
    Ok(Json(json!({ "hook": hook_json(&added.hook), "path": added.path, "url": url })))
}

/// Which hook.
#[derive(Deserialize)]
pub(super) struct Which {
    id: String,
}

/// Removes a hook.
pub(super) async fn remove(
    State(app): State<App>,
    headers: HeaderMap,
    JsonBody(which): JsonBody<Which>,
) -> ApiResult {
    app.require(&headers, Right::Manage)?;
    let removed = app.desk.ask(move |writer| hooks::remove(writer.store(), &which.id)).await?;
    Ok(Json(json!({ "removed": removed.map_err(refused)?.id })))
}

fn refused(error: HookError) -> ApiError {
    match error {
        HookError::Proof(why) => ApiError::bad_request(why, "copy it from the provider's settings"),
        HookError::TooMany => {
            ApiError::new(StatusCode::CONFLICT, "too_many", error.to_string(), "list the hooks")
        }
        HookError::Unknown(_) => ApiError::not_found(error.to_string()),
        HookError::Store(error) => error.into(),
    }
}
