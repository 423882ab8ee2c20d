//! `suppression`: lists of addresses that must get nothing.

use std::path::PathBuf;

use clap::{Args, Subcommand, ValueEnum};
use regulars_engine::event::Channel;
use regulars_server::clock;
use regulars_server::segments::Rows;
use regulars_server::suppress::{Because, Suppressing, suppress};
use serde_json::{Value, json};

use crate::arguments::{DataDir, Server};
use crate::ending::{Ending, Wrong};
use crate::rows;
use crate::store;
use crate::words::{self, Print};

/// Addresses that must get nothing.
#[derive(Debug, Subcommand)]
pub(crate) enum Suppression {
    Import(Import),
}

/// Take in a suppression list of another tool: one address a line, or a table whose first column
/// they are.
#[derive(Debug, Args)]
pub(crate) struct Import {
    /// The file; - reads from stdin.
    file: PathBuf,
    /// Why the addresses are on the list.
    #[arg(long, value_enum)]
    because: Cause,
    /// What they are: e-mail addresses, or phones, which can only be unsubscribed.
    #[arg(long, value_enum, default_value = "email")]
    channel: Over,
    /// Only tell what would become of the rows.
    #[arg(long)]
    dry_run: bool,
    #[command(flatten)]
    to: Server,
    #[command(flatten)]
    dir: DataDir,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Cause {
    Bounced,
    Complained,
    Unsubscribed,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Over {
    Email,
    Sms,
}

impl Suppression {
    pub(crate) fn run(self, print: Print) -> anyhow::Result<Ending> {
        let Self::Import(import) = self;
        import.run(print)
    }
}

impl Import {
    fn run(self, print: Print) -> anyhow::Result<Ending> {
        let text = rows::read(&self.file)?;
        let suppressing = self.suppressing();
        if let Some(wrong) = suppressing.wrong() {
            return Err(Wrong::called(wrong, "say --because unsubscribed for phones").into());
        }
        let told = match self.to.remote()? {
            Some(remote) => {
                let body = json!({
                    "rows": text,
                    "because": suppressing.because.word(),
                    "channel": suppressing.channel.word(),
                    "dry_run": self.dry_run,
                });
                remote.ask("POST", "/api/v1/suppressions", &body)?
            }
            None => {
                let mut writer = store::writer(&self.dir.path)?;
                let rows = Rows::read(&text, Some(suppressing.kind()), writer.program());
                suppress(&mut writer, &suppressing, &rows, clock::now())?.to_json()
            }
        };
        print.result(&told, || report(&told))?;
        if self.dry_run {
            eprintln!("nothing was changed");
        }
        Ok(Ending::Well)
    }

    fn suppressing(&self) -> Suppressing {
        Suppressing {
            because: match self.because {
                Cause::Bounced => Because::Bounced,
                Cause::Complained => Because::Complained,
                Cause::Unsubscribed => Because::Unsubscribed,
            },
            channel: match self.channel {
                Over::Email => Channel::Email,
                Over::Sms => Channel::Sms,
            },
            dry_run: self.dry_run,
            by: "the command line".to_owned(),
        }
    }
}

fn report(told: &Value) -> String {
    let count = |key: &str| words::number(told[key].as_u64().unwrap_or(0));
    let lines = [
        ("stopped", "stopped"),
        ("  of them people who are known", "known"),
        ("stopped before", "unchanged"),
        ("erased, left out", "erased"),
        ("repeated rows", "repeated"),
        ("rows not understood", "unreadable"),
    ];
    let mut text: Vec<String> =
        lines.iter().map(|(what, key)| format!("{what:<32}{:>12}", count(key))).collect();
    if let Some(rows) = told["unreadable_rows"].as_array().filter(|rows| !rows.is_empty()) {
        let rows: Vec<String> = rows.iter().map(ToString::to_string).collect();
        text.push(format!("  rows {}", rows.join(", ")));
    }
    text.join("\n")
}
