//! Linking by likeness: the models there are, learning one, and what another would change before it is
//! applied.

use maud::{Markup, html};

use super::{Live, framed_live};
use crate::access::Right;
use crate::ui::context::Ctx;
use crate::ui::layout::csrf;
use crate::ui::model::{
    IdentityTab, KeptModel, LinkingModel, LinkingTold, ModelCard, PairSide, RoundRow, Tone,
    TriedModel,
};
use crate::ui::text::Arg;
use crate::ui::widget::{card, count, icon, percent, scroll, sign};

/// `GET /identity/linking`.
pub fn page(ctx: &Ctx, model: &LinkingModel) -> Markup {
    let busy = matches!(model.told, LinkingTold::Running { .. });
    let content = html! {
        @if let Some(wrong) = model.wrong {
            div .notice .warn role="alert" { (icon(wrong.icon())) span { (ctx.t(wrong.key())) } }
        }
        div .columns {
            div .stack { (told(ctx, model)) (what_if(ctx, model, busy)) }
            div .stack { (models(ctx, model, busy)) }
        }
    };
    let live = Live { version: &model.version };
    framed_live(ctx, IdentityTab::Linking, model.again, live, content)
}

/// The models there are, with learning another and going back.
fn models(ctx: &Ctx, model: &LinkingModel, busy: bool) -> Markup {
    let shown = |wanted: KeptModel| model.models.iter().find(|card| card.kept == wanted);
    let content = html! {
        div .card-pad .linking-part {
            @match shown(KeptModel::InForce) {
                Some(card) => { h3 { (ctx.t("linking-in-force")) } (described(ctx, card)) }
                None => { p { (sign(Tone::Neutral, "info", &ctx.t("linking-nobody-in-force"))) } }
            }
            @if let Some(card) = shown(KeptModel::Learned) {
                h3 { (ctx.t("linking-learned")) } (described(ctx, card))
            }
            @if let Some(card) = shown(KeptModel::Former) {
                h3 { (ctx.t("linking-former")) } (described(ctx, card))
                @if ctx.may(Right::Define) {
                    form method="post" action="/identity/linking/apply" {
                        (csrf(ctx))
                        input type="hidden" name="model" value=(card.kept.word());
                        input type="hidden" name="name" value=(card.name);
                        button .button type="submit" { (icon("back")) (ctx.t("linking-undo")) }
                    }
                }
            }
            p .quiet .small { (ctx.t("linking-learn-line")) }
            @if !busy {
                @if ctx.may(Right::Define) {
                    form method="post" action="/identity/linking/learn" {
                        (csrf(ctx))
                        button .button type="submit" { (icon("play")) (ctx.t("linking-learn")) }
                    }
                }
            }
        }
    };
    card("models", &ctx.t("linking-models"), None, html! {}, content)
}

fn described(ctx: &Ctx, card: &ModelCard) -> Markup {
    html! {
        p {
            @if !card.links { (ctx.t("linking-nobody")) }
            @else {
                @if card.records == 0 { (ctx.t("linking-built-in")) }
                @else { (ctx.tn("linking-records", &[("count", card.records)])) }
                " " span .quiet {
                    (ctx.tf("linking-lines", &[
                        ("sure", Arg::from(&percent(ctx, card.sure_permille))),
                        ("possible", Arg::from(&percent(ctx, card.possible_permille))),
                    ]))
                }
            }
        }
    }
}

/// Which model to try, and with which lines.
fn what_if(ctx: &Ctx, model: &LinkingModel, busy: bool) -> Markup {
    let content = html! {
        div .card-pad .linking-part {
            p .quiet { (ctx.t("what-if-line")) }
            @if busy { p { (sign(Tone::Neutral, "info", &ctx.t("linking-wrong-busy"))) } }
            @else {
                @if ctx.may(Right::Define) {
                    form .linking-form method="post" action="/identity/linking/try" {
                        (csrf(ctx))
                        div .field {
                            label for="model" { (ctx.t("what-if-model")) }
                            select #model name="model" {
                                @for card in &model.models {
                                    option value=(card.kept.word()) selected[card.kept == KeptModel::Learned] { (ctx.t(card.kept.key())) }
                                }
                            }
                        }
                        div .field {
                            label for="sure" { (ctx.t("what-if-sure")) }
                            input #sure name="sure" inputmode="decimal" autocomplete="off" placeholder=(ctx.t("what-if-own"));
                        }
                        div .field {
                            label for="possible" { (ctx.t("what-if-possible")) }
                            input #possible name="possible" inputmode="decimal" autocomplete="off" placeholder=(ctx.t("what-if-own"));
                        }
                        button .button .primary type="submit" { (icon("play")) (ctx.t("what-if-try")) }
                    }
                }
            }
        }
    };
    card("what-if", &ctx.t("what-if"), None, html! {}, content)
}

/// What is learned or tried, or what that came to.
fn told(ctx: &Ctx, model: &LinkingModel) -> Markup {
    let content = match &model.told {
        LinkingTold::Nothing => return html! {},
        LinkingTold::Running { learning, done, whole, rounds: so_far } => html! {
            form .dry-run-running method="post" action="/identity/linking/stop" {
                (csrf(ctx))
                @let label = ctx.t(if *learning { "linking-learning" } else { "linking-trying" });
                @if *whole == 0 { progress aria-label=(label) {} }
                @else { progress max=(whole) value=(done) aria-label=(label) {} }
                span role="status" { (label) " " @if *whole > 0 { (count(ctx, *done)) " / " (count(ctx, *whole)) } }
                @if ctx.may(Right::Define) { button .button type="submit" { (icon("paused")) (ctx.t("linking-stop")) } }
            }
            (rounds(ctx, so_far))
        },
        LinkingTold::Learned { records, rounds: all } => html! {
            p role="status" { (sign(Tone::Good, "good", &ctx.tn("linking-was-learned", &[("count", *records)]))) }
            (rounds(ctx, all))
        },
        LinkingTold::TooFew(most) => html! {
            p role="status" { (sign(Tone::Warn, "warn", &ctx.tn("linking-too-few", &[("count", *most)]))) }
        },
        LinkingTold::Tried(tried) => outcome(ctx, tried),
        LinkingTold::Stopped => html! { p role="status" { (ctx.t("linking-stopped")) } },
        LinkingTold::TooLong(events, most) => html! {
            p role="status" { (sign(Tone::Warn, "warn", &ctx.tn("linking-too-long", &[("count", *events), ("most", *most)]))) }
            pre .command tabindex="0" { "regulars identity what-if --data-dir …" }
        },
        LinkingTold::Failed => html! {
            p role="status" { (sign(Tone::Bad, "bad", &ctx.t("linking-failed"))) }
        },
    };
    card(
        "told",
        &ctx.t("linking-told"),
        None,
        html! {},
        html! { div .card-pad .linking-part { (content) } },
    )
}

/// How training settled.
fn rounds(ctx: &Ctx, rounds: &[RoundRow]) -> Markup {
    html! {
        @if !rounds.is_empty() {
            (scroll(&ctx.t("linking-rounds"), html! {
                table .table .dense {
                    thead { tr {
                        th .number scope="col" { (ctx.t("linking-round")) }
                        th .number scope="col" { (ctx.t("linking-matches")) }
                        th .number scope="col" { (ctx.t("linking-moved")) }
                    } }
                    tbody { @for row in rounds {
                        tr {
                            th .number scope="row" { (row.number) @if row.settled { " " (ctx.t("linking-settled")) } }
                            td .number { (count(ctx, row.matches)) }
                            td .number { (row.moved_permille) " ‰" }
                        }
                    } }
                }
            }))
        }
    }
}

fn outcome(ctx: &Ctx, tried: &TriedModel) -> Markup {
    let card = &tried.model;
    html! {
        p role="status" {
            strong { (ctx.t(card.kept.key())) } ". "
            (ctx.tf("what-if-persons", &[
                ("before", Arg::from(&count(ctx, tried.persons.0))),
                ("after", Arg::from(&count(ctx, tried.persons.1))),
            ]))
        }
        (described(ctx, card))
        ul .what-if-figures {
            li { (ctx.tn("what-if-merges", &[("count", tried.merges)])) }
            li { (ctx.tn("what-if-splits", &[("count", tried.splits)])) }
            li { (ctx.tn("what-if-messages", &[("count", tried.messages), ("repeated", tried.repeated)])) }
        }
        @if !tried.merging.is_empty() {
            details .why open { summary { (ctx.t("what-if-merging")) }
                ul .what-if-persons { @for of in &tried.merging { li { (sides(ctx, of)) } } }
            }
        }
        @if !tried.splitting.is_empty() {
            details .why open { summary { (ctx.t("what-if-splitting")) }
                ul .what-if-persons { @for one in &tried.splitting { li { (sides(ctx, std::slice::from_ref(one))) } } }
            }
        }
        @if tried.other_rules { p .quiet { (ctx.t("what-if-other-rules")) } }
        @else {
            @if ctx.may(Right::Define) {
                form .actions method="post" action="/identity/linking/apply" {
                    (csrf(ctx))
                    input type="hidden" name="model" value=(card.kept.word());
                    input type="hidden" name="name" value=(card.name);
                    @if card.links {
                        input type="hidden" name="sure_share" value=(tried.lines.0.to_string());
                        input type="hidden" name="possible_share" value=(tried.lines.1.to_string());
                    }
                    button .button .primary type="submit" { (icon("good")) (ctx.t("what-if-apply")) }
                }
            }
            p .quiet .small { (ctx.t("what-if-apply-line")) }
        }
    }
}

fn sides(ctx: &Ctx, sides: &[PairSide]) -> Markup {
    html! {
        @for (number, side) in sides.iter().enumerate() {
            @if number > 0 { " · " }
            a href=(format!("/people/{}#identity", side.id)) { (side.name.clone().unwrap_or_else(|| ctx.t("anonymous"))) }
        }
    }
}
