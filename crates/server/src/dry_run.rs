//! Dry runs: definitions and a history on a virtual clock, through the same writer and the same
//! step as live. Nothing is sent, and nothing is kept.

use std::ops::Range;
use std::sync::Arc;
use std::sync::mpsc::sync_channel;

use regulars_engine::commit::Commit;
use regulars_engine::decision::{Decision, Verdict};
use regulars_engine::event::{Event, Kind, LogPosition};
use regulars_engine::journey::Outcome;
use regulars_engine::offer::{Code, CodeState, CodeWrite, Codes};
use regulars_engine::program::Program;
use regulars_engine::time::Timestamp;
use regulars_engine::work::{OWN_SOURCE, Purpose};
use regulars_store::{Reader, Sending, SqliteReader, SqliteStore, Store, StoreError};

use crate::clockwork::Clockwork;
use crate::stretches::{each_heading, each_stretch};
use crate::writer::{Arrival, Receipt, Writer, WriterError};
use crate::{linkage, scores};

/// A dry run in progress: a store in memory on a virtual clock.
#[derive(Debug)]
pub struct DryRun {
    clockwork: Clockwork,
}

impl DryRun {
    /// Begins a dry run of these definitions.
    ///
    /// # Errors
    /// If a store in memory cannot be made.
    pub fn begin(program: Program) -> Result<Self, WriterError> {
        Self::begin_in(SqliteStore::in_memory()?, program)
    }

    /// Begins one beside a store: its people bear the same ids, draw the same lots, are linked and
    /// scored by the models in force there, and get codes of the same pools.
    ///
    /// # Errors
    /// If the store cannot be read, or one in memory cannot be made.
    pub fn begin_beside(reader: &SqliteReader, mut program: Program) -> Result<Self, WriterError> {
        let mut store = SqliteStore::in_memory()?.with_salt(reader.salt())?;
        let model = reader.get(linkage::SPACE, linkage::MODEL)?;
        store.put(linkage::SPACE, linkage::MODEL, model.as_deref())?;
        fill_pools(&mut store, reader, &program)?;
        if program.scores.is_none() {
            program.scores = scores::stored(reader)?.map(|(_, model)| Arc::new(model));
        }
        let mut begun = Self::begin_in(store, program)?;
        begun.clockwork.writer().keep_aside(reader.again()?)?;
        Ok(begun)
    }

    fn begin_in(mut store: SqliteStore, program: Program) -> Result<Self, WriterError> {
        store.set_sending(Sending::On)?;
        let mut writer = Writer::open(store, Purpose::Live)?;
        writer.borrow_program(program)?;
        writer.take_decided();
        let clockwork = Clockwork::begin(writer, Box::new(|_, _| Outcome::Sent));
        Ok(Self { clockwork })
    }

    /// The definitions it runs.
    #[must_use]
    pub fn program(&self) -> &Arc<Program> {
        self.clockwork.program()
    }

    /// The writer with the state that has come about, to look at.
    pub fn writer(&mut self) -> &mut Writer<SqliteStore> {
        self.clockwork.writer()
    }

    /// What became of the events so far.
    #[must_use]
    pub fn receipt(&self) -> Receipt {
        self.clockwork.receipt()
    }

    /// Lets events arrive that were received at the same moment. What was due before happens
    /// first; what is due at that very moment happens after. Moments must not go back.
    ///
    /// # Errors
    /// If the store in memory fails.
    pub fn arrive(
        &mut self,
        events: Vec<Event>,
        received_at: Timestamp,
    ) -> Result<Vec<Decision>, WriterError> {
        self.clockwork.arrive(events, received_at)?;
        Ok(decided(&mut self.clockwork))
    }

    /// Lets events arrive each at the moment it was received, those of one moment together: as
    /// [`DryRun::arrive`], in half the time where thousands are given at once. They must be in that
    /// order. What is due at the last moment happens with what comes next, since more may arrive at
    /// the same one.
    ///
    /// # Errors
    /// If the store in memory fails.
    pub fn play(&mut self, events: Vec<Event>) -> Result<Vec<Decision>, WriterError> {
        let arrivals = self.arrivals_of(events);
        self.clockwork.play(arrivals)?;
        Ok(decided(&mut self.clockwork))
    }

    fn arrivals_of(&mut self, events: Vec<Event>) -> Vec<Arrival> {
        let salt = self.clockwork.writer().salt();
        events.into_iter().map(|event| Arrival::new(salt, event)).collect()
    }

    /// Takes at most so many looks in one commit of [`DryRun::play`]: see [`Clockwork::set_looks`].
    pub fn set_looks(&mut self, most: usize) {
        self.clockwork.set_looks(most);
    }

    /// Keeps so many rows of people at hand between batches, and packs the rest: memory grows with them,
    /// and what is decided is the same.
    pub fn set_rows(&mut self, most: usize) {
        self.clockwork.writer().set_awake(most);
    }

    /// Lets time go on until `end`: everything that is due by then happens at its moment.
    ///
    /// # Errors
    /// If the store in memory fails.
    pub fn go_on_until(&mut self, end: Timestamp) -> Result<Vec<Decision>, WriterError> {
        self.clockwork.go_on_until(end)?;
        Ok(decided(&mut self.clockwork))
    }

    /// The same, where what is decided is told moment by moment, in the state of then; `tell` says
    /// whether to go on. `false`: it said no.
    ///
    /// # Errors
    /// If the store in memory fails; else what `tell` fails with.
    pub fn go_on_while<E: From<WriterError>>(
        &mut self,
        end: Timestamp,
        tell: &mut Tell<'_, E>,
    ) -> Result<bool, E> {
        self.clockwork.go_on_while(end, &mut |clockwork| tell_decided(clockwork, tell))
    }

    /// Lets events arrive as [`DryRun::play`] does. `each`: what is decided is told moment by moment, in
    /// the state of then, which takes longer. `false`: `tell` said no.
    ///
    /// # Errors
    /// If the store in memory fails; else what `tell` fails with.
    pub fn tell_of<E: From<WriterError>>(
        &mut self,
        events: Vec<Event>,
        each: bool,
        tell: &mut Tell<'_, E>,
    ) -> Result<bool, E> {
        let arrivals = self.arrivals_of(events);
        self.tell_all(arrivals, each, tell)
    }

    fn tell_all<E: From<WriterError>>(
        &mut self,
        arrivals: Vec<Arrival>,
        each: bool,
        tell: &mut Tell<'_, E>,
    ) -> Result<bool, E> {
        if !each {
            self.clockwork.play(arrivals)?;
            return tell_decided(&mut self.clockwork, tell);
        }
        let mut arrivals = arrivals.into_iter().peekable();
        while let Some(first) = arrivals.next() {
            let at = first.event().received_at;
            if at > self.clockwork.now()
                && !self
                    .clockwork
                    .run_while(at.plus(-1), &mut |clockwork| tell_decided(clockwork, tell))?
            {
                return Ok(false);
            }
            let mut moment = vec![first];
            let same = |next: &Arrival| next.event().received_at == at;
            moment.extend(std::iter::from_fn(|| arrivals.next_if(same)));
            self.clockwork.play_moment(moment)?;
            if !tell_decided(&mut self.clockwork, tell)? {
                return Ok(false);
            }
        }
        Ok(true)
    }

    /// Lets time go on until nothing waits for time any more: see [`Clockwork::finish`].
    ///
    /// # Errors
    /// If the store in memory fails.
    pub fn finish(&mut self) -> Result<Vec<Decision>, WriterError> {
        self.clockwork.finish()?;
        Ok(decided(&mut self.clockwork))
    }
}

/// What was decided since the last call. That a claimed message "went out" is left out, since nothing
/// does.
fn decided(clockwork: &mut Clockwork) -> Vec<Decision> {
    let mut decisions = clockwork.take_decided();
    decisions.retain(|decision| decision.verdict != Verdict::Sent);
    decisions
}

/// Tells what was decided since the last call.
fn tell_decided<E: From<WriterError>>(
    clockwork: &mut Clockwork,
    tell: &mut Tell<'_, E>,
) -> Result<bool, E> {
    let decisions = decided(clockwork);
    tell(Step::Decided(clockwork.writer(), decisions))
}

/// What is read of a code that was used: nobody keeps its text.
const USED: &str = "(used)";

/// Puts the codes that a store has in the pools of offers into another one, none of them given yet.
fn fill_pools(
    store: &mut SqliteStore,
    reader: &SqliteReader,
    program: &Program,
) -> Result<(), WriterError> {
    let pools =
        program.offers.iter().filter(|(_, offer)| matches!(offer.codes, Codes::Pool { .. }));
    for ((name, _), state) in pools.flat_map(|pool| CodeState::ALL.map(|state| (pool, state))) {
        let mut after = None;
        loop {
            let codes = reader.offer_codes((name, state), after, AT_ONCE)?;
            let Some((last, _)) = codes.last() else { break };
            after = Some(*last);
            let free = |code: Code| Code::free(name, code.text.as_deref().unwrap_or(USED));
            let writes = codes.into_iter();
            let writes =
                writes.map(|(key, code)| CodeWrite { key, read: None, code: Some(free(code)) });
            store.commit(&Commit { offer_codes: writes.collect(), ..Commit::default() })?;
        }
    }
    Ok(())
}

/// How many stored events are read, and decided in one batch: some 15 MB of them.
pub const AT_ONCE: usize = 8_192;
/// How many such parts are read ahead.
const PARTS_AHEAD: usize = 2;

/// Reads the events of a log in an order, on a thread of its own, a part ahead of whoever takes them;
/// they say whether to go on.
fn read_in_order<E: From<WriterError>>(
    reader: &SqliteReader,
    order: &[(Timestamp, LogPosition)],
    mut take: impl FnMut(Vec<Arrival>) -> Result<bool, E>,
) -> Result<(), E> {
    std::thread::scope(|scope| {
        let (parts, inbox) = sync_channel(PARTS_AHEAD);
        scope.spawn(move || {
            for part in order.chunks(AT_ONCE) {
                let positions: Vec<LogPosition> = part.iter().map(|(_, at)| *at).collect();
                let events = reader.events(&positions).map(|entries| {
                    let logged = entries.into_iter().map(|entry| entry.logged);
                    logged.map(Arrival::of_log).collect::<Vec<Arrival>>()
                });
                let failed = events.is_err();
                // Whoever takes them may have stopped, and says why itself.
                if parts.send(events).is_err() || failed {
                    return;
                }
            }
        });
        for events in inbox {
            if !take(events.map_err(WriterError::from)?)? {
                break;
            }
        }
        Ok(())
    })
}

/// Every event of a log by when it was received, not after `until`. Our own claims are left out,
/// since a dry run makes its own; so is what is left of erased people.
///
/// The log is read by as many threads as there are cores, each a stretch of it.
///
/// # Errors
/// If the log cannot be read.
pub fn arrivals(
    reader: &SqliteReader,
    until: Option<Timestamp>,
) -> Result<Vec<(Timestamp, LogPosition)>, StoreError> {
    let stretches = each_stretch(reader, |reader, span| stretch_of(reader, span, until))?;
    let mut order = stretches.concat();
    order.sort_unstable();
    Ok(order)
}

/// Those of a stretch of the log, in the order of the log.
fn stretch_of(
    reader: &SqliteReader,
    span: Range<LogPosition>,
    until: Option<Timestamp>,
) -> Result<Vec<(Timestamp, LogPosition)>, StoreError> {
    let mut order = Vec::new();
    each_heading(reader, span, |position, heading| {
        let ours =
            [Kind::MessageSent, Kind::MessageTakenBack, Kind::TraitsSet, Kind::OfferRedeemed];
        let own = heading.source == OWN_SOURCE && ours.contains(&heading.kind);
        let late = until.is_some_and(|until| heading.received_at > until);
        if !own && !late && !heading.erased() {
            order.push((heading.received_at, position));
        }
    })?;
    Ok(order)
}

/// The part of a log that is played.
#[expect(missing_debug_implementations, reason = "it holds a question that is asked of events")]
#[derive(Clone, Copy)]
pub struct Replayed<'r> {
    /// Its events, as [`arrivals`] gives them.
    pub order: &'r [(Timestamp, LogPosition)],
    /// What was received before this moment is known, and starts nothing.
    pub from: Timestamp,
    /// Until when time goes on after the last of them.
    pub until: Timestamp,
    /// Whether every moment is told by itself: see [`DryRun::tell_of`].
    pub each: bool,
    /// Which events are heard at all.
    pub hears: &'r dyn Fn(&Event) -> bool,
}

/// What is told of a replay as it goes on.
#[derive(Debug)]
pub enum Step<'s> {
    /// Events were read and are about to arrive.
    Arriving {
        /// How many were read, heard or not.
        read: u64,
        /// How many are heard, of those received from the span's first moment on.
        counted: u64,
    },
    /// What was decided since the last time, in the state that has come about: that of the last of
    /// these decisions, or later.
    Decided(&'s mut Writer<SqliteStore>, Vec<Decision>),
}

/// Whoever is told; whether to go on.
pub type Tell<'t, E> = dyn FnMut(Step<'_>) -> Result<bool, E> + 't;

/// Lets a stored log arrive as it was received, then lets time go on. `tell` says whether to go on;
/// `false`: it said no.
///
/// # Errors
/// If the log cannot be read, or the store in memory fails; else what `tell` fails with.
pub fn replay<E: From<WriterError>>(
    reader: &SqliteReader,
    dry_run: &mut DryRun,
    span: &Replayed<'_>,
    tell: &mut Tell<'_, E>,
) -> Result<bool, E> {
    let mut through = true;
    read_in_order(reader, span.order, |mut arrivals| {
        let read = arrivals.len() as u64;
        arrivals.retain(|arrival| (span.hears)(arrival.event()));
        let before = arrivals.partition_point(|arrival| arrival.event().received_at < span.from);
        arrivals[..before].iter_mut().for_each(Arrival::backfill);
        let counted = (arrivals.len() - before) as u64;
        through = tell(Step::Arriving { read, counted })?
            && dry_run.tell_all(arrivals, span.each, tell)?;
        Ok::<_, E>(through)
    })?;
    if !through {
        return Ok(false);
    }
    dry_run.go_on_while(span.until, tell)
}
