//! Sources: how complete what we know is.

use maud::{Markup, html};

use crate::ui::context::Ctx;
use crate::ui::layout::shell;
use crate::ui::model::{FeedRow, SourceRow, SourcesModel, Watermark};
use crate::ui::widget::{badge, card, count, empty, icon, page_head, time, time_ago};

/// `GET /sources`.
pub fn page(ctx: &Ctx, model: &SourcesModel) -> Markup {
    let title = ctx.t("nav-sources");
    let content = html! {
        (page_head(&title, html! { span { (ctx.t("sources-line")) } }))
        @if model.sources.is_empty() {
            div .card { (empty("sources", &ctx.t("sources-empty"), None)) pre .command tabindex="0" { "regulars source add web --kind web" } }
        } @else {
            (card("all", &ctx.t("sources-all"), Some(count(ctx, model.sources.len() as u64)), html! {}, table(ctx, &model.sources)))
            (legend(ctx))
        }
    };
    shell(ctx, &title, content)
}

fn table(ctx: &Ctx, sources: &[SourceRow]) -> Markup {
    html! {
        table .table .ledger .sources data-rows {
            thead {
                tr {
                    th scope="col" { (ctx.t("source")) }
                    th scope="col" { (ctx.t("last-heard")) }
                    th scope="col" { (ctx.t("complete-until")) }
                    th scope="col" { (ctx.t("latest-event")) }
                    th .number scope="col" { (ctx.t("events-today")) }
                    th .number scope="col" { (ctx.t("nav-quarantine")) }
                }
            }
            @for source in sources {
                tbody {
                    (source_row(ctx, source))
                    @if source.feeds.len() > 1 { @for feed in &source.feeds { (feed_row(ctx, source, feed)) } }
                }
            }
        }
    }
}

fn source_row(ctx: &Ctx, source: &SourceRow) -> Markup {
    html! {
        tr data-row {
            th scope="row" {
                a .source-name href=(format!("/sources/{}", source.id)) { (icon(source.kind.icon())) span { (source.name) } }
            }
            (cells(ctx, source.last_at, &source.watermark, source.latest_at, source.today))
            td .number data-label=(ctx.t("nav-quarantine")) { (quarantine_link(ctx, &source.id, source.quarantined)) }
        }
    }
}

fn feed_row(ctx: &Ctx, source: &SourceRow, feed: &FeedRow) -> Markup {
    html! {
        tr .feed {
            th scope="row" {
                a .soft href=(format!("/sources/{}#feed-{}", source.id, feed.id)) { (feed.name) }
                @if feed.holding > 0 { span .badge .warn { (icon("held")) span { (ctx.tn("feed-holding", &[("count", feed.holding)])) } } }
            }
            (cells(ctx, feed.last_at, &feed.watermark, feed.latest_at, feed.today))
            td .number data-label=(ctx.t("nav-quarantine")) { @if feed.quarantined > 0 { (count(ctx, feed.quarantined)) } @else { (nothing()) } }
        }
    }
}

/// The cells that sources and feeds share.
pub(crate) fn cells(
    ctx: &Ctx,
    last_at: Option<i64>,
    mark: &Watermark,
    latest_at: Option<i64>,
    today: u64,
) -> Markup {
    html! {
        td data-label=(ctx.t("last-heard")) {
            @match last_at { Some(last) => { (time_ago(ctx, last)) } None => { span .quiet { (ctx.t("never")) } } }
        }
        td data-label=(ctx.t("complete-until")) { (watermark(ctx, mark)) }
        td data-label=(ctx.t("latest-event")) {
            @match latest_at { Some(latest) => { (time(ctx, latest)) } None => { (nothing()) } }
        }
        td .number data-label=(ctx.t("events-today")) { (count(ctx, today)) }
    }
}

/// How much is known, and until when.
pub(crate) fn watermark(ctx: &Ctx, mark: &Watermark) -> Markup {
    html! {
        span .watermark {
            (badge(mark.state.tone(), mark.state.icon(), &ctx.t(mark.state.key())))
            @if let Some(until) = mark.complete_until { (time(ctx, until)) }
        }
    }
}

/// The number of quarantined rows, linked to them.
pub(crate) fn quarantine_link(ctx: &Ctx, source_id: &str, number: u64) -> Markup {
    html! {
        @if number > 0 {
            a .rows-link href=(format!("/quarantine?source={source_id}")) { (icon("quarantine")) (ctx.tn("rows", &[("count", number)])) }
        } @else { (nothing()) }
    }
}

/// A dash for "none", which a reader says as nothing.
pub(crate) fn nothing() -> Markup {
    html! { span .quiet aria-hidden="true" { "–" } }
}

/// What the words in the table mean.
fn legend(ctx: &Ctx) -> Markup {
    html! {
        dl .legend {
            @for (state, key) in [("watermark-known", "legend-known"), ("watermark-presumed", "legend-presumed"), ("watermark-behind", "legend-behind"), ("watermark-imported", "legend-imported")] {
                div { dt { (ctx.t(state)) } dd { (ctx.t(key)) } }
            }
        }
    }
}
