//! Journeys, to read: who is where at each step, and why.

use maud::{Markup, html};

use crate::access::Right;
use crate::ui::context::Ctx;
use crate::ui::layout::shell;
use crate::ui::model::{JourneyCard, JourneysModel, ReasonCount, StepKind, StepRow};
use crate::ui::text::Arg;
use crate::ui::view::segments::in_path;
use crate::ui::view::sources::nothing;
use crate::ui::widget::{badge, count, empty, icon, page_head, reason_counts, scroll};

/// `GET /journeys`.
pub fn page(ctx: &Ctx, model: &JourneysModel) -> Markup {
    let title = ctx.t("nav-journeys");
    let content = html! {
        (page_head(&title, html! {
            span { (ctx.t("journeys-line")) }
            @if ctx.may(Right::Define) { a .button href="/new-journey" { (icon("plus")) (ctx.t("journey-new")) } }
            a .button href="/offers" { (icon("offer")) (ctx.t("nav-offers")) }
            a .button href="/reports" { (icon("reports")) (ctx.t("nav-reports")) }
        }))
        @if ctx.may(Right::Define) && !model.drafts.is_empty() { (super::editor::drafts(ctx, &model.drafts)) }
        @if model.journeys.is_empty() {
            div .card { (empty("journeys", &ctx.t("journeys-empty"), ctx.may(Right::Define).then_some(("/new-journey", ctx.t("journey-new").as_str())))) pre .command tabindex="0" { "regulars apply definitions/" } }
        } @else {
            div .stack { @for journey in &model.journeys { (journey_card(ctx, journey)) } }
            p .quiet .small .equation { (ctx.t("journeys-equation")) }
        }
    };
    shell(ctx, &title, content)
}

fn journey_card(ctx: &Ctx, journey: &JourneyCard) -> Markup {
    let id = format!("journey-{}", journey.id);
    html! {
        section .card .journey id=(id) aria-labelledby=(format!("{id}-title")) {
            div .card-head {
                h2 id=(format!("{id}-title")) { a .journey-name href=(address(&journey.name)) { (journey.name) } }
                div .card-head-side {
                    (badge(journey.state.tone(), journey.state.icon(), &ctx.t(journey.state.key())))
                    span .quiet { (ctx.t(journey.purpose.key())) }
                    span .quiet { (ctx.t("version")) " " code { (journey.version) } }
                }
            }
            (rules(ctx, journey))
            (scroll(&ctx.tf("journey-steps", &[("journey", Arg::from(&journey.name))]), steps(ctx, journey)))
        }
    }
}

/// The address of a journey's page.
pub(crate) fn address(name: &str) -> String {
    format!("/journeys/{}", in_path(name))
}

/// What starts a journey, what it is there for, what ends it, and how many entered.
pub(super) fn rules(ctx: &Ctx, journey: &JourneyCard) -> Markup {
    html! {
        dl .journey-rules {
            div { dt { (icon("entered")) (ctx.t("journey-entry")) } dd { (journey.entry) } }
            @if let Some(goal) = &journey.goal {
                div { dt { (icon("done")) (ctx.t("journey-goal")) } dd { (goal) } }
            }
            @if !journey.exits.is_empty() {
                div {
                    dt { (icon("exited")) (ctx.t("journey-exit")) }
                    dd { ul .bare { @for exit in &journey.exits { li { (exit) } } } }
                }
            }
            div {
                dt { (icon("people")) (ctx.t("journey-entered")) }
                dd {
                    strong { (count(ctx, journey.entered)) }
                    @if let Some(reached) = journey.reached_goal { " · " (ctx.tn("journey-reached", &[("count", reached)])) }
                }
            }
        }
    }
}

fn steps(ctx: &Ctx, journey: &JourneyCard) -> Markup {
    html! {
        table .table .ledger .steps {
            thead {
                tr {
                    th scope="col" { (ctx.t("step")) }
                    th .number scope="col" { (ctx.t("column-in")) }
                    th .number .operator scope="col" { span { "=" } (ctx.t("column-left")) }
                    th .number .operator scope="col" { span { "+" } (ctx.t("column-waiting")) }
                    th .number .operator scope="col" { span { "+" } (ctx.t("column-done")) }
                    th .number .of scope="col" { (ctx.t("decision-hold")) }
                    th .number .of scope="col" { (ctx.t("decision-sent")) }
                    th .number .of scope="col" { (ctx.t("decision-skip")) }
                }
            }
            tbody { @for step in &journey.steps { (step_row(ctx, step)) } }
        }
    }
}

fn step_row(ctx: &Ctx, step: &StepRow) -> Markup {
    let sends = step.kind == StepKind::Send;
    html! {
        tr .unbalanced[!step.balances()] {
            th scope="row" .(depth(step.depth)) {
                span .step {
                    (icon(step.kind.icon()))
                    span { span .quiet { (ctx.t(step.kind.key())) } " " (step.label) }
                }
                @if !step.balances() { br; span .sign .bad { (icon("bad")) span { (ctx.t("does-not-balance")) } } }
            }
            td .number data-label=(ctx.t("column-in")) { strong { (count(ctx, step.entered)) } }
            (cell(ctx, "column-left", step.left, &step.left_because))
            (cell(ctx, "column-waiting", step.waiting, &[]))
            (cell(ctx, "column-done", step.done, &[]))
            @if sends || step.held > 0 { (cell(ctx, "decision-hold", step.held, &step.held_because)) } @else { td .number { (nothing()) } }
            @if sends { (cell(ctx, "decision-sent", step.sent, &[])) (cell(ctx, "decision-skip", step.skipped, &step.skipped_because)) }
            @else { td .number { (nothing()) } td .number { (nothing()) } }
        }
    }
}

/// A number, with its "Why?" where there are reasons.
fn cell(ctx: &Ctx, column: &str, number: u64, because: &[ReasonCount]) -> Markup {
    html! {
        td .number data-label=(ctx.t(column)) {
            (count(ctx, number))
            @if number > 0 && !because.is_empty() {
                details .why { summary { (ctx.t("why")) } div .why-body { (reason_counts(ctx, because)) } }
            }
        }
    }
}

const fn depth(depth: u8) -> &'static str {
    match depth {
        0 => "depth-0",
        1 => "depth-1",
        2 => "depth-2",
        _ => "depth-3",
    }
}
