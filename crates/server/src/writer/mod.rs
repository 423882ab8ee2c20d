//! The writer: the one hand that changes the log and the state. Loads, lets the engine work,
//! commits, and only then answers. Live, in imports, in dry runs and when everything is rebuilt.
//!
//! **Invariant:** it reads no clock; `now` is an argument of everything that decides.

mod agenda;
mod ahead;
mod aside;
mod erase;
mod ground;
mod offers;
mod pace;
mod past;
mod publish;
mod rebuild;
mod rehearse;
mod reputation;
mod request;
mod segments;
mod standing;
mod underway;
mod wake;
mod walk;

use std::collections::BTreeMap;
use std::sync::Arc;

use regulars_engine::commit::{Commit, MessageKey, Quarantined};
use regulars_engine::decision::{Decision, Message, MessageState};
use regulars_engine::event::Event;
use regulars_engine::identity::link::Model;
use regulars_engine::identity::{IdentifierKey, KeySalt, PersonId};
use regulars_engine::journey::Outcome;
use regulars_engine::offer::Stock;
use regulars_engine::pace::Paces;
use regulars_engine::product::Catalogue;
use regulars_engine::program::Program;
use regulars_engine::record::Record;
use regulars_engine::source::Sources;
use regulars_engine::time::Timestamp;
use regulars_engine::work::{Accepted, Purpose, Setting, Work};
use regulars_store::{CommitError, MessageFilter, Reader, Sending, Store, StoreError};

use crate::linkage::stored_model;
use crate::secret::random_bits;
use crate::sending::may_leave;
use ground::StoreGround;
pub use offers::{Asked, Bound, Pooled, attempts_since};
pub use publish::{
    ObjectChange, PublishError, SegmentChange, segment_text, stored_program, with_own, would_change,
};
pub(crate) use publish::{made_here, older_form, surroundings, with_change, with_draft};
pub use rebuild::GoOn;
pub(crate) use rebuild::rebuild_as;
pub use rebuild::{Progress, rebuild, stray_member};
pub(crate) use rehearse::{Arrival, LOOK_AT_ONCE};
use segments::Keeping;
pub(crate) use segments::stored_book;
pub use underway::Heard;
use underway::Underway;

/// What the writer may fail with.
#[derive(Debug, thiserror::Error)]
pub enum WriterError {
    /// The store could not be read.
    #[error("could not read what the batch touches")]
    Read(#[from] StoreError),
    /// The store did not take the batch; nothing of it was written.
    #[error("could not write the batch")]
    Write(#[from] CommitError),
}

/// What became of a batch of events.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Receipt {
    /// Events that are in the log now.
    pub accepted: u64,
    /// Repeats of events that were there.
    pub duplicates: u64,
    /// Repeated ids with other content, where the first stays.
    pub conflicts: u64,
    /// What could not be understood and is kept for repair.
    pub quarantined: u64,
}

impl Receipt {
    /// Adds another batch's.
    pub fn add(&mut self, other: Self) {
        self.accepted += other.accepted;
        self.duplicates += other.duplicates;
        self.conflicts += other.conflicts;
        self.quarantined += other.quarantined;
    }
}

/// What becomes of what a batch changes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Keep {
    /// It is written.
    Written,
    /// It is forgotten: somebody only wanted to know what would come of it.
    Nothing,
}

/// What one sender sent: events with their keys, and what could not be understood.
pub type Parcel = (Vec<(MessageKey, Event)>, Vec<Quarantined>);

/// A message to be delivered.
#[derive(Debug)]
pub struct Claim {
    /// The message.
    pub message: Message,
    /// Its person, as the last look saw them; `None`: their row is to be read.
    pub record: Option<Record>,
    /// Whether something was heard of the person since.
    pub heard: Heard,
}

/// The one hand that writes.
#[derive(Debug)]
pub struct Writer<S: Store> {
    // Closed before the store: whoever closes last puts the store in order.
    /// What is being read for work over everybody, or was.
    ahead: Option<ahead::Ahead>,
    reader: S::Reader,
    store: S,
    program: Arc<Program>,
    /// What records are linked with.
    model: Arc<Model>,
    /// After whom everybody is being looked at again, if they are.
    walk: Option<PersonId>,
    catalogue: Catalogue,
    sources: Sources,
    /// What there is of offers, as the counters of the store say.
    stock: Stock,
    /// What was claimed lately, where messages leave from here; `None`: no limit on pace counts.
    pace: Option<Paces>,
    /// The limits under which whoever waits for a turn is still to be asked again.
    asking_again: Option<String>,
    salt: KeySalt,
    sending: Sending,
    /// How mail is received.
    heard: reputation::Heard,
    purpose: Purpose,
    /// Feeds that have spoken, and whoever waited for their word.
    waking: wake::Waking,
    /// Who is due and who waits, where one batch stays open over many moments.
    agenda: Option<agenda::Agenda>,
    /// What batches change, where it is kept in memory for the next one.
    aside: Option<aside::Aside>,
    /// How many messages may be on their way at once.
    slots: usize,
    /// Which are: claimed, and not settled yet.
    underway: Underway,
    /// Whether a batch looks at persons or notes what became of messages, and hears of nobody.
    looking: bool,
    /// Messages claimed by the last commits, for the deliverer to fetch.
    claimed: Vec<Claim>,
    /// Whether a commit asked that staff be told by e-mail.
    staff_mail: bool,
    /// Whether other programs are to be told something, or may be again.
    calls: bool,
    /// Decisions of the last commits, where somebody asked to hear them.
    decided: Option<Vec<Decision>>,
    /// Where the program is reached from outside, for a shop that does not state it.
    base_url: String,
    /// Whether nobody is there to deliver what would be claimed.
    held: bool,
    /// Which segments are kept, and how far new ones are computed.
    keeping: Keeping,
    /// How far standing aggregates are computed.
    standing: standing::Place,
    /// Where everything is built again: what was first named by events that were erased since.
    named: BTreeMap<IdentifierKey, PersonId>,
}

impl<S: Store> Writer<S> {
    /// Takes a store into hand, with the definitions that are published in it.
    ///
    /// # Errors
    /// If the store cannot be read.
    pub fn open(store: S, purpose: Purpose) -> Result<Self, WriterError> {
        let reader = store.reader()?;
        let salt = store.salt();
        let mut writer = Self {
            ahead: None,
            store,
            reader,
            program: Arc::new(Program::default()),
            model: Arc::new(Model::before_training()),
            walk: None,
            catalogue: Catalogue::default(),
            sources: Sources::default(),
            stock: Stock::default(),
            pace: None,
            asking_again: None,
            salt,
            sending: Sending::Off,
            heard: reputation::Heard::default(),
            purpose,
            waking: wake::Waking::default(),
            agenda: None,
            aside: None,
            slots: usize::MAX,
            underway: Underway::default(),
            looking: false,
            claimed: Vec::new(),
            staff_mail: false,
            calls: false,
            decided: None,
            base_url: String::new(),
            held: false,
            keeping: Keeping::default(),
            standing: standing::Place::NOTHING,
            named: BTreeMap::new(),
        };
        writer.reload()?;
        // What a feed said before the last stop may not have woken everybody who waited for it.
        for (name, feed) in writer.sources.feeds.clone() {
            writer.note_feed(&name, &feed);
        }
        writer.note_sending();
        writer.go_on_erasing()?;
        Ok(writer)
    }

    /// Reads again what is kept in memory: definitions, feeds, product codes, the sending switch.
    fn reload(&mut self) -> Result<(), WriterError> {
        self.program = Arc::new(self.reachable(publish::stored_program(&self.reader)?));
        self.model = stored_model(&self.reader)?;
        self.walk = walk::stored_walk(&self.reader)?;
        (self.catalogue, self.sources) = surroundings(&self.reader, &self.program)?;
        self.stock = self.reader.stock()?;
        self.reload_pace()?;
        self.sending = self.reader.sending()?;
        self.heard = reputation::Heard::stored(&self.reader)?;
        self.reload_book()?;
        Ok(self.note_aggregates()?)
    }

    /// The live definitions.
    #[must_use]
    pub fn program(&self) -> &Arc<Program> {
        &self.program
    }

    /// What records are linked with.
    #[must_use]
    pub fn model(&self) -> &Arc<Model> {
        &self.model
    }

    /// What is known of feeds.
    #[must_use]
    pub fn sources(&self) -> &Sources {
        &self.sources
    }

    /// Products, declared and learned.
    #[must_use]
    pub fn catalogue(&self) -> &Catalogue {
        &self.catalogue
    }

    /// The secret that keys hashes.
    #[must_use]
    pub fn salt(&self) -> KeySalt {
        self.salt
    }

    /// The store, for what is no batch: settings, keys, backups.
    pub fn store(&mut self) -> &mut S {
        &mut self.store
    }

    /// The store's reading side, as the writer uses it.
    #[must_use]
    pub fn reader(&self) -> &S::Reader {
        &self.reader
    }

    /// Switches sending on or off.
    ///
    /// # Errors
    /// If the store fails.
    pub fn set_sending(&mut self, sending: Sending) -> Result<(), WriterError> {
        self.store.set_sending(sending)?;
        if sending == Sending::On {
            self.count_anew();
        }
        self.sending = sending;
        self.note_sending();
        self.staff_mail = true;
        self.calls = true;
        Ok(())
    }

    /// Claims nothing from now on, and leaves the switch as it is: for work that has nobody to
    /// deliver. Whatever is due waits for the next start.
    pub fn hold_sending(&mut self) {
        self.held = true;
    }

    /// States where the program is reached from outside, for a shop that does not say so itself.
    pub fn set_base_url(&mut self, url: &str) {
        url.trim_end_matches('/').clone_into(&mut self.base_url);
        let program = Program::clone(&self.program);
        self.program = Arc::new(self.reachable(program));
    }

    /// The program with an address that links in messages can begin with.
    fn reachable(&self, mut program: Program) -> Program {
        if program.shop.base_url.is_empty() {
            program.shop.base_url.clone_from(&self.base_url);
        }
        program
    }

    /// Messages claimed since the last call, to be delivered and settled.
    pub fn take_claimed(&mut self) -> Vec<Message> {
        self.take_claims().into_iter().map(|claim| claim.message).collect()
    }

    /// The same with their persons, so that nobody need read those again.
    pub(crate) fn take_claims(&mut self) -> Vec<Claim> {
        std::mem::take(&mut self.claimed)
    }

    /// Whether since the last call staff are to be told by e-mail what a journey asks for.
    pub(crate) fn take_staff_mail(&mut self) -> bool {
        std::mem::take(&mut self.staff_mail)
    }

    /// Lets whoever tells other programs look again at what waits.
    pub fn wake_calls(&mut self) {
        self.calls = true;
    }

    /// Whether since the last call other programs are to be told something.
    pub(crate) fn take_calls(&mut self) -> bool {
        std::mem::take(&mut self.calls)
    }

    /// States how many messages may be on their way at once; without a word, any number.
    pub fn set_slots(&mut self, slots: usize) {
        self.slots = slots;
    }

    /// How many messages may be claimed now: more would only wait for their turn, and nobody would
    /// look at them again before they go.
    #[must_use]
    pub fn room(&self) -> usize {
        if self.walk.is_some() {
            // Who may be whom is not all known before everybody was looked at again.
            return 0;
        }
        if self.held {
            return 0;
        }
        self.slots.saturating_sub(self.underway.len())
    }

    /// Decisions since the last call; from the first call on they are kept for the next.
    pub fn take_decided(&mut self) -> Vec<Decision> {
        if let Some(aside) = &mut self.aside {
            aside.taken();
        }
        self.decided.replace(Vec::new()).unwrap_or_default()
    }

    /// Accepts events and keeps what could not be understood: durable when it returns.
    ///
    /// # Errors
    /// If the store fails; then nothing of the batch was written, and it may be sent again.
    pub fn accept(
        &mut self,
        events: Vec<Event>,
        rejected: Vec<Quarantined>,
        now: Timestamp,
    ) -> Result<Receipt, WriterError> {
        let salt = self.salt;
        let keyed: Vec<(MessageKey, Event)> = events
            .into_iter()
            .map(|event| (MessageKey::of(salt, &event.source, &event.message_id), event))
            .collect();
        self.accept_keyed(keyed, rejected, now)
    }

    fn accept_keyed(
        &mut self,
        events: Vec<(MessageKey, Event)>,
        rejected: Vec<Quarantined>,
        now: Timestamp,
    ) -> Result<Receipt, WriterError> {
        let receipts = self.accept_together(vec![(events, rejected)], now)?;
        Ok(receipts.into_iter().next().unwrap_or_default())
    }

    /// Accepts what several senders sent, in one commit, with a receipt for each.
    ///
    /// # Errors
    /// If the store fails; then nothing of any of them was written.
    pub fn accept_together(
        &mut self,
        parcels: Vec<Parcel>,
        now: Timestamp,
    ) -> Result<Vec<Receipt>, WriterError> {
        let mut receipts = Vec::with_capacity(parcels.len());
        self.batch(|work, ground| {
            let all = parcels.iter().flat_map(|(events, _)| events);
            work.read_ahead(ground, all.map(|(key, event)| (*key, event)))?;
            for (events, rejected) in parcels {
                let mut receipt = Receipt::default();
                receipt.quarantined += u64::try_from(rejected.len()).unwrap_or(u64::MAX);
                for (key, event) in events {
                    match work.accept(ground, key, event, now)? {
                        Accepted::Logged(_) => receipt.accepted += 1,
                        Accepted::Duplicate => receipt.duplicates += 1,
                        Accepted::Conflict => receipt.conflicts += 1,
                    }
                }
                for rejection in rejected {
                    work.quarantine(rejection);
                }
                receipts.push(receipt);
            }
            Ok(())
        })?;
        Ok(receipts)
    }

    /// Notes what became of a message; `message` carries what was rendered and what the provider said.
    ///
    /// # Errors
    /// If the store fails.
    pub fn settle(
        &mut self,
        message: Message,
        outcome: Outcome,
        now: Timestamp,
    ) -> Result<(), WriterError> {
        self.settle_together(vec![(message, outcome)], now)
    }

    /// Notes what became of several messages, in one commit.
    ///
    /// # Errors
    /// If the store fails; then none is noted, and all stay claimed.
    pub fn settle_together(
        &mut self,
        settled: Vec<(Message, Outcome)>,
        now: Timestamp,
    ) -> Result<(), WriterError> {
        self.underway.end(settled.iter().map(|(message, _)| message.id));
        self.note_settled(settled, now)
    }

    /// The same, of messages that are counted as on their way no more.
    fn note_settled(
        &mut self,
        settled: Vec<(Message, Outcome)>,
        now: Timestamp,
    ) -> Result<(), WriterError> {
        self.look_in_batch(|work, ground| {
            settled.into_iter().try_for_each(|one| ground::settle(work, ground, one, now))
        })
    }

    /// Starts again as after a sudden end: what was only in memory is gone, the store is as the last
    /// commit left it, and messages that were on their way are uncertain. The definitions stay.
    ///
    /// # Errors
    /// If the store fails.
    pub fn restart(&mut self, now: Timestamp) -> Result<usize, WriterError> {
        self.claimed.clear();
        self.waking.clear();
        self.underway = Underway::default();
        self.reload_pace()?;
        let program = Arc::clone(&self.program);
        self.wake_paced(&program)?;
        (self.catalogue, self.sources) = surroundings(&self.reader, &self.program)?;
        self.sending = self.reader.sending()?;
        for (name, feed) in self.sources.feeds.clone() {
            self.note_feed(&name, &feed);
        }
        self.note_sending();
        self.settle_interrupted(now)
    }

    /// After a start: messages that were on their way when the program ended. Nobody knows whether
    /// they went out; they count as sent and are never repeated.
    ///
    /// # Errors
    /// If the store fails.
    pub fn settle_interrupted(&mut self, now: Timestamp) -> Result<usize, WriterError> {
        // Whoever goes on from such a message may be due for another: that is no message of the last run.
        let held = std::mem::replace(&mut self.held, true);
        let settled = self.settle_claimed(now);
        self.held = held;
        settled
    }

    fn settle_claimed(&mut self, now: Timestamp) -> Result<usize, WriterError> {
        let filter =
            MessageFilter { state: Some(MessageState::Claimed), ..MessageFilter::default() };
        let mut settled = 0;
        loop {
            let caught = self.reader.messages(&filter, 100)?;
            if caught.is_empty() {
                return Ok(settled);
            }
            settled += caught.len();
            let uncertain = caught.into_iter().map(|mut message| {
                "the program ended while it was on its way".clone_into(&mut message.note);
                (message, Outcome::Uncertain)
            });
            self.settle_together(uncertain.collect(), now)?;
        }
    }

    /// Looks at persons: their moment has come, or a feed's word has arrived. Returns how many of
    /// them it looked at before there was no room for another message.
    fn look(&mut self, persons: &[PersonId], now: Timestamp) -> Result<usize, WriterError> {
        self.look_in_batch(|work, ground| work.look(ground, persons, now))
    }

    /// A batch in which nothing is heard of anybody.
    fn look_in_batch<T>(
        &mut self,
        run: impl FnOnce(&mut Work<'_>, &mut StoreGround<'_, S>) -> Result<T, StoreError>,
    ) -> Result<T, WriterError> {
        self.looking = true;
        let done = self.batch(run);
        self.looking = false;
        done
    }

    /// One batch: begin, work, commit. On any failure what is in memory is read again, so that
    /// nothing half done stays.
    fn batch<T>(
        &mut self,
        run: impl FnOnce(&mut Work<'_>, &mut StoreGround<'_, S>) -> Result<T, StoreError>,
    ) -> Result<T, WriterError> {
        self.batch_kept(Keep::Written, run)
    }

    /// The same, where what it changes may also be forgotten.
    fn batch_kept<T>(
        &mut self,
        keep: Keep,
        run: impl FnOnce(&mut Work<'_>, &mut StoreGround<'_, S>) -> Result<T, StoreError>,
    ) -> Result<T, WriterError> {
        let room = self.room();
        let mut aside = self.aside.take();
        let next =
            aside.as_ref().map_or_else(|| self.store.next_position(), |aside| aside.past.next());
        let mut work = Work::begin(Setting {
            program: &self.program,
            catalogue: &mut self.catalogue,
            sources: &mut self.sources,
            stock: &mut self.stock,
            random: random_bits(),
            pace: self.pace.as_mut(),
            salt: self.salt,
            sending: may_leave(self.sending),
            room,
            purpose: self.purpose,
            next,
            // Nobody is linked by likeness before a model was put into force.
            model: (self.model.generation > 0).then_some(&*self.model),
        });
        let carried = aside.as_mut().map(|aside| std::mem::take(&mut aside.carried));
        carried.into_iter().for_each(|carried| work.take_up(carried));
        let past = aside.as_ref().map(|aside| &aside.past);
        let mut ground = StoreGround::new(&mut self.store, &self.reader, past, &self.named);
        let worked = run(&mut work, &mut ground).map_err(WriterError::from);
        let placed = ground.into_placed();
        if let Some(mut aside) = aside {
            if let Some(agenda) = &mut self.agenda {
                work.take_stirred(|id, record| agenda.note(id, record));
            }
            let commit;
            (commit, aside.carried) = work.lay_down(aside.awake_max);
            return self.end_aside(aside, worked, commit, &placed);
        }
        let commit = work.finish();
        if keep == Keep::Nothing {
            self.reload()?;
            return worked;
        }
        let written = worked.and_then(|done| self.write(&commit).map(|()| done));
        if written.is_err() {
            self.reload()?;
        } else {
            self.hear(&commit.events);
            let codes = !commit.offer_codes.is_empty();
            self.note(commit);
            if codes {
                self.stock = self.reader.stock()?;
            }
        }
        written
    }

    fn write(&mut self, commit: &Commit) -> Result<(), WriterError> {
        if !commit.empty() {
            self.store.commit(commit)?;
        }
        Ok(())
    }

    /// Remembers what a commit set in motion.
    fn note(&mut self, commit: Commit) {
        self.note_lacking(&commit);
        self.note_overtaken(&commit);
        self.keeping.learned |= !commit.codes.is_empty();
        for (name, feed) in &commit.feeds {
            self.note_feed(name, feed);
        }
        self.calls |= !commit.calls.is_empty();
        if let Some(agenda) = &mut self.agenda {
            for write in &commit.persons {
                agenda.note(write.person, write.record.as_ref());
            }
        }
        self.staff_mail |= commit.notices.iter().any(|notice| notice.mail_due);
        if let Some(decided) = &mut self.decided {
            decided.extend(commit.decisions);
        }
        let mut persons = commit.persons;
        if !self.looking {
            self.underway.heard_of(persons.iter().map(|row| row.person));
        }
        for message in commit.messages {
            if message.state == MessageState::Claimed {
                let mut rows = persons.iter_mut().filter(|row| row.person == message.person);
                let record = rows.next().and_then(|row| row.record.take());
                let heard = self.underway.begin(&message);
                self.claimed.push(Claim { message, record, heard });
            }
        }
    }
}
