//! The page on which a journey is written. Every edit is one form, so that it works without scripts;
//! with them only this part of the page is drawn anew.

use maud::{Markup, html};

use super::{fields, panel, state, tree};
use crate::runs::DAYS;
use crate::ui::context::Ctx;
use crate::ui::layout::shell;
use crate::ui::model::{DryRunModel, EditorModel, Panel};
use crate::ui::text::Arg;
use crate::ui::view::journey::{DryRunCard, dry_run_card};
use crate::ui::view::{draft, journeys};
use crate::ui::widget::{card, page_head, scroll};

/// Where a journey is written.
pub fn address(name: &str) -> String {
    format!("{}/edit", journeys::address(name))
}

/// `GET /journeys/NAME/edit`.
pub fn page(ctx: &Ctx, model: &EditorModel) -> Markup {
    let home = journeys::address(&model.name);
    let line = draft::line(ctx, &model.draft, (&home, &model.name), ("/journeys", "nav-journeys"));
    let title = ctx.tf("edit-title", &[("journey", Arg::from(&model.name))]);
    let label = ctx.tf("journey-steps", &[("journey", Arg::from(&model.name))]);
    let content = html! {
        div #editor .editor hx-target="#editor" hx-select="#editor" hx-swap="outerHTML show:none" {
            (page_head(&title, line))
            div .editor-notices hx-boost="true" { (draft::notices(ctx, &model.draft)) }
            div .stack {
                div .editor-columns hx-boost="true" {
                    (card("steps", &ctx.t("journey-tree"), None, turns(ctx, model), scroll(&label, tree::tree(ctx, model))))
                    (panel::panel(ctx, model))
                }
                div hx-boost="true" { (state::mistakes(ctx, model)) }
                (state::published(ctx, model))
                (dry_run(ctx, model))
                (draft::discard(ctx, &model.draft))
            }
            (fields::names(&model.choices))
        }
    };
    shell(ctx, &title, content)
}

/// Undo and redo; the panel stays what it is.
fn turns(ctx: &Ctx, model: &EditorModel) -> Markup {
    let stay = match &model.panel {
        Panel::Fields(fields) => fields.at.clone().unwrap_or_else(|| "rules".to_owned()),
        Panel::Nothing | Panel::Add(_) | Panel::Place { .. } => "none".to_owned(),
    };
    html! {
        form .card-head-side method="post" action=(model.draft.at) {
            (tree::verdict(ctx, model))
            (draft::turns(ctx, &model.draft, &format!("?at={stay}&still=yes")))
        }
    }
}

fn dry_run(ctx: &Ctx, model: &EditorModel) -> Markup {
    let doing = |verb: &str| html! { (draft::hidden(ctx, &model.draft)) input type="hidden" name="do" value=(verb); };
    let run = DryRunCard {
        journey: &model.name,
        model: &model.dry_run,
        busy: model.busy.as_deref(),
        begin: (model.draft.at.clone(), doing("dry-run")),
        stop: (model.draft.at.clone(), doing("stop")),
        former: ctx.t("edit-former"),
        line: ctx.tn("edit-dry-run-line", &[("days", DAYS)]),
    };
    let running = matches!(model.dry_run, DryRunModel::Running { .. });
    html! {
        div #dry-run-part hx-get=[running.then(|| format!("{}?still=yes", model.draft.at))] hx-trigger=[running.then_some("every 1s")]
            hx-target="this" hx-select="#dry-run-part" {
            @if model.faults.is_empty() { (dry_run_card(ctx, &run)) }
        }
    }
}
