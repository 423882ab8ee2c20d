//! `check`: everything that is wrong with definitions, at once.

use std::path::PathBuf;

use clap::Args;
use regulars_engine::definition::{Mistake, check};
use regulars_ingest::table::Mapping;
use regulars_server::clock;
use regulars_server::live::template_mistakes;
use regulars_server::templates::{Length, lengths};
use serde_json::{Value, json};

use crate::definitions::{self, mistakes_json};
use crate::ending::Ending;
use crate::words::{self, Print};

/// Check definitions and mappings: every mistake with file, line, column and cure.
#[derive(Debug, Args)]
pub(crate) struct Check {
    /// Folders and files.
    #[arg(required = true, value_name = "DIR|FILE")]
    paths: Vec<PathBuf>,
}

impl Check {
    pub(crate) fn run(self, print: Print) -> anyhow::Result<Ending> {
        let files = definitions::read(&self.paths)?;
        let mut mistakes: Vec<Mistake> = Vec::new();
        let mut notices = Vec::new();
        let mut texts = Vec::new();
        let mut summary = String::new();
        match check(&files.definitions) {
            Ok((program, found)) => {
                notices = found;
                mistakes.extend(template_mistakes(&program, &files.definitions));
                texts = lengths(&program, clock::now());
                summary = format!(
                    "{}, {}, {}, {}, {}",
                    counted(program.journeys.len(), "journey"),
                    counted(program.segments.len(), "segment"),
                    counted(program.templates.len() + program.site_templates.len(), "template"),
                    counted(program.partials.len(), "partial"),
                    counted(program.sources.len(), "source"),
                );
            }
            Err(found) => mistakes.extend(found),
        }
        for (name, text) in &files.mappings {
            mistakes.extend(Mapping::parse(text, name).err().into_iter().flatten());
        }
        mistakes.sort();
        for notice in &notices {
            eprintln!("note: {notice}");
        }
        for text in &texts {
            eprintln!("note: {text}");
        }
        if print.json {
            let texts: Vec<Value> = texts.iter().map(Length::to_json).collect();
            let told = json!({ "mistakes": mistakes_json(&mistakes), "sms": texts });
            words::line(&told.to_string())?;
        } else {
            for mistake in &mistakes {
                words::line(&mistake.to_string())?;
            }
        }
        if mistakes.is_empty() {
            eprintln!("no mistakes: {summary}");
            return Ok(Ending::Well);
        }
        eprintln!("{}", counted(mistakes.len(), "mistake"));
        Ok(Ending::Mistakes)
    }
}

fn counted(number: usize, noun: &str) -> String {
    words::count(u64::try_from(number).unwrap_or(u64::MAX), noun)
}
