//! The log of a dry run beside a store: the events of that store in the order in which they arrive
//! here, and what the dry run committed to itself. What the store has is read there again when somebody
//! asks for it, which joining and parting people does; nothing of it is written a second time.

use std::collections::{BTreeMap, HashMap};
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::sync::{Mutex, PoisonError};

use regulars_engine::commit::{Logged, MessageKey};
use regulars_engine::event::{LogPosition, Mode};
use regulars_engine::identity::IdentifierKey;
use regulars_engine::work::Seen;
use regulars_store::{Reader, SqliteReader, StoreError};

/// An event of the store, where it stands here.
#[derive(Clone, Copy, Debug)]
pub(super) struct Placed {
    /// Its position in the log of the dry run.
    pub(super) position: LogPosition,
    /// Its position in the log of the store.
    pub(super) from: LogPosition,
    /// As what it arrived.
    pub(super) mode: Mode,
}

/// What stands at a position.
#[derive(Clone, Copy, Debug)]
enum Place {
    /// An event of the store's log.
    Stored(LogPosition, Mode),
    /// One that stands there no more than here: the so manieth of [`Past::own`].
    Own(usize),
}

/// The log of a dry run. Some 50 bytes an event of the store, and its own events whole.
#[derive(Debug)]
pub(super) struct Past {
    log: SqliteReader,
    places: Vec<Place>,
    own: Vec<Logged>,
    /// Numbers of own events by what they hang on.
    own_by_anchor: HashMap<IdentifierKey, Vec<usize>>,
    /// For each position of the store, less one, the position here; 0: it has not arrived.
    arrived: Vec<u64>,
    /// The latest position of each message key, by the key's first half.
    latest: HashMap<u64, u64>,
    overtaken: BTreeMap<LogPosition, LogPosition>,
    sweeper: Sweeper,
}

/// Empties lists of events beside whoever filled them: letting go of thousands of events takes as long as
/// a good part of deciding on them.
#[derive(Debug)]
struct Sweeper {
    full: SyncSender<Vec<Logged>>,
    emptied: Mutex<Receiver<Vec<Logged>>>,
}

impl Sweeper {
    /// So many lists wait to be emptied, and so many to be filled.
    const LISTS_MAX: usize = 2;

    /// Begins a thread, which ends with this.
    fn begin() -> Self {
        let (full, inbox) = sync_channel::<Vec<Logged>>(Self::LISTS_MAX);
        let (outbox, emptied) = sync_channel(Self::LISTS_MAX);
        std::thread::spawn(move || {
            for mut events in inbox {
                events.clear();
                // Nobody may want it: then its memory goes too.
                drop(outbox.try_send(events));
            }
        });
        Self { full, emptied: Mutex::new(emptied) }
    }

    /// Takes a list; returns one that is empty.
    fn swap(&mut self, events: Vec<Logged>) -> Vec<Logged> {
        // It ends no sooner than this; were it gone, the list would be emptied here.
        drop(self.full.send(events));
        let emptied = self.emptied.get_mut().unwrap_or_else(PoisonError::into_inner);
        emptied.try_recv().unwrap_or_default()
    }
}

impl Past {
    /// Nothing has arrived yet of the log that `log` reads.
    pub(super) fn of(log: SqliteReader) -> Result<Self, StoreError> {
        let length = usize::try_from(log.next_position()?.0).unwrap_or(usize::MAX);
        Ok(Self {
            log,
            places: Vec::with_capacity(length),
            own: Vec::new(),
            own_by_anchor: HashMap::new(),
            arrived: vec![0; length],
            latest: HashMap::with_capacity(length),
            overtaken: BTreeMap::new(),
            sweeper: Sweeper::begin(),
        })
    }

    /// The position of the next event.
    pub(super) fn next(&self) -> LogPosition {
        LogPosition(self.places.len() as u64 + 1)
    }

    /// Appends the events of a commit; `placed` are those of them that the store has, in their order.
    /// Returns an empty list for the next commit.
    pub(super) fn append(
        &mut self,
        events: Vec<Logged>,
        overtaken: &[(LogPosition, LogPosition)],
        placed: &[Placed],
    ) -> Vec<Logged> {
        let mut placed = placed.iter().peekable();
        for logged in &events {
            debug_assert_eq!(logged.position, self.next(), "positions ascend without gaps");
            self.latest.insert(first_half(logged.key), logged.position.0);
            let place = placed.next_if(|placed| placed.position == logged.position);
            let place = match place {
                Some(placed) => {
                    if let Some(slot) = index(placed.from).and_then(|at| self.arrived.get_mut(at)) {
                        *slot = logged.position.0;
                    }
                    Place::Stored(placed.from, placed.mode)
                }
                None => {
                    if let Some(anchor) = logged.anchor {
                        self.own_by_anchor.entry(anchor).or_default().push(self.own.len());
                    }
                    self.own.push(logged.clone());
                    Place::Own(self.own.len() - 1)
                }
            };
            self.places.push(place);
        }
        self.overtaken.extend(overtaken.iter().copied());
        self.sweeper.swap(events)
    }

    /// For each key, the event that bears it.
    pub(super) fn seen(&self, keys: &[MessageKey]) -> Result<Vec<Option<Seen>>, StoreError> {
        let seen = |key: &MessageKey| {
            let Some(position) = self.latest.get(&first_half(*key)) else { return Ok(None) };
            let logged = self.event(LogPosition(*position))?;
            let same = logged.key == *key;
            Ok(same.then_some(Seen { position: logged.position, content: logged.event.content }))
        };
        keys.iter().map(seen).collect()
    }

    /// The event at a position.
    pub(super) fn event(&self, position: LogPosition) -> Result<Logged, StoreError> {
        self.events(&[position])?.pop().ok_or_else(|| missing(position))
    }

    fn place(&self, position: LogPosition) -> Result<&Place, StoreError> {
        let place = index(position).and_then(|at| self.places.get(at));
        place.ok_or_else(|| missing(position))
    }

    /// Where the events are that hang on these anchors, ascending, each once.
    pub(super) fn hanging(
        &self,
        anchors: &[IdentifierKey],
    ) -> Result<Vec<LogPosition>, StoreError> {
        let stored = self.log.hanging(anchors)?.into_iter();
        let mut positions: Vec<LogPosition> =
            stored.filter_map(|from| self.place_of(from)).collect();
        let own = anchors.iter().filter_map(|anchor| self.own_by_anchor.get(anchor)).flatten();
        positions.extend(own.map(|number| self.own[*number].position));
        positions.sort_unstable();
        positions.dedup();
        Ok(positions)
    }

    /// The events at these positions, in their order.
    pub(super) fn events(&self, positions: &[LogPosition]) -> Result<Vec<Logged>, StoreError> {
        let mut stored = Vec::new();
        for position in positions {
            if let Place::Stored(from, _) = *self.place(*position)? {
                stored.push(from);
            }
        }
        // A frame of the log holds many events: they are read in the order in which they stand there.
        stored.sort_unstable();
        let read = self.log.events(&stored)?.into_iter();
        let mut found: HashMap<LogPosition, Logged> =
            read.map(|entry| (entry.logged.position, entry.logged)).collect();
        let event = |position: &LogPosition| match *self.place(*position)? {
            Place::Own(number) => Ok(self.own[number].clone()),
            Place::Stored(from, mode) => {
                let logged = found.remove(&from).ok_or_else(|| missing(*position))?;
                Ok(here(logged, *position, mode))
            }
        };
        positions.iter().map(event).collect()
    }

    /// The next newer version of the document at a position; `None`: it stands.
    pub(super) fn overtaken_by(&self, position: LogPosition) -> Option<LogPosition> {
        self.overtaken.get(&position).copied()
    }

    /// Where an event of the store stands here; `None`: it has not arrived.
    fn place_of(&self, from: LogPosition) -> Option<LogPosition> {
        let position = *self.arrived.get(index(from)?)?;
        (position > 0).then_some(LogPosition(position))
    }
}

/// An event as it arrived here.
fn here(logged: Logged, position: LogPosition, mode: Mode) -> Logged {
    let mut logged = Logged { position, ..logged };
    logged.event.mode = mode;
    logged
}

fn missing(position: LogPosition) -> StoreError {
    StoreError::Damaged { what: format!("the event at {}", position.0) }
}

/// The place of a position in a list of all; `None`: the position is none.
fn index(position: LogPosition) -> Option<usize> {
    usize::try_from(position.0.checked_sub(1)?).ok()
}

fn first_half(key: MessageKey) -> u64 {
    u64::try_from(key.0 >> 64).unwrap_or_default()
}
