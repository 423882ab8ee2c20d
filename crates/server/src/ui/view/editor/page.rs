//! The page on which a journey is written. Every edit is one form, so that it works without scripts;
//! with them only this part of the page is drawn anew.

use maud::{Markup, html};

use super::{fields, panel, state, tree};
use crate::dry_runs::DAYS;
use crate::ui::context::Ctx;
use crate::ui::layout::{csrf, shell};
use crate::ui::model::{DryRunModel, EditorModel, Panel, Tone};
use crate::ui::text::Arg;
use crate::ui::view::journey::{DryRunCard, dry_run_card};
use crate::ui::view::journeys;
use crate::ui::widget::{badge, card, icon, page_head, scroll, time};

/// Where a journey is written.
pub fn address(name: &str) -> String {
    format!("{}/edit", journeys::address(name))
}

/// `GET /journeys/NAME/edit`.
pub fn page(ctx: &Ctx, model: &EditorModel) -> Markup {
    let line = html! {
        @if model.in_force { a href=(journeys::address(&model.name)) { (icon("back")) (model.name) } }
        @else { a href="/journeys" { (icon("back")) (ctx.t("nav-journeys")) } }
        @match model.drafted_at {
            Some(at) => { (badge(Tone::Accent, "wrench", &ctx.t("edit-draft"))) span { (ctx.t("edit-kept")) " " (time(ctx, at)) } }
            None => { span .quiet { (ctx.t("edit-no-draft")) } }
        }
        @if model.by_files { (badge(Tone::Neutral, "file", &ctx.t("segment-by-files"))) }
    };
    let title = ctx.tf("edit-title", &[("journey", Arg::from(&model.name))]);
    let label = ctx.tf("journey-steps", &[("journey", Arg::from(&model.name))]);
    let told = state::DraftNotices {
        action: address(&model.name),
        revision: model.revision,
        problems: &model.problems,
        overtaken: model.overtaken.as_ref(),
        aside: &model.aside,
        others: &model.others,
    };
    let content = html! {
        div #editor .editor hx-target="#editor" hx-select="#editor" hx-swap="outerHTML show:none" {
            (page_head(&title, line))
            div .editor-notices hx-boost="true" { (state::notices(ctx, &told)) }
            div .stack {
                div .editor-columns hx-boost="true" {
                    (card("steps", &ctx.t("journey-tree"), None, turns(ctx, model), scroll(&label, tree::tree(ctx, model))))
                    (panel::panel(ctx, model))
                }
                div hx-boost="true" { (state::mistakes(ctx, model)) }
                (state::published(ctx, model))
                (dry_run(ctx, model))
                (state::discard(ctx, model))
            }
            (fields::names(&model.choices))
        }
    };
    shell(ctx, &title, content)
}

/// What every edit says: whose session it is, and which revision it was made on.
pub(super) fn hidden(ctx: &Ctx, model: &EditorModel) -> Markup {
    hidden_revision(ctx, model.revision)
}

/// The same of any draft.
pub fn hidden_revision(ctx: &Ctx, revision: u64) -> Markup {
    html! {
        (csrf(ctx))
        input type="hidden" name="revision" value=(revision);
    }
}

/// Undo and redo; the panel stays what it is.
fn turns(ctx: &Ctx, model: &EditorModel) -> Markup {
    let (undo, redo) = model.turns;
    let stay = match &model.panel {
        Panel::Fields(fields) => fields.at.clone().unwrap_or_else(|| "rules".to_owned()),
        Panel::Nothing | Panel::Add(_) | Panel::Place { .. } => "none".to_owned(),
    };
    html! {
        form .card-head-side method="post" action=(address(&model.name)) {
            (tree::verdict(ctx, model))
            (hidden(ctx, model))
            input type="hidden" name="then" value=(format!("?at={stay}&still=yes"));
            button #undo .button type="submit" name="do" value="undo" data-key="z" aria-disabled=[(!undo).then_some("true")] { (icon("return")) (ctx.t("edit-undo")) }
            button #redo .button type="submit" name="do" value="redo" data-key="y" aria-disabled=[(!redo).then_some("true")] { (icon("replay")) (ctx.t("edit-redo")) }
        }
    }
}

fn dry_run(ctx: &Ctx, model: &EditorModel) -> Markup {
    let doing =
        |verb: &str| html! { (hidden(ctx, model)) input type="hidden" name="do" value=(verb); };
    let run = DryRunCard {
        journey: &model.name,
        model: &model.dry_run,
        busy: model.busy.as_deref(),
        begin: (address(&model.name), doing("dry-run")),
        stop: (address(&model.name), doing("stop")),
        former: ctx.t("edit-former"),
        line: ctx.tn("edit-dry-run-line", &[("days", DAYS)]),
    };
    let running = matches!(model.dry_run, DryRunModel::Running { .. });
    html! {
        div #dry-run-part hx-get=[running.then(|| format!("{}?still=yes", address(&model.name)))] hx-trigger=[running.then_some("every 1s")]
            hx-target="this" hx-select="#dry-run-part" {
            @if model.faults.is_empty() { (dry_run_card(ctx, &run)) }
        }
    }
}
