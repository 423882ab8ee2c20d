//! From what was read to a program: names are settled, versions are made, in canonical order.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use super::check::{Draft, Stated};
use super::faults::{self, Surroundings};
use super::form::{Form, hash};
use super::mistake::{Findings, Place, quoted};
use super::object::{Object, ObjectKind, ObjectName};
use super::template::TemplateDraft;
use super::words;
use crate::condition::{Aggregates, ComputedTrait};
use crate::event::Code;
use crate::journey::Journey;
use crate::product::Product;
use crate::program::{PartialSource, Program};

/// Compiles what was read. Where mistakes are noted, the program is good for nothing.
pub(super) fn compile(mut draft: Draft, findings: &Findings) -> Program {
    check_codes(&draft.products, findings);
    check_room(&draft, Aggregates::default(), findings);
    let mut program = Program::default();
    let objects = &mut program.objects;
    notice_what_lacks(&draft, findings);
    for (_, shop, _) in settle(objects, findings, ObjectKind::Shop, draft.shops) {
        program.shop = shop;
    }
    for (name, source, _) in settle(objects, findings, ObjectKind::Source, draft.sources) {
        let settings = source.settle(&name, &program.shop);
        program.sources.insert(name, settings);
    }
    for (_, rules, _) in settle(objects, findings, ObjectKind::Identity, draft.identity) {
        program.identity = rules;
    }
    program.catalogue = settle(objects, findings, ObjectKind::Product, draft.products)
        .into_iter()
        .map(|(_, product, _)| product)
        .collect();
    program.catalogue.sort_by(|left, right| left.id.cmp(&right.id));
    for (name, figure, _) in settle(objects, findings, ObjectKind::Trait, draft.traits) {
        let computed = ComputedTrait::new(&name, figure, program.shop.currency);
        program.traits.insert(name, Arc::new(computed));
    }
    for journey in draft.journeys.iter_mut().filter_map(|stated| stated.value.as_mut()) {
        journey.take_traits(&program.traits);
    }
    for (name, mut condition, _) in settle(objects, findings, ObjectKind::Segment, draft.segments) {
        condition.take_traits(&program.traits);
        program.segments.insert(name, condition);
    }
    for (name, mut offer, _) in settle(objects, findings, ObjectKind::Offer, draft.offers) {
        if let Some(only_for) = &mut offer.only_for {
            only_for.take_traits(&program.traits);
        }
        program.offers.insert(name, offer);
    }
    check_words(&draft.partials, &draft.templates, &program.shop.languages, findings);
    for (name, partial, _) in settle(objects, findings, ObjectKind::Partial, draft.partials) {
        program.partials.insert(name, partial);
    }
    for (name, template, _) in settle(objects, findings, ObjectKind::Template, draft.templates) {
        match template {
            TemplateDraft::Sent(sent) => drop(program.templates.insert(name, sent)),
            TemplateDraft::Site(shown) => drop(program.site_templates.insert(name, shown)),
        }
    }
    let surroundings = Surroundings {
        shop: &program.shop,
        sources: &program.sources,
        segments: &program.segments,
    };
    faults::notice(&draft.journeys, &surroundings, findings);
    program.journeys = settle(objects, findings, ObjectKind::Journey, draft.journeys)
        .into_iter()
        .map(|(_, journey, version)| Journey { version, ..journey }.settle(&program.segments))
        .collect();
    program.journeys.sort_by(|left, right| {
        right.priority.cmp(&left.priority).then_with(|| left.name.cmp(&right.name))
    });
    program.dates_version = dates_version(&program);
    for journey in program.journeys.clone() {
        program.take_offers(&journey);
    }
    program.aggregates = aggregates(&program, |_, _| true);
    program.version = version(&program.objects);
    program
}

/// What every profile must keep has its limit: told where it is passed. `all` is what it keeps for
/// others.
pub(super) fn check_room(draft: &Draft, mut all: Aggregates, findings: &Findings) {
    let mut needed: Vec<(&Place, ObjectKind, &str, Aggregates)> = Vec::new();
    for Stated { name, place, value, .. } in &draft.traits {
        let mut of_trait = Aggregates::default();
        of_trait.extend_by_figures(value.as_ref());
        needed.push((place, ObjectKind::Trait, name, of_trait));
    }
    for Stated { name, place, value, .. } in &draft.segments {
        needed.push((place, ObjectKind::Segment, name, Aggregates::of(value.as_ref())));
    }
    for Stated { name, place, value, .. } in &draft.offers {
        let only_for = value.as_ref().and_then(|offer| offer.only_for.as_ref());
        needed.push((place, ObjectKind::Offer, name, Aggregates::of(only_for)));
    }
    for Stated { name, place, value, .. } in &draft.journeys {
        let conditions = value.iter().flat_map(Journey::conditions);
        needed.push((place, ObjectKind::Journey, name, Aggregates::of(conditions)));
    }
    needed.sort_by(|left, right| left.0.cmp(right.0));
    for (place, kind, name, aggregates) in needed {
        if !all.take_in(aggregates) {
            let most = Aggregates::COUNT_MAX;
            let message = format!(
                "with the {} {}, conditions ask for more than {most} different filters and figures of events",
                kind.word(),
                quoted(name)
            );
            let cure = "ask with the same events, filters and fields as other conditions, or take \
                        away what nobody uses";
            return findings.mistake(place.clone(), message, cure.to_owned());
        }
    }
}

/// What works, but is perhaps not all that was meant.
fn notice_what_lacks(draft: &Draft, findings: &Findings) {
    if draft.shops.is_empty() && !draft.journeys.is_empty() {
        let place = draft.journeys[0].place.clone();
        findings.notice(place, "no shop is defined: UTC and EUR are taken".to_owned());
    }
    for stated in &draft.shops {
        let Some(shop) = &stated.value else { continue };
        let own =
            shop.calling_code.filter(|own| !shop.sms_to.is_empty() && !shop.sms_to.contains(own));
        if let Some(own) = own {
            let message = format!(
                "numbers of the shop's own country, +{own}, get no text message: \"sms to\" leaves it out"
            );
            findings.notice(stated.place.clone(), message);
        }
    }
    let of_use: Vec<&str> = draft.uses.iter().map(|usage| usage.name.as_str()).collect();
    for template in draft.templates.iter().filter(|stated| !of_use.contains(&stated.name.as_str()))
    {
        let message = format!("no journey uses the template {}", quoted(&template.name));
        findings.notice(template.place.clone(), message);
    }
}

/// What templates and partials do not say in a language of the shop.
fn check_words(
    partials: &[Stated<PartialSource>],
    templates: &[Stated<TemplateDraft>],
    languages: &[String],
    findings: &Findings,
) {
    for stated in partials {
        let Some(partial) = &stated.value else { continue };
        let Stated { name, place, .. } = stated;
        words::check(ObjectKind::Partial, name, place, &partial.words, languages, findings);
    }
    for stated in templates {
        let Some(template) = &stated.value else { continue };
        let Stated { name, place, .. } = stated;
        words::check(ObjectKind::Template, name, place, template.words(), languages, findings);
    }
}

/// What conditions and figures of a program need kept, of those objects that are counted.
pub(super) fn aggregates(
    program: &Program,
    counted: impl Fn(ObjectKind, &str) -> bool,
) -> Aggregates {
    let journeys = program.journeys.iter();
    let journeys = journeys.filter(|journey| counted(ObjectKind::Journey, &journey.name));
    let segments = program.segments.iter().filter(|(name, _)| counted(ObjectKind::Segment, name));
    let offers = program.offers.iter().filter(|(name, _)| counted(ObjectKind::Offer, name));
    let traits = program.traits.iter().filter(|(name, _)| counted(ObjectKind::Trait, name));
    let segments = segments.map(|(_, condition)| condition);
    let offers = offers.filter_map(|(_, offer)| offer.only_for.as_ref());
    let mut all =
        Aggregates::of(segments.chain(journeys.flat_map(Journey::conditions)).chain(offers));
    all.extend_by_figures(traits.map(|(_, computed)| &computed.figure));
    all
}

/// Keeps the form of every object, and hands out its name, value and version.
pub(super) fn settle<T>(
    objects: &mut BTreeMap<ObjectName, Object>,
    findings: &Findings,
    kind: ObjectKind,
    stated: Vec<Stated<T>>,
) -> Vec<(String, T, u64)> {
    let mut settled = Vec::with_capacity(stated.len());
    for Stated { name, place, value, form } in stated {
        let Some(value) = value else {
            findings.unless_told(place, kind);
            continue;
        };
        let canonical = match kind {
            ObjectKind::Product => Form::List(vec![form]).print(),
            ObjectKind::Shop
            | ObjectKind::Source
            | ObjectKind::Identity
            | ObjectKind::Trait
            | ObjectKind::Segment
            | ObjectKind::Offer
            | ObjectKind::Partial
            | ObjectKind::Template
            | ObjectKind::Journey => form.print(),
        };
        let version = hash(&canonical);
        objects.insert(ObjectName { kind, name: name.clone() }, Object { canonical, version });
        settled.push((name, value, version));
    }
    settled
}

/// The hash of all canonical forms; 0 where there is none.
fn version(objects: &BTreeMap<ObjectName, Object>) -> u64 {
    if objects.is_empty() {
        return 0;
    }
    let forms: Vec<&str> = objects.values().map(|object| object.canonical.as_str()).collect();
    hash(&forms.join("---\n"))
}

/// The hash of the dates that start journeys, as files have them, and of the zone by which those are
/// reckoned of people who state none; 0 where there are none.
fn dates_version(program: &Program) -> u64 {
    let starts = program.journeys.iter().flat_map(|journey| {
        journey.entry.dates.iter().map(|date| format!("{}: {date}\n", journey.name))
    });
    let mut starts: Vec<String> = starts.collect();
    if starts.is_empty() {
        return 0;
    }
    starts.sort();
    starts.push(program.shop.zone.iana_name().unwrap_or_default().to_owned());
    hash(&starts.concat()).max(1)
}

/// A code leads to one product.
fn check_codes(products: &[Stated<Product>], findings: &Findings) {
    let mut held: BTreeMap<&Code, &str> = BTreeMap::new();
    let ids: BTreeSet<&str> = products.iter().map(|stated| stated.name.as_str()).collect();
    for stated in products {
        let Some(product) = &stated.value else { continue };
        let codes = product.codes.iter().chain(product.variants.iter().flat_map(|v| &v.codes));
        for code in codes {
            let first = held.entry(code).or_insert(&product.id);
            if *first != product.id {
                let word = code.kind.word();
                let message = format!(
                    "the {word} {} is claimed by the products {} and {}",
                    quoted(&code.value),
                    quoted(first),
                    quoted(&product.id)
                );
                let cure = "keep it with one: a code leads to one product".to_owned();
                findings.mistake(stated.place.clone(), message, cure);
            }
        }
        for other in &product.equivalents {
            if *other == product.id {
                let message = format!("the product {} stands in for itself", quoted(&product.id));
                findings.mistake(
                    stated.place.clone(),
                    message,
                    "take it out of the list".to_owned(),
                );
            } else if !ids.contains(other.as_str()) {
                let message = format!("the product {} is not declared here", quoted(other));
                findings.notice(stated.place.clone(), message);
            }
        }
    }
}
