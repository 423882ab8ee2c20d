//! `cargo xtask fuzz condition [--count N] [--seed N]`: made-up texts against the condition language.
//!
//! The share in the tests are the laws of `condition/tests/language.rs`; this is their long form.

use std::process::Command;
use std::time::Duration;

use anyhow::{Result, ensure};

use crate::{command, repository};

const LIMIT: Duration = Duration::from_secs(3 * 3600); // 10,000,000 texts on a busy machine.

pub(crate) fn run(arguments: &[String]) -> Result<bool> {
    let known = arguments.first().is_some_and(|what| what == "condition");
    ensure!(known, "what is to be fuzzed? There is: condition");
    let mut cargo = Command::new("cargo");
    cargo
        .args(["run", "--release", "-p", "regulars-engine", "--example", "fuzz_condition", "--"])
        .args(&arguments[1..])
        .current_dir(repository::root());
    Ok(command::aloud(&mut cargo, LIMIT)?.well)
}
