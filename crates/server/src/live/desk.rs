//! The desk: where everybody hands in what the writer shall do, and waits for its answer.
//!
//! Requests that wait together are written together: one commit, and so one wait for the disk, for
//! many senders. What is due is looked at between commits, never inside one, and live requests go
//! before background work.

use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use regulars_engine::commit::{MessageKey, Quarantined};
use regulars_engine::decision::Message;
use regulars_engine::event::Event;
use regulars_engine::identity::KeySalt;
use regulars_engine::journey::Outcome;
use regulars_engine::program::Program;
use regulars_store::{SqliteReader, SqliteStore, Store};
use tokio::sync::{Notify, mpsc, oneshot};

use super::ahead::{AHEAD_MAX, Ahead};
use crate::clock;
use crate::writer::{Claim, Parcel, Receipt, Writer, WriterError};

/// The most events written in one commit: enough to share the wait for the disk, few enough that
/// nobody waits long.
const EVENTS_AT_ONCE: usize = 2_000;
/// The most persons looked at in one commit: a few milliseconds, so that no request waits long.
const LOOKS_AT_ONCE: usize = 64;
/// The longest the writer sleeps when nothing is due.
const NAP: Duration = Duration::from_millis(500);
/// How long nobody must have asked for anything before rows are put in order.
const BREATH: Duration = Duration::from_millis(20);

/// What went wrong at the desk.
#[derive(Debug, thiserror::Error)]
pub enum DeskError {
    /// The writer failed; nothing of the request was written.
    #[error("could not write; nothing of the request was kept, send it again")]
    Writer(#[from] Arc<WriterError>),
    /// The program is ending.
    #[error("the program is stopping; send it again")]
    Stopped,
}

type LiveWriter = Writer<SqliteStore>;
/// Something for the writer to do; what it gives back tells whoever asked.
type Job = Box<dyn FnOnce(&mut LiveWriter) -> Told + Send>;
/// Tells what came of a job.
type Told = Box<dyn FnOnce()>;
/// Where whoever handed something in waits for what came of it.
type Answer<T> = oneshot::Sender<Result<T, Arc<WriterError>>>;

enum Request {
    Accept(Parcel, Answer<Receipt>),
    Settle(Box<(Message, Outcome)>),
    Job(Job),
    Stop,
}

/// What waits in the inbox and is written together.
#[derive(Default)]
struct Gathered {
    parcels: Vec<Parcel>,
    receipts: Vec<Answer<Receipt>>,
    settled: Vec<(Message, Outcome)>,
}

/// A hand-in to the writer; clone it freely.
#[derive(Clone, Debug)]
pub struct Desk {
    requests: Sender<Request>,
    program: Arc<Mutex<Arc<Program>>>,
    staff_mail: Arc<Notify>,
    calls: Arc<Notify>,
    salt: KeySalt,
}

/// Starts the writer on its thread. `slots` is how many deliverers there are: claims go into the
/// returned queue, as many as deliverers are free for, or a few more where messages leave quickly.
///
/// # Errors
/// If what the last run left open cannot be settled.
pub fn start(
    mut writer: LiveWriter,
    slots: usize,
) -> Result<(Desk, mpsc::Receiver<Claim>, std::thread::JoinHandle<()>), WriterError> {
    let interrupted = writer.settle_interrupted(clock::now())?;
    if interrupted > 0 {
        tracing::warn!(messages = interrupted, "messages were caught by the last stop: uncertain");
    }
    let ahead = Ahead::of(slots, clock::now());
    writer.set_slots(ahead.claims());
    writer.keep_pace()?;
    let (requests, inbox) = channel();
    let (claims, queue) = mpsc::channel(ahead.claims().max(AHEAD_MAX));
    let program = Arc::new(Mutex::new(Arc::clone(writer.program())));
    let staff_mail = Arc::new(Notify::new());
    let calls = Arc::new(Notify::new());
    let salt = writer.salt();
    let desk = Desk {
        requests,
        program: Arc::clone(&program),
        staff_mail: Arc::clone(&staff_mail),
        calls: Arc::clone(&calls),
        salt,
    };
    let thread = std::thread::Builder::new()
        .name("writer".to_owned())
        .spawn(move || {
            let (untidy, looked) = (true, false);
            Clerk { writer, inbox, claims, ahead, program, staff_mail, calls, untidy, looked }
                .run();
        })
        .expect("a thread can be started");
    Ok((desk, queue, thread))
}

impl Desk {
    /// Hands in what a sender sent. When this returns, it is durable, and every journey that it
    /// ends has ended.
    ///
    /// # Errors
    /// If the writer fails or is stopping; then nothing was kept.
    pub async fn accept(
        &self,
        events: Vec<Event>,
        rejected: Vec<Quarantined>,
    ) -> Result<Receipt, DeskError> {
        let keyed = events
            .into_iter()
            .map(|event| (MessageKey::of(self.salt, &event.source, &event.message_id), event))
            .collect();
        let (answer, receipt) = oneshot::channel();
        self.send(Request::Accept((keyed, rejected), answer))?;
        Ok(receipt.await.map_err(|_| DeskError::Stopped)??)
    }

    /// Hands in what became of a message, and waits for nothing: it is noted with what else has
    /// ended, in the commit that claims the next ones. Where that fails the message stays claimed,
    /// and the next start finds it uncertain.
    ///
    /// # Errors
    /// If the writer is stopping.
    pub fn settle(&self, message: Message, outcome: Outcome) -> Result<(), DeskError> {
        self.send(Request::Settle(Box::new((message, outcome))))
    }

    /// Lets the writer do something and gives back its answer. When this returns, the definitions that
    /// [`Desk::program`] shows are those in force after it.
    ///
    /// # Errors
    /// If the writer is stopping.
    pub async fn ask<T: Send + 'static>(
        &self,
        job: impl FnOnce(&mut LiveWriter) -> T + Send + 'static,
    ) -> Result<T, DeskError> {
        let (answer, told) = oneshot::channel();
        let job: Job = Box::new(move |writer| {
            let said = job(writer);
            Box::new(move || {
                // Whoever asked may have gone away; the job is done all the same.
                let _ = answer.send(said);
            })
        });
        self.send(Request::Job(job))?;
        told.await.map_err(|_| DeskError::Stopped)
    }

    /// Lets the writer do something that may fail and gives back what came of it; otherwise as
    /// [`Desk::ask`].
    ///
    /// # Errors
    /// If the writer fails or is stopping.
    pub async fn write<T: Send + 'static, E: Into<WriterError> + Send + 'static>(
        &self,
        job: impl FnOnce(&mut LiveWriter) -> Result<T, E> + Send + 'static,
    ) -> Result<T, DeskError> {
        self.ask(job).await?.map_err(|error| DeskError::Writer(Arc::new(error.into())))
    }

    /// The definitions in force.
    #[must_use]
    pub fn program(&self) -> Arc<Program> {
        Arc::clone(&self.program.lock().unwrap_or_else(PoisonError::into_inner))
    }

    /// Wakes whoever tells staff by e-mail what is to be done.
    pub(super) fn staff_mail(&self) -> &Notify {
        &self.staff_mail
    }

    /// Wakes whoever tells other programs what journeys ask for.
    pub(super) fn calls(&self) -> &Notify {
        &self.calls
    }

    /// The secret that keys hashes.
    #[must_use]
    pub fn salt(&self) -> KeySalt {
        self.salt
    }

    /// Another way to read, beside the writer.
    ///
    /// # Errors
    /// If the writer is stopping or the store cannot be opened again.
    pub async fn reader(&self) -> Result<SqliteReader, DeskError> {
        let opened = self.ask(|writer| writer.store().reader()).await?;
        opened.map_err(|error| DeskError::Writer(Arc::new(error.into())))
    }

    /// Ends the writer after what is already handed in.
    pub fn stop(&self) {
        // An error means that it has ended already.
        let _ = self.requests.send(Request::Stop);
    }

    fn send(&self, request: Request) -> Result<(), DeskError> {
        self.requests.send(request).map_err(|_| DeskError::Stopped)
    }
}

/// Whoever sits at the desk.
struct Clerk {
    writer: LiveWriter,
    inbox: Receiver<Request>,
    claims: mpsc::Sender<Claim>,
    /// How many claims there may be.
    ahead: Ahead,
    program: Arc<Mutex<Arc<Program>>>,
    staff_mail: Arc<Notify>,
    calls: Arc<Notify>,
    /// Whether there may be rows to put in order.
    untidy: bool,
    /// Whether the last commit looked at whoever is due.
    looked: bool,
}

impl Clerk {
    fn run(mut self) {
        loop {
            let nap = self.nap();
            let first = match self.inbox.recv_timeout(nap) {
                Ok(request) => Some(request),
                Err(RecvTimeoutError::Timeout) => {
                    self.walk();
                    if !self.writer.computing() {
                        self.tidy();
                    }
                    None
                }
                Err(RecvTimeoutError::Disconnected) => return,
            };
            if !self.serve(first) {
                return;
            }
            if !std::mem::take(&mut self.looked) {
                self.look();
            }
            self.compute();
        }
    }

    /// A slice of computing aggregates and segments, after what is live.
    fn compute(&mut self) {
        match self.writer.compute(clock::now()) {
            Ok(more) => {
                self.untidy |= more;
                self.show_program();
            }
            Err(error) => tracing::error!(%error, "could not compute aggregates and segments"),
        }
    }

    /// Lets everybody see the definitions in force.
    fn show_program(&self) {
        let mut program = self.program.lock().unwrap_or_else(PoisonError::into_inner);
        if !Arc::ptr_eq(&program, self.writer.program()) {
            *program = Arc::clone(self.writer.program());
        }
    }

    /// Puts rows in order, a slice at a time, while nobody asks for anything.
    fn tidy(&mut self) {
        if self.untidy {
            self.untidy = self.writer.store().tidy().unwrap_or_else(|error| {
                tracing::error!(%error, "could not put rows in order");
                false
            });
        }
    }

    /// Looks at a few persons again, where another model or other rules of identity are in force.
    fn walk(&mut self) {
        if self.writer.walking().is_some() {
            if let Err(error) = self.writer.walk(clock::now()) {
                tracing::error!(%error, "could not look at persons again");
            }
            self.hand_out();
        }
    }

    /// How long nothing needs to be done.
    fn nap(&mut self) -> Duration {
        if self.writer.computing() {
            return Duration::ZERO;
        }
        let longest = match self.writer.walking() {
            Some(_) => Duration::from_millis(1),
            None if self.untidy => BREATH,
            None => NAP,
        };
        if self.writer.room() == 0 || self.claims.is_closed() {
            // Every deliverer is busy: each tells of its end through the inbox. Or they have gone.
            return longest;
        }
        match self.writer.next_due() {
            Ok(Some(due)) => {
                let ms = due.since(clock::now()).max(0);
                Duration::from_millis(u64::try_from(ms).unwrap_or(0)).min(longest)
            }
            Ok(None) => longest,
            Err(error) => {
                tracing::error!(%error, "could not read what is due");
                NAP
            }
        }
    }

    /// Serves what waits in the inbox; `false` ends the loop.
    fn serve(&mut self, first: Option<Request>) -> bool {
        let mut gathered = Gathered::default();
        let mut events = 0;
        let mut next = first;
        while let Some(request) = next {
            match request {
                Request::Accept(parcel, answer) => {
                    events += parcel.0.len();
                    gathered.parcels.push(parcel);
                    gathered.receipts.push(answer);
                }
                Request::Settle(settled) => gathered.settled.push(*settled),
                Request::Job(job) => {
                    self.write(std::mem::take(&mut gathered), 0);
                    let told = job(&mut self.writer);
                    self.show_program();
                    told();
                    self.hand_out();
                }
                Request::Stop => {
                    self.write(gathered, 0);
                    self.writer.scrub();
                    return false;
                }
            }
            next = if events < EVENTS_AT_ONCE { self.inbox.try_recv().ok() } else { None };
        }
        self.write(gathered, LOOKS_AT_ONCE);
        true
    }

    /// Writes what was gathered, and looks at so many of whoever is due where messages have ended.
    fn write(&mut self, gathered: Gathered, looks: usize) {
        let Gathered { parcels, receipts, settled } = gathered;
        if !parcels.is_empty() {
            self.accept(parcels, receipts);
        }
        if !settled.is_empty() {
            self.settle(settled, looks);
        }
    }

    /// What became of several messages costs one commit, and so does what is claimed in their place.
    fn settle(&mut self, settled: Vec<(Message, Outcome)>, looks: usize) {
        let now = clock::now();
        let begun = |outcome| !matches!(outcome, Outcome::TakenBack | Outcome::Overtaken);
        let begun = settled.iter().filter(|(_, outcome)| begun(*outcome)).count();
        self.ahead.note(begun, now);
        self.writer.set_slots(self.ahead.claims());
        let looks = if self.claims.is_closed() { 0 } else { looks };
        match self.writer.settle_and_look(settled, now, looks) {
            Ok(looked) => {
                self.untidy |= looked.is_some_and(|looked| looked > 0);
                // Where there was no room, the next that ends makes some.
                self.looked = looks > 0;
            }
            Err(error) => {
                // They stay claimed, and the next start finds them uncertain.
                tracing::error!(%error, "could not note what became of messages, or look further");
            }
        }
        self.hand_out();
    }

    fn accept(&mut self, parcels: Vec<Parcel>, answers: Vec<Answer<Receipt>>) {
        self.untidy = true;
        match self.writer.accept_together(parcels, clock::now()) {
            Ok(receipts) => {
                for (answer, receipt) in answers.into_iter().zip(receipts) {
                    // A sender that has gone away will send again and find a duplicate.
                    let _ = answer.send(Ok(receipt));
                }
            }
            Err(error) => {
                tracing::error!(%error, "could not write a batch");
                let error = Arc::new(error);
                for answer in answers {
                    let _ = answer.send(Err(Arc::clone(&error)));
                }
            }
        }
        self.hand_out();
    }

    /// Looks at whoever is due, as far as deliverers are free.
    fn look(&mut self) {
        if self.claims.is_closed() {
            return;
        }
        let now = clock::now();
        self.ahead.note(0, now);
        self.writer.set_slots(self.ahead.claims());
        match self.writer.tick(now, LOOKS_AT_ONCE) {
            Ok(looked) => self.untidy |= looked > 0,
            Err(error) => tracing::error!(%error, "could not look at who is due"),
        }
        self.hand_out();
    }

    /// Gives claimed messages to the deliverers: there is room for every claim, unless they have
    /// gone. A claim that finds no place surely did not go out.
    fn hand_out(&mut self) {
        if self.writer.take_staff_mail() {
            self.staff_mail.notify_one();
        }
        if self.writer.take_calls() {
            self.calls.notify_one();
        }
        for claim in self.writer.take_claims() {
            if let Err(refused) = self.claims.try_send(claim) {
                let mut message = refused.into_inner().message;
                "no deliverer was free".clone_into(&mut message.note);
                if let Err(error) = self.writer.settle(message, Outcome::Failed, clock::now()) {
                    tracing::error!(%error, "could not settle a message");
                }
            }
        }
    }
}
