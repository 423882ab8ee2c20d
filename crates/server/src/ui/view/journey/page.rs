//! The page of one journey: its rules, its steps as a tree, its versions, its dry run.

use maud::{Markup, html};

use super::{dry_run, tree};
use crate::access::Right;
use crate::ui::context::Ctx;
use crate::ui::layout::live_shell;
use crate::ui::model::{JourneyModel, Tone, VersionRow};
use crate::ui::text::Arg;
use crate::ui::view::journeys::{address, rules};
use crate::ui::view::segments::in_path;
use crate::ui::widget::{badge, card, icon, page_head, reason_counts, scroll};

/// `GET /journeys/NAME`.
pub fn page(ctx: &Ctx, model: &JourneyModel) -> Markup {
    let journey = &model.card;
    let line = html! {
        a href="/journeys" { (icon("back")) (ctx.t("nav-journeys")) }
        (badge(journey.state.tone(), journey.state.icon(), &ctx.t(journey.state.key())))
        span { (ctx.t(journey.purpose.key())) }
        span { (ctx.t("version")) " " code { (journey.version) } }
        @if model.in_force && ctx.may(Right::Define) { a .button href=(super::super::editor::address(&journey.name)) { (icon("wrench")) (ctx.t("journey-edit")) } }
        a href=(format!("/reports/journeys/{}", in_path(&journey.name))) { (icon("reports")) (ctx.t("journey-report")) }
    };
    let label = ctx.tf("journey-steps", &[("journey", Arg::from(&journey.name))]);
    let content = html! {
        (page_head(&journey.name, line))
        @if !model.in_force {
            div .notice .warn {
                (icon("info"))
                span { (ctx.t("journey-older")) " " a href=(address(&journey.name)) { (ctx.t("journey-to-force")) } }
            }
        }
        div .stack {
            (card("rules", &ctx.t("journey-rules"), None, html! {}, html! {
                (rules(ctx, journey))
                @if !model.left_because.is_empty() {
                    details .why .journey-left {
                        summary { (ctx.t("journey-left-because")) }
                        div .why-body { (reason_counts(ctx, &model.left_because)) }
                    }
                }
            }))
            (card("steps", &ctx.t("journey-tree"), None, html! {}, html! {
                (scroll(&label, tree::tree(ctx, &model.steps)))
                p .quiet .small .card-pad { (ctx.t("journeys-equation")) @if model.versions.len() > 1 { " " (ctx.t("journey-all-versions")) } }
            }))
            (versions(ctx, model))
            @if model.in_force { (dry_run::dry_run(ctx, model)) }
        }
    };
    live_shell(ctx, &journey.name, &model.drawn_from, content)
}

fn versions(ctx: &Ctx, model: &JourneyModel) -> Markup {
    let content = html! {
        ul .bare .versions {
            @for version in &model.versions { li { (row(ctx, &model.card.name, version)) } }
        }
        p .quiet .small .card-pad {
            (ctx.t("journey-versions-line"))
            @if ctx.may(Right::Define) && model.versions.iter().any(|version| !version.in_force && version.inside > 0) {
                " " a href=(format!("{}/move", address(&model.card.name))) { (ctx.t("moving-link")) }
            }
        }
    };
    card("versions", &ctx.t("journey-versions"), None, html! {}, content)
}

fn row(ctx: &Ctx, name: &str, version: &VersionRow) -> Markup {
    let short = &version.id[..8.min(version.id.len())];
    html! {
        p .version-line {
            @if version.shown { code aria-current="true" { (short) } }
            @else { a href=(format!("{}?v={}", address(name), version.id)) { code { (short) } } }
            @if version.in_force { (badge(Tone::Good, "play", &ctx.t("journey-in-force"))) }
            span { (ctx.tn("journey-inside", &[("count", version.inside)])) }
            @if version.shown { span .quiet { (ctx.t("journey-shown")) } }
        }
        @if !version.changes.is_empty() {
            details .why {
                summary { (ctx.t("journey-changes")) }
                div .why-body { (changes(ctx, &format!("{}: {short}", ctx.t("journey-changes")), &version.changes)) }
            }
        }
    }
}

/// Lines with what is new and what is gone, in signs and in words for who does not see them.
pub(in crate::ui::view) fn changes(ctx: &Ctx, label: &str, lines: &[(char, String)]) -> Markup {
    html! {
        pre .raw .changes tabindex="0" role="region" aria-label=(label) {
            @for (sign, line) in lines {
                @match sign {
                    '+' => { ins { span .visually-hidden { (ctx.t("line-new")) " " } span aria-hidden="true" { "+ " } (line) } }
                    '-' => { del { span .visually-hidden { (ctx.t("line-gone")) " " } span aria-hidden="true" { "− " } (line) } }
                    _ => { span { "  " (line) } }
                }
                "\n"
            }
        }
    }
}
