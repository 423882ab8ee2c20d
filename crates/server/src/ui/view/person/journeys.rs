//! Where the person stands in journeys.

use maud::{Markup, html};

use crate::ui::context::Ctx;
use crate::ui::model::{EnrollmentRow, SiteRow};
use crate::ui::text::Arg;
use crate::ui::view::journeys::address;
use crate::ui::widget::{self, badge, empty, time, why};

/// The card.
pub(super) fn card(ctx: &Ctx, rows: &[EnrollmentRow], site: &[SiteRow]) -> Markup {
    widget::card(
        "journeys",
        &ctx.t("nav-journeys"),
        None,
        html! {},
        html! {
            @if rows.is_empty() { (empty("journeys", &ctx.t("enrollments-empty"), None)) }
            @else { ul .enrollments { @for row in rows { (one(ctx, row)) } } }
            @if !site.is_empty() {
                h3 { (ctx.t("site-now")) }
                ul .enrollments { @for row in site { (on_site(ctx, row)) } }
                p .quiet { (ctx.t("site-now-proof")) }
            }
        },
    )
}

fn one(ctx: &Ctx, row: &EnrollmentRow) -> Markup {
    html! {
        li .enrollment {
            div .enrollment-head {
                a .name href=(address(&row.journey_id)) { (row.journey) }
                (badge(row.state.tone(), row.state.icon(), &ctx.t(row.state.key())))
            }
            @if let Some(progress) = row.progress { (steps(ctx, progress)) }
            p .enrollment-line {
                @if let Some(step) = &row.step { span { (step) } }
                @match (row.ended_at, row.due_at) {
                    (Some(ended), _) => { span .quiet { (ctx.t("ended")) " " (time(ctx, ended)) } }
                    (None, Some(due)) => { span .quiet { (ctx.t("due")) " " (time(ctx, due)) } }
                    (None, None) => {}
                }
                span .quiet { (ctx.t("entered-at")) " " (time(ctx, row.entered_at)) }
            }
            (why(ctx, &row.reasons, html! {}))
        }
    }
}

/// A message on the site, and whether it is shown at this moment.
fn on_site(ctx: &Ctx, row: &SiteRow) -> Markup {
    let decision = &row.decision;
    let until = ctx.moment(row.until);
    let place = [("slot", Arg::from(&row.slot)), ("until", Arg::from(&until))];
    html! {
        li .enrollment {
            div .enrollment-head {
                @if let Some(journey) = &decision.journey { a .name href=(address(journey)) { (journey) } }
                (badge(decision.kind.tone(), decision.kind.icon(), &ctx.t(decision.kind.key())))
            }
            p .enrollment-line {
                @if let Some(step) = &decision.step { span { (step) } }
                span .quiet { (ctx.tf("site-now-until", &place)) }
            }
            (why(ctx, &decision.reasons, html! {}))
        }
    }
}

/// Steps passed as a row of small bars.
fn steps(ctx: &Ctx, (passed, all): (u32, u32)) -> Markup {
    let shown = all.clamp(1, 12);
    let filled = passed.min(all).saturating_mul(shown) / all.max(1);
    let label = ctx.tf(
        "steps-passed",
        &[("passed", Arg::from(i64::from(passed))), ("all", Arg::from(i64::from(all)))],
    );
    html! {
        div .bars role="img" aria-label=(label) {
            @for place in 0..shown { span .filled[place < filled] {} }
        }
    }
}
