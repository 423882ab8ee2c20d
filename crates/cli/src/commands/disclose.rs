//! `disclose`: everything known of one person, for the person.

use std::path::PathBuf;

use anyhow::Context;
use clap::Args;
use regulars_engine::record::Record;
use regulars_server::clock;
use regulars_server::disclosure::{as_page, disclosure};
use regulars_server::ui::Language;
use regulars_server::writer::stored_program;
use serde_json::Value;

use crate::arguments::DataDir;
use crate::ending::Ending;
use crate::store;
use crate::whom::Whom;
use crate::words::{self, Print};

/// Write down everything known of one person, for the person: identifiers, events, messages,
/// decisions, consents, scores. Nothing of others is in it. JSON on stdout; works beside a running
/// server.
#[derive(Debug, Args)]
pub(crate) struct Disclose {
    #[command(flatten)]
    whom: Whom,
    /// Write a page for a browser into this file instead; it must not be there yet.
    #[arg(long, value_name = "FILE")]
    html: Option<PathBuf>,
    /// The language of the page.
    #[arg(long, default_value = "en", value_parser = ["en", "es", "ru"])]
    language: String,
    #[command(flatten)]
    dir: DataDir,
}

impl Disclose {
    pub(crate) fn run(self, print: Print) -> anyhow::Result<Ending> {
        let reader = store::reader(&self.dir.path)?;
        let record = self.whom.person(&reader)?;
        let (program, now) = (stored_program(&reader)?, clock::now());
        let told = disclosure(&reader, &program, &record, now)?;
        match &self.html {
            None => print.result(&told, || {
                serde_json::to_string_pretty(&told).expect("a JSON value is JSON")
            })?,
            Some(path) => {
                let language = Language::parse(&self.language).unwrap_or_default();
                let page = as_page(language, &program, &told, now);
                write_new(path, &page)?;
                print.result(&serde_json::json!({ "file": path }), || said(&record, &told))?;
            }
        }
        Ok(Ending::Well)
    }
}

/// Writes a file that was not there, and that nobody else of this machine may read.
fn write_new(path: &PathBuf, text: &str) -> anyhow::Result<()> {
    use std::io::Write;
    let mut options = std::fs::OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let mut file =
        options.open(path).with_context(|| format!("could not write \"{}\"", path.display()))?;
    file.write_all(text.as_bytes())?;
    Ok(())
}

fn said(record: &Record, told: &Value) -> String {
    let count = |part: &str, noun: &str| {
        let count = told[part].as_array().map_or(0, Vec::len);
        words::count(u64::try_from(count).unwrap_or(u64::MAX), noun)
    };
    format!(
        "{}: {}, {}, {}",
        record.id(),
        count("events", "event"),
        count("messages", "message"),
        count("decisions", "decision"),
    )
}
