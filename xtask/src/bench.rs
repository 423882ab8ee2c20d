//! `cargo xtask bench [ARGUMENTS]`: builds and runs the benchmark program in `bench/`.
//!
//! What it prints goes into `docs/benchmarks.md` with the machine and the commit.

use std::process::Command;
use std::time::Duration;

use anyhow::{Context, Result, ensure};

use crate::{command, repository};

const LIMIT: Duration = Duration::from_secs(4 * 3600); // 20,000,000 events behind 1,000,000 persons.

pub(crate) fn run(arguments: &[String]) -> Result<bool> {
    let root = repository::root();
    let manifest = root.join("bench/Cargo.toml");
    ensure!(
        manifest.is_file(),
        "\"bench/Cargo.toml\" is not there, so there is nothing to measure"
    );
    let commit = command::read(&root, "git", &["rev-parse", "--short", "HEAD"])
        .context("a figure without its commit says nothing; run it in a clone")?;
    println!("commit {}", commit.trim());
    let mut cargo = Command::new("cargo");
    cargo
        .args(["run", "--release", "--manifest-path"])
        .arg(&manifest)
        .arg("--")
        .args(arguments)
        .current_dir(&root);
    Ok(command::aloud(&mut cargo, LIMIT)?.well)
}
