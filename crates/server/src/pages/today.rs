//! Today: what needs somebody, and what happened.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};

use axum::extract::State;
use axum::response::{IntoResponse, Redirect, Response};
use regulars_engine::decision::{MessageState, Verdict};
use regulars_engine::identity::PersonId;
use regulars_engine::journey::State as Doing;
use regulars_engine::program::Program;
use regulars_engine::record::Record;
use regulars_engine::source::Completeness;
use regulars_engine::time::Timestamp;
use regulars_engine::work::OWN_SOURCE;
use regulars_store::{
    DecisionFilter, MessageFilter, QuarantineFilter, Reader, Sending as Switch, SqliteReader,
    StoreError,
};

use super::visit::{OwnForm, Pages, Visit};
use super::{convert, decisions, notices, sources};
use crate::clock;
use crate::live::{Lasting, Sales};
use crate::pacing::queues;
use crate::sending::{switch, switched};
use crate::ui::model::{
    DayTakings, DecisionCount, DecisionKind, HeldSend, PauseCause, QuarantineGroup, ReasonCount,
    Sending, SilentFeed, Takings, TodayModel, UncertainSend,
};
use crate::ui::view::today;
use crate::webhooks::gone as webhooks_gone;

/// How many rows of each list are shown.
const ROWS: usize = 8;
/// From how many decisions the reasons are counted.
const DECISIONS: usize = 2_000;
/// The space of the store where each user's last look stands.
const LOOKS: &str = "looks";

/// The first page of the day.
pub(super) async fn page(State(pages): State<Pages>, visit: Visit) -> Response {
    let program = pages.app.desk.program();
    let user = visit.session.user.clone();
    let now = clock::now();
    let sales = Arc::clone(&pages.sales);
    let trouble = pages.app.lasting_trouble();
    let read = pages.app.read(move |reader| {
        let mut model = read_model(reader, &user)?;
        model.version.push_str(trouble_word(trouble.as_ref()).as_str());
        model.trouble = trouble;
        model.queues = queues(reader, &program.shop, now)?;
        model.takings = takings(reader, &program, &sales, now)?;
        let mut feeds = reader.feeds()?;
        feeds.retain(|(name, _)| name.source != OWN_SOURCE);
        model.sources = u64::try_from(feeds.len()).unwrap_or(u64::MAX);
        for (name, feed) in &feeds {
            let habit = program.source(&name.source).habit_of(&name.feed);
            let until = now.plus(-habit.lag_ms);
            if sources::expected(feed, habit)
                && feed.completeness(habit, until, now) == Completeness::Behind
            {
                model.silent.push(SilentFeed {
                    source: (name.source.clone(), name.source.clone()),
                    feed: Some(name.feed.clone()).filter(|feed| !feed.is_empty()),
                    state: sources::state(feed, habit, now),
                    last_at: Some(feed.heard_at.0),
                    expected_at: None,
                    holding: 0,
                });
            }
        }
        for silent in &mut model.silent {
            let holds = model
                .held
                .iter()
                .filter(|held| held.reasons.iter().any(|reason| reason.code == "feed_behind"));
            silent.holding = u64::try_from(holds.count()).unwrap_or(0);
        }
        Ok(model)
    });
    match visit.or_wrong(read.await) {
        Ok(model) => visit.page(today::page(&visit.ctx, &model)),
        Err(response) => response,
    }
}

/// What the last days brought, as far as it is counted.
fn takings(
    reader: &SqliteReader,
    program: &Program,
    sales: &Mutex<Sales>,
    now: Timestamp,
) -> Result<Takings, StoreError> {
    let mut sales = sales.lock().unwrap_or_else(PoisonError::into_inner);
    let counting = !sales.catch_up(reader, now)?;
    let (zone, currency) = (&program.shop.zone, program.shop.currency);
    let moment = |day: jiff::civil::Date| {
        day.to_zoned(zone.clone()).map_or(now.0, |at| at.timestamp().as_millisecond())
    };
    let days = sales.by_day(zone, currency, now).into_iter().map(|day| DayTakings {
        at: moment(day.day),
        orders: day.orders,
        net: convert::money(day.net_minor, currency),
        foreign: day.foreign,
    });
    Ok(Takings { days: days.collect(), counting })
}

/// What Today is drawn from: the log, the decisions, what waits, and the switch.
fn version_of(reader: &SqliteReader) -> Result<String, StoreError> {
    let totals = reader.totals()?;
    let last = reader.decisions(&DecisionFilter::default(), 1)?.first().map_or(0, |last| last.id);
    let position = reader.next_position()?.0;
    let waits = (totals.held, totals.claimed, totals.uncertain, totals.quarantined);
    let open = reader.open_notices()?;
    let gone = webhooks_gone(reader)?.len();
    Ok(format!("{position}-{last}-{open}-{gone}-{waits:?}-{}", reader.sending()?.word())
        .replace([' ', '(', ')'], ""))
}

/// What trouble with mail adds to the version: nothing while mail is taken.
fn trouble_word(trouble: Option<&Lasting>) -> String {
    trouble.map(|trouble| format!("-{}", trouble.since.0)).unwrap_or_default()
}

/// The version that Today would have now: a few look-ups, for a page that asks every few seconds.
pub(super) async fn version(State(pages): State<Pages>, visit: Visit) -> Response {
    let read = pages.app.read(version_of).await;
    let of_trouble = trouble_word(pages.app.lasting_trouble().as_ref());
    let version = read.map(|version| version + &of_trouble);
    visit.or_wrong(version).map_or_else(|wrong| wrong, IntoResponse::into_response)
}

fn read_model(reader: &SqliteReader, user: &str) -> Result<TodayModel, StoreError> {
    let totals = reader.totals()?;
    let since = reader
        .get(LOOKS, user)?
        .and_then(|bytes| String::from_utf8(bytes).ok()?.parse().ok())
        .map(Timestamp);
    let note = switched(reader)?;
    let cause = note.as_ref().and_then(|note| note.cause.clone());
    let by = note.map(|note| (note.by, note.at));
    let sending = match reader.sending()? {
        Switch::On => Sending::On,
        Switch::Transactional => Sending::Alarmed {
            cause: cause.as_ref().and_then(|cause| PauseCause::from_word(&cause.alarm)),
            count: cause.as_ref().map_or(0, |cause| cause.count),
            sent: cause.as_ref().map_or(0, |cause| cause.sent),
            by,
        },
        Switch::Off => Sending::Paused { by, restored: false },
        Switch::OffAfterRestore => Sending::Paused { by: None, restored: true },
    };
    let outbox = MessageFilter::default();
    let messages = reader.messages(&outbox, ROWS)?;
    let uncertain =
        MessageFilter { state: Some(MessageState::Uncertain), ..MessageFilter::default() };
    let mut names = Names::default();
    Ok(TodayModel {
        version: version_of(reader)?,
        takings: Takings::default(),
        since: since.map(|at| at.0),
        sending,
        trouble: None,
        webhooks_gone: webhooks_gone(reader)?.into_iter().map(|(name, at)| (name, at.0)).collect(),
        sources: 0,
        notices: notices::rows(reader, &mut names, (true, None), ROWS)?,
        notices_total: reader.open_notices()?,
        held: held(reader, &mut names)?,
        held_total: totals.held,
        queues: Vec::new(),
        silent: Vec::new(),
        quarantine: quarantine(reader)?,
        uncertain: reader
            .messages(&uncertain, ROWS)?
            .into_iter()
            .map(|message| {
                Ok(UncertainSend {
                    message_id: Some(message.id.to_string()),
                    person: (message.person.to_string(), names.of(reader, message.person)?),
                    channel: convert::channel(message.channel),
                    subject: message.subject,
                    at: message.claimed_at.0,
                })
            })
            .collect::<Result<_, StoreError>>()?,
        happened: happened(reader, since)?,
        outbox_total: u64::try_from(messages.len()).unwrap_or(0),
        outbox: messages
            .iter()
            .map(|message| Ok(convert::outbox_row(message, names.of(reader, message.person)?)))
            .collect::<Result<_, StoreError>>()?,
    })
}

/// Names of persons, read once each.
#[derive(Default)]
pub(super) struct Names(BTreeMap<PersonId, String>);

impl Names {
    pub(super) fn of(
        &mut self,
        reader: &SqliteReader,
        person: PersonId,
    ) -> Result<String, StoreError> {
        if let Some(name) = self.0.get(&person) {
            return Ok(name.clone());
        }
        let row = reader.person(person)?;
        let name = convert::name_of(row.as_ref().map(|(_, record)| record), person);
        self.0.insert(person, name.clone());
        Ok(name)
    }
}

/// Messages that wait at this moment, found by their last decisions.
fn held(reader: &SqliteReader, names: &mut Names) -> Result<Vec<HeldSend>, StoreError> {
    let filter = DecisionFilter { verdict: Some(Verdict::Hold), ..DecisionFilter::default() };
    let mut seen: Vec<(PersonId, String)> = Vec::new();
    let mut rows = Vec::new();
    for decided in reader.decisions(&filter, 200)? {
        let decision = decided.decision;
        let slot = (decision.person, decision.journey.clone());
        if seen.contains(&slot) || rows.len() >= ROWS {
            continue;
        }
        seen.push(slot);
        let Some((_, record)) = reader.person(decision.person)? else { continue };
        if let Some(row) = still_held(&record, &decision.journey, &decision.step) {
            let person = (record.id().to_string(), names.of(reader, record.id())?);
            rows.push(HeldSend {
                person,
                channel: decision
                    .channel
                    .map_or(crate::ui::model::Channel::Email, convert::channel),
                ..row
            });
        }
    }
    rows.sort_by_key(|row| row.until);
    Ok(rows)
}

fn still_held(record: &Record, journey: &str, step: &str) -> Option<HeldSend> {
    record.enrollments.iter().filter(|enrollment| enrollment.journey == journey).find_map(
        |enrollment| match &enrollment.state {
            Doing::Held { due_at, until, reasons, .. } => Some(HeldSend {
                person: (String::new(), String::new()),
                journey: journey.to_owned(),
                step: step.to_owned(),
                channel: crate::ui::model::Channel::Email,
                since: due_at.0,
                until: until.0,
                reasons: convert::reasons(reasons),
            }),
            Doing::Waiting { .. } | Doing::Sending { .. } | Doing::Ended { .. } => None,
        },
    )
}

fn quarantine(reader: &SqliteReader) -> Result<Vec<QuarantineGroup>, StoreError> {
    let mut groups = Vec::new();
    for count in reader.quarantine_counts()? {
        let filter = QuarantineFilter {
            source: Some(count.source.clone()),
            code: Some(count.code.clone()),
            before: None,
        };
        let newest = reader.quarantine(&filter, 1)?;
        groups.push(QuarantineGroup {
            source: (count.source.clone(), count.source),
            code: count.code,
            count: count.rows,
            latest_at: newest.first().map_or(0, |(_, row)| row.received_at.0),
        });
    }
    Ok(groups)
}

fn happened(
    reader: &SqliteReader,
    since: Option<Timestamp>,
) -> Result<Vec<DecisionCount>, StoreError> {
    let filter = DecisionFilter { since, ..DecisionFilter::default() };
    let mut counts: BTreeMap<DecisionKind, (u64, BTreeMap<String, u64>)> = BTreeMap::new();
    for decided in reader.decisions(&filter, DECISIONS)? {
        let entry = counts.entry(decisions::kind(&decided.decision)).or_default();
        entry.0 += 1;
        for reason in &decided.decision.reasons {
            *entry.1.entry(reason.code.code().to_owned()).or_default() += 1;
        }
    }
    Ok(counts
        .into_iter()
        .map(|(kind, (count, reasons))| {
            let mut reasons: Vec<ReasonCount> =
                reasons.into_iter().map(|(code, count)| ReasonCount { code, count }).collect();
            reasons.sort_by_key(|reason| std::cmp::Reverse(reason.count));
            DecisionCount { kind, count, reasons }
        })
        .collect())
}

/// Remembers that the visitor has looked: what happened is counted from here.
pub(super) async fn looked(State(pages): State<Pages>, OwnForm { visit, .. }: OwnForm) -> Response {
    let user = visit.session.user.clone();
    let at = clock::now().0.to_string();
    let put = pages.app.desk.ask(move |writer| {
        regulars_store::Store::put(writer.store(), LOOKS, &user, Some(at.as_bytes()))
    });
    match put.await {
        Ok(Ok(())) => Redirect::to("/today").into_response(),
        Ok(Err(_)) | Err(_) => visit.wrong(crate::ui::model::ErrorPage::Unavailable),
    }
}

/// A person says that messages may leave again.
pub(super) async fn resume(State(pages): State<Pages>, OwnForm { visit, .. }: OwnForm) -> Response {
    turn(&pages, &visit, Switch::On, "sending-resumed").await
}

/// A person stops everything that leaves.
pub(super) async fn pause(State(pages): State<Pages>, OwnForm { visit, .. }: OwnForm) -> Response {
    turn(&pages, &visit, Switch::Off, "sending-paused").await
}

async fn turn(pages: &Pages, visit: &Visit, to: Switch, notice: &str) -> Response {
    let by = visit.session.user.clone();
    let turned = pages.app.desk.ask(move |writer| switch(writer, to, &by, clock::now()));
    match turned.await {
        Ok(Ok(())) => Redirect::to(&format!("/today?notice={notice}")).into_response(),
        Ok(Err(_)) | Err(_) => visit.wrong(crate::ui::model::ErrorPage::Unavailable),
    }
}
