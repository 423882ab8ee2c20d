//! Asking the engine what the site shows somebody, over a reader and beside the writer.

use std::sync::Arc;

use regulars_engine::decision::{Decision, Verdict};
use regulars_engine::event::Channel;
use regulars_engine::guard::GuardAnswer;
use regulars_engine::identity::PersonId;
use regulars_engine::identity::link::Model;
use regulars_engine::journey::{Offered, OnSite, Visitor};
use regulars_engine::offer::Stock;
use regulars_engine::product::Catalogue;
use regulars_engine::program::Program;
use regulars_engine::record::Record;
use regulars_engine::source::Sources;
use regulars_engine::step::World;
use regulars_engine::time::{MINUTE, SECOND, Timestamp};
use regulars_engine::work::{Purpose, Setting, Work};
use regulars_store::{Reader, SqliteReader, StoreError};
use serde_json::{Value, json};

use crate::explain::ReadGround;
use crate::sending::may_leave;
use crate::writer::surroundings;

/// Feeds are read again after so long, and codes and the model of linking after a minute. What is not
/// known yet only ever makes something unknown, and unknown shows nothing.
const FEEDS_AGE_MAX_MS: i64 = SECOND;

/// What is read once and asked by many looks, one after the other.
#[derive(Debug)]
pub struct Surroundings {
    /// The definitions in force when it was read.
    pub program: Arc<Program>,
    catalogue: Catalogue,
    sources: Sources,
    model: Arc<Model>,
    read_at: Timestamp,
    feeds_at: Timestamp,
}

impl Surroundings {
    /// Reads everything.
    ///
    /// # Errors
    /// If the store cannot be read.
    pub fn read(
        reader: &SqliteReader,
        program: Arc<Program>,
        now: Timestamp,
    ) -> Result<Self, StoreError> {
        let (catalogue, sources) = surroundings(reader, &program)?;
        let model = crate::linkage::stored_model(reader)?;
        Ok(Self { program, catalogue, sources, model, read_at: now, feeds_at: now })
    }

    /// Reads again what is too old, or of other definitions.
    ///
    /// # Errors
    /// If the store cannot be read.
    pub fn freshen(
        &mut self,
        reader: &SqliteReader,
        program: &Arc<Program>,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        if !Arc::ptr_eq(&self.program, program) || now.since(self.read_at) >= MINUTE {
            *self = Self::read(reader, Arc::clone(program), now)?;
        } else if now.since(self.feeds_at) >= FEEDS_AGE_MAX_MS {
            self.sources.feeds = reader.feeds()?.into_iter().collect();
            self.feeds_at = now;
        }
        Ok(())
    }

    /// What the site shows a person at `now`; `None`: nobody bears this id.
    ///
    /// # Errors
    /// If the store cannot be read.
    pub fn on_site<T>(
        &mut self,
        reader: &SqliteReader,
        person: PersonId,
        visitor: Visitor,
        now: Timestamp,
        read: impl FnOnce(&World<'_>, &Record, OnSite<'_>) -> T,
    ) -> Result<Option<T>, StoreError> {
        let mut stock = Stock::default();
        let mut work = Work::begin(Setting {
            stock: &mut stock,
            // No code is made, and nothing is claimed.
            random: 0,
            pace: None,
            program: &self.program,
            catalogue: &mut self.catalogue,
            sources: &mut self.sources,
            salt: reader.salt(),
            sending: may_leave(reader.sending()?),
            room: 0,
            purpose: Purpose::Live,
            next: reader.next_position()?,
            model: (self.model.generation > 0).then_some(&*self.model),
        });
        work.on_site(&mut ReadGround::over(reader), person, visitor, now, read)
    }
}

/// A message at which a person stands, for staff who look at the person.
#[derive(Clone, Debug)]
pub struct OnSiteNow {
    /// The place on the pages.
    pub slot: String,
    /// The template.
    pub template: String,
    /// Until when the person stands there.
    pub until: Timestamp,
    /// Whether it is shown, as a decision with its reasons.
    pub decision: Decision,
}

impl OnSiteNow {
    /// As programs read it.
    #[must_use]
    pub fn to_json(&self) -> Value {
        json!({
            "slot": self.slot,
            "template": self.template,
            "until": self.until.to_string(),
            "decision": self.decision.to_json(),
        })
    }
}

/// What the site would show a person who signs in at `now`.
///
/// # Errors
/// If the store cannot be read.
pub fn on_site_now(
    reader: &SqliteReader,
    program: &Arc<Program>,
    person: PersonId,
    now: Timestamp,
) -> Result<Vec<OnSiteNow>, StoreError> {
    if program.site_templates.is_empty() {
        return Ok(Vec::new());
    }
    let mut around = Surroundings::read(reader, Arc::clone(program), now)?;
    let read = |world: &World<'_>, record: &Record, found: OnSite<'_>| match found {
        OnSite::ProofNeeded => Vec::new(),
        OnSite::Standing(offered) => {
            let one = |offered: Offered<'_>| OnSiteNow {
                slot: offered.show.slot.clone(),
                template: offered.show.message.template.clone(),
                until: offered.until,
                decision: decision(world, record, &offered, now),
            };
            offered.into_iter().map(one).collect()
        }
    };
    let found = around.on_site(reader, person, Visitor::Login, now, read)?;
    Ok(found.unwrap_or_default())
}

fn decision(world: &World<'_>, record: &Record, offered: &Offered<'_>, now: Timestamp) -> Decision {
    let (verdict, until, reasons) = match &offered.answer {
        GuardAnswer::Send(claim) => (Verdict::Shown, None, claim.reasons.clone()),
        GuardAnswer::Hold(hold) => (Verdict::Hold, Some(hold.until), hold.reasons.clone()),
        GuardAnswer::Skip(reasons) => (Verdict::Skip, None, reasons.clone()),
        GuardAnswer::Exit(cause, reasons) => (cause.told().0, None, reasons.clone()),
    };
    Decision {
        at: now,
        person: record.id(),
        verdict,
        journey: offered.journey.name.clone(),
        step: offered.step.name.clone(),
        channel: Some(Channel::Web),
        recipient: None,
        products: Vec::new(),
        until,
        reasons,
        known_to: world.known_to,
        message: None,
    }
}
