//! Channels: how messages leave, and what vouches for them.

use axum::extract::{Query, State};
use axum::response::Response;

use super::visit::{Fields, Pages, Visit};
use crate::hooks;
use crate::signing;
use crate::ui::view::channels::{ChannelsPage, page as view};

/// The page; with `check=domain` the sender's domain is looked up.
pub(super) async fn page(
    State(pages): State<Pages>,
    visit: Visit,
    Query(asked): Query<Fields>,
) -> Response {
    let program = pages.app.desk.program();
    let read = pages.app.read(|reader| Ok((signing::list(reader)?, hooks::list(reader)?))).await;
    match visit.or_wrong(read) {
        Ok((keys, hooks)) => {
            let checking = &pages.app.checking;
            let looked = match asked.get("check").map(String::as_str) {
                Some("domain") => checking.look(&program.shop.from_email, &keys).await,
                Some(_) | None => None,
            };
            let trouble = pages.app.trouble.lasting();
            let sms_trouble = pages.app.sms_trouble.lasting();
            let shown = ChannelsPage {
                way: pages.way.mail,
                trouble: trouble.as_ref(),
                sms: (pages.way.sms, sms_trouble.as_ref()),
                shop: &program.shop,
                keys: &keys,
                hooks: &hooks,
                looked: looked.as_ref(),
            };
            visit.page(view(&visit.ctx, &shown))
        }
        Err(response) => response,
    }
}
