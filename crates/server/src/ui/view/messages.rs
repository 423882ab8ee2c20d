//! Messages: the templates there are, and one of them as somebody would get it: on a phone, on a desk,
//! in the dark, and as plain text.

use maud::{Markup, html};
use regulars_deliver::sms::Counted;
use regulars_deliver::template::Notification;

use super::message_editor::edit_address;
use super::segments::in_path;
use super::sources::nothing;
use crate::access::Right;
use crate::ui::context::Ctx;
use crate::ui::layout::{csrf, shell};
use crate::ui::model::{
    Channel, Instead, LackRow, MessagesModel, ShownMessage, TemplateModel, TemplateRow, Tone,
    TrialModel,
};
use crate::ui::text::Arg;
use crate::ui::widget::{badge, card, count, empty, icon, page_head, scroll, time};

/// What is counted of messages, in the order of [`TemplateRow::sent`].
const COUNTED: [&str; 5] = [
    "template-sent",
    "template-opened",
    "template-clicked",
    "template-bounced",
    "template-complaints",
];

/// `GET /messages`.
pub fn page(ctx: &Ctx, model: &MessagesModel) -> Markup {
    let title = ctx.t("nav-messages");
    let line = html! {
        span { (ctx.t("templates-line")) }
        @if ctx.may(Right::Define) { a .button href="/new-message" { (icon("plus")) (ctx.t("message-new")) } }
        span .quiet { (ctx.tf("templates-days", &[("days", Arg::from(model.days))])) }
        @if !model.whole { span .quiet { (ctx.t("templates-counting")) } }
    };
    let content = html! {
        (page_head(&title, line))
        @if ctx.may(Right::Define) && !model.drafts.is_empty() { (drafts(ctx, &model.drafts)) }
        @if model.templates.is_empty() {
            div .card {
                (empty("email", &ctx.t("templates-empty"), None))
                pre .command tabindex="0" { "template: welcome\nsubject: Welcome\nmjml file: welcome.mjml" }
            }
        } @else {
            section .card { (scroll(&title, table(ctx, &model.templates))) }
        }
    };
    shell(ctx, &title, content)
}

fn drafts(ctx: &Ctx, drafts: &[(String, String, i64)]) -> Markup {
    let content = html! {
        ul .card-pad .drafts {
            @for (name, user, changed_at) in drafts {
                li { a href=(edit_address(name)) { (name) } " " span .quiet { (user) ", " (time(ctx, *changed_at)) } }
            }
        }
    };
    html! { div .drafts-card { (card("drafts", &ctx.t("message-drafts"), None, html! {}, content)) } }
}

fn table(ctx: &Ctx, rows: &[TemplateRow]) -> Markup {
    html! {
        table .table .stacked {
            thead {
                tr {
                    th scope="col" { (ctx.t("template")) }
                    th scope="col" { (ctx.t("template-journeys")) }
                    @for key in COUNTED { th .number scope="col" { (ctx.t(key)) } }
                }
            }
            tbody data-rows {
                @for row in rows {
                    tr data-row {
                        th scope="row" {
                            (icon(row.channel.icon())) " "
                            a .template-name href=(address(&row.name)) { (row.name) }
                            " " span .quiet { (ctx.t(row.purpose.key())) }
                            @for language in &row.languages { " " span .quiet lang=(language) { (language) } }
                        }
                        td data-label=(ctx.t("template-journeys")) { (journeys(ctx, row)) }
                        @for (place, key) in COUNTED.iter().enumerate() {
                            td .number data-label=(ctx.t(key)) {
                                @match row.sent { Some(sent) => { (count(ctx, sent[place])) } None => { (nothing()) } }
                            }
                        }
                    }
                }
            }
        }
    }
}

fn journeys(ctx: &Ctx, row: &TemplateRow) -> Markup {
    html! {
        @if row.journeys.is_empty() { span .quiet { (ctx.t("template-unused")) } }
        @for (number, name) in row.journeys.iter().enumerate() {
            @if number > 0 { ", " }
            a .soft href=(super::journeys::address(name)) { (name) }
        }
    }
}

/// `GET /messages/{name}`, with `person` and `language`.
pub fn one(ctx: &Ctx, model: &TemplateModel) -> Markup {
    let row = &model.row;
    let line = html! {
        a .soft href="/messages" { (icon("chevron-left")) (ctx.t("nav-messages")) }
        span { (ctx.t(row.purpose.key())) }
        (journeys(ctx, row))
        @if ctx.may(Right::Define) { a .button href=(edit_address(&row.name)) { (icon("wrench")) (ctx.t("message-edit")) } }
    };
    let content = html! {
        (page_head(&row.name, line))
        div .templates {
            (card("shown", &ctx.t("template-shown"), None, html! {}, shown(ctx, model)))
            @if let Some(sent) = row.sent {
                (card("trial", &ctx.t("template-trial"), None, html! {}, trial(ctx, model)))
                (card("counted", &ctx.tf("templates-days", &[("days", Arg::from(model.days))]), None, html! {}, counted(ctx, sent)))
            }
            (card("source", &ctx.t("template-source"), None, html! {}, html! {
                pre .command tabindex="0" { (model.source) }
            }))
        }
    };
    shell(ctx, &row.name, content)
}

/// The message as somebody would get it, and for whom that is.
pub(super) fn shown(ctx: &Ctx, model: &TemplateModel) -> Markup {
    html! {
        (whom(ctx, model))
        @if let Some(problem) = &model.shown.problem {
            div .notice .bad role="status" { (icon("bad")) span { (ctx.t("template-not-made")) " " (problem) } }
        } @else {
            (made(ctx, model))
        }
    }
}

/// For whom, and in which language. Who is looked for stands in the body of the form: no address is in
/// an address of a page.
fn whom(ctx: &Ctx, model: &TemplateModel) -> Markup {
    html! {
        form .template-whom method="post" action=(asked_at(model, "person")) {
            (asks(ctx, model))
            @if let Some(language) = &model.language { input type="hidden" name="language" value=(language); }
            div {
                label for="who" { (ctx.t("template-who")) }
                input #who .input type="text" name="who" autocomplete="off" placeholder=(ctx.t("template-who-hint"));
            }
            button .button type="submit" name="do" value="person" { (icon("eye")) (ctx.t("template-look")) }
            p .quiet role="status" {
                @if model.nobody { (icon("warn")) (ctx.t("template-nobody")) " " }
                @match &model.person {
                    Some((id, name)) => {
                        a .soft href=(format!("/people/{id}")) { (name) } " · "
                        a .soft href=(page_with(model, String::new())) { (ctx.t("template-anybody")) }
                    }
                    None => { (ctx.t("template-unknown")) }
                }
            }
        }
        @if !model.row.languages.is_empty() {
            nav .template-languages aria-label=(ctx.t("template-languages")) {
                @for language in &model.row.languages {
                    @let here = *language == model.shown.language;
                    a .button href=(page_with(model, query(model, Some(language), None))) lang=(language) aria-current=[here.then_some("true")] { (language) }
                }
            }
        }
    }
}

/// Where a question about a template is asked: of a draft where its edits go, so that what is being
/// typed is kept with the question.
fn asked_at(model: &TemplateModel, what: &str) -> String {
    match model.revision {
        Some(_) => model.at.clone(),
        None => format!("{}/{what}", model.at),
    }
}

/// What every question says: whose session it is, and of which revision of a draft it is asked.
fn asks(ctx: &Ctx, model: &TemplateModel) -> Markup {
    html! {
        (csrf(ctx))
        @if let Some(revision) = model.revision {
            input type="hidden" name="revision" value=(revision);
            @if let Some((person, _)) = &model.person { input type="hidden" name="person" value=(person); }
        }
    }
}

fn made(ctx: &Ctx, model: &TemplateModel) -> Markup {
    let ShownMessage { subject, text, made_up, .. } = &model.shown;
    if let Some(shown) = &model.shown.notification {
        return push_message(ctx, (subject, text), shown, *made_up);
    }
    if let Some(counted) = &model.shown.counted {
        return text_message(ctx, text, counted, *made_up);
    }
    if model.row.channel == Channel::Web {
        return on_site(ctx, model);
    }
    html! {
        p .template-subject { span .quiet { (ctx.t("template-subject")) } " " strong { (subject) } }
        (stand_ins(ctx, *made_up))
        div .template-frames {
            @for (class, scheme, key) in [("desk", "light", "template-desk"), ("phone", "light", "template-phone"), ("phone dark", "dark", "template-dark")] {
                figure .template-frame .(class) {
                    figcaption { (ctx.t(key)) }
                    iframe sandbox="" src=(body(model, scheme)) title=(ctx.t(key)) {}
                }
            }
        }
        p .quiet { (ctx.t("message-pictures")) }
        details .template-plain {
            summary { (ctx.t("message-plain")) }
            pre .plain-text tabindex="0" { (text) }
        }
    }
}

/// A message on the site in each of its places: as high as the place, as wide as a desk and a phone.
fn on_site(ctx: &Ctx, model: &TemplateModel) -> Markup {
    html! {
        (stand_ins(ctx, model.shown.made_up))
        @if model.slots.is_empty() { p .template-note { (icon("warn")) span { (ctx.t("site-no-slot")) } } }
        @for (slot, height) in &model.slots {
            h3 .part { (ctx.tf("site-in-slot", &[("slot", Arg::from(slot)), ("height", Arg::from(u64::from(*height)))])) }
            div .template-frames {
                @for (class, scheme, key) in [("desk", "light", "site-desk"), ("phone", "light", "template-phone"), ("phone dark", "dark", "template-dark")] {
                    figure .template-frame .site .(class) {
                        figcaption { (ctx.t(key)) }
                        iframe sandbox="" height=(height) src=(body(model, scheme)) title=(format!("{slot}: {}", ctx.t(key))) {}
                    }
                }
            }
        }
        p .quiet { (ctx.t("message-pictures")) }
    }
}

fn stand_ins(ctx: &Ctx, (products, offer): (bool, bool)) -> Markup {
    html! {
        @if products { p .quiet .template-note { (icon("info")) span { (ctx.t("template-products-made-up")) } } }
        @if offer { p .quiet .template-note { (icon("info")) span { (ctx.t("template-offer-made-up")) } } }
    }
}

/// A text message as a phone shows it, and what it comes to.
fn text_message(ctx: &Ctx, text: &str, counted: &Counted, made_up: (bool, bool)) -> Markup {
    html! {
        (stand_ins(ctx, made_up))
        figure .sms-phone {
            figcaption { (ctx.t("sms-as-phone")) }
            p .sms-bubble { (text) }
        }
        p .template-note { (icon("info")) span { (length(ctx, counted)) } }
        @if !counted.costly.is_empty() {
            @let signs: Vec<String> = counted.costly.iter().map(char::to_string).collect();
            p .template-note { (icon("warn")) span { (ctx.tf("sms-costly", &[("signs", Arg::from(signs.join(" ").as_str()))])) } }
        }
    }
}

/// A push message much as systems show it. Its pictures are told by their addresses: pages of ours load
/// nothing from elsewhere.
fn push_message(
    ctx: &Ctx,
    (title, text): (&str, &str),
    shown: &Notification,
    made_up: (bool, bool),
) -> Markup {
    let addresses =
        [("push-icon", &shown.icon), ("push-image", &shown.image), ("push-link", &shown.link)];
    html! {
        (stand_ins(ctx, made_up))
        figure .sms-phone {
            figcaption { (ctx.t("push-as-shown")) }
            div .sms-bubble { strong { (title) } @if !text.is_empty() { p { (text) } } }
        }
        dl .facts {
            @for (key, address) in addresses {
                @if !address.is_empty() { div { dt { (ctx.t(key)) } dd { (address) } } }
            }
        }
    }
}

/// How long a text message is: `2 parts · UCS-2 · 90 units`.
pub(super) fn length(ctx: &Ctx, counted: &Counted) -> String {
    let number = |number: usize| Arg::from(u64::try_from(number).unwrap_or(u64::MAX));
    let (parts, units) = (number(counted.segments), number(counted.units));
    let encoding = Arg::from(counted.encoding.name());
    ctx.tf("sms-counted", &[("parts", parts), ("encoding", encoding), ("units", units)])
}

/// The test over real people, and what it found.
pub(super) fn trial(ctx: &Ctx, model: &TemplateModel) -> Markup {
    html! {
        form .template-try method="post" action=(format!("{}#trial", asked_at(model, "test"))) {
            (asks(ctx, model))
            p { (ctx.t("template-trial-line")) }
            button .button type="submit" name="do" value="test" { (icon("people")) (ctx.t("template-try")) }
        }
        @if let Some(found) = &model.trial { (result(ctx, found)) }
    }
}

fn result(ctx: &Ctx, found: &TrialModel) -> Markup {
    let people = ["template-people", "template-looked-at", "template-recipients"];
    let come_out = ["template-whole", "template-lacking", "template-held"];
    html! {
        dl .facts {
            @for (key, number) in people.iter().zip(found.people).chain(come_out.iter().zip(found.come_out)) {
                div { dt { (ctx.t(key)) } dd { (count(ctx, number)) } }
            }
            @for (language, number) in &found.languages {
                div { dt { (ctx.tf("template-in", &[("language", Arg::from(language))])) } dd { (count(ctx, *number)) } }
            }
        }
        @if found.findings.is_empty() {
            p role="status" { (badge(Tone::Good, "good", &ctx.t("template-all-well"))) }
        } @else {
            (scroll(&ctx.t("template-lacks"), lacks(ctx, &found.findings)))
        }
    }
}

fn lacks(ctx: &Ctx, rows: &[LackRow]) -> Markup {
    html! {
        table .table .stacked {
            thead {
                tr {
                    th scope="col" { (ctx.t("template-lacks")) }
                    th scope="col" { (ctx.t("template-instead")) }
                    th .number scope="col" { (ctx.t("template-how-many")) }
                    th scope="col" { (ctx.t("template-samples")) }
                }
            }
            tbody {
                @for row in rows {
                    tr {
                        th scope="row" {
                            code { (row.what) }
                            @if let Some(place) = &row.place { br; span .quiet { (place) } }
                        }
                        td data-label=(ctx.t("template-instead")) { (instead(ctx, &row.instead)) }
                        td .number data-label=(ctx.t("template-how-many")) { (count(ctx, row.people)) }
                        td data-label=(ctx.t("template-samples")) {
                            ul .plain {
                                @for (id, masked, subject) in &row.samples {
                                    li { a .soft href=(format!("/people/{id}")) { (masked) } " " span .quiet { (subject) } }
                                }
                            }
                        }
                    }
                }
            }
        }
    }
}

fn instead(ctx: &Ctx, instead: &Instead) -> Markup {
    match instead {
        Instead::Nothing => badge(Tone::Warn, "warn", &ctx.t("template-gap")),
        Instead::Says(text) => html! { q { (text) } },
        Instead::Other => html! { (ctx.t("template-other")) },
        Instead::NoMessage => badge(Tone::Bad, "bad", &ctx.t("template-no-message")),
    }
}

fn counted(ctx: &Ctx, sent: [u64; 5]) -> Markup {
    html! {
        dl .facts {
            @for (key, number) in COUNTED.iter().zip(sent) {
                div { dt { (ctx.t(key)) } dd { @if sent[0] == 0 { (nothing()) } @else { (count(ctx, number)) } } }
            }
        }
    }
}

/// The page of a template.
pub(crate) fn address(name: &str) -> String {
    format!("/messages/{}", in_path(name))
}

/// The page with a question; of a draft as a link that keeps what is being typed.
fn page_with(model: &TemplateModel, query: String) -> String {
    match model.revision {
        Some(_) if query.is_empty() => "?".to_owned(),
        Some(_) => query,
        None => format!("{}{query}", model.at),
    }
}

/// The HTML of the message that the page shows, as on a light or dark screen.
fn body(model: &TemplateModel, scheme: &str) -> String {
    let query = query(model, model.language.as_deref(), Some(scheme));
    format!("{}/body{query}", model.at)
}

fn query(model: &TemplateModel, language: Option<&str>, scheme: Option<&str>) -> String {
    let person = model.person.as_ref().map(|(id, _)| format!("person={id}"));
    let language = language.map(|language| format!("language={}", in_path(language)));
    let scheme = scheme.map(|scheme| format!("scheme={scheme}"));
    let all: Vec<String> = [person, language, scheme].into_iter().flatten().collect();
    if all.is_empty() { String::new() } else { format!("?{}", all.join("&")) }
}
