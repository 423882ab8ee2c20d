//! Identity health: sizes, shared values, contradictions avoided, joining and parting by day.

use maud::{Markup, html};

use super::framed;
use super::review::tile;
use crate::ui::context::Ctx;
use crate::ui::model::{HealthModel, IdentifierKind, IdentityTab, KindRow, SharedRow, SizeRow};
use crate::ui::text::Arg;
use crate::ui::widget::{card, count, date, empty, icon, meter, scroll, span, time};

/// `GET /identity/health`.
pub fn page(ctx: &Ctx, model: &HealthModel) -> Markup {
    let content = html! {
        @if model.known {
            div .card .health-tiles {
                div .tiles {
                    (tile(ctx, model.persons, &ctx.t("health-persons")))
                    (tile(ctx, model.identifiers, &ctx.t("health-identifiers")))
                    (tile(ctx, model.pairs, &ctx.t("health-pairs")))
                    (tile(ctx, model.shared_total, &ctx.t("health-shared")))
                    (tile(ctx, model.contradictions.iter().map(|row| row.1).sum(), &ctx.t("health-contradictions")))
                }
                p .quiet .small .card-pad .health-at { (ctx.t("health-at")) " " (time(ctx, model.at)) }
            }
            div .columns {
                div .stack { (days(ctx, model)) (shared(ctx, model)) (kinds(ctx, model)) }
                div .stack { (sizes(ctx, model)) (largest(ctx, model)) (contradictions(ctx, model)) (blocked(ctx, model)) }
            }
        }
    };
    framed(ctx, IdentityTab::Health, model.looking, content)
}

/// Joined above the line, parted below it, a column a day; and the same as a table.
fn days(ctx: &Ctx, model: &HealthModel) -> Markup {
    const HEIGHT: u64 = 60;
    const WIDTH: usize = 20;
    let most = model.days.iter().map(|day| day.1.max(day.2)).max().unwrap_or(0).max(1);
    let tall = |number: u64| (number * HEIGHT).div_ceil(most);
    let joined: u64 = model.days.iter().map(|day| day.1).sum();
    let parted: u64 = model.days.iter().map(|day| day.2).sum();
    let words = ctx
        .tf("health-days-label", &[("joined", Arg::from(joined)), ("parted", Arg::from(parted))]);
    card(
        "days",
        &ctx.t("health-days"),
        None,
        html! {},
        html! {
            figure .card-pad .health-days {
                svg viewBox=(format!("0 0 {} {}", model.days.len() * WIDTH, 2 * HEIGHT + 1)) role="img" aria-label=(words) {
                    @for (index, (_, joined, parted)) in model.days.iter().enumerate() {
                        rect .weight-for x=(index * WIDTH + 3) width=(WIDTH - 6) y=(HEIGHT - tall(*joined)) height=(tall(*joined)) {}
                        rect .weight-against x=(index * WIDTH + 3) width=(WIDTH - 6) y=(HEIGHT + 1) height=(tall(*parted)) {}
                    }
                    line .health-axis x1="0" x2=(model.days.len() * WIDTH) y1=(HEIGHT) y2=(HEIGHT) {}
                }
                figcaption .quiet .small { (words) }
                details .as-table {
                    summary { (ctx.t("show-as-table")) }
                    table .table .dense {
                        thead { tr {
                            th scope="col" { (ctx.t("weekday")) }
                            th .number scope="col" { (ctx.t("change-joined")) }
                            th .number scope="col" { (ctx.t("change-parted")) }
                        } }
                        tbody { @for (at, joined, parted) in model.days.iter().rev() {
                            tr { th scope="row" { (date(ctx, *at)) } td .number { (count(ctx, *joined)) } td .number { (count(ctx, *parted)) } }
                        } }
                    }
                }
            }
        },
    )
}

fn sizes(ctx: &Ctx, model: &HealthModel) -> Markup {
    let most = model.sizes.iter().map(|row| row.persons).max().unwrap_or(0).max(1);
    let step = |row: &SizeRow| match row.to {
        None => ctx.tf("health-size-more", &[("from", Arg::from(u64::from(row.from)))]),
        Some(to) if to == row.from => to.to_string(),
        Some(to) => format!("{}–{to}", row.from),
    };
    card(
        "sizes",
        &ctx.t("health-sizes"),
        None,
        html! {},
        html! {
            table .table .takings {
                thead { tr {
                    th scope="col" { (ctx.t("health-identifiers")) }
                    th .number scope="col" { (ctx.t("health-persons")) }
                    th .bar-cell aria-hidden="true" {}
                } }
                tbody { @for row in &model.sizes {
                    tr {
                        th scope="row" { (step(row)) }
                        td .number { (count(ctx, row.persons)) }
                        td .bar-cell aria-hidden="true" { (meter(row.persons, most)) }
                    }
                } }
            }
        },
    )
}

fn largest(ctx: &Ctx, model: &HealthModel) -> Markup {
    card(
        "largest",
        &ctx.t("health-largest"),
        None,
        html! {},
        html! {
            @if model.largest.is_empty() { (empty("people", &ctx.t("health-largest-none"), None)) }
            @else {
                ol .health-list data-rows { @for (side, identifiers, edges) in &model.largest {
                    li data-row {
                        a .name href=(format!("/people/{}#identity", side.id)) {
                            (side.name.clone().unwrap_or_else(|| ctx.t("anonymous")))
                        }
                        span .quiet .small {
                            (ctx.tn("health-has", &[("count", u64::from(*identifiers))])) " · "
                            (ctx.tn("health-observed", &[("count", u64::from(*edges))]))
                        }
                    }
                } }
            }
        },
    )
}

fn shared(ctx: &Ctx, model: &HealthModel) -> Markup {
    card(
        "shared",
        &ctx.t("health-shared-title"),
        Some(count(ctx, model.shared_total)),
        html! {},
        html! {
            @if model.shared.is_empty() { (empty("good", &ctx.t("health-shared-none"), None)) }
            @else {
                p .quiet .small .card-pad { (ctx.t("health-shared-line")) }
                ul .health-list data-rows { @for row in &model.shared { (shared_row(ctx, row)) } }
            }
        },
    )
}

/// A value with whom it leads to and, if it is anybody's, the lines that block it for good.
fn shared_row(ctx: &Ctx, row: &SharedRow) -> Markup {
    /// From so many people on a value is nobody's rather than a household's.
    const GENERIC: u32 = 10;
    html! {
        li data-row {
            a .name href=(format!("/people/{}", row.person_id)) { (icon(row.kind.icon())) " " (row.value) }
            span .quiet .small {
                (ctx.t(row.kind.key())) " · " (ctx.tn("health-people", &[("count", u64::from(row.people))]))
                @if row.changes_hands { " · " (ctx.t("health-changes-hands")) }
            }
            @if row.people >= GENERIC && !row.changes_hands {
                details .as-table {
                    summary { (ctx.t("health-block")) }
                    div {
                        p .small { (ctx.t("health-block-line")) }
                        pre .raw tabindex="0" { "identity:\n  block:\n    - { " (row.kind_word) ": \"" (row.value) "\" }" }
                    }
                }
            }
        }
    }
}

fn contradictions(ctx: &Ctx, model: &HealthModel) -> Markup {
    card(
        "contradictions",
        &ctx.t("health-contradictions-title"),
        None,
        html! {},
        html! {
            @if model.contradictions.is_empty() { (empty("good", &ctx.t("health-contradictions-none"), None)) }
            @else {
                p .quiet .small .card-pad { (ctx.t("health-contradictions-line")) }
                ul .health-list data-rows { @for (kind, avoided, persons) in &model.contradictions {
                    li data-row {
                        span { (icon(kind.icon())) " " (ctx.t(kind.key())) ": " strong { (count(ctx, *avoided)) } }
                        span .small {
                            @for (number, person) in persons.iter().enumerate() {
                                @if number > 0 { ", " }
                                a .soft href=(format!("/people/{person}#identity")) { (person) }
                            }
                        }
                    }
                } }
            }
        },
    )
}

/// The kinds in the order in which evidence of them counts, with their limits.
fn kinds(ctx: &Ctx, model: &HealthModel) -> Markup {
    let name = |row: &KindRow| {
        if row.kind == IdentifierKind::Other { row.word.clone() } else { ctx.t(row.kind.key()) }
    };
    let title = ctx.t("kinds-title");
    let table = html! {
        table .table .stacked {
            thead { tr {
                th scope="col" { (ctx.t("kinds-kind")) }
                th .number scope="col" { (ctx.t("kinds-per-person")) }
                th .number scope="col" { (ctx.t("kinds-logins")) }
                th scope="col" { (ctx.t("kinds-idle")) }
            } }
            tbody { @for row in &model.kinds {
                tr {
                    th scope="row" {
                        span .channel { (icon(row.kind.icon())) span { (name(row)) } }
                        p .quiet .small { (ctx.t(row.class.key())) }
                    }
                    td .number data-label=(ctx.t("kinds-per-person")) { (count(ctx, row.per_person.into())) }
                    td .number data-label=(ctx.t("kinds-logins")) { (count(ctx, row.logins.into())) }
                    td data-label=(ctx.t("kinds-idle")) {
                        @match row.idle_ms {
                            None => span .quiet { (ctx.t("kinds-never")) },
                            Some(0) => (ctx.t("kinds-at-once")),
                            Some(ms) => (span(ctx, ms)),
                        }
                    }
                }
            } }
        }
    };
    card(
        "kinds",
        &title,
        None,
        html! {},
        html! {
            p .quiet .small .card-pad { (ctx.t("kinds-line")) }
            (scroll(&ctx.t("kinds-table"), table))
        },
    )
}

fn blocked(ctx: &Ctx, model: &HealthModel) -> Markup {
    card(
        "blocked",
        &ctx.t("health-blocked"),
        Some(count(ctx, model.blocked.len() as u64)),
        html! {},
        html! {
            div .card-pad {
                p .quiet .small { (ctx.t("health-blocked-line")) }
                details .as-table {
                    summary { (ctx.t("see-all")) }
                    ul .health-blocked { @for rule in &model.blocked { li { code { (rule) } } } }
                }
            }
        },
    )
}
