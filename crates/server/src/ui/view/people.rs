//! People: one box that finds a person by anything known of them.

use maud::{Markup, html};

use crate::ui::context::Ctx;
use crate::ui::layout::{csrf, shell};
use crate::ui::model::{Hit, PeopleModel};
use crate::ui::text::Arg;
use crate::ui::widget::{empty, icon, money, page_head, time_ago};

/// `GET /people` (nothing searched yet) and `POST /people` (field `q`).
///
/// What is searched for is personal data, so it travels in the body and never in an address.
/// With scripts the form is posted as one types and only `#results` is taken from the answer:
/// the whole page or [`results`] alone will do.
pub fn page(ctx: &Ctx, model: &PeopleModel) -> Markup {
    let title = ctx.t("nav-people");
    let content = html! {
        (page_head(&title, html! {
            span { (ctx.tn("people-count", &[("count", model.people)])) }
            a href="/identity" { (ctx.t("people-identity")) }
        }))
        form .search role="search" method="post" action="/people" hx-post="/people" hx-target="#results"
            hx-select="#results" hx-swap="outerHTML" hx-sync="this:replace"
            hx-trigger="submit, input changed delay:150ms from:#q" {
            (csrf(ctx))
            label .visually-hidden for="q" { (ctx.t("people-search")) }
            (icon("search"))
            input #q type="search" name="q" value=(model.query) autocomplete="off" spellcheck="false" autofocus
                autocapitalize="none" enterkeyhint="search" data-search placeholder=(ctx.t("people-placeholder"));
            button .button type="submit" { (ctx.t("search")) }
        }
        (results(ctx, model))
    };
    shell(ctx, &title, content)
}

/// The answer alone, for requests that scripts make.
pub fn results(ctx: &Ctx, model: &PeopleModel) -> Markup {
    html! {
        section #results .results aria-label=(ctx.t("people-results")) {
            @if model.query.trim().is_empty() {
                (hints(ctx))
            } @else if model.hits.is_empty() {
                p .visually-hidden data-say { (ctx.t("people-none-short")) }
                div .card { (empty("search", &ctx.tf("people-none", &[("query", Arg::from(&model.query))]), None)) }
            } @else {
                p .results-head data-say { (ctx.tn("people-found", &[("count", model.total)])) }
                ol .card .hits data-rows { @for hit in &model.hits { (row(ctx, hit)) } }
                @if model.total > model.hits.len() as u64 {
                    p .quiet .results-more { (ctx.tn("people-more", &[("count", model.hits.len())])) }
                }
            }
        }
    }
}

/// Before the first search: what can be typed.
fn hints(ctx: &Ctx) -> Markup {
    html! {
        div .card .search-hints {
            p { (ctx.t("people-hint")) }
            ul {
                @for (kind, key) in [("user", "people-hint-name"), ("email", "people-hint-email"), ("phone", "people-hint-phone"), ("card", "people-hint-card"), ("order", "people-hint-order")] {
                    li { (icon(kind)) span { (ctx.t(key)) } }
                }
            }
            p .quiet .small { (ctx.t("people-private")) }
        }
    }
}

fn row(ctx: &Ctx, hit: &Hit) -> Markup {
    html! {
        li .hit data-row {
            (initials(hit.name.as_deref()))
            div .hit-who {
                a .hit-name href=(format!("/people/{}", hit.id)) {
                    @match &hit.name { Some(name) => { (name) } None => { (ctx.t("anonymous")) } }
                }
                ul .hit-contacts {
                    @for contact in &hit.contacts {
                        li .matched[contact.matched] {
                            (icon(contact.kind.icon()))
                            span .visually-hidden { (ctx.t(contact.kind.key())) ": " }
                            @if contact.matched { mark { (contact.value) } } @else { span { (contact.value) } }
                        }
                    }
                }
            }
            div .hit-worth {
                span { (ctx.tn("orders", &[("count", hit.orders)])) @if let Some(spent) = &hit.spent { " · " strong { (money(ctx, spent)) } } }
                @if let Some(last) = hit.last_at { span .quiet { (ctx.t("last-seen")) " " (time_ago(ctx, last)) } }
            }
        }
    }
}

/// One or two letters in a circle; a silhouette for a visitor without a name.
pub(crate) fn initials(name: Option<&str>) -> Markup {
    let letters: String = name
        .unwrap_or_default()
        .split_whitespace()
        .filter_map(|word| word.chars().next())
        .take(2)
        .flat_map(char::to_uppercase)
        .collect();
    html! {
        span .initials aria-hidden="true" { @if letters.is_empty() { (icon("user")) } @else { (letters) } }
    }
}
