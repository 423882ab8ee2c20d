//! Reading the rules of identity: kinds of the shop's own, which evidence counts first, values that
//! stand for nobody, and limits by kind.
//!
//! Blocked values may be somebody's address, so no message repeats them.

use std::collections::BTreeSet;

use super::fields::{Fields, Read, list};
use super::form::Form;
use super::mistake::quoted;
use super::source::kind_word;
use super::units::{duration, line, whole};
use super::yaml::{Node, Sheet, Value, not_a};
use crate::identity::{Blocked, Class, Identifier, IdentifierKind, IdentityRules, KindRule, Shape};

type BlockedValue = (Option<IdentifierKind>, Blocked);

/// Reads the document of identity rules: the built-in rules with what it states, its form.
pub(super) fn read(sheet: &Sheet<'_>, node: &Node) -> Option<(Option<IdentityRules>, Form)> {
    let mut outer = Fields::of(sheet, node, "the rules of identity", "identity:")?;
    let rules = outer.required("identity", "{ block: [ { any: n/a } ] }", |sheet, node| {
        let mut fields =
            Fields::of(sheet, node, "the rules of identity", "block: [ { any: n/a } ]")?;
        let kinds = fields.or("kinds", Vec::new(), kinds);
        let mut rules = IdentityRules { kinds, ..IdentityRules::default() };
        rules.priority = fields.or("priority", Vec::new(), priority(&rules));
        rules.blocked.extend(fields.or("block", Vec::new(), list(blocked)));
        let limits = fields.or("limits", Vec::new(), limits);
        rules.seen_with = limits
            .iter()
            .filter(|(_, _, seen_with)| *seen_with > 0)
            .map(|(kind, _, seen_with)| (kind.clone(), *seen_with))
            .collect();
        rules.limits = limits.into_iter().map(|(kind, rule, _)| (kind, rule)).collect();
        // A kind's class may stand in another place of the object than its limits.
        let classes = rules.clone();
        for (kind, _) in &mut rules.limits {
            *kind = classes.kind(kind.word());
        }
        for (kind, _) in &mut rules.seen_with {
            *kind = classes.kind(kind.word());
        }
        for (kind, _) in &mut rules.blocked {
            *kind = kind.take().map(|kind| classes.kind(kind.word()));
        }
        Some((rules, fields.done()))
    });
    let form = outer.done();
    Some((rules, form))
}

/// `partner_id: unique`
fn kinds(sheet: &Sheet<'_>, node: &Node) -> Read<Vec<(String, Class)>> {
    let Value::Map(entries) = &node.value else {
        not_a(sheet, node, "kinds of your own with their class", "partner_id: unique");
        return None;
    };
    let mut read: Vec<(String, Class)> = Vec::new();
    for (key, value) in entries {
        let Some((kind, _)) = kind_word(sheet, key) else { continue };
        if kind != IdentifierKind::custom(Class::Unique, kind.word().to_owned()) {
            sheet.wrong(
                key.at.start,
                "the class of a built-in kind cannot be changed",
                "leave it out, or give your own kind another name",
            );
            continue;
        }
        let Some((text, _)) = line(sheet, value) else { continue };
        let Some(class) = Class::ALL.into_iter().find(|class| class.word() == text) else {
            sheet.wrong(
                value.at.start,
                "this is no class of identifiers",
                "write unique, contact, device or hint",
            );
            continue;
        };
        if read.iter().any(|(word, _)| word == kind.word()) {
            sheet.wrong(key.at.start, "this kind stands twice", "keep one of the two");
        }
        read.push((kind.word().to_owned(), class));
    }
    read.sort();
    let form = read.iter().map(|(word, class)| (word.clone(), Form::text(class.word()))).collect();
    Some((read, Form::Map(form)))
}

/// `[loyalty_id, user_id, email, phone]`, by the classes of `rules`.
fn priority(
    rules: &IdentityRules,
) -> impl FnOnce(&Sheet<'_>, &Node) -> Read<Vec<IdentifierKind>> + use<> {
    let classes = rules.clone();
    move |sheet, node| {
        let mut before: Vec<IdentifierKind> = Vec::new();
        list(|sheet, node| {
            let (kind, form) = kind_word(sheet, node)?;
            let kind = classes.kind(kind.word());
            if before.contains(&kind) {
                let message = "this kind stands twice in the priority";
                sheet.wrong(node.at.start, message, "keep one of the two");
            } else if let Some(last) = before.iter().find(|held| held.class() > kind.class()) {
                let message = format!(
                    "{} kinds count before {} ones, whatever their priority",
                    kind.class().word(),
                    last.class().word()
                );
                let cure = format!("put {} before {}", quoted(kind.word()), quoted(last.word()));
                sheet.wrong(node.at.start, message, cure);
            }
            before.push(kind.clone());
            Some((kind, form))
        })(sheet, node)
    }
}

/// `{ email: kasse@shop.example }`, `{ any: n/a }`, `{ email: test@* }`, `{ email: "*@shop.example" }`, `{ phone: ^9+$ }`
fn blocked(sheet: &Sheet<'_>, node: &Node) -> Read<BlockedValue> {
    let entry = match &node.value {
        Value::Map(entries) if entries.len() == 1 => &entries[0],
        Value::Map(_) | Value::List(_) | Value::Text(_) => {
            not_a(sheet, node, "one kind and its value", "{ email: kasse@shop.example }");
            return None;
        }
    };
    let (kind, key) = match entry.0.text().map(str::trim) {
        Some("any") => (None, "any".to_owned()),
        Some(_) | None => {
            let (kind, _) = kind_word(sheet, &entry.0)?;
            let word = kind.word().to_owned();
            (Some(kind), word)
        }
    };
    let (text, _) = line(sheet, &entry.1)?;
    let (rule, printed) = match rule(kind.as_ref(), &text) {
        Ok(read) => read,
        Err(message) => {
            let cure = "write the value itself, a shape such as test@* or till-*@shop.example, or one repeated sign such as ^0+$";
            sheet.wrong(entry.1.at.start, message, cure);
            return None;
        }
    };
    Some(((kind, rule), Form::Map(vec![(key, Form::Text(printed))])))
}

/// More parts than these tell of no shape that somebody has in mind.
const STARS_MAX: usize = 4;

fn rule(kind: Option<&IdentifierKind>, text: &str) -> Result<(Blocked, String), &'static str> {
    if let Some(sign) = text.strip_prefix('^').and_then(|rest| rest.strip_suffix("+$")) {
        let mut signs = sign.chars();
        let (Some(sign), None) = (signs.next(), signs.next()) else {
            return Err("this pattern repeats more than one sign");
        };
        let sign = sign.to_ascii_lowercase();
        return Ok((Blocked::Repeated(sign), format!("^{sign}+$")));
    }
    if text.starts_with('^') || text.ends_with('$') {
        return Err("this looks like a pattern of a kind that is not known");
    }
    let printed = match kind {
        Some(IdentifierKind::Email) => text.to_lowercase(),
        Some(_) | None => text.to_owned(),
    };
    if let Some(shape) = Shape::read(&printed) {
        if text.split('*').all(str::is_empty) {
            return Err("a star alone would block every value");
        }
        if text.contains("**") || text.matches('*').count() > STARS_MAX {
            return Err("this shape has too many stars");
        }
        return Ok((Blocked::Shape(shape), printed));
    }
    let value = match kind {
        // Half an address is never seen as an identifier: blocking it would do nothing.
        Some(kind) => Identifier::new(kind.clone(), text)
            .map(|identifier| identifier.value().to_owned())
            .ok_or("this is no value of its kind, and so never seen")?,
        None => text.to_owned(),
    };
    Ok((Blocked::Exact(value.clone()), value))
}

/// The limits of a kind, and how many values of a unique kind are seen with one that is not shared; 0:
/// as many as a person may have.
type Limit = (IdentifierKind, KindRule, u32);

/// `loyalty_id: { per person: 3 }`
fn limits(sheet: &Sheet<'_>, node: &Node) -> Read<Vec<Limit>> {
    let Value::Map(entries) = &node.value else {
        not_a(sheet, node, "kinds with their limits", "loyalty_id: { per person: 3 }");
        return None;
    };
    let defaults = IdentityRules::default();
    let mut read: Vec<(Limit, Form)> = Vec::new();
    let mut kinds = BTreeSet::new();
    for (key, value) in entries {
        let kind = kind_word(sheet, key).map(|(kind, _)| kind);
        let usual = defaults.limits(kind.as_ref().unwrap_or(&IdentifierKind::UserId));
        let Some(mut fields) = Fields::of(sheet, value, "the limits", "{ per person: 3 }") else {
            continue;
        };
        let bound = |most: i64| u32::try_from(most).expect("the reader bounds it");
        let mut most = |key: &'static str, usual: u32| {
            bound(fields.or(key, i64::from(usual), whole(1, 1_000_000)))
        };
        let rule = KindRule {
            per_person_max: most("per person", usual.per_person_max),
            unique_seen_max: most("logins", usual.unique_seen_max),
            contacts_seen_max: most("contacts", usual.contacts_seen_max),
            idle_ms: match fields.or("idle", -1, duration) {
                -1 => usual.idle_ms,
                ms => Some(ms),
            },
        };
        let seen_with = bound(fields.or("seen with", 0, whole(1, 1_000_000)));
        let form = fields.done();
        let Some(kind) = kind else { continue };
        if !kinds.insert(kind.clone()) {
            sheet.wrong(
                key.at.start,
                "this kind stands twice among the limits",
                "keep one of the two",
            );
        }
        read.push(((kind, rule, seen_with), form));
    }
    read.sort_by(|(left, _), (right, _)| left.0.cmp(&right.0));
    let form = read.iter().map(|(limit, form)| (limit.0.word().to_owned(), form.clone())).collect();
    Some((read.into_iter().map(|(limit, _)| limit).collect(), Form::Map(form)))
}
