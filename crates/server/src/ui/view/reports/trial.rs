//! A draw of a journey, measured: each arm beside the control, with the interval drawn.

use maud::{Markup, html};
use regulars_engine::measure::{Lift, Standing, Verdict};

use crate::measure::report::{Outcome, Report};
use crate::measure::trial::Drawn;
use crate::ui::context::Ctx;
use crate::ui::format::number::decimal;
use crate::ui::model::Tone;
use crate::ui::text::Arg;
use crate::ui::widget::{card, count, scroll, sign};

/// Width and height of an interval's drawing, and the room at its ends.
const PLOT: (f64, f64) = (160.0, 20.0);
const ROOM: f64 = 6.0;

/// The card of one draw.
pub(super) fn of(ctx: &Ctx, drawn: &Drawn) -> Markup {
    let report = &drawn.report;
    let title = ctx.tf("trial-of", &[("step", Arg::from(&drawn.step))]);
    card(
        &format!("trial-{}", drawn.step.replace(|c: char| !c.is_ascii_alphanumeric(), "-")),
        &title,
        None,
        html! {},
        html! {
            div .card-pad {
                p { (ctx.tn("trial-line", &[("days", u64::from(drawn.days))])) }
                @if report.balance.broken() { p { (sign(Tone::Bad, "bad", &ctx.t("trial-broken"))) } }
                p .quiet {
                    @for (arm, people) in report.arms.iter().zip(&report.people) {
                        (arm) ": " (count(ctx, *people)) " · "
                    }
                    (ctx.tn("trial-running", &[("count", drawn.running)]))
                }
            }
            @for outcome in &report.outcomes { (told(ctx, (&title, report), outcome)) }
        },
    )
}

fn told(ctx: &Ctx, (title, report): (&str, &Report), outcome: &Outcome) -> Markup {
    let name = match outcome.name.as_str() {
        "bought" => ctx.t("trial-bought"),
        "orders" => ctx.t("trial-orders"),
        _ => ctx.t("trial-revenue"),
    };
    let reach = outcome.lifts.iter().map(farthest).fold(0.0, f64::max);
    html! {
        (scroll(&format!("{title}: {name}"), html! {
            table .table .dense .trial {
                thead {
                    tr {
                        th scope="col" { (name) }
                        th .number scope="col" { (ctx.t("trial-mean")) }
                        th .number scope="col" { (ctx.t("trial-control")) }
                        th .number scope="col" { (ctx.t("trial-lift")) }
                        th scope="col" { (ctx.t("trial-interval")) }
                    }
                }
                tbody { @for lift in &outcome.lifts { (arm(ctx, report, lift, reach)) } }
            }
        }))
        @if report.arms.len() > 2 {
            p .card-pad {
                (match outcome.standing {
                    Standing::TooEarly => ctx.t("trial-too-early"),
                    Standing::Open { leader } => ctx.tf("trial-open", &[("arm", Arg::from(&report.arms[leader]))]),
                    Standing::Decided { winner } => ctx.tf("trial-decided", &[("arm", Arg::from(&report.arms[winner]))]),
                })
            }
        }
    }
}

fn arm(ctx: &Ctx, report: &Report, lift: &Lift, reach: f64) -> Markup {
    let number = |value: f64| decimal(ctx.language, value, 3);
    let interval = format!("{} … {}", number(lift.interval.low), number(lift.interval.high));
    let (tone, icon, key) = match lift.verdict {
        Verdict::TooEarly { .. } => (Tone::Neutral, "wait", "trial-too-early"),
        Verdict::Higher => (Tone::Good, "good", "trial-higher"),
        Verdict::Lower => (Tone::Bad, "bad", "trial-lower"),
        Verdict::NotTold => (Tone::Neutral, "minus", "trial-not-told"),
    };
    html! {
        tr {
            th scope="row" { (report.arms[lift.arm]) br; (sign(tone, icon, &ctx.t(key))) }
            td .number { (number(lift.means.0)) }
            td .number { (number(lift.means.1)) }
            td .number { (number(lift.difference)) }
            td {
                @if lift.interval.low.is_finite() {
                    (plot(lift, reach))
                    span .nowrap .small { (interval) }
                } @else { span .quiet { "–" } }
            }
        }
    }
}

/// How far from zero an interval goes.
fn farthest(lift: &Lift) -> f64 {
    let ends = [lift.interval.low.abs(), lift.interval.high.abs()];
    ends.into_iter().filter(|end| end.is_finite()).fold(0.0, f64::max)
}

/// The interval as a line, the lift as a dot on it, nothing as an upright line.
fn plot(lift: &Lift, reach: f64) -> Markup {
    let (width, height) = PLOT;
    let place = |value: f64| {
        let share = if reach > 0.0 { (value / reach).clamp(-1.0, 1.0) } else { 0.0 };
        format!("{:.1}", width / 2.0 + share * (width / 2.0 - ROOM))
    };
    let middle = format!("{:.1}", height / 2.0);
    html! {
        svg .interval viewBox=(format!("0 0 {width} {height}")) aria-hidden="true" {
            line .plot-line x1=(place(0.0)) x2=(place(0.0)) y1="0" y2=(height) {}
            line .interval-line x1=(place(lift.interval.low)) x2=(place(lift.interval.high)) y1=(middle) y2=(middle) {}
            circle .plot-dot cx=(place(lift.difference)) cy=(middle) r="4" {}
        }
    }
}
