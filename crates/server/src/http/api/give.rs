//! A code of an offer for one person, given by whoever talks to them, and taken back.

use axum::Json;
use axum::extract::State;
use axum::http::HeaderMap;
use regulars_engine::event::Line;
use regulars_engine::work::GiftBack;
use serde::Deserialize;

use super::offers::{LINES_MAX, ShownLine, missing};
use super::people::Whom;
use crate::access::Right;
use crate::clock;
use crate::http::said::JsonBody;
use crate::http::{ApiError, ApiResult, App};
use crate::offers::{Answer, Back, Giving, back_json, gift_id, give, take_back};

/// What is to be given to whom.
#[derive(Deserialize)]
pub(super) struct Wanted {
    offer: String,
    #[serde(flatten)]
    whom: Whom,
    /// The asker's id of the gift; a dry run needs none.
    #[serde(default)]
    id: String,
    /// What it is for; without it, what is open in the person's cart.
    lines: Option<Vec<ShownLine>>,
    #[serde(default)]
    dry_run: bool,
}

/// Gives a person a code of an offer, by the rules by which messages give it.
pub(super) async fn issue(
    State(app): State<App>,
    headers: HeaderMap,
    JsonBody(wanted): JsonBody<Wanted>,
) -> ApiResult {
    let by = app.require(&headers, Right::Give)?;
    let Wanted { offer, whom, id, lines, dry_run } = wanted;
    let id = match gift_id(&id) {
        Some(id) => id.to_owned(),
        None if dry_run => String::new(),
        None => return Err(no_id()),
    };
    if lines.as_ref().is_some_and(|lines| lines.len() > LINES_MAX) {
        let hint = "there are at most 1000 lines";
        return Err(ApiError::bad_request("the list of lines is too long", hint));
    }
    if !app.desk.program().offers.contains_key(&offer) {
        return Err(missing(&offer));
    }
    let person = whom.record(&app).await?.id();
    let lines = lines.filter(|lines| !lines.is_empty());
    let lines = lines.map(|lines| lines.into_iter().map(ShownLine::line).collect::<Vec<Line>>());
    let giving = Giving { id, offer, person, lines, by, dry_run };
    let asked = giving.clone();
    let answer = app.desk.write(move |writer| give(writer, &asked, clock::now())).await?;
    if answer == Answer::Nobody {
        return Err(ApiError::not_found("nobody is known by that id or identifier"));
    }
    Ok(Json(answer.to_json(&giving, &app.desk.program())))
}

fn no_id() -> ApiError {
    let hint = "send an id of your own of at most 200 bytes, such as the ticket's: the same id is the same gift";
    ApiError::bad_request("\"id\" is missing or too long", hint)
}

/// Which gift.
#[derive(Deserialize)]
pub(super) struct Given {
    #[serde(default)]
    id: String,
    #[serde(default)]
    dry_run: bool,
}

/// Takes back a code that was given, unless it was used.
pub(super) async fn revoke(
    State(app): State<App>,
    headers: HeaderMap,
    JsonBody(given): JsonBody<Given>,
) -> ApiResult {
    let by = app.require(&headers, Right::Give)?;
    let id = gift_id(&given.id).ok_or_else(no_id)?.to_owned();
    let back = Back { id, by, dry_run: given.dry_run };
    let asked = back.clone();
    let found = app.desk.write(move |writer| take_back(writer, &asked, clock::now())).await?;
    if found == GiftBack::NoGift {
        return Err(ApiError::not_found("nothing was given under this id"));
    }
    Ok(Json(back_json(&found, &back)))
}
