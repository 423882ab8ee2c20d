//! The pages of people who get messages: what they want to get, and stopping. No login, no script.

use maud::{DOCTYPE, Markup, html};
use regulars_engine::event::{Channel, Purpose};

use crate::preferences::{CHANNELS, Choice, PAUSE_DAYS, Preferences};
use crate::ui::assets;
use crate::ui::context::Ctx;
use crate::ui::language::Language;
use crate::ui::model::Done;
use crate::ui::text::Arg;
use crate::ui::widget::icon;

/// What the page shows.
#[derive(Clone, Copy, Debug)]
pub struct Shown<'m> {
    /// The token of the message that led here.
    pub token: &'m str,
    /// The address that the message went to; shown in part.
    pub address: &'m str,
    /// What the person gets as things stand.
    pub stands: &'m Preferences,
    /// What the last answer did.
    pub done: Option<Done>,
}

/// `GET /preferences/<token>`.
pub fn page(ctx: &Ctx, shown: &Shown<'_>) -> Markup {
    let action = format!("/preferences/{}?lang={}", shown.token, ctx.language.code());
    let content = html! {
        h1 { (ctx.t("preferences-title")) }
        p .quiet { (ctx.tf("preferences-line", &[("shop", Arg::from(&ctx.shop)), ("address", Arg::from(&hidden(shown.address)))])) }
        @if let Some(done) = shown.done {
            p .notice .good role="status" { (icon(done.icon())) span { (ctx.t(done.key())) } }
        }
        @if shown.stands.stopped {
            p .notice .warn { (icon("bounced")) span { (ctx.t("preferences-address-stopped")) } }
        }
        @if let Some(until) = shown.stands.paused_until {
            form .preferences method="post" action=(action) {
                p .notice .warn { (icon("paused")) span { (ctx.tf("preferences-paused", &[("until", Arg::from(&ctx.moment(until.0)))])) } }
                button .button type="submit" name="do" value="resume" { (ctx.t("preferences-resume")) }
            }
        }
        form .preferences method="post" action=(action) {
            @for channel in CHANNELS { (choices(ctx, channel, shown.stands)) }
            p .hint { (ctx.t("preferences-always")) }
            button .button .primary .wide type="submit" name="do" value="save" { (ctx.t("preferences-save")) }
        }
        form .preferences .preferences-more method="post" action=(action) {
            @if shown.stands.paused_until.is_none() {
                button .button .wide type="submit" name="do" value="pause" { (pause_words(ctx)) }
            }
            button .button .wide type="submit" name="do" value="nothing" { (ctx.t("preferences-nothing")) }
        }
    };
    document(ctx, &ctx.t("preferences-title"), shown.token, content)
}

fn choices(ctx: &Ctx, channel: Channel, stands: &Preferences) -> Markup {
    let of_channel: Vec<&Choice> =
        stands.choices.iter().filter(|choice| choice.channel == channel).collect();
    html! {
        @if !of_channel.is_empty() {
            fieldset {
                legend { (ctx.t(channel_key(channel))) }
                @for choice in of_channel {
                    @let field = choice.field();
                    label .choice for=(field) {
                        input type="checkbox" id=(field) name=(field) value="on" checked[choice.wanted];
                        span { (purpose_words(ctx, choice.purpose)) }
                    }
                }
            }
        }
    }
}

/// The key of the words that say over what messages come.
fn channel_key(channel: Channel) -> &'static str {
    if channel == Channel::Sms {
        "preferences-by-sms"
    } else if channel == Channel::Push {
        "preferences-by-push"
    } else if channel == Channel::Web {
        "preferences-on-site"
    } else {
        "preferences-by-email"
    }
}

fn purpose_words(ctx: &Ctx, purpose: Purpose) -> String {
    match purpose {
        Purpose::Promotion => ctx.t("preferences-promotion"),
        Purpose::Care => ctx.t("preferences-care"),
        Purpose::Transactional => ctx.t("preferences-always"),
    }
}

/// The words beside a choice, by the name of its field.
pub fn choice_words(ctx: &Ctx, field: &str) -> String {
    let (channel, purpose) = field.split_once('-').unwrap_or_default();
    let by = channel_key(Channel::parse(channel).unwrap_or(Channel::Email));
    let purpose = Purpose::parse(purpose).unwrap_or(Purpose::Promotion);
    format!("{}: {}", ctx.t(by), purpose_words(ctx, purpose))
}

/// The words on the button that asks for a break.
pub fn pause_words(ctx: &Ctx) -> String {
    ctx.tn("preferences-pause", &[("days", PAUSE_DAYS)])
}

/// `GET /unsubscribe/<token>`: asks once.
pub fn ask(ctx: &Ctx, token: &str) -> Markup {
    let title = ctx.tf("preferences-ask", &[("shop", Arg::from(&ctx.shop))]);
    let action = format!("/unsubscribe/{token}?lang={}", ctx.language.code());
    let content = html! {
        h1 { (title) }
        p { (ctx.t("preferences-ask-line")) }
        form .preferences method="post" action=(action) {
            button .button .primary .wide type="submit" { (ctx.t("preferences-said-stop")) }
        }
        (choose_instead(ctx, token))
    };
    document(ctx, &title, token, content)
}

/// The answer to one click.
pub fn stopped(ctx: &Ctx, token: &str) -> Markup {
    let title = ctx.t("preferences-stopped");
    let content = html! {
        h1 { (title) }
        p role="status" { (ctx.t("preferences-stopped-line")) }
        (choose_instead(ctx, token))
    };
    document(ctx, &title, token, content)
}

fn choose_instead(ctx: &Ctx, token: &str) -> Markup {
    let href = format!("/preferences/{token}?lang={}", ctx.language.code());
    html! { p { a href=(href) { (ctx.t("preferences-choose")) } } }
}

/// A token that is not ours, or of a message that is gone.
pub fn unknown(ctx: &Ctx) -> Markup {
    let title = ctx.t("preferences-unknown");
    let content = html! { h1 { (title) } p { (ctx.t("preferences-unknown-line")) } };
    document(ctx, &title, "", content)
}

/// An address that its owner knows again and nobody else: `m…a@e…e.com`.
pub(super) fn hidden(address: &str) -> String {
    let part = |text: &str| {
        let mut signs = text.chars();
        match (signs.next(), signs.next_back()) {
            (Some(first), Some(last)) => format!("{first}…{last}"),
            (Some(first), None) => format!("{first}…"),
            (None, _) => String::new(),
        }
    };
    match address.split_once('@') {
        Some((name, domain)) => {
            let (host, rest) = domain.split_once('.').unwrap_or((domain, ""));
            format!("{}@{}.{rest}", part(name), part(host))
        }
        None => {
            let last: String =
                address.chars().rev().take(2).collect::<Vec<_>>().into_iter().rev().collect();
            format!("…{last}")
        }
    }
}

pub(super) fn document(ctx: &Ctx, title: &str, token: &str, content: Markup) -> Markup {
    let path = if token.is_empty() { String::new() } else { format!("{}/{token}", ctx.path) };
    html! {
        (DOCTYPE)
        html lang=(ctx.language.code()) {
            head {
                meta charset="utf-8";
                meta name="viewport" content="width=device-width, initial-scale=1";
                meta name="color-scheme" content="light dark";
                meta name="robots" content="noindex";
                meta name="referrer" content="no-referrer";
                title { (title) " · " (ctx.shop) }
                link rel="icon" href=(assets::url("favicon.svg")) type="image/svg+xml";
                link rel="stylesheet" href=(assets::url("app.css"));
            }
            body {
                main #main .alone .for-people {
                    p .shop-name { (ctx.shop) }
                    div .card .access { (content) }
                    @if !path.is_empty() {
                        nav .speak aria-label=(ctx.t("language-label")) {
                            @for language in Language::ALL {
                                a href=(format!("{path}?lang={}", language.code())) lang=(language.code()) hreflang=(language.code())
                                    aria-current=[(language == ctx.language).then_some("true")] { (language.own_name()) }
                            }
                        }
                    }
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::hidden;

    #[test]
    fn an_address_is_shown_in_part() {
        assert_eq!(hidden("maria@example.com"), "m…a@e…e.com");
        assert_eq!(hidden("a@b.es"), "a…@b….es");
        assert_eq!(hidden("+34600111222"), "…22");
    }
}
