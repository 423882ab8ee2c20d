//! Reports: a journey from both points of view, and messages that should not have gone.

use std::collections::{BTreeMap, BTreeSet};

use axum::extract::{Path, State};
use axum::response::Response;
use regulars_engine::decision::Verdict;
use regulars_engine::event;
use regulars_engine::identity::PersonId;
use regulars_engine::measure::{Cause, Claim, Lived, Sum, Viewpoints};
use regulars_engine::time::{DAY, Timestamp};
use regulars_store::{Reader, SqliteReader, StoreError};

use super::convert;
use super::visit::{Pages, Visit};
use crate::clock;
use crate::measure::regret::{Regrets, Regretted, regrets};
use crate::measure::trial::trials;
use crate::measure::viewpoints::{Looked, Seen, viewpoints};
use crate::measure::{OUTCOME_DAYS, SPAN_DAYS, Span};
use crate::ui::model::{
    ClaimWord, ErrorPage, JourneyReport, LivedWord, Money, RegretCause, RegretModel, RegretRow,
    ReportRow, ReportsModel, TellingRow, ViewLine,
};
use crate::ui::view::reports;

/// The latest messages that a page looks at: about a second's work.
const MESSAGES: usize = 1_000;
/// The latest of those that a page tells one by one.
const ROWS: usize = 50;

fn since() -> Timestamp {
    clock::now().plus(-i64::from(SPAN_DAYS) * DAY)
}

/// All reports.
pub(super) async fn page(State(pages): State<Pages>, visit: Visit) -> Response {
    let program = pages.app.desk.program();
    let read = pages.app.read(|reader| reader.tallies(Some(since()))).await;
    let tallies = match visit.or_wrong(read) {
        Ok(tallies) => tallies,
        Err(response) => return response,
    };
    let count = |journey: &str, verdict: Verdict| {
        let of = tallies.iter().filter(|tally| tally.journey == journey);
        of.filter(|tally| tally.verdict == verdict).map(|tally| tally.decisions).sum()
    };
    let row = |journey: &regulars_engine::journey::Journey| ReportRow {
        name: journey.name.clone(),
        purpose: convert::purpose(journey.purpose),
        sent: count(&journey.name, Verdict::Send),
        skipped: count(&journey.name, Verdict::Skip),
        entered: count(&journey.name, Verdict::Enter),
    };
    let mut journeys: Vec<ReportRow> = program.journeys.iter().map(row).collect();
    journeys.sort_by_key(|row| std::cmp::Reverse(row.sent));
    visit.page(reports::page(&visit.ctx, &ReportsModel { days: SPAN_DAYS, journeys }))
}

/// One journey from both points of view.
pub(super) async fn journey(
    State(pages): State<Pages>,
    visit: Visit,
    Path(name): Path<String>,
) -> Response {
    let program = pages.app.desk.program();
    if program.live_journey(&name).is_none() {
        return visit.wrong(ErrorPage::NotFound);
    }
    let asked = name.clone();
    let read = pages.app.read(move |reader| {
        let span = Span { since: since(), journey: Some(&asked), most: MESSAGES };
        let looked = viewpoints(reader, &program, span, Viewpoints::WINDOW_MS, &mut |_| ())?;
        let counted = (OUTCOME_DAYS, clock::now());
        let drawn = match program.live_journey(&asked) {
            Some(journey) => trials(reader, &program, journey, counted, &mut |_| ())?,
            None => Vec::new(),
        };
        let people = looked.telling.iter().map(|seen| seen.message.person);
        let names = names(reader, people)?;
        Ok((looked, drawn, names))
    });
    match visit.or_wrong(read.await) {
        Ok((looked, drawn, names)) => {
            let report = JourneyReport { drawn, ..two_views(name, &looked, &names) };
            visit.page(reports::journey(&visit.ctx, &report))
        }
        Err(response) => response,
    }
}

/// Messages that should not have gone.
pub(super) async fn regret(State(pages): State<Pages>, visit: Visit) -> Response {
    let program = pages.app.desk.program();
    let read = pages.app.read(move |reader| {
        let span = Span { since: since(), journey: None, most: MESSAGES };
        let found = regrets(reader, &program, span, &mut |_| ())?;
        let people = found.regretted.iter().take(ROWS).map(|one| one.message.person);
        let names = names(reader, people)?;
        Ok((found, names))
    });
    match visit.or_wrong(read.await) {
        Ok((found, names)) => visit.page(reports::regret(&visit.ctx, &judged(&found, &names))),
        Err(response) => response,
    }
}

type Names = BTreeMap<PersonId, String>;

fn names(
    reader: &SqliteReader,
    people: impl Iterator<Item = PersonId>,
) -> Result<Names, StoreError> {
    let people: BTreeSet<PersonId> = people.collect();
    let mut names = Names::new();
    for id in people {
        let found = reader.person(id)?;
        names.insert(id, convert::name_of(found.as_ref().map(|(_, record)| record), id));
    }
    Ok(names)
}

fn named(id: PersonId, names: &Names) -> (String, String) {
    (id.to_string(), names.get(&id).cloned().unwrap_or_else(|| id.to_string()))
}

fn money(all: &[event::Money]) -> Vec<Money> {
    all.iter().map(|one| convert::money(one.minor, one.currency)).collect()
}

fn line<W>(what: W, sum: Option<&Sum>) -> ViewLine<W> {
    ViewLine {
        what,
        number: sum.map_or(0, |sum| sum.number),
        money: sum.map(|sum| money(&sum.money)).unwrap_or_default(),
    }
}

fn two_views(name: String, looked: &Looked, names: &Names) -> JourneyReport {
    let summary = &looked.summary;
    let claimed = summary.claimed_in_all();
    JourneyReport {
        name,
        days: SPAN_DAYS,
        window_days: u32::try_from(Viewpoints::WINDOW_MS / DAY).unwrap_or(u32::MAX),
        messages: summary.messages,
        left_out: looked.left_out,
        more: looked.more,
        claimed: Claim::ALL.iter().map(|by| line(claim(*by), summary.claimed.get(by))).collect(),
        claimed_in_all: (claimed.number, money(&claimed.money)),
        lived: Lived::ALL.iter().map(|one| line(lived(*one), summary.lived.get(one))).collect(),
        kept_in_all: money(&summary.kept_in_all().money),
        telling: looked.telling.iter().map(|seen| telling(seen, names)).collect(),
        drawn: Vec::new(),
    }
}

fn telling(seen: &Seen, names: &Names) -> TellingRow {
    let mut claimed = Sum::default();
    for order in &seen.viewpoints.claimed {
        claimed.add(&[order.money]);
    }
    TellingRow {
        at: seen.message.claimed_at.0,
        person: named(seen.message.person, names),
        claimed: money(&claimed.money),
        lived: lived(seen.viewpoints.lived),
        kept: money(&seen.viewpoints.kept),
    }
}

const fn claim(by: Claim) -> ClaimWord {
    match by {
        Claim::Coupon => ClaimWord::Coupon,
        Claim::Product => ClaimWord::Product,
        Claim::Clicked => ClaimWord::Clicked,
        Claim::Opened => ClaimWord::Opened,
        Claim::Received => ClaimWord::Received,
    }
}

const fn lived(lived: Lived) -> LivedWord {
    match lived {
        Lived::ReturnedAndRebought => LivedWord::ReturnedAndRebought,
        Lived::HadBought => LivedWord::HadBought,
        Lived::GaveBack => LivedWord::GaveBack,
        Lived::BoughtElsewhere => LivedWord::BoughtElsewhere,
        Lived::Bought => LivedWord::Bought,
        Lived::OptedOut => LivedWord::OptedOut,
        Lived::Nothing => LivedWord::Nothing,
    }
}

const fn cause(cause: &Cause) -> RegretCause {
    match cause {
        Cause::LateSource { .. } => RegretCause::LateSource,
        Cause::MissingLink => RegretCause::MissingLink,
        Cause::UnderstoodLater => RegretCause::UnderstoodLater,
        Cause::NoExitRule => RegretCause::NoExitRule,
    }
}

fn judged(found: &Regrets, names: &Names) -> RegretModel {
    let causes = found.by_cause().into_iter().map(|(of, sum)| line(cause(of), Some(&sum)));
    RegretModel {
        days: SPAN_DAYS,
        judged: found.judged,
        left_out: found.left_out,
        more: found.more,
        causes: causes.collect(),
        rows: found.regretted.iter().take(ROWS).map(|one| regretted(one, names)).collect(),
    }
}

fn regretted(one: &Regretted, names: &Names) -> RegretRow {
    let late = match &one.regret.cause {
        Cause::LateSource { feed, late_ms } if feed.feed.is_empty() => {
            Some((feed.source.clone(), *late_ms))
        }
        Cause::LateSource { feed, late_ms } => {
            Some((format!("{} · {}", feed.source, feed.feed), *late_ms))
        }
        Cause::MissingLink | Cause::UnderstoodLater | Cause::NoExitRule => None,
    };
    RegretRow {
        at: one.message.claimed_at.0,
        person: named(one.message.person, names),
        journey: one.message.journey.clone(),
        step: one.message.step.clone(),
        cause: cause(&one.regret.cause),
        late,
        reason: convert::reason(&one.regret.reason),
        cost: money(&one.regret.cost),
    }
}
