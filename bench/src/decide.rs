//! What the shop's own site asks, under an open load: requests come at their own moments, whether or not
//! those before them were answered, and each is timed from the moment at which it was due.
//!
//! `cargo xtask bench decide [--people 1_000_000] [--rate 500] [--seconds 30] [--clients 32]`

#![expect(clippy::print_stdout, reason = "a benchmark prints what it measured")]
use std::io::{Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use anyhow::{Context, Result, ensure};
use regulars_engine::event::{Channel, Event, Kind, Place};
use regulars_engine::identity::{Identifier, IdentifierKind};
use regulars_engine::time::{SECOND, Timestamp};
use regulars_server::access::make_write_key;
use regulars_server::clock;
use regulars_server::serve::open_writer;
use serde_json::json;

use super::number;
use crate::crowd::Dice;
use crate::machine::{described, peak_megabytes, process_cpu, thread_cpu};
use crate::serving::Serving;

/// A shop whose site greets whoever looked at something, unless they have bought it since.
const SHOP: &str = "shop: Bench\nzone: Europe/Madrid\ncurrency: EUR\nsite: https://shop.example\n\
    slots: [{ slot: banner, height: 96 }, note]\n---\nsource: web\n---\nsource: pos\nchannel: store\n---\n\
    template: greeting\nsite: { title: \"Hello {{ person.first_name | default('you') }}\", button: Look, link: /new }\n---\n\
    journey: greeted\npurpose: promotion\nenter: { on: [Page Viewed] }\nexit: [has ordered since entry]\nsteps:\n\
    \x20 - { show: greet, slot: banner, template: greeting, for: 30 days, only if: \"has done \\\"Page Viewed\\\"\" }\n";

const BATCH: u64 = 1_000;

pub(crate) fn run(options: &[String]) -> Result<()> {
    let people = number(options, "--people", 100_000)?;
    let rate = number(options, "--rate", 500)?.max(1);
    let seconds = number(options, "--seconds", 20)?;
    let clients = number(options, "--clients", 32)?.max(1);
    let folder = tempfile::tempdir().context("could not make a folder")?;
    let key = fill(folder.path(), people)?;
    let peak = peak_megabytes();
    let serving = Serving::start(folder.path(), None)?;
    let address = serving.address;
    let warm = load(address, &key, people, (rate, 2, clients))?;
    let (from, load) = (process_cpu(), load(address, &key, people, (rate, seconds, clients))?);
    let spent = process_cpu() - from;
    serving.end();
    report(&load, spent, (people, rate, seconds));
    println!(
        "warm-up  {} requests; memory {peak} MB after filling, {} MB at the end",
        warm.asked(),
        peak_megabytes()
    );
    println!("{}", described());
    Ok(())
}

/// A store with so many browsers, each of which looked at a page; gives back the write key.
fn fill(folder: &std::path::Path, people: u64) -> Result<String> {
    let mut writer = open_writer(folder)?;
    let files = vec![("shop.yaml".to_owned(), SHOP.to_owned())];
    writer.publish(&files, clock::now())?;
    let key = make_write_key(writer.store(), "web")?;
    let began = Instant::now();
    for first in (0..people).step_by(usize::try_from(BATCH)?) {
        let now = clock::now();
        let events = (first..people.min(first + BATCH)).map(|who| viewed(who, now)).collect();
        writer.accept(events, Vec::new(), now)?;
    }
    eprintln!("{people} browsers in {:.1} s", began.elapsed().as_secs_f64());
    Ok(key)
}

fn viewed(who: u64, now: Timestamp) -> Event {
    let browser = Identifier::new(IdentifierKind::AnonymousId, &browser(who));
    Event {
        content: who,
        identifiers: browser.into_iter().collect(),
        place: Place { channel: Channel::Web, ..Place::default() },
        ..Event::bare("web", format!("v-{who}"), Kind::PageViewed, now.plus(-SECOND))
    }
}

fn browser(who: u64) -> String {
    format!("browser-{who:012}")
}

/// What came of a load.
#[derive(Default)]
struct Load {
    /// From the moment at which each request was due to the end of its answer.
    took: Vec<Duration>,
    shown: u64,
    /// The CPU time of the clients, which share this process.
    clients: Duration,
}

impl Load {
    fn asked(&self) -> usize {
        self.took.len()
    }
}

fn load(
    address: SocketAddr,
    key: &str,
    people: u64,
    (rate, seconds, clients): (u64, u64, u64),
) -> Result<Load> {
    let (next, began) = (AtomicU64::new(0), Instant::now());
    let all = rate * seconds;
    let parts = std::thread::scope(|scope| {
        let one = |_| scope.spawn(|| client(address, key, people, (&next, began, rate, all)));
        let running: Vec<_> = (0..clients).map(one).collect();
        let ended = running.into_iter().map(|client| client.join().expect("a client ends well"));
        ended.collect::<Result<Vec<Load>>>()
    })?;
    let mut whole = Load::default();
    for part in parts {
        whole.took.extend(part.took);
        whole.shown += part.shown;
        whole.clients += part.clients;
    }
    whole.took.sort();
    Ok(whole)
}

/// Takes the next request that is due, over one connection that stays open.
fn client(
    address: SocketAddr,
    key: &str,
    people: u64,
    (next, began, rate, all): (&AtomicU64, Instant, u64, u64),
) -> Result<Load> {
    let mut load = Load::default();
    let before = thread_cpu();
    let mut stream = TcpStream::connect(address)?;
    stream.set_nodelay(true)?;
    let mut said = [0; 16 * 1024];
    loop {
        let number = next.fetch_add(1, Ordering::Relaxed);
        if number >= all {
            break;
        }
        let due = began + Duration::from_nanos(number * 1_000_000_000 / rate);
        std::thread::sleep(due.saturating_duration_since(Instant::now()));
        let who = Dice::new(number ^ all << 32).below(people);
        let body =
            json!({ "writeKey": key, "anonymousId": browser(who), "slots": ["banner", "note"] })
                .to_string();
        let head = format!(
            "POST /v1/decide HTTP/1.1\r\nHost: bench\r\nContent-Type: text/plain\r\nContent-Length: {}\r\n\r\n",
            body.len()
        );
        stream.write_all(format!("{head}{body}").as_bytes())?;
        let answer = answer(&mut stream, &mut said)?;
        load.took.push(due.elapsed());
        load.shown += u64::from(answer.contains("\"title\""));
    }
    load.clients = thread_cpu() - before;
    Ok(load)
}

/// Reads one whole answer, which must be a good one.
fn answer<'s>(stream: &mut TcpStream, said: &'s mut [u8]) -> Result<&'s str> {
    let mut length = 0;
    loop {
        let read = stream.read(&mut said[length..])?;
        ensure!(read > 0, "the server closed the connection");
        length += read;
        let text = std::str::from_utf8(&said[..length])?;
        let Some((head, body)) = text.split_once("\r\n\r\n") else { continue };
        ensure!(head.starts_with("HTTP/1.1 200"), "the server answers {:?}", head.lines().next());
        let line = head.lines().find_map(|line| line.strip_prefix("content-length: "));
        let whole: usize = line.context("the answer states its length")?.trim().parse()?;
        if body.len() >= whole {
            break;
        }
    }
    Ok(std::str::from_utf8(&said[..length])?)
}

fn report(load: &Load, spent: Duration, (people, rate, seconds): (u64, u64, u64)) {
    let at = |permille: usize| {
        let index = (load.took.len() * permille / 1_000).min(load.took.len().saturating_sub(1));
        load.took.get(index).map_or(0.0, |took| took.as_secs_f64() * 1_000.0)
    };
    let server = spent.saturating_sub(load.clients).as_secs_f64() * 1e6;
    let each = server / f64::from(u32::try_from(load.asked().max(1)).unwrap_or(u32::MAX));
    println!(
        "people {people}, {rate} requests/s for {seconds} s, {} answered, {} with a message",
        load.asked(),
        load.shown
    );
    println!(
        "latency ms  p50 {:.2}  p90 {:.2}  p99 {:.2}  p99.9 {:.2}  max {:.2}",
        at(500),
        at(900),
        at(990),
        at(999),
        at(1_000)
    );
    println!("CPU of the server {each:.0} µs a request");
}
