//! Standing aggregates: what conditions need of single events and no other part of the profile
//! keeps. Each is declared by a definition; it is exact for its latest entries, and of what came
//! before it keeps how many there were and what they sum up to.
//!
//! **Invariant:** an aggregate that is here was folded from the person's first event on. One that
//! is not here is still to be computed: it is added only by folding the person's events again.

use std::collections::BTreeMap;

use minicbor::{Decode, Encode};

use super::{Activity, Stamp};
use crate::condition::{Aggregate, Aggregates};
use crate::event::{Event, Line, Money, Value};

/// The most entries kept one by one; the latest stay. Windows that begin later are exact.
pub const ENTRIES_MAX: usize = 256;
/// The most values kept of one event.
const VALUES_MAX: usize = 32;
/// The longest text kept as a value, in bytes.
const TEXT_MAX: usize = 128;

/// A value of a field.
#[derive(Clone, Debug, PartialEq, Encode, Decode)]
pub enum Atom {
    /// As its source sent it; texts are cut at 128 bytes.
    #[n(0)]
    Value(#[n(0)] Value),
    /// An amount.
    #[n(1)]
    Amount(#[n(0)] Money),
}

/// One event that an aggregate is made of.
#[derive(Clone, Debug, PartialEq, Encode, Decode)]
pub struct Entry {
    /// When.
    #[n(0)]
    pub stamp: Stamp,
    /// The values of the field that is summed up.
    #[n(1)]
    pub values: Vec<Atom>,
    /// The event's lines, where only the catalogue tells whether they are meant.
    #[n(2)]
    pub lines: Vec<Line>,
}

/// One aggregate of one person.
#[derive(Clone, Debug, Default, PartialEq, Encode, Decode)]
pub struct Kept {
    /// The latest entries, by their stamps.
    #[n(0)]
    pub latest: Vec<Entry>,
    /// What came before.
    #[n(1)]
    pub rest: Option<Activity>,
}

/// All standing aggregates of one person, by their keys.
#[derive(Clone, Debug, Default, PartialEq, Encode, Decode)]
pub struct Standing {
    /// By key, see [`Aggregates`].
    #[n(0)]
    pub by_key: BTreeMap<u64, Kept>,
}

impl Standing {
    /// Begins every declared aggregate, for a person without events.
    #[must_use]
    pub fn begun(aggregates: &Aggregates) -> Self {
        Self { by_key: aggregates.keys().map(|key| (key, Kept::default())).collect() }
    }

    /// Whether every declared aggregate is here.
    #[must_use]
    pub fn complete(&self, aggregates: &Aggregates) -> bool {
        aggregates.keys().all(|key| self.by_key.contains_key(&key))
    }

    /// Forgets whatever is not declared.
    pub fn keep(&mut self, declared: &Aggregates) {
        self.by_key.retain(|key, _| declared.declare(*key));
    }

    /// Whether what both keep is the same: what the other lacks is still to be computed.
    #[must_use]
    pub fn agrees(&self, other: &Self) -> bool {
        self.by_key.iter().all(|(key, kept)| other.by_key.get(key).is_none_or(|held| held == kept))
    }

    /// Takes in an entry of an aggregate that is here.
    pub(super) fn insert(&mut self, key: u64, entry: Entry) {
        if let Some(kept) = self.by_key.get_mut(&key) {
            kept.insert(entry);
        }
    }

    /// Takes in an event.
    pub fn fold(&mut self, event: &Event, stamp: Stamp, aggregates: &Aggregates) {
        for (key, aggregate) in aggregates.about(&event.kind) {
            let Some(kept) = self.by_key.get_mut(&key) else { continue };
            if let Some(entry) = entry(event, stamp, aggregate) {
                kept.insert(entry);
            }
        }
    }

    /// Computes those of `needed` that are not here from everything the person's log holds; the
    /// order of the events does not matter.
    pub fn complete_from<'e>(
        &mut self,
        events: impl IntoIterator<Item = &'e Event>,
        needed: &Aggregates,
    ) {
        let mut computed = Self::begun(needed);
        for event in events {
            computed.fold(event, Stamp::of(event), needed);
        }
        self.complete_with(computed);
    }

    /// Takes those that are not here from another one, which was folded from everything the person's log
    /// holds.
    pub fn complete_with(&mut self, computed: Self) {
        for (key, kept) in computed.by_key {
            self.by_key.entry(key).or_insert(kept);
        }
    }

    /// Takes in another person's: what both keep stays, since of the rest a part is missing.
    pub fn merge(&mut self, mut other: Self) {
        self.by_key.retain(|key, kept| match other.by_key.remove(key) {
            Some(theirs) => {
                kept.merge(theirs);
                true
            }
            None => false,
        });
    }
}

impl Kept {
    fn insert(&mut self, entry: Entry) {
        if let Err(index) = self.latest.binary_search_by_key(&entry.stamp, |held| held.stamp) {
            self.latest.insert(index, entry);
        }
        while self.latest.len() > ENTRIES_MAX {
            let oldest = self.latest.remove(0).stamp;
            self.push_out(Activity::once(oldest));
        }
    }

    fn push_out(&mut self, out: Activity) {
        match &mut self.rest {
            Some(held) => held.merge(out),
            None => self.rest = Some(out),
        }
    }

    fn merge(&mut self, other: Self) {
        if let Some(rest) = other.rest {
            self.push_out(rest);
        }
        for entry in other.latest {
            self.insert(entry);
        }
    }
}

/// The entry an event makes; `None`: it is not meant.
pub(super) fn entry(event: &Event, stamp: Stamp, aggregate: &Aggregate) -> Option<Entry> {
    let found = aggregate.takes(event)?;
    let mut values: Vec<Atom> = found.values;
    values.truncate(VALUES_MAX);
    for atom in &mut values {
        if let Atom::Value(Value::Text(text)) = atom {
            cut(text);
        }
    }
    Some(Entry { stamp, values, lines: found.lines })
}

fn cut(text: &mut String) {
    if text.len() > TEXT_MAX {
        let mut end = TEXT_MAX;
        while !text.is_char_boundary(end) {
            end -= 1;
        }
        text.truncate(end);
    }
}
