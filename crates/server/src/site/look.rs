//! One look at the site: a visitor and the places of a page, and what each of them shows.

use std::collections::BTreeMap;
use std::sync::atomic::AtomicUsize;
use std::sync::{Arc, Mutex, PoisonError};

use regulars_deliver::template::SiteParts;
use regulars_engine::guard::GuardAnswer;
use regulars_engine::identity::Identifier;
use regulars_engine::journey::{Offered, OnSite, Visitor};
use regulars_engine::program::Program;
use regulars_engine::record::Record;
use regulars_engine::segment::computed;
use regulars_engine::step::World;
use regulars_engine::time::Timestamp;
use regulars_engine::wording::stated;
use regulars_store::{Reader, SqliteReader, StoreError};
use tokio::sync::Semaphore;

use super::compile::Compilations;
use super::pace::Pace;
use super::standing::Surroundings;
use super::token::{Token, place};
use crate::live::site_context;

/// So many looks are answered at once, each on a thread of its own: readers of an embedded store are
/// bound by the processor, and more of them only take turns.
const AT_ONCE: usize = 4;

/// Who answers looks: each with what it has read, used by one look at a time.
#[derive(Debug)]
pub struct Looking {
    spare: Mutex<Vec<(SqliteReader, Looker)>>,
    /// Lets in as many as are answered at once.
    pub room: Arc<Semaphore>,
    /// How many wait to be let in.
    pub waiting: AtomicUsize,
    /// How often each visitor asked.
    pub pace: Pace,
}

impl Default for Looking {
    fn default() -> Self {
        let (spare, pace) = (Mutex::default(), Pace::default());
        let room = Arc::new(Semaphore::new(AT_ONCE));
        Self { spare, room, waiting: AtomicUsize::new(0), pace }
    }
}

impl Looking {
    /// Somebody who is free, if there is one.
    #[must_use]
    pub fn take(&self) -> Option<(SqliteReader, Looker)> {
        self.spare.lock().unwrap_or_else(PoisonError::into_inner).pop()
    }

    /// Lets somebody wait for the next look.
    pub fn give_back(&self, reader: SqliteReader, looker: Looker) {
        self.spare.lock().unwrap_or_else(PoisonError::into_inner).push((reader, looker));
    }
}

/// What somebody who answers has read.
#[derive(Debug)]
pub struct Looker {
    around: Surroundings,
    compiled: Compilations,
}

/// What a browser asks.
#[derive(Debug)]
pub struct Asked {
    /// As whom.
    pub visitor: Identifier,
    /// How that is known.
    pub known: Visitor,
    /// The places of its page.
    pub slots: Vec<String>,
    /// The language of its page, for whoever has stated none.
    pub language: Option<String>,
}

/// What a place shows.
#[derive(Debug)]
pub enum Said {
    /// This message, with the token by which the browser tells of it.
    Message(SiteParts, String),
    /// Nothing.
    Nothing(Nothing),
}

/// Why a place shows nothing: a class of reasons, which tells a browser nothing of anybody.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Nothing {
    /// Nothing is known of the visitor yet.
    Nobody,
    /// The visitor is known, and the shop's server does not vouch for the browser.
    ProofNeeded,
    /// No journey has something to say there.
    NothingToSay,
    /// A journey has, and something stands against it at this moment.
    NotNow,
    /// The shop has no place of that name.
    UnknownSlot,
}

impl Nothing {
    /// The word of the API.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Nobody => "nobody",
            Self::ProofNeeded => "proof_needed",
            Self::NothingToSay => "nothing_to_say",
            Self::NotNow => "not_now",
            Self::UnknownSlot => "unknown_slot",
        }
    }
}

impl Looker {
    /// Somebody new, who reads everything first.
    ///
    /// # Errors
    /// If the store cannot be read.
    pub fn new(
        reader: &SqliteReader,
        program: Arc<Program>,
        now: Timestamp,
    ) -> Result<Self, StoreError> {
        let around = Surroundings::read(reader, program, now)?;
        Ok(Self { around, compiled: Compilations::default() })
    }
}

/// What each place of a page shows at `now`.
///
/// # Errors
/// If the store cannot be read.
pub fn look(
    reader: &SqliteReader,
    looker: &mut Looker,
    program: &Arc<Program>,
    asked: &Asked,
    now: Timestamp,
) -> Result<BTreeMap<String, Said>, StoreError> {
    let Looker { around, compiled } = looker;
    if !Arc::ptr_eq(&around.program, program) {
        *compiled = Compilations::default();
    }
    around.freshen(reader, program, now)?;
    let salt = reader.salt();
    let key = asked.visitor.key(salt);
    let mut say = |found: Option<(&World<'_>, &Record, OnSite<'_>)>| {
        let one = |slot: &String| {
            let known = program.shop.slots.iter().any(|held| held.name == *slot);
            let said = match &found {
                _ if !known => Said::Nothing(Nothing::UnknownSlot),
                None => Said::Nothing(Nothing::Nobody),
                Some((_, _, OnSite::ProofNeeded)) => Said::Nothing(Nothing::ProofNeeded),
                Some((world, record, OnSite::Standing(offered))) => {
                    let here: Vec<_> = offered.iter().filter(|o| o.show.slot == *slot).collect();
                    let made = here.iter().find_map(|offered| {
                        let parts = message(world, record, offered, asked, compiled, now)?;
                        let names = (offered.journey.name.as_str(), offered.step.name.as_str());
                        let token = Token { place: place(names, salt), at: now };
                        Some(Said::Message(parts, token.text(key, salt)))
                    });
                    let empty = here.is_empty();
                    let why = if empty { Nothing::NothingToSay } else { Nothing::NotNow };
                    made.unwrap_or(Said::Nothing(why))
                }
            };
            (slot.clone(), said)
        };
        asked.slots.iter().map(one).collect::<BTreeMap<String, Said>>()
    };
    let Some(person) = reader.holder(key)? else { return Ok(say(None)) };
    let said = around.on_site(reader, person, asked.known, now, |world, record, found| {
        say(Some((world, record, found)))
    })?;
    // Whoever held the identifier a moment ago may have been erased since.
    Ok(said.unwrap_or_else(|| say(None)))
}

/// A message filled in for a person; `None`: it may not be shown, or lacks a value.
fn message(
    world: &World<'_>,
    record: &Record,
    offered: &Offered<'_>,
    asked: &Asked,
    compiled: &mut Compilations,
    now: Timestamp,
) -> Option<SiteParts> {
    let GuardAnswer::Send(claim) = &offered.answer else { return None };
    let wish = stated(&record.profile).or(asked.language.as_deref());
    let template = compiled.of(world.program, &offered.show.message.template, wish)?;
    let traits = computed(world, record, now);
    let context = site_context(world, (Some(record), &traits), &claim.lines);
    template.render(&context).ok()
}
