//! Computing standing aggregates: whoever lacks one that the definitions declare is given it, by what one
//! way through the log told of everybody; or is folded again from the log, through the same path as
//! everything else, where only the person's own events tell.

use std::collections::BTreeSet;

use super::keyed::KeyedMap;
use super::resolve::Component;
use super::{Ground, Purpose, Work};
use crate::condition::Aggregates;
use crate::event::LogPosition;
use crate::identity::{IdentifierKey, PersonId};
use crate::profile::{Figures, Stamp, Standing};
use crate::record::Record;
use crate::segment::Stale;
use crate::step::Input;
use crate::time::Timestamp;

/// What one way through the log told of aggregates that profiles lack.
///
/// **Invariant:** of everybody whom it was for it tells all events before `until` that stand, but for
/// what hangs on an anchor of which something was overtaken since.
#[derive(Debug)]
pub struct Beforehand {
    needed: Aggregates,
    until: LogPosition,
    /// On what the events of those hang whom it was for; `None`: it was for everybody.
    whom: Option<KeyedMap<IdentifierKey, ()>>,
    /// Of stretches of the log.
    figures: Vec<Figures>,
    overtaken: BTreeSet<IdentifierKey>,
}

/// How far a list of persons was completed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Completed {
    /// So many of the list were looked at; the others are left for another batch.
    pub looked: usize,
    /// So many of these were folded.
    pub folded: usize,
}

impl Beforehand {
    /// What a way through the log up to `until` told of `needed`, by stretches of it, of those whose
    /// events hang on `whom`.
    #[must_use]
    pub fn of(
        (needed, until): (Aggregates, LogPosition),
        whom: Option<impl IntoIterator<Item = IdentifierKey>>,
        mut figures: Vec<Figures>,
    ) -> Self {
        figures.iter_mut().for_each(Figures::settle);
        let whom = whom.map(|anchors| anchors.into_iter().map(|anchor| (anchor, ())).collect());
        Self { needed, until, whom, figures, overtaken: BTreeSet::new() }
    }

    /// Up to which position of the log it tells.
    #[must_use]
    pub fn until(&self) -> LogPosition {
        self.until
    }

    /// Notes that an event that hangs on `anchor` was overtaken: what was told of it may be of that.
    pub fn note_overtaken(&mut self, anchor: IdentifierKey) {
        self.overtaken.insert(anchor);
    }

    /// What was told of a person's events; `None`: not all of it.
    fn told(&self, anchors: &BTreeSet<IdentifierKey>) -> Option<Standing> {
        let asked = |anchor| self.whom.as_ref().is_none_or(|whom| whom.contains_key(anchor));
        if !anchors.iter().all(|anchor| asked(anchor) && !self.overtaken.contains(anchor)) {
            return None;
        }
        let mut told = Standing::begun(&self.needed);
        for figures in &self.figures {
            anchors.iter().for_each(|anchor| figures.tell(*anchor, &mut told));
        }
        Some(told)
    }
}

impl Work<'_> {
    /// Completes those of `persons` who lack an aggregate, and looks again at what runs for them: what
    /// was *being computed* is known then. Ends early once `alone` of them had to be folded again from
    /// their own events, which takes long.
    ///
    /// # Errors
    /// Those of the ground.
    pub fn complete<G: Ground>(
        &mut self,
        ground: &mut G,
        persons: &[PersonId],
        (beforehand, alone): (Option<&Beforehand>, usize),
        now: Timestamp,
    ) -> Result<Completed, G::Error> {
        self.need_persons(ground, persons)?;
        let mut done = Completed { looked: 0, folded: 0 };
        let mut left = alone;
        for person in persons {
            if left == 0 {
                break;
            }
            done.looked += 1;
            let lacks =
                |record: &Record| !record.profile.standing.complete(&self.program.aggregates);
            if !self.record(*person).is_some_and(lacks) {
                continue;
            }
            let told = match beforehand {
                Some(beforehand) => self.complete_by(ground, *person, beforehand)?,
                None => false,
            };
            if !told {
                left -= 1;
                if !self.complete_alone(ground, *person)? {
                    continue;
                }
            }
            done.folded += 1;
            if self.purpose == Purpose::Live {
                self.decide(ground, *person, Input::Joined, now)?;
            }
        }
        Ok(done)
    }

    /// Gives a person what they lack, by what was told beforehand and their events since; `false`: that
    /// is not all of it.
    fn complete_by<G: Ground>(
        &mut self,
        ground: &mut G,
        person: PersonId,
        beforehand: &Beforehand,
    ) -> Result<bool, G::Error> {
        let (program, needed) = (self.program, &beforehand.needed);
        let Some(Record { evidence, profile, .. }) = self.record(person) else { return Ok(false) };
        let known = |key| profile.standing.by_key.contains_key(&key) || needed.declare(key);
        if !program.aggregates.keys().all(known) || evidence.lends(&program.identity) {
            return Ok(false);
        }
        let anchors: BTreeSet<IdentifierKey> =
            evidence.nodes.iter().map(|node| self.key(&node.identifier)).collect();
        let Some(mut told) = beforehand.told(&anchors) else { return Ok(false) };
        self.each_event_from(ground, (&anchors, beforehand.until), |since| {
            if !since.overtaken {
                let event = &since.logged.event;
                told.fold(event, Stamp::of(event), needed);
            }
        })?;
        let record = self.change(person);
        record.profile.complete_with(told, &program.aggregates);
        if program.standing.generation != 0 {
            // What was unknown may have been asked: as after folding all again, everything is asked.
            record.membership.stale = Stale::Parted;
        }
        Ok(true)
    }

    /// Folds a person again from all events that hang on them.
    fn complete_alone<G: Ground>(
        &mut self,
        ground: &mut G,
        person: PersonId,
    ) -> Result<bool, G::Error> {
        let Some(record) = self.record(person) else { return Ok(false) };
        let Some(node) = record.evidence.nodes.first() else { return Ok(false) };
        let name = node.identifier.clone();
        let mut component = Component::default();
        let start = BTreeSet::from([person]);
        let found = self.read_on(ground, vec![person], &start, &mut component)?;
        let Some(index) = found.group_of(&name) else { return Ok(false) };
        let whole = found.groups[index].members.iter().all(|m| component.names.contains(m));
        if !whole {
            return Ok(false);
        }
        let rows = self.refold(ground, &component, &found, &BTreeSet::from([index]))?;
        self.write_rows(&found, rows);
        Ok(true)
    }
}
