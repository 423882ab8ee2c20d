//! Segments kept up: new and changed ones are computed in key order, a slice at a time between
//! what is live, and go on after a restart where they had come to.

use std::sync::Arc;
use std::time::{Duration, Instant};

use regulars_engine::identity::PersonId;
use regulars_engine::program::Program;
use regulars_engine::record::Record;
use regulars_engine::segment::{Book, Progress, Standing};
use regulars_engine::time::{MINUTE, Timestamp};
use regulars_engine::work::Purpose;
use regulars_store::{Reader, Store, StoreError, Versioned};

use super::standing::SLICE;
use super::{Writer, WriterError};

/// The space of the store that keeps the book of segments, and its key there.
const SPACE: &str = "segments";
const BOOK: &str = "book";
/// Larger than the id of anybody.
const EVERYBODY: PersonId = PersonId(u64::MAX);
/// The fewest persons that a slice asks, as the first one does, and the most.
const PERSONS_A_SLICE: (usize, usize) = (16, 1_024);
/// After so many slices the place is noted: after a crash no more than these is done again.
pub(super) const SLICES_A_NOTE: u32 = 64;
/// Codes that events teach let everybody be asked anew this often at most.
const LESSONS_APART_MS: i64 = MINUTE;

/// The book of segments, and what the writer remembers of its work on it.
#[derive(Debug, Default)]
pub(super) struct Keeping {
    book: Book,
    /// Slices since the place was noted.
    slices: u32,
    /// How many persons the next slice asks; 0: there was none yet.
    persons: usize,
    /// Whether a product code was learned that segments may depend on.
    pub(super) learned: bool,
    /// When everybody was last asked anew for such a code.
    refreshed_at: Timestamp,
}

/// When product codes that were learned let everybody be asked anew.
#[derive(Clone, Copy, Debug)]
pub(super) struct Lessons {
    learned: bool,
    /// `None`: no segment minds them.
    due_at: Option<Timestamp>,
}

impl Lessons {
    /// Whether that is to be done at `now`, before which a batch may have `taught` codes.
    pub(super) fn are_due(self, taught: bool, now: Timestamp) -> bool {
        (self.learned || taught) && self.due_at.is_some_and(|due| due <= now)
    }
}

/// Persons next to each other by id.
pub(super) struct Slice {
    /// All of them, at least one.
    pub(super) ids: Vec<PersonId>,
    /// Those with whom there is something to do.
    pub(super) behind: Vec<PersonId>,
    /// Their rows, where the batch does not hold them anyway.
    pub(super) rows: Vec<Versioned>,
}

impl Keeping {
    /// The latest generation of segments.
    pub(super) fn generation(&self) -> u32 {
        self.book.generation
    }

    /// Whether segments are to be computed, and are for everybody up to `after`.
    pub(super) fn along(&self, after: PersonId) -> bool {
        self.book.computing() && self.book.after == after
    }

    /// Notes that segments were computed up to `last`, of `count` persons more.
    pub(super) fn advance(&mut self, last: PersonId, count: usize) {
        self.book.advance(last, u64::try_from(count).unwrap_or(u64::MAX));
    }
}

/// The book of segments of a store.
///
/// # Errors
/// If the store cannot be read.
pub(crate) fn stored_book<R: Reader>(reader: &R) -> Result<Book, StoreError> {
    let Some(bytes) = reader.get(SPACE, BOOK)? else { return Ok(Book::default()) };
    let damaged = || StoreError::Damaged { what: "the book of segments".to_owned() };
    Book::from_bytes(&bytes).ok_or_else(damaged)
}

impl<S: Store> Writer<S> {
    /// Reads the book again, and takes in what definitions it does not know yet.
    pub(super) fn reload_book(&mut self) -> Result<(), WriterError> {
        self.keeping.book = stored_book(&self.reader)?;
        // What was learned right before the last stop may not have been asked for.
        self.keeping.learned = true;
        let program = Program::clone(&self.program);
        self.program = Arc::new(self.stand(program, Timestamp::EARLIEST)?);
        Ok(())
    }

    /// The program with its segments standing; new and changed ones are to be computed.
    pub(super) fn stand(
        &mut self,
        mut program: Program,
        now: Timestamp,
    ) -> Result<Program, StoreError> {
        if self.purpose == Purpose::Rebuild {
            program.standing = Standing::default();
            return Ok(program);
        }
        let next = self.store.next_position();
        if self.keeping.book.take_in(&program, next, now) {
            self.note_place()?;
        }
        program.standing = self.keeping.book.stand(&program);
        Ok(program)
    }

    /// Whether aggregates or segments are still to be computed.
    #[must_use]
    pub fn computing(&self) -> bool {
        (self.keeping.book.computing() || self.aggregating()) && self.purpose == Purpose::Live
    }

    /// How far the computing of segments is; `None`: nothing is to be computed.
    ///
    /// # Errors
    /// If the store cannot be read.
    pub fn computed(&self) -> Result<Option<Progress>, WriterError> {
        Ok(self.keeping.book.progress(self.reader.totals()?.persons))
    }

    /// One slice of computing segments: a few milliseconds. Returns whether there is more to do.
    ///
    /// # Errors
    /// If the store fails; the slice is done again then.
    pub fn compute(&mut self, now: Timestamp) -> Result<bool, WriterError> {
        self.take_lessons(now)?;
        if self.aggregating() {
            self.aggregate(now)?;
            return Ok(true);
        }
        if !self.computing() {
            return Ok(false);
        }
        let (after, generation) = (self.keeping.book.after, self.keeping.generation());
        let begun = Instant::now();
        let limit = self.keeping.persons.max(PERSONS_A_SLICE.0);
        let behind = |record: &Record| record.membership.generation != generation;
        let Some(slice) = self.slice((after, EVERYBODY), limit, behind)? else {
            self.finish_computing()?;
            return Ok(false);
        };
        let Slice { ids, behind, rows } = slice;
        let last = *ids.last().expect("a slice is of somebody");
        if !behind.is_empty() {
            self.look_in_batch(|work, ground| {
                ground.hold(rows);
                work.look_at_segments(ground, &behind, now)
            })?;
        }
        self.keeping.advance(last, ids.len());
        self.keeping.slices += 1;
        if self.keeping.slices >= SLICES_A_NOTE {
            self.note_place()?;
        }
        self.keeping.persons = persons_a_slice(limit, begun.elapsed());
        Ok(true)
    }

    /// The next persons after `after`, and not after `end`, by ascending id, with those of whom `behind`
    /// holds; `None`: there are none.
    pub(super) fn slice(
        &mut self,
        (after, end): (PersonId, PersonId),
        limit: usize,
        behind: impl Fn(&Record) -> bool,
    ) -> Result<Option<Slice>, StoreError> {
        let mut slice = Slice { ids: Vec::new(), behind: Vec::new(), rows: Vec::new() };
        if let Some(aside) = &self.aside {
            let all = aside.carried.after(after, limit);
            slice.ids = all.iter().map(|(id, _)| *id).collect();
            let of = all.iter().filter(|(id, record)| *id <= end && behind(record));
            slice.behind = of.map(|(id, _)| *id).collect();
        } else {
            slice.rows = self.store.persons_after(after, limit)?;
            slice.ids = slice.rows.iter().map(|(id, ..)| *id).collect();
            slice.rows.retain(|(id, _, record)| *id <= end && behind(record));
            slice.behind = slice.rows.iter().map(|(id, ..)| *id).collect();
        }
        slice.ids.retain(|id| *id <= end);
        Ok((!slice.ids.is_empty()).then_some(slice))
    }

    /// When codes that a batch teaches are to be taken in.
    pub(super) fn lessons(&self) -> Lessons {
        let Keeping { learned, refreshed_at, .. } = self.keeping;
        let minded = Book::minds_lessons(&self.program.standing);
        Lessons { learned, due_at: minded.then(|| refreshed_at.plus(LESSONS_APART_MS)) }
    }

    /// A code that was learned may tell of which product an earlier purchase was.
    fn take_lessons(&mut self, now: Timestamp) -> Result<(), WriterError> {
        let due = now.since(self.keeping.refreshed_at) >= LESSONS_APART_MS;
        let live = self.purpose == Purpose::Live;
        if !self.keeping.learned || !due || !live || self.computing() {
            return Ok(());
        }
        self.keeping.learned = false;
        self.keeping.refreshed_at = now;
        if self.program.standing.segments.is_empty() {
            return Ok(());
        }
        let codes = self.reader.codes()?;
        if self.keeping.book.take_lessons(&codes, &self.program.standing) {
            self.note_place()?;
            self.stand_again();
        }
        Ok(())
    }

    fn finish_computing(&mut self) -> Result<(), WriterError> {
        for number in self.keeping.book.finish() {
            self.store.forget_segment(number)?;
        }
        self.note_place()?;
        self.stand_again();
        Ok(())
    }

    fn stand_again(&mut self) {
        let mut program = Program::clone(&self.program);
        program.standing = self.keeping.book.stand(&program);
        self.program = Arc::new(program);
    }

    pub(super) fn note_place(&mut self) -> Result<(), StoreError> {
        self.keeping.slices = 0;
        self.store.put(SPACE, BOOK, Some(&self.keeping.book.to_bytes()))
    }
}

/// How many persons the next slice asks, so that it takes four fifths of what it may, where the last
/// one took so long with so many: machines, segments and people differ too much for a fixed number.
pub(super) fn persons_a_slice(last: usize, took: Duration) -> usize {
    let wanted = SLICE.as_micros() * 4 / 5;
    let fit = u128::try_from(last).unwrap_or(0) * wanted / took.as_micros().max(1);
    let fit = usize::try_from(fit).unwrap_or(usize::MAX).clamp(last / 2, last * 2);
    fit.clamp(PERSONS_A_SLICE.0, PERSONS_A_SLICE.1)
}
