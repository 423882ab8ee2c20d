//! The waterfall: from what is known before, step by step, to what two records say.

use maud::{Markup, html};

use crate::ui::context::Ctx;
use crate::ui::format::number::decimal_sign;
use crate::ui::model::{WeightRow, Weights};
use crate::ui::text::{Arg, find};
use crate::ui::widget::percent;

/// Width of the drawing, in its own units.
const WIDTH: i64 = 1_000;

/// The waterfall with a line that says what it comes to.
pub(super) fn waterfall(ctx: &Ctx, weights: &Weights) -> Markup {
    let mut at = 0_i64;
    let mut steps: Vec<(&WeightRow, i64, i64)> = Vec::with_capacity(weights.rows.len());
    for row in &weights.rows {
        let to = at + i64::from(row.centibits);
        steps.push((row, at, to));
        at = to;
    }
    let ends = || steps.iter().flat_map(|(_, from, to)| [*from, *to]);
    let (low, high) = (ends().min().unwrap_or(0), ends().max().unwrap_or(0));
    let span = (high - low).max(100);
    let x = |bits: i64| (bits - low) * WIDTH / span;
    html! {
        ol .factors .waterfall {
            @for (row, from, to) in &steps {
                li .factor {
                    span { (found(ctx, row.found)) }
                    span .number { (bits(ctx, row.centibits)) }
                    svg .weight viewBox="0 0 1000 6" preserveAspectRatio="none" aria-hidden="true" {
                        rect .meter-ground width="1000" height="6" {}
                        rect .(if to >= from { "weight-for" } else { "weight-against" })
                            x=(x(*from.min(to))) width=((x(*from.max(to)) - x(*from.min(to))).max(3)) height="6" {}
                    }
                }
            }
        }
        p .waterfall-sum {
            (ctx.tf("weights-sum", &[("bits", Arg::from(&bits(ctx, weights.centibits))), ("percent", Arg::from(&percent(ctx, weights.permille)))]))
        }
        p .quiet .small { (ctx.t("weights-line")) }
    }
}

/// What was found, in the reader's language; English where a phrase is new.
pub(in crate::ui) fn found(ctx: &Ctx, english: &'static str) -> String {
    find(ctx.language, &key(english)).unwrap_or_else(|| english.to_owned())
}

/// The key of a phrase of the engine: its letters, with dashes between words.
pub(crate) fn key(english: &str) -> String {
    let mut key = "weigh".to_owned();
    for word in english.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()) {
        key.push('-');
        key.push_str(&word.to_lowercase());
    }
    key
}

/// Bits with a sign and one digit behind the point.
pub(in crate::ui) fn bits(ctx: &Ctx, centibits: i32) -> String {
    let sign = if centibits < 0 { '\u{2212}' } else { '+' };
    let tenths = (centibits.unsigned_abs() + 5) / 10;
    format!("{sign}{}{}{}", tenths / 10, decimal_sign(ctx.language), tenths % 10)
}
