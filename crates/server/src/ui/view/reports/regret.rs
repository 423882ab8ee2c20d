//! Messages that should not have gone: by cause with what they cost, and one by one.

use maud::{Markup, html};

use super::amounts;
use crate::ui::context::Ctx;
use crate::ui::layout::shell;
use crate::ui::model::{RegretCause, RegretModel, RegretRow, Tone};
use crate::ui::text::Arg;
use crate::ui::widget::{
    card, count, empty, icon, meter, page_head, reason_sentence, scroll, sign, span, time,
};

/// `GET /reports/regret`.
pub fn page(ctx: &Ctx, model: &RegretModel) -> Markup {
    let title = ctx.t("regret-title");
    let content = html! {
        (page_head(&title, html! {
            span { (ctx.tf("regret-judged", &[("count", Arg::from(model.judged)), ("days", Arg::from(u64::from(model.days)))])) }
            @if model.more { " " span { (ctx.t("report-more")) } }
            @if model.left_out > 0 { " " span .quiet { (ctx.tn("report-left-out", &[("count", model.left_out)])) } }
        }))
        @if model.rows.is_empty() {
            div .card { (empty("good", &ctx.t("regret-none"), None)) }
        } @else {
            div .stack { (causes(ctx, model)) (rows(ctx, model)) }
        }
    };
    shell(ctx, &title, content)
}

fn causes(ctx: &Ctx, model: &RegretModel) -> Markup {
    let most = model.causes.iter().map(|line| line.number).max().unwrap_or(0);
    let title = ctx.t("regret-causes");
    card(
        "causes",
        &title,
        None,
        html! {},
        scroll(
            &ctx.t("regret-title"),
            html! {
                table .table .dense .view {
                    thead {
                        tr {
                            th scope="col" { (ctx.t("regret-cause")) }
                            th .number scope="col" { (ctx.t("view-messages")) }
                            th .number scope="col" { (ctx.t("regret-cost")) }
                        }
                    }
                    tbody {
                        @for line in &model.causes {
                            tr {
                                th scope="row" {
                                    span .sign { (icon(line.what.icon())) span { (ctx.t(line.what.key())) } }
                                    (meter(line.number, most))
                                    p .quiet .small { (ctx.t(cure(line.what))) }
                                }
                                td .number { (count(ctx, line.number)) }
                                td .number { (amounts(ctx, &line.money)) }
                            }
                        }
                    }
                }
            },
        ),
    )
}

fn rows(ctx: &Ctx, model: &RegretModel) -> Markup {
    card(
        "regretted",
        &ctx.t("regret-one-by-one"),
        Some(count(ctx, u64::try_from(model.rows.len()).unwrap_or(u64::MAX))),
        html! {},
        html! { ul .bare .tellings data-rows { @for row in &model.rows { (one(ctx, row)) } } },
    )
}

fn one(ctx: &Ctx, row: &RegretRow) -> Markup {
    html! {
        li .telling data-row {
            div {
                a href=(format!("/people/{}", row.person.0)) { (row.person.1) } " "
                span .quiet { (time(ctx, row.at)) " · " (row.journey) " / " (row.step) }
            }
            p {
                (sign(Tone::Warn, row.cause.icon(), &ctx.t(row.cause.key())))
                @if let Some((source, late)) = &row.late {
                    ". " (ctx.tf("regret-late", &[("source", Arg::from(source)), ("late", Arg::from(&span(ctx, *late)))]))
                }
            }
            p { (reason_sentence(ctx, &row.reason)) }
            @if !row.cost.is_empty() { p .quiet { (ctx.t("regret-cost")) ": " (amounts(ctx, &row.cost)) } }
        }
    }
}

/// What to do about a cause.
const fn cure(cause: RegretCause) -> &'static str {
    match cause {
        RegretCause::LateSource => "regret-late-source-cure",
        RegretCause::MissingLink => "regret-missing-link-cure",
        RegretCause::UnderstoodLater => "regret-understood-later-cure",
        RegretCause::NoExitRule => "regret-no-exit-rule-cure",
    }
}
