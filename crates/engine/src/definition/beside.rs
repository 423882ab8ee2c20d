//! Checking some definitions beside all others in force, without reading those again: while
//! somebody writes.

use super::check::{Draft, read_all};
use super::compile::{aggregates, check_room, settle};
use super::faults::{self, Surroundings};
use super::fits;
use super::mistake::{Findings, Mistake, Notice};
use super::object::{ObjectKind, ObjectName};
use super::site;
use super::twice;
use super::yaml::{self, Document, Sheet, Value};
use crate::event::Channel;
use crate::journey::Journey;
use crate::program::{Program, TemplateSource};

/// What was found.
#[derive(Clone, Debug, Default)]
pub struct Beside {
    /// The journeys among the definitions, as they would run.
    pub journeys: Vec<(Journey, String)>,
    /// What has to be put right.
    pub mistakes: Vec<Mistake>,
    /// What works but is perhaps not what was meant.
    pub notices: Vec<Notice>,
}

/// Checks files that stand beside the objects of a program, or in the place of those of the same
/// name. What it says of journeys is what [`super::check`] would say of them among all files.
#[must_use]
pub fn check_beside(program: &Program, files: &[(String, String)]) -> Beside {
    let findings = Findings::default();
    let mut draft = read_all(files, &findings);
    draft.check_names(&findings);
    draft.check_uses(&findings, &program.objects);
    check_common(program, &draft, &findings);
    for journey in draft.journeys.iter_mut().filter_map(|stated| stated.value.as_mut()) {
        journey.take_traits(&program.traits);
    }
    let surroundings = Surroundings {
        shop: &program.shop,
        sources: &program.sources,
        segments: &program.segments,
    };
    faults::notice(&draft.journeys, &surroundings, &findings);
    let Draft { journeys, .. } = draft;
    let mut objects = std::collections::BTreeMap::new();
    let settled = settle(&mut objects, &findings, ObjectKind::Journey, journeys);
    let journeys = settled.into_iter().map(|(name, journey, version)| {
        let held = objects.iter().find(|(held, _)| held.name == name);
        let canonical = held.map(|(_, object)| object.canonical.clone()).unwrap_or_default();
        (Journey { version, ..journey }.settle(&program.segments), canonical)
    });
    let journeys = journeys.collect();
    let (mistakes, notices) = findings.into_parts();
    Beside { journeys, mistakes, notices }
}

/// What all objects share: the room in profiles, and the second question of a double opt-in.
fn check_common(program: &Program, draft: &Draft, findings: &Findings) {
    let names = draft.names();
    let kept = |kind: ObjectKind, name: &str| {
        !names.iter().any(|(own, replaced, _)| (*own, *replaced) == (kind, name))
    };
    check_room(draft, aggregates(program, kept), findings);
    let journeys = program.journeys.iter();
    let others: Vec<&Journey> =
        journeys.filter(|journey| kept(ObjectKind::Journey, &journey.name)).collect();
    // Whoever takes the only question away is told in the journey that had it.
    let place = draft.journeys.first().map(|stated| &stated.place);
    let of_template = |name: &str| {
        let site = || program.site_templates.contains_key(name).then_some(Channel::Web);
        let in_force = || program.templates.get(name).map(TemplateSource::channel).or_else(site);
        draft.channel_of(name).or_else(in_force)
    };
    fits::check(&draft.journeys, of_template, findings);
    let shop = draft.shops.iter().find_map(|stated| stated.value.as_ref());
    let slots = shop.map_or(&program.shop.slots, |shop| &shop.slots);
    site::check(&draft.journeys, slots, findings);
    twice::check((&program.shop.double_opt_in, place), &draft.journeys, &others, findings);
}

/// The documents of a text that define something of which a program has nothing by that name.
#[must_use]
pub fn not_yet(program: &Program, text: &str) -> String {
    let known = |document: &str| {
        let findings = Findings::default();
        let sheet = Sheet::new("", document, &findings);
        yaml::read(&sheet).into_iter().any(|document| {
            let Document::Whole(node) = document else { return false };
            let Value::Map(entries) = &node.value else { return node.blank() };
            let first = entries.first().and_then(|(key, name)| Some((key.text()?, name.text()?)));
            let Some((key, name)) = first else { return false };
            let kind = ObjectKind::ALL.into_iter().find(|kind| kind.key() == key.trim());
            let name = |kind| ObjectName { kind, name: name.trim().to_owned() };
            kind.is_some_and(|kind| program.objects.contains_key(&name(kind)))
        })
    };
    let documents = text.split("\n---\n").map(str::trim).filter(|document| !document.is_empty());
    let new: Vec<&str> = documents.filter(|document| !known(document)).collect();
    new.join("\n---\n")
}
