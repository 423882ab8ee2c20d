//! Where in a sketch a mistake of its printed form stands.

use super::super::mistake::{Findings, Mistake};
use super::super::yaml::{Node, Sheet, Value};
use super::tree::{STEPS, document};
use super::ways::{Ways, kind_of, ways_of};
use super::{At, Sketch};

/// A mistake in a journey that is being written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fault {
    /// The step it is in; `None`: the journey itself.
    pub at: Option<At>,
    /// The path of keys within it, as [`Sketch::fields`] has it or longer.
    pub path: String,
    /// What is wrong.
    pub message: String,
    /// What would cure it.
    pub cure: String,
}

impl Fault {
    /// Whether it stands in a field.
    #[must_use]
    pub fn in_field(&self, path: &str) -> bool {
        let rest = self.path.strip_prefix(path);
        rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
    }
}

impl Sketch {
    /// The mistakes that were found in the printed form, each where it stands.
    #[must_use]
    pub fn faults<'m>(&self, mistakes: impl IntoIterator<Item = &'m Mistake>) -> Vec<Fault> {
        let (text, findings) = (self.print(), Findings::default());
        let sheet = Sheet::new("", &text, &findings);
        let document = document(&sheet);
        let place = |mistake: &Mistake| {
            let offset = sheet.offset(mistake.line, mistake.column);
            let (at, path) = match &document {
                Some(node) => placed(node, offset),
                None => (None, String::new()),
            };
            let (message, cure) = (mistake.message.clone(), mistake.cure.clone());
            Fault { at, path, message, cure }
        };
        mistakes.into_iter().map(place).collect()
    }
}

/// One step down the tree.
#[derive(Clone, Copy)]
enum Part<'n> {
    Key(&'n str),
    Number(usize),
}

/// The step and the path within it in which a character stands.
fn placed(node: &Node, offset: usize) -> (Option<At>, String) {
    // Each part with the step kind of the node that it leads out of.
    let mut parts: Vec<(Part<'_>, &'static str)> = Vec::new();
    let mut node = node;
    loop {
        match &node.value {
            Value::Text(_) => break,
            Value::List(items) => {
                let Some(number) = items.iter().rposition(|item| item.at.start <= offset) else {
                    break;
                };
                parts.push((Part::Number(number), ""));
                node = &items[number];
            }
            Value::Map(entries) => {
                let found = entries.iter().rfind(|(key, _)| key.at.start <= offset);
                let Some((key, value)) = found else { break };
                let kind = kind_of(entries.iter().filter_map(|(key, _)| key.text()));
                parts.push((Part::Key(key.text().unwrap_or_default()), kind));
                node = value;
            }
        }
    }
    read(&parts)
}

fn read(parts: &[(Part<'_>, &'static str)]) -> (Option<At>, String) {
    let (mut at, mut block, mut rest) = (None, Vec::new(), parts);
    loop {
        let (inner, after): (Option<usize>, usize) = match (&at, rest) {
            (None, [(Part::Key(key), _), (Part::Number(index), _), ..]) if *key == STEPS => {
                (Some(*index), 2)
            }
            (Some(held), [(Part::Key(key), kind), (Part::Number(number), _), more @ ..]) => {
                let held: &At = held;
                match (ways_of(kind), more) {
                    (Ways::Keys(keys), _) if keys.contains(key) => {
                        let way = keys.iter().position(|way| way == key).unwrap_or(0);
                        block = held.way(way);
                        (Some(*number), 2)
                    }
                    (
                        Ways::Named(list, _),
                        [(Part::Key(STEPS), _), (Part::Number(index), _), ..],
                    ) if *key == list => {
                        block = held.way(*number);
                        (Some(*index), 4)
                    }
                    (Ways::Keys(_) | Ways::Named(..), _) => (None, 0),
                }
            }
            (_, _) => (None, 0),
        };
        let Some(index) = inner else { break };
        at = Some(At::within(&block, index));
        rest = &rest[after..];
    }
    let path = rest.iter().map(|(part, _)| match part {
        Part::Key(key) => (*key).to_owned(),
        Part::Number(number) => number.to_string(),
    });
    (at, path.collect::<Vec<_>>().join("/"))
}
