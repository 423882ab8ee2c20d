//! The path: every contact with the brand, in order, over all channels.

use maud::{Markup, html};

use crate::ui::context::Ctx;
use crate::ui::model::Touchpoint;
use crate::ui::text::Arg;
use crate::ui::widget::{self, count, empty, icon, time_at};

/// The card.
pub(super) fn card(ctx: &Ctx, path: &[Touchpoint]) -> Markup {
    widget::card(
        "path",
        &ctx.t("person-path"),
        Some(count(ctx, path.len() as u64)),
        html! {},
        html! {
            @if path.is_empty() { (empty("journeys", &ctx.t("path-empty"), None)) }
            @else {
                div .path-scroll role="region" tabindex="0" aria-label=(ctx.t("person-path")) data-scroll-end {
                    ol .path { @for (place, touch) in path.iter().enumerate() { (step(ctx, path, place, touch)) } }
                }
            }
        },
    )
}

fn step(ctx: &Ctx, path: &[Touchpoint], place: usize, touch: &Touchpoint) -> Markup {
    let before = place.checked_sub(1).map(|earlier| &path[earlier]);
    let gap = before.map(|earlier| touch.at - earlier.at).filter(|gap| *gap >= GAP_SHOWN_MIN);
    let became_known = !touch.anonymous && before.is_some_and(|earlier| earlier.anonymous);
    let first_unknown = touch.anonymous && before.is_none_or(|earlier| !earlier.anonymous);
    html! {
        li .touch .unknown[touch.anonymous] {
            span .touch-note {
                @if first_unknown { (ctx.t("before-known")) }
                @else if became_known { (icon("identified")) (ctx.t("became-known")) }
                @else if let Some(gap) = gap { (ctx.tf("later-by", &[("span", Arg::from(&ctx.span(gap)))])) }
            }
            span .touch-dot { (icon(touch.kind.icon())) }
            span .touch-kind { (ctx.t(touch.kind.key())) }
            @if let Some(label) = &touch.label { span .touch-label { (label) } }
            span .quiet .small { (ctx.t(touch.channel.key())) }
            span .quiet .small { (time_at(ctx, touch.at, touch.precision)) }
            @if touch.anonymous { span .visually-hidden { (ctx.t("before-known")) } }
        }
    }
}

/// Shorter gaps go without saying: one hour.
const GAP_SHOWN_MIN: i64 = 3_600_000;
