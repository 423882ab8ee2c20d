//! Reading the keys of one map: each by its own reader, unknown ones with a suggestion, missing
//! ones by name, and the canonical form on the way.

use std::collections::BTreeSet;

use super::form::Form;
use super::mistake::quoted;
use super::suggest::write_instead;
use super::yaml::{Node, Sheet, Value, not_a};

/// What a reader makes of a node: the value and its canonical form. `None`: a mistake is noted.
pub(super) type Read<T> = Option<(T, Form)>;

/// The keys of one map.
pub(super) struct Fields<'a> {
    pub(super) sheet: &'a Sheet<'a>,
    /// What the map describes, for messages: `the journey`.
    what: &'static str,
    at: usize,
    entries: Vec<(&'a str, &'a Node, &'a Node)>,
    known: Vec<&'static str>,
    form: Vec<(String, Form)>,
}

impl<'a> Fields<'a> {
    /// The keys of `node`; `None`, with a mistake, if it has none. A key that stands twice is a
    /// mistake, and the first one counts.
    pub(super) fn of(
        sheet: &'a Sheet<'a>,
        node: &'a Node,
        what: &'static str,
        example: &str,
    ) -> Option<Self> {
        let Value::Map(map) = &node.value else {
            not_a(sheet, node, what, example);
            return None;
        };
        let mut entries: Vec<(&str, &Node, &Node)> = Vec::new();
        let mut names = BTreeSet::new();
        for (key, value) in map {
            let Some(name) = key.text().map(str::trim) else {
                not_a(sheet, key, "a key", "name: value");
                continue;
            };
            if !names.insert(name) {
                let message = format!("the key {} stands twice in {what}", quoted(name));
                sheet.wrong(key.at.start, message, "keep one of the two");
            } else {
                entries.push((name, key, value));
            }
        }
        let at = node.at.start;
        Some(Self { sheet, what, at, entries, known: Vec::new(), form: Vec::new() })
    }

    /// The value under `key`, if anything stands there; from then on the key is known.
    pub(super) fn node(&mut self, key: &'static str) -> Option<&'a Node> {
        self.known.push(key);
        let (_, at, node) = self.entries.iter().find(|(name, _, _)| *name == key)?;
        if node.blank() {
            let message = format!("\"{key}\" in {} has no value", self.what);
            self.sheet.wrong(at.at.start, message, "give it one, or leave the line out");
            return None;
        }
        Some(*node)
    }

    /// Whether `key` stands there.
    pub(super) fn has(&self, key: &str) -> bool {
        self.entries.iter().any(|(name, _, _)| *name == key)
    }

    /// The key that stands first.
    pub(super) fn first_key(&self) -> Option<&'a str> {
        self.entries.first().map(|(name, _, _)| *name)
    }

    /// Where the value under `key` stands; the map itself if there is none.
    pub(super) fn place_of_value(&self, key: &str) -> usize {
        let found = self.entries.iter().find(|(name, _, _)| *name == key);
        found.map_or(self.at, |(_, _, node)| node.at.start)
    }

    /// Where `key` stands; the map itself if it does not.
    pub(super) fn place_of(&self, key: &str) -> usize {
        let found = self.entries.iter().find(|(name, _, _)| *name == key);
        found.map_or(self.at, |(_, at, _)| at.at.start)
    }

    /// Reads `key` if it stands there.
    pub(super) fn optional<T>(
        &mut self,
        key: &'static str,
        read: impl FnOnce(&Sheet<'_>, &Node) -> Read<T>,
    ) -> Option<T> {
        let node = self.node(key)?;
        let (value, form) = read(self.sheet, node)?;
        self.form.push((key.to_owned(), form));
        Some(value)
    }

    /// Reads `key`; a mistake if it does not stand there.
    pub(super) fn required<T>(
        &mut self,
        key: &'static str,
        example: &str,
        read: impl FnOnce(&Sheet<'_>, &Node) -> Read<T>,
    ) -> Option<T> {
        if !self.has(key) {
            self.known.push(key);
            self.missing(key, example);
            return None;
        }
        self.optional(key, read)
    }

    /// Notes that `key` is missing.
    pub(super) fn missing(&self, key: &str, example: &str) {
        let message = format!("{} has no \"{key}\"", self.what);
        self.sheet.wrong(self.at, message, format!("add \"{key}: {example}\""));
    }

    /// Reads `key`, or takes what holds where nothing is stated. A stated default is left out of
    /// the form: it says nothing.
    pub(super) fn or<T: PartialEq>(
        &mut self,
        key: &'static str,
        default: T,
        read: impl FnOnce(&Sheet<'_>, &Node) -> Read<T>,
    ) -> T {
        let Some(node) = self.node(key) else { return default };
        let Some((value, form)) = read(self.sheet, node) else { return default };
        if value != default {
            self.form.push((key.to_owned(), form));
        }
        value
    }

    /// Adds to the form what the caller read by itself.
    pub(super) fn write(&mut self, key: &str, form: Form) {
        self.form.push((key.to_owned(), form));
    }

    /// The form, after all keys that nobody asked for have been called unknown.
    pub(super) fn done(self) -> Form {
        for (name, key, _) in &self.entries {
            if !self.known.contains(name) {
                let message = format!("unknown key {} in {}", quoted(name), self.what);
                let cure = write_instead(name, self.known.iter().copied(), "leave it out");
                self.sheet.wrong(key.at.start, message, cure);
            }
        }
        Form::Map(self.form)
    }
}

/// Reads a list with `read`; a single item needs no brackets.
pub(super) fn list<T>(
    mut read: impl FnMut(&Sheet<'_>, &Node) -> Read<T>,
) -> impl FnMut(&Sheet<'_>, &Node) -> Read<Vec<T>> {
    move |sheet, node| {
        let items = match &node.value {
            Value::List(items) => items.as_slice(),
            Value::Text(_) | Value::Map(_) => std::slice::from_ref(node),
        };
        let read: Vec<Read<T>> = items.iter().map(|item| read(sheet, item)).collect();
        let (values, forms) = read.into_iter().collect::<Option<Vec<_>>>()?.into_iter().unzip();
        Some((values, Form::List(forms)))
    }
}
