//! A journey's definition as a tree of keys and texts, to show and to edit, mistakes and all.
//!
//! It knows which keys hold steps, and nothing of what they mean: that is [`super::check`]'s, which
//! an edited outline goes through as any file does.

use std::ops::RangeInclusive;

use super::form::{Form, hash};
use super::mistake::Findings;
use super::steps::JOIN;
use super::yaml::{self, Document, Node, Sheet, Value};
use crate::journey::{Journey, Step, StepKind};

/// The definition of one journey as it is written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Outline {
    pub(super) fields: Vec<(String, Form)>,
}

/// Where a step stands: its number in its block, and before that, for each block around it, the
/// number of the step that holds the block and the number of the way that it is. `3.1.0` is the
/// first step of the second way of the fourth step.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct StepPath(pub Vec<usize>);

impl StepPath {
    /// Reads what [`StepPath`] prints.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let numbers: Option<Vec<usize>> = text.split('.').map(|part| part.parse().ok()).collect();
        numbers.filter(|numbers| numbers.len() % 2 == 1).map(Self)
    }

    /// The place `more` steps further in the same block.
    #[must_use]
    pub fn further(&self, more: usize) -> Self {
        let mut path = self.clone();
        if let Some(last) = path.0.last_mut() {
            *last += more;
        }
        path
    }

    /// The place number `step` in the way number `way` of the step here.
    #[must_use]
    pub fn within(&self, way: usize, step: usize) -> Self {
        Self([self.0.as_slice(), &[way, step]].concat())
    }
}

impl std::fmt::Display for StepPath {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let parts: Vec<String> = self.0.iter().map(ToString::to_string).collect();
        f.write_str(&parts.join("."))
    }
}

/// A step as it is written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OutlineStep {
    /// Where it stands.
    pub path: StepPath,
    /// What it does: the key that says it, such as `wait until`; empty where none does.
    pub kind: &'static str,
    /// Its keys and texts, without those that hold steps.
    pub texts: Vec<(String, String)>,
    /// Its lines in the text, with those of the steps in it, from 1.
    pub lines: RangeInclusive<usize>,
    /// The ways that begin here.
    pub ways: Vec<OutlineWay>,
}

/// A way that begins at a step.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OutlineWay {
    /// `then`, `else`, or the name it was given.
    pub name: String,
    /// Its share, where chance chooses and one is stated.
    pub share: Option<String>,
    /// Its steps.
    pub steps: Vec<OutlineStep>,
}

impl OutlineStep {
    /// The text under `key`; empty if there is none.
    #[must_use]
    pub fn text(&self, key: &str) -> &str {
        self.texts.iter().find(|(held, _)| held == key).map_or("", |(_, text)| text)
    }

    /// This step and all within it, in the order of the text.
    #[must_use]
    pub fn all(&self) -> Vec<&Self> {
        let within = self.ways.iter().flat_map(|way| &way.steps).flat_map(Self::all);
        std::iter::once(self).chain(within).collect()
    }
}

/// The keys by which a step says what it does, each with the keys that may stand beside it and hold
/// no steps.
pub(super) const SHAPES: &[(&str, &[&str])] = &[
    ("wait", &["name"]),
    ("wait until", &["at most", "name"]),
    ("wait for", &["at most", "name"]),
    ("branch", &["name", "if still unknown"]),
    ("split", &[]),
    ("test", &[]),
    ("holdout", &["share"]),
    (
        "send",
        &[
            "channel",
            "template",
            "offer",
            "only if",
            "hold at most",
            "if still unknown",
            "deadline",
            "best hour",
            "feeds complete",
        ],
    ),
    ("set", &["name"]),
    ("add to list", &["name"]),
    ("go to", &[]),
    ("exit", &[]),
];

/// What the ways of a step are called, where it has some.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Ways {
    /// Fixed keys of the step, each a block.
    Keys(&'static [&'static str]),
    /// A list under the first key, of maps whose name stands under the second.
    Named(&'static str, &'static str),
}

/// The ways of a step of such a kind.
pub(super) fn ways_of(kind: &str) -> Ways {
    match kind {
        "branch" => Ways::Keys(&["then", "else"]),
        "wait until" | "wait for" => Ways::Keys(&["else"]),
        "split" => Ways::Named("ways", "way"),
        "test" => Ways::Named("variants", "variant"),
        _ => Ways::Keys(&[]),
    }
}

impl Outline {
    /// Reads the text of one journey; `None` if it is no map of keys, as one document.
    #[must_use]
    pub fn read(text: &str) -> Option<Self> {
        let findings = Findings::default();
        let sheet = Sheet::new("", text, &findings);
        let node = document(&sheet)?;
        let Form::Map(fields) = form_of(&node) else { return None };
        Some(Self { fields })
    }

    /// The text, in which [`Outline::steps`] counts the lines. What is checked and correct prints
    /// as its canonical form once it was read.
    #[must_use]
    pub fn print(&self) -> String {
        Form::Map(self.fields.clone()).print()
    }

    /// The hash of its text.
    #[must_use]
    pub fn version(&self) -> u64 {
        hash(&self.print())
    }

    /// The text under a key that stands beside `steps`: of a list one line an item, of a map one
    /// line a key; empty if there is none. `enter.on` is the key `on` within `enter`.
    #[must_use]
    pub fn head(&self, key: &str) -> String {
        let (outer, inner) = key.split_once('.').map_or((key, None), |(o, i)| (o, Some(i)));
        let Some((_, form)) = self.fields.iter().find(|(held, _)| held == outer) else {
            return String::new();
        };
        match (inner, form) {
            (None, form) => text_of(form),
            (Some(inner), Form::Map(entries)) => entries
                .iter()
                .find(|(held, _)| held == inner)
                .map_or_else(String::new, |(_, form)| text_of(form)),
            // A list of events alone needs no `on`.
            (Some("on"), form) => text_of(form),
            (Some(_), Form::Text(_) | Form::List(_)) => String::new(),
        }
    }

    /// Its steps with the lines of [`Outline::print`].
    #[must_use]
    pub fn steps(&self) -> Vec<OutlineStep> {
        let text = self.print();
        let findings = Findings::default();
        let sheet = Sheet::new("", &text, &findings);
        let Some(node) = document(&sheet) else { return Vec::new() };
        under(&node, "steps").map_or_else(Vec::new, |steps| block(&sheet, steps, &StepPath(vec![])))
    }
}

/// The numbers of a journey's steps that somebody wrote, in the order of [`Outline::steps`]: the
/// jumps that join ways again are nobody's.
#[must_use]
pub fn written(journey: &Journey) -> Vec<u32> {
    let joins = |step: &Step| matches!(step.kind, StepKind::Goto(_)) && step.name.starts_with(JOIN);
    let steps = (0_u32..).zip(&journey.steps);
    steps.filter(|(_, step)| !joins(step)).map(|(number, _)| number).collect()
}

fn document(sheet: &Sheet<'_>) -> Option<Node> {
    let mut documents = yaml::read(sheet).into_iter();
    match (documents.next(), documents.next()) {
        (Some(Document::Whole(node)), None) => Some(node),
        (Some(_) | None, _) => None,
    }
}

fn form_of(node: &Node) -> Form {
    match &node.value {
        Value::Text(text) => Form::text(text.trim()),
        Value::List(items) => Form::List(items.iter().map(form_of).collect()),
        Value::Map(entries) => Form::Map(
            entries
                .iter()
                .map(|(key, value)| (key.text().unwrap_or_default().to_owned(), form_of(value)))
                .collect(),
        ),
    }
}

fn text_of(form: &Form) -> String {
    match form {
        Form::Text(text) => text.clone(),
        Form::List(items) => items.iter().map(text_of).collect::<Vec<_>>().join("\n"),
        Form::Map(entries) => entries
            .iter()
            .map(|(key, value)| format!("{key}: {}", text_of(value)))
            .collect::<Vec<_>>()
            .join("\n"),
    }
}

fn under<'n>(node: &'n Node, key: &str) -> Option<&'n Node> {
    let Value::Map(entries) = &node.value else { return None };
    entries.iter().find(|(held, _)| held.text() == Some(key)).map(|(_, value)| value)
}

/// The kind of a step, by the keys it has.
pub(super) fn kind_of<'k>(mut keys: impl Iterator<Item = &'k str>) -> &'static str {
    let kind = keys.find_map(|key| SHAPES.iter().find(|(kind, _)| *kind == key));
    kind.map_or("", |(kind, _)| *kind)
}

fn block(sheet: &Sheet<'_>, node: &Node, around: &StepPath) -> Vec<OutlineStep> {
    let Value::List(items) = &node.value else { return Vec::new() };
    let path = |number| StepPath([around.0.as_slice(), &[number]].concat());
    items.iter().enumerate().map(|(number, item)| step(sheet, item, path(number))).collect()
}

/// The line of the last text in it: where a list or a map ends is only known by what follows.
fn last_line(sheet: &Sheet<'_>, node: &Node) -> usize {
    let inner = match &node.value {
        Value::Text(_) => None,
        Value::List(items) => items.last(),
        Value::Map(entries) => entries.last().map(|(_, value)| value),
    };
    match inner {
        Some(inner) => last_line(sheet, inner),
        None => sheet.place(node.at.end.max(node.at.start + 1) - 1).line,
    }
}

fn step(sheet: &Sheet<'_>, node: &Node, path: StepPath) -> OutlineStep {
    let first = sheet.place(node.at.start).line;
    let last = last_line(sheet, node).max(first);
    let entries: &[(Node, Node)] = match &node.value {
        Value::Map(entries) => entries,
        Value::Text(_) | Value::List(_) => &[],
    };
    let kind = match node.text() {
        Some(text) => kind_of(std::iter::once(text.trim())),
        None => kind_of(entries.iter().filter_map(|(key, _)| key.text())),
    };
    let way = |number: usize| StepPath([path.0.as_slice(), &[number]].concat());
    let mut ways = Vec::new();
    let holds: Vec<&str> = match ways_of(kind) {
        Ways::Keys(keys) => {
            for (number, key) in keys.iter().enumerate() {
                let steps = under(node, key).map(|node| block(sheet, node, &way(number)));
                let (name, steps) = ((*key).to_owned(), steps.unwrap_or_default());
                ways.push(OutlineWay { name, share: None, steps });
            }
            keys.to_vec()
        }
        Ways::Named(list, item) => {
            let items = under(node, list).map(|node| &node.value);
            let items: &[Node] = if let Some(Value::List(items)) = items { items } else { &[] };
            for (number, node) in items.iter().enumerate() {
                let text = |key| under(node, key).and_then(Node::text).map(str::to_owned);
                let steps = under(node, "steps").map(|node| block(sheet, node, &way(number)));
                let (name, steps) = (text(item).unwrap_or_default(), steps.unwrap_or_default());
                ways.push(OutlineWay { name, share: text("share"), steps });
            }
            vec![list]
        }
    };
    let texts = entries
        .iter()
        .filter_map(|(key, value)| Some((key.text()?.to_owned(), text_of(&form_of(value)))))
        .filter(|(key, _)| !holds.contains(&key.as_str()))
        .collect();
    OutlineStep { path, kind, texts, lines: first..=last, ways }
}

#[cfg(test)]
mod tests {
    use super::super::steps::KINDS;
    use super::*;

    #[test]
    fn every_kind_of_step_has_a_shape() {
        let known: Vec<&str> = SHAPES.iter().map(|(kind, _)| *kind).collect();
        let missing: Vec<_> = KINDS.iter().filter(|kind| !known.contains(kind)).collect();
        assert!(missing.is_empty(), "no shape for {missing:?}");
    }

    #[test]
    fn a_step_knows_its_lines_and_its_ways() {
        let text = "journey: cart\nsteps:\n  - branch: cart is open\n    then:\n      - send: one\n        channel: email\n    if still unknown: then\n  - exit\n";
        let outline = Outline::read(text).expect("it is YAML");
        assert_eq!(outline.print(), text);
        let steps = outline.steps();
        let told: Vec<String> = steps
            .iter()
            .flat_map(OutlineStep::all)
            .map(|step| format!("{} {} {:?}", step.path, step.kind, step.lines))
            .collect();
        assert_eq!(told, ["0 branch 3..=7", "0.0.0 send 5..=6", "1 exit 8..=8"]);
        assert_eq!(steps[0].text("if still unknown"), "then");
    }
}
