//! Why these records are one person.

use maud::{Markup, html};

use super::household;
use crate::access::Right;
use crate::ui::context::Ctx;
use crate::ui::layout::csrf;
use crate::ui::model::{EvidenceEdge, IdentifierRow, IdentifierUse, Identity, Twin, TwinFactor};
use crate::ui::widget::{self, date, empty, icon, meter, percent, said, sign};

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
            @if !identity.alike.is_empty() {
                h3 .part { (ctx.t("identity-alike")) }
                ul .evidence { @for row in &identity.alike {
                    li .edge {
                        p .edge-ends {
                            span { (icon(row.left.0.icon())) (row.left.1) }
                            (icon("twin"))
                            span { (icon(row.right.0.icon())) (row.right.1) }
                        }
                        p .quiet .small { (said(ctx, &row.fact)) }
                    }
                } }
            }
            @if !identity.said.is_empty() {
                h3 .part { (ctx.t("identity-said")) }
                ul .evidence { @for edge in &identity.said { (statement(ctx, &identity.person_id, edge)) } }
            }
            @if !identity.history.is_empty() { (history(ctx, identity)) }
            (household::part(ctx, identity))
            h3 .part { (ctx.t("identity-twins")) }
            @if identity.twins.is_empty() { p .quiet .card-pad { (ctx.t("twins-none")) } }
            @else { ul .twins { @for other in &identity.twins { (twin(ctx, &identity.person_id, other)) } } }
        },
    )
}

/// How the person came together, moment by moment.
fn history(ctx: &Ctx, identity: &Identity) -> Markup {
    html! {
        h3 .part { (ctx.t("identity-history")) }
        ol .evidence {
            @for row in &identity.history {
                li .edge {
                    p .quiet .small { (date(ctx, row.at)) " · " (ctx.t(row.kind.key())) }
                    @for step in &row.steps {
                        p {
                            (icon(step.word.icon())) " " (ctx.t(step.word.key())) " "
                            @for (number, group) in step.groups.iter().enumerate() {
                                @if number > 0 { " | " }
                                @for (place, (kind, value)) in group.iter().enumerate() {
                                    @if place > 0 { ", " }
                                    span .history-name { (icon(kind.icon())) " " (value) }
                                }
                            }
                        }
                    }
                }
            }
        }
    }
}

fn identifier(ctx: &Ctx, row: &IdentifierRow) -> Markup {
    html! {
        li .identifier {
            (icon(row.kind.icon()))
            div {
                p .identifier-value { (row.value) }
                p .quiet .small {
                    (ctx.t(row.kind.key())) " · " (ctx.t(row.class.key()))
                    @if row.seen_with > 0 { " · " (ctx.tn("seen-with", &[("count", row.seen_with)])) " · " (days(ctx, row.first_at, row.last_at)) }
                }
            }
            @if row.used != IdentifierUse::Joins { (sign(row.used.tone(), row.used.icon(), &ctx.t(row.used.key()))) }
        }
    }
}

fn evidence(ctx: &Ctx, edge: &EvidenceEdge) -> Markup {
    html! {
        li .edge {
            (ends(edge))
            p .quiet .small { (ctx.t(edge.how.key())) " · " (days(ctx, edge.first_at, edge.last_at)) }
        }
    }
}

fn ends(edge: &EvidenceEdge) -> Markup {
    html! {
        p .edge-ends {
            span { (icon(edge.left.0.icon())) (edge.left.1) }
            (icon(edge.how.icon()))
            span { (icon(edge.right.0.icon())) (edge.right.1) }
        }
    }
}

fn days(ctx: &Ctx, first_at: i64, last_at: i64) -> Markup {
    html! {
        (date(ctx, first_at))
        @if !ctx.same_day(first_at, last_at) { " – " (date(ctx, last_at)) }
    }
}

/// What staff said, with the button that takes it back.
fn statement(ctx: &Ctx, person: &str, edge: &EvidenceEdge) -> Markup {
    html! {
        li .edge {
            (ends(edge))
            p .quiet .small { (ctx.t(edge.how.key())) " · " (days(ctx, edge.last_at, edge.last_at)) }
            @if ctx.may(Right::Answer) {
                form .actions method="post" action=(format!("/people/{person}/{}", edge.how.taken_back_by())) {
                    (csrf(ctx))
                    input type="hidden" name="left" value=(edge.left.1);
                    input type="hidden" name="right" value=(edge.right.1);
                    button .button type="submit" { (icon("back")) (ctx.t("take-back")) }
                }
            }
        }
    }
}

/// What can be said of a possible twin. Each can be taken back.
fn verdicts(ctx: &Ctx, person: &str, other: &Twin) -> Markup {
    html! {
        @if ctx.may(Right::Answer) {
            div .actions {
                @for (verb, key, sign) in [("same", "twin-same", "link"), ("not-the-same", "twin-apart", "unlink"), ("live-together", "household-together", "people")] {
                    form method="post" action=(format!("/people/{person}/{verb}")) {
                        (csrf(ctx))
                        input type="hidden" name="other" value=(other.person_id);
                        button .button type="submit" { (icon(sign)) (ctx.t(key)) }
                    }
                }
            }
        }
    }
}

fn twin(ctx: &Ctx, person: &str, other: &Twin) -> Markup {
    let share = percent(ctx, other.permille);
    html! {
        li .twin {
            div .twin-head {
                (icon("twin"))
                a .name href=(format!("/people/{}", other.person_id)) { (other.name) }
                span { strong { (share) } " " (ctx.t("likely-same")) }
            }
            (meter(other.permille.into(), 1_000))
            @if let Some(fact) = &other.why { p .quiet .small { (said(ctx, fact)) } }
            @if !other.factors.is_empty() {
                details .why {
                    summary { (icon("why")) (ctx.t("why")) }
                    div .why-body { ul .factors { @for row in &other.factors { (factor(ctx, row)) } } }
                }
            }
            (verdicts(ctx, person, other))
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
