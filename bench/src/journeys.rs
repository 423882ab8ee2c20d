//! Thirty journeys: what an event costs more with them than without any, and what a due enrollment
//! costs from the moment it is due until its message is claimed.
//!
//! Everybody is introduced and the store is filled as an import would; live batches are measured without
//! journeys, then those of the gallery are published, and live batches are measured again. Then a code
//! is typed in by many, who all come due at the same moment.
//!
//! `cargo xtask bench journeys [--people 100_000] [--events 1_000_000] [--live 60_000] [--due 100_000]`

#![expect(clippy::print_stdout, reason = "a benchmark prints what it measured")]

use std::path::Path;
use std::time::Duration;

use anyhow::{Context, Result, ensure};
use regulars_engine::decision::Message;
use regulars_engine::event::{Channel, Consent, ConsentAnswer, Event, Kind, Place};
use regulars_engine::identity::{Identifier, IdentifierKind};
use regulars_engine::journey::Outcome;
use regulars_engine::time::{DAY, HOUR, Timestamp};
use regulars_engine::work::Purpose;
use regulars_server::writer::Writer;
use regulars_store::{Reader, Sending, SqliteStore, Store};

use crate::machine::{described, peak_megabytes, process_cpu};
use crate::number;
use crate::path::{Batches, IMPORT_BATCHES, Phase, batched};
use crate::timed::Timed;

type Bench = Writer<Timed>;

/// Where the journeys are.
const GALLERY: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../examples/gallery");
/// Persons looked at in one commit, as the server does.
const LOOKED_AT_ONCE: usize = 256;
/// Messages whose outcome is noted in one commit: as many as there are deliverers.
const SETTLED_AT_ONCE: usize = 8;
/// Events that make people due, in one commit.
const TOLD_AT_ONCE: u64 = 1_000;
/// The number of the first user of a load.
const FIRST_USER: u64 = 10_000;

/// Runs it.
pub(crate) fn run(options: &[String]) -> Result<()> {
    let people = number(options, "--people", 100_000)?;
    let behind = number(options, "--events", 1_000_000)?;
    let live = number(options, "--live", 60_000)?;
    let due = number(options, "--due", 100_000)?.min(people);
    println!("machine: {}", described());
    println!("{people} persons, {behind} events behind; {live} live events each time; {due} due");
    let dir = tempfile::tempdir()?;
    let mut store = Timed::new(SqliteStore::open(dir.path())?);
    store.store.set_sending(Sending::On)?;
    let mut writer = Writer::open(store, Purpose::Live)?;
    publish(&mut writer, With::NoJourneys)?;
    // What an event makes due at once waits for room, so that no event pays for a message.
    writer.set_slots(0);
    let settings = batched(people, behind + 4 * live);
    let mut batches = Batches::new(settings, writer.program().identity.clone());
    let mut phase = Phase::start("filling");
    batches.feed(&mut writer, &mut phase, (people + behind, IMPORT_BATCHES))?;
    phase.tell();
    let mut none = Phase::start("a live event without journeys");
    batches.feed(&mut writer, &mut none, (live, 1))?;
    let none = none.tell();
    let journeys = publish(&mut writer, With::Journeys)?;
    writer.take_decided();
    let mut now = Timestamp::EARLIEST;
    // Whoever is first met after they came enters what they never could before; then not again at once.
    for what in ["a live event right after journeys came", "a live event with journeys"] {
        let mut all = Phase::start(what);
        now = batches.feed(&mut writer, &mut all, (live, 1))?;
        println!(
            "  {journeys} journeys cost it {:.2} µs, with all that is decided and written",
            all.tell() - none
        );
        told(&mut writer);
    }
    come_due(&mut writer, due, now)?;
    println!(
        "peak memory {} MB; {} MB on disk",
        peak_megabytes(),
        writer.reader().totals()?.disk_bytes / 1_000_000
    );
    Ok(())
}

/// What is published.
#[derive(Clone, Copy, PartialEq, Eq)]
enum With {
    NoJourneys,
    Journeys,
}

/// Publishes the gallery's shop as one that hears its web shop alone, so that its word makes what people
/// bought known; returns how many journeys there are.
fn publish(writer: &mut Bench, with: With) -> Result<usize> {
    let shop = std::fs::read_to_string(Path::new(GALLERY).join("shops/shop.yaml"))?;
    let heard =
        |document: &&str| !document.starts_with("source:") || document.starts_with("source: web\n");
    let shop: Vec<&str> = shop.split("---\n").filter(heard).collect();
    let mut files = vec![("shop.yaml".to_owned(), shop.join("---\n"))];
    if with == With::Journeys {
        for entry in std::fs::read_dir(GALLERY)? {
            let path = entry?.path();
            if path.extension().is_some_and(|extension| extension == "yaml") {
                let name = path.file_name().context("a file has a name")?;
                let text = std::fs::read_to_string(&path)?;
                files.push((name.to_string_lossy().into_owned(), text));
            }
        }
        files.sort();
    }
    writer.publish(&files, Timestamp::EARLIEST)?;
    Ok(writer.program().journeys.len())
}

/// Says what was decided since the last time.
fn told(writer: &mut Bench) {
    let mut counts = std::collections::BTreeMap::new();
    for decision in writer.take_decided() {
        *counts.entry(decision.verdict.word()).or_insert(0_u64) += 1;
    }
    println!("  decided: {counts:?}");
}

/// Lets so many people type in a code at noon, and looks at all of them a day later.
fn come_due(writer: &mut Bench, due: u64, after: Timestamp) -> Result<()> {
    let entered = Timestamp(after.plus(2 * DAY).0.div_euclid(DAY) * DAY).plus(10 * HOUR);
    writer.set_slots(usize::MAX);
    // Whoever is due before is looked at before.
    while writer.tick(entered.plus(-1), LOOKED_AT_ONCE)? > 0 {
        let claimed = writer.take_claimed();
        settle(writer, (claimed, LOOKED_AT_ONCE), entered)?;
    }
    for first in (0..due).step_by(usize::try_from(TOLD_AT_ONCE)?) {
        let people = first..due.min(first + TOLD_AT_ONCE);
        let events = people.flat_map(|who| typed_in(who, entered)).collect();
        writer.accept(events, Vec::new(), entered)?;
    }
    let now = entered.plus(DAY);
    while writer.tick(now.plus(-1), LOOKED_AT_ONCE)? > 0 {
        let claimed = writer.take_claimed();
        settle(writer, (claimed, LOOKED_AT_ONCE), now)?;
    }
    let word = Event::bare("web", "heartbeat".to_owned(), Kind::PageViewed, now.plus(HOUR));
    writer.accept(vec![word], Vec::new(), now.plus(HOUR))?;
    told(writer);
    let timed = writer.store();
    (timed.loading, timed.committing) = (Duration::ZERO, Duration::ZERO);
    let (cpu, mut looked, mut claimed) = (process_cpu(), 0, Vec::new());
    loop {
        let some = writer.tick(now.plus(HOUR), LOOKED_AT_ONCE)?;
        if some == 0 {
            break;
        }
        looked += some;
        claimed.extend(writer.take_claimed());
    }
    let cpu = process_cpu() - cpu;
    let each = |time: Duration, of: usize| time.as_secs_f64() * 1e6 / of.max(1) as f64;
    ensure!(looked > 0, "somebody is due");
    let (loading, committing) = (writer.store().loading, writer.store().committing);
    println!(
        "a due enrollment, stepped, guarded and claimed: {:.2} µs CPU ({:.2} read, {:.2} write); {looked} looked at, {} claimed",
        each(cpu, looked),
        each(loading, looked),
        each(committing, looked),
        claimed.len(),
    );
    told(writer);
    let (cpu, sent) = (process_cpu(), claimed.len());
    settle(writer, (claimed, SETTLED_AT_ONCE), now.plus(HOUR))?;
    println!(
        "a message that is settled, {SETTLED_AT_ONCE} in a commit: {:.2} µs CPU",
        each(process_cpu() - cpu, sent)
    );
    Ok(())
}

/// Notes that messages went out, so many in a commit.
fn settle(
    writer: &mut Bench,
    (messages, together): (Vec<Message>, usize),
    now: Timestamp,
) -> Result<()> {
    let mut messages = messages.into_iter().peekable();
    while messages.peek().is_some() {
        let some = messages.by_ref().take(together);
        writer.settle_together(some.map(|message| (message, Outcome::Sent)).collect(), now)?;
    }
    Ok(())
}

/// A yes to mail, and a code.
fn typed_in(who: u64, at: Timestamp) -> [Event; 2] {
    let user = Identifier::new(IdentifierKind::UserId, &format!("u{}", FIRST_USER + who));
    let address = Identifier::new(IdentifierKind::Email, &format!("due.{who}@shop.example"));
    let place = || Place { channel: Channel::Web, ..Place::default() };
    let consent = Consent {
        channel: Channel::Email,
        purpose: None,
        answer: ConsentAnswer::Given,
        wording: None,
        until: None,
    };
    let yes = Event {
        content: who,
        identifiers: user.clone().into_iter().chain(address).collect(),
        place: place(),
        consent: Some(consent),
        ..Event::bare("web", format!("yes-{who}"), Kind::ConsentGiven, at)
    };
    let code = Event {
        content: who,
        identifiers: user.into_iter().collect(),
        place: place(),
        ..Event::bare("web", format!("code-{who}"), Kind::CouponEntered, at)
    };
    [yes, code]
}
