//! Webhooks: whom journeys may tell, and what became of it.

use maud::{Markup, html};

use super::segments::in_path;
use crate::access::Right;
use crate::ui::context::Ctx;
use crate::ui::layout::{csrf, shell};
use crate::ui::model::{CallRow, DestinationRow, Tone, WebhooksModel};
use crate::ui::text::Arg;
use crate::ui::widget::{badge, card, count, empty, icon, page_head, time, time_ago};
use crate::webhooks::DestinationError;

/// `GET /webhooks`, and the answers to its forms.
pub fn page(ctx: &Ctx, model: &WebhooksModel) -> Markup {
    let title = ctx.t("webhooks");
    let content = html! {
        p .crumb { a href="/channels" { (icon("back")) (ctx.t("nav-channels")) } }
        (page_head(&title, html! { span { (ctx.t("webhooks-line")) } }))
        div .channels {
            (news(ctx, model))
            (card("destinations", &ctx.t("webhooks-destinations"), None, html! {}, destinations(ctx, model)))
            (card("calls", &ctx.t("webhooks-calls"), None, html! {}, calls(ctx, model)))
        }
    };
    shell(ctx, &title, content)
}

/// What a form came to, and what nobody knows.
fn news(ctx: &Ctx, model: &WebhooksModel) -> Markup {
    html! {
        @if let Some((name, secret)) = &model.secret {
            div .notice .good role="status" {
                (icon("key"))
                div {
                    p { (ctx.tf("webhooks-secret", &[("name", Arg::from(name))])) }
                    pre .command tabindex="0" { (secret) }
                }
            }
        }
        @if let Some(again) = model.again {
            div .notice .good role="status" { (icon("replay")) span { (ctx.tn("webhooks-being-made", &[("count", again)])) } }
        }
        @for (journey, step, name, waiting) in &model.unknown {
            div .notice .warn {
                (icon("warn"))
                span {
                    (ctx.tf("webhooks-unknown", &[("journey", Arg::from(journey)), ("step", Arg::from(step)), ("name", Arg::from(name))]))
                    " " (ctx.tn("webhooks-wait-for-it", &[("count", *waiting)]))
                }
            }
        }
    }
}

fn destinations(ctx: &Ctx, model: &WebhooksModel) -> Markup {
    html! {
        @if model.destinations.is_empty() { (empty("webhook", &ctx.t("webhooks-none"), None)) }
        @for row in &model.destinations { (destination(ctx, row)) }
        @if ctx.may(Right::Manage) { (form(ctx, model)) }
    }
}

fn destination(ctx: &Ctx, row: &DestinationRow) -> Markup {
    let (tone, sign, key) = match &row.paused {
        None => (Tone::Good, "good", "webhooks-told"),
        Some((_, Some(_))) => (Tone::Warn, "held", "webhooks-paused"),
        Some((_, None)) => (Tone::Bad, "warn", "webhooks-gone"),
    };
    html! {
        article .dkim-key {
            div .dkim-head {
                h3 { (row.name) }
                span .quiet { (row.host) }
                (badge(tone, sign, &ctx.t(key)))
            }
            p .quiet {
                (ctx.tf("webhooks-set-by", &[("name", Arg::from(&row.set.1))])) " " (time(ctx, row.set.0))
                @if let Some(until) = row.both_until { " · " (ctx.t("webhooks-both-until")) " " (time(ctx, until)) }
                @if let Some((at, by)) = &row.paused {
                    " · " (ctx.t("webhooks-paused-since")) " " (time(ctx, *at))
                    @if let Some(by) = by { " (" (by) ")" }
                }
            }
            p {
                @for (number, key) in STATES.into_iter().enumerate() {
                    @if number > 0 { " · " }
                    a .soft href=(format!("/webhooks?{}&state={}#calls", query("destination", &row.name), key.0)) { (ctx.t(key.1)) " " (count(ctx, row.calls[number])) }
                }
            }
            @if let Some((taken, said, ms)) = &row.tested {
                @let args = [("answer", Arg::from(said)), ("ms", Arg::from(*ms))];
                p role="status" {
                    @if *taken { (badge(Tone::Good, "good", &ctx.t("webhooks-test-taken"))) }
                    @else { (badge(Tone::Bad, "bad", &ctx.t("webhooks-test-not-taken"))) }
                    " " (ctx.tf("webhooks-answer", &args))
                }
            }
            (buttons(ctx, row))
        }
    }
}

/// The word of each state in addresses, and the key of what pages call it.
const STATES: [(&str, &str); 4] = [
    ("waiting", "webhooks-waiting"),
    ("delivered", "webhooks-delivered"),
    ("gave_up", "webhooks-gave-up"),
    ("withdrawn", "webhooks-withdrawn"),
];

fn buttons(ctx: &Ctx, row: &DestinationRow) -> Markup {
    let turned = match row.paused {
        None => ("pause", "held", "webhooks-pause"),
        Some(_) => ("resume", "replay", "webhooks-resume"),
    };
    let again = (row.calls[2] > 0).then_some(("again", "replay", "webhooks-again-all"));
    let rest = [("rotate", "key", "webhooks-rotate"), ("remove", "withdrawn", "webhooks-remove")];
    let all = [("test", "sent", "webhooks-test"), turned].into_iter().chain(again).chain(rest);
    let all = all.filter(|(verb, ..)| ctx.may(needs(verb)));
    html! {
        div .actions {
            @for (verb, sign, key) in all {
                form method="post" action=(format!("/webhooks/{verb}")) {
                    (csrf(ctx))
                    input type="hidden" name="name" value=(row.name);
                    button .button .plain type="submit" aria-label=(format!("{}: {}", ctx.t(key), row.name)) { (icon(sign)) (ctx.t(key)) }
                }
            }
        }
    }
}

/// What a button of a destination needs.
fn needs(verb: &str) -> Right {
    if verb == "again" { Right::Repair } else { Right::Manage }
}

/// Where a destination is set, or led elsewhere.
fn form(ctx: &Ctx, model: &WebhooksModel) -> Markup {
    let unknown = model.unknown.first().map(|(_, _, name, _)| name.as_str());
    let (wrong, name, url) = match &model.wrong {
        Some((wrong, name, url)) => (Some(wrong), name.as_str(), url.as_str()),
        None => (None, unknown.unwrap_or_default(), ""),
    };
    html! {
        form .builder .card-pad method="post" action="/webhooks/set" {
            (csrf(ctx))
            @if let Some(wrong) = wrong { p .notice .bad role="alert" { (icon("bad")) span { (wrong) } } }
            div .field {
                label for="destination-name" { (ctx.t("webhooks-name")) }
                input #destination-name name="name" value=(name) required maxlength="64" autocomplete="off" autocapitalize="none" spellcheck="false" placeholder="crm";
            }
            div .field {
                label for="destination-url" { (ctx.t("webhooks-url")) }
                input #destination-url name="url" type="url" value=(url) required maxlength="2000" autocomplete="off" spellcheck="false" placeholder="https://crm.example/hooks/regulars";
            }
            p .quiet .small { (ctx.t("webhooks-form-line")) }
            div .actions { button .button .primary type="submit" { (icon("plus")) (ctx.t("webhooks-set")) } }
        }
    }
}

fn calls(ctx: &Ctx, model: &WebhooksModel) -> Markup {
    let path = |state: Option<&str>| {
        let state = state.map(|state| format!("&state={state}")).unwrap_or_default();
        format!("/webhooks?{}{state}#calls", model.asked)
    };
    let chosen = model.state.as_deref();
    html! {
        nav .filters .card-pad aria-label=(ctx.t("filter-label")) {
            a .chip href=(path(None)) aria-current=[chosen.is_none().then_some("true")] { (ctx.t("all")) }
            @for (state, key) in STATES {
                a .chip href=(path(Some(state))) aria-current=[(chosen == Some(state)).then_some("true")] { (ctx.t(key)) }
            }
            @if !model.asked.is_empty() { a .chip href="/webhooks#calls" { (icon("minus")) (ctx.t("webhooks-of-all")) } }
        }
        @if model.calls.is_empty() { (empty("webhook", &ctx.t("webhooks-no-calls"), None)) } @else {
            ul .todo data-rows { @for row in &model.calls { (call(ctx, row)) } }
        }
        @if let Some(older) = model.older {
            p .card-pad { a href=(format!("/webhooks?{}{}&before={older}#calls", model.asked, chosen.map(|state| format!("&state={state}")).unwrap_or_default())) { (ctx.t("notices-older")) } }
        }
    }
}

fn call(ctx: &Ctx, row: &CallRow) -> Markup {
    let (tone, sign, key) = match row.state {
        "delivered" => (Tone::Good, "good", "webhooks-delivered"),
        "gave up" => (Tone::Bad, "bad", "webhooks-gave-up"),
        "withdrawn" => (Tone::Neutral, "withdrawn", "webhooks-withdrawn"),
        _ => (Tone::Accent, "waiting", "webhooks-waiting"),
    };
    let label = format!("{}: {}, {}", ctx.t("webhooks-again"), row.destination, row.person.1);
    html! {
        li .todo-item data-row {
            (badge(tone, sign, &ctx.t(key)))
            div .todo-what {
                p { strong { (row.destination) } " · " a href=(format!("/people/{}", row.person.0)) { (row.person.1) } }
                p .quiet {
                    (row.step.0) " · " (row.step.1) " · " (time_ago(ctx, row.at))
                    @if row.attempts > 0 { " · " (ctx.tn("webhooks-attempts", &[("count", u64::from(row.attempts))])) }
                    @if let Some(next) = row.next_at.filter(|next| *next > ctx.now) { " · " (ctx.t("webhooks-next")) " " (time_ago(ctx, next)) }
                }
                @if !row.answer.is_empty() { p .quiet { (row.answer) } }
            }
            div .todo-when {
                @if ctx.may(Right::Repair) && (row.state != "waiting" || row.next_at.is_some_and(|next| next > ctx.now)) {
                    form method="post" action="/webhooks/again" {
                        (csrf(ctx))
                        input type="hidden" name="id" value=(row.id);
                        button .button .plain type="submit" aria-label=(label) { (icon("replay")) (ctx.t("webhooks-again")) }
                    }
                }
            }
        }
    }
}

/// What is wrong with what somebody asked for, in words; `None`: it is nothing that they did.
pub(crate) fn wrong(ctx: &Ctx, error: &DestinationError) -> Option<String> {
    let told = |key: &str, about: &str| Some(ctx.tf(key, &[("about", Arg::from(about))]));
    match error {
        DestinationError::Name => told("webhooks-wrong-name", ""),
        DestinationError::Url(why) => told("webhooks-wrong-url", &why.to_string()),
        DestinationError::Taken(name) => told("webhooks-taken", name),
        DestinationError::Unknown(name) => told("webhooks-not-there", name),
        DestinationError::Used(journey) => told("webhooks-used", journey),
        DestinationError::TooMany => told("webhooks-too-many", ""),
        DestinationError::Random | DestinationError::Store(_) => None,
    }
}

/// Where the calls of a step stand.
pub(crate) fn calls_of(journey: &str, step: &str) -> String {
    format!("/webhooks?{}&{}#calls", query("journey", journey), query("step", step))
}

/// A part of an address.
fn query(key: &str, value: &str) -> String {
    format!("{key}={}", in_path(value))
}
