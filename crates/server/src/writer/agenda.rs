//! Who is due and who waits, in memory: for a writer that lets many moments go by in one batch, while
//! the store knows only how things were before it.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use regulars_engine::identity::PersonId;
use regulars_engine::record::Record;
use regulars_engine::source::FeedName;
use regulars_engine::time::Timestamp;
use regulars_store::{Reader, StoreError};

/// How many persons are read at once.
const READ_AT_ONCE: usize = 1_000;

/// Persons by what they wait for. Some 100 bytes for each of them.
#[derive(Debug, Default)]
pub(super) struct Agenda {
    dues: BTreeSet<(Timestamp, PersonId)>,
    waits: BTreeMap<FeedName, BTreeSet<(Timestamp, PersonId)>>,
    noted: HashMap<PersonId, Noted>,
}

/// What a person waits for.
#[derive(Debug, Default, PartialEq)]
struct Noted {
    due_at: Option<Timestamp>,
    waits_for: Vec<(FeedName, Timestamp)>,
}

impl Agenda {
    /// That of everybody in a store.
    pub(super) fn of<R: Reader>(reader: &R) -> Result<Self, StoreError> {
        let mut agenda = Self::default();
        let mut after = PersonId(0);
        loop {
            let persons = reader.persons_after(after, READ_AT_ONCE)?;
            let Some((last, _, _)) = persons.last() else { return Ok(agenda) };
            after = *last;
            for (id, _, record) in &persons {
                agenda.note(*id, Some(record));
            }
        }
    }

    /// Notes what a person waits for from here on; `None`: nobody bears the id any more.
    pub(super) fn note(&mut self, id: PersonId, record: Option<&Record>) {
        let due_at = record.and_then(Record::due_at);
        let waits_for = record.map(Record::waits_for).unwrap_or_default();
        // Most of whom something is heard wait for what they waited for.
        let same = match self.noted.get(&id) {
            Some(noted) => noted.due_at == due_at && same_waits(&noted.waits_for, &waits_for),
            None => due_at.is_none() && waits_for.is_empty(),
        };
        if same {
            return;
        }
        let waits_for: Vec<(FeedName, Timestamp)> =
            waits_for.into_iter().map(|(feed, until)| (feed.clone(), until)).collect();
        let noted = Noted { due_at, waits_for };
        let before = if noted == Noted::default() {
            self.noted.remove(&id).unwrap_or_default()
        } else {
            let (due_at, waits_for) = (noted.due_at, noted.waits_for.clone());
            self.noted.insert(id, Noted { due_at, waits_for }).unwrap_or_default()
        };
        if before.due_at != noted.due_at {
            before.due_at.map(|at| self.dues.remove(&(at, id)));
            noted.due_at.map(|at| self.dues.insert((at, id)));
        }
        if before.waits_for != noted.waits_for {
            for (feed, at) in before.waits_for {
                self.waits.get_mut(&feed).map(|waits| waits.remove(&(at, id)));
            }
            for (feed, at) in noted.waits_for {
                self.waits.entry(feed).or_default().insert((at, id));
            }
        }
    }

    /// Up to `limit` persons whose moment has come, the longest due first: what
    /// [`regulars_store::Store::due`] would tell.
    pub(super) fn due(&self, now: Timestamp, limit: usize) -> Vec<PersonId> {
        let come = self.dues.iter().take_while(|(at, _)| *at <= now);
        come.take(limit).map(|(_, id)| *id).collect()
    }

    /// The earliest due moment of anybody.
    pub(super) fn next_due(&self) -> Option<Timestamp> {
        self.dues.first().map(|(at, _)| *at)
    }

    /// Persons who wait for a feed that is complete up to a moment, the earliest need first: what
    /// [`regulars_store::Store::waiting_for`] would tell.
    pub(super) fn waiting_for(&self, feed: &FeedName, complete_to: Timestamp) -> Vec<PersonId> {
        let waits = self.waits.get(feed).into_iter().flatten();
        let come = waits.take_while(|(at, _)| *at <= complete_to);
        let mut known = BTreeSet::new();
        come.map(|(_, id)| *id).filter(|id| known.insert(*id)).collect()
    }
}

fn same_waits(held: &[(FeedName, Timestamp)], waits: &[(&FeedName, Timestamp)]) -> bool {
    held.iter().map(|(feed, until)| (feed, *until)).eq(waits.iter().copied())
}
