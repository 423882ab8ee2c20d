//! Edits of a journey that is being written, as values: each leaves a tree, or changes nothing.

use super::super::form::Form;
use super::super::yaml::LEVELS_MAX;
use super::field::fields_of;
use super::seed::{free, seed};
use super::tree::{each, kind, name_key, note_names, text_of, under};
use super::ways::{Ways, ways_of};
use super::{At, FieldSort, Sketch};

/// An edit.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Edit {
    /// Puts a new step there, before what stands there.
    Add {
        /// The key that says what it does.
        kind: String,
        /// Where.
        at: At,
    },
    /// Writes into fields of a step, or of the journey itself. What is left blank is taken away.
    Write {
        /// The step.
        at: Option<At>,
        /// Paths, as [`Sketch::fields`] tells them, and texts.
        texts: Vec<(String, String)>,
    },
    /// Takes a step out, with all within it.
    Remove {
        /// The step.
        at: At,
    },
    /// Puts a step elsewhere, before what stands there now.
    Move {
        /// The step.
        from: At,
        /// Where.
        to: At,
    },
    /// Puts the same step elsewhere once more; its names are made new.
    Copy {
        /// The step.
        from: At,
        /// Where.
        to: At,
    },
    /// Adds a way to a step that has ways with names.
    AddWay {
        /// The step.
        at: At,
    },
    /// Takes a way with a name out, with its steps.
    RemoveWay {
        /// The step.
        at: At,
        /// The number of the way.
        way: usize,
    },
}

/// Why an edit was not made.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum EditError {
    /// Nothing stands there.
    #[error("there is no such step any more")]
    Nowhere,
    /// No step is of that kind.
    #[error("there are no steps of that kind")]
    NoSuchKind,
    /// A step would stand within itself.
    #[error("a step cannot stand within itself")]
    IntoItself,
    /// The step has no ways with names.
    #[error("this step has no ways that can be added or taken away")]
    NoWays,
    /// The definition would be too long.
    #[error("the definition would be longer than {} bytes", Sketch::BYTES_MAX)]
    TooLong,
    /// Nobody could read the definition back.
    #[error("more than {LEVELS_MAX} lists and maps would be inside each other")]
    TooDeep,
}

impl Sketch {
    /// A definition that is being written has so many bytes at most: a thousand steps.
    pub const BYTES_MAX: usize = 256 * 1024;

    /// Makes an edit. Returns the step to look at afterwards; `None`: the journey itself.
    ///
    /// # Errors
    /// If it cannot be made; then nothing is changed.
    pub fn apply(&mut self, edit: &Edit) -> Result<Option<At>, EditError> {
        let mut edited = self.clone();
        let at = edited.make(edit)?;
        if edited.entries.iter().any(|(_, value)| value.levels() >= LEVELS_MAX) {
            return Err(EditError::TooDeep);
        }
        if edited.print().len() > Self::BYTES_MAX {
            return Err(EditError::TooLong);
        }
        *self = edited;
        Ok(at)
    }

    fn make(&mut self, edit: &Edit) -> Result<Option<At>, EditError> {
        match edit {
            Edit::Add { kind, at } => {
                let step = seed(kind, &self.step_names()).ok_or(EditError::NoSuchKind)?;
                self.put(at, step)?;
                Ok(Some(at.clone()))
            }
            Edit::Write { at, texts } => {
                self.write(at.as_ref(), texts)?;
                Ok(at.clone())
            }
            Edit::Remove { at } => {
                self.take(at)?;
                let there = self.form_at(at).is_some();
                Ok(if there { Some(at.clone()) } else { at.previous() })
            }
            Edit::Move { from, to } => {
                if to.inside(from) && to != from {
                    return Err(EditError::IntoItself);
                }
                // The way that it goes to may be written down by the edit alone.
                let (block, _) = to.split();
                self.block_mut(block).ok_or(EditError::Nowhere)?;
                let step = self.take(from)?;
                let to = to.without(from);
                self.put(&to, step)?;
                Ok(Some(to))
            }
            Edit::Copy { from, to } => {
                let mut step = self.form_at(from).cloned().ok_or(EditError::Nowhere)?;
                rename(&mut step, self.step_names());
                self.put(to, step)?;
                Ok(Some(to.clone()))
            }
            Edit::AddWay { at } => {
                let (ways, item) = self.ways(at)?;
                let taken: Vec<String> =
                    ways.iter().filter_map(|way| under(way, item)).map(text_of).collect();
                let letters = ('a'..='z').map(String::from);
                let name = letters.into_iter().find(|name| !taken.contains(name));
                let name = name.unwrap_or_else(|| free("way", &taken));
                ways.push(Form::Map(vec![(item.to_owned(), Form::text(name))]));
                Ok(Some(at.clone()))
            }
            Edit::RemoveWay { at, way } => {
                let (ways, _) = self.ways(at)?;
                if *way >= ways.len() {
                    return Err(EditError::NoWays);
                }
                ways.remove(*way);
                Ok(Some(at.clone()))
            }
        }
    }

    fn put(&mut self, at: &At, step: Form) -> Result<(), EditError> {
        let (block, index) = at.split();
        let steps = self.block_mut(block).ok_or(EditError::Nowhere)?;
        if index > steps.len() {
            return Err(EditError::Nowhere);
        }
        steps.insert(index, step);
        Ok(())
    }

    fn take(&mut self, at: &At) -> Result<Form, EditError> {
        let (block, index) = at.split();
        let steps = self.block_mut(block).ok_or(EditError::Nowhere)?;
        if index < steps.len() { Ok(steps.remove(index)) } else { Err(EditError::Nowhere) }
    }

    /// The ways with names of a step, and the key of their names.
    fn ways(&mut self, at: &At) -> Result<(&mut Vec<Form>, &'static str), EditError> {
        let form = self.form_at_mut(at).ok_or(EditError::Nowhere)?;
        let Ways::Named(list, item) = ways_of(kind(form)) else { return Err(EditError::NoWays) };
        let Form::Map(entries) = form else { return Err(EditError::NoWays) };
        let found = entries.iter_mut().find(|(key, _)| key == list).map(|(_, ways)| ways);
        match found {
            Some(Form::List(ways)) => Ok((ways, item)),
            Some(Form::Text(_) | Form::Map(_)) | None => Err(EditError::NoWays),
        }
    }

    fn write(&mut self, at: Option<&At>, texts: &[(String, String)]) -> Result<(), EditError> {
        let known = self.fields(at).ok_or(EditError::Nowhere)?;
        let mut whole;
        let (form, kind) = match at {
            Some(at) => {
                let form = self.form_at_mut(at).ok_or(EditError::Nowhere)?;
                let kind = kind(form);
                (form, kind)
            }
            None => {
                whole = Form::Map(std::mem::take(&mut self.entries));
                (&mut whole, "")
            }
        };
        let mut lists: Vec<(&str, Vec<Form>)> = Vec::new();
        for (path, text) in texts {
            let text = text.replace("\r\n", "\n");
            let text = text.trim();
            let Some(field) = known.iter().find(|field| field.path == *path) else { continue };
            if let Some((list, number)) = path.rsplit_once('/')
                && number.parse::<usize>().is_ok()
            {
                // Conditions of a list are gathered: those that are blank leave it.
                if lists.last().is_none_or(|(held, _)| *held != list) {
                    lists.push((list, Vec::new()));
                }
                let kept = lists.last_mut().map(|(_, kept)| kept);
                kept.into_iter()
                    .for_each(|kept| kept.extend((!text.is_empty()).then(|| Form::text(text))));
                continue;
            }
            set(form, kind, path, value(field.sort, text, field.needed));
        }
        for (path, items) in lists {
            let value = (!items.is_empty()).then_some(Form::List(items));
            set(form, kind, path, value);
        }
        if at.is_none()
            && let Form::Map(entries) = form
        {
            self.entries = std::mem::take(entries);
        }
        Ok(())
    }
}

/// What a text stands for in the definition; `None`: it says nothing, and is left out.
fn value(sort: FieldSort, text: &str, needed: bool) -> Option<Form> {
    let lines = || text.lines().map(str::trim).filter(|line| !line.is_empty());
    match sort {
        FieldSort::Word(words) if !needed && words.first() == Some(&text) => None,
        FieldSort::Pairs if !needed && lines().next().is_none() => None,
        FieldSort::Pairs => {
            let pair = |line: &str| {
                let (key, value) = line.split_once(':').unwrap_or((line, ""));
                (key.trim().to_owned(), Form::text(value.trim()))
            };
            Some(Form::Map(lines().map(pair).collect()))
        }
        FieldSort::Lines if text.lines().count() > 1 || needed => {
            Some(Form::List(lines().map(Form::text).collect()))
        }
        FieldSort::Word(_)
        | FieldSort::Lines
        | FieldSort::Line
        | FieldSort::Condition
        | FieldSort::Channel
        | FieldSort::Destination
        | FieldSort::Named(_)
        | FieldSort::Step => (needed || !text.is_empty()).then(|| Form::text(text)),
    }
}

/// Puts something under a path, or takes it away. A key that is new stands where files have it.
fn set(form: &mut Form, kind: &str, path: &str, value: Option<Form>) {
    if kind == "exit" {
        *form = match value {
            Some(name) => Form::Map(vec![("exit".to_owned(), name)]),
            None => Form::text("exit"),
        };
        return;
    }
    let (key, rest) = path.split_once('/').map_or((path, None), |(key, rest)| (key, Some(rest)));
    if let Form::List(items) = form {
        let item = key.parse::<usize>().ok().and_then(|number| items.get_mut(number));
        if let (Some(item), Some(rest)) = (item, rest) {
            set(item, "way", rest, value);
        }
        return;
    }
    if !matches!(form, Form::Map(_)) {
        *form = Form::Map(Vec::new());
    }
    let Form::Map(entries) = form else { return };
    let found = entries.iter().position(|(held, _)| held == key);
    if let Some(rest) = rest {
        let at = found.unwrap_or_else(|| insert(entries, kind, key, Form::Map(Vec::new())));
        let inner = &mut entries[at].1;
        // What starts a journey may stand under "enter" itself.
        if key == "enter" && !matches!(inner, Form::Map(_)) {
            let on = std::mem::replace(inner, Form::Map(Vec::new()));
            *inner = Form::Map(vec![("on".to_owned(), on)]);
        }
        set(inner, key, rest, value);
        return;
    }
    match (found, value) {
        (Some(at), Some(value)) => entries[at].1 = value,
        (Some(at), None) => {
            entries.remove(at);
        }
        (None, Some(value)) => {
            insert(entries, kind, key, value);
        }
        (None, None) => {}
    }
}

/// Inserts a key where files have it; returns its place.
fn insert(entries: &mut Vec<(String, Form)>, kind: &str, key: &str, value: Form) -> usize {
    let order = order(kind);
    let rank = |key: &str| order.iter().position(|known| *known == key);
    let at = match rank(key) {
        Some(own) => entries
            .iter()
            .position(|(held, _)| rank(held).is_some_and(|other| other > own))
            .unwrap_or(entries.len()),
        None => entries.len(),
    };
    entries.insert(at, (key.to_owned(), value));
    at
}

/// The keys of a step of a kind, or of what else has keys, in the order of files.
fn order(kind: &str) -> Vec<&'static str> {
    match kind {
        "way" => return vec!["way", "variant", "share", "steps"],
        "enter" => return vec!["on", "if", "for each"],
        _ => {}
    }
    let mut keys: Vec<&str> =
        fields_of(kind).iter().filter_map(|field| field.path.split('/').next()).collect();
    keys.dedup();
    match (kind, ways_of(kind)) {
        ("", _) => {
            keys.insert(0, "journey");
            keys.push("steps");
        }
        // The ways of a branch stand before what is done where it stays unknown.
        ("branch", Ways::Keys(ways)) => drop(keys.splice(2..2, ways.iter().copied())),
        (_, Ways::Keys(ways)) => keys.extend(ways),
        (_, Ways::Named(list, _)) => keys.push(list),
    }
    keys
}

/// Gives a copied step, and all within it, names of its own; jumps within it follow.
fn rename(step: &mut Form, mut taken: Vec<String>) {
    let mut old = Vec::new();
    note_names(step, &mut old);
    let mut names: Vec<(String, String)> = Vec::new();
    for name in old {
        let new = free(&name, &taken);
        taken.push(new.clone());
        names.push((name, new));
    }
    let renamed = |held: &mut Form| {
        let new = names.iter().find(|(name, _)| *name == text_of(held));
        if let Some((_, new)) = new {
            *held = Form::text(new);
        }
    };
    each(std::slice::from_mut(step), &mut |step| {
        let kind = kind(step);
        let Form::Map(entries) = step else { return };
        for (key, value) in entries {
            if key == name_key(kind) || key == "go to" {
                renamed(value);
            }
        }
    });
}
