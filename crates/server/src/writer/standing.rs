//! Standing aggregates in the background: everybody is looked at once in the order of their ids,
//! a slice at a time, and whoever lacks an aggregate is completed: by what was read ahead for many, or
//! folded again. The place is kept in the store, so that a restart goes on where the last run stopped.

use std::sync::Arc;
use std::time::{Duration, Instant};

use regulars_engine::commit::Commit;
use regulars_engine::condition::Aggregates;
use regulars_engine::identity::PersonId;
use regulars_engine::time::Timestamp;
use regulars_engine::work::Purpose;
use regulars_store::{Reader, Store, StoreError};

use super::ahead::Part;
use super::segments::{SLICES_A_NOTE, Slice, persons_a_slice};
use super::{Writer, WriterError};

/// The space of the store that keeps how far the work is.
const SPACE: &str = "standing aggregates";
const KEY: &str = "place";
/// The key of the aggregates that nobody lacks.
const KEPT: &str = "kept";
/// Persons folded again from their own events in one commit.
const ALONE_AT_ONCE: usize = 8;
/// Rows read for that: more are only read again by the next slice.
const ROWS_ALONE: usize = 64;
/// How long one slice may take.
pub(super) const SLICE: Duration = Duration::from_millis(5);

/// How far the work over everybody is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Place {
    /// The set of aggregates that is computed.
    version: u64,
    /// Everybody up to this id is done; the largest where all are.
    after: PersonId,
    /// Whether somebody up to there may lack something again: persons that were joined meanwhile. Then
    /// there is another way through.
    again: bool,
    /// Those that nobody lacks, of those that are declared.
    kept: Vec<u64>,
    /// How many persons the next slice looks at; 0: there was none yet.
    persons: usize,
    /// Slices since the place was noted.
    slices: u32,
}

impl Place {
    /// Nothing is declared, and so nothing is to do.
    pub(super) const NOTHING: Self =
        Self { version: 0, after: DONE, again: false, kept: Vec::new(), persons: 0, slices: 0 };

    /// Of a version, with the place that was kept: it may be of another version.
    fn read(version: u64, bytes: Option<&[u8]>) -> Self {
        let fresh = Self { version, after: PersonId(0), ..Self::NOTHING };
        let read = |bytes: &[u8]| {
            let (held, after) = bytes.split_first_chunk()?;
            let after = PersonId(u64::from_le_bytes(after.try_into().ok()?));
            // Who was joined before the stop is not known.
            let place = Self { after, again: after != DONE, ..fresh.clone() };
            (u64::from_le_bytes(*held) == version).then_some(place)
        };
        bytes.and_then(read).unwrap_or(fresh)
    }

    fn bytes(&self) -> Vec<u8> {
        [self.version.to_le_bytes(), self.after.0.to_le_bytes()].concat()
    }
}

pub(super) const DONE: PersonId = PersonId(u64::MAX);

impl<S: Store> Writer<S> {
    /// Finds out where the work stands: at its beginning if aggregates are declared that somebody may
    /// lack.
    pub(super) fn note_aggregates(&mut self) -> Result<(), StoreError> {
        let aggregates = &self.program.aggregates;
        let version = aggregates.version();
        let held = self.reader.get(SPACE, KEPT)?.unwrap_or_default();
        let held =
            held.chunks_exact(8).filter_map(|key| Some(u64::from_le_bytes(*key.first_chunk()?)));
        let (kept, dropped): (Vec<u64>, Vec<u64>) = held.partition(|key| aggregates.declare(*key));
        if self.purpose == Purpose::Live && !dropped.is_empty() {
            // Whoever comes from here on is not given them.
            self.store.put(SPACE, KEPT, Some(&words(&kept)))?;
        }
        let place = self.reader.get(SPACE, KEY)?;
        let mut place = Place::read(version, place.as_deref());
        if aggregates.keys().all(|key| kept.contains(&key)) {
            place.after = DONE;
        } else if place.after == DONE {
            // Some were not declared in between.
            place.after = PersonId(0);
        }
        place.kept = kept;
        if self.standing.version != version {
            self.ahead = None;
        }
        self.standing = place;
        Ok(())
    }

    /// The aggregates that somebody may lack.
    pub(super) fn needed(&self) -> Aggregates {
        self.program.aggregates.only(|key| !self.standing.kept.contains(&key))
    }

    /// Whether somebody may still lack an aggregate.
    pub(super) fn aggregating(&self) -> bool {
        self.standing.after != DONE && self.purpose == Purpose::Live
    }

    /// One slice of the work. Segments that are to be computed are asked along with it, as long as both
    /// are equally far: so each row is written once.
    ///
    /// # Errors
    /// If the store fails; the slice is done again then.
    pub(super) fn aggregate(&mut self, now: Timestamp) -> Result<(), WriterError> {
        let Some(part) = self.take_part(self.standing.after)? else { return Ok(()) };
        let done = self.complete_some(&part, now);
        let last = part.last;
        self.put_back(part);
        match done? {
            Done::Some => Ok(()),
            Done::All => Ok(self.end_part(last)?),
        }
    }

    /// Completes the next persons of a part.
    fn complete_some(&mut self, part: &Part, now: Timestamp) -> Result<Done, WriterError> {
        let begun = Instant::now();
        let (program, after) = (Arc::clone(&self.program), self.standing.after);
        let most = if part.told.is_some() { usize::MAX } else { ROWS_ALONE };
        let limit = self.standing.persons.clamp(ALONE_AT_ONCE, most);
        let along = self.keeping.along(after);
        let generation = self.keeping.generation();
        let slice = self.slice((after, part.last), limit, |record| {
            let lacks =
                record.profile.events > 0 && !record.profile.standing.complete(&program.aggregates);
            lacks || along && record.membership.generation != generation
        })?;
        let Some(Slice { ids, behind, rows }) = slice else { return Ok(Done::All) };
        let mut last = *ids.last().expect("a slice is of somebody");
        if !behind.is_empty() {
            let told = (part.told.as_ref(), ALONE_AT_ONCE);
            let done = self.look_in_batch(|work, ground| {
                ground.hold(rows);
                let done = work.complete(ground, &behind, told, now)?;
                if along {
                    work.look_at_segments(ground, &behind[..done.looked], now)?;
                }
                Ok(done)
            })?;
            if done.looked < behind.len() {
                last = behind[done.looked - 1];
            }
            // Of rows that are kept aside nobody tells.
            self.standing.again |= self.aside.is_some() && done.folded > 0;
        }
        self.standing.after = last;
        if along {
            self.keeping.advance(last, ids.partition_point(|id| *id <= last));
        }
        self.standing.slices += 1;
        if self.standing.slices >= SLICES_A_NOTE {
            self.note_standing()?;
        }
        self.standing.persons = persons_a_slice(limit, begun.elapsed());
        Ok(Done::Some)
    }

    /// Everybody up to `last` was looked at.
    fn end_part(&mut self, last: PersonId) -> Result<(), StoreError> {
        self.standing.after = last;
        if last == DONE && self.standing.again {
            (self.standing.after, self.standing.again) = (PersonId(0), false);
            return self.note_standing();
        }
        self.ahead = None;
        if last == DONE {
            self.standing.kept = self.program.aggregates.keys().collect();
            self.store.put(SPACE, KEPT, Some(&words(&self.standing.kept)))?;
        }
        self.note_standing()
    }

    fn note_standing(&mut self) -> Result<(), StoreError> {
        self.standing.slices = 0;
        self.store.put(SPACE, KEY, Some(&self.standing.bytes()))?;
        self.note_place()
    }

    /// Notes whether a commit leaves somebody lacking something whom the work has passed: somebody who
    /// was joined with one whom it has not.
    pub(super) fn note_lacking(&mut self, commit: &Commit) {
        let Place { after, again, .. } = self.standing;
        if after == DONE || again {
            return;
        }
        let aggregates = &self.program.aggregates;
        let mut passed = commit.persons.iter().filter(|write| write.person <= after);
        self.standing.again = passed.any(|write| {
            let profile = write.record.as_ref().map(|record| &record.profile);
            profile.is_some_and(|of| of.events > 0 && !of.standing.complete(aggregates))
        });
    }
}

/// What became of a slice.
enum Done {
    Some,
    /// There was nobody left.
    All,
}

fn words(keys: &[u64]) -> Vec<u8> {
    keys.iter().flat_map(|key| key.to_le_bytes()).collect()
}
