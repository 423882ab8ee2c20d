//! Sizes over time: a line of a few pixels in a list, and a chart with its table on a page.

use std::fmt::Write;

use maud::{Markup, html};

use crate::ui::context::Ctx;
use crate::ui::text::Arg;
use crate::ui::widget::{count, time};

/// Width and height of a line in a list.
const SPARK: (u32, u32) = (96, 24);
/// Width and height of a chart.
const CHART: (u32, u32) = (640, 140);

/// The line of a list; nothing where there is one size only.
pub fn spark(ctx: &Ctx, name: &str, sizes: &[(i64, u64)]) -> Markup {
    html! {
        @if sizes.len() > 1 {
            svg .spark viewBox=(format!("0 0 {} {}", SPARK.0, SPARK.1)) role="img"
                aria-label=(ctx.tf("segment-sizes-of", &[("segment", Arg::from(name))])) {
                polyline points=(points(sizes, ctx.now, SPARK)) {}
            }
        }
    }
}

/// The chart of one segment, with its figures as a table below it.
pub fn chart(ctx: &Ctx, name: &str, sizes: &[(i64, u64)]) -> Markup {
    let label = ctx.tf("segment-sizes-of", &[("segment", Arg::from(name))]);
    html! {
        figure .sizes {
            svg viewBox=(format!("0 0 {} {}", CHART.0, CHART.1)) role="img" aria-label=(label) {
                polyline points=(points(sizes, ctx.now, CHART)) {}
            }
            details .as-table {
                summary { (ctx.t("show-as-table")) }
                div .scroll role="group" tabindex="0" aria-label=(label) {
                    table .table .dense {
                        thead { tr { th scope="col" { (ctx.t("segment-hour")) } th .number scope="col" { (ctx.t("segment-members")) } } }
                        tbody {
                            @for (at, members) in sizes.iter().rev().take(200) {
                                tr { th scope="row" { (time(ctx, *at)) } td .number { (count(ctx, *members)) } }
                            }
                        }
                    }
                }
            }
        }
    }
}

/// Steps from hour to hour, from zero at the bottom to the largest size at the top, up to now.
fn points(sizes: &[(i64, u64)], now: i64, (width, height): (u32, u32)) -> String {
    let (Some((first, _)), Some((_, last))) = (sizes.first(), sizes.last()) else {
        return String::new();
    };
    let largest = sizes.iter().map(|(_, members)| *members).max().unwrap_or(0).max(1);
    let span = (now - first).max(1);
    let place = |at: i64, members: u64| {
        let x = i64::from(width) * (at - first).clamp(0, span) / span;
        let high = u64::from(height - 4) * members / largest;
        (x, i64::from(height - 2) - i64::try_from(high).unwrap_or(0))
    };
    let mut text = String::new();
    let mut before: Option<i64> = None;
    for (at, members) in sizes {
        let (x, y) = place(*at, *members);
        if let Some(before) = before {
            let _ = write!(text, "{x},{before} ");
        }
        let _ = write!(text, "{x},{y} ");
        before = Some(y);
    }
    let (x, y) = place(now, *last);
    let _ = write!(text, "{x},{y}");
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_goes_in_steps_to_now() {
        assert_eq!(points(&[(0, 0), (50, 10)], 100, (100, 24)), "0,22 50,22 50,2 100,2");
        assert_eq!(points(&[], 100, (100, 24)), "");
    }
}
