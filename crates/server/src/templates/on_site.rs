//! A message on the shop's own site as somebody would see it: its parts, and a page of its own for a
//! frame of the slot's size, drawn as the site's script draws it.

use maud::{DOCTYPE, PreEscaped, html};
use regulars_deliver::Rendered;
use regulars_deliver::template::SiteParts;
use regulars_engine::program::{Program, Slot};

use crate::http::SITE_STYLE;
use crate::ui::Language;
use crate::ui::text;

/// How high a frame is that stands for a place which lies over the page.
pub const OVER_THE_PAGE_PX: u32 = 120;

/// The ground of a page, in the light and in the dark; the message takes the page's colours.
const GROUND: &str = "html,body{margin:0;block-size:100%;overflow:auto;\
    font:16px/1.4 system-ui,sans-serif;background:#fff;color:#1b1c1f}\
    @media (prefers-color-scheme: dark){html,body{background:#121316;color:#ebecee}}";

/// The places in which a template is shown, by the steps that show it; where none does, every place that
/// the shop has.
#[must_use]
pub fn slots_of<'p>(program: &'p Program, template: &str) -> Vec<&'p Slot> {
    let steps = program.journeys.iter().flat_map(|journey| &journey.steps);
    let shows = steps.filter_map(|step| step.kind.show());
    let shown: Vec<&str> = shows
        .filter(|show| show.message.template == template)
        .map(|show| show.slot.as_str())
        .collect();
    let fits = |slot: &&Slot| shown.is_empty() || shown.contains(&slot.name.as_str());
    program.shop.slots.iter().filter(fits).collect()
}

/// The parts as a preview holds them: the title, the page for a frame, and the texts.
pub(super) fn drawn(parts: &SiteParts, language: &str) -> Rendered {
    let lines = [&parts.title, &parts.text, &parts.button];
    let lines: Vec<&str> =
        lines.into_iter().map(String::as_str).filter(|line| !line.is_empty()).collect();
    Rendered {
        subject: parts.title.clone(),
        html: page(parts, language),
        text: lines.join("\n"),
        notification: None,
    }
}

fn page(parts: &SiteParts, language: &str) -> String {
    // Nothing in a preview leads anywhere, so a link is only drawn as one.
    let close = text::text(Language::parse(language).unwrap_or_default(), "close", &[]);
    let page = html! {
        (DOCTYPE)
        html lang=(language) {
            head {
                meta charset="utf-8";
                meta name="viewport" content="width=device-width, initial-scale=1";
                title { (parts.title) }
                style { (PreEscaped(SITE_STYLE)) (PreEscaped(GROUND)) }
            }
            body {
                section .regulars-message aria-label=(parts.title) {
                    @if !parts.image.is_empty() { img .regulars-image src=(parts.image) alt=(parts.image_text); }
                    div .regulars-words {
                        @if !parts.link.is_empty() && parts.button.is_empty() { a .regulars-title { (parts.title) } }
                        @else { p .regulars-title { (parts.title) } }
                        @if !parts.text.is_empty() { p .regulars-text { (parts.text) } }
                    }
                    @if !parts.button.is_empty() { a .regulars-button { (parts.button) } }
                    button .regulars-close type="button" aria-label=(close) { "×" }
                }
            }
        }
    };
    page.into_string()
}
