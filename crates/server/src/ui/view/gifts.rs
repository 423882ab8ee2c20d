//! Offers for one person: which may be given now, the code of the one that is, and what was given.

use maud::{Markup, html};

use super::offers;
use super::segments::in_path;
use crate::ui::context::Ctx;
use crate::ui::layout::{csrf, shell};
use crate::ui::model::{GiftRow, GiftTold, GiftsModel, GivenRow, Tone};
use crate::ui::text::Arg;
use crate::ui::widget::{badge, card, empty, icon, page_head, reasons, scroll, time};

/// The page for a person, with an offer that somebody came for.
pub fn address(person: &str, offer: Option<&str>) -> String {
    let offer = offer.map(|name| format!("?offer={}", in_path(name)));
    format!("/people/{person}/offers{}", offer.unwrap_or_default())
}

/// `GET /people/{id}/offers`, and the answer to its form.
pub fn page(ctx: &Ctx, model: &GiftsModel) -> Markup {
    let name = model.name.clone().unwrap_or_else(|| ctx.t("anonymous"));
    let title = ctx.t("gift-title");
    let content = html! {
        p .crumb { a href=(format!("/people/{}", model.person)) { (icon("back")) (name) } }
        (page_head(&title, html! { span { (ctx.t("gift-line")) } }))
        div .offers {
            @if let Some(told) = &model.told { (told_of(ctx, told)) }
            (card("may", &ctx.t("gift-may"), None, html! {}, may(ctx, model)))
            (card("given", &ctx.t("gift-given"), None, html! {}, given(ctx, model)))
        }
    };
    shell(ctx, &title, content)
}

/// What came of giving a code, or of taking one back.
pub(super) fn told_of(ctx: &Ctx, told: &GiftTold) -> Markup {
    let warn = |words: String| html! { div .notice .warn role="status" { (icon("warn")) span { (words) } } };
    let of = |key: &str, offer: &str| ctx.tf(key, &[("offer", Arg::from(offer))]);
    html! {
        @match told {
            GiftTold::Given(gives, code, until) => {
                div .notice .good role="status" {
                    (icon("offer"))
                    div {
                        p { strong { (gives) } }
                        pre .command tabindex="0" { (code) }
                        p { (ctx.t("gift-once")) " " (ctx.t("gift-until")) " " (time(ctx, *until)) "." }
                    }
                }
            }
            GiftTold::Before => { (warn(ctx.t("gift-before"))) }
            GiftTold::Revoked => { (warn(ctx.t("gift-revoked"))) }
            GiftTold::TakenBack(offer) => {
                div .notice .good role="status" { (icon("good")) span { (of("gift-back-done", offer)) } }
            }
            GiftTold::TakenBackBefore(offer) => { (warn(of("gift-back-before", offer))) }
            GiftTold::Used(offer) => { (warn(of("gift-back-used", offer))) }
            GiftTold::Not(offer, why) => {
                div .notice .bad role="alert" {
                    (icon("bad"))
                    div { p { (ctx.tf("gift-not", &[("offer", Arg::from(offer))])) } (reasons(ctx, why)) }
                }
            }
        }
    }
}

/// What it is for, and every offer.
fn may(ctx: &Ctx, model: &GiftsModel) -> Markup {
    html! {
        form .builder .card-pad method="get" action=(address(&model.person, None)) {
            @if let Some(wanted) = &model.wanted { input type="hidden" name="offer" value=(wanted); }
            div .field {
                label for="product" { (ctx.t("gift-product")) }
                input #product .input name="product" value=(model.product) maxlength="200" autocomplete="off" spellcheck="false" aria-describedby="product-help";
                p #product-help .quiet .small {
                    (ctx.t("gift-product-line")) " "
                    @if model.cart.is_empty() { (ctx.t("gift-cart-empty")) } @else { (ctx.t("gift-cart")) " " (model.cart.join(", ")) "." }
                }
            }
            div .actions { button .button type="submit" { (icon("eye")) (ctx.t("gift-look")) } }
        }
        @if model.offers.is_empty() { (empty("offer", &ctx.t("gift-none"), Some(("/offers", &ctx.t("nav-offers"))))) }
        ul .enrollments {
            @let first = |row: &&GiftRow| model.wanted.as_ref() == Some(&row.name);
            @let numbered = || model.offers.iter().enumerate();
            @for (number, row) in numbered().filter(|(_, row)| first(row)) { (offer(ctx, model, (number, row))) }
            @for (number, row) in numbered().filter(|(_, row)| !first(row)) { (offer(ctx, model, (number, row))) }
        }
    }
}

fn offer(ctx: &Ctx, model: &GiftsModel, (number, row): (usize, &GiftRow)) -> Markup {
    let (tone, sign, key) = match row.may {
        Some(true) => (Tone::Good, "good", "gift-yes"),
        Some(false) => (Tone::Bad, "bad", "gift-no"),
        None => (Tone::Warn, "uncertain", "gift-unknown"),
    };
    html! {
        li .enrollment {
            div .enrollment-head {
                a .name href=(offers::address(&row.name)) { (row.name) }
                (badge(tone, sign, &ctx.t(key)))
            }
            @if row.gives != row.name { p .quiet { (row.gives) } }
            @if row.may == Some(true) {
                form method="post" action=(address(&model.person, None)) {
                    (csrf(ctx))
                    input type="hidden" name="id" value=(format!("{}-{number}", model.id));
                    input type="hidden" name="offer" value=(row.name);
                    input type="hidden" name="product" value=(model.product);
                    button .button .primary type="submit" aria-label=(format!("{}: {}", ctx.t("gift-do"), row.name)) { (icon("offer")) (ctx.t("gift-do")) }
                }
            } @else { (reasons(ctx, &row.reasons)) }
        }
    }
}

fn given(ctx: &Ctx, model: &GiftsModel) -> Markup {
    let rows = &model.given;
    html! {
        @if rows.is_empty() { p .quiet .card-pad { (ctx.t("gift-given-none")) } } @else {
            (scroll(&ctx.t("disclosure-offers"), html! {
                table .table .stacked {
                    thead {
                        tr {
                            th scope="col" { (ctx.t("offer")) }
                            @for key in ["gift-when", "gift-last-day", "gift-used"] { th scope="col" { (ctx.t(key)) } }
                        }
                    }
                    tbody { @for row in rows { (given_row(ctx, &model.person, row)) } }
                }
            }))
        }
    }
}

/// Takes a gift back.
fn back(ctx: &Ctx, person: &str, (id, offer): (&str, &str)) -> Markup {
    html! {
        form method="post" action=(format!("/people/{person}/offers/take-back")) {
            (csrf(ctx))
            input type="hidden" name="id" value=(id);
            button .button .plain type="submit" aria-label=(format!("{}: {offer}", ctx.t("gift-back"))) { (icon("withdrawn")) (ctx.t("gift-back")) }
        }
    }
}

fn given_row(ctx: &Ctx, person: &str, row: &GivenRow) -> Markup {
    html! {
        tr {
            th scope="row" {
                a .offer-name href=(offers::address(&row.offer)) { (row.offer) }
                @if let Some(gives) = row.gives.as_ref().filter(|gives| **gives != row.offer) { " " span .quiet { (gives) } }
            }
            td data-label=(ctx.t("gift-when")) {
                (time(ctx, row.at))
                @if let Some((id, by)) = &row.gift { " " span .quiet .small { (ctx.tf("gift-by", &[("by", Arg::from(by)), ("id", Arg::from(id))])) } }
            }
            td data-label=(ctx.t("gift-last-day")) { (time(ctx, row.until)) }
            td data-label=(ctx.t("gift-used")) {
                @match (row.used_at, row.taken_back_at) {
                    (Some(at), _) => { (time(ctx, at)) }
                    (None, Some(at)) => { span .quiet { (ctx.t("gift-taken-back")) " " (time(ctx, at)) } }
                    (None, None) => {
                        span .quiet { (ctx.t(if row.until < ctx.now { "gift-expired" } else { "gift-open" })) }
                        @if let Some((id, _)) = &row.gift { (back(ctx, person, (id, &row.offer))) }
                    }
                }
            }
        }
    }
}
