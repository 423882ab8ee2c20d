//! The fields of a form, each with its example and what is wrong with it.

use maud::{Markup, html};

use super::words;
use crate::ui::context::Ctx;
use crate::ui::model::{Choices, EditorField, Input, Naming, Tone};
use crate::ui::text::Arg;
use crate::ui::widget::sign;

/// One field; `number` is its place in the form, which its ids are made of.
pub(super) fn field(ctx: &Ctx, field: &EditorField, number: usize) -> Markup {
    let id = format!("field-{number}");
    let help = format!("{id}-help");
    let example = example(ctx, field);
    let described = !example.is_empty() || !field.faults.is_empty();
    let told = Told { id: &id, help: described.then_some(help.as_str()) };
    html! {
        div .field {
            label for=(id) { (words::field(ctx, &field.path)) @if field.needed { " " span .quiet { (ctx.t("edit-needed")) } } }
            @match &field.input {
                Input::Words(words) => { (choice(ctx, field, words, &told)) }
                Input::Condition => { (condition(field, number, &told)) }
                Input::Lines => {
                    textarea .raw id=(id) name=(name(field)) rows="3" spellcheck="false" autocapitalize="none"
                        aria-invalid=[told.wrong(field)] aria-describedby=[told.help] { (field.text) }
                }
                Input::Line => { (line(field, None, &told)) }
                Input::Named(naming) => { (line(field, Some(list(*naming)), &told)) }
            }
            @if described {
                div id=(help) .field-help {
                    @for (what, cure) in &field.faults { (fault(ctx, what, cure)) }
                    @if !example.is_empty() { p .quiet .small { (example) } }
                }
            }
        }
    }
}

/// A mistake with its cure.
pub(super) fn fault(ctx: &Ctx, what: &str, cure: &str) -> Markup {
    html! { p .field-fault { (sign(Tone::Bad, "bad", what)) " " span .quiet { (ctx.t("segment-cure")) " " (cure) } } }
}

/// How an input is tied to what is said of it.
struct Told<'t> {
    id: &'t str,
    help: Option<&'t str>,
}

impl Told<'_> {
    fn wrong(&self, field: &EditorField) -> Option<&'static str> {
        (!field.faults.is_empty()).then_some("true")
    }
}

fn name(field: &EditorField) -> String {
    format!("f:{}", field.path)
}

fn example(ctx: &Ctx, field: &EditorField) -> String {
    if field.example.is_empty() {
        return String::new();
    }
    let example = [("example", Arg::from(field.example))];
    if field.usual { ctx.tf("edit-usual", &example) } else { ctx.tf("edit-example", &example) }
}

fn line(field: &EditorField, list: Option<&str>, told: &Told<'_>) -> Markup {
    html! {
        input id=(told.id) name=(name(field)) value=(field.text) list=[list] autocomplete="off" autocapitalize="none"
            spellcheck="false" maxlength="1000" aria-invalid=[told.wrong(field)] aria-describedby=[told.help];
    }
}

fn choice(ctx: &Ctx, field: &EditorField, words: &[&str], told: &Told<'_>) -> Markup {
    let held = if field.text.is_empty() {
        words.first().copied().unwrap_or_default()
    } else {
        &field.text
    };
    html! {
        select id=(told.id) name=(name(field)) aria-invalid=[told.wrong(field)] aria-describedby=[told.help] {
            @for word in words { option value=(word) selected[*word == held] { (words::word(ctx, &field.path, word)) } }
            // What nobody knows is shown, so that it is not lost by being looked at.
            @if !words.contains(&held) { option value=(held) selected { (held) } }
        }
    }
}

/// A condition, with what may stand at the cursor below it.
fn condition(field: &EditorField, number: usize, told: &Told<'_>) -> Markup {
    let place = format!("suggestions-{number}");
    let asked = format!("before-{number}");
    html! {
        textarea .raw id=(told.id) name=(name(field)) rows="3" spellcheck="false" autocapitalize="none"
            data-suggests=(place) aria-invalid=[told.wrong(field)] aria-describedby=[told.help] { (field.text) }
        input id=(format!("{place}-before")) type="hidden" name=(asked);
        div id=(place) .field-suggestions hx-post="/segments/complete" hx-trigger="suggest delay:150ms" hx-sync="this:replace"
            hx-boost="false" hx-target="this" hx-select="unset" hx-swap="innerHTML" hx-vals=(format!("{{\"asked\":\"{asked}\"}}")) {}
    }
}

const fn list(naming: Naming) -> &'static str {
    match naming {
        Naming::Template => "names-templates",
        Naming::Offer => "names-offers",
        Naming::Step => "names-steps",
        Naming::Channel => "names-channels",
        Naming::Destination => "names-destinations",
    }
}

/// The names that fields may hold.
pub(super) fn names(choices: &Choices) -> Markup {
    html! {
        @for (naming, names) in [
            (Naming::Template, &choices.templates),
            (Naming::Offer, &choices.offers),
            (Naming::Step, &choices.steps),
            (Naming::Channel, &choices.channels),
            (Naming::Destination, &choices.destinations),
        ] {
            datalist id=(list(naming)) { @for name in names { option value=(name) {} } }
        }
    }
}
