//! The ledger of one person's consent.

use axum::extract::{Path, State};
use axum::response::{IntoResponse, Redirect, Response};
use regulars_engine::identity::PersonId;
use regulars_store::Reader;

use super::visit::{Pages, Visit};
use crate::ledger::ledger;
use crate::ui::model::ErrorPage;
use crate::ui::view::person::{LedgerPage, ledger as view};

/// The page.
pub(super) async fn page(
    State(pages): State<Pages>,
    visit: Visit,
    Path(id): Path<String>,
) -> Response {
    let Ok(id) = id.parse::<PersonId>() else { return visit.wrong(ErrorPage::NotFound) };
    let read = pages.app.read(move |reader| match reader.person(id)? {
        None => Ok(None),
        Some((_, record)) => {
            let entries = ledger(reader, &record)?;
            Ok(Some((record.id(), record.display_name(), entries)))
        }
    });
    match visit.or_wrong(read.await) {
        Ok(Some((now, name, entries))) if now == id => {
            let shown = LedgerPage { id: id.to_string(), name, entries };
            visit.page(view(&visit.ctx, &shown))
        }
        Ok(Some((now, ..))) => Redirect::to(&format!("/people/{now}/consent")).into_response(),
        Ok(None) => visit.wrong(ErrorPage::NotFound),
        Err(response) => response,
    }
}
