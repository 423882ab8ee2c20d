//! Decisions in words.

use maud::{Markup, html};

use crate::ui::context::Ctx;
use crate::ui::model::{DecisionKind, DecisionRow};
use crate::ui::text::Arg;

use super::piece::{badge, channel, icon, time};
use super::reason::why;

/// Decisions, newest first, each with its "Why?".
pub fn decision_list(ctx: &Ctx, rows: &[DecisionRow]) -> Markup {
    html! {
        ol .decisions data-rows {
            @for row in rows { (decision(ctx, row)) }
        }
    }
}

fn decision(ctx: &Ctx, row: &DecisionRow) -> Markup {
    html! {
        li .decision data-row {
            div .decision-head {
                (badge(row.kind.tone(), row.kind.icon(), &ctx.t(row.kind.key())))
                @if let Some(journey) = &row.journey {
                    span .decision-what { (journey) @if let Some(step) = &row.step { " · " (step) } }
                }
                span .decision-when { (time(ctx, row.at)) }
            }
            (why(ctx, &row.reasons, known_then(ctx, row)))
            div .decision-line {
                @if let (DecisionKind::Held, Some(until)) = (row.kind, row.until) {
                    span .quiet { (ctx.tf("held-until", &[("until", Arg::from(&ctx.moment(until)))])) }
                }
                @if let Some(way) = row.channel { (channel(ctx, way)) }
                @if let Some(address) = &row.address { span .quiet .cut { (address) } }
                @if !row.products.is_empty() { span .quiet { (row.products.join(", ")) } }
                @if let Some(id) = &row.message_id {
                    a href=(format!("/outbox/{id}")) { (icon("email")) (ctx.t("open-message")) }
                }
            }
        }
    }
}

/// Which part of the log the decision had read, so that "what did we know then?" has an answer.
fn known_then(ctx: &Ctx, row: &DecisionRow) -> Markup {
    html! {
        @if let Some(position) = row.log_position {
            p .quiet .small { (ctx.tf("known-then", &[("position", Arg::from(&position.to_string()))])) }
        }
    }
}
