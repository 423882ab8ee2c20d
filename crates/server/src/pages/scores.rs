//! The page of scores: what was learned, and learning again.

use axum::extract::{Query, State};
use axum::response::{IntoResponse, Redirect, Response};

use super::visit::{Fields, OwnForm, Pages, Visit};
use crate::ui::view::scores::{Chosen, ScoresPage, page as view};

/// The page.
pub(super) async fn page(
    State(pages): State<Pages>,
    visit: Visit,
    Query(asked): Query<Fields>,
) -> Response {
    let rank =
        |name: &str| asked.get(name)?.parse::<u8>().ok().filter(|rank| (1..=5).contains(rank));
    let chosen = rank("recency").zip(rank("value"));
    let chosen = chosen.map(|(recency, value)| Chosen { recency, value });
    let program = pages.app.desk.program();
    let version = version_of(&pages);
    let shown = ScoresPage {
        model: program.scores.as_deref(),
        state: pages.app.fitting.state(),
        chosen,
        version: &version,
    };
    visit.page(view(&visit.ctx, &shown))
}

/// The version that the page would have now.
pub(super) async fn version(State(pages): State<Pages>, _: Visit) -> Response {
    version_of(&pages).into_response()
}

fn version_of(pages: &Pages) -> String {
    let state = pages.app.fitting.state();
    let fitted = pages.app.desk.program().scores.as_ref().map_or(0, |model| model.fitted_at.0);
    format!("{fitted}-{}", if state.running { state.done + 1 } else { 0 })
}

/// Learns again, in the background.
pub(super) async fn fit(State(pages): State<Pages>, _: OwnForm) -> Response {
    // A fit that runs already is as good.
    let _ = pages.app.begin_fit();
    Redirect::to("/scores").into_response()
}
