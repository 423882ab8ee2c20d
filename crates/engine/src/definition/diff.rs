//! What changes from one program to another, object by object and line by line.

use std::collections::BTreeSet;
use std::fmt;

use super::object::ObjectName;
use crate::program::Program;

/// What changes of one object.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Change {
    /// Which object.
    pub object: ObjectName,
    /// What.
    pub what: What,
}

/// What happens to an object.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum What {
    /// It is new.
    Added,
    /// It goes away.
    Removed,
    /// It is another one: the lines of its canonical form.
    Changed(Vec<Line>),
}

/// A line of a canonical form.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Line {
    /// In both forms.
    Same(String),
    /// In the old one alone.
    Old(String),
    /// In the new one alone.
    New(String),
}

impl fmt::Display for Change {
    /// `changed: journey "cart"` and its lines, each behind a blank, `-` or `+`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.what {
            What::Added => write!(f, "added: {}", self.object),
            What::Removed => write!(f, "removed: {}", self.object),
            What::Changed(lines) => {
                write!(f, "changed: {}", self.object)?;
                for line in lines {
                    match line {
                        Line::Same(text) => write!(f, "\n  {text}")?,
                        Line::Old(text) => write!(f, "\n- {text}")?,
                        Line::New(text) => write!(f, "\n+ {text}")?,
                    }
                }
                Ok(())
            }
        }
    }
}

/// What changes when `new` takes the place of `old`, by kind and name.
#[must_use]
pub fn diff(old: &Program, new: &Program) -> Vec<Change> {
    let names: BTreeSet<&ObjectName> = old.objects.keys().chain(new.objects.keys()).collect();
    let mut changes = Vec::new();
    for name in names {
        let what = match (old.objects.get(name), new.objects.get(name)) {
            (None, _) => What::Added,
            (Some(_), None) => What::Removed,
            (Some(old), Some(new)) if old.version == new.version => continue,
            (Some(old), Some(new)) => What::Changed(lines(&old.canonical, &new.canonical)),
        };
        changes.push(Change { object: name.clone(), what });
    }
    changes
}

/// Beyond so many pairs of lines, forms are shown whole, the old one first.
const PAIRS_MAX: usize = 4_000_000;

/// The lines of both canonical forms, as many as possible of them the same (longest common
/// subsequence).
#[must_use]
pub fn lines(old: &str, new: &str) -> Vec<Line> {
    let (old, new): (Vec<&str>, Vec<&str>) = (old.lines().collect(), new.lines().collect());
    let mut lines = Vec::new();
    let (mut i, mut j) = (0, 0);
    if old.len().saturating_mul(new.len()) <= PAIRS_MAX {
        let width = new.len() + 1;
        let mut common = vec![0_u32; (old.len() + 1) * width];
        for i in (0..old.len()).rev() {
            for j in (0..new.len()).rev() {
                common[i * width + j] = if old[i] == new[j] {
                    common[(i + 1) * width + j + 1] + 1
                } else {
                    common[(i + 1) * width + j].max(common[i * width + j + 1])
                };
            }
        }
        while i < old.len() && j < new.len() {
            if old[i] == new[j] {
                lines.push(Line::Same(old[i].to_owned()));
                (i, j) = (i + 1, j + 1);
            } else if common[(i + 1) * width + j] >= common[i * width + j + 1] {
                lines.push(Line::Old(old[i].to_owned()));
                i += 1;
            } else {
                lines.push(Line::New(new[j].to_owned()));
                j += 1;
            }
        }
    }
    lines.extend(old[i..].iter().map(|line| Line::Old((*line).to_owned())));
    lines.extend(new[j..].iter().map(|line| Line::New((*line).to_owned())));
    lines
}
