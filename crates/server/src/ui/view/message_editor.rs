//! The page on which a message is written: its fields beside the message as somebody would get it.

use maud::{Markup, html};

use super::editor::{DraftNotices, hidden_revision, notices};
use super::journey::changes;
use super::messages::{address, shown, trial};
use crate::ui::context::Ctx;
use crate::ui::layout::{csrf, shell};
use crate::ui::model::{MessageEditorModel, NewMessageModel, Tone};
use crate::ui::text::Arg;
use crate::ui::widget::{badge, card, icon, page_head, sign, time};

/// Where a message is written.
pub fn edit_address(name: &str) -> String {
    format!("{}/edit", address(name))
}

/// `GET /messages/NAME/edit`.
pub fn page(ctx: &Ctx, model: &MessageEditorModel) -> Markup {
    let name = &model.one.row.name;
    let line = html! {
        @if model.in_force { a href=(address(name)) { (icon("back")) (name) } }
        @else { a href="/messages" { (icon("back")) (ctx.t("nav-messages")) } }
        @match model.drafted_at {
            Some(at) => { (badge(Tone::Accent, "wrench", &ctx.t("edit-draft"))) span { (ctx.t("edit-kept")) " " (time(ctx, at)) } }
            None => { span .quiet { (ctx.t("edit-no-draft")) } }
        }
        @if model.by_files { (badge(Tone::Neutral, "file", &ctx.t("segment-by-files"))) }
    };
    let title = ctx.tf("message-edit-title", &[("name", Arg::from(name))]);
    let told = DraftNotices {
        action: edit_address(name),
        revision: model.revision,
        problems: &model.problems,
        overtaken: model.overtaken.as_ref(),
        aside: &model.aside,
        others: &model.others,
    };
    let content = html! {
        (page_head(&title, line))
        div .editor-notices { (notices(ctx, &told)) (tested(ctx, model)) }
        div .message-editor .templates {
            (card("fields", &ctx.t("message-fields"), None, turns(ctx, model), fields(ctx, model)))
            div .stack {
                @if model.faults.is_empty() { (card("shown", &ctx.t("template-shown"), None, html! {}, shown(ctx, &model.one))) }
                @else { (mistakes(ctx, model)) }
            }
        }
        div .stack .templates {
            @if model.faults.is_empty() {
                (card("trial", &ctx.t("template-trial"), None, html! {}, trial(ctx, &model.one)))
                @if model.sketch.sms.is_none() { (card("send-test", &ctx.t("message-send-test"), None, html! {}, send_test(ctx, model))) }
            }
            (card("changes", &ctx.t("edit-changes"), None, html! {}, published(ctx, model)))
            (discard(ctx, model))
        }
    };
    shell(ctx, &title, content)
}

fn tested(ctx: &Ctx, model: &MessageEditorModel) -> Markup {
    html! {
        @if let Some(tested) = &model.tested {
            @match tested {
                Ok(Some(subject)) => {
                    div .notice .good role="status" { (icon("sent")) span { (ctx.t("message-test-sent")) " " (subject) } }
                }
                Ok(None) => {
                    div .notice .warn role="status" { (icon("outbox")) span { (ctx.t("message-test-not-sent")) " " (ctx.t("message-test-stays")) } }
                }
                Err(why) => {
                    div .notice .bad role="status" { (icon("bad")) span { (ctx.t("message-test-not-sent")) " " (why) } }
                }
            }
        }
    }
}

fn turns(ctx: &Ctx, model: &MessageEditorModel) -> Markup {
    let (undo, redo) = model.turns;
    html! {
        form .card-head-side method="post" action=(edit_address(&model.one.row.name)) {
            (hidden_revision(ctx, model.revision))
            (stay(model))
            button #undo .button type="submit" name="do" value="undo" aria-disabled=[(!undo).then_some("true")] { (icon("return")) (ctx.t("edit-undo")) }
            button #redo .button type="submit" name="do" value="redo" aria-disabled=[(!redo).then_some("true")] { (icon("replay")) (ctx.t("edit-redo")) }
        }
    }
}

/// Whoever is looked at stays the same.
fn stay(model: &MessageEditorModel) -> Markup {
    let person = model.one.person.as_ref().map(|(id, _)| format!("person={id}"));
    let language = model.one.language.as_ref().map(|tag| format!("language={tag}"));
    let all: Vec<String> = [person, language].into_iter().flatten().collect();
    html! { input type="hidden" name="then" value=(format!("?{}", all.join("&"))); }
}

fn fields(ctx: &Ctx, model: &MessageEditorModel) -> Markup {
    let sketch = &model.sketch;
    let tracking = match sketch.link_tracking {
        None => "",
        Some(true) => "yes",
        Some(false) => "no",
    };
    html! {
        form #writing .editor-form method="post" action=(edit_address(&model.one.row.name)) {
            (hidden_revision(ctx, model.revision))
            (stay(model))
            input type="hidden" name="written" value="yes";
            @if let Some(sms) = &sketch.sms {
                div .field {
                    label for="sms" { (ctx.t("channel-sms")) }
                    textarea #sms .raw name="sms" rows="6" { "\n" (sms) }
                }
            } @else {
                div .field {
                    label for="subject" { (ctx.t("template-subject")) }
                    input #subject name="subject" value=(sketch.subject) maxlength="1000" autocomplete="off";
                }
                div .field {
                    label for="preheader" { (ctx.t("message-preheader")) }
                    input #preheader name="preheader" value=(sketch.preheader) maxlength="1000" autocomplete="off" aria-describedby="preheader-help";
                    p #preheader-help .quiet .small { (ctx.t("message-preheader-line")) }
                }
                div .field {
                    label for="mjml" { "MJML" }
                    textarea #mjml .raw .message-mjml name="mjml" rows="24" spellcheck="false" autocapitalize="none" autocomplete="off" { "\n" (sketch.mjml) }
                }
                details .why open[!sketch.text.is_empty()] {
                    summary { (ctx.t("message-plain")) }
                    div .field {
                        label for="text" { (ctx.t("message-text-line")) }
                        textarea #text .raw name="text" rows="8" { "\n" (sketch.text) }
                    }
                }
            }
            (words(ctx, model))
            div .field {
                label for="tracking" { (ctx.t("message-tracking")) }
                select #tracking name="tracking" {
                    @for (value, key) in [("", "message-tracking-shop"), ("yes", "message-tracking-yes"), ("no", "message-tracking-no")] {
                        option value=(value) selected[value == tracking] { (ctx.t(key)) }
                    }
                }
            }
            div .actions { button #save .button .primary type="submit" name="do" value="write" { (icon("eye")) (ctx.t("message-keep")) } }
        }
    }
}

/// What it says in each language: a field a text and language.
fn words(ctx: &Ctx, model: &MessageEditorModel) -> Markup {
    let names = model.sketch.word_names();
    let said = |language: &str, name: &str| {
        let texts = model.sketch.words.get(language);
        texts.and_then(|texts| texts.get(name)).cloned().unwrap_or_default()
    };
    html! {
        details #words .why open[!names.is_empty()] {
            summary { (ctx.t("message-words")) }
            p .quiet .small { (ctx.t("message-words-line")) }
            @for name in &names {
                fieldset .message-words {
                    legend { code { "{{ words." (name) " }}" } }
                    @for language in &model.languages {
                        @let key = format!("words/{language}/{name}");
                        div .field {
                            label for=(key) lang=(language) { (language) }
                            textarea id=(key) name=(key) rows="2" lang=(language) { "\n" (said(language, name)) }
                        }
                    }
                }
            }
            fieldset .message-words {
                legend { (ctx.t("message-new-word")) }
                div .field {
                    label for="new-word" { (ctx.t("message-word-name")) }
                    input #new-word name="new-word" autocomplete="off" pattern="[A-Za-z0-9_]+" maxlength="60" placeholder="hello" spellcheck="false";
                }
                div .field {
                    label for="new-language" { (ctx.t("message-word-language")) }
                    select #new-language name="new-language" {
                        @for language in &model.languages { option value=(language) { (language) } }
                    }
                }
                div .field {
                    label for="new-text" { (ctx.t("message-word-text")) }
                    textarea #new-text name="new-text" rows="2" {}
                }
            }
        }
    }
}

fn mistakes(ctx: &Ctx, model: &MessageEditorModel) -> Markup {
    let content = html! {
        ul .card-pad .editor-faults {
            @for (message, cure) in &model.faults {
                li { (sign(Tone::Bad, "bad", message)) " " span .quiet { (ctx.t("segment-cure")) " " (cure) } }
            }
        }
    };
    card("mistakes", &ctx.t("edit-mistakes"), None, html! {}, content)
}

fn send_test(ctx: &Ctx, model: &MessageEditorModel) -> Markup {
    html! {
        form .template-whom method="post" action=(edit_address(&model.one.row.name)) {
            (hidden_revision(ctx, model.revision))
            @if let Some((id, _)) = &model.one.person { input type="hidden" name="person" value=(id); }
            @if let Some(language) = &model.one.language { input type="hidden" name="language" value=(language); }
            div {
                label for="to" { (ctx.t("message-test-to")) }
                input #to .input type="email" name="to" required autocomplete="email" maxlength="254";
            }
            button .button type="submit" name="do" value="send-test" { (icon("sent")) (ctx.t("message-send-test")) }
            p .quiet { (ctx.t("message-test-line")) }
        }
    }
}

fn published(ctx: &Ctx, model: &MessageEditorModel) -> Markup {
    let differs = model.changes.iter().any(|(sign, _)| *sign != ' ');
    html! {
        div .card-pad .stack {
            @if !differs { p .quiet { (ctx.t("edit-no-changes")) } }
            @else {
                (changes(ctx, &ctx.tf("message-edit-title", &[("name", Arg::from(&model.one.row.name))]), &model.changes))
                @if model.by_files {
                    p { (ctx.t("edit-by-files")) }
                    details .why {
                        summary { (ctx.t("edit-file")) }
                        div .why-body { pre .raw tabindex="0" role="region" aria-label=(ctx.t("edit-file")) { (model.text) } }
                    }
                } @else if !model.faults.is_empty() {
                    p { (sign(Tone::Bad, "bad", &ctx.t("edit-mistakes-first"))) }
                } @else if model.overtaken.is_some() {
                    p { (sign(Tone::Warn, "warn", &ctx.t("edit-decide-first"))) }
                } @else if model.revision > 0 {
                    form .actions method="post" action=(edit_address(&model.one.row.name)) {
                        (hidden_revision(ctx, model.revision))
                        button #publish .button .primary type="submit" name="do" value="publish" { (icon("good")) (ctx.t("edit-publish")) }
                    }
                }
            }
        }
    }
}

fn discard(ctx: &Ctx, model: &MessageEditorModel) -> Markup {
    html! {
        @if model.revision > 0 {
            details .why .editor-discard {
                summary { (ctx.t("edit-discard")) }
                form .actions method="post" action=(edit_address(&model.one.row.name)) {
                    (hidden_revision(ctx, model.revision))
                    p { (ctx.t("edit-discard-line")) }
                    button .button type="submit" name="do" value="discard" { (icon("minus")) (ctx.t("edit-discard-really")) }
                }
            }
        }
    }
}

/// `GET /new-message`.
pub fn new_page(ctx: &Ctx, model: &NewMessageModel) -> Markup {
    let title = ctx.t("message-new");
    let form = html! {
        form .editor-form .card-pad method="post" action="/new-message" {
            (csrf(ctx))
            div .field {
                label for="name" { (ctx.t("edit-name")) }
                input #name name="name" value=(model.name) required maxlength="64" autocomplete="off" spellcheck="false"
                    aria-invalid=[model.wrong.then_some("true")] aria-describedby=[model.wrong.then_some("name-wrong")];
                @if model.wrong { p #name-wrong { (sign(Tone::Bad, "bad", &ctx.t("message-name-wrong"))) } }
            }
            div .field {
                label for="from" { (ctx.t("edit-begin-with")) }
                select #from name="from" {
                    option value="" { (ctx.t("message-blank")) }
                    @for name in &model.templates { option value=(name) selected[*name == model.from] { (name) } }
                }
            }
            div .actions { button .button .primary type="submit" { (icon("plus")) (ctx.t("edit-begin-draft")) } }
        }
    };
    let content = html! {
        (page_head(&title, html! { a href="/messages" { (icon("back")) (ctx.t("nav-messages")) } }))
        (card("new", &title, None, html! {}, form))
    };
    shell(ctx, &title, content)
}
