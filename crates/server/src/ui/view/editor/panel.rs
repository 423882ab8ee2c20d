//! What stands beside the tree: a form, what may be added, or where something is put.

use maud::{Markup, html};
use regulars_engine::definition::STEP_KINDS;

use super::page::address;
use super::{fields, words};
use crate::ui::context::Ctx;
use crate::ui::model::{EditorFocus, EditorModel, FieldsPanel, Panel};
use crate::ui::text::Arg;
use crate::ui::view::draft::hidden;
use crate::ui::widget::icon;

/// The card beside the tree.
pub(super) fn panel(ctx: &Ctx, model: &EditorModel) -> Markup {
    let focus = model.focus == EditorFocus::Panel && !matches!(model.panel, Panel::Nothing);
    let title = match &model.panel {
        Panel::Nothing => ctx.t("edit-begin"),
        Panel::Fields(fields) if fields.at.is_none() => ctx.t("edit-rules"),
        Panel::Fields(fields) => words::kind(ctx, &fields.kind),
        Panel::Add(_) => ctx.t("edit-add"),
        Panel::Place { copy: true, .. } => ctx.t("edit-copy"),
        Panel::Place { copy: false, .. } => ctx.t("edit-move"),
    };
    html! {
        section #panel .card .editor-panel aria-labelledby="panel-title" {
            div .card-head { h2 #panel-title tabindex="-1" data-focus[focus] { (title) } }
            div .card-pad .stack {
                @match &model.panel {
                    Panel::Nothing => { p .quiet { (ctx.t("edit-begin-line")) } (keys(ctx)) }
                    Panel::Fields(fields) => { (form(ctx, model, fields)) }
                    Panel::Add(at) => { (add(ctx, model, at)) }
                    Panel::Place { from, copy } => { (place(ctx, model, from, *copy)) }
                }
            }
        }
    }
}

/// The keys of the page.
fn keys(ctx: &Ctx) -> Markup {
    html! {
        dl .keys {
            div { dt { kbd { "j" } " " kbd { "k" } } dd { (ctx.t("edit-key-walk")) } }
            div { dt { kbd { "↵" } } dd { (ctx.t("edit-key-open")) } }
            div { dt { kbd { "a" } } dd { (ctx.t("edit-key-add")) } }
            div { dt { kbd { "m" } " " kbd { "c" } } dd { (ctx.t("edit-key-move")) } }
            div { dt { kbd { "Del" } } dd { (ctx.t("edit-key-remove")) } }
            div { dt { kbd { "z" } " " kbd { "y" } } dd { (ctx.t("edit-key-undo")) } }
        }
    }
}

fn form(ctx: &Ctx, model: &EditorModel, panel: &FieldsPanel) -> Markup {
    let place = panel.at.as_deref().unwrap_or("rules");
    html! {
        @for (what, cure) in &panel.faults { (fields::fault(ctx, what, cure)) }
        form #writing .editor-form method="post" action=(address(&model.name)) {
            (hidden(ctx, &model.draft))
            input type="hidden" name="written" value=(place);
            @for (number, field) in panel.fields.iter().enumerate() { (fields::field(ctx, field, number)) }
            @if panel.fields.is_empty() { p .quiet { (ctx.t("edit-nothing-to-write")) } }
            @else { div .actions { button .button .primary type="submit" { (icon("good")) (ctx.t("edit-write")) } } }
        }
        @if let Some(at) = &panel.at { (actions(ctx, model, panel, at)) }
    }
}

/// What can be done with a step, beside writing into it.
fn actions(ctx: &Ctx, model: &EditorModel, panel: &FieldsPanel, at: &str) -> Markup {
    let (before, behind) = &panel.around;
    html! {
        @if let Some(ways) = panel.ways {
            form .actions method="post" action=(address(&model.name)) {
                (hidden(ctx, &model.draft))
                input type="hidden" name="at" value=(at);
                button .button type="submit" name="do" value="add-way" { (icon("plus")) (ctx.t("edit-add-way")) }
            }
            form .actions method="post" action=(address(&model.name)) {
                (hidden(ctx, &model.draft))
                input type="hidden" name="at" value=(at);
                input type="hidden" name="do" value="remove-way";
                @for number in 0..ways {
                    button .button type="submit" name="way" value=(number) {
                        (icon("minus")) (ctx.tf("edit-remove-way", &[("number", Arg::from(number + 1))]))
                    }
                }
            }
        }
        div .actions .step-actions {
            @if let Some(before) = before { (moved(ctx, model, at, before, ("up", "edit-up"))) }
            @if let Some(behind) = behind { (moved(ctx, model, at, behind, ("down", "edit-down"))) }
            a .button href=(format!("?move={at}#panel")) data-key="m" { (icon("arrow-right")) (ctx.t("edit-move")) }
            a .button href=(format!("?copy={at}#panel")) data-key="c" { (icon("file")) (ctx.t("edit-copy")) }
            a .button href=(format!("?add={}#panel", panel.next)) data-key="a" { (icon("plus")) (ctx.t("edit-add-behind")) }
            form method="post" action=(address(&model.name)) {
                (hidden(ctx, &model.draft))
                input type="hidden" name="at" value=(at);
                button .button type="submit" name="do" value="remove" data-key="Delete" { (icon("minus")) (ctx.t("edit-remove")) }
            }
        }
    }
}

fn moved(ctx: &Ctx, model: &EditorModel, from: &str, to: &str, (id, key): (&str, &str)) -> Markup {
    html! {
        form method="post" action=(address(&model.name)) {
            (hidden(ctx, &model.draft))
            input type="hidden" name="from" value=(from);
            input type="hidden" name="to" value=(to);
            button id=(id) .button type="submit" name="do" value="move" { (ctx.t(key)) }
        }
    }
}

fn add(ctx: &Ctx, model: &EditorModel, at: &str) -> Markup {
    html! {
        form .editor-kinds method="post" action=(address(&model.name)) {
            (hidden(ctx, &model.draft))
            input type="hidden" name="do" value="add";
            input type="hidden" name="at" value=(at);
            @for kind in STEP_KINDS {
                button .button type="submit" name="kind" value=(kind) { (icon(words::kind_icon(kind))) (words::kind(ctx, kind)) }
            }
        }
        a .button .plain href="?at=rules&still=yes" { (ctx.t("edit-cancel")) }
    }
}

fn place(ctx: &Ctx, model: &EditorModel, from: &str, copy: bool) -> Markup {
    html! {
        p { (ctx.t("edit-place-line")) }
        form #placing method="post" action=(address(&model.name)) {
            (hidden(ctx, &model.draft))
            input type="hidden" name="do" value=(if copy { "copy" } else { "move" });
            input type="hidden" name="from" value=(from);
        }
        a .button .plain href=(format!("?at={from}#panel")) { (ctx.t("edit-cancel")) }
    }
}
