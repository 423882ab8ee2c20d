//! Segments: the list with sizes.

use maud::{Markup, html};

use crate::access::Right;
use crate::ui::context::Ctx;
use crate::ui::layout::{csrf, shell};
use crate::ui::model::{SegmentRow, SegmentsModel, Tone, UploadReport};
use crate::ui::view::sizes::spark;
use crate::ui::widget::{card, count, empty, icon, page_head, scroll, sign, time};

/// `GET /segments`.
pub fn page(ctx: &Ctx, model: &SegmentsModel) -> Markup {
    let title = ctx.t("nav-segments");
    let line = html! {
        span { (ctx.t("segments-line")) }
        a .button .primary href="/segments/new" { (icon("plus")) (ctx.t("segment-new")) }
    };
    let content = html! {
        (page_head(&title, line))
        @if model.segments.is_empty() {
            div .card { (empty("segments", &ctx.t("segments-empty"), Some(("/segments/new", &ctx.t("segment-new"))))) }
        } @else {
            section .card {
                (scroll(&title, html! {
                    table .table .stacked {
                        thead {
                            tr {
                                th scope="col" { (ctx.t("segment")) }
                                th scope="col" { (ctx.t("segment-condition")) }
                                th .number scope="col" { (ctx.t("segment-members")) }
                                th scope="col" { (ctx.t("segment-sizes")) }
                            }
                        }
                        tbody data-rows { @for row in &model.segments { (segment(ctx, row)) } }
                    }
                }))
            }
        }
    };
    shell(ctx, &title, html! { (content) (lists(ctx, model)) })
}

/// Static lists, and the form that makes them.
fn lists(ctx: &Ctx, model: &SegmentsModel) -> Markup {
    let content = html! {
        @if let Some(report) = &model.uploaded { (uploaded(ctx, report)) }
        @if !model.lists.is_empty() {
            ul .bare .lists {
                @for (name, at, by) in &model.lists {
                    li { strong { (name) } " " code .condition { "in list \"" (name) "\"" } " " span .quiet { (time(ctx, *at)) " · " (by) } }
                }
            }
        }
        @if ctx.may(Right::Define) {
            form .builder method="post" action="/segments/lists" {
                (csrf(ctx))
                label for="list" { (ctx.t("list-name")) }
                input #list name="list" required maxlength="80" autocomplete="off" placeholder="vips-2026";
                label for="rows" { (ctx.t("list-rows")) }
                textarea #rows .raw name="rows" rows="4" required spellcheck="false" autocomplete="off" placeholder="email" {}
                div .actions {
                    button .button type="submit" name="how" value="try" { (icon("search")) (ctx.t("list-try")) }
                    button .button .primary type="submit" name="how" value="add" { (icon("plus")) (ctx.t("list-add")) }
                    button .button type="submit" name="how" value="remove" { (icon("minus")) (ctx.t("list-remove")) }
                }
                @if let Some(problem) = &model.upload_problem { p { (sign(Tone::Bad, "bad", problem)) } }
            }
        }
    };
    card("lists", &ctx.t("list-title"), None, html! {}, content)
}

/// What becomes of a row, in the order of [`UploadReport::rows`].
const OUTCOMES: [&str; 7] = [
    "list-matched",
    "list-unchanged",
    "list-new",
    "list-unmatched",
    "list-erased",
    "list-repeated",
    "list-unreadable",
];

fn uploaded(ctx: &Ctx, report: &UploadReport) -> Markup {
    html! {
        div .notice .good role="status" {
            (icon("list"))
            div {
                p { strong { (report.list) } @if report.dry_run { " " (ctx.t("list-tried")) } }
                ul .bare {
                    @for (key, rows) in OUTCOMES.iter().zip(&report.rows).filter(|(_, rows)| **rows > 0) {
                        li { (ctx.t(key)) " " strong { (count(ctx, *rows)) } }
                    }
                    @if !report.unreadable.is_empty() {
                        li .quiet { @for row in &report.unreadable { (row) " " } }
                    }
                }
            }
        }
    }
}

fn segment(ctx: &Ctx, row: &SegmentRow) -> Markup {
    html! {
        tr data-row {
            th scope="row" { a .segment-name href=(address(&row.name)) { (row.name) } }
            td data-label=(ctx.t("segment-condition")) { code .condition { (row.condition) } }
            td .number data-label=(ctx.t("segment-members")) {
                strong { (count(ctx, row.members)) }
                (computing(ctx, row))
            }
            td data-label=(ctx.t("segment-sizes")) { (spark(ctx, &row.name, &row.sizes)) }
        }
    }
}

/// How far it is computed; nothing where it is.
pub(super) fn computing(ctx: &Ctx, row: &SegmentRow) -> Markup {
    html! {
        @if let Some((done, total)) = row.computing {
            span .computing {
                progress max=(total.max(1)) value=(done) aria-label=(ctx.t("segment-computing")) {}
                span .quiet .small { (ctx.t("segment-computing")) }
            }
        }
    }
}

/// The page of a segment.
pub(crate) fn address(name: &str) -> String {
    format!("/segments/of/{}", in_path(name))
}

/// A name as a part of an address.
pub(crate) fn in_path(name: &str) -> String {
    let mut path = String::new();
    for byte in name.bytes() {
        if byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'~') {
            path.push(char::from(byte));
        } else {
            path.push_str(&format!("%{byte:02X}"));
        }
    }
    path
}

#[cfg(test)]
mod tests {
    use super::address;

    #[test]
    fn a_name_is_escaped_in_an_address() {
        assert_eq!(address("good customers / 2026"), "/segments/of/good%20customers%20%2F%202026");
        assert_eq!(address("ñ.."), "/segments/of/%C3%B1%2E%2E");
    }
}
