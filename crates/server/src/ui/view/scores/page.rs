//! The page of scores: the frame, what to expect, and the form to learn again.

use maud::{Markup, html};
use regulars_engine::score::Model;

use super::{learned, people};
use crate::access::Right;
use crate::scores::State;
use crate::ui::context::Ctx;
use crate::ui::format::{money, number};
use crate::ui::layout::{csrf, live_shell};
use crate::ui::text::Arg;
use crate::ui::widget::{card, count, empty, page_head, time};

/// A cell of the RFM grid that somebody chose.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Chosen {
    /// 1 to 5.
    pub recency: u8,
    /// 1 to 5.
    pub value: u8,
}

/// What the page shows.
#[derive(Clone, Copy, Debug)]
pub struct ScoresPage<'m> {
    /// The model in force; `None`: nothing was learned yet.
    pub model: Option<&'m Model>,
    /// Whether a fit runs.
    pub state: State,
    /// A cell of the grid.
    pub chosen: Option<Chosen>,
    /// What the page was drawn from.
    pub version: &'m str,
}

/// `GET /scores`.
pub fn page(ctx: &Ctx, shown: &ScoresPage<'_>) -> Markup {
    let content = html! {
        (page_head(&ctx.t("nav-scores"), html! { p { (ctx.t("scores-line")) } }))
        (again(ctx, shown))
        @match shown.model {
            None => { section .card { (empty("info", &ctx.t("scores-empty"), None)) } }
            Some(model) => {
                div .scores {
                    (forecast(ctx, model))
                    (people::stages(ctx, model))
                    (people::grid(ctx, model, shown.chosen))
                    (people::groups(ctx, model))
                    (learned::segments(ctx, model))
                    (learned::churn(ctx, model))
                    (learned::comparison(ctx, model))
                    (learned::parameters(ctx, model))
                    (learned::weights(ctx, model))
                }
            }
        }
    };
    live_shell(ctx, &ctx.t("nav-scores"), shown.version, content)
}

/// When it was learned, and the button to learn again.
fn again(ctx: &Ctx, shown: &ScoresPage<'_>) -> Markup {
    html! {
        @if ctx.may(Right::Define) {
            form .scores-again method="post" action="/scores/fit" {
                (csrf(ctx))
                @if shown.state.running {
                    p role="status" {
                        (ctx.tf("scores-fitting", &[("done", shown.state.done.into()), ("whole", shown.state.whole.into())]))
                        " " progress max=(shown.state.whole.max(1)) value=(shown.state.done) aria-label=(ctx.t("scores-model")) {}
                    }
                } @else {
                    @if let Some(model) = shown.model {
                        p .quiet {
                            (ctx.tf("scores-fitted", &[("when", Arg::Text(&ctx.moment(model.fitted_at.0))), ("buyers", model.buyers.into())]))
                            @if model.outliers > 0 { ". " (ctx.tn("scores-outliers", &[("count", model.outliers)])) "." }
                        }
                    }
                    button .button type="submit" {
                        (if shown.model.is_some() { ctx.t("scores-fit") } else { ctx.t("scores-fit-first") })
                    }
                }
            }
        }
    }
}

/// An amount of the model's currency.
pub(super) fn amount(ctx: &Ctx, model: &Model, units: f64) -> String {
    money::of_units(ctx.language, units, model.currency)
}

/// A number with so many digits after the point, as the language writes it.
pub(super) fn decimal(ctx: &Ctx, value: f64, digits: usize) -> String {
    number::decimal(ctx.language, value, digits)
}

fn forecast(ctx: &Ctx, model: &Model) -> Markup {
    card(
        "forecast",
        &ctx.t("scores-forecast"),
        None,
        html! {},
        html! {
            table .table .dense {
                thead {
                    tr {
                        th scope="col" { span .visually-hidden { (ctx.t("scores-forecast")) } }
                        th .number scope="col" { (ctx.t("scores-column-orders")) }
                        th .number scope="col" { (ctx.t("scores-column-value")) }
                    }
                }
                tbody {
                    @for one in &model.forecasts {
                        tr {
                            th scope="row" { (ctx.tn("scores-forecast-row", &[("days", i64::from(one.days))])) }
                            td .number { (whole(ctx, one.orders)) }
                            td .number { (amount(ctx, model, one.value)) }
                        }
                    }
                }
            }
            @if model.forecasts.is_empty() { p .quiet { (time(ctx, model.fitted_at.0)) } }
        },
    )
}

/// A number that is a sum of expectations, in whole orders.
pub(super) fn whole(ctx: &Ctx, value: f64) -> String {
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "a count of orders"
    )]
    let value = value.max(0.0).round() as u64;
    count(ctx, value)
}
