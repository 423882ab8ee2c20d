//! Everything known of a person, to look at and to take along, and erasing beside it.

use axum::extract::{Query, State};
use axum::http::{HeaderValue, header};
use axum::response::{IntoResponse, Redirect, Response};
use regulars_engine::identity::PersonId;
use regulars_engine::record::Record;
use regulars_store::Reader;
use serde_json::Value;

use super::visit::{Fields, OwnForm, Pages, Visit, Whose};
use crate::clock;
use crate::disclosure::disclosure;
use crate::http::ApiError;
use crate::ui::model::{ErrorPage, Notice};
use crate::ui::view::disclosure::{self as view, DisclosurePage, PARTS};

/// The page.
pub(super) async fn page(
    State(pages): State<Pages>,
    visit: Visit,
    Whose(id): Whose,
    Query(asked): Query<Fields>,
) -> Response {
    match visit.or_wrong(gathered(&pages, id).await) {
        Ok(Some((record, _))) if record.id() != id => {
            Redirect::to(&format!("/people/{}/disclosure", record.id())).into_response()
        }
        Ok(Some((record, told))) => {
            let parts = PARTS.into_iter().filter_map(|(part, heading)| match &told[part] {
                Value::Array(items) => Some((heading, items.len())),
                Value::Object(_) if part == "person" => {
                    Some((heading, told[part]["identifiers"].as_array().map_or(0, Vec::len)))
                }
                Value::Object(_)
                | Value::Null
                | Value::Bool(_)
                | Value::Number(_)
                | Value::String(_) => None,
            });
            let shown = DisclosurePage {
                id: id.to_string(),
                name: record.display_name(),
                parts: parts.collect(),
                unsure: asked.contains_key("unsure"),
            };
            visit.page(view::page(&visit.ctx, &shown))
        }
        Ok(None) => visit.wrong(ErrorPage::NotFound),
        Err(response) => response,
    }
}

/// The file: a page, or JSON.
pub(super) async fn file(
    State(pages): State<Pages>,
    visit: Visit,
    Whose(id): Whose,
    Query(asked): Query<Fields>,
) -> Response {
    let told = match visit.or_wrong(gathered(&pages, id).await) {
        Ok(Some((_, told))) => told,
        Ok(None) => return visit.wrong(ErrorPage::NotFound),
        Err(response) => return response,
    };
    tracing::info!(person.id = %id, "what is known of a person was taken along");
    let (mut response, name) = if asked.get("as").is_some_and(|word| word == "json") {
        let body = serde_json::to_string_pretty(&told).expect("a JSON value is JSON");
        let kind =
            [(header::CONTENT_TYPE, "application/json"), (header::CACHE_CONTROL, "no-store")];
        ((kind, body).into_response(), "json")
    } else {
        (visit.page(view::document(&visit.ctx, &told)), "html")
    };
    let disposition = format!("attachment; filename=\"{id}.{name}\"");
    if let Ok(disposition) = HeaderValue::from_str(&disposition) {
        response.headers_mut().insert(header::CONTENT_DISPOSITION, disposition);
    }
    response
}

/// Erases the person for good.
pub(super) async fn erase(State(pages): State<Pages>, Whose(id): Whose, form: OwnForm) -> Response {
    let visit = &form.visit;
    if form.fields.get("sure").is_none_or(|word| word != "yes") {
        return Redirect::to(&format!("/people/{id}/disclosure?unsure=yes#erase")).into_response();
    }
    let found = pages.app.read(move |reader| Ok(reader.person(id)?.map(|(_, record)| record.id())));
    // An id that a merge has retired means somebody who is more than was looked at.
    match visit.or_wrong(found.await) {
        Ok(Some(now)) if now == id => {}
        Ok(Some(now)) => {
            return Redirect::to(&format!("/people/{now}/disclosure")).into_response();
        }
        Ok(None) => return visit.wrong(ErrorPage::NotFound),
        Err(response) => return response,
    }
    match visit.or_wrong(crate::http::api::erase_person(&pages.app, id).await.map(|_| ())) {
        Ok(()) => {
            Redirect::to(&format!("/people?notice={}", Notice::PersonErased.word())).into_response()
        }
        Err(response) => response,
    }
}

async fn gathered(pages: &Pages, id: PersonId) -> Result<Option<(Record, Value)>, ApiError> {
    let program = pages.app.desk.program();
    let read = pages.app.read(move |reader| match reader.person(id)? {
        None => Ok(None),
        Some((_, record)) => {
            let told = disclosure(reader, &program, &record, clock::now())?;
            Ok(Some((record, told)))
        }
    });
    read.await
}
