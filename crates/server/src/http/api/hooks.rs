//! Hooks of providers.

use axum::Json;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use regulars_engine::time::Timestamp;
use serde::Deserialize;
use serde_json::{Value, json};

use super::sources::source_named;
use crate::access::Right;
use crate::clock;
use crate::hooks::{self, Added, Copied, Hook, HookError, Proof, Provider};
use crate::http::said::JsonBody;
use crate::http::{ApiError, ApiResult, App};

/// Every hook, without its secret.
pub(super) async fn list(State(app): State<App>, headers: HeaderMap) -> ApiResult {
    app.require(&headers, Right::Look)?;
    let told = app.read(|reader| {
        let hooks = hooks::list(reader)?.into_iter();
        hooks
            .map(|hook| Ok((hooks::last_told(reader, &hook)?, hook)))
            .collect::<Result<Vec<_>, _>>()
    });
    let one = |(told, hook): &(Option<Timestamp>, Hook)| {
        let (mut json, call) = (hook_json(hook), app.heard.last(hook));
        json["last_told_at"] = told.map(|at| at.to_string()).into();
        json["last_call"] = call
            .map(|call| {
                let refused = call.refused.map(|refused| refused.to_string());
                json!({ "at": call.at.to_string(), "refused": refused })
            })
            .into();
        json
    };
    Ok(Json(json!({ "hooks": told.await?.iter().map(one).collect::<Vec<_>>() })))
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
        "until": hook.until.map(|until| Timestamp(until).to_string()),
        "former_key_until": hook.former.as_ref().map(|(_, until)| Timestamp(*until).to_string()),
    })
}

/// A hook to make.
#[derive(Deserialize)]
pub(super) struct Wanted {
    provider: String,
    source: Option<String>,
    #[serde(flatten)]
    settings: ProviderSettings,
}

/// What the provider's settings say.
#[derive(Deserialize)]
pub(super) struct ProviderSettings {
    public_key: Option<String>,
    signing_key: Option<String>,
    topic: Option<String>,
    certificates: Option<String>,
}

impl ProviderSettings {
    /// What they say, if they say anything.
    fn copied(self) -> Option<Copied> {
        let Self { public_key, signing_key, topic, certificates } = self;
        let key = public_key.or(signing_key);
        let said = key.is_some() || topic.is_some() || certificates.is_some();
        said.then(|| Copied {
            key: key.unwrap_or_default(),
            topic: topic.unwrap_or_default(),
            certificates: certificates.unwrap_or_default(),
        })
    }
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
    let source = source_named(wanted.source.as_deref().unwrap_or(provider.word()))?;
    let proof = Proof::of(provider, wanted.settings.copied().unwrap_or_default());
    let added = app
        .desk
        .ask(move |writer| hooks::add(writer.store(), provider, &source, proof, &by, clock::now()))
        .await?
        .map_err(refused)?;
    Ok(Json(added_json(&added, &app.desk.program().shop.base_url)))
}

/// A hook that has an address of its own since a moment ago, as programs read it.
#[must_use]
pub fn added_json(added: &Added, base_url: &str) -> Value {
    let url = format!("{base_url}{}", added.path);
    json!({ "hook": hook_json(&added.hook), "path": added.path, "url": url })
}

/// Which hook, and what its provider proves itself by from here on.
#[derive(Deserialize)]
pub(super) struct Rotated {
    id: String,
    #[serde(flatten)]
    settings: ProviderSettings,
}

/// Makes another address in place of a hook's, or keeps another key of its provider's. What it was before
/// is good for a day more.
pub(super) async fn rotate(
    State(app): State<App>,
    headers: HeaderMap,
    JsonBody(rotated): JsonBody<Rotated>,
) -> ApiResult {
    let by = app.require(&headers, Right::Manage)?;
    let id = rotated.id;
    let Some(copied) = rotated.settings.copied() else {
        let added =
            app.desk.ask(move |writer| hooks::rotate(writer.store(), &id, &by, clock::now()));
        let added = added.await?.map_err(refused)?;
        return Ok(Json(added_json(&added, &app.desk.program().shop.base_url)));
    };
    let renewed =
        app.desk.ask(move |writer| hooks::renew(writer.store(), &id, copied, clock::now()));
    let hook = renewed.await?.map_err(refused)?;
    Ok(Json(json!({ "hook": hook_json(&hook), "path": null, "url": null })))
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
        HookError::Replaced(_) => {
            ApiError::new(StatusCode::CONFLICT, "replaced", error.to_string(), "list the hooks")
        }
        HookError::Unknown(_) => ApiError::not_found(error.to_string()),
        HookError::Store(error) => error.into(),
    }
}
