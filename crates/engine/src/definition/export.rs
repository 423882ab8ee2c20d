//! From a program back to files: every object in its canonical form.

use super::object::{Object, ObjectKind, ObjectName};
use super::yaml::FILE_SIZE_MAX;
use crate::program::Program;

/// Everything a program was made of, as files: names and texts. Checking them gives the same
/// program. Templates hold their MJML inside.
#[must_use]
pub fn export(program: &Program) -> Vec<(String, String)> {
    let mut files: Vec<(String, String)> = Vec::new();
    for kind in ObjectKind::ALL {
        let objects: Vec<(&ObjectName, &Object)> =
            program.objects.iter().filter(|(name, _)| name.kind == kind).collect();
        match kind {
            ObjectKind::Journey | ObjectKind::Template | ObjectKind::Partial => {
                for (name, object) in objects {
                    let file = format!("{}s/{}.yaml", kind.word(), file_name(&name.name));
                    add(&mut files, file, object.canonical.clone());
                }
            }
            ObjectKind::Product => {
                let forms = objects.iter().map(|(_, object)| object.canonical.as_str());
                for (number, text) in parts(forms, "", "products:\n").into_iter().enumerate() {
                    add(&mut files, numbered("products", number), text);
                }
            }
            ObjectKind::Shop
            | ObjectKind::Source
            | ObjectKind::Identity
            | ObjectKind::Trait
            | ObjectKind::Segment
            | ObjectKind::Offer => {
                let forms = objects.iter().map(|(_, object)| object.canonical.as_str());
                let word = match kind {
                    ObjectKind::Source => "sources",
                    ObjectKind::Trait => "traits",
                    ObjectKind::Segment => "segments",
                    ObjectKind::Offer => "offers",
                    ObjectKind::Shop
                    | ObjectKind::Identity
                    | ObjectKind::Product
                    | ObjectKind::Partial
                    | ObjectKind::Template
                    | ObjectKind::Journey => kind.word(),
                };
                for (number, text) in parts(forms, "---\n", "").into_iter().enumerate() {
                    add(&mut files, numbered(word, number), text);
                }
            }
        }
    }
    files
}

/// Adds a file; two names that differ in signs alone get files apart.
fn add(files: &mut Vec<(String, String)>, file: String, text: String) {
    let mut name = file;
    while files.iter().any(|(held, _)| held.eq_ignore_ascii_case(&name)) {
        name = name.replace(".yaml", "-.yaml");
    }
    files.push((name, text));
}

fn numbered(word: &str, number: usize) -> String {
    if number == 0 { format!("{word}.yaml") } else { format!("{word}-{}.yaml", number + 1) }
}

fn file_name(name: &str) -> String {
    name.chars().map(|c| if c.is_alphanumeric() || c == '-' { c } else { '-' }).collect()
}

/// Forms put together into texts that each fit a file.
fn parts<'f>(forms: impl Iterator<Item = &'f str>, between: &str, head: &str) -> Vec<String> {
    let mut parts: Vec<String> = Vec::new();
    for form in forms {
        match parts.last_mut() {
            Some(part) if part.len() + between.len() + form.len() <= FILE_SIZE_MAX => {
                part.push_str(between);
                part.push_str(form);
            }
            Some(_) | None => parts.push(format!("{head}{form}")),
        }
    }
    parts
}
