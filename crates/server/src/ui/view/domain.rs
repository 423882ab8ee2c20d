//! What the DNS says of the sender's domain: a card of the page of channels.

use maud::{Markup, html};
use regulars_deliver::dns::{Finding, Standing};

use crate::domain_check::Looked;
use crate::ui::context::Ctx;
use crate::ui::model::Tone;
use crate::ui::text::Arg;
use crate::ui::widget::{badge, card};

/// The card: a button, and below it what was found if it was pressed.
pub(super) fn domain(ctx: &Ctx, has_sender: bool, looked: Option<&Looked>) -> Markup {
    let content = html! {
        div .channel-facts {
            p .quiet { (ctx.t("domain-line")) }
            @if has_sender {
                form method="get" action="/channels#domain" {
                    input type="hidden" name="check" value="domain";
                    button .button type="submit" { (ctx.t(if looked.is_some() { "domain-again" } else { "domain-check" })) }
                }
            }
        }
        @if let Some(looked) = looked {
            @for finding in &looked.findings { (one(ctx, finding)) }
        }
    };
    let title = match looked {
        Some(looked) => ctx.tf("domain-of", &[("domain", Arg::from(&looked.domain))]),
        None => ctx.t("domain-title"),
    };
    card("domain", &title, None, html! {}, content)
}

fn one(ctx: &Ctx, finding: &Finding) -> Markup {
    let (tone, icon, word) = match finding.verdict.standing() {
        Standing::Good => (Tone::Good, "good", "domain-good"),
        Standing::Weak => (Tone::Warn, "warn", "domain-weak"),
        Standing::Bad => (Tone::Bad, "bad", "domain-bad"),
        Standing::Unknown => (Tone::Neutral, "uncertain", "domain-unknown"),
    };
    html! {
        article .dkim-key {
            div .dkim-head {
                h3 { (finding.topic.word()) }
                span .quiet .cut { (finding.name) }
                (badge(tone, icon, &ctx.t(word)))
            }
            p { (ctx.t(&format!("found-{}", finding.verdict.word()))) }
            dl .record {
                @for text in &finding.found {
                    div { dt { (ctx.t("domain-found")) } dd { code { (text) } } }
                }
                @if let Some(publish) = &finding.publish {
                    div { dt { (ctx.t("dkim-record-name")) } dd { code { (publish.name) } } }
                    div { dt { (ctx.t("dkim-record-value")) } dd { code { (publish.value) } } }
                }
            }
        }
    }
}
