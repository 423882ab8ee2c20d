//! Confirming a yes: a page without login, led to by the opaque token of the message that asks.
//! Looking changes nothing, so that no mail scanner that follows links confirms.

use axum::Router;
use axum::body::Bytes;
use axum::extract::{Path, Query, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::Response;
use axum::routing::get;
use regulars_engine::event::Purpose;

use super::preferences::{Fields, of_message, page, stranger, unknown};
use super::{ApiError, App};
use crate::clock;
use crate::confirm::{Link, events, link};
use crate::live::Token;
use crate::ui::view::confirm as view;
use crate::ui::view::preferences::choice_words;

pub(super) fn routes() -> Router<App> {
    Router::new().route("/confirm/{token}", get(ask).post(confirm))
}

/// Asks once more.
async fn ask(
    State(app): State<App>,
    Path(token): Path<String>,
    Query(asked): Query<Fields>,
    headers: HeaderMap,
) -> Result<Response, ApiError> {
    let ctx = stranger(&app, &headers, asked.get("lang"), "/confirm");
    let Some((message, Some(record))) = of_message(&app, read(&app, &token)).await? else {
        return Ok(unknown(&ctx, &headers));
    };
    let program = app.desk.program();
    let found = link(&program, &record, &message, clock::now());
    let shown = view::Shown { token: &token, message: &message, link: &found };
    Ok(page(&headers, StatusCode::OK, view::page(&ctx, &shown)))
}

/// Confirms: it counts before this answers. The same again changes nothing.
async fn confirm(
    State(app): State<App>,
    Path(token): Path<String>,
    Query(asked): Query<Fields>,
    headers: HeaderMap,
    // Heard out, whatever it says: a connection whose request was left unread is closed.
    _: Bytes,
) -> Result<Response, ApiError> {
    let ctx = stranger(&app, &headers, asked.get("lang"), "/confirm");
    let Some((message, Some(record))) = of_message(&app, read(&app, &token)).await? else {
        return Ok(unknown(&ctx, &headers));
    };
    let (program, now) = (app.desk.program(), clock::now());
    let mut found = link(&program, &record, &message, now);
    if let Link::Asks(purposes) = &found {
        let words = |purpose: Purpose| {
            let field = format!("{}-{}", message.channel.word(), purpose.word());
            format!("{} ({})", choice_words(&ctx, &field), ctx.t("confirm-yes"))
        };
        let told = events(&message, purposes, &words, now);
        app.desk.accept(told, Vec::new()).await?;
        found = Link::Confirmed;
    }
    let shown = view::Shown { token: &token, message: &message, link: &found };
    Ok(page(&headers, StatusCode::OK, view::page(&ctx, &shown)))
}

fn read(app: &App, token: &str) -> Option<Token> {
    Token::parse_confirming(token, app.desk.salt())
}
