//! `identity train`, `what-if` and `apply`: a model of linking, learned from the shop's own records,
//! tried, and put into force.

use std::path::{Path, PathBuf};

use anyhow::Context;
use clap::Args;
use regulars_engine::definition::check;
use regulars_engine::identity::link::Model;
use regulars_engine::program::Program;
use regulars_server::clock;
use regulars_server::linkage::{
    self, Kept, Learned, Models, RECORDS_MIN, WhatIf as Found, what_if_json,
};
use regulars_server::writer::stored_program;
use regulars_store::{Reader, SqliteReader};
use serde_json::json;

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
    /// One of the models that the store keeps: learned (on the page or by the API), former (undoes what
    /// was applied last), built-in, or nobody (likeness joins nobody).
    #[arg(long = "use", value_name = "WHICH", value_parser = which, conflicts_with = "model")]
    kept: Option<Kept>,
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
            &mut |done, whole| {
                progress.at(done, whole);
                true
            },
            |round| {
                let settled = if round.settled { ", settled" } else { "" };
                eprintln!(
                    "training, round {}: about {:.0} pairs of one person, rates moved by {:.4}{settled}",
                    round.number, round.matches, round.moved
                );
            },
        )?;
        progress.end();
        let Learned::Model(model) = learned else {
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
        let mut tell = |done, whole| {
            progress.at(done, whole);
            true
        };
        let found = linkage::what_if(&reader, &model, program, clock::now(), &mut tell)?;
        let found = found.expect("nobody stops it");
        progress.end();
        print.result(&what_if_json(&found), || told(&found))?;
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
                "model {name} is in force: {} before, {} after; \"identity apply --use former\" goes back",
                words::count(before, "person"),
                words::count(after, "person")
            )
        })?;
        Ok(Ending::Well)
    }
}

impl Wanted {
    fn read(&self, reader: &SqliteReader) -> anyhow::Result<Model> {
        let model = match &self.model {
            Some(file) => read_model(file)?,
            None => {
                let kept = Models::of(reader)?.kept(self.kept.unwrap_or(Kept::InForce));
                kept.ok_or_else(|| Wrong::failed("there is no such model yet", NONE_YET))?
            }
        };
        let lined = linkage::with_lines(model, self.sure, self.possible);
        Ok(lined.map_err(|wrong| Wrong::called(wrong.to_string(), wrong.cure()))?)
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

const NONE_YET: &str = "\"identity train\" learns one, \"identity apply\" leaves the one before";

fn which(text: &str) -> Result<Kept, String> {
    let word = text.replace('-', " ");
    Kept::parse(&word).ok_or_else(|| "name learned, former, built-in or nobody".to_owned())
}

fn share(text: &str) -> Result<f64, String> {
    match text.parse::<f64>() {
        Ok(share) if share > 0.0 && share < 1.0 => Ok(share),
        Ok(_) | Err(_) => Err("write a share between 0 and 1, such as 0.95".to_owned()),
    }
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
