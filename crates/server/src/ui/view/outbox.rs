//! The built-in outbox: its list, and one message as it was made.

use maud::{Markup, html};

use crate::ui::context::Ctx;
use crate::ui::layout::shell;
use crate::ui::model::{OutboxMessage, OutboxModel, OutboxRow, Page};
use crate::ui::text::Arg;
use crate::ui::widget::{badge, card, channel, count, empty, icon, page_head, pager, time};

/// `GET /outbox`, with `before` for older pages.
pub fn page(ctx: &Ctx, model: &OutboxModel) -> Markup {
    let title = ctx.t("nav-outbox");
    let at = Page { total: model.total, older: model.older.clone(), paged: model.paged };
    let content = html! {
        (page_head(&title, html! { span { (ctx.t("outbox-line")) } }))
        (card("messages", &ctx.t("messages"), Some(count(ctx, model.total)), html! {}, html! {
            @if model.rows.is_empty() { (empty("outbox", &ctx.t("outbox-empty"), None)) }
            @else { (rows(ctx, &model.rows)) }
            (pager(ctx, "/outbox", &at))
        }))
    };
    shell(ctx, &title, content)
}

/// Messages as a list.
pub fn rows(ctx: &Ctx, rows: &[OutboxRow]) -> Markup {
    html! {
        ul .messages data-rows {
            @for row in rows {
                li .message data-row {
                    (icon(row.channel.icon()))
                    div .message-what {
                        a href=(format!("/outbox/{}", row.id)) { (row.subject) }
                        p .quiet {
                            a .soft href=(format!("/people/{}", row.person.0)) { (row.person.1) }
                            @if let Some(journey) = &row.journey { " · " (journey) }
                        }
                    }
                    div .message-when {
                        (time(ctx, row.at))
                        (crate::ui::widget::sign(row.status.tone(), row.status.icon(), &ctx.t(row.status.key())))
                    }
                }
            }
        }
    }
}

/// `GET /outbox/<id>`; the HTML part comes from `GET /outbox/<id>/body` into a sandboxed frame.
pub fn message(ctx: &Ctx, message: &OutboxMessage) -> Markup {
    let content = html! {
        p .crumb { a href="/outbox" { (icon("back")) (ctx.t("nav-outbox")) } }
        (page_head(&message.subject, html! {
            (badge(message.status.tone(), message.status.icon(), &ctx.t(message.status.key())))
            (channel(ctx, message.channel))
            span { (ctx.t(message.purpose.key())) }
            (time(ctx, message.at))
        }))
        div .columns {
            div .stack {
                @if message.html {
                    (card("body", &ctx.t("message-html"), None, html! {}, html! {
                        iframe .message-frame sandbox="" src=(format!("/outbox/{}/body", message.id))
                            title=(ctx.tf("message-frame", &[("subject", Arg::from(&message.subject))])) {}
                        p .quiet .small .card-pad { (ctx.t("message-pictures")) }
                    }))
                }
                (card("plain", &ctx.t(if message.from.is_empty() { "message-text" } else { "message-plain" }), None, html! {}, html! {
                    pre .plain-text tabindex="0" { (message.plain) }
                }))
            }
            div .stack {
                (envelope(ctx, message))
                @if !message.headers.is_empty() { (headers(ctx, message)) }
            }
        }
    };
    shell(ctx, &message.subject, content)
}

fn envelope(ctx: &Ctx, message: &OutboxMessage) -> Markup {
    card(
        "envelope",
        &ctx.t("message-envelope"),
        None,
        html! {},
        html! {
            dl .facts .card-pad {
                div { dt { (ctx.t("message-for")) } dd { a href=(format!("/people/{}#decisions", message.person.0)) { (message.person.1) } } }
                @if !message.from.is_empty() { div { dt { (ctx.t("message-from")) } dd { (message.from) } } }
                div { dt { (ctx.t("message-to")) } dd { (message.to) } }
                @if let Some(counted) = &message.counted {
                    div { dt { (ctx.t("sms-parts")) } dd { (super::messages::length(ctx, counted)) } }
                }
                @if let Some(leads) = &message.leads {
                    div { dt { (ctx.t("push-leads")) } dd { (leads) } }
                }
                @if let Some((journey, step)) = &message.journey {
                    div { dt { (ctx.t("journey")) } dd { (journey) " · " (step) } }
                }
            }
        },
    )
}

fn headers(ctx: &Ctx, message: &OutboxMessage) -> Markup {
    card(
        "headers",
        &ctx.t("message-headers"),
        Some(count(ctx, message.headers.len() as u64)),
        html! {},
        html! {
            dl .headers tabindex="0" {
                @for (name, value) in &message.headers { div { dt { (name) } dd { (value) } } }
            }
        },
    )
}
