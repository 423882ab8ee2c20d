//! `identity train`, `what-if` and `apply`: a model of linking, learned from the shop's own records,
//! tried, and put into force.

use std::path::{Path, PathBuf};

use anyhow::Context;
use clap::Args;
use regulars_engine::definition::check;
use regulars_engine::identity::link::Model;
use regulars_engine::program::Program;
use regulars_server::clock;
use regulars_server::linkage::{self, RECORDS_MIN, WhatIf as Found};
use regulars_server::writer::stored_program;
use regulars_store::{Reader, SqliteReader};
use serde_json::{Value, json};

use crate::arguments::DataDir;
use crate::definitions;
use crate::ending::{Ending, Wrong};
use crate::progress::Progress;
use crate::store;
use crate::words::{self, Print};

/// Learn a model of linking from the records of all persons; changes nothing in the store.
#[derive(Debug, Args)]
pub(crate) struct Train {
    /// Where to write the model.
    #[arg(value_name = "MODEL")]
    to: PathBuf,
    #[command(flatten)]
    dir: DataDir,
}

/// Show who would be one person, and who would part, under another model or other definitions.
#[derive(Debug, Args)]
pub(crate) struct WhatIf {
    #[command(flatten)]
    model: Wanted,
    /// Folders and files with all definitions of the shop, for other rules of identity.
    #[arg(long, value_name = "DIR|FILE")]
    definitions: Vec<PathBuf>,
    #[command(flatten)]
    dir: DataDir,
}

/// Link with another model from here on, and look at everybody again.
#[derive(Debug, Args)]
pub(crate) struct Apply {
    #[command(flatten)]
    model: Wanted,
    #[command(flatten)]
    dir: DataDir,
}

/// A model, and where it draws the line.
#[derive(Debug, Args)]
struct Wanted {
    /// The model that `identity train` wrote; without it the one in force.
    #[arg(long, value_name = "MODEL")]
    model: Option<PathBuf>,
    /// From this probability on two records are surely of one person.
    #[arg(long, value_name = "SHARE", value_parser = share)]
    sure: Option<f64>,
    /// From this probability on they may be.
    #[arg(long, value_name = "SHARE", value_parser = share)]
    possible: Option<f64>,
}

impl Train {
    pub(super) fn run(self, print: Print) -> anyhow::Result<Ending> {
        let reader = store::reader(&self.dir.path)?;
        let mut progress = Progress::begin("reading records");
        let learned = linkage::learn(
            &reader,
            &mut |done, whole| progress.at(done, whole),
            |round| {
                let settled = if round.settled { ", settled" } else { "" };
                eprintln!(
                    "training, round {}: about {:.0} pairs of one person, rates moved by {:.4}{settled}",
                    round.number, round.matches, round.moved
                );
            },
        )?;
        progress.end();
        let Some(model) = learned else {
            let message =
                format!("there are fewer than {RECORDS_MIN} records with a name to learn from");
            return Err(Wrong::failed(
                message,
                "import customers first; until then the built-in model links",
            )
            .into());
        };
        std::fs::write(&self.to, model.encode())
            .with_context(|| format!("could not write \"{}\"", self.to.display()))?;
        let name = linkage::name_of(&model);
        let file = self.to.display().to_string();
        print.result(&json!({ "model": name, "file": file, "records": model.records }), || {
            format!(
                "model {name}, learned from {}, in {file}\ntry it with: regulars identity what-if --model {file}",
                words::count(model.records, "record")
            )
        })?;
        Ok(Ending::Well)
    }
}

impl WhatIf {
    pub(super) fn run(self, print: Print) -> anyhow::Result<Ending> {
        let reader = store::reader(&self.dir.path)?;
        let model = self.model.read(&reader)?;
        let program = program(&reader, &self.definitions)?;
        let mut progress = Progress::begin("building again from the log");
        let mut tell = |done, whole| progress.at(done, whole);
        let found = linkage::what_if(&reader, &model, program, clock::now(), &mut tell)?;
        progress.end();
        print.result(&found_json(&found), || told(&found))?;
        Ok(Ending::Well)
    }
}

impl Apply {
    pub(super) fn run(self, print: Print) -> anyhow::Result<Ending> {
        let mut writer = store::existing_writer(&self.dir.path)?;
        let model = self.model.read(writer.reader())?;
        let before = writer.reader().totals()?.persons;
        writer.apply_model(&model)?;
        let mut progress = Progress::begin("looking at everybody again");
        let mut done = 0;
        while writer.walk(clock::now())? {
            done += 1;
            progress.at(done, 0);
        }
        progress.end();
        let after = writer.reader().totals()?.persons;
        let name = linkage::name_of(writer.model());
        let json = json!({ "model": name, "persons_before": before, "persons_after": after });
        print.result(&json, || {
            format!(
                "model {name} is in force: {} before, {} after",
                words::count(before, "person"),
                words::count(after, "person")
            )
        })?;
        Ok(Ending::Well)
    }
}

impl Wanted {
    fn read(&self, reader: &SqliteReader) -> anyhow::Result<Model> {
        let mut model = match &self.model {
            Some(file) => read_model(file)?,
            None => (*linkage::stored_model(reader)?).clone(),
        };
        if self.sure.is_some() || self.possible.is_some() {
            let (sure, possible) = (self.sure.unwrap_or(model.sure), self.possible);
            let possible = possible.unwrap_or(model.possible);
            if possible > sure {
                let cure = "let --possible be at most --sure";
                return Err(Wrong::called("what is sure would not be possible", cure).into());
            }
            model = model.with_thresholds(sure, possible);
        }
        Ok(model)
    }
}

fn read_model(file: &Path) -> anyhow::Result<Model> {
    let bytes =
        std::fs::read(file).with_context(|| format!("could not read \"{}\"", file.display()))?;
    Model::decode(&bytes)
        .with_context(|| format!("\"{}\" is no model of this program", file.display()))
}

fn program(reader: &SqliteReader, paths: &[PathBuf]) -> anyhow::Result<Program> {
    if paths.is_empty() {
        return Ok(stored_program(reader)?);
    }
    let files = definitions::read(paths)?.definitions;
    let mistaken = |mistakes: Vec<_>| {
        let message =
            format!("the definitions hold {}", words::count(mistakes.len() as u64, "mistake"));
        Wrong::failed(message, "see them all with \"regulars check\"")
    };
    Ok(check(&files).map(|(program, _)| program).map_err(mistaken)?)
}

fn share(text: &str) -> Result<f64, String> {
    match text.parse::<f64>() {
        Ok(share) if share > 0.0 && share < 1.0 => Ok(share),
        Ok(_) | Err(_) => Err("write a share between 0 and 1, such as 0.95".to_owned()),
    }
}

fn found_json(found: &Found) -> Value {
    let ids = |ids: &[regulars_engine::identity::PersonId]| {
        ids.iter().map(ToString::to_string).collect::<Vec<_>>()
    };
    json!({
        "persons_before": found.persons_before,
        "persons_after": found.persons_after,
        "merges": found.merges,
        "splits": found.splits,
        "merging": found.merging.iter().map(|of| ids(of)).collect::<Vec<_>>(),
        "splitting": ids(&found.splitting),
        "messages_30_days": found.messages,
        "messages_repeated_30_days": found.messages_repeated,
    })
}

fn told(found: &Found) -> String {
    let mut lines = vec![format!(
        "{} today, {} then: {} made of several of today's, {} of today's that part",
        words::count(found.persons_before, "person"),
        words::number(found.persons_after),
        words::number(found.merges),
        words::number(found.splits),
    )];
    for of in &found.merging {
        let ids: Vec<String> = of.iter().map(ToString::to_string).collect();
        lines.push(format!("one person: {}", ids.join(", ")));
    }
    lines.extend(found.splitting.iter().map(|id| format!("parts: {id}")));
    lines.push(format!(
        "of the last 30 days, {} went to them, {} of which the same person had got already",
        words::count(found.messages, "message"),
        words::number(found.messages_repeated),
    ));
    lines.join("\n")
}
