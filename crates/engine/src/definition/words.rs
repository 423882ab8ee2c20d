//! Reading what a template or partial says in each language.

use std::collections::BTreeMap;

use super::fields::Read;
use super::form::Form;
use super::mistake::{Findings, Place, quoted};
use super::object::{ObjectKind, ObjectName};
use super::shop::language;
use super::units::lines;
use super::yaml::{Node, Sheet, Value, not_a};
use crate::wording::{Words, gaps};

/// Languages of one template.
const LANGUAGES_MAX: usize = 40;
/// Texts of one language.
const TEXTS_MAX: usize = 300;
/// Letters of the name of a text.
const NAME_MAX: usize = 40;

/// `{ en: { hello: Hello }, es: { hello: Hola } }`
pub(super) fn words(sheet: &Sheet<'_>, node: &Node) -> Read<Words> {
    let Value::Map(entries) = &node.value else {
        not_a(sheet, node, "texts by language", "{ en: { hello: Hello }, es: { hello: Hola } }");
        return None;
    };
    let mut words = Words::new();
    for (key, value) in entries {
        let Some((tag, _)) = language(sheet, key) else { continue };
        let Some(said) = texts(sheet, value) else { continue };
        if words.insert(tag.clone(), said).is_some() {
            let message = format!("the language {} stands twice", quoted(&tag));
            sheet.wrong(key.at.start, message, "keep one of the two");
        }
    }
    if words.len() > LANGUAGES_MAX {
        let message = format!("there are more than {LANGUAGES_MAX} languages");
        sheet.wrong(node.at.start, message, "take away those that nobody reads");
    }
    let form = words.iter().map(|(tag, said)| {
        let texts = said.iter().map(|(name, text)| (name.clone(), Form::text(text.as_str())));
        (tag.clone(), Form::Map(texts.collect()))
    });
    let form = Form::Map(form.collect());
    Some((words, form))
}

fn texts(sheet: &Sheet<'_>, node: &Node) -> Option<BTreeMap<String, String>> {
    let Value::Map(entries) = &node.value else {
        not_a(sheet, node, "texts by their names", "{ hello: Hello }");
        return None;
    };
    let mut said = BTreeMap::new();
    for (key, value) in entries {
        let name = key.text().map(str::trim).unwrap_or_default();
        let plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_';
        let begins = name.starts_with(|c: char| c.is_ascii_lowercase());
        if !begins || !name.chars().all(plain) || name.len() > NAME_MAX {
            let message = format!("{} cannot name a text", quoted(name));
            let cure = "use small letters, digits and _, a letter first: hello, call_to_action";
            sheet.wrong(key.at.start, message, cure);
            continue;
        }
        let Some((text, _)) = lines(sheet, value) else { continue };
        if said.insert(name.to_owned(), text.trim_end().to_owned()).is_some() {
            let message = format!("the text {} stands twice", quoted(name));
            sheet.wrong(key.at.start, message, "keep one of the two");
        }
    }
    if said.len() > TEXTS_MAX {
        let message = format!("there are more than {TEXTS_MAX} texts in one language");
        sheet.wrong(node.at.start, message, "move some into partials");
    }
    Some(said)
}

/// Tells what the languages of the shop lack. The first stands in for the others, so what it lacks
/// would leave a hole; what another lacks is read in the first.
pub(super) fn check(
    kind: ObjectKind,
    name: &str,
    place: &Place,
    words: &Words,
    languages: &[String],
    findings: &Findings,
) {
    let object = ObjectName { kind, name: name.to_owned() };
    let first = languages.first().map(String::as_str).unwrap_or_default();
    for (language, missing) in gaps(words, languages) {
        let names = missing.iter().map(|name| quoted(name)).collect::<Vec<_>>().join(", ");
        let message = format!("the {object} does not say {names} in {language}");
        if language == first {
            let cure = format!("write it: {language} stands in for every other language");
            findings.mistake(place.clone(), message, cure);
        } else {
            findings.notice(place.clone(), format!("{message}: who reads it gets {first}"));
        }
    }
    for language in words.keys() {
        let known = |tag: &String| tag.split('-').next() == language.split('-').next();
        if !languages.iter().any(known) {
            let message =
                format!("the {object} speaks {language}, which is no language of the shop");
            findings.notice(place.clone(), message);
        }
    }
}
