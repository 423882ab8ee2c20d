//! `import`: files of events, receipts, orders and customers.

use std::fs::File;
use std::io::{BufRead, BufReader, Read};
use std::path::{Path, PathBuf};
use std::time::Instant;

use anyhow::Context;
use clap::{Args, ValueEnum};
use flate2::bufread::MultiGzDecoder;
use regulars_engine::event::{Currency, Mode};
use regulars_engine::program::Program;
use regulars_engine::time::Timestamp;
use regulars_ingest::gzip;
use regulars_ingest::table::Mapping;
use regulars_server::clock;
use regulars_server::import::{self, ImportError, Imported};
use regulars_server::writer::Writer;
use regulars_store::SqliteStore;
use regulars_tables::{Named, Written, as_csv, as_utf_8, cure_of, utf_16_as_utf_8};
use serde_json::{Value, json};

use crate::arguments::DataDir;
use crate::definitions::mistakes_json;
use crate::ending::{Ending, Wrong};
use crate::progress::Progress;
use crate::store;
use crate::words::{self, Print};

/// Import files of events (NDJSON), or tables (CSV, JSON, Parquet) with a mapping; gzip is unpacked on the
/// way.
///
/// Importing a file again changes nothing. An import sends nothing: what becomes due waits for the
/// server.
#[derive(Debug, Args)]
pub(crate) struct Import {
    /// The files; - is stdin.
    #[arg(required = true, value_name = "FILE")]
    files: Vec<PathBuf>,
    /// The source of lines that name none.
    #[arg(long, value_name = "NAME")]
    source: Option<String>,
    /// The feed of rows that name none: one till, one store.
    #[arg(long)]
    feed: Option<String>,
    /// What the columns of a table mean.
    #[arg(long, value_name = "FILE")]
    mapping: Option<PathBuf>,
    /// What the files are; else their names and --mapping tell.
    #[arg(long)]
    format: Option<Format>,
    /// History: it starts and sends nothing, but it ends, holds and corrects what runs. Tables are
    /// history unless --live is said.
    #[arg(long, conflicts_with = "live")]
    backfill: bool,
    /// Let a table start journeys, as events that come in live do.
    #[arg(long)]
    live: bool,
    /// When lines that do not say so were received; else now.
    #[arg(long, value_name = "TIME")]
    received_at: Option<String>,
    /// Say that the files tell everything that happened up to this moment.
    #[arg(long, value_name = "TIME")]
    complete_through: Option<String>,
    /// Read and count, and write nothing.
    #[arg(long)]
    dry_run: bool,
    #[command(flatten)]
    dir: DataDir,
}

/// What a file is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Format {
    /// One event a line.
    Ndjson,
    /// A table, read through a mapping; JSON and Parquet are told by their names.
    Csv,
}

impl Import {
    pub(crate) fn run(self, print: Print) -> anyhow::Result<Ending> {
        let format = self.format()?;
        let mapping = match (&self.mapping, format) {
            (Some(path), Format::Csv) => match mapping(path, print)? {
                Some(mapping) => Some(mapping),
                None => return Ok(Ending::Mistakes),
            },
            (Some(_), Format::Ndjson) | (None, _) => None,
        };
        let now = clock::now();
        let backfill = self.backfill || (mapping.is_some() && !self.live);
        let received_at = self.received_at.as_deref().map(words::moment).transpose()?;
        let import = import::Import {
            source: self.source.clone(),
            feed: self.feed.clone(),
            mapping,
            mode: if backfill { Mode::Backfill } else { Mode::Live },
            received_at: received_at.unwrap_or(now).min(now),
            complete_through: self.complete_through.as_deref().map(words::moment).transpose()?,
        };
        let mut target = self.target()?;
        for path in &self.files {
            let begun = Instant::now();
            let mut import = import.clone();
            if Named::of(path).nests() {
                import.mapping = import.mapping.map(Mapping::in_utf_8);
            }
            let imported = import_file(&import, &mut target, path, now)
                .with_context(|| format!("could not import \"{}\"", path.display()))?;
            tell_mistakes(path, &imported, import.mapping.is_some());
            tell_custom(path, &imported, import.mapping.is_some());
            let seconds = begun.elapsed().as_secs_f64();
            print
                .result(&to_json(path, &imported, seconds), || to_text(path, &imported, seconds))?;
        }
        Ok(Ending::Well)
    }

    fn format(&self) -> anyhow::Result<Format> {
        let named_table = |path: &PathBuf| {
            let name = path.to_string_lossy().to_lowercase();
            let csv = name.trim_end_matches(".gz").ends_with(".csv");
            csv || matches!(Named::of(path), Named::Tsv | Named::Parquet)
        };
        let table = self.mapping.is_some() || self.files.iter().any(named_table);
        let format = self.format.unwrap_or(if table { Format::Csv } else { Format::Ndjson });
        match (format, &self.mapping) {
            (Format::Csv, None) => {
                let message = "a table needs to say what its columns mean";
                Err(Wrong::called(message, "name a mapping file with --mapping").into())
            }
            (Format::Ndjson, Some(_)) => {
                let message = "a file of events has no columns to map";
                Err(Wrong::called(message, "leave out --mapping, or say --format csv").into())
            }
            (Format::Csv, Some(_)) | (Format::Ndjson, None) => Ok(format),
        }
    }

    fn target(&self) -> anyhow::Result<Target> {
        if !self.dry_run {
            return Ok(Target::Store(Box::new(store::writer(&self.dir.path)?)));
        }
        let program = if store::exists(&self.dir.path) {
            regulars_server::writer::stored_program(&store::reader(&self.dir.path)?)?
        } else {
            Program::default()
        };
        Ok(Target::Nothing(Box::new(program)))
    }
}

/// Where events go.
enum Target {
    Store(Box<Writer<SqliteStore>>),
    /// Nowhere: definitions are all that is needed.
    Nothing(Box<Program>),
}

fn import_file(
    import: &import::Import,
    target: &mut Target,
    path: &Path,
    now: Timestamp,
) -> anyhow::Result<Imported> {
    let (file, bytes) = match &import.mapping {
        Some(mapping) if Named::of(path).nests() => {
            let table =
                as_csv(path, mapping.delimiter().unwrap_or(b','), &|column| mapping.names(column))
                    .map_err(|error| {
                        let cause =
                            std::error::Error::source(&error).map(|cause| format!(": {cause}"));
                        Wrong::failed(format!("{error}{}", cause.unwrap_or_default()), error.cure())
                    })?;
            let bytes = table.len() as u64;
            (Box::new(std::io::Cursor::new(table)) as Box<dyn Read + Send>, bytes)
        }
        Some(mapping) if !mapping.is_latin_1() => {
            let (bytes, length) = unpacked(path)?;
            let Written { bytes, written_in } = as_utf_8(bytes).map_err(unread)?;
            if let Some(encoding) = written_in {
                eprintln!("note: {}: read as {encoding}", path.display());
            }
            (bytes, length)
        }
        Some(_) => unpacked(path)?,
        None => open(path)?,
    };
    let mut progress = Progress::begin(format!("importing {}", path.display()));
    let mut tell = |done, whole| progress.at(done, whole);
    let imported = match target {
        Target::Store(writer) => import.run(writer, file, bytes, now, &mut tell),
        Target::Nothing(program) => import.rehearse(program, file, bytes, &mut tell),
    };
    progress.end();
    imported.map_err(|error| match error {
        ImportError::Read(error) => unread(error).into(),
        ImportError::Table(_) | ImportError::NoSource | ImportError::Writer(_) => error.into(),
    })
}

/// That a file cannot be read, with what would cure it.
pub(crate) fn unread(error: std::io::Error) -> Wrong {
    Wrong::failed(format!("the file cannot be read: {error}"), cure_of(&error))
}

/// Opens a file of events: as UTF-8 if it is UTF-16. What else is no UTF-8 is no JSON.
pub(crate) fn open(path: &Path) -> anyhow::Result<(Box<dyn Read + Send>, u64)> {
    let (bytes, length) = unpacked(path)?;
    Ok((utf_16_as_utf_8(bytes).map_err(unread)?, length))
}

/// Opens a file, unpacked if it is packed, with its length if that is known.
fn unpacked(path: &Path) -> anyhow::Result<(Box<dyn Read + Send>, u64)> {
    let (file, length): (Box<dyn Read + Send>, u64) = if path.as_os_str() == "-" {
        (Box::new(std::io::stdin()), 0)
    } else {
        let file =
            File::open(path).with_context(|| format!("could not open \"{}\"", path.display()))?;
        let length = file.metadata().map_or(0, |metadata| metadata.len());
        (Box::new(file), length)
    };
    let mut file = BufReader::with_capacity(1 << 16, file);
    if gzip::compressed(file.fill_buf().map_err(unread)?) {
        return Ok((Box::new(MultiGzDecoder::new(file)), 0));
    }
    Ok((Box::new(file), length))
}

/// Reads a mapping; `None` if it holds mistakes, which are told.
fn mapping(path: &Path, print: Print) -> anyhow::Result<Option<Mapping>> {
    let name = path.display().to_string();
    let text =
        std::fs::read_to_string(path).with_context(|| format!("could not read \"{name}\""))?;
    match Mapping::parse(&text, &name) {
        Ok(mapping) => Ok(Some(mapping)),
        Err(mistakes) => {
            for mistake in &mistakes {
                eprintln!("{mistake}");
            }
            if print.json {
                words::line(&json!({ "mistakes": mistakes_json(&mistakes) }).to_string())?;
            }
            Ok(None)
        }
    }
}

/// Tells the first lines that were not understood.
fn tell_mistakes(path: &Path, imported: &Imported, mapped: bool) {
    for (line, text) in &imported.mistakes {
        match line {
            // What was laid out in rows has a header that the file has not.
            Some(line) if mapped && Named::of(path).nests() => {
                eprintln!("{}, row {}: {text}", path.display(), line.saturating_sub(1));
            }
            Some(line) => eprintln!("{}:{line}: {text}", path.display()),
            None => eprintln!("{}: {text}", path.display()),
        }
    }
    let told = u64::try_from(imported.mistakes.len()).unwrap_or(u64::MAX);
    let quarantined = imported.receipt.quarantined;
    if quarantined > told {
        eprintln!("... and {} more", words::number(quarantined - told));
    }
    if quarantined > 0 {
        eprintln!("they are kept in quarantine: see \"regulars quarantine list\"");
    }
}

/// Tells events of names that mean nothing here: an export that calls a purchase "buy" brings no orders.
fn tell_custom(path: &Path, imported: &Imported, mapped: bool) {
    let mut names: Vec<(&String, &u64)> = imported.tally.custom.iter().collect();
    if names.is_empty() {
        return;
    }
    names.sort_by_key(|(name, count)| (std::cmp::Reverse(**count), name.as_str()));
    let told: Vec<String> = names
        .iter()
        .take(10)
        .map(|(name, count)| format!("\"{name}\" ({})", words::number(**count)))
        .collect();
    let more = if names.len() > told.len() { ", ..." } else { "" };
    eprintln!(
        "note: {}: events of the source's own names: {}{more}; conditions can ask for them, and nothing else \
         follows from them",
        path.display(),
        told.join(", ")
    );
    if mapped {
        eprintln!(
            "  if they are events that Regulars knows, the mapping may say so: \
             event: {{column: ..., names: {{\"{}\": ...}}}}",
            names[0].0
        );
    }
}

fn to_json(path: &Path, imported: &Imported, seconds: f64) -> Value {
    let Imported { receipt, tally, .. } = imported;
    json!({
        "file": path.display().to_string(),
        "accepted": receipt.accepted,
        "duplicates": receipt.duplicates,
        "conflicts": receipt.conflicts,
        "quarantined": receipt.quarantined,
        "seconds": (seconds * 1000.0).round() / 1000.0,
        "events": tally.events,
        "documents": tally.documents,
        "lines": tally.lines,
        "lines_without_person": tally.lines_of_nobody,
        "returns": tally.returns,
        "return_lines": tally.return_lines,
        "adjustments": tally.adjustments,
        "customers": tally.customers(),
        "custom_events": tally.custom,
        "sold": sums_json(&tally.sold_minor),
        "returned": sums_json(&tally.returned_minor),
        "cancellations": tally.cancelled,
        "cancelled": sums_json(&tally.cancelled_minor),
        "net": sums_json(&tally.net_minor()),
    })
}

fn sums_json(sums: &std::collections::BTreeMap<String, i64>) -> Value {
    sums.iter().map(|(code, minor)| (code.clone(), Value::from(amount(code, *minor)))).collect()
}

/// An amount in its currency's digits: `10644560.42`.
fn amount(code: &str, minor: i64) -> String {
    let digits = Currency::parse(code).map_or(2, Currency::digits);
    let whole = 10_i64.pow(u32::from(digits));
    let sign = if minor < 0 { "-" } else { "" };
    let (units, rest) =
        (minor.unsigned_abs() / whole.unsigned_abs(), minor.unsigned_abs() % whole.unsigned_abs());
    match digits {
        0 => format!("{sign}{units}"),
        _ => format!("{sign}{units}.{rest:0width$}", width = usize::from(digits)),
    }
}

fn to_text(path: &Path, imported: &Imported, seconds: f64) -> String {
    let Imported { receipt, tally, .. } = imported;
    let mut text = format!("{}  ({seconds:.1} s)", path.display());
    let mut row = |what: &str, number: u64| {
        text.push_str(&format!("\n  {what:<28}{:>14}", words::number(number)));
    };
    row("accepted", receipt.accepted);
    row("duplicates", receipt.duplicates);
    row("conflicts", receipt.conflicts);
    row("quarantined", receipt.quarantined);
    if tally.documents > 0 {
        row("documents", tally.documents);
        row("  of them returns", tally.returns);
        row("  of them adjustments", tally.adjustments);
        if tally.cancelled > 0 {
            row("cancelled afterwards", tally.cancelled);
        }
        row("lines", tally.lines);
        row("  of them returned", tally.return_lines);
        row("  of them of nobody known", tally.lines_of_nobody);
    }
    row("customers", tally.customers());
    let net = tally.net_minor();
    let sums = [
        ("sold", &tally.sold_minor),
        ("returned", &tally.returned_minor),
        ("cancelled", &tally.cancelled_minor),
        ("net", &net),
    ];
    for (what, sums) in sums {
        for (code, minor) in sums {
            text.push_str(&format!("\n  {what:<28}{:>14} {code}", amount(code, *minor)));
        }
    }
    text
}
