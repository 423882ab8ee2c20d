//! The town's past: its lines arrive on a virtual clock, journeys run as they would have.

use std::path::Path;
use std::sync::Arc;

use anyhow::Context;
use jiff::tz::TimeZone;
use regulars_engine::event::{Event, Mode};
use regulars_engine::time::{MINUTE, Timestamp};
use regulars_engine::work::Purpose;
use regulars_ingest::ndjson;
use regulars_server::access;
use regulars_server::clockwork::Clockwork;
use regulars_server::import::settings_of;
use regulars_server::live::Rendering;
use regulars_server::writer::Writer;
use regulars_sim::{StorySettings, Town, TownSettings};
use regulars_store::{Reader, Sending, SqliteStore, Store};

use super::shop;
use crate::progress::Progress;

/// Lines that arrive within so long of each other arrive together: people cannot tell, and the
/// history is there in seconds.
const TOGETHER_MS: i64 = MINUTE;
/// Whoever signs in to the demo, with which password.
pub(crate) const USER: (&str, &str) = ("demo", "demo");

/// How large the town is.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Size {
    pub(crate) people: u32,
    pub(crate) days: u32,
    pub(crate) seed: u64,
}

/// Lives through the town's last days, up to `now`, and puts the outcome into the empty directory.
///
/// Gives the number of events. All happens in memory, where nobody waits for the disk, and is copied at its end.
pub(crate) fn live_through(size: Size, now: Timestamp, dir: &Path) -> anyhow::Result<u64> {
    let town = found(size, now).context("could not found the demo's town")?;
    let mut store = SqliteStore::in_memory()?;
    store.set_sending(Sending::On)?;
    access::keep_user(&mut store, USER.0, USER.1)?;
    let mut writer = Writer::open(store, Purpose::Live)?;
    let start = Timestamp(town_start(&town)?.as_millisecond());
    writer.publish(&shop::definitions(&town), start).context("the demo's definitions")?;
    let mut rendering = Rendering::default();
    let mut clockwork = Clockwork::begin(
        writer,
        Box::new(move |writer, message| {
            rendering.render(writer.program(), writer.reader(), message, writer.salt())
        }),
    );
    arrive(&town, &mut clockwork, now)?;
    clockwork.go_on_until(now)?;
    let writer = clockwork.into_writer();
    writer.reader().backup(dir, &mut |_, _| {}).context("could not write the demo's store")?;
    Ok(writer.reader().totals()?.events)
}

/// The town whose stories end at `now`.
fn found(size: Size, now: Timestamp) -> anyhow::Result<Town> {
    let settings = TownSettings::default();
    let zone = TimeZone::get(&settings.zone)?;
    let today = now.in_zone(&zone).start_of_day()?;
    let start = today.checked_sub(jiff::Span::new().try_days(i64::from(size.days) - 1)?)?;
    let stories = StorySettings {
        ends_at: Some(now.to_string()),
        // The cart was filled eleven hours ago, so that its reminder has come due since: after the
        // purchase, and before the till told of it.
        maria_added_minutes_before: 11 * 60,
        ..settings.stories
    };
    Ok(Town::new(TownSettings {
        seed: size.seed,
        people: size.people,
        days: size.days,
        start: start.timestamp().to_string(),
        stories,
        ..settings
    })?)
}

fn town_start(town: &Town) -> anyhow::Result<jiff::Timestamp> {
    Ok(town.settings().start.parse()?)
}

fn arrive(town: &Town, clockwork: &mut Clockwork, now: Timestamp) -> anyhow::Result<()> {
    let program = Arc::clone(clockwork.program());
    let facts = ndjson::File {
        settings_of: &|name| Arc::new(settings_of(&program, name)),
        rules: &program.identity,
        source: None,
        received_at: now,
        mode: Mode::Live,
    };
    let begun = town_start(town)?.as_millisecond();
    let span = u64::try_from(now.0 - begun).unwrap_or(1);
    let mut progress = Progress::begin(format!("{} days of a shop go by", town.settings().days));
    let (mut lines, mut text, mut number) = (town.lines(), Vec::with_capacity(1_024), 0);
    let mut together: Vec<Event> = Vec::new();
    while let Some(truth) = lines.write_next(&mut text) {
        let received_at = Timestamp(truth.received_at.as_millisecond());
        if received_at > now {
            break;
        }
        number += 1;
        let outcome = ndjson::parse_line(&text, number, &facts);
        text.clear();
        let late = |first: &Event| received_at.since(first.received_at) > TOGETHER_MS;
        if together.first().is_some_and(late) {
            flush(&mut together, clockwork)?;
            progress.at(u64::try_from(received_at.0 - begun).unwrap_or(0), span);
        }
        match outcome {
            Some(Ok(event)) => together.push(event),
            Some(Err(rejection)) => {
                return Err(anyhow::anyhow!("{}", rejection.reason).context("the town's own line"));
            }
            None => {}
        }
    }
    flush(&mut together, clockwork)?;
    progress.end();
    Ok(())
}

fn flush(together: &mut Vec<Event>, clockwork: &mut Clockwork) -> anyhow::Result<()> {
    let events = std::mem::take(together);
    if let Some(last) = events.last() {
        let now = last.received_at;
        clockwork.arrive(events, now)?;
    }
    Ok(())
}
