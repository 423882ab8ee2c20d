//! Icons, badges, cards, times and amounts.

use maud::{Markup, html};

use crate::ui::assets;
use crate::ui::context::Ctx;
use crate::ui::format::{money as money_format, number};
use crate::ui::model::{Channel, Money, Page, Precision, Tone};
use crate::ui::text::Arg;

/// An icon of the sprite; a word always stands beside it, so it is hidden from readers.
pub fn icon(name: &str) -> Markup {
    html! {
        svg .icon aria-hidden="true" { use href=(format!("{}#{name}", assets::url("icons.svg"))) {} }
    }
}

pub(super) const fn tone_class(tone: Tone) -> &'static str {
    match tone {
        Tone::Neutral => "neutral",
        Tone::Accent => "accent",
        Tone::Good => "good",
        Tone::Warn => "warn",
        Tone::Bad => "bad",
    }
}

/// A sign and a word on a soft ground.
pub fn badge(tone: Tone, icon_name: &str, word: &str) -> Markup {
    html! { span .badge .(tone_class(tone)) { (icon(icon_name)) span { (word) } } }
}

/// A sign and a word in the colour of their tone, without a ground.
pub fn sign(tone: Tone, icon_name: &str, word: &str) -> Markup {
    html! { span .sign .(tone_class(tone)) { (icon(icon_name)) span { (word) } } }
}

/// A number beside an entry of the navigation; nothing at zero.
pub fn badge_count(ctx: &Ctx, number: u64) -> Markup {
    html! {
        @if number > 0 {
            span .count {
                span aria-hidden="true" { (if number > 999 { "999+".to_owned() } else { number.to_string() }) }
                span .visually-hidden { (ctx.tn("nav-waiting", &[("count", number)])) }
            }
        }
    }
}

/// The channel's icon and word.
pub fn channel(ctx: &Ctx, channel: Channel) -> Markup {
    html! { span .channel { (icon(channel.icon())) span { (ctx.t(channel.key())) } } }
}

/// A card with a heading; `id` is its address on the page, `more` stands at the end of the heading.
pub fn card(
    id: &str,
    title: &str,
    number: Option<String>,
    more: Markup,
    content: Markup,
) -> Markup {
    let heading = format!("{id}-title");
    html! {
        section .card id=(id) aria-labelledby=(heading) {
            div .card-head {
                h2 id=(heading) { (title) @if let Some(number) = number { " " span .quiet { (number) } } }
                (more)
            }
            (content)
        }
    }
}

/// The title of a page with a line below it.
pub fn page_head(title: &str, line: Markup) -> Markup {
    html! { div .page-head { h1 { (title) } div .page-line { (line) } } }
}

/// What stands where nothing is: a sentence and the one next action.
pub fn empty(icon_name: &str, sentence: &str, action: Option<(&str, &str)>) -> Markup {
    html! {
        div .empty {
            (icon(icon_name))
            p { (sentence) }
            @if let Some((href, word)) = action { a .button href=(href) { (word) } }
        }
    }
}

/// What the last action did.
pub fn notice(ctx: &Ctx) -> Markup {
    html! {
        @if let Some(notice) = ctx.notice {
            div .notice .(tone_class(notice.tone())) role="status" {
                (icon(notice.icon())) span { (ctx.t(notice.key())) }
            }
        }
    }
}

fn machine(ctx: &Ctx, ms: i64) -> String {
    ctx.zoned(ms).timestamp().to_string()
}

/// The moment, as briefly as it stays clear.
pub fn time(ctx: &Ctx, ms: i64) -> Markup {
    html! { time datetime=(machine(ctx, ms)) title=(ctx.exact(ms)) { (ctx.moment(ms)) } }
}

/// The day alone, where the time of day says nothing.
pub fn date(ctx: &Ctx, ms: i64) -> Markup {
    html! { time datetime=(machine(ctx, ms)) title=(ctx.exact(ms)) { (ctx.day(ms)) } }
}

/// How long ago, or how far ahead.
pub fn time_ago(ctx: &Ctx, ms: i64) -> Markup {
    html! { time datetime=(machine(ctx, ms)) title=(ctx.exact(ms)) { (ctx.ago(ms)) } }
}

/// The moment as precisely as it is known: a day without a time shows none.
pub fn time_at(ctx: &Ctx, ms: i64, precision: Precision) -> Markup {
    html! {
        @match precision {
            Precision::Instant | Precision::Minute => { (time(ctx, ms)) }
            Precision::Day => {
                time datetime=(ctx.zoned(ms).date().to_string()) title=(ctx.t("time-not-told")) { (ctx.day(ms)) }
            }
        }
    }
}

/// A length of time.
pub fn span(ctx: &Ctx, ms: i64) -> String {
    ctx.span(ms)
}

/// A whole number.
pub fn count(ctx: &Ctx, number: u64) -> String {
    number::whole(ctx.language, i64::try_from(number).unwrap_or(i64::MAX))
}

/// An amount.
pub fn money(ctx: &Ctx, amount: &Money) -> String {
    money_format::format(ctx.language, amount)
}

/// Amounts of several currencies, which are never added.
pub fn money_list(ctx: &Ctx, amounts: &[Money]) -> String {
    amounts.iter().map(|amount| money(ctx, amount)).collect::<Vec<_>>().join(" + ")
}

/// A share in thousandths.
pub fn percent(ctx: &Ctx, permille: u16) -> String {
    number::percent(ctx.language, permille)
}

/// A line between two days of a list.
pub fn day_rule(ctx: &Ctx, ms: i64) -> Markup {
    html! { h3 .day-rule { (ctx.day_heading(ms)) } }
}

/// Links to the newest and to the next, older page of `path`; `query` ends in `?` or `&`.
pub fn pager(ctx: &Ctx, path: &str, page: &Page) -> Markup {
    let joint = if path.contains('?') { '&' } else { '?' };
    html! {
        @if page.paged || page.older.is_some() {
            nav .pager aria-label=(ctx.t("pager-label")) {
                @if page.paged { a .button .plain href=(path) rel="first" { (icon("chevron-left")) (ctx.t("pager-newest")) } }
                span .quiet { (ctx.tf("pager-total", &[("count", Arg::from(page.total))])) }
                @if let Some(older) = &page.older {
                    a .button .plain href=(format!("{path}{joint}before={older}")) rel="next" { (ctx.t("pager-older")) (icon("chevron-right")) }
                }
            }
        }
    }
}
