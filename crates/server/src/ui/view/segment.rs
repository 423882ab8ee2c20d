//! One segment: its builder with a live count, its members, why somebody is in it or not, what it
//! shares with others, its size over time.

use maud::{Markup, html};

use super::segments::{address, computing};
use super::sizes::chart;
use crate::access::Right;
use crate::ui::context::Ctx;
use crate::ui::layout::{csrf, shell};
use crate::ui::model::{
    Channel, ConditionMistake, CountModel, MemberWhy, PreviewModel, SegmentModel, SegmentProblem,
    Tone,
};
use crate::ui::text::Arg;
use crate::ui::widget::{
    badge, card, channel, count, icon, meter, page_head, reasons, said, scroll, sign, time,
};

/// `GET /segments/new` and `GET /segments/of/NAME`.
pub fn page(ctx: &Ctx, model: &SegmentModel) -> Markup {
    let title = model.row.as_ref().map_or_else(|| ctx.t("segment-new"), |row| row.name.clone());
    let line = html! {
        a href="/segments" { (icon("back")) (ctx.t("nav-segments")) }
        @if let Some(row) = &model.row {
            span { (ctx.tn("segment-count", &[("count", row.members)])) }
            (computing(ctx, row))
        }
    };
    let content = html! {
        (page_head(&title, line))
        div .stack {
            (builder(ctx, model))
            @if let Some(patch) = &model.patch { (taken_home(ctx, patch)) }
            @if let Some(row) = &model.row {
                (reach_card(ctx, model.reach.as_deref()))
                (why_card(ctx, &row.name))
                (card("members", &ctx.t("segment-some"), None, html! {}, people(ctx, &model.people)))
                (card("sizes", &ctx.t("segment-sizes"), None, html! {}, chart(ctx, &row.name, &row.sizes)))
                @if !model.overlaps.is_empty() { (overlap_card(ctx, model)) }
                @if !model.by_files { (remove(ctx, model)) }
            }
        }
    };
    shell(ctx, &title, content)
}

fn builder(ctx: &Ctx, model: &SegmentModel) -> Markup {
    // Whoever may not save one may try it.
    let action = if ctx.may(Right::Define) { "/segments/save" } else { "/segments/preview" };
    html! {
        section #builder .card aria-labelledby="builder-title" {
            div .card-head {
                h2 #builder-title { (ctx.t("segment-who")) }
                @if model.by_files { div .card-head-side { (badge(Tone::Neutral, "file", &ctx.t("segment-by-files"))) } }
            }
            form .builder method="post" action=(action) {
                (csrf(ctx))
                input type="hidden" name="was" value=(model.was);
                // What the page tells of this condition, its preview does not say again.
                @if let Some(row) = model.row.as_ref().filter(|_| model.reach.is_some()) {
                    input type="hidden" name="told" value=(row.condition);
                }
                label for="name" { (ctx.t("segment-name")) }
                input #name name="name" value=(model.name) required maxlength="80" autocomplete="off" readonly[model.row.is_some()];
                label for="when" { (ctx.t("segment-condition")) }
                textarea #when .raw name="when" rows="4" required spellcheck="false" autocapitalize="none" autocomplete="off"
                    aria-describedby="when-help" data-suggests="suggestions" placeholder="orders at least 2 in the last 90 days"
                    hx-post="/segments/preview" hx-target="#preview" hx-sync="this:replace"
                    hx-trigger="input changed delay:300ms, load" hx-include="closest form" { (model.when) }
                p #when-help .quiet .small { (ctx.t("segment-help")) }
                input #suggestions-before type="hidden" name="before";
                div #suggestions hx-post="/segments/complete" hx-trigger="suggest delay:150ms" hx-sync="this:replace"
                    hx-include="closest form" {}
                div #preview .preview aria-live="polite" {}
                @match &model.problem {
                    Some(SegmentProblem::Stale) => { p { (sign(Tone::Warn, "warn", &ctx.t("segment-stale"))) } }
                    Some(SegmentProblem::Mistakes(lines)) => {
                        ul .bare { @for line in lines { li { (sign(Tone::Bad, "bad", line)) } } }
                    }
                    None => {}
                }
                div .actions {
                    @if model.by_files {
                        button .button .primary type="submit" { (icon("file")) (ctx.t("segment-patch")) }
                    } @else {
                        @if ctx.may(Right::Define) { button .button .primary type="submit" { (icon("good")) (ctx.t("segment-save")) } }
                    }
                }
            }
        }
    }
}

fn taken_home(ctx: &Ctx, patch: &str) -> Markup {
    let content = html! {
        p { (ctx.t("segment-patch-line")) }
        pre .raw tabindex="0" { (patch) }
    };
    card("patch", &ctx.t("segment-patch"), None, html! {}, content)
}

/// `POST /segments/preview`: what a condition would hold, or what is wrong with it.
pub fn preview(ctx: &Ctx, model: &PreviewModel) -> Markup {
    if !model.mistakes.is_empty() {
        return html! { ul .bare .mistakes { @for one in &model.mistakes { (mistake(ctx, Tone::Bad, one)) } } };
    }
    let (members, low, high) = model.members;
    html! {
        @if !model.notices.is_empty() {
            ul .bare .mistakes { @for one in &model.notices { (mistake(ctx, Tone::Warn, one)) } }
        }
        p .preview-count {
            strong { (count(ctx, members)) } " "
            span { (ctx.tn("segment-of-people", &[("count", model.people)])) }
            @if !model.exact {
                " " span .quiet { (ctx.tf("segment-between", &[("low", Arg::from(low)), ("high", Arg::from(high))])) }
            }
        }
        @if !model.exact {
            (counting(ctx, &CountModel { when: model.condition.clone(), next: Some(String::new()), people: model.people, ..CountModel::default() }))
        }
        @if !model.reach.is_empty() { (reach(ctx, &model.reach)) }
        @if !model.some.is_empty() { (people(ctx, &model.some)) }
    }
}

/// How many messages reach, by channel.
fn reach(ctx: &Ctx, by_channel: &[(Channel, u64, u64)]) -> Markup {
    html! {
        ul .preview-reach {
            @for (over, reachable, promotable) in by_channel {
                li {
                    (channel(ctx, *over)) " " strong { (count(ctx, *reachable)) } " " (ctx.t("segment-reachable"))
                    ", " (count(ctx, *promotable)) " " (ctx.t("segment-promotable"))
                }
            }
        }
    }
}

fn reach_card(ctx: &Ctx, by_channel: Option<&[(Channel, u64, u64)]>) -> Markup {
    let content = html! {
        @match by_channel {
            Some(by_channel) => { (reach(ctx, by_channel)) }
            None => { p .quiet { (ctx.t("segment-reach-computing")) } }
        }
    };
    card("reach", &ctx.t("segment-reach"), None, html! {}, content)
}

/// `POST /segments/count`: how far the exact count is; it asks for the next part by itself.
pub fn counting(ctx: &Ctx, model: &CountModel) -> Markup {
    html! {
        @match &model.next {
            Some(next) => {
                div .counting hx-post="/segments/count" hx-trigger="load delay:10ms" hx-swap="outerHTML" {
                    (csrf(ctx))
                    input type="hidden" name="when" value=(model.when);
                    input type="hidden" name="after" value=(next);
                    input type="hidden" name="seen" value=(model.seen);
                    input type="hidden" name="members" value=(model.members);
                    progress max=(model.people.max(1)) value=(model.seen) aria-label=(ctx.t("segment-counting")) {}
                    span .quiet .small { (ctx.t("segment-counting")) }
                }
            }
            None => {
                p .counting { (sign(Tone::Good, "good", &ctx.tn("segment-exactly", &[("count", model.members)]))) }
            }
        }
    }
}

/// `POST /segments/complete`: what may stand at the cursor, each put there by a click in place of
/// the `typed` signs before it; with each, whether it is only an example.
pub fn suggestions(ctx: &Ctx, all: &[(String, bool)], typed: usize) -> Markup {
    html! {
        @if !all.is_empty() {
            ul .suggestions aria-label=(ctx.t("segment-suggestions")) {
                @for (text, example) in all {
                    li { button .chip type="button" data-suggestion=(text) data-typed=(typed) data-example[*example] { (text) } }
                }
            }
        }
    }
}

fn mistake(ctx: &Ctx, tone: Tone, mistake: &ConditionMistake) -> Markup {
    let shape = if tone == Tone::Bad { "bad" } else { "warn" };
    html! {
        li {
            code .condition { (mistake.before) mark .wrong { @if mistake.at.is_empty() { "␣" } @else { (mistake.at) } } (mistake.behind) }
            p { (sign(tone, shape, &mistake.message)) " " span .quiet { (ctx.t("segment-cure")) " " (mistake.cure) } }
        }
    }
}

fn people(ctx: &Ctx, some: &[(String, Option<String>)]) -> Markup {
    html! {
        ul .some-people data-rows {
            @for (id, name) in some {
                li data-row { a href=(format!("/people/{id}")) { (name.clone().unwrap_or_else(|| ctx.t("anonymous"))) } }
            }
            @if some.is_empty() { li .quiet { (ctx.t("segment-nobody")) } }
        }
    }
}

fn why_card(ctx: &Ctx, name: &str) -> Markup {
    let content = html! {
        form .search method="post" action=(format!("{}/why", address(name))) hx-post=(format!("{}/why", address(name)))
            hx-target="#why-answer" hx-swap="innerHTML" {
            (csrf(ctx))
            label .visually-hidden for="who" { (ctx.t("people-search")) }
            (icon("search"))
            input #who type="search" name="q" autocomplete="off" spellcheck="false" placeholder=(ctx.t("people-placeholder"));
            button .button type="submit" { (ctx.t("why")) }
        }
        div #why-answer aria-live="polite" {}
    };
    card("why", &ctx.t("segment-why"), None, html! {}, content)
}

/// `POST /segments/of/NAME/why`: the answer alone.
pub fn whys(ctx: &Ctx, answers: &[MemberWhy]) -> Markup {
    html! {
        @if answers.is_empty() { p .quiet { (ctx.t("people-none-short")) } }
        @for answer in answers { (why_answer(ctx, answer)) }
    }
}

fn why_answer(ctx: &Ctx, answer: &MemberWhy) -> Markup {
    let name = answer.name.clone().unwrap_or_else(|| ctx.t("anonymous"));
    html! {
        div .why-member {
            p {
                @if answer.member { (badge(Tone::Good, "good", &ctx.t("segment-in"))) } @else { (badge(Tone::Neutral, "minus", &ctx.t("segment-out"))) }
                " " a href=(format!("/people/{}", answer.id)) { (name) }
                @if let Some(since) = answer.since { " " span .quiet { (ctx.t("segment-since")) " " (time(ctx, since)) } }
            }
            ul .reasons {
                @for fact in &answer.because {
                    li { (said(ctx, fact)) @if let Some(at) = fact.at { " " span .quiet { (time(ctx, at.0)) } } }
                }
            }
            @if !answer.unknown.is_empty() {
                p { (sign(Tone::Warn, "uncertain", &ctx.t("segment-uncertain"))) }
                (reasons(ctx, &answer.unknown))
            }
            @if let Some(next) = answer.next { p .quiet .small { (ctx.t("segment-turns")) " " (time(ctx, next)) } }
        }
    }
}

fn overlap_card(ctx: &Ctx, model: &SegmentModel) -> Markup {
    let own = model.row.as_ref().map_or(0, |row| row.members);
    let title = ctx.t("segment-overlaps");
    let content = scroll(
        &format!("{title}: {}", ctx.t("segment-both")),
        html! {
            table .table .dense {
                thead {
                    tr {
                        th scope="col" { (ctx.t("segment")) }
                        th .number scope="col" { (ctx.t("segment-both")) }
                        th .bar-cell aria-hidden="true" { (ctx.t("segment-share")) }
                        th .number scope="col" { (ctx.t("segment-members")) }
                    }
                }
                tbody {
                    @for (name, both, members) in &model.overlaps {
                        tr {
                            th scope="row" { a href=(address(name)) { (name) } }
                            td .number { (count(ctx, *both)) }
                            td .bar-cell aria-hidden="true" { (meter(*both, own)) }
                            td .number { (count(ctx, *members)) }
                        }
                    }
                }
            }
        },
    );
    card("overlaps", &title, None, html! {}, content)
}

fn remove(ctx: &Ctx, model: &SegmentModel) -> Markup {
    html! {
        @if ctx.may(Right::Define) {
            form .actions method="post" action="/segments/remove" {
                (csrf(ctx))
                input type="hidden" name="was" value=(model.was);
                input type="hidden" name="name" value=(model.name);
                button .button type="submit" { (icon("minus")) (ctx.t("segment-remove")) }
            }
        }
    }
}
