//! Why these records are one person.

use maud::{Markup, html};

use crate::ui::context::Ctx;
use crate::ui::model::{EvidenceEdge, IdentifierRow, IdentifierUse, Identity, Twin, TwinFactor};
use crate::ui::text::Arg;
use crate::ui::widget::{self, date, empty, icon, percent, sign};

/// The card.
pub(super) fn card(ctx: &Ctx, identity: &Identity) -> Markup {
    widget::card(
        "identity",
        &ctx.t("person-identity"),
        None,
        html! {},
        html! {
            @if identity.identifiers.is_empty() { (empty("link", &ctx.t("identity-empty"), None)) }
            @else { ul .identifiers { @for row in &identity.identifiers { (identifier(ctx, row)) } } }
            @if !identity.evidence.is_empty() {
                h3 .part { (ctx.t("identity-evidence")) }
                ul .evidence { @for edge in &identity.evidence { (evidence(ctx, edge)) } }
            }
            h3 .part { (ctx.t("identity-twins")) }
            @if identity.twins.is_empty() { p .quiet .card-pad { (ctx.t("twins-none")) } }
            @else { ul .twins { @for other in &identity.twins { (twin(ctx, other)) } } }
        },
    )
}

fn identifier(ctx: &Ctx, row: &IdentifierRow) -> Markup {
    html! {
        li .identifier {
            (icon(row.kind.icon()))
            div {
                p .identifier-value { (row.value) }
                p .quiet .small {
                    (ctx.t(row.kind.key())) " · " (ctx.t(row.class.key())) " · "
                    (ctx.tn("seen-times", &[("count", row.seen)])) " · " (date(ctx, row.first_at)) " – " (date(ctx, row.last_at))
                }
            }
            @if row.used != IdentifierUse::Joins { (sign(row.used.tone(), row.used.icon(), &ctx.t(row.used.key()))) }
        }
    }
}

fn evidence(ctx: &Ctx, edge: &EvidenceEdge) -> Markup {
    html! {
        li .edge {
            p .edge-ends {
                span { (icon(edge.left.0.icon())) (edge.left.1) }
                (icon("link"))
                span { (icon(edge.right.0.icon())) (edge.right.1) }
            }
            p .quiet .small {
                @match &edge.asserted_by {
                    Some(name) => { (ctx.tf("asserted-by", &[("name", Arg::from(name))])) " · " }
                    None => { (ctx.tn("seen-together", &[("count", edge.seen)])) " · " }
                }
                (edge.sources.join(", ")) " · " (date(ctx, edge.first_at))
                @if !ctx.same_day(edge.first_at, edge.last_at) { " – " (date(ctx, edge.last_at)) }
            }
        }
    }
}

fn twin(ctx: &Ctx, other: &Twin) -> Markup {
    let share = percent(ctx, other.permille);
    html! {
        li .twin {
            div .twin-head {
                (icon("twin"))
                a .name href=(format!("/people/{}", other.person_id)) { (other.name) }
                span { strong { (share) } " " (ctx.t("likely-same")) }
            }
            (meter(other.permille))
            @if !other.factors.is_empty() {
                details .why {
                    summary { (icon("why")) (ctx.t("why")) }
                    div .why-body { ul .factors { @for row in &other.factors { (factor(ctx, row)) } } }
                }
            }
        }
    }
}

/// The probability as a bar; the number beside it says the same.
fn meter(permille: u16) -> Markup {
    html! {
        svg .meter viewBox="0 0 1000 6" preserveAspectRatio="none" aria-hidden="true" {
            rect .meter-ground width="1000" height="6" {}
            rect .meter-fill width=(permille.min(1000)) height="6" {}
        }
    }
}

/// One comparison: what speaks for stands right of the middle, what speaks against left of it.
fn factor(ctx: &Ctx, row: &TwinFactor) -> Markup {
    // Ten bits (a likelihood ratio of a thousand) fill half the width.
    let length = row.weight_centibits.unsigned_abs().min(1_000) / 2;
    let speaks_for = row.weight_centibits >= 0;
    let word = ctx.t(if speaks_for { "speaks-for" } else { "speaks-against" });
    let bits = format!(
        "{}{}.{}",
        if speaks_for { "+" } else { "\u{2212}" },
        row.weight_centibits.unsigned_abs() / 100,
        row.weight_centibits.unsigned_abs() % 100 / 10
    );
    html! {
        li .factor {
            span { (ctx.t(row.kind.key())) }
            span .quiet { (row.here) @if row.here == row.there { " = " } @else { " ≠ " } (row.there) }
            svg .weight viewBox="0 0 1000 6" preserveAspectRatio="none" aria-hidden="true" {
                rect .meter-ground width="1000" height="6" {}
                rect .(if speaks_for { "weight-for" } else { "weight-against" })
                    x=(if speaks_for { 500 } else { 500 - length }) width=(length) height="6" {}
            }
            span .number { span .visually-hidden { (word) " " } (bits) }
        }
    }
}
