//! Reading ahead: what profiles lack is read from the log beside the writer, in one way through it for
//! as many people as there is memory for, so that the writer only writes it down.

use std::collections::HashSet;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{Receiver, RecvTimeoutError, sync_channel};
use std::thread::JoinHandle;
use std::time::Duration;

use regulars_engine::commit::Commit;
use regulars_engine::condition::Aggregates;
use regulars_engine::event::LogPosition;
use regulars_engine::identity::{IdentifierKey, PersonId};
use regulars_engine::profile::{Figures, Profile};
use regulars_engine::work::Beforehand;
use regulars_store::{Reader, Store, StoreError};

use super::Writer;
use super::standing::DONE;
use crate::memory;
use crate::stretches::{IN_ORDER, each_stretch_by, figures_of, threads};

/// Logs up to this length are not worth a thread: whoever lacks something is folded from their own events.
const SHORT: u64 = 2_000;
/// Persons looked at in one snapshot.
const PERSONS_AT_ONCE: usize = 1_000;
/// Figures are kept at once in this part of the memory that is left: other work goes on beside.
const MEMORY_PART: u64 = 4;
/// So many figures at once where the system does not tell how much is left, and the most in any case:
/// 800 MB of them.
const FIGURES: (u64, u64) = (2_000_000, 16_000_000);
/// How long a slice waits for what is being read: what is live waits as long at most.
const WAIT: Duration = Duration::from_millis(1);

/// What was read for some people.
#[derive(Debug)]
pub(super) struct Part {
    /// `None`: it is not worth it, and everybody is folded from their own events.
    pub(super) told: Option<Beforehand>,
    /// It is for everybody up to this id.
    pub(super) last: PersonId,
}

impl Part {
    const ALONE: Self = Self { told: None, last: DONE };

    fn note_overtaken(&mut self, anchor: IdentifierKey) {
        if let Some(told) = &mut self.told {
            told.note_overtaken(anchor);
        }
    }
}

/// A part that is being read, or was.
#[derive(Debug)]
pub(super) enum Ahead {
    /// It is being read.
    Reading(Reading),
    /// It was.
    Read(Part),
}

/// Threads that read the log. They end before this does.
#[derive(Debug)]
pub(super) struct Reading {
    until: LogPosition,
    /// Anchors of which something was overtaken since it began.
    overtaken: Vec<IdentifierKey>,
    stop: Arc<AtomicBool>,
    answer: Receiver<Result<Option<Part>, StoreError>>,
    thread: Option<JoinHandle<()>>,
}

impl Drop for Reading {
    fn drop(&mut self) {
        self.stop.store(true, Ordering::Relaxed);
        if let Some(thread) = self.thread.take() {
            drop(thread.join());
        }
    }
}

impl<S: Store> Writer<S> {
    /// Takes what was read ahead for whoever comes after `after`; begins to read it if nobody does.
    /// `None`: it is being read.
    ///
    /// # Errors
    /// If the store cannot be read.
    pub(super) fn take_part(&mut self, after: PersonId) -> Result<Option<Part>, StoreError> {
        let ahead = match self.ahead.take() {
            Some(ahead) => ahead,
            None if self.aside.is_some() || self.store.next_position().0 <= SHORT => {
                return Ok(Some(Part::ALONE));
            }
            None => Ahead::Reading(self.begin_reading(after)?),
        };
        let reading = match ahead {
            Ahead::Read(part) => return Ok(Some(part)),
            Ahead::Reading(reading) => reading,
        };
        match reading.answer.recv_timeout(WAIT) {
            Err(RecvTimeoutError::Timeout) => {
                self.ahead = Some(Ahead::Reading(reading));
                Ok(None)
            }
            Ok(read) => {
                let read = read.inspect_err(|_| self.put_back(Part::ALONE));
                let mut part = read?.unwrap_or(Part::ALONE);
                reading.overtaken.iter().for_each(|anchor| part.note_overtaken(*anchor));
                Ok(Some(part))
            }
            // It ended by a panic of ours.
            Err(RecvTimeoutError::Disconnected) => Ok(Some(Part::ALONE)),
        }
    }

    /// Puts back what was taken, for the next slice.
    pub(super) fn put_back(&mut self, part: Part) {
        self.ahead = Some(Ahead::Read(part));
    }

    /// Notes what a commit takes back of what was read, or is being read.
    pub(super) fn note_overtaken(&mut self, commit: &Commit) {
        for (old, _) in &commit.overtaken {
            let until = match &self.ahead {
                Some(Ahead::Reading(reading)) => reading.until,
                Some(Ahead::Read(Part { told: Some(told), .. })) => told.until(),
                Some(Ahead::Read(_)) | None => return,
            };
            if *old >= until {
                continue;
            }
            match (self.store.event(*old), &mut self.ahead) {
                (Ok(logged), Some(Ahead::Reading(reading))) => {
                    reading.overtaken.extend(logged.anchor);
                }
                (Ok(logged), Some(Ahead::Read(part))) => {
                    logged.anchor.into_iter().for_each(|anchor| part.note_overtaken(anchor));
                }
                // Then nobody knows of whom: all is read again.
                (Err(_), _) | (Ok(_), None) => self.ahead = None,
            }
        }
    }

    fn begin_reading(&self, after: PersonId) -> Result<Reading, StoreError> {
        let until = self.store.next_position();
        let readers: Result<Vec<S::Reader>, StoreError> =
            (0..threads()).map(|_| self.store.reader()).collect();
        let readers = readers?;
        let stop = Arc::new(AtomicBool::new(false));
        let way = Way { needed: self.needed(), until, stop: Arc::clone(&stop) };
        let (sender, answer) = sync_channel(1);
        let begun = std::thread::Builder::new().name("read ahead".to_owned()).spawn(move || {
            // Nobody may want it any more.
            drop(sender.send(way.read(readers, after)));
        });
        let thread = begun.map_err(|source| StoreError::File {
            doing: "start a thread for",
            path: std::path::PathBuf::from("the log"),
            source,
        })?;
        Ok(Reading { until, overtaken: Vec::new(), stop, answer, thread: Some(thread) })
    }
}

/// One way through the log.
struct Way {
    needed: Aggregates,
    until: LogPosition,
    stop: Arc<AtomicBool>,
}

impl Way {
    /// Reads a part; `None`: nobody wants it any more.
    fn read<R: Reader>(
        &self,
        readers: Vec<R>,
        after: PersonId,
    ) -> Result<Option<Part>, StoreError> {
        let left = memory::available().unwrap_or(0) / MEMORY_PART / Figures::ENTRY_BYTES;
        let most = left.clamp(FIGURES.0, FIGURES.1);
        let bound = self.until.0.saturating_mul(self.needed.most_about() as u64);
        let (mut whom, mut last) = (None, DONE);
        // Where what everybody did fits, nobody is looked at.
        if bound > most {
            let Some(found) = self.whom(&readers[0], after, most)? else { return Ok(None) };
            if found.last == DONE && found.figures.saturating_mul(IN_ORDER) < self.until.0 {
                return Ok(Some(Part::ALONE));
            }
            (whom, last) = (Some(found.anchors), found.last);
        }
        let wanted = || !self.stop.load(Ordering::Relaxed);
        let figures = each_stretch_by(readers, self.until, |reader, span| {
            figures_of(reader, span, &self.needed, whom.as_ref(), wanted)
        })?;
        if !wanted() {
            return Ok(None);
        }
        let told = Beforehand::of((self.needed.clone(), self.until), whom, figures);
        Ok(Some(Part { told: Some(told), last }))
    }

    /// So many people after `after` that lack something that there are no more figures than `most`.
    fn whom<R: Reader>(
        &self,
        reader: &R,
        after: PersonId,
        most: u64,
    ) -> Result<Option<Whom>, StoreError> {
        let salt = reader.salt();
        let mut whom = Whom { anchors: Anchors::new(), figures: 0, last: after };
        while !self.stop.load(Ordering::Relaxed) {
            let rows = reader.persons_after(whom.last, PERSONS_AT_ONCE)?;
            if rows.is_empty() {
                return Ok(Some(Whom { last: DONE, ..whom }));
            }
            for (id, _, record) in rows {
                if record.profile.events > 0 && !record.profile.standing.complete(&self.needed) {
                    let figures = whom.figures.saturating_add(self.most_of(&record.profile));
                    if figures > most && whom.last != after {
                        return Ok(Some(whom));
                    }
                    whom.figures = figures;
                    let nodes = record.evidence.nodes.iter();
                    whom.anchors.extend(nodes.map(|node| node.identifier.key(salt)));
                }
                whom.last = id;
            }
        }
        Ok(None)
    }

    /// How many figures there may be of a person.
    fn most_of(&self, profile: &Profile) -> u64 {
        if profile.activity.len() >= Profile::KINDS_MAX {
            return profile.events.saturating_mul(self.needed.most_about() as u64);
        }
        let about = |kind| self.needed.number_about(kind) as u64;
        profile.activity.iter().map(|(kind, activity)| activity.count * about(kind)).sum()
    }
}

/// On what events hang.
type Anchors = HashSet<IdentifierKey>;

/// For whom a part is read.
struct Whom {
    anchors: Anchors,
    /// How many figures there may be of them.
    figures: u64,
    last: PersonId,
}
