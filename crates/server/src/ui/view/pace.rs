//! How fast messages leave: what waits for its turn, the limits, and setting them.

use maud::{Markup, html};
use regulars_engine::event;
use regulars_engine::pace::{Rate, To, WarmUp, WarmUpStage};
use regulars_engine::program::Shop;
use regulars_engine::reason::{Fact, Told};
use regulars_engine::time::{DAY, HOUR, MINUTE, SECOND, Timestamp};

use crate::access::Right;
use crate::pacing::Queue;
use crate::ui::context::Ctx;
use crate::ui::layout::csrf;
use crate::ui::model::Tone;
use crate::ui::text::Arg;
use crate::ui::widget::{badge, card, empty, icon, said, time};

/// What the card shows.
#[derive(Clone, Copy, Debug)]
pub struct PaceCard<'m> {
    /// The shop, for its limits.
    pub shop: &'m Shop,
    /// What waits.
    pub queues: &'m [Queue],
    /// Why the last form was not taken.
    pub wrong: Option<&'m PaceProblem>,
    /// Now.
    pub now: Timestamp,
}

/// Why a form was not taken.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum PaceProblem {
    /// A number is none, or too large.
    Number,
    /// A domain is none.
    Domain,
    /// A day is none.
    Day,
    /// Somebody published the shop meanwhile.
    Stale,
    /// What the check of the definitions says.
    Mistake(String),
}

impl PaceProblem {
    fn said(&self, ctx: &Ctx) -> String {
        ctx.t(match self {
            Self::Number => "pace-wrong-number",
            Self::Domain => "pace-wrong-to",
            Self::Day => "pace-wrong-day",
            Self::Stale => "pace-wrong-stale",
            Self::Mistake(said) => return said.clone(),
        })
    }
}

/// Lengths of time that a limit may be set for, with the keys of what pages call them.
pub const WINDOWS: [(&str, i64, &str); 4] = [
    ("second", SECOND, "pace-second"),
    ("minute", MINUTE, "pace-minute"),
    ("hour", HOUR, "pace-hour"),
    ("day", DAY, "pace-day"),
];

/// The card of the page Channels.
pub(super) fn pace(ctx: &Ctx, shown: &PaceCard<'_>) -> Markup {
    let pace = &shown.shop.pace;
    let (tone, sign, key) = match (shown.queues.is_empty(), pace.is_empty()) {
        (false, _) => (Tone::Warn, "held", "pace-waits"),
        (true, true) => (Tone::Neutral, "minus", "pace-free"),
        (true, false) => (Tone::Good, "good", "pace-flows"),
    };
    card(
        "pace",
        &ctx.t("pace-title"),
        None,
        badge(tone, sign, &ctx.t(key)),
        html! {
            div .channel-facts {
                p .quiet { (ctx.t("pace-line")) }
                (queues(ctx, shown.queues))
            }
            @if pace.is_empty() { (empty("clock", &ctx.t("pace-empty"), None)) }
            @for (number, rate) in pace.rates.iter().enumerate() { (limit(ctx, number, rate)) }
            @for (number, plan) in pace.warm_ups.iter().enumerate() { (warm_up(ctx, shown, number, plan)) }
            @if ctx.may(Right::Manage) && !shown.shop.name.is_empty() { (forms(ctx, shown)) }
        },
    )
}

/// What waits for its turn, a sentence for each limit; nothing where nothing waits.
pub(super) fn queues(ctx: &Ctx, queues: &[Queue]) -> Markup {
    html! {
        @for queue in queues {
            p .pace-queue {
                (icon("held"))
                span {
                    (ctx.tn("pace-waiting", &[("count", queue.persons)]))
                    @for (number, rule) in queue.rules.iter().enumerate() {
                        @if number == 0 { ": " } @else { "; " }
                        (told(ctx, rule))
                    }
                    "; " (ctx.t("pace-next")) " " (time(ctx, queue.next.0)) "."
                }
            }
        }
    }
}

fn told(ctx: &Ctx, told: &Told) -> String {
    said(ctx, &Fact::new(told.clone(), None))
}

fn limit(ctx: &Ctx, number: usize, rate: &Rate) -> Markup {
    let channel = ctx.t(&format!("channel-{}", rate.channel.word()));
    let words = told(ctx, &rate.told());
    html! {
        article .dkim-key {
            div .dkim-head {
                h3 { (channel) ": " (words) }
                (remove(ctx, "limit", number, &format!("{channel}: {words}")))
            }
        }
    }
}

fn warm_up(ctx: &Ctx, shown: &PaceCard<'_>, number: usize, plan: &WarmUp) -> Markup {
    let (tone, sign, key) = match plan.stage(shown.shop, shown.now) {
        WarmUpStage::OfAnother => (Tone::Neutral, "minus", "pace-of-another"),
        WarmUpStage::Ahead => (Tone::Accent, "waiting", "pace-ahead"),
        WarmUpStage::InForce => (Tone::Good, "good", "pace-in-force"),
        WarmUpStage::Over => (Tone::Neutral, "good", "pace-over"),
    };
    let percent = plan.growth_permille.saturating_sub(1_000) / 10;
    let since = plan.since.to_string();
    let args = [
        ("first", Arg::from(u64::from(plan.first))),
        ("percent", Arg::from(u64::from(percent))),
        ("full", Arg::from(u64::from(plan.full))),
        ("day", Arg::from(&since)),
    ];
    let title = ctx.tf("pace-warm-up", &[("domain", Arg::from(&plan.domain))]);
    html! {
        article .dkim-key {
            div .dkim-head {
                h3 { (title) }
                (badge(tone, sign, &ctx.t(key)))
                (remove(ctx, "warm-up", number, &title))
            }
            p .quiet { (ctx.tf("pace-plan", &args)) }
            @if plan.stage(shown.shop, shown.now) == WarmUpStage::InForce {
                p { (told(ctx, &plan.told(&To::Others, shown.shop, shown.now))) "." }
            }
        }
    }
}

fn remove(ctx: &Ctx, what: &str, number: usize, name: &str) -> Markup {
    html! {
        @if ctx.may(Right::Manage) {
            form method="post" action=(format!("/channels/pace/remove-{what}")) {
                (csrf(ctx))
                input type="hidden" name="number" value=(number);
                button .button .plain type="submit" aria-label=(format!("{}: {name}", ctx.t("pace-remove"))) { (icon("minus")) (ctx.t("pace-remove")) }
            }
        }
    }
}

fn forms(ctx: &Ctx, shown: &PaceCard<'_>) -> Markup {
    html! {
        @if let Some(wrong) = shown.wrong { p .notice .bad role="alert" { (icon("bad")) span { (wrong.said(ctx)) } } }
        details .why .card-pad open[shown.wrong.is_some()] {
            summary { (ctx.t("pace-add-limit")) }
            (limit_form(ctx))
        }
        details .why .card-pad {
            summary { (ctx.t("pace-add-warm-up")) }
            (warm_up_form(ctx, shown))
        }
    }
}

fn limit_form(ctx: &Ctx) -> Markup {
    html! {
        form .builder method="post" action="/channels/pace/limit" {
            (csrf(ctx))
            div .field {
                label for="pace-messages" { (ctx.t("pace-messages")) }
                input #pace-messages name="messages" type="number" min="1" max=(Rate::MAX) required placeholder="2000";
            }
            div .field {
                label for="pace-per" { (ctx.t("pace-per")) }
                select #pace-per name="per" {
                    @for (word, _, key) in WINDOWS { option value=(word) selected[word == "hour"] { (ctx.t(key)) } }
                }
            }
            div .field {
                label for="pace-channel" { (ctx.t("pace-channel")) }
                select #pace-channel name="channel" {
                    @for channel in event::Channel::OF_MESSAGES {
                        option value=(channel.word()) { (ctx.t(&format!("channel-{}", channel.word()))) }
                    }
                }
            }
            div .field {
                label for="pace-to" { (ctx.t("pace-to")) }
                input #pace-to name="to" maxlength="253" autocomplete="off" autocapitalize="none" spellcheck="false" placeholder="gmail.com" aria-describedby="pace-to-line";
                p #pace-to-line .quiet .small { (ctx.t("pace-to-line")) }
            }
            div .actions { button .button .primary type="submit" { (icon("plus")) (ctx.t("pace-set")) } }
        }
    }
}

fn warm_up_form(ctx: &Ctx, shown: &PaceCard<'_>) -> Markup {
    let today = shown.now.in_zone(&shown.shop.zone).date().to_string();
    let numbers = [
        ("first", "pace-first", WarmUp::FIRST, 1, Rate::MAX),
        ("percent", "pace-percent", (WarmUp::GROWTH_PERMILLE - 1_000) / 10, 10, 900),
        ("full", "pace-full", WarmUp::FULL, 2, Rate::MAX),
    ];
    html! {
        p .quiet { (ctx.t("pace-warm-up-line")) }
        form .builder method="post" action="/channels/pace/warm-up" {
            (csrf(ctx))
            div .field {
                label for="pace-domain" { (ctx.t("pace-domain")) }
                input #pace-domain name="domain" maxlength="253" required value=(shown.shop.sending_domain()) autocomplete="off" autocapitalize="none" spellcheck="false" placeholder="tienda.example";
            }
            div .field {
                label for="pace-since" { (ctx.t("pace-since")) }
                input #pace-since name="since" type="date" required value=(today);
            }
            @for (name, key, value, min, max) in numbers {
                div .field {
                    label for=(key) { (ctx.t(key)) }
                    input id=(key) name=(name) type="number" required min=(min) max=(max) value=(value);
                }
            }
            div .actions { button .button .primary type="submit" { (icon("plus")) (ctx.t("pace-begin")) } }
        }
    }
}
