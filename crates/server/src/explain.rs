//! Explaining a person: who they are and why, where they stand in journeys, what was decided, and
//! what would be decided if their next messages were due at this moment.
//!
//! The last goes through the same batch of work as live, over a reader instead of a store, and its
//! commit is thrown away: nothing is changed, and no second guard can disagree with the first.

use std::collections::BTreeMap;
use std::sync::Arc;

use regulars_engine::commit::{Logged, MessageKey};
use regulars_engine::decision::Decision;
use regulars_engine::event::LogPosition;
use regulars_engine::identity::{Identifier, IdentifierKey, PersonId, Tied};
use regulars_engine::journey::{Enrollment, Journey, State, StepKind};
use regulars_engine::offer::{Code, CodeKey};
use regulars_engine::program::Program;
use regulars_engine::record::Record;
use regulars_engine::time::Timestamp;
use regulars_engine::work::{Ground, Holder, Purpose, Seen, Setting, Work};
use regulars_store::{DecisionFilter, Reader, SqliteReader, StoreError};
use serde_json::{Value, json};

use crate::http::api::{evidence_json, former_ids, identifiers_json, person_json};
use crate::identity::alike_by;
use crate::sending::may_leave;
use crate::site::{OnSiteNow, on_site_now};
use crate::writer::{stored_program, surroundings};

/// Everything that is known about a person's standing.
#[derive(Debug)]
pub struct Explained {
    /// The person's row.
    pub record: Record,
    /// The likenesses that join what nothing that was seen does.
    pub alike: Vec<Tied>,
    /// The definitions in force.
    pub program: Arc<Program>,
    /// What was decided up to the moment, the latest first.
    pub decided: Vec<Decision>,
    /// For every journey the person is in: the next message, as if it were due at the moment.
    pub would: Vec<Would>,
    /// What the shop's own site would show them at the moment.
    pub site: Vec<OnSiteNow>,
    /// The moment.
    pub at: Timestamp,
}

/// A message that a person comes to next.
#[derive(Debug)]
pub struct Would {
    /// In which journey.
    pub journey: String,
    /// Where the person stands in it.
    pub stands_at: String,
    /// When the person entered.
    pub entered_at: Timestamp,
    /// When the person is looked at again at the latest; `None`: only an event moves them.
    pub due_at: Option<Timestamp>,
    /// What would be decided about the next message; `None`: no message follows.
    pub decision: Option<Decision>,
}

/// Explains whoever holds an identifier; `None` if nobody does.
///
/// # Errors
/// If the store cannot be read.
pub fn explain(
    reader: &SqliteReader,
    identifier: &Identifier,
    at: Timestamp,
    decisions: usize,
) -> Result<Option<Explained>, StoreError> {
    let Some(holder) = reader.holder(identifier.key(reader.salt()))? else { return Ok(None) };
    let Some((version, record)) = reader.person(holder)? else { return Ok(None) };
    let program = stored_program(reader)?;
    let filter = DecisionFilter { persons: former_ids(&record), ..DecisionFilter::default() };
    let decided = reader
        .decisions(&filter, decisions)?
        .into_iter()
        .map(|decided| decided.decision)
        .filter(|decision| decision.at <= at)
        .collect();
    let running: Vec<&Enrollment> = record.enrollments.iter().filter(|e| e.runs()).collect();
    let mut would = Vec::with_capacity(running.len());
    for enrollment in running {
        let journey = program.journey(&enrollment.journey, enrollment.version);
        let next = journey.and_then(|journey| next_message(journey, enrollment));
        let decision = match next {
            Some(step) => look(reader, &program, (version, &record), (enrollment, step), at)?,
            None => None,
        };
        would.push(Would {
            journey: enrollment.journey.clone(),
            stands_at: journey.map_or_else(String::new, |journey| step_name(journey, enrollment)),
            entered_at: enrollment.entered_at,
            due_at: enrollment.due_at(),
            decision,
        });
    }
    let alike = alike_by(reader, &program.identity, &record)?;
    let program = Arc::new(program);
    let site = on_site_now(reader, &program, record.id(), at)?;
    Ok(Some(Explained { record, alike, program, decided, would, site, at }))
}

impl Explained {
    /// As programs read it.
    #[must_use]
    pub fn to_json(&self) -> Value {
        let would = |would: &Would| {
            json!({
                "journey": would.journey,
                "stands_at": would.stands_at,
                "entered_at": would.entered_at.to_string(),
                "due_at": would.due_at.map(|at| at.to_string()),
                "decision": would.decision.as_ref().map(Decision::to_json),
            })
        };
        json!({
            "at": self.at.to_string(),
            "person": person_json(&self.record),
            "why": {
                "identifiers": identifiers_json(&self.record),
                "evidence": evidence_json(&self.record, &self.alike),
            },
            "decisions": self.decided.iter().map(Decision::to_json).collect::<Vec<_>>(),
            "next_messages": self.would.iter().map(would).collect::<Vec<_>>(),
            "on_site": self.site.iter().map(OnSiteNow::to_json).collect::<Vec<_>>(),
        })
    }
}

fn step_name(journey: &Journey, enrollment: &Enrollment) -> String {
    let number = usize::try_from(enrollment.step).unwrap_or(usize::MAX);
    journey.steps.get(number).map_or_else(|| "the end".to_owned(), |step| step.name.clone())
}

/// The number of the next step that sends, on the straight way from where the person stands.
fn next_message(journey: &Journey, enrollment: &Enrollment) -> Option<u32> {
    let sends = |step: &u32| {
        let number = usize::try_from(*step).unwrap_or(usize::MAX);
        matches!(journey.steps[number].kind, StepKind::Send(_))
    };
    let steps = u32::try_from(journey.steps.len()).unwrap_or(u32::MAX);
    (enrollment.step..steps).find(sends)
}

/// What would be decided at `at` about the message of one step.
fn look(
    reader: &SqliteReader,
    program: &Program,
    (version, record): (u64, &Record),
    (enrollment, step): (&Enrollment, u32),
    at: Timestamp,
) -> Result<Option<Decision>, StoreError> {
    let mut imagined = enrollment.clone();
    if imagined.step != step {
        (imagined.step, imagined.since) = (step, at);
    }
    imagined.state = State::Waiting { until: Some(at) };
    let mut row = record.clone();
    row.enrollments = vec![imagined];
    let person = row.id();
    let mut ground = ReadGround { reader, imagined: BTreeMap::from([(person, (version, row))]) };
    let (mut catalogue, mut sources) = surroundings(reader, program)?;
    let model = crate::linkage::stored_model(reader)?;
    let mut stock = reader.stock()?;
    let mut work = Work::begin(Setting {
        stock: &mut stock,
        // Nothing of it is kept: the code is nobody's.
        random: 0,
        pace: None,
        program,
        catalogue: &mut catalogue,
        sources: &mut sources,
        salt: reader.salt(),
        sending: may_leave(reader.sending()?),
        room: 1,
        purpose: Purpose::Live,
        next: reader.next_position()?,
        model: (model.generation > 0).then_some(&*model),
    });
    work.look(&mut ground, &[person], at)?;
    let decisions = work.finish().decisions.into_iter();
    Ok(decisions.into_iter().find(|decision| decision.journey == enrollment.journey))
}

/// A store as it is read for a look that changes nothing; one row is as we imagine it.
pub(crate) struct ReadGround<'r> {
    reader: &'r SqliteReader,
    imagined: BTreeMap<PersonId, (u64, Record)>,
}

impl<'r> ReadGround<'r> {
    /// As it stands, with nobody imagined.
    pub(crate) fn over(reader: &'r SqliteReader) -> Self {
        Self { reader, imagined: BTreeMap::new() }
    }
}

impl Ground for ReadGround<'_> {
    type Error = StoreError;

    fn seen(&mut self, keys: &[MessageKey]) -> Result<Vec<Option<Seen>>, StoreError> {
        // Asked for events that come in; a look brings none.
        Ok(vec![None; keys.len()])
    }

    fn holders(&mut self, keys: &[IdentifierKey]) -> Result<Vec<Holder>, StoreError> {
        let holder = |key: &IdentifierKey| {
            if self.reader.erased(*key)? {
                return Ok(Holder::Erased);
            }
            Ok(self.reader.holder(*key)?.map_or(Holder::Nobody, Holder::Person))
        };
        keys.iter().map(holder).collect()
    }

    fn persons(&mut self, ids: &[PersonId]) -> Result<Vec<(PersonId, u64, Record)>, StoreError> {
        let mut rows = Vec::with_capacity(ids.len());
        for id in ids {
            let row = match self.imagined.get(id) {
                Some(imagined) => Some(imagined.clone()),
                None => self.reader.person(*id)?,
            };
            rows.extend(row.map(|(version, record)| (*id, version, record)));
        }
        Ok(rows)
    }

    fn hanging(&mut self, anchors: &[IdentifierKey]) -> Result<Vec<LogPosition>, StoreError> {
        let mut entries = self.reader.timeline(anchors, None, usize::MAX, &|_| true)?;
        entries.reverse();
        Ok(entries.into_iter().map(|entry| entry.logged.position).collect())
    }

    fn events(&mut self, positions: &[LogPosition]) -> Result<Vec<Logged>, StoreError> {
        let entries = self.reader.events(positions)?;
        Ok(entries.into_iter().map(|entry| entry.logged).collect())
    }

    fn event(&mut self, position: LogPosition) -> Result<Logged, StoreError> {
        let entry = self.reader.events(&[position])?.pop();
        let damaged = || StoreError::Damaged { what: format!("the log at {}", position.0) };
        entry.map(|entry| entry.logged).ok_or_else(damaged)
    }

    fn overtaken_by(&mut self, position: LogPosition) -> Result<Option<LogPosition>, StoreError> {
        Ok(self.reader.events(&[position])?.pop().and_then(|entry| entry.overtaken_by))
    }

    fn link_members(
        &mut self,
        keys: &[u64],
        limit: usize,
    ) -> Result<Vec<Vec<IdentifierKey>>, StoreError> {
        self.reader.link_members(keys, limit)
    }

    fn offer_code(&mut self, key: CodeKey) -> Result<Option<Code>, StoreError> {
        self.reader.offer_code(key)
    }

    fn codes_of_order(&mut self, _: u64) -> Result<Vec<(CodeKey, Code)>, StoreError> {
        // Asked for orders that come in; a look brings none.
        Ok(Vec::new())
    }

    fn free_codes(
        &mut self,
        offer: &str,
        _: Option<CodeKey>,
        _: usize,
    ) -> Result<Vec<(CodeKey, Code)>, StoreError> {
        // A look takes none; which one it would be is nobody's business.
        Ok(vec![(CodeKey(0), Code::free(offer, "ANY-OF-THE-POOL"))])
    }
}
