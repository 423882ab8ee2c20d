//! One file per command, or per family of them.

pub(crate) mod check;
pub(crate) mod dry_run;
pub(crate) mod import;
pub(crate) mod keys;
pub(crate) mod serve;

use crate::arguments::Command;
use crate::ending::Ending;
use crate::words::Print;

/// Runs a command.
pub(crate) fn run(command: Command, print: Print) -> anyhow::Result<Ending> {
    match command {
        Command::Serve(serve) => serve.run(print),
        Command::Import(import) => import.run(print),
        Command::Check(check) => check.run(print),
        Command::DryRun(dry_run) => dry_run.run(print),
        Command::Source(source) => source.run(print),
        Command::Key(key) => key.run(print),
        Command::User(user) => user.run(print),
    }
}
