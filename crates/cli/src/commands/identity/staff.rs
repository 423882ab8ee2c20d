//! `identity same`, `apart`, `unsure`, `take-back` and `undo`: what staff say of two people.

use clap::Args;
use regulars_engine::event::LogPosition;
use regulars_server::clock;
use regulars_server::staff::{self, Statement, Word};
use serde_json::json;

use super::two::Two;
use crate::arguments::DataDir;
use crate::ending::{Ending, Wrong};
use crate::store;
use crate::words::{BY, Print};

/// Two people of whom something is said.
#[derive(Debug, Args)]
pub(crate) struct Stated {
    #[command(flatten)]
    two: Two,
    /// Why, in your own words: kept in the audit.
    #[arg(long, value_name = "TEXT", default_value = "")]
    because: String,
    #[command(flatten)]
    dir: DataDir,
}

impl Stated {
    pub(super) fn run(self, statement: Statement, print: Print) -> anyhow::Result<Ending> {
        let mut writer = store::existing_writer(&self.dir.path)?;
        let ((one, _), (other, _)) = self.two.read(writer.reader())?;
        let pairs = staff::pairs(&one, &other, statement);
        if pairs.is_empty() {
            let (message, cure) = if statement.takes_back() {
                ("nothing that staff said of the two stands", "look with \"identity said\"")
            } else {
                ("the two are one person already", "name two people")
            };
            return Err(Wrong::failed(message, cure).into());
        }
        let word = Word { statement, by: BY, because: &self.because };
        let position = staff::state(&mut writer, &pairs, word, clock::now())?;
        let ((one, _), (other, _)) = self.two.read(writer.reader())?;
        let (one, other) = (one.id(), other.id());
        let json = json!({
            "one": one.to_string(), "other": other.to_string(), "same_person": one == other,
            "statement": position.0,
        });
        print.result(&json, || {
            let now = if one == other {
                format!("they are one person: {one}")
            } else {
                format!("they are two people: {one} and {other}")
            };
            format!("{now}; \"identity undo {}\" undoes it", position.0)
        })?;
        Ok(Ending::Well)
    }
}

/// Undo one statement of staff: what was said before it stands again.
#[derive(Debug, Args)]
pub(crate) struct Undo {
    /// The number that the statement's answer gave, or "identity said" shows.
    #[arg(value_name = "STATEMENT")]
    statement: u64,
    #[command(flatten)]
    dir: DataDir,
}

impl Undo {
    pub(super) fn run(self, print: Print) -> anyhow::Result<Ending> {
        let mut writer = store::existing_writer(&self.dir.path)?;
        let position = LogPosition(self.statement);
        let undone = staff::undo(&mut writer, position, BY, clock::now())?;
        if undone.is_empty() {
            let cure = "take a number that \"identity said\" shows";
            return Err(Wrong::failed("there is no statement of that number", cure).into());
        }
        print.result(&json!({ "undone": undone.len() }), || "undone".to_owned())?;
        Ok(Ending::Well)
    }
}
