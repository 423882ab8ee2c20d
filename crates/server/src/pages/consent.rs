//! The ledger of one person's consent.

use axum::extract::State;
use axum::response::{IntoResponse, Redirect, Response};
use regulars_store::Reader;

use super::visit::{Pages, Visit, Whose};
use crate::ledger::ledger;
use crate::ui::model::ErrorPage;
use crate::ui::view::person::{LedgerPage, ledger as view};

/// The page.
pub(super) async fn page(State(pages): State<Pages>, visit: Visit, Whose(id): Whose) -> Response {
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
