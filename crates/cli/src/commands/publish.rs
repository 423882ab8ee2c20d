//! `apply` and `export`: definitions from files into force, and back.

use std::collections::BTreeMap;
use std::path::PathBuf;

use anyhow::Context;
use clap::Args;
use regulars_engine::definition::{Change, Mistake, export};
use regulars_engine::program::Program;
use regulars_server::templates::lengths;
use regulars_server::webhooks::Destination;
use regulars_server::writer::{PublishError, stored_program, with_own, would_change};
use regulars_server::{clock, webhooks};
use serde_json::{Value, json};

use crate::arguments::{DataDir, Server};
use crate::definitions::{self, mistakes_json};
use crate::ending::{Ending, Wrong};
use crate::remote::Remote;
use crate::store;
use crate::words::{self, Print};

/// Put definitions into force, in place of all that were; shows the difference first.
#[derive(Debug, Args)]
pub(crate) struct Apply {
    /// Folders and files with all definitions of the shop.
    #[arg(required = true, value_name = "DIR|FILE")]
    paths: Vec<PathBuf>,
    /// Show the difference only.
    #[arg(long)]
    dry_run: bool,
    #[command(flatten)]
    to: Server,
    #[command(flatten)]
    dir: DataDir,
}

/// Show what applying definitions would change.
#[derive(Debug, Args)]
pub(crate) struct Diff {
    /// Folders and files with all definitions of the shop.
    #[arg(required = true, value_name = "DIR|FILE")]
    paths: Vec<PathBuf>,
    #[command(flatten)]
    dir: DataDir,
}

impl Diff {
    pub(crate) fn run(self, print: Print) -> anyhow::Result<Ending> {
        let mut files = definitions::read(&self.paths)?.definitions;
        let mut force = Program::default();
        let mut known = Vec::new();
        if store::exists(&self.dir.path) {
            let reader = store::reader(&self.dir.path)?;
            force = stored_program(&reader)?;
            files = with_own(&reader, &force, &files)?;
            known = webhooks::list(&reader)?;
        }
        let (program, changes) = match would_change(&force, &files) {
            Ok(previewed) => previewed,
            Err(PublishError::Mistakes(mistakes)) => return tell_mistakes(&mistakes, print),
            Err(error) => return Err(error.into()),
        };
        let told: Vec<String> = changes.iter().map(Change::to_string).collect();
        tell_changes(&told, false, print)?;
        tell_unknown(&program, &known);
        Ok(Ending::Well)
    }
}

/// Write the definitions in force to files, in canonical form. Works beside a running server.
#[derive(Debug, Args)]
pub(crate) struct Export {
    /// The folder to write.
    #[arg(value_name = "DIR")]
    to: PathBuf,
    /// Overwrite files that are there.
    #[arg(long)]
    force: bool,
    #[command(flatten)]
    dir: DataDir,
}

impl Apply {
    pub(crate) fn run(self, print: Print) -> anyhow::Result<Ending> {
        let files = definitions::read(&self.paths)?.definitions;
        match self.to.remote()? {
            Some(server) => self.to_server(&server, files, print),
            None => self.to_store(&files, print),
        }
    }

    fn to_store(&self, files: &[(String, String)], print: Print) -> anyhow::Result<Ending> {
        let mut writer = store::writer(&self.dir.path)?;
        let (program, changes) = match writer.preview(files) {
            Ok(found) => found,
            Err(PublishError::Mistakes(mistakes)) => return tell_mistakes(&mistakes, print),
            Err(error) => return Err(error.into()),
        };
        for text in lengths(&program, clock::now()) {
            eprintln!("note: {text}");
        }
        let told: Vec<String> = changes.iter().map(Change::to_string).collect();
        tell_changes(&told, !self.dry_run, print)?;
        tell_unknown(&program, &webhooks::list(writer.reader())?);
        if !self.dry_run && !changes.is_empty() {
            writer.publish(files, clock::now())?;
            eprintln!("in force");
            store::compute(&mut writer)?;
        }
        Ok(Ending::Well)
    }

    fn to_server(
        &self,
        server: &Remote,
        files: Vec<(String, String)>,
        print: Print,
    ) -> anyhow::Result<Ending> {
        let files: BTreeMap<String, String> = files.into_iter().collect();
        let body = json!({ "files": files });
        let checked = server.ask("POST", "/api/v1/definitions/check", &body)?;
        if let Some(mistakes) = checked["mistakes"].as_array().filter(|found| !found.is_empty()) {
            let mistakes: Vec<Mistake> = mistakes.iter().map(mistake_of).collect();
            return tell_mistakes(&mistakes, print);
        }
        let changes: Vec<String> = checked["changes"]
            .as_array()
            .into_iter()
            .flatten()
            .filter_map(|change| change.as_str().map(str::to_owned))
            .collect();
        tell_changes(&changes, !self.dry_run, print)?;
        let notes = checked["notes"].as_array().into_iter().flatten();
        for note in notes.filter_map(Value::as_str) {
            eprintln!("note: {note}");
        }
        if !self.dry_run && !changes.is_empty() {
            server.ask("PUT", "/api/v1/definitions", &body)?;
            eprintln!("in force");
        }
        Ok(Ending::Well)
    }
}

/// Says which steps tell somebody whom the server does not know.
fn tell_unknown(program: &Program, known: &[Destination]) {
    for unknown in webhooks::unknown(program.every_journey(), known) {
        eprintln!("note: {unknown}");
    }
}

fn mistake_of(json: &Value) -> Mistake {
    let text = |key: &str| json[key].as_str().unwrap_or_default().to_owned();
    let number = |key: &str| json[key].as_u64().and_then(|n| usize::try_from(n).ok()).unwrap_or(0);
    Mistake {
        file: text("file"),
        line: number("line"),
        column: number("column"),
        message: text("message"),
        cure: text("cure"),
    }
}

fn tell_mistakes(mistakes: &[Mistake], print: Print) -> anyhow::Result<Ending> {
    if print.json {
        words::line(&json!({ "mistakes": mistakes_json(mistakes) }).to_string())?;
    } else {
        for mistake in mistakes {
            words::line(&mistake.to_string())?;
        }
    }
    eprintln!("nothing was changed");
    Ok(Ending::Mistakes)
}

fn tell_changes(changes: &[String], applied: bool, print: Print) -> anyhow::Result<()> {
    let json = json!({ "changes": changes, "applied": applied && !changes.is_empty() });
    print.result(&json, || {
        if changes.is_empty() { "nothing changes".to_owned() } else { changes.join("\n") }
    })
}

impl Export {
    pub(crate) fn run(self, print: Print) -> anyhow::Result<Ending> {
        let program = stored_program(&store::reader(&self.dir.path)?)?;
        let files = export(&program);
        for (name, _) in &files {
            let path = self.to.join(name);
            if path.exists() && !self.force {
                let message = format!("\"{}\" is there already", path.display());
                return Err(Wrong::failed(message, "name an empty folder, or say --force").into());
            }
        }
        for (name, text) in &files {
            let path = self.to.join(name);
            let unwritten = || format!("could not write \"{}\"", path.display());
            if let Some(folder) = path.parent() {
                std::fs::create_dir_all(folder).with_context(unwritten)?;
            }
            std::fs::write(&path, text).with_context(unwritten)?;
        }
        let names: Vec<&String> = files.iter().map(|(name, _)| name).collect();
        print.result(&json!({ "files": names }), || {
            let list = |name: &&String| self.to.join(name.as_str()).display().to_string();
            names.iter().map(list).collect::<Vec<_>>().join("\n")
        })?;
        Ok(Ending::Well)
    }
}
