//! Stopping messages: a page that asks once, and a mail program's one click. Looking never stops
//! anything: only a POST does, and it acts on the next send.

use axum::Router;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::{Html, IntoResponse, Response};
use axum::routing::get;
use maud::{DOCTYPE, html};
use regulars_engine::decision::Message;
use regulars_engine::event::{
    Consent, ConsentAnswer, Document, Event, Kind, Mode, Place, Reference,
};
use regulars_engine::time::{Occurred, Timestamp};
use regulars_store::Reader;

use super::{ApiError, App};
use crate::clock;
use crate::live::Token;

pub(super) fn routes() -> Router<App> {
    Router::new().route("/unsubscribe/{token}", get(ask).post(stop))
}

/// Asks whether to stop; changes nothing, so that no mail scanner that follows links unsubscribes.
async fn ask(State(app): State<App>, Path(token): Path<String>) -> Response {
    if Token::parse(&token, app.desk.salt()).is_none() {
        return unknown();
    }
    let shop = app.desk.program().shop.name.clone();
    let page = html! {
        (DOCTYPE)
        html lang="en" {
            head {
                meta charset="utf-8";
                meta name="viewport" content="width=device-width, initial-scale=1";
                meta name="robots" content="noindex";
                title { "Unsubscribe" }
            }
            body {
                main {
                    h1 { "Stop messages from " (shop) "?" }
                    p { "You will get no more offers, reminders or advice by e-mail. Messages about an order of yours still come." }
                    form method="post" { button type="submit" { "Unsubscribe" } }
                }
            }
        }
    };
    Html(page.into_string()).into_response()
}

/// Stops: the no is in the log, and so in force, before this answers.
async fn stop(State(app): State<App>, Path(token): Path<String>) -> Result<Response, ApiError> {
    let Some(token) = Token::parse(&token, app.desk.salt()) else { return Ok(unknown()) };
    let message = app.read(move |reader| reader.message(token.message)).await?;
    let Some(message) = message else { return Ok(unknown()) };
    app.desk.accept(vec![withdrawal(&message, clock::now())], Vec::new()).await?;
    let page = html! {
        (DOCTYPE)
        html lang="en" {
            head { meta charset="utf-8"; title { "Unsubscribed" } }
            body { main { h1 { "Done." } p { "You will get no more of these messages." } } }
        }
    };
    Ok(Html(page.into_string()).into_response())
}

fn unknown() -> Response {
    (StatusCode::NOT_FOUND, "This link is not one of ours, or the message is gone.").into_response()
}

/// The person's no, as an event like any other.
fn withdrawal(message: &Message, now: Timestamp) -> Event {
    Event {
        source: regulars_engine::work::OWN_SOURCE.to_owned(),
        feed: String::new(),
        message_id: format!("unsubscribe-{}-{}", message.id, now.0),
        content: message.id,
        occurred: Occurred::instant(now),
        received_at: now,
        zone_assumed: None,
        skew_ms: 0,
        identifiers: vec![message.recipient.clone()],
        kind: Kind::Unsubscribed,
        place: Place { channel: message.channel, ..Place::default() },
        lines: Vec::new(),
        order: None,
        cart: None,
        consent: Some(Consent {
            channel: message.channel,
            purpose: None,
            answer: ConsentAnswer::Withdrawn,
            wording: Some("the unsubscribe link of a message".to_owned()),
        }),
        reference: Some(Reference { id: message.id.to_string() }),
        traits: std::collections::BTreeMap::new(),
        properties: std::collections::BTreeMap::new(),
        mode: Mode::Live,
        document: Document::Once,
        complete_through: None,
    }
}
