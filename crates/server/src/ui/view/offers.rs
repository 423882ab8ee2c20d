//! Offers: what was given and used, what is left, and what that costs.

use maud::{Markup, html};

use super::gifts::told_of;
use super::segments::in_path;
use super::sources::nothing;
use crate::access::Right;
use crate::ui::context::Ctx;
use crate::ui::layout::{csrf, shell};
use crate::ui::model::{OfferModel, OfferRow, OffersModel, Tone};
use crate::ui::widget::{
    badge, card, count, date, empty, icon, money, money_list, page_head, scroll,
};

/// `GET /offers`.
pub fn page(ctx: &Ctx, model: &OffersModel) -> Markup {
    let title = ctx.t("nav-offers");
    let content = html! {
        (page_head(&title, html! { span { (ctx.t("offers-line")) } }))
        @if model.offers.is_empty() {
            div .card {
                (empty("offer", &ctx.t("offers-empty"), None))
                pre .command tabindex="0" { "offer: welcome\ngives: 5 EUR off\nbudget: 500 codes\none per person: once" }
            }
        } @else {
            div .offers {
                section .card { (scroll(&title, table(ctx, &model.offers))) }
                (guesses(ctx, model))
            }
        }
    };
    shell(ctx, &title, content)
}

fn table(ctx: &Ctx, offers: &[OfferRow]) -> Markup {
    html! {
        table .table .stacked {
            thead {
                tr {
                    th scope="col" { (ctx.t("offer")) }
                    @for key in ["offer-given", "offer-open", "offer-used", "offer-free"] {
                        th .number scope="col" { (ctx.t(key)) }
                    }
                    th .number scope="col" { (ctx.t("offer-cost")) }
                    th .number scope="col" { (ctx.t("offer-liability")) }
                }
            }
            tbody data-rows { @for row in offers { (offer(ctx, row)) } }
        }
    }
}

fn offer(ctx: &Ctx, row: &OfferRow) -> Markup {
    html! {
        tr data-row {
            th scope="row" {
                a .offer-name href=(address(&row.name)) { (row.name) }
                (state(ctx, row))
            }
            td .number data-label=(ctx.t("offer-given")) { (count(ctx, row.given)) }
            td .number data-label=(ctx.t("offer-open")) { (count(ctx, row.open)) }
            td .number data-label=(ctx.t("offer-used")) { (count(ctx, row.used)) }
            td .number data-label=(ctx.t("offer-free")) { (free(ctx, row)) }
            td .number data-label=(ctx.t("offer-cost")) { (cost(ctx, row)) }
            td .number data-label=(ctx.t("offer-liability")) { (liability(ctx, row)) }
        }
    }
}

/// What it gives where its name does not say so, and what is wrong with it.
fn state(ctx: &Ctx, row: &OfferRow) -> Markup {
    html! {
        @match &row.gives {
            Some(gives) if *gives == row.name => {}
            Some(gives) => { " " span .quiet { (gives) } }
            None => { " " (badge(Tone::Neutral, "minus", &ctx.t("offer-gone"))) }
        }
        @if row.low { " " (badge(Tone::Warn, "warn", &ctx.t("offer-low"))) }
        @if row.gives.is_some() && !row.room { " " (badge(Tone::Warn, "warn", &ctx.t("offer-spent"))) }
    }
}

fn free(ctx: &Ctx, row: &OfferRow) -> Markup {
    html! { @match row.free { Some(free) => { (count(ctx, free)) } None => { (nothing()) } } }
}

fn cost(ctx: &Ctx, row: &OfferRow) -> Markup {
    html! { @if row.cost.is_empty() { (nothing()) } @else { (money_list(ctx, &row.cost)) } }
}

fn liability(ctx: &Ctx, row: &OfferRow) -> Markup {
    html! {
        @match &row.liability {
            Some(amount) => { (money(ctx, amount)) }
            None if row.open > 0 => { span .quiet { (ctx.t("offer-unlimited")) } }
            None => { (nothing()) }
        }
    }
}

fn guesses(ctx: &Ctx, model: &OffersModel) -> Markup {
    let content = html! {
        @if model.wrong == 0 {
            p .quiet { (ctx.t("offers-no-guesses")) }
        } @else {
            p { (ctx.tn("offers-wrong", &[("count", model.wrong)])) }
            @if model.unheard > 0 { p { (ctx.tn("offers-unheard", &[("count", model.unheard)])) } }
        }
    };
    card("guesses", &ctx.t("offers-guesses"), None, html! {}, content)
}

/// `GET /offers/of/{name}`.
pub fn one(ctx: &Ctx, model: &OfferModel) -> Markup {
    let row = &model.row;
    let line = html! {
        a .soft href="/offers" { (icon("chevron-left")) (ctx.t("nav-offers")) }
        (state(ctx, row))
    };
    let content = html! {
        (page_head(&row.name, line))
        div .offers {
            (card("stand", &ctx.t("offer-stand"), None, html! {}, stand(ctx, row)))
            @if row.free.is_some() { (card("pool", &ctx.t("offer-pool"), None, html! {}, pool(ctx, model))) }
            @if ctx.may(Right::Give) && row.gives.is_some() { (card("give", &ctx.t("gift-title"), None, html! {}, give(ctx, model))) }
            @if ctx.may(Right::Give) { (card("back", &ctx.t("gift-back-title"), None, html! {}, back(ctx, model))) }
            (card("days", &ctx.t("offer-days"), None, html! {}, days(ctx, model)))
            @if let Some(rules) = &model.rules {
                (card("rules", &ctx.t("offer-rules"), None, html! {}, html! { pre .command tabindex="0" { (rules) } }))
            }
        }
    };
    shell(ctx, &row.name, content)
}

fn stand(ctx: &Ctx, row: &OfferRow) -> Markup {
    let numbers = [
        ("offer-given", row.given),
        ("offer-open", row.open),
        ("offer-used", row.used),
        ("offer-expired", row.expired),
        ("offer-taken-back", row.taken_back),
    ];
    html! {
        dl .facts {
            @for (key, number) in numbers { div { dt { (ctx.t(key)) } dd { (count(ctx, number)) } } }
            @if row.free.is_some() { div { dt { (ctx.t("offer-free")) } dd { (free(ctx, row)) } } }
            div { dt { (ctx.t("offer-cost")) } dd { (cost(ctx, row)) } }
            @if row.unpriced > 0 { div { dt { (ctx.t("offer-unpriced")) } dd { (count(ctx, row.unpriced)) } } }
            div { dt { (ctx.t("offer-liability")) } dd { (liability(ctx, row)) } }
        }
    }
}

fn pool(ctx: &Ctx, model: &OfferModel) -> Markup {
    html! {
        @if let Some((added, repeated, unreadable)) = model.pooled {
            div .notice .good role="status" {
                (icon("list"))
                span { (ctx.tf("offer-pooled", &[("added", added.into()), ("repeated", repeated.into()), ("unreadable", unreadable.into())])) }
            }
        }
        @if ctx.may(Right::Define) {
            form .builder method="post" action=(format!("{}/pool", address(&model.row.name))) {
                (csrf(ctx))
                label for="codes" { (ctx.t("offer-codes")) }
                textarea #codes .raw name="codes" rows="4" required spellcheck="false" autocomplete="off" {}
                div .actions { button .button .primary type="submit" { (icon("plus")) (ctx.t("offer-add")) } }
            }
        }
    }
}

/// Who is looked for stands in the body of the form: no address is in an address of a page.
fn give(ctx: &Ctx, model: &OfferModel) -> Markup {
    html! {
        form .builder .card-pad method="post" action=(format!("{}/person", address(&model.row.name))) {
            (csrf(ctx))
            div .field {
                label for="who" { (ctx.t("gift-who")) }
                input #who .input name="who" required maxlength="200" autocomplete="off" placeholder=(ctx.t("template-who-hint"));
            }
            @if model.nobody { p role="alert" { (icon("warn")) (ctx.t("template-nobody")) } }
            div .actions { button .button type="submit" { (icon("eye")) (ctx.t("gift-look")) } }
        }
    }
}

/// A code that was given by hand is found by the id of the gift, such as a ticket's.
fn back(ctx: &Ctx, model: &OfferModel) -> Markup {
    html! {
        @match &model.back {
            Some(Some(told)) => { (told_of(ctx, told)) }
            Some(None) => { div .notice .bad role="alert" { (icon("bad")) span { (ctx.t("gift-back-none")) } } }
            None => {}
        }
        form .builder .card-pad method="post" action=(format!("{}/take-back#back", address(&model.row.name))) {
            (csrf(ctx))
            p .quiet .small { (ctx.t("gift-back-line")) }
            div .field {
                label for="gift" { (ctx.t("gift-id")) }
                input #gift .input name="id" required maxlength="200" autocomplete="off" autocapitalize="none" spellcheck="false";
            }
            div .actions { button .button type="submit" { (icon("withdrawn")) (ctx.t("gift-back")) } }
        }
    }
}

fn days(ctx: &Ctx, model: &OfferModel) -> Markup {
    html! {
        @if model.days.is_empty() { p .quiet { (ctx.t("offer-no-days")) } } @else {
            table .table .dense {
                thead {
                    tr {
                        th scope="col" { (ctx.t("offer-day")) }
                        th .number scope="col" { (ctx.t("offer-used")) }
                        th .number scope="col" { (ctx.t("offer-cost")) }
                    }
                }
                tbody {
                    @for (at, codes, cost) in &model.days {
                        tr {
                            th scope="row" { (date(ctx, *at)) }
                            td .number { (count(ctx, *codes)) }
                            td .number { @if cost.is_empty() { (nothing()) } @else { (money_list(ctx, cost)) } }
                        }
                    }
                }
            }
        }
    }
}

/// The page of an offer.
pub(crate) fn address(name: &str) -> String {
    format!("/offers/of/{}", in_path(name))
}
