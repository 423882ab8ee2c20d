//! Conditions that ask for what profiles do not keep yet: nothing is published, so it is read from the
//! log, for one person at a time; or for many of them in one way through the log.

use std::collections::HashSet;

use regulars_engine::condition::{Aggregates, Condition};
use regulars_engine::identity::{Class, IdentifierKey, KeySalt};
use regulars_engine::profile::{Figures, Standing};
use regulars_engine::program::Program;
use regulars_engine::record::Record;
use regulars_store::{Reader, SqliteReader, StoreError};

use crate::http::api::timeline_of;
use crate::stretches::{IN_ORDER, each_stretch, figures_of};

/// The most events read of one person; what lies behind is older than anybody asks for.
const EVENTS_MAX: usize = 100_000;

/// What a condition needs of single events.
pub(super) struct Unkept {
    needed: Aggregates,
    /// How many people were read from the log.
    pub(super) read: usize,
    /// Whose events were read in one way through the log, by what they hang on.
    asked: HashSet<IdentifierKey>,
    /// What they tell, by stretches of the log.
    told: Vec<Figures>,
}

/// Those who lack something of it.
#[derive(Default)]
pub(super) struct Lacking {
    anchors: HashSet<IdentifierKey>,
    /// Their events.
    events: u64,
}

impl Unkept {
    pub(super) fn of(condition: &Condition) -> Self {
        let needed = Aggregates::of([condition]);
        Self { needed, read: 0, asked: HashSet::new(), told: Vec::new() }
    }

    /// Whether profiles keep all of it, but for people whose profiles are still being computed.
    pub(super) fn kept(&self, program: &Program) -> bool {
        program.aggregates.lack(&self.needed) == 0
    }

    /// Notes whoever lacks something of it.
    pub(super) fn note(&self, salt: KeySalt, record: &Record, lacking: &mut Lacking) {
        if !record.profile.standing.complete(&self.needed) && !lent(record) {
            lacking.anchors.extend(anchors(salt, record));
            lacking.events += record.profile.events;
        }
    }

    /// Reads the log once for all of those who lack something, where that is less than reading what
    /// hangs on each of them.
    pub(super) fn read_log(
        &mut self,
        reader: &SqliteReader,
        lacking: Lacking,
    ) -> Result<(), StoreError> {
        if lacking.events.saturating_mul(IN_ORDER) < reader.next_position()?.0 {
            return Ok(());
        }
        self.told = each_stretch(reader, |reader, span| {
            figures_of(reader, span, &self.needed, Some(&lacking.anchors), || true)
        })?;
        self.asked = lacking.anchors;
        Ok(())
    }

    /// Lets a person's row answer, by whatever the log says of what the profile does not keep.
    pub(super) fn complete<R: Reader>(
        &mut self,
        reader: &R,
        record: &mut Record,
    ) -> Result<(), StoreError> {
        if record.profile.standing.complete(&self.needed) {
            return Ok(());
        }
        if let Some(told) = self.told_of(reader.salt(), record) {
            record.profile.standing.complete_with(told);
            return Ok(());
        }
        self.read += 1;
        let entries = timeline_of(reader, record, None, EVENTS_MAX)?;
        let stand = entries.iter().filter(|entry| entry.stands());
        let events = stand.map(|entry| &entry.logged.event);
        record.profile.standing.complete_from(events, &self.needed);
        Ok(())
    }

    /// What the way through the log told of a person; `None`: it was not for them, or they were joined
    /// with somebody since.
    fn told_of(&self, salt: KeySalt, record: &Record) -> Option<Standing> {
        if self.asked.is_empty() || lent(record) {
            return None;
        }
        let mut whole = Standing::begun(&self.needed);
        for anchor in anchors(salt, record) {
            if !self.asked.contains(&anchor) {
                return None;
            }
            self.told.iter().for_each(|figures| figures.tell(anchor, &mut whole));
        }
        Some(whole)
    }
}

/// What the events of a person hang on.
fn anchors(salt: KeySalt, record: &Record) -> impl Iterator<Item = IdentifierKey> {
    record.evidence.nodes.iter().map(move |node| node.identifier.key(salt))
}

/// Whether some of a person's events hang on a device that is not theirs: only they themselves tell which.
fn lent(record: &Record) -> bool {
    let evidence = &record.evidence;
    let of_others = |weak| !evidence.holds(weak);
    let mut edges = evidence.edges.iter();
    edges.any(|edge| edge.weak.kind.class() == Class::Device && of_others(&edge.weak))
}
