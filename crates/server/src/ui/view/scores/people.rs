//! People by stage and by recency, frequency and money, and the ways between.

use maud::{Markup, html};
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use regulars_engine::condition::Stage;
use regulars_engine::score::{Model, RfmGroup};

use super::page::Chosen;
use crate::ui::context::Ctx;
use crate::ui::widget::{card, count, meter, scroll};

fn stage_name(ctx: &Ctx, stage: Stage) -> String {
    ctx.t(&crate::ui::scored::stage_key(stage))
}

fn group_name(ctx: &Ctx, group: RfmGroup) -> String {
    ctx.t(&format!("rfm-{}", group.word()))
}

/// A row with a bar whose length is a share of the largest.
fn bar(ctx: &Ctx, name: &str, people: u64, most: u64) -> Markup {
    html! {
        tr {
            th scope="row" { (name) }
            td .number { (count(ctx, people)) }
            td .bar-cell aria-hidden="true" { (meter(people, most)) }
        }
    }
}

fn bars(ctx: &Ctx, title: &str, rows: &[(String, u64)]) -> Markup {
    let most = rows.iter().map(|(_, people)| *people).max().unwrap_or(0);
    html! {
        table .table .dense {
            thead {
                tr {
                    th scope="col" { (title) }
                    th .number scope="col" { (ctx.t("scores-column-people")) }
                    th .bar-cell aria-hidden="true" {}
                }
            }
            tbody { @for (name, people) in rows { (bar(ctx, name, *people, most)) } }
        }
    }
}

/// Ways from one thing to another, the widest first.
fn ways(ctx: &Ctx, title: &str, line: &str, mut rows: Vec<(String, String, u64)>) -> Markup {
    rows.sort_by_key(|row| std::cmp::Reverse(row.2));
    html! {
        details .as-table {
            summary { (title) }
            p .quiet { (line) }
            (scroll(title, html! {
                table .table .dense {
                    thead {
                        tr {
                            th scope="col" { (ctx.t("scores-column-from")) }
                            th scope="col" { (ctx.t("scores-column-to")) }
                            th .number scope="col" { (ctx.t("scores-column-people")) }
                        }
                    }
                    tbody {
                        @for (from, to, people) in &rows {
                            tr { th scope="row" { (from) } td { (to) } td .number { (count(ctx, *people)) } }
                        }
                    }
                }
            }))
        }
    }
}

/// How many people are in which stage, and how they went between stages.
pub(super) fn stages(ctx: &Ctx, model: &Model) -> Markup {
    let rows: Vec<(String, u64)> =
        model.stages.iter().map(|(stage, people)| (stage_name(ctx, *stage), *people)).collect();
    let flows = model.flows.iter().map(|flow| {
        let from =
            flow.from.map_or_else(|| ctx.t("scores-had-not-bought"), |from| stage_name(ctx, from));
        (from, stage_name(ctx, flow.to), flow.people)
    });
    card(
        "stages",
        &ctx.t("scores-stages"),
        None,
        html! {},
        html! {
            (bars(ctx, &ctx.t("score-stage"), &rows))
            (ways(ctx, &ctx.t("scores-flow"), &ctx.t("scores-flow-line"), flows.collect()))
        },
    )
}

/// Named groups, and where their people came from.
pub(super) fn groups(ctx: &Ctx, model: &Model) -> Markup {
    let rows: Vec<(String, u64)> =
        model.groups.iter().map(|(group, people)| (group_name(ctx, *group), *people)).collect();
    let moved = model.migration.ways.iter().map(|way| {
        let from =
            way.from.map_or_else(|| ctx.t("scores-had-not-bought"), |from| group_name(ctx, from));
        (from, group_name(ctx, way.to), way.people)
    });
    card(
        "groups",
        &ctx.t("scores-groups"),
        None,
        html! {},
        html! {
            (bars(ctx, &ctx.t("score-rfm"), &rows))
            (ways(ctx, &ctx.t("scores-migration"), &ctx.t("scores-migration-line"), moved.collect()))
        },
    )
}

/// The grid: each cell leads to the segment that it makes.
pub(super) fn grid(ctx: &Ctx, model: &Model, chosen: Option<Chosen>) -> Markup {
    let most = model.grid.iter().flatten().copied().max().unwrap_or(0);
    card(
        "rfm",
        &ctx.t("scores-rfm"),
        None,
        html! {},
        html! {
            p .quiet { (ctx.t("scores-rfm-line")) }
            div .rfm-grid {
                @for (row, cells) in model.grid.iter().enumerate().rev() {
                    @for (column, people) in cells.iter().enumerate() {
                        (cell(ctx, (row + 1, column + 1), *people, most, chosen))
                    }
                }
            }
            @if let Some(chosen) = chosen { (make(ctx, model, chosen)) }
        },
    )
}

fn cell(
    ctx: &Ctx,
    (recency, value): (usize, usize),
    people: u64,
    most: u64,
    chosen: Option<Chosen>,
) -> Markup {
    let here = chosen
        .is_some_and(|one| usize::from(one.recency) == recency && usize::from(one.value) == value);
    let level = match (people * 4).div_ceil(most.max(1)) {
        0 => "rfm-0",
        1 => "rfm-1",
        2 => "rfm-2",
        3 => "rfm-3",
        _ => "rfm-4",
    };
    let label = ctx.tf(
        "scores-cell",
        &[("recency", recency.into()), ("value", value.into()), ("people", people.into())],
    );
    html! {
        a .rfm-cell .(level) href=(format!("/scores?recency={recency}&value={value}#rfm"))
            aria-label=(label) title=(label) aria-current=[here.then_some("true")] {
            (count(ctx, people))
        }
    }
}

/// The condition that a cell is.
pub(super) fn cell_condition(chosen: Chosen) -> String {
    format!(
        "score \"rfm recency\" exactly {} and score \"rfm value\" exactly {}",
        chosen.recency, chosen.value
    )
}

fn make(ctx: &Ctx, model: &Model, chosen: Chosen) -> Markup {
    let cell = model.grid.get(usize::from(chosen.recency) - 1);
    let people = cell.and_then(|row| row.get(usize::from(chosen.value) - 1)).copied().unwrap_or(0);
    let title = ctx.tf(
        "scores-cell-title",
        &[("recency", i64::from(chosen.recency).into()), ("value", i64::from(chosen.value).into())],
    );
    let name = format!("rfm-{}-{}", chosen.recency, chosen.value);
    html! {
        div .rfm-chosen {
            h3 { (title) }
            p .quiet { (ctx.tn("scores-cell-line", &[("people", people)])) }
            (segment_link(ctx, &name, &cell_condition(chosen)))
        }
    }
}

/// A condition, and the way to a segment of it.
pub(super) fn segment_link(ctx: &Ctx, name: &str, condition: &str) -> Markup {
    let address = |text: &str| utf8_percent_encode(text, NON_ALPHANUMERIC).to_string();
    let href = format!("/segments/new?name={}&condition={}", address(name), address(condition));
    html! {
        div .segment-form {
            p .segment-condition { code { (condition) } }
            a .button .plain href=(href) { (ctx.t("scores-segment-make")) }
        }
    }
}
