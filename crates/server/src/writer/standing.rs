//! Standing aggregates in the background: everybody is looked at once in the order of their ids,
//! a slice at a time, and whoever lacks an aggregate is folded again. The place is kept in the
//! store, so that a restart goes on where the last run stopped.

use std::time::{Duration, Instant};

use regulars_engine::identity::PersonId;
use regulars_engine::profile::Profile;
use regulars_engine::time::Timestamp;
use regulars_engine::work::Purpose;
use regulars_store::{Reader, Store, StoreError};

use super::{Writer, WriterError};

/// The space of the store that keeps how far the work is.
const SPACE: &str = "standing aggregates";
const KEY: &str = "place";
/// Persons read at once.
const READ_AT_ONCE: usize = 64;
/// Persons folded in one commit.
const FOLDED_AT_ONCE: usize = 8;
/// How long one slice may take.
pub(super) const SLICE: Duration = Duration::from_millis(5);

/// How far the work over everybody is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Place {
    /// The set of aggregates that is computed.
    version: u64,
    /// Everybody up to this id is done; the largest where all are.
    after: PersonId,
    /// Whether somebody was folded on this way through. Persons that were joined meanwhile may
    /// lack something again, so that the last way through folds nobody.
    folded: bool,
}

impl Place {
    /// Nothing is declared, and so nothing is to do.
    pub(super) const NOTHING: Self = Self { version: 0, after: DONE, folded: false };

    fn read(bytes: &[u8]) -> Option<Self> {
        let (version, after) = bytes.split_first_chunk()?;
        let after = PersonId(u64::from_le_bytes(after.try_into().ok()?));
        Some(Self { version: u64::from_le_bytes(*version), after, folded: true })
    }

    fn bytes(self) -> Vec<u8> {
        [self.version.to_le_bytes(), self.after.0.to_le_bytes()].concat()
    }
}

const DONE: PersonId = PersonId(u64::MAX);

impl<S: Store> Writer<S> {
    /// Finds out where the work stands: at its beginning if other aggregates are declared.
    pub(super) fn note_aggregates(&mut self) -> Result<(), StoreError> {
        let version = self.program.aggregates.version();
        if version == 0 {
            self.standing = Place::NOTHING;
            return Ok(());
        }
        let held = self.reader.get(SPACE, KEY)?.and_then(|bytes| Place::read(&bytes));
        let fresh = Place { version, after: PersonId(0), folded: false };
        self.standing = held.filter(|place| place.version == version).unwrap_or(fresh);
        Ok(())
    }

    /// Whether somebody may still lack an aggregate.
    pub(super) fn aggregating(&self) -> bool {
        self.standing.after != DONE && self.purpose == Purpose::Live
    }

    /// One slice of the work; segments are computed behind it, since they may ask for what it finds.
    ///
    /// # Errors
    /// If the store fails.
    pub(super) fn aggregate(&mut self, now: Timestamp) -> Result<(), WriterError> {
        let begun = Instant::now();
        let mut after = self.standing.after;
        while begun.elapsed() < SLICE {
            let persons = self.persons_after(after, READ_AT_ONCE)?;
            let aggregates = &self.program.aggregates;
            let lacking: Vec<PersonId> = persons
                .iter()
                .filter(|(_, record)| {
                    let Profile { events, standing, .. } = &record.profile;
                    *events > 0 && !standing.complete(aggregates)
                })
                .map(|(id, _)| *id)
                .take(FOLDED_AT_ONCE)
                .collect();
            let full = lacking.len() == FOLDED_AT_ONCE;
            let last = persons.last().map(|(id, _)| *id);
            after = match lacking.last() {
                Some(last) if full => *last,
                _ => last.unwrap_or(DONE),
            };
            if !lacking.is_empty() {
                let folded =
                    self.look_in_batch(|work, ground| work.complete(ground, &lacking, now))?;
                self.standing.folded |= folded > 0;
            }
            if last.is_none() {
                break;
            }
        }
        self.standing.after = after;
        if after == DONE && self.standing.folded {
            self.standing = Place { after: PersonId(0), folded: false, ..self.standing };
        }
        let bytes = self.standing.bytes();
        self.store.put(SPACE, KEY, Some(&bytes))?;
        Ok(())
    }
}
