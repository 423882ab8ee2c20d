//! Everything known of a person: the page that leads to it, and the document for the person, which
//! needs nothing but a browser.

use maud::{DOCTYPE, Markup, html};
use serde_json::Value;

use crate::access::Right;
use crate::ui::context::Ctx;
use crate::ui::layout::{csrf, shell};
use crate::ui::model::Tone;
use crate::ui::text::Arg;
use crate::ui::widget::{card, count, icon, page_head, sign};

/// What the page shows.
#[derive(Clone, Debug)]
pub struct DisclosurePage {
    /// The person's id.
    pub id: String,
    /// The person's name, where one is known.
    pub name: Option<String>,
    /// How much there is of each part, by the key of its heading.
    pub parts: Vec<(&'static str, usize)>,
    /// Whether somebody pressed the button without saying that they are sure.
    pub unsure: bool,
}

/// The parts of a document with the keys of their headings, in the order of a reader's interest.
pub const PARTS: [(&str, &str); 13] = [
    ("person", "disclosure-person"),
    ("why_one_person", "disclosure-why"),
    ("computed_traits", "disclosure-computed"),
    ("scores", "disclosure-scores"),
    ("segments", "disclosure-segments"),
    ("consents", "disclosure-consents"),
    ("messages", "disclosure-messages"),
    ("offers", "disclosure-offers"),
    ("told_to_others", "disclosure-told-to-others"),
    ("decisions", "disclosure-decisions"),
    ("events", "disclosure-events"),
    ("set_aside", "disclosure-set-aside"),
    ("left_out", "disclosure-left-out"),
];

/// `GET /people/<id>/disclosure`.
pub fn page(ctx: &Ctx, shown: &DisclosurePage) -> Markup {
    let name = shown.name.clone().unwrap_or_else(|| ctx.t("anonymous"));
    let title = ctx.t("disclosure-title");
    let content = html! {
        p .crumb { a href=(format!("/people/{}", shown.id)) { (icon("back")) (name) } }
        (page_head(&title, html! { p { (ctx.t("disclosure-line")) } }))
        div .stack { (file_card(ctx, shown)) (erase(ctx, shown)) }
    };
    shell(ctx, &title, content)
}

fn file_card(ctx: &Ctx, shown: &DisclosurePage) -> Markup {
    let file = |form: &str| format!("/people/{}/disclosure/file?as={form}", shown.id);
    let content = html! {
        div .card-pad .stack {
            ul .bare {
                @for (key, number) in &shown.parts {
                    li { (ctx.t(key)) " " span .quiet { (count(ctx, u64::try_from(*number).unwrap_or(u64::MAX))) } }
                }
            }
            p .quiet { (ctx.t("disclosure-others")) }
            p .actions {
                a .button .primary href=(file("html")) download { (ctx.t("disclosure-html")) }
                " "
                a .button href=(file("json")) download { (ctx.t("disclosure-json")) }
            }
        }
    };
    card("disclosure", &ctx.t("disclosure-what"), None, html! {}, content)
}

fn erase(ctx: &Ctx, shown: &DisclosurePage) -> Markup {
    let content = html! {
        div .card-pad .stack {
            p { (ctx.t("erase-line")) }
            @if shown.unsure {
                p .notice .warn role="alert" { (icon("bad")) span { (ctx.t("erase-unsure")) } }
            }
            @if !ctx.may(Right::Erase) { p { (sign(Tone::Neutral, "lock", &ctx.t("erase-not-yours"))) } }
            @else { form .stack method="post" action=(format!("/people/{}/erase", shown.id)) {
                (csrf(ctx))
                label .choice for="sure" {
                    input type="checkbox" id="sure" name="sure" value="yes" required;
                    span { (ctx.t("erase-sure")) }
                }
                p { button .button type="submit" { (ctx.t("erase-do")) } }
            } }
        }
    };
    card("erase", &ctx.t("erase-title"), None, html! {}, content)
}

/// What a person gets who asks: the whole in one file.
pub fn document(ctx: &Ctx, told: &Value) -> Markup {
    let title = ctx.tf("disclosure-of", &[("shop", Arg::from(&ctx.shop))]);
    html! {
        (DOCTYPE)
        html lang=(ctx.language.code()) {
            head {
                meta charset="utf-8";
                meta name="viewport" content="width=device-width, initial-scale=1";
                meta name="color-scheme" content="light dark";
                meta name="robots" content="noindex";
                title { (title) }
            }
            body {
                h1 { (title) }
                p { (text(&told["made_at"])) }
                @for (part, heading) in PARTS {
                    @if !nothing(&told[part]) {
                        h2 { (ctx.t(heading)) }
                        (value(&told[part]))
                    }
                }
            }
        }
    }
}

fn value(told: &Value) -> Markup {
    html! {
        @match told {
            Value::Object(map) => {
                dl {
                    // The HTML of a message stands beside it as text.
                    @for (key, inner) in map.iter().filter(|(key, inner)| *key != "html" && !nothing(inner)) {
                        dt { (key.replace('_', " ")) }
                        dd { (value(inner)) }
                    }
                }
            }
            Value::Array(items) => { ol { @for item in items { li { (value(item)) } } } }
            Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => { (text(told)) }
        }
    }
}

fn text(told: &Value) -> String {
    told.as_str().map_or_else(|| told.to_string(), str::to_owned)
}

/// Whether a value says nothing.
fn nothing(told: &Value) -> bool {
    match told {
        Value::Null | Value::Bool(false) => true,
        Value::String(text) => text.is_empty(),
        Value::Array(items) => items.is_empty(),
        Value::Object(map) => map.values().all(nothing),
        Value::Bool(true) | Value::Number(_) => false,
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::value;

    #[test]
    fn what_somebody_typed_is_text_and_no_markup() {
        let shown = value(&json!({ "first_name": "<b>Ana</b>", "nothing": null, "list": [] }));
        let expected = "<dl><dt>first name</dt><dd>&lt;b&gt;Ana&lt;/b&gt;</dd></dl>";
        assert_eq!(shown.into_string(), expected);
    }
}
