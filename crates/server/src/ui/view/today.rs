//! Today: what needs someone, what happened since the last look, and the outbox.

use maud::{Markup, html};

use crate::access::Right;
use crate::live::Lasting;
use crate::ui::context::Ctx;
use crate::ui::layout::{csrf, live_shell};
use crate::ui::model::{
    DecisionCount, HeldSend, PauseCause, QuarantineGroup, Sending, SilentFeed, Takings, TodayModel,
    Tone, UncertainSend,
};
use crate::ui::text::Arg;
use crate::ui::view::notices::{Back, rows as notice_rows};
use crate::ui::view::outbox::rows as outbox_rows;
use crate::ui::view::pace::queues;
use crate::ui::widget::{
    badge, card, channel, count, date, empty, icon, meter, money, page_head, reason_counts, sign,
    time, time_ago, why,
};

/// `GET /today`.
pub fn page(ctx: &Ctx, model: &TodayModel) -> Markup {
    let title = ctx.t("nav-today");
    let content = html! {
        (page_head(&title, html! {
            span { (full_date(ctx)) }
            @if matches!(model.sending, Sending::On) && model.sources > 0 { (pause(ctx)) }
        }))
        (sending(ctx, &model.sending))
        @if let Some(trouble) = &model.trouble { (mail_trouble(ctx, trouble)) }
        @for (name, since) in &model.webhooks_gone { (webhook_gone(ctx, name, *since)) }
        @if model.sources == 0 {
            (card("begin", &ctx.t("today-begin"), None, html! {}, empty("sources", &ctx.t("today-begin-line"), Some(("/sources", &ctx.t("today-begin-action"))))))
        } @else {
            (happened(ctx, model))
            div .columns {
                (needs_you(ctx, model))
                div .stack {
                    (takings(ctx, &model.takings))
                    (outbox(ctx, model))
                }
            }
        }
    };
    live_shell(ctx, &title, &model.version, content)
}

fn full_date(ctx: &Ctx) -> String {
    let weekday = ctx.zoned(ctx.now).weekday().to_monday_zero_offset();
    let key = crate::ui::format::time::WEEKDAYS[usize::try_from(weekday).unwrap_or(0)];
    ctx.tf(
        "date-weekday-date",
        &[("weekday", Arg::from(&ctx.t(key))), ("date", Arg::from(&ctx.day(ctx.now)))],
    )
}

fn sending(ctx: &Ctx, sending: &Sending) -> Markup {
    html! {
        @if let Sending::Alarmed { cause, count, sent, by } = sending {
            div .notice .bad .notice-action {
                (icon(cause.map_or("paused", PauseCause::icon)))
                span {
                    strong { (ctx.t("sending-marketing-paused")) } " "
                    @if let Some(cause) = cause {
                        (ctx.tn(cause.key(), &[("count", *count), ("sent", *sent)])) " " (ctx.t("sending-alarm-next"))
                    } @else if let Some((name, since)) = by {
                        (ctx.tf("sending-paused-by", &[("name", Arg::from(name)), ("since", Arg::from(&ctx.moment(*since)))]))
                    }
                }
                @if ctx.may(Right::Switch) {
                    form method="post" action="/sending/resume" {
                        (csrf(ctx))
                        button .button type="submit" { (icon("play")) (ctx.t("sending-resume")) }
                    }
                }
            }
        }
        @if let Sending::Paused { by, restored } = sending {
            div .notice .warn .notice-action {
                (icon("paused"))
                span {
                    strong { (ctx.t("sending-is-paused")) } " "
                    @if *restored { (ctx.t("sending-paused-restore")) }
                    @if let Some((name, since)) = by {
                        (ctx.tf("sending-paused-by", &[("name", Arg::from(name)), ("since", Arg::from(&ctx.moment(*since)))]))
                    }
                }
                @if ctx.may(Right::Switch) {
                    form method="post" action="/sending/resume" {
                        (csrf(ctx))
                        button .button type="submit" { (icon("play")) (ctx.t("sending-resume")) }
                    }
                }
            }
        }
    }
}

/// Mail is not taken: every message waits for whoever puts the setting right.
fn mail_trouble(ctx: &Ctx, trouble: &Lasting) -> Markup {
    html! {
        div .notice .bad role="status" {
            (icon("warn"))
            span {
                strong { (ctx.t("channels-trouble-since")) " " (time(ctx, trouble.since.0)) ". " }
                (ctx.tf("channels-trouble-said", &[("words", Arg::from(&trouble.said))])) " "
                a href="/channels" { (ctx.t("nav-channels")) }
            }
        }
    }
}

/// A program wants no more calls: what it is told waits for whoever looks.
fn webhook_gone(ctx: &Ctx, name: &str, since: i64) -> Markup {
    html! {
        div .notice .bad role="status" {
            (icon("webhook"))
            span {
                strong { (ctx.tf("webhooks-gone-since", &[("name", Arg::from(name))])) " " (time(ctx, since)) ". " }
                a href="/webhooks" { (ctx.t("webhooks")) }
            }
        }
    }
}

/// Stops everything that leaves until somebody resumes it.
fn pause(ctx: &Ctx) -> Markup {
    html! {
        @if ctx.may(Right::Switch) {
            form .page-action method="post" action="/sending/pause" {
                (csrf(ctx))
                button .button .plain type="submit" { (icon("paused")) (ctx.t("sending-pause")) }
            }
        }
    }
}

/// Orders and net sales by day: a table with a bar a row.
fn takings(ctx: &Ctx, takings: &Takings) -> Markup {
    let worth = |minor: i64| u64::try_from(minor).unwrap_or(0);
    let most = takings.days.iter().map(|day| worth(day.net.minor)).max().unwrap_or(0);
    let foreign: u64 = takings.days.iter().map(|day| day.foreign).sum();
    card(
        "takings",
        &ctx.t("today-takings"),
        None,
        html! {},
        html! {
            table .table .takings {
                thead { tr {
                    th scope="col" { (ctx.t("weekday")) }
                    th .number scope="col" { (ctx.t("takings-orders")) }
                    th .number scope="col" { (ctx.t("takings-net")) }
                    th .bar-cell aria-hidden="true" {}
                } }
                tbody {
                    @for day in &takings.days {
                        tr {
                            th scope="row" { (date(ctx, day.at)) }
                            td .number { (count(ctx, day.orders)) }
                            td .number { (money(ctx, &day.net)) }
                            td .bar-cell aria-hidden="true" { (meter(worth(day.net.minor), most)) }
                        }
                    }
                }
            }
            p .quiet .small .card-pad {
                (ctx.t("takings-line"))
                @if foreign > 0 { " " (ctx.tn("takings-foreign", &[("count", foreign)])) }
                @if takings.counting { " " (ctx.t("takings-counting")) }
            }
        },
    )
}

/// Decisions by kind as a row of numbers, each with its "Why?".
fn happened(ctx: &Ctx, model: &TodayModel) -> Markup {
    let since =
        model.since.map(|since| ctx.tf("today-since", &[("since", Arg::from(&ctx.moment(since)))]));
    let looked = html! {
        form method="post" action="/today/looked" {
            (csrf(ctx))
            button .button .plain type="submit" { (icon("done")) (ctx.t("today-looked")) }
        }
    };
    card(
        "happened",
        &ctx.t("today-happened"),
        since,
        looked,
        html! {
            @if model.happened.iter().all(|row| row.count == 0) {
                p .quiet .card-pad { (ctx.t("today-nothing-happened")) }
            } @else {
                ul .tiles { @for row in &model.happened { (tile(ctx, row)) } }
            }
        },
    )
}

fn tile(ctx: &Ctx, row: &DecisionCount) -> Markup {
    html! {
        li .tile {
            span .tile-number { (count(ctx, row.count)) }
            (sign(row.kind.tone(), row.kind.icon(), &ctx.t(row.kind.key())))
            @if !row.reasons.is_empty() {
                details .why data-popover {
                    summary aria-label=(ctx.tf("why-of", &[("what", Arg::from(&ctx.t(row.kind.key())))])) { (ctx.t("why")) }
                    div .why-body { (reason_counts(ctx, &row.reasons)) }
                }
            }
        }
    }
}

fn needs_you(ctx: &Ctx, model: &TodayModel) -> Markup {
    let calm = model.trouble.is_none()
        && model.webhooks_gone.is_empty()
        && model.held.is_empty()
        && model.notices.is_empty()
        && model.silent.is_empty()
        && model.quarantine.is_empty()
        && model.uncertain.is_empty();
    html! {
        div .stack {
            @if calm { (card("needs-you", &ctx.t("today-needs-you"), None, html! {}, empty("good", &ctx.t("today-calm"), None))) }
            @else {
                @if !model.notices.is_empty() { (notices(ctx, model)) }
                @if !(model.silent.is_empty() && model.quarantine.is_empty() && model.uncertain.is_empty()) {
                    (card("needs-you", &ctx.t("today-needs-you"), None, html! {}, html! {
                        ul .todo data-rows {
                            @for send in &model.uncertain { (uncertain(ctx, send)) }
                            @for feed in &model.silent { (silent(ctx, feed)) }
                            @for group in &model.quarantine { (quarantined(ctx, group)) }
                        }
                    }))
                }
                @if !model.held.is_empty() { (held(ctx, model)) }
            }
        }
    }
}

fn notices(ctx: &Ctx, model: &TodayModel) -> Markup {
    let all = html! { a href="/notices" { (ctx.t("see-all")) } };
    let number = count(ctx, model.notices_total);
    let rows = notice_rows(ctx, &model.notices, Back::Today);
    card("notices", &ctx.t("notices"), Some(number), all, rows)
}

fn uncertain(ctx: &Ctx, send: &UncertainSend) -> Markup {
    html! {
        li .todo-item data-row {
            (badge(Tone::Bad, "uncertain", &ctx.t("decision-uncertain")))
            div .todo-what {
                p {
                    @match &send.message_id {
                        Some(id) => { a href=(format!("/outbox/{id}")) { (send.subject) } }
                        None => { span { (send.subject) } }
                    }
                    " → " a href=(format!("/people/{}", send.person.0)) { (send.person.1) }
                }
                p .quiet { (ctx.t("today-uncertain-line")) }
            }
            div .todo-when { (channel(ctx, send.channel)) (time(ctx, send.at)) }
        }
    }
}

fn silent(ctx: &Ctx, feed: &SilentFeed) -> Markup {
    html! {
        li .todo-item data-row {
            (badge(feed.state.tone(), feed.state.icon(), &ctx.t(feed.state.key())))
            div .todo-what {
                p { a href=(format!("/sources/{}", feed.source.0)) { (feed.source.1) @if let Some(name) = &feed.feed { " · " (name) } } }
                p .quiet {
                    @match feed.last_at {
                        Some(last) => { (ctx.tf("today-silent-since", &[("ago", Arg::from(&ctx.ago(last)))])) }
                        None => { (ctx.t("today-never-heard")) }
                    }
                    @if let Some(expected) = feed.expected_at { " " (ctx.tf("today-expected", &[("expected", Arg::from(&ctx.moment(expected)))])) }
                }
            }
            @if feed.holding > 0 { div .todo-when { span .quiet { (ctx.tn("today-holding", &[("count", feed.holding)])) } } }
        }
    }
}

fn quarantined(ctx: &Ctx, group: &QuarantineGroup) -> Markup {
    let href = format!("/quarantine?source={}&reason={}", group.source.0, group.code);
    html! {
        li .todo-item data-row {
            (badge(Tone::Warn, "quarantine", &ctx.t("nav-quarantine")))
            div .todo-what {
                p { a href=(href) { (crate::ui::widget::coded(ctx, "quarantine", &group.code)) } }
                p .quiet { (group.source.1) " · " (ctx.tf("today-latest", &[("ago", Arg::from(&ctx.ago(group.latest_at)))])) }
            }
            div .todo-when { span .number { (ctx.tn("rows", &[("count", group.count)])) } }
        }
    }
}

fn held(ctx: &Ctx, model: &TodayModel) -> Markup {
    let number = count(ctx, model.held_total);
    card(
        "held",
        &ctx.t("today-held"),
        Some(number),
        html! {},
        html! {
            @if !model.queues.is_empty() {
                div .card-pad { (queues(ctx, &model.queues)) p { a href="/channels#pace" { (ctx.t("pace-title")) } } }
            }
            ul .held data-rows { @for send in &model.held { (held_row(ctx, send)) } }
            @if model.held_total > model.held.len() as u64 {
                p .quiet .card-pad { (ctx.tn("today-held-more", &[("count", model.held_total - model.held.len() as u64)])) }
            }
        },
    )
}

fn held_row(ctx: &Ctx, send: &HeldSend) -> Markup {
    html! {
        li .held-row data-row {
            div .held-head {
                a .name href=(format!("/people/{}#decisions", send.person.0)) { (send.person.1) }
                span .quiet { (send.journey) " · " (send.step) }
                (channel(ctx, send.channel))
                span .held-until { (icon("clock")) span { (ctx.t("until")) " " (time(ctx, send.until)) } }
            }
            (why(ctx, &send.reasons, html! { p .quiet .small { (ctx.t("held-since")) " " (time_ago(ctx, send.since)) } }))
        }
    }
}

fn outbox(ctx: &Ctx, model: &TodayModel) -> Markup {
    let all = html! { a href="/outbox" { (ctx.t("see-all")) } };
    card(
        "outbox",
        &ctx.t("nav-outbox"),
        Some(count(ctx, model.outbox_total)),
        all,
        html! {
            @if model.outbox.is_empty() { (empty("outbox", &ctx.t("outbox-empty"), None)) }
            @else { (outbox_rows(ctx, &model.outbox)) }
        },
    )
}
