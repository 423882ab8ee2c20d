//! The whole path of an event: parse, dedupe, resolve, fold, decide, commit; beside it the limit,
//! which is to parse the batch and append its bytes durably.

use std::fs::File;
use std::io::Write;
use std::time::Instant;

use anyhow::Result;
use regulars_engine::event::Mode;
use regulars_engine::identity::IdentityRules;
use regulars_engine::source::SourceSettings;
use regulars_engine::time::Timestamp;
use regulars_engine::work::Purpose;
use regulars_ingest::Received;
use regulars_ingest::segment::{Hints, PathType, parse};
use regulars_server::writer::Writer;
use regulars_sim::load::{Load, LoadBatch, LoadFormat, LoadSettings};
use regulars_store::{Reader, SqliteStore, Store};

use crate::machine::{cpu_seconds, described, peak_megabytes};
use crate::number;

/// What a shop with one journey defines, so that deciding is part of the path.
const DEFINITIONS: &str = include_str!("shop.yaml");

/// Runs it: `--people N`, `--events N`.
#[expect(clippy::print_stdout, reason = "a benchmark prints what it measured")]
pub(crate) fn run(options: &[String]) -> Result<()> {
    let people = number(options, "--people", 100_000)?;
    let events = number(options, "--events", 1_000_000)?;
    println!("machine: {}", described());
    println!("{people} persons with 3 identifiers, {events} events behind them, batches of 1,000");
    let settings = |introduce| LoadSettings {
        people: u32::try_from(people).unwrap_or(u32::MAX),
        events,
        introduce,
        format: LoadFormat::SegmentBatch { write_key: "load".to_owned() },
        ..LoadSettings::default()
    };
    limit(settings(false))?;
    whole(settings(true))
}

struct Stopwatch {
    wall: Instant,
    cpu: f64,
}

impl Stopwatch {
    fn start() -> Self {
        Self { wall: Instant::now(), cpu: cpu_seconds() }
    }

    #[expect(clippy::print_stdout, reason = "a benchmark prints what it measured")]
    #[expect(clippy::cast_precision_loss, reason = "figures for people")]
    fn tell(&self, what: &str, events: u64, apart: f64) {
        let cpu = cpu_seconds() - self.cpu - apart;
        let wall = self.wall.elapsed().as_secs_f64();
        let each = cpu * 1e6 / events.max(1) as f64;
        println!(
            "{what}: {each:.2} µs CPU an event, {cpu:.1} s CPU, {wall:.1} s wall, {events} events"
        );
    }
}

/// Bodies of a shop's usual mix, without introductions.
pub(crate) fn load(people: u32, events: u64) -> Vec<(Vec<u8>, LoadBatch)> {
    let format = LoadFormat::SegmentBatch { write_key: "load".to_owned() };
    let settings =
        LoadSettings { people, events, introduce: false, format, ..LoadSettings::default() };
    stretch(&mut Load::new(settings), usize::MAX)
}

/// Makes batches ahead in memory, so that making them is not measured: a stretch at a time.
fn stretch(load: &mut Load, batches: usize) -> Vec<(Vec<u8>, LoadBatch)> {
    let mut made = Vec::new();
    while made.len() < batches {
        let mut bytes = Vec::new();
        match load.next_batch(&mut bytes) {
            Some(batch) => made.push((bytes, batch)),
            None => break,
        }
    }
    made
}

fn limit(settings: LoadSettings) -> Result<()> {
    let settings = LoadSettings { events: settings.events.min(1_000_000), ..settings };
    let (source, rules) = (SourceSettings::named("web"), IdentityRules::default());
    let mut file = tempfile::tempfile()?;
    let mut load = Load::new(settings);
    let (mut events, mut apart) = (0, 0.0);
    let watch = Stopwatch::start();
    loop {
        let before = cpu_seconds();
        let batches = stretch(&mut load, 100);
        apart += cpu_seconds() - before;
        if batches.is_empty() {
            break;
        }
        for (bytes, batch) in &batches {
            let parsed = read(bytes, batch, &source, &rules)?;
            events += u64::try_from(parsed.len())?;
            append(&mut file, bytes)?;
        }
    }
    watch.tell("limit (parse + durable append)", events, apart);
    Ok(())
}

fn append(file: &mut File, bytes: &[u8]) -> Result<()> {
    file.write_all(bytes)?;
    file.sync_data()?;
    Ok(())
}

pub(crate) fn read(
    bytes: &[u8],
    batch: &LoadBatch,
    source: &SourceSettings,
    rules: &IdentityRules,
) -> Result<Vec<regulars_engine::event::Event>> {
    let received_at = Timestamp(batch.received_at.as_millisecond());
    let received = Received { source, rules, received_at, mode: Mode::Live, feed: None };
    Ok(parse(bytes, PathType::Batch, &Hints::default(), &received)?.events)
}

#[expect(clippy::print_stdout, reason = "a benchmark prints what it measured")]
fn whole(settings: LoadSettings) -> Result<()> {
    let dir = tempfile::tempdir()?;
    let mut writer = Writer::open(SqliteStore::open(dir.path())?, Purpose::Live)?;
    let files = [("shop.yaml".to_owned(), DEFINITIONS.to_owned())];
    writer.publish(&files, Timestamp::EARLIEST)?;
    let source = SourceSettings::named("web");
    let program = std::sync::Arc::clone(writer.program());
    let mut load = Load::new(settings);
    let mut phase = Phase::new("introductions");
    let mut parsing = 0.0;
    loop {
        let before = cpu_seconds();
        let batches = stretch(&mut load, 200);
        phase.apart += cpu_seconds() - before;
        let Some((_, first)) = batches.first() else { break };
        if !first.introduction && phase.name == "introductions" {
            phase.tell();
            phase = Phase::new("whole path");
        }
        let before = cpu_seconds();
        let mut parsed = Vec::with_capacity(batches.len());
        for (bytes, batch) in &batches {
            parsed.push((read(bytes, batch, &source, &program.identity)?, batch.received_at));
        }
        parsing += cpu_seconds() - before;
        for (events, received_at) in parsed {
            let now = Timestamp(received_at.as_millisecond());
            let receipt = writer.accept(events, Vec::new(), now)?;
            phase.events += receipt.accepted;
            writer.tick(now, 100)?;
            for message in writer.take_claimed() {
                writer.settle(message, regulars_engine::journey::Outcome::Sent, now)?;
            }
        }
        if phase.name != "introductions" {
            phase.parsing = parsing;
        } else {
            parsing = 0.0;
        }
    }
    phase.tell();
    let totals = writer.reader().totals()?;
    println!(
        "in the store: {} events, {} persons, {} identifiers, {} MB on disk; peak memory {} MB",
        totals.events,
        totals.persons,
        totals.identifiers,
        totals.disk_bytes / 1_000_000,
        peak_megabytes()
    );
    page(&mut writer)
}

struct Phase {
    name: &'static str,
    watch: Stopwatch,
    apart: f64,
    parsing: f64,
    events: u64,
}

impl Phase {
    fn new(name: &'static str) -> Self {
        Self { name, watch: Stopwatch::start(), apart: 0.0, parsing: 0.0, events: 0 }
    }

    #[expect(clippy::print_stdout, reason = "a benchmark prints what it measured")]
    #[expect(clippy::cast_precision_loss, reason = "figures for people")]
    fn tell(&self) {
        self.watch.tell(self.name, self.events, self.apart);
        if self.parsing > 0.0 {
            println!("  of which parsing {:.2} µs", self.parsing * 1e6 / self.events.max(1) as f64);
        }
    }
}

/// What a person's page needs: profile and the last 50 events.
#[expect(clippy::print_stdout, reason = "a benchmark prints what it measured")]
fn page<S: Store>(writer: &mut Writer<S>) -> Result<()> {
    let reader = writer.reader();
    let mut times = Vec::new();
    let mut after = regulars_engine::identity::PersonId(0);
    let stride = 1_000;
    while times.len() < 500 {
        let rows = reader.persons_after(after, 1)?;
        let Some((id, _, _)) = rows.first() else { break };
        let start = Instant::now();
        if let Some((_, record)) = reader.person(*id)? {
            reader.events(&record.recent)?;
        }
        times.push(start.elapsed().as_micros());
        after = regulars_engine::identity::PersonId(id.0 + stride);
    }
    times.sort_unstable();
    let at = |share: usize| times.get(times.len() * share / 100).copied().unwrap_or(0);
    println!("person page data: p50 {} µs, p99 {} µs over {} persons", at(50), at(99), times.len());
    Ok(())
}
