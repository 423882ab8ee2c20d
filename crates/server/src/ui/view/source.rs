//! One source: its feeds, their rhythm, and what it got wrong.

use maud::{Markup, html};

use crate::ui::context::Ctx;
use crate::ui::layout::shell;
use crate::ui::model::{FeedRow, QuarantineFilter, SourceModel};
use crate::ui::view::rhythm;
use crate::ui::view::sources::watermark;
use crate::ui::widget::{card, coded, count, empty, icon, page_head, span, time, time_ago};

/// `GET /sources/<id>`.
pub fn page(ctx: &Ctx, model: &SourceModel) -> Markup {
    let source = &model.source;
    let content = html! {
        p .crumb { a href="/sources" { (icon("back")) (ctx.t("nav-sources")) } }
        (page_head(&source.name, html! {
            span .channel { (icon(source.kind.icon())) span { (ctx.t(source.kind.key())) } }
            code { (source.id) }
            (watermark(ctx, &source.watermark))
        }))
        (figures(ctx, model))
        div .feeds {
            @for feed in &source.feeds { (feed_card(ctx, feed, model.rhythm_weeks)) }
        }
        (quarantine(ctx, &model.quarantine))
    };
    shell(ctx, &source.name, content)
}

fn figures(ctx: &Ctx, model: &SourceModel) -> Markup {
    let source = &model.source;
    let figure =
        |key: &str, value: Markup| html! { div .figure { dt { (ctx.t(key)) } dd { (value) } } };
    html! {
        dl .card .figures {
            (figure("last-heard", html! { @match source.last_at { Some(last) => { (time_ago(ctx, last)) } None => { (ctx.t("never")) } } }))
            (figure("latest-event", html! { @match source.latest_at { Some(latest) => { (time(ctx, latest)) } None => { "–" } } }))
            (figure("events-today", html! { (count(ctx, source.today)) }))
            (figure("duplicates", html! { (count(ctx, model.duplicates)) }))
            (figure("conflicts", html! { (count(ctx, model.conflicts)) }))
        }
    }
}

fn feed_card(ctx: &Ctx, feed: &FeedRow, weeks: u32) -> Markup {
    let id = format!("feed-{}", feed.id);
    card(
        &id,
        &feed.name,
        None,
        html! { (watermark(ctx, &feed.watermark)) },
        html! {
            div .feed-line {
                span {
                    (ctx.t("last-heard")) " "
                    @match feed.last_at { Some(last) => { (time_ago(ctx, last)) } None => { (ctx.t("never")) } }
                }
                span { (ctx.t(feed.speaks.key())) }
                span { (ctx.t("normal-lag")) " " (span(ctx, feed.lag)) }
                @if let Some(latest) = feed.latest_at { span { (ctx.t("latest-event")) " " (time(ctx, latest)) } }
                span { (ctx.t("events-today")) " " (count(ctx, feed.today)) }
                @if feed.holding > 0 { span .badge .warn { (icon("held")) span { (ctx.tn("feed-holding", &[("count", feed.holding)])) } } }
            }
            (rhythm::chart(ctx, &id, &feed.name, &feed.rhythm, weeks))
        },
    )
}

fn quarantine(ctx: &Ctx, filters: &[QuarantineFilter]) -> Markup {
    let number: u64 = filters.iter().map(|filter| filter.count).sum();
    card(
        "quarantine",
        &ctx.t("nav-quarantine"),
        Some(count(ctx, number)),
        html! {},
        html! {
            @if filters.is_empty() { (empty("good", &ctx.t("quarantine-none"), None)) }
            @else {
                ul .todo data-rows {
                    @for filter in filters {
                        li .todo-item data-row {
                            (icon("quarantine"))
                            div .todo-what {
                                a href=(format!("/quarantine?source={}&reason={}", filter.source_id, filter.code)) { (coded(ctx, "quarantine", &filter.code)) }
                            }
                            div .todo-when { span .number { (ctx.tn("rows", &[("count", filter.count)])) } }
                        }
                    }
                }
            }
        },
    )
}
