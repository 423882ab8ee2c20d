//! The cart: what is open, and what was closed and why.

use maud::{Markup, html};

use crate::ui::context::Ctx;
use crate::ui::model::{Cart, CartLine, ClosedBecause, Money, Tone};
use crate::ui::text::Arg;
use crate::ui::widget::{self, channel, count, empty, money, sign, time};

/// The card.
pub(super) fn card(ctx: &Ctx, cart: &Cart) -> Markup {
    let worth = html! { @if let Some(worth) = &cart.worth { strong { (money(ctx, worth)) } } };
    let number = (!cart.open.is_empty()).then(|| count(ctx, cart.open.len() as u64));
    widget::card(
        "cart",
        &ctx.t("person-cart"),
        number,
        worth,
        html! {
            @if cart.open.is_empty() && cart.closed.is_empty() { (empty("cart-add", &ctx.t("cart-empty"), None)) }
            @else {
                @if cart.open.is_empty() { p .quiet .card-pad { (ctx.t("cart-nothing-open")) } }
                ul .lines { @for line in &cart.open { (open(ctx, line)) } }
                @if !cart.closed.is_empty() {
                    h3 .part { (ctx.t("cart-closed")) }
                    ul .lines .closed { @for line in &cart.closed { (closed(ctx, line)) } }
                }
            }
        },
    )
}

fn what(line: &CartLine) -> Markup {
    html! {
        span .line-what {
            @if line.quantity > 1 { (line.quantity) " × " }
            (line.product)
            @if let Some(variant) = &line.variant { span .quiet { " " (variant) } }
        }
    }
}

fn open(ctx: &Ctx, line: &CartLine) -> Markup {
    html! {
        li .line {
            (what(line))
            @if let Some(price) = &line.price { span .number { (money(ctx, &total(price, line.quantity))) } }
            p .quiet .line-how { (channel(ctx, line.channel)) span { (ctx.t("added")) " " (time(ctx, line.added_at)) } }
        }
    }
}

fn total(price: &Money, quantity: u32) -> Money {
    Money {
        minor: price.minor.saturating_mul(i64::from(quantity)),
        currency: price.currency.clone(),
    }
}

fn closed(ctx: &Ctx, line: &CartLine) -> Markup {
    html! {
        li .line {
            (what(line))
            @if let Some((why, at)) = &line.closed {
                (sign(if *why == ClosedBecause::Bought { Tone::Good } else { Tone::Neutral }, why.icon(), &ctx.t(why.key())))
                p .quiet .line-how {
                    @match &line.closed_where {
                        Some(place) => { span { (ctx.tf("closed-at", &[("place", Arg::from(place))])) " · " (time(ctx, *at)) } }
                        None => { (time(ctx, *at)) }
                    }
                }
            }
        }
    }
}
