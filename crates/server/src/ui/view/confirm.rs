//! The page on which somebody confirms a yes. No login, no script.

use maud::{Markup, html};
use regulars_engine::decision::Message;
use regulars_engine::event::Purpose;

use super::preferences::{choice_words, document, hidden};
use crate::confirm::Link;
use crate::ui::context::Ctx;
use crate::ui::text::Arg;

/// What the page shows.
#[derive(Clone, Copy, Debug)]
pub struct Shown<'m> {
    /// The token of the message that led here.
    pub token: &'m str,
    /// The message.
    pub message: &'m Message,
    /// What can be done.
    pub link: &'m Link,
}

/// `GET` and `POST /confirm/<token>`.
pub fn page(ctx: &Ctx, shown: &Shown<'_>) -> Markup {
    let (title, content) = match shown.link {
        Link::Asks(purposes) => (
            ctx.tf("confirm-title", &[("shop", Arg::from(&ctx.shop))]),
            question(ctx, shown, purposes),
        ),
        Link::Confirmed => (ctx.t("confirm-done"), said(&ctx.t("confirm-done-line"))),
        Link::Expired => (ctx.t("confirm-expired"), said(&ctx.t("confirm-expired-line"))),
        Link::Nothing => (ctx.t("confirm-nothing"), said(&ctx.t("confirm-nothing-line"))),
    };
    document(ctx, &title, shown.token, html! { h1 { (title) } (content) })
}

fn question(ctx: &Ctx, shown: &Shown<'_>, purposes: &[Purpose]) -> Markup {
    let action = format!("/confirm/{}?lang={}", shown.token, ctx.language.code());
    let address = hidden(shown.message.recipient.value());
    let channel = shown.message.channel.word();
    html! {
        p { (ctx.tf("confirm-line", &[("address", Arg::from(&address))])) }
        ul {
            @for purpose in purposes {
                li { (choice_words(ctx, &format!("{channel}-{}", purpose.word()))) }
            }
        }
        form .preferences method="post" action=(action) {
            button .button .primary .wide type="submit" { (ctx.t("confirm-yes")) }
        }
        p .quiet { (ctx.t("confirm-not-you")) }
    }
}

fn said(line: &str) -> Markup {
    html! { p role="status" { (line) } }
}
