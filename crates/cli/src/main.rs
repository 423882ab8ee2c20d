//! The `regulars` command: data on stdout, talk on stderr.
//!
//! Ends with 0 if all went well, 1 if something failed, 2 if it was called wrongly or what it was
//! given holds mistakes.

mod arguments;
mod commands;
mod definitions;
mod demo;
mod ending;
mod progress;
mod remote;
mod rows;
mod store;
mod whom;
mod words;

use std::process::ExitCode;

use clap::Parser;
use tracing_subscriber::filter::{LevelFilter, Targets};
use tracing_subscriber::layer::SubscriberExt;
use tracing_subscriber::util::SubscriberInitExt;

use arguments::{Arguments, Command};
use ending::Wrong;

#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    let arguments = Arguments::parse();
    if let Err(wrong) = start_log(&arguments.command) {
        return ending::tell(Err(wrong.into()));
    }
    let print = words::Print { json: arguments.json };
    ending::tell(commands::run(arguments.command, print))
}

/// Log lines go to stderr; `REGULARS_LOG` says which, in the way of `info,regulars_server=debug`.
fn start_log(command: &Command) -> Result<(), Wrong> {
    let usual =
        if matches!(command, Command::Serve(_)) { LevelFilter::INFO } else { LevelFilter::WARN };
    let wanted = match std::env::var("REGULARS_LOG") {
        Ok(text) if !text.is_empty() => text.parse().map_err(|_| {
            let cure = "name levels, for all or by module: info,regulars_server=debug";
            Wrong::called("REGULARS_LOG is not understood", cure)
        })?,
        Ok(_) | Err(_) => Targets::new().with_default(usual),
    };
    let lines = tracing_subscriber::fmt::layer().with_writer(std::io::stderr);
    tracing_subscriber::registry().with(lines).with(wanted).init();
    Ok(())
}
