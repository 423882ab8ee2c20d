//! Conditions inside definitions: parsed here, with every problem at its place in the file.

use super::fields::Read;
use super::form::Form;
use super::object::ObjectKind;
use super::yaml::{Node, Sheet, not_a};
use crate::condition::{Condition, Figure, Problem, Window};

/// The longest condition in bytes.
const LENGTH_MAX: usize = 10_000;

/// A condition.
pub(super) fn condition(sheet: &Sheet<'_>, node: &Node) -> Read<Condition> {
    let Some(text) = node.text().filter(|text| !text.trim().is_empty()) else {
        not_a(sheet, node, "a condition", "orders at least 2 in the last 90 days");
        return None;
    };
    if text.len() > LENGTH_MAX {
        let message = format!("this condition is longer than {LENGTH_MAX} bytes");
        sheet.wrong(node.at.start, message, "give parts of it a name, as segments");
        return None;
    }
    match Condition::parse(text) {
        Ok(condition) => {
            let reads = condition.reads();
            let segments = reads.segments.iter().map(|name| (ObjectKind::Segment, name));
            let products = reads.products.iter().map(|name| (ObjectKind::Product, name));
            for (kind, name) in segments.chain(products) {
                let at = text.find(&format!("\"{name}\"")).map_or(0, |quote| quote + 1);
                sheet.uses(locate(sheet, node, text, at), kind, name);
            }
            let form = Form::text(condition.to_string());
            Some((condition, form))
        }
        Err(problems) => {
            tell(sheet, node, text, problems);
            None
        }
    }
}

/// What a computed trait is made of.
pub(super) fn figure(sheet: &Sheet<'_>, node: &Node) -> Read<Figure> {
    let example = "most frequent category of event \"Product Viewed\" in the last 90 days";
    let Some(text) = node.text().filter(|text| !text.trim().is_empty()) else {
        not_a(sheet, node, "a figure", example);
        return None;
    };
    match Figure::parse(text) {
        Ok(figure) if figure.window == Window::SinceEntry => {
            let message = "\"since entry\" has no meaning here: a trait is nobody's journey";
            sheet.wrong(node.at.start, message, "write a length of time: in the last 90 days");
            None
        }
        Ok(figure) => {
            let form = Form::text(figure.to_string());
            Some((figure, form))
        }
        Err(problems) => {
            tell(sheet, node, text, problems);
            None
        }
    }
}

fn tell(sheet: &Sheet<'_>, node: &Node, text: &str, problems: Vec<Problem>) {
    for problem in problems {
        let at = locate(sheet, node, text, problem.at.start);
        sheet.wrong(at, problem.message, problem.cure);
    }
}

/// A condition outside of any enrollment: it cannot speak of the entry.
pub(super) fn outside(sheet: &Sheet<'_>, node: &Node) -> Read<Condition> {
    let (condition, form) = condition(sheet, node)?;
    if condition.reads().entry {
        let message = "\"since entry\" has no meaning here: nobody has entered yet";
        sheet.wrong(node.at.start, message, "write a length of time: in the last 7 days");
        return None;
    }
    Some((condition, form))
}

/// The character of the file at which byte `offset` of a scalar's text was written.
///
/// Every style of YAML writes the visible characters of a text in their order and puts only white
/// space, doubled quotes and backslashes between them, so the two are walked side by side. Where
/// they part (a character written as its number), the scalar's own place has to do.
fn locate(sheet: &Sheet<'_>, node: &Node, text: &str, offset: usize) -> usize {
    let end = node.at.end.min(sheet.chars.len());
    let raw = &sheet.chars[..end];
    let mut at = node.at.start;
    if matches!(raw.get(at), Some('|' | '>')) {
        at += raw[at..].iter().take_while(|c| **c != '\n').count();
    }
    // Past the last visible character, the place is right behind it.
    let mut behind = at;
    for (index, wanted) in text.char_indices().filter(|(_, c)| !c.is_whitespace()) {
        let found = raw[at..].iter().position(|c| *c == wanted);
        let skipped = found.map_or(&raw[at..at], |found| &raw[at..at + found]);
        let near = skipped.iter().all(|c| c.is_whitespace() || matches!(c, '"' | '\'' | '\\'));
        let (Some(found), true) = (found, near) else { return node.at.start };
        at += found;
        if index >= offset {
            return at;
        }
        at += 1;
        behind = at;
    }
    behind.min(end)
}
