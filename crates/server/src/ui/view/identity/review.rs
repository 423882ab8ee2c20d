//! Pairs to review: side by side, what speaks for and against, and three answers that can be undone.

use maud::{Markup, html};

use super::against::sentence;
use super::framed;
use super::weights::waterfall;
use crate::access::Right;
use crate::ui::context::Ctx;
use crate::ui::layout::{csrf, shell};
use crate::ui::model::{
    Answer, ComparedRow, ComparedWhat, IdentityTab, Likeness, PairCard, PairSide, ReviewModel, Tone,
};
use crate::ui::text::Arg;
use crate::ui::view::people::initials;
use crate::ui::widget::{badge, count, empty, icon, money, page_head, percent, said, sign, time};

/// `GET /identity`.
pub fn page(ctx: &Ctx, model: &ReviewModel) -> Markup {
    let content = html! {
        @if model.pairs.is_empty() && model.looking.is_none() {
            div .card { (empty("good", &ctx.t("review-none"), Some(("/identity/health", &ctx.t("identity-tab-health"))))) }
        } @else if !model.pairs.is_empty() {
            p .quiet .review-line {
                (ctx.tn("review-total", &[("count", model.total)])) " " (ctx.t("review-order")) " "
                (ctx.t("review-keys")) " "
                @for (key, word) in [("s", Answer::Same), ("n", Answer::Apart), ("u", Answer::Unsure)] {
                    kbd { (key) } " " (ctx.t(word.key())) ". "
                }
                kbd { "z" } " " (ctx.t("undo")) "."
            }
            div .stack data-rows data-review {
                @for (place, pair) in model.pairs.iter().enumerate() { (folded(ctx, pair, place > 0)) }
            }
            @if model.total > model.pairs.len() as u64 {
                p .quiet .review-line { (ctx.t("review-more")) }
            }
        }
    };
    framed(ctx, IdentityTab::Review, model.looking, content)
}

/// `GET /identity/pairs/<one>/<other>`, and what every answer leads to.
///
/// With scripts only `#pair-<one>-<other>` is taken from it.
pub fn pair_page(ctx: &Ctx, pair: &PairCard) -> Markup {
    let title = ctx.t("review-pair");
    let content = html! {
        p .crumb { a href="/identity" { (icon("back")) (ctx.t("nav-identity")) } }
        (page_head(&title, html! {}))
        div .stack data-rows data-review { (pair_card(ctx, pair)) }
    };
    shell(ctx, &title, content)
}

/// One pair of many: only its head stands there until somebody opens it.
fn folded(ctx: &Ctx, pair: &PairCard, shut: bool) -> Markup {
    let title = title(pair);
    html! {
        article .card .pair id=(format!("pair-{}", pair.id())) data-row aria-labelledby=(title) {
            details .pair-fold data-fold open[!shut] {
                summary .card-head {
                    h2 id=(title) { (both(ctx, pair)) }
                    (figures(ctx, pair))
                }
                (open(ctx, pair))
                p .card-pad .quiet .pair-alone {
                    a href=(format!("/identity/pairs/{}/{}", pair.one.id, pair.other.id)) { (ctx.t("review-alone")) }
                }
            }
        }
    }
}

/// One pair; the part that is swapped.
fn pair_card(ctx: &Ctx, pair: &PairCard) -> Markup {
    let title = title(pair);
    html! {
        article .card .pair id=(format!("pair-{}", pair.id())) data-row aria-labelledby=(title) {
            div .card-head {
                h2 id=(title) {
                    a href=(format!("/identity/pairs/{}/{}", pair.one.id, pair.other.id)) { (both(ctx, pair)) }
                }
                (figures(ctx, pair))
            }
            @match &pair.answered {
                Some((answer, number)) => { (answered(ctx, pair, *answer, *number)) }
                None => { (open(ctx, pair)) }
            }
        }
    }
}

fn title(pair: &PairCard) -> String {
    format!("pair-{}-title", pair.id())
}

fn both(ctx: &Ctx, pair: &PairCard) -> String {
    format!("{} · {}", named(ctx, &pair.one), named(ctx, &pair.other))
}

fn figures(ctx: &Ctx, pair: &PairCard) -> Markup {
    html! {
        div .card-head-side {
            @if pair.worth.minor > 0 {
                (badge(Tone::Accent, "offer", &ctx.tf("review-worth", &[("amount", Arg::from(&money(ctx, &pair.worth)))])))
            }
            @if let Some(at) = pair.unsure_at { span .quiet { (ctx.t("review-unsure-since")) " " (time(ctx, at)) } }
            span { strong { (percent(ctx, pair.permille)) } " " (ctx.t("likely-same")) }
        }
    }
}

fn named(ctx: &Ctx, side: &PairSide) -> String {
    side.name.clone().unwrap_or_else(|| ctx.t("anonymous"))
}

fn open(ctx: &Ctx, pair: &PairCard) -> Markup {
    html! {
        div .card-pad .pair-why {
            @if let Some(fact) = &pair.why { p { (said(ctx, fact)) } }
            @if let Some(held) = &pair.held {
                p .warn { (icon("held")) " " (ctx.tf("review-held", &[("amount", Arg::from(&money(ctx, held)))])) }
            }
            @if let Some(wasted) = &pair.wasted {
                p .warn { (icon("sent")) " " (ctx.tf("review-wasted", &[("amount", Arg::from(&money(ctx, wasted)))])) }
            }
        }
        (side_by_side(ctx, pair))
        @if !pair.against.is_empty() {
            h3 .part { (ctx.t("against-title")) }
            ul .evidence { @for against in &pair.against { li .edge { (sentence(ctx, against)) } } }
        }
        div .card-pad {
            // Where nothing can be compared, only what is known of any two would stand there.
            @if pair.weights.rows.len() > 1 {
                details .why {
                    summary { (icon("why")) (ctx.t("weights-title")) }
                    div .why-body { (waterfall(ctx, &pair.weights)) }
                }
            }
            (answers(ctx, pair))
        }
    }
}

fn side_by_side(ctx: &Ctx, pair: &PairCard) -> Markup {
    html! {
        table .table .compared {
            thead { tr {
                th scope="col" { span .visually-hidden { (ctx.t("compared")) } }
                @for side in [&pair.one, &pair.other] {
                    th scope="col" {
                        a .compared-who href=(format!("/people/{}", side.id)) { (initials(side.name.as_deref())) span { (named(ctx, side)) } }
                    }
                }
            } }
            tbody { @for row in &pair.rows { (compared(ctx, row)) } }
        }
    }
}

fn compared(ctx: &Ctx, row: &ComparedRow) -> Markup {
    let (sign_icon, word) = match &row.what {
        ComparedWhat::Of(what) => (what.icon(), ctx.t(what.key())),
        ComparedWhat::Identifiers(kind) => (kind.icon(), ctx.t(kind.key())),
    };
    html! {
        tr {
            th scope="row" {
                span .channel { (icon(sign_icon)) span { (word) } }
                @if let Some(likeness) = row.likeness.filter(|held| *held != Likeness::Missing) { (likeness_sign(ctx, likeness)) }
            }
            @for values in [&row.one, &row.other] {
                td {
                    @if values.is_empty() { span .quiet { "–" } }
                    @else { ul .bare { @for value in values { li { (value) } } } }
                }
            }
        }
    }
}

fn likeness_sign(ctx: &Ctx, likeness: Likeness) -> Markup {
    let tone = match likeness {
        Likeness::Same => Tone::Good,
        Likeness::Different => Tone::Warn,
        Likeness::Missing => Tone::Neutral,
    };
    html! { " " (sign(tone, likeness.icon(), &ctx.t(likeness.key()))) }
}

/// The three answers.
fn answers(ctx: &Ctx, pair: &PairCard) -> Markup {
    html! {
        @if ctx.may(Right::Answer) {
            form .pair-answers method="post" action=(address(pair, "answer")) hx-post=(address(pair, "answer"))
                hx-target=(target(pair)) hx-select=(target(pair)) hx-swap="outerHTML" {
                (csrf(ctx))
                label .visually-hidden for=(format!("because-{}", pair.id())) { (ctx.t("because")) }
                input type="text" id=(format!("because-{}", pair.id())) name="because" maxlength="500" autocomplete="off"
                    placeholder=(ctx.t("because"));
                div .actions {
                    @for (answer, key) in [(Answer::Same, "s"), (Answer::Apart, "n"), (Answer::Unsure, "u")] {
                        button .button type="submit" name="answer" value=(answer.word()) data-answer=(key)
                            id=(format!("{}-{}", answer.word(), pair.id())) aria-keyshortcuts=(key) {
                            (icon(answer.icon())) (ctx.t(answer.key()))
                        }
                    }
                }
            }
        }
    }
}

/// What was answered, with the way back.
fn answered(ctx: &Ctx, pair: &PairCard, answer: Answer, number: u64) -> Markup {
    html! {
        div .card-pad .pair-answered {
            p data-say { (sign(Tone::Good, answer.icon(), &ctx.t(&format!("answered-{}", answer.word())))) }
            @if ctx.may(Right::Answer) {
                form method="post" action=(address(pair, "undo")) hx-post=(address(pair, "undo"))
                    hx-target=(target(pair)) hx-select=(target(pair)) hx-swap="outerHTML" {
                    (csrf(ctx))
                    input type="hidden" name="statement" value=(number);
                    button .button type="submit" data-answer="z" data-focus id=(format!("undo-{}", pair.id())) aria-keyshortcuts="z" {
                        (icon("back")) (ctx.t("undo"))
                    }
                }
            }
            @if answer != Answer::Same {
                a .button .plain href=(format!("/people/{}", pair.one.id)) { (named(ctx, &pair.one)) }
                a .button .plain href=(format!("/people/{}", pair.other.id)) { (named(ctx, &pair.other)) }
            } @else {
                a .button .plain href=(format!("/people/{}", pair.one.id)) { (ctx.t("open-person")) }
            }
        }
    }
}

fn address(pair: &PairCard, verb: &str) -> String {
    format!("/identity/pairs/{}/{}/{verb}", pair.one.id, pair.other.id)
}

fn target(pair: &PairCard) -> String {
    format!("#pair-{}", pair.id())
}

/// A number of things beside a word, for the other parts of the page.
pub(super) fn tile(ctx: &Ctx, number: u64, word: &str) -> Markup {
    html! { div .tile { span .tile-number { (count(ctx, number)) } span .quiet { (word) } } }
}
