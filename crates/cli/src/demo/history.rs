//! The town's past: its lines arrive on a virtual clock, journeys run as they would have.

use std::path::Path;
use std::sync::Arc;
use std::sync::mpsc::{SyncSender, sync_channel};

use anyhow::Context;
use jiff::tz::TimeZone;
use regulars_engine::event::{Event, Mode};
use regulars_engine::program::Program;
use regulars_engine::time::{DAY, MINUTE, Timestamp};
use regulars_engine::work::Purpose;
use regulars_ingest::ndjson;
use regulars_server::access::{self, Password, Role, UserName};
use regulars_server::clockwork::Clockwork;
use regulars_server::live::Rendering;
use regulars_server::writer::Writer;
use regulars_sim::{StorySettings, Town, TownSettings, shop};
use regulars_store::{Reader, Sending, SqliteStore, Store};

use super::push::{self, Subscribers};
use crate::progress::Progress;

/// In the last days everything happens at its minute.
const LATELY_MS: i64 = 3 * DAY;
const LATELY_GRAIN_MS: i64 = MINUTE;
/// Before them, what happens within half an hour happens at once: nobody can tell any more, and the
/// history is there in seconds.
const GRAIN_MS: i64 = 30 * MINUTE;
/// Batches of lines that are read ahead of the clock.
const BATCHES_AHEAD: usize = 64;
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
    let mut writer = Writer::open(store, Purpose::Live)?;
    let password = Password::known(USER.1);
    access::keep_user(
        &mut writer,
        "demo",
        &UserName::parse(USER.0)?,
        Some(Role::Owner),
        Some(&password),
        now,
    )?;
    let start = Timestamp(town_start(&town)?.as_millisecond());
    writer.publish(&definitions(&town), start).context("the demo's definitions")?;
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

/// What the demo's shop defines: the town's shop, and what it says to browsers.
pub(super) fn definitions(town: &Town) -> Vec<(String, String)> {
    let mut files = shop::definitions(town);
    let (name, text) = push::DEFINITIONS;
    files.push((name.to_owned(), text.to_owned()));
    files
}

/// The town whose stories end at `now`.
fn found(size: Size, now: Timestamp) -> anyhow::Result<Town> {
    let settings = TownSettings::default();
    let zone = TimeZone::get(&settings.zone)?;
    let today = now.in_zone(&zone).start_of_day()?;
    let start = today.checked_sub(jiff::Span::new().try_days(i64::from(size.days) - 1)?)?;
    let stories = StorySettings {
        ends_at: Some(evening(now, &zone)?.to_string()),
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

/// When the stories end: now if it is an evening, else the last one. At night everything waits for
/// the morning, which would hide that a message waits for a till.
fn evening(now: Timestamp, zone: &TimeZone) -> anyhow::Result<Timestamp> {
    let local = now.in_zone(zone);
    if (18..21).contains(&local.hour()) {
        return Ok(now);
    }
    let today = local.date().at(20, 50, 0, 0).to_zoned(zone.clone())?;
    let last = if today <= local { today } else { today.yesterday()? };
    Ok(Timestamp(last.timestamp().as_millisecond()))
}

fn town_start(town: &Town) -> anyhow::Result<jiff::Timestamp> {
    Ok(town.settings().start.parse()?)
}

/// Lets the town's lines arrive; they are made and read on a thread of their own.
fn arrive(town: &Town, clockwork: &mut Clockwork, now: Timestamp) -> anyhow::Result<()> {
    let program = Arc::clone(clockwork.program());
    let begun = town_start(town)?.as_millisecond();
    let days = |ms: i64| u64::try_from(ms / DAY).unwrap_or(0);
    let mut progress = Progress::begin(format!("{} days of a shop go by", town.settings().days));
    std::thread::scope(|scope| {
        let (batches, inbox) = sync_channel(BATCHES_AHEAD);
        let reading = scope.spawn(move || read(town, &program, now, &batches));
        for together in inbox.iter() {
            let together: Vec<Event> = together;
            let Some(last) = together.last() else { continue };
            let at = last.received_at;
            clockwork.set_grain(grain(at, now));
            clockwork.arrive(together, at)?;
            progress.at(days(at.0 - begun), days(now.0 - begun));
        }
        reading.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic))
    })?;
    progress.end();
    Ok(())
}

/// How long before `now` a minute still matters.
fn grain(at: Timestamp, now: Timestamp) -> i64 {
    if now.since(at) > LATELY_MS { GRAIN_MS } else { LATELY_GRAIN_MS }
}

/// Reads the town's lines up to `now`, those of one grain together.
fn read(
    town: &Town,
    program: &Program,
    now: Timestamp,
    batches: &SyncSender<Vec<Event>>,
) -> anyhow::Result<()> {
    let facts = ndjson::File {
        settings_of: &|name| Arc::new(program.source(name).into_owned()),
        rules: &program.identity,
        source: None,
        received_at: now,
        mode: Mode::Live,
    };
    let (mut lines, mut text, mut number) = (town.lines(), Vec::with_capacity(1_024), 0);
    let mut together: Vec<Event> = Vec::new();
    let mut subscribers = Subscribers::default();
    while let Some(truth) = lines.write_next(&mut text) {
        let received_at = Timestamp(truth.received_at.as_millisecond());
        if received_at > now {
            break;
        }
        number += 1;
        let outcome = read_line(&text, number, &facts);
        text.clear();
        let slot = |at: Timestamp| at.0 / grain(received_at, now);
        if together.last().is_some_and(|last| slot(last.received_at) != slot(received_at))
            && batches.send(std::mem::take(&mut together)).is_err()
        {
            // The clock has stopped, and says why itself.
            return Ok(());
        }
        let Some(event) = outcome? else { continue };
        let subscribes = subscribers.line(&event).map(|line| line.to_string());
        together.push(event);
        let subscribed = subscribes.map(|line| read_line(line.as_bytes(), number, &facts));
        together.extend(subscribed.transpose()?.flatten());
    }
    // The same holds for the last ones.
    let _ = batches.send(together);
    Ok(())
}

/// The event of a line of ours, if it holds one.
fn read_line(text: &[u8], number: u64, facts: &ndjson::File<'_>) -> anyhow::Result<Option<Event>> {
    let read = ndjson::parse_line(text, number, facts).transpose();
    read.map_err(|rejection| anyhow::anyhow!("{}", rejection.reason).context("the town's own line"))
}
