//! Channels: how messages leave, and what vouches for them.

use axum::extract::State;
use axum::response::Response;

use super::visit::{Pages, Visit};
use crate::hooks;
use crate::signing;
use crate::ui::view::channels::{ChannelsPage, page as view};

/// The page.
pub(super) async fn page(State(pages): State<Pages>, visit: Visit) -> Response {
    let program = pages.app.desk.program();
    let read = pages.app.read(|reader| Ok((signing::list(reader)?, hooks::list(reader)?))).await;
    match visit.or_wrong(read) {
        Ok((keys, hooks)) => {
            let trouble = pages.app.trouble.lasting();
            let shown = ChannelsPage {
                way: pages.way,
                trouble: trouble.as_ref(),
                shop: &program.shop,
                keys: &keys,
                hooks: &hooks,
            };
            visit.page(view(&visit.ctx, &shown))
        }
        Err(response) => response,
    }
}
