//! What a person wants to get, and stopping messages: pages without login, led to by the opaque token
//! of a message, that work without scripts. Looking never changes anything: only a POST does, and it
//! acts on the next send.

use std::collections::BTreeMap;

use axum::body::Bytes;
use axum::extract::{Path, Query, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Redirect, Response};
use axum::routing::get;
use axum::{Form, Router};
use regulars_engine::decision::Message;
use regulars_engine::record::Record;
use regulars_store::Reader;

use super::{ApiError, App};
use crate::clock;
use crate::live::{Token, of_somebody};
use crate::pages::cookie;
use crate::preferences::{Answered, events, preferences};
use crate::ui::model::Done;
use crate::ui::view::preferences as view;
use crate::ui::{Ctx, Language, response};

pub(super) type Fields = BTreeMap<String, String>;

pub(super) fn routes() -> Router<App> {
    Router::new()
        .route("/unsubscribe/{token}", get(ask).post(stop))
        .route("/preferences/{token}", get(show).post(choose))
}

/// Asks whether to stop; changes nothing, so that no mail scanner that follows links unsubscribes.
async fn ask(
    State(app): State<App>,
    Path(token): Path<String>,
    Query(asked): Query<Fields>,
    headers: HeaderMap,
) -> Response {
    let ctx = stranger(&app, &headers, asked.get("lang"), "/unsubscribe");
    match Token::parse(&token, app.desk.salt()) {
        Some(_) => page(&headers, StatusCode::OK, view::ask(&ctx, &token)),
        None => unknown(&ctx, &headers),
    }
}

/// Stops: the no is in the log, and so in force, before this answers.
async fn stop(
    State(app): State<App>,
    Path(token): Path<String>,
    Query(asked): Query<Fields>,
    headers: HeaderMap,
    // Heard out, whatever it says: a connection whose request was left unread is closed.
    _: Bytes,
) -> Result<Response, ApiError> {
    let ctx = stranger(&app, &headers, asked.get("lang"), "/unsubscribe");
    let Some(read) = read(&app, &token).await? else { return Ok(unknown(&ctx, &headers)) };
    let (message, _) = read;
    let words = ctx.t("preferences-said-stop");
    let event = crate::preferences::withdrawal(&message, words, clock::now());
    app.desk.accept(vec![event], Vec::new()).await?;
    Ok(page(&headers, StatusCode::OK, view::stopped(&ctx, &token)))
}

/// Shows what the person gets.
async fn show(
    State(app): State<App>,
    Path(token): Path<String>,
    Query(asked): Query<Fields>,
    headers: HeaderMap,
) -> Result<Response, ApiError> {
    let ctx = stranger(&app, &headers, asked.get("lang"), "/preferences");
    let Some((message, Some(record))) = read(&app, &token).await? else {
        return Ok(unknown(&ctx, &headers));
    };
    let program = app.desk.program();
    let stands = preferences(&program, &record, &message, clock::now());
    let done = asked.get("done").and_then(|word| Done::from_word(word));
    let shown =
        view::Shown { token: &token, address: message.recipient.value(), stands: &stands, done };
    Ok(page(&headers, StatusCode::OK, view::page(&ctx, &shown)))
}

/// Takes an answer in; it is in force before this answers.
async fn choose(
    State(app): State<App>,
    Path(token): Path<String>,
    Query(asked): Query<Fields>,
    headers: HeaderMap,
    Form(fields): Form<Fields>,
) -> Result<Response, ApiError> {
    let ctx = stranger(&app, &headers, asked.get("lang"), "/preferences");
    let Some((message, Some(record))) = read(&app, &token).await? else {
        return Ok(unknown(&ctx, &headers));
    };
    let (answered, done) = match fields.get("do").map(String::as_str) {
        Some("nothing") => (Answered::Nothing, Done::Stopped),
        Some("pause") => (Answered::Pause, Done::Paused),
        Some("resume") => (Answered::Resume, Done::Resumed),
        Some(_) | None => (Answered::Chosen(fields), Done::Saved),
    };
    let words = |field: &str| said(&ctx, field);
    let program = app.desk.program();
    let told = events(&program, &record, &message, &answered, &words, clock::now());
    if !told.is_empty() {
        app.desk.accept(told, Vec::new()).await?;
    }
    let language = ctx.language.code();
    let to = format!("/preferences/{token}?lang={language}&done={}", done.word());
    Ok(Redirect::to(&to).into_response())
}

/// The words that stood beside what somebody chose: they are kept with the answer.
fn said(ctx: &Ctx, field: &str) -> String {
    match field {
        "nothing" => ctx.t("preferences-nothing"),
        "pause" => view::pause_words(ctx),
        "resume" => ctx.t("preferences-resume"),
        choice => view::choice_words(ctx, choice),
    }
}

/// The message of a token, and its person as they are today; `None`: the token is not ours, or the
/// message was erased.
async fn read(app: &App, token: &str) -> Result<Option<(Message, Option<Record>)>, ApiError> {
    of_message(app, Token::parse(token, app.desk.salt())).await
}

/// The same of a token that was read.
pub(super) async fn of_message(
    app: &App,
    token: Option<Token>,
) -> Result<Option<(Message, Option<Record>)>, ApiError> {
    let Some(token) = token else { return Ok(None) };
    app.read(move |reader| {
        let message = reader.message(token.message)?.filter(of_somebody);
        let Some(message) = message else { return Ok(None) };
        let record = reader.person(message.person)?.map(|(_, record)| record);
        Ok(Some((message, record)))
    })
    .await
}

/// Somebody who has no login: in the language that they chose, or their browser asks for.
pub(super) fn stranger(app: &App, headers: &HeaderMap, chosen: Option<&String>, path: &str) -> Ctx {
    let program = app.desk.program();
    let wished = headers.get(header::ACCEPT_LANGUAGE).and_then(|value| value.to_str().ok());
    let language = chosen.map(String::as_str).or_else(|| cookie(headers, "language"));
    let language = language.and_then(Language::parse);
    let language = language.unwrap_or_else(|| Language::negotiate(wished.unwrap_or_default()));
    Ctx::outside(language, &program, path, clock::now())
}

pub(super) fn page(headers: &HeaderMap, status: StatusCode, markup: maud::Markup) -> Response {
    response::page(headers, status, markup)
}

pub(super) fn unknown(ctx: &Ctx, headers: &HeaderMap) -> Response {
    page(headers, StatusCode::NOT_FOUND, view::unknown(ctx))
}
