//! The page on which a message is written: its fields beside the message as somebody would get it.

use maud::{Markup, html};
use regulars_deliver::template::{SiteParts, SitePlace};
use regulars_engine::event;

use super::draft;
use super::journey::changes;
use super::messages::{address, shown, trial};
use crate::templates::PushSketch;
use crate::ui::context::Ctx;
use crate::ui::layout::{csrf, shell};
use crate::ui::model::{MessageEditorModel, NewMessageModel, Tone};
use crate::ui::text::Arg;
use crate::ui::widget::{card, icon, page_head, sign};

/// Where a message is written.
pub fn edit_address(name: &str) -> String {
    format!("{}/edit", address(name))
}

/// `GET /messages/NAME/edit`.
pub fn page(ctx: &Ctx, model: &MessageEditorModel) -> Markup {
    let name = &model.one.row.name;
    let line =
        draft::line(ctx, &model.draft, (&address(name), name), ("/messages", "nav-messages"));
    let title = ctx.tf("message-edit-title", &[("name", Arg::from(name))]);
    let content = html! {
        // What is typed travels along with whatever else is asked for.
        div #editor {
            (page_head(&title, line))
            div .editor-notices { (draft::notices(ctx, &model.draft)) (tested(ctx, model)) }
            div .message-editor .templates {
                (card("fields", &ctx.t("message-fields"), None, turns(ctx, model), fields(ctx, model)))
                div .stack {
                    @if model.faults.is_empty() { (card("shown", &ctx.t("template-shown"), None, html! {}, shown(ctx, &model.one))) }
                    @else { (mistakes(ctx, model)) }
                }
            }
            div .stack .templates {
                @if model.faults.is_empty() && model.sketch.site.is_none() {
                    (card("trial", &ctx.t("template-trial"), None, html! {}, trial(ctx, &model.one)))
                    @if model.sketch.sms.is_none() && model.sketch.push.is_none() { (card("send-test", &ctx.t("message-send-test"), None, html! {}, send_test(ctx, model))) }
                }
                (card("changes", &ctx.t("edit-changes"), None, html! {}, published(ctx, model)))
                (draft::discard(ctx, &model.draft))
            }
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
    html! {
        form .card-head-side method="post" action=(model.draft.at) { (draft::turns(ctx, &model.draft, &stay(model))) }
    }
}

/// Whoever is looked at stays the same.
fn stay(model: &MessageEditorModel) -> String {
    let person = model.one.person.as_ref().map(|(id, _)| format!("person={id}"));
    let language = model.one.language.as_ref().map(|tag| format!("language={tag}"));
    let all: Vec<String> = [person, language].into_iter().flatten().collect();
    format!("?{}", all.join("&"))
}

fn fields(ctx: &Ctx, model: &MessageEditorModel) -> Markup {
    let sketch = &model.sketch;
    let tracking = match sketch.link_tracking {
        None => "",
        Some(true) => "yes",
        Some(false) => "no",
    };
    html! {
        form #writing .editor-form method="post" action=(model.draft.at) {
            (draft::hidden(ctx, &model.draft))
            input type="hidden" name="then" value=(stay(model));
            input type="hidden" name="written" value="yes";
            @if let Some(site) = &sketch.site { (site_fields(ctx, site)) }
            @else if let Some(sms) = &sketch.sms {
                div .field {
                    label for="sms" { (ctx.t("channel-sms")) }
                    textarea #sms .raw name="f:sms" rows="6" { "\n" (sms) }
                }
            } @else if let Some(push) = &sketch.push { (push_fields(ctx, push)) } @else {
                div .field {
                    label for="subject" { (ctx.t("template-subject")) }
                    input #subject name="f:subject" value=(sketch.subject) maxlength="1000" autocomplete="off";
                }
                div .field {
                    label for="preheader" { (ctx.t("message-preheader")) }
                    input #preheader name="f:preheader" value=(sketch.preheader) maxlength="1000" autocomplete="off" aria-describedby="preheader-help";
                    p #preheader-help .quiet .small { (ctx.t("message-preheader-line")) }
                }
                div .field {
                    label for="mjml" { "MJML" }
                    textarea #mjml .raw .message-mjml name="f:mjml" rows="24" spellcheck="false" autocapitalize="none" autocomplete="off" { "\n" (sketch.mjml) }
                }
                details .why open[!sketch.text.is_empty()] {
                    summary { (ctx.t("message-plain")) }
                    div .field {
                        label for="text" { (ctx.t("message-text-line")) }
                        textarea #text .raw name="f:text" rows="8" { "\n" (sketch.text) }
                    }
                }
            }
            (words(ctx, model))
            @if sketch.site.is_none() {
                div .field {
                    label for="tracking" { (ctx.t("message-tracking")) }
                    select #tracking name="f:tracking" {
                        @for (value, key) in [("", "message-tracking-shop"), ("yes", "message-tracking-yes"), ("no", "message-tracking-no")] {
                            option value=(value) selected[value == tracking] { (ctx.t(key)) }
                        }
                    }
                }
            }
            div .actions { button #save .button .primary type="submit" name="do" value="write" { (icon("eye")) (ctx.t("message-keep")) } }
        }
    }
}

/// The names of the fields of a push message, which are the keys of their labels.
const PUSH_PARTS: [&str; 5] = ["push-title", "push-text", "push-icon", "push-image", "push-link"];

/// The parts of a push message.
fn push_fields(ctx: &Ctx, push: &PushSketch) -> Markup {
    html! {
        @for ((name, text), id) in push.parts().into_iter().zip(PUSH_PARTS) {
            @let address = !matches!(name, "title" | "text");
            div .field {
                label for=(id) { (ctx.t(id)) }
                @if name == "text" {
                    textarea id=(id) .raw name=(format!("f:push/{name}")) rows="4" { "\n" (text) }
                } @else {
                    input id=(id) name=(format!("f:push/{name}")) value=(text) maxlength="2000" autocomplete="off" spellcheck=(!address)
                        aria-describedby=[address.then_some("addresses-help")];
                }
            }
        }
        p #addresses-help .quiet .small { (ctx.t("push-addresses-line")) }
    }
}

/// The parts of a message on the site, by their keys in definitions.
fn site_fields(ctx: &Ctx, site: &SiteParts) -> Markup {
    let labels = [
        "site-part-title",
        "site-part-text",
        "site-part-image",
        "site-part-image-text",
        "site-part-button",
        "site-part-link",
    ];
    html! {
        @for (place, label) in SitePlace::ALL.into_iter().zip(labels) {
            @let part = place.word();
            @let id = label.replacen("part-", "", 1);
            div .field {
                label for=(id) { (ctx.t(label)) }
                @if place == SitePlace::Text { textarea id=(id) name=(format!("f:site/{part}")) rows="4" maxlength="2000" { "\n" (site.part(place)) } }
                @else { input id=(id) name=(format!("f:site/{part}")) value=(site.part(place)) maxlength="2000" autocomplete="off"; }
            }
        }
        p .quiet .small { (ctx.t("site-parts-line")) }
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
                            textarea id=(key) name=(format!("f:{key}")) rows="2" lang=(language) { "\n" (said(language, name)) }
                        }
                    }
                }
            }
            fieldset .message-words {
                legend { (ctx.t("message-new-word")) }
                div .field {
                    label for="new-word" { (ctx.t("message-word-name")) }
                    input #new-word name="f:new-word" autocomplete="off" pattern="[A-Za-z0-9_]+" maxlength="60" placeholder="hello" spellcheck="false";
                }
                div .field {
                    label for="new-language" { (ctx.t("message-word-language")) }
                    select #new-language name="f:new-language" {
                        @for language in &model.languages { option value=(language) { (language) } }
                    }
                }
                div .field {
                    label for="new-text" { (ctx.t("message-word-text")) }
                    textarea #new-text name="f:new-text" rows="2" {}
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
        form .template-whom method="post" action=(model.draft.at) {
            (draft::hidden(ctx, &model.draft))
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
    let differs = model.draft.changes.iter().any(|(sign, _)| *sign != ' ');
    html! {
        div .card-pad .stack {
            @if !differs { p .quiet { (ctx.t("edit-no-changes")) } }
            @else {
                (changes(ctx, &ctx.tf("message-edit-title", &[("name", Arg::from(&model.one.row.name))]), &model.draft.changes))
                (draft::publish(ctx, &model.draft, !model.faults.is_empty()))
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
                label for="kind" { (ctx.t("message-kind")) }
                select #kind name="kind" {
                    @for channel in event::Channel::OF_MESSAGES {
                        option value=(channel.word()) selected[channel == model.channel] { (ctx.t(&format!("channel-{}", channel.word()))) }
                    }
                    option value=(event::Channel::Web.word()) selected[model.channel == event::Channel::Web] { (ctx.t("message-on-site")) }
                }
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
