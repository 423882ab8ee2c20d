//! What stands below the tree: mistakes, and what becomes otherwise.

use maud::{Markup, html};

use crate::ui::context::Ctx;
use crate::ui::model::{EditorModel, Tone};
use crate::ui::view::draft::publish;
use crate::ui::view::journey::changes;
use crate::ui::widget::{card, sign};

/// All mistakes, each with the way to where it stands, and what is perhaps not what was meant.
pub(super) fn mistakes(ctx: &Ctx, model: &EditorModel) -> Markup {
    if model.faults.is_empty() && model.notices.is_empty() {
        return html! {};
    }
    let content = html! {
        ul .card-pad .editor-faults {
            @for fault in &model.faults {
                li {
                    (sign(Tone::Bad, "bad", &fault.message)) " " span .quiet { (ctx.t("segment-cure")) " " (fault.cure) }
                    @if !fault.elsewhere {
                        " " a href=(format!("?at={}#panel", fault.at.as_deref().unwrap_or("rules"))) { (ctx.t("edit-go-there")) }
                    }
                }
            }
            @for notice in &model.notices { li { (sign(Tone::Warn, "warn", notice)) } }
        }
    };
    card("mistakes", &ctx.t("edit-mistakes"), None, html! {}, content)
}

/// What becomes otherwise, and publishing it; or the file to take home.
pub(super) fn published(ctx: &Ctx, model: &EditorModel) -> Markup {
    let differs = model.draft.changes.iter().any(|(sign, _)| *sign != ' ');
    let content = html! {
        div .card-pad .stack {
            @if !differs { p .quiet { (ctx.t("edit-no-changes")) } }
            @else {
                @if model.draft.in_force { (changes(ctx, &ctx.t("edit-changes"), &model.draft.changes)) }
                @else { p .quiet { (ctx.t("edit-all-new")) } pre .raw tabindex="0" role="region" aria-label=(ctx.t("edit-changes")) { (model.draft.text) } }
                p { (ctx.tn("edit-who-is-inside", &[("count", model.inside)])) }
                (publish(ctx, &model.draft, !model.faults.is_empty()))
            }
        }
    };
    card("changes", &ctx.t("edit-changes"), None, html! {}, content)
}
