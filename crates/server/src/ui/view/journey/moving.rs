//! Moving people to the version in force: who would come where, before anybody does.

use maud::{Markup, html};

use crate::ui::context::Ctx;
use crate::ui::layout::{csrf, shell};
use crate::ui::model::{MovingModel, MovingRow};
use crate::ui::text::Arg;
use crate::ui::view::journeys::address;
use crate::ui::widget::{card, count, empty, icon, page_head, scroll};

/// `GET /journeys/NAME/move`.
pub fn page(ctx: &Ctx, model: &MovingModel) -> Markup {
    let title = ctx.t("moving-title");
    let back = address(&model.journey);
    let line = html! {
        a href=(format!("{back}#versions")) { (icon("back")) (model.journey) }
        span { (ctx.t("version")) " " code { (model.version) } }
    };
    let content = html! {
        (page_head(&title, line))
        (card("moving", &ctx.t("moving-who"), Some(count(ctx, model.people)), html! {}, html! {
            @if model.rows.is_empty() { (empty("good", &ctx.t("moving-nobody"), None)) }
            @else {
                (choice(ctx, model))
                (scroll(&title, table(ctx, model)))
                form .card-pad method="post" action=(format!("{back}/move")) {
                    (csrf(ctx))
                    input type="hidden" name="gone" value=(model.gone);
                    button .button type="submit" { (icon("arrow-right")) (ctx.tn("moving-do", &[("count", model.people)])) }
                }
                p .quiet .small .card-pad { (ctx.t("moving-line")) }
            }
        }))
    };
    shell(ctx, &title, content)
}

/// What happens to people whose step is gone.
fn choice(ctx: &Ctx, model: &MovingModel) -> Markup {
    let option = |value: &str, text: &str| {
        html! { option value=(value) selected[model.gone == value] { (text) } }
    };
    html! {
        form .card-pad method="get" {
            label for="gone" { (ctx.t("moving-gone")) } " "
            select #gone name="gone" {
                (option("stay", &ctx.t("moving-stay")))
                (option("leave", &ctx.t("moving-leave")))
                @for step in &model.steps {
                    (option(step, &ctx.tf("moving-to-step", &[("step", Arg::from(step))])))
                }
            }
            " " button .button .plain type="submit" { (ctx.t("moving-show")) }
        }
    }
}

fn table(ctx: &Ctx, model: &MovingModel) -> Markup {
    html! {
        table .table {
            thead { tr {
                th scope="col" { (ctx.t("version")) }
                th scope="col" { (ctx.t("moving-from")) }
                th .number scope="col" { (ctx.t("moving-people")) }
                th scope="col" { (ctx.t("moving-to")) }
            } }
            tbody { @for row in &model.rows { (one(ctx, model, row)) } }
        }
    }
}

fn one(ctx: &Ctx, model: &MovingModel, row: &MovingRow) -> Markup {
    let gone = if model.gone == "leave" { "moving-leave" } else { "moving-stay" };
    html! {
        tr {
            td { code { (row.version) } }
            th scope="row" { (row.step) }
            td .number { (count(ctx, row.people)) }
            td { @match &row.to { Some(to) => { (to) } None => { span .quiet { (ctx.t(gone)) } } } }
        }
    }
}
