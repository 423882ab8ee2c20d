//! What journeys ask staff to see to: a list to work down, each row with its button.

use maud::{Markup, html};

use crate::access::Right;
use crate::ui::context::Ctx;
use crate::ui::layout::{csrf, shell};
use crate::ui::model::{NoticeRow, NoticesModel, Tone};
use crate::ui::text::Arg;
use crate::ui::widget::{badge, card, count, empty, icon, page_head, time, time_ago, why};

/// `GET /notices`.
pub fn page(ctx: &Ctx, model: &NoticesModel) -> Markup {
    let title = ctx.t("notices");
    let open = html! {
        @if model.open.is_empty() { (empty("good", &ctx.t("notices-none"), None)) }
        @else { (rows(ctx, &model.open, Back::Notices)) }
        @if let Some(older) = model.older {
            p .card-pad { a href=(format!("/notices?before={older}")) { (ctx.t("notices-older")) } }
        }
    };
    let content = html! {
        (page_head(&title, html! { span { (ctx.t("notices-line")) } }))
        div .stack {
            (card("notices-open", &ctx.t("notices-open"), Some(count(ctx, model.open_total)), html! {}, open))
            @if !model.done.is_empty() {
                (card("notices-done", &ctx.t("notices-done"), None, html! {}, rows(ctx, &model.done, Back::Notices)))
            }
        }
    };
    shell(ctx, &title, content)
}

/// Where somebody is after a button was pressed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Back {
    /// On Today.
    Today,
    /// On the page of notices.
    Notices,
}

/// The rows of a list.
pub fn rows(ctx: &Ctx, rows: &[NoticeRow], back: Back) -> Markup {
    html! { ul .todo data-rows { @for row in rows { (one(ctx, row, back)) } } }
}

fn one(ctx: &Ctx, row: &NoticeRow, back: Back) -> Markup {
    html! {
        li .todo-item data-row {
            @if row.done.is_some() { (badge(Tone::Good, "done", &ctx.t("notice-is-done"))) }
            @else { (badge(Tone::Accent, "push", &ctx.t("notice-to-do"))) }
            div .todo-what {
                p { strong { (row.text) } " · " a href=(format!("/people/{}", row.person.0)) { (row.person.1) } }
                p .quiet {
                    (row.journey) " · " (row.step) " · " (time_ago(ctx, row.at))
                    @if let Some((by, at)) = &row.done {
                        " · " (ctx.tf("notice-done-by", &[("name", Arg::from(by))])) " " (time(ctx, *at))
                    }
                }
                (why(ctx, &row.because, html! {}))
            }
            div .todo-when { (button(ctx, row, back)) }
        }
    }
}

fn button(ctx: &Ctx, row: &NoticeRow, back: Back) -> Markup {
    let (verb, sign, key) = match row.done {
        None => ("done", "done", "notice-do"),
        Some(_) => ("open", "replay", "notice-undo"),
    };
    let label = format!("{}: {}, {}", ctx.t(key), row.text, row.person.1);
    html! {
        @if ctx.may(Right::Answer) {
            form method="post" action=(format!("/notices/{}/{verb}", row.id)) {
                (csrf(ctx))
                @if back == Back::Today { input type="hidden" name="back" value="today"; }
                button .button .plain type="submit" aria-label=(label) { (icon(sign)) (ctx.t(key)) }
            }
        }
    }
}
