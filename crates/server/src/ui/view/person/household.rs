//! Who lives with the person, why, and what staff say of it.

use maud::{Markup, html};

use crate::access::Right;
use crate::ui::context::Ctx;
use crate::ui::layout::csrf;
use crate::ui::model::{HouseholdRow, HouseholdWhy, Identity};
use crate::ui::text::Arg;
use crate::ui::widget::icon;

/// The part of the identity card.
pub(super) fn part(ctx: &Ctx, identity: &Identity) -> Markup {
    html! {
        h3 .part #household { (ctx.t("household")) }
        @if identity.household.is_empty() { p .quiet .card-pad { (ctx.t("household-none")) } }
        @else {
            p .quiet .small .card-pad { (ctx.t("household-line")) }
            ul .twins { @for row in &identity.household { (member(ctx, &identity.person_id, row)) } }
        }
    }
}

fn member(ctx: &Ctx, person: &str, row: &HouseholdRow) -> Markup {
    html! {
        li .twin {
            div .twin-head {
                (icon("people"))
                a .name href=(format!("/people/{}#household", row.person_id)) { (row.name) }
            }
            @if let Some(name) = &row.through {
                p .quiet .small { (ctx.tf("household-through", &[("name", Arg::from(name))])) }
            }
            @for because in &row.why { p .quiet .small { (why(ctx, because)) } }
            @if ctx.may(Right::Answer) {
                form .actions method="post" action=(format!("/people/{person}/live-apart")) {
                    (csrf(ctx))
                    input type="hidden" name="other" value=(row.person_id);
                    button .button type="submit" { (icon("unlink")) (ctx.t("household-apart")) }
                }
            }
        }
    }
}

fn why(ctx: &Ctx, because: &HouseholdWhy) -> Markup {
    html! {
        @match because {
            HouseholdWhy::Said => (ctx.t("household-said")),
            HouseholdWhy::Home => (ctx.t("household-home")),
            HouseholdWhy::Shared(kind, value, people) => {
                (ctx.tn("household-shared", &[("people", u64::from(*people))])) " "
                (icon(kind.icon())) " " (ctx.t(kind.key())) " " (value)
            }
        }
    }
}
