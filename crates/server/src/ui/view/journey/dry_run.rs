//! A dry run of a journey: how far it is, and what it came to beside what was.

use maud::{Markup, html};

use crate::access::Right;
use crate::runs::DAYS;
use crate::ui::context::Ctx;
use crate::ui::layout::csrf;
use crate::ui::model::{
    DecisionRow, DryRunModel, JourneyModel, PlayedModel, PlayedSend, ReasonCount, Tone,
};
use crate::ui::text::Arg;
use crate::ui::view::journeys::address;
use crate::ui::widget::{badge, card, count, date, icon, reason_counts, scroll, sign, time, why};

/// A dry run with where its buttons lead.
pub(in crate::ui::view) struct DryRunCard<'c> {
    /// The journey.
    pub(in crate::ui::view) journey: &'c str,
    /// What it came to.
    pub(in crate::ui::view) model: &'c DryRunModel,
    /// Another journey that is being played.
    pub(in crate::ui::view) busy: Option<&'c str>,
    /// Where it is begun, and with which fields.
    pub(in crate::ui::view) begin: (String, Markup),
    /// Where it is stopped.
    pub(in crate::ui::view) stop: (String, Markup),
    /// What is said where another version was played than is shown.
    pub(in crate::ui::view) former: String,
    /// What is said before the first one.
    pub(in crate::ui::view) line: String,
}

/// The card.
pub(super) fn dry_run(ctx: &Ctx, model: &JourneyModel) -> Markup {
    let home = address(&model.card.name);
    dry_run_card(
        ctx,
        &DryRunCard {
            journey: &model.card.name,
            model: &model.dry_run,
            busy: model.busy.as_deref(),
            begin: (format!("{home}/dry-run"), html! {}),
            stop: (format!("{home}/stop"), html! {}),
            former: ctx.t("dry-run-former"),
            line: ctx.tn("dry-run-line", &[("days", DAYS)]),
        },
    )
}

/// The same, of whatever is played.
pub(in crate::ui::view) fn dry_run_card(ctx: &Ctx, run: &DryRunCard<'_>) -> Markup {
    let content = html! {
        div .card-pad .dry-run {
            p .quiet { (run.line) }
            @match run.model {
                DryRunModel::Never => { (begin(ctx, run, "dry-run-begin")) }
                DryRunModel::Running { done, whole } => { (running(ctx, run, *done, *whole)) }
                DryRunModel::Stopped => { p { (ctx.t("dry-run-stopped")) } (begin(ctx, run, "dry-run-again")) }
                DryRunModel::Failed => {
                    p { (sign(Tone::Bad, "bad", &ctx.t("dry-run-failed"))) }
                    (begin(ctx, run, "dry-run-again"))
                }
                DryRunModel::TooLong { events, most } => {
                    p { (sign(Tone::Warn, "warn", &ctx.tn("dry-run-too-long", &[("count", *events), ("most", *most)]))) }
                    pre .command tabindex="0" { "regulars dry-run definitions/ --stored --journey " (run.journey) }
                }
                DryRunModel::Played(played) => { (outcome(ctx, run, played)) (begin(ctx, run, "dry-run-again")) }
            }
        }
    };
    card("dry-run", &ctx.t("dry-run"), None, html! {}, content)
}

/// The button, or which other journey has to end first.
fn begin(ctx: &Ctx, run: &DryRunCard<'_>, key: &str) -> Markup {
    html! {
        @match &run.busy {
            Some(other) => {
                p { (sign(Tone::Neutral, "info", &ctx.tf("dry-run-busy", &[("journey", Arg::from(*other))]))) }
            }
            None => {
                @if ctx.may(Right::Define) {
                    form method="post" action=(run.begin.0) {
                        (csrf(ctx))
                        (run.begin.1)
                        button .button type="submit" { (icon("play")) (ctx.t(key)) }
                    }
                }
            }
        }
    }
}

fn running(ctx: &Ctx, run: &DryRunCard<'_>, done: u64, whole: u64) -> Markup {
    html! {
        form .dry-run-running method="post" action=(run.stop.0) {
            (csrf(ctx))
            (run.stop.1)
            @if whole == 0 { progress aria-label=(ctx.t("dry-run")) {} }
            @else { progress max=(whole) value=(done) aria-label=(ctx.t("dry-run")) {} }
            span role="status" { (ctx.tn("dry-run-running", &[("done", done), ("whole", whole)])) }
            @if ctx.may(Right::Define) { button .button type="submit" { (icon("paused")) (ctx.t("dry-run-stop")) } }
        }
    }
}

fn outcome(ctx: &Ctx, run: &DryRunCard<'_>, played: &PlayedModel) -> Markup {
    html! {
        p role="status" {
            (date(ctx, played.from)) " – " (time(ctx, played.until)) ": "
            (ctx.tn("dry-run-persons", &[("count", played.persons)])) ", "
            (ctx.tn("dry-run-events", &[("count", played.events)]))
        }
        @if played.former { p { (sign(Tone::Warn, "warn", &run.former)) } }
        (scroll(&ctx.t("dry-run-whole"), html! {
            table .table .dense {
                thead { (columns(ctx)) }
                tbody {
                    @for (kind, would, was) in &played.whole {
                        tr {
                            th scope="row" { (ctx.t(kind.key())) }
                            td .number { (count(ctx, *would)) }
                            td .number { (count(ctx, *was)) }
                        }
                    }
                    @for send in &played.sends {
                        tr {
                            th scope="row" { span .quiet { (ctx.t("decision-send")) } " " (send.step) }
                            td .number { (count(ctx, send.sent.0)) }
                            td .number { (count(ctx, send.sent.1)) }
                        }
                    }
                }
            }
        }))
        (because(ctx, &ctx.t("decision-decline"), &played.declined_because))
        @for send in &played.sends { (held_and_skipped(ctx, send)) }
        @if !played.told.is_empty() {
            details .why .dry-run-told {
                summary { (ctx.tn("dry-run-told", &[("count", u64::try_from(played.told.len()).unwrap_or(0))])) }
                ol .decisions { @for (id, name, row) in &played.told { (decision(ctx, id, name, row)) } }
            }
        }
    }
}

fn columns(ctx: &Ctx) -> Markup {
    html! {
        tr {
            th scope="col" { span .visually-hidden { (ctx.t("step")) } }
            th .number scope="col" { (ctx.t("dry-run-would")) }
            th .number scope="col" { (ctx.t("dry-run-was")) }
        }
    }
}

fn held_and_skipped(ctx: &Ctx, send: &PlayedSend) -> Markup {
    let title = |key: &str, number: u64| {
        ctx.tf(key, &[("step", Arg::from(&send.step)), ("count", Arg::from(number))])
    };
    html! {
        @if send.held > 0 { (because(ctx, &title("dry-run-held", send.held), &send.held_because)) }
        @if send.skipped > 0 { (because(ctx, &title("dry-run-skipped", send.skipped), &send.skipped_because)) }
    }
}

fn because(ctx: &Ctx, title: &str, reasons: &[ReasonCount]) -> Markup {
    html! {
        @if !reasons.is_empty() {
            details .why { summary { (title) } div .why-body { (reason_counts(ctx, reasons)) } }
        }
    }
}

fn decision(ctx: &Ctx, id: &str, name: &str, row: &DecisionRow) -> Markup {
    html! {
        li .decision {
            div .decision-head {
                (badge(row.kind.tone(), row.kind.icon(), &ctx.t(row.kind.key())))
                a href=(format!("/people/{id}")) { (name) }
                @if let Some(step) = &row.step { span .decision-what { (step) } }
                span .decision-when { (time(ctx, row.at)) }
            }
            (why(ctx, &row.reasons, html! {}))
            @if !row.products.is_empty() { div .decision-line { span .quiet { (row.products.join(", ")) } } }
        }
    }
}
