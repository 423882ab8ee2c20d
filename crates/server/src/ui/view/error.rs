//! Pages that say what went wrong, and how to go on.

use maud::{Markup, html};

use crate::ui::context::Ctx;
use crate::ui::layout::{alone, shell};
use crate::ui::model::ErrorPage;
use crate::ui::text::Arg;
use crate::ui::widget::icon;

/// The page; `reference` is what the visitor may quote to whoever reads the log.
pub fn page(ctx: &Ctx, error: ErrorPage, reference: Option<&str>) -> Markup {
    let title = ctx.t(error.key());
    let content = html! {
        div .error-page {
            (icon(error.icon()))
            p .quiet { (error.status()) }
            h1 { (title) }
            p { (ctx.t(cure(error))) }
            @if let Some(reference) = reference {
                p .quiet .small { (ctx.tf("error-reference", &[("reference", Arg::from(reference))])) }
            }
            p { a .button .primary href="/today" { (ctx.t("error-home")) } }
        }
    };
    if ctx.user.is_some() { shell(ctx, &title, content) } else { alone(ctx, &title, content) }
}

const fn cure(error: ErrorPage) -> &'static str {
    match error {
        ErrorPage::BadRequest => "cure-bad-request",
        ErrorPage::Forbidden => "cure-forbidden",
        ErrorPage::NotFound => "cure-not-found",
        ErrorPage::Conflict => "cure-conflict",
        ErrorPage::Internal => "cure-internal",
        ErrorPage::Unavailable => "cure-unavailable",
    }
}
