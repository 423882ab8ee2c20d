//! What changed of who is who, and what staff said: two lists that only grow.

use maud::{Markup, html};

use super::framed;
use crate::access::Right;
use crate::ui::context::Ctx;
use crate::ui::layout::csrf;
use crate::ui::model::{Answer, ChangeRow, ChangesModel, IdentityTab, SaidModel, SaidRow};
use crate::ui::text::Arg;
use crate::ui::widget::{empty, icon, time};

/// `GET /identity/changes`.
pub fn changes_page(ctx: &Ctx, model: &ChangesModel) -> Markup {
    let content = html! {
        @if model.rows.is_empty() {
            div .card { (empty("link", &ctx.t("changes-none"), Some(("/sources", &ctx.t("nav-sources"))))) }
        } @else {
            div .card { ol .health-list data-rows { @for row in &model.rows { (change(ctx, row)) } } }
            (older(ctx, "/identity/changes", model.paged, model.older))
        }
    };
    framed(ctx, IdentityTab::Changes, None, content)
}

fn change(ctx: &Ctx, row: &ChangeRow) -> Markup {
    html! {
        li .change data-row {
            p {
                (icon(row.word.icon())) " "
                strong { (ctx.t(row.word.key())) } " "
                @if !row.persons.is_empty() {
                    span .quiet { (ctx.tn("changes-before", &[("count", row.before)])) " → " }
                    @for (number, side) in row.persons.iter().enumerate() {
                        @if number > 0 { " · " }
                        a href=(format!("/people/{}#identity", side.id)) { (side.name.clone().unwrap_or_else(|| ctx.t("anonymous"))) }
                    }
                }
            }
            p .quiet .small {
                (time(ctx, row.at))
                @if let Some((kind, source, by)) = &row.cause {
                    " · " (ctx.t(kind.key())) " · "
                    @match by {
                        Some(by) => { (ctx.tf("said-by", &[("name", Arg::from(by))])) }
                        None => { (source) }
                    }
                }
            }
        }
    }
}

/// `GET /identity/said`.
pub fn said_page(ctx: &Ctx, model: &SaidModel) -> Markup {
    let content = html! {
        @if model.rows.is_empty() {
            div .card { (empty("people", &ctx.t("said-none"), Some(("/identity", &ctx.t("identity-tab-review"))))) }
        } @else {
            div .card { ol .health-list data-rows { @for row in &model.rows { (statement(ctx, row)) } } }
            (older(ctx, "/identity/said", model.paged, model.older))
        }
    };
    framed(ctx, IdentityTab::Said, None, content)
}

fn statement(ctx: &Ctx, row: &SaidRow) -> Markup {
    html! {
        li .change data-row {
            p {
                (icon(row.answer.icon())) " " strong { (ctx.t(row.answer.key())) } " "
                @match &row.pair {
                    None => { span .quiet { (ctx.t("told-erased")) } }
                    Some(pair) => {
                        @for (number, (kind, value)) in pair.iter().enumerate() {
                            @if number > 0 { " · " }
                            @match row.persons.get(number) {
                                Some(id) => { a href=(format!("/people/{id}#identity")) { (icon(kind.icon())) " " (value) } }
                                None => { (icon(kind.icon())) " " (value) }
                            }
                        }
                    }
                }
            }
            @if !row.because.is_empty() { p { "“" (row.because) "”" } }
            p .quiet .small { (time(ctx, row.at)) " · " (ctx.tf("said-by", &[("name", Arg::from(&row.by))])) }
            @if row.pair.is_some() && !matches!(row.answer, Answer::TakenBack | Answer::HomeTakenBack) {
                @if ctx.may(Right::Answer) {
                    form .actions method="post" action="/identity/undo" {
                        (csrf(ctx))
                        input type="hidden" name="statement" value=(row.number);
                        button .button type="submit" { (icon("back")) (ctx.t("undo")) }
                    }
                }
            }
        }
    }
}

fn older(ctx: &Ctx, path: &str, paged: bool, older: Option<u64>) -> Markup {
    html! {
        @if paged || older.is_some() {
            nav .pager aria-label=(ctx.t("pager-label")) {
                @if paged { a .button .plain href=(path) rel="first" { (icon("chevron-left")) (ctx.t("pager-newest")) } }
                @if let Some(older) = older {
                    a .button .plain href=(format!("{path}?before={older}")) rel="next" { (ctx.t("pager-older")) (icon("chevron-right")) }
                }
            }
        }
    }
}
