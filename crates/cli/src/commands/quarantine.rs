//! `quarantine`: what could not be understood, to be looked at, read again, or dismissed.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use anyhow::Context;
use clap::{Args, Subcommand};
use regulars_server::clock;
use regulars_server::repair::replay_row;
use regulars_store::{QuarantineFilter, QuarantineOutcome, Reader, Store};
use serde_json::json;

use crate::arguments::DataDir;
use crate::ending::{Ending, Wrong};
use crate::store;
use crate::words::{self, Print};

/// What could not be understood.
#[derive(Debug, Subcommand)]
pub(crate) enum Quarantine {
    /// List rows, the latest first; works beside a running server.
    List(List),
    /// Read rows again; those that are understood now become events.
    Replay(Replay),
    /// Take rows away that are nothing.
    Dismiss(Rows),
}

/// Which rows to list.
#[derive(Debug, Args)]
pub(crate) struct List {
    #[command(flatten)]
    which: Which,
    /// How many rows.
    #[arg(long, default_value_t = 50)]
    limit: usize,
    /// Show the bytes as they came; they may name people.
    #[arg(long)]
    raw: bool,
    #[command(flatten)]
    dir: DataDir,
}

/// Which rows to read again.
#[derive(Debug, Args)]
pub(crate) struct Replay {
    #[command(flatten)]
    rows: Rows,
    /// The one row as somebody repaired it: a file, or - for stdin. A row of a table is its whole
    /// document with the mapping, as `quarantine list --raw` shows it.
    #[arg(long, value_name = "FILE")]
    repaired: Option<PathBuf>,
}

/// Which rows to settle.
#[derive(Debug, Args)]
pub(crate) struct Rows {
    /// Their numbers.
    #[arg(value_name = "ID", required_unless_present_any = ["source", "code", "all"])]
    ids: Vec<u64>,
    #[command(flatten)]
    which: Which,
    /// All rows there are.
    #[arg(long)]
    all: bool,
    #[command(flatten)]
    dir: DataDir,
}

#[derive(Debug, Args)]
struct Which {
    /// Those from this source.
    #[arg(long, value_name = "NAME")]
    source: Option<String>,
    /// Those with this reason, such as not_json.
    #[arg(long)]
    code: Option<String>,
}

/// How many rows are read at once.
const PAGE: usize = 1_000;

impl Quarantine {
    pub(crate) fn run(self, print: Print) -> anyhow::Result<Ending> {
        match self {
            Self::List(list) => list.run(print),
            Self::Replay(replay) => {
                let repaired = replay.repaired.as_deref().map(text_of).transpose()?;
                replay.rows.replay(repaired.as_deref(), print)
            }
            Self::Dismiss(rows) => rows.dismiss(print),
        }
    }
}

impl Which {
    fn filter(&self, before: Option<u64>) -> QuarantineFilter {
        QuarantineFilter { source: self.source.clone(), code: self.code.clone(), before }
    }
}

impl List {
    fn run(self, print: Print) -> anyhow::Result<Ending> {
        let reader = store::reader(&self.dir.path)?;
        let rows = reader.quarantine(&self.which.filter(None), self.limit)?;
        for (id, row) in &rows {
            let raw = self.raw.then(|| String::from_utf8_lossy(&row.raw).into_owned());
            let json = json!({
                "id": id,
                "source": row.source,
                "feed": row.feed,
                "received_at": row.received_at.to_string(),
                "code": row.code,
                "text": row.text,
                "raw": raw,
            });
            print.result(&json, || {
                let raw = raw.map(|raw| format!("\n    {raw}")).unwrap_or_default();
                format!("{id}  {}  {}  {}{raw}", row.received_at, row.source, row.text)
            })?;
        }
        let counts = reader.quarantine_counts()?;
        let all: u64 = counts.iter().map(|count| count.rows).sum();
        eprintln!("{} in quarantine", words::count(all, "row"));
        Ok(Ending::Well)
    }
}

/// The text of a file, or of stdin.
fn text_of(path: &Path) -> anyhow::Result<String> {
    if path == Path::new("-") {
        return std::io::read_to_string(std::io::stdin()).context("could not read stdin");
    }
    std::fs::read_to_string(path).with_context(|| format!("could not read \"{}\"", path.display()))
}

impl Rows {
    fn ids<R: Reader>(&self, reader: &R) -> anyhow::Result<Vec<u64>> {
        if !self.ids.is_empty() {
            return Ok(self.ids.clone());
        }
        let mut ids = Vec::new();
        loop {
            let rows = reader.quarantine(&self.which.filter(ids.last().copied()), PAGE)?;
            ids.extend(rows.iter().map(|(id, _)| *id));
            if rows.len() < PAGE {
                return Ok(ids);
            }
        }
    }

    fn replay(self, repaired: Option<&str>, print: Print) -> anyhow::Result<Ending> {
        let mut writer = store::existing_writer(&self.dir.path)?;
        let ids = self.ids(writer.reader())?;
        if repaired.is_some() && ids.len() != 1 {
            let cure = "name the one row that it repairs";
            return Err(Wrong::called("a repaired text is of one row", cure).into());
        }
        let (mut replayed, mut wrong) = (0, Vec::new());
        let mut gone = BTreeSet::new();
        for id in ids {
            if gone.contains(&id) {
                replayed += 1;
                continue;
            }
            match replay_row(&mut writer, id, repaired, clock::now())? {
                Ok(settled) => {
                    replayed += 1;
                    gone.extend(settled);
                }
                Err(why) => wrong.push((id, why)),
            }
        }
        for (id, why) in &wrong {
            eprintln!("{id}: {why}");
        }
        let still: Vec<u64> = wrong.iter().map(|(id, _)| *id).collect();
        print.result(&json!({ "replayed": replayed, "still_wrong": still }), || {
            format!("{}, {} still wrong", words::count(replayed, "row replayed"), still.len())
        })?;
        Ok(if wrong.is_empty() { Ending::Well } else { Ending::Amiss })
    }

    fn dismiss(self, print: Print) -> anyhow::Result<Ending> {
        let mut writer = store::existing_writer(&self.dir.path)?;
        let ids = self.ids(writer.reader())?;
        let settled = writer.store().settle_quarantine(&ids, QuarantineOutcome::Dismissed)?;
        if settled == 0 && !ids.is_empty() {
            let cure = "see \"regulars quarantine list\"";
            return Err(Wrong::failed("there are no such rows", cure).into());
        }
        let settled = u64::try_from(settled).unwrap_or(u64::MAX);
        print
            .result(&json!({ "dismissed": settled }), || words::count(settled, "row dismissed"))?;
        Ok(Ending::Well)
    }
}
