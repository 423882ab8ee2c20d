//! One journey: its definition as a tree with the accounts of every step, its versions, and a dry
//! run of it on the last days.

use std::collections::BTreeMap;
use std::sync::Arc;

use axum::extract::{Path, Query, State};
use axum::response::{IntoResponse, Redirect, Response};
use regulars_engine::decision::Verdict;
use regulars_engine::definition::{
    Line, ObjectKind, ObjectName, Sketch, SketchStep, lines, written,
};
use regulars_engine::journey::{Journey, State as Doing};
use regulars_engine::program::Program;
use regulars_engine::reason::Reason;
use regulars_engine::time::{DAY, Timestamp};
use regulars_store::{Account, DecisionFilter, Reader, SqliteReader, StoreError, Tally};

use super::today::Names;
use super::visit::{Fields, OwnForm, Pages, Visit};
use super::{decisions, journeys};
use crate::clock;
use crate::dry_runs::{Played, Told};
use crate::runs::{DAYS, EVENTS_MAX};
use crate::ui::Ctx;
use crate::ui::model::{
    DecisionKind, DryRunModel, ErrorPage, JourneyModel, PlayedModel, PlayedSend, ReasonCount,
    StepKind, TreeStep, TreeWay, VersionRow, WayName,
};
use crate::ui::view::journey as view;
use crate::ui::view::journeys::address;
use crate::writer::older_form;

/// From how many of the latest decisions reasons are counted.
const DECISIONS: u64 = 300;

/// The page of one journey; of an older version that people are still in, if one is asked for.
pub(super) async fn page(
    State(pages): State<Pages>,
    visit: Visit,
    Path(name): Path<String>,
    Query(asked): Query<Fields>,
) -> Response {
    let program = pages.app.desk.program();
    let version = asked.get("v").and_then(|text| u64::from_str_radix(text, 16).ok());
    let look = Look {
        ctx: visit.ctx.clone(),
        told: pages.app.dry_runs.of(&name, pages.app.erasures()),
        busy: pages.app.dry_runs.running(),
        program,
        name,
        now: clock::now(),
    };
    let read = pages.app.read(move |reader| look.model(reader, version)).await;
    match visit.or_wrong(read) {
        Ok(Some(model)) => visit.page(view::page(&visit.ctx, &model)),
        Ok(None) => visit.wrong(ErrorPage::NotFound),
        Err(response) => response,
    }
}

/// The version that the page would have now.
pub(super) async fn version(
    State(pages): State<Pages>,
    visit: Visit,
    Path(name): Path<String>,
) -> Response {
    let told = pages.app.dry_runs.of(&name, pages.app.erasures());
    let version = pages.app.desk.program().live_journey(&name).map_or(0, |journey| journey.version);
    let read = pages.app.read(move |reader| drawn_from(reader, version, told.as_ref())).await;
    visit.or_wrong(read).map_or_else(|wrong| wrong, IntoResponse::into_response)
}

/// What the page is drawn from: the definition, the last decision, and how far a dry run is.
fn drawn_from(
    reader: &SqliteReader,
    version: u64,
    told: Option<&Told>,
) -> Result<String, StoreError> {
    let last = reader.decisions(&DecisionFilter::default(), 1)?.first().map_or(0, |last| last.id);
    let run = match told {
        Some(Told::Running { done, .. }) => format!("r{done}"),
        Some(Told::Played(played)) => format!("p{}", played.until.0),
        Some(Told::Stopped | Told::TooLong { .. } | Told::Failed) => "e".to_owned(),
        None => String::new(),
    };
    Ok(format!("{version:016x}-{last}-{run}"))
}

/// Plays a journey on the last days, in the background.
pub(super) async fn dry_run(
    State(pages): State<Pages>,
    Path(name): Path<String>,
    OwnForm { visit, .. }: OwnForm,
) -> Response {
    let program = pages.app.desk.program();
    if program.live_journey(&name).is_none() {
        return visit.wrong(ErrorPage::NotFound);
    }
    // The page says which one runs where this one does not begin.
    let _ = pages.app.begin_dry_run(program, &name);
    Redirect::to(&format!("{}#dry-run", address(&name))).into_response()
}

/// Stops the dry run of a journey.
pub(super) async fn stop(
    State(pages): State<Pages>,
    Path(name): Path<String>,
    OwnForm { .. }: OwnForm,
) -> Response {
    pages.app.dry_runs.stop(&name);
    Redirect::to(&format!("{}#dry-run", address(&name))).into_response()
}

/// What a page is made of.
struct Look {
    ctx: Ctx,
    program: Arc<Program>,
    name: String,
    told: Option<Told>,
    busy: Option<String>,
    now: Timestamp,
}

impl Look {
    fn model(
        &self,
        reader: &SqliteReader,
        version: Option<u64>,
    ) -> Result<Option<JourneyModel>, StoreError> {
        let mut accounts = reader.accounts()?;
        accounts.retain(|account| account.journey == self.name);
        let force = self.program.live_journey(&self.name);
        // Of one that nobody enters any more, the version that most people are still in.
        let crowded = || accounts.iter().max_by_key(|account| account.present());
        let shown = version
            .or(force.map(|journey| journey.version))
            .or_else(|| crowded().map(|account| account.version));
        let Some(journey) = shown.and_then(|version| self.program.journey(&self.name, version))
        else {
            return Ok(None);
        };
        let Some(form) = self.form(reader, journey.version)? else { return Ok(None) };
        let mut tallies = reader.tallies(None)?;
        tallies.retain(|tally| tally.journey == self.name);
        let since = self.now.plus(-DAYS * DAY);
        let lately = lately(reader, &self.name, self.now)?;
        let because = Because::read(reader, journey, &accounts, &lately, since)?;
        let tree = Tree {
            ctx: &self.ctx,
            journey,
            accounts: &accounts,
            tallies: &tallies,
            because: &because,
        };
        let in_force = force.is_some_and(|force| force.version == journey.version);
        Ok(Some(JourneyModel {
            card: journeys::head(journey, &tallies),
            in_force,
            steps: tree.all(&form),
            versions: self.versions(reader, &accounts, journey.version)?,
            left_because: because.of("", Verdict::Exit),
            dry_run: dry_run_model(reader, self.told.as_ref(), &lately, force)?,
            busy: self.busy.clone().filter(|busy| *busy != self.name),
            drawn_from: drawn_from(
                reader,
                force.map_or(0, |force| force.version),
                self.told.as_ref(),
            )?,
        }))
    }

    /// The canonical form of a version.
    fn form(&self, reader: &SqliteReader, version: u64) -> Result<Option<String>, StoreError> {
        let object = ObjectName { kind: ObjectKind::Journey, name: self.name.clone() };
        match self.program.objects.get(&object).filter(|held| held.version == version) {
            Some(held) => Ok(Some(held.canonical.clone())),
            None => older_form(reader, &self.name, version),
        }
    }

    /// The version in force, and those that people are in, with what changed since.
    fn versions(
        &self,
        reader: &SqliteReader,
        accounts: &[Account],
        shown: u64,
    ) -> Result<Vec<VersionRow>, StoreError> {
        let mut inside: BTreeMap<u64, u64> = BTreeMap::new();
        for account in accounts {
            *inside.entry(account.version).or_default() += account.present();
        }
        let force = self.program.live_journey(&self.name).map(|journey| journey.version);
        inside.retain(|version, people| *people > 0 || *version == shown);
        inside.extend(force.filter(|version| !inside.contains_key(version)).map(|own| (own, 0)));
        let now = match force {
            Some(version) => self.form(reader, version)?.unwrap_or_default(),
            None => String::new(),
        };
        let mut rows = Vec::new();
        for (version, people) in inside {
            let in_force = force == Some(version);
            let held = if in_force { None } else { self.form(reader, version)? };
            let changes = held.map(|held| lines(&held, &now)).unwrap_or_default();
            rows.push(VersionRow {
                id: format!("{version:016x}"),
                inside: people,
                in_force,
                shown: version == shown,
                changes: changes.into_iter().map(changed).collect(),
            });
        }
        rows.sort_by_key(|row| (!row.in_force, std::cmp::Reverse(row.inside)));
        Ok(rows)
    }
}

/// What is known of a dry run, beside what was decided `lately`. `live` is the journey as it is shown.
pub(super) fn dry_run_model(
    reader: &SqliteReader,
    told: Option<&Told>,
    lately: &[Tally],
    live: Option<&Journey>,
) -> Result<DryRunModel, StoreError> {
    Ok(match told {
        None => DryRunModel::Never,
        Some(Told::Running { done, whole }) => DryRunModel::Running { done: *done, whole: *whole },
        Some(Told::Stopped) => DryRunModel::Stopped,
        Some(Told::TooLong { events }) => {
            DryRunModel::TooLong { events: *events, most: EVENTS_MAX }
        }
        Some(Told::Failed) => DryRunModel::Failed,
        Some(Told::Played(run)) => {
            DryRunModel::Played(Box::new(played(reader, run, lately, live)?))
        }
    })
}

fn played(
    reader: &SqliteReader,
    played: &Played,
    lately: &[Tally],
    live: Option<&Journey>,
) -> Result<PlayedModel, StoreError> {
    let was = |step: &str, verdict| {
        let of = lately.iter().filter(|t| t.step == step && t.verdict == verdict);
        of.map(|tally| tally.decisions).sum::<u64>()
    };
    let because = |step: &str, verdict| {
        let found = played.because.get(&(step.to_owned(), verdict));
        counted(found.into_iter().flatten().map(|(code, count)| (*code, *count)))
    };
    let sends = live.into_iter().flat_map(|journey| &journey.steps);
    let sends = sends.filter(|step| step.kind.send().is_some()).map(|step| PlayedSend {
        step: step.name.clone(),
        sent: (played.count(&step.name, Verdict::Send), was(&step.name, Verdict::Send)),
        held: played.count(&step.name, Verdict::Hold),
        held_because: because(&step.name, Verdict::Hold),
        skipped: played.count(&step.name, Verdict::Skip),
        skipped_because: because(&step.name, Verdict::Skip),
    });
    let mut names = Names::default();
    let mut told = Vec::new();
    for decision in &played.told {
        let name = names.of(reader, decision.person)?;
        told.push((decision.person.to_string(), name, decisions::row(decision)));
    }
    let whole = [
        (DecisionKind::Entered, Verdict::Enter),
        (DecisionKind::Declined, Verdict::Decline),
        (DecisionKind::Exited, Verdict::Exit),
        (DecisionKind::Reached, Verdict::Goal),
        (DecisionKind::Completed, Verdict::Done),
    ];
    Ok(PlayedModel {
        from: played.from.0,
        until: played.until.0,
        events: played.events,
        persons: played.persons,
        former: live.is_none_or(|live| live.version != played.version),
        whole: whole
            .map(|(kind, verdict)| (kind, played.count("", verdict), was("", verdict)))
            .to_vec(),
        declined_because: because("", Verdict::Decline),
        sends: sends.collect(),
        told,
    })
}

/// What was decided of a journey in the days of a dry run.
pub(super) fn lately(
    reader: &SqliteReader,
    journey: &str,
    now: Timestamp,
) -> Result<Vec<Tally>, StoreError> {
    let mut lately = reader.tallies(Some(now.plus(-DAYS * DAY)))?;
    lately.retain(|tally| tally.journey == journey);
    Ok(lately)
}

/// A line of a difference, as pages have it.
pub(super) fn changed(line: Line) -> (char, String) {
    match line {
        Line::Same(text) => (' ', text),
        Line::Old(text) => ('-', text),
        Line::New(text) => ('+', text),
    }
}

/// Codes with their counts, the commonest first.
fn counted<'c>(codes: impl Iterator<Item = (&'c str, u64)>) -> Vec<ReasonCount> {
    let count = |(code, count): (&str, u64)| ReasonCount { code: code.to_owned(), count };
    let mut counts: Vec<ReasonCount> = codes.map(count).collect();
    counts.sort_by_key(|reason| std::cmp::Reverse(reason.count));
    counts
}

/// Why people are held, were passed over, or left, by step and verdict.
#[derive(Default)]
struct Because(BTreeMap<(String, Verdict), BTreeMap<&'static str, u64>>);

impl Because {
    /// Reads the latest decisions since a moment: as many as there are, so that none older are
    /// looked through.
    fn read(
        reader: &SqliteReader,
        journey: &Journey,
        accounts: &[Account],
        lately: &[Tally],
        since: Timestamp,
    ) -> Result<Self, StoreError> {
        let mut because = Self::default();
        for verdict in [Verdict::Skip, Verdict::Exit] {
            for decided in latest(reader, &journey.name, lately, verdict, since)? {
                because.add(&decided.step, verdict, &decided.reasons);
            }
        }
        let held = |account: &&Account| account.version == journey.version && account.held > 0;
        if accounts.iter().any(|account| held(&account)) {
            because.hold(reader, journey, lately, since)?;
        }
        Ok(because)
    }

    /// Those who are held at this moment, found by their last decisions.
    fn hold(
        &mut self,
        reader: &SqliteReader,
        journey: &Journey,
        lately: &[Tally],
        since: Timestamp,
    ) -> Result<(), StoreError> {
        let decided = latest(reader, &journey.name, lately, Verdict::Hold, since)?;
        let mut persons: Vec<_> = decided.iter().map(|decision| decision.person).collect();
        persons.sort_unstable();
        persons.dedup();
        for person in persons {
            let Some((_, record)) = reader.person(person)? else { continue };
            for enrollment in &record.enrollments {
                let own =
                    enrollment.journey == journey.name && enrollment.version == journey.version;
                let number = usize::try_from(enrollment.step).unwrap_or(usize::MAX);
                if let (true, Doing::Held { reasons, .. }, Some(step)) =
                    (own, &enrollment.state, journey.steps.get(number))
                {
                    self.add(&step.name, Verdict::Hold, reasons);
                }
            }
        }
        Ok(())
    }

    fn add(&mut self, step: &str, verdict: Verdict, reasons: &[Reason]) {
        let counts = self.0.entry((step.to_owned(), verdict)).or_default();
        for reason in reasons {
            *counts.entry(reason.code.code()).or_default() += 1;
        }
    }

    fn of(&self, step: &str, verdict: Verdict) -> Vec<ReasonCount> {
        let found = self.0.get(&(step.to_owned(), verdict));
        counted(found.into_iter().flatten().map(|(code, count)| (*code, *count)))
    }
}

fn latest(
    reader: &SqliteReader,
    journey: &str,
    lately: &[Tally],
    verdict: Verdict,
    since: Timestamp,
) -> Result<Vec<regulars_engine::decision::Decision>, StoreError> {
    let there: u64 = lately.iter().filter(|t| t.verdict == verdict).map(|t| t.decisions).sum();
    let limit = usize::try_from(there.min(DECISIONS)).unwrap_or(0);
    if limit == 0 {
        return Ok(Vec::new());
    }
    let filter = DecisionFilter {
        journey: Some(journey.to_owned()),
        verdict: Some(verdict),
        since: Some(since),
        ..DecisionFilter::default()
    };
    Ok(reader.decisions(&filter, limit)?.into_iter().map(|decided| decided.decision).collect())
}

/// What the tree of a version is made of.
struct Tree<'t> {
    ctx: &'t Ctx,
    journey: &'t Journey,
    accounts: &'t [Account],
    tallies: &'t [Tally],
    because: &'t Because,
}

impl Tree<'_> {
    /// The steps of a canonical form, each with what is known of the step it became.
    fn all(&self, form: &str) -> Vec<TreeStep> {
        let mut numbers = written(self.journey).into_iter();
        let steps = Sketch::read(form).map(|sketch| sketch.steps()).unwrap_or_default();
        steps.iter().filter_map(|step| self.step(step, &mut numbers)).collect()
    }

    fn step(
        &self,
        shown: &SketchStep,
        numbers: &mut impl Iterator<Item = u32>,
    ) -> Option<TreeStep> {
        let number = numbers.next()?;
        let step = self.journey.steps.get(usize::try_from(number).ok()?)?;
        let mut row =
            journeys::row(self.ctx, self.journey, (number, step), self.accounts, self.tallies);
        row.held_because = self.because.of(&step.name, Verdict::Hold);
        row.skipped_because = self.because.of(&step.name, Verdict::Skip);
        if row.kind == StepKind::GoTo {
            shown.text.clone_into(&mut row.label);
        }
        let mut ways = Vec::new();
        for way in &shown.ways {
            let name = match (row.kind, way.name.as_str()) {
                (StepKind::Branch, "then") => WayName::Then,
                (StepKind::Branch, _) => WayName::Else,
                (StepKind::WaitUntil | StepKind::WaitFor, _) => WayName::TimeIsUp,
                (_, name) => WayName::Drawn(name.to_owned(), way.share.clone()),
            };
            let mut steps = Vec::new();
            for inner in &way.steps {
                steps.extend(self.step(inner, numbers));
            }
            // A wait without a way of its own for when the time is up goes on all the same.
            if name != WayName::TimeIsUp || !steps.is_empty() {
                ways.push(TreeWay { name, steps });
            }
        }
        Some(TreeStep { row, name: step.name.clone(), ways })
    }
}
