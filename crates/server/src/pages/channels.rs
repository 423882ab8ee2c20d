//! Channels: how messages leave, and what vouches for them.

use axum::extract::State;
use axum::response::Response;

use super::visit::{Pages, Visit};
use crate::signing;
use crate::ui::view::channels::{ChannelsPage, page as view};

/// The page.
pub(super) async fn page(State(pages): State<Pages>, visit: Visit) -> Response {
    let program = pages.app.desk.program();
    match visit.or_wrong(pages.app.read(signing::list).await) {
        Ok(keys) => {
            let shown = ChannelsPage { way: pages.way, shop: &program.shop, keys: &keys };
            visit.page(view(&visit.ctx, &shown))
        }
        Err(response) => response,
    }
}
