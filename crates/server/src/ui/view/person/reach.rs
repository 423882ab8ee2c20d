//! Can this person be contacted, and why not.

use maud::{Markup, html};

use crate::access::Right;
use crate::ui::context::Ctx;
use crate::ui::model::{ChannelReach, PurposeReach, Reach, Tone};
use crate::ui::text::Arg;
use crate::ui::widget::{self, channel, date, empty, fact_list, reason_sentence, sign, why_line};

/// The card.
pub(super) fn card(ctx: &Ctx, id: &str, channels: &[ChannelReach]) -> Markup {
    widget::card(
        "reach",
        &ctx.t("person-reach"),
        None,
        html! {
            a .soft href=(format!("/people/{id}/consent")) { (ctx.t("ledger-title")) }
            @if ctx.may(Right::Disclose) {
                " · "
                a .soft href=(format!("/people/{id}/disclosure")) { (ctx.t("disclosure-link")) }
            }
        },
        html! {
            @if channels.is_empty() { (empty("email", &ctx.t("reach-empty"), None)) }
            @else { @for way in channels { (one(ctx, way)) } }
        },
    )
}

fn one(ctx: &Ctx, way: &ChannelReach) -> Markup {
    html! {
        div .reach {
            div .reach-head {
                h3 { (channel(ctx, way.channel)) }
                span .quiet .cut { @match &way.address { Some(address) => { (address) } None => { (ctx.t("no-address")) } } }
            }
            ul { @for purpose in &way.purposes { (by_purpose(ctx, purpose)) } }
        }
    }
}

fn by_purpose(ctx: &Ctx, row: &PurposeReach) -> Markup {
    let (tone, sign_icon, word, reason) = match &row.reach {
        Reach::Yes => (Tone::Good, "good", ctx.t("reach-yes"), None),
        Reach::Later(reason, Some(until)) => {
            let until = ctx.moment(*until);
            (
                Tone::Warn,
                "held",
                ctx.tf("reach-later-until", &[("until", Arg::from(&until))]),
                Some(reason),
            )
        }
        Reach::Later(reason, None) => (Tone::Warn, "held", ctx.t("reach-later"), Some(reason)),
        Reach::No(reason) => (Tone::Bad, "withdrawn", ctx.t("reach-no"), Some(reason)),
    };
    let line = html! {
        span .reach-purpose { (ctx.t(row.purpose.key())) }
        (sign(tone, sign_icon, &word))
        @if let Some(reason) = reason { span .reach-why { (reason_sentence(ctx, reason)) } }
    };
    let body = html! {
        p {
            (ctx.t(row.consent.key()))
            @if let Some(at) = row.said_at { " · " (date(ctx, at)) }
            @if let Some(place) = &row.said_where { " · " (place) }
        }
        @if let Some(reason) = reason { (fact_list(ctx, &reason.facts)) }
    };
    html! { li .reach-row { (why_line(ctx, line, body)) } }
}
