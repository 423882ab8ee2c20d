//! Who it is, in one look.

use maud::{Markup, html};

use crate::access::Right;
use crate::ui::context::Ctx;
use crate::ui::model::{PersonHeader, Tone};
use crate::ui::view::gifts;
use crate::ui::view::people::initials;
use crate::ui::widget::{badge, count, date, icon, money_list, time_ago};

/// The head of the page.
pub(super) fn header(ctx: &Ctx, who: &PersonHeader, title: &str) -> Markup {
    html! {
        div .person-head {
            (initials(who.name.as_deref()))
            div .person-who {
                h1 { (title) }
                ul .contacts {
                    @for contact in &who.contacts {
                        li { (icon(contact.kind.icon())) span .visually-hidden { (ctx.t(contact.kind.key())) ": " } span { (contact.value) } }
                    }
                    @if who.known_since.is_none() {
                        li { (badge(Tone::Warn, "uncertain", &ctx.t("not-known-yet"))) }
                    }
                }
                @if ctx.may(Right::Give) { a .soft href=(gifts::address(&who.id, None)) { (icon("offer")) (ctx.t("gift-title")) } }
            }
            (figures(ctx, who))
        }
    }
}

fn figures(ctx: &Ctx, who: &PersonHeader) -> Markup {
    html! {
        dl .person-figures {
            div { dt { (ctx.t("spent")) } dd { @if who.spent.is_empty() { "–" } @else { (money_list(ctx, &who.spent)) } } }
            div {
                dt { (ctx.t("orders-kept")) }
                dd {
                    (count(ctx, who.orders))
                    @if who.returns > 0 { span .quiet .small { " " (ctx.tn("with-returns", &[("count", who.returns)])) } }
                }
            }
            @if let Some(first) = who.known_since.or(who.first_at) {
                div { dt { (ctx.t(if who.known_since.is_some() { "known-since" } else { "first-seen" })) } dd { (date(ctx, first)) } }
            }
            @if let Some(last) = who.last_at { div { dt { (ctx.t("last-seen-label")) } dd { (time_ago(ctx, last)) } } }
            div { dt { (ctx.t("events")) } dd { (count(ctx, who.events)) } }
        }
    }
}
