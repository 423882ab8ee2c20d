//! What a batch costs: CPU microseconds an event, by part, with a shop's customers behind it.
//!
//! `cargo bench -p regulars-store --bench commit -- [--persons N] [--batches N] [--dir DIR]`
//!
//! A directory that was filled by an earlier run with as many persons is gone on with.
//!
//! Every batch has 1,000 events of 166 persons drawn evenly from all: the worst case for a store,
//! since no two of them share a page. Folding is not counted, loading and committing are.
#![allow(clippy::print_stdout, reason = "a benchmark reports to the terminal")]

mod town;

use std::path::PathBuf;
use std::time::{Duration, Instant};

use regulars_engine::commit::Commit;
use regulars_engine::event::LogPosition;
use regulars_store::{Reader, SqliteStore, Store, Want};
use rustix::time::{ClockId, clock_gettime};

use town::{EVENTS_A_BATCH, Random, Town};

struct Options {
    persons: u64,
    batches: u64,
    dir: Option<PathBuf>,
}

fn options() -> Options {
    let mut options = Options { persons: 100_000, batches: 200, dir: None };
    let mut arguments = std::env::args().skip(1);
    while let Some(name) = arguments.next() {
        let mut value = || arguments.next().expect("an option has a value");
        match name.as_str() {
            "--persons" => options.persons = value().parse().expect("a number of persons"),
            "--batches" => options.batches = value().parse().expect("a number of batches"),
            "--dir" => options.dir = Some(value().into()),
            "--bench" => {}
            other => panic!("unknown option {other}"),
        }
    }
    options
}

/// CPU time of the whole process, the checkpoint thread's included.
fn cpu() -> Duration {
    let time = clock_gettime(ClockId::ProcessCPUTime);
    let seconds = u64::try_from(time.tv_sec).expect("a process is not that old");
    Duration::new(seconds, u32::try_from(time.tv_nsec).expect("less than a second"))
}

fn main() {
    let options = options();
    let kept = tempfile::tempdir().expect("a directory for the store");
    let dir = options.dir.clone().unwrap_or_else(|| kept.path().to_owned());
    let mut store = SqliteStore::open(&dir).expect("a store");
    let mut town = Town::new(options.persons);
    if store.next_position() == LogPosition(1) {
        preload(&mut store, &mut town);
    } else {
        town.resume(store.next_position());
    }
    let commits = run(&mut store, &mut town, options.batches);
    parts(&commits);
    live(&mut store, &mut town);
    let before = (store.message_key_bytes(), resident_kb());
    drop(store);
    let began = Instant::now();
    let mut store = SqliteStore::open(&dir).expect("the same store");
    println!(
        "open again: {:?}; message keys {} MB in memory, resident {} MB",
        began.elapsed(),
        before.0 >> 20,
        before.1 >> 10
    );
    pages(&mut store, &town);
    searches(&store, &town);
}

fn preload(store: &mut SqliteStore, town: &mut Town) {
    let began = (Instant::now(), cpu());
    let salt = store.salt();
    // Persons alone: their events come with the batches.
    for first in (0..town.persons).step_by(2_000) {
        let people = first..(first + 2_000).min(town.persons);
        store.commit(&town.newcomers(salt, people)).expect("a commit of newcomers");
    }
    let persons = town.persons;
    report("preload, a person", persons, began);
}

#[expect(clippy::cast_precision_loss, reason = "printed with two digits")]
fn report(what: &str, count: u64, (wall, cpu_before): (Instant, Duration)) {
    let each = |time: Duration| time.as_secs_f64() * 1e6 / count as f64;
    let (wall, cpu) = (wall.elapsed(), cpu() - cpu_before);
    println!("{what:<34} {:>8.2} µs CPU {:>8.2} µs wall", each(cpu), each(wall));
}

fn run(store: &mut SqliteStore, town: &mut Town, batches: u64) -> Vec<Commit> {
    let (mut load_cpu, mut commit_cpu) = (Duration::ZERO, Duration::ZERO);
    let mut walls = Vec::new();
    let mut kept = Vec::new();
    let started = (Instant::now(), cpu());
    for number in 0..batches {
        let salt = store.salt();
        let batch = town.batch(salt, EVENTS_A_BATCH);
        let before = cpu();
        let wall = Instant::now();
        let loaded = store
            .load(Want { messages: &batch.messages, identifiers: &batch.identifiers })
            .expect("a load");
        let loaded_at = cpu();
        let mut taken = wall.elapsed();
        let commit = town.commit(batch, loaded, store.next_position());
        let folded_at = cpu();
        let wall = Instant::now();
        store.commit(&commit).expect("a commit");
        taken += wall.elapsed();
        load_cpu += loaded_at - before;
        commit_cpu += cpu() - folded_at;
        walls.push(taken);
        if number + 10 >= batches {
            kept.push(commit);
        }
    }
    let events = batches * EVENTS_A_BATCH;
    report("everything, folding included", events, started);
    print_each("load", load_cpu, events);
    print_each("commit", commit_cpu, events);
    print_each("LOAD AND COMMIT", load_cpu + commit_cpu, events);
    walls.sort();
    let at = |share: usize| walls[(walls.len() * share / 1_000).min(walls.len() - 1)];
    println!("a batch, wall: p50 {:?}, p99 {:?}, p99.9 {:?}", at(500), at(990), at(999));
    let totals = store.reader().expect("a reader").totals().expect("totals");
    println!(
        "disk {} MB; {} events, {} persons, {} identifiers",
        totals.disk_bytes >> 20,
        totals.events,
        totals.persons,
        totals.identifiers
    );
    kept
}

/// Small commits, as live traffic makes them, and merging what they leave.
fn live(store: &mut SqliteStore, town: &mut Town) {
    const COMMITS: u64 = 1_000;
    const EVENTS: u64 = 5;
    let mut walls = Vec::new();
    let mut spent = Duration::ZERO;
    for _ in 0..COMMITS {
        let salt = store.salt();
        let batch = town.batch(salt, EVENTS);
        let want = Want { messages: &batch.messages, identifiers: &batch.identifiers };
        let loaded = store.load(want).expect("a load");
        let commit = town.commit(batch, loaded, store.next_position());
        let began = (Instant::now(), cpu());
        store.commit(&commit).expect("a commit");
        walls.push(began.0.elapsed());
        spent += cpu() - began.1;
    }
    walls.sort();
    println!(
        "a live commit of {EVENTS} events, wall: p50 {:?}, p99 {:?}; CPU {:?}",
        walls[walls.len() / 2],
        walls[walls.len() * 99 / 100],
        spent / u32::try_from(COMMITS).expect("a thousand")
    );
    let before = (Instant::now(), cpu());
    let mut slices: Vec<Duration> = Vec::new();
    loop {
        let began = Instant::now();
        let more = store.tidy().expect("a slice");
        slices.push(began.elapsed());
        if !more {
            break;
        }
    }
    slices.sort();
    println!("tidying in {} slices, the longest {:?}", slices.len(), slices[slices.len() - 1]);
    report("tidying, an event", COMMITS * EVENTS, before);
}

#[expect(clippy::cast_precision_loss, reason = "printed with two digits")]
fn print_each(what: &str, time: Duration, count: u64) {
    println!("{what:<34} {:>8.2} µs CPU", time.as_secs_f64() * 1e6 / count as f64);
}

/// The parts of a commit that are not SQLite, measured by themselves.
fn parts(commits: &[Commit]) {
    let events: u64 =
        commits.iter().map(|commit| u64::try_from(commit.events.len()).expect("few")).sum();
    let before = cpu();
    let mut frames = Vec::new();
    for commit in commits {
        for frame in commit.events.chunks(64) {
            let mut bytes = Vec::with_capacity(64 * 512);
            for logged in frame {
                minicbor::encode(&logged.event, &mut bytes).expect("memory");
            }
            frames.push(bytes);
        }
    }
    print_each("  part: encode events", cpu() - before, events);
    let size: usize = frames.iter().map(Vec::len).sum();
    let before = cpu();
    let packed: usize =
        frames.iter().map(|frame| zstd::bulk::compress(frame, 1).expect("memory").len()).sum();
    print_each("  part: compress frames", cpu() - before, events);
    let before = cpu();
    let mut rows = 0;
    let mut records = 0;
    for record in
        commits.iter().flat_map(|commit| &commit.persons).filter_map(|w| w.record.as_ref())
    {
        records += 1;
        rows += minicbor::to_vec(record).expect("memory").len();
    }
    print_each("  part: encode records", cpu() - before, events);
    let events = usize::try_from(events).expect("few");
    println!(
        "an event: {} B CBOR, {} B in its frame; a record: {} B",
        size / events,
        packed / events,
        rows / records
    );
}

/// The data of a person's page: the row and the last 50 events.
fn pages(store: &mut SqliteStore, town: &Town) {
    let reader = store.reader().expect("a reader");
    let mut random = Random::new(7);
    let people: Vec<u64> = (0..500).map(|_| random.below(town.persons)).collect();
    let mut times = Vec::new();
    let mut found = 0;
    for _ in 0..2 {
        times.clear();
        for person in &people {
            let began = Instant::now();
            let id = reader.holder(town.anchor(reader.salt(), *person)).expect("a look-up");
            let (_, record) = reader.person(id.expect("held")).expect("a read").expect("a row");
            let positions: Vec<LogPosition> = record.recent.iter().rev().copied().collect();
            found += reader.events(&positions).expect("events").len();
            times.push(began.elapsed());
        }
    }
    times.sort();
    println!(
        "person page, warm: p50 {:?}, p99 {:?} ({} events a page)",
        times[times.len() / 2],
        times[times.len() * 99 / 100],
        found / people.len() / 2
    );
    let began = Instant::now();
    let mut events = 0;
    for person in &people[..100] {
        let anchors = [town.anchor(reader.salt(), *person)];
        events += reader.timeline(&anchors, None, 50, &|_| true).expect("a page").len();
    }
    println!("timeline page by pointers: {:?} ({} events)", began.elapsed() / 100, events / 100);
}

fn searches(store: &SqliteStore, town: &Town) {
    let reader = store.reader().expect("a reader");
    let (first, last, email) = town.sample();
    let typed = [
        first.clone(),
        last.clone(),
        format!("{first} {last}"),
        slip(&last),
        email.clone(),
        email[..4].to_owned(),
        format!("{first} {}", slip(&last)),
        "m".to_owned(),
    ];
    for text in typed {
        drop(reader.search(&text, &[], 50).expect("a search"));
        let began = Instant::now();
        let found = reader.search(&text, &[], 50).expect("a search").len();
        println!("search of {} letters: {:?}, {found} found", text.len(), began.elapsed());
    }
}

fn slip(name: &str) -> String {
    let mut letters: Vec<char> = name.chars().collect();
    letters.swap(1, 2);
    letters.into_iter().collect()
}

fn resident_kb() -> u64 {
    std::fs::read_to_string("/proc/self/status")
        .ok()
        .and_then(|status| {
            let line = status.lines().find(|line| line.starts_with("VmRSS:"))?;
            line.split_whitespace().nth(1)?.parse().ok()
        })
        .unwrap_or(0)
}
