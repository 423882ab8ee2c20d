//! Whom journeys may tell, and what became of it.

use std::sync::Arc;

use axum::extract::{Path, Query, State};
use axum::response::{IntoResponse, Redirect, Response};
use regulars_engine::journey::Call;
use regulars_store::{CallCount, CallFilter, Reader, SqliteReader, StoreError};

use super::today::Names;
use super::visit::{Fields, OwnForm, Pages, Visit};
use crate::clock;
use crate::ui::model::{CallRow, DestinationRow, ErrorPage, WebhooksModel};
use crate::ui::view::segments::in_path;
use crate::ui::view::webhooks as view;
use crate::webhooks::{self, Destination, DestinationError, Force};

/// Calls of one page.
const ROWS: usize = 50;
/// The parts of a question for calls.
const PARTS: [&str; 3] = ["destination", "journey", "step"];

/// Destinations, and the calls that are asked for.
pub(super) async fn page(
    State(pages): State<Pages>,
    visit: Visit,
    Query(asked): Query<Fields>,
) -> Response {
    answer(&pages, &visit, asked, |model| model).await
}

/// The page with something that a form came to.
async fn answer(
    pages: &Pages,
    visit: &Visit,
    asked: Fields,
    news: impl FnOnce(WebhooksModel) -> WebhooksModel,
) -> Response {
    let program = pages.app.desk.program();
    let read = pages.app.read(move |reader| {
        let destinations = webhooks::list(reader)?;
        let counts = reader.call_counts()?;
        let unknown =
            webhooks::unknown(program.every_journey(), &destinations).into_iter().map(|unknown| {
                let [waiting, ..] = webhooks::calls_of(&unknown.destination, &counts);
                (unknown.journey, unknown.step, unknown.destination, waiting)
            });
        let model = WebhooksModel {
            unknown: unknown.collect(),
            destinations: destinations.iter().map(|held| row(held, &counts)).collect(),
            ..WebhooksModel::default()
        };
        calls(reader, &asked, model)
    });
    match visit.or_wrong(read.await) {
        Ok(model) => visit.page(view::page(&visit.ctx, &news(model))),
        Err(response) => response,
    }
}

fn row(held: &Destination, counts: &[CallCount]) -> DestinationRow {
    DestinationRow {
        name: held.name.clone(),
        host: held.host().to_owned(),
        set: (held.since, held.by.clone()),
        both_until: held.both_until(clock::now()).map(|until| until.0),
        paused: held.paused.clone(),
        calls: webhooks::calls_of(&held.name, counts),
        tested: None,
    }
}

fn calls(
    reader: &SqliteReader,
    asked: &Fields,
    model: WebhooksModel,
) -> Result<WebhooksModel, StoreError> {
    let part = |name: &str| asked.get(name).cloned().filter(|text| !text.is_empty());
    let state = part("state");
    let filter = CallFilter {
        destination: part("destination"),
        journey: part("journey"),
        step: part("step"),
        state: state.as_ref().map(|word| word.replace('_', " ")),
        persons: Vec::new(),
        before: part("before").and_then(|text| text.parse().ok()),
    };
    let found = reader.calls(&filter, ROWS)?;
    let older = (found.len() == ROWS).then(|| found.last().map(|call| call.id)).flatten();
    let mut names = Names::default();
    let rows: Result<Vec<CallRow>, StoreError> =
        found.into_iter().map(|call| call_row(reader, &mut names, call)).collect();
    let parts = PARTS.into_iter().filter_map(|name| Some((name, part(name)?)));
    let parts: Vec<String> =
        parts.map(|(name, text)| format!("{name}={}", in_path(&text))).collect();
    Ok(WebhooksModel { calls: rows?, asked: parts.join("&"), state, older, ..model })
}

fn call_row(reader: &SqliteReader, names: &mut Names, call: Call) -> Result<CallRow, StoreError> {
    Ok(CallRow {
        id: call.id,
        person: (call.person.to_string(), names.of(reader, call.person)?),
        state: call.state.word(),
        next_at: call.state.not_before().map(|at| at.0),
        step: (call.journey, call.step),
        destination: call.destination,
        at: call.at.0,
        attempts: call.attempts,
        answer: call.note,
    })
}

/// One of the buttons and forms of whoever may set destinations.
pub(super) async fn act(
    State(pages): State<Pages>,
    Path(verb): Path<String>,
    OwnForm { visit, fields }: OwnForm,
) -> Response {
    let name = fields.get("name").cloned().unwrap_or_default();
    match verb.as_str() {
        "set" => set(&pages, &visit, (name, fields.get("url").cloned().unwrap_or_default())).await,
        "test" => test(&pages, &visit, name).await,
        "rotate" => {
            let rotated = pages
                .app
                .desk
                .ask(move |writer| webhooks::rotate(writer.store(), &name, clock::now()));
            match rotated.await {
                Ok(Ok(added)) => {
                    let secret = Some((added.destination.name, added.secret));
                    answer(&pages, &visit, Fields::new(), |model| WebhooksModel { secret, ..model })
                        .await
                }
                Ok(Err(error)) => {
                    refused(&pages, &visit, error, (String::new(), String::new())).await
                }
                Err(_) => visit.wrong(ErrorPage::Unavailable),
            }
        }
        "pause" | "resume" | "remove" => turned(&pages, &visit, verb, name).await,
        _ => visit.wrong(ErrorPage::NotFound),
    }
}

/// Sets a destination; one of that name is led elsewhere.
async fn set(pages: &Pages, visit: &Visit, (name, url): (String, String)) -> Response {
    let (webhooks, by) = (Arc::clone(&pages.app.webhooks), visit.session.user.clone());
    let written = (name.clone(), url.clone());
    let set = pages.app.desk.ask(move |writer| {
        let named = (name.as_str(), url.as_str());
        let added = webhooks::add(writer.store(), named, &webhooks, &by, clock::now());
        writer.wake_calls();
        match added {
            Err(DestinationError::Taken(_)) => {
                webhooks::move_to(writer.store(), named, &webhooks).map(|_| None)
            }
            added => added.map(Some),
        }
    });
    match set.await {
        Ok(Ok(Some(added))) => {
            let secret = Some((added.destination.name, added.secret));
            answer(pages, visit, Fields::new(), |model| WebhooksModel { secret, ..model }).await
        }
        Ok(Ok(None)) => Redirect::to("/webhooks").into_response(),
        Ok(Err(error)) => refused(pages, visit, error, written).await,
        Err(_) => visit.wrong(ErrorPage::Unavailable),
    }
}

async fn test(pages: &Pages, visit: &Visit, name: String) -> Response {
    let asked = name.clone();
    let found = pages.app.read(move |reader| Ok(webhooks::find(reader, &asked))).await;
    let destination = match found {
        Ok(Ok(destination)) => destination,
        Ok(Err(error)) => {
            return refused(pages, visit, error, (String::new(), String::new())).await;
        }
        Err(_) => return visit.wrong(ErrorPage::Unavailable),
    };
    let came = webhooks::test(&pages.app.webhooks, &destination, clock::now()).await;
    let ms = u64::try_from(came.took.as_millis()).unwrap_or(u64::MAX);
    answer(pages, visit, Fields::new(), |mut model| {
        for row in model.destinations.iter_mut().filter(|row| row.name == name) {
            row.tested = Some((came.taken, came.said.clone(), ms));
        }
        model
    })
    .await
}

/// Makes one call once more, or all that were given up at a destination.
pub(super) async fn again(
    State(pages): State<Pages>,
    OwnForm { visit, fields }: OwnForm,
) -> Response {
    let id: Option<u64> = fields.get("id").and_then(|text| text.parse().ok());
    let name = fields.get("name").cloned().unwrap_or_default();
    let asked = pages.app.desk.write(move |writer| match id {
        Some(id) => webhooks::again(writer, id, clock::now()).map(usize::from),
        None => webhooks::again_all(writer, &name, clock::now()),
    });
    match asked.await {
        Ok(calls) => {
            let again = u64::try_from(calls).ok();
            answer(&pages, &visit, Fields::new(), |model| WebhooksModel { again, ..model }).await
        }
        Err(_) => visit.wrong(ErrorPage::Unavailable),
    }
}

async fn turned(pages: &Pages, visit: &Visit, verb: String, name: String) -> Response {
    let by = visit.session.user.clone();
    let turned = pages.app.desk.ask(move |writer| {
        writer.wake_calls();
        match verb.as_str() {
            "pause" => webhooks::pause(writer.store(), &name, Some(&by), clock::now()),
            "resume" => webhooks::resume(writer.store(), &name),
            _ => {
                let program = Arc::clone(writer.program());
                webhooks::remove(writer.store(), &name, &program, Force::No)
            }
        }
    });
    match turned.await {
        Ok(Ok(_)) => Redirect::to("/webhooks").into_response(),
        Ok(Err(error)) => refused(pages, visit, error, (String::new(), String::new())).await,
        Err(_) => visit.wrong(ErrorPage::Unavailable),
    }
}

async fn refused(
    pages: &Pages,
    visit: &Visit,
    error: DestinationError,
    (name, url): (String, String),
) -> Response {
    let Some(wrong) = view::wrong(&visit.ctx, &error) else {
        return visit.wrong(ErrorPage::Internal);
    };
    let wrong = Some((wrong, name, url));
    answer(pages, visit, Fields::new(), |model| WebhooksModel { wrong, ..model }).await
}
