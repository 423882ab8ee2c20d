//! A new journey, and the list of drafts.

use maud::{Markup, html};

use super::page::address;
use crate::ui::context::Ctx;
use crate::ui::layout::{csrf, shell};
use crate::ui::model::{DraftRow, NewJourneyModel, Tone};
use crate::ui::widget::{card, icon, page_head, sign, time};

/// `GET /new-journey`.
pub fn new_page(ctx: &Ctx, model: &NewJourneyModel) -> Markup {
    let title = ctx.t("journey-new");
    let wrong = model.problem.is_some() || model.taken;
    let content = html! {
        (page_head(&title, html! { a href="/journeys" { (icon("back")) (ctx.t("nav-journeys")) } }))
        section .card aria-labelledby="new-title" {
            div .card-head { h2 #new-title { (ctx.t("edit-new-title")) } }
            form .editor-form .card-pad method="post" action="/new-journey" {
                (csrf(ctx))
                div .field {
                    label for="name" { (ctx.t("edit-name")) }
                    input #name name="name" value=(model.name) required maxlength="64" autocomplete="off" spellcheck="false"
                        aria-invalid=[wrong.then_some("true")] aria-describedby=[wrong.then_some("name-wrong")];
                    @if wrong {
                        div #name-wrong {
                            @if model.taken { p { (sign(Tone::Bad, "bad", &ctx.t("edit-name-taken"))) } }
                            @if let Some((what, cure)) = &model.problem { (super::fields::fault(ctx, what, cure)) }
                        }
                    }
                }
                fieldset .examples {
                    legend { (ctx.t("edit-begin-with")) }
                    label .example { input type="radio" name="from" value="" checked[model.from.is_empty()]; span { strong { (ctx.t("edit-blank")) } } }
                    @for (name, line) in &model.examples {
                        label .example { input type="radio" name="from" value=(name) checked[model.from == *name]; span { strong { (name) } " " span lang="en" .quiet { (line) } } }
                    }
                }
                div .actions { button .button .primary type="submit" { (icon("plus")) (ctx.t("edit-begin-draft")) } }
            }
        }
    };
    shell(ctx, &title, content)
}

/// Drafts in the list of journeys.
pub fn drafts(ctx: &Ctx, drafts: &[DraftRow]) -> Markup {
    let content = html! {
        ul .card-pad .drafts {
            @for draft in drafts {
                li { a href=(address(&draft.journey)) { (draft.journey) } " " span .quiet { (draft.user) ", " (time(ctx, draft.changed_at)) } }
            }
        }
    };
    html! { div .drafts-card { (card("drafts", &ctx.t("edit-drafts"), None, html! {}, content)) } }
}
