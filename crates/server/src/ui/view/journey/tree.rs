//! The steps of a journey as a tree that lays itself out: one below the other, ways side by side.

use maud::{Markup, html};

use crate::ui::context::Ctx;
use crate::ui::model::{ReasonCount, StepKind, StepRow, TreeStep, TreeWay, WayName};
use crate::ui::text::Arg;
use crate::ui::widget::{count, icon, reason_counts, sign};

/// All steps, from the entry to the end.
pub(super) fn tree(ctx: &Ctx, steps: &[TreeStep]) -> Markup {
    html! {
        div .tree {
            p .tree-end { (icon("entered")) span { (ctx.t("journey-entry")) } }
            (block(ctx, steps))
            p .tree-end { (icon("done")) span { (ctx.t("journey-end")) } }
        }
    }
}

fn block(ctx: &Ctx, steps: &[TreeStep]) -> Markup {
    html! { ol .tree-block { @for one in steps { (step(ctx, one)) } } }
}

fn step(ctx: &Ctx, step: &TreeStep) -> Markup {
    let row = &step.row;
    html! {
        li .tree-step {
            div .tree-card .unbalanced[!row.balances()] {
                p .step { (icon(row.kind.icon())) span { span .quiet { (ctx.t(row.kind.key())) } " " (row.label) } }
                @if !matches!(row.kind, StepKind::GoTo | StepKind::Exit) || row.entered > 0 { (accounts(ctx, row)) }
                @if !row.balances() { (sign(crate::ui::model::Tone::Bad, "bad", &ctx.t("does-not-balance"))) }
            }
            @if !step.ways.is_empty() {
                ul .tree-ways { @for one in &step.ways { (way(ctx, one)) } }
            }
        }
    }
}

fn way(ctx: &Ctx, way: &TreeWay) -> Markup {
    html! {
        li .tree-way {
            p .tree-label {
                @match &way.name {
                    WayName::Then => { (ctx.t("way-then")) }
                    WayName::Else => { (ctx.t("way-else")) }
                    WayName::TimeIsUp => { (ctx.t("way-time-is-up")) }
                    WayName::Drawn(name, share) => { strong { (name) } @if let Some(share) = share { " " (share) } }
                }
            }
            @if way.steps.is_empty() { p .quiet .small { (ctx.t("way-goes-on")) } }
            @else { (block(ctx, &way.steps)) }
        }
    }
}

fn accounts(ctx: &Ctx, row: &StepRow) -> Markup {
    let sends = row.kind == StepKind::Send;
    html! {
        dl .tree-accounts {
            div { dt { (ctx.t("column-in")) } dd { strong { (count(ctx, row.entered)) } } }
            div { dt { (ctx.t("column-left")) } dd { (count(ctx, row.left)) } }
            div { dt { (ctx.t("column-waiting")) } dd { (count(ctx, row.waiting)) } }
            div { dt { (ctx.t("column-done")) } dd { (count(ctx, row.done)) } }
            @if sends || row.held > 0 { div { dt { (ctx.t("decision-hold")) } dd { (count(ctx, row.held)) } } }
            @if sends {
                div { dt { (ctx.t("decision-sent")) } dd { (count(ctx, row.sent)) } }
                div { dt { (ctx.t("decision-skip")) } dd { (count(ctx, row.skipped)) } }
            }
            @if let Some(on_site) = row.on_site {
                div { dt { (ctx.t("decision-shown")) } dd { (count(ctx, on_site.shown)) } }
                div { dt { (ctx.t("decision-clicked")) } dd { (count(ctx, on_site.clicked)) } }
                div { dt { (ctx.t("decision-dismissed")) } dd { (count(ctx, on_site.dismissed)) } }
            }
        }
        @if let Some(page) = &row.told { p .small { a href=(page) { (ctx.t("webhooks-of-step")) } } }
        @if row.held > 0 { (because(ctx, "tree-held-because", &row.held_because, row)) }
        @if row.skipped > 0 { (because(ctx, "tree-skipped-because", &row.skipped_because, row)) }
    }
}

/// Reasons behind a question; nothing where none is known.
fn because(ctx: &Ctx, key: &str, reasons: &[ReasonCount], row: &StepRow) -> Markup {
    html! {
        @if !reasons.is_empty() {
            details .why {
                summary { (ctx.tf(key, &[("step", Arg::from(&row.label))])) }
                div .why-body { (reason_counts(ctx, reasons)) }
            }
        }
    }
}
