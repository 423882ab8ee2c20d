//! A journey's definition as a tree of keys and texts, to show.
//!
//! It knows which keys hold steps, and nothing of what they mean: that is [`super::check`]'s.

use super::mistake::Findings;
use super::steps::{JOIN, KINDS};
use super::yaml::{self, Document, Node, Sheet, Value};
use crate::journey::{Journey, Step, StepKind};

/// A step as it is written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OutlineStep {
    /// What it does: the key that says it, such as `wait until`; empty where none does.
    pub kind: &'static str,
    /// Its keys and texts, without those that hold steps.
    pub texts: Vec<(String, String)>,
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

/// The steps of the canonical form of one journey, as they are written; none if it is no map of
/// keys, as one document.
#[must_use]
pub fn outline(form: &str) -> Vec<OutlineStep> {
    let findings = Findings::default();
    let sheet = Sheet::new("", form, &findings);
    let journey = document(&sheet);
    journey.as_ref().and_then(|node| under(node, "steps")).map_or_else(Vec::new, block)
}

/// The numbers of a journey's steps that somebody wrote, in the order of [`outline`]: the
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

/// A text; of a list one line an item, of a map one line a key.
fn text_of(node: &Node) -> String {
    let lines: Vec<String> = match &node.value {
        Value::Text(text) => return text.trim().to_owned(),
        Value::List(items) => items.iter().map(text_of).collect(),
        Value::Map(entries) => entries
            .iter()
            .map(|(key, value)| format!("{}: {}", key.text().unwrap_or_default(), text_of(value)))
            .collect(),
    };
    lines.join("\n")
}

fn under<'n>(node: &'n Node, key: &str) -> Option<&'n Node> {
    let Value::Map(entries) = &node.value else { return None };
    entries.iter().find(|(held, _)| held.text() == Some(key)).map(|(_, value)| value)
}

/// The kind of a step, by the keys it has.
pub(super) fn kind_of<'k>(mut keys: impl Iterator<Item = &'k str>) -> &'static str {
    keys.find_map(|key| KINDS.into_iter().find(|kind| *kind == key)).unwrap_or_default()
}

fn block(node: &Node) -> Vec<OutlineStep> {
    let Value::List(items) = &node.value else { return Vec::new() };
    items.iter().map(step).collect()
}

fn step(node: &Node) -> OutlineStep {
    let entries: &[(Node, Node)] = match &node.value {
        Value::Map(entries) => entries,
        Value::Text(_) | Value::List(_) => &[],
    };
    let kind = match node.text() {
        Some(text) => kind_of(std::iter::once(text.trim())),
        None => kind_of(entries.iter().filter_map(|(key, _)| key.text())),
    };
    let mut ways = Vec::new();
    let holds: Vec<&str> = match ways_of(kind) {
        Ways::Keys(keys) => {
            for key in keys {
                let steps = under(node, key).map(block);
                let (name, steps) = ((*key).to_owned(), steps.unwrap_or_default());
                ways.push(OutlineWay { name, share: None, steps });
            }
            keys.to_vec()
        }
        Ways::Named(list, item) => {
            let items = under(node, list).map(|node| &node.value);
            let items: &[Node] = if let Some(Value::List(items)) = items { items } else { &[] };
            for node in items {
                let text = |key| under(node, key).and_then(Node::text).map(str::to_owned);
                let steps = under(node, "steps").map(block);
                let (name, steps) = (text(item).unwrap_or_default(), steps.unwrap_or_default());
                ways.push(OutlineWay { name, share: text("share"), steps });
            }
            vec![list]
        }
    };
    let texts = entries
        .iter()
        .filter_map(|(key, value)| Some((key.text()?.to_owned(), text_of(value))))
        .filter(|(key, _)| !holds.contains(&key.as_str()))
        .collect();
    OutlineStep { kind, texts, ways }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_step_knows_its_ways() {
        let text = "journey: cart\nsteps:\n  - branch: cart is open\n    then:\n      - send: one\n        channel: email\n    if still unknown: then\n  - exit\n";
        let steps = outline(text);
        let kinds: Vec<_> = steps.iter().flat_map(OutlineStep::all).map(|step| step.kind).collect();
        assert_eq!(kinds, ["branch", "send", "exit"]);
        let ways: Vec<_> = steps[0].ways.iter().map(|way| way.name.as_str()).collect();
        assert_eq!(ways, ["then", "else"]);
        assert_eq!(steps[0].text("if still unknown"), "then");
    }
}
