//! `identity why`: why two are one person, or why they are not; and whom two words name.

use std::path::PathBuf;

use anyhow::Context;
use clap::Args;
use regulars_engine::identity::{Identifier, PersonId};
use regulars_engine::record::Record;
use regulars_server::identity::compared;
use regulars_server::ui::WhoWords;
use regulars_server::writer::stored_program;
use regulars_store::{Reader, SqliteReader};

use crate::arguments::DataDir;
use crate::ending::{Ending, Wrong};
use crate::store;
use crate::whom::person_by_value;
use crate::words::{self, Print};

/// Two people, each by an identifier or an id.
#[derive(Args)]
pub(crate) struct Two {
    /// An address, a number, a login of the first, or an id such as p123.
    #[arg(value_name = "ONE")]
    one: String,
    /// The same of the other.
    #[arg(value_name = "OTHER")]
    other: String,
}

impl std::fmt::Debug for Two {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Two(***)")
    }
}

/// Somebody's row, with the identifier by which they were named, if it was by one.
pub(super) type Named = (Record, Option<Identifier>);

impl Two {
    /// Both, as they are in the store.
    pub(super) fn read(&self, reader: &SqliteReader) -> anyhow::Result<(Named, Named)> {
        Ok((named(reader, &self.one)?, named(reader, &self.other)?))
    }
}

/// Whoever is named by an id that an answer gave, or by an identifier.
pub(super) fn named(reader: &SqliteReader, text: &str) -> anyhow::Result<Named> {
    let digits = text.strip_prefix('p').filter(|rest| rest.bytes().all(|b| b.is_ascii_digit()));
    if let Some(id) = digits.and_then(|digits| digits.parse().ok()).map(PersonId)
        && let Some((_, record)) = reader.person(id)?
    {
        return Ok((record, None));
    }
    let (record, identifier) = person_by_value(reader, text)?;
    Ok((record, Some(identifier)))
}

/// Why two are one person, or why they are not: the chain of evidence between two identifiers, or
/// what stands against it and what their records say. Works beside a running server.
#[derive(Debug, Args)]
pub(crate) struct Why {
    #[command(flatten)]
    two: Two,
    /// Write the waterfall of what the records say as a picture into this file.
    #[arg(long, value_name = "FILE")]
    svg: Option<PathBuf>,
    /// In which language: en, es, ru.
    #[arg(long, default_value = "en")]
    language: String,
    #[command(flatten)]
    dir: DataDir,
}

impl Why {
    pub(super) fn run(self, print: Print) -> anyhow::Result<Ending> {
        let language = words::language(&self.language)?;
        let reader = store::reader(&self.dir.path)?;
        let (one, other) = self.two.read(&reader)?;
        let program = stored_program(&reader)?;
        let words = WhoWords::new(language, &program);
        let found = compared(&reader, &program.identity, one, other)?;
        if let Some(path) = &self.svg {
            let Some(weights) = &found.weights else {
                let cure = "name two people, or two records that likeness made one";
                return Err(Wrong::failed("what was seen has no waterfall", cure).into());
            };
            std::fs::write(path, words.picture(weights))
                .with_context(|| format!("could not write \"{}\"", path.display()))?;
        }
        print.result(&found.to_json(&words), || found.text(&words).join("\n"))?;
        Ok(Ending::Well)
    }
}
