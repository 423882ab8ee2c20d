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

use arguments::{Arguments, Command};

#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    let arguments = Arguments::parse();
    start_log(&arguments.command);
    let print = words::Print { json: arguments.json };
    ending::tell(commands::run(arguments.command, print))
}

/// Log lines go to stderr; REGULARS_LOG says which, in the way of `info,regulars_server=debug`.
fn start_log(command: &Command) {
    let usual = if matches!(command, Command::Serve(_)) { "info" } else { "warn" };
    let filter = tracing_subscriber::EnvFilter::try_from_env("REGULARS_LOG")
        .unwrap_or_else(|_| tracing_subscriber::EnvFilter::new(usual));
    tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr).init();
}
