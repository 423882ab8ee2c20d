//! What the pages of all drafts share: how far it is kept, undo and redo, what has to be decided about
//! it, publishing and taking it away.

use maud::{Markup, html};

use super::journey::changes;
use crate::ui::context::Ctx;
use crate::ui::layout::csrf;
use crate::ui::model::{DraftModel, EditorProblem, OtherText, Tone};
use crate::ui::text::Arg;
use crate::ui::widget::{badge, icon, sign, time};

/// The line below the title; `home`: the page of the version in force and its name, `list`: the page of
/// all and the key of its name.
pub(super) fn line(
    ctx: &Ctx,
    draft: &DraftModel,
    (home, name): (&str, &str),
    (list, key): (&str, &str),
) -> Markup {
    html! {
        @if draft.in_force { a href=(home) { (icon("back")) (name) } }
        @else { a href=(list) { (icon("back")) (ctx.t(key)) } }
        @match draft.drafted_at {
            Some(at) => { (badge(Tone::Accent, "wrench", &ctx.t("edit-draft"))) span { (ctx.t("edit-kept")) " " (time(ctx, at)) } }
            None => { span .quiet { (ctx.t("edit-no-draft")) } }
        }
        @if draft.by_files { (badge(Tone::Neutral, "file", &ctx.t("segment-by-files"))) }
    }
}

/// What every edit says: whose session it is, and which revision it was made on.
pub(super) fn hidden(ctx: &Ctx, draft: &DraftModel) -> Markup {
    html! {
        (csrf(ctx))
        input type="hidden" name="revision" value=(draft.revision);
    }
}

/// Undo and redo, for a form; `then`: what the page shows afterwards.
pub(super) fn turns(ctx: &Ctx, draft: &DraftModel, then: &str) -> Markup {
    let (undo, redo) = draft.turns;
    html! {
        (hidden(ctx, draft))
        input type="hidden" name="then" value=(then);
        button #undo .button type="submit" name="do" value="undo" data-key="z" aria-disabled=[(!undo).then_some("true")] { (icon("return")) (ctx.t("edit-undo")) }
        button #redo .button type="submit" name="do" value="redo" data-key="y" aria-disabled=[(!redo).then_some("true")] { (icon("replay")) (ctx.t("edit-redo")) }
    }
}

/// Why the last edit was not made, and what else has to be decided.
pub(super) fn notices(ctx: &Ctx, draft: &DraftModel) -> Markup {
    html! {
        @for problem in &draft.problems {
            div .notice .warn role="alert" {
                (icon("warn"))
                span {
                    @match problem {
                        EditorProblem::Late => { (ctx.t("edit-late")) }
                        EditorProblem::Changed => { (ctx.t("edit-changed")) }
                        EditorProblem::Overtaken => { (ctx.t("edit-overtaken-told")) }
                        EditorProblem::Impossible(why) => { (ctx.t("edit-impossible")) " " (why) }
                        EditorProblem::Mistake(what) => { (what) }
                    }
                }
            }
        }
        (overtaken(ctx, draft))
        @for text in &draft.aside { (aside(ctx, draft, text)) }
        @for text in &draft.others { (other(ctx, draft, text)) }
    }
}

fn overtaken(ctx: &Ctx, draft: &DraftModel) -> Markup {
    html! {
        @if let Some(newer) = &draft.overtaken {
            section .notice .warn .decide aria-label=(ctx.t("edit-overtaken")) {
                p { (icon("warn")) " " (ctx.t(if newer.version.is_empty() { "edit-taken-away" } else { "edit-overtaken" })) }
                (difference(ctx, "edit-what-they-did", "", &newer.changes))
                div .actions {
                    (choice(ctx, draft, "go-over", &newer.version, "edit-go-over"))
                    @if !newer.version.is_empty() { (choice(ctx, draft, "take-force", &newer.version, "edit-take-force")) }
                    span .quiet { (ctx.t("edit-or-keep")) }
                }
            }
        }
    }
}

fn aside(ctx: &Ctx, draft: &DraftModel, text: &OtherText) -> Markup {
    html! {
        section .notice .warn .decide aria-label=(ctx.t("edit-aside")) {
            p { (icon("warn")) " " (ctx.t("edit-aside")) " " (time(ctx, text.at)) }
            (difference(ctx, "edit-what-it-has", &text.id, &text.changes))
            div .actions {
                (choice(ctx, draft, "take-aside", &text.id, "edit-take-aside"))
                (choice(ctx, draft, "drop-aside", &text.id, "edit-drop-aside"))
            }
        }
    }
}

fn other(ctx: &Ctx, draft: &DraftModel, text: &OtherText) -> Markup {
    let who = ctx.tf("edit-other", &[("user", Arg::from(&text.id))]);
    html! {
        section .notice .accent .decide aria-label=(who) {
            p { (icon("user")) " " (who) " " (time(ctx, text.at)) }
            (difference(ctx, "edit-what-it-has", &text.id, &text.changes))
            div .actions { (choice(ctx, draft, "take-over", &text.id, "edit-take-over")) }
        }
    }
}

fn difference(ctx: &Ctx, key: &str, which: &str, lines: &[(char, String)]) -> Markup {
    html! {
        @if lines.iter().any(|(sign, _)| *sign != ' ') {
            details .why {
                summary { (ctx.t(key)) }
                div .why-body { (changes(ctx, &format!("{} {which}", ctx.t(key)), lines)) }
            }
        } @else { p .quiet { (ctx.t("edit-the-same")) } }
    }
}

fn choice(ctx: &Ctx, draft: &DraftModel, verb: &str, which: &str, key: &str) -> Markup {
    html! {
        form method="post" action=(draft.at) {
            (hidden(ctx, draft))
            input type="hidden" name="which" value=(which);
            button .button type="submit" name="do" value=(verb) { (ctx.t(key)) }
        }
    }
}

/// Publishing it; or the file to take home, where files manage it.
pub(super) fn publish(ctx: &Ctx, draft: &DraftModel, faulty: bool) -> Markup {
    html! {
        @if draft.by_files {
            p { (ctx.t("edit-by-files")) }
            details .why {
                summary { (ctx.t("edit-file")) }
                div .why-body { pre .raw tabindex="0" role="region" aria-label=(ctx.t("edit-file")) { (draft.text) } }
            }
        } @else if faulty {
            p { (sign(Tone::Bad, "bad", &ctx.t("edit-mistakes-first"))) }
        } @else if draft.overtaken.is_some() {
            p { (sign(Tone::Warn, "warn", &ctx.t("edit-decide-first"))) }
        } @else if draft.revision > 0 {
            form .actions method="post" action=(draft.at) hx-boost="false" {
                (hidden(ctx, draft))
                button #publish .button .primary type="submit" name="do" value="publish" { (icon("good")) (ctx.t("edit-publish")) }
            }
        }
    }
}

/// Taking the draft away, behind a question: that cannot be undone.
pub(super) fn discard(ctx: &Ctx, draft: &DraftModel) -> Markup {
    html! {
        @if draft.revision > 0 {
            details .why .editor-discard {
                summary { (ctx.t("edit-discard")) }
                form .actions method="post" action=(draft.at) hx-boost="false" {
                    (hidden(ctx, draft))
                    p { (ctx.t("edit-discard-line")) }
                    button .button type="submit" name="do" value="discard" { (icon("minus")) (ctx.t("edit-discard-really")) }
                }
            }
        }
    }
}
