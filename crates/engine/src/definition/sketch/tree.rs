//! The tree of a journey that is being written.

use super::super::form::Form;
use super::super::mistake::Findings;
use super::super::object::ObjectKind;
use super::super::yaml::{self, Document, Node, Sheet, Value};
use super::At;
use super::ways::{Ways, kind_of, ways_of};

/// A journey that is being written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sketch {
    /// Its keys and what stands under them.
    pub(super) entries: Vec<(String, Form)>,
}

/// A step as it is written, with where it stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SketchStep {
    /// Where.
    pub at: At,
    /// What it does: the key that says it, such as `wait until`; empty where none does.
    pub kind: &'static str,
    /// What stands under that key.
    pub text: String,
    /// What else says at a glance what it does: the template of a message, its limit.
    pub more: String,
    /// The ways that begin here.
    pub ways: Vec<SketchWay>,
}

/// A way that begins at a step.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SketchWay {
    /// `then`, `else`, or the name it was given.
    pub name: String,
    /// Its share, where chance chooses and one is stated.
    pub share: Option<String>,
    /// Its steps.
    pub steps: Vec<SketchStep>,
    /// The place behind its last step.
    pub end: At,
}

impl Sketch {
    /// A journey without steps.
    #[must_use]
    pub fn new(name: &str) -> Self {
        let text = |text: &str| Form::text(text);
        let on = Form::List(vec![text("Order Completed")]);
        Self {
            entries: vec![
                (ObjectKind::Journey.key().to_owned(), text(name)),
                ("purpose".to_owned(), text("care")),
                ("enter".to_owned(), Form::Map(vec![("on".to_owned(), on)])),
                (STEPS.to_owned(), Form::List(Vec::new())),
            ],
        }
    }

    /// Reads the first document of a text as a journey, with mistakes or without; `None`: it is no
    /// map that begins as a journey does.
    #[must_use]
    pub fn read(text: &str) -> Option<Self> {
        let findings = Findings::default();
        let sheet = Sheet::new("", text, &findings);
        let Form::Map(entries) = form(&document(&sheet)?) else { return None };
        let (key, _) = entries.first()?;
        (key == ObjectKind::Journey.key()).then_some(Self { entries })
    }

    /// The definition as a file has it.
    #[must_use]
    pub fn print(&self) -> String {
        Form::Map(self.entries.clone()).print()
    }

    /// The journey's name.
    #[must_use]
    pub fn name(&self) -> String {
        self.entries.first().map(|(_, name)| text_of(name)).unwrap_or_default()
    }

    /// The same under another name.
    #[must_use]
    pub fn named(mut self, name: &str) -> Self {
        if let Some((_, held)) = self.entries.first_mut() {
            *held = Form::text(name);
        }
        self
    }

    /// All steps of the trunk.
    #[must_use]
    pub fn steps(&self) -> Vec<SketchStep> {
        steps(&[], self.block(&[]).unwrap_or_default())
    }

    /// The place behind the last step of the trunk.
    #[must_use]
    pub fn end(&self) -> At {
        At::within(&[], self.block(&[]).map_or(0, <[Form]>::len))
    }

    /// The step at a place.
    #[must_use]
    pub fn step(&self, at: &At) -> Option<SketchStep> {
        self.form_at(at).map(|form| step(at.clone(), form))
    }

    /// The names that steps were given, in the order of the text.
    #[must_use]
    pub fn step_names(&self) -> Vec<String> {
        let mut names = Vec::new();
        self.block(&[]).unwrap_or_default().iter().for_each(|form| note_names(form, &mut names));
        names
    }

    /// What stands at a place.
    pub(super) fn form_at(&self, at: &At) -> Option<&Form> {
        let (block, index) = at.split();
        self.block(block)?.get(index)
    }

    pub(super) fn form_at_mut(&mut self, at: &At) -> Option<&mut Form> {
        let (block, index) = at.split();
        self.block_mut(block)?.get_mut(index)
    }

    /// The steps of a block; those of a way that is not written down are none.
    pub(super) fn block(&self, path: &[usize]) -> Option<&[Form]> {
        let trunk = self.entries.iter().find(|(key, _)| key == STEPS).map(|(_, steps)| steps);
        let mut block: &[Form] = match trunk {
            Some(Form::List(steps)) => steps,
            Some(Form::Text(_) | Form::Map(_)) => return None,
            None => &[],
        };
        for pair in path.chunks(2) {
            let [index, number] = *pair else { return None };
            block = way(block.get(index)?, number)?;
        }
        Some(block)
    }

    /// The same to change; a way that is not written down is written.
    pub(super) fn block_mut(&mut self, path: &[usize]) -> Option<&mut Vec<Form>> {
        let mut block = list_under(&mut self.entries, STEPS)?;
        for pair in path.chunks(2) {
            let [index, number] = *pair else { return None };
            block = way_mut(block.get_mut(index)?, number)?;
        }
        Some(block)
    }
}

/// The key of a journey's steps, and of those of a way with a name.
pub(super) const STEPS: &str = "steps";

/// What a node says, without its place.
fn form(node: &Node) -> Form {
    match &node.value {
        Value::Text(text) => Form::text(text.trim_end_matches(['\r', '\n'])),
        Value::List(items) => Form::List(items.iter().map(form).collect()),
        Value::Map(entries) => {
            let entry = |(key, value): &(Node, Node)| {
                (key.text().unwrap_or_default().trim().to_owned(), form(value))
            };
            Form::Map(entries.iter().map(entry).collect())
        }
    }
}

/// The first document of a sheet.
pub(super) fn document(sheet: &Sheet<'_>) -> Option<Node> {
    yaml::read(sheet).into_iter().find_map(|document| match document {
        Document::Whole(node) if !node.blank() => Some(node),
        Document::Whole(_) | Document::Broken(_) => None,
    })
}

/// A text; of a list one line an item, of a map one line a key.
pub(super) fn text_of(form: &Form) -> String {
    let lines: Vec<String> = match form {
        Form::Text(text) => return text.clone(),
        Form::List(items) => items.iter().map(text_of).collect(),
        Form::Map(entries) => {
            entries.iter().map(|(key, value)| format!("{key}: {}", text_of(value))).collect()
        }
    };
    lines.join("\n")
}

/// The kind of a step as it is written; empty where no key says it.
pub(super) fn kind(form: &Form) -> &'static str {
    match form {
        Form::Text(text) => kind_of(std::iter::once(text.trim())),
        Form::Map(entries) => kind_of(entries.iter().map(|(key, _)| key.as_str())),
        Form::List(_) => "",
    }
}

/// What stands under a key of a step.
pub(super) fn under<'f>(form: &'f Form, key: &str) -> Option<&'f Form> {
    let Form::Map(entries) = form else { return None };
    entries.iter().find(|(held, _)| held == key).map(|(_, value)| value)
}

/// The list under a key, made where there is none; `None`: something else stands there.
fn list_under<'f>(entries: &'f mut Vec<(String, Form)>, key: &str) -> Option<&'f mut Vec<Form>> {
    let found = entries.iter().position(|(held, _)| held == key);
    let at = found.unwrap_or_else(|| {
        entries.push((key.to_owned(), Form::List(Vec::new())));
        entries.len() - 1
    });
    match &mut entries[at].1 {
        Form::List(items) => Some(items),
        Form::Text(_) | Form::Map(_) => None,
    }
}

/// The steps of a way of a step.
fn way(step: &Form, number: usize) -> Option<&[Form]> {
    let steps = match ways_of(kind(step)) {
        Ways::Keys(keys) => under(step, keys.get(number)?),
        Ways::Named(list, _) => {
            let Some(Form::List(items)) = under(step, list) else { return None };
            under(items.get(number)?, STEPS)
        }
    };
    match steps {
        Some(Form::List(steps)) => Some(steps),
        Some(Form::Text(_) | Form::Map(_)) => None,
        None => Some(&[]),
    }
}

fn way_mut(step: &mut Form, number: usize) -> Option<&mut Vec<Form>> {
    let ways = ways_of(kind(step));
    let Form::Map(entries) = step else { return None };
    match ways {
        Ways::Keys(keys) => list_under(entries, keys.get(number)?),
        Ways::Named(list, _) => {
            let Form::Map(entries) = list_under(entries, list)?.get_mut(number)? else {
                return None;
            };
            list_under(entries, STEPS)
        }
    }
}

fn steps(block: &[usize], forms: &[Form]) -> Vec<SketchStep> {
    forms.iter().enumerate().map(|(index, form)| step(At::within(block, index), form)).collect()
}

fn step(at: At, form: &Form) -> SketchStep {
    let kind = kind(form);
    let text = |key: &str| under(form, key).map(text_of).unwrap_or_default();
    let names: Vec<(String, Option<String>)> = match ways_of(kind) {
        Ways::Keys(keys) => keys.iter().map(|key| ((*key).to_owned(), None)).collect(),
        Ways::Named(list, item) => {
            let items = under(form, list);
            let items: &[Form] = if let Some(Form::List(items)) = items { items } else { &[] };
            let named = |form: &Form| {
                let text = |key| under(form, key).map(text_of);
                (text(item).unwrap_or_default(), text("share"))
            };
            items.iter().map(named).collect()
        }
    };
    let ways = names.into_iter().enumerate().map(|(number, (name, share))| {
        let (block, forms) = (at.way(number), way(form, number).unwrap_or_default());
        let end = At::within(&block, forms.len());
        SketchWay { name, share, steps: steps(&block, forms), end }
    });
    let more = ["template", "at most", "share"].into_iter().map(text).find(|text| !text.is_empty());
    SketchStep { ways: ways.collect(), kind, text: text(kind), more: more.unwrap_or_default(), at }
}

/// The key under which a step of a kind bears its name.
pub(super) fn name_key(kind: &str) -> &str {
    match kind {
        "send" | "split" | "test" | "holdout" | "exit" => kind,
        _ => "name",
    }
}

/// Notes the names of a step and of all within it.
pub(super) fn note_names(step: &Form, names: &mut Vec<String>) {
    let kind = kind(step);
    names.extend(under(step, name_key(kind)).map(text_of).filter(|name| !name.is_empty()));
    let count = match ways_of(kind) {
        Ways::Keys(keys) => keys.len(),
        Ways::Named(list, _) => match under(step, list) {
            Some(Form::List(items)) => items.len(),
            Some(Form::Text(_) | Form::Map(_)) | None => 0,
        },
    };
    for number in 0..count {
        way(step, number).unwrap_or_default().iter().for_each(|form| note_names(form, names));
    }
}

/// Every step within some steps, and those themselves.
pub(super) fn each(steps: &mut [Form], change: &mut impl FnMut(&mut Form)) {
    for step in steps {
        change(step);
        let ways = ways_of(kind(step));
        let Form::Map(entries) = step else { continue };
        for (key, value) in entries {
            match (ways, value) {
                (Ways::Keys(keys), Form::List(inner)) if keys.contains(&key.as_str()) => {
                    each(inner, change);
                }
                (Ways::Named(list, _), Form::List(items)) if key == list => {
                    for item in items {
                        let Form::Map(entries) = item else { continue };
                        for (key, value) in entries {
                            if let (STEPS, Form::List(inner)) = (key.as_str(), value) {
                                each(inner, change);
                            }
                        }
                    }
                }
                (Ways::Keys(_) | Ways::Named(..), _) => {}
            }
        }
    }
}
