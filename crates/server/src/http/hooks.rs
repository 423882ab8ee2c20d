//! Where providers tell what became of messages, and what people wrote back. A body is believed once
//! its signature, its clock and its topic are right, and answered once its events are durable.

use axum::body::Bytes;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, StatusCode, Uri, header};
use axum::response::{IntoResponse, Response};
use axum::routing::post;
use axum::{Json, Router};
use regulars_engine::event::{Channel, Mode};
use regulars_engine::source::SourceSettings;
use regulars_ingest::Received;
use regulars_ingest::providers::{self, Provider};
use serde_json::json;

use super::intake::quarantined;
use super::{ApiError, App};
use crate::clock;
use crate::hooks::{self, Call, Hook, Refused, Said, Signed, sms};
use crate::live::message_mark;

pub(super) fn routes() -> Router<App> {
    Router::new()
        .route("/hooks/email/{secret}", post(told))
        .route("/hooks/sms/{secret}", post(told))
        .route("/hooks/events/{secret}", post(told))
}

/// Takes what a provider tells.
async fn told(
    State(app): State<App>,
    Path(secret): Path<String>,
    uri: Uri,
    headers: HeaderMap,
    body: Bytes,
) -> Result<Response, ApiError> {
    let asked = secret.clone();
    let hook = app.read(move |reader| hooks::find(reader, &asked)).await?;
    // Whoever signed it has another clock than ours, which may stand still.
    let now = clock::by_the_machine();
    let hook = hook.filter(|hook| hook.answers(now));
    let Some((hook, provider)) = hook.and_then(|hook| Some((hook.clone(), hook.of()?))) else {
        return Err(ApiError::not_found("there is no hook at this address"));
    };
    let text = |name: &str| headers.get(name).and_then(|value| value.to_str().ok());
    let path = uri.path_and_query().map_or("", |path| path.as_str());
    let url = format!("{}{path}", app.desk.program().shop.base_url);
    let (signature, timestamp) = match provider {
        Provider::Twilio => ("x-twilio-signature", ""),
        Provider::Standard => ("webhook-signature", "webhook-timestamp"),
        Provider::SendGrid | Provider::Postmark | Provider::Ses | Provider::Mailgun => {
            ("x-twilio-email-event-webhook-signature", "x-twilio-email-event-webhook-timestamp")
        }
    };
    let request = Signed {
        id: text("webhook-id"),
        signature: text(signature),
        timestamp: text(timestamp),
        url: &url,
        body: &body,
    };
    let said = hooks::believed(&hook, &request, now);
    app.heard.note(&hook, Call { at: now, refused: said.as_ref().err().copied() });
    let said = said.map_err(|refused| {
        tracing::warn!(hook.id = hook.id, hook.provider = hook.provider, why = %refused, "a provider's call was refused");
        not_believed(provider, refused)
    })?;
    if hooks::confirmed_by(&hook, &said) {
        confirmation(&app, &secret, None).await?;
    }
    match said {
        Said::Events(bytes) => accept(&app, &hook, provider, &bytes).await,
        Said::Confirm(url) => {
            tracing::info!(hook.id = hook.id, "a subscription waits to be confirmed");
            confirmation(&app, &secret, Some(url)).await?;
            Ok(Json(json!({ "accepted": 0, "confirm": "see the page Channels" })).into_response())
        }
        Said::Nothing => Ok(Json(json!({ "accepted": 0 })).into_response()),
    }
}

async fn confirmation(app: &App, secret: &str, url: Option<String>) -> Result<(), ApiError> {
    let secret = secret.to_owned();
    let noted = app
        .desk
        .ask(move |writer| hooks::note_confirmation(writer.store(), &secret, url.as_deref()))
        .await?;
    Ok(noted?)
}

async fn accept(
    app: &App,
    hook: &Hook,
    provider: Provider,
    bytes: &[u8],
) -> Result<Response, ApiError> {
    let program = app.desk.program();
    let unstated;
    let settings = match program.sources.get(&hook.source) {
        Some(settings) => settings,
        None => {
            unstated = SourceSettings {
                channel: provider.channel().unwrap_or(Channel::Other),
                sends_orders: Some(false),
                zone: program.shop.zone.clone(),
                ..SourceSettings::named(&hook.source)
            };
            &unstated
        }
    };
    let received = Received {
        source: settings,
        rules: &program.identity,
        received_at: clock::now(),
        mode: Mode::Live,
        feed: None,
    };
    let mark = message_mark(app.desk.salt());
    let batch = providers::parse(provider, bytes, &mark, &received).map_err(|error| {
        ApiError::bad_request(error.to_string(), "look at the provider's log of this call")
    })?;
    let rejected = batch.rejections.iter().map(|r| quarantined(r, &hook.source, "")).collect();
    let receipt = app.desk.accept(batch.events, rejected).await?;
    let status = if swapped(provider, receipt.accepted, receipt.conflicts) {
        StatusCode::CONFLICT
    } else {
        StatusCode::OK
    };
    if provider == Provider::Twilio {
        return Ok(answered(&sms::answer(&program.shop.name, bytes)));
    }
    let told = json!({
        "accepted": receipt.accepted,
        "duplicates": receipt.duplicates,
        "conflicts": receipt.conflicts,
        "quarantined": receipt.quarantined,
    });
    Ok((status, Json(told)).into_response())
}

/// What Twilio shall do next, in its own form.
fn answered(markup: &str) -> Response {
    ([(header::CONTENT_TYPE, "text/xml; charset=utf-8")], markup.to_owned()).into_response()
}

/// A token of Mailgun that came before with another body: the first stays, and this one is refused.
fn swapped(provider: Provider, accepted: u64, conflicts: u64) -> bool {
    provider == Provider::Mailgun && accepted == 0 && conflicts > 0
}

fn not_believed(provider: Provider, refused: Refused) -> ApiError {
    let (status, code) = match refused {
        Refused::NotSigned => (StatusCode::UNAUTHORIZED, "not_signed"),
        Refused::Signature => (StatusCode::UNAUTHORIZED, "signature_wrong"),
        Refused::Clock => (StatusCode::FORBIDDEN, "clock_wrong"),
        Refused::Topic => (StatusCode::FORBIDDEN, "topic_wrong"),
        Refused::Shape => (StatusCode::BAD_REQUEST, "not_understood"),
    };
    let cure = match (provider, refused) {
        (Provider::Twilio, Refused::Signature) => {
            "compare the auth token, and the shop's \"base url\" with the address that Twilio calls"
        }
        _ => "compare the hook with the provider's settings",
    };
    ApiError::new(status, code, refused.to_string(), cure)
}
