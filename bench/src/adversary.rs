//! What somebody might make on purpose: one value on very many events, endless chains, cliques,
//! stars. Through the writer and its store, in batches as they come live; in between an innocent
//! visitor's events, whose longest wait is what the live path stalls at most.

use std::time::{Duration, Instant};

use anyhow::Result;
use regulars_engine::event::{Channel, Event, Kind, Place};
use regulars_engine::identity::{Identifier, IdentifierKind, PersonId};
use regulars_engine::time::Timestamp;
use regulars_engine::work::Purpose;
use regulars_server::writer::Writer;
use regulars_store::{Reader, SqliteStore, Store};

use crate::machine::{described, peak_megabytes, process_cpu};
use crate::number;

/// Events of one commit.
const BATCH: usize = 1_000;
/// The moment of the first event.
const FIRST: i64 = 1_790_000_000_000;

/// Runs it: `--part N` makes everything N times smaller.
#[expect(clippy::print_stdout, reason = "a benchmark prints what it measured")]
pub(crate) fn run(options: &[String]) -> Result<()> {
    use IdentifierKind::{AnonymousId, Email, UserId};
    let part = usize::try_from(number(options, "--part", 1)?.max(1))?;
    println!("machine: {}", described());
    println!("batches of {BATCH}; \"stall\" is the longest that an innocent event waited");
    let many = 1_000_000 / part;
    shape("one e-mail on 1,000,000 events", (0..many).map(|_| vec![named(&Email, "hub", 0)]))?;
    shape(
        "the same, and then two logins with it",
        (0..many)
            .map(|_| vec![named(&Email, "hub", 0)])
            .chain((0..4).map(|n| pair(&UserId, n / 2, &Email, 0))),
    )?;
    let star = 100_000 / part;
    shape("100,000 devices on one e-mail", (0..star).map(|n| pair(&Email, 0, &AnonymousId, n)))?;
    shape("100,000 devices on one login", (0..star).map(|n| pair(&UserId, 0, &AnonymousId, n)))?;
    shape("100,000 logins on one device", (0..star).map(|n| pair(&UserId, n, &AnonymousId, 0)))?;
    let chain = 10_000 / part;
    for kind in [AnonymousId, Email, UserId] {
        let what = format!("a chain of 10,000 of {}", kind.word());
        shape(&what, (0..chain).map(|n| pair(&kind, n, &kind, n + 1)))?;
    }
    // Every pair of a thousand once.
    let clique = 1_000 / part.isqrt().max(1);
    for kind in [AnonymousId, Email] {
        let what = format!("a clique of 1,000 of {}", kind.word());
        let pairs = (0..clique).flat_map(|one| (one + 1..clique).map(move |other| (one, other)));
        shape(&what, pairs.map(|(one, other)| pair(&kind, one, &kind, other)))?;
    }
    println!("peak memory: {} MB", peak_megabytes());
    Ok(())
}

fn named(kind: &IdentifierKind, name: &str, number: usize) -> Identifier {
    let at = if *kind == IdentifierKind::Email { "@example.com" } else { "" };
    // Of one width, so that the order of values is that of numbers.
    Identifier::new(kind.clone(), &format!("{name}{number:07}{at}")).expect("a value of its kind")
}

fn pair(one: &IdentifierKind, m: usize, other: &IdentifierKind, n: usize) -> Vec<Identifier> {
    let name = if one == other { "link" } else { "hub" };
    let mut both = vec![named(one, name, m), named(other, name, n)];
    both.sort();
    both
}

fn event(number: usize, identifiers: Vec<Identifier>) -> Event {
    let at = Timestamp(FIRST + i64::try_from(number).unwrap_or(0) * 1_000);
    Event {
        content: u64::try_from(number).unwrap_or(0),
        identifiers,
        place: Place { channel: Channel::Web, ..Place::default() },
        ..Event::bare("web", format!("m{number}"), Kind::PageViewed, at)
    }
}

/// Plays the events of one shape into a store of its own, and prints what it took.
#[expect(clippy::print_stdout, reason = "a benchmark prints what it measured")]
#[expect(clippy::cast_precision_loss, reason = "figures for people")]
fn shape(what: &str, events: impl Iterator<Item = Vec<Identifier>>) -> Result<()> {
    let dir = tempfile::tempdir()?;
    let mut writer = Writer::open(SqliteStore::open(dir.path())?, Purpose::Live)?;
    let (began, cpu) = (Instant::now(), process_cpu());
    let (mut stall, mut count, mut number) = (Duration::ZERO, 0_usize, 0_usize);
    let mut events = events.peekable();
    while events.peek().is_some() {
        let waits = Instant::now();
        let batch: Vec<Event> = events
            .by_ref()
            .take(BATCH)
            .map(|identifiers| {
                number += 1;
                event(number, identifiers)
            })
            .collect();
        let now = batch.last().map_or(Timestamp(FIRST), |last| last.received_at);
        count += batch.len();
        writer.accept(batch, Vec::new(), now)?;
        number += 1;
        let innocent = vec![named(&IdentifierKind::UserId, "innocent", number % 50)];
        writer.accept(vec![event(number, innocent)], Vec::new(), now)?;
        stall = stall.max(waits.elapsed());
    }
    let took = process_cpu() - cpu;
    let (persons, members, edges) = largest(writer.store())?;
    println!(
        "{what:<42} {:>8.1} s CPU  {:>7.1} µs an event  stall {:>8.1} ms  {persons:>7} persons, \
         the largest {members} identifiers and {edges} edges  ({:.1} s)",
        took.as_secs_f64(),
        took.as_secs_f64() * 1e6 / count.max(1) as f64,
        stall.as_secs_f64() * 1e3,
        began.elapsed().as_secs_f64(),
    );
    Ok(())
}

/// How many persons there are, and the most identifiers and edges of one.
fn largest(store: &SqliteStore) -> Result<(u64, usize, usize)> {
    let reader = store.reader()?;
    let (mut after, mut members, mut edges) = (PersonId(0), 0, 0);
    loop {
        let rows = reader.persons_after(after, 1_000)?;
        let Some((last, _, _)) = rows.last() else { break };
        after = *last;
        for (_, _, record) in &rows {
            members = members.max(record.evidence.nodes.len());
            edges = edges.max(record.evidence.edges.len());
        }
    }
    Ok((reader.totals()?.persons, members, edges))
}
