//! From what was read to a program: names are settled, versions are made, in canonical order.

use std::collections::{BTreeMap, BTreeSet};

use super::check::{Draft, Stated};
use super::form::{Form, hash};
use super::mistake::{Findings, quoted};
use super::object::{Object, ObjectKind, ObjectName};
use crate::event::{Code, Purpose};
use crate::journey::{Journey, StepKind};
use crate::product::Product;
use crate::program::{Program, Shop};
use crate::time::{HOUR, MINUTE};

/// Compiles what was read. Where mistakes are noted, the program is good for nothing.
pub(super) fn compile(draft: Draft, findings: &Findings) -> Program {
    check_codes(&draft.products, findings);
    let mut program = Program::default();
    let objects = &mut program.objects;
    if draft.shops.is_empty() && !draft.journeys.is_empty() {
        let place = draft.journeys[0].place.clone();
        findings.notice(place, "no shop is defined: UTC and EUR are taken".to_owned());
    }
    let of_use: Vec<&str> = draft.uses.iter().map(|usage| usage.name.as_str()).collect();
    for template in &draft.templates {
        if !of_use.contains(&template.name.as_str()) {
            let message = format!("no journey uses the template {}", quoted(&template.name));
            findings.notice(template.place.clone(), message);
        }
    }
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
    for (name, condition, _) in settle(objects, findings, ObjectKind::Segment, draft.segments) {
        program.segments.insert(name, condition);
    }
    for (name, template, _) in settle(objects, findings, ObjectKind::Template, draft.templates) {
        program.templates.insert(name, template);
    }
    notice_journeys(&draft.journeys, &program.shop, findings);
    program.journeys = settle(objects, findings, ObjectKind::Journey, draft.journeys)
        .into_iter()
        .map(|(_, journey, version)| Journey { version, ..journey }.settle(&program.segments))
        .collect();
    program.journeys.sort_by(|left, right| {
        right.priority.cmp(&left.priority).then_with(|| left.name.cmp(&right.name))
    });
    program.version = version(&program.objects);
    program
}

/// Keeps the form of every object, and hands out its name, value and version.
fn settle<T>(
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
            | ObjectKind::Segment
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

/// What works in a journey but is perhaps not what was meant.
fn notice_journeys(journeys: &[Stated<Journey>], shop: &Shop, findings: &Findings) {
    let quiet_ms = shop
        .quiet_hours
        .map_or(0, |(from, to)| i64::from((to - from).rem_euclid(24 * 60)) * MINUTE);
    for stated in journeys {
        let Some(journey) = &stated.value else { continue };
        let name = quoted(&journey.name);
        let sends: Vec<_> = journey
            .steps
            .iter()
            .filter_map(|step| match &step.kind {
                StepKind::Send(send) => Some((&step.name, send)),
                StepKind::Wait { .. }
                | StepKind::WaitDays { .. }
                | StepKind::WaitUntil { .. }
                | StepKind::Branch { .. }
                | StepKind::Goto(_)
                | StepKind::Exit => None,
            })
            .collect();
        let notice = |message: String| findings.notice(stated.place.clone(), message);
        if sends.is_empty() {
            notice(format!("the journey {name} sends nothing"));
        } else if journey.purpose == Purpose::Promotion && journey.exits.is_empty() {
            notice(format!("the journey {name} has no exit: it goes on after a purchase"));
        }
        for (step, send) in sends {
            if journey.purpose != Purpose::Transactional && send.patience_ms <= quiet_ms {
                let hours = send.patience_ms / HOUR;
                notice(format!(
                    "the step {} of the journey {name} is held for {hours} hours at most: quiet hours alone may use that up",
                    quoted(step)
                ));
            }
        }
        if !shop.name.is_empty() && shop.from_email.is_empty() {
            notice(format!(
                "the journey {name} sends, and the shop does not say from which address"
            ));
        }
    }
}
