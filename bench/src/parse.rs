//! What it costs to read the bytes of the SDK protocol into events, and to write and read an event
//! of the log; beside it the same bytes as a tree of JSON values, which says what the machine can do.

use std::hint::black_box;

use anyhow::Result;
use regulars_engine::event::{Event, Mode};
use regulars_engine::identity::IdentityRules;
use regulars_engine::source::SourceSettings;
use regulars_engine::time::Timestamp;
use regulars_ingest::Received;
use regulars_ingest::segment::{Hints, PathType, parse as parse_batch};
use regulars_sim::load::{Load, LoadBatch, LoadFormat, LoadSettings};

use crate::machine::{described, process_cpu};
use crate::number;

/// Rounds of everything; the fastest of each counts, since other work on the machine only adds.
const ROUNDS: u64 = 15;

/// Events of a frame of the log.
const FRAME_EVENTS: usize = 32;

/// Runs it: `--events N`, `--rounds N`.
#[expect(clippy::print_stdout, reason = "a benchmark prints what it measured")]
#[expect(clippy::cast_precision_loss, reason = "figures for people")]
pub(crate) fn run(options: &[String]) -> Result<()> {
    let events = number(options, "--events", 50_000)?;
    let rounds = number(options, "--rounds", ROUNDS)?;
    let batches = load(100_000, events);
    let (source, rules) = (SourceSettings::named("web"), IdentityRules::default());
    let bytes: usize = batches.iter().map(|(body, _)| body.len()).sum();
    println!("machine: {}", described());
    println!("{events} events of {} bytes, {rounds} rounds", bytes as u64 / events.max(1));
    let mut understood: Vec<Event> = Vec::new();
    for (body, batch) in &batches {
        understood.extend(read(body, batch, &source, &rules)?);
    }
    let written: Vec<Vec<u8>> = understood.iter().map(encoded).collect();
    let mut best = [f64::MAX; 4];
    for _ in 0..rounds {
        let took = [
            timed(|| parse(&batches, &source, &rules)),
            timed(|| tree(&batches)),
            timed(|| encode(&understood)),
            timed(|| decode(&written)),
        ];
        for (best, took) in best.iter_mut().zip(took) {
            *best = best.min(took * 1e6 / events as f64);
        }
    }
    let [parse, tree, encode, decode] = best;
    println!("parse: {parse:.2} µs CPU an event, {:.2} of a tree of JSON values", parse / tree);
    println!("a tree of JSON values of the same bytes: {tree:.2} µs");
    let size = written.iter().map(Vec::len).sum::<usize>() as f64 / events as f64;
    println!("an event of the log: {size:.0} bytes, encode {encode:.2} µs, decode {decode:.2} µs");
    Ok(())
}

/// Bodies of a shop's usual mix, without introductions.
fn load(people: u32, events: u64) -> Vec<(Vec<u8>, LoadBatch)> {
    let format = LoadFormat::SegmentBatch { write_key: "load".to_owned() };
    let settings =
        LoadSettings { people, events, introduce: false, format, ..LoadSettings::default() };
    let (mut load, mut made) = (Load::new(settings), Vec::new());
    loop {
        let mut bytes = Vec::new();
        let Some(batch) = load.next_batch(&mut bytes) else { return made };
        made.push((bytes, batch));
    }
}

fn read(
    bytes: &[u8],
    batch: &LoadBatch,
    source: &SourceSettings,
    rules: &IdentityRules,
) -> Result<Vec<Event>> {
    let received_at = Timestamp(batch.received_at.as_millisecond());
    let received = Received { source, rules, received_at, mode: Mode::Live, feed: None };
    Ok(parse_batch(bytes, PathType::Batch, &Hints::default(), &received)?.events)
}

fn timed(mut run: impl FnMut()) -> f64 {
    let before = process_cpu();
    run();
    (process_cpu() - before).as_secs_f64()
}

fn parse(batches: &[(Vec<u8>, LoadBatch)], source: &SourceSettings, rules: &IdentityRules) {
    for (body, batch) in batches {
        black_box(read(body, batch, source, rules).expect("it was read before"));
    }
}

fn tree(batches: &[(Vec<u8>, LoadBatch)]) {
    for (body, _) in batches {
        let tree: serde_json::Value = serde_json::from_slice(body).expect("the load is JSON");
        black_box(tree);
    }
}

fn encode(events: &[Event]) {
    let mut frame = Vec::with_capacity(FRAME_EVENTS * 512);
    for events in events.chunks(FRAME_EVENTS) {
        frame.clear();
        for event in events {
            minicbor::encode(event, &mut frame).expect("writing into memory does not fail");
        }
        black_box(&frame);
    }
}

fn encoded(event: &Event) -> Vec<u8> {
    minicbor::to_vec(event).expect("writing into memory does not fail")
}

fn decode(written: &[Vec<u8>]) {
    for bytes in written {
        black_box(minicbor::decode::<Event>(bytes).expect("it was encoded before"));
    }
}
