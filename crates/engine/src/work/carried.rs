//! Rows that go from one batch to the next without a store between them: where one hand alone reads and
//! writes, as in a dry run, a row is neither written down nor read again. Those that nobody asked for in
//! a long time rest as bytes, which take a fifth of the memory.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::ops::Bound;

use super::keyed::KeyedMap;
use super::rows::Rows;
use super::{Held, Work};
use crate::commit::{Commit, Logged};
use crate::identity::{IdentifierKey, PersonId};
use crate::record::Record;

/// Rows that rest.
pub(super) type Resting = BTreeMap<PersonId, Box<[u8]>>;

/// The rows of everybody whom batches came to hold, and who holds which identifier. The rows stand in no
/// commit.
#[derive(Debug, Default)]
pub struct Carried {
    awake: Rows,
    resting: Resting,
    /// Who holds which identifier, of those that batches asked for.
    holders: KeyedMap<IdentifierKey, Option<PersonId>>,
    /// Room for the events of the next batch.
    room: Vec<Logged>,
}

impl Carried {
    /// The row of a person; `None`: nobody bears the id, or no batch held the row.
    #[must_use]
    pub fn get(&self, id: PersonId) -> Option<Cow<'_, Record>> {
        match self.awake.get(id) {
            Some(held) => held.record.as_deref().map(Cow::Borrowed),
            None => self.resting.get(&id).map(|bytes| Cow::Owned(woken(bytes))),
        }
    }

    /// Up to `limit` rows by ascending id after `after`.
    #[must_use]
    pub fn after(&self, after: PersonId, limit: usize) -> Vec<(PersonId, Cow<'_, Record>)> {
        let beyond = (Bound::Excluded(after), Bound::Unbounded);
        let resting = self.resting.range(beyond).map(|(id, _)| *id);
        let mut ids: Vec<PersonId> = self.awake.after(after).take(limit).collect();
        ids.extend(resting.take(limit));
        ids.sort_unstable();
        ids.truncate(limit);
        ids.into_iter().filter_map(|id| Some((id, self.get(id)?))).collect()
    }

    /// Lends the next batch an emptied list of a batch before: thousands of events need no memory anew.
    pub fn lend(&mut self, emptied: Vec<Logged>) {
        debug_assert!(emptied.is_empty(), "what is lent holds nothing");
        self.room = emptied;
    }

    /// Lets all rows rest if there are more than `awake_max`, until somebody asks for them.
    fn rest(&mut self, awake_max: usize) {
        if self.awake.len() <= awake_max {
            return;
        }
        for (id, held) in std::mem::take(&mut self.awake).into_sorted() {
            if let Some(record) = held.record {
                let bytes = minicbor::to_vec(&*record).expect("writing into memory does not fail");
                self.resting.insert(id, bytes.into_boxed_slice());
            }
        }
    }
}

/// The row of bytes that rested.
fn woken(bytes: &[u8]) -> Record {
    minicbor::decode(bytes).expect("what rested is what was written")
}

impl Work<'_> {
    /// Takes up the rows that the batch before laid down. Nothing was held yet.
    pub fn take_up(&mut self, carried: Carried) {
        (self.persons, self.resting) = (carried.awake, carried.resting);
        (self.holders, self.commit.events) = (carried.holders, carried.room);
    }

    /// Ends the batch as [`Work::finish`] does, but for the rows of persons: they are laid down for the
    /// next one. Whoever wants to be told of stirred rows must have asked before. If there are more than
    /// `awake_max`, all of them rest.
    #[must_use]
    pub fn lay_down(mut self, awake_max: usize) -> (Commit, Carried) {
        let (awake, resting) =
            (std::mem::take(&mut self.persons), std::mem::take(&mut self.resting));
        let holders = std::mem::take(&mut self.holders);
        let mut carried = Carried { awake, resting, holders, room: Vec::new() };
        carried.rest(awake_max);
        (self.finish(), carried)
    }

    /// Wakes the row of a person, if it rests.
    pub(super) fn wake(&mut self, id: PersonId) -> bool {
        let Some(bytes) = self.resting.remove(&id) else { return false };
        let record = Some(Box::new(woken(&bytes)));
        self.persons.insert(id, Held { record, read_version: 0, changed: false, stirred: false });
        true
    }
}
