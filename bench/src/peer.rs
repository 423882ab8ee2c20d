//! The peers on the same sets and the same machine: Splink on DuckDB for linking, lifetimes for models of
//! buying. Installed from PyPI into folders of their own below `target/`, and run with the settings of
//! their own tutorials.

use std::ffi::OsStr;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, ensure};
use serde_json::Value;

const SPLINK: &str = include_str!("peer.py");
const LIFETIMES: &str = include_str!("lifetimes.py");

/// What a peer found on a set.
#[derive(Debug)]
pub(crate) struct Found {
    pub(crate) precision: f64,
    pub(crate) recall: f64,
    /// Of its whole process, from the loaded tables on.
    pub(crate) cpu_seconds: f64,
}

/// Runs Splink on a set of this name.
pub(crate) fn splink(set: &str, files: &[PathBuf]) -> Result<Found> {
    let mut arguments = vec![OsStr::new(set)];
    arguments.extend(files.iter().map(|file| file.as_os_str()));
    let packages = ["splink>=5,<6", "duckdb", "pandas", "pyarrow"];
    let told = peer("splink", &packages, SPLINK, &arguments)?;
    // What it tells of its progress stands before.
    let last = told.lines().last().unwrap_or_default();
    let found: Value = serde_json::from_str(last).context("the peer told no figures")?;
    let figure = |name: &str| found[name].as_f64().with_context(|| format!("no \"{name}\""));
    Ok(Found {
        precision: figure("precision")?,
        recall: figure("recall")?,
        cpu_seconds: figure("cpu")?,
    })
}

/// Runs lifetimes on the summaries of the CDNOW sample, and on so many simulated customers.
#[expect(clippy::print_stdout, reason = "a benchmark prints what it measured")]
pub(crate) fn lifetimes(summaries: &Path, customers: u64) -> Result<()> {
    let customers = customers.to_string();
    let arguments = [summaries.as_os_str(), OsStr::new(&customers)];
    print!("{}", peer("lifetimes", &["lifetimes", "pandas"], LIFETIMES, &arguments)?);
    Ok(())
}

/// Runs a script in a folder of its own that has these packages; returns what it wrote.
fn peer(name: &str, packages: &[&str], script: &str, arguments: &[&OsStr]) -> Result<String> {
    let home = Path::new("target/peers").join(name);
    let python = home.join("bin/python");
    if !python.is_file() {
        std::fs::create_dir_all("target/peers").context("could not make \"target/peers\"")?;
        done(Command::new("python3").args(["-m", "venv"]).arg(&home))?;
        done(Command::new(&python).args(["-m", "pip", "install", "--quiet"]).args(packages))?;
    }
    let output = Command::new(&python)
        .arg("-c")
        .arg(script)
        .args(arguments)
        .output()
        .context("could not start python")?;
    ensure!(
        output.status.success(),
        "the peer failed: {}",
        String::from_utf8_lossy(&output.stderr)
    );
    Ok(String::from_utf8_lossy(&output.stdout).into_owned())
}

fn done(command: &mut Command) -> Result<()> {
    let status =
        command.status().with_context(|| format!("could not start {:?}", command.get_program()))?;
    ensure!(status.success(), "{:?} failed", command.get_program());
    Ok(())
}
