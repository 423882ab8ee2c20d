//! What a tool of the online shop alone would have sent, in one picture beside Regulars: a mark a
//! message, those that should not have gone first. The same figures stand below it as a table.

use maud::{Markup, html};

use crate::access::Right;
use crate::runs::{DAYS, EVENTS_MAX};
use crate::ui::context::Ctx;
use crate::ui::layout::{csrf, live_shell};
use crate::ui::model::{ComparedModel, MistakeWord, SiloModel, SiloRow, SiloSide, Tone};
use crate::ui::text::Arg;
use crate::ui::widget::{
    badge, card, count, date, empty, icon, money_list, page_head, reason_sentence, scroll, sign,
    time,
};

/// `GET /reports/silo`.
pub fn page(ctx: &Ctx, version: &str, model: &SiloModel) -> Markup {
    let title = ctx.t("silo-title");
    let content = html! {
        (page_head(&title, html! { span { (ctx.tn("silo-line", &[("days", DAYS)])) } }))
        div .stack {
            @match model {
                SiloModel::Never => { div .card { (empty("compare", &ctx.t("silo-never"), None)) (begin(ctx, "silo-begin")) } }
                SiloModel::Running { done, whole } => { div .card .card-pad .dry-run { (running(ctx, *done, *whole)) } }
                SiloModel::Stopped => { div .card .card-pad .dry-run { p { (ctx.t("silo-stopped")) } (begin(ctx, "silo-again")) } }
                SiloModel::Failed => {
                    div .card .card-pad .dry-run { p { (sign(Tone::Bad, "bad", &ctx.t("silo-failed"))) } (begin(ctx, "silo-again")) }
                }
                SiloModel::TooLong { events } => {
                    div .card .card-pad .dry-run {
                        p { (sign(Tone::Warn, "warn", &ctx.tn("dry-run-too-long", &[("count", *events), ("most", EVENTS_MAX)]))) }
                        pre .command tabindex="0" { "regulars measure silo" }
                    }
                }
                SiloModel::Compared(compared) => { (compared_parts(ctx, compared)) }
            }
        }
    };
    live_shell(ctx, &title, version, content)
}

fn begin(ctx: &Ctx, key: &str) -> Markup {
    html! {
        @if ctx.may(Right::Define) {
            form .silo-begin method="post" action="/reports/silo" {
                (csrf(ctx))
                button .button type="submit" { (icon("play")) (ctx.t(key)) }
            }
        }
    }
}

fn running(ctx: &Ctx, done: u64, whole: u64) -> Markup {
    html! {
        form .dry-run-running method="post" action="/reports/silo/stop" {
            (csrf(ctx))
            @if whole == 0 { progress aria-label=(ctx.t("silo-title")) {} }
            @else { progress max=(whole) value=(done) aria-label=(ctx.t("silo-title")) {} }
            span role="status" { (ctx.tn("dry-run-running", &[("done", done), ("whole", whole)])) }
            @if ctx.may(Right::Define) { button .button type="submit" { (icon("paused")) (ctx.t("dry-run-stop")) } }
        }
    }
}

fn compared_parts(ctx: &Ctx, compared: &ComparedModel) -> Markup {
    html! {
        @if compared.alone.messages == 0 {
            div .card { (empty("reports", &ctx.t("silo-nothing"), Some(("/journeys", &ctx.t("nav-journeys"))))) (begin(ctx, "silo-again")) }
        } @else {
            (picture(ctx, compared))
            (figures(ctx, compared))
            (examples(ctx, &compared.examples))
        }
        (how(ctx, compared))
    }
}

/// So many marks a side at most; beyond that one stands for several messages.
const SQUARES: u64 = 400;
/// Marks a row.
const COLUMNS: u64 = 20;

fn picture(ctx: &Ctx, compared: &ComparedModel) -> Markup {
    let most = compared.alone.messages.max(compared.regulars.messages);
    let unit = most.div_ceil(SQUARES).max(1);
    card(
        "silo",
        &ctx.t("silo-picture"),
        None,
        html! {},
        html! {
            div .versus {
                (panel(ctx, "web", "silo-alone", &compared.alone, unit))
                (panel(ctx, "good", "silo-regulars", &compared.regulars, unit))
            }
            ul .bare .versus-legend {
                li { (swatch("bought")) (ctx.t(MistakeWord::Bought.key())) }
                li { (swatch("other")) (ctx.t("silo-otherwise")) }
                li { (swatch("well")) (ctx.t("silo-well")) }
                @if unit > 1 { li .quiet { (ctx.tn("silo-unit", &[("count", unit)])) } }
            }
        },
    )
}

fn panel(ctx: &Ctx, sign: &str, name: &str, side: &SiloSide, unit: u64) -> Markup {
    let wrong = side.wrong_in_all();
    html! {
        section .versus-side {
            h3 { (icon(sign)) (ctx.t(name)) }
            p .versus-wrong { strong { (count(ctx, wrong)) } " " span { (ctx.tn("silo-wrong-of", &[("count", wrong), ("messages", side.messages)])) } }
            @if side.offers > 0 {
                p .versus-money { (ctx.tf("silo-money", &[("count", Arg::from(side.offers)), ("money", Arg::from(&money_list(ctx, &side.worth)))])) }
            }
            (squares(side, unit))
        }
    }
}

/// A mark a message: what was wrong comes first, larger and crossed.
fn squares(side: &SiloSide, unit: u64) -> Markup {
    let bought = side.count(MistakeWord::Bought);
    let wrong = side.wrong_in_all();
    let shown = |number: u64| number.div_ceil(unit);
    let (bought, wrong, all) = (shown(bought), shown(wrong), shown(side.messages));
    let all = all.max(wrong);
    let rows = all.div_ceil(COLUMNS).max(1);
    html! {
        svg .squares viewBox=(format!("0 0 {} {}", COLUMNS * 10, rows * 10)) aria-hidden="true" {
            @for number in 0..all {
                (square(number, if number < bought { "bought" } else if number < wrong { "other" } else { "well" }))
            }
        }
    }
}

fn square(number: u64, kind: &str) -> Markup {
    let (x, y) = (number % COLUMNS * 10, number / COLUMNS * 10);
    shape(x, y, kind)
}

fn shape(x: u64, y: u64, kind: &str) -> Markup {
    html! {
        @match kind {
            "well" => { rect .square-well x=(x + 2) y=(y + 2) width="6" height="6" rx="3" {} }
            "other" => { rect .square-other x=(x + 1) y=(y + 1) width="8" height="8" rx="1" {} }
            _ => {
                rect .square-bought x=(x) y=(y) width="9" height="9" rx="1" {}
                path .square-cross d=(format!("M{} {}l5 5m0-5l-5 5", x + 2, y + 2)) {}
            }
        }
    }
}

fn swatch(kind: &str) -> Markup {
    html! { svg .swatch viewBox="0 0 10 10" aria-hidden="true" { (shape(0, 0, kind)) } }
}

fn figures(ctx: &Ctx, compared: &ComparedModel) -> Markup {
    let title = ctx.t("silo-figures");
    let (alone, regulars) = (&compared.alone, &compared.regulars);
    let row = |name: String, one: u64, other: u64| {
        html! {
            tr {
                th scope="row" { (name) }
                td .number { (count(ctx, one)) }
                td .number { (count(ctx, other)) }
            }
        }
    };
    let worth = |side: &SiloSide| {
        if side.worth.is_empty() { "–".to_owned() } else { money_list(ctx, &side.worth) }
    };
    let table = html! {
        table .table .dense .view {
            thead {
                tr {
                    th scope="col" { (ctx.t("view-what")) }
                    th .number scope="col" { (ctx.t("silo-alone")) }
                    th .number scope="col" { (ctx.t("silo-regulars")) }
                }
            }
            tbody {
                (row(ctx.t("view-messages"), alone.messages, regulars.messages))
                (row(ctx.t("silo-wrong"), alone.wrong_in_all(), regulars.wrong_in_all()))
                @for mistake in MistakeWord::ALL {
                    tr {
                        th scope="row" { span .sign .silo-part { (icon(mistake.icon())) span { (ctx.t(mistake.key())) } } }
                        td .number { (count(ctx, alone.count(*mistake))) }
                        td .number { (count(ctx, regulars.count(*mistake))) }
                    }
                }
                (row(ctx.t("silo-offers"), alone.offers, regulars.offers))
                tr {
                    th scope="row" { (ctx.t("silo-worth")) }
                    td .number { (worth(alone)) }
                    td .number { (worth(regulars)) }
                }
            }
        }
    };
    card("silo-figures", &title, None, html! {}, scroll(&ctx.t("silo-title"), table))
}

fn examples(ctx: &Ctx, rows: &[SiloRow]) -> Markup {
    if rows.is_empty() {
        return html! {};
    }
    card(
        "silo-people",
        &ctx.t("silo-people"),
        None,
        html! {},
        html! { ul .bare .tellings data-rows { @for row in rows { (example(ctx, row)) } } },
    )
}

fn example(ctx: &Ctx, row: &SiloRow) -> Markup {
    html! {
        li .telling data-row {
            div {
                a href=(format!("/people/{}", row.person.0)) { (row.person.1) } " "
                span .quiet { (row.journey) " / " (row.step) }
            }
            p {
                (badge(Tone::Bad, row.mistake.icon(), &ctx.t("silo-alone"))) " "
                (ctx.tf("silo-would", &[("at", Arg::from(&ctx.moment(row.at)))])) " "
                (reason_sentence(ctx, &row.reason))
                @if !row.given.is_empty() { ". " (ctx.tf("silo-given", &[("money", Arg::from(&money_list(ctx, &row.given)))])) }
            }
            p {
                @match row.instead.kind {
                    Some(kind) => {
                        (badge(Tone::Good, kind.icon(), &ctx.t("silo-regulars"))) " "
                        (ctx.t(kind.key())) ", " (time(ctx, row.instead.at))
                    }
                    None => { (badge(Tone::Good, "minus", &ctx.t("silo-regulars"))) " " (ctx.t("silo-sent-nothing")) }
                }
                ": " (reason_sentence(ctx, &row.instead.reason))
            }
        }
    }
}

fn how(ctx: &Ctx, compared: &ComparedModel) -> Markup {
    let left_out = compared.alone.left_out + compared.regulars.left_out;
    card(
        "silo-how",
        &ctx.t("silo-how"),
        None,
        html! {},
        html! {
            div .card-pad {
                p { (date(ctx, compared.from)) " – " (time(ctx, compared.until)) ". " (ctx.t("silo-how-line")) }
                @if !compared.unheard.is_empty() {
                    p {
                        (ctx.tf("silo-unheard", &[
                            ("sources", Arg::from(&compared.unheard.join(", "))),
                            ("count", Arg::from(compared.events.1)),
                            ("events", Arg::from(compared.events.0)),
                        ]))
                    }
                }
                @if compared.regulars.wrong_in_all() > 0 { p .quiet { (ctx.t("silo-too-late")) } }
                p .quiet { (ctx.t("silo-counted")) }
                @if left_out > 0 { p .quiet { (ctx.tn("report-left-out", &[("count", left_out)])) } }
            }
            (begin(ctx, "silo-again"))
        },
    )
}
