//! `identity same`, `apart` and `take-back`: what staff say of two people.

use clap::Args;
use regulars_engine::identity::Identifier;
use regulars_engine::record::Record;
use regulars_server::clock;
use regulars_server::staff::{self, Statement};
use regulars_store::{Reader, SqliteReader};
use serde_json::json;

use crate::arguments::DataDir;
use crate::ending::{Ending, Wrong};
use crate::store;
use crate::whom::held_value;
use crate::words::Print;

/// Two people, each by an identifier.
#[derive(Args)]
pub(crate) struct Two {
    /// An address, a number, a login of the first.
    #[arg(value_name = "ONE")]
    one: String,
    /// The same of the other.
    #[arg(value_name = "OTHER")]
    other: String,
    #[command(flatten)]
    dir: DataDir,
}

impl std::fmt::Debug for Two {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Two(***)")
    }
}

impl Two {
    pub(super) fn run(self, statement: Statement, print: Print) -> anyhow::Result<Ending> {
        let two = self;
        let mut writer = store::existing_writer(&two.dir.path)?;
        let reader = writer.reader();
        let (one, other) = (held_value(reader, &two.one)?, held_value(reader, &two.other)?);
        let pairs = staff::pairs(&record(reader, &one)?, &record(reader, &other)?, statement);
        if pairs.is_empty() {
            let (message, cure) = match statement {
                Statement::TakenBack => {
                    ("nothing that staff said of the two stands", "look with \"regulars explain\"")
                }
                Statement::Same | Statement::Apart => {
                    ("the two are one person already", "name two people")
                }
            };
            return Err(Wrong::failed(message, cure).into());
        }
        staff::state(&mut writer, &pairs, statement, "command line", clock::now())?;
        let reader = writer.reader();
        let (one, other) = (record(reader, &one)?.id(), record(reader, &other)?.id());
        let json = json!({
            "one": one.to_string(), "other": other.to_string(), "same_person": one == other,
        });
        print.result(&json, || {
            if one == other {
                format!("they are one person: {one}")
            } else {
                format!("they are two people: {one} and {other}")
            }
        })?;
        Ok(Ending::Well)
    }
}

fn record(reader: &SqliteReader, identifier: &Identifier) -> anyhow::Result<Record> {
    let holder = reader.holder(identifier.key(reader.salt()))?;
    let found = holder.map_or(Ok(None), |id| reader.person(id))?;
    found.map(|(_, record)| record).ok_or_else(|| {
        Wrong::failed("nobody is known by that identifier", "check the value").into()
    })
}
