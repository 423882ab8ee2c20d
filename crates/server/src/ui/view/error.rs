//! Pages that say what went wrong, and how to go on.

use maud::{Markup, html};

use crate::access::Right;
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

/// The page for somebody whose role does not allow what they asked for: whose does.
pub fn refused(ctx: &Ctx, right: Right) -> Markup {
    let title = ctx.t(ErrorPage::Forbidden.key());
    let may: Vec<String> = right.roles().iter().map(|role| ctx.t(role.key())).collect();
    let (needed, may) = (ctx.t(right.key()), may.join(", "));
    let yours = ctx.role.map(|role| ctx.t(role.key())).unwrap_or_default();
    let content = html! {
        div .error-page {
            (icon(ErrorPage::Forbidden.icon()))
            p .quiet { (ErrorPage::Forbidden.status()) }
            h1 { (title) }
            p { (ctx.tf("refused-needs", &[("right", Arg::from(&needed)), ("roles", Arg::from(&may))])) }
            p { (ctx.tf("refused-yours", &[("role", Arg::from(&yours))])) }
            p { a .button .primary href="/today" { (ctx.t("error-home")) } }
        }
    };
    shell(ctx, &title, content)
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
