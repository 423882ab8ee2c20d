//! Channels: how messages leave, and what vouches for them.

use maud::{Markup, html};
use regulars_deliver::{SmsWay, Way};
use regulars_engine::program::Shop;

use super::channel_forms::{self as forms, HookShown, Told};
use super::domain::domain;
use super::pace::pace;
pub use super::pace::{PaceCard, PaceProblem, WINDOWS};
use super::push::{self, PushCard};
use crate::domain_check::Looked;
use crate::live::Lasting;
use crate::signing::{KeyState, Shown};
use crate::ui::context::Ctx;
use crate::ui::layout::shell;
use crate::ui::model::Tone;
use crate::ui::text::Arg;
use crate::ui::widget::{badge, card, empty, page_head, time};

/// What the page shows.
#[derive(Clone, Copy, Debug)]
pub struct ChannelsPage<'m> {
    /// Where messages go.
    pub way: Way,
    /// Whether they are taken there.
    pub trouble: Option<&'m Lasting>,
    /// Where text messages go, and whether they are taken there.
    pub sms: (SmsWay, Option<&'m Lasting>),
    /// How push messages leave.
    pub push: PushCard<'m>,
    /// The shop, for its sender.
    pub shop: &'m Shop,
    /// The keys that sign mail.
    pub keys: &'m [Shown],
    /// Where providers tell what became of messages.
    pub hooks: &'m [HookShown],
    /// How fast messages leave.
    pub pace: PaceCard<'m>,
    /// What was found of the sender's domain, if somebody asked.
    pub looked: Option<&'m Looked>,
    /// What came of a form.
    pub told: Option<&'m Told>,
}

/// `GET /channels`.
pub fn page(ctx: &Ctx, shown: &ChannelsPage<'_>) -> Markup {
    let title = ctx.t("nav-channels");
    let content = html! {
        (page_head(&title, html! { p { (ctx.t("channels-line")) } }))
        div .channels {
            @if let Some(told) = shown.told { (forms::told(ctx, told)) }
            (mail(ctx, shown))
            (domain(ctx, !shown.shop.from_email.is_empty(), shown.looked))
            (keys(ctx, shown))
            (sms(ctx, shown.shop, shown.sms))
            (push::card_of(ctx, shown.shop, &shown.push))
            (pace(ctx, &shown.pace))
            (hooks(ctx, shown.hooks))
            (card("webhooks", &ctx.t("webhooks"), None, html! {}, html! {
                div .channel-facts { p .quiet { (ctx.t("webhooks-line")) } p { a href="/webhooks" { (ctx.t("webhooks-destinations")) } } }
            }))
        }
    };
    shell(ctx, &title, content)
}

fn mail(ctx: &Ctx, shown: &ChannelsPage<'_>) -> Markup {
    let (tone, icon, key) = match shown.way {
        Way::MailServer => (Tone::Good, "sent", "channels-leaves"),
        Way::Provider(_) => (Tone::Good, "sent", "channels-provider"),
        Way::Outbox => (Tone::Neutral, "outbox", "channels-stays"),
    };
    let (tone, icon, key) = match shown.trouble {
        Some(_) => (Tone::Bad, "warn", "channels-trouble"),
        None => (tone, icon, key),
    };
    let provider = if let Way::Provider(provider) = shown.way { provider.name() } else { "" };
    card(
        "mail",
        &ctx.t("channel-email"),
        None,
        badge(tone, icon, &ctx.tf(key, &[("name", Arg::from(provider))])),
        html! {
            div .channel-facts {
                @if shown.shop.from_email.is_empty() {
                    p { (ctx.t("channels-no-sender")) }
                } @else {
                    p { (ctx.tf("channels-sender", &[("name", Arg::from(&shown.shop.from_name)), ("address", Arg::from(&shown.shop.from_email))])) }
                }
                (not_taken(ctx, shown.trouble))
                @if shown.way == Way::Outbox { p .quiet { (with_options(&ctx.t("channels-stays-line"))) } }
                p { a href="/outbox" { (ctx.t("nav-outbox")) } }
            }
        },
    )
}

fn sms(ctx: &Ctx, shop: &Shop, (way, trouble): (SmsWay, Option<&Lasting>)) -> Markup {
    let (tone, icon, key) = match (way, trouble) {
        (_, Some(_)) => (Tone::Bad, "warn", "channels-trouble"),
        (SmsWay::Twilio, None) => (Tone::Good, "sent", "channels-provider"),
        (SmsWay::Outbox, None) => (Tone::Neutral, "outbox", "channels-stays"),
    };
    card(
        "sms",
        &ctx.t("channel-sms"),
        None,
        badge(tone, icon, &ctx.tf(key, &[("name", Arg::from("Twilio"))])),
        html! {
            div .channel-facts {
                p { (ctx.t("channels-sms-line")) }
                p { (texted(ctx, shop)) }
                (not_taken(ctx, trouble))
                @if way == SmsWay::Outbox { p .quiet { (with_options(&ctx.t("channels-sms-stays"))) } }
            }
        },
    )
}

/// The countries whose numbers get text messages.
fn texted(ctx: &Ctx, shop: &Shop) -> String {
    if shop.sms_to.is_empty() {
        return ctx.t("channels-sms-everywhere");
    }
    let codes: Vec<String> = shop.sms_to.iter().map(|code| format!("+{code}")).collect();
    ctx.tf("channels-sms-to", &[("codes", Arg::from(&codes.join(", ")))])
}

/// A text in which options of commands (`--smtp`) stand as what is typed, in one piece.
fn with_options(text: &str) -> Markup {
    html! {
        @for (number, word) in text.split(' ').enumerate() {
            @if number > 0 { " " }
            @if word.starts_with("--") {
                @let option = word.trim_end_matches(['.', ',', ';', ':']);
                code .option { (option) } (word[option.len()..])
            } @else { (word) }
        }
    }
}

pub(super) fn not_taken(ctx: &Ctx, trouble: Option<&Lasting>) -> Markup {
    html! {
        @if let Some(trouble) = trouble {
            p { (ctx.t("channels-trouble-since")) " " (time(ctx, trouble.since.0)) }
            p { (ctx.tf("channels-trouble-said", &[("words", Arg::from(&trouble.said))])) }
            p .quiet { (ctx.t("channels-trouble-next")) }
        }
    }
}

fn keys(ctx: &Ctx, shown: &ChannelsPage<'_>) -> Markup {
    if let Way::Provider(provider) = shown.way
        && !provider.takes_bytes()
    {
        let line = ctx.tf("dkim-provider", &[("name", Arg::from(provider.name()))]);
        let by_provider = badge(Tone::Neutral, "key", &ctx.t("dkim-provider-signs"));
        let said = html! { div .channel-facts { p .quiet { (line) } } };
        return card("dkim", &ctx.t("dkim-title"), None, by_provider, said);
    }
    let own = shown.shop.sending_domain();
    let signs = |key: &Shown| key.state == KeyState::Signing && key.is_for(own);
    let (tone, icon, key) = if shown.keys.iter().any(signs) {
        (Tone::Good, "good", "dkim-signed")
    } else {
        (Tone::Warn, "warn", "dkim-unsigned")
    };
    card(
        "dkim",
        &ctx.t("dkim-title"),
        None,
        badge(tone, icon, &ctx.t(key)),
        html! {
            div .channel-facts { p .quiet { (ctx.t("dkim-line")) } }
            @if shown.keys.is_empty() { (empty("key", &ctx.t("dkim-empty"), None)) }
            @for key in shown.keys { (one_key(ctx, key)) }
            (forms::new_key(ctx, Some(own).filter(|own| !own.is_empty())))
        },
    )
}

fn one_key(ctx: &Ctx, key: &Shown) -> Markup {
    let (tone, icon, word) = match key.state {
        KeyState::Waiting => (Tone::Warn, "held", "dkim-waiting"),
        KeyState::Signing => (Tone::Good, "good", "dkim-signing"),
        KeyState::Retired => (Tone::Neutral, "minus", "dkim-retired"),
    };
    html! {
        article .dkim-key {
            div .dkim-head {
                h3 { (key.selector) " · " (key.domain) }
                span .quiet { (key.algorithm.word()) }
                (badge(tone, icon, &ctx.t(word)))
                (time(ctx, key.since.0))
            }
            dl .record {
                div { dt { (ctx.t("dkim-record-name")) } dd { code { (key.record.name) } } }
                div { dt { (ctx.t("dkim-record-value")) } dd { code { (key.record.value) } } }
            }
            @if key.state == KeyState::Waiting { p { (ctx.t("dkim-waiting-next")) } }
            (forms::of_key(ctx, key))
        }
    }
}

fn hooks(ctx: &Ctx, hooks: &[HookShown]) -> Markup {
    card(
        "hooks",
        &ctx.t("hooks-title"),
        None,
        html! {},
        html! {
            div .channel-facts { p .quiet { (ctx.t("hooks-line")) } }
            @if hooks.is_empty() { (empty("sources", &ctx.t("hooks-empty"), None)) }
            @for hook in hooks { (one_hook(ctx, hook)) }
            (forms::new_hook(ctx))
        },
    )
}

fn one_hook(ctx: &Ctx, shown: &HookShown) -> Markup {
    let hook = &shown.hook;
    let name = hook.of().map_or(hook.provider.as_str(), |provider| provider.name());
    html! {
        article .dkim-key {
            div .dkim-head {
                h3 { (name) }
                a href=(format!("/sources/{}", hook.source)) { (hook.source) }
                span .quiet { (hook.id) }
                (time(ctx, hook.since))
            }
            @if let Some(url) = &hook.confirm {
                p { (ctx.t("hooks-confirm")) }
                p { a .button href=(url) rel="noreferrer" target="_blank" { (ctx.t("hooks-confirm-button")) } }
            }
            (forms::of_hook(ctx, shown))
        }
    }
}
