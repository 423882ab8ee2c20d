//! Values within values, laid flat: each column is a path, called by its last word where that is enough.

use std::collections::BTreeMap;

/// How deep values may nest; deeper ones are left out.
pub(crate) const DEPTH_MAX: usize = 8;

/// Columns in the order in which they were met.
#[derive(Default)]
pub(crate) struct Columns {
    pub(crate) paths: Vec<String>,
    known: BTreeMap<String, usize>,
}

impl Columns {
    pub(crate) fn meet(&mut self, path: &str) {
        if !self.known.contains_key(path) {
            self.known.insert(path.to_owned(), self.paths.len());
            self.paths.push(path.to_owned());
        }
    }

    pub(crate) fn len(&self) -> usize {
        self.paths.len()
    }

    pub(crate) fn place(&self, path: &str) -> Option<usize> {
        self.known.get(path).copied()
    }

    /// "customer.email" is "email", unless there is a "store.email" too.
    pub(crate) fn names(&self) -> Vec<String> {
        let mut uses: BTreeMap<String, u32> = BTreeMap::new();
        for path in &self.paths {
            *uses.entry(last(path).to_owned()).or_default() += 1;
        }
        let name = |path: &String| {
            let last = last(path);
            if uses[last] == 1 { last.to_owned() } else { path.clone() }
        };
        self.paths.iter().map(name).collect()
    }
}

/// The last word of a path.
pub(crate) fn last(path: &str) -> &str {
    path.rsplit_once('.').map_or(path, |(_, last)| last)
}

/// The path of a value called `name` within `outer`.
pub(crate) fn within(outer: &str, name: &str) -> String {
    if outer.is_empty() { name.to_owned() } else { format!("{outer}.{name}") }
}
