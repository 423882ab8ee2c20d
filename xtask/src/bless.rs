//! `cargo xtask bless [FILTER]`: what the tests print now becomes what they expect.
//!
//! Scenarios rewrite the expectations inside their own file when `REGULARS_BLESS=1`; insta rewrites
//! its snapshots when `INSTA_UPDATE=always`. Nothing is committed: read every changed line first.

use std::process::Command;
use std::time::Duration;

use anyhow::Result;

use crate::{command, repository};

const LIMIT: Duration = Duration::from_secs(30 * 60); // A cold build on two cores takes up to ten minutes.

pub(crate) fn run(arguments: &[String]) -> Result<bool> {
    let root = repository::root();
    let mut cargo = Command::new("cargo");
    cargo
        .args(["test", "--release", "--workspace", "--all-targets", "--no-fail-fast", "--"])
        .args(arguments)
        .env("REGULARS_BLESS", "1")
        .env("INSTA_UPDATE", "always")
        .current_dir(&root);
    let ended = command::aloud(&mut cargo, LIMIT)?;
    let changed = command::read(&root, "git", &["diff", "--stat"])?;
    println!("\nChanged; read every line before you commit it:\n{changed}");
    Ok(ended.well)
}
