//! The frame around every page: head, navigation, help.

use maud::{DOCTYPE, Markup, PreEscaped, html};

use super::assets;
use super::context::Ctx;
use super::language::Language;
use super::widget::{badge_count, icon, notice};
use crate::access::Right;

/// Settings of htmx: no eval, no inline styles, no copy of a page in the browser's storage
/// (pages hold personal data), requests to this site only.
const HTMX_CONFIG: &str = r#"{"allowEval":false,"includeIndicatorStyles":false,"historyCacheSize":0,"refreshOnHistoryMiss":true,"selfRequestsOnly":true,"allowScriptTags":false,"scrollIntoViewOnBoost":false,"responseHandling":[{"code":"204","swap":false},{"code":"[23]..","swap":true},{"code":"409","swap":true},{"code":"422","swap":true},{"code":"...","swap":false,"error":true}]}"#;

/// One entry of the navigation.
struct Entry {
    path: &'static str,
    key: &'static str,
    icon: &'static str,
    /// The letter after `g` that leads here.
    letter: &'static str,
    count: u64,
    /// Left out of the bar on a phone, where five fit; other pages lead here.
    minor: bool,
}

fn entries(ctx: &Ctx) -> impl IntoIterator<Item = Entry> {
    let counts = &ctx.counts;
    let entry = |path, key, icon, letter, count| Entry {
        path,
        key,
        icon,
        letter,
        count,
        minor: !matches!(path, "/today" | "/people" | "/segments" | "/journeys" | "/sources"),
    };
    [
        entry("/today", "nav-today", "today", "t", counts.needs_you),
        entry("/people", "nav-people", "people", "p", 0),
        entry("/identity", "nav-identity", "twin", "i", counts.pairs),
        entry("/segments", "nav-segments", "segments", "e", 0),
        entry("/journeys", "nav-journeys", "journeys", "j", 0),
        entry("/messages", "nav-messages", "email", "m", 0),
        entry("/offers", "nav-offers", "offer", "f", counts.offers),
        entry("/scores", "nav-scores", "points", "c", 0),
        entry("/reports", "nav-reports", "reports", "r", 0),
        entry("/sources", "nav-sources", "sources", "s", counts.sources_behind),
        entry("/quarantine", "nav-quarantine", "quarantine", "q", counts.quarantined),
        entry("/outbox", "nav-outbox", "outbox", "o", counts.outbox),
        entry("/channels", "nav-channels", "sent", "h", 0),
    ]
}

/// A page for someone signed in: navigation beside `content`.
pub fn shell(ctx: &Ctx, title: &str, content: Markup) -> Markup {
    framed(ctx, title, None, content)
}

/// The same for a page that is drawn anew when there is something new: `version` is what it was
/// drawn from, and `<path>/version` answers with what it would be drawn from.
pub fn live_shell(ctx: &Ctx, title: &str, version: &str, content: Markup) -> Markup {
    framed(ctx, title, Some(version), content)
}

fn framed(ctx: &Ctx, title: &str, version: Option<&str>, content: Markup) -> Markup {
    document(
        ctx,
        title,
        html! {
            a .skip href="#main" { (ctx.t("skip-to-content")) }
            header .side {
                (brand(ctx))
                (navigation(ctx))
                (account(ctx))
            }
            main #main tabindex="-1" data-version=[version] {
                (notice(ctx))
                (content)
            }
            @if version.is_some() {
                div #news .news hidden { button .button type="button" { (icon("replay")) (ctx.t("news")) } }
            }
            (help(ctx))
            div #say .visually-hidden role="status" {}
        },
    )
}

/// A page for someone who is not signed in: one card in the middle.
pub fn alone(ctx: &Ctx, title: &str, content: Markup) -> Markup {
    document(
        ctx,
        title,
        html! {
            main #main .alone tabindex="-1" {
                div .alone-mark { (mark()) span { "Regulars" } }
                (content)
                (languages(ctx))
            }
        },
    )
}

fn document(ctx: &Ctx, title: &str, body: Markup) -> Markup {
    let title = if ctx.shop.is_empty() {
        format!("{title} · Regulars")
    } else {
        format!("{title} · {}", ctx.shop)
    };
    html! {
        (DOCTYPE)
        html lang=(ctx.language.code()) {
            head {
                meta charset="utf-8";
                meta name="viewport" content="width=device-width, initial-scale=1";
                meta name="color-scheme" content="light dark";
                meta name="htmx-config" content=(HTMX_CONFIG);
                title { (title) }
                link rel="icon" href=(assets::url("favicon.svg")) type="image/svg+xml";
                link rel="stylesheet" href=(assets::url("app.css"));
                script src=(assets::url("htmx.min.js")) defer {}
                script src=(assets::url("app.js")) type="module" {}
            }
            body { (body) }
        }
    }
}

/// The sign of the program: a loop that comes back.
fn mark() -> Markup {
    PreEscaped(
        r##"<svg class="mark" viewBox="0 0 32 32" aria-hidden="true"><rect width="32" height="32" rx="8"/><path d="M11 23V9.5h6.2a4.6 4.6 0 0 1 0 9.2H11m6.2 0L21.5 23"/></svg>"##
            .to_owned(),
    )
}

fn brand(ctx: &Ctx) -> Markup {
    html! {
        a .brand href="/today" { (mark()) span .brand-name { (ctx.shop) } }
    }
}

fn navigation(ctx: &Ctx) -> Markup {
    let path = ctx.path.split('?').next().unwrap_or_default();
    html! {
        nav .nav aria-label=(ctx.t("nav-label")) {
            ul {
                @for entry in entries(ctx) {
                    @let here = path == entry.path || path.strip_prefix(entry.path).is_some_and(|rest| rest.starts_with('/'));
                    li .nav-minor[entry.minor] {
                        a href=(entry.path) data-go=(entry.letter) aria-current=[here.then_some("page")] {
                            (icon(entry.icon))
                            span .nav-word { (ctx.t(entry.key)) }
                            (badge_count(ctx, entry.count))
                        }
                    }
                }
            }
        }
    }
}

fn account(ctx: &Ctx) -> Markup {
    html! {
        details .account data-menu {
            summary {
                (icon("user"))
                span .account-name { (ctx.user.as_deref().unwrap_or_default()) }
                (icon("chevron-down"))
            }
            div .account-menu {
                (languages(ctx))
                a .menu-item href="/account" { (icon("lock")) (ctx.t("account-title")) }
                @if ctx.may(Right::Manage) {
                    a .menu-item href="/users" { (icon("people")) (ctx.t("users-title")) }
                }
                button .menu-item type="button" data-open="help" hidden { (icon("help")) (ctx.t("help-title")) }
                form method="post" action="/sign-out" {
                    (csrf(ctx))
                    button .menu-item type="submit" { (icon("sign-out")) (ctx.t("sign-out")) }
                }
            }
        }
    }
}

/// The language switch: one button a language, which works without scripts.
fn languages(ctx: &Ctx) -> Markup {
    html! {
        form .languages method="post" action="/language" {
            (csrf(ctx))
            input type="hidden" name="return_to" value=(ctx.path);
            fieldset {
                legend .visually-hidden { (ctx.t("language-label")) }
                @for language in Language::ALL {
                    button type="submit" name="language" value=(language.code()) lang=(language.code())
                        aria-pressed=(if language == ctx.language { "true" } else { "false" }) {
                        (language.own_name())
                    }
                }
            }
        }
    }
}

/// The hidden field that every form carries.
pub fn csrf(ctx: &Ctx) -> Markup {
    html! { input type="hidden" name="_csrf" value=(ctx.csrf); }
}

fn help(ctx: &Ctx) -> Markup {
    let go = entries(ctx);
    html! {
        dialog #help .help aria-labelledby="help-title" {
            h2 #help-title { (ctx.t("help-title")) }
            dl .keys {
                div { dt { kbd { "/" } } dd { (ctx.t("help-search")) } }
                div { dt { kbd { "j" } " " kbd { "k" } } dd { (ctx.t("help-rows")) } }
                div { dt { kbd { "↵" } } dd { (ctx.t("help-open")) } }
                @for entry in go {
                    div { dt { kbd { "g" } " " kbd { (entry.letter) } } dd { (ctx.t(entry.key)) } }
                }
                div { dt { kbd { "?" } } dd { (ctx.t("help-help")) } }
                div { dt { kbd { "Esc" } } dd { (ctx.t("help-close")) } }
            }
            form method="dialog" { button .button type="submit" { (ctx.t("close")) } }
        }
    }
}
