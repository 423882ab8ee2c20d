//! The whole path of an event: parse, dedupe, resolve, fold, decide, commit; beside it the limit,
//! which is to parse the batch and append its bytes durably.
//!
//! First everybody is introduced, then the store is filled as an import would, in large commits,
//! and then live batches are measured, each with a commit of its own.

use std::fs::File;
use std::io::Write;
use std::path::Path;
use std::time::{Duration, Instant};

use anyhow::Result;
use regulars_engine::event::{Event, Mode};
use regulars_engine::identity::{IdentityRules, PersonId};
use regulars_engine::source::SourceSettings;
use regulars_engine::time::Timestamp;
use regulars_engine::work::Purpose;
use regulars_ingest::Received;
use regulars_ingest::segment::{Hints, PathType, parse};
use regulars_server::writer::Writer;
use regulars_sim::load::{Load, LoadBatch, LoadSettings};
use regulars_store::{Reader, SqliteStore, Store};

use crate::machine::{described, peak_megabytes, process_cpu};
use crate::number;
use crate::timed::Timed;

/// What a shop with one journey defines, so that deciding is part of the path.
pub(crate) const DEFINITIONS: &str = include_str!("shop.yaml");
/// Batches that an import writes in one commit.
pub(crate) const IMPORT_BATCHES: usize = 10;
/// Batches made ahead in memory, so that making them is not measured.
const AHEAD: usize = 20;

/// Runs it: `--people N`, `--events N` behind the measured ones, `--live N` measured ones.
#[expect(clippy::print_stdout, reason = "a benchmark prints what it measured")]
pub(crate) fn run(options: &[String]) -> Result<()> {
    let people = number(options, "--people", 100_000)?;
    let behind = number(options, "--events", 1_000_000)?;
    let live = number(options, "--live", 300_000)?;
    println!("machine: {}", described());
    println!(
        "{people} persons with 3 identifiers, {behind} events behind, then {live} live ones in \
         batches of 1,000"
    );
    let limit = limit(LoadSettings { introduce: false, ..batched(people, live) })?;
    let dir = tempfile::tempdir()?;
    let whole = whole(dir.path(), batched(people, behind + live), behind)?;
    println!("the whole path is {:.2} times the limit", whole / limit);
    open_again(dir.path())
}

/// A load that introduces so many people and then sends so many events, in batches as web sites do.
pub(crate) fn batched(people: u64, events: u64) -> LoadSettings {
    LoadSettings {
        people: u32::try_from(people).unwrap_or(u32::MAX),
        events,
        ..LoadSettings::default()
    }
}

/// CPU time of a stretch of work.
pub(crate) struct Phase {
    what: &'static str,
    wall: Instant,
    cpu: Duration,
    /// Spent on making the batches: no part of it.
    apart: Duration,
    parsing: Duration,
    pub(crate) events: u64,
}

impl Phase {
    pub(crate) fn start(what: &'static str) -> Self {
        let (apart, parsing) = (Duration::ZERO, Duration::ZERO);
        Self { what, wall: Instant::now(), cpu: process_cpu(), apart, parsing, events: 0 }
    }

    fn cpu(&self) -> Duration {
        process_cpu() - self.cpu - self.apart
    }

    #[expect(clippy::cast_precision_loss, reason = "figures for people")]
    fn each(&self, time: Duration) -> f64 {
        time.as_secs_f64() * 1e6 / self.events.max(1) as f64
    }

    /// Says what an event cost, and returns it.
    #[expect(clippy::print_stdout, reason = "a benchmark prints what it measured")]
    pub(crate) fn tell(&self) -> f64 {
        let (cpu, wall) = (self.cpu(), self.wall.elapsed());
        let each = self.each(cpu);
        println!(
            "{}: {each:.2} µs CPU an event ({:.2} parsing); {} events, {:.1} s CPU, {:.1} s wall \
             with the making of batches",
            self.what,
            self.each(self.parsing),
            self.events,
            cpu.as_secs_f64(),
            wall.as_secs_f64()
        );
        each
    }
}

/// One batch, parsed.
pub(crate) type Parsed = (Vec<Event>, Timestamp);

/// The batches of a load, made and parsed some ahead.
pub(crate) struct Batches {
    load: Load,
    source: SourceSettings,
    rules: IdentityRules,
    made: std::collections::VecDeque<(Vec<u8>, LoadBatch)>,
}

impl Batches {
    pub(crate) fn new(settings: LoadSettings, rules: IdentityRules) -> Self {
        let (source, made) = (SourceSettings::named("web"), std::collections::VecDeque::new());
        Self { load: Load::new(settings), source, rules, made }
    }

    /// The next batch as bytes; the time it took to make it is noted apart.
    pub(crate) fn next(&mut self, phase: &mut Phase) -> Option<(Vec<u8>, LoadBatch)> {
        if self.made.is_empty() {
            let before = process_cpu();
            while self.made.len() < AHEAD {
                let mut bytes = Vec::new();
                let Some(batch) = self.load.next_batch(&mut bytes) else { break };
                self.made.push_back((bytes, batch));
            }
            phase.apart += process_cpu() - before;
        }
        self.made.pop_front()
    }

    pub(crate) fn parse(
        &self,
        phase: &mut Phase,
        bytes: &[u8],
        batch: &LoadBatch,
    ) -> Result<Parsed> {
        let before = process_cpu();
        let received_at = Timestamp(batch.received_at.as_millisecond());
        let (source, rules) = (&self.source, &self.rules);
        let received = Received { source, rules, received_at, mode: Mode::Live, feed: None };
        let events = parse(bytes, PathType::Batch, &Hints::default(), &received)?.events;
        phase.parsing += process_cpu() - before;
        Ok((events, received_at))
    }

    /// Takes in so many of them in one commit; returns the moment of the last. `None`: there is none.
    pub(crate) fn commit(
        &mut self,
        writer: &mut Writer<Timed>,
        phase: &mut Phase,
        together: usize,
    ) -> Result<Option<Timestamp>> {
        let (mut events, mut last) = (Vec::new(), None);
        for _ in 0..together {
            let Some((bytes, batch)) = self.next(phase) else { break };
            let (parsed, at) = self.parse(phase, &bytes, &batch)?;
            events.extend(parsed);
            last = Some(at);
        }
        if let Some(at) = last {
            phase.events += writer.accept(events, Vec::new(), at)?.accepted;
        }
        Ok(last)
    }

    /// Takes in so many events in commits of so many batches; returns the moment of the last.
    pub(crate) fn feed(
        &mut self,
        writer: &mut Writer<Timed>,
        phase: &mut Phase,
        (events, together): (u64, usize),
    ) -> Result<Timestamp> {
        let mut last = Timestamp::EARLIEST;
        while phase.events < events
            && let Some(at) = self.commit(writer, phase, together)?
        {
            last = at;
        }
        Ok(last)
    }
}

fn limit(settings: LoadSettings) -> Result<f64> {
    let mut file = tempfile::tempfile()?;
    let mut batches = Batches::new(settings, IdentityRules::default());
    let mut phase = Phase::start("limit (parse + durable append)");
    while let Some((bytes, batch)) = batches.next(&mut phase) {
        let (events, _) = batches.parse(&mut phase, &bytes, &batch)?;
        phase.events += u64::try_from(events.len())?;
        append(&mut file, &bytes)?;
    }
    Ok(phase.tell())
}

fn append(file: &mut File, bytes: &[u8]) -> Result<()> {
    file.write_all(bytes)?;
    file.sync_data()?;
    Ok(())
}

fn whole(dir: &Path, settings: LoadSettings, behind: u64) -> Result<f64> {
    let mut writer = Writer::open(Timed::new(SqliteStore::open(dir)?), Purpose::Live)?;
    let files = [("shop.yaml".to_owned(), DEFINITIONS.to_owned())];
    writer.publish(&files, Timestamp::EARLIEST)?;
    let people = u64::from(settings.people);
    let mut batches = Batches::new(settings, writer.program().identity.clone());
    let mut phase = Phase::start("a person's first event");
    take(&mut writer, &mut batches, &mut phase, (people, 1))?;
    phase.tell();
    let mut phase = Phase::start("filling");
    take(&mut writer, &mut batches, &mut phase, (behind, IMPORT_BATCHES))?;
    phase.tell();
    let timed = writer.store();
    (timed.loading, timed.committing) = (Duration::ZERO, Duration::ZERO);
    let mut phase = Phase::start("the whole path");
    take(&mut writer, &mut batches, &mut phase, (u64::MAX, 1))?;
    let each = phase.tell();
    parts(&phase, writer.store());
    sizes(&writer)?;
    page(&mut writer)?;
    Ok(each)
}

/// Takes in events until there are `most` of them, so many batches in a commit.
fn take(
    writer: &mut Writer<Timed>,
    batches: &mut Batches,
    phase: &mut Phase,
    (most, together): (u64, usize),
) -> Result<()> {
    while phase.events < most
        && let Some(now) = batches.commit(writer, phase, together)?
    {
        writer.tick(now, 100)?;
        for message in writer.take_claimed() {
            writer.settle(message, regulars_engine::journey::Outcome::Sent, now)?;
        }
    }
    Ok(())
}

/// Where the time of a phase went.
#[expect(clippy::print_stdout, reason = "a benchmark prints what it measured")]
fn parts(phase: &Phase, timed: &Timed) {
    let all = phase.cpu();
    let mine = phase.parsing + timed.loading + timed.committing;
    let rest = all.saturating_sub(mine);
    for (part, time) in [
        ("parse", phase.parsing),
        ("read what the batch touches", timed.loading),
        ("dedupe, resolve, fold, decide; move the log into the database", rest),
        ("write", timed.committing),
    ] {
        println!("  {:6.2} µs {part}", phase.each(time));
    }
}

#[expect(clippy::print_stdout, reason = "a benchmark prints what it measured")]
fn sizes(writer: &Writer<Timed>) -> Result<()> {
    let totals = writer.reader().totals()?;
    println!(
        "in the store: {} events, {} persons, {} identifiers, {} MB on disk; peak memory {} MB",
        totals.events,
        totals.persons,
        totals.identifiers,
        totals.disk_bytes / 1_000_000,
        peak_megabytes()
    );
    Ok(())
}

/// What a person's page needs: profile and the last 50 events.
#[expect(clippy::print_stdout, reason = "a benchmark prints what it measured")]
fn page<S: Store>(writer: &mut Writer<S>) -> Result<()> {
    let reader = writer.reader();
    let mut times = Vec::new();
    let mut after = PersonId(0);
    let stride = 1_000;
    while times.len() < 500 {
        let rows = reader.persons_after(after, 1)?;
        let Some((id, _, _)) = rows.first() else { break };
        let start = Instant::now();
        if let Some((_, record)) = reader.person(*id)? {
            reader.events(&record.recent)?;
        }
        times.push(start.elapsed().as_micros());
        after = PersonId(id.0 + stride);
    }
    times.sort_unstable();
    let at = |share: usize| times.get(times.len() * share / 100).copied().unwrap_or(0);
    println!("person page data: p50 {} µs, p99 {} µs over {} persons", at(50), at(99), times.len());
    Ok(())
}

/// Opening a store that is there, as a start of the program does.
#[expect(clippy::print_stdout, reason = "a benchmark prints what it measured")]
fn open_again(dir: &Path) -> Result<()> {
    let start = Instant::now();
    let store = SqliteStore::open(dir)?;
    println!("opened again in {:.2} s", start.elapsed().as_secs_f64());
    let (events, bytes) = (store.next_position().0 - 1, store.message_key_bytes());
    println!("message keys: {} MB in memory for {events} events", bytes / 1_000_000);
    let identifiers = usize::try_from(store.reader()?.totals()?.identifiers)?.max(1);
    let bytes = store.identifier_bytes();
    println!("identifiers: {} bytes of memory each, for {identifiers}", bytes / identifiers);
    Ok(())
}
