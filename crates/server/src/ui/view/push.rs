//! Push messages on the page of channels: the key, who subscribed, and what the site's pages need.

use maud::{Markup, html};
use regulars_deliver::PushWay;
use regulars_engine::program::Shop;

use super::channels::not_taken;
use crate::access::Right;
use crate::live::Lasting;
use crate::pushing::PushKeyShown;
use crate::ui::context::Ctx;
use crate::ui::layout::csrf;
use crate::ui::model::Tone;
use crate::ui::text::Arg;
use crate::ui::widget::{badge, card, empty, icon, time};

/// What is shown of push messages.
#[derive(Clone, Copy, Debug)]
pub struct PushCard<'m> {
    /// Where they go.
    pub way: PushWay,
    /// Whether they are taken there.
    pub trouble: Option<&'m Lasting>,
    /// The key there is.
    pub key: Option<&'m PushKeyShown>,
    /// How many people have a browser that takes them; `None`: it is not counted.
    pub subscribed: Option<u64>,
}

/// The card of push messages.
pub(super) fn card_of(ctx: &Ctx, shop: &Shop, shown: &PushCard<'_>) -> Markup {
    let (tone, sign, key) = match (shown.way, shown.trouble) {
        (_, Some(_)) => (Tone::Bad, "warn", "channels-trouble"),
        (PushWay::Services, None) => (Tone::Good, "sent", "push-leaves"),
        (PushWay::Outbox, None) => (Tone::Neutral, "outbox", "channels-stays"),
    };
    card(
        "push",
        &ctx.t("channel-push"),
        None,
        badge(tone, sign, &ctx.t(key)),
        html! {
            div .channel-facts {
                p { (ctx.t("push-line")) }
                @if let Some(subscribed) = shown.subscribed {
                    p { (ctx.tf("push-subscribed", &[("people", Arg::from(subscribed))])) }
                }
                (not_taken(ctx, shown.trouble))
            }
            @match shown.key {
                None => {
                    (empty("key", &ctx.t("push-no-key"), None))
                    @if ctx.may(Right::Manage) {
                        form .card-pad method="post" action="/channels/push-key" {
                            (csrf(ctx))
                            div .actions { button .button .primary type="submit" { (icon("plus")) (ctx.t("push-make")) } }
                        }
                    }
                }
                Some(key) => {
                    (snippets(ctx, shop, key))
                    (another(ctx, shown.subscribed))
                }
            }
        },
    )
}

/// Another key in place of the one there is: what that ends is said before.
fn another(ctx: &Ctx, subscribed: Option<u64>) -> Markup {
    if !ctx.may(Right::Manage) {
        return html! {};
    }
    let ends = match subscribed {
        Some(people) => ctx.tf("push-replace-ends", &[("people", Arg::from(people))]),
        None => ctx.t("push-replace-ends-uncounted"),
    };
    html! {
        details .why .card-pad {
            summary { (ctx.t("push-replace")) }
            form .builder method="post" action="/channels/push-key" {
                (csrf(ctx))
                p { (ends) }
                p .quiet .small { (ctx.t("push-replace-line")) }
                label .choice for="push-sure" {
                    input #push-sure type="checkbox" name="sure" value="yes" required;
                    span { (ctx.t("push-replace-sure")) }
                }
                div .actions { button .button type="submit" { (icon("key")) (ctx.t("push-replace-do")) } }
            }
        }
    }
}

/// What the shop's site needs: the worker, the key beside the script, and the call behind a click.
fn snippets(ctx: &Ctx, shop: &Shop, key: &PushKeyShown) -> Markup {
    let host = if shop.base_url.is_empty() { "https://regulars.example" } else { &shop.base_url };
    let script = format!(
        "<script src=\"{host}/site.js\" defer\n  data-write-key=\"wk_...\"\n  data-push-key=\"{}\"></script>",
        key.public
    );
    let call = "button.addEventListener(\"click\", () => regulars.push({\n  worker: \"/push-worker.js\",\n  purpose: \"promotion\",\n  wording: button.textContent,\n}));";
    html! {
        div .dkim-key {
            dl .record {
                div { dt { (ctx.t("push-key")) } dd { code { (key.public) } " " (time(ctx, key.since.0)) } }
                div { dt { (ctx.t("push-worker")) } dd { a href="/push-worker.js" download { "push-worker.js" } " " span .quiet { (ctx.t("push-worker-line")) } } }
            }
            p .quiet { (ctx.t("push-script")) }
            pre .command tabindex="0" { (script) }
            p .quiet { (ctx.t("push-call")) }
            pre .command tabindex="0" { (call) }
        }
    }
}
