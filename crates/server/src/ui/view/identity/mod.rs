//! Identity: who is possibly one, how identity does, what changed and what staff said.

pub(in crate::ui) mod against;
mod health;
mod linking;
mod past;
mod review;
pub(in crate::ui) mod weights;

use maud::{Markup, html};

use crate::ui::context::Ctx;
use crate::ui::layout::{live_shell, shell};
use crate::ui::model::{IdentityTab, Looking};
use crate::ui::text::Arg;
use crate::ui::widget::{icon, page_head};

pub use health::page as health_page;
pub use linking::page as linking_page;
pub use past::{changes_page, said_page};
pub use review::{page as review_page, pair_page};
#[cfg(test)]
pub(crate) use weights::key as weight_key;

/// The frame that the parts share.
fn framed(ctx: &Ctx, here: IdentityTab, looking: Looking, content: Markup) -> Markup {
    shell(ctx, &ctx.t("nav-identity"), parts(ctx, here, looking, content))
}

/// What a part was drawn from that is drawn anew when there is something new.
struct Live<'v> {
    version: &'v str,
}

/// The same for such a part.
fn framed_live(
    ctx: &Ctx,
    here: IdentityTab,
    looking: Looking,
    live: Live<'_>,
    content: Markup,
) -> Markup {
    let content = parts(ctx, here, looking, content);
    live_shell(ctx, &ctx.t("nav-identity"), live.version, content)
}

fn parts(ctx: &Ctx, here: IdentityTab, looking: Looking, content: Markup) -> Markup {
    let title = ctx.t("nav-identity");
    let address = |tab: IdentityTab| match tab {
        IdentityTab::Review => "/identity".to_owned(),
        IdentityTab::Health | IdentityTab::Linking | IdentityTab::Changes | IdentityTab::Said => {
            format!("/identity/{}", tab.word())
        }
    };
    html! {
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
    }
}
