//! One batch of work: events in, one commit out. The same code live, in imports, in dry runs, in
//! simulations and when everything is rebuilt from the log.
//!
//! A [`Work`] asks its [`Ground`] for what it touches, changes only what it holds, and gives back
//! a [`Commit`] that a store writes in one transaction. An error of the ground leaves nothing
//! half done: the work is thrown away.

mod accept;
mod by_hand;
mod carried;
mod complete;
mod decide;
mod household;
mod keyed;
mod likely;
mod link;
mod offer;
mod ongoing;
mod pair;
mod redeem;
mod refold;
mod resolve;
mod retract;
mod revisit;
mod rows;
mod turns;
mod twins;

use std::cell::OnceCell;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

pub use accept::Accepted;
pub use by_hand::{Gift, GiftBack, Gifted, TakingBack};
pub use carried::Carried;
pub use complete::{Beforehand, Completed};
pub use decide::{OWN_SOURCE, Transferred};
pub use household::{
    Bond, FOUND_MAX, Household, LivesWith, Neighbours, PEOPLE_MAX, READ_MAX, USERS_MAX, home_of,
    household,
};
pub use likely::{alike, likely_twins};
pub use link::KEY_CARDS_MAX;
pub use pair::{PossiblePair, Stake, described, possible_pair, stake, weighed};
pub use redeem::{Redeemed, Redemption};
pub use refold::fold_all;
pub use twins::{TWINS_MAX, likely, shared_values};

use self::keyed::KeyedMap;
use self::rows::Rows;
use crate::commit::{Commit, Counts, LinkKeyWrite, Logged, MessageKey, PersonWrite, Quarantined};
use crate::decision::{Decision, Message, MessageState};
use crate::event::LogPosition;
use crate::identity::link::{Linker, Model};
use crate::identity::{Identifier, IdentifierKey, KeySalt, PersonId, link as linking};
use crate::offer::{Code, CodeKey, Stock};
use crate::pace::Paces;
use crate::product::Catalogue;
use crate::program::Program;
use crate::record::Record;
use crate::source::{FeedName, Sources};
use crate::step::MayLeave;
use crate::time::Timestamp;

/// What is known of an accepted event by its key.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Seen {
    /// Where it is in the log.
    pub position: LogPosition,
    /// The hash of its content.
    pub content: u64,
}

/// Who holds an identifier.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Holder {
    /// Nobody yet.
    Nobody,
    /// This person.
    Person(PersonId),
    /// It was erased, and no import brings it back.
    Erased,
}

/// The log and the state as a batch of work reads them.
pub trait Ground {
    /// What reading may fail with.
    type Error;

    /// For each key, the accepted event that bears it.
    fn seen(&mut self, keys: &[MessageKey]) -> Result<Vec<Option<Seen>>, Self::Error>;
    /// For each key, who holds the identifier.
    fn holders(&mut self, keys: &[IdentifierKey]) -> Result<Vec<Holder>, Self::Error>;
    /// The rows of persons with their versions; an id that nobody bears is left out.
    fn persons(&mut self, ids: &[PersonId]) -> Result<Vec<(PersonId, u64, Record)>, Self::Error>;
    /// Where in the log the events are that hang on these anchors, ascending, each once.
    fn hanging(&mut self, anchors: &[IdentifierKey]) -> Result<Vec<LogPosition>, Self::Error>;
    /// The same, of those from a position on.
    fn hanging_from(
        &mut self,
        anchors: &[IdentifierKey],
        from: LogPosition,
    ) -> Result<Vec<LogPosition>, Self::Error> {
        let mut positions = self.hanging(anchors)?;
        positions.retain(|position| *position >= from);
        Ok(positions)
    }
    /// The events at these positions of the log, which ascend.
    fn events(&mut self, positions: &[LogPosition]) -> Result<Vec<Logged>, Self::Error>;
    /// The event at a position of the log.
    fn event(&mut self, position: LogPosition) -> Result<Logged, Self::Error>;
    /// Where an id leads whose event was erased or redacted: to whoever holds an identifier, or to nobody.
    /// `None`: its event says so itself.
    ///
    /// # Errors
    /// Those of the ground.
    fn led_to(&mut self, id: PersonId) -> Result<Option<Option<IdentifierKey>>, Self::Error> {
        let _ = id;
        Ok(None)
    }
    /// The id of whoever an identifier first named in an event that was erased since; `None`: nothing of that
    /// kind is known, and who is named anew has a new id.
    fn first_named(&self, key: IdentifierKey) -> Option<PersonId> {
        let _ = key;
        None
    }
    /// The next newer version of the document at a position; `None`: it stands.
    fn overtaken_by(&mut self, position: LogPosition) -> Result<Option<LogPosition>, Self::Error>;
    /// For each key of linking, the cards found by it: those with the smallest identifier keys,
    /// ascending, at most `limit`.
    fn link_members(
        &mut self,
        keys: &[u64],
        limit: usize,
    ) -> Result<Vec<Vec<IdentifierKey>>, Self::Error>;
    /// The code of an offer under a key.
    fn offer_code(&mut self, key: CodeKey) -> Result<Option<Code>, Self::Error>;
    /// The codes that were used for an order, by the keyed hash of its key.
    fn codes_of_order(&mut self, order: u64) -> Result<Vec<(CodeKey, Code)>, Self::Error>;
    /// The codes in the pool of an offer with the smallest keys above `after`, at most `limit`.
    fn free_codes(
        &mut self,
        offer: &str,
        after: Option<CodeKey>,
        limit: usize,
    ) -> Result<Vec<(CodeKey, Code)>, Self::Error>;
}

/// Whether a batch decides, or only rebuilds what the log says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Purpose {
    /// Events may start, end and move journeys.
    Live,
    /// Only what is derived from the log is built.
    Rebuild,
}

/// A row that the batch holds.
#[derive(Debug)]
struct Held {
    /// `None`: nobody bears this id any more. Boxed: rows are large, and taken out for each step.
    record: Option<Box<Record>>,
    read_version: u64,
    changed: bool,
    /// Whether it changed since it was last told of: see [`Work::take_stirred`].
    stirred: bool,
}

impl Held {
    /// Notes that it changed.
    fn stir(&mut self, id: PersonId, stirred: &mut Vec<PersonId>) {
        self.changed = true;
        if !self.stirred {
            self.stirred = true;
            stirred.push(id);
        }
    }
}

/// One batch of work.
#[derive(Debug)]
pub struct Work<'w> {
    program: &'w Program,
    catalogue: &'w mut Catalogue,
    sources: &'w mut Sources,
    salt: KeySalt,
    sending: MayLeave,
    room: usize,
    purpose: Purpose,
    next: LogPosition,
    stock: &'w mut Stock,
    random: u128,
    pace: Option<&'w mut Paces>,
    /// The last code that was taken out of each pool.
    drawn: BTreeMap<String, CodeKey>,
    /// When what is being accepted arrived.
    now: Timestamp,
    holders: KeyedMap<IdentifierKey, Option<PersonId>>,
    moved: BTreeMap<IdentifierKey, Option<PersonId>>,
    erased: BTreeSet<IdentifierKey>,
    seen: KeyedMap<MessageKey, Option<Seen>>,
    persons: Rows,
    /// Rows of batches before that nobody has asked for yet.
    resting: carried::Resting,
    /// Whose rows are stirred.
    stirred: Vec<PersonId>,
    /// Feeds that spoke since they were last told of.
    spoken: BTreeSet<FeedName>,
    /// Those that were told of.
    told_of: BTreeSet<FeedName>,
    /// So many messages of the commit were looked through for claims.
    claims_told: usize,
    counts: BTreeMap<String, Counts>,
    /// Versions of documents, each with the one that took its place.
    overtaken: BTreeMap<LogPosition, LogPosition>,
    /// The latest moment at which anything was decided.
    at: Timestamp,
    model: Option<&'w Model>,
    linker: OnceCell<Arc<Linker<'w>>>,
    /// Cards that may have to be linked anew.
    unsettled: BTreeSet<Identifier>,
    /// As what a card was last linked, where it has changed since.
    linked_as: BTreeMap<Identifier, Option<linking::Record>>,
    /// By which keys of homes a card was found, where it has changed since.
    housed_as: BTreeMap<Identifier, BTreeSet<u64>>,
    /// The event that is being taken in, while cards are linked that it changed.
    arriving: Option<Logged>,
    /// By which keys cards are found, as far as this batch changed it.
    link_keys: BTreeMap<(u64, IdentifierKey), bool>,
    commit: Commit,
}

/// What a batch works on and with.
#[derive(Debug)]
pub struct Setting<'w> {
    /// The live definitions.
    pub program: &'w Program,
    /// Products; the batch teaches it.
    pub catalogue: &'w mut Catalogue,
    /// Feeds; the batch moves them.
    pub sources: &'w mut Sources,
    /// The secret that keys hashes.
    pub salt: KeySalt,
    /// What may be sent.
    pub sending: MayLeave,
    /// How many messages the batch may claim: as many as can leave at once. What finds no room
    /// stays due, so that it is looked at once more when there is.
    pub room: usize,
    /// Whether it decides.
    pub purpose: Purpose,
    /// The log position of the next event.
    pub next: LogPosition,
    /// What there is of offers; the batch takes from it.
    pub stock: &'w mut Stock,
    /// Random bits that nobody knows and no other batch gets, to make codes of.
    pub random: u128,
    /// What was claimed lately; the batch counts its claims. `None`: no limit on pace counts.
    pub pace: Option<&'w mut Paces>,
    /// What records are linked with; `None`: nobody is linked by likeness.
    pub model: Option<&'w Model>,
}

impl<'w> Work<'w> {
    /// Begins a batch.
    #[must_use]
    pub fn begin(setting: Setting<'w>) -> Self {
        let Setting { program, catalogue, sources, salt, sending, room, purpose, .. } = setting;
        let Setting { next, stock, random, pace, model, .. } = setting;
        Self {
            program,
            catalogue,
            sources,
            salt,
            sending,
            room,
            purpose,
            next,
            stock,
            random,
            pace,
            drawn: BTreeMap::new(),
            now: Timestamp::EARLIEST,
            holders: KeyedMap::default(),
            moved: BTreeMap::new(),
            erased: BTreeSet::new(),
            seen: KeyedMap::default(),
            persons: Rows::default(),
            resting: carried::Resting::new(),
            stirred: Vec::new(),
            spoken: BTreeSet::new(),
            told_of: BTreeSet::new(),
            claims_told: 0,
            counts: BTreeMap::new(),
            overtaken: BTreeMap::new(),
            at: Timestamp::default(),
            model,
            linker: OnceCell::new(),
            unsettled: BTreeSet::new(),
            linked_as: BTreeMap::new(),
            housed_as: BTreeMap::new(),
            arriving: None,
            link_keys: BTreeMap::new(),
            commit: Commit::default(),
        }
    }

    /// What the batch has decided so far, in order.
    #[must_use]
    pub fn decided(&self) -> &[Decision] {
        &self.commit.decisions
    }

    /// Takes back the messages that the batch settled so far, in order: whoever gives the batch up
    /// settles them otherwise.
    pub fn take_settled(&mut self) -> Vec<Message> {
        let mut messages = std::mem::take(&mut self.commit.messages);
        messages.retain(|message| message.state != MessageState::Claimed);
        messages
    }

    /// Keeps what could not be understood, to be repaired.
    pub fn quarantine(&mut self, rejected: Quarantined) {
        self.counts.entry(rejected.source.clone()).or_default().quarantined += 1;
        self.commit.quarantine.push(rejected);
    }

    /// Ends the batch: everything it changes. The positions it used are those of its events.
    #[must_use]
    pub fn finish(mut self) -> Commit {
        for (person, held) in self.persons.into_sorted() {
            // A person that came and went within the batch was never written.
            let never = held.record.is_none() && held.read_version == 0;
            if held.changed && !never {
                self.commit.persons.push(PersonWrite {
                    person,
                    read_version: held.read_version,
                    record: held.record.map(|record| *record),
                });
            }
        }
        self.commit.overtaken = self.overtaken.into_iter().collect();
        self.commit.identifiers = self.moved.into_iter().collect();
        let written = self.link_keys.into_iter();
        self.commit.link_keys =
            written.map(|((key, card), found)| LinkKeyWrite { key, card, found }).collect();
        self.spoken.append(&mut self.told_of);
        for name in self.spoken {
            if let Some(feed) = self.sources.feeds.get(&name) {
                self.commit.feeds.push((name, feed.clone()));
            }
        }
        self.commit.paced = self.pace.map(Paces::take_changed).unwrap_or_default();
        self.commit.counts = self.counts.into_iter().collect();
        self.commit.at = self.at;
        self.commit
    }

    /// What records are linked with, made ready once; `None`: nobody is linked by likeness.
    fn linker(&self) -> Option<Arc<Linker<'w>>> {
        let model = self.model?;
        Some(Arc::clone(self.linker.get_or_init(|| Arc::new(Linker::new(model)))))
    }

    fn key(&self, identifier: &Identifier) -> IdentifierKey {
        identifier.key(self.salt)
    }

    /// Makes sure that the holders of these keys are at hand.
    fn need_holders<G: Ground>(
        &mut self,
        ground: &mut G,
        keys: &[IdentifierKey],
    ) -> Result<(), G::Error> {
        let missing: Vec<IdentifierKey> =
            keys.iter().copied().filter(|key| !self.holders.contains_key(key)).collect();
        if !missing.is_empty() {
            let found = ground.holders(&missing)?;
            for (key, holder) in missing.into_iter().zip(found) {
                let person = match holder {
                    Holder::Person(person) => Some(person),
                    Holder::Nobody => None,
                    Holder::Erased => {
                        self.erased.insert(key);
                        None
                    }
                };
                self.holders.insert(key, person);
            }
        }
        Ok(())
    }

    /// Makes sure that the rows of these persons are at hand.
    fn need_persons<G: Ground>(
        &mut self,
        ground: &mut G,
        ids: &[PersonId],
    ) -> Result<(), G::Error> {
        let mut missing: Vec<PersonId> =
            ids.iter().copied().filter(|id| !self.persons.contains(*id)).collect();
        if !self.resting.is_empty() {
            missing.retain(|id| !self.wake(*id));
        }
        if !missing.is_empty() {
            for (id, read_version, record) in ground.persons(&missing)? {
                let record = Some(Box::new(record));
                let held = Held { record, read_version, changed: false, stirred: false };
                self.persons.insert(id, held);
            }
        }
        Ok(())
    }

    fn holder(&self, key: IdentifierKey) -> Option<PersonId> {
        self.holders.get(&key).copied().flatten()
    }

    fn record(&self, id: PersonId) -> Option<&Record> {
        self.persons.get(id)?.record.as_deref()
    }

    fn set_holder(&mut self, key: IdentifierKey, person: Option<PersonId>) {
        if self.holders.insert(key, person) != Some(person) {
            self.moved.insert(key, person);
        }
    }

    /// The row of a person, marked as changed.
    ///
    /// # Panics
    /// If the row is not at hand: callers ask for it first.
    fn change(&mut self, id: PersonId) -> &mut Record {
        let held = self.persons.get_mut(id).expect("the row was asked for");
        held.stir(id, &mut self.stirred);
        held.record.as_deref_mut().expect("a person that is changed is there")
    }

    fn put(&mut self, id: PersonId, record: Record) {
        let none = Held { record: None, read_version: 0, changed: false, stirred: false };
        let held = self.persons.get_or_insert(id, none);
        held.record = Some(Box::new(record));
        held.stir(id, &mut self.stirred);
    }

    fn retire(&mut self, id: PersonId) -> Option<Record> {
        let held = self.persons.get_mut(id)?;
        held.stir(id, &mut self.stirred);
        if let Some(pace) = &mut self.pace {
            pace.note_turns(id, std::iter::empty(), &[]);
        }
        held.record.take().map(|record| *record)
    }
}
