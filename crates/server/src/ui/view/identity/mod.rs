//! Identity: who is possibly one, how identity does, what changed and what staff said.

mod health;
mod past;
mod review;
mod weights;

use maud::{Markup, html};

use crate::ui::context::Ctx;
use crate::ui::layout::shell;
use crate::ui::model::{IdentityTab, Looking};
use crate::ui::text::Arg;
use crate::ui::widget::{icon, page_head};

pub use health::page as health_page;
pub use past::{changes_page, said_page};
pub use review::{page as review_page, pair_page};
#[cfg(test)]
pub(crate) use weights::key as weight_key;

/// The frame that the four parts share.
fn framed(ctx: &Ctx, here: IdentityTab, looking: Looking, content: Markup) -> Markup {
    let title = ctx.t("nav-identity");
    let address = |tab: IdentityTab| match tab {
        IdentityTab::Review => "/identity".to_owned(),
        IdentityTab::Health | IdentityTab::Changes | IdentityTab::Said => {
            format!("/identity/{}", tab.word())
        }
    };
    let content = html! {
        (page_head(&title, html! { span { (ctx.t("identity-line")) } }))
        nav .filters aria-label=(ctx.t("identity-tabs")) {
            @for tab in IdentityTab::ALL {
                a .chip href=(address(*tab)) aria-current=[(*tab == here).then_some("page")] {
                    (icon(tab.icon())) (ctx.t(tab.key()))
                }
            }
        }
        @if let Some((done, of)) = looking {
            div .notice .accent role="status" {
                (icon("clock"))
                span { (ctx.tf("identity-looking", &[("done", Arg::from(done)), ("of", Arg::from(of.max(done)))])) }
            }
        }
        (content)
    };
    shell(ctx, &title, content)
}
