//! The rows that a batch holds, found by a hash of the id: a dry run asks for each of hundreds of thousands
//! of them dozens of times, and a tree of so many is as many times out of reach of the processor's caches.

use std::collections::{BTreeSet, HashMap};
use std::hash::{BuildHasherDefault, Hasher};
use std::ops::Bound;

use super::Held;
use crate::identity::PersonId;
use crate::lots::scattered;

/// Rows by person; none is ever taken out alone.
#[derive(Debug, Default)]
pub(super) struct Rows {
    places: HashMap<PersonId, Held, BuildHasherDefault<Scattered>>,
    /// Whose rows they are: for whoever goes through all of them.
    ids: BTreeSet<PersonId>,
}

impl Rows {
    pub(super) fn len(&self) -> usize {
        self.ids.len()
    }

    pub(super) fn contains(&self, id: PersonId) -> bool {
        self.places.contains_key(&id)
    }

    pub(super) fn get(&self, id: PersonId) -> Option<&Held> {
        self.places.get(&id)
    }

    pub(super) fn get_mut(&mut self, id: PersonId) -> Option<&mut Held> {
        self.places.get_mut(&id)
    }

    /// The row of a person, which is `fresh` if none is held.
    pub(super) fn get_or_insert(&mut self, id: PersonId, fresh: Held) -> &mut Held {
        let ids = &mut self.ids;
        self.places.entry(id).or_insert_with(|| {
            ids.insert(id);
            fresh
        })
    }

    /// Holds a row; what was held of the person goes.
    pub(super) fn insert(&mut self, id: PersonId, held: Held) {
        if self.places.insert(id, held).is_none() {
            self.ids.insert(id);
        }
    }

    /// Who bears an id after `after`, ascending.
    pub(super) fn after(&self, after: PersonId) -> impl Iterator<Item = PersonId> {
        let beyond = self.ids.range((Bound::Excluded(after), Bound::Unbounded)).copied();
        beyond.filter(|id| self.get(*id).is_some_and(|held| held.record.is_some()))
    }

    /// All rows, by ascending id.
    pub(super) fn into_sorted(self) -> impl Iterator<Item = (PersonId, Held)> {
        let mut places = self.places;
        self.ids.into_iter().filter_map(move |id| Some((id, places.remove(&id)?)))
    }
}

/// Scatters ids, which are numbers that follow each other.
#[derive(Clone, Copy, Debug, Default)]
struct Scattered(u64);

impl Hasher for Scattered {
    fn finish(&self) -> u64 {
        self.0
    }

    fn write(&mut self, bytes: &[u8]) {
        for byte in bytes {
            self.write_u64(u64::from(*byte));
        }
    }

    fn write_u64(&mut self, number: u64) {
        self.0 = scattered(self.0 ^ number);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::record::Record;

    fn row(record: Option<Box<Record>>, read_version: u64) -> Held {
        Held { record, read_version, changed: false, stirred: false }
    }

    #[test]
    fn rows_come_in_the_order_of_ids_whatever_the_order_in_which_they_went() {
        let mut rows = Rows::default();
        for id in [7, 3, 40, 3, 12] {
            rows.insert(PersonId(id), row(Some(Box::default()), id));
        }
        rows.get_or_insert(PersonId(12), row(None, 0));
        rows.get_or_insert(PersonId(5), row(None, 5));
        let after = |after| rows.after(PersonId(after)).map(|id| id.0).collect::<Vec<u64>>();
        assert_eq!(rows.len(), 5);
        assert_eq!(after(0), [3, 7, 12, 40], "nobody bears 5");
        assert_eq!(after(7), [12, 40]);
        assert_eq!(after(40), [0; 0]);
        let all: Vec<(u64, u64)> =
            rows.into_sorted().map(|(id, held)| (id.0, held.read_version)).collect();
        assert_eq!(all, [(3, 3), (5, 5), (7, 7), (12, 12), (40, 40)]);
    }
}
