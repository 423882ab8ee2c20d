//! Quarantine: rows that were accepted and not understood, to see, repair and replay.

use maud::{Markup, html};

use crate::access::Right;
use crate::ui::context::Ctx;
use crate::ui::layout::{csrf, shell};
use crate::ui::model::{
    Excerpt, QuarantineFilter, QuarantineModel, QuarantineRow, QuarantineState,
};
use crate::ui::text::Arg;
use crate::ui::widget::{
    badge, coded, count, cure, empty, fact_list, icon, page_head, pager, sentence_of, time,
};

/// `GET /quarantine`, with `source`, `reason` and `before`.
pub fn page(ctx: &Ctx, model: &QuarantineModel) -> Markup {
    let title = ctx.t("nav-quarantine");
    let chosen = model.filters.iter().find(|filter| filter.selected);
    let path = chosen.map_or_else(|| "/quarantine".to_owned(), address);
    let content = html! {
        (page_head(&title, html! { span { (ctx.t("quarantine-line")) } }))
        @if model.rows.is_empty() && model.filters.is_empty() {
            div .card { (empty("good", &ctx.t("quarantine-none"), Some(("/sources", &ctx.t("nav-sources"))))) }
        } @else {
            (filters(ctx, &model.filters))
            @if let Some(filter) = chosen { (replay_all(ctx, filter)) }
            div .stack #rows data-rows { @for row in &model.rows { (row_card(ctx, row)) } }
            (pager(ctx, &path, &model.page))
        }
    };
    shell(ctx, &title, content)
}

/// `GET /quarantine/<id>`, and the answers to `POST /quarantine/<id>/show`, `/repair` and `/replay`.
///
/// With scripts only `#row-<id>` is taken from the answer.
pub fn row_page(ctx: &Ctx, row: &QuarantineRow) -> Markup {
    let title = match &row.feed {
        Some(feed) => format!("{} · {feed}", row.source.1),
        None => row.source.1.clone(),
    };
    let content = html! {
        p .crumb { a href="/quarantine" { (icon("back")) (ctx.t("nav-quarantine")) } }
        (page_head(&title, html! { (time(ctx, row.received_at)) }))
        (row_card(ctx, row))
    };
    shell(ctx, &title, content)
}

fn address(filter: &QuarantineFilter) -> String {
    format!("/quarantine?source={}&reason={}", filter.source_id, filter.code)
}

fn filters(ctx: &Ctx, filters: &[QuarantineFilter]) -> Markup {
    let none = !filters.iter().any(|filter| filter.selected);
    let total: u64 = filters.iter().map(|filter| filter.count).sum();
    html! {
        nav .filters aria-label=(ctx.t("filter-label")) {
            a .chip href="/quarantine" aria-current=[none.then_some("true")] { (ctx.t("all")) span .number { (count(ctx, total)) } }
            @for filter in filters {
                a .chip href=(address(filter)) aria-current=[filter.selected.then_some("true")] {
                    (filter.source) " · " (coded(ctx, "quarantine", &filter.code)) span .number { (count(ctx, filter.count)) }
                }
            }
        }
    }
}

/// After a mapping or a catalogue was mended, all rows of one reason can be offered again.
fn replay_all(ctx: &Ctx, filter: &QuarantineFilter) -> Markup {
    html! {
        @if ctx.may(Right::Repair) {
            form .replay-all method="post" action="/quarantine/replay" {
                (csrf(ctx))
                input type="hidden" name="source" value=(filter.source_id);
                input type="hidden" name="reason" value=(filter.code);
                span .quiet { (ctx.t("replay-all-line")) }
                button .button type="submit" { (icon("replay")) (ctx.tn("replay-all", &[("count", filter.count)])) }
            }
        }
    }
}

/// One row; the part that is swapped.
pub fn row_card(ctx: &Ctx, row: &QuarantineRow) -> Markup {
    let waiting = row.state == QuarantineState::Waiting;
    html! {
        article .card .quarantined id=(format!("row-{}", row.id)) data-row aria-labelledby=(format!("row-{}-title", row.id)) {
            div .card-head {
                h2 id=(format!("row-{}-title", row.id)) {
                    a href=(format!("/quarantine/{}", row.id)) { (coded(ctx, "quarantine", &row.reason.code)) }
                }
                div .card-head-side {
                    @if !waiting { (badge(if row.state == QuarantineState::Replayed { crate::ui::model::Tone::Good } else { crate::ui::model::Tone::Neutral }, row.state.icon(), &ctx.t(row.state.key()))) }
                    span .quiet { a .soft href=(format!("/sources/{}", row.source.0)) { (row.source.1) } @if let Some(feed) = &row.feed { " · " (feed) } }
                    (time(ctx, row.received_at))
                }
            }
            div .card-pad {
                p { (sentence_of(ctx, "quarantine", &row.reason)) }
                @if let Some(cure) = cure(ctx, &row.reason.code) { p .cure { (icon("wrench")) (cure) } }
                (fact_list(ctx, &row.reason.facts))
                @match (&row.repair, &row.excerpt) {
                    (Some(repair), _) => { (repair_form(ctx, row, &repair.json, repair.problem.as_deref())) }
                    (None, Excerpt::Shown(text)) => { pre .raw tabindex="0" { (text) } }
                    (None, Excerpt::Masked(text)) => {
                        pre .raw tabindex="0" aria-label=(ctx.t("raw-masked")) { (text) }
                        @if waiting { (actions(ctx, row)) }
                        @if row.state == QuarantineState::Dismissed { (aside(ctx, row)) }
                    }
                }
            }
        }
    }
}

fn actions(ctx: &Ctx, row: &QuarantineRow) -> Markup {
    html! {
        @if ctx.may(Right::Repair) {
            div .actions {
                (post(ctx, row, "show", html! { (icon("eye")) (ctx.t("show-and-repair")) }))
                (post(ctx, row, "replay", html! { (icon("replay")) (ctx.t("replay")) }))
                (post(ctx, row, "dismiss", html! { (icon("skipped")) (ctx.t("dismiss")) }))
            }
        }
    }
}

/// What can be done about a row that was put aside a moment ago.
fn aside(ctx: &Ctx, row: &QuarantineRow) -> Markup {
    html! {
        @if ctx.may(Right::Repair) {
            form .actions method="post" action=(format!("/quarantine/{}/bring-back", row.id)) {
                (csrf(ctx))
                button .button #(format!("bring-back-{}", row.id)) type="submit" data-focus { (icon("back")) (ctx.t("bring-back")) }
                span .quiet .small data-say { (ctx.t("dismissed-line")) }
            }
        }
    }
}

/// A button that posts to the row and swaps it in place.
fn post(ctx: &Ctx, row: &QuarantineRow, verb: &str, label: Markup) -> Markup {
    let action = format!("/quarantine/{}/{verb}", row.id);
    let target = format!("#row-{}", row.id);
    html! {
        form method="post" action=(action) hx-post=(action) hx-target=(target) hx-select=(target) hx-swap="outerHTML" {
            (csrf(ctx))
            button .button #(format!("{verb}-{}", row.id)) type="submit" { (label) }
        }
    }
}

fn repair_form(ctx: &Ctx, row: &QuarantineRow, json: &str, problem: Option<&str>) -> Markup {
    let action = format!("/quarantine/{}/repair", row.id);
    let target = format!("#row-{}", row.id);
    let field = format!("json-{}", row.id);
    let lines = json.lines().count().clamp(4, 24);
    html! {
        @if ctx.may(Right::Repair) {
            form .repair method="post" action=(action) hx-post=(action) hx-target=(target) hx-select=(target) hx-swap="outerHTML" {
                (csrf(ctx))
                label for=(field) { (ctx.t("repair-label")) }
                textarea .raw id=(field) name="json" rows=(lines) spellcheck="false" autocomplete="off" data-focus
                    aria-invalid=[problem.map(|_| "true")] aria-describedby=[problem.map(|_| format!("{field}-problem"))] { (json) }
                @if let Some(problem) = problem {
                    p .problem id=(format!("{field}-problem")) role="alert" { (icon("bad")) span { (ctx.tf("repair-problem", &[("problem", Arg::from(problem))])) } }
                }
                div .actions {
                    button .button .primary type="submit" { (icon("wrench")) (ctx.t("repair")) }
                    a .button .plain href=(format!("/quarantine/{}", row.id)) hx-get=(format!("/quarantine/{}", row.id))
                        hx-target=(target) hx-select=(target) hx-swap="outerHTML" { (ctx.t("hide")) }
                }
            }
        }
    }
}
