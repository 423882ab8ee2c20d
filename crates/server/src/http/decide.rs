//! What the shop's own site asks: `POST /v1/decide`, with the public write key of its source, and
//! `POST /v1/decide/told` with what became of the answer. Thin: what is shown is the engine's to say.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use axum::body::Bytes;
use axum::extract::{DefaultBodyLimit, State};
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use axum::{Json, Router};
use regulars_engine::identity::{Identifier, IdentifierKind};
use regulars_engine::journey::{Answered, Visitor};
use regulars_engine::program::Program;
use regulars_engine::source::SourceSettings;
use regulars_store::StoreError;
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::{Map, Value, json};

use super::error::{ApiError, ApiResult};
use super::intake::basic_user;
use super::{App, site_files};
use crate::clock;
use crate::site::{Asked, Looker, Said, Told, look, proves, tell};

/// The largest body of a browser that asks.
const BODY_BYTES_MAX: usize = 8 * 1024;
/// So much of a larger one is heard out, so that it can be told what is wrong.
const HEARD_BYTES_MAX: usize = 64 * 1024;
/// The most places of one page, and the most things told at once.
const SLOTS_MAX: usize = 20;
/// The longest name of a place.
const NAME_BYTES_MAX: usize = 100;
/// So many wait for their turn; whoever comes then is sent away at once, since no page waits long.
const WAITING_MAX: usize = 256;

pub(super) fn routes() -> Router<App> {
    Router::new()
        .route("/v1/decide", post(decide).options(preflight))
        .route("/v1/decide/told", post(told).options(preflight))
        .route("/site.js", get(site_files::script))
        .route("/site.css", get(site_files::style))
        .route("/push-worker.js", get(site_files::push_worker))
        .layer(DefaultBodyLimit::max(HEARD_BYTES_MAX))
}

/// Who asks. Browsers send all of it as text, for which no permission is asked first.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Who {
    write_key: Option<String>,
    anonymous_id: Option<String>,
    user_id: Option<String>,
    /// The word of the shop's server for the user id.
    proof: Option<String>,
}

#[derive(Deserialize)]
struct Question {
    #[serde(flatten)]
    who: Who,
    #[serde(default)]
    slots: Vec<String>,
    language: Option<String>,
}

#[derive(Deserialize)]
struct Report {
    #[serde(flatten)]
    who: Who,
    told: Vec<Word>,
}

#[derive(Deserialize)]
struct Word {
    token: String,
    what: String,
}

/// What each place of a page shows.
async fn decide(State(app): State<App>, headers: HeaderMap, body: Bytes) -> Response {
    let answered = async {
        let Question { who, slots, language } = read(&body)?;
        let program = app.desk.program();
        let (name, settings) = source(&app, &program, &headers, &who)?;
        if slots.len() > SLOTS_MAX || slots.iter().any(|name| name.len() > NAME_BYTES_MAX) {
            let hint = "ask for 20 slots at most, by names of 100 bytes at most";
            return Err(ApiError::bad_request("too many slots, or too long a name", hint));
        }
        let (visitor, known) = visitor(&app, &name, &settings, &who)?;
        answer(&app, program, Asked { visitor, known, slots, language }).await
    };
    respond(answered.await, &headers)
}

/// What became of what was shown. A token is good only for the visitor it was given to, so that what
/// was proved then needs no proof again.
async fn told(State(app): State<App>, headers: HeaderMap, body: Bytes) -> Response {
    let answered = async {
        let Report { who, told } = read(&body)?;
        let program = app.desk.program();
        let (_, settings) = source(&app, &program, &headers, &who)?;
        let visitor = named(&settings, &who)?;
        let words = told.len();
        let known = |word: Word| {
            let what = Answered::ALL.into_iter().find(|what| what.word() == word.what)?;
            Some(Told { token: word.token, what })
        };
        let told: Vec<Told> = told.into_iter().take(SLOTS_MAX).filter_map(known).collect();
        let events = tell(&program, &visitor, &told, app.desk.salt(), clock::now());
        let accepted = events.len();
        if accepted > 0 {
            app.desk.accept(events, Vec::new()).await?;
        }
        Ok(Json(json!({ "accepted": accepted, "ignored": words - accepted })))
    };
    respond(answered.await, &headers)
}

fn read<T: DeserializeOwned>(body: &[u8]) -> Result<T, ApiError> {
    let hint = "send JSON of at most 8 kB, as the guide on the site describes it";
    if body.len() > BODY_BYTES_MAX {
        let (status, code) = (StatusCode::PAYLOAD_TOO_LARGE, "body_too_large");
        return Err(ApiError::new(status, code, "the body has more than 8 kB", hint));
    }
    serde_json::from_slice(body)
        .map_err(|_| ApiError::bad_request("the body is not what this call takes", hint))
}

/// The source whose key the request bears, if pages of where it comes from may ask.
fn source(
    app: &App,
    program: &Program,
    headers: &HeaderMap,
    who: &Who,
) -> Result<(String, SourceSettings), ApiError> {
    let text = |name: header::HeaderName| headers.get(name).and_then(|value| value.to_str().ok());
    let basic = text(header::AUTHORIZATION).and_then(basic_user);
    let keys = [basic, who.write_key.clone()];
    let Some(name) = keys.into_iter().flatten().find_map(|key| app.source_of(&key)) else {
        let hint = "send \"writeKey\"; make one with \"regulars source add\"";
        let message = "the write key is missing or unknown";
        return Err(ApiError::new(StatusCode::UNAUTHORIZED, "unknown_write_key", message, hint));
    };
    let open = text(header::ORIGIN).is_none_or(|from| program.may_ask(&name, from));
    if !open {
        let hint = "state \"origins\" of the source, or \"site\" of the shop, in its definition";
        let message = "pages of this origin may not ask";
        return Err(ApiError::new(StatusCode::FORBIDDEN, "origin_not_allowed", message, hint));
    }
    let settings = program.source(&name).into_owned();
    Ok((name, settings))
}

/// The identifier that a request names: the login where it names one, else the browser.
fn named(settings: &SourceSettings, who: &Who) -> Result<Identifier, ApiError> {
    let login = who.user_id.as_deref().map(|id| (settings.user_id_kind.clone(), id));
    let browser = who.anonymous_id.as_deref().map(|id| (IdentifierKind::AnonymousId, id));
    let said = login.or(browser);
    let read = said.and_then(|(kind, id)| Identifier::written_in(kind, id, settings.calling_code));
    read.ok_or_else(|| {
        let hint = "send \"anonymousId\", or \"userId\" with \"proof\"";
        ApiError::bad_request("the request does not say who asks", hint)
    })
}

/// Who asks, and how that is known. A login that nobody vouches for is nobody's.
fn visitor(
    app: &App,
    source: &str,
    settings: &SourceSettings,
    who: &Who,
) -> Result<(Identifier, Visitor), ApiError> {
    let (visitor, now) = (named(settings, who)?, clock::now());
    let known = match &who.user_id {
        None => Visitor::Browser,
        Some(user_id) => {
            let secret = app.site_secret(source);
            let proof = who.proof.as_deref().unwrap_or_default();
            proves(secret.as_deref(), user_id, proof, now).map_err(|error| {
                let hint = "sign the user id on your server; the guide on the site says how";
                ApiError::new(StatusCode::FORBIDDEN, "not_proved", error.to_string(), hint)
            })?;
            Visitor::Login
        }
    };
    // Counted after the proof, so that nobody uses up what somebody else may ask.
    if !app.looking.pace.allows(visitor.key(app.desk.salt()), now) {
        let (status, hint) = (StatusCode::TOO_MANY_REQUESTS, "ask once for each page");
        return Err(ApiError::new(status, "too_often", "this visitor asks too often", hint));
    }
    Ok((visitor, known))
}

/// A place among those who wait. It is free again however the wait ends, also where the browser leaves.
struct Waiting<'a>(&'a AtomicUsize);

impl<'a> Waiting<'a> {
    /// `None`: too many wait.
    fn among(waiting: &'a AtomicUsize) -> Option<Self> {
        let place = Self(waiting);
        let before = waiting.fetch_add(1, Ordering::AcqRel);
        (before < WAITING_MAX).then_some(place)
    }
}

impl Drop for Waiting<'_> {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::AcqRel);
    }
}

async fn answer(app: &App, program: Arc<Program>, asked: Asked) -> ApiResult {
    let busy = || {
        let hint = "show nothing, and ask on the next page";
        let message = "too many ask at once";
        ApiError::new(StatusCode::SERVICE_UNAVAILABLE, "busy", message, hint)
    };
    let looking = Arc::clone(&app.looking);
    let place = Waiting::among(&looking.waiting).ok_or_else(busy)?;
    let permit = Arc::clone(&looking.room).acquire_owned().await.map_err(|_| busy())?;
    drop(place);
    let now = clock::now();
    let (reader, free) = match looking.take() {
        Some((reader, looker)) => (reader, Some(looker)),
        None => (app.desk.reader().await?, None),
    };
    let looked = move || -> Result<BTreeMap<String, Said>, StoreError> {
        // Held to the end of the work, which goes on where the browser leaves.
        let _permit = permit;
        let mut looker = match free {
            Some(looker) => looker,
            None => Looker::new(&reader, Arc::clone(&program), now)?,
        };
        let said = look(&reader, &mut looker, &program, &asked, now);
        looking.give_back(reader, looker);
        said
    };
    let (mut slots, mut nothing) = (Map::new(), Map::new());
    for (slot, said) in tokio::task::spawn_blocking(looked).await?? {
        match said {
            Said::Message(parts, token) => {
                let mut message = serde_json::to_value(parts).expect("texts are JSON");
                message["token"] = token.into();
                slots.insert(slot, message);
            }
            Said::Nothing(why) => drop(nothing.insert(slot, Value::from(why.word()))),
        }
    }
    Ok(Json(json!({ "slots": slots, "nothing": nothing })))
}

/// A browser's question whether it may ask: its key is not known yet, so any page may that may ask
/// by one of the keys.
async fn preflight(State(app): State<App>, headers: HeaderMap) -> Response {
    let program = app.desk.program();
    let from = headers.get(header::ORIGIN).and_then(|value| value.to_str().ok());
    let mut sources = program.sources.keys().map(String::as_str).chain([""]);
    if !from.is_some_and(|from| sources.any(|source| program.may_ask(source, from))) {
        return StatusCode::FORBIDDEN.into_response();
    }
    let mut response = opened(StatusCode::NO_CONTENT.into_response(), &headers);
    let answer = response.headers_mut();
    answer.insert(header::ACCESS_CONTROL_ALLOW_METHODS, HeaderValue::from_static("POST, OPTIONS"));
    let allowed = HeaderValue::from_static("authorization, content-type");
    answer.insert(header::ACCESS_CONTROL_ALLOW_HEADERS, allowed);
    answer.insert(header::ACCESS_CONTROL_MAX_AGE, HeaderValue::from_static("86400"));
    response
}

/// The answer for the page that asked; of an origin that may not ask, no page can read it.
fn respond(answered: ApiResult, headers: &HeaderMap) -> Response {
    let closed = matches!(&answered, Err(error) if ["origin_not_allowed", "unknown_write_key"].contains(&error.code));
    let busy = matches!(&answered, Err(error) if error.status == StatusCode::SERVICE_UNAVAILABLE
        || error.status == StatusCode::TOO_MANY_REQUESTS);
    let mut response = answered.into_response();
    let answer = response.headers_mut();
    answer.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    if busy {
        answer.insert(header::RETRY_AFTER, HeaderValue::from_static("10"));
    }
    if closed { response } else { opened(response, headers) }
}

/// Lets a page of the origin read the answer. No cookie is looked at, and none is asked for.
fn opened(mut response: Response, headers: &HeaderMap) -> Response {
    let answer = response.headers_mut();
    if let Some(origin) = headers.get(header::ORIGIN) {
        answer.insert(header::ACCESS_CONTROL_ALLOW_ORIGIN, origin.clone());
    }
    answer.insert(header::VARY, HeaderValue::from_static("Origin"));
    response
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whoever_leaves_while_waiting_leaves_their_place_to_others() {
        let waiting = AtomicUsize::new(0);
        let places: Vec<_> = (0..WAITING_MAX).map(|_| Waiting::among(&waiting).unwrap()).collect();
        assert!(Waiting::among(&waiting).is_none());
        drop(places);
        assert!(Waiting::among(&waiting).is_some());
        assert_eq!(waiting.load(Ordering::Acquire), 0);
    }
}
