//! What was learned: parameters, checks against what came, risks as told and as they came, weights.

use maud::{Markup, html};
use regulars_engine::score::{ACTS, BuyingKind, Churn, Cut, Model, Parameter};

use super::page::{amount, decimal, whole};
use super::people::segment_link;
use crate::scores::day_text;
use crate::ui::context::Ctx;
use crate::ui::format::number::permille;
use crate::ui::text::Arg;
use crate::ui::widget::{card, count, percent, scroll};

/// Side of the plot, and the room around it, in units of the drawing.
const SIDE: f64 = 200.0;
const ROOM: f64 = 24.0;

fn name(ctx: &Ctx, kind: BuyingKind) -> String {
    if kind == BuyingKind::PlainRate { ctx.t("scores-plain-rate") } else { kind.name().to_owned() }
}

/// Every model's parameters with their errors.
pub(super) fn parameters(ctx: &Ctx, model: &Model) -> Markup {
    let level = |kind| model.blend.parts().iter().find(|part| part.model.kind() == kind);
    let row = |who: &str, parameters: &[Parameter], likelihood: f64, note: &str| {
        html! {
            tr {
                th scope="row" { (who) br; span .quiet .small { (note) } }
                td {
                    ul .bare {
                        @for one in parameters {
                            li .nowrap {
                                code { (one.name) } " " (decimal(ctx, one.value, 4))
                                @if let Some(error) = one.error { span .quiet { " ± " (decimal(ctx, error, 4)) } }
                            }
                        }
                    }
                }
                td .number { (decimal(ctx, likelihood, 2)) }
            }
        }
    };
    card(
        "parameters",
        &ctx.t("scores-parameters"),
        None,
        html! {},
        html! {
            p .quiet { (ctx.t("scores-parameter-line")) }
            (scroll(&ctx.t("scores-parameter-line"), html! {
                table .table .dense {
                    thead {
                        tr {
                            th scope="col" { (ctx.t("scores-column-model")) }
                            th scope="col" { (ctx.t("scores-parameters")) }
                            th .number scope="col" { (ctx.t("scores-likelihood")) }
                        }
                    }
                    tbody {
                        @for fitted in &model.fits {
                            @let kind = fitted.model.kind();
                            @let note = level(kind).map_or_else(|| ctx.t("scores-not-used"), |part| format!("{} · ×{}", ctx.t("scores-used"), decimal(ctx, part.level, 3)));
                            @if kind != BuyingKind::PlainRate { (row(&name(ctx, kind), &fitted.parameters, fitted.ln_likelihood, &note)) }
                        }
                        @if let Some(value) = &model.value {
                            (row("Gamma-Gamma", &value.parameters, value.ln_likelihood, &ctx.t("scores-value")))
                        }
                    }
                }
            }))
        },
    )
}

/// What each model forecast of what it had not seen, beside what came.
pub(super) fn comparison(ctx: &Ctx, model: &Model) -> Markup {
    card(
        "comparison",
        &ctx.t("scores-comparison"),
        None,
        html! {},
        html! {
            @if model.comparison.cuts.is_empty() { p .quiet { (ctx.t("scores-comparison-none")) } }
            @else {
                p .quiet { (ctx.t("scores-comparison-line")) }
                @for cut in &model.comparison.cuts { (hidden(ctx, cut)) }
            }
        },
    )
}

fn hidden(ctx: &Ctx, cut: &Cut) -> Markup {
    let (from, to) = (day_text(cut.known_to), day_text(cut.until));
    let title = ctx.tf("scores-hidden", &[("from", Arg::from(&from)), ("to", Arg::from(&to))]);
    html! {
        h3 .small { (title) }
        (scroll(&title, html! {
            table .table .dense {
                thead {
                    tr {
                        th scope="col" { (ctx.t("scores-column-model")) }
                        th .number scope="col" { (ctx.t("scores-column-came")) }
                        th .number scope="col" { (ctx.t("scores-column-expected")) }
                        th .number scope="col" { (ctx.t("scores-column-total")) }
                        th .number scope="col" { (ctx.t("scores-column-off")) }
                    }
                }
                tbody {
                    @for trial in &cut.trials {
                        tr {
                            th scope="row" { (name(ctx, trial.kind)) }
                            td .number { (whole(ctx, trial.measured.came)) }
                            td .number { (whole(ctx, trial.measured.expected)) }
                            td .number { (format!("{}{} %", if trial.measured.total_error() > 0.0 { "+" } else { "" }, decimal(ctx, trial.measured.total_error() * 100.0, 1))) }
                            td .number { (decimal(ctx, trial.measured.absolute_error, 3)) }
                        }
                    }
                }
            }
        }))
    }
}

/// Churn risks as they were told and as they came: a plot, and the same as a table.
pub(super) fn churn(ctx: &Ctx, model: &Model) -> Markup {
    card(
        "churn",
        &ctx.t("scores-churn"),
        None,
        html! {},
        html! {
            @match &model.churn {
                None => { p .quiet { (ctx.t("scores-churn-none")) } }
                Some(churn) => {
                    p .quiet { (ctx.tn("scores-churn-line", &[("days", i64::from(churn.horizon_days))])) }
                    (plot(ctx, churn))
                    p .quiet .small {
                        (ctx.tf("scores-brier", &[("brier", Arg::Text(&decimal(ctx, churn.brier, 4))), ("mean", Arg::Text(&decimal(ctx, churn.brier_of_mean, 4)))]))
                    }
                }
            }
        },
    )
}

fn plot(ctx: &Ctx, churn: &Churn) -> Markup {
    let (x, y) = (|share: f64| ROOM + share * SIDE, |share: f64| SIDE + 8.0 - share * SIDE);
    let whole = SIDE + ROOM + 16.0;
    html! {
        figure .reliability {
            svg viewBox=(format!("0 0 {whole} {whole}")) role="img" aria-label=(ctx.t("scores-churn")) {
                rect .plot-ground x=(x(0.0)) y=(y(1.0)) width=(SIDE) height=(SIDE) {}
                line .plot-line x1=(x(0.0)) y1=(y(0.0)) x2=(x(1.0)) y2=(y(1.0)) {}
                @for bin in &churn.bins {
                    circle .plot-dot cx=(x(bin.told)) cy=(y(bin.came)) r="5" {
                        title { (percent(ctx, permille(bin.told))) " → " (percent(ctx, permille(bin.came))) " · " (count(ctx, bin.buyers)) }
                    }
                }
                @for share in [0.0, 0.5, 1.0] {
                    text .axis x=(x(share) - 8.0) y=(SIDE + 24.0) { (percent(ctx, permille(share))) }
                    @if share > 0.0 { text .axis x="0" y=(y(share) + 4.0) { (percent(ctx, permille(share))) } }
                }
            }
            details .as-table {
                summary { (ctx.t("show-as-table")) }
                table .table .dense {
                    thead {
                        tr {
                            th .number scope="col" { (ctx.t("scores-column-told")) }
                            th .number scope="col" { (ctx.t("scores-column-came")) }
                            th .number scope="col" { (ctx.t("scores-column-buyers")) }
                        }
                    }
                    tbody {
                        @for bin in &churn.bins {
                            tr {
                                td .number { (percent(ctx, permille(bin.told))) }
                                td .number { (percent(ctx, permille(bin.came))) }
                                td .number { (count(ctx, bin.buyers)) }
                            }
                        }
                    }
                }
            }
        }
    }
}

/// What each act counts in engagement.
pub(super) fn weights(ctx: &Ctx, model: &Model) -> Markup {
    let engagement = &model.engagement;
    card(
        "weights",
        &ctx.t("scores-weights"),
        None,
        html! {},
        html! {
            table .table .dense {
                tbody {
                    @for (act, weight) in ACTS.iter().zip(&engagement.weights) {
                        tr {
                            th scope="row" { (ctx.t(&format!("act-{}", act.word()))) }
                            td .number { (decimal(ctx, *weight, 1)) }
                        }
                    }
                }
            }
            p .quiet .small {
                @if engagement.purchases > 0 { (ctx.tn("scores-weights-learned", &[("count", engagement.purchases)])) }
                @else { (ctx.t("scores-weights-usual")) }
            }
        },
    )
}

/// Conditions of the segments that every shop wants, with the bounds of this one.
pub(super) fn segments(ctx: &Ctx, model: &Model) -> Markup {
    let units = 10_f64.powi(i32::from(model.currency.digits()));
    let digits = usize::from(model.currency.digits());
    let big = model.spenders.big_minor as f64 / units;
    let future = model.spenders.future;
    let code = model.currency.code();
    let rows = [
        (
            "scores-segment-big",
            "big-spenders",
            format!("spent at least {big:.digits$} {code} in the last 365 days"),
            amount(ctx, model, big),
        ),
        ("scores-segment-loyal", "loyal", "stage is loyal".to_owned(), String::new()),
        (
            "scores-segment-future",
            "future-spenders",
            format!("score \"expected value in 365 days\" at least {future:.2}"),
            amount(ctx, model, future),
        ),
        (
            "scores-segment-lapsing",
            "win-back",
            format!(
                "(stage is lapsing or stage is lost) and spent at least {big:.digits$} {code} in the last 2 years"
            ),
            String::new(),
        ),
    ];
    card(
        "segments",
        &ctx.t("scores-segments"),
        None,
        html! {},
        html! {
            p .quiet { (ctx.t("scores-segments-line")) }
            @for (title, name, condition, bound) in &rows {
                h3 .small { (ctx.t(title)) @if !bound.is_empty() { span .quiet { " · " (bound) } } }
                (segment_link(ctx, name, condition))
            }
        },
    )
}
