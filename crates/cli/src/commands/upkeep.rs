//! `verify`, `backup`, `restore`: whether the store is what its log says, and copies of it.

use std::path::{Path, PathBuf};
use std::time::Instant;

use anyhow::Context;
use clap::Args;
use regulars_server::clock;
use regulars_server::writer::{rebuild, stray_member};
use regulars_store::{
    Difference, Problem, Reader, Replace, SqliteReader, SqliteStore, Store, compare, restore,
};
use serde_json::json;

use crate::arguments::DataDir;
use crate::ending::Ending;
use crate::progress::Progress;
use crate::store;
use crate::words::{self, Print};

/// Check that the store reads, and that everything derived is what the log says: it is built again
/// from the log alone, and compared.
#[derive(Debug, Args)]
pub(crate) struct Verify {
    #[command(flatten)]
    dir: DataDir,
}

/// Copy the store as of this moment, beside a running server.
#[derive(Debug, Args)]
pub(crate) struct Backup {
    /// The file to write, or a directory.
    #[arg(value_name = "DEST")]
    to: PathBuf,
    #[command(flatten)]
    dir: DataDir,
}

/// Put a backup in place. Sending is off afterwards until somebody switches it on, since what was
/// sent after the backup is not known to it.
#[derive(Debug, Args)]
pub(crate) struct Restore {
    /// The backup: a file, or its directory.
    #[arg(value_name = "SRC")]
    from: PathBuf,
    /// Replace the store that is there.
    #[arg(long)]
    force: bool,
    #[command(flatten)]
    dir: DataDir,
}

/// Stores up to this size are built again in memory.
const IN_MEMORY_BYTES_MAX: u64 = 256 << 20;

impl Verify {
    pub(crate) fn run(self, print: Print) -> anyhow::Result<Ending> {
        let begun = Instant::now();
        // Nobody may write meanwhile: both sides must be of one log.
        let mut held = store::existing_writer(&self.dir.path)?;
        // What waits to be computed or has turned by time is brought up first.
        while held.compute(clock::now())? || held.catch_up(clock::now())? {}
        let reader = held.store().reader()?;
        let totals = reader.totals()?;
        let mut progress = Progress::begin("reading everything");
        let problems = reader.check(&mut |done, whole| progress.at(done, whole))?;
        progress.end();
        let difference = if problems.is_empty() { differs(&reader, &self.dir.path)? } else { None };
        drop(held);
        let clean = problems.is_empty() && difference.is_none();
        let seconds = begun.elapsed().as_secs_f64();
        let json = json!({
            "clean": clean,
            "events": totals.events,
            "persons": totals.persons,
            "problems": problems.iter().map(|p| json!({ "table": p.table, "what": p.what })).collect::<Vec<_>>(),
            "difference": difference.as_ref().map(|found| json!({
                "table": found.table,
                "person": found.person.map(|person| person.to_string()),
                "field": found.field,
            })),
            "seconds": (seconds * 1000.0).round() / 1000.0,
        });
        print.result(&json, || {
            let of = format!(
                "{} and {}, in {seconds:.1} s",
                words::count(totals.events, "event"),
                words::count(totals.persons, "person"),
            );
            told(&problems, difference.as_ref(), &of)
        })?;
        Ok(if clean { Ending::Well } else { Ending::Amiss })
    }
}

fn told(problems: &[Problem], difference: Option<&Difference>, of: &str) -> String {
    let mut lines: Vec<String> =
        problems.iter().map(|problem| format!("{}: {}", problem.table, problem.what)).collect();
    lines.extend(difference.map(|found| format!("not what the log says: {found}")));
    if lines.is_empty() {
        return format!("clean: {of}");
    }
    lines.push("restore a backup, or keep this directory and report it".to_owned());
    lines.join("\n")
}

/// The first place where the store is not what its log says.
fn differs(reader: &SqliteReader, dir: &Path) -> anyhow::Result<Option<Difference>> {
    let again = dir.join(format!("verify-{}", std::process::id()));
    let small = reader.totals()?.disk_bytes <= IN_MEMORY_BYTES_MAX;
    let into = if small { SqliteStore::in_memory()? } else { SqliteStore::open(&again)? };
    let found = compared(reader, into);
    if !small {
        std::fs::remove_dir_all(&again)
            .with_context(|| format!("could not remove \"{}\"", again.display()))?;
    }
    found
}

fn compared(reader: &SqliteReader, into: SqliteStore) -> anyhow::Result<Option<Difference>> {
    let mut progress = Progress::begin("building again from the log");
    let built = rebuild::<SqliteStore, SqliteStore>(reader, into, &mut |done, whole| {
        progress.at(done, whole);
    });
    progress.end();
    let built = built.context("could not build the store again from its log")?;
    let mut progress = Progress::begin("comparing");
    let found = compare(reader, built.reader(), &mut |done, whole| progress.at(done, whole));
    progress.end();
    if let Some(found) = found? {
        return Ok(Some(found));
    }
    let mut progress = Progress::begin("comparing segments and dates");
    let stray = stray_member(reader, built.reader(), clock::now(), &mut |done, whole| {
        progress.at(done, whole);
    });
    progress.end();
    let field = "segments, or the next date that starts a journey".to_owned();
    Ok(stray?.map(|person| Difference { table: "person", person: Some(person), field }))
}

impl Backup {
    pub(crate) fn run(self, print: Print) -> anyhow::Result<Ending> {
        let reader = store::reader(&self.dir.path)?;
        let mut progress = Progress::begin("backing up");
        let written = reader.backup(&self.to, &mut |done, whole| progress.at(done, whole));
        progress.end();
        let file = written.context("could not write the backup")?;
        let bytes = std::fs::metadata(&file).map_or(0, |metadata| metadata.len());
        print.result(&json!({ "backup": file.display().to_string(), "bytes": bytes }), || {
            format!("{}  {} bytes", file.display(), words::number(bytes))
        })?;
        Ok(Ending::Well)
    }
}

impl Restore {
    pub(crate) fn run(self, print: Print) -> anyhow::Result<Ending> {
        let replace = if self.force { Replace::Existing } else { Replace::Never };
        let mut progress = Progress::begin("checking the backup");
        let mut tell = |done, whole| progress.at(done, whole);
        let restored = restore(&self.from, &self.dir.path, replace, &mut tell);
        progress.end();
        restored.context("could not restore; the store that was there is as it was")?;
        let dir = self.dir.path.display().to_string();
        print.result(&json!({ "restored": dir, "sending": "off after restore" }), || {
            format!("restored into {dir}")
        })?;
        eprintln!(
            "sending is off: what was sent after the backup is not known. Switch it on with \"regulars sending on\""
        );
        Ok(Ending::Well)
    }
}
