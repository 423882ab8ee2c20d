//! Orders, returns and messages over all channels.

use maud::{Markup, html};

use crate::ui::context::Ctx;
use crate::ui::model::{MessageRow, Money, OrderRow};
use crate::ui::text::Arg;
use crate::ui::widget::{card, channel, count, empty, icon, money, sign, time, time_at};

/// Orders and returns.
pub(super) fn orders(ctx: &Ctx, rows: &[OrderRow]) -> Markup {
    card(
        "orders",
        &ctx.t("person-orders"),
        Some(count(ctx, rows.len() as u64)),
        html! {},
        html! {
            @if rows.is_empty() { (empty("order", &ctx.t("orders-empty"), None)) }
            @else {
                table .table .stacked .orders data-rows {
                    thead {
                        tr {
                            th scope="col" { (ctx.t("order")) }
                            th scope="col" { (ctx.t("where")) }
                            th scope="col" { (ctx.t("products")) }
                            th scope="col" { (ctx.t("state")) }
                            th .number scope="col" { (ctx.t("total")) }
                        }
                    }
                    tbody { @for row in rows { (order(ctx, row)) } }
                }
            }
        },
    )
}

fn order(ctx: &Ctx, row: &OrderRow) -> Markup {
    html! {
        tr data-row {
            th scope="row" { code { (row.number) } br; span .quiet .small { (time_at(ctx, row.at, row.precision)) } }
            td data-label=(ctx.t("where")) {
                (channel(ctx, row.channel))
                @if let Some(place) = &row.place { br; span .quiet .small { (place) } }
            }
            td .across data-label=(ctx.t("products")) {
                @if row.lines.is_empty() { span .quiet { (ctx.t("no-lines")) } }
                @else { ul .bare { @for (quantity, product) in &row.lines { li { @if *quantity > 1 { (quantity) " × " } (product) } } } }
                @if row.sources.len() > 1 { span .quiet .small { (ctx.tf("seen-by", &[("sources", Arg::from(&row.sources.join(", ")))])) } }
            }
            td data-label=(ctx.t("state")) { (sign(row.state.tone(), row.state.icon(), &ctx.t(row.state.key()))) }
            td .number data-label=(ctx.t("total")) {
                span {
                    @match &row.total { Some(total) => { (money(ctx, total)) } None => { span .quiet { (ctx.t("not-told")) } } }
                    @if let Some(back) = &row.returned { br; span .small .warn-text { (money(ctx, &negative(back))) } }
                }
            }
        }
    }
}

fn negative(amount: &Money) -> Money {
    Money { minor: -amount.minor.saturating_abs(), currency: amount.currency.clone() }
}

/// Messages to the person.
pub(super) fn messages(ctx: &Ctx, rows: &[MessageRow]) -> Markup {
    card(
        "messages",
        &ctx.t("messages"),
        Some(count(ctx, rows.len() as u64)),
        html! {},
        html! {
            @if rows.is_empty() { (empty("email", &ctx.t("messages-empty"), None)) }
            @else {
                ul .messages data-rows {
                    @for row in rows {
                        li .message data-row {
                            (icon(row.channel.icon()))
                            div .message-what {
                                @match &row.id {
                                    Some(id) => { a href=(format!("/outbox/{id}")) { (row.subject) } }
                                    None => { span { (row.subject) } }
                                }
                                p .quiet { (ctx.t(row.channel.key())) @if let Some(journey) = &row.journey { " · " (journey) } }
                            }
                            div .message-when { (time(ctx, row.at)) (sign(row.status.tone(), row.status.icon(), &ctx.t(row.status.key()))) }
                        }
                    }
                }
            }
        },
    )
}
