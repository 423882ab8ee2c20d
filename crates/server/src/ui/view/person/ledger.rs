//! The ledger: everything that was ever said of whether a person may be written to.

use maud::{Markup, html};
use regulars_engine::event::Purpose;

use crate::ledger::{Entry, Said};
use crate::pages::words_of_channel;
use crate::ui::context::Ctx;
use crate::ui::layout::shell;
use crate::ui::model::{Purpose as PurposeWord, Tone};
use crate::ui::text::Arg;
use crate::ui::widget::{card, channel, count, empty, icon, page_head, sign, time};

/// What the page shows.
#[derive(Clone, Debug)]
pub struct LedgerPage {
    /// The person's id.
    pub id: String,
    /// The person's name, where one is known.
    pub name: Option<String>,
    /// What was said, the latest first.
    pub entries: Vec<Entry>,
}

/// `GET /people/<id>/consent`.
pub fn ledger(ctx: &Ctx, shown: &LedgerPage) -> Markup {
    let name = shown.name.clone().unwrap_or_else(|| ctx.t("anonymous"));
    let title = ctx.t("ledger-title");
    let content = html! {
        p .crumb { a href=(format!("/people/{}", shown.id)) { (icon("back")) (name) } }
        (page_head(&title, html! { p { (ctx.t("ledger-line")) } }))
        (card("ledger", &title, Some(count(ctx, shown.entries.len() as u64)), html! {}, html! {
            @if shown.entries.is_empty() { (empty("consent", &ctx.t("ledger-empty"), None)) }
            @else { (table(ctx, &shown.entries)) }
        }))
    };
    shell(ctx, &title, content)
}

fn table(ctx: &Ctx, entries: &[Entry]) -> Markup {
    html! {
        table .table .ledger data-rows {
            thead {
                tr {
                    th scope="col" { (ctx.t("ledger-when")) }
                    th scope="col" { (ctx.t("ledger-said")) }
                    th scope="col" { (ctx.t("ledger-about")) }
                    th scope="col" { (ctx.t("source")) }
                    th scope="col" { (ctx.t("ledger-wording")) }
                }
            }
            tbody { @for entry in entries { (row(ctx, entry)) } }
        }
    }
}

fn row(ctx: &Ctx, entry: &Entry) -> Markup {
    html! {
        tr data-row {
            th scope="row" { (time(ctx, entry.at.0)) }
            td data-label=(ctx.t("ledger-said")) { (said(ctx, entry.said)) }
            td data-label=(ctx.t("ledger-about")) {
                (channel(ctx, words_of_channel(entry.channel)))
                " "
                span .quiet { (about(ctx, entry.purpose)) }
                @for identifier in &entry.identifiers { " " span .cut { (identifier.value()) } }
            }
            td data-label=(ctx.t("source")) {
                (entry.source)
                @if let Some(message) = &entry.message { " " a href=(format!("/outbox/{message}")) { (ctx.t("ledger-message")) } }
            }
            td data-label=(ctx.t("ledger-wording")) {
                @match &entry.wording { Some(wording) => { (wording) } None => { span .quiet { "–" } } }
            }
        }
    }
}

fn said(ctx: &Ctx, said: Said) -> Markup {
    match said {
        Said::Yes => sign(Tone::Good, "consent", &ctx.t("ledger-yes")),
        Said::Confirmed => sign(Tone::Good, "done", &ctx.t("ledger-confirmed")),
        Said::No => sign(Tone::Bad, "withdrawn", &ctx.t("ledger-no")),
        Said::Pause(until) => {
            let until = ctx.moment(until.0);
            sign(Tone::Warn, "paused", &ctx.tf("ledger-pause", &[("until", Arg::from(&until))]))
        }
        Said::Bounced => sign(Tone::Bad, "bounced", &ctx.t("ledger-bounced")),
        Said::Complained => sign(Tone::Bad, "bad", &ctx.t("ledger-complained")),
        Said::Ended => sign(Tone::Neutral, "minus", &ctx.t("ledger-ended")),
    }
}

fn about(ctx: &Ctx, purpose: Option<Purpose>) -> String {
    match purpose {
        Some(Purpose::Promotion) => ctx.t(PurposeWord::Promotion.key()),
        Some(Purpose::Care) => ctx.t(PurposeWord::Care.key()),
        Some(Purpose::Transactional) => ctx.t(PurposeWord::Transactional.key()),
        None => ctx.t("ledger-all"),
    }
}
