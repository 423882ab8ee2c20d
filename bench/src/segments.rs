//! Segments: what a hundred of them cost an event, how long computing them for everybody takes, and
//! how fast a preview is.
//!
//! A store is filled as an import would; live batches are measured without segments, then a hundred
//! are published and computed, and live batches are measured again.

use std::time::{Duration, Instant};

use anyhow::Result;
use regulars_engine::condition::Condition;
use regulars_engine::event::{Event, Kind};
use regulars_engine::identity::PersonId;
use regulars_engine::offer::Stock;
use regulars_engine::time::Timestamp;
use regulars_engine::work::Purpose;
use regulars_server::segments::{Counted, count_part, estimate, part_of};
use regulars_server::writer::Writer;
use regulars_store::{Reader, SqliteStore};

use crate::machine::{described, peak_megabytes, process_cpu};
use crate::number;
use crate::path::{Batches, DEFINITIONS, IMPORT_BATCHES, Phase, batched};
use crate::timed::Timed;

type Bench = Writer<Timed>;

/// Runs it: `--people N`, `--events N` behind, `--live N` measured ones each time.
#[expect(clippy::print_stdout, reason = "a benchmark prints what it measured")]
pub(crate) fn run(options: &[String]) -> Result<()> {
    let people = number(options, "--people", 50_000)?;
    let behind = number(options, "--events", 500_000)?;
    let live = number(options, "--live", 60_000)?;
    println!("machine: {}", described());
    println!("{people} persons, {behind} events behind; {live} live events each time");
    let dir = tempfile::tempdir()?;
    let mut writer = Writer::open(Timed::new(SqliteStore::open(dir.path())?), Purpose::Live)?;
    publish(&mut writer, "")?;
    let settings = batched(people, behind + 6 * live);
    let mut batches = Batches::new(settings, writer.program().identity.clone());
    let mut phase = Phase::start("filling");
    let mut now = batches.feed(&mut writer, &mut phase, (people + behind, IMPORT_BATCHES))?;
    phase.tell();
    let mut none = Phase::start("a live event without segments");
    batches.feed(&mut writer, &mut none, (live, 1))?;
    let none = none.tell();
    publish(&mut writer, &document(&[NEW_AGGREGATE.to_owned()]))?;
    let begun = Instant::now();
    compute(&mut writer, now, "a segment that asks for what no profile keeps")?;
    let (events, seconds) = (writer.reader().totals()?.events, begun.elapsed().as_secs_f64());
    println!("  {:.0} events of the log a second", events as f64 / seconds);
    publish(&mut writer, &usual())?;
    now = compute(&mut writer, now, "100 segments computed for everybody")?;
    preview(&writer, now)?;
    // Whoever is first met after the segments came pays once for what was due meanwhile.
    let mut first = Phase::start("a live event right after 100 segments came");
    now = batches.feed(&mut writer, &mut first, (live, 1))?.max(now);
    first.tell();
    let mut hundred = Phase::start("a live event with 100 segments");
    now = batches.feed(&mut writer, &mut hundred, (live, 1))?.max(now);
    let hundred = hundred.tell();
    println!(
        "100 segments cost an event of the usual mix {:.2} µs, with all that is written",
        hundred - none
    );
    asked(&mut writer, &mut batches, live)?;
    publish(&mut writer, &of_purchases())?;
    compute(&mut writer, now, "100 segments that all read purchases")?;
    asked(&mut writer, &mut batches, live)?;
    println!(
        "peak memory {} MB; {} MB on disk",
        peak_megabytes(),
        writer.reader().totals()?.disk_bytes / 1_000_000
    );
    Ok(())
}

/// Asks for single events of the most frequent kind: everybody is folded from the log for it.
const NEW_AGGREGATE: &str = "event \"Product Viewed\" at least 2 times in the last 2 days";

fn publish(writer: &mut Bench, segments: &str) -> Result<()> {
    let files = [
        ("shop.yaml".to_owned(), DEFINITIONS.to_owned()),
        ("segments.yaml".to_owned(), segments.to_owned()),
    ];
    writer.publish(&files, Timestamp::EARLIEST)?;
    Ok(())
}

/// A hundred segments as shops have them: orders and money in windows, categories, views, carts,
/// traits, consents, segments in segments.
fn usual() -> String {
    let mut all = Vec::new();
    for n in 1..=10 {
        let (days, bound) = (30 * n, n % 4 + 1);
        all.push(format!("orders at least {bound} in the last {days} days"));
        all.push(format!("spent at least {}.00 EUR in the last {days} days", 40 * n));
        all.push(format!("last order more than {days} days ago"));
        all.push(format!("has bought category \"Category {n}\" in the last {days} days"));
        all.push(format!("event \"Product Viewed\" at least {n} times in the last {n} days"));
        all.push(format!("cart is open and no cart event for {n} hours"));
        all.push(format!("trait plan is \"plan {n}\" or trait city is \"Porto\""));
        all.push("consent to email promotion and reachable by email".to_owned());
        all.push(format!("first order less than {days} days ago and not has returned anything"));
        all.push(format!("in segment \"segment {:03}\" and not ticket is open", 10 * (n - 1)));
    }
    document(&all)
}

/// A hundred segments of which each reads orders.
fn of_purchases() -> String {
    let all: Vec<String> = (1..=100)
        .map(|n| match n % 3 {
            0 => format!("orders at least {} in the last {n} days", n % 5 + 1),
            1 => format!("spent at least {n}.00 EUR in the last {n} weeks"),
            _ => format!("last order more than {n} days ago"),
        })
        .collect();
    document(&all)
}

fn document(conditions: &[String]) -> String {
    let one = |(number, when): (usize, &String)| {
        format!("segment: segment {number:03}\nwhen: '{when}'\n")
    };
    conditions.iter().enumerate().map(one).collect::<Vec<_>>().join("---\n")
}

#[expect(clippy::print_stdout, reason = "a benchmark prints what it measured")]
fn compute(writer: &mut Bench, now: Timestamp, what: &str) -> Result<Timestamp> {
    let (wall, cpu) = (Instant::now(), process_cpu());
    let mut slices: Vec<Duration> = Vec::new();
    loop {
        let begun = Instant::now();
        let more = writer.compute(now)?;
        slices.push(begun.elapsed());
        if !more {
            break;
        }
    }
    slices.sort_unstable();
    let at = |share: usize| slices[(slices.len() - 1) * share / 100].as_secs_f64() * 1e3;
    println!(
        "{what}: {:.2} s CPU, {:.2} s wall, in {} slices of {:.1} ms (p99 {:.1}, longest {:.1})",
        (process_cpu() - cpu).as_secs_f64(),
        wall.elapsed().as_secs_f64(),
        slices.len(),
        at(50),
        at(99),
        at(100),
    );
    let counts = writer.reader().segment_counts()?;
    println!("  {} memberships in {} segments", counts.values().sum::<u64>(), counts.len());
    Ok(now)
}

#[expect(clippy::print_stdout, reason = "a benchmark prints what it measured")]
fn preview(writer: &Bench, now: Timestamp) -> Result<()> {
    let program = writer.program();
    let conditions = [
        "orders at least 2 in the last 60 days",
        "spent at least 100.00 EUR and not last order less than 7 days ago",
        "event \"Product Viewed\" at least 3 times in the last 2 days and cart is open",
        // Nobody else asks for it: it is read from the log.
        "event \"Cart Viewed\" at least 2 times in the last 2 days",
    ];
    for text in conditions {
        let condition = Condition::parse(text).map_err(|_| anyhow::anyhow!("no condition"))?;
        let begun = Instant::now();
        let found = estimate(writer.reader(), program, &condition, now)?;
        let estimated = begun.elapsed();
        let (begun, cpu) = (Instant::now(), process_cpu());
        let (mut counted, mut next) = (Counted::default(), Some(PersonId(0)));
        while let Some(after) = next {
            let place = (after, part_of(program, &condition));
            let part = count_part(writer.reader(), program, &condition, place, now)?;
            counted.add(&part.counted);
            next = part.next;
        }
        println!(
            "preview of {text}: {} ({} to {}) in {:.0} ms; exactly {} in {:.2} s ({:.2} s CPU)",
            found.members.count,
            found.members.low,
            found.members.high,
            estimated.as_secs_f64() * 1e3,
            counted.members,
            begun.elapsed().as_secs_f64(),
            (process_cpu() - cpu).as_secs_f64(),
        );
    }
    Ok(())
}

/// What asking the touched segments costs by itself: each event is asked of its person as she is.
#[expect(clippy::print_stdout, reason = "a benchmark prints what it measured")]
fn asked(writer: &mut Bench, batches: &mut Batches, events: u64) -> Result<()> {
    use regulars_engine::event::LogPosition;
    use regulars_engine::segment::{Cause, keep};
    use regulars_engine::step::World;
    let mut phase = Phase::start("asking");
    let (mut all, mut purchases) = ((Duration::ZERO, 0_u32), (Duration::ZERO, 0_u32));
    let (mut largest, mut rows, mut membership) = (0, 0_usize, 0_usize);
    while phase.events < events / 4 {
        let Some((bytes, batch)) = batches.next(&mut phase) else { break };
        let (parsed, now) = batches.parse(&mut phase, &bytes, &batch)?;
        phase.events += u64::try_from(parsed.len())?;
        writer.accept(parsed.clone(), Vec::new(), now)?;
        let (program, salt) = (writer.program().clone(), writer.salt());
        let world = World {
            stock: Stock::nothing(),
            program: &program,
            catalogue: writer.catalogue(),
            sources: writer.sources(),
            sending: regulars_engine::step::MayLeave::Nothing,
            room: 0,
            pace: None,
            known_to: LogPosition(0),
            memo: None,
        };
        for event in &parsed {
            let Some(record) = record_of(writer, event, salt)? else { continue };
            let mut record = record;
            // As the batch has it at hand: read, with what was folded in.
            let _ = (record.profile.orders.by_key.len(), record.profile.cart.changed());
            let bytes = minicbor::to_vec(&record.membership).unwrap_or_default().len();
            (largest, rows, membership) = (largest.max(bytes), rows + 1, membership + bytes);
            let begun = Instant::now();
            keep(&world, &mut record, Cause::Event(event, LogPosition(1)), now);
            let took = begun.elapsed();
            (all.0, all.1) = (all.0 + took, all.1 + 1);
            if event.kind == Kind::OrderCompleted {
                (purchases.0, purchases.1) = (purchases.0 + took, purchases.1 + 1);
            }
        }
    }
    let each = |(time, count): (Duration, u32)| time.as_secs_f64() * 1e6 / f64::from(count.max(1));
    println!(
        "asking alone: {:.2} µs an event of the usual mix, {:.2} µs a purchase; a person's \
         membership takes {} bytes, {largest} at most",
        each(all),
        each(purchases),
        membership / rows.max(1),
    );
    Ok(())
}

fn record_of(
    writer: &Bench,
    event: &Event,
    salt: regulars_engine::identity::KeySalt,
) -> Result<Option<regulars_engine::record::Record>> {
    let Some(anchor) = event.anchor() else { return Ok(None) };
    let Some(holder) = writer.reader().holder(anchor.key(salt))? else { return Ok(None) };
    Ok(writer.reader().person(holder)?.map(|(_, record)| record))
}
