//! The timeline: everything known of the person, newest first, over all channels.

use maud::{Markup, html};

use crate::ui::context::Ctx;
use crate::ui::model::{EventKind, Page, Precision, Timeline, TimelineItem};
use crate::ui::text::Arg;
use crate::ui::widget::{count, day_rule, empty, fact_list, icon, money, pager};

/// An event that took longer to arrive is marked: the usual lag of a live feed.
const LATE_MIN: i64 = 15 * 60_000;

/// The card; the answer to a filter or page request may be this part alone.
pub fn timeline(ctx: &Ctx, person_id: &str, model: &Timeline) -> Markup {
    html! {
        section #timeline .card .timeline-card aria-labelledby="timeline-title"
            hx-target="#timeline" hx-select="#timeline" hx-swap="outerHTML" hx-push-url="true" {
            div .card-head { h2 #timeline-title tabindex="-1" { (ctx.t("person-timeline")) " " span .quiet { (count(ctx, model.total)) } } }
            (filter(ctx, person_id, model))
            @if model.items.is_empty() { (empty("clock", &ctx.t("timeline-empty"), None)) }
            @else { (days(ctx, &model.items)) }
            (pages(ctx, person_id, model))
        }
    }
}

fn address(person_id: &str, model: &Timeline) -> String {
    match model.selected {
        Some(channel) => format!("/people/{person_id}?channel={}", channel.word()),
        None => format!("/people/{person_id}"),
    }
}

fn filter(ctx: &Ctx, person_id: &str, model: &Timeline) -> Markup {
    let all: u64 = model.channels.iter().map(|row| row.count).sum();
    let home = format!("/people/{person_id}");
    html! {
        @if model.channels.len() > 1 {
            nav .filters aria-label=(ctx.t("filter-label")) {
                a .chip id="channel-all" href=(format!("{home}#timeline")) hx-get=(home) aria-current=[model.selected.is_none().then_some("true")] {
                    (ctx.t("all")) span .number { (count(ctx, all)) }
                }
                @for row in &model.channels {
                    @let address = format!("{home}?channel={}", row.channel.word());
                    a .chip id=(format!("channel-{}", row.channel.word())) href=(format!("{address}#timeline")) hx-get=(address)
                        aria-current=[(model.selected == Some(row.channel)).then_some("true")] {
                        (icon(row.channel.icon())) (ctx.t(row.channel.key())) span .number { (count(ctx, row.count)) }
                    }
                }
            }
        }
    }
}

fn pages(ctx: &Ctx, person_id: &str, model: &Timeline) -> Markup {
    let at = Page { total: model.total, older: model.older.clone(), paged: model.paged };
    html! { div hx-boost="true" { (pager(ctx, &address(person_id, model), &at)) } }
}

/// Days with their items; where the anonymous part begins, a line says so.
fn days(ctx: &Ctx, items: &[TimelineItem]) -> Markup {
    let newer = std::iter::once(None).chain(items.iter().map(Some));
    let paired: Vec<(Option<&TimelineItem>, &TimelineItem)> = newer.zip(items).collect();
    html! {
        div .days data-rows {
            @for day in paired.chunk_by(|(_, left), (_, right)| ctx.same_day(left.at, right.at)) {
                @if let Some((_, first)) = day.first() { (day_rule(ctx, first.at)) }
                ol .day {
                    @for (newer, item) in day {
                        (turn(ctx, newer.is_none_or(|newer| !newer.anonymous), item))
                        (event(ctx, item))
                    }
                }
            }
        }
    }
}

/// The line between the part where the person was known and the part before.
fn turn(ctx: &Ctx, known: bool, item: &TimelineItem) -> Markup {
    html! {
        @if item.anonymous && known { li .before-known { (icon("uncertain")) span { (ctx.t("before-known")) } } }
        @if !item.anonymous && !known { li .before-known .again { (icon("identified")) span { (ctx.t("known-again")) } } }
    }
}

fn event(ctx: &Ctx, item: &TimelineItem) -> Markup {
    html! {
        li .event .unknown[item.anonymous] data-row {
            span .event-time {
                @match item.precision {
                    Precision::Instant | Precision::Minute => {
                        time datetime=(ctx.zoned(item.at).timestamp().to_string()) title=(ctx.exact(item.at)) { (ctx.clock(item.at)) }
                    }
                    Precision::Day => { span .quiet title=(ctx.t("time-not-told")) { "–" span .visually-hidden { (ctx.t("time-not-told")) } } }
                }
            }
            span .event-dot .(group(item.kind)) { (icon(item.kind.icon())) }
            div .event-body {
                p .event-what {
                    @if item.kind == EventKind::Custom { span .event-kind { (item.label.as_deref().unwrap_or_default()) } }
                    @else {
                        span .event-kind { (ctx.t(item.kind.key())) }
                        @if let Some(label) = &item.label { " " span .event-label { (label) } }
                    }
                    @if let Some(amount) = &item.amount { " " span .event-amount { (money(ctx, amount)) } }
                }
                p .event-line {
                    span .channel { (icon(item.channel.icon())) span { (ctx.t(item.channel.key())) } }
                    span { (item.source) }
                    (late(ctx, item))
                    @if item.anonymous { span .visually-hidden { (ctx.t("before-known")) } }
                }
                @if !item.facts.is_empty() {
                    details .more {
                        summary { (ctx.t("details")) span .visually-hidden { ": " (ctx.t(item.kind.key())) } }
                        (fact_list(ctx, &item.facts))
                    }
                }
            }
        }
    }
}

fn late(ctx: &Ctx, item: &TimelineItem) -> Markup {
    let delay = item.received_at - item.at;
    let marked = delay >= LATE_MIN && item.precision != Precision::Day;
    html! {
        @if marked {
            span .sign .warn title=(ctx.exact(item.received_at)) {
                (icon("late")) span { (ctx.tf("arrived-later", &[("span", Arg::from(&ctx.span(delay)))])) }
            }
        }
    }
}

/// Money in, money back and stops stand out; all else is quiet.
#[expect(clippy::too_many_lines, reason = "a list of every kind")]
const fn group(kind: EventKind) -> &'static str {
    use EventKind::{ConsentWithdrawn, MessageBounced, MessageComplained};
    match kind {
        EventKind::Ordered => "good",
        EventKind::Returned | EventKind::OrderCancelled | EventKind::TicketOpened => "warn",
        ConsentWithdrawn | MessageBounced | MessageComplained => "bad",
        EventKind::MessageSent
        | EventKind::Identified
        | EventKind::SignedUp
        | EventKind::ConsentGiven
        | EventKind::PushSubscribed => "accent",
        EventKind::MessageTakenBack
        | EventKind::PushEnded
        | EventKind::PushDismissed
        | EventKind::PageViewed
        | EventKind::ProductViewed
        | EventKind::ListViewed
        | EventKind::Searched
        | EventKind::CartAdded
        | EventKind::CartRemoved
        | EventKind::CartViewed
        | EventKind::CheckoutStarted
        | EventKind::CouponUsed
        | EventKind::OfferGiven
        | EventKind::OfferTakenBack
        | EventKind::WishAdded
        | EventKind::OrderChanged
        | EventKind::StoreVisited
        | EventKind::ProductTried
        | EventKind::QrScanned
        | EventKind::PriceCompared
        | EventKind::SocialPosted
        | EventKind::AdClicked
        | EventKind::ReviewSiteVisited
        | EventKind::Reviewed
        | EventKind::TicketClosed
        | EventKind::PointsEarned
        | EventKind::PointsRedeemed
        | EventKind::TierChanged
        | EventKind::TraitSet
        | EventKind::AppOpened
        | EventKind::MessageDelivered
        | EventKind::MessageOpened
        | EventKind::ListFiltered
        | EventKind::PromotionViewed
        | EventKind::PromotionClicked
        | EventKind::ProductClicked
        | EventKind::PaymentEntered
        | EventKind::CouponDenied
        | EventKind::CouponRemoved
        | EventKind::WishRemoved
        | EventKind::Shared
        | EventKind::ChatStarted
        | EventKind::ChatMessage
        | EventKind::ChatEnded
        | EventKind::AppInstalled
        | EventKind::AppRemoved
        | EventKind::JoinedGroup
        | EventKind::Linked
        | EventKind::Parted
        | EventKind::TakenBack
        | EventKind::Unsure
        | EventKind::Household
        | EventKind::Adjusted
        | EventKind::MessageClicked
        | EventKind::BreakAsked
        | EventKind::EntryRequested
        | EventKind::ConsentConfirmed
        | EventKind::MessageDeferred
        | EventKind::MessageFetched
        | EventKind::SiteShown
        | EventKind::SiteClicked
        | EventKind::SiteDismissed
        | EventKind::Custom => "neutral",
    }
}
