//! What stands above and below the tree: what was published meanwhile, what came too late, what
//! others write, mistakes, what becomes otherwise.

use maud::{Markup, html};

use super::page::{address, hidden, hidden_revision};
use crate::ui::context::Ctx;
use crate::ui::model::{EditorModel, EditorProblem, OtherText, Overtaken, Tone};
use crate::ui::text::Arg;
use crate::ui::view::journey::changes;
use crate::ui::widget::{card, icon, sign, time};

/// What has to be decided about a draft, whatever it is of.
#[derive(Clone, Debug)]
pub struct DraftNotices<'m> {
    /// Where the draft is written.
    pub action: String,
    /// The revision that is shown.
    pub revision: u64,
    /// Why the last edit was not made.
    pub problems: &'m [EditorProblem],
    /// What was published after the draft had begun.
    pub overtaken: Option<&'m Overtaken>,
    /// Texts that came too late.
    pub aside: &'m [OtherText],
    /// What others write.
    pub others: &'m [OtherText],
}

/// Why the last edit was not made, and what else has to be decided.
pub fn notices(ctx: &Ctx, told: &DraftNotices<'_>) -> Markup {
    html! {
        @for problem in told.problems {
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
        (overtaken(ctx, told))
        @for text in told.aside { (aside(ctx, told, text)) }
        @for text in told.others { (other(ctx, told, text)) }
    }
}

fn overtaken(ctx: &Ctx, told: &DraftNotices<'_>) -> Markup {
    html! {
        @if let Some(newer) = told.overtaken {
            section .notice .warn .decide aria-label=(ctx.t("edit-overtaken")) {
                p { (icon("warn")) " " (ctx.t(if newer.version.is_empty() { "edit-taken-away" } else { "edit-overtaken" })) }
                (difference(ctx, "edit-what-they-did", "", &newer.changes))
                div .actions {
                    (choice(ctx, told, "go-over", &newer.version, "edit-go-over"))
                    @if !newer.version.is_empty() { (choice(ctx, told, "take-force", &newer.version, "edit-take-force")) }
                    span .quiet { (ctx.t("edit-or-keep")) }
                }
            }
        }
    }
}

fn aside(ctx: &Ctx, told: &DraftNotices<'_>, text: &OtherText) -> Markup {
    html! {
        section .notice .warn .decide aria-label=(ctx.t("edit-aside")) {
            p { (icon("warn")) " " (ctx.t("edit-aside")) " " (time(ctx, text.at)) }
            (difference(ctx, "edit-what-it-has", &text.id, &text.changes))
            div .actions {
                (choice(ctx, told, "take-aside", &text.id, "edit-take-aside"))
                (choice(ctx, told, "drop-aside", &text.id, "edit-drop-aside"))
            }
        }
    }
}

fn other(ctx: &Ctx, told: &DraftNotices<'_>, text: &OtherText) -> Markup {
    let who = ctx.tf("edit-other", &[("user", Arg::from(&text.id))]);
    html! {
        section .notice .accent .decide aria-label=(who) {
            p { (icon("user")) " " (who) " " (time(ctx, text.at)) }
            (difference(ctx, "edit-what-it-has", &text.id, &text.changes))
            div .actions { (choice(ctx, told, "take-over", &text.id, "edit-take-over")) }
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

fn choice(ctx: &Ctx, told: &DraftNotices<'_>, verb: &str, which: &str, key: &str) -> Markup {
    html! {
        form method="post" action=(told.action) {
            (hidden_revision(ctx, told.revision))
            input type="hidden" name="which" value=(which);
            button .button type="submit" name="do" value=(verb) { (ctx.t(key)) }
        }
    }
}

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
    let differs = model.changes.iter().any(|(sign, _)| *sign != ' ');
    let content = html! {
        div .card-pad .stack {
            @if !differs { p .quiet { (ctx.t("edit-no-changes")) } }
            @else {
                @if model.in_force { (changes(ctx, &ctx.t("edit-changes"), &model.changes)) }
                @else { p .quiet { (ctx.t("edit-all-new")) } pre .raw tabindex="0" role="region" aria-label=(ctx.t("edit-changes")) { (model.text) } }
                p { (ctx.tn("edit-who-is-inside", &[("count", model.inside)])) }
                @if model.by_files { (home(ctx, model)) } @else { (publish(ctx, model)) }
            }
        }
    };
    card("changes", &ctx.t("edit-changes"), None, html! {}, content)
}

fn publish(ctx: &Ctx, model: &EditorModel) -> Markup {
    html! {
        @if !model.faults.is_empty() { p { (sign(Tone::Bad, "bad", &ctx.t("edit-mistakes-first"))) } }
        @else if model.overtaken.is_some() { p { (sign(Tone::Warn, "warn", &ctx.t("edit-decide-first"))) } }
        @else if model.revision > 0 {
            form .actions method="post" action=(address(&model.name)) hx-boost="false" {
                (hidden(ctx, model))
                button #publish .button .primary type="submit" name="do" value="publish" { (icon("good")) (ctx.t("edit-publish")) }
            }
        }
    }
}

/// The whole file, where files manage the journey.
fn home(ctx: &Ctx, model: &EditorModel) -> Markup {
    html! {
        p { (ctx.t("edit-by-files")) }
        details .why {
            summary { (ctx.t("edit-file")) }
            div .why-body { pre .raw tabindex="0" role="region" aria-label=(ctx.t("edit-file")) { (model.text) } }
        }
    }
}

/// Taking the draft away, behind a question: that cannot be undone.
pub(super) fn discard(ctx: &Ctx, model: &EditorModel) -> Markup {
    html! {
        @if model.revision > 0 {
            details .why .editor-discard {
                summary { (ctx.t("edit-discard")) }
                form .actions method="post" action=(address(&model.name)) hx-boost="false" {
                    (hidden(ctx, model))
                    p { (ctx.t("edit-discard-line")) }
                    button .button type="submit" name="do" value="discard" { (icon("minus")) (ctx.t("edit-discard-really")) }
                }
            }
        }
    }
}
