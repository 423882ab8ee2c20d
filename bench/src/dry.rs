//! A dry run of the demo's shop: a town's log of some weeks, played with all the demo's definitions from
//! its first event to its last, as `regulars dry-run --stored` and the pages do.

use std::path::Path;
use std::sync::Arc;
use std::time::Instant;

use anyhow::{Context, Result};
use regulars_engine::definition::check;
use regulars_engine::event::{Event, Mode};
use regulars_engine::program::Program;
use regulars_engine::time::Timestamp;
use regulars_engine::work::Purpose;
use regulars_ingest::ndjson;
use regulars_server::dry_run::{DryRun, Replayed, Step, arrivals, replay};
use regulars_server::writer::Writer;
use regulars_sim::{Town, TownSettings, shop};
use regulars_store::{SqliteReader, SqliteStore};

use crate::machine::{described, forget_peak, peak_megabytes, process_cpu};
use crate::number;

/// Events of the log that are written in one commit.
const WRITTEN_AT_ONCE: usize = 10_000;

/// Runs it: `--people N`, `--days N`, `--seed N`; `--kept DIR` writes the log there, or plays the one that
/// a run of the same numbers wrote.
#[expect(clippy::print_stdout, reason = "a benchmark prints what it measured")]
pub(crate) fn run(options: &[String]) -> Result<()> {
    let settings = TownSettings {
        people: u32::try_from(number(options, "--people", 2_000)?)?,
        days: u32::try_from(number(options, "--days", 90)?)?,
        seed: number(options, "--seed", TownSettings::default().seed)?,
        ..TownSettings::default()
    };
    println!("machine: {}", described());
    println!("{} people, {} days", settings.people, settings.days);
    let town = Town::new(settings)?;
    let (program, _) =
        check(&shop::definitions(&town)).map_err(|mistakes| anyhow::anyhow!("{}", mistakes[0]))?;
    let fresh = tempfile::tempdir()?;
    let kept = options.iter().position(|option| option == "--kept");
    let kept = kept.and_then(|at| options.get(at + 1)).map(Path::new);
    let dir = kept.unwrap_or(fresh.path());
    if kept.is_none_or(|kept| !kept.exists()) {
        fill(dir, &town, &program)?;
    }
    drop(town);
    let reader = SqliteReader::open(dir)?;
    forget_peak().context("could not let the peak of memory begin anew")?;
    let held = peak_megabytes();
    let (wall, cpu) = (Instant::now(), process_cpu());
    let order = arrivals(&reader, None)?;
    let ordered = wall.elapsed();
    let mut dry = DryRun::begin_beside(&reader, program)?;
    let mut decisions = 0;
    let until = order.last().context("a town has a history")?.0;
    let from = Timestamp::EARLIEST;
    let span = Replayed { order: &order, from, until, each: false, hears: &|_| true };
    replay(&reader, &mut dry, &span, &mut |step| {
        if let Step::Decided(_, decided) = step {
            decisions += decided.len();
        }
        Ok::<_, anyhow::Error>(true)
    })?;
    let (wall, cpu) = (wall.elapsed(), process_cpu() - cpu);
    println!("{} events, {decisions} decisions", dry.receipt().accepted);
    println!(
        "dry run: {:.2} s CPU, {:.2} s wall, of which {:.2} s to put the log in order; {} MB above the {held} MB before",
        cpu.as_secs_f64(),
        wall.as_secs_f64(),
        ordered.as_secs_f64(),
        peak_megabytes().saturating_sub(held),
    );
    Ok(())
}

/// Writes the log of a town, and decides nothing.
fn fill(dir: &Path, town: &Town, program: &Program) -> Result<()> {
    let mut writer = Writer::open(SqliteStore::open(dir)?, Purpose::Rebuild)?;
    writer.borrow_program(program.clone())?;
    let facts = ndjson::File {
        settings_of: &|name| Arc::new(program.source(name).into_owned()),
        rules: &program.identity,
        source: None,
        received_at: Timestamp::EARLIEST,
        mode: Mode::Live,
    };
    let (mut lines, mut text, mut number) = (town.lines(), Vec::new(), 0);
    let mut together: Vec<Event> = Vec::with_capacity(WRITTEN_AT_ONCE);
    let mut write = |together: &mut Vec<Event>| -> Result<()> {
        let now = together.last().map(|event| event.received_at).unwrap_or_default();
        writer.accept(std::mem::take(together), Vec::new(), now)?;
        Ok(())
    };
    while lines.write_next(&mut text).is_some() {
        number += 1;
        let outcome = ndjson::parse_line(&text, number, &facts);
        text.clear();
        if let Some(event) =
            outcome.transpose().map_err(|told| anyhow::anyhow!("{}", told.reason))?
        {
            together.push(event);
        }
        if together.len() == WRITTEN_AT_ONCE {
            write(&mut together)?;
        }
    }
    write(&mut together)
}
