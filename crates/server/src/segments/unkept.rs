//! Conditions that ask for what profiles do not keep yet: nothing is published, so it is read from the
//! log, for one person at a time; or for many of them in one way through the log.

use std::collections::{HashMap, HashSet};

use regulars_engine::condition::{Aggregates, Condition};
use regulars_engine::identity::{Class, IdentifierKey, KeySalt};
use regulars_engine::profile::{Stamp, Standing};
use regulars_engine::program::Program;
use regulars_engine::record::Record;
use regulars_store::{Entry, Reader, SqliteReader, StoreError};

use crate::http::api::timeline_of;
use crate::stretches::{each_entry, each_stretch};

/// The most events read of one person; what lies behind is older than anybody asks for.
const EVENTS_MAX: usize = 100_000;
/// So many events of a log are read in order in the time in which one is looked up.
const IN_ORDER: u64 = 6;

/// What a condition needs of single events.
pub(super) struct Unkept {
    needed: Aggregates,
    /// How many people were read from the log.
    pub(super) read: usize,
    /// Whose events were read in one way through the log, by what they hang on.
    asked: HashSet<IdentifierKey>,
    /// What they tell; where there are none of them, nothing.
    told: HashMap<IdentifierKey, Standing>,
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
        Self { needed, read: 0, asked: HashSet::new(), told: HashMap::new() }
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
        if lacking.events * IN_ORDER < reader.next_position()?.0 {
            return Ok(());
        }
        let needed = &self.needed;
        let found = each_stretch(reader, |reader, span| {
            let mut found: HashMap<IdentifierKey, Standing> = HashMap::new();
            each_entry(reader, span, |entry| {
                let Some(anchor) = entry.logged.anchor else { return };
                let event = &entry.logged.event;
                if stands(entry) && needed.concern(&event.kind) && lacking.anchors.contains(&anchor)
                {
                    let told = found.entry(anchor).or_insert_with(|| Standing::begun(needed));
                    told.fold(event, Stamp::of(event), needed);
                }
            })?;
            Ok(found)
        })?;
        self.asked = lacking.anchors;
        for (anchor, standing) in found.into_iter().flatten() {
            self.told.entry(anchor).or_insert_with(|| Standing::begun(needed)).merge(standing);
        }
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
        let stand = entries.iter().filter(|entry| stands(entry));
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
            self.told.get(&anchor).into_iter().for_each(|told| whole.merge(told.clone()));
        }
        Some(whole)
    }
}

/// Whether an event counts.
fn stands(entry: &Entry) -> bool {
    !entry.erased && entry.overtaken_by.is_none()
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
