//! The rhythm of a feed: events by hour of the week, as a small heat map and as a table.

use maud::{Markup, html};

use crate::ui::context::Ctx;
use crate::ui::format::time::WEEKDAYS_SHORT;
use crate::ui::text::Arg;
use crate::ui::widget::count;

/// Width and height of one hour, and the gap to the next, in units of the drawing.
const CELL: usize = 16;
const GAP: usize = 2;
/// Room for the days' names at the left and the hours at the bottom.
const LEFT: usize = 30;
const BOTTOM: usize = 16;

/// The heat map with a "show as table" below it.
pub fn chart(ctx: &Ctx, id: &str, feed: &str, rhythm: &[[u32; 24]; 7], weeks: u32) -> Markup {
    let highest = rhythm.iter().flatten().copied().max().unwrap_or(0);
    let width = LEFT + 24 * (CELL + GAP);
    let height = 7 * (CELL + GAP) + BOTTOM;
    let label = ctx
        .tf("rhythm-label", &[("feed", Arg::from(feed)), ("weeks", Arg::from(i64::from(weeks)))]);
    html! {
        figure .rhythm {
            svg viewBox=(format!("0 0 {width} {height}")) role="img" aria-label=(label) {
                @for (day, hours) in rhythm.iter().enumerate() {
                    text .axis x="0" y=(day * (CELL + GAP) + 12) { (ctx.t(WEEKDAYS_SHORT[day])) }
                    @for (hour, number) in hours.iter().enumerate() {
                        rect .heat.(level(*number, highest)) x=(LEFT + hour * (CELL + GAP)) y=(day * (CELL + GAP))
                            width=(CELL) height=(CELL) rx="3" {
                            title { (ctx.t(WEEKDAYS_SHORT[day])) " " (format!("{hour:02}:00")) " · " (count(ctx, u64::from(*number))) }
                        }
                    }
                }
                @for hour in [0, 6, 12, 18] {
                    text .axis x=(LEFT + hour * (CELL + GAP)) y=(height - 3) { (format!("{hour:02}")) }
                }
            }
            figcaption .quiet .small { (ctx.tn("rhythm-caption", &[("weeks", i64::from(weeks))])) }
            (table(ctx, id, rhythm))
        }
    }
}

/// Five steps by square root, so that quiet hours still show beside a rush.
fn level(number: u32, highest: u32) -> &'static str {
    if number == 0 || highest == 0 {
        return "heat-0";
    }
    match (f64::from(number) / f64::from(highest)).sqrt() {
        ..0.25 => "heat-1",
        0.25..0.5 => "heat-2",
        0.5..0.75 => "heat-3",
        _ => "heat-4",
    }
}

fn table(ctx: &Ctx, id: &str, rhythm: &[[u32; 24]; 7]) -> Markup {
    html! {
        details .as-table {
            summary { (ctx.t("show-as-table")) }
            div .scroll role="group" tabindex="0" aria-labelledby=(format!("{id}-title")) {
                table .table .dense {
                    thead {
                        tr {
                            th scope="col" { span .visually-hidden { (ctx.t("weekday")) } }
                            @for hour in 0..24 { th .number scope="col" { (format!("{hour:02}")) } }
                        }
                    }
                    tbody {
                        @for (day, hours) in rhythm.iter().enumerate() {
                            tr {
                                th scope="row" { (ctx.t(WEEKDAYS_SHORT[day])) }
                                @for number in hours { td .number { (count(ctx, u64::from(*number))) } }
                            }
                        }
                    }
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::level;

    #[test]
    fn an_hour_with_any_event_is_never_shown_as_empty() {
        assert_eq!(level(0, 900), "heat-0");
        assert_eq!(level(1, 1_000_000), "heat-1");
        assert_eq!(level(900, 900), "heat-4");
        assert_eq!(level(0, 0), "heat-0");
    }
}
