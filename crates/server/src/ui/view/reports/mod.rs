//! Reports: what messages caused, and what they should not have.

mod journey;
mod regret;
mod trial;

use maud::{Markup, html};
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};

pub use journey::page as journey;
pub use regret::page as regret;

use crate::ui::context::Ctx;
use crate::ui::layout::shell;
use crate::ui::model::{Money, ReportRow, ReportsModel};
use crate::ui::widget::{card, count, empty, icon, money_list, page_head, scroll};

/// `GET /reports`.
pub fn page(ctx: &Ctx, model: &ReportsModel) -> Markup {
    let title = ctx.t("nav-reports");
    let content = html! {
        (page_head(&title, html! { span { (ctx.tn("reports-line", &[("days", u64::from(model.days))])) } }))
        div .stack {
            section .card {
                @if model.journeys.is_empty() {
                    (empty("reports", &ctx.t("reports-empty"), Some(("/journeys", &ctx.t("nav-journeys")))))
                } @else {
                    (scroll(&ctx.t("nav-journeys"), journeys(ctx, &model.journeys)))
                }
            }
            (card("silo", &ctx.t("silo-title"), None, html! {}, html! {
                div .card-pad .stack {
                    p { (ctx.tn("silo-line", &[("days", u64::from(model.days))])) }
                    div .actions { a .button href="/reports/silo" { (icon("compare")) (ctx.t("silo-open")) } }
                }
            }))
            (card("regret", &ctx.t("regret-title"), None, html! {}, html! {
                div .card-pad .stack {
                    p { (ctx.t("regret-line")) }
                    div .actions { a .button href="/reports/regret" { (icon("search")) (ctx.t("regret-open")) } }
                }
            }))
        }
    };
    shell(ctx, &title, content)
}

fn journeys(ctx: &Ctx, rows: &[ReportRow]) -> Markup {
    html! {
        table .table .stacked {
            thead {
                tr {
                    th scope="col" { (ctx.t("report-journey")) }
                    th scope="col" { (ctx.t("report-purpose")) }
                    th .number scope="col" { (ctx.t("journey-entered")) }
                    th .number scope="col" { (ctx.t("decision-sent")) }
                    th .number scope="col" { (ctx.t("decision-skip")) }
                }
            }
            tbody data-rows {
                @for row in rows {
                    tr data-row {
                        th scope="row" { a .report-name href=(format!("/reports/journeys/{}", utf8_percent_encode(&row.name, NON_ALPHANUMERIC))) { (row.name) } }
                        td data-label=(ctx.t("report-purpose")) { (ctx.t(row.purpose.key())) }
                        td .number data-label=(ctx.t("journey-entered")) { (count(ctx, row.entered)) }
                        td .number data-label=(ctx.t("decision-sent")) { (count(ctx, row.sent)) }
                        td .number data-label=(ctx.t("decision-skip")) { (count(ctx, row.skipped)) }
                    }
                }
            }
        }
    }
}

/// Amounts, or a dash.
fn amounts(ctx: &Ctx, money: &[Money]) -> String {
    if money.is_empty() { "–".to_owned() } else { money_list(ctx, money) }
}
