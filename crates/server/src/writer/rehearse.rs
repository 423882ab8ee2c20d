//! Many moments in one batch, for dry runs: what is due between arrivals happens at its moment, as
//! live, but nothing is written before the batch ends. A commit for each moment would cost more than
//! what it decides.
//!
//! **Invariant:** every arrival, look and outcome is taken in by the same [`Work`] methods, in the
//! same order and at the same moments as by [`crate::clockwork::Clockwork::arrive`]; where the batch
//! can not go on by itself it ends early.

use std::collections::VecDeque;

use regulars_engine::commit::{Logged, MessageKey};
use regulars_engine::decision::Message;
use regulars_engine::event::{Event, LogPosition, Mode};
use regulars_engine::identity::KeySalt;
use regulars_engine::journey::Outcome;
use regulars_engine::time::Timestamp;
use regulars_engine::work::{Accepted, Work};
use regulars_store::{Store, StoreError};

use super::agenda::Agenda;
use super::ground::{StoreGround, settle};
use super::wake::Waking;
use super::{Receipt, Writer, WriterError, reputation};

/// Events whose persons are read together: a batch that ends early has not read many in vain.
const READ_AHEAD: usize = 512;
/// How many persons are looked at together.
pub(crate) const LOOK_AT_ONCE: usize = 256;

/// An event that is to arrive at the moment it was received.
#[derive(Clone, Debug)]
pub(crate) struct Arrival {
    key: MessageKey,
    event: Event,
    /// Where it stands in the log that is played: see [`Writer::keep_aside`].
    from: Option<LogPosition>,
}

impl Arrival {
    /// An event that stands nowhere.
    pub(crate) fn new(salt: KeySalt, event: Event) -> Self {
        let key = MessageKey::of(salt, &event.source, &event.message_id);
        Self { key, event, from: None }
    }

    /// One of a log.
    pub(crate) fn of_log(logged: Logged) -> Self {
        Self { key: logged.key, event: logged.event, from: Some(logged.position) }
    }

    /// What happened.
    pub(crate) fn event(&self) -> &Event {
        &self.event
    }

    /// Is taken as history, which starts nothing.
    pub(crate) fn backfill(&mut self) {
        self.event.mode = Mode::Backfill;
    }
}

/// One batch over many moments.
struct Rehearsal<'r, 'w, 's, S: Store> {
    work: &'r mut Work<'w>,
    ground: &'r mut StoreGround<'s, S>,
    waking: &'r mut Waking,
    agenda: &'r mut Agenda,
    claims: VecDeque<Message>,
    now: Timestamp,
    /// How many looks the batch may still take.
    looks_left: usize,
}

impl<S: Store> Writer<S> {
    /// Lets events arrive at the moments they were received, which must ascend; whatever comes due
    /// before one of them happens first, and every message that is claimed goes out at once. Ends
    /// with the last event, before the next moment where more must be done than one batch can, or
    /// after `looks_max` looks. What is due at the moment of the last event is still to happen.
    ///
    /// `amid`: the batch before ended for its looks, between two arrivals; so does this one, if that is
    /// returned.
    ///
    /// # Errors
    /// If the store fails; then nothing of the batch was written.
    pub(crate) fn rehearse(
        &mut self,
        arrivals: &mut VecDeque<Arrival>,
        now: &mut Timestamp,
        (mut amid, looks_max): (bool, usize),
    ) -> Result<(Receipt, bool), WriterError> {
        let mut agenda = match self.agenda.take() {
            Some(agenda) => agenda,
            None => Agenda::of(&self.reader)?,
        };
        let mut waking = std::mem::take(&mut self.waking);
        let claimed = self.take_claimed();
        self.underway.end(claimed.iter().map(|message| message.id));
        let lessons = self.lessons();
        let mut receipt = Receipt::default();
        let played = self.batch(|work, ground| {
            let (waking, agenda, claims) = (&mut waking, &mut agenda, claimed.into());
            let looks_left = looks_max;
            let mut run = Rehearsal { work, ground, waking, agenda, claims, now: *now, looks_left };
            let mut alarms = false;
            let mut read = 0;
            while let Some(arrival) = arrivals.pop_front() {
                if read == 0 {
                    let next = std::iter::once(&arrival).chain(&*arrivals).take(READ_AHEAD);
                    read = 1 + arrivals.len().min(READ_AHEAD - 1);
                    run.work.read_ahead(run.ground, next.map(|next| (next.key, &next.event)))?;
                }
                read -= 1;
                let received_at = arrival.event.received_at;
                if received_at > run.now {
                    let due = alarms || lessons.are_due(run.work.taught(), run.now);
                    let ends = !amid && due;
                    if !ends {
                        amid = !(run.until(run.now)? && run.until(received_at.plus(-1))?);
                    }
                    if ends || amid {
                        arrivals.push_front(arrival);
                        break;
                    }
                    run.now = received_at;
                }
                let Arrival { key, event, from } = arrival;
                alarms |= reputation::may_alarm(&event);
                let mode = event.mode;
                match run.work.accept(run.ground, key, event, run.now)? {
                    Accepted::Logged(position) => {
                        from.into_iter().for_each(|from| run.ground.place(position, from, mode));
                        receipt.accepted += 1;
                    }
                    Accepted::Duplicate => receipt.duplicates += 1,
                    Accepted::Conflict => receipt.conflicts += 1,
                }
                run.note();
            }
            *now = run.now;
            // What was claimed last is settled by whoever goes on: it stays in the commit.
            run.claims.into_iter().for_each(|claim| run.work.put_back(claim));
            Ok(())
        });
        (self.agenda, self.waking) = (Some(agenda), waking);
        played.map(|()| (receipt, amid))
    }
}

impl<S: Store> Rehearsal<'_, '_, '_, S> {
    /// Remembers what was set in motion.
    fn note(&mut self) {
        let Self { work, waking, agenda, .. } = self;
        work.take_stirred(|id, record| agenda.note(id, record));
        work.take_spoken(|sources, name| {
            if let Some(feed) = sources.feeds.get(name) {
                waking.note_feed(sources, name, feed);
            }
        });
        self.claims.extend(work.take_claims());
    }

    /// Lets time go on until `end`: everything that is due by then happens at its moment. `false`: so
    /// much is due that the rest is another batch's.
    fn until(&mut self, end: Timestamp) -> Result<bool, StoreError> {
        self.settle()?;
        loop {
            let next = if self.waking.pending() { Some(self.now) } else { self.agenda.next_due() };
            let Some(due) = next.filter(|due| *due <= end) else { return Ok(true) };
            if self.looks_left == 0 {
                return Ok(false);
            }
            self.now = self.now.max(due);
            let (now, agenda) = (self.now, &*self.agenda);
            self.waking.wake(|name, through| Ok(agenda.waiting_for(name, through)))?;
            let persons = self.waking.next(LOOK_AT_ONCE, |limit| Ok(agenda.due(now, limit)))?;
            let looked = self.work.look(self.ground, &persons, now)?;
            self.waking.looked(looked);
            self.looks_left = self.looks_left.saturating_sub(persons.len().max(1));
            self.note();
            self.settle()?;
        }
    }

    /// What was claimed goes out.
    fn settle(&mut self) -> Result<(), StoreError> {
        while let Some(message) = self.claims.pop_front() {
            settle(self.work, self.ground, (message, Outcome::Sent), self.now)?;
            self.note();
        }
        Ok(())
    }
}
