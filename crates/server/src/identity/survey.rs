//! Looking at everybody: identity health and the review queue, gathered in slices beside the work
//! and kept in memory. Nothing of it is stored, so nothing of it has to be erased or folded again.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use regulars_engine::identity::{PersonId, Survey};
use regulars_engine::program::Program;
use regulars_engine::time::{DAY, Timestamp};
use regulars_engine::work::PossiblePair;
use regulars_store::{ChangeDay, Reader, SqliteReader, StoreError};
use serde_json::{Value, json};

use crate::clock;
use crate::http::api::identifier_json;
use crate::http::{ApiError, App};

/// Persons of one slice: a few milliseconds of a reader.
const SLICE: usize = 200;
/// The most pairs kept, those whose answer is worth most.
const PAIRS_MAX: usize = 1_000;
/// Days of joining and parting that are shown.
pub const DAYS: i64 = 30;
/// How long a page waits for a look to end before it shows how far it has come.
const PATIENCE: Duration = Duration::from_millis(600);
/// A look is made again at the earliest after this, and after so many times what it took.
const REST: Duration = Duration::from_secs(5);
const REST_TIMES: u32 = 20;

/// What a look at everybody found.
#[derive(Clone, Debug, Default)]
pub struct Surveyed {
    /// When it ended.
    pub at: Timestamp,
    /// Identity health.
    pub survey: Survey,
    /// Pairs that wait for an answer, the most valuable first, at most a thousand.
    pub pairs: Vec<PossiblePair>,
    /// How many pairs there are in all; at least, if they are more than are kept.
    pub pairs_total: u64,
    /// Joining and parting by day of UTC, ascending; days without any are left out.
    pub days: Vec<ChangeDay>,
}

/// A look under way.
#[derive(Debug, Default)]
pub struct Look {
    found: Surveyed,
    pairs: BTreeMap<(PersonId, PersonId), PossiblePair>,
    pruned: u64,
    after: PersonId,
}

impl Look {
    /// Looks at the next slice. Returns whether there are more.
    ///
    /// # Errors
    /// If the store cannot be read.
    pub fn go_on(&mut self, reader: &SqliteReader, program: &Program) -> Result<bool, StoreError> {
        let rows = reader.persons_after(self.after, SLICE)?;
        let Some((last, _, _)) = rows.last() else { return Ok(false) };
        self.after = *last;
        for (id, _, record) in &rows {
            self.found.survey.add(*id, &record.evidence, &program.identity);
            for pair in super::queue::pairs_of(reader, record, program.shop.currency)? {
                self.pairs.insert((pair.one, pair.other), pair);
            }
        }
        if self.pairs.len() > 4 * PAIRS_MAX {
            self.prune();
        }
        Ok(true)
    }

    /// How many persons were looked at.
    #[must_use]
    pub fn done(&self) -> u64 {
        self.found.survey.persons
    }

    fn prune(&mut self) {
        let mut ranked: Vec<PossiblePair> = std::mem::take(&mut self.pairs).into_values().collect();
        ranked.sort_by_key(|pair| std::cmp::Reverse(pair.rank()));
        self.pruned += u64::try_from(ranked.len().saturating_sub(PAIRS_MAX)).unwrap_or(0);
        ranked.truncate(PAIRS_MAX);
        self.pairs = ranked.into_iter().map(|pair| ((pair.one, pair.other), pair)).collect();
    }

    /// What was found.
    ///
    /// # Errors
    /// If the store cannot be read.
    pub fn end(mut self, reader: &SqliteReader, now: Timestamp) -> Result<Surveyed, StoreError> {
        let all = u64::try_from(self.pairs.len()).unwrap_or(u64::MAX) + self.pruned;
        self.prune();
        let mut pairs: Vec<PossiblePair> = self.pairs.into_values().collect();
        pairs.sort_by_key(|pair| std::cmp::Reverse(pair.rank()));
        self.found.survey.settle();
        let days = reader.changes_by_day(now.plus(-(DAYS - 1) * DAY))?;
        Ok(Surveyed { at: now, pairs, pairs_total: all, days, ..self.found })
    }
}

/// The latest look, and the one under way.
#[derive(Clone, Debug, Default)]
pub struct Surveys(Arc<Mutex<State>>);

#[derive(Debug, Default)]
struct State {
    latest: Option<Arc<Surveyed>>,
    /// What it was made from: the end of the log, and how many people had been erased.
    made_from: (u64, u64),
    ended: Option<Instant>,
    took: Duration,
    /// How many persons of how many the look under way has seen.
    under_way: Option<(u64, u64)>,
}

impl Surveys {
    fn state(&self) -> std::sync::MutexGuard<'_, State> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// What the latest look found, and how far the one under way has come. Begins one if there is
    /// something new, and waits a moment for its end.
    ///
    /// # Errors
    /// If the store cannot be read.
    pub async fn latest(
        &self,
        app: &App,
    ) -> Result<(Option<Arc<Surveyed>>, Option<(u64, u64)>), ApiError> {
        let end = app.read(|reader| reader.next_position()).await?.0;
        let made_from = (end, app.erasures());
        if self.begins(made_from) {
            let (surveys, app) = (self.clone(), app.clone());
            let look = tokio::spawn(async move { surveys.look(&app, made_from).await });
            if let Ok(Ok(Err(error))) = tokio::time::timeout(PATIENCE, look).await {
                return Err(error);
            }
        }
        let state = self.state();
        Ok((state.latest.clone(), state.under_way))
    }

    /// What the latest look found, without beginning one.
    #[must_use]
    pub fn at_hand(&self) -> Option<Arc<Surveyed>> {
        self.state().latest.clone()
    }

    /// Whether a look is to be made, which is then under way.
    fn begins(&self, made_from: (u64, u64)) -> bool {
        let mut state = self.state();
        let erased = state.made_from.1 != made_from.1;
        if erased {
            // What is kept may name whoever was erased.
            state.latest = None;
        }
        let rest = REST.max(state.took * REST_TIMES);
        let rested = state.ended.is_none_or(|ended| ended.elapsed() >= rest);
        let fresh = state.latest.is_some() && (state.made_from == made_from || !rested);
        let begins = !fresh && state.under_way.is_none();
        if begins {
            state.under_way = Some((0, 0));
        }
        begins
    }

    async fn look(&self, app: &App, made_from: (u64, u64)) -> Result<(), ApiError> {
        let began = Instant::now();
        let found = self.walk(app).await;
        let mut state = self.state();
        state.under_way = None;
        state.ended = Some(Instant::now());
        state.took = began.elapsed();
        // Somebody may have been erased meanwhile: then it is made again.
        if app.erasures() == made_from.1 {
            state.latest = Some(Arc::new(found?));
            state.made_from = made_from;
        }
        Ok(())
    }

    async fn walk(&self, app: &App) -> Result<Surveyed, ApiError> {
        let total = app.read(|reader| reader.totals()).await?.persons;
        let program = app.desk.program();
        let mut look = Look::default();
        loop {
            let program = Arc::clone(&program);
            let (went, more) = app
                .read(move |reader| {
                    let more = look.go_on(reader, &program)?;
                    Ok((look, more))
                })
                .await?;
            look = went;
            self.state().under_way = Some((look.done(), total));
            if !more {
                return app.read(move |reader| look.end(reader, clock::now())).await;
            }
        }
    }
}

/// Identity health as the API shows it.
#[must_use]
pub fn surveyed_json(found: &Surveyed) -> Value {
    let survey = &found.survey;
    let mut smallest = 1;
    let sizes: Vec<Value> = regulars_engine::identity::SIZES
        .iter()
        .zip(survey.sizes)
        .map(|(largest, persons)| {
            let from = std::mem::replace(&mut smallest, largest.saturating_add(1));
            let to = (*largest != u32::MAX).then_some(*largest);
            json!({ "from": from, "to": to, "persons": persons })
        })
        .collect();
    let kinds = survey.kinds.iter().map(|(kind, (persons, most))| {
        json!({ "kind": kind.word(), "persons": persons, "most_of_one_person": most })
    });
    let largest = survey.largest.iter().map(|large| {
        json!({ "person": large.person.to_string(), "identifiers": large.identifiers, "observations": large.edges })
    });
    let shared = survey.shared.iter().map(|shared| {
        json!({
            "identifier": identifier_json(&shared.identifier),
            "people": shared.people,
            "changes_hands": shared.changes_hands,
            "person": shared.person.to_string(),
        })
    });
    let contradictions = survey.contradictions.iter().map(|(kind, held)| {
        let persons: Vec<String> = held.persons.iter().map(ToString::to_string).collect();
        json!({ "kind": kind.word(), "avoided": held.avoided, "persons": persons })
    });
    let days = found.days.iter().map(|day| {
        let at = Timestamp(day.day * DAY).to_string();
        json!({ "day": at.get(..10).unwrap_or(&at), "joined": day.joined, "parted": day.parted })
    });
    json!({
        "at": found.at.to_string(),
        "persons": survey.persons,
        "identifiers": survey.identifiers,
        "identifiers_per_person": sizes,
        "kinds": kinds.collect::<Vec<_>>(),
        "largest": largest.collect::<Vec<_>>(),
        "shared_values": shared.collect::<Vec<_>>(),
        "shared_values_total": survey.shared_total,
        "contradictions": contradictions.collect::<Vec<_>>(),
        "days": days.collect::<Vec<_>>(),
        "pairs_total": found.pairs_total,
    })
}
