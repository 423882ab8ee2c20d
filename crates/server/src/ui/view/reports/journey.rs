//! A journey from both points of view, side by side, and what chance says of it.

use maud::{Markup, html};

use super::{amounts, trial};
use crate::ui::context::Ctx;
use crate::ui::layout::shell;
use crate::ui::model::{JourneyReport, LivedWord, TellingRow, Tone, ViewLine};
use crate::ui::text::Arg;
use crate::ui::widget::{card, count, empty, icon, meter, page_head, scroll, sign, time};

/// `GET /reports/journeys/NAME`.
pub fn page(ctx: &Ctx, model: &JourneyReport) -> Markup {
    let title = ctx.tf("report-of", &[("journey", Arg::from(&model.name))]);
    let content = html! {
        (page_head(&title, html! {
            span { (ctx.tf("report-messages", &[("count", Arg::from(model.messages)), ("days", Arg::from(u64::from(model.days)))])) }
            @if model.more { " " span { (ctx.t("report-more")) } }
            @if model.left_out > 0 { " " span .quiet { (ctx.tn("report-left-out", &[("count", model.left_out)])) } }
        }))
        @if model.messages == 0 {
            div .card { (empty("reports", &ctx.t("report-none"), Some(("/journeys", &ctx.t("nav-journeys"))))) }
        } @else {
            div .viewpoints { (channel(ctx, model)) (customers(ctx, model)) }
            @if !model.telling.is_empty() { (telling(ctx, &model.telling)) }
        }
        (caused(ctx, model))
    };
    shell(ctx, &title, content)
}

/// What the channel would claim.
fn channel(ctx: &Ctx, model: &JourneyReport) -> Markup {
    let most = model.claimed.iter().map(|line| line.number).max().unwrap_or(0);
    let (orders, money) = &model.claimed_in_all;
    let rows = html! {
        @for line in &model.claimed {
            (row(ctx, (line.what.icon(), &ctx.t(line.what.key())), line, most))
        }
    };
    let sum = html! { strong { (count(ctx, *orders)) } " · " strong { (amounts(ctx, money)) } };
    let heading = ("view-channel", ctx.t("view-channel"));
    let line = ctx.tn("view-channel-line", &[("days", u64::from(model.window_days))]);
    view(ctx, heading, &line, &ctx.t("view-orders"), (rows, sum))
}

/// What the customers lived.
fn customers(ctx: &Ctx, model: &JourneyReport) -> Markup {
    let told = |line: &&ViewLine<LivedWord>| line.what != LivedWord::Nothing;
    let most = model.lived.iter().filter(told).map(|line| line.number).max().unwrap_or(0);
    let rows = html! {
        @for line in &model.lived {
            (row(ctx, (line.what.icon(), &ctx.t(line.what.key())), line, most))
        }
    };
    let sum =
        html! { span { (ctx.t("view-kept")) } " " strong { (amounts(ctx, &model.kept_in_all)) } };
    let heading = ("view-customers", ctx.t("view-customers"));
    view(ctx, heading, &ctx.t("view-customers-line"), &ctx.t("view-messages"), (rows, sum))
}

fn view(
    ctx: &Ctx,
    (id, title): (&str, String),
    line: &str,
    things: &str,
    (rows, sum): (Markup, Markup),
) -> Markup {
    card(
        id,
        &title,
        None,
        html! {},
        html! {
            p .card-pad .quiet { (line) }
            (scroll(line, html! {
                table .table .dense .view {
                    thead {
                        tr {
                            th scope="col" { span .visually-hidden { (ctx.t("view-what")) } }
                            th .number scope="col" { (things) }
                            th .number scope="col" { (ctx.t("view-money")) }
                        }
                    }
                    tbody { (rows) }
                }
            }))
            p .card-pad .view-sum { (sum) }
        },
    )
}

fn row<W>(ctx: &Ctx, (sign, what): (&str, &str), line: &ViewLine<W>, most: u64) -> Markup {
    html! {
        tr {
            th scope="row" {
                span .sign { (icon(sign)) span { (what) } }
                @if line.number <= most { (meter(line.number, most)) }
            }
            td .number { (count(ctx, line.number)) }
            td .number { (amounts(ctx, &line.money)) }
        }
    }
}

/// Where the two differ most, one by one.
fn telling(ctx: &Ctx, rows: &[TellingRow]) -> Markup {
    card(
        "telling",
        &ctx.t("view-telling"),
        Some(count(ctx, u64::try_from(rows.len()).unwrap_or(u64::MAX))),
        html! {},
        html! {
            ul .bare .tellings data-rows {
                @for row in rows {
                    li .telling data-row {
                        div { a href=(format!("/people/{}", row.person.0)) { (row.person.1) } " " span .quiet { (time(ctx, row.at)) } }
                        p {
                            (sign(Tone::Warn, row.lived.icon(), &ctx.t(row.lived.key())))
                            // Where neither says anything of money, there is nothing to set against each other.
                            @if row.claimed.is_empty() && row.kept.is_empty() { "." } @else {
                            ". " (ctx.tf("view-claims-kept", &[("claims", Arg::from(&amounts(ctx, &row.claimed))), ("kept", Arg::from(&amounts(ctx, &row.kept)))]))
                            }
                        }
                    }
                }
            }
        },
    )
}

/// What it caused, as far as chance was asked.
fn caused(ctx: &Ctx, model: &JourneyReport) -> Markup {
    html! {
        @for drawn in &model.drawn { (trial::of(ctx, drawn)) }
        @if model.drawn.is_empty() {
            (card("trial", &ctx.t("trial-title"), None, html! {}, html! {
                div .card-pad { p { (ctx.t("trial-none")) } pre .command tabindex="0" { "- { holdout: control, share: 10 % }" } }
            }))
        }
    }
}
