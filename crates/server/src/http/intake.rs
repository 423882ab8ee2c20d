//! The Segment protocol as stock SDKs speak it: every quirk of theirs is our business, and one bad
//! event never costs a batch.

use std::future::poll_fn;
use std::pin::Pin;

use axum::Json;
use axum::Router;
use axum::body::{Body, HttpBody};
use axum::extract::{Path, Query, State};
use axum::http::{HeaderMap, HeaderValue, Method, StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use regulars_engine::commit::Quarantined;
use regulars_engine::event::Mode;
use regulars_ingest::segment::{self, Hints, PathType};
use regulars_ingest::{Received, Rejection, gzip, limits};
use serde::Deserialize;
use serde_json::json;

use super::{App, BODY_BYTES_MAX};
use crate::clock;
use crate::live::DeskError;

/// How much of a body that is too large is heard out.
const HEARD_OUT_BYTES_MAX: usize = 64 << 20;

/// Where SDKs send, and where they ask for their settings first.
pub(super) fn routes() -> Router<App> {
    // A host that was given to an SDK with a slash at its end, or a call with one.
    let calls = ["/v1/{kind}", "/v1/{kind}/", "//v1/{kind}", "/beacon/v1/{kind}"];
    let taken = |router: Router<App>, path| router.route(path, post(collect).options(preflight));
    calls
        .into_iter()
        .fold(Router::new(), taken)
        .route("/v1/projects/{key}/settings", get(segment_settings).options(preflight))
        .route("/projects/{key}/settings", get(segment_settings).options(preflight))
        .route("/sourceConfig/", get(rudder_settings).options(preflight))
        .route("/sourceConfig", get(rudder_settings).options(preflight))
}

/// What may stand in the query.
#[derive(Debug, Default, Deserialize)]
struct Asked {
    #[serde(rename = "writeKey")]
    write_key: Option<String>,
    /// `backfill`: history, which starts nothing.
    mode: Option<String>,
    feed: Option<String>,
}

/// What goes back to an SDK when something is wrong: one client retries for ever without both
/// `code` and `message`.
fn refused(status: StatusCode, code: &str, message: &str, headers: &HeaderMap) -> Response {
    let body = json!({ "success": false, "code": code, "message": message });
    let mut response = (status, Json(body)).into_response();
    if matches!(status, StatusCode::TOO_MANY_REQUESTS | StatusCode::SERVICE_UNAVAILABLE) {
        response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from_static("1"));
    }
    open_to_origin(response, headers)
}

/// Lets a page of any site read the answer: write keys are public, and no cookie is looked at.
fn open_to_origin(mut response: Response, headers: &HeaderMap) -> Response {
    let origin = headers.get(header::ORIGIN).cloned();
    let answer = response.headers_mut();
    answer.insert(
        header::ACCESS_CONTROL_ALLOW_ORIGIN,
        origin.unwrap_or(HeaderValue::from_static("*")),
    );
    answer.insert(header::VARY, HeaderValue::from_static("Origin"));
    answer.insert(header::ACCESS_CONTROL_ALLOW_CREDENTIALS, HeaderValue::from_static("true"));
    answer.insert(header::ACCESS_CONTROL_EXPOSE_HEADERS, HeaderValue::from_static("Retry-After"));
    response
}

/// Answers a browser's question whether it may send.
async fn preflight(headers: HeaderMap) -> Response {
    let mut response = open_to_origin(StatusCode::NO_CONTENT.into_response(), &headers);
    let answer = response.headers_mut();
    let methods = [Method::GET, Method::POST, Method::OPTIONS].map(|m| m.to_string()).join(", ");
    if let Ok(methods) = HeaderValue::from_str(&methods) {
        answer.insert(header::ACCESS_CONTROL_ALLOW_METHODS, methods);
    }
    answer.insert(
        header::ACCESS_CONTROL_ALLOW_HEADERS,
        HeaderValue::from_static(
            "authorization, content-type, content-encoding, anonymousid, sentat, x-write-key, x-retry-count, \
             rsa-retry-attempt, rsa-retry-reason, rsa-since-last-attempt, rsa-since-first-attempt, rsa-recovered",
        ),
    );
    answer.insert(header::ACCESS_CONTROL_MAX_AGE, HeaderValue::from_static("86400"));
    response
}

/// Takes what an SDK sends; answers when it is durable.
async fn collect(
    State(app): State<App>,
    Path(kind): Path<String>,
    Query(asked): Query<Asked>,
    headers: HeaderMap,
    body: Body,
) -> Response {
    let Some(path_type) = PathType::of_segment(&kind) else {
        let message = "there is no such call; send to /v1/batch, /v1/track, /v1/identify, ...";
        return refused(StatusCode::NOT_FOUND, "unknown_call", message, &headers);
    };
    let body = match hear(body).await {
        Ok(body) => body,
        Err(Unheard::TooLarge) => {
            let message =
                format!("the body has more than {BODY_BYTES_MAX} bytes (send smaller batches)");
            return refused(StatusCode::PAYLOAD_TOO_LARGE, "body_too_large", &message, &headers);
        }
        Err(Unheard::Torn) => {
            let message = "the body ended before its end (send it again)";
            return refused(StatusCode::BAD_REQUEST, "body_torn", message, &headers);
        }
    };
    let inflated;
    let bytes: &[u8] = if gzip::compressed(&body) {
        match gzip::inflate(&body, limits::BODY_BYTES_MAX) {
            Ok(whole) => {
                inflated = whole;
                &inflated
            }
            Err(error @ gzip::InflateError::TooLarge { .. }) => {
                let status = StatusCode::PAYLOAD_TOO_LARGE;
                return refused(status, "body_too_large", &error.to_string(), &headers);
            }
            Err(error @ gzip::InflateError::Damaged) => {
                let status = StatusCode::BAD_REQUEST;
                return refused(status, "gzip_damaged", &error.to_string(), &headers);
            }
        }
    } else {
        &body
    };
    let Some(source) = source_of(&app, &headers, &asked, bytes) else {
        let message = "the write key is missing or unknown; make one with \"regulars source add\"";
        return refused(StatusCode::UNAUTHORIZED, "unknown_write_key", message, &headers);
    };
    match accept(&app, &source, path_type, &asked, &headers, bytes).await {
        Ok(response) => open_to_origin(response, &headers),
        Err(response) => *response,
    }
}

/// Why a body was not heard.
enum Unheard {
    /// It is larger than [`BODY_BYTES_MAX`].
    TooLarge,
    /// The sender stopped in its middle.
    Torn,
}

/// Reads a body. One that is too large is heard out and thrown away, as far as is reasonable:
/// whoever still sends does not listen to an answer.
async fn hear(mut body: Body) -> Result<Vec<u8>, Unheard> {
    let (mut bytes, mut heard) = (Vec::new(), 0);
    while let Some(frame) = poll_fn(|context| Pin::new(&mut body).poll_frame(context)).await {
        let Ok(data) = frame.map_err(|_| Unheard::Torn)?.into_data() else { continue };
        heard += data.len();
        if heard <= BODY_BYTES_MAX {
            bytes.extend_from_slice(&data);
        } else if heard > HEARD_OUT_BYTES_MAX {
            break;
        } else {
            bytes = Vec::new();
        }
    }
    if heard > BODY_BYTES_MAX { Err(Unheard::TooLarge) } else { Ok(bytes) }
}

async fn accept(
    app: &App,
    source: &str,
    path_type: PathType,
    asked: &Asked,
    headers: &HeaderMap,
    bytes: &[u8],
) -> Result<Response, Box<Response>> {
    let program = app.desk.program();
    let settings = program.source(source);
    let received_at = clock::now();
    let mode = if asked.mode.as_deref() == Some("backfill") { Mode::Backfill } else { Mode::Live };
    let received = Received {
        source: &settings,
        rules: &program.identity,
        received_at,
        mode,
        feed: asked.feed.as_deref(),
    };
    let text = |name: &str| headers.get(name).and_then(|value| value.to_str().ok());
    let hints = Hints { anonymous_id: text("anonymousid"), sent_at: text("sentat") };
    let batch = segment::parse(bytes, path_type, &hints, &received).map_err(|error| {
        let status = match error {
            segment::BodyError::TooLarge { .. } | segment::BodyError::TooManyMessages => {
                StatusCode::PAYLOAD_TOO_LARGE
            }
            segment::BodyError::Empty
            | segment::BodyError::NotJson { .. }
            | segment::BodyError::NoMessages => StatusCode::BAD_REQUEST,
        };
        Box::new(refused(status, error.code(), &error.to_string(), headers))
    })?;
    let feed = asked.feed.as_deref().unwrap_or_default();
    let rejected = batch.rejections.iter().map(|r| quarantined(r, source, feed)).collect();
    match app.desk.accept(batch.events, rejected).await {
        Ok(receipt) => Ok(Json(json!({
            "success": true,
            "accepted": receipt.accepted,
            "duplicates": receipt.duplicates,
            "conflicts": receipt.conflicts,
            "quarantined": receipt.quarantined,
        }))
        .into_response()),
        Err(error @ (DeskError::Writer(_) | DeskError::Stopped)) => {
            let status = StatusCode::SERVICE_UNAVAILABLE;
            Err(Box::new(refused(status, "not_written", &error.to_string(), headers)))
        }
    }
}

/// What was rejected, as it is kept.
pub(crate) fn quarantined(rejection: &Rejection, source: &str, feed: &str) -> Quarantined {
    let line = rejection.line.map(|line| format!("line {line}: ")).unwrap_or_default();
    Quarantined {
        source: source.to_owned(),
        feed: feed.to_owned(),
        received_at: rejection.at,
        code: rejection.reason.code().to_owned(),
        text: format!("{line}{} ({})", rejection.reason, rejection.reason.cure()),
        raw: rejection.raw.clone(),
    }
}

/// The source, by the write key wherever it stands: Basic or Bearer, a header, the query, the body.
fn source_of(app: &App, headers: &HeaderMap, asked: &Asked, body: &[u8]) -> Option<String> {
    let text = |name: header::HeaderName| headers.get(name).and_then(|value| value.to_str().ok());
    let basic = text(header::AUTHORIZATION).and_then(basic_user);
    let bearer = text(header::AUTHORIZATION).and_then(|value| of_scheme("bearer", value));
    let bearer = bearer.map(str::to_owned);
    let stated = text(header::HeaderName::from_static("x-write-key")).map(str::to_owned);
    [basic, bearer, stated, asked.write_key.clone()]
        .into_iter()
        .flatten()
        .find_map(|key| app.source_of(&key))
        .or_else(|| segment::write_key(body).and_then(|key| app.source_of(&key)))
}

/// The user name of `Basic base64(user:password)`: SDKs put the write key there.
pub(super) fn basic_user(value: &str) -> Option<String> {
    let bytes = decode_base64(of_scheme("basic", value)?)?;
    let text = String::from_utf8(bytes).ok()?;
    Some(text.split_once(':').map_or(text.as_str(), |(user, _)| user).to_owned())
}

/// What stands behind the scheme, in whichever letters that is written (RFC 9110 §11.1).
fn of_scheme<'v>(scheme: &str, value: &'v str) -> Option<&'v str> {
    let (said, rest) = value.trim().split_once(' ')?;
    said.eq_ignore_ascii_case(scheme).then_some(rest.trim())
}

/// Base 64 of RFC 4648, with or without padding.
fn decode_base64(text: &str) -> Option<Vec<u8>> {
    let mut bytes = Vec::with_capacity(text.len() * 3 / 4);
    let (mut held, mut bits) = (0_u32, 0);
    for sign in text.trim_end_matches('=').bytes() {
        let value = match sign {
            b'A'..=b'Z' => sign - b'A',
            b'a'..=b'z' => sign - b'a' + 26,
            b'0'..=b'9' => sign - b'0' + 52,
            b'+' | b'-' => 62,
            b'/' | b'_' => 63,
            _ => return None,
        };
        held = (held << 6 | u32::from(value)) & 0x00ff_ffff;
        bits += 6;
        if bits >= 8 {
            bits -= 8;
            bytes.push(u8::try_from(held >> bits & 0xff).ok()?);
        }
    }
    Some(bytes)
}

/// What a Segment browser SDK asks before it starts: that it may, and where to send.
async fn segment_settings(Path(_key): Path<String>, headers: HeaderMap) -> Response {
    let settings = json!({
        "integrations": { "Segment.io": {
            "apiKey": _key,
            "apiHost": own_host(&headers).map(|host| format!("{host}/v1")),
            "protocol": "http",
            "deliveryStrategy": { "strategy": "standard" },
        }},
        "plan": { "track": { "__default": { "enabled": true, "integrations": {} } } },
        "edgeFunction": {},
        "analyticsNextEnabled": true,
        "middlewareSettings": {},
        "enabledMiddleware": {},
        "metrics": { "sampleRate": 0 },
        "legacyVideoPluginsEnabled": false,
        "remotePlugins": [],
    });
    open_to_origin(Json(settings).into_response(), &headers)
}

fn own_host(headers: &HeaderMap) -> Option<&str> {
    headers.get(header::HOST).and_then(|host| host.to_str().ok())
}

/// What a RudderStack browser SDK asks before it starts.
async fn rudder_settings(headers: HeaderMap) -> Response {
    let settings = json!({
        "source": {
            "id": "regulars",
            "name": "regulars",
            "writeKey": "",
            "enabled": true,
            "workspaceId": "regulars",
            "updatedAt": "2020-01-01T00:00:00.000Z",
            "connections": [],
            "destinations": [],
            "dataplanes": {},
            "config": { "statsCollection": {
                "errors": { "enabled": false }, "metrics": { "enabled": false },
            }},
        },
        "updatedAt": "2020-01-01T00:00:00.000Z",
        "consentManagementMetadata": { "providers": [] },
    });
    open_to_origin(Json(settings).into_response(), &headers)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_write_key_is_read_from_basic_authorization() {
        assert_eq!(basic_user("Basic d2tfdGVzdF8xMjM6"), Some("wk_test_123".into()));
        assert_eq!(basic_user("BASIC  d2tfdGVzdF8xMjM6eA=="), Some("wk_test_123".into()));
        assert_eq!(basic_user("Bearer x"), None);
        assert_eq!(basic_user("Basic ***"), None);
    }
}
