//! Forms of the page of channels: keys that sign mail, and addresses at which providers tell.

use maud::{Markup, html};

use super::pace::PaceProblem;
use crate::access::Right;
use crate::hooks::{Hook, HookError, Provider, Refused};
use crate::signing::{Algorithm, KeyState, Shown, SigningError, Which};
use crate::ui::context::Ctx;
use crate::ui::layout::csrf;
use crate::ui::text::Arg;
use crate::ui::widget::{icon, time};

/// What came of a form.
#[derive(Clone, Debug)]
pub enum Told {
    /// A hook has a new address, which is shown this once.
    Address(String, String),
    /// A key of a provider's is kept, and the one of before is good for a day more.
    Renewed(String),
    /// A key waits for its record.
    KeyMade(String),
    /// The record of a key was not found.
    NotFound(Which),
    /// It was not done; in words.
    Wrong(String),
    /// There is a key for push messages.
    PushKeyMade,
    /// A pace was not set; it is said beside its form.
    Pace(PaceProblem),
}

/// What came of a form, above everything else.
pub(super) fn told(ctx: &Ctx, told: &Told) -> Markup {
    html! {
        @match told {
            Told::Address(name, url) => {
                div .notice .good role="status" {
                    (icon("key"))
                    div { p { (ctx.tf("hook-address", &[("name", Arg::from(name))])) } pre .command tabindex="0" { (url) } }
                }
            }
            Told::Renewed(name) => {
                div .notice .good role="status" { (icon("key")) span { (ctx.tf("hook-renewed", &[("name", Arg::from(name))])) } }
            }
            Told::KeyMade(selector) => {
                div .notice .good role="status" { (icon("key")) span { (ctx.tf("dkim-made", &[("selector", Arg::from(selector))])) } }
            }
            Told::NotFound(which) => {
                div .notice .warn role="alert" {
                    (icon("warn"))
                    div .stack {
                        p { (ctx.tf("dkim-not-found", &[("selector", Arg::from(&which.selector)), ("domain", Arg::from(&which.domain))])) }
                        form method="post" action="/channels/key-use" {
                            (csrf(ctx)) (named(which))
                            input type="hidden" name="sure" value="yes";
                            button .button type="submit" { (icon("key")) (ctx.t("dkim-use-anyway")) }
                        }
                    }
                }
            }
            Told::Wrong(words) => {
                div .notice .bad role="alert" { (icon("bad")) span { (words) } }
            }
            Told::PushKeyMade => {
                div .notice .good role="status" { (icon("key")) span { (ctx.t("push-key-made")) } }
            }
            Told::Pace(_) => {}
        }
    }
}

fn named(which: &Which) -> Markup {
    html! {
        input type="hidden" name="domain" value=(which.domain);
        input type="hidden" name="selector" value=(which.selector);
    }
}

/// A key is made, or one of another program taken in.
pub(super) fn new_key(ctx: &Ctx, domain: Option<&str>) -> Markup {
    if !ctx.may(Right::Manage) {
        return html! {};
    }
    html! {
        details .why .card-pad {
            summary { (ctx.t("dkim-new")) }
            form .builder method="post" action="/channels/key" {
                (csrf(ctx))
                div .field {
                    label for="key-domain" { (ctx.t("dkim-domain")) }
                    input #key-domain name="domain" value=[domain] required maxlength="253" autocomplete="off" autocapitalize="none" spellcheck="false" placeholder="shop.example";
                }
                div .field {
                    label for="key-selector" { (ctx.t("dkim-selector")) }
                    input #key-selector name="selector" maxlength="63" autocomplete="off" autocapitalize="none" spellcheck="false" placeholder="regulars1" aria-describedby="selector-help";
                    p #selector-help .quiet .small { (ctx.t("dkim-selector-line")) }
                }
                div .field {
                    label for="key-algorithm" { (ctx.t("dkim-algorithm")) }
                    select #key-algorithm name="algorithm" {
                        @for (algorithm, key) in [(Algorithm::Rsa, "dkim-rsa"), (Algorithm::Ed25519, "dkim-ed25519")] {
                            option value=(algorithm.word()) { (ctx.t(key)) }
                        }
                    }
                }
                div .field {
                    label for="key-pem" { (ctx.t("dkim-pem")) }
                    textarea #key-pem .raw name="private_key" rows="3" spellcheck="false" autocapitalize="none" autocomplete="off" aria-describedby="pem-help" {}
                    p #pem-help .quiet .small { (ctx.t("dkim-pem-line")) }
                }
                div .actions { button .button .primary type="submit" { (icon("plus")) (ctx.t("dkim-make")) } }
            }
        }
    }
}

/// What may be done with a key.
pub(super) fn of_key(ctx: &Ctx, key: &Shown) -> Markup {
    if !ctx.may(Right::Manage) {
        return html! {};
    }
    let which = Which { domain: key.domain.clone(), selector: key.selector.clone() };
    let sure = format!("sure-{}-{}", key.selector, key.domain);
    html! {
        @if key.state != KeyState::Signing {
            div .actions {
                a .button href="/channels?check=domain#domain" { (icon("search")) (ctx.t("domain-check")) }
                form method="post" action="/channels/key-use" {
                    (csrf(ctx)) (named(&which))
                    button .button type="submit" aria-label=(format!("{}: {}", ctx.t("dkim-use"), key.selector)) { (icon("key")) (ctx.t("dkim-use")) }
                }
            }
        }
        details .why {
            summary { (ctx.t("dkim-remove")) }
            form .builder method="post" action="/channels/key-remove" {
                (csrf(ctx)) (named(&which))
                label .choice for=(sure) {
                    input type="checkbox" id=(sure) name="sure" value="yes" required;
                    span { (ctx.t(if key.state == KeyState::Signing { "dkim-remove-signing" } else { "dkim-remove-sure" })) }
                }
                div .actions { button .button type="submit" { (icon("withdrawn")) (ctx.t("dkim-remove-do")) } }
            }
        }
    }
}

/// One small form a provider: each wants something else.
pub(super) fn new_hook(ctx: &Ctx) -> Markup {
    if !ctx.may(Right::Manage) {
        return html! {};
    }
    html! {
        h3 .part { (ctx.t("hook-new")) }
        @for provider in Provider::ALL {
            details .why .card-pad {
                summary { (provider.name()) }
                form .builder method="post" action="/channels/hook" {
                    (csrf(ctx))
                    input type="hidden" name="provider" value=(provider.word());
                    @let id = format!("source-{}", provider.word());
                    div .field {
                        label for=(id) { (ctx.t("hook-source")) }
                        input id=(id) name="source" value=(provider.word()) required maxlength="100" autocomplete="off" spellcheck="false";
                    }
                    (settings(ctx, provider, provider.word()))
                    div .actions { button .button .primary type="submit" { (icon("plus")) (ctx.t("hook-make")) } }
                }
            }
        }
    }
}

/// What is copied out of a provider's settings. `place` tells forms of one page apart.
fn settings(ctx: &Ctx, provider: Provider, place: &str) -> Markup {
    let id = |name: &str| format!("{name}-{place}");
    html! {
        @match provider {
            Provider::Postmark => { p .quiet .small { (ctx.t("hook-postmark-line")) } }
            Provider::Ses => {
                div .field {
                    label for=(id("topic")) { (ctx.t("hook-topic")) }
                    input id=(id("topic")) name="topic" required maxlength="300" autocomplete="off" spellcheck="false" placeholder="arn:aws:sns:eu-west-1:123456789012:mail-events";
                }
                div .field {
                    label for=(id("certificates")) { (ctx.t("hook-certificates")) }
                    textarea id=(id("certificates")) .raw name="certificates" rows="4" required spellcheck="false" autocapitalize="none" autocomplete="off" {}
                }
            }
            Provider::SendGrid => { (key_field(ctx, &id("key"), "hook-key-sendgrid")) }
            Provider::Mailgun => { (key_field(ctx, &id("key"), "hook-key-mailgun")) }
            Provider::Twilio => { (key_field(ctx, &id("key"), "hook-key-twilio")) }
            Provider::Standard => { (key_field(ctx, &id("key"), "hook-key-standard")) }
        }
    }
}

fn key_field(ctx: &Ctx, id: &str, label: &str) -> Markup {
    html! {
        div .field {
            label for=(id) { (ctx.t(label)) }
            input id=(id) type="password" name="key" required maxlength="2000" autocomplete="off" spellcheck="false";
        }
    }
}

/// When a hook was heard of, and what may be done with it.
pub(super) fn of_hook(ctx: &Ctx, hook: &HookShown) -> Markup {
    let HookShown { hook, told, call } = hook;
    html! {
        p .quiet {
            @match told {
                Some(at) => { (ctx.t("hook-last-told")) " " (time(ctx, *at)) }
                None => { (ctx.t("hook-never-told")) }
            }
        }
        @if let Some((at, Some(refused))) = call {
            p .notice .warn { (icon("warn")) span { (ctx.t("hook-refused")) " " (time(ctx, *at)) ". " (ctx.t(refused_key(*refused))) } }
        }
        @if let Some(until) = hook.until { p { (ctx.t("hook-replaced")) " " (time(ctx, until)) "." } }
        @if let Some((_, until)) = hook.former.as_ref().filter(|(_, until)| *until > ctx.now) {
            p { (ctx.t("hook-both-keys")) " " (time(ctx, *until)) "." }
        }
        @if ctx.may(Right::Manage) { (changes(ctx, hook)) }
    }
}

/// A hook, when its source last told something, and its last call with why it was refused, if it was.
#[derive(Clone, Debug)]
pub struct HookShown {
    /// The hook.
    pub hook: Hook,
    /// When its source last told something, in milliseconds since 1970 (UTC).
    pub told: Option<i64>,
    /// Its last call since the program began.
    pub call: Option<(i64, Option<Refused>)>,
}

const fn refused_key(refused: Refused) -> &'static str {
    match refused {
        Refused::NotSigned => "hook-refused-not-signed",
        Refused::Signature => "hook-refused-signature",
        Refused::Clock => "hook-refused-clock",
        Refused::Topic => "hook-refused-topic",
        Refused::Shape => "hook-refused-shape",
    }
}

fn changes(ctx: &Ctx, hook: &Hook) -> Markup {
    let id = html! { (csrf(ctx)) input type="hidden" name="id" value=(hook.id); };
    let label = |key: &str| format!("{}: {}", ctx.t(key), hook.id);
    let signs = hook.of().filter(|provider| *provider != Provider::Postmark);
    html! {
        div .actions {
            @if hook.until.is_none() {
                form method="post" action="/channels/hook-rotate" {
                    (id)
                    button .button .plain type="submit" aria-label=(label("hook-rotate")) { (icon("key")) (ctx.t("hook-rotate")) }
                }
            }
            form method="post" action="/channels/hook-remove" {
                (id)
                button .button .plain type="submit" aria-label=(label("hook-remove")) { (icon("withdrawn")) (ctx.t("hook-remove")) }
            }
        }
        @if let Some(provider) = signs.filter(|_| hook.until.is_none()) {
            details .why {
                summary { (ctx.t("hook-renew")) }
                form .builder method="post" action="/channels/hook-renew" {
                    (id)
                    (settings(ctx, provider, &hook.id))
                    p .quiet .small { (ctx.t("hook-renew-line")) }
                    div .actions { button .button type="submit" { (icon("key")) (ctx.t("hook-renew-do")) } }
                }
            }
        }
    }
}

/// What is wrong with a key, in words; `None`: it is nothing that somebody did.
pub(crate) fn wrong_key(ctx: &Ctx, error: &SigningError) -> Option<String> {
    let about = |key: &str, about: &str| Some(ctx.tf(key, &[("about", Arg::from(about))]));
    match error {
        SigningError::Key(error) => Some(match error {
            crate::signing::KeyError::NoKey => ctx.t("dkim-wrong-key"),
            crate::signing::KeyError::Bits => ctx.t("dkim-wrong-bits"),
            crate::signing::KeyError::Domain(_) => ctx.t("dkim-wrong-domain"),
            crate::signing::KeyError::Selector(_) => ctx.t("dkim-wrong-selector"),
        }),
        SigningError::Taken { selector, .. } => about("dkim-taken", selector),
        SigningError::Unknown { selector, .. } => about("dkim-unknown", selector),
        SigningError::Signs { selector } => about("dkim-signs-still", selector),
        SigningError::TooMany => Some(ctx.t("dkim-too-many")),
        SigningError::Store(_) => None,
    }
}

/// That there is a key for push messages already.
pub(crate) fn push_key_taken(ctx: &Ctx) -> String {
    ctx.t("push-key-taken")
}

/// What is wrong with the name of a source.
pub(crate) fn wrong_source(ctx: &Ctx) -> String {
    ctx.t("hook-wrong-source")
}

/// What is wrong with a hook of a provider, in words; `None`: it is nothing that somebody did.
pub(crate) fn wrong_hook(
    ctx: &Ctx,
    provider: Option<Provider>,
    error: &HookError,
) -> Option<String> {
    match error {
        HookError::Proof(_) => {
            let name = provider.map_or("", Provider::name);
            Some(ctx.tf("hook-wrong", &[("name", Arg::from(name))]))
        }
        HookError::Unknown(_) => Some(ctx.t("hook-unknown")),
        HookError::Replaced(_) => Some(ctx.t("hook-replaced-already")),
        HookError::TooMany => Some(ctx.t("hook-too-many")),
        HookError::Store(_) => None,
    }
}
