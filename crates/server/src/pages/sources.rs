//! Sources: how late each feed is, and its rhythm.

use axum::extract::{Path, State};
use axum::response::Response;
use jiff::tz::TimeZone;
use regulars_engine::event;
use regulars_engine::program::Program;
use regulars_engine::source::{Completeness, Feed, FeedName, Habit, Rhythm, SourceSettings};
use regulars_engine::time::{HOUR, Timestamp};
use regulars_store::{QuarantineCount, Reader};

use super::visit::{Pages, Visit};
use crate::clock;
use crate::ui::model::{
    ErrorPage, FeedRow, QuarantineFilter, SourceKind, SourceModel, SourceRow, SourcesModel, Speaks,
    Watermark, WatermarkState,
};
use crate::ui::view::{source, sources};

/// Whether a feed is expected to speak: one that only ever brought history is not.
pub(super) fn expected(feed: &Feed, habit: Habit) -> bool {
    feed.live && (habit.rhythm == Rhythm::Live || feed.complete_through.is_some())
}

/// How many sources have a feed that is behind.
pub(super) fn behind(program: &Program, feeds: &[(FeedName, Feed)], now: Timestamp) -> u64 {
    let mut names: Vec<&str> = feeds
        .iter()
        .filter(|(name, feed)| {
            let habit = program.source(&name.source).habit_of(&name.feed);
            let until = now.plus(-habit.lag_ms);
            expected(feed, habit) && feed.completeness(habit, until, now) == Completeness::Behind
        })
        .map(|(name, _)| name.source.as_str())
        .collect();
    names.dedup();
    u64::try_from(names.len()).unwrap_or(0)
}

pub(super) fn state(feed: &Feed, habit: Habit, now: Timestamp) -> WatermarkState {
    match feed.completeness(habit, now.plus(-habit.lag_ms), now) {
        Completeness::Known => WatermarkState::Known,
        Completeness::Presumed | Completeness::Behind if !expected(feed, habit) => {
            WatermarkState::Imported
        }
        Completeness::Presumed => WatermarkState::Presumed,
        Completeness::Behind => WatermarkState::Behind,
    }
}

/// All sources.
pub(super) async fn page(State(pages): State<Pages>, visit: Visit) -> Response {
    let program = pages.app.desk.program();
    let now = clock::now();
    let zone = visit.ctx.zone.clone();
    let read = pages
        .app
        .read(move |reader| {
            let (feeds, quarantine) = (reader.feeds()?, reader.quarantine_counts()?);
            Ok(rows(&program, &feeds, &quarantine, &zone, now))
        })
        .await;
    match visit.or_wrong(read) {
        Ok(sources) => visit.page(sources::page(&visit.ctx, &SourcesModel { sources })),
        Err(response) => response,
    }
}

/// One source.
pub(super) async fn one(
    State(pages): State<Pages>,
    visit: Visit,
    Path(id): Path<String>,
) -> Response {
    let program = pages.app.desk.program();
    let now = clock::now();
    let zone = visit.ctx.zone.clone();
    let read = pages
        .app
        .read(move |reader| {
            let (feeds, quarantine) = (reader.feeds()?, reader.quarantine_counts()?);
            let counts = reader.counts()?;
            let mut all = rows(&program, &feeds, &quarantine, &zone, now);
            let Some(at) = all.iter().position(|row| row.id == id) else { return Ok(None) };
            let source = all.swap_remove(at);
            let own = counts.iter().find(|(name, _)| *name == id).map(|(_, c)| *c);
            let own = own.unwrap_or_default();
            let weeks = feeds
                .iter()
                .filter(|(name, _)| name.source == id)
                .map(|(_, feed)| feed.heard_at.since(feed.first_at) / (168 * HOUR) + 1)
                .max();
            Ok(Some(SourceModel {
                source,
                rhythm_weeks: weeks.and_then(|weeks| u32::try_from(weeks).ok()).unwrap_or(1),
                quarantine: filters(&quarantine, Some(&id), None),
                duplicates: own.duplicates,
                conflicts: own.conflicts,
            }))
        })
        .await;
    match visit.or_wrong(read) {
        Ok(Some(model)) => visit.page(source::page(&visit.ctx, &model)),
        Ok(None) => visit.wrong(ErrorPage::NotFound),
        Err(response) => response,
    }
}

/// Quarantined rows by source and reason, as choices of a filter.
pub(super) fn filters(
    counts: &[QuarantineCount],
    source: Option<&str>,
    chosen: Option<(&str, &str)>,
) -> Vec<QuarantineFilter> {
    counts
        .iter()
        .filter(|count| source.is_none_or(|source| count.source == source))
        .map(|count| QuarantineFilter {
            source_id: count.source.clone(),
            source: count.source.clone(),
            code: count.code.clone(),
            count: count.rows,
            selected: chosen == Some((&count.source, &count.code)),
        })
        .collect()
}

fn rows(
    program: &Program,
    feeds: &[(FeedName, Feed)],
    quarantine: &[QuarantineCount],
    zone: &TimeZone,
    now: Timestamp,
) -> Vec<SourceRow> {
    let mut names: Vec<&str> = feeds.iter().map(|(name, _)| name.source.as_str()).collect();
    names.extend(program.sources.keys().map(String::as_str));
    names.sort_unstable();
    names.dedup();
    let mut rows: Vec<SourceRow> = names
        .into_iter()
        .filter(|name| *name != regulars_engine::work::OWN_SOURCE)
        .map(|name| row(program, name, feeds, quarantine, zone, now))
        .collect();
    rows.sort_by_key(|row| !matches!(row.watermark.state, WatermarkState::Behind));
    rows
}

fn row(
    program: &Program,
    name: &str,
    feeds: &[(FeedName, Feed)],
    quarantine: &[QuarantineCount],
    zone: &TimeZone,
    now: Timestamp,
) -> SourceRow {
    let settings = program.source(name);
    let own: Vec<&(FeedName, Feed)> =
        feeds.iter().filter(|(feed, _)| feed.source == name).collect();
    let mut feed_rows: Vec<FeedRow> =
        own.iter().map(|(feed, held)| feed_row(feed, held, &settings, zone, now)).collect();
    for announced in &settings.feeds {
        if !own.iter().any(|(feed, _)| feed.feed == announced.name) {
            feed_rows.push(never_heard(&announced.name, settings.habit_of(&announced.name)));
        }
    }
    if feed_rows.is_empty() {
        feed_rows.push(never_heard(name, settings.habit_of("")));
    }
    let worst = feed_rows
        .iter()
        .map(|feed| feed.watermark)
        .max_by_key(|watermark| badness(watermark.state))
        .unwrap_or(Watermark { state: WatermarkState::Never, complete_until: None });
    SourceRow {
        id: name.to_owned(),
        name: name.to_owned(),
        kind: source_kind(&settings),
        watermark: worst,
        last_at: own.iter().map(|(_, feed)| feed.heard_at.0).max(),
        latest_at: own.iter().filter_map(|(_, feed)| latest(feed)).max(),
        today: feed_rows.iter().map(|feed| feed.today).sum(),
        quarantined: quarantine.iter().filter(|c| c.source == name).map(|c| c.rows).sum(),
        feeds: feed_rows,
    }
}

fn badness(state: WatermarkState) -> u8 {
    match state {
        WatermarkState::Known => 1,
        WatermarkState::Presumed => 2,
        WatermarkState::Imported => 0,
        WatermarkState::Never => 3,
        WatermarkState::Behind => 4,
    }
}

fn latest(feed: &Feed) -> Option<i64> {
    (feed.events > 0).then_some(feed.last_occurred_at.0)
}

fn source_kind(settings: &SourceSettings) -> SourceKind {
    match (settings.rhythm, settings.channel) {
        (_, event::Channel::Store) => SourceKind::Till,
        (_, event::Channel::Web) => SourceKind::Web,
        (_, event::Channel::App) => SourceKind::App,
        (_, event::Channel::Service) => SourceKind::Service,
        (_, event::Channel::Email | event::Channel::Sms | event::Channel::Push) => {
            SourceKind::Provider
        }
        (_, event::Channel::Ads | event::Channel::Social) => SourceKind::Ads,
        (Rhythm::Batch, event::Channel::Other) => SourceKind::File,
        (Rhythm::Live, event::Channel::Other) => SourceKind::Other,
    }
}

fn never_heard(name: &str, habit: Habit) -> FeedRow {
    FeedRow {
        speaks: speaks(habit),
        lag: habit.lag_ms,
        id: name.to_owned(),
        name: name.to_owned(),
        last_at: None,
        latest_at: None,
        watermark: Watermark { state: WatermarkState::Never, complete_until: None },
        today: 0,
        quarantined: 0,
        holding: 0,
        rhythm: [[0; 24]; 7],
    }
}

fn feed_row(
    name: &FeedName,
    feed: &Feed,
    settings: &SourceSettings,
    zone: &TimeZone,
    now: Timestamp,
) -> FeedRow {
    let shown = if name.feed.is_empty() { &name.source } else { &name.feed };
    let habit = settings.habit_of(&name.feed);
    let state = state(feed, habit, now);
    let presumed = (state == WatermarkState::Presumed).then(|| now.plus(-habit.lag_ms));
    FeedRow {
        speaks: speaks(habit),
        lag: habit.lag_ms,
        id: shown.clone(),
        name: shown.clone(),
        last_at: Some(feed.heard_at.0),
        latest_at: latest(feed),
        watermark: Watermark {
            state,
            complete_until: feed.complete_through.max(presumed).map(|at| at.0),
        },
        today: feed.events_since_midnight(zone, now),
        quarantined: 0,
        holding: 0,
        rhythm: rhythm(feed, zone, now),
    }
}

fn speaks(habit: Habit) -> Speaks {
    match habit.rhythm {
        Rhythm::Live => Speaks::EventByEvent,
        Rhythm::Batch => Speaks::FileByFile,
    }
}

/// The rhythm turned from hours of the week in UTC to the shop's zone, as it is today.
fn rhythm(feed: &Feed, zone: &TimeZone, now: Timestamp) -> [[u32; 24]; 7] {
    let mut table = [[0; 24]; 7];
    let hours = i64::from(zone.to_offset(now.to_jiff()).seconds()).div_euclid(3600);
    for (hour, count) in feed.by_hour.iter().enumerate() {
        let local = (i64::try_from(hour).unwrap_or(0) + hours).rem_euclid(168);
        let local = usize::try_from(local).unwrap_or(0);
        table[local / 24][local % 24] = *count;
    }
    table
}
