//! Reading what the shop's own site shows: places on pages, templates, steps, and who may ask.

use std::collections::BTreeSet;

use super::check::Stated;
use super::constant::{self, sensible};
use super::fields::{Fields, Read};
use super::form::Form;
use super::mistake::{Findings, quoted};
use super::object::ObjectKind;
use super::steps::Reader;
use super::suggest::write_instead;
use super::units::{duration, line, lines, name, url, whole, word};
use super::words::words;
use super::yaml::{Node, Sheet, Value};
use crate::event::Channel;
use crate::journey::{Journey, OnPatienceEnd, Send, Show, StepKind};
use crate::program::{SiteTemplate, Slot};
use crate::wording::Words;

/// So many places on one site are more than anybody fills.
const SLOTS_MAX: usize = 20;
/// A place is at most as high as a large screen.
const HEIGHT_MAX: i64 = 2_000;
/// Bytes of one part of a message on the site.
const PART_MAX: usize = 2_000;

/// `{ slot: banner, height: 96 }`; a place without a height lies over the page.
pub(super) fn slot(sheet: &Sheet<'_>, node: &Node) -> Read<Slot> {
    if !matches!(node.value, Value::Map(_)) {
        let (name, form) = name(sheet, node)?;
        return Some((Slot { name, height_px: None }, form));
    }
    let mut fields = Fields::of(sheet, node, "the slot", "{ slot: banner, height: 96 }")?;
    let slot_name = fields.required("slot", "banner", name);
    let height = fields.optional("height", whole(1, HEIGHT_MAX));
    let form = fields.done();
    let height_px = height.map(|height| u32::try_from(height).expect("the reader bounds it"));
    let name = slot_name?;
    let form = if height_px.is_none() { Form::text(&name) } else { form };
    Some((Slot { name, height_px }, form))
}

/// Notes places that stand twice, and too many of them.
pub(super) fn check_slots(sheet: &Sheet<'_>, at: usize, slots: &[Slot]) {
    let mut names = BTreeSet::new();
    if let Some(twice) = slots.iter().find(|slot| !names.insert(&slot.name)) {
        let message = format!("the slot {} stands twice", quoted(&twice.name));
        sheet.wrong(at, message, "keep one of the two");
    }
    if slots.len() > SLOTS_MAX {
        sheet.wrong(at, format!("more than {SLOTS_MAX} slots"), "keep those that pages have");
    }
}

/// The origin of a site, as browsers state it: `https://shop.example`.
pub(super) fn origin(sheet: &Sheet<'_>, node: &Node) -> Read<String> {
    let (text, _) = url(sheet, node)?;
    let text = text.trim_end_matches('/').to_ascii_lowercase();
    let host = text.split_once("://").map_or("", |(_, rest)| rest);
    if host.contains(['/', '?', '#', '@', '*']) {
        let message = format!("{} is more than an origin", quoted(&text));
        let cure = "write scheme and host alone, such as https://shop.example";
        sheet.wrong(node.at.start, message, cure);
        return None;
    }
    Some((text.clone(), Form::text(text)))
}

/// Reads the parts of a message on the site.
pub(super) fn template(fields: &mut Fields<'_>) -> Option<SiteTemplate> {
    let said = fields.optional("site", parts);
    let words = fields.or("words", Words::new(), words);
    said.map(|said| SiteTemplate { words, ..said })
}

/// `{ title: Welcome back, text: ..., button: Shop, link: /new }`
fn parts(sheet: &Sheet<'_>, node: &Node) -> Read<SiteTemplate> {
    let mut fields = Fields::of(sheet, node, "the message", "{ title: Welcome back }")?;
    let title = fields.required("title", "Welcome back", line);
    let text = fields.or("text", String::new(), lines);
    let image = fields.or("image", String::new(), line);
    let image_text = fields.or("image text", String::new(), line);
    let button = fields.or("button", String::new(), line);
    let link = fields.or("link", String::new(), line);
    let wrong = |key: &'static str, message: String, cure: &str| {
        sheet.wrong(fields.place_of(key), message, cure);
    };
    if !button.is_empty() && link.is_empty() {
        wrong("button", "the button leads nowhere".to_owned(), "add \"link: /new\"");
    }
    if !image.is_empty() && image_text.is_empty() {
        let message = "the picture says nothing to whoever does not see it".to_owned();
        wrong("image", message, "add \"image text: what it shows\"");
    }
    for (key, part) in [("text", &text), ("link", &link), ("image", &image)] {
        if part.len() > PART_MAX {
            let message = format!("the {key} has {} bytes", part.len());
            wrong(key, message, "bring it below 2000: a place on a page is small");
        }
    }
    let form = fields.done();
    let words = Words::new();
    Some((SiteTemplate { title: title?, text, image, image_text, button, link, words }, form))
}

/// Whether feeds must have said that they are complete.
const DEGREES: &[(&str, bool)] = &[("presumed", false), ("known", true)];

impl Reader<'_> {
    /// `- show: greeting`, with its slot, its template and for how long.
    pub(super) fn show(&mut self, fields: &mut Fields<'_>) -> Option<()> {
        let at = fields.place_of("show");
        let step_name = fields.optional("show", name);
        let slot = fields.required("slot", "banner", name);
        let template_at = fields.place_of_value("template");
        let template = fields.required("template", "welcome-back", name);
        let for_ms = fields.required("for", "3 days", duration);
        let conditional = fields.has("only if");
        let only_if = fields.optional("only if", sensible(constant::ONLY_IF));
        let known_complete =
            fields.or("feeds complete", false, word("degree of completeness", DEGREES));
        if let Some(template) = &template {
            self.sheet.uses(template_at, ObjectKind::Template, template);
        }
        if for_ms.is_some_and(|ms| ms < 1) {
            self.sheet.wrong(fields.place_of("for"), "nobody would see it", "write 3 days");
            return None;
        }
        if conditional && only_if.is_none() {
            return None;
        }
        let message = Send {
            channel: Channel::Web,
            template: template?,
            otherwise: Vec::new(),
            only_if,
            patience_ms: for_ms?,
            on_patience_end: OnPatienceEnd::Skip,
            known_complete,
            offer: None,
            if_refused: OnPatienceEnd::Skip,
            deadline_ms: None,
            at_best_hour: false,
            asks_to_confirm: false,
        };
        self.push(Some(step_name?), at, StepKind::Show(Show { slot: slot?, message }));
        Some(())
    }
}

/// Notes places that no page has.
pub(super) fn check(journeys: &[Stated<Journey>], slots: &[Slot], findings: &Findings) {
    let names = || slots.iter().map(|slot| slot.name.as_str());
    for (place, journey) in journeys.iter().filter_map(|j| Some((&j.place, j.value.as_ref()?))) {
        let shows = journey.steps.iter().filter_map(|step| Some((step, step.kind.show()?)));
        for (step, show) in shows.filter(|(_, show)| names().all(|slot| slot != show.slot)) {
            let (step, name, slot) =
                (quoted(&step.name), quoted(&journey.name), quoted(&show.slot));
            let message = format!(
                "the step {step} of the journey {name} shows in {slot}, and no page has that slot"
            );
            let state = "state it of the shop: slots: [{ slot: banner, height: 96 }]";
            findings.mistake(place.clone(), message, write_instead(&show.slot, names(), state));
        }
    }
}
